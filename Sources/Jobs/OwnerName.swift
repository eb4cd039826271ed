internal import JSON

/// The names that jobs are kept under. What comes before a colon says who vouches for the name:
///
/// - `uid:N`, the kernel, for a local user;
/// - `oidc:…`, the gateway, for somebody whose identity provider it asked;
/// - a name without a colon, a token that an operator made.
///
/// So no operator's slip and no gateway can make a name that the kernel would give.
package enum OwnerName {
    package static let maximumLength = 128
    package static let statedPrefix = "oidc:"

    package static func ofUser(_ uid: UInt32) -> String { "uid:\(uid)" }

    /// Checks a name that a token will carry.
    ///
    /// - Parameters:
    ///   - name: as the operator wrote it.
    ///   - field: where it stood.
    /// - Throws: a `Violation` of `field`.
    package static func checkGiven(_ name: String, field: String) throws(Violation) {
        let remedy = "use letters, digits and . _ @ + - only, beginning with a letter or digit"
        guard (1...maximumLength).contains(name.utf8.count) else {
            throw Violation(
                field, "is not 1 to \(maximumLength) characters long", limit: .integer(Int64(maximumLength)),
                remedy: remedy)
        }
        guard !name.utf8.contains(UInt8(ascii: ":")) else {
            throw Violation(
                field, "contains a colon: uid: and oidc: names are given by the kernel and by the identity provider",
                remedy: remedy)
        }
        guard name.utf8.allSatisfy(isPlain), name.utf8.first.map(isAlphanumeric) == true else {
            throw Violation(field, "contains a character that names don't have", remedy: remedy)
        }
    }

    /// Whether the gateway may state this name: `oidc:` and then printable ASCII that needs no quoting in a header or a log.
    package static func isStated(_ name: String) -> Bool {
        guard name.hasPrefix(statedPrefix), name.utf8.count <= maximumLength else { return false }
        let rest = name.utf8.dropFirst(statedPrefix.utf8.count)
        return !rest.isEmpty && rest.allSatisfy { isPlain($0) || ":/|=~%#".utf8.contains($0) }
    }

    private static func isPlain(_ byte: UInt8) -> Bool { isAlphanumeric(byte) || "._@+-".utf8.contains(byte) }

    private static func isAlphanumeric(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "a")...UInt8(ascii: "z"):
            true
        default: false
        }
    }
}
