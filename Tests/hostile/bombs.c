// More of something than there is for one job, and ways not to be stopped from it.
#include "hostile.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/timerfd.h>
#include <unistd.h>

/// Every process makes processes, for ever, and heeds nothing.
int bomb(int count, char **arguments) {
    (void)count;
    (void)arguments;
    for (int i = 1; i < 32; i++) {
        signal(i, SIG_IGN);
    }
    printf("up\n");
    fflush(stdout);
    for (;;) {
        if (fork() < 0) {
            sched_yield();
        }
    }
}

/// Dead children that nobody reaps, each with its number.
int exhaust_zombies(int count, char **arguments) {
    (void)count;
    (void)arguments;
    signal(SIGCHLD, SIG_DFL);
    for (long children = 0;; children++) {
        pid_t child = fork();
        if (child == 0) {
            _exit(0);
        }
        if (child < 0) {
            printf("zombies\t%ld %s\n", children, strerrorname_np(errno));
            return 0;
        }
    }
}

static void *wait_always(void *nothing) {
    for (;;) {
        pause();
    }
    return nothing;
}

int exhaust_threads(int count, char **arguments) {
    (void)count;
    (void)arguments;
    pthread_attr_t small;
    pthread_attr_init(&small);
    pthread_attr_setstacksize(&small, 64 << 10);
    for (long threads = 0;; threads++) {
        pthread_t thread;
        int error = pthread_create(&thread, &small, wait_always, NULL);
        if (error != 0) {
            printf("threads\t%ld %s\n", threads, strerrorname_np(error));
            fflush(stdout);
            _exit(0);
        }
    }
}

/// All descriptors, of every kind that there is: `exhaust-kinds`.
int exhaust_kinds(int count, char **arguments) {
    int pair[2];
    (void)count;
    (void)arguments;
    for (long made = 0;; made++) {
        long answer = -1;
        switch (made % 6) {
        case 0: answer = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0); break;
        case 1: answer = eventfd(0, EFD_CLOEXEC); break;
        case 2: answer = epoll_create1(EPOLL_CLOEXEC); break;
        case 3: answer = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC); break;
        case 4: answer = dup(1); break;
        default: answer = open("/dev/zero", O_RDONLY | O_CLOEXEC); break;
        }
        if (answer < 0) {
            printf("kinds\t%ld %s\n", made, strerrorname_np(errno));
            printf("pipe\t%s\n", pipe2(pair, O_CLOEXEC) < 0 ? strerrorname_np(errno) : "done");
            printf("socketpair\t%s\n", socketpair(AF_UNIX, SOCK_STREAM, 0, pair) < 0 ? strerrorname_np(errno) : "done");
            return 0;
        }
    }
}

/// Stops its children and itself.
int stop(int count, char **arguments) {
    (void)count;
    (void)arguments;
    printf("up\n");
    fflush(stdout);
    for (int i = 0; i < 8; i++) {
        if (fork() == 0) {
            setsid();
            raise(SIGSTOP);
            _exit(0);
        }
    }
    kill(-1, SIGSTOP);
    raise(SIGSTOP);
    for (;;) {
        pause();
    }
}

/// Calls that a policy may put on record, from `PROCESSES` processes, `CALLS` each; then prints what it was told.
int flood_calls(int count, char **arguments) {
    long processes = count > 0 ? atol(arguments[0]) : 1, calls = count > 1 ? atol(arguments[1]) : 1;
    printf("up\n");
    fflush(stdout);
    for (long i = 1; i < processes && fork() != 0; i++) {
    }
    for (long i = 0; i < calls; i++) {
        syscall(SYS_unshare, CLONE_NEWUSER, i, 0, 0, 0, 0);
    }
    printf("told\t%s\n", strerrorname_np(errno));
    return 0;
}

/// A few calls, each with arguments of its own, one of them as an address of its own memory.
int call_denied(int count, char **arguments) {
    (void)count;
    (void)arguments;
    for (int i = 0; i < 3; i++) {
        long answer = call(SYS_ptrace, PTRACE_ATTACH, 0x7fffffff, 0, 0, 0, 0);
        printf("ptrace\t%s\n", strerrorname_np((int)-answer));
    }
    printf("unshare\t%s\n", strerrorname_np((int)-call(SYS_unshare, CLONE_NEWUSER, 0, 0, 0, 0, 0)));
    printf("unshare\t%s\n", strerrorname_np((int)-call(SYS_unshare, 0xffffffff00000000 | CLONE_NEWNS, 1, 2, 3, 4, 5)));
    return 0;
}
