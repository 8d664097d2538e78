#include "cli/twin.h"

#include <string.h>

#include "cli/text.h"

static int compare_places(const struct twin *a, const struct twin *b)
{
    int order = strcmp(a->name, b->name);
    return order != 0 ? order : strcmp(a->phase, b->phase);
}

int twin_compare(const struct twin *a, const struct twin *b)
{
    int order = compare_places(a, b);
    if (order == 0)
        order = (int)a->called - (int)b->called;
    return order != 0 ? order : (int)a->untimed - (int)b->untimed;
}

bool twin_follows(const struct twin *before, const struct twin *row)
{
    return compare_places(before, row) == 0 && twin_compare(before, row) < 0;
}

char *twin_text(const struct twin *row)
{
    bool some = *row->phase != '\0';
    return text_format(
        "%s%s%s%s%s", row->phase, some && row->called ? ", " : "", row->called ? "called" : "",
        (some || row->called) && row->untimed ? ", " : "", row->untimed ? "untimed" : "");
}
