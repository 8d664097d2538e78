#include <stdio.h>
#include <stdlib.h>

#include <stressor/stressor.h>

#include "cli/command.h"

static void print_name(void *data, const char *name, const char *help)
{
    if (*help != '\0')
        fprintf(data, "  %-8s %s\n", name, help);
    else
        fprintf(data, "  %s\n", name);
}

static void print_title(void *data, const char *name, const char *help)
{
    (void)name;
    (void)help;
    bool *titled = data;
    *titled = true;
}

int command_print_version(void)
{
    printf("stressor %s\n", stressor_version());
    return COMMAND_FINE;
}

void command_print_overview(FILE *out)
{
    bool externals = false;
    fprintf(out, "stressor %s runs scenarios of activities in parallel sessions\n\n",
            stressor_version());
    fputs("Usage: stressor [OPTION]... SUBCOMMAND [ARGUMENT]...\n\nSubcommands:\n", out);
    for (size_t i = 0; command_at(i) != NULL; i++)
        fprintf(out, "  %-8s %s\n", command_at(i)->name, command_at(i)->help);
    command_externals(print_title, &externals);
    if (externals) {
        fputs("\nSubcommands that are programs of their own:\n", out);
        command_externals(print_name, out);
    }
    fputs("\nOptions, before or after the subcommand:\n", out);
    options_print(out, NULL);
    fputs("\nExit code: 0 fine, 1 errors, 2 wrong usage or a scenario that does not compile,\n"
          "3 stopped by the user, 4 a threshold failed, 5 not to be trusted (with --strict). See\n"
          "also \"stressor help SUBCOMMAND\".\n",
          out);
}

static void print_parts(const struct command *self)
{
    puts("\nWhat it does:");
    for (size_t i = 0; self->parts[i] != NULL; i++) {
        if (!self->parts[i]->hidden)
            printf("  %-8s %s\n", command_part_name(self->parts[i]), self->parts[i]->help);
    }
    printf("\nSee also \"stressor %s NAME --help\".\n", self->name);
}

int command_print_help(const struct command *self)
{
    printf("Usage: stressor %s%s%s\n\n%s.\n", self->name, *self->usage != '\0' ? " " : "",
           self->usage, self->help);
    if (self->details != NULL)
        printf("\n%s", self->details);
    if (self->parts != NULL)
        print_parts(self);
    if (self->options != NULL) {
        puts("\nOptions:");
        options_print(stdout, self->options);
    }
    puts("\nOptions of all subcommands:");
    options_print(stdout, NULL);
    return COMMAND_FINE;
}

static int run(const struct command *self, int argc, char **argv, struct common_options *common)
{
    int code = COMMAND_FINE;
    int first = command_options(self, argc, argv, NULL, NULL, common, &code);
    if (first < 0)
        return code;
    const struct command *about = first < argc ? command_find(argv[first]) : NULL;
    const struct command *part =
        about != NULL && argc - first == 2 ? command_part(about, argv[first + 1]) : NULL;
    if (part != NULL)
        return command_print_help(part);
    if (argc - first > 1)
        return command_wrong(self->name, "one subcommand at a time; \"%s\" is too many",
                             argv[first + 1]);
    if (first == argc) {
        command_print_overview(stdout);
        return COMMAND_FINE;
    }
    if (about != NULL)
        return command_print_help(about);
    char help[] = "--help";
    char *external[] = {argv[first], help, NULL};
    return command_external(2, external);
}

const struct command command_help = {
    .name = "help",
    .usage = "[SUBCOMMAND [PART]]",
    .help = "Explains the program or one of its subcommands",
    .run = run,
};
