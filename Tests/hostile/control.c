// Worlds for the positive controls: root, with all that root has, in a root that may be thrown away.
#include "hostile.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

/// Makes `root` the root of this mount namespace. Not chroot: who is in one may make no user namespace.
static int enter(const char *root) {
    return mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) != 0 || mount(root, root, NULL, MS_BIND | MS_REC, NULL) != 0 ||
           chdir(root) != 0 || syscall(SYS_pivot_root, ".", ".") != 0 || umount2(".", MNT_DETACH) != 0 || chdir("/") != 0;
}

/// Puts this process under the filter in a file, and under nothing else.
static int filter(const char *path) {
    static struct sock_filter program[4096];
    int file = open(path, O_RDONLY | O_CLOEXEC);
    ssize_t size = file < 0 ? -1 : read(file, program, sizeof program);
    close(file);
    if (size <= 0) {
        return 1;
    }
    struct sock_fprog whole = {(unsigned short)(size / (ssize_t)sizeof *program), program};
    return prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &whole) != 0;
}

/// `hostile outside ROOT FILTER PROGRAM…`: FILTER is a file in ROOT, or `-` for none. Only the first process of a pid
/// namespace may do so, so that it is not called where it would change the host.
int outside(int count, char **arguments) {
    char mark[4096];
    if (count < 3 || getpid() != 1) {
        fprintf(stderr, "hostile: not in namespaces of its own\n");
        return 65;
    }
    snprintf(mark, sizeof mark, "%s/root-of-tests", arguments[0]);
    if (access(mark, F_OK) != 0 || enter(arguments[0]) != 0) {
        fprintf(stderr, "hostile: not in a root of the tests: %s\n", strerror(errno));
        return 65;
    }
    if (strcmp(arguments[1], "-") != 0 && filter(arguments[1]) != 0) {
        fprintf(stderr, "hostile: no filter: %s\n", strerror(errno));
        return 65;
    }
    return run_other(count - 2, arguments + 2);
}
