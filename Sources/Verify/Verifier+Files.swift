internal import Attest
internal import Glibc
internal import Linux
internal import Measure
internal import SystemPackage

extension Verifier {
    /// A document's bytes; says why when there are none.
    mutating func bytes(of name: String) -> [UInt8]? {
        do throws(LinuxError) {
            return try evidence.document(name, limit: Documents.limit(of: name))
        } catch {
            fail(name == AIBoM.signatureName ? .signature : .document, name, error)
            return nil
        }
    }

    mutating func check(_ artifact: AIBoM.Claims.Artifact) {
        do throws(LinuxError) {
            guard let measured = try evidence.measure(artifact.name) else {
                return verdict.fail(.artifact, artifact.name, .fileNotRegular, "not a regular file")
            }
            compare(.artifact, artifact.name, measured, size: artifact.size, sha256: artifact.sha256)
        } catch {
            fail(.artifact, artifact.name, error)
        }
    }

    private mutating func compare(
        _ name: Check.Name, _ subject: String, _ measured: Digest.Measured, size: Int64, sha256: String
    ) {
        if measured.size != UInt64(size) {
            verdict.fail(
                name, subject, .artifactSizeMismatch, "has \(measured.size) bytes, the AIBoM says \(size)")
        } else if measured.digest.hex != sha256 {
            verdict.fail(
                name, subject, .artifactDigestMismatch, "has SHA-256 \(measured.digest), the AIBoM says \(sha256)")
        } else {
            verdict.pass(name, subject, by: .computation, "\(size) bytes, SHA-256 \(sha256)")
        }
    }

    /// - Parameter artifacts: the names of those that a signed document lists.
    mutating func checkNothingElse(_ artifacts: [String]) {
        let known = Set((AIBoM.documentNames + Documents.optional + artifacts).map { Array($0.utf8) })
        let extra = present.subtracting(known).map { Display.name($0) }.sorted()
        for name in extra { verdict.fail(.extra, name, .fileUnnamed, "no signed document names it") }
        if extra.isEmpty { verdict.pass(.extra, ".", by: .computation, "no file that no signed document names") }
    }

    /// A file that is said to be an input is one if its bytes are; under which name it is kept says nothing.
    mutating func check(input path: String, _ claims: AIBoM.Claims) {
        guard let measured = measure(.input, path) else { return }
        if let input = claims.inputs.first(where: { $0.sha256 == measured.digest.hex }) {
            compare(.input, path, measured, size: input.size, sha256: input.sha256)
        } else {
            verdict.fail(
                .input, path, .inputUnknown, "SHA-256 \(measured.digest) is no input that the AIBoM names")
        }
    }

    /// Which part of the job a file is.
    mutating func check(file path: String, _ claims: AIBoM.Claims) {
        guard let measured = measure(.file, path) else { return }
        let artifact = claims.artifacts.first { $0.sha256 == measured.digest.hex }.map { "artifact \($0.name)" }
        let input = claims.inputs.first { $0.sha256 == measured.digest.hex }.map { "input of role \($0.role)" }
        guard let part = artifact ?? input else {
            return verdict.fail(
                .file, path, .fileUnknown,
                "SHA-256 \(measured.digest) is no artifact and no input of job \(claims.job)")
        }
        verdict.pass(.file, path, by: .computation, "\(part) of job \(claims.job), SHA-256 \(measured.digest)")
    }

    private mutating func measure(_ name: Check.Name, _ path: String) -> Digest.Measured? {
        do throws(LinuxError) {
            // Not waiting: a FIFO in a file's place would keep a verifier forever.
            let file = try OwnedDescriptor.open(path, flags: O_RDONLY | O_NONBLOCK)
            guard try file.status().kind == .regular else {
                verdict.fail(name, path, .fileNotRegular, "not a regular file")
                return nil
            }
            return try Digest.of(file: file)
        } catch {
            fail(name, path, error)
            return nil
        }
    }

    mutating func fail(_ name: Check.Name, _ subject: String, _ error: LinuxError) {
        let (reason, detail): (Reason, String) =
            switch error.errno {
            case .noSuchFileOrDirectory: (.fileMissing, "missing")
            case .tooManySymbolicLinkLevels: (.fileIsLink, "a symbolic link")
            case .fileTooLarge: (.fileTooLarge, "too large")
            case .isDirectory: (.fileNotRegular, "a folder")
            default: (.fileUnreadable, error.description)
            }
        verdict.fail(name, subject, reason, detail)
    }
}
