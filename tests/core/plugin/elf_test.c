#include "plugin/elf.h"

#include <link.h>

#include "manifests.h"

/* A file of one segment of notes, at the end of the headers. */
struct image {
    ElfW(Ehdr) head;
    ElfW(Phdr) segment;
    unsigned char notes[256];
};

/* As a linker would write it: another note, then the build id 01 02 … 14. */
static struct image good_image(void)
{
    static const unsigned char notes[] = {
        4,   0, 0, 0, 16, 0, 0, 0, 1, 0, 0, 0,  'G', 'N', 'U', 0,  0,  0,  0,  0,  3,  0,   0,
        0,   2, 0, 0, 0,  0, 0, 0, 0, 4, 0, 0,  0,   20,  0,   0,  0,  3,  0,  0,  0,  'G', 'N',
        'U', 0, 1, 2, 3,  4, 5, 6, 7, 8, 9, 10, 11,  12,  13,  14, 15, 16, 17, 18, 19, 20,
    };
    struct image image;
    memset(&image, 0, sizeof image);
    memcpy(image.head.e_ident, ELFMAG, SELFMAG);
    image.head.e_ident[EI_CLASS] = sizeof(void *) == 8 ? ELFCLASS64 : ELFCLASS32;
    image.head.e_ident[EI_DATA] = __BYTE_ORDER == __LITTLE_ENDIAN ? ELFDATA2LSB : ELFDATA2MSB;
    image.head.e_phoff = offsetof(struct image, segment);
    image.head.e_phnum = 1;
    image.head.e_phentsize = sizeof image.segment;
    image.segment.p_type = PT_NOTE;
    image.segment.p_align = 4;
    image.segment.p_offset = offsetof(struct image, notes);
    image.segment.p_filesz = sizeof notes;
    memcpy(image.notes, notes, sizeof notes);
    return image;
}

enum { ID_NOTE = 32 }; /* where the note of the build id begins */

static void set_word(struct image *image, size_t at, uint32_t word)
{
    memcpy(image->notes + at, &word, sizeof word);
}

static bool read_image(struct folder *f, const struct image *image, size_t length,
                       char id[ELF_ID_TEXT])
{
    write_file(in_folder(f, "image"), (const char *)image, length);
    int fd = open(f->text, O_RDONLY | O_CLOEXEC);
    bool has = elf_build_id(fd, id);
    close(fd);
    unlink(f->text);
    return has;
}

static void the_build_id_of_a_plugin_is_what_the_linker_wrote(void **state)
{
    struct folder *f = *state;
    char id[ELF_ID_TEXT], other[ELF_ID_TEXT];
    build_id(put_plugin(f, "good", "good.so"), id);
    assert_int_equal(strlen(id), 40);
    assert_int_equal(strspn(id, "0123456789abcdef"), 40);
    build_id(put_plugin(f, "rich", "rich.so"), other);
    assert_string_not_equal(id, other);
    const struct image image = good_image();
    assert_true(read_image(f, &image, sizeof image, id));
    assert_string_equal(id, "0102030405060708090a0b0c0d0e0f1011121314");
}

static void a_file_that_ends_anywhere_has_none(void **state)
{
    char id[ELF_ID_TEXT];
    const struct image image = good_image();
    size_t end = offsetof(struct image, notes) + (size_t)image.segment.p_filesz;
    for (size_t length = 0; length < end; length++)
        assert_false(read_image(*state, &image, length, id));
    assert_true(read_image(*state, &image, end, id));
}

static void notes_of_impossible_sizes_are_no_build_id(void **state)
{
    static const uint32_t sizes[] = {0, ELF_ID_MAX + 1, 1000, 0x7fffffff, 0xfffffff0, 0xffffffff};
    char id[ELF_ID_TEXT];
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        struct image image = good_image();
        set_word(&image, ID_NOTE + 4, sizes[i]);
        assert_false(read_image(*state, &image, sizeof image, id));
        image = good_image();
        set_word(&image, 0, sizes[i] == 0 ? 5 : sizes[i]); /* the name of the note before */
        assert_false(read_image(*state, &image, sizeof image, id));
    }
}

static void headers_that_lie_are_survived(void **state)
{
    char id[ELF_ID_TEXT];
    struct image image = good_image();
    image.head.e_phoff = (ElfW(Off)) - 1;
    assert_false(read_image(*state, &image, sizeof image, id));
    image = good_image();
    image.head.e_phnum = 0xffff;
    image.segment.p_type = PT_LOAD;
    assert_false(read_image(*state, &image, sizeof image, id));
    image = good_image();
    image.segment.p_offset = (ElfW(Off)) - 8;
    assert_false(read_image(*state, &image, sizeof image, id));
    image = good_image();
    image.segment.p_filesz = (ElfW(Xword)) - 1;
    assert_false(read_image(*state, &image, sizeof image, id));
    image = good_image();
    image.head.e_ident[EI_DATA] ^= 3;
    assert_false(read_image(*state, &image, sizeof image, id));
    image = good_image();
    image.head.e_phentsize = 1;
    assert_false(read_image(*state, &image, sizeof image, id));
}

static bool is_cut(struct folder *f, const struct image *image, size_t length)
{
    write_file(in_folder(f, "image"), (const char *)image, length);
    int fd = open(f->text, O_RDONLY | O_CLOEXEC);
    bool cut = elf_is_cut(fd);
    close(fd);
    unlink(f->text);
    return cut;
}

static void a_file_that_ends_before_its_segments_do_is_cut_off(void **state)
{
    struct image image = good_image();
    image.segment.p_type = PT_LOAD;
    size_t end = offsetof(struct image, notes) + (size_t)image.segment.p_filesz;
    for (size_t length = sizeof image.head; length < end; length++)
        assert_true(is_cut(*state, &image, length));
    assert_false(is_cut(*state, &image, end));
    image.segment.p_offset = (ElfW(Off)) - 8;
    assert_true(is_cut(*state, &image, sizeof image));
    image.segment.p_filesz = 0; /* such as one of zeros only */
    assert_false(is_cut(*state, &image, sizeof image));
    image = good_image();
    image.segment.p_filesz = sizeof image; /* nobody loads it */
    assert_false(is_cut(*state, &image, sizeof image));
    image.head.e_phnum = 2;
    image.head.e_phoff = sizeof image - sizeof image.segment;
    assert_true(is_cut(*state, &image, sizeof image));
    image.head.e_ident[0] = 'e';
    assert_false(is_cut(*state, &image, sizeof image));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        in_a_folder(the_build_id_of_a_plugin_is_what_the_linker_wrote),
        in_a_folder(a_file_that_ends_anywhere_has_none),
        in_a_folder(notes_of_impossible_sizes_are_no_build_id),
        in_a_folder(headers_that_lie_are_survived),
        in_a_folder(a_file_that_ends_before_its_segments_do_is_cut_off),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
