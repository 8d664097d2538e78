#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "importer.h"
#include "yaml_text.h"

enum { FILE_BYTES_MAX = 1 << 20 };

/* "STRESSOR_API_TOKEN" */
static void put_environment(struct span name, struct text *out)
{
    text_puts(out, "STRESSOR_");
    for (size_t i = 0; i < name.length; i++)
        text_char(out, (char)toupper((unsigned char)name.ptr[i]));
}

/* Secrets first, as the recording has them, then what dry runs need. */
static void put_context(const struct importer *im, struct text *out)
{
    bool secrets = false, headers = false;
    if (!im->dollar_used && im->variables == NULL)
        return;
    text_puts(out, "context:\n");
    size_t length = out->length;
    if (im->dollar_used)
        text_puts(out, "  # what would read as a macro is written with it\n  dollar: $\n");
    for (const struct variable *v = im->variables; v != NULL; v = v->next) {
        if (v->kind != FROM_ENVIRONMENT || !v->used)
            continue;
        if (!secrets)
            text_puts(out, "  # not written from the recording: set them in the environment\n");
        secrets = true;
        text_puts(out, "  ");
        text_span(out, v->name);
        text_puts(out, ": $env(");
        put_environment(v->name, out);
        text_puts(out, ", not-recorded)\n");
    }
    for (const struct variable *v = im->variables; v != NULL; v = v->next) {
        if (v->kind != FROM_HEADER)
            continue;
        if (!headers)
            text_puts(out, "  # stored from headers of answers; this is for dry runs\n");
        headers = true;
        text_puts(out, "  ");
        text_span(out, v->name);
        text_puts(out, ": dry run\n");
    }
    if (out->length == length)
        out->length -= strlen("context:\n");
}

static void put_users(const struct importer *im, struct text *out)
{
    text_puts(out, "# Who acts. Each session is the next of them; more may be added.\n");
    if (!im->user_used) {
        text_puts(out, "- name: anonymous\n  password: \"\"\n");
        return;
    }
    text_puts(out, "- name: ");
    yaml_text(out, im->user_name);
    if (im->settings->keep_secrets) {
        text_puts(out, "\n  password: ");
        yaml_text(out, im->user_password);
        text_char(out, '\n');
    } else {
        text_puts(out, "\n  # not written from the recording: set it in the environment, or here\n"
                       "  password: $env(STRESSOR_PASSWORD, not-recorded)\n");
    }
}

static bool add(struct importer *im, const char *name, struct text *content)
{
    struct span kept =
        content->failed ? (struct span){NULL, 0} : pool_copy(&im->kept, text_all(content));
    if (kept.ptr == NULL)
        return say_no_memory(im->say);
    return files_add(&im->files, name, kept) || say_error(im->say, "too many files");
}

static bool add_scenario(struct importer *im, const char *source)
{
    struct text out;
    struct span shown = span_of(source);
    text_init(&out, FILE_BYTES_MAX);
    text_puts(&out, "# Made by stressor init.\nfile_version: stressor#0\n\nconfig:\n  details: ");
    const char *slash = strrchr(source, '/');
    if (slash != NULL)
        shown = span_of(slash + 1);
    struct text details;
    text_init(&details, 8192);
    text_puts(&details, "Imported from ");
    im->current = 0;
    text_span(&details, shown);
    for (size_t i = 0; i < details.length; i++)
        if (details.data[i] == '$')
            details.data[i] = '_';
    yaml_text(&out, text_all(&details));
    out.failed |= details.failed;
    text_finish(&details);
    text_puts(&out, "\n  base_url: ");
    yaml_text(&out, im->base);
    text_puts(&out, "\n\n");
    size_t length = out.length;
    put_context(im, &out);
    text_puts(&out, out.length > length ? "\n" : "");
    text_puts(&out, "sessions:\n  count: 1\n  users: $load(users.yaml)\n\n"
                    "scenario:\n  - sequence: main\n\n"
                    "sequences:\n  main: $load(main_sequence.yaml)\n");
    bool good = add(im, "scenario.yaml", &out);
    text_finish(&out);
    return good;
}

static bool tell_secrets(const struct importer *im)
{
    struct text list;
    bool any = false;
    text_init(&list, 8000);
    if (im->user_used) {
        text_puts(&list, "STRESSOR_PASSWORD (password in users.yaml)");
        any = true;
    }
    for (const struct variable *v = im->variables; v != NULL; v = v->next) {
        if (v->kind != FROM_ENVIRONMENT || !v->used || list.length > 7000)
            continue;
        text_puts(&list, any ? ", " : "");
        put_environment(v->name, &list);
        any = true;
    }
    if (list.failed) {
        text_finish(&list);
        return say_no_memory(im->say);
    }
    if (any && !im->settings->keep_secrets)
        say_warning(im->say,
                    "secrets are not written; set these in the environment before a run: "
                    "%s (or --keep-secrets)",
                    text_all(&list).ptr);
    text_finish(&list);
    if (im->cookies_left_out)
        say_warning(im->say, "cookies that were there before the recording are not written: it "
                             "may begin logged in (or --keep-secrets)");
    return true;
}

static void tell_rest(const struct importer *im)
{
    if (im->say->macros > SAY_WARNINGS_MAX)
        say_warning(im->say, "%u texts in all would have read as macros", im->say->macros);
    if (im->redirects_away > SAY_WARNINGS_MAX)
        say_warning(im->say, "%u requests in all are left out, as they are redirected elsewhere",
                    im->redirects_away);
    if (im->encoded_anew > 0)
        say_warning(im->say,
                    "%u queries and forms are encoded in another way than recorded, as they hold "
                    "variables",
                    im->encoded_anew);
    if (im->bodies_cut > 0)
        say_warning(im->say, "%u bodies are not imported: too large, or not text", im->bodies_cut);
    if (im->files_missing > 0)
        say_warning(im->say, "%u uploaded files are not in the recording, and are sent empty",
                    im->files_missing);
}

bool write_files(struct importer *im, const char *source)
{
    struct text users;
    text_init(&users, FILE_BYTES_MAX);
    put_users(im, &users);
    bool good = add_scenario(im, source) &&
                (files_add(&im->files, "main_sequence.yaml", text_all(&im->sequence)) ||
                 say_error(im->say, "too many files")) &&
                add(im, "users.yaml", &users);
    text_finish(&users);
    if (good && tell_secrets(im)) {
        tell_rest(im);
        return true;
    }
    return false;
}
