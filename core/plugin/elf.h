/*
 * elf -- what an ELF file says of itself, read without loading it.
 *
 * The linker writes a build id (--build-id) as a hash over what the file holds: files of the same
 * id are the same file. Only files of this machine's word size and byte order have one here.
 */
#ifndef CORE_PLUGIN_ELF_H
#define CORE_PLUGIN_ELF_H

#include <stdbool.h>

enum {
    ELF_ID_MAX = 64, /* bytes of an id; sha1 has 20 */
    ELF_ID_TEXT = 2 * ELF_ID_MAX + 1,
    ELF_HEADERS_MAX = 128, /* program headers looked at */
    ELF_NOTES_MAX = 1000,  /* notes looked at in one segment */
};

/* In lower-case hex. False: it has none, or is no file that could be loaded. Allocates nothing. */
bool elf_build_id(int fd, char out[ELF_ID_TEXT]);

/* Does the file end before what is to be loaded of it? The loader would map that all the same, and
 * the process would die where it reads it. */
bool elf_is_cut(int fd);

#endif
