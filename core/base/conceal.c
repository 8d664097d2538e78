#include "base/conceal.h"

#include <string.h>
#include <strings.h>

#include "base/buf.h"

/* Where the authority of a URL ends, and what may stand behind a URL in a sentence. */
static bool ends_authority(char c)
{
    return (unsigned char)c <= ' ' || strchr("/?#'\"<>\\", c) != NULL;
}

bool conceal_passwords(const char *text, size_t length, struct buf *out)
{
    const char *end = text + length, *done = text, *at = text;
    while ((at = memmem(at, (size_t)(end - at), "://", 3)) != NULL) {
        const char *start = at += 3;
        while (at < end && !ends_authority(*at))
            at++;
        const char *host = memrchr(start, '@', (size_t)(at - start));
        const char *colon = host != NULL ? memchr(start, ':', (size_t)(host - start)) : NULL;
        if (colon == NULL)
            continue;
        buf_put(out, done, (size_t)(colon + 1 - done));
        buf_puts(out, "***");
        done = host;
    }
    if (done != text)
        buf_put(out, done, (size_t)(end - done));
    return done != text;
}

bool conceal_header(const char *name, size_t length)
{
    static const char *const names[] = {"Authorization", "Cookie", "Proxy-Authorization",
                                        "Set-Cookie"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (strlen(names[i]) == length && strncasecmp(names[i], name, length) == 0)
            return true;
    return false;
}

/* Does the name hold the word, in any case of letters? */
static bool holds_word(const char *name, size_t length, const char *word)
{
    size_t size = strlen(word);
    for (size_t i = 0; i + size <= length; i++)
        if (strncasecmp(name + i, word, size) == 0)
            return true;
    return false;
}

bool conceal_key(const char *name, size_t length)
{
    static const char *const words[] = {"passw",      "passphrase", "secret",     "token",
                                        "credential", "authoriz",   "cookie",     "api_key",
                                        "api-key",    "apikey",     "private_key"};
    static const char *const names[] = {"auth", "pass", "pwd"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (holds_word(name, length, words[i]))
            return true;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (strlen(names[i]) == length && strncasecmp(names[i], name, length) == 0)
            return true;
    return false;
}
