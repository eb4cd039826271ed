internal import Attest
internal import CLinux
internal import Keys
internal import Linux
internal import Measure
internal import Signing
internal import SystemPackage

/// The TPM of a supervisor: it is opened before the platform is measured, because the record names its key, and entered after.
final class PlatformTPM: Sendable {
    typealias Place = Configuration.TPM

    private let quoter: PlatformQuoter
    private let certificates: String?

    /// - Parameters:
    ///   - place: where it is.
    ///   - signer: absolute path of `aibom-signer`.
    /// - Throws: `SupervisorError.platform`: a TPM that is asked for and is not there is no start.
    init(_ place: Place, signer: String) throws(SupervisorError) {
        do throws(SigningError) {
            quoter = try PlatformQuoter(
                executable: signer, device: try PlatformQuoter.open(place.device), handle: place.handle)
        } catch { throw .platform(error.description) }
        certificates = try place.certificates.map { path throws(SupervisorError) in try Self.text(path) }
    }

    /// What `platform.json` says of it.
    var fact: PlatformRecord.TPM {
        .init(attestationKeyName: quoter.key.name, register: Int64(PlatformRegisters.own))
    }

    /// Enters the digest of `platform.json`; once, and before the first quote.
    func enter(_ platform: Digest, in folder: borrowing OwnedDescriptor) throws(SupervisorError) -> PlatformStarts {
        try PlatformStarts.enter(platform, in: folder, with: quoter)
    }

    /// `platform.quote.json` of a job.
    ///
    /// - Parameters:
    ///   - bill: SHA-256 of `aibom.json`.
    ///   - starts: from `enter`.
    /// - Throws: `SupervisorError.platform`. Evidence without the quote that its platform promises is not published.
    /// - Returns: the document's bytes.
    func document(over bill: Digest, _ starts: PlatformStarts) throws(SupervisorError) -> [UInt8] {
        do {
            let quote = try quoter.quote(bill)
            var registers: [String: String] = [:]
            for (register, value) in zip(PlatformRegisters.selected, quote.registers) {
                registers[String(register)] = Digest(bytes: value)?.hex
            }
            return try QuoteDocument(
                certificates: certificates, publicArea: Base64.encode(quoter.key.area),
                attested: Base64.encode(quote.attested), signature: Base64.encode(quote.signature),
                registers: registers, starts: starts.digests.map(\.hex)
            ).bytes()
        } catch { throw .platform("\(error)") }
    }

    private static func text(_ path: String) throws(SupervisorError) -> String {
        do throws(LinuxError) {
            let bytes = try OwnedDescriptor.open(path, flags: O_RDONLY, stage: "open tpm certificates")
                .readAll(limit: 64 << 10)
            if let text = String(validating: bytes, as: UTF8.self) { return text }
        } catch { throw .platform(error.description) }
        throw .platform("\(path) is no PEM")
    }
}
