internal import Intake
internal import JSON
internal import Jobs
internal import Keys
internal import Measure
internal import NIOCore
internal import NIOHTTP1
internal import Verify

/// `POST /v1/verify`: a form with one file for each artifact, under the artifact's name, and the public key as `key`.
///
/// It is answered here and not by the supervisor, which parses nothing that a user sends. Nothing of it is stored.
extension Desk {
    private static let keyLimit = 16 << 10

    func verify(_ request: Incoming) async throws -> Reply {
        guard bundles.enter([]) == nil else {
            throw GatewayError.full("\(limits.bundles) bundles are being verified")
        }
        defer { bundles.leave([]) }
        // Who asks has to be somebody: the supervisor says so, or refuses.
        _ = try await supervisor.document(.GET, "/v1/rootfs", for: request)
        let boundary = try Boundary(contentType: request.head.headers.first(name: "content-type"))
        var form = MultipartLimits()
        form.parts = limits.bundleFiles
        form.totalBytes = limits.bundleBody
        let reader = FormReader(request.body, boundary, form)
        var bundle = EvidenceBundle()
        var key: PublicKey?
        while let part = try await reader.nextPart() {
            if part.name == "key" {
                key = try Desk.key(await collect(reader, limit: Desk.keyLimit))
            } else if Verifier.documentNames.contains(part.name) {
                let limit = min(limits.bundleDocument, Verifier.limit(of: part.name))
                bundle.add(part.name, bytes: try await collect(reader, limit: limit))
            } else {
                let name = try FileName(part.name, field: "the name of a part")
                bundle.add(name.text, measured: try await measure(reader))
            }
        }
        guard let key else {
            throw Violation("key", "is missing", remedy: "send the signer's public key as PEM, from a source you trust")
        }
        return Reply(json: Verifier.verify(bundle, trust: VerifierTrust(key)).json)
    }

    private static func key(_ pem: [UInt8]) throws(Violation) -> PublicKey {
        do throws(PublicKeyError) { return try PublicKey(pem: pem) } catch {
            throw Violation("key", "is not a public key of ECDSA P-256 as PEM", remedy: "send what /v1/keys shows")
        }
    }

    private func collect(_ reader: FormReader, limit: Int) async throws -> [UInt8] {
        await reader.examine(nil, limit: UInt64(limit))
        var bytes: [UInt8] = []
        while let piece = try await reader.nextPiece() { bytes += piece.readableBytesView }
        return bytes
    }

    private func measure(_ reader: FormReader) async throws -> Digest.Measured {
        var hasher = Hasher()
        var size: UInt64 = 0
        while let piece = try await reader.nextPiece() {
            piece.withUnsafeReadableBytes { hasher.update($0) }
            size += UInt64(piece.readableBytes)
        }
        return Digest.Measured(digest: hasher.finish(), size: size)
    }
}
