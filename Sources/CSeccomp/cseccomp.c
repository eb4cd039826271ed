// seccomp_export_bpf writes to a descriptor only (seccomp_export_bpf_mem came with 2.6), so a memfd stands between.
#include "cseccomp.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

static long read_all(int fd, uint8_t **bytes) {
    struct stat status;
    if (fstat(fd, &status) < 0) {
        return -errno;
    }
    *bytes = malloc((size_t)status.st_size + 1);
    if (*bytes == NULL) {
        return -ENOMEM;
    }
    ssize_t got = pread(fd, *bytes, (size_t)status.st_size, 0);
    if (got != status.st_size) {
        free(*bytes);
        *bytes = NULL;
        return got < 0 ? -errno : -EIO;
    }
    return got;
}

long cseccomp_export(scmp_filter_ctx filter, uint8_t **bytes) {
    int fd = memfd_create("seccomp-bpf", MFD_CLOEXEC);
    if (fd < 0) {
        return -errno;
    }
    long answer = seccomp_export_bpf(filter, fd);
    if (answer == 0) {
        answer = read_all(fd, bytes);
    }
    close(fd);
    return answer;
}

int cseccomp_number(uint32_t architecture, const char *name) {
    return seccomp_syscall_resolve_name_arch(architecture, name);
}
