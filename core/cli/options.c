#include "cli/options.h"

#include <errno.h>
#include <getopt.h>
#include <stdlib.h>
#include <string.h>

#include <stressor/stressor.h>

#include "cli/command.h"

/* In both tables together, the end included. */
#define OPTIONS_MAX 40
/* What getopt_long returns: this and the index into both tables. */
#define FIRST_CODE 256

enum { VERBOSE, QUIET, NO_COLOR, LOG, PLUGIN_PATH, HELP, VERSION };

static const struct option_spec common_table[] = {
    {VERBOSE, 'v', "verbose", NULL, "log more; -vv still more"},
    {QUIET, 'q', "quiet", NULL,
     "log less, and reduce the summary to verdict and errors; -qq: no summary"},
    {NO_COLOR, 0, "no-color", NULL, "no colours, not even on a terminal"},
    {LOG, 0, "log", "PATH", "write the log to this file too, or to a new file in this folder"},
    {PLUGIN_PATH, 0, "plugin-path", "DIR", "look for plugins in this folder first; repeatable"},
    {HELP, 'h', "help", NULL, "show this help"},
    {VERSION, 'V', "version", NULL, "show the version"},
    {0, 0, NULL, NULL, NULL},
};

/* Both tables in the forms that getopt_long wants. */
struct forms {
    const struct option_spec *specs[OPTIONS_MAX];
    struct option longs[OPTIONS_MAX];
    char shorts[3 * OPTIONS_MAX + 3];
    size_t count;
    size_t own_count;
};

bool common_options_init(struct common_options *common, int argc)
{
    *common = (struct common_options){0};
    common->plugin_paths = calloc((size_t)argc + 1, sizeof *common->plugin_paths);
    return common->plugin_paths != NULL;
}

void common_options_finish(struct common_options *common)
{
    free(common->plugin_paths);
}

int common_options_level(const struct common_options *common, int otherwise)
{
    if (common->verbose > 0)
        return common->verbose == 1 ? STRESSOR_LOG_DEBUG : STRESSOR_LOG_TRACE;
    if (common->quiet > 0)
        return common->quiet < 3 ? STRESSOR_LOG_INFO - (int)common->quiet : STRESSOR_LOG_CRITICAL;
    return otherwise;
}

static bool is_optional(const struct option_spec *spec)
{
    return spec->argument != NULL && spec->argument[0] == '[';
}

static int getopt_kind(const struct option_spec *spec)
{
    if (spec->argument == NULL)
        return no_argument;
    return is_optional(spec) ? optional_argument : required_argument;
}

static void forms_add(struct forms *f, const struct option_spec *table)
{
    char *next = f->shorts + strlen(f->shorts);
    for (; table != NULL && table->name != NULL && f->count + 1 < OPTIONS_MAX; table++) {
        int kind = getopt_kind(table);
        f->longs[f->count] = (struct option){table->name, kind, NULL, FIRST_CODE + (int)f->count};
        f->specs[f->count++] = table;
        if (table->letter != 0) {
            *next++ = table->letter;
            for (int colons = kind; colons > 0; colons--)
                *next++ = ':';
        }
    }
    *next = '\0';
}

static const struct option_spec *forms_find(const struct forms *f, int code)
{
    if (code >= FIRST_CODE && (size_t)(code - FIRST_CODE) < f->count)
        return f->specs[code - FIRST_CODE];
    for (size_t i = 0; i < f->count; i++) {
        if (f->specs[i]->letter != 0 && f->specs[i]->letter == code)
            return f->specs[i];
    }
    return NULL;
}

static bool is_own(const struct forms *f, const struct option_spec *spec)
{
    for (size_t i = 0; i < f->own_count; i++) {
        if (f->specs[i] == spec)
            return true;
    }
    return false;
}

static void wrong_long(const struct forms *f, const char *command, const char *word)
{
    const char *names[OPTIONS_MAX] = {NULL};
    const char *begun[2] = {NULL, NULL};
    char typed[64];
    size_t length = strcspn(word + 2, "=");
    if (length >= sizeof typed)
        length = sizeof typed - 1;
    memcpy(typed, word + 2, length);
    typed[length] = '\0';
    for (size_t i = 0; i < f->count; i++) {
        names[i] = f->specs[i]->name;
        if (strncmp(names[i], typed, length) == 0)
            begun[begun[0] == NULL ? 0 : 1] = names[i];
    }
    const char *nearest = stressor_nearest(typed, names);
    if (begun[1] != NULL)
        command_wrong(command, "option \"--%s\" is not clear: it could be \"--%s\" or \"--%s\"",
                      typed, begun[0], begun[1]);
    else if (nearest != NULL)
        command_wrong(command, "there is no option \"--%s\"; did you mean \"--%s\"?", typed,
                      nearest);
    else
        command_wrong(command, "there is no option \"--%s\"%s", typed,
                      command == NULL ? " before the subcommand" : "");
}

/* `code` is what getopt_long returned: '?' or ':'. */
static void wrong_option(const struct forms *f, const char *command, int code, const char *word)
{
    const struct option_spec *spec = forms_find(f, optopt);
    if (code == ':' && spec != NULL)
        command_wrong(command, "option \"%s\" needs a value: --%s %s", word, spec->name,
                      spec->argument);
    else if (spec != NULL)
        command_wrong(command, "option \"--%s\" takes no value", spec->name);
    else if (optopt != 0)
        command_wrong(command, "there is no option \"-%c\"%s", optopt,
                      command == NULL ? " before the subcommand" : "");
    else
        wrong_long(f, command, word);
}

static void take_common(struct common_options *common, int id, const char *value)
{
    switch (id) {
    case VERBOSE: common->verbose++; break;
    case QUIET: common->quiet++; break;
    case NO_COLOR: common->no_color = true; break;
    case LOG: common->log = value; break;
    case PLUGIN_PATH: common->plugin_paths[common->plugin_paths_count++] = value; break;
    case HELP: common->help = true; break;
    default: common->version = true; break;
    }
}

int options_read(int argc, char **argv, const char *command, const struct option_spec *own,
                 options_take take, void *data, struct common_options *common)
{
    struct forms f = {.shorts = ""};
    strcpy(f.shorts, command == NULL ? "+:" : ":");
    forms_add(&f, own);
    f.own_count = f.count;
    forms_add(&f, common_table);
    optind = 0; /* glibc: start anew */
    opterr = 0;
    for (;;) {
        int code = getopt_long(argc, argv, f.shorts, f.longs, NULL);
        if (code == -1)
            break;
        const struct option_spec *spec = code == '?' || code == ':' ? NULL : forms_find(&f, code);
        if (spec == NULL) {
            wrong_option(&f, command, code, argv[optind - 1]);
            return -1;
        }
        if (!is_own(&f, spec))
            take_common(common, spec->id, optarg);
        else if (!take(data, spec->id, optarg))
            return -1;
    }
    if (common->verbose > 0 && common->quiet > 0) {
        command_wrong(command, "-v and -q exclude each other");
        return -1;
    }
    return optind;
}

void options_print(FILE *out, const struct option_spec *table)
{
    for (const struct option_spec *s = table != NULL ? table : common_table; s->name != NULL; s++) {
        char form[40];
        const char *gap = s->argument != NULL && !is_optional(s) ? " " : "";
        snprintf(form, sizeof form, "--%s%s%s", s->name, gap,
                 s->argument != NULL ? s->argument : "");
        if (s->letter != 0)
            fprintf(out, "  -%c, %-21s %s\n", s->letter, form, s->help);
        else
            fprintf(out, "      %-21s %s\n", form, s->help);
    }
}

bool options_number(const char *text, uint64_t least, uint64_t most, uint64_t *out)
{
    size_t digits = strspn(text, "0123456789");
    if (digits == 0 || text[digits] != '\0')
        return false;
    errno = 0;
    unsigned long long n = strtoull(text, NULL, 10);
    if (errno != 0 || n < least || n > most)
        return false;
    *out = n;
    return true;
}
