/// Why bytes are no JSON of ours, or a value can't be rendered canonically.
package enum JSONError: Error, Equatable, Sendable, CustomStringConvertible {
    /// Where, counted from 1; columns count bytes.
    package struct Position: Equatable, Sendable, CustomStringConvertible {
        package let line: Int
        package let column: Int

        package init(line: Int, column: Int) {
            self.line = line
            self.column = column
        }

        package var description: String { "line \(line), column \(column)" }
    }

    case expected(String, at: Position)
    case invalidUTF8(at: Position)
    case loneSurrogate(at: Position)
    case duplicateKey(String, at: Position)
    case tooLarge(limit: Int)
    case tooDeep(limit: Int, at: Position)
    case tooManyValues(limit: Int, at: Position)
    case notCanonical(number: String)

    package var description: String {
        switch self {
        case .expected(let what, let position): "json: expected \(what) at \(position)"
        case .invalidUTF8(let position): "json: text is not utf-8 at \(position)"
        case .loneSurrogate(let position): "json: half of a surrogate pair at \(position)"
        case .duplicateKey(let key, let position): "json: key \(JSON.string(key)) a second time at \(position)"
        case .tooLarge(let limit): "json: larger than the \(limit) bytes allowed"
        case .tooDeep(let limit, let position): "json: deeper than the \(limit) levels allowed at \(position)"
        case .tooManyValues(let limit, let position): "json: more than the \(limit) values allowed at \(position)"
        case .notCanonical(let number):
            "json: number \(number) has no canonical form here; use an integer within ±(2^53-1), or a string"
        }
    }

    /// Where the fault is; nil when the document as a whole is at fault.
    package var position: Position? {
        switch self {
        case .expected(_, let position), .invalidUTF8(let position), .loneSurrogate(let position),
            .duplicateKey(_, let position), .tooDeep(_, let position), .tooManyValues(_, let position):
            position
        case .tooLarge, .notCanonical: nil
        }
    }
}
