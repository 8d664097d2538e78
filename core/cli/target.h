/*
 * target -- where a path leads that a file is written to, be it there yet or not.
 *
 *     if (target_same("x.json", "link-to-x.json"))
 *         … what is written to one is lost by the other …
 *
 * Links are followed, also to what does not exist yet. "-" is standard output.
 */
#ifndef CORE_CLI_TARGET_H
#define CORE_CLI_TARGET_H

#include <stdbool.h>

/* Do both lead to one file? Not where that is a device (a terminal, /dev/null), as it takes what
 * several write, unless both are "-". */
bool target_same(const char *a, const char *b);

#endif
