#include "domain/batches.h"

#include "domain/runs.h"
#include "util/error.h"

/* Of an entry: batch u32, n u32. */
#define KEY_BYTES 8

static struct str key_of(char key[static KEY_BYTES], uint32_t batch, uint32_t n) {
    number_key(key, batch);
    number_key(key + 4, n);
    return (struct str){key, KEY_BYTES};
}

/* ---- reading ---- */

const char *batch_state_text(enum batch_state state) {
    static const char *const texts[] = {"open", "undoing", "undone"};
    return (size_t)state < sizeof texts / sizeof *texts ? texts[state] : "unknown";
}

static const enum event_number kind_events[BATCH_KINDS] = {
    [BATCH_RECORDS] = EVENT_service_recorded,
    [BATCH_CARRIED] = EVENT_service_carried_over,
    [BATCH_VOLUNTEERS] = EVENT_volunteer_registered,
    [BATCH_ACTIVITIES] = EVENT_activity_published,
    [BATCH_JOINED] = EVENT_team_joined,
};

enum event_number batch_kind_event(enum batch_kind kind) {
    return kind_events[kind];
}

static enum batch_kind kind_of(enum event_number event) {
    enum batch_kind kind = 0;
    while (kind < BATCH_KINDS && kind_events[kind] != event)
        kind++;
    return kind;
}

int batch_get(struct view *view, uint32_t batch, struct import_batch *ret_batch) {
    char key[4];
    struct str row;
    int r = view_get(view, TABLE_BATCH, number_key(key, batch), &row);
    if (r != 0)
        return r < 0 ? r : THING_NOT_FOUND;
    struct cursor in = cursor_from(row);
    struct str fixed = cursor_take(&in, sizeof ret_batch->row);
    ret_batch->id = cursor_counted(&in);
    ret_batch->undone_by = cursor_counted(&in);
    if (in.failed)
        return error_note(-EBADMSG, "a batch's row cannot be read");
    memcpy(&ret_batch->row, fixed.data, sizeof ret_batch->row);
    return 0;
}

int batch_entry(struct view *view, uint32_t batch, uint32_t n, struct batch_entry *ret_entry) {
    char key[KEY_BYTES];
    struct str row;
    int r = view_get(view, TABLE_BATCH_ENTRY, key_of(key, batch, n), &row);
    if (r != 0)
        return r < 0 ? r : THING_NOT_FOUND;
    if (row.size != sizeof *ret_entry)
        return error_note(-EBADMSG, "an entry of a batch cannot be read");
    memcpy(ret_entry, row.data, sizeof *ret_entry);
    return 0;
}

/* ---- writing ---- */

static void put(struct context *context, uint32_t number, const struct import_batch *batch) {
    char key[4];
    struct buf *row = &context->scratch;
    buf_reset(row);
    buf_put(row, &batch->row, sizeof batch->row);
    buf_put_counted(row, batch->id);
    buf_put_counted(row, batch->undone_by);
    store_put(context->store, TABLE_BATCH, number_key(key, number), buf_str(row));
}

static int find(struct context *context, enum noun noun, struct str id, uint32_t *ret_number) {
    int r = thing_find(context->view, noun, id, ret_number);
    return r > 0 ? error_note(-EBADMSG, "what an event has just named is not there") : r;
}

/* What can be taken back: 0 with the entry, 1 for an event of another type. */
static int entry_of(struct context *context, const struct event *event,
                    struct batch_entry *ret_entry) {
    *ret_entry = (struct batch_entry){.kind = kind_of((enum event_number)event->type->number)};
    switch ((enum batch_kind)ret_entry->kind) {
    case BATCH_RECORDS:
        return find(context, NOUN_RECORD, ((const struct service_recorded *)event->data)->record,
                    &ret_entry->number);
    case BATCH_CARRIED:
        return find(context, NOUN_RECORD,
                    ((const struct service_carried_over *)event->data)->record, &ret_entry->number);
    case BATCH_VOLUNTEERS:
        return find(context, NOUN_VOLUNTEER,
                    ((const struct volunteer_registered *)event->data)->volunteer,
                    &ret_entry->number);
    case BATCH_ACTIVITIES:
        return find(context, NOUN_ACTIVITY,
                    ((const struct activity_published *)event->data)->activity, &ret_entry->number);
    case BATCH_JOINED: {
        const struct team_joined *data = event->data;
        int r = find(context, NOUN_TEAM, data->team, &ret_entry->number);
        return r == 0 ? find(context, NOUN_VOLUNTEER, data->volunteer, &ret_entry->other) : r;
    }
    default:
        return 1;
    }
}

static int open_batch(struct context *context, struct str id, uint32_t *ret_number,
                      struct import_batch *ret_batch) {
    int r = thing_find(context->view, NOUN_BATCH, id, ret_number);
    if (r == 0)
        return batch_get(context->view, *ret_number, ret_batch);
    if (r < 0)
        return r;
    *ret_batch = (struct import_batch){
        .row = {.first_sequence = context->sequence, .first_us = context->recorded_us}, .id = id};
    return thing_name(context, NOUN_BATCH, id, "batch", ret_number);
}

int batch_note(struct context *context, const struct event *event) {
    struct import_batch batch;
    struct batch_entry entry;
    uint32_t number;
    char key[KEY_BYTES];
    int r = open_batch(context, event->batch, &number, &batch);
    if (r != 0)
        return r;
    if (event->cause) {
        batch.row.n_taken_back++;
        put(context, number, &batch);
        return 0;
    }
    if (batch.row.state != BATCH_OPEN)
        return problem_set(context->problem, PROBLEM_WRONG_STATE, "batch",
                           "batch %.*s was undone; import under another name",
                           STR_ARG(event->batch));
    r = entry_of(context, event, &entry);
    if (r < 0)
        return r;
    batch.row.n_events++;
    batch.row.last_sequence = context->sequence;
    batch.row.last_us = context->recorded_us;
    if (r == 0) {
        batch.row.n_of[entry.kind]++;
        store_put(context->store, TABLE_BATCH_ENTRY, key_of(key, number, ++batch.row.n_entries),
                  (struct str){(const char *)&entry, sizeof entry});
    }
    put(context, number, &batch);
    return 0;
}

int apply_batch_undone(struct context *context, const struct event *event,
                       const struct batch_undone *data) {
    (void)event;
    struct import_batch batch;
    uint32_t number;
    int r = thing_resolve(context, NOUN_BATCH, data->batch, "data.batch", &number);
    if (r == 0)
        r = batch_get(context->view, number, &batch);
    if (r != 0)
        return r;
    if (batch.row.state != BATCH_OPEN)
        return problem_set(context->problem, PROBLEM_WRONG_STATE, "data.batch",
                           "batch %.*s was undone already; look at it with batch.get",
                           STR_ARG(data->batch));
    if (batch.row.n_entries == 0)
        return problem_set(context->problem, PROBLEM_WRONG_STATE, "data.batch",
                           "nothing of batch %.*s can be taken back: its events are of types that "
                           "nothing revokes; mend each with an event of its own",
                           STR_ARG(data->batch));
    batch.row.state = BATCH_UNDOING;
    batch.row.undone_sequence = context->sequence;
    batch.undone_by = data->by;
    put(context, number, &batch);
    return run_begin_as(context, &(struct run_row){.kind = RUN_UNDO,
                                                   .as_of = context_date(context),
                                                   .last = batch.row.n_entries,
                                                   .subject = number});
}

int batch_undone_all(struct context *context, uint32_t number) {
    struct import_batch batch;
    int r = batch_get(context->view, number, &batch);
    if (r != 0)
        return r < 0 ? r : error_note(-EBADMSG, "a batch that is undone is not there");
    batch.row.state = BATCH_UNDONE;
    put(context, number, &batch);
    return 0;
}
