internal import Foundation
internal import HTTPTypes
internal import Jobs
internal import Measure

extension Artifact {
    var entityTag: EntityTag { EntityTag(blob.digest.hex) }

    /// What HTTP says of the artifact, whatever part of it is sent.
    ///
    /// A job chose the bytes: nobody may read them as anything but what is said here, and a browser keeps them as a file.
    var fields: HTTPFields {
        var fields: HTTPFields = [.contentType: mediaType, .eTag: "\(entityTag)", .acceptRanges: "bytes"]
        fields[.xContentTypeOptions] = "nosniff"
        fields[.contentDisposition] = Artifact.disposition(of: name)
        // An artifact never changes, but who may read it does.
        fields[.cacheControl] = "private, no-cache"
        fields[.reprDigest] = "sha-256=:\(Data(blob.digest.bytes).base64EncodedString()):"
        return fields
    }

    var mediaType: String {
        switch role {
        case .bom: "application/vnd.cyclonedx+json"
        case .logs: "text/plain; charset=utf-8"
        default: name.hasSuffix(".json") ? "application/json" : "application/octet-stream"
        }
    }

    /// A name that no shell, file system or browser reads as more than a name; its true spelling beside it (RFC 6266, RFC 8187).
    static func disposition(of name: String) -> String {
        let plain = String(name.unicodeScalars.map { isPlain($0) ? Character($0) : "_" }.drop { $0 == "." })
        let safe = plain.isEmpty ? "artifact" : plain
        guard safe != name else { return "attachment; filename=\"\(safe)\"" }
        let hex = Array("0123456789ABCDEF")
        let encoded = name.utf8.map { byte in
            isPlain(Unicode.Scalar(byte))
                ? String(Unicode.Scalar(byte)) : "%\(hex[Int(byte >> 4)])\(hex[Int(byte & 15)])"
        }
        return "attachment; filename=\"\(safe)\"; filename*=UTF-8''\(encoded.joined())"
    }

    private static func isPlain(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case "a"..."z", "A"..."Z", "0"..."9", ".", "_", "-": true
        default: false
        }
    }
}

extension HTTPField.Name {
    /// RFC 9530.
    static let reprDigest = known("Repr-Digest")
    static let lastEventID = known("Last-Event-ID")
    static let idempotencyKey = known("Idempotency-Key")
    static let traceparent = known("traceparent")

    static func known(_ name: String) -> Self {
        guard let name = Self(name) else { preconditionFailure("\(name) is a token") }
        return name
    }
}
