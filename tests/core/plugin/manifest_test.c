#include "plugin/manifest.h"

#include "manifests.h"

static struct manifest *parse(const char *text, struct arena *a, struct buf *why)
{
    buf_clear(why);
    return manifest_parse(text, strlen(text), a, why);
}

static void a_manifest_names_all_that_a_plugin_offers(void **state)
{
    struct folder *f = *state;
    char path[PATH_MAX], id[ELF_ID_TEXT], expected[2000];
    struct buf text, why;
    buf_init(&text, 0);
    buf_init(&why, 0);
    snprintf(path, sizeof path, "%s", put_plugin(f, "rich", "rich.so"));
    build_id(path, id);
    assert_true(manifest_make(path, &text, &why));
    snprintf(expected, sizeof expected,
             "{\n"
             "  \"manifest\": 1,\n"
             "  \"name\": \"rich\",\n"
             "  \"version\": \"2.0\",\n"
             "  \"help\": \"Paint of all kinds\",\n"
             "  " MANIFEST_ABI ",\n"
             "  \"build_id\": \"%s\",\n"
             "  \"activities\": [\"Paint\", \"Idle\"],\n"
             "  \"macros\": [\"dice\", \"include\"],\n"
             "  \"settings\": [\n"
             "    {\"section\": \"sessions\", \"name\": \"coats\"}\n"
             "  ],\n"
             "  \"reporters\": [\"poster\"],\n"
             "  \"engines\": [\n"
             "    {\"activity\": \"RunScript\", \"language\": \"brush\", \"extension\": "
             "\".brush\"}\n"
             "  ]\n"
             "}\n",
             id);
    assert_string_equal(text.data, expected);
    buf_finish(&text);
    buf_finish(&why);
}

static void what_is_written_reads_back(void **state)
{
    struct folder *f = *state;
    struct arena a;
    struct buf why, again;
    arena_init(&a, 1024, 0);
    buf_init(&why, 0);
    buf_init(&again, 0);
    put_both(f, "rich", "rich");
    struct manifest *m = manifest_find(in_folder(f, "rich.so"), &a, &why);
    assert_non_null(m);
    assert_int_equal(why.length, 0);
    assert_string_equal(m->name, "rich");
    assert_string_equal(m->version, "2.0");
    assert_string_equal(m->help, "Paint of all kinds");
    assert_int_equal(m->activities_count, 2);
    assert_string_equal(m->activities[1], "Idle");
    assert_string_equal(m->settings[0].section, "sessions");
    assert_string_equal(m->engines[0].extension, ".brush");
    assert_true(manifest_write(m, &again));
    struct manifest *other = parse(again.data, &a, &why);
    assert_non_null(other);
    assert_true(manifest_same(m, other));
    other->reporters[0] = "other";
    assert_false(manifest_same(m, other));
    buf_finish(&again);
    buf_finish(&why);
    arena_finish(&a);
}

#define START "{\"manifest\": 1, " MANIFEST_ABI ", \"name\": \"n\", "
#define TEXTS START "\"version\": \"\", \"help\": \"\", \"build_id\": \"00\", "
#define LISTS TEXTS "\"activities\": [], \"macros\": [], \"reporters\": [], "

static void what_no_plugin_could_have_said_is_refused_with_the_reason(void **state)
{
    static const struct {
        const char *text, *reason;
    } cases[] = {
        {"", "it is not JSON"},
        {"{", "it is not JSON: line 1"},
        {"[]", "it is no JSON object"},
        {"{}", "its \"manifest\" is not 1"},
        {"{\"manifest\": 2}", "its \"manifest\" is not 1"},
        {"{\"manifest\": \"1\"}", "its \"manifest\" is not 1"},
        {"{\"manifest\": 1}", "its \"abi\" is not that of this stressor"},
        {"{\"manifest\": 1, \"abi\": {\"major\": 1, \"minor\": 999, \"draft\": 0}}",
         "its \"abi\" is not that of this stressor"},
        {"{\"manifest\": 1, " MANIFEST_ABI "}", "its \"name\" is no text"},
        {"{\"manifest\": 1, " MANIFEST_ABI ", \"name\": \"\"}", "its \"name\" is no text"},
        {"{\"manifest\": 1, " MANIFEST_ABI ", \"name\": \"a\\u0000b\"}", "its \"name\" is no text"},
        {START "\"version\": 1}", "its \"version\" is no text"},
        {START "\"version\": \"\", \"help\": \"\"}", "its \"build_id\" is no text"},
        {TEXTS "\"activities\": {}}", "its \"activities\" is no list of at most 1000"},
        {TEXTS "\"activities\": [1]}", "its \"activities\" is no text"},
        {TEXTS "\"activities\": [\"A\", \"B\", \"A\"]}", "its \"activities\" name one twice"},
        {LISTS "\"settings\": [1]}", "its \"section\" is no text"},
        {LISTS "\"settings\": [{\"section\": \"thresholds\", \"name\": \"x\"}]}",
         "its \"settings\" name a section that is unknown"},
        {LISTS "\"settings\": [{\"section\": \"config\", \"name\": \"x\"}, "
               "{\"section\": \"config\", \"name\": \"x\"}]}",
         "its \"settings\" name one twice"},
        {LISTS "\"settings\": [], \"engines\": [{\"activity\": \"R\", \"language\": \"l\"}]}",
         "its \"extension\" is no text"},
    };
    struct arena a;
    struct buf why;
    (void)state;
    arena_init(&a, 1024, 0);
    buf_init(&why, 0);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        assert_null(parse(cases[i].text, &a, &why));
        assert_ptr_equal(strstr(why.data, cases[i].reason), why.data);
    }
    assert_non_null(
        parse(LISTS "\"settings\": [], \"engines\": [], \"new\": {\"key\": 1}}", &a, &why));
    buf_finish(&why);
    arena_finish(&a);
}

static void size_depth_and_length_of_lists_have_ceilings(void **state)
{
    struct arena a;
    struct buf why, text;
    (void)state;
    arena_init(&a, 1024, 0);
    buf_init(&why, 0);
    buf_init(&text, 0);
    for (int i = 0; i < 100000; i++)
        buf_puts(&text, "[");
    assert_null(parse(text.data, &a, &why));
    buf_clear(&text);
    for (int i = 0; i <= MANIFEST_SIZE_MAX; i++)
        buf_puts(&text, " ");
    assert_null(parse(text.data, &a, &why));
    assert_string_equal(why.data, "it is larger than 1048576 bytes");
    buf_clear(&text);
    buf_puts(&text, TEXTS "\"activities\": [\"a0\"");
    for (int i = 1; i <= 1000; i++)
        buf_printf(&text, ", \"a%d\"", i);
    buf_puts(&text, "]}");
    assert_null(parse(text.data, &a, &why));
    assert_string_equal(why.data, "its \"activities\" is no list of at most 1000");
    buf_finish(&text);
    buf_finish(&why);
    arena_finish(&a);
}

/* What the manifest beside good.so is ignored for; empty: there is none. */
static void assert_ignored(struct folder *f, const char *reason)
{
    struct arena a;
    struct buf why;
    arena_init(&a, 1024, 0);
    buf_init(&why, 0);
    assert_null(manifest_find(in_folder(f, "good.so"), &a, &why));
    if (*reason == '\0')
        assert_int_equal(why.length, 0);
    else
        assert_ptr_equal(strstr(why.data, reason), why.data);
    buf_finish(&why);
    arena_finish(&a);
}

static void a_manifest_holds_for_one_build_and_only_if_nobody_else_could_write_it(void **state)
{
    struct folder *f = *state;
    put_plugin(f, "good", "good.so");
    assert_ignored(f, "");
    put_manifest(f, "rich", "good.manifest");
    assert_ignored(f, "it is that of the build ");
    assert_int_equal(unlink(in_folder(f, "good.manifest")), 0);
    put_manifest(f, "good", "good.manifest");
    assert_int_equal(chmod(in_folder(f, "good.manifest"), 0666), 0);
    assert_ignored(f, "it is writable by everybody (mode 0666)");
    assert_int_equal(unlink(in_folder(f, "good.manifest")), 0);
    assert_int_equal(mkfifo(in_folder(f, "good.manifest"), 0600), 0);
    assert_ignored(f, "it is not a regular file");
    assert_int_equal(unlink(in_folder(f, "good.manifest")), 0);
    put_folder(f, "good.manifest");
    assert_ignored(f, "it is not a regular file");
    assert_int_equal(rmdir(in_folder(f, "good.manifest")), 0);
    put_manifest(f, "good", "good.manifest");
    assert_int_equal(unlink(in_folder(f, "good.so")), 0);
    write_file(in_folder(f, "good.so"), "text", 4);
    assert_ignored(f, "the plugin has no build id");
}

static void assert_not_made(struct folder *f, const char *file, const char *reason)
{
    struct buf text, why;
    buf_init(&text, 0);
    buf_init(&why, 0);
    assert_false(manifest_make(in_folder(f, file), &text, &why));
    assert_ptr_equal(strstr(why.data, reason), why.data);
    assert_int_equal(text.length, 0);
    buf_finish(&text);
    buf_finish(&why);
}

static void what_is_no_good_plugin_has_no_manifest(void **state)
{
    struct folder *f = *state;
    put_plugin(f, "no_entry", "no_entry.so");
    put_plugin(f, "bad_schema", "bad_schema.so");
    write_file(in_folder(f, "text.so"), "text", 4);
    assert_not_made(f, "no_entry.so", "it has no entry stressor_plugin_v1");
    assert_not_made(f, "bad_schema.so", "activity type 'Twice': ");
    assert_not_made(f, "text.so", "it has no build id");
    assert_not_made(f, "missing.so", "it has no build id");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        in_a_folder(a_manifest_names_all_that_a_plugin_offers),
        in_a_folder(what_is_written_reads_back),
        in_a_folder(what_no_plugin_could_have_said_is_refused_with_the_reason),
        in_a_folder(size_depth_and_length_of_lists_have_ceilings),
        in_a_folder(a_manifest_holds_for_one_build_and_only_if_nobody_else_could_write_it),
        in_a_folder(what_is_no_good_plugin_has_no_manifest),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
