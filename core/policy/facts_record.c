/* Service records. */
#include "domain/dictionaries.h"
#include "domain/shifts.h"
#include "policy/call.h"
#include "policy/record_attendance.h"
#include "policy/record_integrity.h"
#include "policy/volunteer_service.h"

#define OVERLAPS_LIMIT 16
/* Steps of the budget for reading a person's month. */
#define OVERLAPS_STEPS 40

static int load(struct reading *reading) {
    return record_get(reading->call->view, reading->object->number, &reading->object->row.record);
}

static const struct record_row *row_of(const struct reading *reading) {
    return &reading->object->row.record.row;
}

/* What is not in the row. */
static int details_of(struct reading *reading, const struct service_recorded **ret_details) {
    struct object *object = reading->object;
    if (!object->attributes) {
        struct service_recorded *details = arena_alloc(reading->call->arena, sizeof *details);
        int r = record_details(reading->call->view, object->number, reading->call->arena, details);
        if (r != 0)
            return r;
        object->attributes = details;
    }
    *ret_details = object->attributes;
    return 0;
}

static int read_id(struct reading *reading) {
    return push_text(reading, reading->object->row.record.id);
}

static int read_volunteer(struct reading *reading) {
    return reading_object(reading, OBJECT_VOLUNTEER, "volunteer", row_of(reading)->volunteer);
}

static int read_activity(struct reading *reading) {
    return reading_object(reading, OBJECT_ACTIVITY, "activity", row_of(reading)->activity);
}

static int read_organisation(struct reading *reading) {
    return reading_object(reading, OBJECT_ORGANISATION, "organisation",
                          row_of(reading)->organisation);
}

static int read_role(struct reading *reading) {
    const struct service_recorded *details;
    int r = details_of(reading, &details);
    return r ? r : push_text(reading, details->role.size ? details->role : STR_NONE);
}

static int read_evidence(struct reading *reading) {
    const struct service_recorded *details;
    int r = details_of(reading, &details);
    return r ? r : push_text(reading, details->evidence.size ? details->evidence : STR_NONE);
}

static int read_quantities(struct reading *reading) {
    const struct service_recorded *details;
    int r = details_of(reading, &details);
    if (r != 0)
        return r;
    if (details->quantities.n == 0)
        return push_empty_list(reading);
    const struct quantity *quantities = details->quantities.items;
    lua_newtable(reading->lua);
    for (size_t i = 0; i < details->quantities.n; i++) {
        lua_pushlstring(reading->lua, quantities[i].name.data, quantities[i].name.size);
        lua_pushinteger(reading->lua, quantities[i].amount);
        lua_rawset(reading->lua, -3);
    }
    return 0;
}

static int read_post(struct reading *reading) {
    const struct service_recorded *details;
    uint32_t post = 0;
    int r = details_of(reading, &details);
    if (r == 0)
        r = find_number(reading, NOUN_POST, details->post, &post);
    return r ? r : reading_object(reading, OBJECT_POST, "post", post);
}

static int read_enrolled(struct reading *reading) {
    const struct service_recorded *details;
    int r = details_of(reading, &details);
    return r ? r : record_enrolled(reading, details->shift);
}

static int read_attendance(struct reading *reading) {
    const struct service_recorded *details;
    int r = details_of(reading, &details);
    return r ? r : record_attendance(reading, details->shift);
}

static int read_derived(struct reading *reading) {
    return push_boolean(reading, (row_of(reading)->flags & RECORD_DERIVED) != 0);
}

/* What of it lies between start and end of its shift, or of its activity as a whole. */
static int read_minutes_in_shift(struct reading *reading) {
    const struct record_row *row = row_of(reading);
    const struct service_recorded *details;
    struct shift_row shift;
    int r = details_of(reading, &details);
    if (r != 0 || !row->activity)
        return r ? r : push_integer(reading, row->minutes);
    r = shift_get(reading->call->view, row->activity, details->shift, &shift);
    if (r != 0)
        return r < 0 ? r : push_integer(reading, row->minutes);
    int64_t from_s = row->starts_s > shift.starts_s ? row->starts_s : shift.starts_s;
    int64_t ends_s = row->starts_s + row->span_s;
    int64_t minutes = ((ends_s < shift.ends_s ? ends_s : shift.ends_s) - from_s) / 60;
    minutes = minutes < 0 ? 0 : minutes;
    return push_integer(reading, minutes < row->minutes ? minutes : row->minutes);
}

static int read_on(struct reading *reading) {
    return push_date(reading, record_date(&reading->call->city->zone, row_of(reading)));
}

struct days {
    struct reading *reading;
    lua_Integer n;
};

/* As a table for the policy and as JSON for the log: the hottest list there is. */
static int add_day(void *context, int32_t date, uint32_t minutes) {
    struct days *days = context;
    lua_State *lua = days->reading->lua;
    struct buf *json = &days->reading->call->json;
    struct str day = dates_write(&days->reading->host->dates, date);
    sandbox_charge(lua, 4);
    lua_createtable(lua, 0, 2);
    lua_pushlstring(lua, day.data, day.size);
    lua_setfield(lua, -2, "date");
    lua_pushinteger(lua, minutes);
    lua_setfield(lua, -2, "minutes");
    lua_rawseti(lua, -2, ++days->n);
    buf_put_str(json, days->n > 1 ? STR(",{\"date\":\"") : STR("{\"date\":\""));
    buf_put_str(json, day);
    buf_put_str(json, STR("\",\"minutes\":"));
    buf_json_integer(json, minutes);
    buf_put_byte(json, '}');
    return 0;
}

static int read_days(struct reading *reading) {
    struct days days = {reading, 0};
    struct buf *json = &reading->call->json;
    lua_createtable(reading->lua, 1, 0);
    buf_put_byte(json, '[');
    int r = record_days(&reading->call->city->zone, (uint32_t)(row_of(reading)->starts_s / 60),
                        row_of(reading)->minutes, add_day, &days);
    buf_put_byte(json, ']');
    return r;
}

struct busiest {
    struct reading *person;
    int64_t minutes;
};

static int add_busy_day(void *context, int32_t date, uint32_t minutes) {
    struct busiest *busiest = context;
    struct minutes_filter filter = {.from = date, .to = date};
    int64_t before;
    int r = service_minutes(busiest->person, &filter, &before);
    if (r == 0 && before + minutes > busiest->minutes)
        busiest->minutes = before + minutes;
    return r;
}

/* What the fullest of its days would have with it, all of it counted: one number says of nearly
 * every record that no daily limit cuts it, without a date, so that a rule that asks no more is
 * known (known.h). */
static int read_busiest_day_minutes(struct reading *reading) {
    const struct record_row *row = row_of(reading);
    struct object volunteer = {.kind = OBJECT_VOLUNTEER, .number = row->volunteer};
    struct reading person = *reading;
    struct busiest busiest = {&person, 0};
    person.object = &volunteer;
    int r = volunteer_get(reading->call->view, row->volunteer, &volunteer.row.volunteer);
    if (r == 0)
        r = record_days(&reading->call->city->zone, (uint32_t)(row->starts_s / 60), row->minutes,
                        add_busy_day, &busiest);
    return r ? r : push_integer(reading, busiest.minutes);
}

static int read_minutes(struct reading *reading) {
    return push_integer(reading, row_of(reading)->minutes);
}

static int read_span_minutes(struct reading *reading) {
    return push_integer(reading, row_of(reading)->span_s / 60);
}

static int read_counted_minutes(struct reading *reading) {
    bool counts = row_of(reading)->state == RECORD_ACCEPTED;
    return push_integer(reading, counts ? row_of(reading)->counted : 0);
}

static int read_starts(struct reading *reading) {
    return push_integer(reading, row_of(reading)->starts_s);
}

static int read_ends(struct reading *reading) {
    return push_integer(reading, row_of(reading)->starts_s + row_of(reading)->span_s);
}

static int read_category(struct reading *reading) {
    uint8_t category = row_of(reading)->category;
    struct dictionary_code entry = {.code = STR_NONE};
    if (category == 0)
        return push_text(reading, STR_NONE);
    int r = dictionary_at(reading->call->view, DICTIONARY_CATEGORY, category - 1U, &entry);
    return r < 0 ? r : push_text(reading, entry.code);
}

static int read_method(struct reading *reading) {
    return push_choice(reading, &METHOD_choices, row_of(reading)->method);
}

/* As much as most rules ask of the method: few values, so that they are known (known.h). */
static int read_by_hand(struct reading *reading) {
    uint8_t method = row_of(reading)->method;
    return push_boolean(reading, method == METHOD_MANUAL || method == METHOD_IMPORT);
}

static int read_recorder(struct reading *reading) {
    struct str recorder = reading->object->row.record.recorder;
    return push_text(reading, recorder.size ? recorder : STR_NONE);
}

static int read_batch(struct reading *reading) {
    struct str batch = reading->object->row.record.batch;
    return push_text(reading, batch.size ? batch : STR_NONE);
}

static int read_source(struct reading *reading) {
    struct str source;
    int r =
        source_text(reading->call->view, row_of(reading)->source, reading->call->arena, &source);
    return r ? r : push_text(reading, source);
}

static int read_corrected(struct reading *reading) {
    return push_integer(reading, row_of(reading)->corrected);
}

/* From the end of the service to its entry. */
static int64_t delay_minutes(const struct record_row *row) {
    int64_t delay_s = row->recorded_s - (row->starts_s + row->span_s);
    return delay_s > 0 ? delay_s / 60 : 0;
}

static int read_delay_minutes(struct reading *reading) {
    return push_integer(reading, delay_minutes(row_of(reading)));
}

/* A day that has begun counts, so that "over 30 days" is exactly that. Few values where minutes are
 * many: a rule that asks for no more is known after a few records (known.h). */
static int read_delay_days(struct reading *reading) {
    enum { DAY_MINUTES = 24 * 60 };
    return push_integer(reading, (delay_minutes(row_of(reading)) + DAY_MINUTES - 1) / DAY_MINUTES);
}

static int read_overlaps(struct reading *reading) {
    const struct record_row *row = row_of(reading);
    uint32_t records[OVERLAPS_LIMIT];
    sandbox_charge(reading->lua, OVERLAPS_STEPS);
    int n = person_overlaps(reading->call->view, &reading->call->city->zone, row->volunteer,
                            (uint32_t)(row->starts_s / 60), row->span_s / 60,
                            reading->object->number, records, OVERLAPS_LIMIT);
    if (n <= 0)
        return n < 0 ? n : push_empty_list(reading);
    lua_createtable(reading->lua, n < OVERLAPS_LIMIT ? n : OVERLAPS_LIMIT, 0);
    for (int i = 0; i < n && i < OVERLAPS_LIMIT; i++) {
        struct record record;
        int r = record_get(reading->call->view, records[i], &record);
        if (r != 0)
            return r;
        push_text(reading, record.id);
        lua_rawseti(reading->lua, -2, i + 1);
    }
    return 0;
}

static const struct fact facts[] = {
    FACT("id", read_id, DEFAULT_NONE),
    FACT_OBJECT("volunteer", read_volunteer, OBJECT_VOLUNTEER),
    FACT_OPTIONAL("activity", read_activity, OBJECT_ACTIVITY),
    FACT_OPTIONAL("organisation", read_organisation, OBJECT_ORGANISATION),
    FACT("role", read_role, DEFAULT_NONE),
    FACT("on", read_on, DEFAULT_NONE),
    FACT("days", read_days, DEFAULT_LIST),
    FACT("busiest_day_minutes", read_busiest_day_minutes, DEFAULT_ZERO),
    FACT("minutes", read_minutes, DEFAULT_ZERO),
    FACT("span_minutes", read_span_minutes, DEFAULT_ZERO),
    FACT("counted_minutes", read_counted_minutes, DEFAULT_ZERO),
    FACT("starts", read_starts, DEFAULT_NONE),
    FACT("ends", read_ends, DEFAULT_NONE),
    FACT("category", read_category, DEFAULT_NONE),
    FACT("method", read_method, DEFAULT_NONE),
    FACT("recorder", read_recorder, DEFAULT_NONE),
    FACT("source", read_source, DEFAULT_NONE),
    FACT("corrected", read_corrected, DEFAULT_ZERO),
    FACT("quantities", read_quantities, DEFAULT_LIST),
    FACT("evidence", read_evidence, DEFAULT_NONE),
    FACT("delay_minutes", read_delay_minutes, DEFAULT_ZERO),
    FACT("delay_days", read_delay_days, DEFAULT_ZERO),
    FACT("overlaps", read_overlaps, DEFAULT_LIST),
    FACT_OPTIONAL("post", read_post, OBJECT_POST),
    FACT("enrolled", read_enrolled, DEFAULT_FALSE),
    FACT("attendance", read_attendance, DEFAULT_LIST),
    FACT("complaints", record_complaints, DEFAULT_ZERO),
    FACT("rating", record_rating, DEFAULT_NONE),
    FACT("batch", read_batch, DEFAULT_NONE),
    FACT("derived", read_derived, DEFAULT_FALSE),
    FACT("check_ins", record_check_ins, DEFAULT_ZERO),
    FACT("minutes_in_shift", read_minutes_in_shift, DEFAULT_ZERO),
    FACT("by_hand", read_by_hand, DEFAULT_FALSE),
    FACT("signed_in", record_signed_in, DEFAULT_FALSE),
    FACT("entries_in_minute", record_entries_in_minute, DEFAULT_ZERO),
    FACT("entries_on_day", record_entries_on_day, DEFAULT_ZERO),
    FACT("recorder_false_on", record_recorder_false_on, DEFAULT_NONE),
    FACT("review_seconds", record_review_seconds, DEFAULT_NONE),
    FACT("organisation_reviews", record_organisation_reviews, DEFAULT_ZERO),
    FACT("reviewer_reviews", record_reviewer_reviews, DEFAULT_ZERO),
    FACT_METHOD("drawn", record_drawn, ARGUMENT_N, DEFAULT_FALSE),
};

const struct object_type record_object = {"record", FACTS(facts), load};
