#include <errno.h>
#include <fcntl.h>
#include <langinfo.h>
#include <locale.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <stressor/stressor.h>

#include "cli/command.h"
#include "cli/text.h"

/* Sorted by name. */
static const struct command *const commands[] = {
    &command_help,
    &command_plugin,
    &command_run,
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

int command_worse(int a, int b)
{
    static const int order[] = {2, 3, 4, 1, 5};
    for (size_t i = 0; i < sizeof order / sizeof *order; i++) {
        if (a == order[i] || b == order[i])
            return order[i];
    }
    return a != 0 ? a : b;
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

/* A file that we open must not take the number of a standard stream that was closed. */
static void fill_standard_streams(void)
{
    for (int fd = 0; fd <= 2; fd++) {
        if (fcntl(fd, F_GETFD) == -1 && errno == EBADF && open("/dev/null", O_RDONLY) != fd)
            _exit(COMMAND_ERRORS);
    }
}

/* Names and units are UTF-8 whatever the locale says. */
static void set_locale(void)
{
    setlocale(LC_CTYPE, "");
    if (strcmp(nl_langinfo(CODESET), "UTF-8") != 0)
        setlocale(LC_CTYPE, "C.UTF-8");
}

static int dispatch(int argc, char **argv, struct common_options *common)
{
    int first = options_read(argc, argv, NULL, NULL, NULL, NULL, common);
    if (first < 0)
        return COMMAND_USAGE;
    if (common->version)
        return command_print_version();
    if (first == argc) {
        command_print_overview(common->help ? stdout : stderr);
        return common->help ? COMMAND_FINE : COMMAND_USAGE;
    }
    const struct command *command = command_find(argv[first]);
    if (command != NULL)
        return command->run(command, argc - first, argv + first, common);
    if (first > 1 && !common->help)
        return command_wrong(NULL, "\"%s\" is a program of its own: its options follow its name",
                             argv[first]);
    return command_external(argc - first, argv + first);
}

int main(int argc, char **argv)
{
    struct common_options common;
    fill_standard_streams();
    set_locale();
    signal(SIGPIPE, SIG_IGN);
    if (!common_options_init(&common, argc)) {
        fprintf(stderr, "stressor: out of memory\n");
        return COMMAND_ERRORS;
    }
    int code = dispatch(argc, argv, &common);
    common_options_finish(&common);
    if (fflush(stdout) != 0 || ferror(stdout)) {
        fprintf(stderr, "stressor: cannot write to standard output: %s\n", strerror(errno));
        code = command_worse(code, COMMAND_ERRORS);
    }
    return code;
}
