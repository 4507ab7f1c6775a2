#include "domain/records.h"

#include "domain/hot.h"
#include "domain/record_counts.h"
#include "domain/record_notes.h"
#include "util/error.h"

/* ---- reading ---- */

int record_get(struct view *view, uint32_t number, struct record *ret_record) {
    char key[4];
    struct str row;
    if (hot_recall(view, HOT_LAST_RECORD, number, ret_record, sizeof *ret_record))
        return 0;
    int r = number ? view_get(view, TABLE_RECORD, number_key(key, number), &row) : STORE_NOT_FOUND;
    if (r != 0)
        return r < 0 ? r : THING_NOT_FOUND;
    if (row.size < sizeof ret_record->row)
        return error_note(-EBADMSG, "a record's row cannot be read");
    memcpy(&ret_record->row, row.data, sizeof ret_record->row);
    struct cursor rest = {row.data + sizeof ret_record->row, row.data + row.size, false};
    ret_record->id = cursor_counted(&rest);
    ret_record->recorder = cursor_counted(&rest);
    ret_record->system = ret_record->row.carried ? cursor_counted(&rest) : STR_NONE;
    ret_record->evidence = ret_record->row.carried ? cursor_counted(&rest) : STR_NONE;
    ret_record->batch = ret_record->row.batched ? cursor_counted(&rest) : STR_NONE;
    if (rest.failed)
        return error_note(-EBADMSG, "a record's row cannot be read");
    hot_remember(view, HOT_LAST_RECORD, number, ret_record, sizeof *ret_record);
    return 0;
}

int record_holder(struct view *view, uint32_t number, const struct record_row *row,
                  uint32_t *ret_organisation) {
    struct record_note note;
    *ret_organisation = row->organisation;
    if (!(row->flags & RECORD_TRANSFERRED))
        return 0;
    int r = record_note_get(view, number, &note);
    if (r == 0)
        *ret_organisation = note.holder;
    return r;
}

int record_details(struct view *view, uint32_t number, struct arena *arena,
                   struct service_recorded *ret_details) {
    struct thing thing;
    int r = thing_get(view, NOUN_RECORD, number, arena, &thing);
    if (r == 0)
        *ret_details = *(const struct service_recorded *)thing.attributes;
    else if (r > 0)
        memset(ret_details, 0, sizeof *ret_details);
    return r < 0 ? r : 0;
}

int32_t record_date(const struct zone *zone, const struct record_row *row) {
    return zone_date(zone, row->starts_s * MICROSECONDS);
}

const char *record_state_text(enum record_state state) {
    static const char *const texts[] = {"pending", "accepted", "held", "refused", "revoked"};
    return (size_t)state < sizeof texts / sizeof *texts ? texts[state] : "unknown";
}

/* ---- writing ---- */

void record_put(struct context *context, uint32_t number, const struct record *record) {
    char key[4];
    struct buf *row = &context->scratch;
    buf_reset(row);
    buf_put(row, &record->row, sizeof record->row);
    buf_put_counted(row, record->id);
    buf_put_counted(row, record->recorder);
    if (record->row.carried) {
        buf_put_counted(row, record->system);
        buf_put_counted(row, record->evidence);
    }
    if (record->row.batched)
        buf_put_counted(row, record->batch);
    store_put(context->store, TABLE_RECORD, number_key(key, number), buf_str(row));
    hot_let_go(context->view, HOT_LAST_RECORD);
}

int record_open(struct context *context, struct str id, uint32_t *ret_number,
                struct record *ret_record) {
    int r = thing_resolve(context, NOUN_RECORD, id, "data.record", ret_number);
    if (r == 0)
        r = record_get(context->view, *ret_number, ret_record);
    if (r == 0) {
        ret_record->id = arena_copy(context->arena, ret_record->id);
        ret_record->recorder = arena_copy(context->arena, ret_record->recorder);
        ret_record->batch = arena_copy(context->arena, ret_record->batch);
    }
    return r;
}

int record_wrong_state(struct context *context, const struct record *record, const char *mend) {
    return problem_set(context->problem, PROBLEM_WRONG_STATE, "data.record",
                       "record %.*s is %s; %s", STR_ARG(record->id),
                       record_state_text(record->row.state), mend);
}

/* Role, quantities, evidence, post, beneficiary: kept as attributes only where one was given. */
static void put_details(struct context *context, uint32_t number,
                        const struct service_recorded *data) {
    const uint64_t kept =
        UINT64_C(1) << service_recorded__role | UINT64_C(1) << service_recorded__quantities |
        UINT64_C(1) << service_recorded__evidence | UINT64_C(1) << service_recorded__shift |
        UINT64_C(1) << service_recorded__post | UINT64_C(1) << service_recorded__beneficiary |
        UINT64_C(1) << service_recorded__ext;
    if (!(data->head.present & kept))
        return;
    struct service_recorded *details = arena_alloc(context->arena, sizeof *details);
    *details = *data;
    details->head.present &= kept;
    struct thing thing = {.defined_sequence = context->sequence,
                          .changed_sequence = context->sequence,
                          .attributes = details};
    thing_put(context, NOUN_RECORD, number, &thing);
}

int record_begin(struct context *context, uint32_t number, const struct record *record,
                 const struct service_recorded *details) {
    record_put(context, number, record);
    put_details(context, number, details);
    int r = record_put_in_months(context, number, &record->row);
    if (r == 0)
        context_ask(context, POLICY_KIND_ACCEPTANCE, number,
                    record_date(context->zone, &record->row));
    return r;
}
