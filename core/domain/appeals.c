#include "domain/appeals.h"

#include "domain/carried_over.h"
#include "domain/record_checks.h"
#include "domain/standing.h"
#include "domain/verdicts.h"
#include "util/error.h"

/* ---- reading ---- */

int appeal_get(struct view *view, uint32_t number, struct appeal *ret_appeal) {
    char key[4];
    struct str row;
    int r = view_get(view, TABLE_APPEAL, number_key(key, number), &row);
    if (r != 0)
        return r < 0 ? r : THING_NOT_FOUND;
    struct cursor in = cursor_from(row);
    struct str fixed = cursor_take(&in, sizeof ret_appeal->row);
    ret_appeal->against_by = cursor_counted(&in);
    ret_appeal->settled_by = cursor_counted(&in);
    if (in.failed)
        return error_note(-EBADMSG, "an appeal's row cannot be read");
    memcpy(&ret_appeal->row, fixed.data, sizeof ret_appeal->row);
    return 0;
}

int appeal_newest(struct view *view, enum noun noun, uint32_t number, uint32_t *ret_appeal) {
    char key[THING_KEY_BYTES];
    struct str row;
    *ret_appeal = 0;
    int r = view_get(view, TABLE_APPEALED, thing_key(key, noun, number), &row);
    if (r != 0)
        return r < 0 ? r : 0;
    if (row.size != sizeof *ret_appeal)
        return error_note(-EBADMSG, "the newest appeal cannot be read");
    memcpy(ret_appeal, row.data, sizeof *ret_appeal);
    return 0;
}

int32_t appeal_last_day(int32_t said, int32_t decided_on) {
    return said ? said : decided_on + APPEAL_DAYS;
}

/* ---- writing ---- */

static void put(struct context *context, uint32_t number, const struct appeal *appeal) {
    char key[4], subject[THING_KEY_BYTES];
    struct buf *row = &context->scratch;
    buf_reset(row);
    buf_put(row, &appeal->row, sizeof appeal->row);
    buf_put_counted(row, appeal->against_by);
    buf_put_counted(row, appeal->settled_by);
    store_put(context->store, TABLE_APPEAL, number_key(key, number), buf_str(row));
    store_put(context->store, TABLE_APPEALED,
              thing_key(subject, (enum noun)appeal->row.noun, appeal->row.subject),
              (struct str){(const char *)&number, sizeof number});
}

/* ---- what is appealed against ---- */

static int nothing(struct context *context, struct str id, const char *text) {
    return problem_set(context->problem, PROBLEM_WRONG_STATE, "data.subject", "%.*s %s",
                       STR_ARG(id), text);
}

static int against_standing(struct context *context, struct str id, struct appeal *appeal) {
    struct volunteer_row person;
    struct standing_record standing;
    int r = volunteer_get(context->view, appeal->row.subject, &person);
    if (r == 0)
        r = standing_of(context->view, appeal->row.subject, &standing);
    if (r != 0)
        return r;
    person.state = VOLUNTEER_REGISTERED; /* who has left may still clear the name */
    if (volunteer_standing(&person, context_date(context)) == STANDING_GOOD)
        return nothing(context, id, "is in good standing; there is nothing to appeal against");
    appeal->row.volunteer = appeal->row.subject;
    appeal->row.against = standing.row.sequence;
    appeal->row.decided_on = standing.row.since;
    appeal->row.until = appeal_last_day(standing.row.appeal_until, standing.row.since);
    appeal->against_by = arena_copy(context->arena, standing.by);
    return 0;
}

static int against_record(struct context *context, struct str id, struct appeal *appeal) {
    struct record record;
    struct verdict verdict;
    int r = record_get(context->view, appeal->row.subject, &record);
    if (r != 0)
        return r;
    if (record_is_carried(&record.row))
        return nothing(context, id, "is a total of earlier years; send it anew where it is wrong");
    if (record.row.state != RECORD_REFUSED && record.row.state != RECORD_REVOKED)
        return nothing(context, id,
                       "is neither refused nor revoked; there is nothing to appeal "
                       "against");
    appeal->row.volunteer = record.row.volunteer;
    appeal->row.against = record.row.decision;
    r = verdict_get(context->view, appeal->row.subject, &verdict);
    if (r != 0)
        return r < 0 ? r : error_note(-EBADMSG, "nobody refused or revoked a record that is so");
    appeal->row.decided_on = zone_date(context->zone, verdict.row.at_s * MICROSECONDS);
    appeal->row.until = appeal_last_day(0, appeal->row.decided_on);
    appeal->against_by = arena_copy(context->arena, verdict.by);
    return 0;
}

static int check_window(struct context *context, const struct appeal_row *row) {
    char decided[16], until[16];
    if (context_date(context) <= row->until)
        return 0;
    date_format(row->decided_on, decided);
    date_format(row->until, until);
    return problem_set(context->problem, PROBLEM_WRONG_STATE, "data.subject",
                       "decided on %s; an appeal could be filed until %s", decided, until);
}

/* One is open at a time, and what was settled is settled. */
static int check_earlier(struct context *context, const struct appeal_row *row) {
    struct appeal earlier;
    struct str id;
    uint32_t number;
    int r = appeal_newest(context->view, (enum noun)row->noun, row->subject, &number);
    if (r != 0 || !number)
        return r;
    r = appeal_get(context->view, number, &earlier);
    if (r == 0)
        r = thing_id(context->view, NOUN_APPEAL, number, context->arena, &id);
    if (r != 0)
        return r;
    if (earlier.row.state == APPEAL_FILED)
        return problem_set(context->problem, PROBLEM_WRONG_STATE, "data.subject",
                           "appeal %.*s is open; settle it first", STR_ARG(id));
    if (earlier.row.against == row->against &&
        earlier.row.state != APPEAL_SETTLED + APPEAL_OUTCOME_WITHDRAWN)
        return problem_set(context->problem, PROBLEM_WRONG_STATE, "data.subject",
                           "appeal %.*s settled this; nobody appeals twice against one decision",
                           STR_ARG(id));
    return 0;
}

int apply_sanction_appealed(struct context *context, const struct event *event,
                            const struct sanction_appealed *data) {
    static const unsigned kinds = 1U << SUBJECT_KIND_VOLUNTEER | 1U << SUBJECT_KIND_RECORD;
    struct appeal appeal = {.against_by = STR_NONE, .settled_by = STR_NONE};
    struct appeal_row *row = &appeal.row;
    struct str id = data->subject.id;
    enum noun noun;
    uint32_t number;
    row->filed_on = context_date(context);
    int r = subject_resolve(context, &data->subject, kinds, "data.subject", &noun, &row->subject);
    if (r != 0)
        return r;
    row->noun = (uint8_t)noun;
    r = noun == NOUN_VOLUNTEER ? against_standing(context, id, &appeal)
                               : against_record(context, id, &appeal);
    if (r == 0)
        r = check_earlier(context, row);
    if (r == 0)
        r = check_window(context, row);
    if (r == 0)
        r = thing_name(context, NOUN_APPEAL, data->appeal, "data.appeal", &number);
    if (r == 0)
        r = volunteer_keep_slot(context, row->volunteer);
    if (r != 0)
        return r;
    struct thing thing = {.defined_sequence = context->sequence,
                          .changed_sequence = context->sequence,
                          .state = APPEAL_FILED,
                          .attributes = event->data};
    thing_take_blobs(context, event->type->fields, &thing, &data->head);
    thing_put(context, NOUN_APPEAL, number, &thing);
    put(context, number, &appeal);
    return 0;
}

/* ---- settled ---- */

struct settling {
    uint32_t number;
    struct thing thing;
    struct appeal appeal;
    const struct sanction_settled *data;
};

static int open_appeal(struct context *context, struct settling *settling) {
    struct str id = settling->data->appeal;
    int r = thing_resolve(context, NOUN_APPEAL, id, "data.appeal", &settling->number);
    if (r == 0)
        r = thing_get(context->view, NOUN_APPEAL, settling->number, context->arena,
                      &settling->thing);
    if (r == 0)
        r = appeal_get(context->view, settling->number, &settling->appeal);
    if (r != 0)
        return r;
    settling->appeal.against_by = arena_copy(context->arena, settling->appeal.against_by);
    if (settling->appeal.row.state != APPEAL_FILED)
        return problem_set(context->problem, PROBLEM_WRONG_STATE, "data.appeal",
                           "appeal %.*s is settled already", STR_ARG(id));
    return 0;
}

static int self_review(struct context *context, struct str by, const char *what) {
    return problem_set(context->problem, PROBLEM_SELF_REVIEW, "data.by",
                       "%.*s %s; another person settles the appeal", STR_ARG(by), what);
}

static int undo_standing(struct context *context, struct settling *settling) {
    struct standing_record standing;
    uint32_t volunteer = settling->appeal.row.subject;
    int r = standing_of(context->view, volunteer, &standing);
    if (r != 0 || standing.row.sequence != settling->appeal.row.against)
        return r; /* something else stands by now, which this was not about */
    settling->appeal.row.undone = 1;
    return standing_undo(context, volunteer);
}

/* What a rule or reviewer refused counts as it would have; what was revoked is what it was. */
static int undo_record(struct context *context, struct settling *settling, struct record *record) {
    const struct sanction_settled *data = settling->data;
    uint32_t number = settling->appeal.row.subject;
    struct verdict verdict;
    enum record_state state = RECORD_ACCEPTED;
    if (record->row.decision != settling->appeal.row.against)
        return 0;
    bool given = HAS(data, sanction_settled, minutes);
    if (given && data->minutes > record->row.minutes)
        return problem_set(context->problem, PROBLEM_OUT_OF_RANGE, "data.minutes",
                           "%u minutes were recorded; no more can be counted", record->row.minutes);
    int r = verdict_get(context->view, number, &verdict);
    if (r < 0)
        return r;
    if (record->row.state == RECORD_REVOKED && r == 0)
        state = (enum record_state)verdict.row.before;
    if (given)
        record->row.counted = (uint32_t)data->minutes;
    else if (state == RECORD_ACCEPTED && !record->row.counted)
        record->row.counted = record->row.minutes;
    settling->appeal.row.undone = 1;
    r = record_check_overturn(context, number, record);
    return r == 0 ? record_reinstate(context, number, record, state) : r;
}

static int settle_record(struct context *context, struct settling *settling, bool upheld) {
    struct str by = settling->data->by;
    struct record record;
    uint32_t number = settling->appeal.row.subject;
    int r = record_get(context->view, number, &record);
    if (r == 0)
        r = record_open(context, arena_copy(context->arena, record.id), &number, &record);
    if (r != 0)
        return r;
    if (str_equal(record.recorder, by))
        return self_review(context, by, "entered this record");
    return upheld ? undo_record(context, settling, &record) : 0;
}

int apply_sanction_settled(struct context *context, const struct event *event,
                           const struct sanction_settled *data) {
    (void)event;
    struct settling settling = {.data = data};
    bool withdrawn = data->outcome == APPEAL_OUTCOME_WITHDRAWN;
    bool upheld = data->outcome == APPEAL_OUTCOME_UPHELD;
    int r = open_appeal(context, &settling);
    if (r != 0)
        return r;
    struct appeal_row *row = &settling.appeal.row;
    if (HAS(data, sanction_settled, minutes) && (!upheld || row->noun != NOUN_RECORD))
        return problem_set(context->problem, PROBLEM_OUT_OF_RANGE, "data.minutes",
                           "minutes go with an appeal about a record that is upheld");
    if (!withdrawn && str_equal(settling.appeal.against_by, data->by))
        return self_review(context, data->by, "made the decision that this is about");
    if (row->noun == NOUN_VOLUNTEER)
        r = upheld ? undo_standing(context, &settling) : 0;
    else if (!withdrawn)
        r = settle_record(context, &settling, upheld);
    if (r != 0)
        return r;
    settling.appeal.settled_by = data->by;
    row->settled_on = context_date(context);
    row->state = (uint8_t)(APPEAL_SETTLED + data->outcome);
    settling.thing.state = APPEAL_SETTLED;
    settling.thing.changed_sequence = context->sequence;
    thing_put(context, NOUN_APPEAL, settling.number, &settling.thing);
    put(context, settling.number, &settling.appeal);
    return 0;
}
