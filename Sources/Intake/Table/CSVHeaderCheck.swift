internal import Glibc
internal import JSON
package import Jobs

/// Checks the first line of a CSV file, and that what follows is text.
package struct CSVHeaderCheck: InputCheck {
    /// As much as a definition that names its columns may have.
    package static let lineBytes = 256 << 10

    private let field: String
    private let definition: DatasetDefinition?
    /// The first four bytes, which may be a mark of an encoding.
    private var mark: [UInt8] = []
    private var isBegun = false
    private var record = CSVRecord()
    private var recordBytes = 0
    private var header: CSVHeader?
    private var hasRows = false

    /// - Parameters:
    ///   - field: what errors call the file.
    ///   - definition: when it is known already; else `CSVHeader.check` compares the two later.
    package init(field: String = "dataset", definition: DatasetDefinition? = nil) {
        self.field = field
        self.definition = definition
    }

    package mutating func take(_ piece: RawSpan) throws(Violation) {
        try piece.withUnsafeBytes { bytes throws(Violation) in
            guard let base = bytes.baseAddress else { return }
            var rest = bytes[...]
            while !isBegun, let byte = rest.popFirst() {
                mark.append(byte)
                if mark.count == 4 { try begin() }
            }
            guard memchr(base, 0, bytes.count) == nil || !isBegun else { throw binary() }
            try read(rest)
        }
    }

    package mutating func finish() throws(Violation) -> CSVHeader {
        if !isBegun { try begin() }
        if header == nil {
            guard recordBytes > 0 else { throw empty(field) }
            guard record.end() else { throw malformed("a quoted name has no end") }
            try endHeader()
        }
        guard let header, hasRows else {
            throw Violation(field, "there is a header and no row", remedy: "add rows")
        }
        return header
    }

    /// The mark of UTF-8 is skipped; what is no text is refused by its name.
    private mutating func begin() throws(Violation) {
        isBegun = true
        if mark.starts(with: [0xff, 0xfe]) || mark.starts(with: [0xfe, 0xff]) {
            throw Violation(field, "is UTF-16 text", limit: "UTF-8", remedy: "save it as UTF-8 CSV")
        }
        if mark == Array("PK\u{3}\u{4}".utf8) {
            throw Violation(field, "is a zip archive, whatever its name says", remedy: "send the CSV file itself")
        }
        guard !mark.contains(0) else { throw binary() }
        try read(mark.starts(with: [0xef, 0xbb, 0xbf]) ? mark.dropFirst(3) : mark[...])
    }

    private mutating func read(_ bytes: some Collection<UInt8>) throws(Violation) {
        var rest = bytes[...]
        while header == nil, let byte = rest.popFirst() {
            recordBytes += 1
            guard recordBytes <= Self.lineBytes else { throw tooLong() }
            do throws(CSVRecord.Fault) {
                guard try record.take(byte) else { continue }
            } catch {
                throw malformed("something stands between a quote and the next comma")
            }
            try endHeader()
        }
        if !hasRows { hasRows = rest.contains { $0 != 0x0a && $0 != 0x0d } }
    }

    private mutating func endHeader() throws(Violation) {
        let header = try CSVHeader(record, field: field)
        record = CSVRecord()
        if let definition { try header.check(against: definition, field: field) }
        self.header = header
    }

    private func binary() -> Violation {
        Violation(field, "holds NUL bytes: it is not text", remedy: "save it as UTF-8 CSV")
    }

    private func tooLong() -> Violation {
        Violation(
            field, "line 1: more than \(Self.lineBytes) bytes", limit: .integer(Int64(Self.lineBytes)),
            remedy: "start with a line of column names, and end it with a line break")
    }

    private func malformed(_ reason: String) -> Violation {
        Violation(field, "line 1: \(reason)", remedy: "check the quotes around this line")
    }
}

private func empty(_ field: String) -> Violation {
    Violation(field, "the first line holds no column names", remedy: "start with a line of column names")
}

extension CSVHeader {
    private static let otherDelimiters: [(mark: UInt8, name: String)] = [
        (UInt8(ascii: ";"), "semicolons"), (0x09, "tabs"), (UInt8(ascii: "|"), "bars"),
    ]

    /// - Throws: a `Violation` when the record names no columns, or one twice.
    init(_ record: CSVRecord, field: String) throws(Violation) {
        columns = record.cells.map(CSVHeader.trimmed)
        guard !columns.allSatisfy(\.isEmpty) else { throw empty(field) }
        guard columns.allSatisfy({ String(validating: $0, as: UTF8.self) != nil }) else {
            throw Violation(field, "the file is not UTF-8 text", remedy: "save it as UTF-8 CSV")
        }
        for (mark, name) in Self.otherDelimiters where columns.count == 1 && columns[0].contains(mark) {
            throw Violation(
                field, "line 1: the file has one column, \(quoted(columns[0]))",
                remedy: "separate columns by commas, not by \(name)")
        }
        var seen: Set<[UInt8]> = []
        for column in columns where !seen.insert(column).inserted {
            throw Violation(field, "line 1: two columns are named \(quoted(column))", remedy: "rename one of them")
        }
    }

    /// Without the blanks around it, as the trainer has it.
    private static func trimmed(_ cell: [UInt8]) -> [UInt8] {
        func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0d).contains(byte) }
        let end = cell.lastIndex { !isBlank($0) }.map { $0 + 1 } ?? 0
        return Array(cell[..<end].drop(while: isBlank))
    }
}
