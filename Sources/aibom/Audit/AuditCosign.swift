import ArgumentParser
import AsyncHTTPClient
import AuditLog
import Foundation
import JSON
import Linux
import Measure
import NIOCore
import NIOHTTP1
import NIOPosix
import VerifyCommandLine

extension AuditCommand {
    struct Cosign: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract:
                "Have the log's newest checkpoint cosigned by the witnesses of a policy, and keep it with the copy.",
            discussion:
                "The supervisor opens no connection to anybody; this command does, as any user who may read the log. The cosigned "
                + "checkpoint is kept as cosigned in the copy, and aibom audit prove --cosigned proves under it.")

        @OptionGroup var log: LogOptions
        @OptionGroup var format: FormatOptions
        @Option(help: "Again every so many seconds, until the command is ended.") var every: Int?

        func validate() throws {
            guard log.copy != nil, log.trust.hasPolicy else {
                throw ValidationError(
                    "give --copy, where the cosigned checkpoint is kept, and --log-policy with witnesses")
            }
            guard every.map({ (1...86_400).contains($0) }) ?? true else {
                throw ValidationError("--every takes 1 to 86400")
            }
        }

        func run() async throws {
            guard let policy = try log.trust.policyFile(), let copy = log.copy else { return }
            while true {
                let signed = try await log.with { view, _ in
                    try await Cosigners(policy, view, copy).collect()
                }
                let isEnough = policy.accepts(signed)
                let names = signed.signers.map(\.name.description).sorted()
                if format.json {
                    Console.show([
                        "size": .integer(Int64(clamping: signed.checkpoint.size)), "accepted": .bool(isEnough),
                        "signers": .array(names.map(JSON.string)),
                    ])
                } else {
                    Console.say(
                        "\(signed.checkpoint.size) entries, signed by \(names.joined(separator: ", "))"
                            + (isEnough ? "" : ": not enough for the policy"))
                }
                guard let every else {
                    guard isEnough else { throw ExitCode(ExitStatus.verificationFailed.rawValue) }
                    return
                }
                try await Task.sleep(for: .seconds(every))
            }
        }
    }
}

/// Asks witnesses for their word on one checkpoint.
struct Cosigners {
    /// In the copy: the newest checkpoint with all cosignatures that it got.
    static let fileName = "cosigned"
    private static let patience = TimeAmount.seconds(20)

    private let policy: TlogPolicy
    private let view: LogView
    private let folder: String

    init(_ policy: TlogPolicy, _ view: LogView, _ folder: String) {
        self.policy = policy
        self.view = view
        self.folder = folder
    }

    /// - Throws: `CommandError` when the copy can't be written. A witness that can't be reached, or that refuses, is said and passed over.
    /// - Returns: the checkpoint with every cosignature that was given and verifies.
    func collect() async throws -> SignedCheckpoint {
        let http = HTTPClient(eventLoopGroup: MultiThreadedEventLoopGroup.singleton)
        var note = view.signed.note
        for (key, url) in policy.witnessURLs {
            do {
                note = note.adding([try await cosignature(by: key, at: url.description, http)])
            } catch { Console.say("witness \(key.name): \(error)") }
        }
        try? await http.shutdown()
        let signed = try SignedCheckpoint(note.bytes, log: view.key, witnesses: policy.witnesses)
        try DurableFile.publish(signed.note.bytes, as: Self.fileName, in: OwnedDescriptor.directory(folder))
        return signed
    }

    private func cosignature(
        by key: VerifierKey, at url: String, _ http: HTTPClient
    ) async throws -> SignedNote.Signature {
        // Which size it has seen is the witness's to know: it says so when we are wrong.
        var old: UInt64 = 0
        for _ in 0..<3 {
            let answer = try await askAgain(url, from: old, http)
            switch answer.status {
            case 200:
                for line in try SignedNote.signatures(answer.body) {
                    let note = SignedNote(text: view.signed.note.text).adding([line])
                    if (try? note.verified(by: [key])) == [key] { return line }
                }
                throw CommandError.local("its answer is not its signature", remedy: "check its key in the policy")
            case 409:
                guard let text = String(bytes: answer.body, encoding: .utf8),
                    let size = UInt64(text.trimmingCharacters(in: .newlines)), size <= view.size
                else {
                    throw CommandError.damaged(
                        "it has seen more of this log than there is", remedy: "the log went backwards: keep your copy")
                }
                old = size
            default:
                let text = String(decoding: answer.body.prefix(300), as: UTF8.self)
                throw CommandError.local("it answered \(answer.status): \(text)", remedy: "ask its operator")
            }
        }
        throw CommandError.local("it names another size each time", remedy: "let one command at a time ask it")
    }

    /// A connection that breaks is tried again: to ask twice does no harm, since the second time the witness names the size that it has.
    private func askAgain(
        _ url: String, from old: UInt64, _ http: HTTPClient
    ) async throws -> (status: Int, body: [UInt8]) {
        do { return try await ask(url, from: old, http) } catch {
            try await Task.sleep(for: .seconds(1))
            return try await ask(url, from: old, http)
        }
    }

    private func ask(_ url: String, from old: UInt64, _ http: HTTPClient) async throws -> (status: Int, body: [UInt8]) {
        var tree = MerkleTree(view.reader, size: view.size)
        let proof = try tree.consistencyProof(from: old)
        var request = HTTPClientRequest(url: "\(url.hasSuffix("/") ? String(url.dropLast()) : url)/add-checkpoint")
        request.method = .POST
        request.headers.add(name: "content-type", value: "text/plain")
        // Asked once in a while: nobody has to keep a connection for it.
        request.headers.add(name: "connection", value: "close")
        request.body = .bytes(
            ByteBuffer(bytes: WitnessRequest(oldSize: old, proof: proof, note: view.signed.note).bytes))
        let response = try await http.execute(request, timeout: Self.patience)
        let body = try await response.body.collect(upTo: 64 << 10)
        return (Int(response.status.code), Array(body.readableBytesView))
    }
}
