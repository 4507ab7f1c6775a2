#include "domain/certificates.h"

#include <stdio.h>
#include <stdlib.h>

#include "domain/counters.h"
#include "domain/merges.h"
#include "domain/organisations.h"
#include "util/error.h"

const char *certificate_state_text(enum certificate_state state) {
    static const char *const texts[CERTIFICATE_STATES] = {"requested", "issued", "refused",
                                                          "revoked"};
    return state < CERTIFICATE_STATES ? texts[state] : "unknown";
}

/* ---- rows ---- */

int certificate_decode(struct str row, struct certificate *ret_certificate) {
    struct cursor in = cursor_from(row);
    struct str fixed = cursor_take(&in, sizeof ret_certificate->row);
    ret_certificate->number = cursor_counted(&in);
    ret_certificate->digest = cursor_counted(&in);
    ret_certificate->handler = cursor_counted(&in);
    ret_certificate->reason = cursor_counted(&in);
    ret_certificate->by = cursor_counted(&in);
    if (in.failed)
        return 1;
    memcpy(&ret_certificate->row, fixed.data, sizeof ret_certificate->row);
    return 0;
}

int certificate_get(struct view *view, uint32_t certificate, struct certificate *ret_certificate) {
    char key[4];
    struct str row;
    int r = view_get(view, TABLE_CERTIFICATE, number_key(key, certificate), &row);
    if (r != 0)
        return r < 0 ? r : THING_NOT_FOUND;
    return certificate_decode(row, ret_certificate) == 0
               ? 0
               : error_note(-EBADMSG, "a certificate's row cannot be read");
}

int certificate_records(struct view *view, uint32_t certificate, struct arena *arena,
                        struct certified **ret_items, size_t *ret_n) {
    char key[4];
    struct str row;
    *ret_n = 0;
    *ret_items = NULL;
    int r = view_get(view, TABLE_CERTIFIED, number_key(key, certificate), &row);
    if (r != 0)
        return r < 0 ? r : 0;
    if (row.size % sizeof **ret_items)
        return error_note(-EBADMSG, "what was certified cannot be read");
    *ret_items = arena_alloc(arena, row.size + 1); /* a row need not be aligned */
    memcpy(*ret_items, row.data, row.size);
    *ret_n = row.size / sizeof **ret_items;
    return 0;
}

int certificate_is_overtaken(struct view *view, uint32_t certificate, struct arena *arena,
                             bool *ret_overtaken) {
    struct certified *items;
    size_t n;
    int r = certificate_records(view, certificate, arena, &items, &n);
    *ret_overtaken = false;
    for (size_t i = 0; r == 0 && !*ret_overtaken && i < n; i++) {
        struct record record;
        r = record_get(view, items[i].record, &record);
        if (r == 0)
            *ret_overtaken =
                record.row.state != RECORD_ACCEPTED || record.row.minutes != items[i].minutes;
    }
    return r > 0 ? error_note(-EBADMSG, "a certified record has no row") : r;
}

static void row_put(struct context *context, uint32_t number,
                    const struct certificate *certificate) {
    char key[4];
    struct buf *row = &context->scratch;
    buf_reset(row);
    buf_put(row, &certificate->row, sizeof certificate->row);
    buf_put_counted(row, certificate->number);
    buf_put_counted(row, certificate->digest);
    buf_put_counted(row, certificate->handler);
    buf_put_counted(row, certificate->reason);
    buf_put_counted(row, certificate->by);
    store_put(context->store, TABLE_CERTIFICATE, number_key(key, number), buf_str(row));
}

static void open_put(struct context *context, uint32_t number, int32_t on) {
    char key[4];
    store_put(context->store, TABLE_CERTIFICATE_OPEN, number_key(key, number),
              on ? (struct str){(const char *)&on, sizeof on} : STR_NONE);
}

static int count(struct context *context, const struct certificate_row *row, enum counter counter,
                 int64_t by) {
    const struct counter_change change = {counter, by};
    int r = counter_add_region(context, 0, row->region, &change, 1);
    return r == 0 ? counter_add_organisation(context, 0, row->issuer, &change, 1) : r;
}

/* ---- certificate.requested ---- */

static int number_compare(const void *a, const void *b) {
    const uint32_t *left = a, *right = b;
    return (*left > *right) - (*left < *right);
}

/* Who answers now, and where that counts. */
static int find_issuer(struct context *context, struct certificate_row *row, const char *field) {
    struct organisation_row organisation;
    int r = certificate_issuer(context->view, row->organisation, context->arena, &row->issuer);
    if (r == 0 && !row->issuer)
        return problem_set(context->problem, PROBLEM_WRONG_STATE, field,
                           "the organisation is dissolved, and neither a successor nor one above "
                           "it is there to certify; name who took over its records");
    if (r == 0)
        r = organisation_get(context->view, row->issuer, &organisation);
    if (r == 0)
        row->region = organisation.region;
    return r > 0 ? error_note(-EBADMSG, "an organisation has no row") : r;
}

/* Whoever has left or died has served all the same; somebody's second registration has not. */
static int find_person(struct context *context, struct str id, uint32_t *ret_volunteer) {
    struct volunteer_row person;
    int r = thing_resolve(context, NOUN_VOLUNTEER, id, "data.volunteer", ret_volunteer);
    if (r == 0)
        r = volunteer_get(context->view, *ret_volunteer, &person);
    return r == 0 ? volunteer_refuse_merged(context, *ret_volunteer, &person, id, "data.volunteer")
                  : r;
}

/* Known, the volunteer's own, and recorded by who is asked: told at the counter, and not days later
 * when somebody issues. */
static int check_record(struct context *context, const struct certificate_requested *data,
                        const struct certificate_row *row, size_t i, uint32_t *ret_number) {
    struct str id = ((const struct str *)data->records.items)[i];
    char field[40];
    struct record record;
    uint32_t answers;
    snprintf(field, sizeof field, "data.records[%zu]", i);
    int r = thing_resolve(context, NOUN_RECORD, id, field, ret_number);
    if (r == 0)
        r = record_get(context->view, *ret_number, &record);
    if (r == 0)
        r = certificate_issuer(context->view, record.row.organisation, context->arena, &answers);
    uint32_t whose = r == 0 ? record.row.volunteer : 0;
    if (r == 0)
        r = volunteer_survivor(context->view, &whose);
    if (r != 0)
        return r;
    if (whose != row->volunteer)
        return problem_set(context->problem, PROBLEM_NOT_ALLOWED, field,
                           "record %.*s is not of %.*s; a certificate says what one person did",
                           STR_ARG(id), STR_ARG(data->volunteer));
    if (answers != row->issuer)
        return problem_set(context->problem, PROBLEM_NOT_ALLOWED, field,
                           "record %.*s was recorded by another organisation; only who recorded "
                           "certifies: ask there",
                           STR_ARG(id));
    return 0;
}

static int check_records(struct context *context, const struct certificate_requested *data,
                         const struct certificate_row *row) {
    size_t n = data->records.n;
    uint32_t *numbers = arena_alloc(context->arena, (n + 1) * sizeof *numbers);
    for (size_t i = 0; i < n; i++) {
        int r = check_record(context, data, row, i, &numbers[i]);
        if (r != 0)
            return r;
    }
    qsort(numbers, n, sizeof *numbers, number_compare);
    for (size_t i = 1; i < n; i++)
        if (numbers[i] == numbers[i - 1])
            return problem_set(context->problem, PROBLEM_OUT_OF_RANGE, "data.records",
                               "a record stands twice in the list; name each once");
    return 0;
}

static int check_days(struct context *context, const struct certificate_requested *data) {
    bool from = HAS(data, certificate_requested, from);
    if (data->records.n && (from || HAS(data, certificate_requested, to)))
        return problem_set(context->problem, PROBLEM_OUT_OF_RANGE, from ? "data.from" : "data.to",
                           "name the records, or the days from and to; not both at once");
    if (data->to > context_date(context))
        return problem_set(context->problem, PROBLEM_OUT_OF_RANGE, "data.to",
                           "the last day lies after the request; what is still to come cannot be "
                           "certified");
    return 0;
}

int apply_certificate_requested(struct context *context, const struct event *event,
                                const struct certificate_requested *data) {
    struct certificate certificate = {.number = STR_NONE};
    struct certificate_row *row = &certificate.row;
    uint32_t number;
    int r = find_person(context, data->volunteer, &row->volunteer);
    if (r == 0)
        r = thing_resolve(context, NOUN_ORGANISATION, data->organisation, "data.organisation",
                          &row->organisation);
    if (r == 0)
        r = find_issuer(context, row, "data.organisation");
    if (r == 0)
        r = check_records(context, data, row);
    if (r == 0)
        r = check_days(context, data);
    if (r == 0)
        r = thing_name(context, NOUN_CERTIFICATE, data->certificate, "data.certificate", &number);
    if (r != 0)
        return r;
    struct thing thing = {.defined_sequence = context->sequence,
                          .changed_sequence = context->sequence,
                          .state = CERTIFICATE_REQUESTED,
                          .attributes = event->data};
    row->requested_on = context_date(context);
    row->state = CERTIFICATE_REQUESTED;
    thing_put(context, NOUN_CERTIFICATE, number, &thing);
    row_put(context, number, &certificate);
    open_put(context, number, row->requested_on);
    return count(context, row, COUNTER_certificates_open, 1);
}

/* ---- what becomes of it ---- */

struct opened {
    uint32_t number;
    struct thing thing;
    struct certificate certificate;
};

static int wrong_state(struct context *context, struct str id,
                       const struct certificate *certificate) {
    static const char *const mends[CERTIFICATE_STATES] = {
        [CERTIFICATE_REQUESTED] = "it was not issued: issue or refuse it first",
        [CERTIFICATE_ISSUED] = "it stays as it is: revoke it, and request another",
        [CERTIFICATE_REFUSED] = "request another",
        [CERTIFICATE_REVOKED] = "request another",
    };
    enum certificate_state state = certificate->row.state;
    return problem_set(context->problem, PROBLEM_WRONG_STATE, "data.certificate",
                       "certificate %.*s is %s; %s", STR_ARG(id), certificate_state_text(state),
                       mends[state]);
}

static int open_in(struct context *context, struct str id, enum certificate_state state,
                   struct opened *ret_opened) {
    struct certificate *certificate = &ret_opened->certificate;
    int r = thing_resolve(context, NOUN_CERTIFICATE, id, "data.certificate", &ret_opened->number);
    if (r != 0)
        return r;
    r = thing_get(context->view, NOUN_CERTIFICATE, ret_opened->number, context->arena,
                  &ret_opened->thing);
    if (r == 0)
        r = certificate_get(context->view, ret_opened->number, certificate);
    if (r != 0)
        return r < 0 ? r : error_note(-EBADMSG, "a certificate has no row or no attributes");
    certificate->number = arena_copy(context->arena, certificate->number);
    certificate->digest = arena_copy(context->arena, certificate->digest);
    certificate->handler = arena_copy(context->arena, certificate->handler);
    if (certificate->row.state != state)
        return wrong_state(context, id, certificate);
    return 0;
}

static void put_opened(struct context *context, struct opened *opened,
                       enum certificate_state state) {
    opened->certificate.row.state = (uint8_t)state;
    opened->thing.state = (uint8_t)state;
    opened->thing.changed_sequence = context->sequence;
    thing_put(context, NOUN_CERTIFICATE, opened->number, &opened->thing);
    row_put(context, opened->number, &opened->certificate);
}

/* The request is answered: it waits no longer where it waited. */
static int close_request(struct context *context, struct opened *opened) {
    struct certificate_row *row = &opened->certificate.row;
    int r = count(context, row, COUNTER_certificates_open, -1);
    if (r != 0)
        return r;
    open_put(context, opened->number, 0);
    row->closed_on = context_date(context);
    row->closed = context->sequence;
    return 0;
}

int certificate_select(struct view *view, const struct zone *zone, struct arena *arena,
                       uint32_t certificate, struct selection *ret_selection, const char *field,
                       struct problem *problem) {
    struct certificate found;
    struct thing thing;
    int r = certificate_get(view, certificate, &found);
    if (r == 0)
        r = thing_get(view, NOUN_CERTIFICATE, certificate, arena, &thing);
    if (r != 0)
        return r < 0 ? r : error_note(-EBADMSG, "a certificate has no row or no attributes");
    *ret_selection = (struct selection){.volunteer = found.row.volunteer};
    r = volunteer_survivor(view, &ret_selection->volunteer);
    if (r == 0)
        r = certificate_issuer(view, found.row.organisation, arena, &ret_selection->issuer);
    if (r == 0 && !ret_selection->issuer)
        return problem_set(problem, PROBLEM_WRONG_STATE, field,
                           "its organisation is dissolved and nobody answers for it; refuse the "
                           "request and say who took over the records");
    return r == 0
               ? selection_make(view, zone, arena, thing.attributes, ret_selection, field, problem)
               : r;
}

/* What the event says is what the records say. */
static int check_issued(struct context *context, const struct certificate_issued *data,
                        uint32_t number, const struct selection *selection) {
    struct str digest;
    if (data->minutes != selection->minutes)
        return problem_set(context->problem, PROBLEM_OUT_OF_RANGE, "data.minutes",
                           "the records asked for are %lld minutes of service; a certificate says "
                           "neither more nor less",
                           (long long)selection->minutes);
    int r =
        selection_digest(context->view, context->arena, number, data->number, selection, &digest);
    if (r == 0 && !str_equal(digest, data->digest))
        return problem_set(context->problem, PROBLEM_OUT_OF_RANGE, "data.digest",
                           "the digest is not that of these records and this number; let the "
                           "daemon make it: volunteerctl certificate issue %.*s",
                           STR_ARG(data->certificate));
    return r;
}

static void freeze(struct context *context, uint32_t number, const struct selection *selection) {
    char key[4];
    store_put(
        context->store, TABLE_CERTIFIED, number_key(key, number),
        (struct str){(const char *)selection->items, selection->n * sizeof *selection->items});
}

/* The request may have been made of one that is dissolved meanwhile. */
static int issue(struct context *context, struct opened *opened,
                 const struct certificate_issued *data, const struct selection *selection) {
    struct certificate *certificate = &opened->certificate;
    struct certificate_row *row = &certificate->row;
    int r = close_request(context, opened);
    if (r == 0)
        r = find_issuer(context, row, "data.certificate");
    if (r == 0)
        r = count(context, row, COUNTER_certificates_issued, 1);
    if (r != 0)
        return r;
    row->volunteer = selection->volunteer; /* who asked may have been merged meanwhile */
    row->n_records = (uint32_t)selection->n;
    row->minutes = selection->minutes;
    row->carried_minutes = selection->carried_minutes;
    certificate->number = data->number;
    certificate->digest = data->digest;
    certificate->handler = data->handler;
    freeze(context, opened->number, selection);
    put_opened(context, opened, CERTIFICATE_ISSUED);
    return 0;
}

int apply_certificate_issued(struct context *context, const struct event *event,
                             const struct certificate_issued *data) {
    (void)event;
    struct opened opened;
    struct selection selection;
    int r = open_in(context, data->certificate, CERTIFICATE_REQUESTED, &opened);
    if (r != 0)
        return r;
    const struct certificate_requested *request = opened.thing.attributes;
    if (str_equal(data->handler, request->volunteer))
        return problem_set(context->problem, PROBLEM_SELF_REVIEW, "data.handler",
                           "%.*s is the person whose service is certified; another handles it",
                           STR_ARG(data->handler));
    r = certificate_select(context->view, context->zone, context->arena, opened.number, &selection,
                           "data.certificate", context->problem);
    if (r == 0)
        r = certificate_number_take(context, selection.issuer, data->number, opened.number);
    if (r == 0)
        r = check_issued(context, data, opened.number, &selection);
    return r == 0 ? issue(context, &opened, data, &selection) : r;
}

int apply_certificate_refused(struct context *context, const struct event *event,
                              const struct certificate_refused *data) {
    (void)event;
    struct opened opened;
    int r = open_in(context, data->certificate, CERTIFICATE_REQUESTED, &opened);
    if (r == 0)
        r = close_request(context, &opened);
    if (r == 0)
        r = count(context, &opened.certificate.row, COUNTER_certificates_refused, 1);
    if (r != 0)
        return r;
    opened.certificate.reason = data->reason;
    opened.certificate.handler = data->by;
    put_opened(context, &opened, CERTIFICATE_REFUSED);
    return 0;
}

int apply_certificate_revoked(struct context *context, const struct event *event,
                              const struct certificate_revoked *data) {
    (void)event;
    struct opened opened;
    int r = open_in(context, data->certificate, CERTIFICATE_ISSUED, &opened);
    if (r == 0)
        r = count(context, &opened.certificate.row, COUNTER_certificates_revoked, 1);
    if (r != 0)
        return r;
    opened.certificate.row.revoked_on = context_date(context);
    opened.certificate.row.revoked = context->sequence;
    opened.certificate.reason = data->reason;
    opened.certificate.by = data->by;
    put_opened(context, &opened, CERTIFICATE_REVOKED);
    return 0;
}
