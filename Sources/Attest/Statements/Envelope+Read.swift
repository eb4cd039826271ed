internal import JSON

extension Envelope {
    /// For an envelope around an AIBoM of any size that we write.
    private static let limits = JSON.Limits(bytes: 16 << 20, depth: 4, values: 256)
    /// Of one file; ours have at most five.
    private static let lineLimit = 16
    private static let signatureLimit = 16
    private static let signatureByteLimit = 1 << 10

    /// Reads one envelope, with nothing around it.
    ///
    /// Stricter than DSSE, which has readers ignore what they don't know and take two alphabets: an envelope of ours has one
    /// text. `keyid` may be missing, and is then empty, as DSSE has it.
    ///
    /// - Throws: `AttestError.envelope` with the first fault.
    package init(json bytes: [UInt8]) throws(AttestError) {
        do throws(ShapeFault) {
            try self.init(StrictObject(bytes, limits: Self.limits, members: Self.members))
        } catch { throw .envelope(error) }
    }

    /// Reads a file of envelopes: one a line, each line with its end, none empty.
    ///
    /// - Throws: `AttestError.line` with the number of the line, from 1, and its fault.
    package static func read(lines bytes: [UInt8]) throws(AttestError) -> [Envelope] {
        guard bytes.last == 0x0a else {
            throw .envelope(bytes.isEmpty ? .empty("the file") : .missing("the last line's end"))
        }
        let lines = bytes.dropLast().split(separator: 0x0a, omittingEmptySubsequences: false)
        guard lines.count <= lineLimit else {
            throw .envelope(.value("the file", found: "\(lines.count) lines", expected: "at most \(lineLimit)"))
        }
        var envelopes: [Envelope] = []
        for (index, line) in lines.enumerated() {
            do throws(ShapeFault) {
                guard !line.isEmpty else { throw .empty("the line") }
                envelopes.append(try Envelope(StrictObject(Array(line), limits: limits, members: members)))
            } catch { throw .line(index + 1, error) }
        }
        return envelopes
    }

    static let members = ["payload", "payloadType", "signatures"]

    init(_ object: StrictObject) throws(ShapeFault) {
        payload = try object.base64("payload")
        payloadType = try object.string("payloadType")
        guard !payloadType.isEmpty else { throw .empty(object.name("payloadType")) }
        let list = try object.list("signatures")
        guard list.count <= Self.signatureLimit else {
            throw .value(
                object.name("signatures"), found: "\(list.count) signatures", expected: "at most \(Self.signatureLimit)"
            )
        }
        var signatures: [Signature] = []
        for (index, value) in list.enumerated() {
            let entry = try StrictObject(
                value, "\(object.name("signatures"))[\(index)]", members: ["keyid", "sig"])
            let bytes = try entry.base64("sig")
            guard !bytes.isEmpty else { throw .empty(entry.name("sig")) }
            guard bytes.count <= Self.signatureByteLimit else {
                throw .value(
                    entry.name("sig"), found: "\(bytes.count) bytes", expected: "at most \(Self.signatureByteLimit)")
            }
            signatures.append(Signature(keyID: entry.has("keyid") ? try entry.string("keyid") : "", bytes: bytes))
        }
        self.signatures = signatures
    }
}
