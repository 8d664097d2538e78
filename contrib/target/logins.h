/*
 * logins -- who may in, and the GUIDs handed to those who did.
 *
 * The rule: any name and any password are fine, but for an empty one and for the password
 * "wrong". The last LOGINS_MAX GUIDs are remembered. One thread.
 */
#ifndef TARGET_LOGINS_H
#define TARGET_LOGINS_H

#include <stdbool.h>
#include <stdint.h>

#define GUID_LENGTH 36

struct login;

struct logins {
    struct login *ring; /* LOGINS_MAX entries */
    uint32_t next;
};

/* False: out of memory. */
bool logins_init(struct logins *l);
void logins_finish(struct logins *l);

/* The rule. NULL counts as empty; over FIELD_MAX bytes is refused. */
bool logins_allow(const char *user, const char *password);
/* Remembers the user, who passed the rule, and writes a new GUID with its NUL. */
void logins_add(struct logins *l, const char *user, char guid[GUID_LENGTH + 1]);
/* The user with this GUID, until it is forgotten; NULL: unknown. */
const char *logins_find(const struct logins *l, const char *guid);

#endif
