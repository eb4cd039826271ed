/// Why evidence is refused. The words are a contract: scripts and docs/tamper-matrix.md name them.
package enum Reason: String, Sendable, CaseIterable {
    // What lies there.
    case folderUnreadable = "folder-unreadable"
    case fileMissing = "file-missing"
    case fileUnnamed = "file-unnamed"
    case fileNotRegular = "file-not-regular"
    case fileIsLink = "file-is-link"
    case fileTooLarge = "file-too-large"
    case fileUnreadable = "file-unreadable"
    case fileUnknown = "file-unknown"
    case inputUnknown = "input-unknown"
    case artifactSizeMismatch = "artifact-size-mismatch"
    case artifactDigestMismatch = "artifact-digest-mismatch"

    // Who signed.
    case keyMissing = "key-missing"
    case keyNotYetValid = "key-not-yet-valid"
    case keyExpired = "key-expired"
    case keyRevoked = "key-revoked"
    case keyTimeUnproved = "key-time-unproved"

    // The AIBoM.
    case billMalformed = "bill-malformed"
    case billMissing = "bill-missing"
    case billSignatureMalformed = "bill-signature-malformed"
    case billSignatureMismatch = "bill-signature-mismatch"
    case billKeyMismatch = "bill-key-mismatch"
    case billModelAmbiguous = "bill-model-ambiguous"
    case platformUnbound = "platform-unbound"
    case platformMalformed = "platform-malformed"
    case platformKeyMismatch = "platform-key-mismatch"

    // The statements.
    case envelopeMalformed = "envelope-malformed"
    case envelopeTypeMismatch = "envelope-type-mismatch"
    case envelopeSignatureCount = "envelope-signature-count"
    case envelopeSignatureMalformed = "envelope-signature-malformed"
    case envelopeSignatureMismatch = "envelope-signature-mismatch"
    case envelopeKeyMismatch = "envelope-key-mismatch"
    case statementMalformed = "statement-malformed"
    case statementSetMismatch = "statement-set-mismatch"
    case statementJobMismatch = "statement-job-mismatch"
    case statementBillMismatch = "statement-bill-mismatch"
    case statementPlatformMismatch = "statement-platform-mismatch"
    case statementSubjectMismatch = "statement-subject-mismatch"
    case statementPredicateMismatch = "statement-predicate-mismatch"
    case statementBuildTypeMismatch = "statement-build-type-mismatch"
    case statementBuilderMismatch = "statement-builder-mismatch"
    case statementPolicyMismatch = "statement-policy-mismatch"
    case statementTimeMismatch = "statement-time-mismatch"
    case statementInputMismatch = "statement-input-mismatch"
    case statementAttemptMismatch = "statement-attempt-mismatch"
    case statementKeyMismatch = "statement-key-mismatch"
    case statementFailureMismatch = "statement-failure-mismatch"

    // The model's own signature.
    case modelBundleMalformed = "model-bundle-malformed"
    case modelSignatureMalformed = "model-signature-malformed"
    case modelSignatureMismatch = "model-signature-mismatch"
    case modelHintMismatch = "model-hint-mismatch"
    case modelRootMismatch = "model-root-mismatch"
    case modelResourceMismatch = "model-resource-mismatch"
    case modelLinkMismatch = "model-link-mismatch"

    // Who else vouches.
    case quoteInvalid = "quote-invalid"
    case chainMalformed = "chain-malformed"
    case chainKeyMismatch = "chain-key-mismatch"
    case chainUntrusted = "chain-untrusted"
    case chainTimeUnproved = "chain-time-unproved"
    case timestampMalformed = "timestamp-malformed"
    case timestampMismatch = "timestamp-mismatch"
    case timestampUntrusted = "timestamp-untrusted"
    case timestampMissing = "timestamp-missing"

    // The audit log.
    case logProofMissing = "log-proof-missing"
    case logProofMalformed = "log-proof-malformed"
    case logPathMismatch = "log-path-mismatch"
    case logUntrusted = "log-untrusted"
    case logSignatureMismatch = "log-signature-mismatch"
    case logWitnessesMissing = "log-witnesses-missing"
    case logRolledBack = "log-rolled-back"
    case logEventMismatch = "log-event-mismatch"
    case logJobMismatch = "log-job-mismatch"
    case logOutcomeMismatch = "log-outcome-mismatch"
    case logDigestMismatch = "log-digest-mismatch"
    case logFileUnlisted = "log-file-unlisted"

    // What the verifier accepts.
    case builderUntrusted = "builder-untrusted"
    case policyUntrusted = "policy-untrusted"
}
