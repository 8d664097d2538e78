/*
 * descriptor -- what a plugin says about itself, checked and made whole.
 *
 * The plugin may have been compiled against headers in which some struct was shorter. The copy made
 * here has every struct as long as this stressor knows it, with zero where the plugin says nothing,
 * so that all who come after read members without asking STRESSOR_HAS. Texts that may be missing
 * (help, version) are empty instead of NULL; tables of nothing may be NULL. Functions, texts and
 * argument lists stay the plugin's own.
 */
#ifndef CORE_PLUGIN_DESCRIPTOR_H
#define CORE_PLUGIN_DESCRIPTOR_H

#include <stressor/plugin.h>

#include "base/arena.h"
#include "base/buf.h"

enum {
    DESCRIPTOR_TABLE_MAX = 1000, /* entries of one table */
    DESCRIPTOR_NAME_MAX = 100,   /* bytes of one name */
};

/* The copy lives in the arena. NULL: `why` says what is wrong with the first thing that is.
 * `from` may be NULL. [main] */
const stressor_plugin *descriptor_check(const stressor_plugin *from, struct arena *a,
                                        struct buf *why);

#endif
