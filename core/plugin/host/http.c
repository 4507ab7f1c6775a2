#include "plugin/host/http.h"
#include <errno.h>

#include <ctype.h>
#include <curl/curl.h>
#include <stdlib.h>
#include <strings.h>

#include "plugin/host/host.h"
#include "plugin/host/place.h"
#include "util/memory.h"

#define TIMEOUT_MS 30000
#define CONNECT_MS 10000
#define BODY_BYTES (8u << 20)
#define HEADER_BYTES (256u << 10)
#define METHOD_BYTES 16

struct http {
    struct host *host;
    CURLM *multi;
    int timer; /* 0: none */
    size_t n_running, n_waiting;
    struct exchange *first, *last; /* that wait for their turn */
};

/* A request and what comes back. */
struct exchange {
    struct http *http;
    CURL *easy;
    struct curl_slist *headers;
    char *sent;            /* the body */
    struct buf body, told; /* what came, headers */
    size_t most_bytes;
    const char *too_large; /* what of it */
    char error[CURL_ERROR_SIZE];
    vol_answered *answered;
    void *context;
    struct exchange *next;
};

/* ---- what comes back ---- */

static size_t take_body(char *bytes, size_t one, size_t size, void *context) {
    struct exchange *self = context;
    (void)one;
    if (self->body.size + size > self->most_bytes) {
        self->too_large = "body";
        return 0; /* libcurl ends the transfer */
    }
    buf_put(&self->body, bytes, size);
    return size;
}

static void put_header(struct buf *told, struct str line) {
    bool in_name = true;
    for (size_t i = 0; i < line.size; i++) {
        unsigned char c = (unsigned char)line.data[i];
        in_name = in_name && c != ':';
        buf_put_byte(told, (uint8_t)(in_name ? tolower(c) : c < ' ' ? ' ' : c));
    }
    buf_put_byte(told, '\n');
}

static size_t take_header(char *bytes, size_t one, size_t size, void *context) {
    struct exchange *self = context;
    struct str line = {bytes, size};
    (void)one;
    while (line.size && isspace((unsigned char)line.data[line.size - 1]))
        line.size--;
    if (str_starts_with(line, STR("HTTP/"))) /* also that of "100 Continue" before the answer's */
        buf_reset(&self->told);
    else if (line.size && memchr(line.data, ':', line.size))
        put_header(&self->told, line);
    if (self->told.size <= HEADER_BYTES)
        return size;
    self->too_large = "head";
    return 0;
}

static bool is_of_certificate(CURLcode code) {
    return code == CURLE_PEER_FAILED_VERIFICATION || code == CURLE_SSL_CACERT_BADFILE ||
           code == CURLE_SSL_ISSUER_ERROR || code == CURLE_SSL_INVALIDCERTSTATUS;
}

static const char *error_of(struct exchange *self, CURLcode code) {
    if (self->too_large)
        snprintf(self->error, sizeof self->error, "the answer's %s is larger than %zu bytes",
                 self->too_large,
                 *self->too_large == 'b' ? self->most_bytes : (size_t)HEADER_BYTES);
    return *self->error ? self->error : curl_easy_strerror(code);
}

static void exchange_free(struct exchange *self) {
    curl_easy_cleanup(self->easy);
    curl_slist_free_all(self->headers);
    buf_deinit(&self->body);
    buf_deinit(&self->told);
    free(self->sent);
    free(self);
}

static void exchange_done(struct exchange *self, CURLcode code) {
    struct host *host = self->http->host;
    long status = 0;
    if (code == CURLE_OK)
        curl_easy_getinfo(self->easy, CURLINFO_RESPONSE_CODE, &status);
    buf_put_byte(&self->body, '\0');
    buf_put_byte(&self->told, '\0');
    struct vol_http_answer answer = {.body = "", .headers = ""};
    if (code == CURLE_OK)
        answer = (struct vol_http_answer){.status = (int)status,
                                          .body = self->body.data,
                                          .body_size = self->body.size - 1,
                                          .headers = self->told.data};
    else
        answer.error = error_of(self, code);
    answer.tls = is_of_certificate(code);
    self->answered(self->context, &answer);
    exchange_free(self);
    host_called(host);
}

/* ---- libcurl in the loop ---- */

static void begin_next(struct http *self) {
    while (self->first && self->n_running < HTTP_AT_ONCE) {
        struct exchange *exchange = self->first;
        self->first = exchange->next;
        if (!self->first)
            self->last = NULL;
        self->n_waiting--;
        self->n_running++;
        curl_multi_add_handle(self->multi, exchange->easy);
    }
}

static void finish(struct http *self) {
    CURLMsg *message;
    int n_left;
    while ((message = curl_multi_info_read(self->multi, &n_left))) {
        struct exchange *exchange;
        CURLcode code = message->data.result;
        if (message->msg != CURLMSG_DONE)
            continue;
        curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &exchange);
        curl_multi_remove_handle(self->multi, exchange->easy);
        self->n_running--;
        exchange_done(exchange, code);
    }
    begin_next(self);
}

static void on_ready(void *context, int fd, int events) {
    struct http *self = context;
    int n_running, flags = (events & VOL_READABLE ? CURL_CSELECT_IN : 0) |
                           (events & VOL_WRITABLE ? CURL_CSELECT_OUT : 0);
    curl_multi_socket_action(self->multi, fd, flags, &n_running);
    finish(self);
}

static void on_due(void *context) {
    struct http *self = context;
    int n_running;
    self->timer = 0;
    curl_multi_socket_action(self->multi, CURL_SOCKET_TIMEOUT, 0, &n_running);
    finish(self);
}

static int set_timer(CURLM *multi, long timeout_ms, void *context) {
    struct http *self = context;
    struct loop *loop = &self->host->loop;
    (void)multi;
    if (self->timer > 0)
        loop_timer_stop(loop, self->timer);
    self->timer = timeout_ms < 0 ? 0 : loop_timer(loop, (uint32_t)timeout_ms, 0, on_due, self);
    return self->timer < 0 ? -1 : 0;
}

static int set_watch(CURL *easy, curl_socket_t fd, int what, void *context, void *unused) {
    struct http *self = context;
    int events =
        (what & CURL_POLL_IN ? VOL_READABLE : 0) | (what & CURL_POLL_OUT ? VOL_WRITABLE : 0);
    (void)easy;
    (void)unused;
    return loop_watch(&self->host->loop, fd, what == CURL_POLL_REMOVE ? 0 : events, on_ready,
                      self) < 0
               ? -1
               : 0;
}

static struct http *http_of(struct host *host) {
    if (host->http)
        return host->http;
    struct http *self = memory_checked(calloc(1, sizeof *self));
    curl_global_init(CURL_GLOBAL_DEFAULT);
    *self = (struct http){.host = host, .multi = memory_checked(curl_multi_init())};
    curl_multi_setopt(self->multi, CURLMOPT_SOCKETFUNCTION, set_watch);
    curl_multi_setopt(self->multi, CURLMOPT_SOCKETDATA, self);
    curl_multi_setopt(self->multi, CURLMOPT_TIMERFUNCTION, set_timer);
    curl_multi_setopt(self->multi, CURLMOPT_TIMERDATA, self);
    curl_multi_setopt(self->multi, CURLMOPT_MAX_TOTAL_CONNECTIONS, (long)HTTP_AT_ONCE);
    host->http = self;
    return self;
}

/* ---- a request ---- */

static bool contains(const json_t *list, uint16_t port, const char *path) {
    size_t i;
    json_t *item;
    json_array_foreach(list, i, item) if (path ? !strcmp(json_string_value(item), path)
                                               : json_integer_value(item) == port) return true;
    return false;
}

static bool is_method(const char *method) {
    size_t size = strspn(method, "ABCDEFGHIJKLMNOPQRSTUVWXYZ");
    return size > 0 && size <= METHOD_BYTES && !method[size];
}

static bool are_headers(const char *const *headers) {
    for (; headers && *headers; headers++) {
        const char *colon = strchr(*headers, ':');
        if (!colon || colon == *headers || strpbrk(*headers, "\r\n"))
            return false;
    }
    return true;
}

static int refuse(struct host *host, int result, const char *what, const char *why) {
    char line[300];
    snprintf(line, sizeof line, "vol_http: %.100s %s", what, why);
    service_log(&host->core, VOL_ERROR, line);
    return result;
}

static int check(struct host *host, const struct vol_http_request *request) {
    const json_t *box = json_object_get(host->start, "box");
    uint16_t port = 0;
    const char *fault = request->url ? place_url(request->url, &port) : "must be given";
    if (fault)
        return refuse(host, -EINVAL, "the URL", fault);
    if (!contains(json_object_get(box, "connect"), port, NULL))
        return refuse(host, -EACCES, "the URL's port",
                      "is that of no option of kind VOL_OPTION_URL");
    if (request->ca_path && !contains(json_object_get(box, "read"), 0, request->ca_path))
        return refuse(host, -EACCES, request->ca_path,
                      "is the value of no option of kind VOL_OPTION_PATH");
    if ((request->method && !is_method(request->method)) || !are_headers(request->headers))
        return refuse(host, -EINVAL, "a request",
                      "has a method in capitals, and headers \"Name: value\"");
    return 0;
}

static bool has_header(const char *const *headers, const char *name) {
    for (size_t size = strlen(name); headers && *headers; headers++)
        if (!strncasecmp(*headers, name, size))
            return true;
    return false;
}

static void add_header(struct exchange *self, const char *header) {
    self->headers = memory_checked(curl_slist_append(self->headers, header));
}

static void set_headers(struct exchange *self, const struct vol_http_request *request) {
    for (const char *const *header = request->headers; header && *header; header++)
        add_header(self, *header);
    /* libcurl says nothing by itself: neither that it waits nor what a body is. */
    add_header(self, "Expect:");
    if (!has_header(request->headers, "content-type:"))
        add_header(self, "Content-Type:");
    curl_easy_setopt(self->easy, CURLOPT_HTTPHEADER, self->headers);
}

static void set_body(struct exchange *self, const struct vol_http_request *request) {
    const char *method = request->method ? request->method : "GET";
    if (!strcmp(method, "HEAD"))
        curl_easy_setopt(self->easy, CURLOPT_NOBODY, 1L);
    if (request->body) {
        self->sent = memory_checked(malloc(request->body_size + 1));
        memcpy(self->sent, request->body, request->body_size);
        curl_easy_setopt(self->easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)request->body_size);
        curl_easy_setopt(self->easy, CURLOPT_POSTFIELDS, self->sent);
    }
    curl_easy_setopt(self->easy, CURLOPT_CUSTOMREQUEST, method);
}

static void set_safety(struct exchange *self, const struct vol_http_request *request) {
    CURL *easy = self->easy;
    long timeout_ms = request->timeout_ms ? (long)request->timeout_ms : TIMEOUT_MS;
    curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L);
    curl_easy_setopt(easy, CURLOPT_PROXY, "");
    curl_easy_setopt(easy, CURLOPT_NETRC, (long)CURL_NETRC_IGNORED);
    curl_easy_setopt(easy, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
    curl_easy_setopt(easy, CURLOPT_SSL_VERIFYPEER, 1L);
    curl_easy_setopt(easy, CURLOPT_SSL_VERIFYHOST, 2L);
    curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, timeout_ms);
    curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS,
                     timeout_ms < CONNECT_MS ? timeout_ms : (long)CONNECT_MS);
    curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
    if (!request->ca_path)
        return;
    /* These, and not the system's beside them. */
    curl_easy_setopt(easy, CURLOPT_CAINFO, request->ca_path);
    curl_easy_setopt(easy, CURLOPT_CAPATH, NULL);
}

static struct exchange *exchange_new(struct http *http, const struct vol_http_request *request) {
    char agent[80];
    struct exchange *self = memory_checked(calloc(1, sizeof *self));
    self->http = http;
    self->most_bytes = request->most_bytes ? request->most_bytes : BODY_BYTES;
    self->easy = memory_checked(curl_easy_init());
    snprintf(agent, sizeof agent, "volunteerd-plugin/%s (%s)", VOLUNTEERD_VERSION,
             http->host->core.name);
    curl_easy_setopt(self->easy, CURLOPT_URL, request->url);
    curl_easy_setopt(self->easy, CURLOPT_USERAGENT, agent);
    curl_easy_setopt(self->easy, CURLOPT_PRIVATE, self);
    curl_easy_setopt(self->easy, CURLOPT_ERRORBUFFER, self->error);
    curl_easy_setopt(self->easy, CURLOPT_WRITEFUNCTION, take_body);
    curl_easy_setopt(self->easy, CURLOPT_WRITEDATA, self);
    curl_easy_setopt(self->easy, CURLOPT_HEADERFUNCTION, take_header);
    curl_easy_setopt(self->easy, CURLOPT_HEADERDATA, self);
    set_safety(self, request);
    set_headers(self, request);
    set_body(self, request);
    return self;
}

int service_http(struct vol_core *core, const struct vol_http_request *request,
                 vol_answered *answered, void *context) {
    struct host *host = host_of(core);
    struct vol_http_request copy = {0};
    if (!answered || request->size > sizeof copy ||
        request->size < offsetof(struct vol_http_request, most_bytes) + sizeof copy.most_bytes)
        return refuse(host, -EINVAL, "a request", "has its own size, and somebody for its answer");
    memcpy(&copy, request, request->size);
    int result = check(host, &copy);
    if (result < 0)
        return result;
    struct http *self = http_of(host);
    if (self->n_waiting == HTTP_WAITING)
        return -EAGAIN;
    struct exchange *exchange = exchange_new(self, &copy);
    exchange->answered = answered;
    exchange->context = context;
    if (self->last)
        self->last->next = exchange;
    else
        self->first = exchange;
    self->last = exchange;
    self->n_waiting++;
    begin_next(self);
    return 0;
}
