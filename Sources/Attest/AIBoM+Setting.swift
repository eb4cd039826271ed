package import JSON

extension AIBoM {
    /// Under whom, under which rules and when a job ran, as a document claims it.
    package struct Setting: Sendable, Equatable {
        package let builder: String
        package let policyName: String
        package let policySHA256: String
        package let attempt: Int64
        package let submitted: String
        package let started: String?
        package let finished: String
        /// Nil of a job that completed.
        package let failure: String?

        /// - Throws: `AttestError.document` for what is not stated once.
        package static func read(_ root: JSON) throws(AttestError) -> Setting {
            let metadata = root["metadata"] ?? .null
            guard let attempt = Int64(try property("observed:job.attempt", of: metadata)) else {
                throw .document("job.attempt is no number")
            }
            return Setting(
                builder: try property("observed:builder.id", of: metadata),
                policyName: try property("observed:policy.name", of: metadata),
                policySHA256: try property("observed:policy.sha256", of: metadata), attempt: attempt,
                submitted: try property("observed:job.submitted", of: metadata),
                started: try optional("observed:job.started", of: metadata),
                finished: try property("observed:job.finished", of: metadata),
                failure: try optional("observed:job.failure", of: metadata))
        }

        private static func optional(_ name: String, of part: JSON) throws(AttestError) -> String? {
            has(name, part) ? try property(name, of: part) : nil
        }
    }
}
