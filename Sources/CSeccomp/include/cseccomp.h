/// libseccomp, and the one thing that version 2.5 lacks: a compiled filter as bytes in memory.
#pragma once

#include <seccomp.h>
#include <stdint.h>

/// Compiles `filter` to classic BPF.
///
/// @param bytes takes a malloc'd array of struct sock_filter, in the kernel's layout; the caller frees it.
/// @return its length in bytes, or -errno.
long cseccomp_export(scmp_filter_ctx _Nonnull filter, uint8_t *_Nullable *_Nonnull bytes);

/// The number of a system call for an architecture, or a negative number when the architecture has none of that name.
int cseccomp_number(uint32_t architecture, const char *_Nonnull name);
