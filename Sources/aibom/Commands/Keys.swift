import ArgumentParser
import CLinux
import Keys
import Linux
import Signing

/// The key that signs documents.
struct Keys: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Make, show and rotate the key that signs AIBoMs.",
        subcommands: [Generate.self, Show.self, Rotate.self, Revoke.self, History.self])
}

extension Keys {
    struct Generate: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Make a new key; an existing one is never overwritten.")

        @Option(help: "The supervisor's state folder.") var state = "/var/lib/aibom"
        @Option(help: "p256, which every tool takes, p384, or ed25519, which signs no model.sig.")
        var algorithm = KeyAlgorithm.p256

        func run() throws {
            let place = KeyFolder(state: state)
            let key: PublicKey
            do {
                _ = try OwnedDescriptor.directory(state)
                key = try place.generate(.documents, algorithm)
            } catch {
                throw CommandError.local(
                    "couldn't make a key: \(error)", remedy: "give another --state, or keep the key that is there")
            }
            Console.say("made \(place.privateKey), \(key.algorithm.name), key id \(key.keyID)")
            Console.write(Array(key.pem.utf8), to: 1)
        }
    }

    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Print the public key as PEM.")

        @OptionGroup var service: ServiceOptions
        @Option(help: "Read it from a supervisor's state folder instead of asking the supervisor.") var state: String?
        @Flag(help: "The audit log's key instead, as tools for signed notes take it.") var log = false

        func validate() throws {
            guard !log || state == nil else { throw ValidationError("--log is for a running service") }
        }

        func run() async throws {
            if let state { return try show(state) }
            if log { return Console.show(try await ServiceClient.with(service) { try await $0.logKey() }) }
            for key in try await ServiceClient.with(service, { try await $0.publicKeys() }) {
                Console.write(Array(key.utf8), to: 1)
            }
        }

        private func show(_ state: String) throws {
            do {
                let file = try OwnedDescriptor.open(KeyFolder(state: state).publicKey, flags: O_RDONLY)
                Console.write(try file.readAll(limit: 1 << 16), to: 1)
            } catch {
                throw CommandError.local(
                    "couldn't read the public key: \(error)", remedy: "make one: aibom keys generate --state \(state)")
            }
        }
    }
}

extension KeyAlgorithm: ExpressibleByArgument {}
