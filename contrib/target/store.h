/*
 * store -- the files of /files/NAME, in memory, with ceilings (limits.h).
 *
 * Contents are shared by reference count: a file may be replaced or deleted while an answer is
 * still sending the old bytes. One thread.
 */
#ifndef TARGET_STORE_H
#define TARGET_STORE_H

#include <stdbool.h>
#include <stddef.h>

#define STORE_BUCKETS 256

struct blob {
    size_t references;
    size_t size;
    char bytes[];
};

struct store_file;

struct store {
    struct store_file *buckets[STORE_BUCKETS];
    size_t files;
    size_t bytes; /* of the files that are in it */
};

enum store_result {
    STORE_CREATED,
    STORE_REPLACED,
    STORE_TOO_MANY, /* FILES_MAX */
    STORE_FULL,     /* FILES_BYTES_MAX */
    STORE_NO_MEMORY
};

void store_init(struct store *s);
void store_finish(struct store *s);

/* 1 to FILE_NAME_MAX of the characters A-Z a-z 0-9 . _ - */
bool store_name_ok(const char *name);

/* Copies name and bytes. On failure the store is as it was. */
enum store_result store_put(struct store *s, const char *name, const void *bytes, size_t size);
/* The contents, to be given back with blob_release; NULL: no such file. */
struct blob *store_get(struct store *s, const char *name);
/* False: no such file. */
bool store_delete(struct store *s, const char *name);

/* NULL is fine. */
void blob_release(struct blob *blob);

#endif
