internal import JSON
internal import Jobs

/// Reads multipart/form-data (RFC 7578, RFC 2046) from pieces of any size as they come.
///
/// Content is not copied: an event says which bytes of the piece it is. Memory is that of one part's headers and of the
/// names so far, whatever the form's size. Stricter than the RFCs where being lenient could let two readers of the same
/// bytes see two forms: lines end in CR LF, a name comes once, nothing but blanks stands behind a boundary.
///
///     var position = 0
///     while let event = try parser.next(in: piece, at: &position) { … }   // for each piece
///     try parser.finish()                                               // behind the last
package struct MultipartParser: Sendable {
    package enum Event: Sendable, Equatable {
        case partBegins(MultipartPart)
        /// The bytes of the piece at these places.
        case content(Range<Int>)
        /// At most 73 bytes of pieces before, which could have been a boundary and are content.
        case kept([UInt8])
        case partEnds
        /// The closing boundary; what comes behind it is thrown away.
        case formEnds
    }

    private enum State {
        case preamble, boundaryLine, headers, content, epilogue
    }

    let limits: MultipartLimits
    private var search: DelimiterSearch
    private var state = State.preamble
    private var line = BoundaryLine()
    private var headers: PartHeaders
    private var part: MultipartPart?
    private var contentBytes: UInt64 = 0
    private var discarded = 0
    private var total: UInt64 = 0
    private var names: [String] = []

    package init(_ boundary: Boundary, limits: MultipartLimits = MultipartLimits()) {
        self.limits = limits
        search = DelimiterSearch(boundary)
        headers = PartHeaders(number: 1, limits: limits)
    }

    /// How many bytes of the form are kept, which is what the limits are for.
    var retained: Int { headers.retained + names.reduce(0) { $0 + $1.utf8.count } }

    /// What happens next in the piece, from `position` on, which moves behind it.
    ///
    /// - Parameters:
    ///   - piece: the bytes; the same ones until the answer is nil, then those that follow them.
    ///   - position: 0 for a new piece, then left alone.
    /// - Throws: the first fault; the parser is of no use after it.
    /// - Returns: nil when the piece is used up.
    package mutating func next(in piece: RawSpan, at position: inout Int) throws(MultipartError) -> Event? {
        let start = position
        var end = position
        let event = try piece.withUnsafeBytes { bytes throws(MultipartError) in try advance(in: bytes, &end) }
        position = end
        total += UInt64(end - start)
        guard total <= limits.totalBytes else {
            throw tooLarge("body", "has more than \(limits.totalBytes) bytes", limits.totalBytes, "send smaller files")
        }
        return event
    }

    /// To be called when no piece follows.
    ///
    /// - Throws: when the form has no end.
    package func finish() throws(MultipartError) {
        switch state {
        case .epilogue: break
        case .preamble:
            throw malformed(
                "does not contain the boundary", "let your HTTP library write body and Content-Type together")
        case .boundaryLine, .headers, .content:
            throw malformed("ends before its closing boundary", "send it again: the upload was cut off")
        }
    }

    private mutating func advance(
        in piece: UnsafeRawBufferPointer, _ position: inout Int
    ) throws(MultipartError) -> Event? {
        while position < piece.count {
            let event: Event?
            switch state {
            case .preamble: event = try skipPreamble(piece, &position)
            case .boundaryLine: event = try readBoundaryLine(piece, &position)
            case .headers: event = try readHeaders(piece, &position)
            case .content: event = try readContent(piece, &position)
            case .epilogue: event = try skipEpilogue(piece, &position)
            }
            if let event { return event }
        }
        return nil
    }

    private mutating func skipPreamble(
        _ piece: UnsafeRawBufferPointer, _ position: inout Int
    ) throws(MultipartError) -> Event? {
        switch search.next(in: piece, at: &position) {
        case .content(let range): try discard(range.count, limits.preambleBytes, "before its first boundary")
        case .kept(let bytes): try discard(bytes.count, limits.preambleBytes, "before its first boundary")
        case .delimiter: beginLine()
        case nil: break
        }
        return nil
    }

    private mutating func beginLine() {
        state = .boundaryLine
        line = BoundaryLine()
    }

    private mutating func readBoundaryLine(
        _ piece: UnsafeRawBufferPointer, _ position: inout Int
    ) throws(MultipartError) -> Event? {
        while position < piece.count {
            let meaning: BoundaryLine.Meaning?
            do throws(BoundaryLine.Fault) {
                meaning = try line.take(piece[position], paddingLimit: limits.paddingBytes)
            } catch {
                throw fault(error)
            }
            position += 1
            switch meaning {
            case nil: continue
            case .partFollows:
                try beginPart()
                return nil
            case .formEnds:
                state = .epilogue
                discarded = 0
                return .formEnds
            }
        }
        return nil
    }

    private mutating func beginPart() throws(MultipartError) {
        guard names.count < limits.parts else {
            throw tooLarge("body", "has more than \(limits.parts) parts", UInt64(limits.parts), "send each field once")
        }
        headers = PartHeaders(number: names.count + 1, limits: limits)
        state = .headers
    }

    private mutating func readHeaders(
        _ piece: UnsafeRawBufferPointer, _ position: inout Int
    ) throws(MultipartError) -> Event? {
        while position < piece.count {
            let byte = piece[position]
            position += 1
            guard let part = try headers.take(byte) else { continue }
            guard !names.contains(part.name) else {
                throw .malformed(Violation(part.name, "is sent twice", remedy: "send each field once"))
            }
            names.append(part.name)
            self.part = part
            contentBytes = 0
            search.lineEnded()
            state = .content
            return .partBegins(part)
        }
        return nil
    }

    private mutating func readContent(
        _ piece: UnsafeRawBufferPointer, _ position: inout Int
    ) throws(MultipartError) -> Event? {
        switch search.next(in: piece, at: &position) {
        case .content(let range):
            try count(range.count)
            return .content(range)
        case .kept(let bytes):
            try count(bytes.count)
            return .kept(bytes)
        case .delimiter:
            beginLine()
            return .partEnds
        case nil: return nil
        }
    }

    private mutating func count(_ bytes: Int) throws(MultipartError) {
        contentBytes += UInt64(bytes)
        guard let part, part.fileName == nil, contentBytes > limits.textBytes else { return }
        throw tooLarge(
            part.name, "is a text of more than \(limits.textBytes) bytes", limits.textBytes,
            "shorten it; send a file with its filename")
    }

    private mutating func skipEpilogue(
        _ piece: UnsafeRawBufferPointer, _ position: inout Int
    ) throws(MultipartError) -> Event? {
        try discard(piece.count - position, limits.epilogueBytes, "behind its closing boundary")
        position = piece.count
        return nil
    }

    private mutating func discard(_ count: Int, _ limit: Int, _ place: String) throws(MultipartError) {
        discarded += count
        guard discarded <= limit else {
            throw tooLarge("body", "has more than \(limit) bytes \(place)", UInt64(limit), "send nothing there")
        }
    }
}
