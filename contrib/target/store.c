#include "store.h"

#include "limits.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

struct store_file {
    struct store_file *next;
    struct blob *blob;
    char name[FILE_NAME_MAX + 1];
};

void store_init(struct store *s)
{
    *s = (struct store){0};
}

void store_finish(struct store *s)
{
    for (size_t i = 0; i < STORE_BUCKETS; i++) {
        while (s->buckets[i]) {
            struct store_file *file = s->buckets[i];
            s->buckets[i] = file->next;
            blob_release(file->blob);
            free(file);
        }
    }
}

bool store_name_ok(const char *name)
{
    size_t length =
        strspn(name, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-");
    return length > 0 && length <= FILE_NAME_MAX && name[length] == '\0';
}

/* The link that points to the file, or the bucket's last one, which is NULL. */
static struct store_file **find(struct store *s, const char *name)
{
    uint32_t hash = 2166136261u;
    for (const char *c = name; *c; c++) {
        hash = (hash ^ (unsigned char)*c) * 16777619u;
    }
    struct store_file **link = &s->buckets[hash % STORE_BUCKETS];
    while (*link && strcmp((*link)->name, name) != 0) {
        link = &(*link)->next;
    }
    return link;
}

enum store_result store_put(struct store *s, const char *name, const void *bytes, size_t size)
{
    struct store_file **link = find(s, name);
    size_t old = *link ? (*link)->blob->size : 0;
    if (!*link && s->files == FILES_MAX) {
        return STORE_TOO_MANY;
    }
    if (size > FILES_BYTES_MAX - (s->bytes - old)) {
        return STORE_FULL;
    }
    struct blob *blob = malloc(sizeof *blob + size);
    if (!blob) {
        return STORE_NO_MEMORY;
    }
    blob->references = 1;
    blob->size = size;
    if (size > 0) {
        memcpy(blob->bytes, bytes, size);
    }
    enum store_result result = STORE_REPLACED;
    if (!*link) {
        struct store_file *file = calloc(1, sizeof *file);
        if (!file) {
            free(blob);
            return STORE_NO_MEMORY;
        }
        memcpy(file->name, name, strlen(name) + 1);
        *link = file;
        s->files++;
        result = STORE_CREATED;
    }
    blob_release((*link)->blob);
    (*link)->blob = blob;
    s->bytes += size - old;
    return result;
}

struct blob *store_get(struct store *s, const char *name)
{
    struct store_file *file = *find(s, name);
    if (!file) {
        return NULL;
    }
    file->blob->references++;
    return file->blob;
}

bool store_delete(struct store *s, const char *name)
{
    struct store_file **link = find(s, name);
    struct store_file *file = *link;
    if (!file) {
        return false;
    }
    *link = file->next;
    s->files--;
    s->bytes -= file->blob->size;
    blob_release(file->blob);
    free(file);
    return true;
}

void blob_release(struct blob *blob)
{
    if (blob && --blob->references == 0) {
        free(blob);
    }
}
