internal import ArgumentParser
internal import CLinux
internal import Keys
internal import Linux
internal import Verify

/// Whose word is taken: a trust file, or a key.
package struct TrustOptions: ParsableArguments {
    @Option(help: "The signer's public key as PEM, from a source you trust.", completion: .file()) var key: String?
    @Option(
        name: .customLong("trust"),
        help: "A trust file: which keys, builders, policies, logs and authorities you accept (docs/verify.md).",
        completion: .file())
    var file: String?
    @Option(
        name: .customLong("key-history"),
        help:
            "The signed history of keys, as aibom keys history --raw prints it: keys that a trusted one leads to count, too.",
        completion: .file()) var history: String?
    @Option(
        name: .customLong("ca"), help: "Certificates (PEM) that a signer's chain may end in.", completion: .file())
    var authorities: String?
    @Option(
        name: .customLong("tsa"), help: "Certificates (PEM) of timestamp authorities.", completion: .file())
    var timestampAuthorities: String?
    @Option(
        name: .customLong("tpm-ca"), help: "Certificates (PEM) of those who certify TPMs' attestation keys.",
        completion: .file())
    var tpmAuthorities: String?
    @OptionGroup var log: LogTrustOptions

    package init() {}

    package func validate() throws {
        guard key != nil || file != nil || authorities != nil else {
            throw ValidationError("say whom you trust: --key PUB.pem, --ca FILE or --trust FILE")
        }
    }

    /// What the options say together: a key given beside a file is one more, or the bytes of one that the file knows by its id.
    ///
    /// - Throws: `VerifyTrouble` for a file that does not read.
    func trust() throws(VerifyTrouble) -> VerifierTrust {
        var trust = VerifierTrust()
        if let file {
            let bytes = try Self.read(file, "the trust file", limit: VerifierTrust.sizeLimit)
            do throws(VerifyError) { trust = try VerifierTrust(json: bytes) } catch {
                throw VerifyTrouble("\(file): \(error)", remedy: "see docs/verify.md, which has an example")
            }
        }
        if let key { trust.add(try publicKey(key)) }
        try add(authorities, "the authorities", to: &trust) { (trust, pem) throws(VerifyError) in
            try trust.add(authorities: pem)
        }
        try add(timestampAuthorities, "the timestamp authorities", to: &trust) { (trust, pem) throws(VerifyError) in
            try trust.add(timestampAuthorities: pem)
        }
        try add(tpmAuthorities, "the TPM authorities", to: &trust) { (trust, pem) throws(VerifyError) in
            try trust.set(tpmAuthorities: pem)
        }
        try add(history, "the key history", to: &trust) { (trust, bytes) throws(VerifyError) in
            let history: KeyHistory
            do throws(KeyHistoryError) { history = try KeyHistory(bytes) } catch {
                throw .trust(place: "key history", fault: error.description)
            }
            try trust.add(history)
        }
        if let log = try log.trust() { trust.log = log }
        return trust
    }

    private func add(
        _ path: String?, _ what: String, to trust: inout VerifierTrust,
        _ body: (inout VerifierTrust, [UInt8]) throws(VerifyError) -> Void
    ) throws(VerifyTrouble) {
        guard let path else { return }
        let bytes = try Self.read(path, what, limit: VerifierTrust.sizeLimit)
        do throws(VerifyError) { try body(&trust, bytes) } catch {
            throw VerifyTrouble("\(path): \(error)", remedy: "see docs/verify.md")
        }
    }

    private func publicKey(_ path: String) throws(VerifyTrouble) -> PublicKey {
        let bytes = try Self.read(path, "the public key", limit: 1 << 16)
        do throws(PublicKeyError) { return try PublicKey(pem: bytes) } catch {
            throw VerifyTrouble(
                "couldn't read the public key \(path): \(error)",
                remedy: "give the PEM file that aibom keys show printed")
        }
    }

    static func read(_ path: String, _ what: String, limit: Int) throws(VerifyTrouble) -> [UInt8] {
        do throws(LinuxError) {
            return try OwnedDescriptor.open(path, flags: O_RDONLY, stage: "open").readAll(limit: limit)
        } catch {
            throw VerifyTrouble("couldn't read \(what) \(path): \(error)", remedy: "give a file that is there")
        }
    }
}
