#include "plugin_metric.h"

#include <inttypes.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <stressor/plugin.h>

#include "family.h"

#define NAME_MOST 160

/* Base units are what OpenMetrics wants. */
static const struct unit {
    const char *ucum;
    const char *name;
    unsigned decimals;
} units[] = {{"ns", "seconds", 9},
             {"us", "seconds", 6},
             {"ms", "seconds", 3},
             {"s", "seconds", 0},
             {"By", "bytes", 0}};

static const struct unit *find_unit(const char *ucum)
{
    for (size_t i = 0; ucum != NULL && i < sizeof units / sizeof *units; i++)
        if (strcmp(units[i].ucum, ucum) == 0)
            return &units[i];
    return NULL;
}

static bool ends_with(const char *text, const char *end)
{
    size_t length = strlen(text), end_length = strlen(end);
    return length > end_length && strcmp(text + length - end_length, end) == 0;
}

/* What the format itself appends must not end a name. */
static void cut_suffixes(char *name)
{
    static const char *const suffixes[] = {"_total",   "_count",  "_sum",  "_bucket",
                                           "_created", "_gcount", "_gsum", "_info"};
    for (size_t i = 0; i < sizeof suffixes / sizeof *suffixes; i++) {
        if (ends_with(name, suffixes[i])) {
            name[strlen(name) - strlen(suffixes[i])] = '\0';
            i = (size_t)-1;
        }
    }
}

static bool is_fit(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

static void make_name(const stressor_metric_row *m, const char *prefix, char name[NAME_MOST])
{
    const struct unit *unit = find_unit(m->unit);
    snprintf(name, NAME_MOST - 16, "%s%s", prefix, m->name != NULL ? m->name : "");
    for (char *c = name; *c != '\0'; c++)
        if (!is_fit(*c))
            *c = '_';
    cut_suffixes(name);
    size_t length = strlen(name);
    if (unit != NULL &&
        !(ends_with(name, unit->name) && name[length - strlen(unit->name) - 1] == '_'))
        snprintf(name + length, NAME_MOST - length, "_%s", unit->name);
}

struct named {
    char name[NAME_MOST];
    uint32_t index;
};

static int name_order(const void *a, const void *b)
{
    const struct named *x = a, *y = b;
    int order = strcmp(x->name, y->name);
    return order != 0 ? order : x->index < y->index ? -1 : x->index > y->index;
}

static int index_order(const void *a, const void *b)
{
    const struct named *x = a, *y = b;
    return x->index < y->index ? -1 : x->index > y->index;
}

/* One for each metric, in their order, for free(). NULL: out of memory. */
static struct named *name_all(const stressor_snapshot *s)
{
    size_t count = s->metrics_count;
    struct named *all = calloc(count, sizeof *all);
    if (all == NULL)
        return NULL;
    for (uint32_t i = 0; i < count; i++) {
        all[i].index = i;
        make_name(s->metrics[i], "stressor_plugin_", all[i].name);
    }
    qsort(all, count, sizeof *all, name_order);
    for (size_t i = count - 1; i > 0; i--) {
        char prefix[48];
        if (strcmp(all[i].name, all[i - 1].name) != 0)
            continue;
        snprintf(prefix, sizeof prefix, "stressor_plugin%" PRIu32 "_", all[i].index);
        make_name(s->metrics[all[i].index], prefix, all[i].name);
    }
    qsort(all, count, sizeof *all, index_order);
    return all;
}

static void put_metric(struct out *o, const stressor_snapshot_api *api,
                       const stressor_metric_row *m, const char *name)
{
    static const enum family_type types[] = {FAMILY_GAUGE, FAMILY_COUNTER, FAMILY_GAUGE,
                                             FAMILY_SUMMARY};
    const struct unit *unit = find_unit(m->unit);
    unsigned decimals = unit != NULL ? unit->decimals : 0;
    struct family f = {name, m->kind < sizeof types / sizeof *types ? types[m->kind] : FAMILY_GAUGE,
                       unit != NULL ? unit->name : NULL, m->help};
    family_begin(o, &f);
    if (f.type == FAMILY_SUMMARY) {
        uint64_t count = m->histogram != NULL ? api->count(m->histogram) : 0;
        family_summary(o, &f, NULL, api,
                       &(struct summary){m->histogram, count, 0, decimals, false});
    } else {
        bool below = f.type == FAMILY_COUNTER && m->value < 0;
        family_decimal(o, &f, NULL, below ? 0 : m->value, decimals);
    }
}

void plugin_metrics_put(struct out *o, const stressor_snapshot_api *api, const stressor_snapshot *s)
{
    if (s->metrics_count == 0)
        return;
    struct named *all = name_all(s);
    if (all == NULL) {
        out_fail(o, STRESSOR_ENOMEM);
        return;
    }
    for (uint32_t i = 0; i < s->metrics_count; i++)
        put_metric(o, api, s->metrics[i], all[i].name);
    free(all);
}
