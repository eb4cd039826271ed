internal import JSON

extension AIBoM {
    /// By which method a part is known to be what it is called, in the place that CycloneDX has for it.
    enum Identity {
        /// The supervisor hashed the bytes that it stored.
        case hashed
        /// The kernel says so.
        case asked(String)
        /// Read from a list that is bound by its digest.
        case listed
        /// The submitter says so: nothing was compared with anything.
        case named

        var json: JSON {
            switch self {
            case .hashed: Self.claim("hash", 1, "hash-comparison", "SHA-256 of the bytes as the supervisor stored them")
            case .asked(let source): Self.claim("name", 1, "instrumentation", source)
            case .listed: Self.claim("purl", 1, "manifest-analysis", nil)
            case .named: Self.claim("name", 0, "other", "declared by the submitter, not checked")
            }
        }

        private static func claim(_ field: String, _ confidence: Int64, _ technique: String, _ value: String?) -> JSON {
            var method = JSONObject()
            method.add("technique", .string(technique))
            method.add("confidence", .integer(confidence))
            method.add("value", value.map(JSON.string))
            return ["field": .string(field), "methods": [.object(method)]]
        }
    }

    static func evidence(_ identities: [Identity]) -> JSON { ["identity": .array(identities.map(\.json))] }
}
