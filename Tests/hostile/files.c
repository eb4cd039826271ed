// Files that a job must not make, change or find. Names in upper case in the environment say where.
#include "hostile.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#define HIGH (1L << 32) // the kernel takes 32 bits of these arguments; a filter that does too is passed (CVE-2019-10063)

static const char *in_place(const char *name) {
    static char path[4096];
    snprintf(path, sizeof path, "%s/%s", place, name);
    return path;
}

static long opened(const char *path, int flags) { return answered(open(path, flags | O_CLOEXEC, 0600)); }

static long make_device(void) {
    return call(SYS_mknod, (long)in_place("device"), S_IFCHR | 0666, (long)makedev(1, 3), 0, 0, 0);
}
static long make_fifo(void) { return call(SYS_mknodat, AT_FDCWD, (long)in_place("fifo"), S_IFIFO | 0666, 0, 0, 0); }
static long make_link(void) { return call(SYS_symlink, (long)"/etc/shadow", (long)in_place("link"), 0, 0, 0, 0); }
static long make_link_at(void) {
    return call(SYS_symlinkat, (long)"/etc/shadow", AT_FDCWD, (long)in_place("link-at"), 0, 0, 0);
}
static long make_hard_link(void) {
    return call(SYS_link, (long)"/in/input", (long)in_place("hard-link"), 0, 0, 0, 0);
}
static long make_hard_link_at(void) {
    return call(SYS_linkat, AT_FDCWD, (long)"/in/input", AT_FDCWD, (long)in_place("hard-link-at"), 0, 0);
}
static long give_away(void) { return call(SYS_chown, (long)place, 12345, 12345, 0, 0, 0); }
static long give_away_at(void) { return call(SYS_fchownat, AT_FDCWD, (long)place, 12345, 12345, 0, 0); }
static long mark(void) {
    return call(SYS_setxattr, (long)place, (long)"security.capability", (long)"x", 1, 0, 0);
}

static long push_input(void) { return call(SYS_ioctl, 0, TIOCSTI, (long)"x", 0, 0, 0); }
static long push_input_high(void) { return call(SYS_ioctl, 0, TIOCSTI | HIGH, (long)"x", 0, 0, 0); }
static long paste(void) { return call(SYS_ioctl, 0, 0x541c, (long)"x", 0, 0, 0); }
/// Of a file of its own, so that whoever opens it waits for us.
static long leased(long command) {
    int file = open(in_place("leased"), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    return file < 0 ? -errno : call(SYS_fcntl, file, command, F_WRLCK, 0, 0, 0);
}
static long lease(void) { return leased(1024); }
static long lease_high(void) { return leased(1024 | HIGH); }
static long notify(void) {
    int folder = open(place, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    return folder < 0 ? -errno : call(SYS_fcntl, folder, 1026, 1, 0, 0, 0);
}

static long by_handle(void) { return call(SYS_open_by_handle_at, AT_FDCWD, -1, 0, 0, 0, 0); }
static long to_handle(void) { return call(SYS_name_to_handle_at, AT_FDCWD, -1, -1, -1, 0, 0); }

static long shadow(void) { return opened("/etc/shadow", O_RDONLY); }
static long shadow_of_init(void) { return opened("/proc/1/root/etc/shadow", O_RDONLY); }
static long core_pattern(void) { return opened("/proc/sys/kernel/core_pattern", O_WRONLY); }
static long sysrq(void) { return opened("/proc/sysrq-trigger", O_WRONLY); }
static long symbols(void) { return opened("/proc/kallsyms", O_RDONLY); }
static long cgroups(void) { return opened("/sys/fs/cgroup", O_RDONLY | O_DIRECTORY); }
static long disk(void) { return opened("/dev/vda", O_RDONLY); }
static long kernel_log(void) { return opened("/dev/kmsg", O_RDONLY); }
static long loops(void) { return opened("/dev/loop-control", O_RDWR); }
static long tty(void) { return opened("/dev/tty", O_RDWR); }
static long fuse(void) { return opened("/dev/fuse", O_RDWR); }
static long host_file(void) {
    const char *path = getenv("HOST_FILE");
    return path == NULL ? -EINVAL : opened(path, O_RDONLY);
}

// The rootfs of the tests has /open (mode 0777) with a file (0666): nothing but the mount keeps a job from writing.
static long write_root(void) { return opened("/new", O_WRONLY | O_CREAT); }
static long write_root_open(void) {
    long answer = opened("/open/new", O_WRONLY | O_CREAT);
    if (answer == 0) {
        unlink("/open/new"); // others with other uids try it too
    }
    return answer;
}
static long write_root_file(void) { return opened("/open/file", O_WRONLY); }
static long write_program(void) { return opened("/proc/self/exe", O_WRONLY); }
static long write_other(void) { return opened("/bin/setuid", O_WRONLY); }
static long write_input(void) { return opened("/in/input", O_WRONLY); }
static long write_written(void) { return opened("/in/written", O_WRONLY); }
static long shorten_input(void) { return answered(truncate("/in/input", 0)); }
static long rename_input(void) {
    long answer = answered(rename("/in/input", "/in/other"));
    return answer < 0 ? answer : answered(rename("/in/other", "/in/input"));
}
static long write_inputs(void) { return opened("/in/new", O_WRONLY | O_CREAT); }
static long remove_input(void) { return answered(unlink("/in/input")); }
static long write_devices(void) { return opened("/dev/new", O_WRONLY | O_CREAT); }
static long remove_device(void) { return answered(unlink("/dev/null")); }
static long change_device(void) { return answered(chmod("/dev/null", 0)); }

const struct attempt file_attempts[] = {
    {"mknod device", make_device},
    {"mkfifo", make_fifo},
    {"symlink", make_link},
    {"symlinkat", make_link_at},
    {"link", make_hard_link},
    {"linkat", make_hard_link_at},
    {"chown", give_away},
    {"fchownat", give_away_at},
    {"setxattr", mark},
    {"TIOCSTI", push_input},
    {"TIOCSTI, high bits", push_input_high},
    {"TIOCLINUX", paste},
    {"F_SETLEASE", lease},
    {"F_SETLEASE, high bits", lease_high},
    {"F_NOTIFY", notify},
    {"open_by_handle_at", by_handle},
    {"name_to_handle_at", to_handle},
    {"read /etc/shadow", shadow},
    {"read /proc/1/root/etc/shadow", shadow_of_init},
    {"write core_pattern", core_pattern},
    {"write sysrq-trigger", sysrq},
    {"read kallsyms", symbols},
    {"read /sys/fs/cgroup", cgroups},
    {"open /dev/vda", disk},
    {"open /dev/kmsg", kernel_log},
    {"open /dev/loop-control", loops},
    {"open /dev/tty", tty},
    {"open /dev/fuse", fuse},
    {"read a file of the host", host_file},
    {"make a file in /", write_root},
    {"make a file in an open folder of the rootfs", write_root_open},
    {"write an open file of the rootfs", write_root_file},
    {"write the program that runs", write_program},
    {"write another program", write_other},
    {"write an input", write_input},
    {"write an input of ours", write_written},
    {"truncate an input", shorten_input},
    {"rename an input", rename_input},
    {"make a file in /in", write_inputs},
    {"remove an input", remove_input},
    {"make a file in /dev", write_devices},
    {"remove a device", remove_device},
    {"change a device's mode", change_device},
    {NULL, NULL},
};
