// What /proc and pids tell of, and do to, processes that are not the job's. HOST_PID in the environment is one.
#include "hostile.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

static int host_pid(void) {
    const char *text = getenv("HOST_PID");
    return text == NULL ? 0x7fffffff : atoi(text);
}

static long opened(const char *path) { return answered(open(path, O_RDONLY | O_CLOEXEC)); }

static long shown(const char *name) {
    char path[64];
    snprintf(path, sizeof path, "/proc/%d/%s", host_pid(), name);
    return opened(path);
}

static long variables(void) { return shown("environ"); }
static long memory(void) { return shown("mem"); }
static long maps(void) { return shown("maps"); }
static long root(void) { return shown("root/etc"); }
static long cwd(void) { return shown("cwd"); }
static long descriptors(void) { return shown("fd"); }
static long program(void) { return shown("exe"); }
static long status(void) { return shown("status"); }
static long namespaces(void) { return shown("ns/mnt"); }

static long settings(void) { return opened("/proc/sys"); }
static long core(void) { return opened("/proc/kcore"); }
static long keys(void) { return opened("/proc/keys"); }
static long devices(void) { return opened("/proc/partitions"); }
static long kernel_memory(void) { return opened("/dev/mem"); }
static long machines(void) { return opened("/dev/kvm"); }

static long seize(void) { return call(SYS_ptrace, PTRACE_SEIZE, host_pid(), 0, 0, 0, 0); }
static long read_byte(void) {
    char byte;
    struct iovec ours = {&byte, 1}, theirs = {(void *)16, 1};
    return call(SYS_process_vm_readv, host_pid(), (long)&ours, 1, (long)&theirs, 1, 0);
}
static long compare(void) { return call(SYS_kcmp, getpid(), host_pid(), 0, 0, 0, 0); }
static long bind_to_core(void) {
    cpu_set_t set;
    CPU_ZERO(&set);
    CPU_SET(0, &set);
    return answered(sched_setaffinity(host_pid(), sizeof set, &set));
}
static long renice(void) { return answered(setpriority(PRIO_PROCESS, (id_t)host_pid(), 1)); }
static long kill_group(void) { return call(SYS_kill, -host_pid(), 0, 0, 0, 0, 0); }
static long kill_thread(void) { return call(SYS_tgkill, host_pid(), host_pid(), 0, 0, 0, 0); }
static long queue(void) {
    siginfo_t value = {.si_code = SI_QUEUE};
    return call(SYS_rt_sigqueueinfo, host_pid(), 0, (long)&value, 0, 0, 0);
}
/// What it wrote itself, before the supervisor reads it: a pipe can be opened again by whoever may.
static long read_back(void) { return answered(open("/proc/self/fd/1", O_RDONLY | O_NONBLOCK | O_CLOEXEC)); }
static long session(void) { return getsid(host_pid()) < 0 ? -errno : 0; }

const struct attempt neighbour_attempts[] = {
    {"environ of the host", variables},
    {"mem of the host", memory},
    {"maps of the host", maps},
    {"root of the host", root},
    {"cwd of the host", cwd},
    {"fd of the host", descriptors},
    {"exe of the host", program},
    {"status of the host", status},
    {"ns of the host", namespaces},
    {"open /proc/sys", settings},
    {"open /proc/kcore", core},
    {"open /proc/keys", keys},
    {"open /proc/partitions", devices},
    {"open /dev/mem", kernel_memory},
    {"open /dev/kvm", machines},
    {"ptrace of the host", seize},
    {"process_vm_readv of the host", read_byte},
    {"kcmp of the host", compare},
    {"sched_setaffinity of the host", bind_to_core},
    {"setpriority of the host", renice},
    {"kill a group of the host", kill_group},
    {"tgkill of the host", kill_thread},
    {"rt_sigqueueinfo to the host", queue},
    {"getsid of the host", session},
    {"read back its output", read_back},
    {NULL, NULL},
};
