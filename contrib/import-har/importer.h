/*
 * importer -- from a recording to a scenario, in four steps:
 *
 *  1. the recording is read once: what was requested is kept, without the answers' bodies
 *     (recording.c); it is put in order, and what is not to be requested is marked;
 *  2. everything that the requests send is looked at, and values that may come from an earlier
 *     answer, and secrets, are remembered (write.c, with im->collecting set);
 *  3. the recording is read again: an answer that holds such a value before it is sent becomes its
 *     source (correlate.c);
 *  4. the sequence is written (write.c), then the files with what it needs (files.c).
 *
 * One thread. All memory is in the pools, which have ceilings.
 */
#ifndef IMPORT_HAR_IMPORTER_H
#define IMPORT_HAR_IMPORTER_H

#include <stdint.h>

#include "folder.h"
#include "har.h"
#include "pairs.h"
#include "say.h"
#include "settings.h"
#include "text.h"

enum {
    KEPT_BYTES_MAX = 512 << 20,    /* of all requests together */
    SCRATCH_BYTES_MAX = 128 << 20, /* of what is made of one request */
    SEQUENCE_BYTES_MAX = 60 << 20, /* a scenario's file may have 64 MiB */
    SCALARS_MAX = 1500000,         /* a scenario may have 2,000,000 */
    BODY_BYTES_MAX = 1 << 20,      /* of an answer that is searched, of a body that is written */
    ORIGINS_MAX = 1000,
    VARIABLES_MAX = 2000,
    COOKIES_MAX = 500,
    REDIRECT_LOOK_AHEAD = 200 /* entries, for the one that a redirect leads to */
};

/* What becomes of an entry. */
enum fate {
    FATE_SENT,
    FATE_REDIRECTED, /* follows from the redirect of another */
    FATE_EXTERNAL,
    FATE_ERROR,
    FATE_CACHED,
    FATE_UNANSWERED,
    FATE_PREFLIGHT,
    FATE_FOREIGN, /* not HTTP: data:, ws:, … */
    FATES
};

struct store {
    struct store *next;
    const struct variable *variable;
};

struct request {
    uint64_t number;                      /* of the entry in the file */
    double started_ms, duration_ms, size; /* NAN, -1, -1: not told */
    int status;
    enum fate fate;
    bool is_static;           /* of a type that may be collected with others */
    bool cut;                 /* the body is not all there */
    bool leaves;              /* it is redirected to another origin: FATE_EXTERNAL */
    struct span away;         /* that origin */
    uint32_t root;            /* the request that leads to it; itself unless FATE_REDIRECTED */
    struct span method, type; /* the type of the answer */
    struct url url;
    struct span redirect; /* absolute; `.ptr` is NULL where there is none */
    struct har_list headers;
    struct span cookie;
    struct span body, body_type;
    struct har_list params;
    struct store *stores;
};

enum origin_kind { FROM_JSON, FROM_HEADER, FROM_ENVIRONMENT };

/* A value that the scenario has a variable for. */
struct variable {
    struct variable *next; /* of all */
    enum origin_kind kind;
    struct span name; /* unless `named` only what to call it after */
    struct span value;
    struct span path; /* in the JSON, or the name of the header or the environment's variable */
    uint32_t source;  /* the request whose answer has it */
    bool is_number, used, named;
};

/* A value that was sent and may have come from an answer. */
struct sent {
    struct sent *next;
    struct span value;
    uint32_t first, last; /* requests */
    struct variable *variable;
};

enum { SENT_SLOTS = 1 << 14 };

struct importer {
    const struct settings *settings;
    struct say *say;
    struct pool kept, scratch;
    struct request *requests; /* in time's order once read */
    uint32_t count, size;
    uint32_t *by_number; /* of the entry in the file: its request */
    struct {
        struct span origin;
        uint32_t count;
    } origins[ORIGINS_MAX];
    size_t origins_count;
    struct span base;                 /* the origin that is base_url */
    struct span cookies[COOKIES_MAX]; /* names that answers set */
    size_t cookies_count;
    bool collecting;
    uint32_t current; /* the request that is looked at or written */
    struct sent **sent;
    struct variable *variables, **variables_end; /* in the order in which they were found */
    size_t variables_count;
    bool secret_begins[256];              /* bytes that secrets begin with */
    struct span user_name, user_password; /* `.ptr` is NULL: none */
    struct span login, password;          /* of the current request: its header's, else the first */
    bool user_used, dollar_used, cookies_left_out;
    bool trying;     /* what is expressed is not written: text that reads as a macro is fine */
    uint32_t macros; /* written so far */
    uint32_t scalars;
    uint32_t counts[FATES];
    uint32_t requests_written, statics_written, bodies_cut, files_missing;
    uint32_t encoded_anew, redirects_away;
    bool params_told; /* that it is not known how they were encoded */
    struct text sequence;
    struct text piece; /* what is being expressed */
    struct files files;
    bool failed; /* out of memory, or over a ceiling; said already */
};

struct importer *importer_new(const struct settings *settings, struct say *say);
void importer_free(struct importer *im);
/* All steps. False: it was said why. */
bool importer_run(struct importer *im, const char *path);

/* recording.c */
bool recording_add(struct importer *im, const struct har_entry *e);
bool recording_finish(struct importer *im);
/* Is it one that browsers send on their own? Then it is not kept. */
bool header_is_kept(struct span name, struct span value);

/* correlate.c */
void correlate_sent(struct importer *im, struct span value);
struct sent *correlate_find(const struct importer *im, struct span value);
bool correlate_answer(struct importer *im, const struct har_entry *e);
/* All variables get their names, and requests what they store. */
bool correlate_finish(struct importer *im);

/* express.c: a value as the scenario writes it, before it is quoted: macros where it is a variable,
 * else the text, made literal. While collecting it is only remembered. */
enum site { IN_PATH, IN_QUERY, IN_HEADER, IN_FIELD, IN_JSON, IN_JSON_NUMBER, IN_TEXT };
void express(struct importer *im, enum site site, struct span name, struct span value,
             struct text *out);
/* Not while collecting: would it hold a variable? */
bool express_varies(struct importer *im, enum site site, struct span name, struct span value);
/* Text without a meaning of its own. */
void express_literal(struct importer *im, struct span value, struct text *out);
/* While collecting: the request's header logs in, whatever else in it may look like a login. */
void express_login(struct importer *im, struct span login, struct span password);
/* Ends a request while collecting: does it log in? */
void express_end_request(struct importer *im);
/* It gets its name later, after `hint`. NULL: there are too many, or im->failed. */
struct variable *variable_add(struct importer *im, enum origin_kind kind, struct span hint,
                              struct span value);
/* Gives it a name of small letters that no other variable has. */
bool variable_name(struct importer *im, struct variable *v);

/* secrets.c */
bool secret_is_name(struct span name);
bool secret_is_password(struct span name);
bool secret_is_login(struct span name);
bool secret_is_value(struct span value);
/* Is it by its name and form a code that OAuth hands out once? */
bool secret_is_code(struct span name, struct span value);

/* secret_text.c: the next secret at or behind *at that the text itself names, as in name=value,
 * "name": "value" or <name>value</name>; *at is then behind it. The value as it stands there, with
 * its escapes. */
bool secret_in_text(struct span text, size_t *at, struct span *name, struct span *value);

/* A value, expressed and quoted. */
void express_quoted(struct importer *im, enum site site, struct span name, struct span value,
                    struct text *out);
void express_quoted_literal(struct importer *im, struct span value, struct text *out);

/* body.c: the arguments that make the body of a request, in lines of their own. */
void body_write(struct importer *im, const struct request *r, struct text *out, bool *needs_type);
/* A map of them, or a list of pairs where a name comes twice. */
void body_pairs(struct importer *im, const char *key, enum site site, const struct pairs *p,
                struct text *out);
/* Not while collecting: does a value of them hold a variable? */
bool body_pairs_vary(struct importer *im, enum site site, const struct pairs *p);
/* Are they written as pairs? What would not be encoded the same again is, to hold variables. */
bool body_pairs_wanted(struct importer *im, enum site site, const struct pairs *p);
/* While collecting: what pairs hold that are not written as such, as some of it is no UTF-8. */
void body_pairs_note(struct importer *im, enum site site, const struct pairs *p);
/* body_json.c. False: it cannot be said in YAML, and nothing was written. */
bool body_json(struct importer *im, struct span json, struct text *out);

/* headers.c: "headers" and "auth"; stores.c: "store_json" and "store_header". */
void headers_write(struct importer *im, const struct request *r, bool needs_type, struct text *out);
void stores_write(struct importer *im, const struct request *r, struct text *out);

/* write.c: all activities, to im->sequence; nothing while collecting. */
bool write_sequence(struct importer *im);
/* files.c: scenario.yaml, main_sequence.yaml, users.yaml. */
bool write_files(struct importer *im, const char *source);
/* A scenario without a recording. */
bool write_sample(struct files *files, struct say *say);

#endif
