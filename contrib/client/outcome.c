#include "outcome.h"

#include <errno.h>
#include <string.h>

#include <stressor/log.h>

static const struct trouble troubles[] = {
    {ENOMEM, "memory", "this machine is out of memory"},
    {EMFILE, "descriptors", "this machine is out of file descriptors; raise `ulimit -n`"},
    {ENFILE, "descriptors", "this machine is out of file descriptors; raise `ulimit -n`"},
    {EADDRNOTAVAIL, "local ports", "this machine is out of local ports for that server"},
};

const struct trouble *trouble_in(const char *text)
{
    for (size_t i = 0; i < sizeof troubles / sizeof *troubles; i++)
        if (strstr(text, strerror(troubles[i].error)) != NULL)
            return &troubles[i];
    return NULL;
}

int32_t outcome_no_memory(stressor_exec *exec, stressor_failure *failure)
{
    return stressor_fail(exec, failure, STRESSOR_GENERATOR, "memory", "out of memory");
}

void outcome_fail(stressor_exec *exec, stressor_failure *failure, uint32_t category,
                  const char *kind, const char *format, va_list args)
{
    stressor_value text;
    if (failure->category != STRESSOR_NO_FAILURE)
        return;
    if (stressor_format_args(exec, &text, format, args) != STRESSOR_OK)
        text = stressor_string("out of memory");
    *failure = (stressor_failure){.category = category,
                                  .kind = kind,
                                  .text = text.as.string.ptr,
                                  .length = text.as.string.length};
}

stressor_value outcome_info(stressor_exec *exec, const struct outcome_entry *entries, size_t count)
{
    const stressor_host *host = exec->host;
    stressor_value info;
    stressor_builder *b = host->build(exec);
    if (b == NULL)
        return stressor_null();
    host->build_map(b);
    for (size_t i = 0; i < count; i++) {
        host->build_key(b, entries[i].key, strlen(entries[i].key));
        host->build_value(b, &entries[i].value);
    }
    host->build_end(b);
    return host->build_finish(b, &info) == 0 ? info : stressor_null();
}
