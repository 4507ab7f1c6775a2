/* What events do to service records: recorded, decided, reviewed, corrected, revoked. */
#include "domain/record_counts.h"

#include "domain/activities.h"
#include "domain/attendance.h"
#include "domain/beneficiaries.h"
#include "domain/carried_over.h"
#include "domain/entries.h"
#include "domain/honours.h"
#include "domain/organisations.h"
#include "domain/points.h"
#include "domain/posts.h"
#include "domain/record_checks.h"
#include "domain/reviews.h"
#include "domain/runs.h"
#include "domain/standing.h"
#include "domain/verdicts.h"

/* ---- service.recorded ---- */

static int resolve_all(struct context *context, const struct service_recorded *data,
                       struct record_row *row, uint32_t *ret_post) {
    int r =
        thing_resolve(context, NOUN_VOLUNTEER, data->volunteer, "data.volunteer", &row->volunteer);
    if (r == 0)
        r = thing_resolve(context, NOUN_ORGANISATION, data->organisation, "data.organisation",
                          &row->organisation);
    if (r == 0)
        r = thing_resolve(context, NOUN_ACTIVITY, data->activity, "data.activity", &row->activity);
    if (r == 0)
        r = thing_resolve(context, NOUN_POST, data->post, "data.post", ret_post);
    return r;
}

/* Where the minutes count: at the activity's region, else at the post's; without either, at the
 * recording organisation's. */
static int place(struct context *context, const struct service_recorded *data, uint32_t post,
                 struct record_row *row) {
    if (row->activity) {
        struct activity_summary activity;
        int r = activity_summary(context->view, row->activity, &activity);
        if (r != 0)
            return r;
        if (activity.state == ACTIVITY_CANCELLED)
            return problem_set(context->problem, PROBLEM_WRONG_STATE, "data.activity",
                               "activity %.*s was cancelled; nobody served there",
                               STR_ARG(data->activity));
        row->region = activity.region;
        row->category = activity.category;
        if (activity.visit)
            row->flags |= RECORD_VISIT;
        return activity.state == ACTIVITY_CLOSED
                   ? attendance_served(context, row->activity, data->shift, row->volunteer)
                   : 0;
    }
    if (post)
        return post_region(context->view, post, &row->region);
    struct organisation_defined organisation;
    int r =
        organisation_attributes(context->view, row->organisation, context->arena, &organisation);
    return r == 0 ? thing_find(context->view, NOUN_REGION, organisation.region, &row->region) : r;
}

int record_check_served(struct context *context, uint32_t volunteer, struct str id,
                        int64_t starts_us, int64_t ends_us) {
    struct volunteer_row person;
    int32_t on = zone_date(context->zone, starts_us);
    int r = volunteer_get(context->view, volunteer, &person);
    if (r == 0)
        r = volunteer_refuse_merged(context, volunteer, &person, id, "data.volunteer");
    if (r != 0)
        return r;
    if (volunteer_has_left(&person) && on > person.withdrawn_on)
        return problem_set(context->problem, PROBLEM_WRONG_STATE, "data.volunteer",
                           "volunteer %.*s had %s before this service", STR_ARG(id),
                           person.state == VOLUNTEER_DECEASED ? "died" : "withdrawn");
    if (person.state == VOLUNTEER_HELD)
        return problem_set(
            context->problem, PROBLEM_WRONG_STATE, "data.volunteer",
            "the registration of %.*s is held; settle it first, then send this record again",
            STR_ARG(id));
    if (person.standing != STANDING_GOOD && on >= person.standing_since) {
        r = standing_allows(context, &person, id, "data.volunteer");
        if (r != 0)
            return r;
    }
    if (ends_us > context->event->time.us)
        return problem_set(context->problem, PROBLEM_OUT_OF_RANGE, "data.ends",
                           "the service ends after the event's time; record it when it is over");
    if (starts_us < 0 || !date_is_kept(on))
        return problem_set(context->problem, PROBLEM_OUT_OF_RANGE, "data.starts",
                           "service is kept from 1970-01-02 to 2199; mend the year");
    return 0;
}

static uint8_t households_of(const struct service_recorded *data) {
    const struct quantity *quantities = data->quantities.items;
    for (size_t i = 0; i < data->quantities.n; i++)
        if (str_equal(quantities[i].name, STR("households")) && quantities[i].amount > 0)
            return quantities[i].amount < HOUSEHOLDS_LIMIT ? (uint8_t)quantities[i].amount
                                                           : HOUSEHOLDS_LIMIT;
    return 0;
}

int apply_service_recorded(struct context *context, const struct event *event,
                           const struct service_recorded *data) {
    uint32_t number, post;
    struct record record = {.id = data->record, .recorder = data->recorder, .batch = event->batch};
    struct record_row *row = &record.row;
    memset(row, 0, sizeof *row);
    row->starts_s = data->starts.us / MICROSECONDS;
    row->span_s = (uint32_t)((data->ends.us - data->starts.us) / MICROSECONDS);
    row->minutes =
        HAS(data, service_recorded, minutes) ? (uint32_t)data->minutes : row->span_s / 60;
    row->recorded_s = event->time.us / MICROSECONDS;
    row->sequence = context->sequence;
    row->method = (uint8_t)data->method;
    row->state = RECORD_PENDING;
    row->batched = event->batch.size > 0;
    row->households = households_of(data);
    row->flags = data->beneficiary.size > 0 ? RECORD_VISIT : 0;
    int r = resolve_all(context, data, row, &post);
    if (r == 0)
        r = place(context, data, post, row);
    if (r == 0)
        r = record_check_served(context, row->volunteer, data->volunteer, data->starts.us,
                                data->ends.us);
    if (r == 0 && data->beneficiary.size)
        r = visit_require(context, data->beneficiary, record_date(context->zone, row));
    if (r == 0 && row->minutes == 0)
        r = problem_set(context->problem, PROBLEM_OUT_OF_RANGE, "data.ends",
                        "less than a minute; nothing to record");
    if (r == 0)
        r = thing_name(context, NOUN_RECORD, data->record, "data.record", &number);
    if (r == 0)
        r = source_number(context, event->source, &row->source);
    if (r != 0)
        return r;
    context->new_record = number;
    r = record_begin(context, number, &record, data);
    return r == 0 && row->method == METHOD_MANUAL ? entries_count(context, number, data->recorder)
                                                  : r;
}

/* ---- what follows ---- */

/* What a record earned is looked at again where it counted before or does now; before stars are, so
 * that a record earns by the stars that were held when it was decided. */
static int finish(struct context *context, uint32_t number, struct record *record,
                  bool was_accepted) {
    record->row.decision = context->sequence;
    record_put(context, number, record);
    if (was_accepted || record->row.state == RECORD_ACCEPTED)
        points_ask_record(context, number, record_date(context->zone, &record->row));
    context_ask(context, POLICY_KIND_STAR_RATING, record->row.volunteer, context_date(context));
    return 0;
}

/* A new rule credits less than an earlier one did, and its activation does not take back what was
 * granted: the stars that rest on it stay (engine/decide_keep.c). */
static int keep_stars(struct context *context, const struct event *event, uint32_t volunteer) {
    uint32_t ignored;
    struct run_row run;
    struct volunteer_row person;
    int r = run_of(context->view, RUN_ACCEPTANCE, event->cause, &ignored, &run);
    if (r != 0 || !run.keeps)
        return r < 0 ? r : 0;
    r = volunteer_get(context->view, volunteer, &person);
    if (r != 0)
        return r;
    person.stars_kept = person.stars;
    person.minutes_kept = person.minutes + person.carried_minutes;
    volunteer_put(context, volunteer, &person);
    return 0;
}

/* A rule's decision may ask for a second look; what it refuses needs none. */
static int check_signals(struct context *context, uint32_t number, const struct record_row *row,
                         const struct list *findings) {
    if (row->state == RECORD_REFUSED)
        return record_check_close(context, number, row);
    unsigned signals = findings->n ? record_signals(findings) : 0;
    return signals ? record_check_raise(context, number, row, signals) : 0;
}

int apply_service_decided(struct context *context, const struct event *event,
                          const struct service_decided *data) {
    static const enum record_state states[] = {[OUTCOME_ACCEPTED] = RECORD_ACCEPTED,
                                               [OUTCOME_HELD] = RECORD_HELD,
                                               [OUTCOME_REFUSED] = RECORD_REFUSED};
    uint32_t number;
    struct record record;
    int r = record_open(context, data->record, &number, &record);
    bool was_accepted = r == 0 && record.row.state == RECORD_ACCEPTED;
    uint32_t credited = was_accepted ? record.row.counted : 0;
    if (r == 0 && data->outcome == OUTCOME_REFUSED)
        verdict_put(context, number, record.row.state, STR_NONE);
    if (r == 0 && record.row.state != RECORD_PENDING)
        r = record_reverse(context, number, &record.row);
    if (r != 0)
        return r;
    record.row.counted = (uint32_t)data->minutes;
    record.row.flags &= (uint8_t)~RECORD_REVIEWED;
    r = record_settle(context, number, &record.row, states[data->outcome]);
    bool is_less = credited > (data->outcome == OUTCOME_ACCEPTED ? record.row.counted : 0);
    if (r == 0 && is_less)
        r = keep_stars(context, event, record.row.volunteer);
    if (r == 0 && is_less)
        r = honours_hours_changed(context, record.row.volunteer);
    if (r == 0)
        r = check_signals(context, number, &record.row, &data->findings);
    return r == 0 ? finish(context, number, &record, was_accepted) : r;
}

int apply_service_reviewed(struct context *context, const struct event *event,
                           const struct service_reviewed *data) {
    (void)event;
    uint32_t number;
    struct record record;
    int r = record_open(context, data->record, &number, &record);
    if (r != 0)
        return r;
    if (str_equal(record.recorder, data->reviewer))
        return problem_set(context->problem, PROBLEM_SELF_REVIEW, "data.reviewer",
                           "%.*s recorded this service; another person reviews it",
                           STR_ARG(data->reviewer));
    if (record.row.state != RECORD_HELD)
        return record_wrong_state(context, &record, "only a held record is reviewed");
    bool accepted = data->outcome == REVIEW_ACCEPTED;
    record.row.flags |= RECORD_REVIEWED;
    r = record_check_answer(context, number, &record,
                            accepted ? REVIEW_ANSWER_REAL : REVIEW_ANSWER_FALSE, data->reviewer);
    if (r == 0)
        r = record_reverse(context, number, &record.row);
    if (r == 0)
        r = record_settle(context, number, &record.row,
                          accepted ? RECORD_ACCEPTED : RECORD_REFUSED);
    if (r == 0)
        r = volunteer_keep_slot(context, record.row.volunteer);
    if (r == 0)
        r = reviews_count(context, record.row.organisation, data->reviewer);
    if (r != 0)
        return r;
    verdict_put(context, number, RECORD_HELD, data->reviewer);
    r = finish(context, number, &record, false);
    if (r == 0 && accepted) /* whether the review itself asks for a second look */
        context_ask_of(context, (struct question){.kind = POLICY_KIND_ACCEPTANCE,
                                                  .number = number,
                                                  .date = record_date(context->zone, &record.row),
                                                  .noun = NOUN_RECORD,
                                                  .event = EVENT_service_reviewed});
    return r;
}

int record_hold(struct context *context, uint32_t number, struct record *record) {
    int r = record_reverse(context, number, &record->row);
    if (r == 0)
        r = record_settle(context, number, &record->row, RECORD_HELD);
    record->row.decision = context->sequence;
    if (r == 0)
        record_put(context, number, record);
    return r;
}

/* A total of earlier years that was final is so no longer. */
static int correct_carried(struct context *context, uint32_t number, struct record *record,
                           uint32_t minutes) {
    int r = record_flag(context, number, &record->row, RECORD_FINAL, false);
    return r == 0 ? carried_correct(context, number, record, minutes) : r;
}

static int revoke_carried(struct context *context, uint32_t number, struct record *record) {
    int r = record_flag(context, number, &record->row, RECORD_FINAL, false);
    return r == 0 ? carried_revoke(context, number, record) : r;
}

int apply_service_corrected(struct context *context, const struct event *event,
                            const struct service_corrected *data) {
    (void)event;
    uint32_t number;
    struct record record;
    int r = record_open(context, data->record, &number, &record);
    if (r != 0)
        return r;
    if (record.row.state == RECORD_REVOKED)
        return record_wrong_state(context, &record,
                                  "what was revoked is recorded anew, not corrected");
    if (data->minutes > record.row.span_s / 60)
        return problem_set(
            context->problem, PROBLEM_OUT_OF_RANGE, "data.minutes",
            "the service lasted %u minutes from start to end; no more can be counted",
            record.row.span_s / 60);
    bool was_accepted = record.row.state == RECORD_ACCEPTED;
    if (was_accepted && data->minutes < record.row.counted)
        r = honours_hours_changed(context, record.row.volunteer);
    if (r == 0 && record_is_carried(&record.row))
        return correct_carried(context, number, &record, (uint32_t)data->minutes);
    if (r == 0 && was_accepted)
        r = record_count_taken_back(context, number, &record.row, COUNTER_records_corrected);
    if (r == 0)
        r = record_reverse(context, number, &record.row);
    if (r != 0)
        return r;
    record.row.minutes = (uint32_t)data->minutes;
    record.row.counted = 0;
    record.row.corrected =
        (uint8_t)(record.row.corrected < UINT8_MAX ? record.row.corrected + 1 : UINT8_MAX);
    record.row.decision = context->sequence;
    record_put(context, number, &record);
    /* Stars are asked about once the acceptance is decided anew: it always is. */
    int32_t date = record_date(context->zone, &record.row);
    context_ask(context, POLICY_KIND_ACCEPTANCE, number, date);
    if (was_accepted)
        points_ask_record(context, number, date);
    return 0;
}

int apply_service_revoked(struct context *context, const struct event *event,
                          const struct service_revoked *data) {
    (void)event;
    uint32_t number;
    struct record record;
    int r = record_open(context, data->record, &number, &record);
    if (r != 0)
        return r;
    if (record.row.state == RECORD_REVOKED)
        return record_wrong_state(context, &record, "there is nothing left to revoke");
    if (record_is_carried(&record.row)) {
        r = record.row.state == RECORD_ACCEPTED
                ? honours_hours_changed(context, record.row.volunteer)
                : 0;
        return r == 0 ? revoke_carried(context, number, &record) : r;
    }
    r = record_check_close(context, number, &record.row);
    return r == 0 ? record_withdraw(context, number, &record, data->by) : r;
}

int record_withdraw(struct context *context, uint32_t number, struct record *record,
                    struct str by) {
    bool was_accepted = record->row.state == RECORD_ACCEPTED;
    verdict_put(context, number, record->row.state, by);
    int r = was_accepted ? honours_hours_changed(context, record->row.volunteer) : 0;
    if (r == 0 && was_accepted)
        r = record_count_taken_back(context, number, &record->row, COUNTER_records_revoked);
    if (r == 0)
        r = record_reverse(context, number, &record->row);
    if (r == 0)
        r = record_settle(context, number, &record->row, RECORD_REVOKED);
    return r == 0 ? finish(context, number, record, was_accepted) : r;
}

int record_reinstate(struct context *context, uint32_t number, struct record *record,
                     enum record_state state) {
    record->row.flags &= (uint8_t)~RECORD_REVIEWED;
    record->row.flags |= state == RECORD_HELD ? 0 : RECORD_REVIEWED;
    int r = record_reverse(context, number, &record->row);
    if (r == 0)
        r = record_settle(context, number, &record->row, state);
    return r == 0 ? finish(context, number, record, false) : r;
}
