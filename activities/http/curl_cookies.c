#include "curl_private.h"

#include <strings.h>

/*
 * libcurl sends the cookies of a handle's jar whatever else is sent. So a request that is not to
 * send them has an empty jar of its own; what its answer sets is carried over into that of the
 * session, line by line: a cookie that is over and so removes another stays in a jar only until
 * the next one comes.
 */

bool cookies_part(struct transport_exchange *x)
{
    x->is_parted = true;
    /* Lets go of the shared jar; then wants one, which is made when the transfer begins. */
    return curl_easy_setopt(x->easy, CURLOPT_COOKIEFILE, NULL) == CURLE_OK &&
           curl_easy_setopt(x->easy, CURLOPT_COOKIEFILE, "") == CURLE_OK;
}

bool cookies_take(struct transport_exchange *x, const char *line, size_t length)
{
    static const char name[] = "Set-Cookie:";
    struct curl_slist *got = NULL;
    if (!x->is_parted || length < sizeof name || strncasecmp(line, name, sizeof name - 1) != 0)
        return true;
    bool good = curl_easy_getinfo(x->easy, CURLINFO_COOKIELIST, &got) == CURLE_OK;
    for (struct curl_slist *i = got; good && i != NULL; i = i->next) {
        struct curl_slist *more = curl_slist_append(x->cookies, i->data);
        good = more != NULL;
        if (good)
            x->cookies = more;
    }
    curl_slist_free_all(got);
    return good && curl_easy_setopt(x->easy, CURLOPT_COOKIELIST, "ALL") == CURLE_OK;
}

bool cookies_join(struct transport_exchange *x)
{
    if (!x->is_parted)
        return true;
    x->is_parted = false;
    bool good = curl_easy_setopt(x->easy, CURLOPT_SHARE, NULL) == CURLE_OK &&
                curl_easy_setopt(x->easy, CURLOPT_SHARE, x->session->share) == CURLE_OK;
    for (struct curl_slist *i = x->cookies; good && i != NULL; i = i->next)
        good = curl_easy_setopt(x->easy, CURLOPT_COOKIELIST, i->data) == CURLE_OK;
    curl_slist_free_all(x->cookies);
    x->cookies = NULL;
    return good;
}
