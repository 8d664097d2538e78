#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "check.h"

/* The file as it lies on the disk; nothing of it is trusted. */

struct file {
    const unsigned char *bytes;
    size_t size;
};

/* NULL: it would leave the file. */
static const void *at(const struct file *f, uint64_t offset, uint64_t count, uint64_t size)
{
    uint64_t length;
    if (__builtin_mul_overflow(count, size, &length) || offset > f->size ||
        length > f->size - offset)
        return NULL;
    return f->bytes + offset;
}

static bool is_ours(const struct file *f)
{
    static const unsigned one = 1;
    const Elf64_Ehdr *e = at(f, 0, 1, sizeof *e);
    unsigned char order = *(const unsigned char *)&one == 1 ? ELFDATA2LSB : ELFDATA2MSB;
    if (e == NULL || memcmp(e->e_ident, ELFMAG, SELFMAG) != 0) {
        found(CHECK_FILE, "", "it is not an ELF file; a plugin is a shared object, cc -shared");
        return false;
    }
    if (e->e_ident[EI_CLASS] != ELFCLASS64 || e->e_ident[EI_DATA] != order) {
        found(CHECK_FILE, "", "it is made for another kind of machine");
        return false;
    }
    if (e->e_type != ET_DYN) {
        found(CHECK_FILE, "", "it is not a shared object (cc -shared -fPIC)");
        return false;
    }
    return true;
}

/* The loader would map what is missing, and die where it reads it. */
static bool is_whole(const struct file *f)
{
    const Elf64_Ehdr *e = at(f, 0, 1, sizeof *e);
    const Elf64_Phdr *p = e->e_phentsize == sizeof *p && e->e_phoff % _Alignof(Elf64_Phdr) == 0
                              ? at(f, e->e_phoff, e->e_phnum, sizeof *p)
                              : NULL;
    bool whole = p != NULL && at(f, e->e_shoff, e->e_shnum, e->e_shentsize) != NULL;
    for (uint32_t i = 0; whole && i < e->e_phnum; i++)
        whole = p[i].p_type != PT_LOAD || p[i].p_filesz == 0 ||
                at(f, p[i].p_offset, p[i].p_filesz, 1) != NULL;
    if (!whole)
        found(CHECK_FILE, "", "it is cut off: the file ends before its segments or sections do");
    return whole;
}

static const Elf64_Shdr *section(const struct file *f, uint32_t type)
{
    const Elf64_Ehdr *e = at(f, 0, 1, sizeof *e);
    if (e->e_shentsize != sizeof(Elf64_Shdr) || e->e_shoff % _Alignof(Elf64_Shdr) != 0)
        return NULL;
    const Elf64_Shdr *all = at(f, e->e_shoff, e->e_shnum, sizeof *all);
    for (uint32_t i = 0; all != NULL && i < e->e_shnum; i++)
        if (all[i].sh_type == type)
            return &all[i];
    return NULL;
}

/* The name of a symbol; "" where it is not whole. */
static const char *name_at(const struct file *f, const Elf64_Shdr *strings, uint32_t index)
{
    const char *all = at(f, strings->sh_offset, strings->sh_size, 1);
    if (all == NULL || index >= strings->sh_size ||
        memchr(all + index, '\0', strings->sh_size - index) == NULL)
        return "";
    return all + index;
}

/* What the compiler and the sanitizers leave behind is nobody's choice. */
static bool is_tolerated(const char *name)
{
    return strcmp(name, "_init") == 0 || strcmp(name, "_fini") == 0 ||
           strncmp(name, "__", 2) == 0 || strcmp(name, "_edata") == 0 || strcmp(name, "_end") == 0;
}

static void check_exports(const struct file *f)
{
    const Elf64_Shdr *symbols = section(f, SHT_DYNSYM);
    const Elf64_Ehdr *e = at(f, 0, 1, sizeof *e);
    const Elf64_Shdr *all = at(f, e->e_shoff, e->e_shnum, sizeof *all);
    if (symbols == NULL || symbols->sh_link >= e->e_shnum) {
        note("its section headers are stripped: what it exports cannot be told");
        return;
    }
    const Elf64_Shdr *strings = &all[symbols->sh_link];
    uint64_t count = symbols->sh_size / sizeof(Elf64_Sym), extra = 0;
    const Elf64_Sym *s = at(f, symbols->sh_offset, count, sizeof *s);
    char names[200] = "";
    bool entry = false;
    for (uint64_t i = 0; s != NULL && i < count; i++) {
        unsigned bind = ELF64_ST_BIND(s[i].st_info);
        if (s[i].st_shndx == SHN_UNDEF || (bind != STB_GLOBAL && bind != STB_WEAK))
            continue;
        const char *name = name_at(f, strings, s[i].st_name);
        size_t length = strlen(names);
        if (strcmp(name, STRESSOR_PLUGIN_ENTRY) == 0)
            entry = true;
        else if (!is_tolerated(name) && extra++ < 5)
            snprintf(names + length, sizeof names - length, "%s%s", length > 0 ? ", " : "", name);
    }
    if (!entry)
        found(CHECK_EXPORTS, "",
              "it does not export " STRESSOR_PLUGIN_ENTRY
              "; define STRESSOR_EXPORT const stressor_plugin *stressor_plugin_v1(void)");
    else if (extra > 0)
        found(CHECK_EXPORTS, "",
              "it exports %llu symbol%s beside " STRESSOR_PLUGIN_ENTRY
              ": %s%s; make them static, or build with -fvisibility=hidden or stressor_add_plugin",
              (unsigned long long)extra, extra == 1 ? "" : "s", names, extra > 5 ? ", …" : "");
}

static void note_binding(const struct file *f)
{
    const Elf64_Shdr *dynamic = section(f, SHT_DYNAMIC);
    bool now = false, nodelete = false;
    if (dynamic == NULL)
        return;
    uint64_t count = dynamic->sh_size / sizeof(Elf64_Dyn);
    const Elf64_Dyn *d = at(f, dynamic->sh_offset, count, sizeof *d);
    for (uint64_t i = 0; d != NULL && i < count && d[i].d_tag != DT_NULL; i++) {
        if (d[i].d_tag == DT_FLAGS)
            now |= (d[i].d_un.d_val & DF_BIND_NOW) != 0;
        if (d[i].d_tag == DT_FLAGS_1) {
            now |= (d[i].d_un.d_val & DF_1_NOW) != 0;
            nodelete |= (d[i].d_un.d_val & DF_1_NODELETE) != 0;
        }
    }
    if (!now || !nodelete)
        note("it is linked without %s%s%s, which stressor_add_plugin adds", now ? "" : "-z now",
             !now && !nodelete ? " and " : "", nodelete ? "" : "-z nodelete");
}

bool elf_check(const char *path)
{
    struct stat st;
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0 || fstat(fd, &st) != 0 || !S_ISREG(st.st_mode) || st.st_size == 0) {
        found(CHECK_FILE, "", "%s",
              fd < 0 ? strerror(errno) : "it is not a regular file with something in it");
        if (fd >= 0)
            close(fd);
        return false;
    }
    struct file f = {.size = (size_t)st.st_size};
    void *memory = mmap(NULL, f.size, PROT_READ, MAP_PRIVATE, fd, 0);
    close(fd);
    if (memory == MAP_FAILED) {
        found(CHECK_FILE, "", "cannot read it: %s", strerror(errno));
        return false;
    }
    f.bytes = memory;
    bool good = is_ours(&f) && is_whole(&f);
    if (good) {
        check_exports(&f);
        note_binding(&f);
    }
    munmap(memory, f.size);
    return good;
}
