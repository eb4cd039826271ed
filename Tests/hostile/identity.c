// What a job is, as it sees itself: one `KEY<TAB>VALUE` a line.
#include "hostile.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/utsname.h>
#include <unistd.h>

extern char **environ;

static void print_link(const char *key, const char *path) {
    char target[4096] = "";
    ssize_t length = readlink(path, target, sizeof target - 1);
    printf("%s\t%s\n", key, length < 0 ? "-" : target);
}

static int by_name(const struct dirent **left, const struct dirent **right) {
    return strcmp((*left)->d_name, (*right)->d_name);
}

static void print_namespaces(void) {
    static const char *names[] = {"user", "mnt", "pid", "net", "ipc", "uts", "cgroup"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        char key[64], path[64];
        snprintf(key, sizeof key, "ns %s", names[i]);
        snprintf(path, sizeof path, "/proc/self/ns/%s", names[i]);
        print_link(key, path);
    }
}

/// The lines of /proc/self/status that say who we are and what we may do.
static void print_status(void) {
    FILE *status = fopen("/proc/self/status", "re");
    char line[512];
    while (status != NULL && fgets(line, sizeof line, status) != NULL) {
        char *value = strchr(line, '\t');
        char *colon = strchr(line, ':');
        if (value == NULL || colon == NULL) {
            continue;
        }
        *colon = 0;
        value[strcspn(value, "\n")] = 0;
        printf("status %s\t%s\n", line, value + 1);
    }
    if (status != NULL) {
        fclose(status);
    }
}

/// Numbers only: what they lead to differs from run to run.
static void print_descriptors(void) {
    for (int i = 0; i < 4096; i++) {
        if (fcntl(i, F_GETFD) >= 0) {
            struct stat status;
            fstat(i, &status);
            printf("fd %d\t%s %o\n", i, S_ISFIFO(status.st_mode) ? "pipe" : S_ISCHR(status.st_mode) ? "device" : "other",
                   fcntl(i, F_GETFL) & O_ACCMODE);
        }
    }
}

static void print_limits(void) {
    for (int i = 0; i < RLIM_NLIMITS; i++) {
        struct rlimit limit = {0, 0};
        getrlimit(i, &limit);
        printf("rlimit %d\t%ld %ld\n", i, (long)limit.rlim_cur, (long)limit.rlim_max);
    }
}

static void print_folder(const char *path) {
    struct dirent **entries = NULL;
    int count = scandir(path, &entries, NULL, by_name);
    printf("folder %s\t", path);
    for (int i = 0; i < count; i++) {
        if (entries[i]->d_name[0] != '.') {
            printf("%s ", entries[i]->d_name);
        }
    }
    printf("\n");
}

static void print_entry(const char *path) {
    struct stat status;
    if (lstat(path, &status) != 0) {
        printf("entry %s\t-\n", path);
        return;
    }
    printf("entry %s\t%o %u %u %u:%u\n", path, status.st_mode, status.st_uid, status.st_gid, major(status.st_rdev),
           minor(status.st_rdev));
}

static void print_mounts(void) {
    FILE *mounts = fopen("/proc/self/mountinfo", "re");
    char line[1024], place_of[512], options[512];
    while (mounts != NULL && fgets(line, sizeof line, mounts) != NULL) {
        if (sscanf(line, "%*s %*s %*s %*s %511s %511s", place_of, options) == 2) {
            const char *type = strstr(line, " - ");
            char name[64] = "";
            sscanf(type == NULL ? "" : type, " - %63s", name);
            printf("mount %s\t%s %s\n", place_of, name, options);
        }
    }
    if (mounts != NULL) {
        fclose(mounts);
    }
}

int identity(int count, char **arguments) {
    print_descriptors();
    struct utsname name;
    uname(&name);
    char cwd[4096] = "-";
    printf("pid\t%d\nppid\t%d\nsid\t%d\nhost\t%s\ndomain\t%s\n", getpid(), getppid(), getsid(0), name.nodename,
           name.domainname);
    printf("groups\t%d\ncwd\t%s\numask\t%o\n", getgroups(0, NULL), getcwd(cwd, sizeof cwd), umask(0));
    for (char **variable = environ; *variable != NULL; variable++) {
        printf("environment\t%s\n", *variable);
    }
    print_link("exe", "/proc/self/exe");
    print_namespaces();
    print_status();
    print_limits();
    print_folder("/proc");
    print_folder("/dev");
    print_folder("/");
    print_folder("/in");
    static const char *entries[] = {"/dev",      "/dev/null", "/dev/zero",  "/dev/full", "/dev/random", "/dev/urandom", "/dev/fd",
                                    "/dev/stdin", "/dev/shm", "/in/input", "/in/written", "/in", "/out", "/tmp",         "/"};
    for (size_t i = 0; i < sizeof entries / sizeof *entries; i++) {
        print_entry(entries[i]);
    }
    print_mounts();
    for (int i = 0; i < count; i++) {
        printf("argument\t%s\n", arguments[i]);
    }
    return 0;
}
