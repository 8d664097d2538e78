#include "curl_private.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static const struct {
    CURLcode code;
    enum transport_error error;
} table[] = {
    {CURLE_UNSUPPORTED_PROTOCOL, TRANSPORT_MALFORMED}, /* HTTP/0.9 */
    {CURLE_URL_MALFORMAT, TRANSPORT_URL},
    {CURLE_COULDNT_RESOLVE_PROXY, TRANSPORT_RESOLVE},
    {CURLE_COULDNT_RESOLVE_HOST, TRANSPORT_RESOLVE},
    {CURLE_COULDNT_CONNECT, TRANSPORT_CONNECT},
    {CURLE_WEIRD_SERVER_REPLY, TRANSPORT_MALFORMED},
    {CURLE_WRITE_ERROR, TRANSPORT_MALFORMED}, /* not by us: what came cannot be decompressed */
    {CURLE_PARTIAL_FILE, TRANSPORT_SHORT},
    {CURLE_OUT_OF_MEMORY, TRANSPORT_MEMORY},
    {CURLE_OPERATION_TIMEDOUT, TRANSPORT_TIMEOUT},
    {CURLE_GOT_NOTHING, TRANSPORT_CLOSED},
    {CURLE_SEND_ERROR, TRANSPORT_RESET},
    {CURLE_RECV_ERROR, TRANSPORT_RESET},
    {CURLE_BAD_CONTENT_ENCODING, TRANSPORT_MALFORMED},
    {CURLE_BAD_FUNCTION_ARGUMENT, TRANSPORT_MALFORMED}, /* a header that libcurl cannot store */
    {CURLE_SSL_CONNECT_ERROR, TRANSPORT_TLS},
    {CURLE_SSL_CERTPROBLEM, TRANSPORT_CLIENT_CERT},
    {CURLE_SSL_CIPHER, TRANSPORT_TLS},
    {CURLE_SSL_SHUTDOWN_FAILED, TRANSPORT_TLS},
    {CURLE_PEER_FAILED_VERIFICATION, TRANSPORT_CERTIFICATE},
    {CURLE_SSL_ISSUER_ERROR, TRANSPORT_CERTIFICATE},
    {CURLE_SSL_INVALIDCERTSTATUS, TRANSPORT_CERTIFICATE},
    {CURLE_SSL_CACERT_BADFILE, TRANSPORT_CA_FILE},
    {CURLE_HTTP2, TRANSPORT_MALFORMED},
    {CURLE_HTTP2_STREAM, TRANSPORT_RESET},
    {CURLE_PROXY, TRANSPORT_PROXY}, /* of SOCKS */
};

/* Resolving needs some descriptors too, and does not say when there are none. */
static bool is_out_of_descriptors(void)
{
    int fds[4], count = 0;
    while (count < 4 && (fds[count] = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0)) >= 0)
        count++;
    bool out = count < 4 && (errno == EMFILE || errno == ENFILE);
    while (count > 0)
        close(fds[--count]);
    return out;
}

static enum transport_error of_resolving(const struct transport_exchange *x)
{
    if (is_out_of_descriptors())
        return TRANSPORT_DESCRIPTORS;
    bool no_thread = strstr(x->detail, "thread failed to start") != NULL;
    return no_thread ? TRANSPORT_MEMORY : TRANSPORT_RESOLVE;
}

/* libcurl says "out of memory" too for one header line that is too long for it. */
static bool is_long_header(struct transport_exchange *x)
{
    curl_off_t answered = 0;
    curl_easy_getinfo(x->easy, CURLINFO_STARTTRANSFER_TIME_T, &answered);
    void *probe = answered > 0 && x->body_bytes == 0 ? malloc(1 << 20) : NULL;
    free(probe);
    return probe != NULL;
}

static bool says(const struct transport_exchange *x, const char *beginning)
{
    return strncmp(x->detail, beginning, strlen(beginning)) == 0;
}

/* A receive error that is none of the socket, nor of TLS, nor an answer of the proxy: what came is
 * wrong. The errno does not tell, as it may be that of an earlier transfer of the handle. */
static enum transport_error of_receiving(const struct transport_exchange *x, CURLcode code)
{
    if (says(x, "OpenSSL") && strstr(x->detail, " alert ") != NULL)
        return TRANSPORT_TLS; /* that a certificate is missing is told after the handshake */
    if (code != CURLE_RECV_ERROR || says(x, "Recv failure") || says(x, "OpenSSL"))
        return TRANSPORT_RESET;
    bool by_proxy = says(x, "Received HTTP code") || says(x, "CONNECT tunnel failed");
    return by_proxy ? TRANSPORT_PROXY : TRANSPORT_MALFORMED;
}

static enum transport_error of_errno(int error, enum transport_error otherwise)
{
    switch (error) {
    case EMFILE:
    case ENFILE: return TRANSPORT_DESCRIPTORS;
    case EADDRNOTAVAIL: return TRANSPORT_PORTS;
    case ENOMEM:
    case ENOBUFS: return TRANSPORT_MEMORY;
    default: return otherwise;
    }
}

enum transport_error error_of(struct transport_exchange *x, CURLcode code)
{
    if (x->stop_text != NULL)
        strcpy(x->detail, x->stop_text); /* libcurl only knows that we did not go on */
    if (x->stop != TRANSPORT_OK)
        return x->stop;
    if (code == CURLE_OK)
        return TRANSPORT_OK;
    enum transport_error error = TRANSPORT_OTHER;
    for (size_t i = 0; i < sizeof table / sizeof *table; i++)
        if (table[i].code == code)
            error = table[i].error;
    if (code == CURLE_BAD_FUNCTION_ARGUMENT && x->detail[0] == '\0')
        strcpy(x->detail, HEADER_MALFORMED);
    long system = 0;
    curl_easy_getinfo(x->easy, CURLINFO_OS_ERRNO, &system);
    switch (error) {
    case TRANSPORT_CONNECT:
        return of_errno(x->open_errno != 0 ? x->open_errno : (int)system, error);
    case TRANSPORT_RESOLVE: return of_resolving(x);
    case TRANSPORT_MEMORY: return is_long_header(x) ? TRANSPORT_HEAD_LIMIT : error;
    case TRANSPORT_RESET: return code == CURLE_HTTP2_STREAM ? error : of_receiving(x, code);
    default: return error;
    }
}
