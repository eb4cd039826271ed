internal import Glibc
internal import Policy

extension PlatformFacts {
    /// The machine and the kernel that this process runs on, as uname(2) tells them.
    static var thisHost: PlatformFacts {
        var name = utsname()
        guard uname(&name) == 0 else { return .native }
        let release = withUnsafeBytes(of: &name.release) { bytes in
            String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
        }
        return PlatformFacts(architecture: .native, kernel: Kernel(release: release))
    }
}
