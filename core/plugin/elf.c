#include "plugin/elf.h"

#include <link.h>
#include <stdint.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#if __BYTE_ORDER == __LITTLE_ENDIAN
#define OWN_ORDER ELFDATA2LSB
#else
#define OWN_ORDER ELFDATA2MSB
#endif

/* Sums of two such numbers do not overflow. */
static const uint64_t FILE_MAX = (uint64_t)INT64_MAX / 2;

static bool read_at(int fd, uint64_t at, void *to, size_t length)
{
    return at <= FILE_MAX && pread(fd, to, length, (off_t)at) == (ssize_t)length;
}

static bool own_kind(const ElfW(Ehdr) * head)
{
    unsigned char word = sizeof(void *) == 8 ? ELFCLASS64 : ELFCLASS32;
    return memcmp(head->e_ident, ELFMAG, SELFMAG) == 0 && head->e_ident[EI_CLASS] == word &&
           head->e_ident[EI_DATA] == OWN_ORDER && head->e_phentsize == sizeof(ElfW(Phdr));
}

static bool take_id(int fd, uint64_t at, size_t length, char out[ELF_ID_TEXT])
{
    static const char digits[] = "0123456789abcdef";
    unsigned char bytes[ELF_ID_MAX];
    if (length == 0 || length > sizeof bytes || !read_at(fd, at, bytes, length))
        return false;
    for (size_t i = 0; i < length; i++) {
        out[2 * i] = digits[bytes[i] >> 4];
        out[2 * i + 1] = digits[bytes[i] & 15];
    }
    out[2 * length] = '\0';
    return true;
}

static uint64_t round_up(uint64_t n, uint64_t step)
{
    return (n + step - 1) / step * step;
}

/* A segment of notes: each a head, a name and a description, padded. */
static bool find_in_notes(int fd, const ElfW(Phdr) * segment, char out[ELF_ID_TEXT])
{
    struct {
        ElfW(Nhdr) head;
        char name[4];
    } note;
    uint64_t step = segment->p_align == 8 ? 8 : 4;
    uint64_t at = segment->p_offset, left = segment->p_filesz;
    for (int i = 0; i < ELF_NOTES_MAX && left >= sizeof note; i++) {
        if (!read_at(fd, at, &note, sizeof note))
            return false;
        uint64_t body = round_up(sizeof note.head + (uint64_t)note.head.n_namesz, step);
        uint64_t next = round_up(body + note.head.n_descsz, step);
        if (body + note.head.n_descsz > left)
            return false;
        if (note.head.n_type == NT_GNU_BUILD_ID && note.head.n_namesz == sizeof note.name &&
            memcmp(note.name, "GNU", sizeof note.name) == 0)
            return take_id(fd, at + body, note.head.n_descsz, out);
        at += next;
        left = next < left ? left - next : 0;
    }
    return false;
}

bool elf_is_cut(int fd)
{
    ElfW(Ehdr) head;
    ElfW(Phdr) segment;
    struct stat st;
    if (fstat(fd, &st) != 0 || !read_at(fd, 0, &head, sizeof head) || !own_kind(&head) ||
        head.e_phoff > FILE_MAX)
        return false;
    const uint64_t size = (uint64_t)st.st_size;
    for (unsigned i = 0; i < head.e_phnum && i < ELF_HEADERS_MAX; i++) {
        const uint64_t at = head.e_phoff + i * sizeof segment;
        if (at + sizeof segment > size)
            return true;
        if (read_at(fd, at, &segment, sizeof segment) && segment.p_type == PT_LOAD &&
            segment.p_filesz > 0 &&
            (segment.p_offset > size || segment.p_filesz > size - segment.p_offset))
            return true;
    }
    return false;
}

bool elf_build_id(int fd, char out[ELF_ID_TEXT])
{
    ElfW(Ehdr) head;
    ElfW(Phdr) segment;
    if (!read_at(fd, 0, &head, sizeof head) || !own_kind(&head) || head.e_phoff > FILE_MAX)
        return false;
    for (unsigned i = 0; i < head.e_phnum && i < ELF_HEADERS_MAX; i++) {
        if (!read_at(fd, head.e_phoff + i * sizeof segment, &segment, sizeof segment))
            return false;
        if (segment.p_type == PT_NOTE && segment.p_offset <= FILE_MAX &&
            segment.p_filesz <= FILE_MAX && find_in_notes(fd, &segment, out))
            return true;
    }
    return false;
}
