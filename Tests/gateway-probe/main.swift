import Gateway
import Glibc
import Linux

/// Usage: gateway-probe SOCKET SECRET FOLDER OTHER-SOCKET PORT VICTIM-PID
///
/// Tries every attempt as root of the host, enters the confinement, tries them again, and prints a line for each: its name, and what
/// the kernel answered before and after (0, or an errno).
let arguments = CommandLine.arguments
guard arguments.count == 7, let port = UInt16(arguments[5]), let victim = Int32(arguments[6]) else { exit(2) }
let setting = Setting(
    socket: arguments[1], secret: arguments[2], folder: arguments[3], otherSocket: arguments[4], port: port,
    victim: victim)

let attempts = Attempt.all(setting)
let before = attempts.map { $0.run() }
let inside: String
do {
    inside = try GatewayConfinement(as: 65532).enter(supervisor: setting.socket, keeping: [])
} catch {
    print("enter failed: \(error)")
    exit(1)
}
for (attempt, first) in zip(attempts, before) { print("\(attempt.name) \(first) \(attempt.run())") }
print("supervisor \(connectTo(inside))")
for line in OwnStatus.lines() { print("status \(line)") }
print("processes \(OwnStatus.processes())")
