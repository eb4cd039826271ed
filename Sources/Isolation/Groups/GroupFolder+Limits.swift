internal import CLinux
internal import Linux
internal import SystemPackage

extension GroupFolder {
    /// Writes a limit and reads it back; `expected` is what the kernel makes of it, when that is something else.
    func set(_ value: String, in file: String, readsAs expected: String? = nil) throws(LinuxError) {
        try write(value, to: file)
        try verify(file, reads: expected ?? value)
    }

    /// Throws `LinuxError` with EIO when the file says something else.
    func verify(_ file: String, reads expected: String) throws(LinuxError) {
        let found = try read(file)
        guard found == expected else {
            let said = found.map { Display.name(Array($0.utf8)) } ?? "nothing"
            throw LinuxError(
                stage: "check limit: \(expected) was set, \(said) is read from", errno: .ioError,
                path: "\(path)/\(file)")
        }
    }
}

/// The share of contended I/O: whichever file the kernel's I/O schedulers have.
///
/// `io.weight` belongs to blk-iocost and holds for devices that have it switched on (`io.cost.qos`); the others to BFQ.
enum IOWeight {
    private static let files: [GroupHierarchy.Version: [String]] = [
        .v2: ["io.weight", "io.bfq.weight"], .v1: ["blkio.bfq.weight", "blkio.weight"],
    ]

    /// Whether a disk of this host is scheduled by the weights of v1: BFQ, proc(5) of block devices says which one is chosen.
    static var isWorthAGroup: Bool {
        guard let disks = try? OwnedDescriptor.open("/sys/block", flags: O_RDONLY | O_DIRECTORY),
            let names = try? disks.names(limit: 4096)
        else { return false }
        return names.contains { name in
            let path = "/sys/block/\(String(decoding: name, as: UTF8.self))/queue/scheduler"
            let text = try? OwnedDescriptor.open(path, flags: O_RDONLY).readAll(limit: 4096)
            return String(decoding: text ?? [], as: UTF8.self).contains("[bfq]")
        }
    }

    /// nil when the kernel has none.
    static func file(in folder: GroupFolder) throws(LinuxError) -> String? {
        for file in files[folder.hierarchy.version] ?? [] where try folder.read(file) != nil { return file }
        return nil
    }

    /// What a weight is worth here, for an operator.
    static func remark(in folder: GroupFolder) throws(LinuxError) -> String {
        switch try file(in: folder) {
        case nil: "no weight: the kernel has neither blk-iocost nor BFQ"
        case "io.weight": "a weight holds for disks with blk-iocost switched on"
        default: "a weight holds for disks with the scheduler BFQ"
        }
    }

    /// Sets the weight, 1...10000, of which 100 is the default.
    static func set(_ weight: UInt64, in folder: GroupFolder) throws(LinuxError) {
        guard let file = try file(in: folder) else { return }
        switch file {
        case "io.weight": try folder.write("default \(weight)", to: file)
        case "blkio.weight": try folder.write(String(min(max(weight * 5, 10), 1000)), to: file)
        default: try folder.write(String(bfq(weight)), to: file)
        }
    }

    /// BFQ takes 1...1000 with the same default: above it the scale is bent, as systemd does it.
    static func bfq(_ weight: UInt64) -> UInt64 { weight <= 100 ? weight : 100 + (weight - 100) * 900 / 9900 }
}
