package import Measure

/// The signed history of the key that signs documents: `keys/history.jsonl`, one record a line.
///
/// A hand-over is signed by the key that goes and by the one that comes. So who trusts any one of the keys can follow the history from
/// it, forward and backward, and evidence of before a rotation verifies after it.
package struct KeyHistory: Sendable, Equatable {
    package static let name = "history.jsonl"
    package static let sizeLimit = 1 << 20

    /// One line, read and verified.
    package struct Entry: Sendable, Equatable {
        package let record: KeyRecord
        /// SHA-256 of the line without its newline: what the next record names as its predecessor.
        package let digest: Digest
    }

    package private(set) var entries: [Entry] = []
    /// Every key there was, in its order; the last one is in use.
    package private(set) var keys: [PublicKey] = []

    /// The digest of the last line. Only who has seen a newer one can tell that a history was cut off at its end.
    package var head: Digest? { entries.last?.digest }
    package var current: PublicKey? { keys.last }

    package init() {}

    /// Reads a history, and trusts nothing that is not signed by the key that could say it.
    ///
    /// - Parameter bytes: lines, each with its newline; none is a history that has not begun.
    /// - Throws: `KeyHistoryError` with the line and what is wrong with it.
    package init(_ bytes: [UInt8]) throws(KeyHistoryError) {
        guard bytes.count <= Self.sizeLimit else { throw KeyHistoryError(line: 1, .tooLarge(limit: Self.sizeLimit)) }
        guard bytes.last ?? 0x0a == 0x0a else {
            throw KeyHistoryError(line: bytes.count { $0 == 0x0a } + 1, .cutOff)
        }
        for (index, line) in bytes.dropLast().split(separator: 0x0a, omittingEmptySubsequences: false).enumerated()
        where !bytes.isEmpty {
            do throws(KeyHistoryFault) { try append(line: Array(line)) } catch {
                throw KeyHistoryError(line: index + 1, error)
            }
        }
    }

    /// Takes one more line.
    ///
    /// - Parameter line: without its newline.
    /// - Throws: `KeyHistoryFault`; nothing is changed then.
    package mutating func append(line: [UInt8]) throws(KeyHistoryFault) {
        let signed = try SignedKeyRecord(line)
        let record = signed.record
        guard record.sequence == entries.count else {
            throw .sequence(expected: entries.count, found: record.sequence)
        }
        guard record.previous == head else { throw .previous }
        if let last = entries.last, record.time < last.record.time { throw .time }
        let signers = try signers(of: record)
        guard signed.signatures.map(\.key) == signers.map(\.keyID) else { throw .signers }
        for (signature, key) in zip(signed.signatures, signers)
        where !key.verify(signature: signature.bytes, over: record.message) { throw .signature(key.keyID) }
        if let key = record.newKey { keys.append(key) }
        entries.append(Entry(record: record, digest: Digest.of(line)))
    }

    /// Who has to have signed a record that comes next, in order.
    package func signers(of record: KeyRecord) throws(KeyHistoryFault) -> [PublicKey] {
        switch (record.event, current) {
        case (.begun(let key), nil): return [key]
        case (.begun, _): throw .begunTwice
        case (_, nil): throw .notBegun
        case (.rotated(let from, let to, _), let current?):
            guard from == current.keyID else { throw .notCurrent(from) }
            guard !keys.contains(to) else { throw .usedBefore(to.keyID) }
            return [current, to]
        case (.revoked(let key, let since, _), let current?):
            guard keys.contains(where: { $0.keyID == key }) else { throw .unknownKey(key) }
            guard since <= record.time else { throw .since }
            return [current]
        }
    }
}
