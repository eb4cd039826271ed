internal import Linux
internal import SystemPackage

/// Where entries are durable first: files of records, each file written from its start to its end and never again.
///
/// A file is filled with zeros before it is used. A record then changes bytes and no inode, so that fdatasync(2) writes the record and
/// does not wait for the file system's own journal: one trip to the disk for a group of entries, however many files they go to later.
struct Journal: ~Copyable {
    private let folder: OwnedDescriptor
    private let fileSize: Int
    private var file: OwnedDescriptor
    private var position = 0
    /// The first entry of each file, the newest last.
    private(set) var files: [UInt64]
    /// Whether a file filled with zeros is there to go on in.
    private(set) var hasSpare = false

    private static let spare = "next"
    /// A spare that is not filled yet.
    private static let filling = "filling"

    /// Begins a file for the entries from `first` on; files that were there stay until they are dropped.
    init(in folder: consuming OwnedDescriptor, from first: UInt64, after older: [UInt64], fileSize: Int)
        throws(LogError)
    {
        self.fileSize = fileSize
        files = older.filter { $0 != first } + [first]
        try Self.fill(Self.spare, in: folder, size: fileSize)
        file = try Self.begin(first, in: folder)
        self.folder = folder
    }

    /// What the entries of one group may take together, with their lengths.
    var limit: Int { fileSize - 2 * JournalRecord.block }

    /// Writes a record; it is on the disk when this returns.
    mutating func append(_ record: JournalRecord) throws(LogError) {
        let bytes = record.bytes
        if position + bytes.count > fileSize { try goOn(from: record.first) }
        if LogCrashPoint.journalHalfWritten.isNow {
            try system { () throws(LinuxError) in
                try file.write(Array(bytes[..<(bytes.count / 2 / 512 * 512)]), at: UInt64(position))
            }
            LogCrashPoint.die()
        }
        try system { () throws(LinuxError) in try file.write(bytes, at: UInt64(position)) }
        LogCrashPoint.journalWritten.reached()
        try system { () throws(LinuxError) in try file.synchroniseData() }
        LogCrashPoint.journalDurable.reached()
        position += bytes.count
    }

    private mutating func goOn(from first: UInt64) throws(LogError) {
        if !hasSpare { try Self.fill(Self.spare, in: folder, size: fileSize) }
        hasSpare = false
        file = try Self.begin(first, in: folder)
        position = 0
        files.append(first)
    }

    /// Removes the files all of whose entries are below `size`; they are published.
    mutating func drop(below size: UInt64) throws(LogError) {
        while files.count > 1, files[1] <= size {
            let name = Self.name(files[0])
            try system { () throws(LinuxError) in try folder.remove(name) }
            files.removeFirst()
            LogCrashPoint.journalCut.reached()
        }
    }

    borrowing func duplicateFolder() throws(LogError) -> OwnedDescriptor {
        try system { () throws(LinuxError) in try folder.duplicate() }
    }

    /// Fills a spare ahead of time, without keeping anybody from the journal; `takeSpare` then makes it the journal's.
    static func fillSpare(in folder: borrowing OwnedDescriptor, size: Int) throws(LogError) {
        try fill(filling, in: folder, size: size)
    }

    /// Takes over what `fillSpare` made, unless the journal has made one for itself meanwhile.
    mutating func takeSpare() throws(LogError) {
        if hasSpare { return }
        try system { () throws(LinuxError) in try folder.rename(Self.filling, to: Self.spare) }
        hasSpare = true
    }

    /// Makes a file of zeros. Not under a number yet: under a number it is a promise that older files are complete.
    private static func fill(_ name: String, in folder: borrowing OwnedDescriptor, size: Int) throws(LogError) {
        try system { () throws(LinuxError) in
            try folder.remove(name)
            let file = try folder.open(beneath: name, flags: LogFlags.makeNew, mode: 0o600)
            let zeros = [UInt8](repeating: 0, count: min(size, 1 << 20))
            var position = 0
            while position < size {
                try file.write(Array(zeros[..<min(zeros.count, size - position)]), at: UInt64(position))
                position += zeros.count
            }
            try file.synchronise()
        }
    }

    private static func begin(_ first: UInt64, in folder: borrowing OwnedDescriptor) throws(LogError) -> OwnedDescriptor
    {
        let file = try system { () throws(LinuxError) in
            try folder.rename(spare, to: name(first))
            try folder.synchronise()
            return try folder.open(beneath: name(first), flags: LogFlags.make)
        }
        LogCrashPoint.journalBegun.reached()
        return file
    }

    private static func name(_ first: UInt64) -> String {
        let digits = String(first)
        return String(repeating: "0", count: 20 - digits.count) + digits
    }
}

extension Journal {
    /// What a dead writer left.
    struct Remains {
        /// The first entry of each file, from the oldest.
        var files: [UInt64] = []
        /// Every record that is whole, in order and without a gap.
        var records: [JournalRecord] = []
    }

    /// Reads what is in the journal's folder.
    ///
    /// The last record may be torn: its write had not returned, so nobody was told of it, and it is as if it had never been. Any
    /// other fault is damage to what was acknowledged: a record is written only after the one before is on the disk, so a whole one can't stand
    /// behind a torn one.
    ///
    /// - Parameter folder: the journal's.
    /// - Throws: `LogError.damaged`, or the system's error.
    /// - Returns: files and records.
    static func read(_ folder: borrowing OwnedDescriptor) throws(LogError) -> Remains {
        var remains = Remains()
        let names = try system { () throws(LinuxError) in try folder.names(limit: 100_000) }
        for name in names where name != Array(spare.utf8) && name != Array(filling.utf8) {
            guard let first = number(name) else {
                throw .damaged("\(LogFile.journal)/\(String(decoding: name, as: UTF8.self)) is no file of the journal")
            }
            if let end = remains.records.last?.end ?? remains.files.last, end != first {
                throw .damaged("the journal ends at entry \(end), and its next file begins at \(first)")
            }
            remains.files.append(first)
            let bytes = try system { () throws(LinuxError) in
                try folder.open(beneath: Self.name(first)).readAll(limit: 1 << 30)
            }
            remains.records += try records(bytes, from: first)
        }
        return remains
    }

    private static func records(_ bytes: [UInt8], from first: UInt64) throws(LogError) -> [JournalRecord] {
        var records: [JournalRecord] = []
        var position = 0
        while position < bytes.count, let record = JournalRecord(bytes, at: position) {
            guard record.first == records.last?.end ?? first else {
                throw .damaged("a record of the journal begins at entry \(record.first), not where the one before ends")
            }
            records.append(record)
            position += record.size
        }
        while position < bytes.count {
            guard JournalRecord(bytes, at: position) == nil else {
                throw .damaged(
                    "entry \(records.last?.end ?? first) of the journal can't be read, and there are entries after it")
            }
            position += JournalRecord.block
        }
        return records
    }

    private static func number(_ name: [UInt8]) -> UInt64? {
        guard name.count == 20 else { return nil }
        let digits = name.drop { $0 == UInt8(ascii: "0") }
        return digits.isEmpty ? 0 : Decimal.parse(digits)
    }
}
