/// What must run between clone and exec, and the one door to system calls that Glibc hides from Swift.
///
/// Nothing here decides anything. Swift composes a tape (a flat array of system calls) before the clone; C replays it.
#pragma once

#include <fcntl.h>
#include <linux/capability.h>
#include <linux/close_range.h>
#include <linux/filter.h>
#include <linux/loop.h>
#include <linux/mount.h>
#include <linux/openat2.h>
#include <linux/prctl.h>
#include <linux/sched.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <stdint.h>
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <linux/stat.h>
#include <sys/syscall.h>
#include <sys/vfs.h>
#include <sys/wait.h>

// Constants that glibc shows only to _GNU_SOURCE, which Swift's importer does not define.
enum {
    CS_AT_EMPTY_PATH = 0x1000, // AT_EMPTY_PATH, linux/fcntl.h
    CS_O_PATH = 010000000,     // O_PATH, asm-generic/fcntl.h
    CS_O_TMPFILE = 020200000,  // O_TMPFILE with O_DIRECTORY, asm-generic/fcntl.h
    CS_P_PIDFD = 3,            // P_PIDFD, waitid(2)
    CS_SCM_RIGHTS = 1,         // SCM_RIGHTS, unix(7)
    CS_MSG_CTRUNC = 8,         // MSG_CTRUNC, recvmsg(2)
    CS_MSG_DONTWAIT = 0x40,    // MSG_DONTWAIT, recvmsg(2)
    CS_MSG_CMSG_CLOEXEC = 0x40000000, // MSG_CMSG_CLOEXEC, recvmsg(2)
};

// Macros with casts, which Swift's importer leaves out: clone(2), seccomp_unotify(2).
static const uint64_t CS_INTO_CGROUP = CLONE_INTO_CGROUP;
static const uint64_t CS_NEW_LISTENER = SECCOMP_FILTER_FLAG_NEW_LISTENER;
static const uint64_t CS_NOTIFY_RECEIVE = SECCOMP_IOCTL_NOTIF_RECV;
static const uint64_t CS_NOTIFY_SEND = SECCOMP_IOCTL_NOTIF_SEND;

enum {
    CS_OPTIONAL = 1,     ///< a failure of this step is not a failure of the tape
    CS_ARGUMENTS = 6,
};

/// One system call of a tape.
struct cs_step {
    int64_t number;                  ///< system call number
    uint64_t argument[CS_ARGUMENTS]; ///< values; where `results` has the argument's bit, the index of an earlier step
    uint8_t results;                 ///< bit i: argument i is the result of the step it names
    uint8_t flags;                   ///< CS_OPTIONAL
    uint16_t stage;                  ///< index into the composer's table of stage names
    int64_t result;                  ///< written by replay: the kernel's answer, -errno on failure
};

/// What a child writes to its report descriptor when a step fails. Nothing more than this ever crosses that pipe.
struct cs_failure {
    uint32_t step;
    int32_t error;
};

/// A tape ready to run: every pointer in it stays valid until the child has called exec or is dead.
struct cs_tape {
    struct cs_step *_Nonnull steps;
    uint32_t count;
    int32_t report; ///< close-on-exec descriptor that takes one cs_failure
};

/// Starts a child that replays `tape` on its own stack, in the caller's memory (CLONE_VM).
///
/// @param flags  CLONE_NEW*, CLONE_VFORK, CLONE_INTO_CGROUP; CLONE_VM, CLONE_PIDFD and CLONE_CLEAR_SIGHAND are added.
/// @param cgroup descriptor of a cgroup v2 folder when flags has CLONE_INTO_CGROUP, else ignored.
/// @param stack  lowest address of a stack that nobody else uses until the child has called exec or is dead.
/// @param pidfd  takes the child's pidfd.
/// @return the child's pid, or -errno.
long cs_spawn(struct cs_tape *_Nonnull tape, uint64_t flags, int cgroup, void *_Nonnull stack, uint64_t stack_size,
              int *_Nonnull pidfd);

/// Replays `tape` in the calling thread and comes back: for a process that confines itself. Its other threads, if it had any,
/// would be left as they are, so it must have none.
///
/// @return 0 when every step held; -1 with the step that did not in `failure`, and nothing after it was done.
int cs_replay_here(struct cs_tape *_Nonnull tape, struct cs_failure *_Nonnull failure);

/// Any system call by number: the kernel's answer, -errno on failure; errno itself is left alone.
long cs_call(long number, uint64_t a, uint64_t b, uint64_t c, uint64_t d, uint64_t e, uint64_t f);

/// The exit status or signal in what waitid(2) wrote (si_status is a macro into a union, which Swift does not see).
static inline int cs_exit_value(const siginfo_t *_Nonnull information) { return information->si_status; }
