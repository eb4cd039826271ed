internal import CLinux
internal import Linux

/// Numbers of landlock(7), as include/uapi/linux/landlock.h has them; older headers lack the newer ones.
package enum Landlock {
    /// What the running kernel offers; 0 when it has no Landlock or was started without it.
    package static func abi() -> Int {
        // LANDLOCK_CREATE_RULESET_VERSION: the answer is the version and nothing is made.
        max(0, cl_call(Int(SYS_landlock_create_ruleset), 0, 0, 1, 0, 0, 0))
    }

    /// LANDLOCK_RULE_PATH_BENEATH of landlock_add_rule(2).
    package static let pathBeneath: UInt64 = 1

    /// LANDLOCK_ACCESS_FS_*.
    package struct FileRights: OptionSet, Sendable, CustomStringConvertible {
        package let rawValue: UInt64
        package init(rawValue: UInt64) { self.rawValue = rawValue }

        private init(bit: Int) { rawValue = 1 << UInt64(bit) }

        package static let execute = FileRights(bit: 0)
        package static let writeFile = FileRights(bit: 1)
        package static let readFile = FileRights(bit: 2)
        package static let readFolder = FileRights(bit: 3)
        package static let removeFolder = FileRights(bit: 4)
        package static let removeFile = FileRights(bit: 5)
        package static let makeCharacterDevice = FileRights(bit: 6)
        package static let makeFolder = FileRights(bit: 7)
        package static let makeFile = FileRights(bit: 8)
        package static let makeSocket = FileRights(bit: 9)
        package static let makePipe = FileRights(bit: 10)
        package static let makeBlockDevice = FileRights(bit: 11)
        package static let makeLink = FileRights(bit: 12)
        package static let refer = FileRights(bit: 13)
        package static let truncate = FileRights(bit: 14)
        package static let ioctl = FileRights(bit: 15)

        private static let names = [
            "EXECUTE", "WRITE_FILE", "READ_FILE", "READ_DIR", "REMOVE_DIR", "REMOVE_FILE", "MAKE_CHAR", "MAKE_DIR",
            "MAKE_REG", "MAKE_SOCK", "MAKE_FIFO", "MAKE_BLOCK", "MAKE_SYM", "REFER", "TRUNCATE", "IOCTL_DEV",
        ]

        package var description: String {
            Self.names.indices.filter { rawValue >> UInt64($0) & 1 == 1 }.map { Self.names[$0] }.joined(separator: "|")
        }

        /// Every right that a kernel of `abi` knows (landlock(7), table of ABI versions).
        package static func all(abi: Int) -> FileRights {
            let bits =
                switch abi {
                case ..<1: 0
                case 1: 13
                case 2: 14
                case 3, 4: 15
                default: 16
                }
            return FileRights(rawValue: (1 << UInt64(bits)) - 1)
        }
    }

    /// LANDLOCK_ACCESS_NET_BIND_TCP and CONNECT_TCP, from ABI 4 on.
    package static func networkRights(abi: Int) -> UInt64 { abi >= 4 ? 0b11 : 0 }

    /// LANDLOCK_SCOPE_ABSTRACT_UNIX_SOCKET and SIGNAL, from ABI 6 on.
    package static func scopes(abi: Int) -> UInt64 { abi >= 6 ? 0b11 : 0 }
}
