/// One thing that was looked at, and what came of it.
package struct Check: Sendable, Equatable {
    package enum Name: String, Sendable {
        case folder
        case signature
        case document
        case key
        case artifact
        case model
        case statement
        case modelSignature = "model-signature"
        case platform
        case quote
        case chain
        case timestamp
        case builder
        case policy
        case extra
        case input
        case file
        case log
    }

    package enum Outcome: Sendable, Equatable {
        case holds
        case fails(Reason)
        /// Stated, and nothing here says whether it is so.
        case claimed
    }

    /// Whose word it is that it holds.
    package enum Voucher: Sendable, Equatable {
        /// A key of the verifier's trust, by its id.
        case key(String)
        /// A log, by its origin.
        case log(String)
        /// A timestamp authority, by the subject of its certificate.
        case timestampAuthority(String)
        /// A certificate authority, by the subject of its certificate.
        case authority(String)
        /// A TPM, by the name of its attestation key.
        case tpm(String)
        /// The bytes themselves: a digest was computed again, here.
        case computation
        case nobody
    }

    package let name: Name
    /// The file, or the part of the document, that it is about.
    package let subject: String
    package let outcome: Outcome
    package let voucher: Voucher
    package let detail: String

    /// Whether it does not stand in the way: what is only claimed is no fault.
    package var ok: Bool { reason == nil }

    package var reason: Reason? { if case .fails(let reason) = outcome { reason } else { nil } }
}

extension Check.Voucher {
    package var kind: String {
        switch self {
        case .key: "key"
        case .log: "log"
        case .timestampAuthority: "timestamp-authority"
        case .authority: "authority"
        case .tpm: "tpm"
        case .computation: "computation"
        case .nobody: "nobody"
        }
    }

    package var id: String? {
        switch self {
        case .key(let id), .log(let id), .timestampAuthority(let id), .authority(let id), .tpm(let id): id
        case .computation, .nobody: nil
        }
    }
}
