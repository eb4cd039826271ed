internal import API
internal import Attest
internal import CLinux
internal import Catalogue
internal import Linux
internal import Measure
internal import Sandbox
internal import SystemPackage

/// `platform.json` of this start. Made once, before the first job, and never again while the supervisor runs.
struct PlatformMeasurement: Sendable {
    let record: PlatformRecord
    let bytes: [UInt8]
    let digest: Digest

    /// As a file of a job's evidence.
    var file: JobFacts.File {
        .init(name: AIBoM.platformName, sha256: digest.hex, size: Int64(bytes.count))
    }

    /// Digests of the two programs that vouch, in hex.
    var supervisor: String { record.executables[0].sha256 }
    var signer: String { record.executables[1].sha256 }

    /// What is measured. Nothing in it comes from a submitter.
    struct Subject {
        /// The path of the running supervisor's own file, whatever lies at its name by now.
        var supervisor = "/proc/self/exe"
        var signer: String
        var settings: [String: String]
        /// Names of settings whose values are not shown.
        var secrets: Set<String> = []
        var policies: [String: ConfinedPolicy]
        var catalogue: RootfsCatalogue
        var environment: Environment
        /// Key ids by use.
        var keys: [String: String]
        var tpm: PlatformRecord.TPM?
        /// Where `/proc` and `/sys` are.
        var root = ""
    }

    /// Measures.
    ///
    /// - Parameters:
    ///   - subject: what there is.
    ///   - now: the time of the start.
    /// - Throws: `SupervisorError` when a program or a rootfs can't be read: a start that can't say what it is serves no job.
    init(of subject: Subject, at now: Instant = .now()) throws(SupervisorError) {
        let shown = subject.settings.filter { !subject.secrets.contains($0.key) }
        do throws(AttestError) {
            record = PlatformRecord(
                startedAt: now.description, productVersion: Version.current,
                executables: try Self.executables(subject),
                configuration: .init(
                    sha256: Digest.of(try PlatformRecord.Configuration.canonicalBytes(of: shown)).hex, settings: shown,
                    withheld: subject.settings.keys.filter(subject.secrets.contains).sorted()),
                policies: subject.policies.sorted { $0.key < $1.key }.map { name, policy in
                    .init(name: name, sha256: policy.digest.hex, filterSHA256: policy.filterDigest.hex)
                },
                rootfs: try Self.rootfs(subject.catalogue),
                kernel: KernelFacts.read(subject.environment, root: subject.root), keys: subject.keys, tpm: subject.tpm)
            bytes = try record.bytes()
        } catch {
            throw .platform(error.description)
        }
        digest = Digest.of(bytes)
    }

    /// The supervisor and its signer, which must be there, and the programs beside them, which need not be.
    private static func executables(_ subject: Subject) throws(AttestError) -> [PlatformRecord.Executable] {
        var executables = [
            try executable("aibomd", subject.supervisor), try executable("aibom-signer", subject.signer),
        ]
        let folder = subject.signer.prefix(upTo: subject.signer.lastIndex(of: "/") ?? subject.signer.startIndex)
        for name in ["aibom", "aibom-gateway"] where OwnedDescriptor.exists("\(folder)/\(name)") {
            executables.append(try executable(name, "\(folder)/\(name)"))
        }
        return executables
    }

    private static func executable(_ name: String, _ path: String) throws(AttestError) -> PlatformRecord.Executable {
        do throws(LinuxError) {
            let file = try OwnedDescriptor.open(path, flags: O_RDONLY, stage: "measure executable")
            let measured = try Digest.of(file: file)
            return .init(name: name, sha256: measured.digest.hex, size: Int64(clamping: measured.size))
        } catch {
            throw .document("platform record: \(error)")
        }
    }

    /// Every environment that is built, as its manifest names it. Its image, which may have gigabytes, is hashed against the
    /// manifest before it is mounted (`RootfsLibrary`), and not a second time here.
    private static func rootfs(_ catalogue: RootfsCatalogue) throws(AttestError) -> [PlatformRecord.Rootfs] {
        var found: [PlatformRecord.Rootfs] = []
        do throws(CatalogueError) {
            for name in try catalogue.names().sorted() {
                // One that can't be read can't be run either: the library refuses it with the reason.
                guard let manifest = try? catalogue.manifest(name) else { continue }
                found.append(
                    .init(
                        name: name, manifestSHA256: Digest.of(manifest.source).hex,
                        imageSHA256: manifest.imageDigest.hex, recipe: manifest.recipeDigest))
            }
        } catch {
            throw .document("platform record: \(error)")
        }
        return found
    }
}
