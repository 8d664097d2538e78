#include "assets.h"

#include <string.h>

#define HTML   "text/html; charset=utf-8"
#define SCRIPT "text/javascript; charset=utf-8"
#define STYLE  "text/css; charset=utf-8"

/* Path, type, and the name that the build gives to the bytes. */
#define FILES(X)                                                                                   \
    X("/index.html", HTML, index_html)                                                             \
    X("/style.css", STYLE, style_css)                                                              \
    X("/app.js", SCRIPT, app_js)                                                                   \
    X("/charts.js", SCRIPT, charts_js)                                                             \
    X("/dom.js", SCRIPT, dom_js)                                                                   \
    X("/icon.js", SCRIPT, icon_js)                                                                 \
    X("/format.js", SCRIPT, format_js)                                                             \
    X("/limits.js", SCRIPT, limits_js)                                                             \
    X("/sections.js", SCRIPT, sections_js)                                                         \
    X("/table.js", SCRIPT, table_js)                                                               \
    X("/tables.js", SCRIPT, tables_js)                                                             \
    X("/chart.min.js", SCRIPT, chart_min_js)

#define DECLARE(path, type, name)                                                                  \
    extern const char asset_##name[];                                                              \
    extern const unsigned long asset_##name##_size;
FILES(DECLARE)

#define ENTRY(path, type, name) {path, type, asset_##name, &asset_##name##_size},
static const struct {
    const char *path, *type, *bytes;
    const unsigned long *size;
} files[] = {FILES(ENTRY)};

bool asset_find(const char *path, struct asset *out)
{
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        if (strcmp(files[i].path, path) == 0) {
            *out = (struct asset){path, files[i].type, files[i].bytes, *files[i].size};
            return true;
        }
    }
    return false;
}
