/*
 * level -- of what a reporter tells in any case, such as where it listens.
 */
#ifndef CONTRIB_COMMON_LEVEL_H
#define CONTRIB_COMMON_LEVEL_H

#include <stdint.h>

#include <stressor/abi.h>

/* Information, or with -q whatever is still written. */
int32_t level_in_any_case(const stressor_host *host);

#endif
