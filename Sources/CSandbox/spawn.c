// The parent's half: clone3 onto a stack of the child's own.
//
// glibc exports no clone3, and with CLONE_VM a child that returned through a C wrapper would overwrite the frame its
// parent is suspended in. So the few instructions between the system call and the child's first function are spelled
// out: on its own stack, the child calls `replay`, which never returns.
#include "csandbox.h"
#include "replay.h"

#include <linux/sched.h>
#include <pthread.h>
#include <signal.h>
#include <sys/syscall.h>

#if defined(__x86_64__)
static long clone3_onto(struct clone_args *args, struct cs_tape *tape) {
    long pid;
    __asm__ volatile("syscall\n\t"
                     "test %%rax, %%rax\n\t"
                     "jnz 1f\n\t"
                     "xor %%ebp, %%ebp\n\t" // the outermost frame
                     "mov %[tape], %%rdi\n\t"
                     "call *%[child]\n\t"
                     "ud2\n"
                     "1:"
                     : "=a"(pid)
                     : "a"(SYS_clone3), "D"(args), "S"(sizeof *args), [tape] "r"(tape), [child] "r"(cs_replay)
                     : "rcx", "r11", "cc", "memory");
    return pid;
}
#elif defined(__aarch64__)
static long clone3_onto(struct clone_args *args, struct cs_tape *tape) {
    register long x0 __asm__("x0") = (long)args;
    register long x1 __asm__("x1") = sizeof *args;
    register long x8 __asm__("x8") = SYS_clone3;
    __asm__ volatile("svc #0\n\t"
                     "cbnz x0, 1f\n\t"
                     "mov x29, xzr\n\t"
                     "mov x30, xzr\n\t"
                     "mov x0, %[tape]\n\t"
                     "blr %[child]\n\t"
                     "brk #1\n"
                     "1:"
                     : "+r"(x0)
                     : "r"(x1), "r"(x8), [tape] "r"(tape), [child] "r"(cs_replay)
                     : "x30", "cc", "memory");
    return x0;
}
#else
#error "cs_spawn is written for x86_64 and aarch64"
#endif

long cs_spawn(struct cs_tape *tape, uint64_t flags, int cgroup, void *stack, uint64_t stack_size, int *pidfd) {
    struct clone_args args = {
        .flags = flags | CLONE_VM | CLONE_PIDFD | CLONE_CLEAR_SIGHAND,
        .pidfd = (uintptr_t)pidfd,
        .exit_signal = SIGCHLD,
        .stack = (uintptr_t)stack,
        .stack_size = stack_size,
        .cgroup = (flags & CLONE_INTO_CGROUP) ? (uint64_t)cgroup : 0,
    };
    // A handler of ours that ran in the child would run in memory that it shares with us: no signal is delivered until
    // the tape itself, with handlers reset, unblocks them.
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    long pid = clone3_onto(&args, tape);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return pid;
}
