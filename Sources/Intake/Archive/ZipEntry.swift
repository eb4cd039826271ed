/// One entry as the central directory has it (APPNOTE.TXT, section 4.3.12).
struct ZipEntry {
    private static let fixedSize = 46
    private static let localSize: UInt64 = 30

    let name: ArraySlice<UInt8>
    let flags: UInt16
    let method: UInt16
    let packed: UInt64
    let unpacked: UInt64
    /// Where its local header is.
    let offset: UInt64
    let disk: UInt32
    let attributes: UInt32
    let extra: ArraySlice<UInt8>
    /// Of this record.
    let size: Int

    /// The record that begins at `place` of the directory; nil when there is none, or its zip64 numbers contradict it.
    init?(_ fields: ZipFields, at place: Int) {
        guard fields.has(ZipSignature.entry, at: place), let flags = fields.short(place + 8),
            let method = fields.short(place + 10), let packed = fields.word(place + 20),
            let unpacked = fields.word(place + 24), let nameSize = fields.short(place + 28),
            let extraSize = fields.short(place + 30), let commentSize = fields.short(place + 32),
            let disk = fields.short(place + 34), let attributes = fields.word(place + 38),
            let offset = fields.word(place + 42),
            let name = fields.slice(place + ZipEntry.fixedSize, Int(nameSize)),
            let extra = fields.slice(place + ZipEntry.fixedSize + Int(nameSize), Int(extraSize)),
            fields.slice(place + ZipEntry.fixedSize + Int(nameSize) + Int(extraSize), Int(commentSize)) != nil,
            var long = ZipEntry.long(in: extra)
        else { return nil }
        // In this order, and only what its short field has no room for.
        guard let unpacked = long.take(unpacked), let packed = long.take(packed), let offset = long.take(offset),
            let disk = long.take(disk), long.isUsedUp
        else { return nil }
        (self.name, self.flags, self.method, self.extra) = (name, flags, method, extra)
        (self.packed, self.unpacked, self.offset, self.disk) = (packed, unpacked, offset, disk)
        self.attributes = attributes
        size = ZipEntry.fixedSize + Int(nameSize) + Int(extraSize) + Int(commentSize)
    }

    /// Where its data can't end before: the local header's extra field may be longer than none.
    var end: UInt64? {
        let (head, first) = offset.addingReportingOverflow(ZipEntry.localSize + UInt64(name.count))
        let (end, second) = head.addingReportingOverflow(packed)
        return first || second ? nil : end
    }

    var isEncrypted: Bool { flags & (1 << 0 | 1 << 6 | 1 << 13) != 0 }

    /// Unix's kind of file; 0 when whoever made the archive knew none.
    var fileKind: UInt32 { attributes >> 16 & 0o170000 }

    var isFolder: Bool { name.last == UInt8(ascii: "/") }

    /// The name in Info-ZIP's field for UTF-8, which some readers take instead of the entry's.
    var otherName: ArraySlice<UInt8>? {
        ZipEntry.field(0x7075, in: extra).map { $0.dropFirst(5) }
    }

    private static func field(_ id: UInt16, in extra: ArraySlice<UInt8>) -> ArraySlice<UInt8>? {
        ZipEntry.fields(in: extra)?.first { $0.id == id }?.data
    }

    /// The extra fields; nil when they reach over their end. Fewer bytes than a field has are padding.
    private static func fields(in extra: ArraySlice<UInt8>) -> [(id: UInt16, data: ArraySlice<UInt8>)]? {
        let fields = ZipFields(extra)
        var found: [(id: UInt16, data: ArraySlice<UInt8>)] = []
        var place = 0
        while let id = fields.short(place), let size = fields.short(place + 2) {
            guard let data = fields.slice(place + 4, Int(size)) else { return nil }
            found.append((id, data))
            place += 4 + Int(size)
        }
        return found
    }

    private static func long(in extra: ArraySlice<UInt8>) -> LongNumbers? {
        guard let all = fields(in: extra)?.filter({ $0.id == 0x0001 }), all.count <= 1 else { return nil }
        return LongNumbers(fields: all.first.map { ZipFields($0.data) })
    }
}

/// The zip64 extra field, read from its beginning.
private struct LongNumbers {
    let fields: ZipFields?
    private var place = 0

    init(fields: ZipFields?) { self.fields = fields }

    var isUsedUp: Bool { place == fields?.bytes.count ?? 0 }

    mutating func take(_ short: UInt32) -> UInt64? {
        guard short == .max else { return UInt64(short) }
        defer { place += 8 }
        return fields?.long(place)
    }

    mutating func take(_ short: UInt16) -> UInt32? {
        guard short == .max else { return UInt32(short) }
        defer { place += 4 }
        return fields?.word(place)
    }
}
