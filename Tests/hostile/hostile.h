/// Programs that attack the sandbox from inside. One executable, an attack by name.
///
/// `hostile try FOLDER NAME…` makes each attempt in a child of its own and prints `NAME<TAB>ANSWER`: `done`, the name of
/// an errno, or of the signal that killed it. Every attempt has arguments that do no harm where it is let through, so the
/// same program is run outside the sandbox, as root in a root of its own that can be written, to show that it would reach
/// the kernel (bubblewrap's try-syscall.c). It does nothing at all in a root without the file /root-of-tests.
#pragma once

#include <stddef.h>

struct attempt {
    const char *name;
    long (*make)(void); ///< -errno, or anything else for done
};

/// A folder that the attempts may write in.
extern const char *place;

/// A system call: -errno on failure.
long call(long number, long a, long b, long c, long d, long e, long f);

/// -errno of a libc call that answered -1, else 0.
long answered(long answer);

extern const struct attempt kernel_attempts[], namespace_attempts[], file_attempts[], socket_attempts[], process_attempts[],
    neighbour_attempts[], procfs_attempts[], escape_attempts[], permitted_calls[];

/// What `whoami` exits with when somebody else's uid is in effect than the one it was started by.
enum { GAINED = 42 };

/// What a program does: `hostile NAME ARGUMENTS…`.
int identity(int count, char **arguments);
int exhaust_file(int count, char **arguments);
int exhaust_space(int count, char **arguments);
int exhaust_entries(int count, char **arguments);
int exhaust_processes(int count, char **arguments);
int exhaust_descriptors(int count, char **arguments);
int fill_memory(int count, char **arguments);
int linger(int count, char **arguments);
int obey(int count, char **arguments);
int leave_daemon(int count, char **arguments);
int flood(int count, char **arguments);
int fall_silent(int count, char **arguments);
int print(int count, char **paths);
int look(int count, char **arguments);
int leave_outputs(int count, char **arguments);
int run_other(int count, char **arguments);
int plant(int count, char **arguments);
int race(int count, char **arguments);
int hold_deleted(int count, char **arguments);
int dirty(int count, char **arguments);
int exhaust_memory(int count, char **arguments);
int exhaust_timers(int count, char **arguments);
int bomb(int count, char **arguments);
int exhaust_zombies(int count, char **arguments);
int exhaust_threads(int count, char **arguments);
int exhaust_kinds(int count, char **arguments);
int stop(int count, char **arguments);
int flood_calls(int count, char **arguments);
int call_denied(int count, char **arguments);
int hide_streams(int count, char **arguments);
int fuzz(int count, char **arguments);
int hold_lock(int count, char **arguments);
int outside(int count, char **arguments);
