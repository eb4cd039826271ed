internal import Attest
internal import AuditLog
internal import JSON
internal import JobStore
internal import Jobs
internal import Linux
internal import Measure
internal import Signing

/// A seal that was begun: the document that will be signed and what will be published with it, all stored already.
///
/// Written durably before the job is `sealing`, so that a supervisor that died there signs the same bytes after its restart
/// and publishes once.
struct PendingSeal: Equatable {
    let document: Blob
    let artifacts: [Artifact]
    /// Why there is no model; nil when there is one.
    let failure: Problem?
    /// Nil until all of it is signed.
    var signed: SignedSeal?

    /// All that must be there still when it is published.
    var blobs: [Blob] { [document] + (artifacts + (signed?.artifacts ?? [])).map(\.blob) }

    var json: JSON {
        [
            "document": document.json, "artifacts": .array(artifacts.map(\.json)), "failure": failure?.json ?? .null,
            "signed": signed?.json ?? .null,
        ]
    }

    init(document: Blob, artifacts: [Artifact], failure: Problem?, signed: SignedSeal? = nil) {
        self.document = document
        self.artifacts = artifacts
        self.failure = failure
        self.signed = signed
    }

    init?(json: JSON) {
        guard let document = json["document"].flatMap(Blob.init(json:)), let list = json["artifacts"]?.arrayValue,
            let failure = json["failure"]
        else { return nil }
        let artifacts = list.compactMap(Artifact.init(json:))
        let problem = Problem(json: failure)
        // A failure that does not read is no success.
        guard artifacts.count == list.count, problem != nil || failure == .null else { return nil }
        let signed = json["signed"] ?? .null
        guard let seal = SignedSeal(json: signed, isFailure: problem != nil) else {
            guard signed == .null else { return nil }
            self.init(document: document, artifacts: artifacts, failure: problem)
            return
        }
        self.init(document: document, artifacts: artifacts, failure: problem, signed: seal)
    }
}

/// A seal that is signed and not entered in the audit log yet, or not known to be.
///
/// Written durably before it is entered: a signature is another one each time it is made, and the log must not name two.
struct SignedSeal: Equatable {
    /// Everything that is published, but for the proof.
    let artifacts: [Artifact]
    let time: Instant
    /// How many entries the log had before.
    let logSize: UInt64
    let isFailure: Bool

    var json: JSON {
        [
            "artifacts": .array(artifacts.map(\.json)), "time": .string(time.description),
            "log_size": .integer(Int64(clamping: logSize)),
        ]
    }

    init(artifacts: [Artifact], time: Instant, logSize: UInt64, isFailure: Bool) {
        self.artifacts = artifacts
        self.time = time
        self.logSize = logSize
        self.isFailure = isFailure
    }

    init?(json: JSON, isFailure: Bool) {
        guard let list = json["artifacts"]?.arrayValue, let time = json["time"]?.stringValue.flatMap(Instant.init),
            let size = json["log_size"]?.integerValue.flatMap({ UInt64(exactly: $0) })
        else { return nil }
        let artifacts = list.compactMap(Artifact.init(json:))
        guard artifacts.count == list.count else { return nil }
        self.init(artifacts: artifacts, time: time, logSize: size, isFailure: isFailure)
    }
}

/// Why a seal can't be made; the job stays `sealing` and is tried again at the next start.
enum SealError: Error {
    case facts(AttestError)
    case store(StoreError)
    case work(LinuxError)
    case signer(SigningError)
    case trail(TrailError)
    /// The file of a seal is not there or does not read.
    case lost(JobID)
}

extension Installation {
    /// Composes and stores the document, and writes down what is left to do.
    func beginSeal(
        of id: JobID, _ facts: JobFacts, _ artifacts: [Artifact], failure: Problem?
    ) throws(SealError) -> PendingSeal {
        let bytes: [UInt8]
        do throws(AttestError) {
            bytes = try AIBoM.document(facts, as: provenance.specification)
        } catch { throw .facts(error) }
        let document = try keep(bytes)
        let seal = PendingSeal(document: document, artifacts: artifacts, failure: failure)
        do throws(LinuxError) { try work.saveSeal(seal.json.compactBytes(), of: id) } catch { throw .work(error) }
        return seal
    }

    /// Reads back a seal that an earlier supervisor began.
    func resumeSeal(of id: JobID) throws(SealError) -> PendingSeal {
        let bytes: [UInt8]?
        do throws(LinuxError) { bytes = try work.seal(of: id) } catch { throw .work(error) }
        guard let bytes, let value = try? JSON.parse(bytes, limits: .document), let seal = PendingSeal(json: value)
        else {
            throw .lost(id)
        }
        return seal
    }

    /// Has the document signed, and writes down what was signed.
    func sign(_ seal: PendingSeal, of id: JobID) throws(SealError) -> SignedSeal {
        if let signed = seal.signed { return signed }
        let signature: [UInt8]
        let bytes = try read(seal.document)
        do throws(SigningError) { signature = try signer.seal(SealRequest(bill: bytes)).bill ?? [] } catch {
            throw .signer(error)
        }
        let artifacts =
            seal.artifacts + [
                Artifact(name: "aibom.json", role: .bom, blob: seal.document),
                Artifact(name: "aibom.sig", role: .bomSignature, blob: try keep(signature)),
            ]
        var sealed = seal
        let signed = SignedSeal(
            artifacts: artifacts, time: .now(), logSize: trail.log.size, isFailure: seal.failure != nil)
        sealed.signed = signed
        do throws(LinuxError) { try work.saveSeal(sealed.json.compactBytes(), of: id) } catch { throw .work(error) }
        return signed
    }

    /// Enters a seal in the audit log: the artifacts of the job, complete with the proof.
    func enter(_ seal: SignedSeal, of job: Job, isResumed: Bool) throws(SealError) -> [Artifact] {
        let proof: [UInt8]
        do throws(TrailError) { proof = try trail.enter(seal, of: job, isResumed: isResumed) } catch {
            throw .trail(error)
        }
        return seal.artifacts + [Artifact(name: "aibom.tlog-proof", role: .logProof, blob: try keep(proof))]
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
