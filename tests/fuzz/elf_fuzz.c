/*
 * The build id of a file is hex, of a length that fits.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "plugin/elf.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char id[ELF_ID_TEXT];
    int fd = memfd_create("elf", MFD_CLOEXEC);
    if (fd < 0 || write(fd, data, size) != (ssize_t)size)
        abort();
    elf_is_cut(fd);
    if (elf_build_id(fd, id) &&
        (strlen(id) == 0 || strlen(id) % 2 != 0 || strlen(id) > (size_t)2 * ELF_ID_MAX ||
         strspn(id, "0123456789abcdef") != strlen(id)))
        abort();
    close(fd);
    return 0;
}
