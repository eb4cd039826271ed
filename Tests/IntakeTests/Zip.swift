/// Writes zip archives, right or wrong in one place.
struct Zip {
    struct Entry {
        var name: [UInt8]
        var content: [UInt8] = []
        var flags: UInt16 = 0x800
        var method: UInt16 = 0
        var attributes: UInt32 = 0o100644 << 16
        var extra: [UInt8] = []
        var localExtra: [UInt8] = []
        var disk: UInt16 = 0
        /// What the directory says instead of the truth.
        var packed: UInt32?
        var unpacked: UInt32?
        var offset: UInt32?

        init(_ name: String, _ content: String = "x", _ set: (inout Entry) -> Void = { _ in }) {
            self.name = Array(name.utf8)
            self.content = Array(content.utf8)
            set(&self)
        }
    }

    var entries: [Entry]
    var before: [UInt8] = []
    var between: [UInt8] = []
    var comment: [UInt8] = []
    var behind: [UInt8] = []
    var disk: UInt16 = 0
    var count: UInt16?
    /// Adds zip64 records; the short fields stay as they are unless told otherwise.
    var isLong = false
    var hidesShort = false
    var longCount: UInt64?
    var longOffset: UInt64?

    init(_ entries: [Entry], _ set: (inout Zip) -> Void = { _ in }) {
        self.entries = entries
        set(&self)
    }

    var bytes: [UInt8] {
        var all = before
        var directory: [UInt8] = []
        for entry in entries {
            directory += record(entry, at: UInt32(all.count))
            all += short(0x4b50, 0x0403, 20, entry.flags, entry.method, 0, 0) + word(0) + sizes(entry)
            all +=
                short(UInt16(entry.name.count), UInt16(entry.localExtra.count)) + entry.name + entry.localExtra
                + entry.content + between
        }
        let start = all.count
        all += directory
        if isLong { all += long(start: start, size: directory.count, at: all.count) }
        let number = hidesShort ? .max : count ?? UInt16(entries.count)
        all += short(0x4b50, 0x0605, disk, disk, number, number) + word(hidesShort ? .max : UInt32(directory.count))
        return all + word(hidesShort ? .max : UInt32(start)) + short(UInt16(comment.count)) + comment + behind
    }

    private func record(_ entry: Entry, at offset: UInt32) -> [UInt8] {
        short(0x4b50, 0x0201, 0x0314, 20, entry.flags, entry.method, 0, 0) + word(0)
            + word(entry.packed ?? UInt32(entry.content.count)) + word(entry.unpacked ?? UInt32(entry.content.count))
            + short(UInt16(entry.name.count), UInt16(entry.extra.count), 0, entry.disk, 0) + word(entry.attributes)
            + word(entry.offset ?? offset) + entry.name + entry.extra
    }

    private func sizes(_ entry: Entry) -> [UInt8] {
        word(UInt32(entry.content.count)) + word(UInt32(entry.content.count))
    }

    private func long(start: Int, size: Int, at place: Int) -> [UInt8] {
        let number = longCount ?? UInt64(entries.count)
        return word(0x0606_4b50) + wide(44) + short(45, 45) + word(0) + word(0) + wide(number) + wide(number)
            + wide(UInt64(size))
            + wide(longOffset ?? UInt64(start)) + word(0x0706_4b50) + word(0) + wide(UInt64(place)) + word(1)
    }
}

func short(_ numbers: UInt16...) -> [UInt8] { numbers.flatMap { [UInt8($0 & 0xff), UInt8($0 >> 8)] } }
func word(_ number: UInt32) -> [UInt8] { (0..<4).map { UInt8(truncatingIfNeeded: number >> (8 * $0)) } }
func wide(_ number: UInt64) -> [UInt8] { (0..<8).map { UInt8(truncatingIfNeeded: number >> (8 * $0)) } }
