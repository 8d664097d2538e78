#include "viewer.h"

#include <stdlib.h>
#include <string.h>

#include "answer.h"

#define PIECE ((size_t)16 << 10)
/* After the end of the run there is no news: this tells a viewer that we are there, and us that a
 * viewer is. */
#define BEAT_NS INT64_C(5000000000)

static const char greeting[] = "retry: 1000\n\n";
static const char beat[] = "event: beat\ndata: 1\n\n";

struct viewer {
    struct hub *hub;
    uint64_t version;    /* of the last event */
    struct event *event; /* that is being sent, or NULL */
    size_t sent;
};

static ssize_t put(char *buffer, const char *text, size_t size)
{
    memcpy(buffer, text, size);
    return (ssize_t)size;
}

/* Runs on the connection's own thread, which may wait. */
static ssize_t read_events(void *data, uint64_t position, char *buffer, size_t most)
{
    struct viewer *v = data;
    if (position == 0)
        return put(buffer, greeting, sizeof greeting - 1);
    if (v->event == NULL) {
        switch (hub_wait(v->hub, v->version, BEAT_NS, &v->event)) {
        case HUB_STATE: break;
        case HUB_NOTHING: return put(buffer, beat, sizeof beat - 1);
        case HUB_CLOSED: return MHD_CONTENT_READER_END_OF_STREAM;
        default: return MHD_CONTENT_READER_END_WITH_ERROR;
        }
        v->version = v->event->version;
        v->sent = 0;
    }
    size_t left = v->event->size - v->sent;
    size_t part = left < most ? left : most;
    memcpy(buffer, v->event->bytes + v->sent, part);
    v->sent += part;
    if (v->sent == v->event->size) {
        hub_drop(v->hub, v->event);
        v->event = NULL;
    }
    return (ssize_t)part;
}

static void leave(void *data)
{
    struct viewer *v = data;
    hub_drop(v->hub, v->event);
    hub_leave(v->hub);
    free(v);
}

enum MHD_Result viewer_answer(struct MHD_Connection *c, struct hub *hub)
{
    if (!hub_enter(hub))
        return answer_text(c, MHD_HTTP_SERVICE_UNAVAILABLE, "too many viewers\n");
    struct viewer *v = calloc(1, sizeof *v);
    if (v == NULL) {
        hub_leave(hub);
        return MHD_NO;
    }
    v->hub = hub;
    struct MHD_Response *response =
        MHD_create_response_from_callback(MHD_SIZE_UNKNOWN, PIECE, read_events, v, leave);
    if (response == NULL)
        leave(v);
    return answer(c, MHD_HTTP_OK, response, "text/event-stream");
}
