#include "cli/command.h"

#include <errno.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <stressor/stressor.h>

#include "cli/text.h"

#define PARTS_MAX 16

/* Sorted by name. */
static const struct command *const commands[] = {
    &command_check, &command_compare, &command_help, &command_plugin,
    &command_run,   &command_schema,  &command_show,
};

#define COMMANDS (sizeof commands / sizeof *commands)

static int compare(const void *name, const void *command)
{
    return strcmp(name, (*(const struct command *const *)command)->name);
}

const struct command *command_find(const char *name)
{
    const struct command *const *found =
        bsearch(name, commands, COMMANDS, sizeof *commands, compare);
    return found == NULL ? NULL : *found;
}

const struct command *command_at(size_t index)
{
    return index < COMMANDS ? commands[index] : NULL;
}

const char *command_part_name(const struct command *part)
{
    const char *space = strrchr(part->name, ' ');
    return space == NULL ? part->name : space + 1;
}

const struct command *command_part(const struct command *self, const char *name)
{
    for (size_t i = 0; self->parts != NULL && self->parts[i] != NULL; i++) {
        if (strcmp(command_part_name(self->parts[i]), name) == 0)
            return self->parts[i];
    }
    return NULL;
}

/* Complains about a part that does not exist, with the nearest, or all where none is near. */
static int unknown_part(const struct command *self, const char *name)
{
    const char *names[PARTS_MAX + 1] = {NULL};
    char all[512] = "";
    size_t count = 0;
    for (size_t i = 0; self->parts[i] != NULL && count < PARTS_MAX; i++) {
        if (self->parts[i]->hidden)
            continue;
        size_t used = strlen(all);
        names[count] = command_part_name(self->parts[i]);
        snprintf(all + used, sizeof all - used, "%s%s", count > 0 ? ", " : "", names[count]);
        count++;
    }
    if (name == NULL)
        return command_wrong(self->name, "say what to do: %s", all);
    const char *nearest = stressor_nearest(name, names);
    if (nearest != NULL)
        return command_wrong(self->name, "there is no \"%s %s\"; did you mean \"%s\"?", self->name,
                             name, nearest);
    return command_wrong(self->name, "there is no \"%s %s\"; there are: %s", self->name, name, all);
}

int command_run_part(const struct command *self, int argc, char **argv,
                     struct common_options *common)
{
    int first = options_read(argc, argv, NULL, NULL, NULL, NULL, common);
    if (first < 0)
        return COMMAND_USAGE;
    if (common->version)
        return command_print_version();
    const struct command *part = first < argc ? command_part(self, argv[first]) : NULL;
    if (part != NULL)
        return part->run(part, argc - first, argv + first, common);
    if (common->help && first == argc)
        return command_print_help(self);
    return unknown_part(self, argv[first]);
}

int command_worse(int a, int b)
{
    static const int order[] = {2, 3, 4, 1, 5};
    for (size_t i = 0; i < sizeof order / sizeof *order; i++) {
        if (a == order[i] || b == order[i])
            return order[i];
    }
    return a != 0 ? a : b;
}

/* Whoever read it wants no more, such as `head`. */
static bool reader_left(int error)
{
    struct pollfd out = {.fd = STDOUT_FILENO, .events = POLLOUT};
    return error == EPIPE || (poll(&out, 1, 0) == 1 && (out.revents & POLLERR) != 0);
}

int command_flush(void)
{
    if (fflush(stdout) == 0 && !ferror(stdout))
        return COMMAND_FINE;
    int error = errno;
    if (!reader_left(error))
        fprintf(stderr, "stressor: cannot write to standard output: %s\n", strerror(error));
    clearerr(stdout);
    return COMMAND_ERRORS;
}

int command_wrong(const char *command, const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    char *text = text_format_args(fmt, args);
    va_end(args);
    char *clean = text != NULL ? text_clean(text, strlen(text), "\\n") : NULL;
    fprintf(stderr, "stressor: %s\n", clean != NULL ? clean : "out of memory");
    fprintf(stderr, "See \"stressor%s%s --help\".\n", command != NULL ? " " : "",
            command != NULL ? command : "");
    free(text);
    free(clean);
    return COMMAND_USAGE;
}

int command_options(const struct command *self, int argc, char **argv, options_take take,
                    void *data, struct common_options *common, int *code)
{
    int first = options_read(argc, argv, self->name, self->options, take, data, common);
    if (first < 0)
        *code = COMMAND_USAGE;
    else if (common->help)
        *code = command_print_help(self);
    else if (common->version)
        *code = command_print_version();
    else
        return first;
    return -1;
}
