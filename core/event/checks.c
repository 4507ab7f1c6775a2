/* What a type demands beyond the shape of its fields, as far as no state is needed: a row a type.
 */
#include "event/codec.h"
#include "util/calendar.h"

#include <stdio.h>

#define MINUTE_US (60 * MICROSECONDS)
#define SPAN_LIMIT_MINUTES (366 * DAY_MINUTES)

static int check_order(const struct moment *starts, const struct moment *ends, const char *path,
                       struct problem *problem) {
    if (ends->us > starts->us)
        return 0;
    return problem_set(problem, PROBLEM_OUT_OF_RANGE, path,
                       "the end must lie after the start; mend whichever is wrong");
}

/* ---- activities: whole ones and changes of them, whose `at` says where they stand ---- */

static int check_shifts(const struct list *shifts, const char *at, struct problem *problem) {
    const struct shift *shift = shifts->items;
    char path[sizeof problem->field];
    for (size_t i = 0; i < shifts->n; i++) {
        if (shift[i].ends.us > shift[i].starts.us)
            continue;
        snprintf(path, sizeof path, "%s.shifts[%zu].ends", at, i);
        return check_order(&shift[i].starts, &shift[i].ends, path, problem);
    }
    return 0;
}

static int check_ages(const struct needs *needs, const char *at, struct problem *problem) {
    char path[sizeof problem->field];
    if (!HAS(needs, needs, min_age) || !HAS(needs, needs, max_age) ||
        needs->min_age <= needs->max_age)
        return 0;
    snprintf(path, sizeof path, "%s.needs.max_age", at);
    return problem_set(problem, PROBLEM_OUT_OF_RANGE, path,
                       "the highest age must not be below the lowest, which is %lld",
                       (long long)needs->min_age);
}

static int check_activity(const struct activity_published *activity, const char *at,
                          struct problem *problem) {
    char path[sizeof problem->field];
    int outcome = 0;
    snprintf(path, sizeof path, "%s.ends", at);
    if (HAS(activity, activity_published, starts) && HAS(activity, activity_published, ends))
        outcome = check_order(&activity->starts, &activity->ends, path, problem);
    if (outcome == 0)
        outcome = check_shifts(&activity->shifts, at, problem);
    return outcome ? outcome : check_ages(&activity->needs, at, problem);
}

static int check_activity_published(const void *data, struct problem *problem) {
    const struct activity_published *activity = data;
    if (!HAS(activity, activity_published, organisation) &&
        !HAS(activity, activity_published, team))
        return problem_set(problem, PROBLEM_MISSING_FIELD, "data.organisation",
                           "say who holds the activity: add organisation or team");
    return check_activity(activity, "data", problem);
}

static int check_activity_changed(const void *data, struct problem *problem) {
    const struct activity_changed *changed = data;
    return check_activity(&changed->changes, "data.changes", problem);
}

/* ---- service records ---- */

static int check_service_recorded(const void *data, struct problem *problem) {
    const struct service_recorded *record = data;
    int64_t span = (record->ends.us - record->starts.us) / MINUTE_US;
    if (record->ends.us <= record->starts.us)
        return check_order(&record->starts, &record->ends, "data.ends", problem);
    if (span < 1 || span > SPAN_LIMIT_MINUTES)
        return problem_set(
            problem, PROBLEM_OUT_OF_RANGE, "data.ends",
            "one record spans from 1 minute to 366 days; record longer service in parts");
    if (HAS(record, service_recorded, minutes) && record->minutes > span)
        return problem_set(
            problem, PROBLEM_OUT_OF_RANGE, "data.minutes",
            "from start to end are %lld minutes; write at most that, or mend the times",
            (long long)span);
    return 0;
}

/* Whoever is at a post longer has not told when it ended. */
static int check_post_duty_done(const void *data, struct problem *problem) {
    const struct post_duty_done *duty = data;
    int64_t span = (duty->ends.us - duty->starts.us) / MINUTE_US;
    if (duty->ends.us <= duty->starts.us)
        return check_order(&duty->starts, &duty->ends, "data.ends", problem);
    if (span >= 1 && span <= DAY_MINUTES)
        return 0;
    return problem_set(problem, PROBLEM_OUT_OF_RANGE, "data.ends",
                       "duty takes from 1 minute to 24 hours; tell of longer duty in parts");
}

static int check_service_rated(const void *data, struct problem *problem) {
    const struct service_rated *rated = data;
    if (HAS(rated, service_rated, record) || HAS(rated, service_rated, activity))
        return 0;
    return problem_set(problem, PROBLEM_MISSING_FIELD, "data.record",
                       "say what is rated: add record or activity");
}

/* A qualification is shown as qualification/volunteer. */
static int check_qualification_recorded(const void *data, struct problem *problem) {
    const struct qualification_recorded *recorded = data;
    if (memchr(recorded->qualification.data, '/', recorded->qualification.size))
        return problem_set(problem, PROBLEM_OUT_OF_RANGE, "data.qualification",
                           "the name of a qualification has no /");
    if (HAS(recorded, qualification_recorded, number) && identifier_is_personal(recorded->number))
        return problem_set(problem, PROBLEM_IDENTITY_IN_IDENTIFIER, "data.number",
                           "this looks like an identity or mobile number, which is never kept in "
                           "clear; write the certificate's own number");
    return 0;
}

/* ---- certificates ---- */

/* The records by name, or a time. */
static int check_certificate_requested(const void *data, struct problem *problem) {
    const struct certificate_requested *request = data;
    bool from = HAS(request, certificate_requested, from);
    bool to = HAS(request, certificate_requested, to);
    if (!request->records.n && (!from || !to))
        return problem_set(problem, PROBLEM_MISSING_FIELD,
                           !from && !to ? "data.records"
                           : from       ? "data.to"
                                        : "data.from",
                           "say what is to be certified: add records, or the days from and to");
    if (!request->records.n && request->to < request->from)
        return problem_set(problem, PROBLEM_OUT_OF_RANGE, "data.to",
                           "the last day lies before the first; exchange or mend them");
    return 0;
}

/* It is printed, and stands in clear. */
static int check_certificate_issued(const void *data, struct problem *problem) {
    const struct certificate_issued *issued = data;
    if (!identifier_is_personal(issued->number))
        return 0;
    return problem_set(problem, PROBLEM_IDENTITY_IN_IDENTIFIER, "data.number",
                       "this looks like an identity or mobile number, which is never kept in "
                       "clear; number certificates in an order of their own");
}

/* ---- organisations ---- */

static int check_credit_code(const struct organisation_defined *organisation, const char *path,
                             struct problem *problem) {
    if (!HAS(organisation, organisation_defined, credit_code) ||
        credit_code_is_valid(organisation->credit_code))
        return 0;
    return problem_set(
        problem, PROBLEM_BAD_CREDIT_CODE, path,
        "a unified social credit code has 18 digits and capitals with check characters "
        "by GB 32100; this one does not pass: compare it with the certificate");
}

static int check_organisation_defined(const void *data, struct problem *problem) {
    return check_credit_code(data, "data.credit_code", problem);
}

static int check_organisation_updated(const void *data, struct problem *problem) {
    const struct organisation_updated *updated = data;
    return check_credit_code(&updated->changes, "data.changes.credit_code", problem);
}

/* ---- civilised titles, teams, plans ---- */

static int check_title(const struct subject *subject, int32_t title, struct problem *problem) {
    bool unit = title == CIVILISED_TITLE_UNIT;
    if (unit == (subject->kind == SUBJECT_KIND_ORGANISATION) &&
        (unit || subject->kind == SUBJECT_KIND_REGION))
        return 0;
    return problem_set(problem, PROBLEM_OUT_OF_RANGE, "data.subject.kind",
                       "the title %s is held by %s, not by a %s",
                       CIVILISED_TITLE_choices.words[title], unit ? "an organisation" : "a region",
                       SUBJECT_KIND_choices.words[subject->kind]);
}

static int check_title_awarded(const void *data, struct problem *problem) {
    const struct civilised_title_awarded *awarded = data;
    return check_title(&awarded->subject, awarded->title, problem);
}

static int check_title_reviewed(const void *data, struct problem *problem) {
    const struct civilised_title_reviewed *reviewed = data;
    return check_title(&reviewed->subject, reviewed->title, problem);
}

static int check_title_withdrawn(const void *data, struct problem *problem) {
    const struct civilised_title_withdrawn *withdrawn = data;
    return check_title(&withdrawn->subject, withdrawn->title, problem);
}

static int check_team_formed(const void *data, struct problem *problem) {
    const struct team_formed *team = data;
    if (HAS(team, team_formed, organisation) || HAS(team, team_formed, region))
        return 0;
    return problem_set(problem, PROBLEM_MISSING_FIELD, "data.organisation",
                       "a team belongs to an organisation or a region; name one");
}

/* Stations are counted for regions. */
static int check_plan_set(const void *data, struct problem *problem) {
    const struct plan_set *plan = data;
    if (plan->subject.kind == SUBJECT_KIND_REGION ||
        (plan->measure != MEASURE_STATIONS_BUILT && plan->measure != MEASURE_STATIONS_OPENED))
        return 0;
    return problem_set(problem, PROBLEM_OUT_OF_RANGE, "data.measure",
                       "%s is counted for regions; set the plan for a region",
                       MEASURE_choices.words[plan->measure]);
}

/* ---- volunteers ---- */

/* Whether the number tells birth and sex: only that of a resident's identity card does. */
static bool identity_tells(const struct volunteer_registered *volunteer) {
    return HAS(volunteer, volunteer_registered, identity) &&
           volunteer->identity.document_kind == DOCUMENT_KIND_RESIDENT_ID;
}

static int check_identity(const struct volunteer_registered *volunteer, const char *at,
                          struct problem *problem) {
    char path[sizeof problem->field];
    int32_t born;
    if (!identity_tells(volunteer))
        return 0;
    if (!identity_number_is_valid(volunteer->identity.number, &born, NULL)) {
        snprintf(path, sizeof path, "%s.identity.number", at);
        return problem_set(
            problem, PROBLEM_BAD_IDENTITY_NUMBER, path,
            "a resident identity number has 18 characters with a real birthday and a check "
            "character by GB 11643, or the 15 digits of an old card; this one does not pass: read "
            "the card again");
    }
    if (HAS(volunteer, volunteer_registered, born) && volunteer->born != born) {
        snprintf(path, sizeof path, "%s.born", at);
        return problem_set(
            problem, PROBLEM_BAD_IDENTITY_NUMBER, path,
            "born differs from the birthday in the identity number; leave born out, or "
            "mend whichever is wrong");
    }
    return 0;
}

static int check_volunteer_registered(const void *data, struct problem *problem) {
    return check_identity(data, "data", problem);
}

static int check_volunteer_linked(const void *data, struct problem *problem) {
    const struct volunteer_linked *linked = data;
    if (memchr(linked->system.data, 0, linked->system.size))
        return problem_set(problem, PROBLEM_OUT_OF_RANGE, "data.system",
                           "the name of a system is plain text, without control characters");
    if (identifier_is_personal(linked->external))
        return problem_set(problem, PROBLEM_IDENTITY_IN_IDENTIFIER, "data.external",
                           "this looks like an identity or mobile number, which is never kept in "
                           "clear; use the number that the other system gave the person");
    return 0;
}

static int check_volunteer_updated(const void *data, struct problem *problem) {
    const struct volunteer_updated *updated = data;
    return check_identity(&updated->changes, "data.changes", problem);
}

static const struct {
    uint32_t number;
    int (*check)(const void *data, struct problem *problem);
} checks[] = {
    {EVENT_organisation_defined, check_organisation_defined},
    {EVENT_organisation_updated, check_organisation_updated},
    {EVENT_civilised_title_awarded, check_title_awarded},
    {EVENT_civilised_title_reviewed, check_title_reviewed},
    {EVENT_civilised_title_withdrawn, check_title_withdrawn},
    {EVENT_team_formed, check_team_formed},
    {EVENT_plan_set, check_plan_set},
    {EVENT_volunteer_registered, check_volunteer_registered},
    {EVENT_volunteer_updated, check_volunteer_updated},
    {EVENT_volunteer_linked, check_volunteer_linked},
    {EVENT_activity_published, check_activity_published},
    {EVENT_activity_changed, check_activity_changed},
    {EVENT_service_recorded, check_service_recorded},
    {EVENT_service_rated, check_service_rated},
    {EVENT_qualification_recorded, check_qualification_recorded},
    {EVENT_certificate_requested, check_certificate_requested},
    {EVENT_certificate_issued, check_certificate_issued},
    {EVENT_post_duty_done, check_post_duty_done},
};

int event_check(const struct event *event, struct problem *problem) {
    for (size_t i = 0; i < sizeof checks / sizeof *checks; i++)
        if (checks[i].number == event->type->number)
            return checks[i].check(event->data, problem);
    return 0;
}

static void derive_from_identity(struct volunteer_registered *volunteer) {
    const struct data *head = &volunteer->head;
    int32_t born, sex;
    if (!identity_tells(volunteer) ||
        !identity_number_is_valid(volunteer->identity.number, &born, &sex))
        return;
    uint64_t said = head->present | head->removed;
    if (!(said & bit(FIELD_INDEX(volunteer_registered, born)))) {
        volunteer->born = born;
        GIVE(volunteer, volunteer_registered, born);
    }
    if (!(said & bit(FIELD_INDEX(volunteer_registered, sex)))) {
        volunteer->sex = sex;
        GIVE(volunteer, volunteer_registered, sex);
    }
}

void event_derive(struct event *event) {
    if (event->type->number == EVENT_volunteer_registered)
        derive_from_identity(event->data);
    else if (event->type->number == EVENT_volunteer_updated)
        derive_from_identity(&((struct volunteer_updated *)event->data)->changes);
}
