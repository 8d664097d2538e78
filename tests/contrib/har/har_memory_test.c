/* Each allocation fails in turn: an import ends with an error, and leaves nothing behind. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cmocka.h>

#include "importer.h"

void *__real_malloc(size_t size);
void *__real_calloc(size_t count, size_t size);
void *__real_realloc(void *old, size_t size);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t count, size_t size);
void *__wrap_realloc(void *old, size_t size);

static long left = -1; /* allocations until one fails; negative: none does */
static bool failed;

static bool fails(void)
{
    if (left < 0 || left-- > 0)
        return false;
    failed = true;
    return true;
}

void *__wrap_malloc(size_t size)
{
    return fails() ? NULL : __real_malloc(size);
}

void *__wrap_calloc(size_t count, size_t size)
{
    return fails() ? NULL : __real_calloc(count, size);
}

void *__wrap_realloc(void *old, size_t size)
{
    return fails() ? NULL : __real_realloc(old, size);
}

static const char recording[] =
    "{\"log\":{\"entries\":["
    "{\"request\":{\"method\":\"GET\",\"url\":\"http://h/a\"},\"response\":{\"status\":200,"
    "\"headers\":[{\"name\":\"X-T\",\"value\":\"aa11bb22cc\"}],\"content\":{\"mimeType\":"
    "\"application/json\",\"text\":\"{\\\"a\\\":{\\\"id\\\":\\\"xy12345678\\\"}}\"}}},"
    "{\"request\":{\"method\":\"POST\",\"url\":\"http://h/"
    "b?token=secret99&t=aa11bb22cc\",\"postData\":"
    "{\"mimeType\":\"application/"
    "json\",\"text\":\"{\\\"id\\\":\\\"xy12345678\\\",\\\"user\\\":\\\"u\\\","
    "\\\"password\\\":\\\"p\\\"}\"}},\"response\":{\"status\":302,\"redirectURL\":\"/c\"}},"
    "{\"request\":{\"method\":\"GET\",\"url\":\"http://h/c\"},\"response\":{\"status\":200}},"
    "{\"request\":{\"method\":\"POST\",\"url\":\"http://h/d\",\"postData\":{\"mimeType\":"
    "\"multipart/form-data; boundary=B\",\"text\":\"--B\\r\\nContent-Disposition: form-data; "
    "name=\\\"a\\\"\\r\\n\\r\\n$(x)\\r\\n--B--\"}},\"response\":{\"status\":200}}]}}";

static bool import(const char *path, size_t *files)
{
    struct settings settings = {0};
    struct say say = {.quiet = true};
    bool good = settings_init(&settings, &say);
    struct importer *im = good ? importer_new(&settings, &say) : NULL;
    good = im != NULL && importer_run(im, path);
    *files = good ? im->files.count : 0;
    if (im != NULL)
        assert_true(good != say.failed);
    importer_free(im);
    settings_finish(&settings);
    return good;
}

static void an_import_without_memory_is_an_error(void **state)
{
    (void)state;
    char path[40];
    size_t files;
    int fd = memfd_create("recording", MFD_CLOEXEC);
    assert_true(write(fd, recording, sizeof recording - 1) == (ssize_t)sizeof recording - 1);
    snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    assert_true(import(path, &files));
    assert_int_equal(files, 3);
    long n = 0;
    do {
        failed = false;
        left = n++;
        bool good = import(path, &files);
        left = -1;
        assert_true(good != failed);
    } while (failed);
    assert_true(n > 20);
    close(fd);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(an_import_without_memory_is_an_error)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
