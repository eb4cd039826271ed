import Glibc
import Linux
import Sandbox

/// What the disk alone allows: a block written into a file that has it already, and synced, one after the other.
enum SyncFloor {
    static func measure(in folder: String, count: Int = 300) throws -> Figures {
        let path = "\(folder)/floor"
        let file = try OwnedDescriptor.open(path, flags: O_RDWR | O_CREAT | O_EXCL, mode: 0o600)
        defer { unlink(path) }
        let block = [UInt8](repeating: 7, count: 4096)
        try file.write(block)
        try file.synchronise()
        var figures = Figures("fdatasync")
        for _ in 0..<count {
            let start = Clock.nanoseconds()
            try file.seek(to: 0)
            try file.write(block)
            guard fdatasync(file.raw) == 0 else {
                throw CommandError.local("fdatasync: \(String(cString: strerror(errno)))", remedy: "look at the disk")
            }
            figures.add(microseconds: Double(Clock.nanoseconds() - start) / 1000)
        }
        return figures
    }
}
