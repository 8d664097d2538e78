#include <stdlib.h>
#include <string.h>

#include "host.h"

void text_put(struct text *t, const char *bytes, size_t length)
{
    if (t->room - t->length <= length) {
        size_t room = (t->length + length + 1) * 2;
        char *grown = room > length ? realloc(t->bytes, room) : NULL;
        t->failed |= grown == NULL;
        if (grown == NULL)
            return;
        t->bytes = grown;
        t->room = room;
    }
    if (length > 0)
        memcpy(t->bytes + t->length, bytes, length);
    t->length += length;
    t->bytes[t->length] = '\0';
}

void text_puts(struct text *t, const char *text)
{
    text_put(t, text, strlen(text));
}

void text_lines(struct text *t, const char *indent, const char *text)
{
    for (size_t length; *text != '\0'; text += length + (text[length] == '\n')) {
        length = strcspn(text, "\n");
        text_puts(t, indent);
        text_put(t, text, length);
        text_puts(t, "\n");
    }
}

void text_clear(struct text *t)
{
    t->length = 0;
    t->failed = false;
    if (t->bytes != NULL)
        t->bytes[0] = '\0';
}

void text_free(struct text *t)
{
    free(t->bytes);
    *t = (struct text){0};
}

struct pair *pair_find(struct pair *p, const char *name, size_t length)
{
    while (p != NULL && (strncmp(p->name, name, length) != 0 || p->name[length] != '\0'))
        p = p->next;
    return p;
}

struct pair *pair_add(struct pair **first, const char *name, size_t length)
{
    struct pair *p = calloc(1, sizeof *p + length + 1);
    if (p == NULL)
        return NULL;
    memcpy(p->name, name, length);
    while (*first != NULL)
        first = &(*first)->next;
    *first = p;
    return p;
}

void pairs_free(struct pair **first)
{
    for (struct pair *p; (p = *first) != NULL;) {
        *first = p->next;
        stressor_value_free(p->value);
        free(p->yaml);
        free(p);
    }
}
