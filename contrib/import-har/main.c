/*
 * stressor-init -- makes the folder of a scenario: `stressor init`.
 *
 * Exit code: 0 fine, 1 it could not be made, 2 wrong usage or options, 3 stopped by the user.
 * Unless it is 0 nothing was made.
 */
#include <ctype.h>
#include <errno.h>
#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "importer.h"

enum { FINE, ERRORS, USAGE, STOPPED };

struct options {
    const char *target, *recording, *settings;
    bool force, keep_secrets;
};

static void usage(void)
{
    fputs(
        "Usage: stressor init [OPTION]... TARGET\n"
        "Makes the folder TARGET with a scenario to start from: scenario.yaml,\n"
        "main_sequence.yaml and users.yaml. Without --import it runs against \"stressor target\".\n"
        "\n"
        "      --import FILE.har  make it from a recording of a browser\n"
        "      --opts FILE        how to import: a YAML file with any of base_url,\n"
        "                         skip_externals, skip_errors, statics_types,\n"
        "                         collate_max_len, collate_max_duration,\n"
        "                         collate_max_pause, collate_thread_count, pause_min,\n"
        "                         pause_max\n"
        "      --keep-secrets     write passwords, tokens and cookies of the recording\n"
        "      --force            replace these files in a folder that is there\n"
        "  -h, --help             show this help\n",
        stdout);
}

/* Where to read more, after what is wrong was told. Always false. */
static bool see_help(void)
{
    fputs("See \"stressor init --help\".\n", stderr);
    return false;
}

/* True: go on. Else *status is the exit code. */
static bool options_read(struct options *o, int argc, char **argv, int *status)
{
    static const struct option known[] = {
        {"import", required_argument, NULL, 'i'}, {"opts", required_argument, NULL, 'o'},
        {"force", no_argument, NULL, 'f'},        {"keep-secrets", no_argument, NULL, 'k'},
        {"help", no_argument, NULL, 'h'},         {0},
    };
    static char name[] = "stressor init";
    int c;
    argv[0] = name;
    *status = USAGE;
    while ((c = getopt_long(argc, argv, "h", known, NULL)) != -1)
        switch (c) {
        case 'i': o->recording = optarg; break;
        case 'o': o->settings = optarg; break;
        case 'f': o->force = true; break;
        case 'k': o->keep_secrets = true; break;
        case 'h':
            usage();
            *status = FINE;
            return false;
        default: return see_help();
        }
    if (optind + 1 != argc) {
        fprintf(stderr, "stressor init: %s\n",
                optind == argc ? "the folder to make is missing" : "one folder at a time");
        return see_help();
    }
    o->target = argv[optind];
    if (o->recording == NULL && (o->settings != NULL || o->keep_secrets)) {
        fputs("stressor init: --opts and --keep-secrets say how to --import\n", stderr);
        return see_help();
    }
    return true;
}

/* The command to go on with, so that a shell reads it as it is meant. */
static void tell_run(const char *target)
{
    static const char safe[] = "/._-+:@%,=";
    bool plain = true;
    for (const char *c = target; *c != '\0'; c++)
        plain &= isalnum((unsigned char)*c) || (*c & 0x80) != 0 || strchr(safe, *c) != NULL;
    printf("stressor run %s", plain ? "" : "'");
    if (*target == '-')
        fputs("./", stdout);
    for (const char *c = target; *c != '\0'; c++)
        if (*c == '\'')
            fputs("'\\''", stdout);
        else
            putchar(*c);
    puts(plain ? "" : "'");
}

static void tell(const struct importer *im, const char *target)
{
    uint32_t left = im->count - im->counts[FATE_SENT] - im->counts[FATE_REDIRECTED];
    printf("%s: %u of %u entries in %u activities", target, im->counts[FATE_SENT], im->count,
           im->requests_written);
    if (im->counts[FATE_REDIRECTED] > 0)
        printf(", %u followed from redirects", im->counts[FATE_REDIRECTED]);
    if (left > 0)
        printf("; left out: %u of other origins, %u errors, %u others", im->counts[FATE_EXTERNAL],
               im->counts[FATE_ERROR], left - im->counts[FATE_EXTERNAL] - im->counts[FATE_ERROR]);
    putchar('\n');
    tell_run(target);
}

static bool import(const struct options *o, struct settings *settings, struct say *say)
{
    if (o->settings != NULL && !settings_read(settings, o->settings, say))
        return false;
    settings->keep_secrets = o->keep_secrets;
    struct importer *im = importer_new(settings, say);
    if (im == NULL)
        return say_no_memory(say);
    bool good =
        importer_run(im, o->recording) && folder_write(o->target, &im->files, o->force, say);
    if (good)
        tell(im, o->target);
    importer_free(im);
    return good;
}

static bool sample(const struct options *o, struct say *say)
{
    static struct files files;
    if (!write_sample(&files, say) || !folder_write(o->target, &files, o->force, say))
        return false;
    printf("%s: a scenario to start from\n"
           "stressor target              in another terminal\n",
           o->target);
    tell_run(o->target);
    return true;
}

int main(int argc, char **argv)
{
    struct options options = {0};
    struct settings settings = {0};
    struct say say = {0};
    int status;
    if (!options_read(&options, argc, argv, &status))
        return status;
    signal(SIGPIPE, SIG_IGN);
    say_watch();
    bool good = folder_check(options.target, options.force, &say) &&
                (options.recording == NULL
                     ? sample(&options, &say)
                     : settings_init(&settings, &say) && import(&options, &settings, &say));
    settings_finish(&settings);
    if (good)
        return FINE;
    if (say_stopped()) {
        fputs("stressor init: stopped; nothing was written\n", stderr);
        return STOPPED;
    }
    return settings.file_wrong ? USAGE : ERRORS;
}
