package import Measure

/// What a history says of a key at a time, to somebody who trusts one key of it.
package enum KeyJudgement: Sendable, Equatable, CustomStringConvertible {
    case trusted
    /// The history knows no such key.
    case unknown
    /// The history knows nothing of the key that is trusted.
    case unconnected
    case notYet(since: Instant)
    case retired(at: Instant)
    case revoked(since: Instant, reason: String)
    /// On the way from the trusted key, one handed over when it was revoked already: who had stolen it could have done that.
    case brokenChain(by: String, since: Instant)

    package var isTrusted: Bool { self == .trusted }

    package var description: String {
        switch self {
        case .trusted: "trusted"
        case .unknown: "not a key of this history"
        case .unconnected: "this history is not one of the trusted key"
        case .notYet(let since): "not in use before \(since)"
        case .retired(let at): "retired at \(at)"
        case .revoked(let since, let reason): "revoked since \(since): \(reason)"
        case .brokenChain(let key, let since):
            "key \(key), revoked since \(since), handed over after that; get the new key by another way"
        }
    }
}

extension KeyHistory {
    /// Whether what a key signed at a time is to be believed.
    ///
    /// From the trusted key onward, each key vouches for its successor, unless it was revoked before it did. Backward, each vouches for
    /// its predecessors by having taken over from them.
    ///
    /// - Parameters:
    ///   - keyID: that the evidence names.
    ///   - time: when it was signed. The key itself says so, and a thief of it can say any other: where a key is revoked, take a time
    ///     that somebody else vouches for, a log or a time-stamping authority.
    ///   - trusted: the id of a key that is known from elsewhere.
    /// - Returns: the judgement; what is not `trusted` is to be refused.
    package func judge(_ keyID: String, at time: Instant, trusting trusted: String) -> KeyJudgement {
        guard let root = keys.firstIndex(where: { $0.keyID == trusted }) else { return .unconnected }
        guard let index = keys.firstIndex(where: { $0.keyID == keyID }) else { return .unknown }
        // Of a key that is trusted by itself a revocation is believed all the more; so it comes first.
        if let revocation = revocation(of: keyID), time >= revocation.since {
            return .revoked(since: revocation.since, reason: revocation.reason)
        }
        for position in root..<max(root, index) {
            let key = keys[position].keyID
            if let revocation = revocation(of: key), let handedOver = retirement(of: key),
                handedOver >= revocation.since
            {
                return .brokenChain(by: key, since: revocation.since)
            }
        }
        // Backward it is the trusted key alone that vouches, with all that was before, when it takes over.
        if index < root, let revocation = revocation(of: trusted),
            let takeOver = retirement(of: keys[root - 1].keyID), takeOver >= revocation.since
        {
            return .brokenChain(by: trusted, since: revocation.since)
        }
        if index > 0, let since = retirement(of: keys[index - 1].keyID), time < since { return .notYet(since: since) }
        if let retired = retirement(of: keyID), time > retired { return .retired(at: retired) }
        return .trusted
    }

    /// When a key handed over; nil when it is in use.
    package func retirement(of keyID: String) -> Instant? {
        for entry in entries {
            if case .rotated(let from, _, _) = entry.record.event, from == keyID { return entry.record.time }
        }
        return nil
    }

    /// Since when a key is revoked, by the record that goes furthest back; nil when it is not.
    package func revocation(of keyID: String) -> (since: Instant, reason: String)? {
        var found: (since: Instant, reason: String)?
        for entry in entries {
            guard case .revoked(let key, let since, let reason) = entry.record.event, key == keyID else { continue }
            if since < found?.since ?? Instant(milliseconds: .max) { found = (since, reason) }
        }
        return found
    }
}
