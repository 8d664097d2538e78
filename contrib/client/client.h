/*
 * client -- the stages in the life of a plugin that is a client of some server: the plugin itself,
 * the workers of a run, and the sessions.
 *
 * A plugin's own structs begin with these; it needs no run_open:
 *
 *     struct redis { struct client client; int64_t commands_metric; … };
 *     struct redis_session { struct client_session base; struct command *command; … };
 *
 *     struct redis *p = client_new(host, "redis", sizeof *p);
 *     …
 *     return client_finish(&p->client, p->commands_metric >= 0, data);
 */
#ifndef CLIENT_CLIENT_H
#define CLIENT_CLIENT_H

#include <stdbool.h>
#include <stddef.h>

#include <client/expect.h>
#include <client/resolver.h>
#include <stressor/loop.h>
#include <stressor/plugin.h>

struct client {
    const stressor_host *host;
    const stressor_loop_api *loop;
    struct expect_api expect;
    const char *name; /* of the plugin, in the log */
};

struct client_worker {
    void *plugin; /* begins with a struct client */
    const stressor_loop_api *loop;
    stressor_worker *worker;
    struct resolver *resolver;
};

struct client_session {
    struct client_worker *worker;
    stressor_timer *deadline; /* of what is under way */
};

/* Zeros but for its client, `size` bytes in all; free() frees it. NULL: out of memory, which the
 * log says. [main] */
void *client_new(const stressor_host *host, const char *name, size_t size);
/* The end of a plugin's `init`: 0 and the plugin in `data`, or, where the host lacks something, an
 * error that the log names; the plugin is freed then. `complete`: the host has what the plugin
 * asked it for beside. [main] */
int32_t client_finish(struct client *c, bool complete, void **data);

/* The plugin's worker_open and worker_close, as they are: the worker's data is a struct
 * client_worker. */
int32_t client_worker_open(void *run_data, stressor_worker *worker, void **worker_data);
void client_worker_close(void *worker_data);

/* Zeros but for its beginning, `size` bytes in all. `on_deadline` gets the session. NULL: out of
 * memory, which the log says. [worker] */
void *client_session_new(struct client_worker *w, size_t size, void (*on_deadline)(void *session));
void client_session_free(struct client_session *s); /* NULL is fine. [worker] */
/* From now; 0: none, or none any more. [worker] */
void client_session_deadline(struct client_session *s, int64_t timeout_ns);

#endif
