#include "domain/peers.h"

#include "domain/evidence.h"
#include "util/error.h"

#define REPORTS_LIMIT 1000
#define INDICATOR_BYTES 64

static struct str peer_key(char key[static PEER_KEY_BYTES + INDICATOR_BYTES], uint32_t peer,
                           struct str indicator) {
    size_t size = indicator.size < INDICATOR_BYTES ? indicator.size : INDICATOR_BYTES;
    number_key(key, peer);
    if (size)
        memcpy(key + PEER_KEY_BYTES, indicator.data, size);
    return (struct str){key, PEER_KEY_BYTES + size};
}

/* signed as_of, signed recorded_on, signed value, signed whole, varint sequence, counted origin,
 * counted by; by as_of. */
int peer_next(struct cursor *in, struct peer *ret_peer) {
    if (in->failed || !cursor_left(in))
        return THING_NOT_FOUND;
    ret_peer->as_of = (int32_t)cursor_signed(in);
    ret_peer->recorded_on = (int32_t)cursor_signed(in);
    ret_peer->value = cursor_signed(in);
    ret_peer->whole = cursor_signed(in);
    ret_peer->sequence = cursor_varint(in);
    ret_peer->origin = cursor_counted(in);
    ret_peer->by = cursor_counted(in);
    return in->failed ? THING_DAMAGED : 0;
}

static void report_put(struct buf *row, const struct peer *peer) {
    buf_put_signed(row, peer->as_of);
    buf_put_signed(row, peer->recorded_on);
    buf_put_signed(row, peer->value);
    buf_put_signed(row, peer->whole);
    buf_put_varint(row, peer->sequence);
    buf_put_counted(row, peer->origin);
    buf_put_counted(row, peer->by);
}

int peer_get(struct view *view, uint32_t peer, struct str indicator, int32_t as_of, int32_t at,
             struct peer *ret_peer) {
    char key[PEER_KEY_BYTES + INDICATOR_BYTES];
    struct str row;
    struct peer report;
    bool found = false;
    int r = view_get(view, TABLE_PEER, peer_key(key, peer, indicator), &row);
    if (r != 0)
        return r < 0 ? r : THING_NOT_FOUND;
    struct cursor in = cursor_from(row);
    while ((r = peer_next(&in, &report)) == 0 && report.as_of <= as_of) {
        if (report.recorded_on > at)
            continue;
        *ret_peer = report;
        found = true;
    }
    if (r == THING_DAMAGED)
        return error_note(-EBADMSG, "a peer's row cannot be read");
    return found ? 0 : THING_NOT_FOUND;
}

/* ---- peer.reported ---- */

static int check(struct context *context, const struct peer_reported *data) {
    int r = item_check(context, data->indicator, "data.indicator");
    if (r != 0)
        return r;
    if (data->whole == 0 || data->value > data->whole)
        return problem_set(context->problem, PROBLEM_OUT_OF_RANGE, "data.whole",
                           "value is a part of whole: whole is at least one, and no less than the "
                           "value");
    if (data->as_of > context_date(context))
        return problem_set(context->problem, PROBLEM_IN_FUTURE, "data.as_of",
                           "a figure is of a day that has come; this one lies after the event");
    return 0;
}

/* The row anew, the report at its place by its day. > 0: there is one of that day already. */
static int insert(struct context *context, struct str old, const struct peer *report) {
    struct buf *row = &context->scratch;
    struct cursor in = cursor_from(old);
    struct peer other;
    bool put = false;
    size_t n = 0;
    buf_reset(row);
    for (; peer_next(&in, &other) == 0; n++) {
        if (other.as_of == report->as_of)
            return problem_set(context->problem, PROBLEM_ALREADY_EXISTS, "data.as_of",
                               "this indicator was reported for that day already (%lld of %lld); a "
                               "correction is a report of a later day",
                               (long long)other.value, (long long)other.whole);
        if (!put && other.as_of > report->as_of) {
            report_put(row, report);
            put = true;
        }
        report_put(row, &other);
    }
    if (!put)
        report_put(row, report);
    return n >= REPORTS_LIMIT
               ? problem_set(context->problem, PROBLEM_OUT_OF_RANGE, "data.as_of",
                             "more than %d reports of one indicator of one peer", REPORTS_LIMIT)
               : 0;
}

int apply_peer_reported(struct context *context, const struct event *event,
                        const struct peer_reported *data) {
    const struct peer report = {.value = data->value,
                                .whole = data->whole,
                                .as_of = data->as_of,
                                .recorded_on = context_today(context),
                                .sequence = context->sequence,
                                .origin = data->origin,
                                .by = data->by};
    char key[PEER_KEY_BYTES + INDICATOR_BYTES];
    struct str row = STR_NONE;
    struct thing thing;
    uint32_t peer;
    int r = check(context, data);
    if (r == 0)
        r = thing_define(context, NOUN_PEER, data->peer, "data.peer", &peer, &thing);
    if (r != 0)
        return r;
    struct str place = peer_key(key, peer, data->indicator);
    r = view_get(context->view, TABLE_PEER, place, &row);
    if (r >= 0)
        r = insert(context, row, &report);
    if (r != 0)
        return r;
    store_put(context->store, TABLE_PEER, place, buf_str(&context->scratch));
    thing.changed_sequence = context->sequence;
    thing.attributes = event->data;
    thing_put(context, NOUN_PEER, peer, &thing);
    return 0;
}
