// Ways to a new namespace, to another's, and to other mounts.
#include "hostile.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/sched.h>
#include <signal.h>
#include <sys/mount.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define UNSHARE(name, flag) \
    static long unshare_##name(void) { return call(SYS_unshare, flag, 0, 0, 0, 0, 0); } \
    static long clone_##name(void) { return cloned(flag); }

/// clone(2) as fork, with a namespace; the child leaves at once.
static long cloned(long flag) {
    long pid = call(SYS_clone, flag | SIGCHLD, 0, 0, 0, 0, 0);
    if (pid == 0) {
        _exit(0);
    }
    if (pid > 0) {
        waitpid((pid_t)pid, NULL, 0);
    }
    return pid;
}

UNSHARE(user, CLONE_NEWUSER)
UNSHARE(mnt, CLONE_NEWNS)
UNSHARE(pid, CLONE_NEWPID)
UNSHARE(net, CLONE_NEWNET)
UNSHARE(ipc, CLONE_NEWIPC)
UNSHARE(uts, CLONE_NEWUTS)
UNSHARE(cgroup, CLONE_NEWCGROUP)

static long unshare_time(void) { return call(SYS_unshare, CLONE_NEWTIME, 0, 0, 0, 0, 0); }
static long clone3_bad(void) { return call(SYS_clone3, 0, 0, 0, 0, 0, 0); }

static long enter(void) {
    int own = open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC);
    return own < 0 ? -errno : call(SYS_setns, own, CLONE_NEWNET, 0, 0, 0, 0);
}

static long mount_new(void) { return call(SYS_mount, (long)"none", (long)"/", (long)"nosuchfs", 0, 0, 0); }
static long mount_again(void) {
    return call(SYS_mount, 0, (long)"/dev/null", 0, MS_REMOUNT | MS_BIND, 0, 0);
}
static long unmount(void) { return call(SYS_umount2, (long)"/dev/null", 0, 0, 0, 0, 0); }
static long pivot(void) { return call(SYS_pivot_root, (long)"/nonexistent", (long)"/nonexistent", 0, 0, 0, 0); }
static long change_root(void) { return call(SYS_chroot, (long)"/", 0, 0, 0, 0, 0); }
static long new_context(void) { return call(SYS_fsopen, (long)"nosuchfs", 0, 0, 0, 0, 0); }
static long pick(void) { return call(SYS_fspick, AT_FDCWD, (long)"/nonexistent", 0, 0, 0, 0); }
static long copy_tree(void) { return call(SYS_open_tree, AT_FDCWD, (long)"/nonexistent", 1, 0, 0, 0); }
static long move(void) { return call(SYS_move_mount, -1, (long)"", -1, (long)"", 4, 0); }
static long set_attributes(void) { return call(SYS_mount_setattr, AT_FDCWD, (long)"/nonexistent", 0, 0, 0, 0); }

const struct attempt namespace_attempts[] = {
    {"unshare user", unshare_user},
    {"unshare mnt", unshare_mnt},
    {"unshare pid", unshare_pid},
    {"unshare net", unshare_net},
    {"unshare ipc", unshare_ipc},
    {"unshare uts", unshare_uts},
    {"unshare cgroup", unshare_cgroup},
    {"unshare time", unshare_time},
    {"clone user", clone_user},
    {"clone mnt", clone_mnt},
    {"clone pid", clone_pid},
    {"clone net", clone_net},
    {"clone ipc", clone_ipc},
    {"clone uts", clone_uts},
    {"clone cgroup", clone_cgroup},
    {"clone3", clone3_bad},
    {"setns", enter},
    {"mount", mount_new},
    {"remount", mount_again},
    {"umount", unmount},
    {"pivot_root", pivot},
    {"chroot", change_root},
    {"fsopen", new_context},
    {"fspick", pick},
    {"open_tree", copy_tree},
    {"move_mount", move},
    {"mount_setattr", set_attributes},
    {NULL, NULL},
};
