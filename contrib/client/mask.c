#include "mask.h"

#include <string.h>

void mask_add_text(struct mask *m, const char *text, size_t length)
{
    if (length == 0)
        return;
    if (m->count < MASK_SECRETS_MAX)
        m->secrets[m->count] = stressor_string_n(text, length);
    m->count++;
}

void mask_add(struct mask *m, const stressor_host *host, const stressor_value *v)
{
    if (v->type == STRESSOR_STRING && (v->flags & STRESSOR_SECRET) != 0)
        mask_add_text(m, v->as.string.ptr, v->as.string.length);
    if (v->type == STRESSOR_LIST)
        for (uint64_t i = 0; i < v->as.list.count; i++)
            mask_add(m, host, host->list_at(v, i));
    if (v->type == STRESSOR_MAP)
        for (uint64_t i = 0; i < v->as.map.count; i++)
            mask_add(m, host, host->map_at(v, i, NULL, NULL));
}

/* The length of the longest secret that begins here; 0: none does. */
static size_t secret_at(const struct mask *m, const char *text, size_t left)
{
    size_t longest = 0;
    for (size_t i = 0; i < m->count && i < MASK_SECRETS_MAX; i++) {
        size_t length = m->secrets[i].as.string.length;
        if (length > longest && length <= left &&
            memcmp(text, m->secrets[i].as.string.ptr, length) == 0)
            longest = length;
    }
    return longest;
}

bool mask_finds(const struct mask *m, const char *text, size_t length)
{
    if (m->count > MASK_SECRETS_MAX)
        return true;
    for (size_t i = 0; i < m->count; i++)
        if (memmem(text, length, m->secrets[i].as.string.ptr, m->secrets[i].as.string.length) !=
            NULL)
            return true;
    return false;
}

const char *mask_text(const struct mask *m, stressor_exec *exec, const char *text)
{
    static const char stars[] = "***";
    size_t length = strlen(text), out = 0;
    if (!mask_finds(m, text, length))
        return text;
    if (m->count > MASK_SECRETS_MAX || length > SIZE_MAX / sizeof stars)
        return stars;
    char *copy = exec->host->scratch(exec, length * (sizeof stars - 1) + 1);
    if (copy == NULL)
        return stars;
    for (size_t i = 0; i < length;) {
        size_t secret = secret_at(m, text + i, length - i);
        if (secret > 0) {
            memcpy(copy + out, stars, sizeof stars - 1);
            out += sizeof stars - 1;
            i += secret;
        } else {
            copy[out++] = text[i++];
        }
    }
    copy[out] = '\0';
    return copy;
}
