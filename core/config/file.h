/*
 * file -- a file's bytes in memory.
 */
#ifndef CORE_CONFIG_FILE_H
#define CORE_CONFIG_FILE_H

#include <stddef.h>

/* Reads to the end; `*bytes` is malloc'ed and ends in a NUL that `*length` does not count. 0, or
 * -errno: -EFBIG when there is more than `ceiling`, -ENOMEM. */
int file_read(int fd, size_t ceiling, char **bytes, size_t *length);

#endif
