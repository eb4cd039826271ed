internal import COpenSSL

/// The one curve we sign with: OMS, DSSE and `openssl dgst` all take it.
package enum P256 {
    package static let name = "prime256v1"

    package static func isCurve(of key: OpaquePointer) -> Bool {
        guard EVP_PKEY_get_base_id(key) == EVP_PKEY_EC else { return false }
        var group = [CChar](repeating: 0, count: 64)
        guard EVP_PKEY_get_group_name(key, &group, group.count, nil) == 1 else { return false }
        return group.prefix { $0 != 0 }.elementsEqual(name.utf8.map { CChar(bitPattern: $0) })
    }

    /// Whether the private and the public half belong together: a file can claim any public half.
    package static func isConsistent(_ key: OpaquePointer) -> Bool {
        guard let context = EVP_PKEY_CTX_new(key, nil) else { return false }
        defer { EVP_PKEY_CTX_free(context) }
        return EVP_PKEY_check(context) == 1
    }

    /// Whether a public point lies on the curve.
    package static func isPublicKeyValid(_ key: OpaquePointer) -> Bool {
        guard let context = EVP_PKEY_CTX_new(key, nil) else { return false }
        defer { EVP_PKEY_CTX_free(context) }
        return EVP_PKEY_public_check(context) == 1
    }
}
