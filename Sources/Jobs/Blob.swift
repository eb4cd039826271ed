package import JSON
package import Measure

/// A blob that is stored: the digest and the size were taken in the pass that stored it.
package struct Blob: Sendable, Hashable {
    package let digest: Digest
    package let size: UInt64

    package init(digest: Digest, size: UInt64) {
        self.digest = digest
        self.size = size
    }
}

extension Blob {
    package var json: JSON { ["sha256": .string(digest.hex), "size": .integer(Int64(clamping: size))] }

    package init?(json: JSON) {
        guard let digest = json["sha256"]?.stringValue.flatMap(Digest.init(hex:)),
            let size = json["size"]?.integerValue.flatMap(UInt64.init(exactly:))
        else { return nil }
        self.init(digest: digest, size: size)
    }
}
