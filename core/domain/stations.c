#include "domain/stations.h"

#include "domain/counters.h"
#include "util/error.h"

const char *station_state_text(enum station_state state) {
    static const char *const texts[] = {"planned", "built", "opened", "closed"};
    return (size_t)state < sizeof texts / sizeof *texts ? texts[state] : "unknown";
}

const char *station_step_text(enum station_step_kind kind) {
    if (kind >= STATION_STEP_PART && kind < STATION_STEP_BUILT)
        return STATION_PART_choices.words[kind - STATION_STEP_PART];
    return kind == STATION_STEP_PLANNED  ? "planned"
           : kind == STATION_STEP_BUILT  ? "built"
           : kind == STATION_STEP_OPENED ? "opened"
           : kind == STATION_STEP_CLOSED ? "closed"
                                         : "unknown";
}

bool station_is_overdue(const struct station *station, int32_t today) {
    return station->state == STATION_PLANNED && station->due < today;
}

/* ---- the row ---- */

static bool has_evidence(enum station_step_kind kind) {
    return kind >= STATION_STEP_PART && kind <= STATION_STEP_BUILT;
}

/* bytes kind and done, signed on, signed recorded_on, varint sequence; of PLANNED varint region,
 * signed due, varint responsible; of what has evidence counted by, digest, uri, note, varint team;
 * in the order of the events. */
int station_step_next(struct cursor *in, struct station_step *ret_step) {
    if (in->failed || !cursor_left(in))
        return THING_NOT_FOUND;
    memset(ret_step, 0, sizeof *ret_step);
    ret_step->kind = cursor_byte(in);
    ret_step->done = cursor_byte(in) & 1;
    ret_step->on = (int32_t)cursor_signed(in);
    ret_step->recorded_on = (int32_t)cursor_signed(in);
    ret_step->sequence = cursor_varint(in);
    if (ret_step->kind == STATION_STEP_PLANNED) {
        ret_step->region = (uint32_t)cursor_varint(in);
        ret_step->due = (int32_t)cursor_signed(in);
        ret_step->responsible = (uint32_t)cursor_varint(in);
    } else if (has_evidence(ret_step->kind)) {
        ret_step->by = cursor_counted(in);
        ret_step->digest = cursor_counted(in);
        ret_step->uri = cursor_counted(in);
        ret_step->note = cursor_counted(in);
        ret_step->team = (uint32_t)cursor_varint(in);
    }
    return in->failed || ret_step->kind >= STATION_STEP_COUNT ? THING_DAMAGED : 0;
}

void station_step_put(struct buf *row, const struct station_step *step) {
    buf_put_byte(row, (uint8_t)step->kind);
    buf_put_byte(row, step->done);
    buf_put_signed(row, step->on);
    buf_put_signed(row, step->recorded_on);
    buf_put_varint(row, step->sequence);
    if (step->kind == STATION_STEP_PLANNED) {
        buf_put_varint(row, step->region);
        buf_put_signed(row, step->due);
        buf_put_varint(row, step->responsible);
    } else if (has_evidence(step->kind)) {
        buf_put_counted(row, step->by);
        buf_put_counted(row, step->digest);
        buf_put_counted(row, step->uri);
        buf_put_counted(row, step->note);
        buf_put_varint(row, step->team);
    }
}

static void take_part(struct station *station, const struct station_step *step) {
    unsigned part = step->kind - STATION_STEP_PART;
    station->part[part] = *step;
    station->parts &= ~(1U << part);
    if (step->done)
        station->parts |= 1U << part;
}

void station_take_step(struct station *station, const struct station_step *step) {
    if (step->kind == STATION_STEP_PLANNED) {
        station->n_dues += station->planned.sequence && station->due != step->due;
        station->region = step->region;
        station->due = step->due;
        station->responsible = step->responsible;
        if (!station->planned.sequence)
            station->planned = *step;
    } else if (step->kind == STATION_STEP_BUILT) {
        station->built = *step;
        station->state = STATION_BUILT;
    } else if (step->kind == STATION_STEP_OPENED) {
        station->opened = *step;
        station->state = STATION_OPENED;
    } else if (step->kind == STATION_STEP_CLOSED) {
        station->closed = *step;
        station->state = STATION_CLOSED;
    } else {
        take_part(station, step);
    }
}

int station_decode(struct str row, int32_t at, struct station *ret_station) {
    struct cursor in = cursor_from(row);
    struct station_step step;
    struct station station;
    int r;
    memset(&station, 0, sizeof station);
    while ((r = station_step_next(&in, &step)) == 0 && step.recorded_on <= at)
        station_take_step(&station, &step);
    if (r == THING_DAMAGED)
        return error_note(-EBADMSG, "a station's row cannot be read");
    if (!station.planned.sequence)
        return THING_NOT_FOUND;
    *ret_station = station;
    return 0;
}

int station_get(struct view *view, uint32_t station, int32_t at, struct station *ret_station) {
    char key[4];
    struct str row;
    int r =
        station ? view_get(view, TABLE_STATION, number_key(key, station), &row) : STORE_NOT_FOUND;
    if (r != 0)
        return r < 0 ? r : THING_NOT_FOUND;
    return station_decode(row, at, ret_station);
}

int station_each_step(struct view *view, uint32_t station,
                      int (*each)(void *context, const struct station_step *step), void *context) {
    char key[4];
    struct str row;
    int r = view_get(view, TABLE_STATION, number_key(key, station), &row);
    if (r != 0)
        return r < 0 ? r : 0;
    struct cursor in = cursor_from(row);
    struct station_step step;
    int outcome = 0;
    while (outcome == 0 && (r = station_step_next(&in, &step)) == 0)
        outcome = each(context, &step);
    return r == THING_DAMAGED ? error_note(-EBADMSG, "a station's row cannot be read") : outcome;
}
