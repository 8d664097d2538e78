#include "cli/terminal.h"

#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

static atomic_bool continued;

size_t terminal_width(int descriptor)
{
    struct winsize size;
    if (!isatty(descriptor))
        return 0;
    if (ioctl(descriptor, TIOCGWINSZ, &size) == 0 && size.ws_col > 0)
        return size.ws_col;
    return 80;
}

static void note_continued(int signal)
{
    (void)signal;
    atomic_store(&continued, true);
}

bool terminal_can_move(void)
{
    const char *term = getenv("TERM");
    if (!isatty(STDERR_FILENO) || term == NULL || *term == '\0' || strcmp(term, "dumb") == 0)
        return false;
    struct sigaction action = {.sa_handler = note_continued, .sa_flags = SA_RESTART};
    sigemptyset(&action.sa_mask);
    return sigaction(SIGCONT, &action, NULL) == 0;
}

void terminal_size(size_t *width, size_t *height)
{
    struct winsize size = {.ws_row = 0};
    bool told = ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0;
    *width = told && size.ws_col > 0 ? size.ws_col : 80;
    *height = told && size.ws_row > 0 ? size.ws_row : 24;
}

/* Of a terminal that is not our session's nobody can tell; then nobody else is in front either. */
bool terminal_is_ours(void)
{
    pid_t front = tcgetpgrp(STDERR_FILENO);
    return front < 0 || front == getpgrp();
}

bool terminal_was_left(void)
{
    return atomic_exchange(&continued, false);
}
