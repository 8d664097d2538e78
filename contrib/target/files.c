#include "limits.h"
#include "routes.h"

#include <string.h>

static void release(void *blob)
{
    blob_release(blob);
}

static enum MHD_Result get(struct request *r)
{
    struct blob *blob = store_get(&r->server->store, r->rest);
    if (!blob) {
        return answer(r, MHD_HTTP_NOT_FOUND, response_error(r, "no such file: %s", r->rest));
    }
    struct MHD_Response *response = MHD_create_response_from_buffer_with_free_callback_cls(
        blob->size, blob->bytes, release, blob);
    if (!response) {
        blob_release(blob);
        return MHD_NO;
    }
    r->answer_size = blob->size;
    MHD_add_response_header(response, MHD_HTTP_HEADER_CONTENT_TYPE, "application/octet-stream");
    return answer(r, MHD_HTTP_OK, response);
}

static enum MHD_Result put(struct request *r)
{
    enum store_result result = store_put(&r->server->store, r->rest, r->body, r->body_size);
    switch (result) {
    case STORE_TOO_MANY:
        return answer(
            r, MHD_HTTP_INSUFFICIENT_STORAGE,
            response_error(r, "there are %u files already, the most there may be", FILES_MAX));
    case STORE_FULL:
        return answer(r, MHD_HTTP_INSUFFICIENT_STORAGE,
                      response_error(r, "all files together may have %u bytes", FILES_BYTES_MAX));
    case STORE_NO_MEMORY: return MHD_NO;
    case STORE_CREATED:
    case STORE_REPLACED: break;
    }
    json_t *value = json_pack("{s:s, s:I}", "name", r->rest, "size", (json_int_t)r->body_size);
    return answer(r, result == STORE_CREATED ? MHD_HTTP_CREATED : MHD_HTTP_OK,
                  response_json(r, value));
}

static enum MHD_Result delete (struct request *r) {
    if (!store_delete(&r->server->store, r->rest)){
        return answer(r, MHD_HTTP_NOT_FOUND, response_error(r, "no such file: %s", r->rest));}
return answer(r, MHD_HTTP_NO_CONTENT, response_text(r, "", "text/plain"));
}

enum MHD_Result files_serve(struct request *r)
{
    if (!store_name_ok(r->rest)) {
        return answer(r, MHD_HTTP_BAD_REQUEST,
                      response_error(r,
                                     "a file's name is 1 to %u letters, digits, dots, dashes and "
                                     "underscores",
                                     FILE_NAME_MAX));
    }
    if (strcmp(r->method, "PUT") == 0) {
        return put(r);
    }
    return strcmp(r->method, "DELETE") == 0 ? delete (r) : get(r);
}
