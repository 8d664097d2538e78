#include "plan/compile.h"

#include <string.h>

#include "stats/watch.h"

/* config.watch: which processes are looked at. */

enum { WATCH_NAME_MAX = 4096 /* bytes */ };

/* Where item `i` stands; the whole entry where it came from a macro. */
static const struct place *item_place(const struct node *n, size_t i)
{
    return n->kind == NODE_LIST && i < n->count ? &n->items[i]->at : &n->at;
}

static bool take_item(struct compile *c, const struct place *at, const stressor_value *v,
                      const char **out)
{
    struct arena *a = &c->plan->arena;
    const char *wrong = NULL;
    if (v->type == STRESSOR_INT) {
        if (v->as.integer <= 0 || v->as.integer > INT32_MAX)
            return diag_error(
                c->diag, at,
                "key 'watch' of section 'config': expected the id of a process, found "
                "the integer %lld",
                (long long)v->as.integer);
        *out = arena_printf(a, "%lld", (long long)v->as.integer);
    } else {
        size_t length = (size_t)v->as.string.length;
        if ((v->flags & STRESSOR_SECRET) != 0)
            wrong = "text that may be shown, found a secret";
        else if (length == 0)
            wrong = "a process id, the path of a pid file or the name of a process, found ''";
        else if (length > WATCH_NAME_MAX || memchr(v->as.string.ptr, '\0', length) != NULL)
            wrong = "a shorter text without NUL";
        if (wrong != NULL)
            return diag_error(c->diag, at, "key 'watch' of section 'config': expected %s", wrong);
        *out = arena_copy(a, v->as.string.ptr, length);
    }
    return *out != NULL || diag_error(c->diag, NULL, "out of memory");
}

void compile_watch(struct compile *c, const struct node *n, const stressor_value *v)
{
    struct stressor_plan *plan = c->plan;
    if (v->type == STRESSOR_NULL || n == NULL)
        return;
    bool list = v->type == STRESSOR_LIST;
    size_t count = list ? (size_t)v->as.list.count : 1;
    if (count > WATCH_MAX) {
        diag_error(c->diag, &n->at,
                   "key 'watch' of section 'config': expected at most %d processes, found %zu",
                   (int)WATCH_MAX, count);
        return;
    }
    const char **names = compile_alloc(c, count * sizeof *names);
    if (names == NULL)
        return;
    for (size_t i = 0; i < count; i++)
        if (take_item(c, item_place(n, i), list ? value_at(v, i) : v, &names[plan->watch_count]))
            plan->watch_count++;
    plan->watch = names;
}
