internal import Foundation
internal import Linux
internal import Synchronization

/// Tells the service manager how this service is, if there is one: sd_notify(3), by hand.
///
/// The protocol is one datagram of `NAME=VALUE` lines to the socket that `NOTIFY_SOCKET` names.
package final class Notifier: Sendable {
    /// What the manager expects of a watched service: a sign of life at least this often; nil when it watches nothing.
    package let watchdog: Duration?
    private let address: UnixAddress?
    /// Connected: it goes on to reach the manager from a process that has given up its view of the file system.
    private let socket: OwnedDescriptor?

    /// Reads the variables of the manager and takes them out of the environment: a child that saw them would speak for us.
    ///
    /// Call it before there is a second thread: the environment has no lock that C code heeds.
    package convenience init() {
        let environment = ProcessInfo.processInfo.environment
        for name in ["NOTIFY_SOCKET", "WATCHDOG_USEC", "WATCHDOG_PID"] { unsetenv(name) }
        self.init(environment, pid: OwnProcess.pid)
    }

    /// - Parameters:
    ///   - environment: the process's variables.
    ///   - pid: the process's own.
    package init(_ environment: [String: String], pid: Int32) {
        // A path, or a name that no folder has; anything else (vsock:…) is for other kinds of system.
        let name = environment["NOTIFY_SOCKET"].flatMap { $0.hasPrefix("/") || $0.hasPrefix("@") ? $0 : nil }
        address = name.flatMap { try? UnixAddress($0) }
        let connection = Self.connected(to: address)
        descriptor = connection
        socket = connection.map(OwnedDescriptor.init(owning:))
        let isOurs = environment["WATCHDOG_PID"].map { $0 == String(pid) } ?? true
        let microseconds = environment["WATCHDOG_USEC"].flatMap(Int64.init) ?? 0
        watchdog = address != nil && isOurs && microseconds > 0 ? .microseconds(microseconds) : nil
    }

    /// The number of a socket that leads to `address`, whose owner is the caller.
    private static func connected(to address: UnixAddress?) -> Int32? {
        guard let address else { return nil }
        do throws(LinuxError) { return try OwnedDescriptor.datagramSocket(to: address).release() } catch { return nil }
    }

    /// The descriptor that a process which closes all others has to keep, above those that a tape assigns; nil without a manager.
    package let descriptor: Int32?

    /// It serves from now on.
    package func ready(_ status: String) { send(["READY=1", "STATUS=\(Self.line(status))"]) }

    package func status(_ status: String) { send(["STATUS=\(Self.line(status))"]) }

    /// It has begun to stop, and will need this long at the most.
    package func stopping(_ status: String, within limit: Duration) {
        send(["STOPPING=1", "STATUS=\(Self.line(status))", "EXTEND_TIMEOUT_USEC=\(limit.microseconds)"])
    }

    package func isAlive() { send(["WATCHDOG=1"]) }

    /// A message that the manager can't take now is one that it does not get: waiting for it could stop the service.
    private func send(_ lines: [String]) {
        guard let address else { return }
        let message = Array(lines.joined(separator: "\n").utf8)
        do throws(LinuxError) { try socket?.write(message) } catch {
            // A manager that was restarted is another one, at the same address.
            try? OwnedDescriptor.datagramSocket().send(message, to: address)
        }
    }

    /// A status is one line: a newline in it would begin another assignment.
    private static func line(_ text: String) -> String {
        String(Display.text(Array(text.utf8)).map { $0.isNewline ? " " : $0 })
    }
}

extension Duration {
    var microseconds: Int64 { components.seconds * 1_000_000 + components.attoseconds / 1_000_000_000_000 }
    package var seconds: Double { Double(components.seconds) + Double(components.attoseconds) / 1e18 }
}
