import ArgumentParser
import CLinux
import JSON
import Keys
import Linux
import Measure
import Signing

extension Keys {
    struct Rotate: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Hand over to a new key; the supervisor must be stopped.",
            discussion: """
                The old key signs the new one, and the new one that it takes over: 'aibom keys history' shows it. Evidence signed before \
                verifies as before. Killed in the middle, run it again: it completes what it has begun, and makes no further key.
                """)

        @Option(help: "The supervisor's state folder.") var state = "/var/lib/aibom"
        @Option(help: "For the history, such as 'yearly rotation'.") var reason: String
        @Option(help: "p256, p384 or ed25519; what the old key is, unless given.") var algorithm: KeyAlgorithm?
        @Flag(help: "Overwrite the old private key instead of keeping it in keys/retired.") var destroy = false

        func run() throws {
            do {
                switch try KeyRotation(state: state).rotate(reason: reason, algorithm, destroys: destroy) {
                case .rotated(let old, let new):
                    Console.say("key \(old.keyID) is retired; the next start of aibomd signs with \(new.keyID)")
                    Console.write(Array(new.pem.utf8), to: 1)
                case .completed(let key):
                    Console.say(
                        "an interrupted rotation is complete now; the next start of aibomd signs with \(key.keyID)")
                    Console.write(Array(key.pem.utf8), to: 1)
                }
            } catch {
                throw CommandError.local(
                    "couldn't rotate the key: \(error)",
                    remedy: "stop aibomd, put right what is named, and run it again")
            }
        }
    }

    struct Revoke: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Record that what a key signed since a time is not to be believed.")

        @Argument(help: "The key's id: 64 hex digits.") var id: String
        @Option(help: "The supervisor's state folder.") var state = "/var/lib/aibom"
        @Option(help: "For the history, such as 'laptop stolen'.") var reason: String
        @Option(help: "The earliest time at which somebody else may have had it, such as 2026-11-23T18:00:00.000Z.")
        var since: String

        func run() throws {
            guard let since = Instant(since) else {
                throw ValidationError("--since \(since): write it as 2026-11-23T18:00:00.000Z")
            }
            do {
                try KeyRotation(state: state).revoke(id, since: since, reason: reason)
            } catch {
                throw CommandError.local(
                    "couldn't revoke the key: \(error)",
                    remedy: "see which keys there are: aibom keys history --state \(state)")
            }
            Console.say("key \(id) is revoked since \(since); give out keys/\(KeyHistory.name) anew")
        }
    }

    struct History: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Check and print the signed history of the documents' key.")

        @Option(help: "A supervisor's state folder.") var state = "/var/lib/aibom"
        @Option(help: "A history by itself, such as one that came with evidence.") var file: String?
        @Flag(help: "One JSON document.") var json = false
        @Flag(help: "The signed lines themselves, for those who verify (aibom verify --key-history).") var raw = false

        func run() throws {
            let history: KeyHistory
            do {
                let bytes = try read()
                history = try KeyHistory(bytes)
                guard !raw else {
                    Console.write(bytes, to: 1)
                    return
                }
            } catch {
                throw CommandError.damaged(
                    "\(error)", remedy: "take the history from another source; one that does not verify says nothing")
            }
            if json { return Console.show(history.json) }
            for entry in history.entries { Console.show(entry.line) }
            Console.say("\(history.entries.count) records, all signatures verify")
        }

        private func read() throws -> [UInt8] {
            guard let file else { return try KeyFolder(state: state).historyBytes() }
            return try OwnedDescriptor.open(file, flags: O_RDONLY, stage: "open history").readAll(
                limit: KeyHistory.sizeLimit)
        }
    }
}

extension KeyHistory.Entry {
    /// For people.
    fileprivate var line: String {
        switch record.event {
        case .begun(let key): "\(record.time)  begun    \(key.keyID)"
        case .rotated(let from, let to, let reason): "\(record.time)  rotated  \(from) -> \(to.keyID): \(reason)"
        case .revoked(let key, let since, let reason): "\(record.time)  revoked  \(key) since \(since): \(reason)"
        }
    }
}
