#include "address.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#define HOST_MOST 256

/* "HOST", "HOST:PORT", "[HOST]:PORT", ":PORT" into its two parts; `port` is "" where there is none.
 * False: it does not have that form. */
static bool split(const char *text, char host[HOST_MOST], const char **port)
{
    size_t length;
    const char *begin = text;
    if (*text == '[') {
        begin = text + 1;
        length = strcspn(begin, "]");
        if (begin[length] != ']')
            return false;
        *port = begin + length + 1;
    } else {
        length = strcspn(text, ":");
        *port = text + length;
    }
    if (length >= HOST_MOST || (**port != '\0' && **port != ':'))
        return false;
    memcpy(host, begin, length);
    host[length] = '\0';
    if (**port == ':')
        (*port)++;
    return true;
}

/* Decimal digits only, at least one. */
static bool is_number(const char *text)
{
    return *text != '\0' && text[strspn(text, "0123456789")] == '\0';
}

static struct sockaddr_in *as_v4(struct address *a)
{
    return (struct sockaddr_in *)(void *)&a->at;
}

static struct sockaddr_in6 *as_v6(struct address *a)
{
    return (struct sockaddr_in6 *)(void *)&a->at;
}

static bool set_host(struct address *a, const char *host)
{
    struct sockaddr_in *v4 = as_v4(a);
    struct sockaddr_in6 *v6 = as_v6(a);
    if (*host == '\0' || strcasecmp(host, "localhost") == 0)
        host = "127.0.0.1";
    memset(a, 0, sizeof *a);
    if (inet_pton(AF_INET, host, &v4->sin_addr) == 1) {
        v4->sin_family = AF_INET;
        a->size = sizeof *v4;
        return true;
    }
    if (inet_pton(AF_INET6, host, &v6->sin6_addr) == 1) {
        v6->sin6_family = AF_INET6;
        a->size = sizeof *v6;
        return true;
    }
    return false;
}

static void set_port(struct address *a, uint16_t port)
{
    if (a->at.ss_family == AF_INET6)
        as_v6(a)->sin6_port = htons(port);
    else
        as_v4(a)->sin_port = htons(port);
}

/* Of what has no port. */
static bool is_mistyped(const char *text)
{
    char host[HOST_MOST];
    const char *port;
    struct address a;
    if (strchr(text, '/') != NULL)
        return false;
    if (*text >= '0' && *text <= '9' && strchr(text, '.') == NULL)
        return true;
    return split(text, host, &port) && (*host != '\0' || *port != '\0') && set_host(&a, host);
}

enum address_reading address_read(const char *text, struct address *out)
{
    char host[HOST_MOST];
    const char *port;
    if (is_number(text)) {
        *host = '\0';
        port = text;
    } else if (!split(text, host, &port) || !is_number(port)) {
        return is_mistyped(text) ? ADDRESS_WRONG : ADDRESS_NONE;
    }
    errno = 0;
    unsigned long n = strtoul(port, NULL, 10);
    if (!set_host(out, host))
        return strchr(host, '/') == NULL ? ADDRESS_WRONG : ADDRESS_NONE;
    if (errno != 0 || n > UINT16_MAX)
        return ADDRESS_WRONG;
    set_port(out, (uint16_t)n);
    return ADDRESS_FINE;
}

int address_listen(struct address *a)
{
    int yes = 1;
    int fd = socket(a->at.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return -1;
    socklen_t size = sizeof a->at;
    if (setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes) != 0 ||
        bind(fd, (const struct sockaddr *)&a->at, a->size) != 0 || listen(fd, SOMAXCONN) != 0 ||
        getsockname(fd, (struct sockaddr *)&a->at, &size) != 0) {
        int why = errno;
        close(fd);
        errno = why;
        return -1;
    }
    return fd;
}

void address_text(const struct address *a, char out[ADDRESS_TEXT])
{
    struct address copy = *a;
    char host[INET6_ADDRSTRLEN] = "";
    if (a->at.ss_family == AF_INET6) {
        inet_ntop(AF_INET6, &as_v6(&copy)->sin6_addr, host, sizeof host);
        snprintf(out, ADDRESS_TEXT, "[%s]:%u", host, ntohs(as_v6(&copy)->sin6_port));
    } else {
        inet_ntop(AF_INET, &as_v4(&copy)->sin_addr, host, sizeof host);
        snprintf(out, ADDRESS_TEXT, "%s:%u", host, ntohs(as_v4(&copy)->sin_port));
    }
}

void address_text_here(const struct address *a, char out[ADDRESS_TEXT])
{
    struct address here = *a;
    struct sockaddr_in *v4 = as_v4(&here);
    struct sockaddr_in6 *v6 = as_v6(&here);
    if (here.at.ss_family == AF_INET6 && IN6_IS_ADDR_UNSPECIFIED(&v6->sin6_addr))
        v6->sin6_addr = in6addr_loopback;
    else if (here.at.ss_family == AF_INET && v4->sin_addr.s_addr == htonl(INADDR_ANY))
        v4->sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address_text(&here, out);
}

bool address_is_loopback(const struct address *a)
{
    struct address copy = *a;
    if (a->at.ss_family == AF_INET6)
        return IN6_IS_ADDR_LOOPBACK(&as_v6(&copy)->sin6_addr);
    return ntohl(as_v4(&copy)->sin_addr.s_addr) >> 24 == 127;
}

bool address_serves(const struct address *a, const char *host)
{
    char name[HOST_MOST];
    char own[HOST_MOST];
    const char *port;
    struct address asked;
    if (host == NULL || !split(host, name, &port) || *name == '\0' ||
        (*port != '\0' && !is_number(port)))
        return false;
    if (strcasecmp(name, "localhost") == 0)
        return true;
    if (set_host(&asked, name))
        return !address_is_loopback(a) || address_is_loopback(&asked);
    return !address_is_loopback(a) && gethostname(own, sizeof own) == 0 &&
           strcasecmp(name, own) == 0;
}
