// Living longer than allowed, or being silent, loud or untidy meanwhile.
#include "hostile.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

static volatile sig_atomic_t asked;
static void note(int number) {
    (void)number;
    asked = 1;
}

static void sleep_for(long milliseconds) {
    struct timespec rest = {milliseconds / 1000, milliseconds % 1000 * 1000000};
    nanosleep(&rest, NULL);
}

/// Says that it is up, and heeds no signal that can be ignored.
int linger(int count, char **arguments) {
    for (int i = 1; i < 32; i++) {
        signal(i, SIG_IGN);
    }
    printf("up\n");
    fflush(stdout);
    sleep_for(count > 0 ? atol(arguments[0]) : 60000);
    return 0;
}

/// Holds a lock on an input, and says so.
int hold_lock(int count, char **arguments) {
    int input = open("/in/input", O_RDONLY | O_CLOEXEC);
    return flock(input, LOCK_EX | LOCK_NB) != 0 ? 1 : linger(count, arguments);
}

/// Ends when it is asked to, with a status of its own.
int obey(int count, char **arguments) {
    (void)count;
    (void)arguments;
    signal(SIGTERM, note);
    printf("up\n");
    fflush(stdout);
    while (!asked) {
        sleep_for(10);
    }
    return 7;
}

/// Forks twice, in a session of its own, and lets the first end at once.
int leave_daemon(int count, char **arguments) {
    (void)count;
    (void)arguments;
    if (fork() == 0) {
        setsid();
        if (fork() == 0) {
            for (int i = 1; i < 32; i++) {
                signal(i, SIG_IGN);
            }
            int file = open("/out/daemon", O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
            for (;;) {
                sleep_for(5);
                if (write(file, "x", 1) < 0) {
                    sleep_for(5);
                }
            }
        }
        _exit(0);
    }
    struct stat status;
    while (stat("/out/daemon", &status) < 0 || status.st_size == 0) {
        sleep_for(5); // the daemon is at work when we leave
    }
    return 0;
}

/// As many MiB of output as asked for, on both streams, or on the descriptor that is named.
int flood(int count, char **arguments) {
    static char block[1 << 16];
    long blocks = (count > 0 ? atol(arguments[0]) : 1) * 16;
    memset(block, 'x', sizeof block);
    for (long i = 0; i < blocks; i++) {
        int there = count > 1 ? atoi(arguments[1]) : (int)(1 + i % 2);
        if (write(there, block, sizeof block) != (ssize_t)sizeof block) {
            return 1;
        }
    }
    return 0;
}

/// Closes all that anybody listens to, and goes on for a while.
int fall_silent(int count, char **arguments) {
    for (int i = 0; i < 4; i++) {
        close(i);
    }
    sleep_for(count > 0 ? atol(arguments[0]) : 300);
    return 5;
}

/// Its streams, sent to a socket that is only held by itself: no process has them any more, but nobody has closed them.
int hide_streams(int count, char **arguments) {
    int ends[2], sent[5];
    char control[CMSG_SPACE(sizeof sent)] = {0}, byte = 0;
    (void)count;
    (void)arguments;
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0) {
        return 1;
    }
    memcpy(sent, (int[]){ends[0], 1, 2, 3, open("/out/held", O_RDWR | O_CREAT | O_CLOEXEC, 0600)}, sizeof sent);
    struct iovec one = {&byte, 1};
    struct msghdr message = {.msg_iov = &one, .msg_iovlen = 1, .msg_control = control, .msg_controllen = sizeof control};
    struct cmsghdr *header = CMSG_FIRSTHDR(&message);
    *header = (struct cmsghdr){.cmsg_level = SOL_SOCKET, .cmsg_type = SCM_RIGHTS, .cmsg_len = CMSG_LEN(sizeof sent)};
    memcpy(CMSG_DATA(header), sent, sizeof sent);
    if (sendmsg(ends[1], &message, 0) != 1) {
        return 1;
    }
    close(ends[1]);
    sleep_for(100); // what the close made the kernel collect is collected
    return 0;
}

/// A file, a file with setuid and setgid bits, a folder with a file, a socket's worth of names.
int leave_outputs(int count, char **arguments) {
    (void)count;
    (void)arguments;
    int plain = open("/out/plain", O_WRONLY | O_CREAT | O_CLOEXEC, 0666);
    int odd = open("/out/setuid", O_WRONLY | O_CREAT | O_CLOEXEC, 0700);
    fchmod(odd, 06777);
    mkdir("/out/folder", 0777);
    int inner = open("/out/folder/\xff\xfe", O_WRONLY | O_CREAT | O_CLOEXEC, 0666);
    int report = (int)write(3, "{\"a\":1}", 7);
    return plain < 0 || odd < 0 || inner < 0 || report != 7;
}

/// Executes something else, with the same arguments and environment.
int run_other(int count, char **arguments) {
    if (count > 0) {
        execv(arguments[0], arguments);
    }
    perror("exec");
    return 126;
}
