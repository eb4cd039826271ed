import Foundation

/// A child of this process with an empty standard input, reaped by a thread of its own however it ends.
final class Spawned: Sendable {
    struct Failed: Error {
        let program: String
        let errno: Int32
    }

    let pid: pid_t
    private let end: Task<Int32, Never>

    /// Its streams are appended to the files `out` and `err`.
    init(_ program: String, _ arguments: [String], environment: [String: String], out: String, err: String) throws {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_addopen(&actions, 1, out, O_WRONLY | O_CREAT | O_APPEND, 0o600)
        posix_spawn_file_actions_addopen(&actions, 2, err, O_WRONLY | O_CREAT | O_APPEND, 0o600)
        // What another test has open is not this child's: the far end of its pipe would never be seen to close.
        for descriptor: Int32 in 3..<1024 { posix_spawn_file_actions_addclose(&actions, descriptor) }
        // The thread that runs a test may block signals; a child that inherited that would heed no SIGTERM.
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
        var child: pid_t = 0
        let failure = Self.withCStrings([program] + arguments) { argv in
            Self.withCStrings(environment.map { "\($0.key)=\($0.value)" }) {
                posix_spawnp(&child, program, &actions, &attributes, argv, $0)
            }
        }
        guard failure == 0 else { throw Failed(program: program, errno: failure) }
        let pid = child
        self.pid = pid
        end = Task {
            await withCheckedContinuation { done in Thread.detachNewThread { done.resume(returning: Self.reap(pid)) } }
        }
    }

    /// The exit status, or 128 and the number of the signal, as a shell says it.
    var status: Int32 { get async { await end.value } }

    /// Only while `status` was not awaited: afterwards the pid may be another process's.
    func signal(_ number: Int32) { kill(pid, number) }

    private static func reap(_ pid: pid_t) -> Int32 {
        var word: Int32 = 0
        while waitpid(pid, &word, 0) < 0 && errno == EINTR {}
        return word & 0x7f == 0 ? (word >> 8) & 0xff : 128 + (word & 0x7f)
    }

    private static func withCStrings<Answer>(
        _ strings: [String], _ body: (UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>) -> Answer
    ) -> Answer {
        let pointers = UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>.allocate(capacity: strings.count + 1)
        for (index, string) in strings.enumerated() { pointers[index] = strdup(string) }
        pointers[strings.count] = nil
        defer {
            for index in strings.indices { free(pointers[index]) }
            pointers.deallocate()
        }
        return body(pointers)
    }
}
