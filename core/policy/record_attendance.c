#include "policy/record_attendance.h"

#include "domain/attendance.h"
#include "domain/record_notes.h"
#include "policy/call.h"

#define STEP_STEPS 10

/* The enrolment of the record's volunteer; a record without a shift may be of any that the person
 * was in, so the first is taken that was accepted or attended. */
static int find(struct reading *reading, struct str shift, uint32_t *ret_number,
                struct enrolment *ret_enrolment) {
    const struct record_row *row = &reading->object->row.record.row;
    struct view *view = reading->call->view;
    uint32_t count = 0, number;
    if (!row->activity)
        return THING_NOT_FOUND;
    int r = enrolment_find(view, NOUN_ACTIVITY, row->activity, row->volunteer, shift, ret_number);
    if (r == 0)
        return enrolment_get(view, *ret_number, ret_enrolment);
    if (r < 0 || shift.size)
        return r;
    r = enrolment_pair_count(view, NOUN_ACTIVITY, row->activity, row->volunteer, &count);
    for (uint32_t i = 0; r == 0 && i < count; i++) {
        r = enrolment_pair_nth(view, NOUN_ACTIVITY, row->activity, row->volunteer, i, &number);
        if (r == 0)
            r = enrolment_get(view, number, ret_enrolment);
        *ret_number = number;
        if (r == 0 &&
            (ret_enrolment->row.state == ENROLMENT_ACCEPTED || ret_enrolment->row.n_check_ins))
            return 0;
    }
    return r == 0 ? THING_NOT_FOUND : r;
}

int record_enrolled(struct reading *reading, struct str shift) {
    struct enrolment enrolment;
    uint32_t number;
    int r = find(reading, shift, &number, &enrolment);
    return r < 0 ? r : push_boolean(reading, r == 0 && enrolment.row.state == ENROLMENT_ACCEPTED);
}

struct visits {
    struct reading *reading;
    lua_Integer n;
};

/* A check-in opens an entry of the list on the top; a check-out ends it. */
static int add_step(void *context, const struct attendance_step *step) {
    struct visits *visits = context;
    struct reading *reading = visits->reading;
    lua_State *lua = reading->lua;
    sandbox_charge(lua, STEP_STEPS);
    if (step->out) {
        lua_rawgeti(lua, -1, visits->n);
        push_integer(reading, step->at_s);
        lua_setfield(lua, -2, "checked_out");
        lua_pop(lua, 1);
        return 0;
    }
    lua_createtable(lua, 0, 5);
    push_integer(reading, step->at_s);
    lua_setfield(lua, -2, "checked_in");
    push_choice(reading, &ATTENDANCE_METHOD_choices, step->method);
    lua_setfield(lua, -2, "method");
    if (step->distance_m >= 0) {
        push_integer(reading, step->distance_m);
        lua_setfield(lua, -2, "distance_m");
    }
    if (step->device.size) {
        push_text(reading, step->device);
        lua_setfield(lua, -2, "device");
    }
    lua_rawseti(lua, -2, ++visits->n);
    return 0;
}

int record_attendance(struct reading *reading, struct str shift) {
    struct visits visits = {.reading = reading};
    struct enrolment enrolment;
    uint32_t number;
    int r = find(reading, shift, &number, &enrolment);
    if (r != 0)
        return r < 0 ? r : push_empty_list(reading);
    lua_newtable(reading->lua);
    return attendance_each(reading->call->view, number, add_step, &visits);
}

struct check_ins {
    struct reading *reading;
    int32_t date;
    int64_t n;
};

static int count_check_in(void *context, const struct attendance_step *step) {
    struct check_ins *check_ins = context;
    const struct zone *zone = &check_ins->reading->call->city->zone;
    sandbox_charge(check_ins->reading->lua, STEP_STEPS);
    check_ins->n += !step->out && zone_date(zone, step->at_s * MICROSECONDS) == check_ins->date;
    return 0;
}

/* In all shifts of the activity. */
int record_check_ins(struct reading *reading) {
    const struct record_row *row = &reading->object->row.record.row;
    struct check_ins check_ins = {reading, record_date(&reading->call->city->zone, row), 0};
    struct view *view = reading->call->view;
    uint32_t count = 0, number;
    int r = row->activity
                ? enrolment_pair_count(view, NOUN_ACTIVITY, row->activity, row->volunteer, &count)
                : 0;
    for (uint32_t i = 0; r == 0 && i < count; i++) {
        r = enrolment_pair_nth(view, NOUN_ACTIVITY, row->activity, row->volunteer, i, &number);
        if (r == 0)
            r = attendance_each(view, number, count_check_in, &check_ins);
    }
    return r < 0 ? r : push_integer(reading, check_ins.n);
}

int record_complaints(struct reading *reading) {
    struct record_note note;
    int r = record_note_get(reading->call->view, reading->object->number, &note);
    return r ? r : push_integer(reading, note.n_open + note.n_upheld);
}

int record_rating(struct reading *reading) {
    struct record_note note;
    int r = record_note_get(reading->call->view, reading->object->number, &note);
    if (r != 0)
        return r;
    uint8_t rating = note.rating[RATED_BY_SERVED] ? note.rating[RATED_BY_SERVED]
                                                  : note.rating[RATED_BY_ORGANISER];
    return rating ? push_integer(reading, rating) : push_text(reading, STR_NONE);
}
