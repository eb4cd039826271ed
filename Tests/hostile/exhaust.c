// Taking all there is of something; each prints how far it came and what stopped it.
#include "hostile.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void print_end(const char *key, long reached) {
    const char *name = strerrorname_np(errno);
    printf("%s\t%ld %s\n", key, reached, name == NULL ? "-" : name);
}

/// A file of 1 TiB that takes no space: by truncation, by a write far out, by allocation.
int exhaust_file(int count, char **arguments) {
    (void)count;
    (void)arguments;
    const off_t huge = 1LL << 40;
    signal(SIGXFSZ, SIG_IGN);
    int file = open("/out/sparse", O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    errno = 0;
    print_end("ftruncate", ftruncate(file, huge));
    errno = 0;
    print_end("pwrite", pwrite(file, "x", 1, huge));
    errno = 0;
    print_end("fallocate", fallocate(file, 0, 0, huge));
    return 0;
}

/// As many files of 1 MiB as there is room for.
int exhaust_space(int count, char **arguments) {
    static char block[1 << 16];
    const char *folder = count > 0 ? arguments[0] : "/out";
    long bytes = 0;
    memset(block, 'x', sizeof block);
    for (int i = 0;; i++) {
        char path[256];
        snprintf(path, sizeof path, "%s/%d", folder, i);
        int file = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
        if (file < 0) {
            print_end("space", bytes);
            return 0;
        }
        for (int k = 0; k < 16; k++) {
            ssize_t written = write(file, block, sizeof block);
            if (written < 0) {
                print_end("space", bytes);
                return 0;
            }
            bytes += written;
        }
        close(file);
    }
}

int exhaust_entries(int count, char **arguments) {
    const char *folder = count > 0 ? arguments[0] : "/out";
    for (long i = 0;; i++) {
        char path[256];
        snprintf(path, sizeof path, "%s/%ld", folder, i);
        int file = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
        if (file < 0) {
            print_end("entries", i);
            return 0;
        }
        close(file);
    }
}

/// Children that live on; every one of them forks too when asked to be a bomb.
int exhaust_processes(int count, char **arguments) {
    (void)count;
    (void)arguments;
    long children = 0;
    for (;; children++) {
        pid_t child = fork();
        if (child == 0) {
            fork();
            for (;;) {
                pause();
            }
        }
        if (child < 0) {
            break;
        }
    }
    print_end("processes", children);
    return 0;
}

int exhaust_descriptors(int count, char **arguments) {
    (void)count;
    (void)arguments;
    long descriptors = 0;
    while (open("/dev/null", O_RDONLY | O_CLOEXEC) >= 0) {
        descriptors++;
    }
    print_end("descriptors", descriptors);
    return 0;
}

/// As many MiB as asked for, touched.
int fill_memory(int count, char **arguments) {
    size_t bytes = (size_t)(count > 0 ? atol(arguments[0]) : 1) << 20;
    char *memory = malloc(bytes);
    if (memory == NULL) {
        return 1;
    }
    memset(memory, 1, bytes);
    return memory[bytes / 2] != 1;
}
