#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <stressor/stressor.h>

#include "cli/command.h"
#include "cli/compare_read.h"
#include "cli/compare_rows.h"
#include "cli/compare_show.h"
#include "cli/text.h"

/* The first ones are enum figure_kind. */
enum { ONLY = FIGURE_KINDS, FORMAT };

static const struct option_spec table[] = {
    {RESULT_P95, 0, "max-p95", "CHANGE", "the 95th percentile may be so much higher: +10%, +20ms"},
    {RESULT_P50, 0, "max-p50", "CHANGE", "likewise the median"},
    {RESULT_P99, 0, "max-p99", "CHANGE", "likewise the 99th percentile"},
    {RESULT_MEAN, 0, "max-mean", "CHANGE", "likewise the mean"},
    {RESULT_MAX, 0, "max-max", "CHANGE", "likewise the maximum"},
    {FIGURE_ERRORS, 0, "max-errors", "CHANGE", "so many more errors: +1% (percentage points), +3"},
    {FIGURE_RATE, 0, "min-rate", "CHANGE", "the rate may be so much lower: -5%, -10 (per second)"},
    {ONLY, 0, "only", "NAME", "compare only activities of this name, whatever their phase"},
    {FORMAT, 0, "format", "FORMAT", "text or markdown"},
    {0, 0, NULL, NULL, NULL},
};

struct choices {
    struct limits limits;
    const char *only;
    bool markdown;
};

static const char *option_name(int id)
{
    const struct option_spec *spec = table;
    while (spec->name != NULL && spec->id != id)
        spec++;
    return spec->name;
}

static bool take_limit(struct choices *choices, enum figure_kind kind, const char *value)
{
    bool is_least = kind == FIGURE_RATE;
    enum limit_reading reading = limit_read(&choices->limits.of[kind], kind, value);
    if (reading == LIMIT_UNSIGNED)
        command_wrong("compare",
                      "--%s %s: a change has a sign: %s%s (B may be %s) or %s%s (B must be %s)",
                      option_name((int)kind), value, is_least ? "-" : "+", value,
                      is_least ? "lower" : "higher", is_least ? "+" : "-", value,
                      is_least ? "higher" : "lower");
    else if (reading == LIMIT_WRONG)
        command_wrong("compare", "--%s %s: expected %s", option_name((int)kind), value,
                      kind == FIGURE_RATE     ? "a change such as -5% or -10"
                      : kind == FIGURE_ERRORS ? "a change such as +1% or +3"
                                              : "a change such as +10% or +20ms");
    return reading == LIMIT_READ;
}

static bool take(void *data, int id, const char *value)
{
    struct choices *choices = data;
    if (id == ONLY) {
        choices->only = value;
        return true;
    }
    if (id == FORMAT) {
        choices->markdown = strcmp(value, "markdown") == 0;
        if (choices->markdown || strcmp(value, "text") == 0)
            return true;
        command_wrong("compare", "--format %s: expected text or markdown", value);
        return false;
    }
    return take_limit(choices, (enum figure_kind)id, value);
}

static size_t terminal_width(void)
{
    struct winsize size;
    return isatty(STDOUT_FILENO) && ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 ? size.ws_col : 0;
}

/* --only names nothing: says so, with the nearest name that there is. */
static int nothing_of_that_name(const struct comparison *c)
{
    const char **names = calloc(c->b->rows_count + 1, sizeof *names);
    for (size_t i = 0; names != NULL && i < c->b->rows_count; i++)
        names[i] = c->b->rows[i].name;
    const char *nearest = names != NULL ? stressor_nearest(c->only, names) : NULL;
    int code =
        command_wrong("compare", "neither run has executed an activity \"%s\"%s%s%s", c->only,
                      nearest != NULL && strcmp(nearest, c->only) != 0 ? "; did you mean \"" : "",
                      nearest != NULL && strcmp(nearest, c->only) != 0 ? nearest : "",
                      nearest != NULL && strcmp(nearest, c->only) != 0 ? "\"?" : "");
    free(names);
    return code;
}

static int compare(const struct choices *choices, const struct results *a, const struct results *b)
{
    struct comparison c = {.a = a, .b = b, .limits = &choices->limits, .only = choices->only};
    int code = COMMAND_FINE;
    bool good = comparison_make(&c);
    if (good && c.only != NULL && c.pairs_count == 0)
        code = nothing_of_that_name(&c);
    else if (good && choices->markdown)
        good = compare_show_markdown(stdout, &c);
    else if (good)
        good = compare_show_text(stdout, &c, terminal_width());
    if (code == COMMAND_FINE && c.broken > 0)
        code = COMMAND_THRESHOLD;
    if (!good && ferror(stdout) == 0)
        fputs("stressor: out of memory\n", stderr);
    comparison_finish(&c);
    return good ? code : command_worse(code, COMMAND_ERRORS);
}

static int run(const struct command *self, int argc, char **argv, struct common_options *common)
{
    struct choices choices = {.only = NULL};
    struct results a, b;
    int code = COMMAND_FINE;
    int first = command_options(self, argc, argv, take, &choices, common, &code);
    if (first < 0)
        return code;
    if (argc - first != 2)
        return command_wrong(self->name, "two reports of --report json are needed, not %d",
                             argc - first);
    bool read_a = results_read(&a, argv[first]);
    bool read_b = results_read(&b, argv[first + 1]);
    code = read_a && read_b ? compare(&choices, &a, &b) : COMMAND_USAGE;
    results_finish(&a);
    results_finish(&b);
    return code;
}

const struct command command_compare = {
    .name = "compare",
    .usage = "[OPTION]... A.json B.json",
    .help = "Tells what changed from one run to another",
    .details =
        "A.json and B.json are reports of \"stressor run --report json\". Activities are\n"
        "matched by name and phase; those that got worst come first (a percentage point\n"
        "of errors counts as much as 10 % of latency).\n\n"
        "Tolerances are measured by A, for all net activities together and for each that\n"
        "does not ignore timing; one that B did not execute breaks them. They have a sign,\n"
        "which 0 alone may do without. Exit code 4 when one is broken, 2 when a file is not\n"
        "a report. The comparison is printed in any case, also with -q.\n",
    .options = table,
    .run = run,
};
