#include "config/macro_call.h"

#include <string.h>

enum { ARGS_MAX = sizeof((struct macro_call *)0)->args / sizeof *((struct macro_call *)0)->args };

static bool is_space(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

static bool is_name(char c, bool first)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
           (!first && c >= '0' && c <= '9');
}

bool macro_call_name(const char *text, size_t length, size_t *name_length)
{
    size_t i = 1;
    if (length < 3 || text[0] != '$')
        return false;
    while (i < length && is_name(text[i], i == 1))
        i++;
    *name_length = i - 1;
    return i > 1 && i < length && text[i] == '(';
}

/* Adds the argument between two offsets, trimmed. */
static void add_arg(struct macro_call *out, const char *text, size_t from, size_t to)
{
    while (from < to && is_space(text[from]))
        from++;
    while (to > from && is_space(text[to - 1]))
        to--;
    char quote = from < to ? text[from] : '\0';
    if ((quote == '\'' || quote == '"') && to - from >= 2 &&
        memchr(text + from + 1, quote, to - from - 1) == text + to - 1) {
        from++;
        to--;
    }
    out->args[out->args_count].text = text + from;
    out->args[out->args_count].length = to - from;
    out->args_count++;
}

static bool is_blank(const char *text, size_t from, size_t to)
{
    while (from < to && is_space(text[from]))
        from++;
    return from == to;
}

enum macro_call_result macro_call_scan(const char *text, size_t length, struct macro_call *out,
                                       size_t *end)
{
    *out = (struct macro_call){.name = text + 1};
    if (!macro_call_name(text, length, &out->name_length))
        return MACRO_CALL_NONE;
    size_t open = out->name_length + 2, from = open, depth = 1;
    bool begins = true; /* of an argument, at any depth: a quote there hides what is in it */
    bool too_many = false;
    for (size_t i = open; i < length; i++) {
        char c = text[i];
        if (begins && (c == '\'' || c == '"')) {
            const char *close = memchr(text + i + 1, c, length - i - 1);
            if (close != NULL)
                i = (size_t)(close - text);
        }
        if (!is_space(c))
            begins = c == '(' || c == ',';
        if (c == '(')
            depth++;
        if (c == ')')
            depth--;
        if (depth > 1 || (depth == 1 && c != ','))
            continue;
        if (out->args_count == ARGS_MAX)
            too_many = true;
        else if (depth == 1 || out->args_count > 0 || !is_blank(text, open, i))
            add_arg(out, text, from, i);
        from = i + 1;
        if (depth == 0) {
            *end = i + 1;
            return too_many ? MACRO_CALL_TOO_MANY : MACRO_CALL_YES;
        }
    }
    return MACRO_CALL_OPEN;
}

enum macro_call_result macro_call_parse(const char *text, size_t length, struct macro_call *out)
{
    while (length > 0 && is_space(*text)) {
        text++;
        length--;
    }
    while (length > 0 && is_space(text[length - 1]))
        length--;
    size_t end;
    enum macro_call_result result = macro_call_scan(text, length, out, &end);
    return result == MACRO_CALL_YES && end < length ? MACRO_CALL_TRAILING : result;
}

bool macro_call_fits(const struct macro_call *call, const stressor_macro *macro, struct buf *why)
{
    size_t most = 0, least = macro->args_required;
    while (macro->args != NULL && macro->args[most] != NULL)
        most++;
    bool fits = call->args_count >= least && (macro->args == NULL || call->args_count <= most);
    if (fits)
        return true;
    bool few = call->args_count < least;
    buf_printf(why, "$%s(", macro->name);
    for (size_t i = 0; i < most; i++)
        buf_printf(why, "%s%s", i > 0 ? ", " : "", macro->args[i]);
    size_t wanted = few ? least : most;
    buf_printf(why, ") takes %s%zu argument%s, found %zu",
               least == most ? ""
               : few         ? "at least "
                             : "at most ",
               wanted, wanted == 1 ? "" : "s", call->args_count);
    return false;
}
