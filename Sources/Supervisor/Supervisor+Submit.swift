package import API
internal import Catalogue
internal import JSON
internal import JobStore
package import Jobs
internal import Logging
internal import Measure
internal import NIOCore

extension Supervisor {
    /// The most that one upload may have; the rootfs's own limits are checked at the submission.
    private static let uploadLimit = UInt64(64) << 30

    /// Stores an upload while it arrives: hashed and written in one pass, in constant memory.
    package func upload(_ bytes: ByteStream) async throws(ServiceError) -> Blob {
        do {
            return try await store(bytes)
        } catch let error as StoreError {
            throw serviceError(error)
        } catch {
            throw .malformed("the upload ended early", remedy: "send the whole body again")
        }
    }

    private func store(_ bytes: ByteStream) async throws -> Blob {
        var writer = try installation.blobs.writer(limit: Self.uploadLimit)
        for try await piece in bytes {
            try piece.withUnsafeReadableBytes { try writer.append($0.bytes) }
        }
        return try writer.finish()
    }

    /// Checks a request whole, then records it durably, then says so.
    package func submit(_ request: JobRequest, owner: String, key: String?) async throws(ServiceError) -> Job {
        guard installation.policies[request.policy] != nil else {
            let known = installation.policies.keys.sorted().joined(separator: ", ")
            throw .invalid(Violation("policy", "is not known", limit: .string(known), remedy: "use one of: \(known)"))
        }
        let sizes: [Digest: UInt64]
        do throws(StoreError) { sizes = try sizesOfBlobs(request.inputs) } catch { throw serviceError(error) }
        let parameters = try check(request, sizes)
        do throws(StoreError) {
            let new = NewJob(
                id: identifiers.next(), owner: owner, rootfs: request.rootfs, policy: request.policy,
                inputs: try stored(request.inputs, sizes), parameters: parameters, metadata: request.metadata)
            let acceptance = try installation.jobs.accept(
                new, key: key.map { IdempotencyKey($0, request: request.digest) })
            guard case .accepted(let job) = acceptance else { return acceptance.job }
            let queued = try installation.jobs.move(job.id, from: .received, to: .queued)
            ring()
            return queued
        } catch {
            throw serviceError(error)
        }
    }

    private func check(_ request: JobRequest, _ sizes: [Digest: UInt64]) throws(ServiceError) -> [EffectiveParameter] {
        let rootfs: RootfsDescription
        do throws(CatalogueError) {
            rootfs = try installation.library.description(of: request.rootfs)
        } catch {
            guard case .unknownRootfs = error else { throw fault(error) }
            throw .invalid(
                Violation("rootfs", "is not built on this host", remedy: "build it: aibom rootfs build NAME"))
        }
        do throws(Violation) {
            return try request.validate(against: rootfs) { sizes[$0] }
        } catch {
            throw .invalid(error)
        }
    }

    /// The sizes of those that are stored. A store that can't be read is a fault, not a blob that is missing.
    private func sizesOfBlobs(_ inputs: [JobInput]) throws(StoreError) -> [Digest: UInt64] {
        var sizes: [Digest: UInt64] = [:]
        for input in inputs { sizes[input.digest] = try installation.blobs.size(of: input.digest) }
        return sizes
    }

    private func stored(
        _ inputs: [JobInput], _ sizes: [Digest: UInt64]
    ) throws(StoreError) -> [StoredInput] {
        var stored: [StoredInput] = []
        for input in inputs {
            guard let size = sizes[input.digest] else { throw .noSuchBlob(input.digest) }
            stored.append(StoredInput(input, size: size))
        }
        return stored
    }

    /// The service's word for what the store said.
    func serviceError(_ error: StoreError) -> ServiceError {
        switch error {
        case .tooLarge(let limit): return .tooLarge(limit: limit)
        case .storageFull: return .storageFull
        case .noSuchJob: return .notFound(kind: "job")
        case .noSuchBlob: return .notFound(kind: "blob")
        case .keyReused(let id): return .keyReused(id)
        case .noSuchToken: return .notFound(kind: "token")
        case .tooManyTokens(let limit):
            return .conflict("\(limit) tokens can be used already", remedy: "revoke those that nobody uses")
        case .lostRace, .noSuchMove:
            return .conflict("the job is in another state by now", remedy: "look at its state and ask again")
        case .damagedBlob, .system, .database: return fault(error)
        }
    }

    /// A fault of ours: said in the log, not to the caller.
    func fault(_ error: any Error) -> ServiceError {
        log.error("request failed", metadata: ["error": "\(error)"])
        return .fault
    }
}
