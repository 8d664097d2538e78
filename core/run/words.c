#include <string.h>

#include <stressor/stressor.h>

#include "base/duration.h"
#include "base/suggest.h"

int32_t stressor_parse_duration(const char *text, int64_t *out_ns)
{
    return duration_parse(text, strlen(text), out_ns) ? STRESSOR_OK : STRESSOR_ESYNTAX;
}

const char *stressor_nearest(const char *word, const char *const *names)
{
    struct suggest s;
    suggest_init(&s, word, strlen(word));
    for (size_t i = 0; names[i] != NULL; i++)
        suggest_offer(&s, names[i], strlen(names[i]));
    return s.best;
}
