internal import Attest
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

    /// All that must be there still when it is published.
    var blobs: [Blob] { [document] + artifacts.map(\.blob) }

    var json: JSON {
        [
            "document": document.json, "artifacts": .array(artifacts.map(\.json)), "failure": failure?.json ?? .null,
        ]
    }

    init(document: Blob, artifacts: [Artifact], failure: Problem?) {
        self.document = document
        self.artifacts = artifacts
        self.failure = failure
    }

    init?(json: JSON) {
        guard let document = json["document"].flatMap(Blob.init(json:)), let list = json["artifacts"]?.arrayValue,
            let failure = json["failure"]
        else { return nil }
        let artifacts = list.compactMap(Artifact.init(json:))
        let problem = Problem(json: failure)
        // A failure that does not read is no success.
        guard artifacts.count == list.count, problem != nil || failure == .null else { return nil }
        self.init(document: document, artifacts: artifacts, failure: problem)
    }
}

/// Why a seal can't be made; the job stays `sealing` and is tried again at the next start.
enum SealError: Error {
    case facts(AttestError)
    case store(StoreError)
    case work(LinuxError)
    case signer(SigningError)
    /// The file of a seal is not there or does not read.
    case lost(JobID)
}

extension Installation {
    /// Composes and stores the document, and writes down what is left to do.
    func beginSeal(
        of id: JobID, _ facts: JobFacts, _ artifacts: [Artifact], failure: Problem?
    ) throws(SealError) -> PendingSeal {
        let bytes: [UInt8]
        do throws(AttestError) { bytes = try AIBoM.document(facts) } catch { throw .facts(error) }
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

    /// Has the document signed: the artifacts of the job, complete.
    func sign(_ seal: PendingSeal) throws(SealError) -> [Artifact] {
        let signature: [UInt8]
        let bytes = try read(seal.document)
        do throws(SigningError) { signature = try signer.sign(statement: bytes) } catch { throw .signer(error) }
        return seal.artifacts + [
            Artifact(name: "aibom.json", role: .bom, blob: seal.document),
            Artifact(name: "aibom.sig", role: .bomSignature, blob: try keep(signature)),
        ]
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
