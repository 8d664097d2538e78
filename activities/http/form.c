#include "form.h"

#include <string.h>

static bool is_unreserved(unsigned char c)
{
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '_' ||
           c == '.' || c == '-' || c == '~';
}

void form_append_text(struct buf *out, struct span text)
{
    static const char digits[] = "0123456789ABCDEF";
    for (size_t i = 0; i < text.length; i++) {
        size_t from = i;
        while (i < text.length && is_unreserved((unsigned char)text.ptr[i]))
            i++;
        buf_append(out, text.ptr + from, i - from);
        if (i == text.length)
            break;
        unsigned char c = (unsigned char)text.ptr[i];
        char escape[3] = {'%', digits[c >> 4], digits[c & 15]};
        if (c == ' ')
            buf_append_char(out, '+');
        else
            buf_append(out, escape, 3);
    }
}

struct form {
    stressor_exec *exec;
    struct buf *out;
    char separator;
    bool *secret;
};

static int32_t append_pair(struct form *f, struct span name, const stressor_value *value)
{
    if (value->type == STRESSOR_NULL)
        return 0;
    stressor_value text = *value;
    if (value->type != STRESSOR_STRING) {
        int32_t rc = f->exec->host->value_text(f->exec, value, &text);
        if (rc != 0)
            return rc;
    }
    if ((value->flags | text.flags) & STRESSOR_SECRET)
        *f->secret = true;
    if (f->separator != '\0')
        buf_append_char(f->out, f->separator);
    f->separator = '&';
    form_append_text(f->out, name);
    buf_append_char(f->out, '=');
    form_append_text(f->out, (struct span){text.as.string.ptr, text.as.string.length});
    return f->out->failed ? STRESSOR_ENOMEM : 0;
}

static int32_t append_entry(struct form *f, struct span name, const stressor_value *value)
{
    if (value->type != STRESSOR_LIST)
        return append_pair(f, name, value);
    int32_t rc = 0;
    for (uint64_t i = 0; i < value->as.list.count && rc == 0; i++)
        rc = append_pair(f, name, f->exec->host->list_at(value, i));
    return rc;
}

static int32_t append_item(struct form *f, const stressor_value *item)
{
    const stressor_host *host = f->exec->host;
    if (item->type != STRESSOR_LIST || item->as.list.count != 2)
        return STRESSOR_EINVAL;
    stressor_value name;
    int32_t rc = host->value_text(f->exec, host->list_at(item, 0), &name);
    if (rc != 0)
        return rc;
    if (name.flags & STRESSOR_SECRET)
        *f->secret = true;
    return append_entry(f, (struct span){name.as.string.ptr, name.as.string.length},
                        host->list_at(item, 1));
}

int32_t form_append(stressor_exec *exec, const stressor_value *value, char separator,
                    struct buf *out, bool *secret)
{
    struct form f = {exec, out, separator, secret};
    int32_t rc = 0;
    if (value->flags & STRESSOR_SECRET)
        *secret = true;
    if (value->type == STRESSOR_MAP) {
        for (uint64_t i = 0; i < value->as.map.count && rc == 0; i++) {
            const char *key;
            uint64_t length;
            const stressor_value *v = exec->host->map_at(value, i, &key, &length);
            rc = append_entry(&f, (struct span){key, length}, v);
        }
    } else if (value->type == STRESSOR_LIST) {
        for (uint64_t i = 0; i < value->as.list.count && rc == 0; i++)
            rc = append_item(&f, exec->host->list_at(value, i));
    } else {
        rc = STRESSOR_EINVAL;
    }
    return rc;
}
