/// Where an archive's directory is, from the records at its end (APPNOTE.TXT, sections 4.3.14 to 4.3.16).
struct ZipEnd: Equatable {
    /// What is wrong with an archive as a whole.
    enum Fault: Error, Equatable {
        case noEnd, behindEnd, disks, zip64, place
    }

    static let size = 22
    static let longestComment = 0xffff
    private static let locatorSize = 20
    private static let size64 = 56
    /// All that can stand behind the directory.
    static let longest = size + longestComment + locatorSize + size64

    let entries: UInt64
    let directorySize: UInt64
    let directoryOffset: UInt64

    /// - Parameters:
    ///   - tail: the last bytes of the archive.
    ///   - offset: where in the archive they begin.
    /// - Throws: when the records contradict themselves, or leave a choice of where the directory is.
    init(tail: [UInt8], offset: UInt64) throws(Fault) {
        let fields = ZipFields(tail[...])
        guard let place = ZipEnd.find(fields) else { throw .noEnd }
        guard let disk = fields.short(place + 4), let firstDisk = fields.short(place + 6),
            let here = fields.short(place + 8), let all = fields.short(place + 10),
            let size = fields.word(place + 12), let start = fields.word(place + 16),
            let comment = fields.short(place + 20)
        else { throw .noEnd }
        guard place + ZipEnd.size + Int(comment) == tail.count else { throw .behindEnd }
        let end64 = try ZipEnd.end64(fields, before: place, offset: offset)
        guard disk == 0 || disk == .max && end64 != nil, firstDisk == 0 || firstDisk == .max && end64 != nil,
            here == all
        else { throw .disks }
        if let end64 {
            guard all == .max || UInt64(all) == end64.entries, size == .max || UInt64(size) == end64.directorySize,
                start == .max || UInt64(start) == end64.directoryOffset
            else { throw .zip64 }
            self = end64
        } else {
            guard all != .max, size != .max, start != .max else { throw .zip64 }
            (entries, directorySize, directoryOffset) = (UInt64(all), UInt64(size), UInt64(start))
        }
        let behind = offset + UInt64(place - (end64 == nil ? 0 : ZipEnd.locatorSize + ZipEnd.size64))
        let (sum, overflow) = directoryOffset.addingReportingOverflow(directorySize)
        guard !overflow, sum == behind else { throw .place }
    }

    private init(entries: UInt64, directorySize: UInt64, directoryOffset: UInt64) {
        self.entries = entries
        self.directorySize = directorySize
        self.directoryOffset = directoryOffset
    }

    /// The last record that looks like one: readers agree on that one.
    private static func find(_ fields: ZipFields) -> Int? {
        let last = fields.bytes.count - size
        guard last >= 0 else { return nil }
        return (max(0, last - longestComment)...last).reversed().first { fields.has(ZipSignature.end, at: $0) }
    }

    private static func end64(_ fields: ZipFields, before place: Int, offset: UInt64) throws(Fault) -> ZipEnd? {
        let locator = place - locatorSize
        guard fields.has(ZipSignature.locator64, at: locator) else { return nil }
        let record = locator - size64
        guard fields.has(ZipSignature.end64, at: record), fields.long(record + 4) == UInt64(size64 - 12),
            fields.long(locator + 8) == offset + UInt64(record),
            let entries = fields.long(record + 32), let size = fields.long(record + 40),
            let start = fields.long(record + 48)
        else { throw .zip64 }
        guard fields.word(locator + 4) == 0, fields.word(locator + 16) == 1, fields.word(record + 16) == 0,
            fields.word(record + 20) == 0, fields.long(record + 24) == entries
        else { throw .disks }
        return ZipEnd(entries: entries, directorySize: size, directoryOffset: start)
    }
}
