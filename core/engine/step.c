#include "engine/step.h"

#include "domain/batches.h"
#include "domain/records.h"
#include "util/error.h"

#define SLOT "slot"

int stepper_init(struct stepper *stepper, struct store_writer *writer) {
    memset(stepper, 0, sizeof *stepper);
    stepper->writer = writer;
    stepper->hot = hot_new(writer);
    stepper->context.store = writer;
    stepper->context.view = store_writer_view(writer);
    stepper->context.zone = &stepper->city.zone;
    int r = city_get(stepper->context.view, &stepper->city);
    stepper->has_city = r == 0;
    return r < 0 ? r : 0;
}

void stepper_deinit(struct stepper *stepper) {
    hot_free(stepper->hot);
    buf_deinit(&stepper->context.scratch);
}

void stepper_begin(struct stepper *stepper, struct arena *arena, struct problem *problem) {
    stepper->context.arena = arena;
    stepper->context.problem = problem;
    stepper->context.n_questions = 0;
    stepper->context.new_record = 0;
    stepper->context.n_named = 0;
}

/* Key: source number, id. Row: varint sequence, 8 bytes of the digest. */
static struct str event_id_key(char key[static 4 + EVENT_ID_LIMIT], uint32_t source,
                               struct str id) {
    size_t size = id.size <= EVENT_ID_LIMIT ? id.size : EVENT_ID_LIMIT;
    number_key(key, source);
    memcpy(key + 4, id.data, size);
    return (struct str){key, 4 + size};
}

uint64_t event_id_digest(const struct event *event) {
    uint64_t digest;
    memcpy(&digest, event->digest, sizeof digest);
    return digest;
}

int event_id_find(struct view *view, struct str source, struct str id, uint64_t *ret_sequence,
                  uint64_t *ret_digest) {
    char key[4 + EVENT_ID_LIMIT];
    struct str row;
    uint32_t number;
    int r = source_find(view, source, &number);
    if (r == 0)
        r = view_get(view, TABLE_EVENT_ID, event_id_key(key, number, id), &row);
    if (r != 0)
        return r < 0 ? r : THING_NOT_FOUND;
    struct cursor in = cursor_from(row);
    *ret_sequence = cursor_varint(&in);
    *ret_digest = cursor_u64(&in);
    return in.failed ? error_note(-EBADMSG, "an event id's row cannot be read") : 0;
}

view_hint event_id_hint(struct view *view, struct str source, struct str id) {
    char key[4 + EVENT_ID_LIMIT];
    uint32_t number = 0;
    (void)source_find(view, source, &number);
    return view_hint_key(view, TABLE_EVENT_ID, event_id_key(key, number, id));
}

static int remember(struct context *context, const struct event *event) {
    char key[4 + EVENT_ID_LIMIT];
    uint32_t source;
    if (event->id.size == 0) /* the daemon's own: nobody sends those twice */
        return 0;
    int r = source_number(context, event->source, &source);
    if (r != 0)
        return r;
    struct buf *row = &context->scratch;
    buf_reset(row);
    buf_put_varint(row, event->sequence);
    buf_put_u64(row, event_id_digest(event));
    store_put(context->store, TABLE_EVENT_ID, event_id_key(key, source, event->id), buf_str(row));
    return 0;
}

/* Slots are handed out in order; the highest one used is part of the state. */
static void note_slots(struct context *context, const struct event *event) {
    for (size_t i = 0; i < event->n_blobs; i++)
        if (event->blobs[i].slot > number_last(context->view, SLOT))
            number_set(context, SLOT, event->blobs[i].slot);
}

int stepper_apply(struct stepper *stepper, const struct event *event) {
    struct context *context = &stepper->context;
    context->event = event;
    context->sequence = event->sequence;
    context->recorded_us = event->recorded_us;
    context->today = zone_date(context->zone, event->recorded_us);
    int r = remember(context, event);
    if (r != 0)
        return r;
    note_slots(context, event);
    r = clock_put_recorded(context, event->recorded_us);
    if (r == 0)
        r = apply_event(context, event);
    return r == 0 && event->batch.size ? batch_note(context, event) : r;
}

int stepper_accepted(struct stepper *stepper, const struct event *event) {
    if (event->type->number != EVENT_city_configured)
        return 0;
    stepper->has_city = true;
    return city_get(stepper->context.view, &stepper->city);
}
