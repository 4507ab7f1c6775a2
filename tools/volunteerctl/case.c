/* case candidates, nominate, verify, publish, withdraw: from somebody worth telling of to a text
 * that may be read. */
#include <stdlib.h>
#include <string.h>

#include "commands.h"
#include "events.h"
#include "list.h"
#include "util/io.h"
#include "value.h"

#define CASE_TEXT_LIMIT 8192

/* ---- case candidates ---- */

static const struct noun_column candidate_columns[] = {
    {"subject", N_("of"), VALUE_SUBJECT},
    {"why", N_("why"), VALUE_WORD},
    {"honour", N_("honour"), VALUE_TEXT},
    {"on", N_("awarded"), VALUE_TEXT},
    {"place", N_("place"), VALUE_NUMBER},
    {"publicity", N_("agrees to publicity"), VALUE_WORD},
    {0},
};

int run_case_candidates(struct call *call) {
    json_auto_t *result = NULL;
    json_t *params = json_object();
    int64_t year = call_number(call, "year", 0), limit = call_number(call, "limit", 0);
    if (year)
        json_object_set_new(params, "year", json_integer(year));
    if (limit)
        json_object_set_new(params, "limit", json_integer(limit));
    call_pass(call, "region", params, "region");
    int code = client_ask(&call->client, "case.candidates", params, &result);
    if (code != DONE)
        return code;
    if (call->json)
        return print_json(&call->terminal, result);
    if (list_items(call, candidate_columns, result))
        note(_("volunteerctl case nominate CASE SUBJECT --title TITLE --by PERSON begins one."));
    else
        note(_("Nobody was honoured or proposed in %lld of whom there is no case yet."),
             (long long)integer_at(result, "year"));
    return DONE;
}

/* ---- the steps ---- */

static int submit(struct call *call, const char *type, json_t *data) {
    const char *by = call_text(call, "by");
    if (!by) {
        json_decref(data);
        return complain(USAGE, _("say who does it: --by PERSON."));
    }
    json_object_set_new(data, "by", json_string(by));
    return event_submit(call, event_new(type, NULL, NULL, NULL, data), false);
}

int run_case_nominate(struct call *call) {
    const char *kind = call_text(call, "kind"), *title = call_text(call, "title");
    if (!title)
        return complain(USAGE, _("say what it is called, without a name: --title TITLE."));
    json_t *data =
        json_pack("{s:s, s:{s:s, s:s}, s:s}", "case", call_argument(call, 0), "subject", "kind",
                  kind ? kind : "volunteer", "id", call_argument(call, 1), "title", title);
    call_pass(call, "nomination", data, "nomination");
    call_pass(call, "clue", data, "clue");
    return submit(call, "case.nominated", data);
}

int run_case_verify(struct call *call) {
    json_t *data =
        json_pack("{s:s, s:s}", "case", call_argument(call, 0), "outcome", call_argument(call, 1));
    const char *digest = call_text(call, "digest"), *shown = call_text(call, "note");
    if (digest || shown) {
        json_t *evidence = json_object();
        call_pass(call, "digest", evidence, "digest");
        call_pass(call, "note", evidence, "note");
        call_pass(call, "uri", evidence, "uri");
        json_object_set_new(data, "evidence", json_pack("[o]", evidence));
    }
    call_pass(call, "reason", data, "reason");
    return submit(call, "case.verified", data);
}

/* From the option, or from a file. */
static int read_text(struct call *call, json_t *data) {
    const char *path = call_text(call, "file"), *text = call_text(call, "text");
    char *read = NULL;
    size_t size = 0;
    if (!path == !text)
        return complain(USAGE, _("say what is to be read: --text TEXT, or --file FILE."));
    if (text) {
        json_object_set_new(data, "text", json_string(text));
        return DONE;
    }
    int error = io_read_file(io_system(), path, CASE_TEXT_LIMIT, &read, &size);
    if (error)
        return complain(REFUSED, _("%s cannot be read: %s."), path, strerror(-error));
    while (size && (read[size - 1] == '\n' || read[size - 1] == '\r'))
        size--;
    json_t *whole = json_stringn(read, size);
    free(read);
    if (!whole)
        return complain(REFUSED, _("%s is not UTF-8."), path);
    json_object_set_new(data, "text", whole);
    return DONE;
}

/* The event names whom it is about, too: whom it was nominated for. */
int run_case_publish(struct call *call) {
    json_auto_t *shown = NULL;
    json_t *data = json_pack("{s:s, s:b}", "case", call_argument(call, 0), "consent",
                             call_flag(call, "consent"));
    int code = read_text(call, data);
    if (code == DONE)
        code = client_ask(&call->client, "case.get",
                          json_pack("{s:s}", "case", call_argument(call, 0)), &shown);
    if (code != DONE) {
        json_decref(data);
        return code;
    }
    const json_t *subject = json_object_get(shown, "subject");
    json_object_set_new(
        data, "subject",
        json_pack("{s:s, s:s}", "kind", text_at(subject, "kind"), "id", text_at(subject, "id")));
    return submit(call, "case.published", data);
}

int run_case_withdraw(struct call *call) {
    const char *reason = call_text(call, "reason");
    if (!reason)
        return complain(USAGE, _("say why: --reason TEXT."));
    return submit(call, "case.withdrawn",
                  json_pack("{s:s, s:s}", "case", call_argument(call, 0), "reason", reason));
}
