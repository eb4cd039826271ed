// Calls with numbers and arguments drawn by lot: `fuzz SEED PROCESSES`. Nobody expects an answer; whoever runs it looks at what
// is left of the world around.
#include "hostile.h"

#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

static uint64_t state;

/// Calls made, of all processes.
static long *made;

/// xorshift64*: the same calls for the same seed.
static uint64_t drawn(void) {
    state ^= state >> 12;
    state ^= state << 25;
    state ^= state >> 27;
    return state * 2685821657736338717ULL;
}

static long argument(char *page) {
    static const char *paths[] = {"/", "/in/input", "/out/x", "/tmp/x", "/proc/self/mem", "/dev/null", ".", "..", "/proc/1/root"};
    switch (drawn() % 8) {
    case 0: return (long)(drawn() % 16);
    case 1: return -(long)(drawn() % 4096);
    case 2: return (long)(page + drawn() % 4096);
    case 3: return (long)paths[drawn() % (sizeof paths / sizeof *paths)];
    case 4: return 1L << drawn() % 64;
    case 5: return (long)drawn();
    case 6: return AT_FDCWD;
    default: return (long)(drawn() % 4096);
    }
}

static void call_some(uint64_t seed) {
    state = seed | 1;
    alarm(1);
    int null = open("/dev/null", O_RDWR);
    for (int i = 0; i < 4; i++) {
        dup2(null, i); // what it writes by chance would hide what is told
    }
    char *page = mmap(NULL, 8192, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    for (int i = 0; i < 2000; i++) {
        for (int k = 0; k < 64; k++) {
            page[drawn() % 8192] = (char)drawn();
        }
        // Now and then beyond the table of calls, or of another one.
        long number = (long)(drawn() % 480) | (drawn() % 1024 == 0 ? (long)drawn() : 0);
        __atomic_fetch_add(made, 1, __ATOMIC_RELAXED);
        call(number, argument(page), argument(page), argument(page), argument(page), argument(page), argument(page));
    }
    _exit(0);
}

int fuzz(int count, char **arguments) {
    if (prctl(PR_GET_SECCOMP) != 2) {
        fprintf(stderr, "hostile: not under a filter\n");
        return 65;
    }
    uint64_t seed = count > 0 ? strtoull(arguments[0], NULL, 10) : 1;
    long processes = count > 1 ? atol(arguments[1]) : 1;
    // Between pages that can't be written, so that no call's answer runs over into it.
    char *room = mmap(NULL, 3 * 4096, PROT_NONE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    made = (long *)(room + 4096);
    if (room == MAP_FAILED || mprotect(made, 4096, PROT_READ | PROT_WRITE) != 0) {
        return 1;
    }
    for (long i = 0; i < processes; i++) {
        pid_t child = fork();
        if (child == 0) {
            call_some(seed * 1000003 + (uint64_t)i * 7919);
        }
        if (i % 4 == 3) {
            while (waitpid(-1, NULL, WNOHANG) > 0) {
            }
            usleep(1000);
        }
    }
    usleep(200000);
    printf("\ncalls\t%ld\n", *made);
    return 0;
}
