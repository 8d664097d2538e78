/*
 * Any bytes as the call of a macro: what comes apart lies inside the text, in order.
 */
#include <stdint.h>
#include <stdlib.h>

#include "config/macro_call.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool truth)
{
    if (!truth)
        abort();
}

static void check(const struct macro_call *call, const char *text, size_t length)
{
    const char *at = text + 1;
    require(call->name >= at && call->name_length > 0);
    at = call->name + call->name_length;
    require(call->args_count <= sizeof call->args / sizeof *call->args);
    for (size_t i = 0; i < call->args_count; i++) {
        require(call->args[i].text > at);
        at = call->args[i].text + call->args[i].length;
    }
    require(at < text + length);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const char *text = (const char *)data;
    struct macro_call call;
    size_t end;
    enum macro_call_result result = macro_call_parse(text, size, &call);
    if (result == MACRO_CALL_YES || result == MACRO_CALL_TRAILING)
        check(&call, text, size);
    result = macro_call_scan(text, size, &call, &end);
    require(result != MACRO_CALL_TRAILING);
    if (result == MACRO_CALL_YES)
        require(end <= size && text[end - 1] == ')');
    return 0;
}
