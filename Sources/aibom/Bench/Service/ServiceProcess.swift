import Glibc
import Isolation
import Linux
import Synchronization

/// A program of ours, started from beside this one, until it is told to end.
final class ServiceProcess: Sendable {
    /// Milliseconds that it may take to end: longer than the patience with requests under way.
    private static let patience: Int32 = 30_000

    let pid: Int32
    private let name: String
    private let child: Mutex<Child?>

    init(_ name: String, _ arguments: String...) throws(LinuxError) {
        // What it prints goes where ours goes; it has no use for the two descriptors.
        let nothing = try OwnedDescriptor.open("/dev/null", flags: O_RDONLY)
        let started = try Child.spawn(
            try OwnProcess.neighbour(name), arguments: [name] + arguments, third: nothing, fourth: nothing)
        pid = started.pid
        self.name = name
        child = Mutex(started)
    }

    /// Asks it to end, and waits until it has; one that does not is killed.
    func end() {
        child.withLock { child in
            guard let running = child.take() else { return }
            try? running.signal(SIGTERM)
            var ended = pollfd(fd: running.pidfd, events: Int16(POLLIN), revents: 0)
            guard poll(&ended, 1, Self.patience) == 1 else {
                return Console.say("\(name) did not end when it was asked to, and is killed")
            }
            _ = try? running.wait()
        }
    }
}

/// A port that nobody has, for a moment at least.
enum FreePort {
    static func onLoopback() throws(CommandError) -> UInt16 {
        let socket = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(socket) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = in_addr_t(INADDR_LOOPBACK).bigEndian
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isBound = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(socket, $0, size) == 0 && getsockname(socket, $0, &size) == 0
            }
        }
        guard isBound else { throw .local("no port of loopback is free", remedy: "end what holds them all") }
        return UInt16(bigEndian: address.sin_port)
    }
}
