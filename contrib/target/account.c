#include "limits.h"
#include "routes.h"

#include <stdio.h>
#include <string.h>

static enum MHD_Result refuse(struct request *r, struct MHD_Response *response)
{
    if (response) {
        MHD_add_response_header(response, MHD_HTTP_HEADER_CACHE_CONTROL, "no-store");
    }
    return answer(r, MHD_HTTP_UNAUTHORIZED, response);
}

struct form {
    char user[FIELD_MAX + 1];
    char password[FIELD_MAX + 1];
    bool too_long;
};

static void form_add(struct form *f, const char *key, const char *bytes, uint64_t at, size_t size)
{
    char *field = strcmp(key, "user") == 0       ? f->user
                  : strcmp(key, "password") == 0 ? f->password
                                                 : NULL;
    if (!field) {
        return;
    }
    if (at > FIELD_MAX || size > FIELD_MAX - at) {
        f->too_long = true;
        return;
    }
    memcpy(field + at, bytes, size);
    field[at + size] = '\0';
}

static enum MHD_Result form_field(void *data, enum MHD_ValueKind kind, const char *key,
                                  const char *file, const char *type, const char *encoding,
                                  const char *bytes, uint64_t at, size_t size)
{
    (void)kind, (void)file, (void)type, (void)encoding;
    form_add(data, key, bytes, at, size);
    return MHD_YES;
}

/* False: neither a JSON object nor a form. */
static bool form_read(struct form *f, struct request *r)
{
    struct MHD_PostProcessor *form = MHD_create_post_processor(r->connection, 1024, form_field, f);
    if (form) {
        bool ok = !r->body || MHD_post_process(form, r->body, r->body_size) == MHD_YES;
        return MHD_destroy_post_processor(form) == MHD_YES && ok;
    }
    json_t *json = r->body ? json_loadb(r->body, r->body_size, 0, NULL) : NULL;
    bool ok = json_is_object(json);
    static const char *const keys[] = {"user", "password"};
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        json_t *value = json_object_get(json, keys[i]);
        if (json_is_string(value)) {
            form_add(f, keys[i], json_string_value(value), 0, json_string_length(value));
        }
    }
    json_decref(json);
    return ok;
}

enum MHD_Result account_login(struct request *r)
{
    struct form f = {0};
    if (!form_read(&f, r)) {
        return answer(r, MHD_HTTP_BAD_REQUEST,
                      response_error(r, "the body is neither a form nor a JSON object"));
    }
    if (f.too_long) {
        return answer(r, MHD_HTTP_BAD_REQUEST,
                      response_error(r, "user and password have at most %u bytes", FIELD_MAX));
    }
    if (!f.user[0] || !f.password[0]) {
        return answer(r, MHD_HTTP_BAD_REQUEST,
                      response_error(r, "%s is missing", f.user[0] ? "password" : "user"));
    }
    if (!logins_allow(f.user, f.password)) {
        return refuse(r, response_error(r, "wrong password"));
    }
    json_t *user = json_string(f.user);
    if (!user) {
        return answer(r, MHD_HTTP_BAD_REQUEST, response_error(r, "user is not UTF-8"));
    }
    char guid[GUID_LENGTH + 1];
    logins_add(&r->server->logins, f.user, guid);
    struct MHD_Response *response =
        response_json(r, json_pack("{s:s, s:o}", "guid", guid, "user", user));
    if (response) {
        char cookie[GUID_LENGTH + 64];
        snprintf(cookie, sizeof cookie, "session=%s; Path=/; HttpOnly; SameSite=Lax", guid);
        MHD_add_response_header(response, MHD_HTTP_HEADER_SET_COOKIE, cookie);
    }
    return answer(r, MHD_HTTP_OK, response);
}

enum MHD_Result account_page(struct request *r)
{
    const char *guid = MHD_lookup_connection_value(r->connection, MHD_COOKIE_KIND, "session");
    const char *user = guid ? logins_find(&r->server->logins, guid) : NULL;
    if (!user) {
        return refuse(r, response_error(r, "%s",
                                        guid ? "the cookie session is not known here"
                                             : "the cookie session is missing"));
    }
    return answer(r, MHD_HTTP_OK,
                  response_json(r, json_pack("{s:s, s:s}", "user", user, "guid", guid)));
}

enum MHD_Result account_protected(struct request *r)
{
    char *password = NULL;
    char *user = MHD_basic_auth_get_username_password(r->connection, &password);
    enum MHD_Result result;
    if (logins_allow(user, password)) {
        json_t *text = json_string(user);
        result = answer(r, MHD_HTTP_OK,
                        response_json(r, json_pack("{s:o}", "user", text ? text : json_null())));
    } else {
        struct MHD_Response *response =
            response_error(r, "%s", user ? "wrong password" : "basic authentication is missing");
        if (response) {
            MHD_add_response_header(response, MHD_HTTP_HEADER_WWW_AUTHENTICATE,
                                    "Basic realm=\"practice target\", charset=\"UTF-8\"");
        }
        result = refuse(r, response);
    }
    MHD_free(user);
    MHD_free(password);
    return result;
}
