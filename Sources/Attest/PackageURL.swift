/// Package URLs (ECMA-427).
enum PackageURL {
    /// Of a thing that no package registry has: what tells it from others is its digest.
    static func generic(_ name: String, version: String?, sha256: String) -> String {
        "pkg:generic/\(encoded(name))" + (version.map { "@\(encoded($0))" } ?? "") + "?checksum=sha256:\(sha256)"
    }

    /// Percent-encoded but for what RFC 3986 calls unreserved.
    static func encoded(_ text: String) -> String {
        let plain = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~"
        let digits = Array("0123456789ABCDEF".utf8)
        var bytes: [UInt8] = []
        for byte in text.utf8 {
            if plain.utf8.contains(byte) {
                bytes.append(byte)
            } else {
                bytes += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
