internal import Measure

/// The name under which the jobs of somebody are kept whom an identity provider vouches for.
///
/// `oidc:ISSUER#SUBJECT`, the issuer without its scheme, where both are of plain characters and short; else `oidc:HOST~SHA-256`, of
/// issuer, line feed and subject. No two people have one name: a `#` or `~` stands in neither part, so a name says which form it
/// has, and the first form says both parts to the letter.
enum StatedOwner {
    /// What the supervisor takes (`OwnerName`).
    static let maximumBytes = 128

    static func name(issuer: String, subject: String) -> String {
        let place = issuer.hasPrefix("https://") ? String(issuer.dropFirst("https://".count)) : issuer
        let plain = "oidc:\(place)#\(subject)"
        if issuer.hasPrefix("https://"), isPlain(place), isPlain(subject), plain.utf8.count <= maximumBytes {
            return plain
        }
        let host = place.split(separator: "/").first.map(String.init) ?? ""
        let shown = isPlain(host) && host.utf8.count <= 48 ? host : "provider"
        return "oidc:\(shown)~\(Digest.of(Array("\(issuer)\n\(subject)".utf8)).hex)"
    }

    private static func isPlain(_ text: String) -> Bool {
        !text.isEmpty
            && text.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"):
                    true
                default: "._@+-:/|=".utf8.contains(byte)
                }
            }
    }
}
