#include "hostile.h"

#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

const char *place = "/out";

long call(long number, long a, long b, long c, long d, long e, long f) {
    long answer = syscall(number, a, b, c, d, e, f);
    return answer == -1 ? -errno : answer;
}

long answered(long answer) { return answer == -1 ? -errno : 0; }

static const struct attempt *find(const char *name) {
    const struct attempt *lists[] = {kernel_attempts,  namespace_attempts, file_attempts,   socket_attempts,
                                     process_attempts, neighbour_attempts, procfs_attempts, escape_attempts,
                                     permitted_calls};
    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++) {
        for (const struct attempt *one = lists[i]; one->name != NULL; one++) {
            if (strcmp(one->name, name) == 0) {
                return one;
            }
        }
    }
    return NULL;
}

/// In a child: what kills it kills nothing else, and what it gains is gone with it.
static void try(const char *name) {
    const struct attempt *attempt = find(name);
    if (attempt == NULL) {
        printf("%s\tno such attempt\n", name);
        return;
    }
    int pipes[2];
    if (pipe(pipes) != 0) {
        printf("%s\tno pipe\n", name);
        return;
    }
    fflush(NULL);
    pid_t child = fork();
    if (child == 0) {
        alarm(5);
        int64_t answer = attempt->make();
        if (write(pipes[1], &answer, sizeof answer) < 0) {
            _exit(2);
        }
        _exit(0);
    }
    close(pipes[1]);
    int status = 0;
    waitpid(child, &status, 0);
    int64_t answer = 0;
    if (WIFSIGNALED(status)) {
        printf("%s\tSIG%s\n", name, sigabbrev_np(WTERMSIG(status)));
    } else if (read(pipes[0], &answer, sizeof answer) != sizeof answer) {
        printf("%s\tno answer\n", name);
    } else if (answer < 0) {
        const char *text = strerrorname_np((int)-answer);
        printf("%s\t%s\n", name, text != NULL ? text : "unnamed errno");
    } else {
        printf("%s\tdone\n", name);
    }
    close(pipes[0]);
}

static int try_all(int count, char **names) {
    if (count < 1) {
        return 64;
    }
    place = names[0];
    for (int i = 1; i < count; i++) {
        try(names[i]);
    }
    return 0;
}

/// What is done here removes, makes and exhausts what it finds, so it is done in a root of the tests and nowhere else.
/// `outside` looks at the root that it is given.
static int may_run(const char *name) { return strcmp(name, "outside") == 0 || access("/root-of-tests", F_OK) == 0; }

/// Also what a program answers that was started with nothing, not even a name.
static int whoami(int count, char **arguments) {
    (void)count;
    (void)arguments;
    return geteuid() != getuid() || getegid() != getgid() ? GAINED : 0;
}

int main(int count, char **arguments) {
    static const struct {
        const char *name;
        int (*run)(int, char **);
    } programs[] = {
        {"try", try_all},
        {"identity", identity},
        {"exhaust-file", exhaust_file},
        {"exhaust-space", exhaust_space},
        {"exhaust-entries", exhaust_entries},
        {"exhaust-processes", exhaust_processes},
        {"exhaust-descriptors", exhaust_descriptors},
        {"fill-memory", fill_memory},
        {"linger", linger},
        {"obey", obey},
        {"leave-daemon", leave_daemon},
        {"flood", flood},
        {"fall-silent", fall_silent},
        {"leave-outputs", leave_outputs},
        {"run", run_other},
        {"plant", plant},
        {"race", race},
        {"hold-deleted", hold_deleted},
        {"dirty", dirty},
        {"exhaust-memory", exhaust_memory},
        {"exhaust-timers", exhaust_timers},
        {"bomb", bomb},
        {"exhaust-zombies", exhaust_zombies},
        {"exhaust-threads", exhaust_threads},
        {"exhaust-kinds", exhaust_kinds},
        {"stop", stop},
        {"flood-calls", flood_calls},
        {"call-denied", call_denied},
        {"hide-streams", hide_streams},
        {"fuzz", fuzz},
        {"hold-lock", hold_lock},
        {"outside", outside},
        {"whoami", whoami},
        {"look", look},
        {"print", print},
    };
    if (count < 2) {
        return whoami(0, NULL) != 0 ? GAINED : 64;
    }
    if (!may_run(arguments[1])) {
        fprintf(stderr, "hostile: not in a root of the tests\n");
        return 65;
    }
    for (size_t i = 0; i < sizeof programs / sizeof *programs; i++) {
        if (strcmp(programs[i].name, arguments[1]) == 0) {
            int status = programs[i].run(count - 2, arguments + 2);
            fflush(NULL);
            return status;
        }
    }
    return 64;
}
