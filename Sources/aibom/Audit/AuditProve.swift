import ArgumentParser
import AuditLog
import Foundation
import JSON
import Jobs

extension AuditCommand {
    struct Prove: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract:
                "Print the proof that an entry stands in the log, or a job's seal (C2SP tlog-proof), with the entry in it.",
            discussion:
                "The proof is under the newest checkpoint, with whatever witnesses have cosigned it. It verifies with the "
                + "log's key and nothing else: aibom verify takes it as aibom.tlog-proof of a bundle.")

        @OptionGroup var log: LogOptions
        @Flag(help: "Under the checkpoint that aibom audit cosign kept in the copy, with its cosignatures.")
        var cosigned = false
        @Argument(help: "A job's id, or an entry's number.") var what: String

        func validate() throws {
            guard !cosigned || log.copy ?? log.log != nil else {
                throw ValidationError("--cosigned is for --copy or --log")
            }
        }

        func run() async throws {
            let proof = try await log.with { view, _ in
                let index = try index(in: view)
                let signed = cosigned ? try kept(view) : view.signed
                do throws(LogError) {
                    return try TlogProof(
                        of: index, in: view.reader, under: signed, extra: view.reader.entry(index, size: view.size)
                    ).bytes
                } catch {
                    throw CommandError.damaged("no proof: \(error)", remedy: "look at the log with aibom audit verify")
                }
            }
            Console.write(proof, to: STDOUT_FILENO)
        }

        private func kept(_ view: LogView) throws(CommandError) -> SignedCheckpoint {
            let path = "\(log.copy ?? log.log ?? "")/\(Cosigners.fileName)"
            let note = try LogFileArgument.read(path)
            do throws(LogError) { return try SignedCheckpoint(note, log: view.key) } catch {
                throw .local("\(path): \(error)", remedy: "make it with aibom audit cosign")
            }
        }

        private func index(in view: LogView) throws(CommandError) -> UInt64 {
            if let number = UInt64(what) { return try view.entry(number).index }
            guard JobID(what) != nil else {
                throw .local(
                    "\(what) is neither a job's id nor an entry's number", remedy: "aibom audit list shows both")
            }
            var found: UInt64?
            try view.forEach { logged in
                if logged.entry.event == .known(.jobSealed), logged.entry.job == what { found = logged.index }
            }
            guard let found else {
                throw .local(
                    "the log has no seal of job \(what)", remedy: "look for it: aibom audit list --job \(what)")
            }
            return found
        }
    }

    struct Verify: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract:
                "Derive the whole log from its entries and compare it with every tile and every checkpoint; exit 4 unless all "
                + "of it holds.",
            discussion:
                "Of a service, its tiles are fetched and compared with those derived here. --against compares with a "
                + "checkpoint, a proof's checkpoint, or another copy, each of which must be of the same log.")

        @OptionGroup var log: LogOptions
        @OptionGroup var format: FormatOptions
        @Option(help: "A checkpoint that you kept, or the folder of another copy. May be repeated.") var against:
            [String] = []

        func run() async throws {
            let (report, findings) = try await log.with { view, mirror in
                let report = LogVerifier(view.reader, key: view.key).verify(against: try notes())
                var findings = report.findings + copies(view)
                if let mirror { findings += try await mirror.compareTiles(view) }
                return (report, findings)
            }
            if format.json {
                Console.show([
                    "verified": .bool(findings.isEmpty), "entries": .integer(Int64(clamping: report.entries)),
                    "tiles": .integer(Int64(report.tiles)), "checkpoints": .integer(Int64(report.checkpoints)),
                    "findings": .array(
                        findings.map { ["name": .string($0.name), "detail": .string($0.description)] }),
                ])
            } else {
                for finding in findings { Console.show("FAIL \(finding)") }
                Console.say(
                    "\(findings.isEmpty ? "verified" : "NOT verified"): \(report.entries) entries, \(report.tiles) tiles, "
                        + "\(report.checkpoints) checkpoints")
            }
            guard findings.isEmpty else { throw ExitCode(ExitStatus.verificationFailed.rawValue) }
        }

        private func isFolder(_ path: String) -> Bool { (try? TileReader(path: path)) != nil }

        private func notes() throws(CommandError) -> [(note: [UInt8], by: String)] {
            var notes: [(note: [UInt8], by: String)] = []
            for path in against where !isFolder(path) {
                notes.append((try LogFileArgument.read(path), path))
            }
            return notes
        }

        private func copies(_ view: LogView) -> [Finding] {
            against.filter(isFolder).flatMap { path -> [Finding] in
                guard let other = try? TileReader(path: path) else { return [] }
                return LogVerifier.compare((view.reader, "the log"), (other, path), key: view.key)
            }
        }
    }
}

/// A small file that the caller names.
enum LogFileArgument {
    static func read(_ path: String) throws(CommandError) -> [UInt8] {
        do { return Array(try String(contentsOfFile: path, encoding: .utf8).utf8) } catch {
            throw .local("couldn't read \(path)", remedy: "name a file with a checkpoint")
        }
    }
}

extension LogMirror {
    /// The service's own hash tiles beside those that were derived from its entries.
    fileprivate func compareTiles(_ view: LogView) async throws(CommandError) -> [Finding] {
        var findings: [Finding] = []
        for path in TilePath.hashTiles(size: view.size) {
            let shown: [UInt8]
            do throws(CommandError) { shown = try await tile(path) } catch {
                guard case .refused(let problem) = error, problem.status == 404 else { throw error }
                // A partial one may be gone because the log has grown since.
                if path.isFull { findings.append(.missingTile(path.description)) }
                continue
            }
            let derived: [UInt8]
            do throws(LogError) { derived = try view.reader.published(path.description) } catch {
                throw .damaged("the copy can't be read: \(error)", remedy: "begin a new one")
            }
            if shown != derived { findings.append(.swappedTile(path.description)) }
        }
        return findings
    }
}
