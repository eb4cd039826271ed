internal import Attest
internal import Linux
internal import Measure

/// What the kernel says of how it was started and what it enforces.
enum KernelFacts {
    /// - Parameters:
    ///   - environment: uname(2).
    ///   - root: where `/proc` and `/sys` are; another folder in tests.
    /// - Returns: the facts; nil for each that this kernel does not tell.
    static func read(_ environment: Environment, root: String) -> PlatformRecord.Kernel {
        var kernel = PlatformRecord.Kernel()
        kernel.release = environment.kernelRelease.value
        kernel.version = environment.kernelVersion.value
        kernel.machine = environment.machine.value
        kernel.commandLineSHA256 = bytes("\(root)/proc/cmdline").map { Digest.of($0).hex }
        kernel.lockdown = line("\(root)/sys/kernel/security/lockdown").flatMap(chosen)
        kernel.enforcesModuleSignatures = line("\(root)/sys/module/module/parameters/sig_enforce").flatMap(flag)
        kernel.taint = line("\(root)/proc/sys/kernel/tainted").flatMap { Int64($0) }.flatMap { $0 < 0 ? nil : $0 }
        kernel.isSecureBoot = bytes("\(root)/sys/firmware/efi/efivars/\(secureBoot)").flatMap(efiFlag)
        kernel.securityModules = line("\(root)/sys/kernel/security/lsm")
            .map { $0.split(separator: ",").map(String.init) }
        kernel.bootID = line("\(root)/proc/sys/kernel/random/boot_id")
        return kernel
    }

    /// The variable SecureBoot of EFI_GLOBAL_VARIABLE (UEFI 2.10, section 3.3).
    private static let secureBoot = "SecureBoot-8be4df61-93ca-11d2-aa0d-00e098032b8c"

    /// `none [integrity] confidentiality`: the word in brackets is in force.
    private static func chosen(_ line: String) -> String? {
        line.split(separator: " ").first { $0.hasPrefix("[") && $0.hasSuffix("]") }
            .map { String($0.dropFirst().dropLast()) }
    }

    private static func flag(_ line: String) -> Bool? {
        switch line {
        case "Y": true
        case "N": false
        default: nil
        }
    }

    /// Four bytes of attributes, which efivarfs puts first, and then one byte.
    private static func efiFlag(_ bytes: [UInt8]) -> Bool? {
        guard bytes.count == 5, bytes[4] < 2 else { return nil }
        return bytes[4] == 1
    }

    private static func line(_ path: String) -> String? {
        guard let bytes = bytes(path), let text = String(validating: bytes, as: UTF8.self) else { return nil }
        let line = text.split(separator: "\n", maxSplits: 1).first.map(String.init)
        return line?.isEmpty == true ? nil : line
    }

    private static func bytes(_ path: String) -> [UInt8]? {
        try? OwnedDescriptor.open(path, flags: 0).readAll(limit: 64 << 10)
    }
}
