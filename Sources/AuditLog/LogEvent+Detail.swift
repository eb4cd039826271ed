internal import JSON

extension LogEvent.Kind {
    /// What a member of an entry's `detail` holds.
    package enum DetailType: String, Sendable {
        case text, integer, count, digest, digests, object, list, flag

        /// Whether `value` is of the type.
        func holds(_ value: JSON) -> Bool {
            switch self {
            case .text: value.stringValue.map { !$0.isEmpty } ?? false
            case .integer: value.integerValue != nil
            case .count: value.integerValue.map { $0 >= 0 } ?? false
            case .digest: value.stringValue.map(Self.isDigest) ?? false
            case .digests:
                value.objectValue.map { !$0.isEmpty && $0.members.allSatisfy { Self.digest.holds($0.value) } } ?? false
            case .object: value.objectValue != nil
            case .list: value.arrayValue != nil
            case .flag: value.boolValue != nil
            }
        }

        /// `sha256:` and 64 lower-case hexadecimal digits.
        private static func isDigest(_ text: String) -> Bool {
            let bytes = Array(text.utf8)
            return bytes.count == 71 && bytes.starts(with: "sha256:".utf8)
                && bytes.dropFirst(7).allSatisfy { (0x30...0x39).contains($0) || (0x61...0x66).contains($0) }
        }
    }

    /// Whether the event is a job's: such an entry names the job.
    package var isOfJob: Bool {
        switch self {
        case .jobSubmitted, .jobCancelAsked, .jobState, .jobDeniedCalls, .jobLimit, .jobSealed, .jobInputsDeleted,
            .evidenceRead:
            true
        case .jobRefused, .keyChanged, .tokenChanged, .policyChanged, .rootfsChanged, .configurationChanged,
            .supervisorStarted, .supervisorStopped, .clockStepped, .logReviewed:
            false
        }
    }

    /// The members that `detail` has at least; a writer may add others.
    package var detail: [(name: String, type: DetailType)] {
        switch self {
        case .jobSubmitted: [("inputs", .digests), ("rootfs", .text), ("policy", .text)]
        case .jobRefused: [("reason", .text)]
        case .jobCancelAsked: [("state", .text)]
        case .jobInputsDeleted: [("reason", .text)]
        case .jobState: [("from", .text), ("to", .text), ("attempt", .count)]
        case .jobDeniedCalls: [("attempt", .count), ("calls", .object)]
        case .jobLimit: [("attempt", .count), ("limit", .text)]
        case .jobSealed: [("attempt", .count), ("outcome", .text), ("artifacts", .digests)]
        case .evidenceRead: [("artifact", .text)]
        case .keyChanged: [("key_id", .text), ("change", .text)]
        case .tokenChanged: [("token", .text), ("change", .text)]
        case .policyChanged, .rootfsChanged: [("name", .text), ("change", .text), ("digest", .digest)]
        case .configurationChanged: [("digest", .digest), ("settings", .list)]
        case .supervisorStarted: [("version", .text), ("executable", .digest), ("host", .object)]
        case .supervisorStopped: [("reason", .text)]
        case .clockStepped: [("milliseconds", .integer)]
        case .logReviewed: [("through", .count), ("finding", .text)]
        }
    }

    /// Whether `detail` has what the event asks for.
    func check(_ detail: JSONObject, job: String?) throws(LogError) {
        guard !isOfJob || job != nil else { throw .malformed("log entry", "\(rawValue) names no job") }
        for member in self.detail {
            guard let value = detail[member.name], member.type.holds(value) else {
                throw .malformed("log entry", "\(rawValue) needs detail.\(member.name), a \(member.type.rawValue)")
            }
        }
    }
}
