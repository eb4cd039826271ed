/// The part of YAML that a definition needs: text, lists and maps of names, each with its line.
indirect enum YAMLNode: Equatable, Sendable {
    /// `isPlain`: written without quotes.
    case scalar(String, isPlain: Bool, line: Int)
    case sequence([YAMLNode], line: Int)
    case mapping([Member], line: Int)

    struct Member: Equatable, Sendable {
        let key: String
        let line: Int
        let value: YAMLNode
    }

    var line: Int {
        switch self {
        case .scalar(_, _, let line), .sequence(_, let line), .mapping(_, let line): line
        }
    }

    var text: String? { if case .scalar(let text, _, _) = self { text } else { nil } }
}

extension [YAMLNode.Member] {
    subscript(key: String) -> YAMLNode? { first { $0.key == key }?.value }
}
