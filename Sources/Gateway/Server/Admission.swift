internal import Synchronization

/// How many of something there are, of everybody and of each key.
final class Admission: Sendable {
    private let total: Int
    private let perKey: Int
    private let counts = Mutex((all: 0, keys: [String: Int]()))

    enum Refusal { case total, key }

    init(total: Int, perKey: Int) {
        self.total = total
        self.perKey = perKey
    }

    /// Takes one place under every key, or none.
    func enter(_ keys: [String]) -> Refusal? {
        counts.withLock { counts in
            guard counts.all < total else { return .total }
            guard keys.allSatisfy({ counts.keys[$0, default: 0] < perKey }) else { return .key }
            counts.all += 1
            for key in keys { counts.keys[key, default: 0] += 1 }
            return nil
        }
    }

    /// Gives back what `enter` took.
    func leave(_ keys: [String]) {
        counts.withLock { counts in
            counts.all -= 1
            for key in keys {
                let count = counts.keys[key, default: 1] - 1
                counts.keys[key] = count > 0 ? count : nil
            }
        }
    }
}
