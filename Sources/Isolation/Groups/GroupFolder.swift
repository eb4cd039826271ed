internal import CLinux
internal import Linux
internal import SystemPackage

/// An open folder that several may use; closed with the last of them.
final class HeldFolder: Sendable {
    let descriptor: OwnedDescriptor
    /// For the text of errors.
    let path: String

    init(_ descriptor: consuming OwnedDescriptor, path: String) {
        self.descriptor = descriptor
        self.path = path
    }

    /// Opens the folder at `path`, above the descriptors that a tape assigns.
    convenience init(_ path: String) throws(LinuxError) {
        let folder = try OwnedDescriptor.open(path, flags: O_RDONLY | O_DIRECTORY, stage: "open control group")
        self.init(try folder.raised(), path: path)
    }
}

/// A group's folder in one hierarchy, named from the open folder above it.
struct GroupFolder: Sendable {
    let hierarchy: GroupHierarchy
    let above: HeldFolder
    let name: String

    var path: String { "\(above.path)/\(name)" }

    func make() throws(LinuxError) { try above.descriptor.makeFolder(Array(name.utf8)) }

    /// Opens the folder itself, above the descriptors that a tape assigns.
    func open() throws(LinuxError) -> HeldFolder {
        let folder = try OwnedDescriptor.open(
            Array(name.utf8), in: above.descriptor, flags: O_RDONLY | O_DIRECTORY | O_NOFOLLOW,
            stage: "open control group")
        return HeldFolder(try folder.raised(), path: path)
    }

    /// Opens one of the kernel's files in it.
    func open(_ file: String, flags: Int32) throws(LinuxError) -> OwnedDescriptor {
        try OwnedDescriptor.open(
            Array("\(name)/\(file)".utf8), in: above.descriptor, flags: flags, stage: "open control group file")
    }

    /// Writes `value` in one call, as the kernel's files want it.
    ///
    /// - Throws: `LinuxError` with the file's path.
    func write(_ value: String, to file: String) throws(LinuxError) {
        let open = try open(file, flags: O_WRONLY)
        do throws(LinuxError) {
            try open.write(Array(value.utf8))
        } catch {
            throw LinuxError(stage: "write \(value) to", errno: error.errno, path: "\(path)/\(file)")
        }
    }

    /// Writes `value` where this kernel has the file.
    ///
    /// - Returns: false when it has not.
    func writeIfThere(_ value: String, to file: String) throws(LinuxError) -> Bool {
        do {
            try write(value, to: file)
            return true
        } catch  where error.errno == .noSuchFileOrDirectory {
            return false
        }
    }

    /// A file's text without the last newline; nil where this kernel does not have it.
    func read(_ file: String) throws(LinuxError) -> String? {
        do {
            let bytes = try open(file, flags: O_RDONLY).readAll(limit: 1 << 20)
            let text = bytes.last == UInt8(ascii: "\n") ? bytes.dropLast() : bytes[...]
            return String(decoding: text, as: UTF8.self)
        } catch  where error.errno == .noSuchFileOrDirectory {
            return nil
        }
    }

    /// The one number in a file.
    func number(_ file: String) throws(LinuxError) -> Int64? { try read(file).flatMap { Int64($0) } }

    /// A file of lines `key number`, such as `cpu.stat` and `memory.events`; empty where this kernel does not have it.
    func table(_ file: String) throws(LinuxError) -> [String: Int64] {
        var table: [String: Int64] = [:]
        for line in try (read(file) ?? "").split(separator: "\n") {
            let words = line.split(separator: " ")
            if words.count == 2, let value = Int64(words[1]) { table[String(words[0])] = value }
        }
        return table
    }
}
