internal import Linux
package import Policy
internal import Synchronization
internal import SystemPackage

/// What is made ahead of jobs, so that neither its making nor its teardown lies on the launch path: see `JobSlot`.
///
/// Each slot is used once. An empty pool makes one on the spot: slower, never less confined.
package final class JobPool: Sendable {
    private struct State {
        var ready: [JobSlot] = []
        var next: UInt32
    }

    private let workplace: Workplace
    private let retired = RetiredGroups()
    private let state: Mutex<State>

    package init(workplace: Workplace) {
        self.workplace = workplace
        // Begin at a place that differs from process to process; uids are reused as late as the range allows.
        state = Mutex(State(next: UInt32.random(in: 0..<UInt32(HostUser.range.count))))
    }

    /// A slot of the policy's that no job had before.
    func take(for policy: Policy) throws(SandboxError) -> JobSlot {
        let ready = state.withLock { state -> JobSlot? in
            guard let place = state.ready.lastIndex(where: { $0.policy == policy }) else { return nil }
            return state.ready.remove(at: place)
        }
        if let ready { return ready }
        return try make(policy)
    }

    /// Makes slots until `count` are ready, and removes what is left of jobs that ended; call it when no job waits.
    package func fill(to count: Int, for policy: Policy) throws(SandboxError) {
        retired.clear()
        while state.withLock({ $0.ready.count }) < count {
            let slot = try make(policy)
            state.withLock { $0.ready.append(slot) }
        }
    }

    private func make(_ policy: Policy) throws(SandboxError) -> JobSlot {
        let start = state.withLock { state in
            defer { state.next &+= 1 }
            return state.next
        }
        return try JobSlot(for: policy, HostUser.reserve(in: workplace.users, from: start), workplace, retired)
    }
}

/// Groups of jobs that have ended: their removal waits for a moment in which no job does.
final class RetiredGroups: Sendable {
    private static let most = 64
    private let groups = Mutex<[JobGroup]>([])

    func take(_ group: JobGroup) {
        // Beyond the bound the holder lets go of it, which removes it at once.
        groups.withLock { if $0.count < Self.most { $0.append(group) } }
    }

    func clear() {
        let all = groups.withLock { groups in
            defer { groups = [] }
            return groups
        }
        _ = consume all
    }
}
