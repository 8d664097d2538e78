/*
 * sample -- a plugin for the tests of the test host.
 *
 *   Greet {who}                says `$(greeting), WHO`; who: "" fails
 *   Nap {duration}             pending until a timer fires or it is cancelled
 *   Deaf                       pending for ever
 *   Items                      the JSON text {"items": [{"id": 7}]}, with an info
 */
#ifndef TESTS_SAMPLE_H
#define TESTS_SAMPLE_H

#include <stressor/plugin.h>

const stressor_plugin *sample_entry(void);
/* The same without an activity's start: refused. */
const stressor_plugin *sample_broken_entry(void);
/* How often init and fini of it were called. */
extern int sample_inits, sample_finis;

#endif
