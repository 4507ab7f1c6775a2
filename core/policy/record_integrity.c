#include "policy/record_integrity.h"

#include "domain/enrolments.h"
#include "domain/entries.h"
#include "domain/false_hours.h"
#include "domain/former_selves.h"
#include "domain/reviews.h"
#include "domain/verdicts.h"
#include "policy/call.h"

#define ENROLMENT_STEPS 4

static const struct record *record_of(const struct reading *reading) {
    return &reading->object->row.record;
}

int record_signed_in(struct reading *reading) {
    const struct record_row *row = &record_of(reading)->row;
    struct view *view = reading->call->view;
    uint32_t n = 0, number;
    bool found = false;
    int r = row->activity
                ? enrolment_pair_count(view, NOUN_ACTIVITY, row->activity, row->volunteer, &n)
                : 0;
    for (uint32_t i = 0; r == 0 && i < n && !found; i++) {
        struct enrolment enrolment;
        sandbox_charge(reading->lua, ENROLMENT_STEPS);
        r = enrolment_pair_nth(view, NOUN_ACTIVITY, row->activity, row->volunteer, i, &number);
        if (r == 0)
            r = enrolment_get(view, number, &enrolment);
        found = r == 0 && enrolment.row.n_check_ins > 0;
    }
    return r ? r : push_boolean(reading, found);
}

int record_entries_in_minute(struct reading *reading) {
    struct pace pace;
    int r = record_pace(reading->call->view, reading->object->number, &pace);
    return r ? r : push_integer(reading, pace.n_minute);
}

int record_entries_on_day(struct reading *reading) {
    struct pace pace;
    int r = record_pace(reading->call->view, reading->object->number, &pace);
    return r ? r : push_integer(reading, pace.n_day);
}

int record_recorder_false_on(struct reading *reading) {
    struct false_hours hours;
    int r = false_hours_entered_by(reading->call->view, record_of(reading)->recorder, &hours);
    return r ? r : push_date(reading, hours.last_on);
}

int record_review_seconds(struct reading *reading) {
    struct verdict verdict;
    int r = verdict_get(reading->call->view, reading->object->number, &verdict);
    if (r < 0)
        return r;
    int64_t seconds = r == 0 ? verdict.row.at_s - record_of(reading)->row.recorded_s : 0;
    return r || !verdict.by.size ? push_text(reading, STR_NONE)
                                 : push_integer(reading, seconds > 0 ? seconds : 0);
}

int record_organisation_reviews(struct reading *reading) {
    uint32_t n = 0;
    int r = reviews_of(reading->call->view, record_of(reading)->row.organisation, STR_NONE, &n);
    return r ? r : push_integer(reading, n);
}

int record_reviewer_reviews(struct reading *reading) {
    struct verdict verdict;
    uint32_t n = 0;
    int r = verdict_get(reading->call->view, reading->object->number, &verdict);
    if (r == 0 && verdict.by.size)
        r = reviews_of(reading->call->view, record_of(reading)->row.organisation, verdict.by, &n);
    return r < 0 ? r : push_integer(reading, n);
}

/* FNV-1a, and mixed, so that ids which count up are drawn evenly. */
static uint64_t id_hash(struct str id) {
    uint64_t hash = UINT64_C(0xcbf29ce484222325);
    for (size_t i = 0; i < id.size; i++)
        hash = (hash ^ (uint8_t)id.data[i]) * UINT64_C(0x100000001b3);
    hash ^= hash >> 33;
    hash *= UINT64_C(0xff51afd7ed558ccd);
    return hash ^ hash >> 33;
}

int record_drawn(struct reading *reading) {
    bool drawn = id_hash(record_of(reading)->id) % 1000 < (uint64_t)reading->arguments.n;
    return push_boolean(reading, drawn);
}

int volunteer_false_on(struct reading *reading) {
    struct false_hours hours;
    int r = false_hours_of(reading->call->view, reading->object->number, &hours);
    return r ? r : push_date(reading, hours.last_on);
}

int volunteer_former_standing(struct reading *reading) {
    enum STANDING_choice standing;
    int r = former_standing(reading->call->view, reading->object->number, reading->call->as_of,
                            &standing);
    return r ? r
             : push_choice(reading, &STANDING_choices,
                           standing == STANDING_GOOD ? -1 : (int32_t)standing);
}
