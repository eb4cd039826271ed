import ArgumentParser
import JSON
import Jobs
import Measure

/// Who may come in through the gateway.
struct TokenCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "token", abstract: "Make, list and revoke the tokens of those who come through the gateway.",
        subcommands: [Create.self, List.self, Revoke.self])
}

extension TokenCommand {
    struct Create: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Make a token; its text is the last line, shown this once.")

        @OptionGroup var service: ServiceOptions
        @OptionGroup var format: FormatOptions

        @Option(help: "What it may do: submitter (own jobs), auditor (reads all), operator (everything).")
        var role: Role

        @Option(help: "Whose jobs its jobs are: letters, digits and . _ @ + -")
        var owner: String

        @Option(help: "When it ends: 90d, 12h, 2027-01-31T00:00:00Z or never.")
        var expires = TokenEnd.after(hours: 90 * 24)

        func validate() throws {
            do {
                try OwnerName.checkGiven(owner, field: "--owner")
            } catch {
                throw ValidationError("\(error.field) \(error.reason); \(error.remedy)")
            }
        }

        func run() async throws {
            let request = TokenRequest(owner: owner, role: role, expires: expires.instant(from: .now()))
            let new = try await ServiceClient.with(service) { try await $0.createToken(request) }
            guard !format.json else { return Console.show(new.json) }
            let end = new.token.expires.map { "until \($0)" } ?? "without an end"
            Console.say(
                "token \(new.token.id) for \(new.token.owner), \(new.token.role.rawValue), \(end); it is not shown again"
            )
            Console.show(new.text.revealed)
        }
    }

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List tokens, the oldest first.")

        @OptionGroup var service: ServiceOptions
        @OptionGroup var format: FormatOptions

        func run() async throws {
            let tokens = try await ServiceClient.with(service) { try await $0.tokens() }
            guard !format.json else { return Console.show(["tokens": .array(tokens.map(\.json))]) }
            for token in tokens { Console.show(List.line(token, at: .now())) }
            if tokens.isEmpty { Console.say("no tokens yet; aibom token create makes one") }
        }

        static func line(_ token: AccessToken, at now: Instant) -> String {
            let state =
                if let revoked = token.revoked {
                    "revoked \(revoked)"
                } else if let expires = token.expires {
                    expires > now ? "until \(expires)" : "expired \(expires)"
                } else {
                    "no end"
                }
            let use = token.lastUsed.map { "last used \($0)" } ?? "never used"
            return [
                token.id.description, token.role.rawValue.padding(to: 9), state.padding(to: 32), use.padding(to: 34),
                token.owner,
            ].joined(separator: "  ")
        }
    }

    struct Revoke: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Revoke a token: it lets nobody in from now on.")

        @OptionGroup var service: ServiceOptions
        @OptionGroup var format: FormatOptions

        @Argument(help: "The token's id, as create and list print it; not its text.")
        var id: TokenID

        func run() async throws {
            let token = try await ServiceClient.with(service) { try await $0.revokeToken(id) }
            guard !format.json else { return Console.show(token.json) }
            Console.say("token \(token.id) of \(token.owner) is revoked")
        }
    }
}

/// When a token ends, as people say it.
enum TokenEnd: ExpressibleByArgument, Equatable {
    case never
    case after(hours: Int64)
    case at(Instant)

    /// A hundred years: longer is `never`, and says so.
    private static let maximumHours: Int64 = 100 * 366 * 24

    init?(argument: String) {
        if argument == "never" {
            self = .never
        } else if let time = Instant.inUTC(argument) {
            self = .at(time)
        } else if let unit = argument.last.flatMap({ ["d": Int64(24), "h": 1][$0] }),
            let count = Int64(argument.dropLast()), (1...Self.maximumHours / unit).contains(count)
        {
            self = .after(hours: count * unit)
        } else {
            return nil
        }
    }

    var defaultValueDescription: String { "90d" }

    func instant(from now: Instant) -> Instant? {
        switch self {
        case .never: nil
        case .after(let hours): Instant(milliseconds: now.milliseconds + hours * 3_600_000)
        case .at(let time): time
        }
    }
}

extension Role: ExpressibleByArgument {}

extension TokenID: ExpressibleByArgument {
    package init?(argument: String) { self.init(argument) }
}
