#include "level.h"

#include <stressor/log.h>

int32_t level_in_any_case(const stressor_host *host)
{
    int32_t level = STRESSOR_LOG_INFO;
    while (level > STRESSOR_LOG_CRITICAL && !host->log_enabled(host, level))
        level--;
    return level;
}
