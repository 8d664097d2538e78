#include <errno.h>
#include <fcntl.h>
#include <langinfo.h>
#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/command.h"

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

/* The process in which a command is under way; 0: none. */
static pid_t running;

/* Only a plugin calls exit then: whatever its code is, nothing has come to its end. */
static void tell_early_end(void)
{
    if (running != getpid())
        return;
    fflush(NULL);
    fputs("stressor: exit was called before the command had come to its end\n", stderr);
    _exit(COMMAND_ERRORS);
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
    if (atexit(tell_early_end) != 0 || !common_options_init(&common, argc)) {
        fprintf(stderr, "stressor: out of memory\n");
        return COMMAND_ERRORS;
    }
    running = getpid();
    int code = dispatch(argc, argv, &common);
    running = 0;
    common_options_finish(&common);
    return command_worse(code, command_flush());
}
