#include "platform.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "recruitment.h"

#define ANSWER_MOST (16u << 20)
#define HEADERS_MOST 8
#define RETRY_MOST_S 86400
#define MILLISECONDS 1000

struct request {
    struct recruitment *recruitment;
    platform_replied *replied;
    void *context;
};

/* In whole seconds; a date is not looked at: the pause that grows by itself will do. */
static int64_t retry_after_ms(const char *headers) {
    const char *line = headers ? strstr(headers, "retry-after:") : NULL;
    if (!line || (line != headers && line[-1] != '\n'))
        return 0;
    long seconds = strtol(line + strlen("retry-after:"), NULL, 10);
    return seconds <= 0 ? 0 : (seconds < RETRY_MOST_S ? seconds : RETRY_MOST_S) * MILLISECONDS;
}

static void say_no_answer(const struct vol_http_answer *answer, struct reply *reply) {
    snprintf(reply->error, sizeof reply->error, "%s%s%s",
             answer->tls ? "the platform's certificate is not trusted: " : "no answer: ",
             answer->error ? answer->error : "",
             answer->tls ? " (the name in the option url must be one of the certificate's, the "
                           "option ca names the file of who issued it)"
                         : "");
}

/* What the platform says itself (RFC 9457), cut. */
static const char *said_by(const json_t *body) {
    const char *detail = json_string_value(json_object_get(body, "detail"));
    const char *title = json_string_value(json_object_get(body, "title"));
    return detail ? detail : title ? title : "";
}

static void say_refused(const struct vol_http_answer *answer, struct reply *reply) {
    json_t *body = json_loadb(answer->body, answer->body_size, 0, NULL);
    const char *help = answer->status == 401
                           ? ": put the token that the platform issued into the file of the option "
                             "token, then restart the plugin"
                       : answer->status == 403
                           ? ": the token may not do this; ask the platform for the right to it"
                           : "";
    snprintf(reply->error, sizeof reply->error, "the platform answered %d%s%.1s%.120s",
             answer->status, help, *said_by(body) ? " " : "", said_by(body));
    json_decref(body);
}

static void answered(void *context, const struct vol_http_answer *answer) {
    struct request *request = context;
    struct recruitment *recruitment = request->recruitment;
    struct reply reply = {.status = answer->status,
                          .retry_after_ms = retry_after_ms(answer->headers),
                          .good = answer->status >= 200 && answer->status < 300};
    if (answer->status)
        recruitment->last_contact_s = now_ms() / MILLISECONDS;
    if (reply.good)
        reply.body = json_loadb(answer->body, answer->body_size, JSON_REJECT_DUPLICATES, NULL);
    else if (answer->status == 0)
        say_no_answer(answer, &reply);
    else
        say_refused(answer, &reply);
    request->replied(recruitment, request->context, &reply);
    json_decref(reply.body);
    free(request);
}

static int ask(struct recruitment *recruitment, const struct vol_http_request *asked,
               platform_replied *replied, void *context) {
    struct request *request = malloc(sizeof *request);
    if (!request)
        abort();
    *request = (struct request){recruitment, replied, context};
    int r = vol_http(recruitment->core, asked, answered, request);
    if (r < 0)
        free(request);
    return r < 0 ? r : 0;
}

int platform_get(struct recruitment *recruitment, const char *path, platform_replied *replied,
                 void *context) {
    char *url = NULL;
    if (asprintf(&url, "%s%s", recruitment->url, path) < 0)
        abort();
    const char *const headers[] = {recruitment->authorization, "Accept: application/json", NULL};
    int r = ask(recruitment,
                &(struct vol_http_request){.size = sizeof(struct vol_http_request),
                                           .url = url,
                                           .headers = headers,
                                           .ca_path = recruitment->ca,
                                           .timeout_ms = recruitment->timeout_ms,
                                           .most_bytes = ANSWER_MOST},
                replied, context);
    free(url);
    return r;
}

int platform_post(struct recruitment *recruitment, const char *url, bool with_token,
                  const char *const *headers, const char *body, platform_replied *replied,
                  void *context) {
    const char *all[HEADERS_MOST + 1] = {"Content-Type: application/json",
                                         "Accept: application/json"};
    size_t n = 2;
    if (with_token)
        all[n++] = recruitment->authorization;
    while (headers && *headers && n < HEADERS_MOST)
        all[n++] = *headers++;
    return ask(recruitment,
               &(struct vol_http_request){.size = sizeof(struct vol_http_request),
                                          .method = "POST",
                                          .url = url,
                                          .headers = all,
                                          .body = body,
                                          .body_size = strlen(body),
                                          .ca_path = recruitment->ca,
                                          .timeout_ms = recruitment->timeout_ms,
                                          .most_bytes = ANSWER_MOST},
               replied, context);
}
