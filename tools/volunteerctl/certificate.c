/* certificate request|issue|refuse|revoke|verify: a volunteer's right to a paper about their
 * service, from the counter to whoever holds the paper in hand. */
#include "certificate.h"

#include <stdlib.h>

#include "certificate_paper.h"
#include "commands.h"
#include "events.h"
#include "output.h"
#include "value.h"

/* ---- the steps ---- */

int run_certificate_request(struct call *call) {
    const char *volunteer = call_text(call, "volunteer");
    const char *organisation = call_text(call, "organisation");
    if (!volunteer || !organisation)
        return complain(USAGE, _("say whose service, and who recorded it: --volunteer ID "
                                 "--organisation ID."));
    json_t *data = json_pack("{s:s, s:s, s:s}", "certificate", call_argument(call, 0), "volunteer",
                             volunteer, "organisation", organisation);
    if (call->n_arguments > 1) {
        json_t *records = json_array();
        for (size_t i = 1; i < call->n_arguments; i++)
            json_array_append_new(records, json_string(call_argument(call, i)));
        json_object_set_new(data, "records", records);
    }
    call_pass(call, "from", data, "from");
    call_pass(call, "to", data, "to");
    call_pass(call, "note", data, "note");
    return event_submit(call, event_new("certificate.requested", NULL, NULL, NULL, data), false);
}

int run_certificate_refuse(struct call *call) {
    if (!call_text(call, "reason"))
        return complain(USAGE, _("a refusal says why: --reason TEXT."));
    json_t *data = json_pack("{s:s}", "certificate", call_argument(call, 0));
    call_pass(call, "reason", data, "reason");
    call_pass(call, "by", data, "by");
    return event_submit(call, event_new("certificate.refused", NULL, NULL, NULL, data), false);
}

int run_certificate_revoke(struct call *call) {
    if (!call_text(call, "reason") || !call_text(call, "by"))
        return complain(USAGE, _("say why and who: --reason TEXT --by PERSON."));
    json_t *data = json_pack("{s:s}", "certificate", call_argument(call, 0));
    call_pass(call, "reason", data, "reason");
    call_pass(call, "by", data, "by");
    return event_submit(call, event_new("certificate.revoked", NULL, NULL, NULL, data), false);
}

/* ---- the paper ---- */

/* The name and number on it are sealed: the daemon notes who had them opened. */
static int paper_write(struct call *call, const char *by, json_t **ret_paper) {
    const char *path = call_text(call, "output");
    const struct certificate_hand hand = {call_text(call, "in-charge"), call_text(call, "contact")};
    char *bytes = NULL;
    size_t size = 0;
    int code = client_ask(&call->client, "certificate.paper",
                          json_pack("{s:s, s:s}", "certificate", call_argument(call, 0), "by", by),
                          ret_paper);
    if (code != DONE)
        return code;
    if (!certificate_paper_make(*ret_paper, &hand, &bytes, &size))
        return complain_json(call->json, REFUSED, NULL, _("the certificate could not be drawn."));
    code = file_write_bytes(call, path, (struct str){bytes, size});
    free(bytes);
    return code;
}

static int path_check(struct call *call) {
    const char *path = call_text(call, "output");
    if (!path || !*path)
        return complain(USAGE, _("say where the PDF goes: --output FILE.pdf."));
    if (strcmp(path, "-") == 0 && call->terminal.out)
        return complain(USAGE, _("a PDF is for a file, not for a terminal."));
    if (strcmp(path, "-") == 0 && call->json)
        return complain(USAGE, _("--json and --output - do not go together."));
    return DONE;
}

int run_certificate_print(struct call *call) {
    json_auto_t *paper = NULL;
    const char *by = call_text(call, "by"), *path = call_text(call, "output");
    int code = path_check(call);
    if (code != DONE)
        return code;
    if (!by)
        return complain(USAGE, _("say who prints it: --by PERSON (the reading of the person's "
                                 "name and number is journalled)."));
    code = paper_write(call, by, &paper);
    if (code != DONE || strcmp(path, "-") == 0)
        return code;
    if (call->json)
        return print_json(&call->terminal, paper);
    print(_("%s is printed into %s.\n"), text_at(paper, "number"), path);
    return DONE;
}

int run_certificate_issue(struct call *call) {
    json_auto_t *result = NULL;
    json_auto_t *paper = NULL;
    char hours[TEXT_SIZE];
    const char *path = call_text(call, "output");
    if (!call_text(call, "handler"))
        return complain(USAGE, _("say who handles it: --handler PERSON."));
    if (path && path_check(call) != DONE)
        return USAGE;
    json_t *params = json_pack("{s:s}", "certificate", call_argument(call, 0));
    call_pass(call, "handler", params, "handler");
    call_pass(call, "number", params, "number");
    int code = client_ask(&call->client, "certificate.issue", params, &result);
    if (code != DONE)
        return code;
    if (path)
        code = paper_write(call, call_text(call, "handler"), &paper);
    if (path && strcmp(path, "-") == 0)
        return code;
    if (call->json)
        return code == DONE ? print_json(&call->terminal, result) : code;
    print(_("%s is issued: number %s, %lld records, %s hours; sequence %lld.\n"),
          text_at(result, "certificate"), text_at(result, "number"),
          (long long)integer_at(result, "n_records"),
          hours_text(integer_at(result, "minutes"), call->terminal.out, hours),
          (long long)integer_at(result, "sequence"));
    if (path && code == DONE)
        print(_("%s is printed into %s.\n"), text_at(result, "number"), path);
    return code;
}

/* ---- verify ---- */

bool certificate_code_read(const char *code, struct certificate_code *ret_code) {
    struct str rest = str_from(code);
    *ret_code = (struct certificate_code){{0}, {0}};
    if (!str_starts_with(rest, STR(CERTIFICATE_SCHEME)))
        return false;
    const char *number = code + sizeof CERTIFICATE_SCHEME - 1, *colon = strrchr(number, ':');
    size_t n = 0;
    if (!colon || strlen(colon + 1) >= sizeof ret_code->digest)
        return false;
    for (const char *c = number; c < colon; c++) {
        char hex[3] = {c[0] == '%' ? c[1] : 0, c[0] == '%' && c[1] ? c[2] : 0, 0}, *end = hex;
        unsigned long byte = *c == '%' ? strtoul(hex, &end, 16) : (uint8_t)*c;
        if ((*c == '%' && end != hex + 2) || n + 1 >= sizeof ret_code->number)
            return false;
        ret_code->number[n++] = (char)(uint8_t)byte;
        c += *c == '%' ? 2 : 0;
    }
    snprintf(ret_code->digest, sizeof ret_code->digest, "%s", colon + 1);
    return n > 0;
}

void certificate_code_write(const char *number, const char *digest, struct buf *out) {
    buf_put_str(out, STR(CERTIFICATE_SCHEME));
    for (const char *c = number; *c; c++) {
        bool plain = (*c >= '0' && *c <= '9') || (*c >= 'A' && *c <= 'Z') ||
                     (*c >= 'a' && *c <= 'z') || strchr("-._~:/", *c);
        buf_printf(out, plain ? "%c" : "%%%02X", plain ? *c : (uint8_t)*c);
    }
    buf_printf(out, ":%s", digest);
}

static const char *verdict_text(const char *status) {
    const struct {
        const char *status, *text;
    } texts[] = {
        {"valid", _("valid: issued, and its records stand as certified")},
        {"overtaken", _("overtaken: it was issued, but a record in it was corrected or revoked "
                        "since; ask for a new one")},
        {"revoked", _("revoked: it is worth nothing any more")},
        {"altered", _("altered: a certificate bears this number, but the digest on the paper is "
                      "not its own")},
    };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        if (strcmp(texts[i].status, status) == 0)
            return texts[i].text;
    return _("unknown: no certificate bears this number");
}

static void line_put(struct table *table, const char *name, const char *text) {
    if (!*text)
        return;
    table_row(table, NULL);
    table_text(table, 0, name);
    table_text(table, 1, text);
}

static void verdict_print(struct call *call, const json_t *result) {
    char text[TEXT_SIZE];
    struct table *table = table_new(&call->terminal);
    table_column(table, "", COLUMN_TEXT);
    table_column(table, "", COLUMN_TEXT);
    line_put(table, _("number"), text_at(result, "number"));
    line_put(table, _("name"), text_at(result, "name"));
    line_put(table, _("issuer"), text_at(json_object_get(result, "issuer"), "name"));
    line_put(table, _("issued"), text_at(result, "issued_on"));
    if (has_at(result, "minutes")) {
        line_put(table, _("hours"), hours_text(integer_at(result, "minutes"), true, text));
        number_text(integer_at(result, "n_records"), true, text);
        line_put(table, _("records"), text);
    }
    if (integer_at(result, "carried_minutes") > 0)
        line_put(table, _("hours of earlier years"),
                 hours_text(integer_at(result, "carried_minutes"), true, text));
    line_put(table, _("revoked"), text_at(result, "revoked_on"));
    line_put(table, _("reason"), text_at(result, "reason"));
    print("%s\n", verdict_text(text_at(result, "status")));
    table_print(table);
}

int run_certificate_verify(struct call *call) {
    struct certificate_code read;
    json_auto_t *result = NULL;
    const char *typed = call_argument(call, 0), *digest = call_text(call, "digest");
    bool is_code = certificate_code_read(typed, &read);
    json_t *params = json_pack("{s:s}", "number", is_code ? read.number : typed);
    if (is_code || digest)
        json_object_set_new(params, "digest", json_string(digest ? digest : read.digest));
    int code = client_ask(&call->client, "certificate.verify", params, &result);
    if (code != DONE)
        return code;
    bool valid = strcmp(text_at(result, "status"), "valid") == 0;
    if (call->json)
        code = print_json(&call->terminal, result);
    else
        verdict_print(call, result);
    return code == DONE && !valid ? REFUSED : code;
}
