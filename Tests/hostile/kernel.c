// Interfaces of the kernel that a numeric program has no need of.
#include "hostile.h"

#include <linux/keyctl.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { BAD = -1 }; // a descriptor, an address or a number that is nobody's

static char zeros[256];

#define ATTEMPT(name, ...) \
    static long name(void) { return call(__VA_ARGS__); }
#define NONE 0, 0, 0, 0, 0, 0

ATTEMPT(bpf, SYS_bpf, 5, (long)zeros, 128, 0, 0, 0)
ATTEMPT(perf, SYS_perf_event_open, BAD, 0, BAD, BAD, 0, 0)
ATTEMPT(userfault, SYS_userfaultfd, 0x40000001, 0, 0, 0, 0, 0)
ATTEMPT(uring, SYS_io_uring_setup, 1, BAD, 0, 0, 0, 0)
ATTEMPT(uring_enter, SYS_io_uring_enter, BAD, 0, 0, 0, 0, 0)
ATTEMPT(keys, SYS_keyctl, 9999, 0, 0, 0, 0, 0)
ATTEMPT(keys_session, SYS_keyctl, KEYCTL_GET_KEYRING_ID, KEY_SPEC_USER_KEYRING, 0, 0, 0, 0)
ATTEMPT(key_add, SYS_add_key, BAD, BAD, 0, 0, 0, 0)
ATTEMPT(key_request, SYS_request_key, BAD, BAD, 0, 0, 0, 0)
ATTEMPT(kexec, SYS_kexec_load, 0, 0x7fffffff, 0, 0x7fffffff, 0, 0)
ATTEMPT(module, SYS_init_module, 0, 0, 0, 0, 0, 0)
ATTEMPT(module_file, SYS_finit_module, BAD, 0, 0x7fff, 0, 0, 0)
ATTEMPT(module_delete, SYS_delete_module, BAD, 0, 0, 0, 0, 0)
ATTEMPT(time_of_day, SYS_settimeofday, NONE)
ATTEMPT(time_set, SYS_clock_settime, 0, BAD, 0, 0, 0, 0)
ATTEMPT(time_adjust, SYS_clock_adjtime, 0, (long)zeros, 0, 0, 0, 0)
ATTEMPT(time_adjtimex, SYS_adjtimex, (long)zeros, 0, 0, 0, 0, 0)
ATTEMPT(restart, SYS_reboot, NONE)
ATTEMPT(swap_on, SYS_swapon, (long)"/nonexistent", 0, 0, 0, 0, 0)
ATTEMPT(swap_off, SYS_swapoff, (long)"/nonexistent", 0, 0, 0, 0, 0)
ATTEMPT(account, SYS_acct, BAD, 0, 0, 0, 0, 0)
ATTEMPT(log_read, SYS_syslog, 10, 0, 0, 0, 0, 0)
ATTEMPT(quota, SYS_quotactl, BAD, 0, 0, 0, 0, 0)
ATTEMPT(name_host, SYS_sethostname, BAD, BAD, 0, 0, 0, 0)
ATTEMPT(name_domain, SYS_setdomainname, BAD, BAD, 0, 0, 0, 0)
ATTEMPT(memory_file, SYS_memfd_create, (long)"x", 0, 0, 0, 0, 0)
ATTEMPT(compare, SYS_kcmp, 0, 0, 99, 0, 0, 0)
ATTEMPT(watch_files, SYS_fanotify_init, 0x7fffffff, 0, 0, 0, 0, 0)
ATTEMPT(move_memory, SYS_move_pages, 0, 1, BAD, 0, 0, 0)
ATTEMPT(sandbox_more, SYS_seccomp, 99, 0, 0, 0, 0, 0)
ATTEMPT(persona, SYS_personality, 0x0040000, 0, 0, 0, 0, 0)
ATTEMPT(no_call, -1, NONE)
ATTEMPT(far_call, 0x3fffffff, NONE)
ATTEMPT(queue, SYS_mq_open, (long)"aibom-tests", 0, 0, 0, 0, 0)
ATTEMPT(shared, SYS_shmget, 0x41424f4d, 4096, 0, 0, 0, 0)
ATTEMPT(semaphores, SYS_semget, 0x41424f4d, 1, 0, 0, 0, 0)
ATTEMPT(messages, SYS_msgget, 0x41424f4d, 0, 0, 0, 0, 0)
ATTEMPT(gift, SYS_vmsplice, BAD, 0, 0, 0, 0, 0)
ATTEMPT(doubled, SYS_tee, BAD, BAD, 1, 0, 0, 0)
ATTEMPT(realtime, SYS_sched_setscheduler, 0, 1, (long)&(int){1}, 0, 0, 0)
ATTEMPT(disk_priority, SYS_ioprio_set, 1, 0, 1 << 13, 0, 0, 0)
ATTEMPT(policy, SYS_set_mempolicy, 99, 0, 0, 0, 0, 0)
ATTEMPT(migrate, SYS_migrate_pages, 0, 1, BAD, BAD, 0, 0)
ATTEMPT(secret, SYS_memfd_secret, BAD, 0, 0, 0, 0, 0)
ATTEMPT(narrow_self, SYS_landlock_create_ruleset, 0, 0, 1, 0, 0, 0)
ATTEMPT(new_keyring, SYS_keyctl, KEYCTL_JOIN_SESSION_KEYRING, 0, 0, 0, 0, 0)
#if defined(__x86_64__)
ATTEMPT(ports, SYS_iopl, 9, 0, 0, 0, 0, 0)
ATTEMPT(segments, SYS_modify_ldt, 0, (long)zeros, 16, 0, 0, 0)
ATTEMPT(wide, 0x40000000 | 39, NONE)

/// setsockopt of i386, whose compatibility layer once wrote out of bounds (CVE-2016-3135's neighbours).
static long narrow_option(void) {
    long answer;
    __asm__ volatile("int $0x80" : "=a"(answer) : "a"(366L), "b"(-1L), "c"(0L), "d"(64L) : "memory");
    return answer;
}

static long narrow(void) {
    long answer;
    __asm__ volatile("int $0x80" : "=a"(answer) : "a"(20L) : "memory"); // getpid of i386
    return answer;
}
#endif

const struct attempt kernel_attempts[] = {
    {"bpf", bpf},
    {"perf_event_open", perf},
    {"userfaultfd", userfault},
    {"io_uring_setup", uring},
    {"io_uring_enter", uring_enter},
    {"keyctl", keys},
    {"keyctl user keyring", keys_session},
    {"add_key", key_add},
    {"request_key", key_request},
    {"kexec_load", kexec},
    {"init_module", module},
    {"finit_module", module_file},
    {"delete_module", module_delete},
    {"settimeofday", time_of_day},
    {"clock_settime", time_set},
    {"clock_adjtime", time_adjust},
    {"adjtimex", time_adjtimex},
    {"reboot", restart},
    {"swapon", swap_on},
    {"swapoff", swap_off},
    {"acct", account},
    {"syslog", log_read},
    {"quotactl", quota},
    {"sethostname", name_host},
    {"setdomainname", name_domain},
    {"memfd_create", memory_file},
    {"kcmp", compare},
    {"fanotify_init", watch_files},
    {"move_pages", move_memory},
    {"seccomp", sandbox_more},
    {"personality", persona},
    {"call -1", no_call},
    {"call 1073741823", far_call},
    {"mq_open", queue},
    {"shmget", shared},
    {"semget", semaphores},
    {"msgget", messages},
    {"vmsplice", gift},
    {"tee", doubled},
    {"sched_setscheduler", realtime},
    {"ioprio_set", disk_priority},
    {"set_mempolicy", policy},
    {"migrate_pages", migrate},
    {"memfd_secret", secret},
    {"landlock_create_ruleset", narrow_self},
    {"keyctl session keyring", new_keyring},
#if defined(__x86_64__)
    {"iopl", ports},
    {"modify_ldt", segments},
    {"x32 call", wide},
    {"int 0x80", narrow},
    {"setsockopt by int 0x80", narrow_option},
#endif
    {NULL, NULL},
};
