#include "secret.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char mask[] = "***";

static bool text_of(const stressor_value *v, char digits[24], const char **text, size_t *length)
{
    if (v->type == STRESSOR_STRING) {
        *text = v->as.string.ptr;
        *length = v->as.string.length;
    } else if (v->type == STRESSOR_INT) {
        *text = digits;
        *length = (size_t)snprintf(digits, 24, "%" PRId64, v->as.integer);
    } else {
        return false;
    }
    return *length > 0;
}

static bool is_known(const struct secrets *all, const char *text, size_t length)
{
    for (size_t i = 0; i < all->count; i++)
        if (all->list[i].length == length && memcmp(all->list[i].ptr, text, length) == 0)
            return true;
    return false;
}

static bool learn_one(struct secrets *all, const stressor_value *v)
{
    char digits[24];
    const char *text;
    size_t length;
    if (!text_of(v, digits, &text, &length) || is_known(all, text, length))
        return true;
    if (all->count == all->room) {
        size_t room = all->room > 0 ? 2 * all->room : 4;
        struct secret *list =
            room <= SCRIPT_SECRETS_MAX ? realloc(all->list, room * sizeof *list) : NULL;
        if (list == NULL)
            return false;
        all->list = list;
        all->room = room;
    }
    char *copy = malloc(length);
    if (copy == NULL)
        return false;
    memcpy(copy, text, length);
    all->list[all->count++] = (struct secret){copy, length};
    return true;
}

static bool learn_all(struct script *s, const stressor_value *v)
{
    const stressor_host *host = s->exec->host;
    bool good = (v->flags & STRESSOR_SECRET) == 0 || learn_one(&s->session->secrets, v);
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
    if ((v->flags & STRESSOR_SECRET) == 0)
        return true;
    if (s->session->secrets.count == 0)
        s->exec->host->variables(s->exec, learn_variable, &l);
    return l.good && learn_one(&s->session->secrets, v);
}

uint32_t secret_flags(const struct script *s, const char *text, size_t length)
{
    const struct secrets *all = &s->session->secrets;
    for (size_t i = 0; i < all->count; i++)
        if (memmem(text, length, all->list[i].ptr, all->list[i].length) != NULL)
            return STRESSOR_SECRET;
    return 0;
}

uint32_t secret_number_flags(const struct script *s, int64_t number)
{
    char digits[24];
    if (s->session->secrets.count == 0)
        return 0;
    int length = snprintf(digits, sizeof digits, "%" PRId64, number);
    return is_known(&s->session->secrets, digits, (size_t)length) ? STRESSOR_SECRET : 0;
}

/* The longest secret that the text begins with; 0: none. */
static size_t begins_with(const struct secrets *all, const char *text, size_t length)
{
    size_t longest = 0;
    for (size_t i = 0; i < all->count; i++)
        if (all->list[i].length > longest && all->list[i].length <= length &&
            memcmp(all->list[i].ptr, text, all->list[i].length) == 0)
            longest = all->list[i].length;
    return longest;
}

stressor_value secret_mask(const struct script *s, const char *text, size_t length)
{
    if (secret_flags(s, text, length) == 0)
        return stressor_string_n(text, length);
    char *out = s->exec->host->scratch(s->exec, length * (sizeof mask - 1));
    if (out == NULL)
        return stressor_string(mask);
    size_t at = 0;
    for (size_t i = 0; i < length;) {
        size_t hidden = begins_with(&s->session->secrets, text + i, length - i);
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

void secret_finish(struct secrets *all)
{
    for (size_t i = 0; i < all->count; i++)
        free(all->list[i].ptr);
    free(all->list);
    *all = (struct secrets){0};
}
