// The floor: what one confined launch costs in plain C with nothing but the kernel, the classic way.
//
//   aibom-floor ROOT MOUNTPOINT 3< requests 4> figures
//
// clone3 as fork does (no shared memory), all seven namespaces at once, uid map written by the parent, bind mounts, pivot_root,
// no capabilities, rlimits, and the same seccomp allow-list in libseccomp's default (linear) layout. On descriptor 3 first the
// filter: u32 length in bytes, then the program. After that each byte asks for one launch of ROOT/bin/true; the answer is
// its wall time from before the clone to after the wait, as a u64 in nanoseconds, or all ones when it failed.
#include <errno.h>
#include <linux/capability.h>
#include <linux/filter.h>
#include <linux/prctl.h>
#include <linux/sched.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <fcntl.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { HOST_ID = 1999999999, INNER_ID = 1000 };

static struct sock_fprog filter;
static const char *root, *place;

static void must(int ok, const char *stage) {
    if (!ok) {
        perror(stage);
        _exit(1);
    }
}

static void mount_all(void) {
    must(mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) == 0, "private");
    must(mount(root, place, NULL, MS_BIND | MS_REC, NULL) == 0, "bind root");
    must(mount(NULL, place, NULL, MS_BIND | MS_REMOUNT | MS_RDONLY | MS_NOSUID | MS_NODEV, NULL) == 0, "read-only root");
    must(chdir(place) == 0, "chdir");
    must(mount("tmpfs", "tmp", "tmpfs", MS_NOSUID | MS_NODEV, "size=64m,mode=1777") == 0, "tmpfs");
    must(mount("proc", "proc", "proc", MS_NOSUID | MS_NODEV | MS_NOEXEC, NULL) == 0, "proc");
    must(syscall(SYS_pivot_root, ".", ".") == 0, "pivot_root");
    must(umount2(".", MNT_DETACH) == 0, "umount");
    must(chdir("/") == 0, "chdir /");
}

static void limit(int resource, rlim_t bound) {
    must(setrlimit(resource, &(struct rlimit){bound, bound}) == 0, "rlimit");
}

static void confine(int go) {
    char byte;
    must(read(go, &byte, 1) == 1, "wait for maps");
    must(setresgid(INNER_ID, INNER_ID, INNER_ID) == 0 && setresuid(INNER_ID, INNER_ID, INNER_ID) == 0, "setresuid");
    mount_all();
    limit(RLIMIT_CORE, 0);
    limit(RLIMIT_FSIZE, 64 << 20);
    limit(RLIMIT_NOFILE, 256);
    must(setsid() >= 0, "setsid");
    must(sethostname("job", 3) == 0, "sethostname");
    must(syscall(SYS_close_range, 3, ~0U, CLOSE_RANGE_CLOEXEC) == 0, "close_range");
    for (int i = 0; i <= CAP_LAST_CAP; i++) {
        prctl(PR_CAPBSET_DROP, i, 0, 0, 0);
    }
    struct __user_cap_header_struct header = {_LINUX_CAPABILITY_VERSION_3, 0};
    struct __user_cap_data_struct none[2] = {{0}};
    must(syscall(SYS_capset, &header, none) == 0, "capset");
    must(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0, "no_new_privs");
    must(syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &filter) == 0, "seccomp");
    execve("/bin/true", (char *[]){"true", NULL}, (char *[]){NULL});
    _exit(1);
}

static void write_map(pid_t pid, const char *name) {
    char path[64], map[64];
    snprintf(path, sizeof path, "/proc/%d/%s", pid, name);
    int length = snprintf(map, sizeof map, "%d %d 1\n", INNER_ID, HOST_ID);
    int fd = open(path, O_WRONLY | O_CLOEXEC);
    must(fd >= 0 && write(fd, map, (size_t)length) == length, name);
    close(fd);
}

static uint64_t now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (uint64_t)time.tv_sec * 1000000000 + (uint64_t)time.tv_nsec;
}

static uint64_t launch(void) {
    int go[2], status = -1;
    must(pipe2(go, O_CLOEXEC) == 0, "pipe");
    struct clone_args args = {
        .flags = CLONE_NEWUSER | CLONE_NEWNS | CLONE_NEWPID | CLONE_NEWNET | CLONE_NEWIPC | CLONE_NEWUTS | CLONE_NEWCGROUP,
        .exit_signal = SIGCHLD,
    };
    uint64_t start = now();
    pid_t pid = (pid_t)syscall(SYS_clone3, &args, sizeof args);
    must(pid >= 0, "clone3");
    if (pid == 0) {
        confine(go[0]);
    }
    write_map(pid, "uid_map");
    write_map(pid, "gid_map");
    must(write(go[1], "g", 1) == 1, "go");
    while (waitpid(pid, &status, 0) < 0 && errno == EINTR) {
    }
    uint64_t end = now();
    close(go[0]);
    close(go[1]);
    return status == 0 ? end - start : UINT64_MAX;
}

static int read_all(void *bytes, size_t count) {
    for (size_t done = 0; done < count;) {
        ssize_t got = read(3, (char *)bytes + done, count - done);
        if (got <= 0) {
            return 0;
        }
        done += (size_t)got;
    }
    return 1;
}

int main(int count, char **arguments) {
    must(count == 3, "usage: aibom-floor ROOT MOUNTPOINT");
    root = arguments[1];
    place = arguments[2];
    uint32_t length;
    must(read_all(&length, sizeof length), "filter length");
    filter.len = (unsigned short)(length / sizeof(struct sock_filter));
    filter.filter = malloc(length);
    must(filter.filter != NULL && read_all(filter.filter, length), "filter");
    for (char request; read(3, &request, 1) == 1;) {
        uint64_t figure = launch();
        must(write(4, &figure, sizeof figure) == sizeof figure, "answer");
    }
    return 0;
}
