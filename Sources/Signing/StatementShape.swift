internal import JSON

/// The only kind of document that the signer signs.
///
/// It cannot know whether a statement is true. It can see to it that the key never vouches for anything but an AIBoM: not
/// for a TLS handshake, a certificate, or a document that two readers read in two ways. Written apart from the code that
/// composes AIBoMs, so that a fault there is not repeated here.
enum StatementShape {
    /// - Parameter bytes: what is to be signed.
    /// - Throws: `SigningError.signerRefused` that says what is not as it must be.
    static func check(_ bytes: [UInt8]) throws(SigningError) {
        let statement: JSON
        do throws(JSONError) {
            statement = try JSON.parse(bytes, limits: .document)
        } catch {
            throw .signerRefused("statement is not strict json: \(error)")
        }
        try require(statement["bomFormat"] == "CycloneDX", "bomFormat is not CycloneDX")
        try require(["1.6", "1.7"].contains(statement["specVersion"]), "specVersion is not 1.6 or 1.7")
        try require(statement["version"] == 1, "version is not 1")
        try require(statement["signature"] == nil, "it has a signature inside; ours stands beside it")
        let job = try job(of: statement)
        let properties = statement["metadata"]?["properties"]?.arrayValue ?? []
        let named = properties.filter { $0["name"] == "aibomgen:observed:job.id" }
        try require(named.count == 1 && named[0]["value"] == .string(job), "it does not state its job's id once")
        for property in properties {
            try require(
                property["name"]?.stringValue?.hasPrefix("aibomgen:") == true,
                "a property of metadata is not of the aibomgen namespace")
        }
    }

    /// The UUIDv7 (RFC 9562, section 5.7) in `urn:uuid:`, in lower case.
    private static func job(of statement: JSON) throws(SigningError) -> String {
        let serial = statement["serialNumber"]?.stringValue ?? ""
        let prefix = "urn:uuid:"
        let id = Array(serial.utf8.dropFirst(prefix.utf8.count))
        let dashes = [8, 13, 18, 23]
        let isHex = { (byte: UInt8) in (0x30...0x39).contains(byte) || (0x61...0x66).contains(byte) }
        let isWellFormed =
            serial.hasPrefix(prefix) && id.count == 36
            && id.indices.allSatisfy { dashes.contains($0) ? id[$0] == UInt8(ascii: "-") : isHex(id[$0]) }
        try require(
            isWellFormed && id[14] == UInt8(ascii: "7") && "89ab".utf8.contains(id[19]),
            "serialNumber is not a urn of a version 7 uuid in lower case")
        return String(decoding: id, as: UTF8.self)
    }

    private static func require(_ condition: Bool, _ fault: String) throws(SigningError) {
        guard condition else { throw .signerRefused("statement is no aibom: \(fault)") }
    }
}
