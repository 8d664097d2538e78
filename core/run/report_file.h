/*
 * report_file -- the file of a report: either whole or not there.
 *
 * It is written under a temporary name in the folder of its path and renamed at the end. What is no
 * plain file (a pipe, a terminal, /dev/null) is written in place, and so is standard output, "-".
 * Used by one thread, which has blocked SIGPIPE.
 */
#ifndef CORE_RUN_REPORT_FILE_H
#define CORE_RUN_REPORT_FILE_H

#include <stdint.h>

#include <stressor/reporter.h>

/* The files that a report has open, and whom to tell what goes wrong: once for each. */
struct report_files {
    void (*tell)(void *data, const char *reason);
    void *data;
    stressor_file *first;
};

/* As stressor_control's file_…; `path` as people see it. */
int32_t report_file_open(struct report_files *files, const char *path, stressor_file **file);
int32_t report_file_write(stressor_file *file, const char *bytes, uint64_t length);
int32_t report_file_close(stressor_file *file, int32_t keep);
/* Closes those that were left open, and does not keep them. */
void report_files_finish(struct report_files *files);
/* Could a report be written there? Tells why not. Does nothing to what is no plain file. */
int32_t report_file_try(struct report_files *files, const char *path);

#endif
