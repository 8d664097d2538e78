#include "base/regex.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/regex_dialect.h"
#include "base/utf8.h"

/*
 * What one match may cost. PCRE2 counts its match limit anew at every character at which a match
 * may begin, so a long text is searched in windows of such characters: the more, the fewer steps
 * each has, and the time is looked at between windows. Windows grow while they are quickly done.
 */
enum {
    STEPS_MAX = 10000000, /* of a match at one character; some 20 ms */
    WINDOW_FIRST = 1024,  /* characters */
    WINDOW_MAX = 64 << 10,
    HEAP_KIB_MAX = 64 << 10, /* of the interpreter, used when the JIT's stack is too small */
    JIT_STACK_FIRST = 32 << 10,
    JIT_STACK_MAX = 1 << 20,
    SCRATCH_KEPT_MAX = 256 << 10, /* bytes of a Latin-1 text's UTF-8 form */
    PAIRS_FIRST = 16,
};
/* Characters of a window times the bytes that each may look at: of the first, and of any. */
#define WORK_FIRST (UINT64_C(1) << 24)
#define WORK_MAX   (UINT64_C(1) << 32)
#define QUICK_NS   NS_PER_MS
/* Looked at cheaply by the wall first; being kept off the processor is not the pattern's fault. */
#define WALL_NS_MAX (NS_PER_S / 2)
#define CPU_NS_MAX  (NS_PER_S / 2)

struct stressor_regex {
    pcre2_code *code;
    uint32_t pairs; /* groups, and the whole */
    bool anchored;
    bool line_starts; /* matches begin only at the beginnings of lines */
    int required;     /* an ASCII character of every match, in either case; negative: not known */
};

/* What a thread needs for matching; made at its first match, freed when it ends. */
struct scratch {
    pcre2_match_context *context;
    pcre2_jit_stack *stack;
    pcre2_match_data *data;
    uint32_t pairs;
    bool interpret; /* the JIT's stack was too small for this search */
    char *utf8;
    size_t utf8_size;
};

static pthread_once_t key_once = PTHREAD_ONCE_INIT;
static pthread_key_t key;
static bool key_made;

static void scratch_free(void *p)
{
    struct scratch *s = p;
    pcre2_match_data_free(s->data);
    pcre2_match_context_free(s->context);
    pcre2_jit_stack_free(s->stack);
    free(s->utf8);
    free(s);
}

static void key_make(void)
{
    key_made = pthread_key_create(&key, scratch_free) == 0;
}

static struct scratch *scratch_new(void)
{
    struct scratch *s = calloc(1, sizeof *s);
    if (s == NULL)
        return NULL;
    s->context = pcre2_match_context_create(NULL);
    s->stack = pcre2_jit_stack_create(JIT_STACK_FIRST, JIT_STACK_MAX, NULL);
    if (s->context == NULL || pthread_setspecific(key, s) != 0) {
        scratch_free(s);
        return NULL;
    }
    pcre2_set_heap_limit(s->context, HEAP_KIB_MAX);
    if (s->stack != NULL)
        pcre2_jit_stack_assign(s->context, NULL, s->stack);
    return s;
}

static struct scratch *scratch_get(uint32_t pairs)
{
    pthread_once(&key_once, key_make);
    if (!key_made)
        return NULL;
    struct scratch *s = pthread_getspecific(key);
    if (s == NULL && (s = scratch_new()) == NULL)
        return NULL;
    if (s->data != NULL && s->pairs >= pairs)
        return s;
    pcre2_match_data_free(s->data);
    s->pairs = pairs > PAIRS_FIRST ? pairs : PAIRS_FIRST;
    s->data = pcre2_match_data_create(s->pairs, NULL);
    return s->data != NULL ? s : NULL;
}

static void tell(char *error, size_t size, const char *what, const char *pattern, size_t at)
{
    size_t character = 1;
    for (size_t i = 0; i < at; i++)
        character += ((unsigned char)pattern[i] & 0xC0) != 0x80;
    if (error != NULL && size != 0)
        snprintf(error, size, "%s at character %zu", what, character);
}

static struct stressor_regex *regex_make(pcre2_code *code, unsigned flags)
{
    struct stressor_regex *r = calloc(1, sizeof *r);
    if (r == NULL)
        return NULL;
    uint32_t groups = 0, options = 0, first = 0, has_last = 0, last = 0;
    pcre2_pattern_info(code, PCRE2_INFO_CAPTURECOUNT, &groups);
    pcre2_pattern_info(code, PCRE2_INFO_ALLOPTIONS, &options);
    pcre2_pattern_info(code, PCRE2_INFO_FIRSTCODETYPE, &first);
    pcre2_pattern_info(code, PCRE2_INFO_LASTCODETYPE, &has_last);
    pcre2_pattern_info(code, PCRE2_INFO_LASTCODEUNIT, &last);
    pcre2_jit_compile(code, PCRE2_JIT_COMPLETE); /* without JIT the interpreter matches */
    r->code = code;
    r->pairs = groups + 1;
    r->anchored = (flags & REGEX_AT_START) != 0 || (options & PCRE2_ANCHORED) != 0;
    r->line_starts = first == 2;
    r->required = has_last == 1 && last < 0x80 ? (int)last : -1;
    return r;
}

static pcre2_code *compile(const struct dialect *d, unsigned flags, int *problem, size_t *at)
{
    uint32_t options = PCRE2_UTF | PCRE2_NO_UTF_CHECK | PCRE2_NEVER_BACKSLASH_C |
                       PCRE2_USE_OFFSET_LIMIT | PCRE2_ALT_CIRCUMFLEX;
    if (!d->ascii)
        options |= PCRE2_UCP;
    if ((flags & REGEX_MULTILINE) != 0)
        options |= PCRE2_MULTILINE;
    if ((flags & REGEX_AT_START) != 0)
        options |= PCRE2_ANCHORED;
    *problem = PCRE2_ERROR_NOMEMORY;
    pcre2_compile_context *context = pcre2_compile_context_create(NULL);
    if (context == NULL)
        return NULL;
    pcre2_set_newline(context, PCRE2_NEWLINE_LF);
    pcre2_code *code =
        pcre2_compile((PCRE2_SPTR)d->out.data, d->out.length, options, problem, at, context);
    pcre2_compile_context_free(context);
    return code;
}

struct stressor_regex *regex_new(const char *pattern, size_t length, unsigned flags, char *error,
                                 size_t error_size)
{
    if (!utf8_valid(pattern, length)) {
        tell(error, error_size, "the pattern is no UTF-8", pattern, 0);
        return NULL;
    }
    struct stressor_regex *r = NULL;
    struct dialect d;
    if (!dialect_rewrite(&d, pattern, length)) {
        tell(error, error_size, d.error, pattern, d.error_at);
        dialect_finish(&d);
        return NULL;
    }
    int problem = 0;
    size_t at = 0;
    pcre2_code *code = compile(&d, flags, &problem, &at);
    if (code == NULL) {
        char what[128] = "malformed";
        pcre2_get_error_message(problem, (PCRE2_UCHAR *)what, sizeof what);
        tell(error, error_size, what, pattern, dialect_origin(pattern, length, at));
    } else if ((r = regex_make(code, flags)) == NULL) {
        pcre2_code_free(code);
        tell(error, error_size, "out of memory", pattern, 0);
    }
    dialect_finish(&d);
    return r;
}

void regex_free(struct stressor_regex *r)
{
    if (r == NULL)
        return;
    pcre2_code_free(r->code);
    free(r);
}

static int status_of(int rc)
{
    if (rc >= 0)
        return REGEX_YES;
    if (rc == PCRE2_ERROR_NOMATCH)
        return REGEX_NO;
    return rc == PCRE2_ERROR_NOMEMORY ? REGEX_NOMEM : REGEX_LIMIT;
}

/* Matches that begin at any of `window` bytes from `from`. */
static int match_window(const struct stressor_regex *r, struct scratch *s, const char *text,
                        size_t length, size_t from, size_t window)
{
    pcre2_set_match_limit(s->context, (uint32_t)(STEPS_MAX / window));
    pcre2_set_offset_limit(s->context, r->anchored ? PCRE2_UNSET : from + window - 1);
    uint32_t options = PCRE2_NO_UTF_CHECK;
    PCRE2_SPTR subject = (PCRE2_SPTR)text;
    int rc = PCRE2_ERROR_JIT_STACKLIMIT;
    if (!s->interpret)
        rc = pcre2_match(r->code, subject, length, from, options, s->data, s->context);
    if (rc == PCRE2_ERROR_JIT_STACKLIMIT) {
        s->interpret = true;
        rc = pcre2_match(r->code, subject, length, from, options | PCRE2_NO_JIT, s->data,
                         s->context);
    }
    return rc;
}

/* Where the window after the one that ends before `at` begins. SIZE_MAX: nowhere. */
static size_t next_start(const struct stressor_regex *r, const char *text, size_t length, size_t at)
{
    if (r->line_starts) {
        const char *newline = memchr(text + at - 1, '\n', length - at + 1);
        return newline != NULL ? (size_t)(newline - text) + 1 : SIZE_MAX;
    }
    while (at < length && ((unsigned char)text[at] & 0xC0) == 0x80)
        at++;
    return at;
}

/* When counting began; 0: not yet. */
struct budget {
    int64_t wall, cpu;
};

static bool budget_spent(struct budget *b, int64_t now)
{
    if (now - b->wall <= WALL_NS_MAX)
        return false;
    int64_t cpu = clock_thread_cpu();
    if (b->cpu == 0)
        b->cpu = cpu;
    return cpu - b->cpu > CPU_NS_MAX;
}

static size_t window_limit(uint64_t work, size_t length, size_t least, size_t most)
{
    uint64_t window = work / (length + 1);
    return window < least ? least : window > most ? most : (size_t)window;
}

/* PCRE2 looks for it itself, but in every window anew. */
static bool required_missing(const struct stressor_regex *r, const char *text, size_t length)
{
    if (r->required < 0 || length < WINDOW_FIRST)
        return false;
    int lower = r->required | 0x20;
    int other = lower >= 'a' && lower <= 'z' ? r->required ^ 0x20 : r->required;
    return memchr(text, r->required, length) == NULL && memchr(text, other, length) == NULL;
}

/* Searches text that is valid UTF-8; `from` is not within a character. */
static int search(const struct stressor_regex *r, struct scratch *s, const char *text,
                  size_t length, size_t from)
{
    size_t largest = window_limit(WORK_MAX, length, 16, WINDOW_MAX);
    size_t window = r->anchored ? 1 : window_limit(WORK_FIRST, length, 16, WINDOW_FIRST);
    int64_t now = !r->anchored && length - from >= window ? clock_now() : 0;
    struct budget budget = {.wall = now};
    s->interpret = false;
    if (required_missing(r, text + from, length - from))
        return REGEX_NO;
    for (;;) {
        int rc = match_window(r, s, text, length, from, window);
        if (rc == PCRE2_ERROR_MATCHLIMIT && window > 1) {
            window = window > 8 ? window / 8 : 1;
        } else if (rc != PCRE2_ERROR_NOMATCH || r->anchored || length - from < window) {
            return status_of(rc);
        } else {
            from = next_start(r, text, length, from + window);
            if (from == SIZE_MAX)
                return REGEX_NO;
        }
        int64_t before = now;
        now = clock_now();
        if (budget.wall == 0)
            budget.wall = now;
        if (budget_spent(&budget, now))
            return REGEX_LIMIT;
        if (rc == PCRE2_ERROR_NOMATCH && now - before < QUICK_NS)
            window = window * 2 < largest ? window * 2 : largest;
    }
}

static size_t latin1_size(const char *text, size_t length)
{
    size_t size = length;
    for (size_t i = 0; i < length; i++)
        size += (unsigned char)text[i] >= 0x80;
    return size;
}

static size_t character_count(const char *utf8, size_t length)
{
    size_t count = 0;
    for (size_t i = 0; i < length; i++)
        count += ((unsigned char)utf8[i] & 0xC0) != 0x80;
    return count;
}

/* The text as UTF-8 in the scratch memory. */
static const char *latin1_decode(struct scratch *s, const char *text, size_t length, size_t size)
{
    if (size > s->utf8_size) {
        free(s->utf8);
        s->utf8 = malloc(size);
        s->utf8_size = s->utf8 != NULL ? size : 0;
        if (s->utf8 == NULL)
            return NULL;
    }
    char *to = s->utf8;
    for (size_t i = 0; i < length; i++)
        to += utf8_encode((unsigned char)text[i], to);
    return s->utf8;
}

/* Large memory is not kept; the interpreter leaves its own with the match data. */
static void scratch_trim(struct scratch *s)
{
    if (s->interpret) {
        pcre2_match_data_free(s->data);
        s->data = NULL;
    }
    if (s->utf8_size > SCRATCH_KEPT_MAX) {
        free(s->utf8);
        s->utf8 = NULL;
        s->utf8_size = 0;
    }
}

/* `utf8` is what was searched when the text itself was not. */
static void spans_copy(const struct stressor_regex *r, const struct scratch *s, const char *utf8,
                       size_t *spans, size_t count)
{
    const size_t *found = pcre2_get_ovector_pointer(s->data);
    for (size_t i = 0; i < 2 * count; i++) {
        spans[i] = i < 2 * (size_t)r->pairs ? found[i] : SIZE_MAX;
        if (utf8 != NULL && spans[i] != SIZE_MAX)
            spans[i] = character_count(utf8, spans[i]);
    }
}

int regex_find(const struct stressor_regex *r, const char *text, size_t length, size_t start,
               size_t *spans, size_t count)
{
    if (start > length)
        return REGEX_NO;
    struct scratch *s = scratch_get(r->pairs);
    if (s == NULL)
        return REGEX_NOMEM;
    const char *utf8 = NULL;
    int status;
    if (utf8_valid(text, length)) {
        while (start < length && ((unsigned char)text[start] & 0xC0) == 0x80)
            start++;
        status = search(r, s, length != 0 ? text : "", length, start);
    } else {
        size_t size = latin1_size(text, length);
        utf8 = latin1_decode(s, text, length, size);
        status = utf8 == NULL ? REGEX_NOMEM : search(r, s, utf8, size, latin1_size(text, start));
    }
    if (status == REGEX_YES)
        spans_copy(r, s, utf8, spans, count);
    scratch_trim(s);
    return status;
}

int regex_match(const struct stressor_regex *r, const char *text, size_t length)
{
    return regex_find(r, text, length, 0, NULL, 0);
}
