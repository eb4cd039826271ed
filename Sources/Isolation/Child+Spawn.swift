internal import CLinux
internal import Glibc
package import Linux
internal import SystemPackage

extension Child {
    /// Starts a program of ours by posix_spawn(3): with an empty environment, no signal blocked or ignored, and these
    /// descriptors and no others of ours (all of ours are close-on-exec).
    ///
    /// Standard input and output are /dev/null; standard error stays, for the words of a crash.
    ///
    /// - Parameters:
    ///   - executable: an absolute path; nothing is searched for.
    ///   - arguments: argv, with the program's name first.
    ///   - third: becomes descriptor 3.
    ///   - fourth: becomes descriptor 4.
    /// - Returns: the running child.
    /// - Throws: `LinuxError` naming the executable; posix_spawn reports a failed exec, too.
    package static func spawn(
        _ executable: String, arguments: [String], third: borrowing OwnedDescriptor, fourth: borrowing OwnedDescriptor
    ) throws(LinuxError) -> Child {
        // Copies above 9, so that putting one in place cannot overwrite the other; dup2 clears close-on-exec.
        let third = try third.duplicate()
        let fourth = try fourth.duplicate()

        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0)
        posix_spawn_file_actions_adddup2(&actions, third.raw, 3)
        posix_spawn_file_actions_adddup2(&actions, fourth.raw, 4)

        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var none = sigset_t()
        var all = sigset_t()
        sigemptyset(&none)
        sigfillset(&all)
        posix_spawnattr_setsigmask(&attributes, &none)
        posix_spawnattr_setsigdefault(&attributes, &all)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK) | Int16(POSIX_SPAWN_SETSIGDEF))

        var pid: pid_t = 0
        let failure = withCStrings(arguments) { argv in
            withCStrings([]) { posix_spawn(&pid, executable, &actions, &attributes, argv, $0) }
        }
        guard failure == 0 else { throw LinuxError(stage: "spawn", errno: Errno(rawValue: failure), path: executable) }
        return try own(pid)
    }

    /// Nobody else reaps our children, so the pid is still this child's, dead or alive.
    private static func own(_ pid: pid_t) throws(LinuxError) -> Child {
        do throws(LinuxError) {
            let pidfd = try Kernel.call("open pidfd", Int(SYS_pidfd_open), UInt64(argument: pid), 0)
            return Child(pid: pid, pidfd: try OwnedDescriptor(owning: Int32(pidfd)).raised())
        } catch {
            kill(pid, SIGKILL)
            waitpid(pid, nil, 0)
            throw error
        }
    }
}

/// Calls `body` with a NULL-terminated array of C strings, valid during the call.
private func withCStrings<Answer>(
    _ strings: [String], _ body: (UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>) -> Answer
) -> Answer {
    let pointers = UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>.allocate(capacity: strings.count + 1)
    defer { pointers.deallocate() }
    for (index, string) in strings.enumerated() { pointers[index] = strdup(string) }
    pointers[strings.count] = nil
    defer { for index in strings.indices { free(pointers[index]) } }
    return body(pointers)
}
