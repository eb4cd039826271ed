internal import CLinux
internal import Isolation
internal import Linux
internal import Policy

extension Tape {
    /// Rights on files that hold behind the mounts: whatever the job could mount, bind or be handed, no rule gives it more.
    ///
    /// Safe: every right that this kernel knows is handled, so what no rule gives back is denied; TCP, and signals and abstract
    /// sockets out of the job, are denied outright where the kernel can (landlock(7)). The rules name folders of the job's own
    /// tree, opened after the pivot; a domain can only be narrowed. The kernel asks for no_new_privs or for root, which the child
    /// still is.
    ///
    /// The stage before closed the numbers from `free` to 9, so the kernel hands them out in order: the rule set is 4 for a job, the
    /// folder 5.
    mutating func restrictFiles(_ rules: LandlockRules, abi: Int, from free: UInt8 = 4) {
        begin("restrict files")
        let handled = Landlock.FileRights.all(abi: abi)
        let words = [handled.rawValue, Landlock.networkRights(abi: abi), Landlock.scopes(abi: abi)]
        // struct landlock_ruleset_attr grew with the ABI: an older kernel refuses a size that it does not know.
        let known = words.prefix(abi >= 6 ? 3 : abi >= 4 ? 2 : 1)
        append(
            .landlockCreateRuleset, .structure("{all of ABI \(abi)}", known.flatMap(Self.bytes)),
            .value(UInt64(known.count * 8)), .value(0))
        let set = Argument.value(UInt64(free))
        let folder = free + 1
        for rule in rules.rules {
            // A rule that gives nothing which this kernel knows is refused by it, and would change nothing.
            let rights = Landlock.FileRights(rule.rights).intersection(handled)
            guard !rights.isEmpty else { continue }
            append(
                .openat, .flags("AT_FDCWD", UInt64(argument: AT_FDCWD)), .text(rule.path),
                .flags(
                    "O_PATH|O_DIRECTORY|O_CLOEXEC",
                    UInt64(argument: Int32(CL_O_PATH) | O_DIRECTORY | O_CLOEXEC)))
            // struct landlock_path_beneath_attr, packed: u64 rights, s32 descriptor.
            append(
                .landlockAddRule, set, .flags("LANDLOCK_RULE_PATH_BENEATH", Landlock.pathBeneath),
                .structure("{\(rights), \(folder)}", Self.bytes(rights.rawValue) + [folder, 0, 0, 0]), .value(0))
            append(.close, .value(UInt64(folder)))
        }
        append(.landlockRestrictSelf, set, .value(0))
        append(.close, set)
    }

    private static func bytes(_ word: UInt64) -> [UInt8] { withUnsafeBytes(of: word, Array.init) }
}

extension Landlock.FileRights {
    /// What a policy's words come to.
    fileprivate init(_ rights: [LandlockRules.Right]) {
        self = rights.reduce(into: []) { all, right in
            switch right {
            case .read: all.formUnion([.readFile, .readFolder])
            case .execute: all.formUnion(.execute)
            case .write: all.formUnion([.writeFile, .truncate])
            case .make: all.formUnion([.makeFile, .makeFolder, .removeFile, .removeFolder, .refer])
            case .link: all.formUnion(.makeLink)
            case .socket: all.formUnion([.makeSocket, .makePipe])
            case .ioctl: all.formUnion(.ioctl)
            }
        }
    }
}
