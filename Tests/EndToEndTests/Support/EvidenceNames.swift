/// The files that a job's evidence is made of, sorted: a contract.
enum EvidenceNames {
    /// Of a job of which nothing ran, or nothing is left.
    static let bare = ["aibom.tlog-proof", "attestation.intoto.jsonl", "platform.json"]
    static let failed = (bare + ["aibom.json", "aibom.sig", "logs.txt"]).sorted()
    static let completed = (failed + ["metrics.json", "model.sig", "trained_model.keras"]).sorted()
}
