internal import Glibc
internal import Isolation
internal import Linux

/// How the signer gives up everything but two system calls on one socket, before it reads the first request.
///
/// Against whom: somebody who controls every byte that arrives, and with it perhaps this process. What is left to them is to
/// ask for signatures, which the supervisor can ask for as well; the key they can reach only in this process's own memory,
/// and out of it leads nothing but the socket to the supervisor.
enum Lockdown {
    /// A user that nothing else runs as: of the range that systemd's UIDS-GIDS document leaves unused (60706 to 61183).
    static let user: UInt32 = 61_007

    /// Gives up, in an order in which each step still has the privilege that it needs.
    ///
    /// The key must be loaded and every library warmed up: afterwards no file can be opened.
    ///
    /// - Parameter profile: where the key is, and with it what stays open.
    /// - Throws: `SigningError` at the first step that fails; nothing has been served then, and nothing will be.
    static func enter(_ profile: SignerFilter.Profile = .strict) throws(SigningError) {
        // First, so that it holds during all that follows: nobody of the same user can read our memory or trace us.
        try system(OwnProcess.forbidDumps)
        // The key's pages stay out of swap. Best effort: without root RLIMIT_MEMLOCK may be too small for them.
        _ = mlockall(MCL_CURRENT)
        // 0 and 1 are /dev/null, 2 takes the words of a crash, 3 is the supervisor. A key file was 4. A token's library has opened what
        // it goes on using, and nothing else was open.
        if let highest = profile.highestDescriptor {
            try system { () throws(LinuxError) in try OwnProcess.closeDescriptors(from: highest + 1) }
        }
        try limitResources(profile)
        if geteuid() == 0 { try giveUpRoot(profile) }
        try system(OwnProcess.dropCapabilities)
        // The change of user has set the flag anew (PR_SET_DUMPABLE(2const)).
        try system(OwnProcess.forbidDumps)
        try system(OwnProcess.forbidNewPrivileges)
        // Last: the filter permits none of the calls above.
        try SignerFilter.load(profile)
    }

    /// No descriptor beyond those, no core dump with the key in it, no process.
    ///
    /// RLIMIT_FSIZE is left alone: where standard error is a file, it would end the signer before its last words.
    private static func limitResources(_ profile: SignerFilter.Profile) throws(SigningError) {
        try system { () throws(LinuxError) in
            // A token's library that has files opens them anew for each use, and poll(2) takes no more descriptors than the limit
            // is; without files the filter has no call that makes one.
            if profile.highestDescriptor != nil { try OwnProcess.forbid(.descriptors) }
            try OwnProcess.forbid(.coreDumps)
            try OwnProcess.forbid(.processes)
        }
    }

    /// Own namespaces first (unshare needs CAP_SYS_ADMIN), then an empty root in them, then the bounding set (needs
    /// CAP_SETPCAP), then the user: from another uid than 0 nothing of it comes back.
    ///
    /// A token that is a folder is all there is in the root, and the user is whoever owns it. Should that be root, it is a root
    /// without capabilities, for whom there is nothing else to open.
    private static func giveUpRoot(_ profile: SignerFilter.Profile) throws(SigningError) {
        try system(OwnProcess.leaveNamespaces)
        var user = user
        if case .token(let folder?) = profile {
            user = try system { () throws(LinuxError) in
                let owner = try OwnedDescriptor.open(folder, flags: O_RDONLY | O_DIRECTORY).status().owner
                try OwnProcess.enterRoot(holding: folder)
                return owner
            }
        } else {
            try system(OwnProcess.enterEmptyRoot)
        }
        try system(OwnProcess.dropBoundingSet)
        try system { () throws(LinuxError) in try OwnProcess.become(user) }
    }
}
