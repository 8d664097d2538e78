/*
 * engine -- what an embedding program holds: the plugins, and the mistakes of the last load.
 */
#ifndef CORE_RUN_ENGINE_H
#define CORE_RUN_ENGINE_H

#include <stressor/stressor.h>

#include "base/diag.h"
#include "plugin/registry.h"
#include "run/host.h"

struct stressor_engine {
    struct host *host;
    struct registry *registry;
    struct diag *diag;
    bool left_behind;             /* a thread that never returned may look at it: not freed */
    struct stressor_engine *next; /* among those left behind */
};

#endif
