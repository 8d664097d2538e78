#include <errno.h>

#include "config/beneath.h"
#include "config/loader.h"
#include "folder.h"

/* What opening gives: the first byte of the file, or -errno. */
static int first_byte(int fd)
{
    char c = 0;
    if (fd < 0)
        return fd;
    ssize_t got = read(fd, &c, 1);
    close(fd);
    return got == 1 ? c : -EIO;
}

static int beneath(const struct folder *f, const char *path)
{
    return first_byte(loader_open_beneath(f->fd, path, strlen(path)));
}

static void make_files(struct folder *f)
{
    folder_write(f, "in", "i");
    folder_write(f, "sub/deep", "d");
    assert_int_equal(symlinkat("sub/deep", f->fd, "link-in"), 0);
    assert_int_equal(symlinkat("/etc/passwd", f->fd, "link-out"), 0);
    assert_int_equal(symlinkat("..", f->fd, "link-up"), 0);
    assert_int_equal(symlinkat("../in", f->fd, "sub/link-back"), 0);
}

static void files_and_links_that_stay_inside_open(void **state)
{
    struct folder *f = *state;
    make_files(f);
    assert_int_equal(beneath(f, "in"), 'i');
    assert_int_equal(beneath(f, "sub/deep"), 'd');
    assert_int_equal(beneath(f, "./sub/../in"), 'i');
    assert_int_equal(beneath(f, "link-in"), 'd');
    assert_int_equal(beneath(f, "sub/link-back"), 'i');
}

static void whatever_leaves_the_folder_is_refused(void **state)
{
    struct folder *f = *state;
    make_files(f);
    char sibling[TEMPORARY_PATH], inside[TEMPORARY_PATH];
    snprintf(sibling, sizeof sibling, "../%s-evil/x", strrchr(f->path, '/') + 1);
    snprintf(inside, sizeof inside, "%s/in", f->path);
    assert_int_equal(beneath(f, "../x"), -EXDEV);
    assert_int_equal(beneath(f, sibling), -EXDEV);
    assert_int_equal(beneath(f, "sub/../../x"), -EXDEV);
    assert_int_equal(beneath(f, "/etc/passwd"), -EXDEV);
    assert_int_equal(beneath(f, inside), -EXDEV);
    assert_int_equal(beneath(f, "link-out"), -EXDEV);
    assert_int_equal(beneath(f, "link-up/x"), -EXDEV);
}

static int folder_beneath(const struct folder *f, const char *path, const char *file)
{
    int fd = loader_open_folder_beneath(f->fd, path, strlen(path));
    int got = fd < 0 ? fd : first_byte(loader_open_beneath(fd, file, strlen(file)));
    if (fd >= 0)
        close(fd);
    return got;
}

static void folders_open_too_and_without_a_path_the_folder_itself(void **state)
{
    struct folder *f = *state;
    make_files(f);
    assert_int_equal(folder_beneath(f, "sub", "deep"), 'd');
    assert_int_equal(folder_beneath(f, "", "in"), 'i');
    assert_int_equal(folder_beneath(f, ".", "in"), 'i');
    assert_int_equal(folder_beneath(f, "in", "x"), -ENOTDIR);
    assert_int_equal(folder_beneath(f, "none", "x"), -ENOENT);
    assert_int_equal(folder_beneath(f, "..", "x"), -EXDEV);
    assert_int_equal(folder_beneath(f, "link-up", "x"), -EXDEV);
    assert_int_equal(folder_beneath(f, "/tmp", "x"), -EXDEV);
    assert_int_equal(loader_open_folder_beneath(-1, "", 0), -EINVAL);
}

static void only_regular_files_open_and_nothing_blocks(void **state)
{
    struct folder *f = *state;
    make_files(f);
    assert_int_equal(mkfifoat(f->fd, "pipe", 0600), 0);
    assert_int_equal(beneath(f, "pipe"), -EINVAL);
    assert_int_equal(beneath(f, "sub"), -EISDIR);
    assert_int_equal(beneath(f, "."), -EISDIR);
    assert_int_equal(beneath(f, ""), -ENOENT);
    assert_int_equal(beneath(f, "none"), -ENOENT);
    assert_int_equal(beneath(f, "in/x"), -ENOTDIR);
    assert_int_equal(loader_open_beneath(f->fd, "in\0x", 4), -EINVAL);
    assert_int_equal(loader_open_beneath(-1, "in", 2), -EINVAL);
}

static void the_walk_by_hand_refuses_links_and_steps_up(void **state)
{
    struct folder *f = *state;
    make_files(f);
    assert_int_equal(first_byte(beneath_walk(f->fd, "in")), 'i');
    assert_int_equal(first_byte(beneath_walk(f->fd, "./sub//deep")), 'd');
    assert_int_equal(beneath_walk(f->fd, "sub/../in"), -EXDEV);
    assert_int_equal(beneath_walk(f->fd, "/in"), -EXDEV);
    assert_int_equal(beneath_walk(f->fd, "link-in"), -ELOOP);
    assert_int_equal(beneath_walk(f->fd, "link-up/x"), -ELOOP);
    assert_int_equal(beneath_walk(f->fd, "none"), -ENOENT);
    assert_int_equal(beneath_walk(f->fd, "in/x"), -ENOTDIR);
    assert_int_equal(beneath_walk(f->fd, ""), -EISDIR);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        FOLDER_TEST(files_and_links_that_stay_inside_open),
        FOLDER_TEST(whatever_leaves_the_folder_is_refused),
        FOLDER_TEST(folders_open_too_and_without_a_path_the_folder_itself),
        FOLDER_TEST(only_regular_files_open_and_nothing_blocks),
        FOLDER_TEST(the_walk_by_hand_refuses_links_and_steps_up),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
