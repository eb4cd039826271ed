/// What a job may do with files, held by Landlock behind the mounts (landlock(7)).
///
/// Every right that the kernel knows is taken away first; a rule gives some back below one path. TCP, signals and abstract
/// sockets that lead out of the job are denied without a rule, where the kernel can.
package struct LandlockRules: Equatable, Sendable {
    package enum Right: String, Equatable, Sendable, CaseIterable {
        /// Open files for reading, list folders.
        case read
        case execute
        /// Open files for writing, truncate them.
        case write
        /// Make, remove, rename and link files and folders.
        case make
        /// Make symbolic links.
        case link
        /// Make sockets and named pipes.
        case socket
        /// ioctl(2) on devices.
        case ioctl
    }

    package struct Rule: Equatable, Sendable {
        /// As the job sees it.
        package let path: String
        package let rights: [Right]
    }

    /// A kernel with less runs no job.
    package let minimumABI: Int
    package let rules: [Rule]
}

extension LandlockRules {
    init(_ fields: PolicyFields) throws(PolicyError) {
        try fields.allow(["minimum_abi", "rules"])
        self.init(
            minimumABI: Int(try fields.number("minimum_abi", in: 0...64)), rules: try fields.all("rules", Rule.init))
    }
}

extension LandlockRules.Rule {
    fileprivate init(_ fields: PolicyFields) throws(PolicyError) {
        try fields.allow(["path", "allow"])
        let path = try fields.string("path") == "/" ? "/" : try fields.path("path", below: "")
        var rights: [LandlockRules.Right] = []
        for name in try fields.strings("allow") {
            guard let right = LandlockRules.Right(rawValue: name), !rights.contains(right) else {
                throw fields.error(
                    "allow", "holds \(name)",
                    remedy: "write each once: "
                        + LandlockRules.Right.allCases.map(\.rawValue).joined(separator: ", "))
            }
            rights.append(right)
        }
        self.init(path: path, rights: rights)
    }
}
