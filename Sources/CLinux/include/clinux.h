/// System calls by number, and the numbers and structures of the kernel that Glibc hides from Swift.
#pragma once

#include <fcntl.h>
#include <linux/capability.h>
#include <linux/close_range.h>
#include <linux/filter.h>
#include <linux/loop.h>
#include <linux/mount.h>
#include <linux/openat2.h>
#include <linux/prctl.h>
#include <linux/sched.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <stdint.h>
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <linux/stat.h>
#include <sys/syscall.h>
#include <sys/vfs.h>
#include <sys/wait.h>

// Constants that glibc shows only to _GNU_SOURCE, which Swift's importer does not define.
enum {
    CL_AT_EMPTY_PATH = 0x1000, // AT_EMPTY_PATH, linux/fcntl.h
    CL_O_PATH = 010000000,     // O_PATH, asm-generic/fcntl.h
    CL_O_TMPFILE = 020200000,  // O_TMPFILE with O_DIRECTORY, asm-generic/fcntl.h
    CL_P_PIDFD = 3,            // P_PIDFD, waitid(2)
    CL_SCM_RIGHTS = 1,         // SCM_RIGHTS, unix(7)
    CL_MSG_CTRUNC = 8,         // MSG_CTRUNC, recvmsg(2)
    CL_MSG_DONTWAIT = 0x40,    // MSG_DONTWAIT, recvmsg(2)
    CL_MSG_CMSG_CLOEXEC = 0x40000000, // MSG_CMSG_CLOEXEC, recvmsg(2)
};

// Macros with casts, which Swift's importer leaves out: clone(2), seccomp_unotify(2).
static const uint64_t CL_INTO_CGROUP = CLONE_INTO_CGROUP;
static const uint64_t CL_NEW_LISTENER = SECCOMP_FILTER_FLAG_NEW_LISTENER;
static const uint64_t CL_NOTIFY_RECEIVE = SECCOMP_IOCTL_NOTIF_RECV;
static const uint64_t CL_NOTIFY_SEND = SECCOMP_IOCTL_NOTIF_SEND;

/// Any system call by number: the kernel's answer, -errno on failure; errno itself is left alone.
long cl_call(long number, uint64_t a, uint64_t b, uint64_t c, uint64_t d, uint64_t e, uint64_t f);

/// The exit status or signal in what waitid(2) wrote (si_status is a macro into a union, which Swift does not see).
static inline int cl_exit_value(const siginfo_t *_Nonnull information) { return information->si_status; }
