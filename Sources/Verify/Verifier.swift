internal import Attest
internal import Keys
internal import Linux
internal import Measure

/// Checks evidence offline: needs the evidence, a trust that came from elsewhere, and nothing else.
package struct Verifier {
    let evidence: any Evidence
    let trust: VerifierTrust
    /// Every name that lies there.
    let present: Set<[UInt8]>
    /// The moment at which the evidence is proved to have been there; nil while nobody has proved one.
    var provedTime: ProvedTime?
    /// Certificates that the evidence brings, the signer's first.
    var chain: CertificateChain?
    var timestamp: TimestampStanding?
    var verdict = Verdict()

    private init(_ evidence: any Evidence, _ trust: VerifierTrust) throws(LinuxError) {
        self.evidence = evidence
        self.trust = trust
        present = Set(try evidence.names())
    }

    /// Checks everything that can be checked, and goes on after a failure, so that one run names all that is wrong.
    ///
    /// - Parameters:
    ///   - directory: holds the documents and the artifacts, flat.
    ///   - trust: got by a way that whoever made the folder does not control.
    ///   - inputs: paths of files that are said to have gone into the job.
    ///   - file: path of a file that is said to be an artifact or an input of the job, under whatever name.
    /// - Returns: the checks, in order.
    package static func verify(
        directory: String, trust: VerifierTrust, inputs: [String] = [], file: String? = nil
    ) -> Verdict {
        do throws(LinuxError) {
            var verifier = try Verifier(try EvidenceFolder(directory), trust)
            verifier.run(inputs, file)
            return verifier.verdict
        } catch {
            var verdict = Verdict()
            verdict.fail(.folder, directory, .folderUnreadable, error.description)
            return verdict
        }
    }

    /// The same for a bundle that came over the network.
    ///
    /// - Parameters:
    ///   - bundle: with the documents `documentNames`.
    ///   - trust: the asker's.
    /// - Returns: the checks, in order.
    package static func verify(_ bundle: EvidenceBundle, trust: VerifierTrust) -> Verdict {
        var verdict = Verdict()
        do throws(LinuxError) {
            var verifier = try Verifier(bundle, trust)
            verifier.run([], nil)
            return verifier.verdict
        } catch {
            verdict.fail(.folder, ".", .folderUnreadable, error.description)
            return verdict
        }
    }

    /// What is read as a document and not only measured.
    package static var documentNames: [String] { Documents.all }

    /// How many bytes a document may have.
    package static func limit(of document: String) -> Int { Documents.limit(of: document) }

    /// The times come first, since who may have signed depends on when; then who signed; then what was said.
    private mutating func run(_ inputs: [String], _ file: String?) {
        let proof = readLogProof()
        readTimestamp()
        readChain()
        guard has(AIBoM.documentName) || has(AIBoM.signatureName) else { return checkRecord(proof) }
        guard let document = bytes(of: AIBoM.documentName) else { return }
        let signer = checkSignature(over: document)
        guard let bill = readBill(document) else { return }
        checkKey(bill.claims, signer)
        checkChain(signer)
        checkAccepted(bill.setting)
        for artifact in bill.claims.artifacts { check(artifact) }
        checkModel(bill.claims)
        // Where the AIBoM's signature is wrong, the only key that could have made it is asked about the rest.
        let author = signer ?? (candidates.count == 1 ? candidates.first : nil)
        checkStatements(bill, author)
        checkModelSignature(bill, author)
        checkPlatform(signer, bill.platform, bill: Digest(hex: bill.digest))
        checkNothingElse(bill.claims.artifacts.map(\.name))
        checkTimestamp()
        checkLog(proof, job: bill.claims.job, outcome: bill.claims.isCompleted ? "completed" : "failed")
        for input in inputs { check(input: input, bill.claims) }
        if let file { check(file: file, bill.claims) }
    }

    func has(_ name: String) -> Bool { present.contains(Array(name.utf8)) }
}
