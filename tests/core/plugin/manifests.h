/*
 * manifests -- manifests beside the plugins of a test's folder: true ones, and forged ones that
 * have the plugin's build id but say what the test wants.
 */
#ifndef TESTS_MANIFESTS_H
#define TESTS_MANIFESTS_H

#include "plugin/dso.h"
#include "plugin/elf.h"
#include "plugin/manifest.h"

#include "folder.h"

#define ABI_TEXT(number)  ABI_TEXT_(number)
#define ABI_TEXT_(number) #number
#define MANIFEST_ABI                                                                               \
    "\"abi\": {\"major\": " ABI_TEXT(STRESSOR_ABI_MAJOR) ", \"minor\": " ABI_TEXT(                 \
        STRESSOR_ABI_MINOR) ", \"draft\": " ABI_TEXT(STRESSOR_ABI_DRAFT) "}"
#define MANIFEST_HEAD "{\"manifest\": 1, " MANIFEST_ABI ", \"version\": \"1\", \"help\": \"\", "

static inline void build_id(const char *path, char id[ELF_ID_TEXT])
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    assert_true(fd >= 0);
    assert_true(elf_build_id(fd, id));
    close(fd);
}

/* The true manifest of a small plugin, made from where it was built. */
static inline void put_manifest(struct folder *f, const char *plugin, const char *name)
{
    char from[PATH_MAX];
    struct buf text, why;
    buf_init(&text, 0);
    buf_init(&why, 0);
    built_plugin(plugin, from);
    if (!manifest_make(from, &text, &why))
        fail_msg("%s: %s", from, why.data);
    write_file(in_folder(f, name), text.data, text.length);
    assert_int_equal(chmod(f->text, 0644), 0);
    buf_finish(&text);
    buf_finish(&why);
}

/* A small plugin with its manifest, both as `name`. */
static inline void put_both(struct folder *f, const char *plugin, const char *name)
{
    char file[100];
    snprintf(file, sizeof file, "%s.manifest", name);
    put_manifest(f, plugin, file);
    snprintf(file, sizeof file, "%s.so", name);
    put_plugin(f, plugin, file);
}

/* One that says it is called `called` and offers these activities: a list of JSON. */
static inline void put_forged(struct folder *f, const char *plugin, const char *name,
                              const char *called, const char *activities)
{
    char text[1000], file[100], id[ELF_ID_TEXT];
    snprintf(file, sizeof file, "%s.so", name);
    build_id(put_plugin(f, plugin, file), id);
    int length = snprintf(text, sizeof text,
                          MANIFEST_HEAD "\"name\": \"%s\", \"build_id\": \"%s\", "
                                        "\"activities\": %s, \"macros\": [], \"settings\": [], "
                                        "\"reporters\": [], \"engines\": []}",
                          called, id, activities);
    snprintf(file, sizeof file, "%s.manifest", name);
    write_file(in_folder(f, file), text, (size_t)length);
    assert_int_equal(chmod(f->text, 0644), 0);
}

#endif
