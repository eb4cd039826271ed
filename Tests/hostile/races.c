// Going on with an output while somebody might look at it: `race NAME`. Each works until it is killed, in a process that its
// first one leaves behind, and says when it has begun.
#include "hostile.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { SIZE = 1 << 20 };

static int opened(const char *path) {
    int file = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (file < 0 || ftruncate(file, SIZE) != 0) {
        _exit(1);
    }
    return file;
}

/// A mapping outlives the descriptor, the name and the mode of its file.
static void keep_mapping(int ready) {
    int file = opened("/out/mapped");
    unsigned *words = mmap(NULL, SIZE, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    if (words == MAP_FAILED || fchmod(file, 0400) != 0 || rename("/out/mapped", "/out/renamed") != 0) {
        _exit(1);
    }
    close(file);
    for (unsigned round = 1;; round++) {
        for (size_t i = 0; i < SIZE / sizeof *words; i++) {
            words[i] = round;
        }
        if (round == 1) {
            close(ready);
        }
    }
}

static void rename_always(int ready) {
    close(opened("/out/a"));
    close(ready);
    for (;;) {
        if (rename("/out/a", "/out/b") == 0) {
            rename("/out/b", "/out/a");
        }
    }
}

/// Swaps a file for a folder and back.
static void swap_always(int ready) {
    close(opened("/out/file"));
    mkdir("/out/folder", 0700);
    close(ready);
    for (;;) {
        renameat2(AT_FDCWD, "/out/file", AT_FDCWD, "/out/folder", RENAME_EXCHANGE);
    }
}

static void write_always(int ready) {
    int file = opened("/out/written");
    close(ready);
    for (unsigned char byte = 0;; byte++) {
        if (pwrite(file, &byte, 1, byte) < 0) {
            _exit(1);
        }
    }
}

/// The names in /out, and how their files begin.
static unsigned long sample(void) {
    struct dirent **entries = NULL;
    unsigned long sum = 14695981039346656037UL;
    int count = scandir("/out", &entries, NULL, alphasort);
    for (int i = 0; i < count; i++) {
        unsigned char bytes[512] = {0};
        char path[512];
        snprintf(path, sizeof path, "/out/%s", entries[i]->d_name);
        strncpy((char *)bytes, entries[i]->d_name, 200);
        int file = open(path, O_RDONLY | O_CLOEXEC);
        bytes[255] = file >= 0 && read(file, bytes + 256, 256) < 0 ? errno == EISDIR : 0;
        close(file);
        for (size_t k = 0; k < sizeof bytes; k++) {
            sum = (sum ^ bytes[k]) * 1099511628211UL;
        }
        free(entries[i]);
    }
    free(entries);
    return sum;
}

int race(int count, char **arguments) {
    static const struct {
        const char *name;
        void (*run)(int);
    } all[] = {{"mapping", keep_mapping}, {"rename", rename_always}, {"swap", swap_always}, {"write", write_always}};
    int ready[2];
    if (count < 1 || pipe(ready) != 0) {
        return 64;
    }
    if (fork() == 0) {
        setsid();
        close(ready[0]);
        for (int i = 1; i < 32; i++) {
            signal(i, SIG_IGN);
        }
        for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
            if (strcmp(all[i].name, arguments[0]) == 0) {
                all[i].run(ready[1]);
            }
        }
        _exit(64);
    }
    close(ready[1]);
    char byte;
    if (read(ready[0], &byte, 1) != 0) {
        return 1;
    }
    unsigned long first = sample(), looks = 1000; // at work when we leave
    while (sample() == first && looks-- > 0) {
        usleep(1000);
    }
    printf("%s\n", looks > 0 ? "changes" : "stays");
    return 0;
}

/// All of a folder's room in a file without a name; then one in a named file, before and after the first is closed.
int hold_deleted(int count, char **arguments) {
    static char block[1 << 16];
    (void)count;
    (void)arguments;
    int hidden = open("/out/hidden", O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    unlink("/out/hidden");
    memset(block, 'x', sizeof block);
    while (write(hidden, block, sizeof block) == (ssize_t)sizeof block) {
    }
    for (int i = 0; i < 2; i++) {
        int file = open("/out/seen", O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
        ssize_t written = write(file, block, sizeof block);
        printf("%s\t%s\n", i == 0 ? "held" : "closed", written < 0 ? strerrorname_np(errno) : "done");
        close(file);
        close(hidden);
    }
    return 0;
}
