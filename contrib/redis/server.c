#include <stdlib.h>
#include <string.h>

#include <stressor/log.h>

#include "redis.h"

enum { PORT_DEFAULT = 6379, PORT_MAX = 65535 };

static const char no_address[] = "neither HOST:PORT nor [IPV6]:PORT nor a path";
static const char no_auth[] = "neither a password nor [name, password]";

/* Copies a text. False: it is too long, or holds a zero byte. */
static bool copy(char *out, size_t room, const char *text, size_t length)
{
    if (length >= room || memchr(text, '\0', length) != NULL)
        return false;
    memcpy(out, text, length);
    out[length] = '\0';
    return true;
}

static bool port_read(const char *text, int *port)
{
    char *end;
    long number = strtol(text, &end, 10);
    if (*text < '0' || *text > '9' || *end != '\0' || number < 1 || number > PORT_MAX)
        return false;
    *port = (int)number;
    return true;
}

static bool text_read(char *out, size_t room, const stressor_value *v)
{
    return v->type == STRESSOR_STRING && copy(out, room, v->as.string.ptr, v->as.string.length);
}

static bool address_read(struct server *s, const stressor_value *v)
{
    char text[ADDRESS_MAX];
    if (!text_read(text, sizeof text, v))
        return false;
    const char *colon = strrchr(text, ':'), *end = strchr(text, ']');
    s->port = PORT_DEFAULT;
    if (*text == '/') {
        s->is_path = true;
        return copy(s->address, sizeof s->address, text, strlen(text));
    }
    if (*text == '[')
        return end != NULL &&
               copy(s->address, sizeof s->address, text + 1, (size_t)(end - text - 1)) &&
               resolver_is_address(s->address) &&
               (end[1] == '\0' || (end[1] == ':' && port_read(end + 2, &s->port)));
    if (colon == NULL || resolver_is_address(text))
        return *text != '\0' && copy(s->address, sizeof s->address, text, strlen(text));
    return colon > text && strchr(text, ':') == colon &&
           copy(s->address, sizeof s->address, text, (size_t)(colon - text)) &&
           port_read(colon + 1, &s->port);
}

static bool auth_read(struct server *s, const stressor_host *host, const stressor_value *auth)
{
    s->has_password = auth->type != STRESSOR_NULL;
    if (auth->type == STRESSOR_LIST)
        return auth->as.list.count == 2 &&
               text_read(s->name, sizeof s->name, host->list_at(auth, 0)) &&
               text_read(s->password, sizeof s->password, host->list_at(auth, 1));
    return !s->has_password || text_read(s->password, sizeof s->password, auth);
}

int32_t server_check(stressor_prepare *prepare)
{
    const stressor_value *address = &prepare->args[ARG_ADDRESS], *auth = &prepare->args[ARG_AUTH];
    struct server server = {.is_path = false};
    int32_t status = 0;
    if (prepare->states[ARG_ADDRESS] == STRESSOR_ARG_CONSTANT && !address_read(&server, address))
        status = stressor_problem(prepare, ARG_ADDRESS, "it is %s", no_address);
    if (prepare->states[ARG_AUTH] == STRESSOR_ARG_CONSTANT &&
        !auth_read(&server, prepare->host, auth))
        status = stressor_problem(prepare, ARG_AUTH, "it is %s", no_auth);
    return status;
}

int32_t server_read(struct command *q, struct server *server)
{
    stressor_value address, auth, database;
    stressor_failure *failure = &q->result.failure;
    *server = (struct server){.is_path = false};
    if (arg_or_setting(q, ARG_ADDRESS, SETTING_ADDRESS, &address) != 0 ||
        arg_or_setting(q, ARG_AUTH, SETTING_AUTH, &auth) != 0 ||
        arg_or_setting(q, ARG_DATABASE, SETTING_DATABASE, &database) != 0)
        return STRESSOR_FAILED;
    mask_add(&q->mask, q->exec->host, &auth);
    if (!address_read(server, &address))
        return stressor_fail(q->exec, failure, STRESSOR_SCRIPT, "address", "the address is %s",
                             no_address);
    if (!auth_read(server, q->exec->host, &auth))
        return stressor_fail(q->exec, failure, STRESSOR_SCRIPT, "argument", "'auth' is %s",
                             no_auth);
    server->database = database.as.integer;
    return 0;
}

bool server_equal(const struct server *a, const struct server *b)
{
    return strcmp(a->address, b->address) == 0 && a->port == b->port &&
           a->has_password == b->has_password && strcmp(a->name, b->name) == 0 &&
           strcmp(a->password, b->password) == 0 && a->database == b->database;
}
