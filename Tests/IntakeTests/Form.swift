import Intake

/// What a form says, put together from the parser's events.
struct Form: Equatable {
    struct Part: Equatable {
        let head: MultipartPart
        var content: [UInt8] = []
        var isOver = false
    }

    var parts: [Part] = []
    var isOver = false

    /// Reads `body` in the pieces that `sizes` says, over and over.
    ///
    /// - Throws: `MultipartError`; `OutOfOrder` when the events don't make a form.
    init(
        _ body: [UInt8], boundary: String = "b", limits: MultipartLimits = MultipartLimits(), sizes: [Int] = [.max]
    ) throws {
        try self.init(
            body, contentType: "multipart/form-data; boundary=\"\(boundary)\"", limits: limits, sizes: sizes)
    }

    init(
        _ body: [UInt8], contentType: String, limits: MultipartLimits = MultipartLimits(), sizes: [Int] = [.max]
    ) throws {
        var parser = MultipartParser(try Boundary(contentType: contentType), limits: limits)
        var rest = body[...]
        var turn = 0
        while !rest.isEmpty {
            let piece = Array(rest.prefix(max(1, sizes[turn % sizes.count])))
            turn += 1
            rest = rest.dropFirst(piece.count)
            var position = 0
            while let event = try parser.next(in: piece.span.bytes, at: &position) { try add(event, piece) }
            guard position == piece.count else { throw OutOfOrder() }
        }
        try parser.finish()
        guard isOver, parts.allSatisfy(\.isOver) else { throw OutOfOrder() }
    }

    struct OutOfOrder: Error {}

    private mutating func add(_ event: MultipartParser.Event, _ piece: [UInt8]) throws {
        guard !isOver else { throw OutOfOrder() }
        let isInside = parts.last.map { !$0.isOver } ?? false
        switch event {
        case .partBegins(let head):
            guard !isInside else { throw OutOfOrder() }
            parts.append(Part(head: head))
        case .content(let range):
            guard isInside, !range.isEmpty else { throw OutOfOrder() }
            parts[parts.count - 1].content += piece[range]
        case .kept(let bytes):
            guard isInside, !bytes.isEmpty, bytes.count <= 73 else { throw OutOfOrder() }
            parts[parts.count - 1].content += bytes
        case .partEnds:
            guard isInside else { throw OutOfOrder() }
            parts[parts.count - 1].isOver = true
        case .formEnds:
            guard !isInside else { throw OutOfOrder() }
            isOver = true
        }
    }
}

/// A part as a browser sends it.
func part(_ name: String, _ content: String, fileName: String? = nil, boundary: String = "b") -> String {
    let file = fileName.map { "; filename=\"\($0)\"" } ?? ""
    return "--\(boundary)\r\nContent-Disposition: form-data; name=\"\(name)\"\(file)\r\n\r\n\(content)\r\n"
}
