import ArgumentParser
import Catalogue
import Dispatch
import Jobs
import Synchronization

/// What a shell offers behind an option, asked for when TAB is pressed.
enum Completions {
    static let rootfs = CompletionKind.custom { _, _, _ in (try? RootfsCatalogue().names()) ?? [] }
    static let policies = CompletionKind.list(PolicyCatalogue.names)

    /// The latest jobs of the service that the environment names; none when it does not answer at once.
    static let jobs = CompletionKind.custom { _, _, _ in Found().wait() }
}

/// Job ids that come in time, or none.
private final class Found: Sendable {
    private static let patience = DispatchTimeInterval.milliseconds(1500)

    private let ids = Mutex<[String]>([])
    private let isDone = DispatchSemaphore(value: 0)

    func wait() -> [String] {
        Task { [self] in
            defer { isDone.signal() }
            guard let options = try? ServiceOptions.parse([]) else { return }
            try? await ServiceClient.with(options) { client in
                try await client.jobs(states: [], owner: nil, limit: 30) { page in
                    ids.withLock { $0 += page.map(\.id.description) }
                }
            }
        }
        _ = isDone.wait(timeout: .now() + Found.patience)
        return ids.withLock { $0 }
    }
}

/// The script that a shell reads to complete our command lines.
struct Completion: ParsableCommand {
    enum Shell: String, ExpressibleByArgument, CaseIterable {
        case bash, zsh, fish

        var script: String {
            switch self {
            case .bash: Aibom.completionScript(for: .bash)
            case .zsh: Aibom.completionScript(for: .zsh)
            case .fish: Aibom.completionScript(for: .fish)
            }
        }
    }

    static let configuration = CommandConfiguration(
        abstract: "Print a shell's completion script.",
        discussion: """
            bash: aibom completion bash > /etc/bash_completion.d/aibom
            zsh: aibom completion zsh > "${fpath[1]}/_aibom"
            fish: aibom completion fish > ~/.config/fish/completions/aibom.fish
            """)

    @Argument(help: "bash, zsh or fish.") var shell: Shell

    func run() throws { Console.write(Array(shell.script.utf8), to: 1) }
}
