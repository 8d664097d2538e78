/*
 * Prints how we read YAML, and what our regexes find, for comparing with Python. Each line of
 * standard input is JSON, and so is each line of output:
 *
 *     rules_reader yaml     "TEXT"  ->  {"value": "REPR"} or {"error": "MESSAGE"}
 *     rules_reader regex    ["PATTERN", "TEXT", FLAGS, GROUPS]
 *                                   ->  {"spans": [FROM, TO, …]}, bytes, -1: no part in it,
 *                                       {"spans": []}: no match, or {"error": "MESSAGE"}
 *
 * REPR is what Python's repr prints.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/regex.h"
#include "config/template.h"
#include "config/yaml.h"

enum { GROUPS_MAX = 64, MEMORY_MAX = 256 << 20 };

static void stop(const char *why)
{
    fprintf(stderr, "rules_reader: %s\n", why);
    exit(2);
}

static void put(struct arena *a, const char *key, const stressor_value *v)
{
    struct stressor_builder b;
    stressor_value out;
    struct buf text;
    builder_init(&b, a);
    builder_map(&b);
    builder_key(&b, key, strlen(key));
    builder_value(&b, v);
    builder_end(&b);
    buf_init(&text, 0);
    if (builder_finish(&b, &out) != 0 || !json_write(&out, false, &text))
        stop("out of memory");
    puts(text.data);
    buf_finish(&text);
}

static void put_text(struct arena *a, const char *key, const char *text)
{
    stressor_value v = stressor_string(text);
    put(a, key, &v);
}

static void answer_yaml(struct arena *a, const stressor_value *in)
{
    struct diag *d = diag_new();
    struct template_scope scope = {.diag = d};
    stressor_value v;
    if (d == NULL || in->type != STRESSOR_STRING)
        stop("expected a text");
    struct node *n =
        yaml_read(in->as.string.ptr, (size_t)in->as.string.length, "corpus.yaml", a, d);
    bool fine = n != NULL && diag_errors(d) == 0 && template_node_value(&scope, a, n, true, &v);
    if (fine) {
        struct buf text;
        buf_init(&text, 0);
        value_text(&v, VALUE_TEXT_QUOTE, &text);
        stressor_value shown = stressor_string_n(text.data, text.length);
        put(a, "value", &shown);
        buf_finish(&text);
    } else {
        diag_sort(d);
        put_text(a, "error", diag_count(d) > 0 ? diag_text(d, 0) : "none");
    }
    diag_free(d);
}

static void put_spans(struct arena *a, const size_t *spans, size_t count)
{
    struct stressor_builder b;
    stressor_value list;
    builder_init(&b, a);
    builder_list(&b);
    for (size_t i = 0; i < 2 * count; i++) {
        stressor_value n = stressor_int(spans[i] == SIZE_MAX ? -1 : (int64_t)spans[i]);
        builder_value(&b, &n);
    }
    builder_end(&b);
    if (builder_finish(&b, &list) != 0)
        stop("out of memory");
    put(a, "spans", &list);
}

static void answer_regex(struct arena *a, const stressor_value *in)
{
    size_t spans[2 * GROUPS_MAX];
    char error[200] = "";
    const stressor_value *pattern = value_at(in, 0), *text = value_at(in, 1);
    const stressor_value *flags = value_at(in, 2), *groups = value_at(in, 3);
    if (groups == NULL || groups->as.integer > GROUPS_MAX)
        stop("expected [pattern, text, flags, groups]");
    struct stressor_regex *r = regex_new(pattern->as.string.ptr, (size_t)pattern->as.string.length,
                                         (unsigned)flags->as.integer, error, sizeof error);
    if (r == NULL) {
        put_text(a, "error", error);
        return;
    }
    size_t count = (size_t)groups->as.integer;
    int found = regex_find(r, text->as.string.ptr, (size_t)text->as.string.length, 0, spans, count);
    if (found == REGEX_YES || found == REGEX_NO)
        put_spans(a, spans, found == REGEX_YES ? count : 0);
    else
        put_text(a, "error", found == REGEX_LIMIT ? "limit" : "memory");
    regex_free(r);
}

int main(int argc, char **argv)
{
    bool yaml = argc == 2 && strcmp(argv[1], "yaml") == 0;
    char *line = NULL;
    size_t room = 0;
    struct arena a;
    if (!yaml && (argc != 2 || strcmp(argv[1], "regex") != 0))
        stop("expected yaml or regex");
    arena_init(&a, 4096, MEMORY_MAX);
    for (ssize_t length; (length = getline(&line, &room, stdin)) > 0;) {
        stressor_value in;
        if (json_parse(line, (size_t)length, &a, &in, NULL) != JSON_OK)
            stop("a line is no JSON");
        if (yaml)
            answer_yaml(&a, &in);
        else
            answer_regex(&a, &in);
        arena_reset(&a);
    }
    free(line);
    arena_finish(&a);
    return 0;
}
