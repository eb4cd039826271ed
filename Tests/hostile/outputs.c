// What somebody plants in /out for whoever collects it: `plant NAME…` prints `NAME<TAB>ANSWER` for each.
#include "hostile.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/un.h>
#include <unistd.h>

static long made(const char *path) {
    int file = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
    return file < 0 ? -errno : answered(write(file, "x", 1)) | close(file);
}

static long link_absolute(void) { return answered(symlink("/etc/shadow", "/out/planted")); }
static long link_up(void) { return answered(symlink("../../../etc/shadow", "/out/planted")); }
static long link_process(void) { return answered(symlink("/proc/self/root/etc/shadow", "/out/planted")); }
static long link_folder(void) { return answered(symlink("/etc", "/out/planted")); }
static long link_beside(void) {
    long first = made("/out/one");
    return first < 0 ? first : answered(link("/out/one", "/out/two"));
}
static long fifo(void) { return answered(mkfifo("/out/planted", 0666)); }
static long device(void) { return answered(mknod("/out/planted", S_IFCHR | 0666, makedev(10, 0xfa))); }
static long block_device(void) { return answered(mknod("/out/planted", S_IFBLK | 0666, makedev(254, 0))); }
static long socket_file(void) {
    struct sockaddr_un here = {.sun_family = AF_UNIX, .sun_path = "/out/planted"};
    int one = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    return one < 0 ? -errno : answered(bind(one, (void *)&here, sizeof here));
}

/// Folders in folders, each entered before the next is made, so that no path is too long for the kernel.
static long deep(void) {
    for (int i = 0; i < 200; i++) {
        if (mkdirat(AT_FDCWD, i == 0 ? "/out/d" : "d", 0700) != 0 || chdir(i == 0 ? "/out/d" : "d") != 0) {
            return -errno;
        }
    }
    return made("file");
}

static long long_name(void) {
    char path[300] = "/out/";
    memset(path + 5, 'n', 255);
    return made(path);
}
static long longer_name(void) {
    char path[300] = "/out/";
    memset(path + 5, 'n', 256);
    return made(path);
}
static long bytes(void) { return made("/out/bad\xff\xfe.bin"); }
static long twins(void) { return made("/out/caf\xc3\xa9") | made("/out/cafe\xcc\x81"); }
static long newline(void) { return made("/out/a\nroot: all is well") | made("/out/\x1b[2J\r") | made("/out/-rf"); }
static long sparse(void) {
    int file = open("/out/sparse", O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
    return file < 0 ? -errno : answered(ftruncate(file, 3LL << 30));
}
static long set_bits(void) {
    long first = made("/out/set");
    return first < 0 ? first : answered(chmod("/out/set", 07777));
}
static long unreadable(void) {
    mkdir("/out/closed", 0700);
    long first = made("/out/closed/file");
    return first | chmod("/out/closed/file", 0) | chmod("/out/closed", 0) | chmod("/out", 0);
}
/// A file without a name, made before the end and gone with it.
static long nameless(void) {
    int file = open("/out", O_WRONLY | O_TMPFILE | O_CLOEXEC, 0600);
    char path[64];
    snprintf(path, sizeof path, "/proc/self/fd/%d", file);
    return file < 0 ? -errno : answered(linkat(AT_FDCWD, path, AT_FDCWD, "/out/named", AT_SYMLINK_FOLLOW));
}
static long moved_out(void) {
    long first = made("/out/marked");
    return first < 0 ? first : answered(rename("/out/marked", "/tmp/marked"));
}

int plant(int count, char **names) {
    static const struct {
        const char *name;
        long (*make)(void);
    } all[] = {
        {"link-absolute", link_absolute}, {"link-up", link_up},
        {"link-process", link_process},   {"link-folder", link_folder},
        {"hard-link", link_beside},       {"fifo", fifo},
        {"device", device},               {"block-device", block_device},
        {"socket", socket_file},          {"deep", deep},
        {"long-name", long_name},         {"longer-name", longer_name},
        {"bytes", bytes},                 {"twins", twins},
        {"newline", newline},             {"sparse", sparse},
        {"set-bits", set_bits},           {"unreadable", unreadable},
        {"nameless", nameless},           {"move-out", moved_out},
    };
    for (int i = 0; i < count; i++) {
        for (size_t k = 0; k < sizeof all / sizeof *all; k++) {
            if (strcmp(all[k].name, names[i]) == 0) {
                long answer = all[k].make();
                printf("%s\t%s\n", names[i], answer < 0 ? strerrorname_np((int)-answer) : "done");
            }
        }
    }
    return 0;
}
