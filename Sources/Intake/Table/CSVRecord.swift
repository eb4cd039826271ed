/// One record of a CSV file (RFC 4180, as Python's strict reader has it): cells in commas, quotes only around a whole cell.
struct CSVRecord {
    enum Fault: Error {
        /// Something stands between a closing quote and the comma.
        case quote
    }

    private enum State {
        case start, plain, quoted, quoteInQuoted
    }

    private(set) var cells: [[UInt8]] = []
    private var cell: [UInt8] = []
    private var state = State.start

    /// Takes the next byte.
    ///
    /// - Returns: whether the record ended with it: at a line's end outside of quotes.
    mutating func take(_ byte: UInt8) throws(Fault) -> Bool {
        switch (state, byte) {
        case (.quoted, UInt8(ascii: "\"")): state = .quoteInQuoted
        case (.quoted, _): cell.append(byte)
        case (.quoteInQuoted, UInt8(ascii: "\"")):
            state = .quoted
            cell.append(byte)
        case (.start, UInt8(ascii: "\"")): state = .quoted
        case (_, UInt8(ascii: ",")):
            endCell()
        case (_, 0x0a), (_, 0x0d):
            endCell()
            return true
        case (.quoteInQuoted, _): throw .quote
        default:
            state = .plain
            cell.append(byte)
        }
        return false
    }

    /// The file ended here.
    ///
    /// - Returns: false inside of quotes.
    mutating func end() -> Bool {
        guard state != .quoted else { return false }
        endCell()
        return true
    }

    private mutating func endCell() {
        cells.append(cell)
        cell = []
        state = .start
    }
}
