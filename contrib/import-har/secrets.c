#include <ctype.h>
#include <string.h>

#include "importer.h"

/* Names of fields, parameters and headers, in small letters with '-' for '_'. */

static const char *const parts[] = {
    "passw",      "passphrase",    "pwd",         "token",     "secret",
    "api-key",    "apikey",        "access-key",  "accesskey", "private-key",
    "credential", "authorization", "authenticat", "auth-key",  "session-id",
    "sessionid",  "card-number",   "cardnumber",  "signature", "jwt",
    "csrf",       "xsrf",          "otp-code",    "sessid",    NULL};
static const char *const wholes[] = {"auth", "sid",  "session", "pin",  "otp",   "cvv",    "cvc",
                                     "sig",  "iban", "ssn",     "pass", "nonce", "x-auth", NULL};
/* What a name ends in, behind '-': x-session, connect.sid, card_cvc. */
static const char *const lasts[] = {"session", "sid", "otp", "cvv", "cvc", NULL};
static const char *const codes[] = {"code", "auth-code", "device-code", NULL};
static const char *const passwords[] = {"passw", "passphrase", "pwd", NULL};
static const char *const logins[] = {"username", "user",    "login",      "email",   "user-name",
                                     "userid",   "user-id", "login-name", "account", "e-mail",
                                     "name",     "uname",   "log",        NULL};

enum { NAME_MAX_LENGTH = 100, CODE_BYTES_MIN = 12 };

static const char *plain(struct span name, char out[NAME_MAX_LENGTH + 1])
{
    size_t n = 0;
    for (size_t i = 0; i < name.length && n < NAME_MAX_LENGTH; i++) {
        char c = name.ptr[i];
        /* accessToken is access-token. */
        if (isupper((unsigned char)c) && i > 0 && islower((unsigned char)name.ptr[i - 1]) &&
            n + 1 < NAME_MAX_LENGTH)
            out[n++] = '-';
        out[n++] = c == '_' || c == '.' || c == ' ' ? '-' : (char)tolower((unsigned char)c);
    }
    out[n] = '\0';
    return out;
}

static bool holds(const char *name, const char *const *words)
{
    for (; *words != NULL; words++)
        if (strstr(name, *words) != NULL)
            return true;
    return false;
}

static bool is_among(const char *name, const char *const *words)
{
    for (; *words != NULL; words++)
        if (strcmp(name, *words) == 0)
            return true;
    return false;
}

bool secret_is_name(struct span name)
{
    char buffer[NAME_MAX_LENGTH + 1];
    plain(name, buffer);
    const char *last = strrchr(buffer, '-');
    return holds(buffer, parts) || is_among(buffer, wholes) ||
           (last != NULL && is_among(last + 1, lasts));
}

bool secret_is_password(struct span name)
{
    char buffer[NAME_MAX_LENGTH + 1];
    plain(name, buffer);
    return holds(buffer, passwords) || strcmp(buffer, "pass") == 0;
}

bool secret_is_login(struct span name)
{
    char buffer[NAME_MAX_LENGTH + 1];
    return is_among(plain(name, buffer), logins);
}

/* A JSON web token tells itself, whatever it is called. */
bool secret_is_value(struct span value)
{
    size_t dots = 0;
    if (value.length < 30 || !span_begins(value, "eyJ"))
        return false;
    for (size_t i = 0; i < value.length; i++) {
        dots += value.ptr[i] == '.';
        if (!isalnum((unsigned char)value.ptr[i]) && strchr(".-_", value.ptr[i]) == NULL)
            return false;
    }
    return dots == 2 || dots == 4;
}

bool secret_is_code(struct span name, struct span value)
{
    char buffer[NAME_MAX_LENGTH + 1];
    size_t digits = 0, letters = 0;
    if (value.length < CODE_BYTES_MIN || !is_among(plain(name, buffer), codes))
        return false;
    for (size_t i = 0; i < value.length; i++) {
        unsigned char c = (unsigned char)value.ptr[i];
        digits += isdigit(c) != 0;
        letters += isalpha(c) != 0;
        if (c <= ' ' || c >= 0x7f)
            return false;
    }
    return digits > 0 && letters > 0;
}
