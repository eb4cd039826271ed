/// What must run between clone and exec.
///
/// Nothing here decides anything. Swift composes a tape (a flat array of system calls) before the clone; C replays it.
#pragma once

#include <stdint.h>

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
