/*
 * nomem -- memory that runs out when a test says so.
 *
 * In a program that links `test_nomem`, the allocations of its own objects, those of the rooms and
 * plugins in it included, go through here; those of shared libraries do not. Each allocation from
 * an arena counts as one, whether or not the arena has room left.
 *
 *     nomem_here(n, false);
 *     thing = thing_new();
 *     bool failed = nomem_end();
 *     assert_true(thing != NULL || failed);
 */
#ifndef TESTS_NOMEM_H
#define TESTS_NOMEM_H

#include <stdbool.h>

/* The allocation of this thread that comes after `after` others fails; `on`: and all that follow
 * it. */
void nomem_here(long after, bool on);
/* The same with the allocations of all threads. */
void nomem_anywhere(long after, bool on);
/* There is memory again. True: an allocation has failed. */
bool nomem_end(void);

#endif
