internal import JSON
package import Jobs
internal import Measure

/// Checks a zip archive by its directory, without unpacking a byte.
///
/// Keeps the end of the archive, at most as much as a directory may have. A directory can lie about what it lists; what
/// unpacks the archive, in a job, holds each entry to what is declared here.
package struct ZipDirectoryCheck: InputCheck {
    private let field: String
    private let contents: ArchiveContents
    private let limits: ArchiveLimits
    private var magic: MagicCheck
    private var tail: Tail

    /// - Parameters:
    ///   - contents: what the archive is.
    ///   - field: what errors call it.
    ///   - limits: the contents' own when left out.
    package init(_ contents: ArchiveContents, field: String, limits: ArchiveLimits? = nil) {
        let limits = limits ?? (contents == .dataset ? .dataset : .model)
        self.field = field
        self.contents = contents
        self.limits = limits
        magic = MagicCheck(contents == .dataset ? .zip : .keras, field: field)
        tail = Tail(limit: limits.directoryBytes + ZipEnd.longest)
    }

    package mutating func take(_ piece: RawSpan) throws(Violation) {
        try magic.take(piece)
        piece.withUnsafeBytes { tail.append($0) }
    }

    package mutating func finish() throws(Violation) {
        try magic.finish()
        let (offset, bytes) = tail.finish()
        let end: ZipEnd
        do throws(ZipEnd.Fault) { end = try ZipEnd(tail: bytes, offset: offset) } catch { throw damaged(error) }
        guard end.entries <= UInt64(limits.entries), end.directorySize <= UInt64(limits.directoryBytes) else {
            throw Violation(
                field, "the archive lists \(end.entries) entries in \(end.directorySize) bytes",
                limit: [
                    "entries": .integer(Int64(limits.entries)), "bytes": .integer(Int64(limits.directoryBytes)),
                ],
                remedy: contents.remedy)
        }
        guard end.entries > 0 else { throw Violation(field, "the archive is empty", remedy: contents.remedy) }
        // The tail has room for every directory that is small enough, so this one is in it.
        let first = Int(end.directoryOffset - offset)
        try check(ZipFields(bytes[first..<(first + Int(end.directorySize))]), end)
    }

    private func check(_ directory: ZipFields, _ end: ZipEnd) throws(Violation) {
        var names = EntryNames(field: field, limits: limits, remedy: contents.remedy)
        var extents: [(start: UInt64, end: UInt64)] = []
        var total: UInt64 = 0
        var place = 0
        while place < directory.bytes.count {
            guard let entry = ZipEntry(directory, at: place), let last = entry.end else {
                throw damaged("the directory can't be read behind entry \(extents.count)")
            }
            let name = try names.add(entry)
            try check(entry, quoted(name))
            try contents.check(entry, named: name, field: field)
            // Each is held to its own limit before: no sum of so few can overflow.
            total += entry.unpacked
            guard total <= limits.totalBytes else { throw tooLarge("the archive unpacks to", limits.totalBytes) }
            extents.append((entry.offset, last))
            place += entry.size
        }
        guard UInt64(extents.count) == end.entries else {
            throw damaged("the directory has \(extents.count) entries, its end says \(end.entries)")
        }
        try check(&extents, upTo: end.directoryOffset)
        try contents.check(all: names.files, field: field)
    }

    private func check(_ entry: ZipEntry, _ name: String) throws(Violation) {
        func fault(_ reason: String) -> Violation {
            Violation(field, "entry \(name): \(reason)", remedy: contents.remedy)
        }
        let kinds: [UInt32] = entry.isFolder ? [0, 0o040000] : [0, 0o100000]
        guard kinds.contains(entry.fileKind), !entry.isEncrypted else {
            throw fault("the entry is a link, a device or encrypted")
        }
        guard entry.method == 0 || entry.method == 8 else {
            throw fault("the entry is packed by method \(entry.method); stored and deflated ones are read")
        }
        guard entry.disk == 0 else { throw fault("the entry is on another disk") }
        guard entry.method != 0 || entry.packed == entry.unpacked, !entry.isFolder || entry.unpacked == 0 else {
            throw fault("the entry's sizes contradict each other")
        }
        guard entry.unpacked <= limits.entryBytes else {
            throw tooLarge("entry \(name): unpacks to", limits.entryBytes)
        }
        let (most, overflow) = entry.packed.multipliedReportingOverflow(by: limits.ratio)
        guard entry.unpacked <= limits.ratioFloor || overflow || entry.unpacked <= most else {
            throw Violation(
                field, "entry \(name): \(entry.packed) bytes unpack to \(entry.unpacked)",
                limit: .integer(Int64(limits.ratio)), remedy: contents.remedy)
        }
    }

    /// Every byte before the directory belongs to one entry. A gap has room for what local headers may add.
    private func check(_ extents: inout [(start: UInt64, end: UInt64)], upTo directory: UInt64) throws(Violation) {
        let mostBetween: UInt64 = 0xffff + 24
        extents.sort { $0.start < $1.start }
        guard extents.first?.start == 0 else { throw damaged("something stands before the first entry") }
        for (index, extent) in extents.enumerated() {
            let next = index + 1 < extents.count ? extents[index + 1].start : directory
            guard extent.end <= next else { throw damaged("entries overlap each other or the directory") }
            guard next - extent.end <= mostBetween else { throw damaged("something is hidden between entries") }
        }
    }

    private func tooLarge(_ what: String, _ limit: UInt64) -> Violation {
        Violation(
            field, "\(what) more than \(limit) bytes", limit: .integer(Int64(clamping: limit)),
            remedy: contents == .kerasModel ? "submit a smaller model" : "submit fewer or smaller files")
    }

    private func damaged(_ fault: ZipEnd.Fault) -> Violation {
        switch fault {
        case .noEnd:
            Violation(
                field, "the archive has no directory at its end; the upload was cut off", remedy: "upload it again")
        case .behindEnd: damaged("something stands behind its end")
        case .disks: damaged("it is one of several disks")
        case .zip64: damaged("its zip64 records contradict each other")
        case .place: damaged("its directory is not where its end says: something stands before or behind it")
        }
    }

    private func damaged(_ reason: String) -> Violation {
        Violation(field, "the archive can't be read: \(reason)", remedy: "upload it again, or \(contents.remedy)")
    }
}
