/// What follows a delimiter on its line: the end of the line, or two dashes when it was the last.
struct BoundaryLine {
    enum Meaning {
        case partFollows
        case formEnds
    }

    enum Fault: Error {
        case padding
        case lineFeed
        case text
    }

    private enum State {
        case start, padding, dash, carriageReturn
    }

    private var state = State.start
    private var blanks = 0

    /// Takes the next byte; nil as long as the line goes on.
    mutating func take(_ byte: UInt8, paddingLimit: Int) throws(Fault) -> Meaning? {
        switch (state, byte) {
        case (.start, UInt8(ascii: "-")): state = .dash
        case (.dash, UInt8(ascii: "-")): return .formEnds
        // "Transport padding": blanks that some mail gateway may have added.
        case (.start, 0x20), (.start, 0x09), (.padding, 0x20), (.padding, 0x09):
            state = .padding
            blanks += 1
            guard blanks <= paddingLimit else { throw .padding }
        case (.start, 0x0d), (.padding, 0x0d): state = .carriageReturn
        case (.carriageReturn, 0x0a): return .partFollows
        case (.start, 0x0a), (.padding, 0x0a): throw .lineFeed
        default: throw .text
        }
        return nil
    }
}
