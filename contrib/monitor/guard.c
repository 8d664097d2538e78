#include "guard.h"

#include <string.h>
#include <strings.h>
#include <sys/random.h>

/* The port at the end of "HOST:PORT"; without one it is that of HTTP. */
static const char *port_of(const char *host)
{
    const char *bracket = strrchr(host, ']');
    const char *colon = strrchr(bracket != NULL ? bracket : host, ':');
    return colon != NULL ? colon + 1 : "80";
}

bool guard_host(const struct address *a, const char *host)
{
    char own[ADDRESS_TEXT];
    if (!address_serves(a, host))
        return false;
    address_text(a, own);
    return strcmp(port_of(host), port_of(own)) == 0;
}

bool guard_origin(const char *origin, const char *host)
{
    static const char scheme[] = "http://";
    if (origin == NULL)
        return true;
    return host != NULL && strncasecmp(origin, scheme, strlen(scheme)) == 0 &&
           strcasecmp(origin + strlen(scheme), host) == 0;
}

bool guard_token_new(char token[TOKEN_SIZE])
{
    static const char digits[] = "0123456789abcdef";
    unsigned char bits[(TOKEN_SIZE - 1) / 2];
    if (getrandom(bits, sizeof bits, 0) != (ssize_t)sizeof bits)
        return false;
    for (size_t i = 0; i < sizeof bits; i++) {
        token[2 * i] = digits[bits[i] >> 4];
        token[2 * i + 1] = digits[bits[i] & 15];
    }
    token[TOKEN_SIZE - 1] = '\0';
    return true;
}

bool guard_token_is(const char token[TOKEN_SIZE], const char *given)
{
    unsigned different = 0;
    if (given == NULL || strlen(given) != TOKEN_SIZE - 1)
        return false;
    /* All of it is compared, so that the time tells nothing. */
    for (size_t i = 0; i < TOKEN_SIZE - 1; i++)
        different |= (unsigned char)token[i] ^ (unsigned char)given[i];
    return different == 0;
}
