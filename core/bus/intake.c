#include "bus/intake.h"

#include "bus/decode.h"

static void reject(struct batch *batch, size_t index, const struct problem *problem) {
    struct result *result = &batch->results[index];
    result->status = RESULT_REJECTED;
    result->problem = arena_alloc(&batch->arena, sizeof *problem);
    *result->problem = *problem;
    batch->events[index].type = NULL;
}

static void decode_at(const struct intake *self, struct batch *batch, size_t index,
                      struct dom_value value) {
    struct problem problem = {0};
    struct event *event = &batch->events[index];
    int result =
        decode_event(self->keyring, value, WRITER_PUBLISHER, &batch->arena, event, &problem);
    if (result == 0 && self->judge)
        result = self->judge(self->context, event, &problem);
    if (result != 0)
        reject(batch, index, &problem);
}

void intake_decode(const struct intake *intake, struct dom_value body, size_t n,
                   struct batch *batch) {
    batch->n_events = n;
    batch->events = arena_alloc(&batch->arena, n * sizeof *batch->events);
    batch->results = arena_alloc(&batch->arena, n * sizeof *batch->results);
    if (dom_type(body) == DOM_OBJECT) {
        decode_at(intake, batch, 0, body);
        return;
    }
    struct dom_iterator items = dom_items(body);
    struct dom_value item;
    for (size_t i = 0; dom_next_item(&items, &item); i++)
        decode_at(intake, batch, i, item);
}

bool intake_any(const struct batch *batch) {
    for (size_t i = 0; i < batch->n_events; i++)
        if (batch->events[i].type)
            return true;
    return false;
}

static void reject_all(struct batch *batch, enum problem_code code, const char *why) {
    struct problem problem = {0};
    problem_set(&problem, code, "", "%s", why);
    for (size_t i = 0; i < batch->n_events; i++)
        if (batch->events[i].type)
            reject(batch, i, &problem);
}

int intake_submit(struct engine *engine, struct batch *batch) {
    int result = engine_queue(engine, batch);
    if (result == 0)
        return 0;
    const char *reason = engine_read_only_reason(engine);
    if (result == ENGINE_READ_ONLY)
        reject_all(batch, PROBLEM_READ_ONLY,
                   reason ? reason : "the daemon only reads at the moment");
    else
        reject_all(batch, PROBLEM_BUSY, "the daemon is full: send it again a little later");
    return 1;
}
