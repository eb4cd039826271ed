// What /proc has beside processes: one file, and ways to the rest.
#include "hostile.h"

#include <fcntl.h>
#include <sys/mount.h>
#include <sys/syscall.h>
#include <unistd.h>

static long opened(const char *path, int flags) { return answered(open(path, flags | O_CLOEXEC)); }

static long write_cpuinfo(void) { return opened("/proc/cpuinfo", O_WRONLY); }
static long cover(void) { return call(SYS_mount, (long)"/root-of-tests", (long)"/proc/cpuinfo", 0, MS_BIND, 0, 0); }
/// Of what we mounted ourselves, where we could.
static long uncover(void) {
    cover();
    return call(SYS_umount2, (long)"/proc/cpuinfo", MNT_DETACH, 0, 0, 0, 0);
}
/// As it was before it lost all names but the processes'.
static long make_whole(void) {
    long answer = call(SYS_mount, 0, (long)"/proc", 0, MS_REMOUNT, 0, 0);
    return answer < 0 ? answer : opened("/proc/meminfo", O_RDONLY);
}
static long memory(void) { return opened("/proc/meminfo", O_RDONLY); }
static long statistics(void) { return opened("/proc/stat", O_RDONLY); }

const struct attempt procfs_attempts[] = {
    {"write /proc/cpuinfo", write_cpuinfo},
    {"mount over /proc/cpuinfo", cover},
    {"unmount /proc/cpuinfo", uncover},
    {"remount /proc whole", make_whole},
    {"open /proc/meminfo", memory},
    {"open /proc/stat", statistics},
    {NULL, NULL},
};
