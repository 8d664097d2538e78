#include "resolver.h"

#include <arpa/inet.h>
#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "job.h"

struct lookup {
    struct job job;
    struct resolver_name *asked; /* [worker] only */
    struct resolver_answer answer;
    char name[RESOLVER_NAME_MAX + 1];
};

struct resolver_name {
    struct resolver_name *next;
    struct resolver *resolver;
    struct lookup *lookup; /* NULL: none is under way */
    struct resolver_wait *waits;
    int64_t until_ns; /* the answer is of use so long */
    struct resolver_answer answer;
    char name[RESOLVER_NAME_MAX + 1];
};

struct resolver {
    const stressor_loop_api *loop;
    stressor_worker *worker;
    struct resolver_name *names;
    size_t names_count;
};

bool resolver_is_address(const char *text)
{
    unsigned char address[sizeof(struct in6_addr)];
    char plain[INET6_ADDRSTRLEN];
    size_t length = strcspn(text, "%"); /* a zone */
    if (length >= sizeof plain)
        return false;
    memcpy(plain, text, length);
    plain[length] = '\0';
    return inet_pton(AF_INET6, plain, address) == 1 || inet_pton(AF_INET, text, address) == 1;
}

/* --- on a thread --------------------------------------------------------------------------- */

static void look_up(struct job *job)
{
    struct lookup *l = (struct lookup *)(void *)job;
    struct addrinfo hints = {.ai_socktype = SOCK_STREAM}, *found = NULL;
    int status = getaddrinfo(l->name, NULL, &hints, &found);
    struct resolver_answer *answer = &l->answer;
    for (const struct addrinfo *a = found;
         status == 0 && a != NULL && answer->count < RESOLVER_ADDRESSES_MAX; a = a->ai_next)
        if (getnameinfo(a->ai_addr, a->ai_addrlen, answer->addresses[answer->count],
                        RESOLVER_ADDRESS_SIZE, NULL, 0, NI_NUMERICHOST) == 0)
            answer->count++;
    if (answer->count == 0)
        snprintf(answer->error, sizeof answer->error, "%s",
                 status != 0 ? gai_strerror(status) : "no address");
    if (found != NULL)
        freeaddrinfo(found);
}

static void lookup_release(struct job *job)
{
    free(job);
}

/* --- on the worker ------------------------------------------------------------------------- */

static void lookup_done(struct job *job)
{
    struct lookup *l = (struct lookup *)(void *)job;
    struct resolver_name *n = l->asked;
    n->lookup = NULL;
    n->answer = l->answer;
    n->until_ns = 0;
    if (n->answer.count > 0)
        n->until_ns = n->resolver->loop->now() + (int64_t)RESOLVER_TTL_S * 1000000000;
    while (n->waits != NULL) {
        struct resolver_wait *wait = n->waits;
        n->waits = wait->next;
        wait->name = NULL;
        wait->done(wait->data, &l->answer);
    }
}

static bool lookup_start(struct resolver_name *n)
{
    struct lookup *l = calloc(1, sizeof *l);
    if (l == NULL)
        return false;
    l->job = (struct job){.loop = n->resolver->loop,
                          .worker = n->resolver->worker,
                          .work = look_up,
                          .done = lookup_done,
                          .release = lookup_release};
    l->asked = n;
    memcpy(l->name, n->name, sizeof l->name);
    if (!job_start(&l->job)) {
        free(l);
        return false;
    }
    n->lookup = l;
    return true;
}

static struct resolver_name *find(struct resolver *r, const char *name)
{
    struct resolver_name *n = r->names;
    while (n != NULL && strcmp(n->name, name) != 0)
        n = n->next;
    return n;
}

/* Makes room for another name. False: all that are kept are being looked up. */
static bool forget_one(struct resolver *r)
{
    for (struct resolver_name **at = &r->names; *at != NULL; at = &(*at)->next) {
        struct resolver_name *n = *at;
        if (n->lookup == NULL) {
            *at = n->next;
            free(n);
            r->names_count--;
            return true;
        }
    }
    return false;
}

static struct resolver_name *name_new(struct resolver *r, const char *name)
{
    if (r->names_count >= RESOLVER_NAMES_MAX && !forget_one(r))
        return NULL;
    struct resolver_name *n = calloc(1, sizeof *n);
    if (n == NULL)
        return NULL;
    n->resolver = r;
    snprintf(n->name, sizeof n->name, "%s", name);
    n->next = r->names;
    r->names = n;
    r->names_count++;
    return n;
}

enum resolver_status resolver_ask(struct resolver *r, const char *name, struct resolver_wait *wait,
                                  struct resolver_answer *answer)
{
    *answer = (struct resolver_answer){.count = 0};
    if (resolver_is_address(name)) {
        snprintf(answer->addresses[answer->count++], RESOLVER_ADDRESS_SIZE, "%s", name);
        return RESOLVER_FOUND;
    }
    if (*name == '\0' || strlen(name) > RESOLVER_NAME_MAX) {
        snprintf(answer->error, sizeof answer->error, "that is no name of a machine");
        return RESOLVER_FOUND;
    }
    struct resolver_name *n = find(r, name);
    if (n != NULL && n->lookup == NULL && r->loop->now() < n->until_ns) {
        *answer = n->answer;
        return RESOLVER_FOUND;
    }
    if (n == NULL)
        n = name_new(r, name);
    if (n == NULL || (n->lookup == NULL && !lookup_start(n)))
        return RESOLVER_NO_MEMORY;
    wait->name = n;
    wait->next = n->waits;
    n->waits = wait;
    return RESOLVER_PENDING;
}

void resolver_leave(struct resolver_wait *wait)
{
    if (wait->name == NULL)
        return;
    struct resolver_wait **at = &wait->name->waits;
    while (*at != wait)
        at = &(*at)->next;
    *at = wait->next;
    wait->name = NULL;
}

struct resolver *resolver_new(const stressor_loop_api *loop, stressor_worker *worker)
{
    struct resolver *r = calloc(1, sizeof *r);
    if (r == NULL)
        return NULL;
    r->loop = loop;
    r->worker = worker;
    return r;
}

void resolver_free(struct resolver *r)
{
    if (r == NULL)
        return;
    while (r->names != NULL) {
        struct resolver_name *n = r->names;
        r->names = n->next;
        if (n->lookup != NULL)
            job_abandon(&n->lookup->job);
        free(n);
    }
    free(r);
}
