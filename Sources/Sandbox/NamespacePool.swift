internal import Linux
internal import Synchronization
internal import SystemPackage

/// Namespaces made ahead of their jobs, so that neither their making nor their teardown lies on the launch path.
///
/// Each is used once. An empty pool makes one on the spot: slower, never less confined.
package final class NamespacePool: Sendable {
    /// One prepared pair and its host uid.
    package final class Entry: Sendable {
        let prepared: PreparedNamespaces
        init(_ prepared: consuming PreparedNamespaces) { self.prepared = prepared }
    }

    private struct State {
        var ready: [Entry] = []
        var next: UInt32
    }

    private let users: String
    private let state: Mutex<State>

    package init(workplace: Workplace) {
        users = workplace.users
        // Begin at a place that differs from process to process; uids are reused as late as the range allows.
        state = Mutex(State(next: UInt32.random(in: 0..<UInt32(HostUser.range.count))))
    }

    /// A pair that no job had before.
    package func take() throws(SandboxError) -> Entry {
        if let entry = state.withLock({ $0.ready.popLast() }) { return entry }
        return try make()
    }

    /// Makes pairs until `count` are ready; call it when no job waits.
    package func fill(to count: Int) throws(SandboxError) {
        while state.withLock({ $0.ready.count }) < count {
            let entry = try make()
            state.withLock { $0.ready.append(entry) }
        }
    }

    private func make() throws(SandboxError) -> Entry {
        let start = state.withLock { state in
            defer { state.next &+= 1 }
            return state.next
        }
        return Entry(try PreparedNamespaces(for: try HostUser.reserve(in: users, from: start)))
    }
}
