import AsyncHTTPClient
import AuditLog
import Foundation
import JSON
import Jobs
import Linux
import NIOCore

/// Keeps a copy of a service's log up to date. Every tile of the copy is derived here, from the entries.
struct LogMirror {
    /// In the copy's folder: whose log it is.
    static let keyName = "log.vkey"
    private static let bundleLimit = 17 << 20

    private let client: ServiceClient
    let folder: String
    let key: VerifierKey

    init(_ client: ServiceClient, _ folder: String, _ key: VerifierKey) {
        self.client = client
        self.folder = folder
        self.key = key
    }

    /// The key that was given, or else the one that the service shows.
    static func key(_ given: VerifierKey?, _ client: ServiceClient) async throws(CommandError) -> VerifierKey {
        if let given { return given }
        let shown = try await client.logKey()
        do throws(LogError) { return try VerifierKey(shown) } catch { throw .unintelligible("/v1/keys") }
    }

    /// Fetches what is new.
    ///
    /// - Returns: how many entries are.
    @discardableResult
    func update() async throws(CommandError) -> UInt64 {
        let note = try await fetch("checkpoint", limit: 256 << 10)
        do {
            let signed = try SignedCheckpoint(note, log: key)
            let place = try OwnedDescriptor.directory(folder)
            try DurableFile.publish(Array("\(key)\n".utf8), as: Self.keyName, in: place)
            var copy = try LogCopy(in: place, key: key)
            let (before, size) = (copy.size, signed.checkpoint.size)
            while copy.size < size {
                let tile = copy.size / UInt64(TilePath.fullWidth)
                let first = tile * UInt64(TilePath.fullWidth)
                let width = Int(min(UInt64(TilePath.fullWidth), size - first))
                let bundle = try await bundle(TilePath(.entries, index: tile, width: width))
                for place in Int(copy.size - first)..<width { try copy.append(bundle[place]) }
            }
            try copy.take(signed)
            return size - before
        } catch let error as LogError {
            throw .damaged("the service's log does not hold: \(error)", remedy: "keep your copy, and ask the operator")
        } catch let error as LinuxError {
            throw .local("couldn't keep the copy: \(error)", remedy: "give another folder with --copy")
        } catch let error as CommandError {
            throw error
        } catch { throw .local("couldn't keep the copy: \(error)", remedy: "give another folder with --copy") }
    }

    /// A bundle; the full one once the partial one is gone.
    private func bundle(_ path: TilePath) async throws -> EntryBundle {
        let bytes: [UInt8]
        do throws(CommandError) { bytes = try await fetch(path.description, limit: Self.bundleLimit) } catch {
            guard case .refused(let problem) = error, problem.status == 404, !path.isFull else { throw error }
            bytes = try await fetch(path.full.description, limit: Self.bundleLimit)
        }
        guard let bundle = EntryBundle(bytes), bundle.count >= path.width else {
            throw LogError.malformed(path.description, "does not hold \(path.width) whole entries")
        }
        return bundle
    }

    /// A hash tile's bytes as the service has them.
    func tile(_ path: TilePath) async throws(CommandError) -> [UInt8] {
        try await fetch(path.description, limit: TilePath.fullWidth * TreeHash.length)
    }

    private func fetch(_ file: String, limit: Int) async throws(CommandError) -> [UInt8] {
        let response = try await client.stream("/v1/log/\(file)")
        do { return Array(try await response.body.collect(upTo: limit).readableBytesView) } catch {
            throw client.interrupted(error)
        }
    }
}

extension ServiceClient {
    /// The log's key as tools for signed notes take it.
    func logKey() async throws(CommandError) -> String {
        let keys = try list("keys", { $0 }, await get("/v1/keys"), from: "/v1/keys")
        guard let key = keys.first(where: { $0["use"] == "log" })?["vkey"]?.stringValue else {
            throw .unintelligible("/v1/keys")
        }
        return key
    }

    func review(through: UInt64, finding: String) async throws(CommandError) -> UInt64 {
        let path = "/v1/log/reviews"
        let body: JSON = ["through": .integer(Int64(clamping: through)), "finding": .string(finding)]
        return try read(
            { $0["index"]?.integerValue.flatMap { UInt64(exactly: $0) } }, await post(body, to: path), from: path)
    }
}
