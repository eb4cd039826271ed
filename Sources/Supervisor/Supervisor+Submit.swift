package import API
internal import Catalogue
internal import JSON
internal import JobStore
package import Jobs
internal import Logging
internal import Measure
internal import NIOCore
internal import Policy
internal import Sandbox

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
        var writer = installation.blobs.writer(limit: Self.uploadLimit)
        for try await piece in bytes {
            try piece.withUnsafeReadableBytes { try writer.append($0.bytes) }
        }
        return try writer.finish()
    }

    /// Checks a request whole, then records it durably, then says so.
    package func submit(_ request: JobRequest, owner: String, key: String?) async throws(ServiceError) -> Job {
        try requireTrail()
        guard let policy = installation.policies[request.policy]?.policy else {
            let known = installation.policies.keys.sorted().joined(separator: ", ")
            throw .invalid(Violation("policy", "is not known", limit: .string(known), remedy: "use one of: \(known)"))
        }
        // Between the look whether the inputs are stored and the row that needs them, none of them may go.
        return try installation.blobs.pinning(request.inputs.map(\.digest)) { () throws(ServiceError) in
            let sizes: [Digest: UInt64]
            do throws(StoreError) { sizes = try sizesOfBlobs(request.inputs) } catch { throw serviceError(error) }
            let parameters = try check(request, sizes)
            let resources = try resources(of: request, under: policy)
            do throws(StoreError) {
                let new = NewJob(
                    id: identifiers.next(), owner: owner, rootfs: request.rootfs, policy: request.policy,
                    inputs: try stored(request.inputs, sizes), parameters: parameters, metadata: request.metadata,
                    resources: resources, priority: request.priority, maxAttempts: request.maxAttempts,
                    traceparent: TraceContext.current?.description)
                let acceptance = try installation.jobs.accept(
                    new, key: key.map { IdempotencyKey($0, request: request.digest) })
                if case .accepted(let job) = acceptance { enqueue(job) }
                return acceptance.job
            } catch {
                throw serviceError(error)
            }
        }
    }

    /// What the job is admitted with; a job that could never be admitted is refused here.
    private func resources(of request: JobRequest, under policy: Policy) throws(ServiceError) -> Resources {
        let limits = ResourceLimits(
            policy: policy.name, cpuMillicores: policy.limits.cpuMillicores, memoryBytes: policy.limits.memoryBytes,
            lendsGPUs: policy.lendsGPUs)
        do throws(Violation) { return try request.resources.resolved(within: limits, capacity: floor.capacity) } catch {
            throw .invalid(error)
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
        case .notOver(_, let state):
            return .conflict(
                "the job is \(state) and needs its inputs", remedy: "wait for its end, or cancel it first")
        case .damagedBlob, .newer, .system, .database: return fault(error)
        }
    }

    /// A fault of ours: said in the log, not to the caller.
    func fault(_ error: any Error) -> ServiceError {
        log.error("request failed", metadata: ["error": "\(error)"])
        return .fault
    }
}
