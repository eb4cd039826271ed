#include "clinux.h"

#include <errno.h>
#include <unistd.h>

long cl_call(long number, uint64_t a, uint64_t b, uint64_t c, uint64_t d, uint64_t e, uint64_t f) {
    int before = errno;
    long answer = syscall(number, a, b, c, d, e, f);
    if (answer == -1) {
        answer = -errno;
    }
    errno = before;
    return answer;
}
