import ArgumentParser
import AsyncHTTPClient
import CLinux
import Foundation
import Linux
import Measure
import NIOCore
import NIOHTTP1
import Verify

/// Has a timestamp authority say when evidence was there. The supervisor opens no connection; whoever has the folder asks.
struct TimestampCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "timestamp",
        abstract: "Have a timestamp authority (RFC 3161) stamp the evidence of a job, and lay its answer beside it.",
        discussion: "The authority is sent a digest of aibom.sig and nothing else.")

    @Argument(help: "The folder that aibom fetch filled.", completion: .directory) var folder: String
    @Option(help: "Where the authority takes requests: http://… or https://…") var tsa: String
    @Option(help: "How many seconds to wait for it.") var timeout = 30

    private static let answerLimit = 64 << 10

    func validate() throws {
        guard tsa.hasPrefix("http://") || tsa.hasPrefix("https://") else {
            throw ValidationError("--tsa takes an http or https URL")
        }
        guard (1...600).contains(timeout) else { throw ValidationError("--timeout takes 1 to 600") }
    }

    func run() async throws {
        let signature = try signature()
        let response = try await ask(TimestampRequest.der(over: Digest.of(signature)))
        let time: Instant
        do throws(VerifyError) { time = try TimestampRequest.check(response, over: signature) } catch {
            throw CommandError.local("\(tsa) gave no timestamp: \(error)", remedy: "ask another authority")
        }
        try lay(response)
        Console.say("stamped: aibom.sig was there at \(time), says \(tsa)")
    }

    private func signature() throws(CommandError) -> [UInt8] {
        do throws(LinuxError) {
            return try OwnedDescriptor.open(folder, flags: O_RDONLY | O_DIRECTORY, stage: "open folder")
                .openEntry(Array("aibom.sig".utf8)).readAll(limit: 1 << 10)
        } catch {
            throw .local("couldn't read \(folder)/aibom.sig: \(error)", remedy: "give a folder that aibom fetch filled")
        }
    }

    private func ask(_ query: [UInt8]) async throws -> [UInt8] {
        var request = HTTPClientRequest(url: tsa)
        request.method = .POST
        request.headers.add(name: "content-type", value: "application/timestamp-query")
        request.headers.add(name: "accept", value: "application/timestamp-reply")
        request.body = .bytes(ByteBuffer(bytes: query))
        do {
            let answer = try await HTTPClient.shared.execute(request, timeout: .seconds(Int64(timeout)))
            guard answer.status == .ok else {
                throw CommandError.local("\(tsa) answers \(answer.status)", remedy: "check the URL")
            }
            return Array(try await answer.body.collect(upTo: Self.answerLimit).readableBytesView)
        } catch let error as CommandError {
            throw error
        } catch {
            throw CommandError.local("couldn't ask \(tsa): \(error)", remedy: "check the URL and the way to it")
        }
    }

    /// One that is there is replaced only by whoever removes it: an older stamp proves more than a newer one.
    private func lay(_ response: [UInt8]) throws(CommandError) {
        do throws(LinuxError) {
            let file = try OwnedDescriptor.open(
                "\(folder)/aibom.tsr", flags: O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, mode: 0o644,
                stage: "make aibom.tsr")
            try file.write(response)
        } catch {
            throw .local(
                "couldn't write \(folder)/aibom.tsr: \(error)", remedy: "remove an older stamp if you want another")
        }
    }
}
