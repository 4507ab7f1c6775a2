/* certificate.issue: what the daemon computes, the number, the minutes and the digest, goes into
 * one event with who handles it. certificate.verify: what a paper's number and digest are worth. */
#include "bus/identity.h"
#include "bus/methods.h"
#include "bus/methods_common.h"
#include "domain/certificates.h"

/* ---- issue ---- */

struct issuing {
    struct query *query;
    uint32_t certificate;
    struct selection selection;
    int32_t year;
};

/* Of the day that the event will bear. */
static int year_of(struct query *query) {
    struct str text = query_text(query, "time");
    int32_t date = query_today(query), year, month, day;
    int64_t time_us;
    int16_t offset;
    if (text.data && time_parse(text, &time_us, &offset) == 0)
        date = zone_date(&query->city.zone, time_us);
    date_to_civil(date, &year, &month, &day);
    return year;
}

static int begin(struct query *query, struct issuing *issuing) {
    *issuing = (struct issuing){.query = query, .year = year_of(query)};
    struct certificate certificate;
    int r = query_noun(query, NOUN_CERTIFICATE, "certificate", &issuing->certificate);
    if (r == 0)
        r = query_found(certificate_get(query->view, issuing->certificate, &certificate));
    /* What is not open has nothing to select: the event says so in its own words. */
    if (r == 0 && certificate.row.state == CERTIFICATE_REQUESTED)
        r = certificate_select(query->view, &query->city.zone, query->arena, issuing->certificate,
                               &issuing->selection, "certificate", query->problem);
    else if (r == 0)
        issuing->selection = (struct selection){.volunteer = certificate.row.volunteer,
                                                .issuer = certificate.row.issuer};
    return r;
}

static int write_issued(struct issuing *issuing, struct str number, struct str digest,
                        json_t **ret_result) {
    struct query *query = issuing->query;
    const struct selection *selection = &issuing->selection;
    json_t *stored = NULL;
    json_t *data = json_pack(
        "{s:o, s:o, s:I, s:o, s:o}", "certificate", json_from_str(query_text(query, "certificate")),
        "number", json_from_str(number), "minutes", (json_int_t)selection->minutes, "digest",
        json_from_str(digest), "handler", json_from_str(query_text(query, "handler")));
    int r = query_command(query, "certificate.issued", data, &stored);
    if (r > 0)
        problem_as_parameter(query->problem);
    if (r == 0)
        *ret_result = json_pack(
            "{s:o, s:o, s:I, s:I, s:I, s:o, s:O}", "certificate",
            json_from_str(query_text(query, "certificate")), "number", json_from_str(number),
            "n_records", (json_int_t)selection->n, "minutes", (json_int_t)selection->minutes,
            "carried_minutes", (json_int_t)selection->carried_minutes, "digest",
            json_from_str(digest), "sequence", json_object_get(stored, "sequence"));
    json_decref(stored);
    json_decref(data);
    return r;
}

/* With the number given, else the next one that is free; `skip` others are issuing at the moment.
 */
static int attempt(struct issuing *issuing, unsigned skip, json_t **ret_result) {
    struct query *query = issuing->query;
    struct str number = query_text(query, "number"), digest;
    int r = 0;
    if (!number.data)
        r = certificate_number_next(query->view, query->arena, issuing->selection.issuer,
                                    issuing->year, skip, &number);
    if (r == 0)
        r = selection_digest(query->view, query->arena, issuing->certificate, number,
                             &issuing->selection, &digest);
    return r == 0 ? write_issued(issuing, number, digest, ret_result) : r;
}

#define ISSUE_ATTEMPTS 50

int query_certificate_issue(struct query *query, json_t **ret_result) {
    struct issuing issuing;
    bool given = query_text(query, "number").data != NULL;
    int r = begin(query, &issuing);
    if (r == 0)
        r = attempt(&issuing, 0, ret_result);
    for (unsigned i = 1;
         r > 0 && !given && i < ISSUE_ATTEMPTS && query->problem->code == PROBLEM_ALREADY_EXISTS;
         i++) {
        *query->problem = (struct problem){.code = PROBLEM_NONE};
        r = attempt(&issuing, i, ret_result);
    }
    return r;
}

/* ---- verify ---- */

static int organisation_json(struct query *query, uint32_t number, json_t **ret_object) {
    struct thing thing;
    int r = query_found(thing_get(query->view, NOUN_ORGANISATION, number, query->arena, &thing));
    if (r == 0)
        *ret_object = json_pack("{s:o, s:o}", "organisation",
                                json_from_number(query, NOUN_ORGANISATION, number, query->arena),
                                "name", json_from_str(thing_label(NOUN_ORGANISATION, &thing)));
    return r;
}

/* 张三 -> 张*, one asterisk for each character behind the first. */
static struct str name_masked(struct str name, struct arena *arena) {
    size_t first = str_utf8_size(name), n = 0;
    struct str rest = {name.data + first, name.size - first};
    char *masked = arena_bytes(arena, name.size + 1);
    memcpy(masked, name.data, first);
    for (size_t size; (size = str_utf8_size(rest)) > 0; n++) {
        masked[first + n] = '*';
        rest = (struct str){rest.data + size, rest.size - size};
    }
    return (struct str){masked, first + n};
}

/* Null where it was never given, or the person was erased. Nobody is told a name: no reading to
 * note. */
static int put_masked(struct query *query, uint32_t volunteer, json_t *answer) {
    struct opened_identity opened;
    int r = identity_open(query, volunteer, query->arena, &opened);
    if (r < 0)
        return r;
    json_object_set_new(answer, "name",
                        r == 0 ? json_from_str(name_masked(opened.identity.name, query->arena))
                               : json_null());
    if (r == 0)
        identity_close(&opened);
    return 0;
}

/* Enough to hold a paper against, and no more: the name is masked, no number of the person. */
static int put_whole(struct query *query, const struct certificate *certificate, json_t *answer) {
    const struct certificate_row *row = &certificate->row;
    json_t *issuer = NULL;
    int r = put_masked(query, row->volunteer, answer);
    if (r == 0)
        r = organisation_json(query, row->issuer, &issuer);
    if (r != 0)
        return r;
    json_object_set_new(answer, "issuer", issuer);
    json_object_set_new(answer, "issued_on", json_from_date(row->closed_on, 0));
    json_object_set_new(answer, "n_records", json_integer(row->n_records));
    json_object_set_new(answer, "minutes", json_integer(row->minutes));
    json_object_set_new(answer, "carried_minutes", json_integer(row->carried_minutes));
    if (row->state == CERTIFICATE_REVOKED) {
        json_object_set_new(answer, "revoked_on", json_from_date(row->revoked_on, 0));
        json_object_set_new(answer, "reason", json_from_str(certificate->reason));
    }
    return 0;
}

static int judge(struct query *query, uint32_t number, const struct certificate *certificate,
                 const char **ret_status) {
    bool overtaken = false;
    int r = 0;
    if (certificate->row.state == CERTIFICATE_REVOKED) {
        *ret_status = "revoked";
        return 0;
    }
    r = certificate_is_overtaken(query->view, number, query->arena, &overtaken);
    *ret_status = overtaken ? "overtaken" : "valid";
    return r;
}

/* By the number on the paper, or by the request's id. Number 0: none such was issued. */
static int find(struct query *query, uint32_t *ret_number, struct certificate *ret_certificate) {
    struct str number = query_text(query, "number"), id = query_text(query, "certificate");
    if (!number.data == !id.data)
        return problem_set(query->problem, PROBLEM_MISSING_FIELD, "number",
                           "say which: the certificate's number, or the request's identifier");
    int r = number.data ? certificate_by_number(query->view, number, ret_number)
                        : thing_find(query->view, NOUN_CERTIFICATE, id, ret_number);
    if (r == 0)
        r = certificate_get(query->view, *ret_number, ret_certificate);
    if (r == THING_NOT_FOUND || (r == 0 && !ret_certificate->number.size)) {
        *ret_number = 0;
        return 0;
    }
    return r;
}

static bool is_same_digest(struct str given, struct str digest) {
    bool same = given.size == digest.size;
    for (size_t i = 0; same && i < given.size; i++) {
        char c = given.data[i];
        same = (c >= 'A' && c <= 'F' ? c - 'A' + 'a' : c) == digest.data[i];
    }
    return same;
}

int query_certificate_verify(struct query *query, json_t **ret_result) {
    struct str digest = query_text(query, "digest");
    struct certificate certificate;
    uint32_t number = 0;
    const char *status = "unknown";
    int r = find(query, &number, &certificate);
    if (r != 0)
        return r;
    bool altered = number && digest.data && !is_same_digest(digest, certificate.digest);
    if (altered)
        status = "altered";
    else if (number)
        r = judge(query, number, &certificate, &status);
    if (r != 0)
        return r;
    json_t *answer = json_pack("{s:s}", "status", status);
    if (number)
        json_object_set_new(answer, "number", json_from_str(certificate.number));
    if (number && !altered)
        r = put_whole(query, &certificate, answer);
    if (r == 0)
        *ret_result = answer;
    else
        json_decref(answer);
    return r;
}
