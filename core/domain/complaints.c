#include "domain/complaints.h"

#include "domain/carried_over.h"
#include "domain/person_lists.h"
#include "domain/record_notes.h"
#include "domain/records.h"
#include "domain/standing.h"
#include "util/error.h"

/* ---- reading ---- */

int complaint_get(struct view *view, uint32_t number, struct complaint *ret_complaint) {
    char key[4];
    struct str row;
    int r = view_get(view, TABLE_COMPLAINT, number_key(key, number), &row);
    if (r != 0)
        return r < 0 ? r : THING_NOT_FOUND;
    struct cursor in = cursor_from(row);
    struct str fixed = cursor_take(&in, sizeof ret_complaint->row);
    ret_complaint->referred_to = cursor_counted(&in);
    ret_complaint->resolved_by = cursor_counted(&in);
    if (in.failed)
        return error_note(-EBADMSG, "a complaint's row cannot be read");
    memcpy(&ret_complaint->row, fixed.data, sizeof ret_complaint->row);
    return 0;
}

bool complaint_is_open(enum complaint_state state) {
    return state < COMPLAINT_RESOLVED;
}

bool complaint_is_upheld(enum complaint_state state) {
    return state == COMPLAINT_RESOLVED + COMPLAINT_OUTCOME_UPHELD;
}

/* ---- writing ---- */

static void put(struct context *context, uint32_t number, const struct complaint *complaint) {
    char key[4];
    struct buf *row = &context->scratch;
    buf_reset(row);
    buf_put(row, &complaint->row, sizeof complaint->row);
    buf_put_counted(row, complaint->referred_to);
    buf_put_counted(row, complaint->resolved_by);
    store_put(context->store, TABLE_COMPLAINT, number_key(key, number), buf_str(row));
}

static uint16_t plus(uint16_t count, int by) {
    int sum = count + by;
    return (uint16_t)(sum > UINT16_MAX ? UINT16_MAX : sum);
}

/* Counts it at its record. -1: it is not in that state any more. */
static int count(struct context *context, const struct complaint_row *row, int by) {
    struct record_note note;
    enum complaint_state state = (enum complaint_state)row->state;
    if (row->noun != NOUN_RECORD)
        return 0;
    int r = record_note_get(context->view, row->subject, &note);
    if (r != 0)
        return r;
    if (complaint_is_open(state))
        note.n_open = plus(note.n_open, by);
    if (complaint_is_upheld(state))
        note.n_upheld = plus(note.n_upheld, by);
    record_note_put(context, row->subject, &note);
    return 0;
}

/* Whether the record counts is asked anew; what was revoked, or is a total of earlier years, no
 * rule ever decided. */
static int ask_record(struct context *context, uint32_t number) {
    struct record record;
    int r = record_get(context->view, number, &record);
    if (r == 0 && !record_is_carried(&record.row) && record.row.state != RECORD_REVOKED)
        context_ask(context, POLICY_KIND_ACCEPTANCE, number,
                    record_date(context->zone, &record.row));
    return r > 0 ? error_note(-EBADMSG, "a complaint names a record that is not there") : r;
}

/* The complaint is in that state now: what hangs on it follows. */
static int settle(struct context *context, uint32_t number, const struct complaint_row *row) {
    const struct person_entry entry = {.number = number,
                                       .on = row->filed_on,
                                       .other = row->noun == NOUN_RECORD ? row->subject : 0,
                                       .state = row->state};
    int r = count(context, row, 1);
    if (r == 0 && row->noun == NOUN_RECORD)
        r = ask_record(context, row->subject);
    if (r != 0 || !row->volunteer)
        return r;
    r = person_list_put(context, row->volunteer, LIST_COMPLAINTS, &entry, "data.subject");
    if (r == 0)
        standing_ask(context, row->volunteer);
    return r;
}

/* ---- filed ---- */

static int find_person(struct context *context, struct str id, struct complaint_row *row) {
    struct record record;
    row->volunteer = row->noun == NOUN_VOLUNTEER ? row->subject : 0;
    if (row->volunteer) {
        struct volunteer_row person;
        int r = volunteer_get(context->view, row->volunteer, &person);
        return r == 0 ? volunteer_refuse_merged(context, row->volunteer, &person, id,
                                                "data.subject.id")
                      : r;
    }
    if (row->noun != NOUN_RECORD)
        return 0;
    int r = record_get(context->view, row->subject, &record);
    if (r == 0)
        row->volunteer = record.row.volunteer;
    return r;
}

int apply_complaint_filed(struct context *context, const struct event *event,
                          const struct complaint_filed *data) {
    uint32_t number;
    enum noun noun;
    struct complaint complaint = {.referred_to = STR_NONE, .resolved_by = STR_NONE};
    struct complaint_row *row = &complaint.row;
    row->filed_on = context_date(context);
    row->state = COMPLAINT_FILED;
    int r = subject_resolve(context, &data->subject, ~0U, "data.subject", &noun, &row->subject);
    if (r == 0) {
        row->noun = (uint8_t)noun;
        r = find_person(context, data->subject.id, row);
    }
    if (r == 0)
        r = thing_name(context, NOUN_COMPLAINT, data->complaint, "data.complaint", &number);
    if (r == 0 && row->volunteer)
        r = volunteer_keep_slot(context, row->volunteer);
    if (r != 0)
        return r;
    struct thing thing = {.defined_sequence = context->sequence,
                          .changed_sequence = context->sequence,
                          .state = COMPLAINT_FILED,
                          .attributes = event->data};
    thing_take_blobs(context, event->type->fields, &thing, &data->head);
    thing_put(context, NOUN_COMPLAINT, number, &thing);
    put(context, number, &complaint);
    return settle(context, number, row);
}

/* ---- referred, resolved ---- */

struct opened {
    uint32_t number;
    struct thing thing;
    struct complaint complaint;
};

static int open_complaint(struct context *context, struct str id, struct opened *ret_opened) {
    int r = thing_resolve(context, NOUN_COMPLAINT, id, "data.complaint", &ret_opened->number);
    if (r != 0)
        return r;
    r = thing_get(context->view, NOUN_COMPLAINT, ret_opened->number, context->arena,
                  &ret_opened->thing);
    if (r == 0)
        r = complaint_get(context->view, ret_opened->number, &ret_opened->complaint);
    if (r != 0)
        return r < 0 ? r : error_note(-EBADMSG, "a complaint has no row or no attributes");
    struct complaint *complaint = &ret_opened->complaint;
    complaint->referred_to = arena_copy(context->arena, complaint->referred_to);
    complaint->resolved_by = arena_copy(context->arena, complaint->resolved_by);
    if (!complaint_is_open((enum complaint_state)complaint->row.state))
        return problem_set(context->problem, PROBLEM_WRONG_STATE, "data.complaint",
                           "complaint %.*s is resolved already; file a new one", STR_ARG(id));
    return 0;
}

static void put_opened(struct context *context, struct opened *opened, unsigned state) {
    opened->complaint.row.state = (uint8_t)state;
    opened->thing.state = (uint8_t)(state < COMPLAINT_RESOLVED ? state : COMPLAINT_RESOLVED);
    opened->thing.changed_sequence = context->sequence;
    thing_put(context, NOUN_COMPLAINT, opened->number, &opened->thing);
    put(context, opened->number, &opened->complaint);
}

int apply_complaint_referred(struct context *context, const struct event *event,
                             const struct complaint_referred *data) {
    (void)event;
    struct opened opened;
    int r = open_complaint(context, data->complaint, &opened);
    if (r != 0)
        return r;
    opened.complaint.referred_to = data->to;
    opened.complaint.row.referred_on = context_date(context);
    put_opened(context, &opened, COMPLAINT_REFERRED);
    return 0;
}

int apply_complaint_resolved(struct context *context, const struct event *event,
                             const struct complaint_resolved *data) {
    (void)event;
    struct opened opened;
    int r = open_complaint(context, data->complaint, &opened);
    if (r == 0)
        r = count(context, &opened.complaint.row, -1);
    if (r != 0)
        return r;
    opened.complaint.resolved_by = data->by;
    opened.complaint.row.resolved_on = context_date(context);
    put_opened(context, &opened, COMPLAINT_RESOLVED + (unsigned)data->outcome);
    return settle(context, opened.number, &opened.complaint.row);
}

/* ---- a merge ---- */

int complaints_move(struct context *context, uint32_t volunteer) {
    struct person_entries entries;
    int r = person_list_get(context->view, volunteer, LIST_COMPLAINTS, &entries);
    if (r != 0 || entries.n == 0)
        return r;
    char *items = arena_bytes(context->arena, entries.n * sizeof(struct person_entry));
    memcpy(items, entries.items, entries.n * sizeof(struct person_entry));
    entries.items = items;
    for (size_t i = 0; r == 0 && i < entries.n; i++) {
        struct complaint complaint;
        uint32_t number = person_entry_at(&entries, i).number;
        r = complaint_get(context->view, number, &complaint);
        if (r != 0 || complaint.row.volunteer == volunteer)
            continue;
        complaint.referred_to = arena_copy(context->arena, complaint.referred_to);
        complaint.resolved_by = arena_copy(context->arena, complaint.resolved_by);
        complaint.row.volunteer = volunteer;
        put(context, number, &complaint);
    }
    return r > 0 ? error_note(-EBADMSG, "a list names a complaint that is not there") : r;
}
