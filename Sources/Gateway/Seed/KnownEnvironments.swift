internal import Jobs
internal import NIOCore
internal import Synchronization

/// The environments as the supervisor last told them to each credential, for a moment.
///
/// A form is held to them, and who may not submit is refused by the question for them before a byte of the form is read. Who was let in
/// a moment ago is not asked for again; one whose token has ended meanwhile is refused with the form's first file.
final class KnownEnvironments: Sendable {
    private static let lifetime = TimeAmount.seconds(1)
    private static let most = 1024

    private let answers = Mutex<[Credential: (at: NIODeadline, environments: [RootfsDescription])]>([:])

    /// What `ask` has answered, now or a moment ago.
    func environments(
        for credential: Credential, _ ask: () async throws -> [RootfsDescription]
    ) async throws -> [RootfsDescription] {
        let now = NIODeadline.now()
        if let known = answers.withLock({ $0[credential] }), now - known.at < Self.lifetime {
            return known.environments
        }
        let environments = try await ask()
        answers.withLock { answers in
            if answers.count >= Self.most { answers = answers.filter { now - $0.value.at < Self.lifetime } }
            if answers.count < Self.most { answers[credential] = (now, environments) }
        }
        return environments
    }
}
