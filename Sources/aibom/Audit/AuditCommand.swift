import ArgumentParser
import AuditLog
import Glibc
import JSON
import Measure

/// The audit log: what happened here, in an order that nobody can change unseen.
struct AuditCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "audit", abstract: "Look through the audit log, prove what stands in it, verify it.",
        subcommands: [
            List.self, Show.self, Export.self, Report.self, Prove.self, Verify.self, Checkpoint.self, Cosign.self,
            Review.self,
        ])
}

extension AuditCommand {
    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List entries, the oldest first.")

        @OptionGroup var log: LogOptions
        @OptionGroup var filter: EntryFilter
        @OptionGroup var format: FormatOptions

        @Option(help: "How many of the newest to list; 0 lists all.") var limit = 50
        @Flag(help: "Go on with those that come, until the command is ended.") var follow = false

        func validate() throws {
            guard limit >= 0 else { throw ValidationError("--limit takes 0 or more") }
            guard !follow || (log.log == nil && !format.json) else {
                throw ValidationError("--follow is for a service, and prints lines")
            }
        }

        func run() async throws {
            let matcher = filter.matcher(at: .now())
            try await log.with { view, mirror in
                var found: [LoggedEntry] = []
                try view.forEach { entry in
                    guard matcher.matches(entry) else { return }
                    found.append(entry)
                    if limit > 0, found.count > 2 * limit { found.removeFirst(limit) }
                }
                if limit > 0 { found = Array(found.suffix(limit)) }
                if format.json { return Console.show(["entries": .array(found.map(\.json))]) }
                for entry in found { Console.show(entry.line) }
                guard follow, let mirror else {
                    if found.isEmpty { Console.say("no such entries among \(view.size)") }
                    return
                }
                try await mirror.follow(from: view.size) { entry in
                    if matcher.matches(entry) { Console.show(entry.line) }
                }
            }
        }
    }

    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Print one entry: as it stands in the log, byte for byte, unless --json.")

        @OptionGroup var log: LogOptions
        @OptionGroup var format: FormatOptions
        @Argument(help: "The entry's number.") var number: UInt64

        func run() async throws {
            let entry = try await log.with { view, _ in try view.entry(number) }
            if format.json { return Console.show(entry.json) }
            Console.write(entry.bytes + [0x0a], to: STDOUT_FILENO)
        }
    }

    struct Export: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Write entries to stdout for another program, all that match, the oldest first.")

        @OptionGroup var log: LogOptions
        @OptionGroup var filter: EntryFilter
        @Option(help: "jsonl: a JSON object a line. csv: RFC 4180. ocsf: OCSF 1.3 events, a line each.")
        var format: ExportFormat = .jsonl

        func run() async throws {
            let matcher = filter.matcher(at: .now())
            try await log.with { view, _ in
                let origin = view.key.name.description
                if let head = format.head { Console.write(Array(head.utf8), to: STDOUT_FILENO) }
                try view.forEach { entry in
                    guard matcher.matches(entry) else { return }
                    Console.write(format.line(entry, of: origin), to: STDOUT_FILENO)
                }
            }
        }
    }

    struct Checkpoint: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Print the newest checkpoint: keep it, and no earlier past can be shown to you.")

        @OptionGroup var log: LogOptions

        func run() async throws {
            let note = try await log.with { view, _ in view.signed.note.bytes }
            Console.write(note, to: STDOUT_FILENO)
        }
    }

    struct Review: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Enter in the log itself that you have looked through it.")

        @OptionGroup var service: ServiceOptions
        @OptionGroup var format: FormatOptions
        @Option(help: "How many entries you have seen.") var through: UInt64
        @Option(help: "What you found, in a sentence.") var finding: String

        func run() async throws {
            let index = try await ServiceClient.with(service) { client in
                try await client.review(through: through, finding: finding)
            }
            if format.json { return Console.show(["index": .integer(Int64(clamping: index))]) }
            Console.say("entry \(index) says that you have looked through \(through) entries")
        }
    }
}

extension LogMirror {
    private static let interval = Duration.seconds(1)

    /// Calls `body` with each entry from number `start` on as it comes; for ever, or until the service is gone for good.
    fileprivate func follow(from start: UInt64, _ body: (LoggedEntry) -> Void) async throws(CommandError) {
        var next = start
        var persistence = Persistence()
        while true {
            do throws(CommandError) {
                if try await update() > 0 {
                    let view = try LogView(folder, key: key)
                    try view.forEach(from: next, body)
                    next = view.size
                }
                persistence = Persistence()
            } catch {
                try await persistence.wait(after: error, hasProgressed: false)
            }
            try? await Task.sleep(for: Self.interval)
        }
    }
}
