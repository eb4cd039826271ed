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
    private let retired = Retired()
    private let state: Mutex<State>

    package init(workplace: Workplace) {
        self.workplace = workplace
        // Begin at a place that differs from process to process; uids are reused as late as the range allows.
        state = Mutex(State(next: UInt32.random(in: 0..<UInt32(HostUser.range.count))))
    }

    /// A slot of the policy's that no job had before.
    func take(for policy: Policy) throws(SandboxError) -> JobSlot {
        let ready = state.withLock { state -> JobSlot? in
            guard let place = state.ready.lastIndex(where: { $0.policy.isAlike(policy) }) else { return nil }
            return state.ready.remove(at: place)
        }
        guard let ready else { return try make(policy) }
        // Made for whoever comes, its group has the limits of the policy; nobody is in it yet.
        if ready.policy.limits != policy.limits { try ready.group.limit(policy.limits) }
        return ready
    }

    /// Makes slots until `count` are ready, and removes what is left of jobs that ended; call it when no job waits.
    package func fill(to count: Int, for policy: Policy) throws(SandboxError) {
        retired.clear()
        while state.withLock({ $0.ready.count }) < count {
            let slot = try make(policy)
            state.withLock { $0.ready.append(slot) }
        }
    }

    /// Takes a slot whose job is dead and whose /out nobody will look at.
    func retire(_ slot: JobSlot) { retired.take(slot) }

    private func make(_ policy: Policy) throws(SandboxError) -> JobSlot {
        let start = state.withLock { state in
            defer { state.next &+= 1 }
            return state.next
        }
        return try JobSlot(for: policy, HostUser.reserve(in: workplace.users, from: start), workplace, retired)
    }
}

/// What is left of jobs that have ended: its removal waits for a moment in which no job does.
final class Retired: Sendable {
    private static let most = 64
    private let owners = Mutex<[any AnyObject & Sendable]>([])

    /// Beyond the bound nothing is taken: whoever gives it lets go of it, which removes it at once.
    func take(_ owner: any AnyObject & Sendable) {
        owners.withLock { if $0.count < Self.most { $0.append(owner) } }
    }

    func clear() {
        // A slot that goes hands its group in again, so until there is nothing more.
        while true {
            let all = owners.withLock { owners in
                defer { owners = [] }
                return owners
            }
            if all.isEmpty { return }
        }
    }
}
