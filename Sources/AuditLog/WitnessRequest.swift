/// What a log asks of a witness (C2SP tlog-witness, add-checkpoint): the size that was cosigned last, a proof from there, and the
/// new checkpoint.
package struct WitnessRequest: Sendable {
    package let oldSize: UInt64
    package let proof: [TreeHash]
    package let note: SignedNote

    private static let hashLimit = 63
    package static let sizeLimit = SignedNote.sizeLimit + (8 << 10)

    package init(oldSize: UInt64, proof: [TreeHash], note: SignedNote) {
        self.oldSize = oldSize
        self.proof = proof
        self.note = note
    }

    /// Reads a request's body.
    package init(_ body: [UInt8]) throws(LogError) {
        guard body.count <= Self.sizeLimit else { throw .malformed("request", "larger than \(Self.sizeLimit) bytes") }
        guard let end = (1..<max(1, body.count)).first(where: { body[$0] == 0x0a && body[$0 - 1] == 0x0a }) else {
            throw .malformed("request", "has no empty line before the checkpoint")
        }
        let lines = body[..<(end - 1)].split(separator: 0x0a, omittingEmptySubsequences: false)
        guard let line = lines.first, line.starts(with: "old ".utf8), let size = Decimal.parse(line.dropFirst(4)) else {
            throw .malformed("request", "does not begin with 'old' and a decimal size")
        }
        guard lines.count <= 1 + Self.hashLimit else {
            throw .malformed("request", "more than \(Self.hashLimit) hashes")
        }
        var proof: [TreeHash] = []
        for line in lines.dropFirst() {
            guard let hash = TreeHash(base64: line) else {
                throw .malformed("request", "a hash is not the base64 of 32 bytes")
            }
            proof.append(hash)
        }
        oldSize = size
        self.proof = proof
        note = try SignedNote(Array(body[(end + 1)...]))
    }

    package var bytes: [UInt8] {
        let hashes = proof.map { "\($0.base64)\n" }.joined()
        return Array("old \(oldSize)\n\(hashes)\n".utf8) + note.bytes
    }
}

/// What a witness answers, as HTTP has it.
package struct WitnessAnswer: Sendable, Equatable {
    package let status: Int
    package let contentType: String
    package let body: [UInt8]

    init(_ status: Int, _ text: String, contentType: String = "text/plain; charset=utf-8") {
        self.init(status, Array("\(text)\n".utf8), contentType: contentType)
    }

    init(_ status: Int, _ body: [UInt8], contentType: String = "text/plain; charset=utf-8") {
        self.status = status
        self.contentType = contentType
        self.body = body
    }

    /// The size that the witness cosigned last, when it answers that the request's is another.
    package var conflictingSize: UInt64? { status == 409 ? Decimal.parse(body.dropLast()) : nil }
}
