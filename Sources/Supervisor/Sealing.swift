internal import Attest
internal import AuditLog
internal import Dispatch
internal import JobStore
internal import Jobs
internal import Keys
internal import Linux
internal import Measure
internal import Signing
internal import Synchronization

/// Why a seal can't be made; the job stays `sealing` and is tried again at the next start.
enum SealError: Error {
    case facts(AttestError)
    case store(StoreError)
    case work(LinuxError)
    case signer(SigningError)
    case trail(TrailError)
    /// The file of a seal is not there or does not read.
    case lost(JobID)
    /// The TPM does not answer, or not with a good quote.
    case platform(SupervisorError)
}

extension Installation {
    /// Composes everything that will be said of a job that was run, stores it, and writes down what is left to do.
    func beginSeal(
        of id: JobID, _ facts: JobFacts, _ artifacts: [Artifact], failure: Problem?
    ) throws(SealError) -> PendingSeal {
        let document = try composing { () throws(AttestError) in
            try AIBoM.document(facts, as: provenance.specification)
        }
        let bill = try keep(document)
        let statements = try composing { () throws(AttestError) in
            try Statements.payloads(of: facts, bill: document, billDigest: bill.digest.hex)
        }
        let model = artifacts.first { $0.role == .model }.flatMap { modelStatement($0, of: id, bill: bill) }
        return try save(
            PendingSeal(
                bill: bill, artifacts: artifacts + [try keepPlatform()] + (try keepQuote(over: bill)),
                failure: failure, work: .toSign(statements: statements, model: model)), of: id)
    }

    /// The same for a failed job of which nothing is left to compose an AIBoM of: a signed record that it failed, and why.
    func beginFailure(of job: Job, at stage: JobFacts.Stage, _ problem: Problem) throws(SealError) -> PendingSeal {
        let facts = JobFacts.NeverRan(
            job: job.id.description, attempt: job.attempt, stage: stage, reason: "\(problem.title): \(problem.detail)",
            submitted: (job.times[.received] ?? job.id.time).description, finished: Instant.now().description,
            inputs: job.inputs.compactMap(JobFacts.Input.init), rootfs: job.rootfs, policy: job.policy,
            platform: platform.file)
        let statement = try composing { () throws(AttestError) in try Statements.failure(of: facts) }
        return try save(
            PendingSeal(
                bill: nil, artifacts: [try keepPlatform()], failure: problem,
                work: .toSign(statements: [statement], model: nil)), of: job.id)
    }

    /// Reads back a seal that an earlier supervisor began.
    func resumeSeal(of id: JobID) throws(SealError) -> PendingSeal {
        let bytes: [UInt8]?
        do throws(LinuxError) { bytes = try work.seal(of: id) } catch { throw .work(error) }
        guard let seal = bytes.flatMap(PendingSeal.init(bytes:)) else { throw .lost(id) }
        return seal
    }

    /// Has the documents signed, and writes down what was signed.
    func sign(_ seal: PendingSeal, of id: JobID) throws(SealError) -> SignedSeal {
        switch seal.work {
        case .signed(let signed): return signed
        case .toSign(let statements, let model): return try sign(seal, of: id, statements, model)
        }
    }

    private func sign(
        _ seal: PendingSeal, of id: JobID, _ statements: [[UInt8]], _ model: [UInt8]?
    ) throws(SealError) -> SignedSeal {
        let document = try seal.bill.map(read)
        let signatures: SealSignatures
        do throws(SigningError) {
            signatures = try signer.seal(SealRequest(bill: document, statements: statements, model: model))
        } catch { throw .signer(error) }
        let bill = seal.bill.map { [Artifact(name: AIBoM.documentName, role: .bom, blob: $0)] } ?? []
        let files = files(signatures, statements: statements, model: model)
        let signed = SignedSeal(
            artifacts: seal.artifacts + bill + (try keep(files)), time: .now(), logSize: trail.log.size,
            isFailure: seal.failure != nil)
        try save(seal.signed(signed), of: id)
        return signed
    }

    /// Enters a seal in the audit log: the artifacts of the job, complete with the proof.
    func enter(_ seal: SignedSeal, of job: Job, isResumed: Bool) throws(SealError) -> [Artifact] {
        let proof: [UInt8]
        do throws(TrailError) { proof = try trail.enter(seal, of: job, isResumed: isResumed) } catch {
            throw .trail(error)
        }
        return seal.artifacts + [Artifact(name: AIBoM.logProofName, role: .logProof, blob: try keep(proof))]
    }
}

/// A document that is signed and not stored yet.
private struct SignedFile: Sendable {
    let name: String
    let role: ArtifactRole
    let bytes: [UInt8]
}

extension Installation {
    private func files(_ signatures: SealSignatures, statements: [[UInt8]], model: [UInt8]?) -> [SignedFile] {
        var files = [
            SignedFile(
                name: AIBoM.attestationName, role: .attestation,
                bytes: attestation(statements, signatures.statements))
        ]
        if let signature = signatures.bill {
            files.append(SignedFile(name: AIBoM.signatureName, role: .bomSignature, bytes: signature))
        }
        if let certificates {
            files.append(SignedFile(name: AIBoM.certificatesName, role: .certificates, bytes: certificates.pem))
        }
        if let model, let signature = signatures.model {
            let bundle = ModelSignature.bundle(payload: model, signature: signature, material: signingMaterial)
            files.append(SignedFile(name: AIBoM.modelSignatureName, role: .modelSignature, bytes: bundle))
        }
        return files
    }

    /// Stores files side by side: each waits for the disk twice, and the disk takes them together.
    private func keep(_ files: [SignedFile]) throws(SealError) -> [Artifact] {
        let kept = Mutex<[Int: Result<Blob, SealError>]>([:])
        DispatchQueue.concurrentPerform(iterations: files.count) { index in
            let result: Result<Blob, SealError>
            do throws(SealError) { result = .success(try keep(files[index].bytes)) } catch { result = .failure(error) }
            kept.withLock { $0[index] = result }
        }
        var artifacts: [Artifact] = []
        for (index, file) in files.enumerated() {
            guard let result = kept.withLock({ $0[index] }) else { preconditionFailure("each file was tried") }
            artifacts.append(Artifact(name: file.name, role: file.role, blob: try result.get()))
        }
        return artifacts
    }

    /// Nil where the format has no signature by a key like ours.
    private func modelStatement(_ model: Artifact, of id: JobID, bill: Blob) -> [UInt8]? {
        guard signer.publicKey.algorithm != .ed25519 else { return nil }
        return ModelSignature.payload(
            model: .init(
                name: model.name, sha256: model.blob.digest.hex, size: Int64(clamping: model.blob.size)),
            rootDigest: Digest.of(model.blob.digest.bytes).hex,
            links: EvidenceLinks(job: id.description, bill: bill.digest.hex, platform: platform.digest.hex))
    }

    private func attestation(_ payloads: [[UInt8]], _ signatures: [[UInt8]]) -> [UInt8] {
        Envelope.lines(
            zip(payloads, signatures).map { payload, signature in
                Envelope(payload: payload, signatures: [.init(keyID: signer.publicKey.keyID, bytes: signature)])
            })
    }

    private var signingMaterial: ModelSignature.Material {
        certificates.map { .chain($0.certificates) }
            ?? .publicKey(hint: Digest.of(Array(signer.publicKey.pem.utf8)).hex)
    }

    @discardableResult
    private func save(_ seal: PendingSeal, of id: JobID) throws(SealError) -> PendingSeal {
        do throws(LinuxError) { try work.saveSeal(seal.bytes, of: id) } catch { throw .work(error) }
        return seal
    }

    private func keepPlatform() throws(SealError) -> Artifact {
        Artifact(name: AIBoM.platformName, role: .platform, blob: try keep(platform.bytes))
    }

    /// Taken with the record that it quotes: a supervisor that takes the seal up later is another start.
    private func keepQuote(over bill: Blob) throws(SealError) -> [Artifact] {
        guard let tpm else { return [] }
        let quote: [UInt8]
        do throws(SupervisorError) { quote = try tpm.device.document(over: bill.digest, tpm.starts) } catch {
            throw .platform(error)
        }
        return [Artifact(name: QuoteDocument.name, role: .quote, blob: try keep(quote))]
    }

    private func composing<Answer>(_ body: () throws(AttestError) -> Answer) throws(SealError) -> Answer {
        do throws(AttestError) { return try body() } catch { throw .facts(error) }
    }

    private func keep(_ bytes: [UInt8]) throws(SealError) -> Blob {
        do throws(StoreError) { return try blobs.store(bytes) } catch { throw .store(error) }
    }

    private func read(_ blob: Blob) throws(SealError) -> [UInt8] {
        let file: OwnedDescriptor
        do throws(StoreError) { file = try blobs.open(blob.digest) } catch { throw .store(error) }
        do throws(LinuxError) { return try file.readAll(limit: Int(blob.size)) } catch { throw .work(error) }
    }
}
