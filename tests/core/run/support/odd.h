/*
 * odd -- a second plugin for tests: it notes the stages of its life as "life:STAGE" with the
 * recorder, and its activities do what plugins seldom or never should.
 *
 *   Random     notes a random number of its session
 *   Spin       pending, with a timer of no delay again and again, until it is cancelled
 *   Hang       blocks until odd_release, whatever is asked of it, and then uses the host
 *   Held       blocks until it is cancelled
 *   Late       pending, ignores a cancel, and completes when its worker closes
 *   Short      completes with a result of a size that ends before `info`
 *   Liar       says that it was cancelled
 *   Slots      done if slots that do not exist are refused
 *   Post       completes through a message
 *   Templates {text}   done if prepare saw null where there are macros; notes "wants=BITS"
 *   Either {one, two}  takes exactly one of its arguments
 */
#ifndef TESTS_ODD_H
#define TESTS_ODD_H

#include <stressor/stressor.h>

const stressor_plugin *odd_entry(void);
/* Lets all return that hang, and waits until they are back with the host's pool, or nearly. */
void odd_release(void);
enum odd_stage { ODD_NOWHERE, ODD_SESSION_OPEN, ODD_RUN_OPEN };
/* From now on that stage refuses. */
void odd_refuse(enum odd_stage stage);

#endif
