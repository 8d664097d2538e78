/*
 * files -- folders and files that the program makes, copies and removes. Paths are absolute unless
 * said otherwise; functions that return false leave the reason in errno.
 */
#ifndef CORE_CLI_FILES_H
#define CORE_CLI_FILES_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/* "<folder of the program>/../BELOW" without the "..", to be freed. NULL: errno says why. */
char *files_beside_program(const char *below);
/* The program itself, to be freed; NULL likewise. */
char *files_program(void);

/* Makes a folder and those above it, none of them writable by others. True if it is there already.
 */
bool files_make_folders(const char *path);
/* A new folder for the user alone: "ABOVE/PREFIX…", to be freed. NULL: errno says why. */
char *files_make_temporary(const char *above, const char *prefix);
/* Where temporary folders are made: $TMPDIR or /tmp. */
const char *files_temporary(void);
/* Removes a file or a folder with all that is in it, links themselves and not what they lead to.
 * NULL is fine. */
void files_remove_tree(const char *path);

/* Copies a file's content to a new file, down to the disk. */
bool files_copy(const char *from, const char *to, mode_t mode);
/* Writes a new file, down to the disk. */
bool files_write(const char *path, const char *bytes, size_t length, mode_t mode);
/* Renames to `to`, which is replaced, and has the folder's disk know it. */
bool files_replace(const char *from, const char *to);
/* The content of a file, ended by a NUL, to be freed. NULL: errno says why; EFBIG where it is
 * longer than `most`. */
char *files_read(const char *path, size_t most, size_t *length);
/* Do they hold the same bytes? False too where one cannot be read. */
bool files_same(const char *a, const char *b);

#endif
