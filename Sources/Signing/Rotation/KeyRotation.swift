internal import Glibc
package import Keys
internal import Linux
package import Measure
internal import SystemPackage

/// Changes of the documents' key, each recorded in its signed history. For an operator's command, while no supervisor runs: it has
/// both private keys in its memory for a moment.
package struct KeyRotation: ~Copyable {
    /// What is on the disk when a step is done; a process may be killed after any of them.
    package enum Step: CaseIterable, Sendable {
        /// The history begins with the key in use.
        case begun
        /// The new key lies beside the old one. Nobody knows it; the next run makes another.
        case made
        /// The history has the hand-over: from here on there is only forward.
        case recorded
        /// The old key has its place among the retired.
        case kept
        /// The new key has the old one's name.
        case replaced
        /// And so has its public half.
        case published
    }

    package enum Outcome: Equatable, Sendable {
        case rotated(from: PublicKey, to: PublicKey)
        /// An earlier run was interrupted after it had recorded the hand-over, and is complete now; no further key was made.
        case completed(PublicKey)
    }

    private static let key = "documents.pem"
    private static let next = "documents.next.pem"
    private static let publicKey = "documents.pub.pem"
    private static let retired = "retired"
    /// Where a supervisor writes down the seals that it has begun.
    private static let work = "work"

    private let path: String
    private let keys: OwnedDescriptor
    private let state: OwnedDescriptor
    private let done: (Step) throws(KeyRotationError) -> Void

    /// Takes the keys of a state folder.
    ///
    /// - Parameters:
    ///   - path: the state folder.
    ///   - done: called after each step; only tests throw.
    /// - Throws: `KeyRotationError.inUse` when somebody else has them.
    package init(
        state path: String, done: @escaping (Step) throws(KeyRotationError) -> Void = { _ throws(KeyRotationError) in }
    ) throws(KeyRotationError) {
        let state = try Self.folder(path)
        let keys = try Self.folder("\(path)/keys")
        let isOurs: Bool
        do throws(LinuxError) { isOurs = try keys.lockFolder() } catch { throw .system(error) }
        guard isOurs else { throw .inUse(path) }
        self.path = "\(path)/keys"
        self.done = done
        self.state = state
        self.keys = keys
    }

    deinit {
        // Not by closing alone: a child of ours that is on its way to exec has copies.
        keys.unlockFolder()
        state.unlockFolder()
    }

    private static func folder(_ path: String) throws(KeyRotationError) -> OwnedDescriptor {
        do throws(LinuxError) {
            return try OwnedDescriptor.open(path, flags: O_RDONLY | O_DIRECTORY, stage: "open folder of keys")
        } catch { throw .system(error) }
    }

    /// Hands over to a new key.
    ///
    /// - Parameters:
    ///   - reason: for the history.
    ///   - algorithm: of the new key; nil for that of the old one.
    ///   - destroys: overwrites the old private key, and does not keep it. What a disk has of it elsewhere, nobody knows.
    ///   - now: the time of the hand-over.
    /// - Throws: `KeyRotationError`.
    /// - Returns: what was done.
    package borrowing func rotate(
        reason: String, _ algorithm: KeyAlgorithm? = nil, destroys: Bool = false, at now: Instant = .now()
    ) throws(KeyRotationError) -> Outcome {
        // Nobody may seal by the old key after the time that the history states.
        guard try system({ () throws(LinuxError) in try state.lockFolder() }) else { throw .inUse(path) }
        if let completed = try complete(destroys) { return .completed(completed) }
        try requireNothingBegun()
        let old = try load(Self.key)
        var history = try begin(old, at: now)
        let new = try make(algorithm ?? old.publicKey.algorithm)
        try done(.made)
        let event = KeyRecord.Event.rotated(from: old.publicKey.keyID, to: new.publicKey, reason: reason)
        try append(event, to: &history, at: now) { message throws(SigningError) in
            [
                .init(key: old.publicKey.keyID, bytes: try old.sign(message)),
                .init(key: new.publicKey.keyID, bytes: try new.sign(message)),
            ]
        }
        try done(.recorded)
        let (from, to) = (old.publicKey, new.publicKey)
        try replace(from, by: to, destroys)
        return .rotated(from: from, to: to)
    }

    /// Records that a key is not to be believed since a time, in the name of the one in use.
    ///
    /// - Parameters:
    ///   - keyID: of any key of the history, also of the one in use.
    ///   - since: the earliest time at which somebody else may have had it.
    ///   - reason: for the history.
    ///   - now: the time of the record.
    /// - Throws: `KeyRotationError`.
    package borrowing func revoke(
        _ keyID: String, since: Instant, reason: String, at now: Instant = .now()
    ) throws(KeyRotationError) {
        let current = try load(Self.key)
        var history = try begin(current, at: now)
        try append(.revoked(key: keyID, since: since, reason: reason), to: &history, at: now) {
            message throws(SigningError) in
            [.init(key: current.publicKey.keyID, bytes: try current.sign(message))]
        }
    }
}

extension KeyRotation {
    /// Finishes what an earlier run recorded and did not come to the end of; nil when there is no such thing.
    private borrowing func complete(_ destroys: Bool) throws(KeyRotationError) -> PublicKey? {
        let history = try KeyFolder.history(in: keys)
        guard let current = history.current else { return nil }
        let key = try load(Self.key).publicKey
        if key == current {
            guard try published() != Array(current.pem.utf8) else { return nil }
            try publish(current)
            return current
        }
        guard OwnedDescriptor.exists("\(path)/\(Self.next)"), try load(Self.next).publicKey == current else {
            throw .otherKey(found: key.keyID, current: current.keyID)
        }
        try replace(key, by: current, destroys)
        return current
    }

    /// A document that was composed names the key that will sign it, and is signed as it stands after a restart.
    private borrowing func requireNothingBegun() throws(KeyRotationError) {
        let names: [[UInt8]]
        do throws(LinuxError) {
            names = try OwnedDescriptor.open(
                Array(Self.work.utf8), in: state, flags: O_RDONLY | O_DIRECTORY | O_NOFOLLOW, stage: "list seals"
            ).names(limit: .max)
        } catch {
            if error.errno == .noSuchFileOrDirectory { return }
            throw .system(error)
        }
        let begun = names.count { $0.suffix(5).elementsEqual(".seal".utf8) }
        guard begun == 0 else { throw .unfinishedSeals(begun) }
    }

    /// The history, begun with `key` when there is none.
    private borrowing func begin(_ key: borrowing SigningKey, at now: Instant) throws(KeyRotationError) -> KeyHistory {
        var history = try KeyFolder.history(in: keys)
        if history.current == nil {
            try append(.begun(key.publicKey), to: &history, at: now) { message throws(SigningError) in
                [.init(key: key.publicKey.keyID, bytes: try key.sign(message))]
            }
            try done(.begun)
        }
        guard let current = history.current, current == key.publicKey else {
            throw .otherKey(found: key.publicKey.keyID, current: history.current?.keyID ?? "none")
        }
        return history
    }

    /// A new key beside the old one; one that an interrupted run left there was never recorded.
    private borrowing func make(_ algorithm: KeyAlgorithm) throws(KeyRotationError) -> SigningKey {
        try system { () throws(LinuxError) in try keys.remove(Self.next) }
        do throws(SigningError) { try SigningKey.generate(at: "\(path)/\(Self.next)", algorithm) } catch {
            throw .signing(error)
        }
        return try load(Self.next)
    }

    /// Publishes the history with one more record, which is first read as everybody else will read it.
    private borrowing func append(
        _ event: KeyRecord.Event, to history: inout KeyHistory, at now: Instant,
        _ sign: ([UInt8]) throws(SigningError) -> [SignedKeyRecord.Signature]
    ) throws(KeyRotationError) {
        let record = KeyRecord(sequence: history.entries.count, previous: history.head, time: now, event: event)
        let line: [UInt8]
        do throws(SigningError) { line = SignedKeyRecord(record, try sign(record.message)).line } catch {
            throw .signing(error)
        }
        do throws(KeyHistoryFault) { try history.append(line: line) } catch { throw .record(error) }
        let before = try KeyFolder.historyBytes(in: keys)
        try system { () throws(LinuxError) in
            try DurableFile.publish(before + line + [0x0a], as: KeyHistory.name, in: keys, mode: 0o644)
        }
    }

    /// Puts the new key in the old one's place. There is always a key of that name, the old or the new; each step may be done twice.
    private borrowing func replace(
        _ old: PublicKey, by new: PublicKey, _ destroys: Bool
    ) throws(KeyRotationError) {
        let file = try system { () throws(LinuxError) in
            try OwnedDescriptor.open(
                Array(Self.key.utf8), in: keys, flags: O_RDWR | O_NOFOLLOW, stage: "open retired key")
        }
        let bytes = try system { () throws(LinuxError) in try file.readAll(limit: 16 << 10) }
        if !destroys {
            try system { () throws(LinuxError) in
                let retired = try keys.directory(Self.retired)
                try DurableFile.publish(bytes, as: "\(old.keyID).pem", in: retired, mode: 0o600)
            }
        }
        try done(.kept)
        try system { () throws(LinuxError) in
            try keys.rename(Self.next, to: Self.key)
            try keys.synchronise()
        }
        try done(.replaced)
        if destroys {
            try system { () throws(LinuxError) in
                try file.seek(to: 0)
                try file.write([UInt8](repeating: 0, count: bytes.count))
                try file.synchronise()
            }
        }
        try publish(new)
        try done(.published)
    }

    private borrowing func published() throws(KeyRotationError) -> [UInt8] {
        guard OwnedDescriptor.exists("\(path)/\(Self.publicKey)") else { return [] }
        return try system { () throws(LinuxError) in
            try OwnedDescriptor.open(
                Array(Self.publicKey.utf8), in: keys, flags: O_RDONLY | O_NOFOLLOW, stage: "read public key"
            ).readAll(limit: 64 << 10)
        }
    }

    private borrowing func publish(_ key: PublicKey) throws(KeyRotationError) {
        try system { () throws(LinuxError) in
            try DurableFile.publish(Array(key.pem.utf8), as: Self.publicKey, in: keys, mode: 0o644)
        }
    }

    private borrowing func load(_ name: String) throws(KeyRotationError) -> SigningKey {
        do throws(SigningError) {
            let place = "\(path)/\(name)"
            return try SigningKey.load(try KeyFile.open(place), path: place)
        } catch { throw .signing(error) }
    }

    private func system<Answer: ~Copyable>(
        _ body: () throws(LinuxError) -> Answer
    ) throws(KeyRotationError) -> Answer {
        do throws(LinuxError) { return try body() } catch { throw .system(error) }
    }
}
