package import AuditLog
package import Keys
package import Measure

/// Whose word a verifier takes, and for what. What is nil or empty is left open: the verdict then shows it as a claim.
package struct VerifierTrust: Sendable {
    /// A key that signs documents, and from when to when.
    package struct Key: Sendable, Equatable {
        package struct Revocation: Sendable, Equatable {
            package let time: Instant
            package let reason: String

            package init(time: Instant, reason: String) {
                self.time = time
                self.reason = reason
            }
        }

        package let id: String
        /// Nil where only the id is known: the evidence then has to bring the key in its certificate.
        package let key: PublicKey?
        package let notBefore: Instant?
        package let notAfter: Instant?
        package let revoked: Revocation?

        package init(
            _ key: PublicKey, notBefore: Instant? = nil, notAfter: Instant? = nil, revoked: Revocation? = nil
        ) {
            self.init(id: key.keyID, key: key, notBefore: notBefore, notAfter: notAfter, revoked: revoked)
        }

        package init(
            id: String, key: PublicKey?, notBefore: Instant? = nil, notAfter: Instant? = nil,
            revoked: Revocation? = nil
        ) {
            self.id = id
            self.key = key
            self.notBefore = notBefore
            self.notAfter = notAfter
            self.revoked = revoked
        }
    }

    /// A policy that is accepted: by name, by digest, or by both.
    package struct Policy: Sendable, Equatable {
        package let name: String?
        package let sha256: String?

        package init(name: String?, sha256: String?) {
            self.name = name
            self.sha256 = sha256
        }
    }

    package var keys: [Key]
    /// Accepted `builder.id`s; nil leaves it open.
    package var builders: [String]?
    package var policies: [Policy]?
    package var log: LogTrust?
    /// Certificates in DER, of whom a chain of the signer's may end in.
    package var authorities: [[UInt8]] = []
    /// Certificates in DER, of whom a timestamp's chain may end in.
    package var timestampAuthorities: [[UInt8]] = []
    /// Who is believed about TPMs; nil leaves open whether a key is a TPM's.
    package var tpmAuthorities: QuoteAuthorities?

    package init(keys: [Key] = [], log: LogTrust? = nil) {
        self.keys = keys
        self.log = log
    }

    /// Takes one more key, without bounds; one that is known by its id keeps the bounds that it has.
    package mutating func add(_ key: PublicKey) {
        guard let index = keys.firstIndex(where: { $0.id == key.keyID }) else { return keys.append(Key(key)) }
        let known = keys[index]
        keys[index] = Key(key, notBefore: known.notBefore, notAfter: known.notAfter, revoked: known.revoked)
    }

    /// One key, without bounds.
    package init(_ key: PublicKey, log: LogTrust? = nil) { self.init(keys: [Key(key)], log: log) }
}

/// Whose logs a verifier takes the word of.
package struct LogTrust: Sendable {
    let logs: [VerifierKey]
    let witnesses: [VerifierKey]
    let policy: TlogPolicy?
    /// How large the log is known to be: a proof under an older checkpoint is of a log that went back.
    package var leastSize: UInt64 = 0

    /// One log, without a witness.
    package init(_ key: VerifierKey) { self.init(logs: [key]) }

    /// Any of `logs`, without a witness.
    package init(logs: [VerifierKey]) {
        self.logs = logs
        witnesses = []
        policy = nil
    }

    package init(_ policy: TlogPolicy) {
        logs = policy.logs
        witnesses = policy.witnesses
        self.policy = policy
    }
}
