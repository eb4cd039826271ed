package import JSON
internal import Measure

extension KeyHistory {
    /// Every key with what became of it, for people and for the API.
    package var json: JSON {
        [
            "head": head.map { .string($0.hex) } ?? .null,
            "keys": .array(
                keys.enumerated().map { index, key in
                    let revocation = revocation(of: key.keyID)
                    let from = index == 0 ? nil : retirement(of: keys[index - 1].keyID)
                    return [
                        "key_id": .string(key.keyID), "algorithm": .string(key.algorithm.name),
                        "public_key": .string(key.pem), "from": from.map { .string($0.description) } ?? .null,
                        "retired_at": retirement(of: key.keyID).map { .string($0.description) } ?? .null,
                        "revoked_since": revocation.map { .string($0.since.description) } ?? .null,
                        "reason": revocation.map { .string($0.reason) } ?? .null,
                    ]
                }),
        ]
    }
}
