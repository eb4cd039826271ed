// The child's half: all that ever runs between clone and exec.
//
// The child shares its parent's memory, so it touches the tape, its own stack and nothing else: no libc, no errno, no
// thread-local storage. Every decision was taken before the clone, in Swift; here is only the loop.
#include "replay.h"

#include <errno.h>
#include <sys/syscall.h>

static int64_t kernel(int64_t number, const uint64_t a[CS_ARGUMENTS]) {
#if defined(__x86_64__)
    register uint64_t r10 __asm__("r10") = a[3];
    register uint64_t r8 __asm__("r8") = a[4];
    register uint64_t r9 __asm__("r9") = a[5];
    int64_t answer;
    __asm__ volatile("syscall"
                     : "=a"(answer)
                     : "a"(number), "D"(a[0]), "S"(a[1]), "d"(a[2]), "r"(r10), "r"(r8), "r"(r9)
                     : "rcx", "r11", "memory");
    return answer;
#elif defined(__aarch64__)
    register uint64_t x0 __asm__("x0") = a[0];
    register uint64_t x1 __asm__("x1") = a[1];
    register uint64_t x2 __asm__("x2") = a[2];
    register uint64_t x3 __asm__("x3") = a[3];
    register uint64_t x4 __asm__("x4") = a[4];
    register uint64_t x5 __asm__("x5") = a[5];
    register int64_t x8 __asm__("x8") = number;
    __asm__ volatile("svc #0" : "+r"(x0) : "r"(x1), "r"(x2), "r"(x3), "r"(x4), "r"(x5), "r"(x8) : "memory");
    return (int64_t)x0;
#endif
}

static int64_t run(const struct cs_tape *tape, const struct cs_step *step) {
    uint64_t argument[CS_ARGUMENTS];
    for (unsigned i = 0; i < CS_ARGUMENTS; i++) {
        uint64_t given = step->argument[i];
        argument[i] = (step->results >> i) & 1 ? (uint64_t)tape->steps[given].result : given;
    }
    int64_t answer;
    do {
        answer = kernel(step->number, argument);
    } while (answer == -EINTR);
    return answer;
}

static _Noreturn void leave(int status) {
    for (;;) {
        kernel(SYS_exit_group, (const uint64_t[CS_ARGUMENTS]){(uint64_t)status});
    }
}

/// Runs the steps in order: -1 when all of them held, else the index of the one that did not, with `error` as the kernel gave it.
static int64_t replay(struct cs_tape *tape, int64_t *error) {
    for (uint32_t i = 0; i < tape->count; i++) {
        struct cs_step *step = &tape->steps[i];
        step->result = run(tape, step);
        if (step->result < 0 && !(step->flags & CS_OPTIONAL)) {
            *error = -step->result;
            return i;
        }
    }
    return -1;
}

_Noreturn void cs_replay(struct cs_tape *tape) {
    int64_t error = 0;
    int64_t failed = replay(tape, &error);
    if (failed >= 0) {
        struct cs_failure failure = {.step = (uint32_t)failed, .error = (int32_t)error};
        kernel(SYS_write, (const uint64_t[CS_ARGUMENTS]){(uint64_t)tape->report, (uintptr_t)&failure, sizeof failure});
        leave(127);
    }
    leave(0); // a tape need not end in exec: it may only have to live for a while
}

int cs_replay_here(struct cs_tape *tape, struct cs_failure *failure) {
    int64_t error = 0;
    int64_t failed = replay(tape, &error);
    if (failed < 0) {
        return 0;
    }
    *failure = (struct cs_failure){.step = (uint32_t)failed, .error = (int32_t)error};
    return -1;
}
