internal import CYaml

/// libyaml's events over one buffer.
///
/// Not Yams' own `compose`: it follows aliases and hashes what they expand to, recurses as deep as the document and keeps
/// no line of a second key. Events cost what their bytes cost.
struct YAMLEvents: ~Copyable {
    struct Event: Sendable {
        enum Kind: Sendable {
            case documentStart, documentEnd, streamStart, streamEnd, sequenceEnd, mappingEnd
            case alias
            case scalar(String, isPlain: Bool)
            case sequenceStart
            case mappingStart
        }

        let kind: Kind
        let hasAnchor: Bool
        let tag: String?
        /// Counted from 1.
        let line: Int
    }

    /// What libyaml says about bytes that are no YAML.
    struct Fault: Error {
        let problem: String
        let line: Int
    }

    /// libyaml keeps pointers into its parser, so it has a place of its own.
    private let parser: UnsafeMutablePointer<yaml_parser_t>

    /// - Parameter bytes: UTF-8; must outlive this.
    init?(_ bytes: UnsafeBufferPointer<UInt8>) {
        parser = .allocate(capacity: 1)
        guard yaml_parser_initialize(parser) == 1 else {
            parser.deallocate()
            return nil
        }
        yaml_parser_set_encoding(parser, YAML_UTF8_ENCODING)
        yaml_parser_set_input_string(parser, bytes.baseAddress, bytes.count)
    }

    deinit {
        yaml_parser_delete(parser)
        parser.deallocate()
    }

    mutating func next() throws(Fault) -> Event {
        var event = yaml_event_t()
        guard yaml_parser_parse(parser, &event) == 1 else {
            let problem = parser.pointee.problem.map { String(cString: $0) } ?? "it can't be read"
            throw Fault(problem: problem, line: parser.pointee.problem_mark.line + 1)
        }
        defer { yaml_event_delete(&event) }
        return Event(event)
    }
}

extension YAMLEvents.Event {
    fileprivate init(_ event: yaml_event_t) {
        line = event.start_mark.line + 1
        let data = event.data
        switch event.type {
        case YAML_STREAM_START_EVENT: (kind, hasAnchor, tag) = (.streamStart, false, nil)
        case YAML_DOCUMENT_START_EVENT: (kind, hasAnchor, tag) = (.documentStart, false, nil)
        case YAML_DOCUMENT_END_EVENT: (kind, hasAnchor, tag) = (.documentEnd, false, nil)
        case YAML_ALIAS_EVENT: (kind, hasAnchor, tag) = (.alias, true, nil)
        case YAML_SCALAR_EVENT:
            let bytes = UnsafeBufferPointer(start: data.scalar.value, count: data.scalar.length)
            let isPlain = data.scalar.style == YAML_PLAIN_SCALAR_STYLE
            kind = .scalar(String(decoding: bytes, as: UTF8.self), isPlain: isPlain)
            hasAnchor = data.scalar.anchor != nil
            tag = data.scalar.tag.map { String(cString: $0) }
        case YAML_SEQUENCE_START_EVENT:
            kind = .sequenceStart
            hasAnchor = data.sequence_start.anchor != nil
            tag = data.sequence_start.tag.map { String(cString: $0) }
        case YAML_MAPPING_START_EVENT:
            kind = .mappingStart
            hasAnchor = data.mapping_start.anchor != nil
            tag = data.mapping_start.tag.map { String(cString: $0) }
        case YAML_SEQUENCE_END_EVENT: (kind, hasAnchor, tag) = (.sequenceEnd, false, nil)
        case YAML_MAPPING_END_EVENT: (kind, hasAnchor, tag) = (.mappingEnd, false, nil)
        default: (kind, hasAnchor, tag) = (.streamEnd, false, nil)
        }
    }
}
