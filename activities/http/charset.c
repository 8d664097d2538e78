#include "charset.h"

#include <errno.h>
#include <iconv.h>
#include <stdint.h>
#include <string.h>
#include <strings.h>

static const char replacement[] = "\xef\xbf\xbd";

static size_t ascii_length(struct span s)
{
    size_t i = 0;
    for (uint64_t word; i + sizeof word <= s.length; i += sizeof word) {
        memcpy(&word, s.ptr + i, sizeof word);
        if (word & UINT64_C(0x8080808080808080))
            break;
    }
    while (i < s.length && (unsigned char)s.ptr[i] < 0x80)
        i++;
    return i;
}

/* Length of the character that begins here; 0: it is malformed. */
static size_t utf8_length(struct span s)
{
    const unsigned char *p = (const unsigned char *)s.ptr;
    unsigned char c = p[0];
    size_t n = c < 0x80 ? 1 : c < 0xc2 ? 0 : c < 0xe0 ? 2 : c < 0xf0 ? 3 : c < 0xf5 ? 4 : 0;
    if (n == 0 || n > s.length)
        return 0;
    for (size_t i = 1; i < n; i++)
        if ((p[i] & 0xc0) != 0x80)
            return 0;
    if ((c == 0xe0 && p[1] < 0xa0) || (c == 0xed && p[1] >= 0xa0) || (c == 0xf0 && p[1] < 0x90) ||
        (c == 0xf4 && p[1] >= 0x90))
        return 0;
    return n;
}

/* How many bytes are valid from the start. */
static size_t valid_length(struct span s)
{
    size_t done = 0;
    while (done < s.length) {
        struct span rest = {s.ptr + done, s.length - done};
        size_t n = ascii_length(rest);
        if (n == 0)
            n = utf8_length(rest);
        if (n == 0)
            break;
        done += n;
    }
    return done;
}

bool charset_is_utf8(struct span bytes)
{
    return valid_length(bytes) == bytes.length;
}

static bool repair_utf8(struct span s, struct buf *out)
{
    while (s.length > 0) {
        size_t n = valid_length(s);
        buf_append(out, s.ptr, n);
        if (n < s.length) {
            buf_append(out, replacement, 3);
            n++;
        }
        s.ptr += n;
        s.length -= n;
    }
    return !out->failed;
}

static bool from_latin1(struct span s, struct buf *out)
{
    while (s.length > 0) {
        size_t n = ascii_length(s);
        buf_append(out, s.ptr, n);
        if (n < s.length) {
            unsigned char c = (unsigned char)s.ptr[n++];
            char two[2] = {(char)(0xc0 | c >> 6), (char)(0x80 | (c & 0x3f))};
            buf_append(out, two, 2);
        }
        s.ptr += n;
        s.length -= n;
    }
    return !out->failed;
}

static bool convert(iconv_t cd, struct span s, struct buf *out)
{
    char *in = (char *)(uintptr_t)s.ptr; /* iconv does not write there */
    size_t left = s.length;
    while (left > 0) {
        char chunk[4096], *to = chunk;
        size_t room = sizeof chunk;
        size_t rc = iconv(cd, &in, &left, &to, &room);
        int why = errno;
        /* Some charsets can say more than Unicode has. */
        if (!repair_utf8((struct span){chunk, (size_t)(to - chunk)}, out))
            return false;
        if (rc == (size_t)-1 && why != E2BIG) {
            buf_append(out, replacement, 3);
            in++;
            left--;
        }
    }
    return !out->failed;
}

/* The value of the parameter `charset`; empty when there is none. */
static struct span charset_name(const char *content_type)
{
    struct span none = {"", 0};
    const char *p = content_type == NULL ? NULL : strchr(content_type, ';');
    for (; p != NULL; p = strchr(p, ';')) {
        p++;
        p += strspn(p, " \t");
        if (strncasecmp(p, "charset=", 8) != 0)
            continue;
        p += 8;
        if (*p == '"' || *p == '\'')
            p++;
        return (struct span){p, strcspn(p, "\"'; \t,")};
    }
    return none;
}

static bool is_one_of(struct span name, const char *const *names)
{
    for (; *names != NULL; names++)
        if (span_equal_nocase(name, span_of(*names)))
            return true;
    return false;
}

bool charset_text(const char *content_type, struct span body, struct buf *out, struct span *text)
{
    static const char *const utf8[] = {"utf-8", "utf8", "us-ascii", "ascii", NULL};
    static const char *const latin1[] = {"iso-8859-1", "latin1", "latin-1", "iso8859-1", NULL};
    struct span name = charset_name(content_type);
    buf_clear(out);
    *text = body;
    bool is_utf8 = name.length == 0 || is_one_of(name, utf8);
    if (is_utf8 && body.length >= 3 && memcmp(body.ptr, "\xef\xbb\xbf", 3) == 0)
        *text = body = (struct span){body.ptr + 3, body.length - 3};
    if (is_utf8 && charset_is_utf8(body))
        return true;
    bool good;
    char label[64];
    iconv_t cd = (iconv_t)-1;
    if (is_utf8 && name.length > 0) {
        good = repair_utf8(body, out);
    } else if (name.length == 0 || is_one_of(name, latin1)) {
        good = from_latin1(body, out);
    } else {
        if (name.length < sizeof label) {
            memcpy(label, name.ptr, name.length);
            label[name.length] = '\0';
            cd = iconv_open("UTF-8", label);
        }
        if (cd == (iconv_t)-1) /* nobody knows that charset */
            return charset_text(NULL, body, out, text);
        good = convert(cd, body, out);
        iconv_close(cd);
    }
    *text = buf_span(out);
    return good;
}
