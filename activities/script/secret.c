#include "secret.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static const char mask[] = "***";

/* Numbers are compared by their text. */
static bool text_of(const stressor_value *v, char *digits, size_t size, const char **ptr,
                    size_t *length)
{
    switch (v->type) {
    case STRESSOR_STRING:
        *ptr = v->as.string.ptr;
        *length = v->as.string.length;
        return *length > 0;
    case STRESSOR_INT: snprintf(digits, size, "%" PRId64, v->as.integer); break;
    case STRESSOR_DOUBLE: snprintf(digits, size, "%.14g", v->as.real); break;
    default: return false;
    }
    *ptr = digits;
    *length = strlen(digits);
    return true;
}

static bool is_known(const struct script *s, const char *text, size_t length)
{
    for (size_t i = 0; i < s->secrets.count; i++) {
        const struct secret *known = &s->secrets.list[i];
        if (known->length == length && memcmp(known->ptr, text, length) == 0)
            return true;
    }
    return false;
}

static bool make_room(struct script *s)
{
    struct secrets *all = &s->secrets;
    if (all->count < all->room)
        return true;
    if (all->room == SCRIPT_SECRETS_MAX)
        return false;
    size_t room = all->room > 0 ? 2 * all->room : 4;
    struct secret *list = s->exec->host->scratch(s->exec, room * sizeof *list);
    if (list == NULL)
        return false;
    if (all->count > 0)
        memcpy(list, all->list, all->count * sizeof *list);
    all->list = list;
    all->room = room;
    return true;
}

static bool learn_one(struct script *s, const stressor_value *v)
{
    char digits[40];
    const char *text;
    size_t length;
    if (!text_of(v, digits, sizeof digits, &text, &length) || is_known(s, text, length))
        return true;
    char *copy = make_room(s) ? s->exec->host->scratch(s->exec, length) : NULL;
    if (copy == NULL)
        return false;
    memcpy(copy, text, length);
    s->secrets.list[s->secrets.count++] = (struct secret){copy, length};
    return true;
}

static bool learn_all(struct script *s, const stressor_value *v)
{
    const stressor_host *host = s->exec->host;
    bool good = (v->flags & STRESSOR_SECRET) == 0 || learn_one(s, v);
    for (uint64_t i = 0; good && v->type == STRESSOR_LIST && i < v->as.list.count; i++)
        good = learn_all(s, host->list_at(v, i));
    for (uint64_t i = 0; good && v->type == STRESSOR_MAP && i < v->as.map.count; i++)
        good = learn_all(s, host->map_at(v, i, NULL, NULL));
    return good;
}

struct learner {
    struct script *script;
    bool good;
};

static void learn_variable(void *data, const char *name, uint64_t length, const stressor_value *v)
{
    struct learner *l = data;
    (void)name;
    (void)length;
    l->good = l->good && learn_all(l->script, v);
}

/* With the first secret come all of the context: a text that holds another one is a secret as a
 * whole, and the script may cut that other one out of it. */
bool secret_learn(struct script *s, const stressor_value *v)
{
    struct learner l = {s, true};
    if (v->type == STRESSOR_STRING && v->as.string.length == 0)
        return true;
    if (s->secrets.count == 0 && v->type >= STRESSOR_INT)
        s->exec->host->variables(s->exec, learn_variable, &l);
    return l.good && learn_all(s, v);
}

bool secret_is_in(const struct script *s, const char *text, size_t length)
{
    for (size_t i = 0; i < s->secrets.count; i++)
        if (memmem(text, length, s->secrets.list[i].ptr, s->secrets.list[i].length) != NULL)
            return true;
    return false;
}

uint32_t secret_flags(const struct script *s, const stressor_value *v)
{
    char digits[40];
    const char *text;
    size_t length;
    if (s->secrets.count == 0 || !text_of(v, digits, sizeof digits, &text, &length))
        return 0;
    bool secret =
        v->type == STRESSOR_STRING ? secret_is_in(s, text, length) : is_known(s, text, length);
    return secret ? STRESSOR_SECRET : 0;
}

/* The longest secret that the text begins with; 0: none. */
static size_t begins_with(const struct script *s, const char *text, size_t length)
{
    size_t longest = 0;
    for (size_t i = 0; i < s->secrets.count; i++) {
        const struct secret *known = &s->secrets.list[i];
        if (known->length > longest && known->length <= length &&
            memcmp(known->ptr, text, known->length) == 0)
            longest = known->length;
    }
    return longest;
}

stressor_value secret_mask(const struct script *s, const char *text, size_t length)
{
    if (!secret_is_in(s, text, length))
        return stressor_string_n(text, length);
    size_t room = length * (sizeof mask - 1);
    char *out = s->exec->host->scratch(s->exec, room);
    if (out == NULL)
        return stressor_string(mask);
    size_t at = 0;
    for (size_t i = 0; i < length;) {
        size_t hidden = begins_with(s, text + i, length - i);
        if (hidden > 0) {
            memcpy(out + at, mask, sizeof mask - 1);
            at += sizeof mask - 1;
            i += hidden;
        } else {
            out[at++] = text[i++];
        }
    }
    return stressor_string_n(out, at);
}
