#include "config/file.h"

#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

/* A file without a name that holds `length` bytes 'a', 'b', …, again and again. */
static int file_of(size_t length)
{
    FILE *f = tmpfile();
    assert_non_null(f);
    for (size_t i = 0; i < length; i++)
        fputc('a' + (int)(i % 26), f);
    assert_int_equal(fflush(f), 0);
    int fd = dup(fileno(f));
    assert_true(fd >= 0);
    fclose(f);
    assert_int_equal(lseek(fd, 0, SEEK_SET), 0);
    return fd;
}

/* What comes out of a pipe that somebody writes `length` bytes to. */
static int pipe_of(size_t length)
{
    int ends[2];
    assert_int_equal(pipe2(ends, O_CLOEXEC), 0);
    assert_true(fcntl(ends[1], F_SETPIPE_SZ, 1 << 17) >= 1 << 17);
    char *bytes = malloc(length);
    assert_non_null(bytes);
    memset(bytes, 'x', length);
    assert_int_equal(write(ends[1], bytes, length), length);
    free(bytes);
    close(ends[1]);
    return ends[0];
}

static int read_and_close(int fd, size_t ceiling, char **bytes, size_t *length)
{
    int status = file_read(fd, ceiling, bytes, length);
    close(fd);
    return status;
}

static void all_bytes_come_with_a_nul_behind_them(void **state)
{
    (void)state;
    static const size_t lengths[] = {0, 1, 26, 40000};
    for (size_t i = 0; i < sizeof lengths / sizeof *lengths; i++) {
        char *bytes;
        size_t length;
        assert_int_equal(read_and_close(file_of(lengths[i]), 40000, &bytes, &length), 0);
        assert_int_equal(length, lengths[i]);
        assert_int_equal(strlen(bytes), lengths[i]);
        assert_true(length == 0 || bytes[length - 1] == 'a' + (int)((length - 1) % 26));
        free(bytes);
    }
}

static void what_has_no_size_is_read_to_its_end(void **state)
{
    (void)state;
    char *bytes;
    size_t length;
    assert_int_equal(read_and_close(pipe_of(100000), 100000, &bytes, &length), 0);
    assert_int_equal(length, 100000);
    assert_int_equal(strlen(bytes), 100000);
    free(bytes);
    int fd = open("/proc/self/status", O_RDONLY | O_CLOEXEC); /* a file of 0 bytes, it says */
    assert_true(fd >= 0);
    assert_int_equal(read_and_close(fd, 100000, &bytes, &length), 0);
    assert_non_null(strstr(bytes, "Pid:"));
    assert_int_equal(strlen(bytes), length);
    free(bytes);
}

static void more_than_the_ceiling_is_refused(void **state)
{
    (void)state;
    char *bytes = NULL;
    size_t length;
    assert_int_equal(read_and_close(file_of(101), 100, &bytes, &length), -EFBIG);
    assert_int_equal(read_and_close(pipe_of(50000), 49999, &bytes, &length), -EFBIG);
    assert_null(bytes);
}

static void what_cannot_be_read_is_told_by_its_errno(void **state)
{
    (void)state;
    char *bytes = NULL;
    size_t length;
    int fd = open("/", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    assert_true(fd >= 0);
    assert_int_equal(read_and_close(fd, 100, &bytes, &length), -EISDIR);
    assert_int_equal(file_read(-1, 100, &bytes, &length), -EBADF);
    assert_null(bytes);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_bytes_come_with_a_nul_behind_them),
        cmocka_unit_test(what_has_no_size_is_read_to_its_end),
        cmocka_unit_test(more_than_the_ceiling_is_refused),
        cmocka_unit_test(what_cannot_be_read_is_told_by_its_errno),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
