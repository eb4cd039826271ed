internal import Intake
internal import JSON
internal import Jobs
internal import NIOCore

/// A form's parts, one after the other, pulled out of a request's body as they come.
///
/// The content of a file is pulled by whoever sends it on, so the sender is read no faster than that.
actor FormReader {
    private var pieces: RequestBody.Iterator
    private var parser: MultipartParser
    private var piece = ByteBuffer()
    private var position = 0
    private var isInPart = false
    /// What looks at the present part's content as it passes, and its limit.
    private var check: UploadCheck?
    private var limit: UInt64 = .max
    private var count: UInt64 = 0
    private var field = ""

    /// - Parameters:
    ///   - body: nothing of it was read yet.
    ///   - boundary: out of the request's header.
    ///   - limits: of the form.
    init(_ body: RequestBody, _ boundary: Boundary, _ limits: MultipartLimits) {
        pieces = body.makeAsyncIterator()
        parser = MultipartParser(boundary, limits: limits)
    }

    /// The next part's header; nil at the form's end. What is left of the part before is passed over.
    func nextPart() async throws -> MultipartPart? {
        while true {
            guard let event = try event() else {
                guard try await read() else { return nil }
                continue
            }
            switch event {
            case .partBegins(let part):
                (isInPart, check, limit, count, field) = (true, nil, .max, 0, part.name)
                return part
            case .partEnds: isInPart = false
            case .content, .kept, .formEnds: break
            }
        }
    }

    /// Has the present part's content looked at.
    func examine(_ check: UploadCheck?, limit: UInt64) {
        self.check = check
        self.limit = limit
    }

    /// What the check of the part that has ended found.
    func finding() throws(Violation) -> UploadCheck.Finding? { try check?.finish() }

    /// The next bytes of the present part; nil at its end.
    func nextPiece() async throws -> ByteBuffer? {
        while isInPart {
            guard let event = try event() else {
                guard try await read() else { return nil }
                continue
            }
            switch event {
            case .content(let range):
                return try examined(piece.getSlice(at: piece.readerIndex + range.lowerBound, length: range.count))
            case .kept(let bytes): return try examined(ByteBuffer(bytes: bytes))
            case .partEnds: isInPart = false
            case .partBegins, .formEnds: break
            }
        }
        return nil
    }

    private func examined(_ content: ByteBuffer?) throws -> ByteBuffer? {
        guard let content else { return nil }
        count += UInt64(content.readableBytes)
        guard count <= limit else {
            throw MultipartError.tooLarge(
                Violation(
                    field, "has more than \(limit) bytes", limit: .integer(Int64(clamping: limit)),
                    remedy: "send a smaller file"))
        }
        try check?.take(content.readableBytesSpan)
        return content
    }

    private func event() throws(MultipartError) -> MultipartParser.Event? {
        try parser.next(in: piece.readableBytesSpan, at: &position)
    }

    /// - Returns: false at the end of the body, which is then the end of a whole form.
    private func read() async throws -> Bool {
        var pieces = self.pieces
        let next = try await pieces.next()
        self.pieces = pieces
        guard let next else {
            try parser.finish()
            return false
        }
        (piece, position) = (next, 0)
        return true
    }
}

/// The content of a form's present part, or what is left of it behind `first`; to be read once and to its end.
struct PartContent: AsyncSequence, Sendable {
    let form: FormReader
    let first: ByteBuffer

    func makeAsyncIterator() -> Iterator { Iterator(form: form, first: first) }

    struct Iterator: AsyncIteratorProtocol {
        fileprivate let form: FormReader
        fileprivate var first: ByteBuffer?

        mutating func next() async throws -> ByteBuffer? {
            if let first = first.take() { return first }
            return try await form.nextPiece()
        }
    }
}
