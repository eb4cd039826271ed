// Ways to talk to somebody.
#include "hostile.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <unistd.h>

#define HIGH (1L << 32)

static long opened(long family, long type) { return call(SYS_socket, family, type, 0, 0, 0, 0); }

static long inet(void) { return opened(AF_INET, SOCK_STREAM); }
static long inet6(void) { return opened(AF_INET6, SOCK_DGRAM); }
static long inet_high(void) { return opened(AF_INET | HIGH, SOCK_STREAM); }
static long unix_high(void) { return opened(AF_UNIX | HIGH, SOCK_STREAM); }
static long raw(void) { return opened(AF_INET, SOCK_RAW); }
static long netlink(void) { return opened(AF_NETLINK, SOCK_RAW); }
static long vsock(void) { return opened(AF_VSOCK, SOCK_STREAM); }
static long packet(void) { return opened(AF_PACKET, SOCK_RAW); }
static long alg(void) { return opened(AF_ALG, SOCK_SEQPACKET); }
static long pair_inet(void) { return call(SYS_socketpair, AF_INET, SOCK_STREAM, 0, -1, 0, 0); }

/// A TCP port on which a service of the host listens.
static long loopback(void) {
    const char *port = getenv("HOST_PORT");
    struct sockaddr_in there = {
        .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK), .sin_port = htons((uint16_t)atoi(port ? port : "1"))};
    int one = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    return one < 0 ? -errno : answered(connect(one, (void *)&there, sizeof there));
}

/// An abstract name on which a service of the host listens.
static long abstract(void) {
    const char *name = getenv("HOST_NAME");
    struct sockaddr_un there = {.sun_family = AF_UNIX};
    size_t length = strlen(name ? name : "none");
    memcpy(there.sun_path + 1, name ? name : "none", length);
    int one = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    return one < 0 ? -errno
                   : answered(connect(one, (void *)&there, (socklen_t)(offsetof(struct sockaddr_un, sun_path) + 1 + length)));
}

/// A socket with a name in a folder.
static long named(const char *folder) {
    struct sockaddr_un here = {.sun_family = AF_UNIX};
    snprintf(here.sun_path, sizeof here.sun_path, "%s/socket", folder);
    int one = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    long answer = one < 0 ? -errno : answered(bind(one, (void *)&here, sizeof here));
    if (answer == 0) {
        unlink(here.sun_path);
    }
    return answer;
}
static long named_in_out(void) { return named(place); }
static long named_in_root(void) { return named("/open"); }

const struct attempt socket_attempts[] = {
    {"AF_INET", inet},
    {"AF_INET6", inet6},
    {"AF_INET, high bits", inet_high},
    {"AF_UNIX, high bits", unix_high},
    {"raw socket", raw},
    {"AF_NETLINK", netlink},
    {"AF_VSOCK", vsock},
    {"AF_PACKET", packet},
    {"AF_ALG", alg},
    {"socketpair AF_INET", pair_inet},
    {"connect to the host's loopback", loopback},
    {"connect to the host's abstract socket", abstract},
    {"bind a socket in /out", named_in_out},
    {"bind a socket in an open folder of the rootfs", named_in_root},
    {NULL, NULL},
};
