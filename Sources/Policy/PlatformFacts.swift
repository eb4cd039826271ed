/// An instruction set that filters can be compiled for.
package enum Architecture: String, Equatable, Sendable, CaseIterable {
    case amd64 = "x86_64"
    case arm64 = "aarch64"

    /// The machine that this program was built for.
    package static var native: Architecture {
        #if arch(x86_64)
            .amd64
        #elseif arch(arm64)
            .arm64
        #endif
    }

    /// As a profile's `architectures` list has it.
    package var seccompName: String {
        switch self {
        case .amd64: "SCMP_ARCH_X86_64"
        case .arm64: "SCMP_ARCH_AARCH64"
        }
    }

    /// As Go has it, and so a container engine's `includes` and `excludes`.
    var goName: String {
        switch self {
        case .amd64: "amd64"
        case .arm64: "arm64"
        }
    }

    /// `AUDIT_ARCH_` of linux/audit.h, which libseccomp's tokens are too.
    var token: UInt32 {
        switch self {
        case .amd64: 0xc000_003e
        case .arm64: 0xc000_00b7
        }
    }
}

/// What a profile may ask about the machine that it is read for.
package struct PlatformFacts: Equatable, Sendable {
    package struct Kernel: Equatable, Comparable, Sendable, CustomStringConvertible {
        package let major: Int
        package let minor: Int

        package init(major: Int, minor: Int) {
            self.major = major
            self.minor = minor
        }

        /// Takes the first two numbers of `6.1.0-18-amd64` and of `4.8`; nil when there are none.
        package init?(release: String) {
            let parts = release.split(separator: ".", maxSplits: 2, omittingEmptySubsequences: false)
            guard parts.count >= 2, let major = Int(parts[0]),
                let minor = Int(parts[1].prefix { $0.isASCII && $0.isNumber }),
                major >= 0
            else { return nil }
            self.init(major: major, minor: minor)
        }

        package var description: String { "\(major).\(minor)" }

        package static func < (left: Kernel, right: Kernel) -> Bool {
            (left.major, left.minor) < (right.major, right.minor)
        }
    }

    package let architecture: Architecture
    /// Nil when nobody asked the kernel: then a profile whose rules depend on it is refused.
    package let kernel: Kernel?

    package init(architecture: Architecture, kernel: Kernel?) {
        self.architecture = architecture
        self.kernel = kernel
    }

    /// The machine that this program was built for, under a kernel that nobody asked.
    package static var native: PlatformFacts { PlatformFacts(architecture: .native, kernel: nil) }
}
