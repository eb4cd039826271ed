// All the memory there is, page by page, until something stops it: `exhaust-memory WHERE [MEBIBYTES]`. Prints a line for each
// 16 MiB (or each thousand of something smaller) that it got, so that whoever reads sees how far it came before it was killed.
#include "hostile.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/shm.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { CHUNK = 16 << 20 };

static char *anonymous(void) {
    return mmap(NULL, CHUNK, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
}
/// Memory of all that hold it, so of nobody's own.
static char *shared(void) { return mmap(NULL, CHUNK, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0); }
static char *locked(void) {
    char *memory = anonymous();
    return memory == MAP_FAILED || mlock(memory, CHUNK) != 0 ? MAP_FAILED : memory;
}
static char *system_v(void) {
    int id = shmget(IPC_PRIVATE, CHUNK, IPC_CREAT | 0600);
    return id < 0 ? MAP_FAILED : shmat(id, NULL, 0);
}
/// Pages of a file on a tmpfs.
static char *of_file(const char *folder) {
    static int number;
    char path[256];
    snprintf(path, sizeof path, "%s/memory-%d", folder, number++);
    int file = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (file < 0 || ftruncate(file, CHUNK) != 0) {
        return MAP_FAILED;
    }
    char *memory = mmap(NULL, CHUNK, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    close(file);
    return memory;
}
static char *scratch(void) { return of_file("/tmp"); }
static char *posix(void) { return of_file("/dev/shm"); }
/// Kernel memory that no process maps: what waits in a socket, and in a pipe.
static char *in_kernel(int ends[2]) {
    static char block[1 << 16];
    fcntl(ends[1], F_SETFL, O_NONBLOCK);
    fcntl(ends[1], F_SETPIPE_SZ, 1 << 20);
    while (write(ends[1], block, sizeof block) > 0) {
    }
    return NULL;
}
static char *sockets(void) {
    int ends[2];
    for (int i = 0; i < 64; i++) {
        if (socketpair(AF_UNIX, SOCK_STREAM, 0, ends) != 0) {
            return MAP_FAILED;
        }
        in_kernel(ends);
    }
    return NULL;
}
static char *pipes(void) {
    int ends[2];
    for (int i = 0; i < 16; i++) {
        if (pipe(ends) != 0) {
            return MAP_FAILED;
        }
        in_kernel(ends);
    }
    return NULL;
}
/// Record locks on every other byte of some files: 192 bytes of the kernel's each, 80,000 a step (CVE-2022-0480).
static char *locks(void) {
    static int number;
    for (int i = 0; i < 80; i++) {
        char path[256];
        snprintf(path, sizeof path, "/tmp/locked-%d", number++);
        int file = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
        for (long byte = 0; byte < 2000; byte += 2) {
            struct flock lock = {.l_type = F_WRLCK, .l_whence = SEEK_SET, .l_start = byte, .l_len = 1};
            if (fcntl(file, F_SETLK, &lock) != 0) {
                return MAP_FAILED;
            }
        }
    }
    return NULL;
}
/// Mappings that can't be joined, some 200 bytes each.
static char *mappings(void) {
    for (int i = 0; i < 1000; i++) {
        int right = i % 2 == 0 ? PROT_READ : PROT_NONE;
        if (mmap(NULL, 4096, right, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) == MAP_FAILED) {
            return MAP_FAILED;
        }
    }
    return NULL;
}
static char *output(void) { return of_file("/out"); }

static void fill(char *(*take)(void), long limit) {
    for (long mebibytes = 16; mebibytes <= limit; mebibytes += 16) {
        char *memory = take();
        if (memory == MAP_FAILED) {
            printf("refused\t%s\n", strerrorname_np(errno));
            return;
        }
        for (size_t i = 0; memory != NULL && i < CHUNK; i += 4096) {
            memory[i] = 1;
        }
        printf("memory\t%ld\n", mebibytes);
        fflush(stdout);
    }
    printf("memory\tenough\n");
}

/// Timers, each with a signal that is kept ready for it.
int exhaust_timers(int count, char **arguments) {
    (void)count;
    (void)arguments;
    struct sigevent event = {.sigev_notify = SIGEV_NONE};
    long made = 0;
    timer_t timer;
    while (made < 1000000 && timer_create(CLOCK_MONOTONIC, &event, &timer) == 0) {
        made++;
    }
    printf("timers\t%ld %s\n", made, made == 1000000 ? "done" : strerrorname_np(errno));
    return 0;
}

int exhaust_memory(int count, char **arguments) {
    static const struct {
        const char *name;
        char *(*take)(void);
    } all[] = {{"anonymous", anonymous}, {"shared", shared},   {"locked", locked}, {"system-v", system_v},
               {"tmp", scratch},         {"shm", posix},       {"out", output},    {"children", anonymous},
               {"sockets", sockets},     {"pipes", pipes},
               {"locks", locks},         {"mappings", mappings}};
    const char *name = count > 0 ? arguments[0] : "anonymous";
    long limit = count > 1 ? atol(arguments[1]) : 1 << 20;
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        if (strcmp(all[i].name, name) == 0) {
            // Eight processes, each of which alone might be small enough, or has a limit of its own.
            int several = strcmp(name, "children") == 0 || strcmp(name, "mappings") == 0;
            for (int child = 0; several && child < 7 && fork() != 0; child++) {
            }
            fill(all[i].take, limit);
            while (wait(NULL) > 0) {
            }
            return 0;
        }
    }
    return 64;
}
