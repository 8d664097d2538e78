#include <stdlib.h>
#include <string.h>

#include "host.h"

static int32_t append(void *data, const char *bytes, uint64_t length)
{
    text_put(data, bytes, length);
    return 0;
}

/* `names` are put one behind the other: pointers into them are taken when all are there. */
static void take_names(struct kept *k, const char *const names[4])
{
    size_t at[4];
    for (int i = 0; i < 4; i++) {
        at[i] = k->names.length;
        text_put(&k->names, names[i], strlen(names[i]) + 1);
    }
    const char *all = k->names.bytes;
    bool whole = !k->names.failed;
    k->pub.type = whole ? all + at[0] : "";
    k->pub.label = whole ? all + at[1] : "";
    k->pub.sequence = whole ? all + at[2] : "";
    k->pub.failure.kind = whole ? all + at[3] : "";
}

static void take_text(struct kept *k, const stressor_result *r)
{
    text_put(&k->text, "", 0);
    if (r->text != NULL)
        text_put(&k->text, r->text, r->text_length);
    else if (r->value.type != STRESSOR_NULL)
        stressor_value_text(&r->value, append, &k->text);
    k->pub.text = k->text.failed ? "" : k->text.bytes;
    k->pub.text_length = k->text.length;
}

static void take_failure(struct kept *k, uint32_t category, const char *text, size_t length)
{
    text_put(&k->failure, text, length);
    k->pub.failure.category = category;
    k->pub.failure.text = k->failure.failed ? "" : k->failure.bytes;
    k->pub.failure.length = k->failure.failed ? 0 : k->failure.length;
}

static bool is_whole(const struct kept *k)
{
    return !k->names.failed && !k->text.failed && !k->failure.failed && k->value != NULL &&
           k->info != NULL;
}

static void kept_finish(struct kept *k)
{
    stressor_value_free(k->value);
    stressor_value_free(k->info);
    text_free(&k->text);
    text_free(&k->failure);
    text_free(&k->names);
    *k = (struct kept){0};
}

static bool fill(struct kept *k, const stressor_execution *e)
{
    const stressor_result *r = e->result;
    const stressor_failure *f = &r->failure;
    k->pub.size = sizeof k->pub;
    k->pub.status = e->status;
    k->pub.cancelled = e->cancelled;
    k->pub.phase = e->phase;
    k->pub.latency_ns = e->latency_ns;
    take_names(
        k, (const char *const[4]){e->type, e->label, e->sequence, f->kind != NULL ? f->kind : ""});
    take_text(k, r);
    take_failure(k, f->category, f->text != NULL ? f->text : "", f->text != NULL ? f->length : 0);
    k->value = stressor_value_copy(&r->value);
    k->info = stressor_value_copy(&r->info);
    if (!is_whole(k))
        return false;
    k->pub.value = *k->value;
    k->pub.info = *k->info;
    return true;
}

static bool has_room(struct stressor_test *t)
{
    if (t->results_count < t->results_room)
        return true;
    size_t room = t->results_room > 0 ? 2 * t->results_room : 16;
    struct kept **grown = realloc(t->results, room * sizeof *grown);
    if (grown == NULL)
        return false;
    t->results = grown;
    t->results_room = room;
    return true;
}

void result_keep(void *data, const stressor_execution *e)
{
    struct stressor_test *t = data;
    if (e->called || strcmp(e->type, PROBE_TYPE) == 0)
        return;
    struct kept *k = has_room(t) ? calloc(1, sizeof *k) : NULL;
    if (k != NULL && fill(k, e)) {
        t->results[t->results_count++] = k;
        return;
    }
    if (k != NULL)
        kept_finish(k);
    free(k);
    t->out_of_memory = true;
}

const stressor_test_result *result_nothing(struct stressor_test *t, const char *kind,
                                           const char *text)
{
    struct kept *k = &t->nothing;
    kept_finish(k);
    k->pub = (stressor_test_result){.size = sizeof k->pub,
                                    .status = STRESSOR_FAILED,
                                    .text = "",
                                    .value = stressor_null(),
                                    .info = stressor_null()};
    take_names(k, (const char *const[4]){"", "", "", kind});
    take_failure(k, STRESSOR_SCRIPT, text, strlen(text));
    return &k->pub;
}

void results_clear(struct stressor_test *t)
{
    for (size_t i = 0; i < t->results_count; i++) {
        kept_finish(t->results[i]);
        free(t->results[i]);
    }
    free(t->results);
    t->results = NULL;
    t->results_count = t->results_room = 0;
    kept_finish(&t->nothing);
}
