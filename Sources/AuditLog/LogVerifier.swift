internal import Dispatch
internal import Synchronization

/// Verifies a log's folder with nothing but the log's public key: every tile from the entries, every checkpoint that is kept, and
/// checkpoints and copies that others have.
///
/// The judge is the signed root. Entries and tiles each give a root of their own; where they differ, the one that gives the signed
/// root shows which of them was changed.
package struct LogVerifier: Sendable {
    let reader: TileReader
    private let key: VerifierKey
    private let witnesses: [VerifierKey]
    private let threads: Int

    /// What was verified, and what was found.
    package struct Report: Sendable {
        package fileprivate(set) var checkpoint: SignedCheckpoint?
        package fileprivate(set) var entries: UInt64 = 0
        package fileprivate(set) var tiles = 0
        package fileprivate(set) var checkpoints = 0
        package fileprivate(set) var findings: [Finding] = []

        package var holds: Bool { findings.isEmpty }
    }

    package init(_ reader: TileReader, key: VerifierKey, witnesses: [VerifierKey] = [], threads: Int = 2) {
        self.reader = reader
        self.key = key
        self.witnesses = witnesses
        self.threads = threads
    }

    /// Verifies the whole log.
    ///
    /// - Parameter others: checkpoints that others were given, with who has each: witnesses, proofs, earlier copies.
    /// - Returns: the report; it holds when nothing was found.
    package func verify(against others: [(note: [UInt8], by: String)] = []) -> Report {
        var report = Report()
        do throws(Finding) {
            // First: a log that is written meanwhile keeps no checkpoint that is newer than the one read after.
            let history = Result { () throws(LogError) in
                try CheckpointHistory.parse(reader.read(LogFile.history, limit: CheckpointHistory.sizeLimit))
            }
            let signed = try checkpoint(try readCheckpoint(), from: LogFile.checkpoint)
            report.checkpoint = signed
            report.entries = signed.checkpoint.size
            report.checkpoints = 1
            let derived = DerivedTree(reader, size: signed.checkpoint.size, threads: threads)
            let (findings, authority) = treeFindings(derived, signed.checkpoint, &report.tiles)
            report.findings += findings
            // Where an entry was edited, the tiles still tell whether a checkpoint is of this tree.
            let source = JudgedHashes(DerivedHashes(derived, reader), TileHashes(reader, size: derived.size), authority)
            var tree = MerkleTree(size: derived.size, source: source)
            let isWhole = derived.isComplete
            report.findings += historyFindings(history, &tree, isWhole: isWhole, &report.checkpoints)
            for other in others {
                report.checkpoints += 1
                report.findings += try otherFindings(other, &tree, isWhole: isWhole)
            }
        } catch { report.findings.append(error) }
        return report
    }

    /// Whether two copies of a log, each verified by itself, are one log: the shorter is the beginning of the longer.
    package static func compare(
        _ one: (reader: TileReader, name: String), _ other: (reader: TileReader, name: String), key: VerifierKey
    ) -> [Finding] {
        do throws(LogError) {
            let heads = try [one, other].map { copy throws(LogError) in
                (copy, try SignedCheckpoint(copy.reader.checkpoint(), log: key).checkpoint)
            }.sorted { $0.1.size < $1.1.size }
            let (short, long) = (heads[0], heads[1])
            var tree = MerkleTree(long.0.reader, size: long.1.size)
            guard try tree.root() == long.1.root else {
                return [.forkedCheckpoint(size: long.1.size, in: long.0.name)]
            }
            return try tree.root(of: short.1.size) == short.1.root
                ? [] : [.splitView(size: short.1.size, shownTo: short.0.name)]
        } catch { return [Finding(error, reading: "\(one.name) or \(other.name)")] }
    }

    private func readCheckpoint() throws(Finding) -> [UInt8] {
        do throws(LogError) { return try reader.checkpoint() } catch {
            throw Finding(error, reading: LogFile.checkpoint)
        }
    }

    private func checkpoint(_ bytes: [UInt8], from place: String) throws(Finding) -> SignedCheckpoint {
        do throws(LogError) { return try SignedCheckpoint(bytes, log: key, witnesses: witnesses) } catch {
            throw Finding(error, reading: place)
        }
    }

    /// A checkpoint that somebody else has.
    private func otherFindings(
        _ other: (note: [UInt8], by: String), _ tree: inout MerkleTree<JudgedHashes>, isWhole: Bool
    ) throws(Finding) -> [Finding] {
        let seen: Checkpoint
        do throws(Finding) { seen = try checkpoint(other.note, from: "the checkpoint of \(other.by)").checkpoint } catch
        {
            return [error]
        }
        guard seen.size <= tree.size else { return [.rollback(to: tree.size, from: seen.size, seenBy: other.by)] }
        guard isWhole else { return [] }
        do throws(LogError) {
            return try tree.root(of: seen.size) == seen.root ? [] : [.splitView(size: seen.size, shownTo: other.by)]
        } catch { return [Finding(error, reading: "the log")] }
    }
}

extension LogVerifier {
    /// The checkpoints that the log itself keeps.
    private func historyFindings(
        _ history: Result<[SignedNote], LogError>, _ tree: inout MerkleTree<JudgedHashes>, isWhole: Bool,
        _ count: inout Int
    ) -> [Finding] {
        let notes: [SignedNote]
        do throws(LogError) { notes = try history.get() } catch {
            // A log that somebody else wrote need not keep any.
            if case .missing = error { return [] }
            return [Finding(error, reading: LogFile.history)]
        }
        count += notes.count
        var findings: [Finding] = []
        for result in signatures(notes) {
            switch result {
            case .failure(let finding): findings.append(finding)
            case .success(let kept):
                if kept.size > tree.size {
                    findings.append(.rollback(to: tree.size, from: kept.size, seenBy: LogFile.history))
                } else if isWhole {
                    do throws(LogError) {
                        guard try tree.root(of: kept.size) != kept.root else { continue }
                        findings.append(.forkedCheckpoint(size: kept.size, in: LogFile.history))
                    } catch { findings.append(Finding(error, reading: "the log")) }
                }
            }
        }
        return findings
    }

    /// Verifies many signatures, by several threads.
    private func signatures(_ notes: [SignedNote]) -> [Result<Checkpoint, Finding>] {
        let results = Mutex([(Int, Result<Checkpoint, Finding>)]())
        DispatchQueue.concurrentPerform(iterations: threads) { thread in
            var own: [(Int, Result<Checkpoint, Finding>)] = []
            for index in stride(from: thread, to: notes.count, by: threads) {
                let place = "checkpoint \(index + 1) of \(LogFile.history)"
                own.append(
                    (index, Result { () throws(Finding) in try checkpoint(notes[index].bytes, from: place).checkpoint })
                )
            }
            results.withLock { [own] in $0 += own }
        }
        return results.withLock { $0.sorted { $0.0 < $1.0 }.map(\.1) }
    }
}
