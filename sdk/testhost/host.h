/*
 * host -- what the files of the test host share.
 */
#ifndef TESTHOST_HOST_H
#define TESTHOST_HOST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <stressor/testhost.h>

/* A text that grows; it ends in NUL once it holds anything. */
struct text {
    char *bytes;
    size_t length, room;
    bool failed; /* memory was out: what was added since is missing */
};

void text_put(struct text *t, const char *bytes, size_t length);
void text_puts(struct text *t, const char *text);
/* The lines of a text, each with `indent` in front and a newline behind. */
void text_lines(struct text *t, const char *indent, const char *text);
void text_clear(struct text *t); /* keeps its memory */
void text_free(struct text *t);

/* A key of a section of the scenario, or a variable as it was at the end. */
struct pair {
    struct pair *next;
    char *yaml;
    stressor_value *value;
    char name[];
};

struct pair *pair_find(struct pair *first, const char *name, size_t length);
/* A new one behind the others; NULL: out of memory. */
struct pair *pair_add(struct pair **first, const char *name, size_t length);
void pairs_free(struct pair **first);

/* An execution, with what its result points to. */
struct kept {
    stressor_test_result pub;
    stressor_value *value, *info;
    struct text text, failure, names; /* names: type, label, sequence and kind, each with its NUL */
};

enum section { SECTION_CONFIG, SECTION_CONTEXT, SECTION_SESSIONS, SECTIONS };

struct stressor_test {
    stressor_engine *engine;
    struct pair *sections[SECTIONS];
    bool dry_run;
    int64_t stop_delay_ns; /* negative: never */
    uint32_t stop_how;
    int64_t timeout_ns;

    /* What the last run left. */
    struct kept **results;
    size_t results_count, results_room;
    struct kept nothing; /* the result where nothing ran */
    struct text log, scenario, mistakes;
    struct pair *variables;
    struct pair *texts; /* given out by stressor_test_text */
    bool out_of_memory;
};

/* The plugin that ends a run of the test host, and keeps its variables; see probe.c. */
#define PROBE_TYPE "StressorTestEnd"
const stressor_plugin *probe_entry(void);
/* The test that it works for; NULL: none. [main] */
void probe_serve(struct stressor_test *t);

/* Keeps an execution; [worker], the `executed` of a run. */
void result_keep(void *data, const stressor_execution *e);
/* The result where nothing ran. */
const stressor_test_result *result_nothing(struct stressor_test *t, const char *kind,
                                           const char *text);
void results_clear(struct stressor_test *t);

#endif
