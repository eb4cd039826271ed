// Reaching other processes, and gaining what was given up.
#include "hostile.h"

#include <errno.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

enum { NOBODY = 0x7fffffff };

static int host_pid(void) {
    const char *text = getenv("HOST_PID");
    return text == NULL ? NOBODY : atoi(text);
}

static long trace(void) { return call(SYS_ptrace, PTRACE_ATTACH, NOBODY, 0, 0, 0, 0); }
static long trace_me(void) { return call(SYS_ptrace, PTRACE_TRACEME, 0, 0, 0, 0, 0); }
static long read_memory(void) { return call(SYS_process_vm_readv, NOBODY, 0, 0, 0, 0, 0); }
static long write_memory(void) { return call(SYS_process_vm_writev, NOBODY, 0, 0, 0, 0, 0); }
static long take_descriptor(void) { return call(SYS_pidfd_getfd, -1, 0, 0, 0, 0, 0); }
static long advise(void) { return call(SYS_process_madvise, -1, 0, 0, 0, 0, 0); }
static long kill_host(void) { return call(SYS_kill, host_pid(), 0, 0, 0, 0, 0); }
static long open_host(void) { return call(SYS_pidfd_open, host_pid(), 0, 0, 0, 0, 0); }
static long kill_all(void) { return call(SYS_kill, -1, 0, 0, 0, 0, 0); }
static long limit_host(void) { return call(SYS_prlimit64, host_pid(), RLIMIT_CORE, 0, 0, 0, 0); }

static long outlive(void) { return call(SYS_prctl, PR_SET_PDEATHSIG, 0, 0, 0, 0, 0); }
static long outlive_high(void) { return call(SYS_prctl, PR_SET_PDEATHSIG | 1L << 32, 0, 0, 0, 0, 0); }
static long keep_capabilities(void) { return call(SYS_prctl, PR_SET_KEEPCAPS, 0, 0, 0, 0, 0); }
static long secure_bits(void) { return call(SYS_prctl, PR_SET_SECUREBITS, 0, 0, 0, 0, 0); }
static long memory_map(void) { return call(SYS_prctl, PR_SET_MM, 99, 0, 0, 0, 0); }
static long subreaper(void) { return call(SYS_prctl, PR_SET_CHILD_SUBREAPER, 0, 0, 0, 0, 0); }
static long dumpable(void) { return call(SYS_prctl, PR_SET_DUMPABLE, 1, 0, 0, 0, 0); }
static long become_root(void) { return call(SYS_setuid, 0, 0, 0, 0, 0, 0); }
static long become_group(void) { return call(SYS_setgid, 0, 0, 0, 0, 0, 0); }
static long groups(void) { return call(SYS_setgroups, 0, 0, 0, 0, 0, 0); }
static long capabilities(void) {
    struct { uint32_t version; int32_t pid; } header = {0x20080522, 0};
    uint32_t sets[6] = {0};
    return call(SYS_capset, (long)&header, (long)sets, 0, 0, 0, 0);
}
static long more_files(void) {
    struct rlimit now, more;
    getrlimit(RLIMIT_NOFILE, &now);
    more = (struct rlimit){now.rlim_cur, now.rlim_max + 1};
    return answered(setrlimit(RLIMIT_NOFILE, &more));
}
static long lock_memory(void) {
    size_t size = 1 << 20;
    void *memory = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    return answered(mlock(memory, size));
}
static long priority(void) { return answered(setpriority(PRIO_PROCESS, 0, -5)); }

const struct attempt process_attempts[] = {
    {"ptrace", trace},
    {"ptrace traceme", trace_me},
    {"process_vm_readv", read_memory},
    {"process_vm_writev", write_memory},
    {"pidfd_getfd", take_descriptor},
    {"process_madvise", advise},
    {"kill a process of the host", kill_host},
    {"pidfd_open of the host", open_host},
    {"prlimit of the host", limit_host},
    {"kill(-1)", kill_all},
    {"PR_SET_PDEATHSIG", outlive},
    {"PR_SET_PDEATHSIG, high bits", outlive_high},
    {"PR_SET_KEEPCAPS", keep_capabilities},
    {"PR_SET_SECUREBITS", secure_bits},
    {"PR_SET_MM", memory_map},
    {"PR_SET_CHILD_SUBREAPER", subreaper},
    {"PR_SET_DUMPABLE", dumpable},
    {"setuid", become_root},
    {"setgid", become_group},
    {"setgroups", groups},
    {"capset", capabilities},
    {"raise RLIMIT_NOFILE", more_files},
    {"lock much memory", lock_memory},
    {"raise priority", priority},
    {NULL, NULL},
};

// What a numeric program does need: the filter that refuses all is no sandbox to train in.
static long plain_fork(void) {
    long pid = call(SYS_clone, SIGCHLD, 0, 0, 0, 0, 0);
    if (pid == 0) {
        _exit(0);
    }
    return pid;
}
static long terminal(void) { return call(SYS_ioctl, 0, TCGETS, -1, 0, 0, 0); }
static long local_socket(void) { return call(SYS_socket, AF_UNIX, SOCK_STREAM, 0, 0, 0, 0); }
static long flags(void) { return call(SYS_fcntl, 0, F_GETFL, 0, 0, 0, 0); }
static long thread_name(void) { return call(SYS_prctl, PR_SET_NAME, (long)"x", 0, 0, 0, 0); }
static long map(void) { return call(SYS_mmap, 0, 4096, 3, 0x22, -1, 0) < 0 ? -ENOMEM : 0; }
static long write_output(void) {
    char path[4096];
    snprintf(path, sizeof path, "%s/permitted", place);
    return answered(open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600));
}
static long shared_memory(void) { return answered(open("/dev/shm/x", O_RDWR | O_CREAT | O_CLOEXEC, 0600)); }
static long write_null(void) {
    int null = open("/dev/null", O_WRONLY | O_CLOEXEC);
    return null < 0 ? -errno : answered(write(null, "x", 1));
}
/// A lock on what another job reads too: told and not stopped.
static long lock_input(void) {
    int input = open("/in/input", O_RDONLY | O_CLOEXEC);
    return input < 0 ? -errno : answered(flock(input, LOCK_EX | LOCK_NB));
}
static long entropy(void) {
    char byte;
    int source = open("/dev/urandom", O_RDONLY | O_CLOEXEC);
    return source < 0 ? -errno : answered(read(source, &byte, 1));
}

const struct attempt permitted_calls[] = {
    {"fork", plain_fork},
    {"ask for a terminal", terminal},
    {"AF_UNIX", local_socket},
    {"F_GETFL", flags},
    {"PR_SET_NAME", thread_name},
    {"map memory", map},
    {"write to /out", write_output},
    {"write to /dev/shm", shared_memory},
    {"write to /dev/null", write_null},
    {"read /dev/urandom", entropy},
    {"lock an input", lock_input},
    {NULL, NULL},
};
