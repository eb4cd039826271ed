internal import Keys
internal import Measure

/// The signer's certificate and those above it, as the evidence brings them.
struct CertificateChain {
    enum Standing {
        /// The trust has no authorities: nothing is known of it.
        case open
        case trusted
        case refused(Reason, String)
    }

    let certificates: [X509Certificate]
    /// The first one's; nil when it signs no documents here.
    let key: PublicKey?
    var standing = Standing.open

    private init?(_ certificates: [X509Certificate]) {
        guard let first = certificates.first else { return nil }
        self.certificates = certificates
        key = first.key
    }

    /// - Parameter certificates: in DER, the signer's first.
    init?(_ certificates: [[UInt8]]) {
        let read = certificates.prefix(X509Certificate.limit).compactMap { X509Certificate(der: $0) }
        guard read.count == certificates.count else { return nil }
        self.init(read)
    }

    init?(pem: [UInt8]) { self.init(X509Certificate.read(pem: pem)) }

    /// Judges the chain at the moment that is proved: a certificate that has run out since is no fault, and one that anybody may date
    /// back is no proof.
    mutating func judge(by authorities: [[UInt8]], at proved: ProvedTime?) {
        guard !authorities.isEmpty else { return }
        guard let proved else {
            standing = .refused(
                .chainTimeUnproved, "neither a log nor a timestamp proves a time at which to judge its certificates")
            return
        }
        guard let store = X509Store(authorities, at: proved.time) else {
            standing = .refused(.chainUntrusted, "the trust's authorities do not read")
            return
        }
        if let fault = store.fault(of: certificates[0], through: Array(certificates.dropFirst())) {
            standing = .refused(.chainUntrusted, "\(fault), at \(proved.time)")
        } else if !certificates[0].maySign {
            standing = .refused(.chainUntrusted, "its first certificate is not for signatures")
        } else {
            standing = .trusted
        }
    }
}

extension Verifier {
    /// Takes the chain in, before anything is said of it: it may hold the key.
    mutating func readChain() {
        guard has(Documents.chain), let pem = bytes(of: Documents.chain) else { return }
        var chain = CertificateChain(pem: pem)
        chain?.judge(by: trust.authorities, at: provedTime)
        self.chain = chain
    }

    mutating func checkChain(_ signer: Signer?) {
        guard has(Documents.chain) else { return }
        guard let chain else {
            return verdict.fail(.chain, Documents.chain, .chainMalformed, "holds no certificate in PEM")
        }
        if case .refused(let reason, let fault) = chain.standing {
            return verdict.fail(.chain, Documents.chain, reason, fault)
        }
        guard let signer, chain.key == signer.key else {
            return verdict.fail(
                .chain, Documents.chain, .chainKeyMismatch, "its first certificate is not of the key that signed")
        }
        let subject = chain.certificates[0].subject
        guard case .trusted = chain.standing else {
            return verdict.claim(.chain, Documents.chain, "of \(subject); the trust has no authority to judge it by")
        }
        verdict.pass(
            .chain, Documents.chain, by: .authority(chain.certificates.last?.subject ?? subject),
            "the key is of \(subject)")
    }
}
