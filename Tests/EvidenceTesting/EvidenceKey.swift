package import Keys
internal import Signing

/// A document key of a test, which several bundles may share.
package final class EvidenceKey: @unchecked Sendable {
    // OpenSSL's keys may be used by several threads at once; nobody changes this one.
    private let key: SigningKey

    package init(_ algorithm: KeyAlgorithm = .p256) throws { key = try SigningKey.generate(algorithm) }

    package var publicKey: PublicKey { key.publicKey }

    package func sign(_ bytes: [UInt8]) throws -> [UInt8] { try key.sign(bytes) }
}
