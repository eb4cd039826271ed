internal import JSON
internal import Jobs

/// Reads one document into nodes, and nothing that can surprise: no tag names a type, no alias multiplies ten lines into a
/// gigabyte, no key comes twice, and a column named `no` stays a name. The trainer reads by the same rules.
struct YAMLReader: ~Copyable {
    private var events: YAMLEvents
    private let field: String
    private let limits: DefinitionLimits
    private var values = 0

    /// - Parameters:
    ///   - bytes: of the whole document.
    ///   - field: what errors call it.
    ///   - limits: on depth and values; the caller has checked the size.
    /// - Throws: a `Violation`.
    /// - Returns: nil for a document without content.
    static func read(_ bytes: [UInt8], field: String, limits: DefinitionLimits) throws(Violation) -> YAMLNode? {
        guard String(validating: bytes, as: UTF8.self) != nil else {
            throw Violation(field, "is not UTF-8", remedy: "save the file as UTF-8")
        }
        let mark: [UInt8] = [0xef, 0xbb, 0xbf]
        let text = bytes.starts(with: mark) ? Array(bytes.dropFirst(mark.count)) : bytes
        return try text.withUnsafeBufferPointer { buffer throws(Violation) in
            guard let events = YAMLEvents(buffer) else {
                throw Violation(field, "can't be read: no memory", remedy: "send it again")
            }
            var reader = YAMLReader(events: events, field: field, limits: limits)
            return try reader.document()
        }
    }

    private init(events: consuming YAMLEvents, field: String, limits: DefinitionLimits) {
        self.events = events
        self.field = field
        self.limits = limits
    }

    private mutating func document() throws(Violation) -> YAMLNode? {
        var root: YAMLNode?
        while true {
            let event = try next()
            switch event.kind {
            case .streamEnd: return root
            case .documentStart:
                guard root == nil else { throw fault("a second document begins", event.line, "keep one document") }
                root = try node(next(), depth: 1)
            default: break
            }
        }
    }

    private mutating func next() throws(Violation) -> YAMLEvents.Event {
        do throws(YAMLEvents.Fault) { return try events.next() } catch {
            throw fault("no YAML: \(error.problem)", error.line, "correct the YAML")
        }
    }

    /// Recurses once a level, and no deeper than the limit.
    private mutating func node(_ event: YAMLEvents.Event, depth: Int) throws(Violation) -> YAMLNode {
        guard depth <= limits.depth else {
            throw fault("nesting is deeper than \(limits.depth)", event.line, "flatten it", limit: limits.depth)
        }
        values += 1
        guard values <= limits.values else {
            throw fault("more than \(limits.values) values", event.line, "shorten it", limit: limits.values)
        }
        guard !event.hasAnchor else {
            throw fault("anchors and aliases are not accepted", event.line, "write the value out")
        }
        if let tag = event.tag { throw fault("the tag \(quoted(tag)) is not accepted", event.line, "remove the tag") }
        switch event.kind {
        case .scalar(let text, let isPlain): return .scalar(text, isPlain: isPlain, line: event.line)
        case .sequenceStart: return .sequence(try items(depth), line: event.line)
        case .mappingStart: return .mapping(try members(depth), line: event.line)
        default: throw fault("no YAML: a value is missing", event.line, "correct the YAML")
        }
    }

    private mutating func items(_ depth: Int) throws(Violation) -> [YAMLNode] {
        var items: [YAMLNode] = []
        while true {
            let event = try next()
            if case .sequenceEnd = event.kind { return items }
            items.append(try node(event, depth: depth + 1))
        }
    }

    private mutating func members(_ depth: Int) throws(Violation) -> [YAMLNode.Member] {
        var members: [YAMLNode.Member] = []
        // By bytes: to the trainer, two ways to write an accented letter are two names.
        var lines: [[UInt8]: Int] = [:]
        while true {
            let event = try next()
            if case .mappingEnd = event.kind { return members }
            guard case .scalar(let key, let isPlain, let line) = try node(event, depth: depth + 1) else {
                throw fault("a key must be a plain name", event.line, "use a name as key")
            }
            guard key != "<<" || !isPlain else {
                throw fault("merge keys are not accepted", line, "write the values out")
            }
            if let first = lines.updateValue(line, forKey: Array(key.utf8)) {
                throw fault("\(quoted(key)) stands here again, first on line \(first)", line, "keep one of the two")
            }
            members.append(YAMLNode.Member(key: key, line: line, value: try node(next(), depth: depth + 1)))
        }
    }

    private func fault(_ reason: String, _ line: Int, _ remedy: String, limit: Int? = nil) -> Violation {
        Violation(field, "line \(line): \(reason)", limit: limit.map { .integer(Int64($0)) }, remedy: remedy)
    }
}
