#include <errno.h>
#include <getopt.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "check.h"

enum { EXIT_FINE = 0, EXIT_FAULTS = 1, EXIT_USAGE = 2, TRIES_MAX = 64 };
enum { NAME_WIDTH = 15 };

struct options options;

/* Where a check is made; what it says when all is well. */
static const struct {
    const char *name, *fine;
    bool quick; /* --quick makes it too */
    bool memory;
} checks[CHECKS] = {
    [CHECK_FILE] = {"file", "a shared object for this machine", true, false},
    [CHECK_EXPORTS] = {"exports", "only " STRESSOR_PLUGIN_ENTRY, true, false},
    [CHECK_SYMBOLS] = {"symbols", "every symbol is bound when it is loaded", true, false},
    [CHECK_LOAD] = {"load time", "within 1 s", true, false},
    [CHECK_DESCRIPTOR] = {"descriptor", "well formed, schemas too", true, false},
    [CHECK_LIFE] = {"life cycle", "from init to fini, several runs in a process", true, false},
    [CHECK_RESULTS] = {"results", "whole; failures say why", true, false},
    [CHECK_ONCE] = {"complete once", "", true, false},
    [CHECK_START] = {"not in start", "complete is not called inside start", true, false},
    [CHECK_THREAD] = {"right thread", "on the session's worker; several workers", true, false},
    [CHECK_COMPLETES] = {"completes", "whatever was pending did, within the grace period", true,
                         false},
    [CHECK_CANCEL] = {"cancel", "", true, false},
    [CHECK_LATE] = {"late use", "nothing is written after completion", true, false},
    [CHECK_MACROS] = {"macros", "", true, false},
    [CHECK_REPORTS] = {"reports", "", true, false},
    [CHECK_MEMORY] = {"no memory", "", false, true},
    [CHECK_LEAKS] = {"leaks", "nothing of its own is left after fini", false, true},
    [CHECK_LEFT] = {"left behind", "no threads, descriptors, timers, watches", false, false},
    [CHECK_CRASH] = {"crashes", "", true, false},
    [CHECK_HANG] = {"hangs", "nothing held a worker up", true, false},
};

static void usage(void)
{
    printf(
        "Usage: stressor-plugin-check [OPTION]... FILE.so\n"
        "Runs a plugin's activities in processes of their own, and tells what it does wrong.\n\n"
        "  --activity TYPE  look at this activity type only\n"
        "  --try YAML       an activity that it can run: '{activity: Hello, who: you}'; may be\n"
        "                   given again\n"
        "  --with FILE.so   load another plugin beside it, such as the one that declares the type\n"
        "                   of its script engine; may be given again\n"
        "  --seed N         of what it makes up, to see the same again; 1 without it\n"
        "  --quick          leave out what takes long\n"
        "  -h, --help       this text\n\n"
        "Exit code: 0 fine, 1 faults, 2 wrong usage.\n");
}

static int see_help(void)
{
    fputs("See \"stressor-plugin-check --help\".\n", stderr);
    return EXIT_USAGE;
}

/* Says what is wrong on the command line. */
__attribute__((format(printf, 1, 2))) static int wrong(const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    fputs("stressor-plugin-check: ", stderr);
    vfprintf(stderr, fmt, args);
    fputc('\n', stderr);
    va_end(args);
    return see_help();
}

static bool take_number(const char *text, uint64_t *out)
{
    char *end;
    if (text[0] < '0' || text[0] > '9')
        return false;
    errno = 0;
    *out = strtoull(text, &end, 10);
    return *end == '\0' && errno == 0;
}

/* The following: -1: go on; else the exit code. */

static int take_file(const char *file, char out[PATH_MAX])
{
    return realpath(file, out) != NULL ? -1 : wrong("there is no file '%s'", file);
}

static int take_with(const char *file)
{
    static const char *with[WITH_MAX + 1];
    static char paths[WITH_MAX][PATH_MAX];
    static size_t count;
    if (count == WITH_MAX)
        return wrong("at most %d files --with it", WITH_MAX);
    options.with = with;
    with[count] = paths[count];
    return take_file(file, paths[count++]);
}

static int take_try(const char *text)
{
    static const char *tries[TRIES_MAX + 1];
    static size_t count;
    if (count == TRIES_MAX)
        return wrong("at most %d activities to --try", TRIES_MAX);
    options.tries = tries;
    tries[count++] = text;
    return -1;
}

static int take_seed(const char *text)
{
    return take_number(text, &options.seed) ? -1 : wrong("'%s' is no seed: a number", text);
}

static int take_options(int argc, char **argv)
{
    static const struct option known[] = {{"activity", required_argument, NULL, 'a'},
                                          {"try", required_argument, NULL, 't'},
                                          {"seed", required_argument, NULL, 's'},
                                          {"quick", no_argument, NULL, 'q'},
                                          {"with", required_argument, NULL, 'w'},
                                          {"help", no_argument, NULL, 'h'},
                                          {NULL, 0, NULL, 0}};
    static char path[PATH_MAX], name[] = "stressor-plugin-check"; /* as getopt_long calls it */
    int code = -1;
    argv[0] = name;
    options.seed = 1;
    for (int c; code < 0 && (c = getopt_long(argc, argv, "h", known, NULL)) != -1;) {
        switch (c) {
        case 'a': options.activity = optarg; break;
        case 't': code = take_try(optarg); break;
        case 's': code = take_seed(optarg); break;
        case 'w': code = take_with(optarg); break;
        case 'q': options.quick = true; break;
        case 'h': usage(); return EXIT_FINE;
        default: code = see_help();
        }
    }
    if (code < 0 && argc - optind != 1)
        code = wrong("expected one FILE.so, found %d", argc - optind);
    options.file = path;
    return code < 0 ? take_file(argv[optind], path) : code;
}

/* --- output ---------------------------------------------------------------------------------- */

static void print_count(const char *before, uint64_t count, const char *what, const char *after)
{
    printf("%s%llu %s%s%s", before, (unsigned long long)count, what, count == 1 ? "" : "s", after);
}

static void print_fine(enum check check)
{
    printf("ok     %-*s", NAME_WIDTH, checks[check].name);
    switch (check) {
    case CHECK_ONCE: print_count("of ", atomic_load(&shared->executions), "execution", ""); break;
    case CHECK_CANCEL:
        print_count("", atomic_load(&shared->cancels), "time", ", each was answered");
        break;
    case CHECK_MACROS:
        print_count("in ", atomic_load(&shared->macros), "run", ", arguments made up");
        break;
    case CHECK_REPORTS:
        printf("%llu written and rendered", (unsigned long long)atomic_load(&shared->reports));
        break;
    case CHECK_MEMORY:
        print_count("", atomic_load(&shared->denied), "allocation", " failed in turn");
        break;
    case CHECK_CRASH:
        if (atomic_load(&shared->cases) == 0)
            printf("none while it was loaded");
        else {
            print_count("none in ", atomic_load(&shared->cases), "run", ", arguments made up");
            printf(" with seed %llu", (unsigned long long)options.seed);
        }
        break;
    default: printf("%s", checks[check].fine); break;
    }
    printf("\n");
}

static bool never_ended(const struct endings *e)
{
    return e->pending > 0 && e->ended == 0;
}

static bool some_never_ended(void)
{
    for (size_t i = 0; i < KINDS_MAX; i++)
        if (never_ended(&shared->endings[i]))
            return true;
    return false;
}

/* After the last stage. In virtual time every timer has fired, and nothing else is awaited. */
static void check_endings(void)
{
    for (size_t i = 0; i < KINDS_MAX && !atomic_load(&shared->awaits); i++) {
        const struct endings *e = &shared->endings[i];
        if (never_ended(e))
            found(CHECK_COMPLETES, e->name,
                  "start returned STRESSOR_PENDING, and only a cancel ever ended it, each of "
                  "%llu time%s; call host->complete when it is done (if it waits for something "
                  "else, say an activity that can end with --try)",
                  (unsigned long long)e->pending, e->pending == 1 ? "" : "s");
    }
}

/* What a check needs to see, and there was none of. NULL: nothing is missing. */
static const char *nothing_to_try(enum check check)
{
    const char *none = atomic_load(&shared->kinds) > 0 ? "not tried: none of its activities ran"
                                                       : "not tried: no activities";
    bool ran = atomic_load(&shared->executions) > 0, macros = atomic_load(&shared->macros) > 0,
         reports = atomic_load(&shared->reports) > 0;
    switch (check) {
    case CHECK_RESULTS:
    case CHECK_ONCE:
    case CHECK_START:
    case CHECK_THREAD:
    case CHECK_LATE: return ran ? NULL : none;
    case CHECK_COMPLETES:
        if (ran && some_never_ended())
            return "nothing ended of its own accord: say an activity that can with --try";
        return ran ? NULL : none;
    case CHECK_CANCEL:
        if (!ran)
            return none;
        return atomic_load(&shared->cancels) > 0 ? NULL : "not tried: no execution was pending";
    case CHECK_MACROS: return macros ? NULL : "not tried: no macros";
    case CHECK_REPORTS: return reports ? NULL : "not tried: no reports";
    case CHECK_MEMORY: return ran || macros ? NULL : "not tried: no activities and no macros";
    case CHECK_LIFE:
    case CHECK_LEAKS:
    case CHECK_LEFT:
    case CHECK_HANG: return ran || macros || reports ? NULL : "not tried: nothing of it ran";
    default: return NULL;
    }
}

/* `loaded`: the stages after loading were begun, `whole`: and run to the end. NULL: it was. */
static const char *not_looked_at(enum check check, bool is_file, bool loaded, bool whole)
{
    bool made = loaded;
    switch (check) {
    case CHECK_FILE: made = true; break;
    case CHECK_EXPORTS: made = is_file; break;
    case CHECK_SYMBOLS:
    case CHECK_LOAD: made = atomic_load(&shared->opened); break;
    case CHECK_DESCRIPTOR: made = atomic_load(&shared->described); break;
    default: break;
    }
    if (!made)
        return "not looked at";
    if (!whole && check > CHECK_DESCRIPTOR)
        return "not looked at to the end";
    if (checks[check].memory && !memory_available())
        return "not looked at: built with sanitizers";
    if (options.quick && !checks[check].quick)
        return "not looked at: --quick";
    return nothing_to_try(check);
}

/* How many faults. */
static unsigned print_all(bool is_file, bool loaded, bool whole)
{
    unsigned faults = 0;
    for (int check = 0; check < CHECKS; check++) {
        bool fine = true;
        for (uint32_t i = 0; i < atomic_load(&shared->findings_count); i++) {
            const struct finding *f = &shared->findings[i];
            if (f->check != (uint32_t)check)
                continue;
            fine = false;
            faults++;
            printf("FAULT  %-*s%s%s%s\n", NAME_WIDTH, checks[check].name, f->about,
                   f->about[0] != '\0' ? ": " : "", f->text);
        }
        if (!fine)
            continue;
        const char *why = not_looked_at((enum check)check, is_file, loaded, whole);
        if (why != NULL)
            printf("-      %-*s%s\n", NAME_WIDTH, checks[check].name, why);
        else
            print_fine((enum check)check);
    }
    for (uint32_t i = 0; i < atomic_load(&shared->notes_count); i++)
        printf("note   %s\n", shared->notes[i]);
    return faults;
}

int main(int argc, char **argv)
{
    static const struct {
        const char *name;
        void (*body)(void);
        bool quick;
    } stages[] = {{"running its activities", stage_basic, true},
                  {"cancelling", stage_cancel, true},
                  {"several workers", stage_workers, true},
                  {"made-up arguments", stage_fuzz, true},
                  {"failing allocations", stage_memory, false},
                  {"rounds from init to fini", stage_leaks, false}};
    int code = take_options(argc, argv);
    if (code >= 0)
        return code;
    if (!shared_init()) {
        fprintf(stderr, "stressor-plugin-check: out of memory\n");
        return EXIT_USAGE;
    }
    bool is_file = elf_check(options.file), loaded = false;
    if (is_file) {
        loaded = stage_run("loading it", stage_load) && !was_found(CHECK_SYMBOLS, "") &&
                 !was_found(CHECK_DESCRIPTOR, "") && !was_found(CHECK_CRASH, "");
    }
    bool going = loaded && shared->wrong[0] == '\0';
    for (size_t i = 0; i < sizeof stages / sizeof *stages && going; i++)
        if (stages[i].quick || !options.quick)
            going = stage_run(stages[i].name, stages[i].body) && !is_stuck() &&
                    shared->wrong[0] == '\0';
    if (shared->wrong[0] != '\0')
        return wrong("%s", shared->wrong);
    if (going)
        check_endings();
    unsigned faults = print_all(is_file, loaded, going);
    if (faults > 0)
        printf("%u fault%s in %s\n", faults, faults == 1 ? "" : "s", options.file);
    return faults > 0 ? EXIT_FAULTS : EXIT_FINE;
}
