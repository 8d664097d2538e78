/*
 * log.h -- printf for plugins: no variable arguments cross the boundary, so the text is
 * formatted here and handed over as bytes.
 */
#ifndef STRESSOR_LOG_H
#define STRESSOR_LOG_H

#include <stressor/plugin.h>

#include <stdarg.h>
#include <stdio.h>

#ifdef __cplusplus
extern "C" {
#endif

/* One line of log; cut at 1,023 bytes. [any] */
STRESSOR_PRINTF(3, 4)
static inline void stressor_log(const stressor_host *host, int32_t level, const char *format, ...)
{
    if (!host->log_enabled(host, level))
        return;
    char line[1024];
    va_list args;
    va_start(args, format);
    int length = vsnprintf(line, sizeof line, format, args);
    va_end(args);
    if (length < 0)
        return;
    host->log(host, level, line,
              (size_t)length < sizeof line ? (uint64_t)length : (uint64_t)(sizeof line - 1));
}

/* host->problem with a text that is formatted here; cut at 1,023 bytes. Always STRESSOR_EINVAL, so
 * that prepare can return it. [main], during prepare. */
STRESSOR_PRINTF(3, 4)
static inline int32_t stressor_problem(stressor_prepare *place, int32_t arg, const char *format,
                                       ...)
{
    char text[1024];
    va_list args;
    va_start(args, format);
    int length = vsnprintf(text, sizeof text, format, args);
    va_end(args);
    if (length >= (int)sizeof text)
        length = (int)sizeof text - 1;
    return place->host->problem(place, arg, text, length > 0 ? (uint64_t)length : 0);
}

/* A text made as by vprintf, in host->scratch, where a NUL follows it. 0, or STRESSOR_ENOMEM with a
 * null in `out`. On the thread of the execution. */
static inline int32_t stressor_format_args(stressor_exec *exec, stressor_value *out,
                                           const char *format, va_list args)
{
    va_list again;
    va_copy(again, args);
    int length = vsnprintf(NULL, 0, format, args);
    char *text = length < 0 ? NULL : (char *)exec->host->scratch(exec, (uint64_t)length + 1);
    if (text != NULL)
        vsnprintf(text, (size_t)length + 1, format, again);
    va_end(again);
    *out = text != NULL ? stressor_string_n(text, (size_t)length) : stressor_null();
    return text != NULL ? STRESSOR_OK : STRESSOR_ENOMEM;
}

/* The same as by printf. */
STRESSOR_PRINTF(3, 4)
static inline int32_t stressor_format(stressor_exec *exec, stressor_value *out, const char *format,
                                      ...)
{
    va_list args;
    va_start(args, format);
    int32_t status = stressor_format_args(exec, out, format, args);
    va_end(args);
    return status;
}

/* Fills in a failure whose text is formatted into host->scratch. On the thread of the
 * execution. Always STRESSOR_FAILED, so that `start` can return it. */
STRESSOR_PRINTF(5, 6)
static inline int32_t stressor_fail(stressor_exec *exec, stressor_failure *failure,
                                    uint32_t category, const char *kind, const char *format, ...)
{
    stressor_value said;
    va_list args;
    va_start(args, format);
    if (stressor_format_args(exec, &said, format, args) != STRESSOR_OK)
        said = stressor_string("out of memory");
    va_end(args);
    failure->category = category;
    failure->flags = 0;
    failure->kind = kind;
    failure->text = said.as.string.ptr;
    failure->length = said.as.string.length;
    return STRESSOR_FAILED;
}

#ifdef __cplusplus
}
#endif

#endif
