// Ways out that once worked, by the number of what was published about them.
#include "hostile.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static long opened(const char *path, int flags) { return answered(open(path, flags | O_CLOEXEC, 0600)); }

// CVE-2019-5736: the launcher's program, overwritten through /proc/PID/exe.
static long write_first(void) { return opened("/proc/1/exe", O_WRONLY); }
static long write_reopened(void) {
    char path[64];
    int program = open("/proc/self/exe", O_PATH | O_CLOEXEC);
    snprintf(path, sizeof path, "/proc/self/fd/%d", program);
    return program < 0 ? -errno : opened(path, O_WRONLY);
}

/// CVE-2024-21626: a folder of the host that the launcher left open. -EBADF when no number leads to /etc/passwd.
static long leaked_folder(void) {
    static const char up[] = "../../../../../../../../etc/passwd";
    for (int number = 3; number < 4096; number++) {
        if (openat(number, up, O_RDONLY | O_CLOEXEC) >= 0 || openat(number, up + 24, O_RDONLY | O_CLOEXEC) >= 0) {
            return 0;
        }
        char path[64];
        snprintf(path, sizeof path, "/proc/self/fd/%d/etc/passwd", number);
        if (open(path, O_RDONLY | O_CLOEXEC) >= 0) {
            return 0;
        }
    }
    return -EBADF;
}

/// And its working directory, which /proc shows as a link.
static long leaked_place(void) {
    char path[4096];
    const char *file = getenv("HOST_FILE");
    snprintf(path, sizeof path, "/proc/1/cwd/../../../../../../..%s", file == NULL ? "/none" : file);
    return opened(path, O_RDONLY);
}

// CVE-2022-0185: a filesystem's configuration, with a capability from a user namespace.
static long configure(void) { return call(SYS_fsconfig, -1, 1, (long)"a", (long)"b", 0, 0); }
static long make_mount(void) { return call(SYS_fsmount, -1, 0, 0, 0, 0, 0); }
static long configure_as_user(void) {
    long made = call(SYS_unshare, CLONE_NEWUSER | CLONE_NEWNS, 0, 0, 0, 0, 0);
    long context = made < 0 ? made : call(SYS_fsopen, (long)"tmpfs", 0, 0, 0, 0, 0);
    return context < 0 ? context : call(SYS_fsconfig, context, 1, (long)"size", (long)"4096", 0, 0);
}

/// CVE-2022-0492: release_agent of cgroup v1, which the kernel executes as root of the host.
static long release_agent(void) {
    char path[4096];
    snprintf(path, sizeof path, "%s/group", place);
    mkdir(path, 0700);
    if (mount("none", path, "cgroup", 0, "pids") != 0 && errno != EINVAL) {
        return -errno;
    }
    snprintf(path, sizeof path, "%s/group/release_agent", place);
    long answer = access(path, F_OK) != 0 ? 0 : opened(path, O_WRONLY);
    snprintf(path, sizeof path, "%s/group", place);
    umount2(path, MNT_DETACH);
    return answer;
}

// CVE-2021-3493, CVE-2023-0386: an overlay keeps what a file's bits and attributes say where it should not.
static long overlay(void) {
    long answer = answered(mount("overlay", place, "overlay", 0, "lowerdir=/open:/bin"));
    if (answer == 0) {
        umount2(place, MNT_DETACH);
    }
    return answer;
}
static long overlay_as_user(void) {
    long made = call(SYS_unshare, CLONE_NEWUSER | CLONE_NEWNS, 0, 0, 0, 0, 0);
    return made < 0 ? made : 0;
}

/// Executes `path` and tells whether it ran as somebody else. -EPERM when it gained nothing.
static long gained(const char *path, char *const arguments[]) {
    static char *const nothing[] = {NULL};
    if (geteuid() == 0 && (setgid(12345) != 0 || setuid(12345) != 0)) { // in the control
        return -errno;
    }
    pid_t child = fork();
    if (child == 0) {
        execve(path, arguments, nothing);
        _exit(errno == EACCES ? 113 : 127);
    }
    int status = 0;
    waitpid(child, &status, 0);
    if (!WIFEXITED(status) || WEXITSTATUS(status) == 127) {
        return -ENOENT;
    }
    return WEXITSTATUS(status) == 113 ? -EACCES : WEXITSTATUS(status) == GAINED ? 0 : -EPERM;
}

// CVE-2016-3135's way in: whoever can change who they are needs no bug.
static long setuid_program(void) {
    return gained("/bin/setuid", (char *const[]){(char *)"setuid", (char *)"whoami", NULL});
}
/// CVE-2021-4034: a setuid program that takes its environment for its arguments.
static long without_arguments(void) { return gained("/bin/setuid", (char *const[]){NULL}); }

/// A copy of this program in a folder that can be written, executed.
static long own_program(const char *folder) {
    static char block[1 << 16];
    char path[4096];
    snprintf(path, sizeof path, "%s/program", folder);
    int from = open("/proc/self/exe", O_RDONLY | O_CLOEXEC), to = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0700);
    if (from < 0 || to < 0) {
        return -errno;
    }
    for (ssize_t count = read(from, block, sizeof block); count > 0; count = read(from, block, sizeof block)) {
        if (write(to, block, (size_t)count) != count) {
            return -EIO;
        }
    }
    fchmod(to, 06755);
    close(to);
    long answer = gained(path, (char *const[]){(char *)"program", (char *)"whoami", NULL});
    unlink(path);
    return answer == -EPERM ? 0 : answer; // it ran
}
static long program_in_out(void) { return own_program(place); }
static long program_in_tmp(void) { return own_program("/tmp"); }
/// A script's interpreter may be executed; its text need not be.
static long execute_input(void) {
    static char *const nothing[] = {NULL};
    return answered(execve("/in/input", nothing, nothing));
}

const struct attempt escape_attempts[] = {
    {"write the first program", write_first},
    {"write the program that runs, reopened", write_reopened},
    {"leave by a leaked folder", leaked_folder},
    {"leave by the working directory", leaked_place},
    {"fsconfig", configure},
    {"fsmount", make_mount},
    {"fsconfig in a user namespace", configure_as_user},
    {"mount cgroup, write release_agent", release_agent},
    {"mount overlay", overlay},
    {"a user and a mount namespace for an overlay", overlay_as_user},
    {"run a setuid program", setuid_program},
    {"run a setuid program without arguments", without_arguments},
    {"execute a program made in /out", program_in_out},
    {"execute a program made in /tmp", program_in_tmp},
    {"execute an input", execute_input},
    {NULL, NULL},
};
