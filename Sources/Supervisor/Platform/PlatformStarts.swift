internal import CLinux
internal import JSON
internal import Keys
internal import Linux
internal import Measure
internal import Signing
internal import SystemPackage

/// The starts since the machine's own, in the order in which they were entered in the TPM's register.
struct PlatformStarts: Sendable, Equatable {
    private static let file = "starts.json"
    private static let format = "aibom-starts/1"

    let digests: [Digest]

    /// Enters a start.
    ///
    /// The list is written first and the register extended after it. Killed between the two, it is the last of the list that the register
    /// does not know, and the next start drops it: nothing was sealed under it. The other way round a register that no list
    /// explains would stay until a reboot.
    ///
    /// - Parameters:
    ///   - digest: of `platform.json`.
    ///   - folder: where the list is kept.
    ///   - quoter: holds the TPM.
    /// - Throws: `SupervisorError.platform` when the register holds what this list does not explain.
    /// - Returns: the starts, with this one as the last.
    static func enter(
        _ digest: Digest, in folder: borrowing OwnedDescriptor, with quoter: PlatformQuoter
    ) throws(SupervisorError) -> PlatformStarts {
        do throws(SigningError) {
            let register = try quoter.registers()[PlatformRegisters.selected.count - 1]
            let starts = try explaining(register, try read(folder)) + [digest]
            try write(starts, folder)
            try quoter.enter(digest)
            return PlatformStarts(digests: starts)
        } catch { throw .platform(error.description) }
    }

    /// The part of a list that leads to what the register holds.
    static func explaining(_ register: [UInt8], _ listed: [Digest]) throws(SigningError) -> [Digest] {
        // After a reboot; the list is of the time before it.
        if register == PlatformRegisters.initial { return [] }
        for starts in [listed, listed.dropLast()] where TPMAttestation.replay(Array(starts)) == register {
            return starts
        }
        throw .tpm(
            "register \(PlatformRegisters.own) holds what the \(listed.count) starts in \(file) do not explain: something else enters "
                + "into it, or another state folder was used since the machine's start; reboot, or unset tpm.device")
    }

    private static func read(_ folder: borrowing OwnedDescriptor) throws(SigningError) -> [Digest] {
        let bytes: [UInt8]
        do throws(LinuxError) {
            bytes = try OwnedDescriptor.open(
                Array(file.utf8), in: folder, flags: O_RDONLY | O_NOFOLLOW, stage: "read starts"
            ).readAll(limit: 1 << 20)
        } catch {
            if error.errno == .noSuchFileOrDirectory { return [] }
            throw .system(error)
        }
        guard let value = try? JSON.parse(bytes, limits: .report), value["format"] == .string(format),
            let texts = value["starts"]?.arrayValue
        else { throw .tpm("\(file) can't be read; reboot, and the list begins anew") }
        let digests = texts.compactMap { $0.stringValue.flatMap(Digest.init(hex:)) }
        guard digests.count == texts.count else { throw .tpm("\(file) holds what is no digest") }
        return digests
    }

    private static func write(_ starts: [Digest], _ folder: borrowing OwnedDescriptor) throws(SigningError) {
        let value: JSON = ["format": .string(format), "starts": .array(starts.map { .string($0.hex) })]
        do throws(LinuxError) { try DurableFile.publish(value.prettyBytes(), as: file, in: folder) } catch {
            throw .system(error)
        }
    }
}
