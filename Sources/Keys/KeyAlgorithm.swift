internal import COpenSSL

/// What a key signs with: documents on P-256 as every tool takes it, on P-384 where a policy asks for it, or with Ed25519; notes of
/// logs with Ed25519, as C2SP has it.
package enum KeyAlgorithm: String, Sendable, CaseIterable {
    case p256, p384, ed25519

    /// Of our kinds the one that `key` is; nil for any other.
    package init?(of key: OpaquePointer) {
        guard let algorithm = Self.allCases.first(where: { $0.isOf(key) }) else { return nil }
        self = algorithm
    }

    package func isOf(_ key: OpaquePointer) -> Bool {
        guard let curve else { return EVP_PKEY_is_a(key, "ED25519") == 1 }
        guard EVP_PKEY_is_a(key, "EC") == 1 else { return false }
        var group = [CChar](repeating: 0, count: 64)
        guard EVP_PKEY_get_group_name(key, &group, group.count, nil) == 1 else { return false }
        return group.prefix { $0 != 0 }.elementsEqual(curve.utf8.map { CChar(bitPattern: $0) })
    }

    /// OpenSSL's name of the curve; nil for Ed25519, which has but one.
    package var curve: String? {
        switch self {
        case .p256: "prime256v1"
        case .p384: "secp384r1"
        case .ed25519: nil
        }
    }

    /// What hashes the message first; Ed25519 has a hash of its own.
    package var digest: OpaquePointer? {
        switch self {
        case .p256: EVP_sha256()
        case .p384: EVP_sha384()
        case .ed25519: nil
        }
    }

    /// As the API and people call it.
    package var name: String {
        switch self {
        case .p256: "ecdsa-p256-sha256"
        case .p384: "ecdsa-p384-sha384"
        case .ed25519: "ed25519"
        }
    }

    /// Whether the private and the public half belong together: a file can claim any public half.
    package static func isConsistent(_ key: OpaquePointer) -> Bool {
        guard let context = EVP_PKEY_CTX_new(key, nil) else { return false }
        defer { EVP_PKEY_CTX_free(context) }
        return EVP_PKEY_check(context) == 1
    }

    /// Whether a public point lies on its curve.
    static func isPublicKeyValid(_ key: OpaquePointer) -> Bool {
        guard let context = EVP_PKEY_CTX_new(key, nil) else { return false }
        defer { EVP_PKEY_CTX_free(context) }
        return EVP_PKEY_public_check(context) == 1
    }
}
