#include "engine/decided_events.h"

#include "domain/records.h"
#include "domain/star_applications.h"
#include "util/error.h"

/* One row a decision: its type, which kind of policy it is of, and the noun of its first field. */
static const struct decision_type {
    uint32_t event;
    enum POLICY_KIND_choice kind;
    enum noun noun; /* 0: see find_subject */
} types[] = {
    {EVENT_registration_decided, POLICY_KIND_REGISTRATION, NOUN_VOLUNTEER},
    {EVENT_service_decided, POLICY_KIND_ACCEPTANCE, NOUN_RECORD},
    {EVENT_record_flagged, POLICY_KIND_ACCEPTANCE, NOUN_RECORD},
    {EVENT_star_changed, POLICY_KIND_STAR_RATING, NOUN_VOLUNTEER},
    {EVENT_points_posted, POLICY_KIND_POINTS, 0},
    {EVENT_points_withheld, POLICY_KIND_POINTS, 0},
    {EVENT_assessment_changed, POLICY_KIND_ASSESSMENT, 0},
    {EVENT_alert_raised, POLICY_KIND_ASSESSMENT, 0},
    {EVENT_alert_cleared, POLICY_KIND_ASSESSMENT, 0},
    {EVENT_redemption_decided, POLICY_KIND_REDEMPTION, NOUN_REDEMPTION},
    {EVENT_star_decided, POLICY_KIND_STAR_RATING, NOUN_APPLICATION},
    {EVENT_honour_considered, POLICY_KIND_HONOUR, NOUN_VOLUNTEER},
    {EVENT_honour_proposed, POLICY_KIND_HONOUR, NOUN_VOLUNTEER},
    {EVENT_enrolment_decided, POLICY_KIND_ELIGIBILITY, NOUN_ENROLMENT},
    {EVENT_post_decided, POLICY_KIND_ELIGIBILITY, NOUN_ENROLMENT},
    {EVENT_standing_changed, POLICY_KIND_STANDING, NOUN_VOLUNTEER},
};

static const struct decision_type *type_of(const struct event *event) {
    for (size_t i = 0; i < sizeof types / sizeof *types; i++)
        if (types[i].event == event->type->number)
            return &types[i];
    return NULL;
}

/* ---- the question ---- */

/* The change of stars for which points were asked, if it was one. */
static const struct event *star_change_before(const struct stretch *stretch, size_t at) {
    while (at > 0 && stretch->list[at - 1].type->number != EVENT_star_changed &&
           (event_grant(&stretch->list[at - 1]) ||
            stretch->list[at - 1].type->number == EVENT_points_withheld))
        at--;
    bool found = at > 0 && stretch->list[at - 1].type->number == EVENT_star_changed;
    return found ? &stretch->list[at - 1] : NULL;
}

/* What was decided by assessing: of whom, and for which day. */
static const struct subject *assessed_subject(const struct event *event, int32_t *ret_as_of) {
    const struct assessment_changed *changed = event->data;
    const struct alert_raised *raised = event->data;
    const struct alert_cleared *cleared = event->data;
    switch (event->type->number) {
    case EVENT_alert_raised:
        *ret_as_of = raised->as_of;
        return &raised->subject;
    case EVENT_alert_cleared:
        *ret_as_of = cleared->as_of;
        return &cleared->subject;
    default:
        *ret_as_of = changed->as_of;
        return &changed->subject;
    }
}

static void find_subject(const struct stretch *stretch, size_t at, struct decided *decided) {
    const struct event *event = &decided->event;
    const struct points_posted *posted = event->data;
    const struct points_withheld *withheld = event->data;
    const struct subject *subject;
    const struct event *star;
    int32_t as_of;
    decided->noun = type_of(event)->noun;
    switch (event->type->number) {
    case EVENT_honour_considered:
        decided->id = ((const struct honour_considered *)event->data)->volunteer;
        return;
    case EVENT_honour_proposed:
        decided->id = ((const struct honour_proposed *)event->data)->subject.id;
        return;
    case EVENT_assessment_changed:
    case EVENT_alert_raised:
    case EVENT_alert_cleared:
        subject = assessed_subject(event, &as_of);
        decided->noun = subject_noun((enum SUBJECT_KIND_choice)subject->kind);
        decided->id = subject->id;
        return;
    case EVENT_points_withheld:
        decided->noun = withheld->record.size ? NOUN_RECORD : NOUN_VOLUNTEER;
        decided->id = withheld->record.size ? withheld->record : withheld->volunteer;
        return;
    case EVENT_points_posted:
        decided->noun = posted->record.size ? NOUN_RECORD : NOUN_VOLUNTEER;
        decided->id = posted->record.size ? posted->record : posted->volunteer;
        star = posted->record.size ? NULL : star_change_before(stretch, at);
        if (star) /* an entry may be another person's than whom was asked about */
            decided->id = ((const struct star_changed *)star->data)->volunteer;
        else if (decided->noun == NOUN_VOLUNTEER && decided->cause.type->noun == NOUN_VOLUNTEER)
            decided->id = *(const struct str *)((const char *)decided->cause.data +
                                                decided->cause.type->fields->list[0].offset);
        return;
    default:
        decided->id =
            *(const struct str *)((const char *)event->data + event->type->fields->list[0].offset);
    }
}

static void set_as_of(struct decided *decided, int32_t as_of) {
    decided->has_as_of = true;
    decided->as_of = as_of;
}

/* What the daemon writes for which a standing may be asked. */
static bool touches_standing(const struct event *event) {
    return event->type->number == EVENT_points_posted ||
           event->type->number == EVENT_redemption_decided ||
           event->type->number == EVENT_attendance_missed;
}

/* The date of what raised the question: the cause, or a decision that followed from it. */
static int32_t date_raised(const struct decided *decided, const struct stretch *stretch, size_t at,
                           const struct city *city) {
    const struct event *raised = &decided->cause;
    if (decided->kind == POLICY_KIND_STAR_RATING)
        for (size_t i = 0; i < at; i++)
            if (stretch->list[i].type->number == EVENT_service_decided)
                raised = &stretch->list[i];
    if (decided->kind == POLICY_KIND_STANDING)
        for (size_t i = 0; i < at; i++)
            if (touches_standing(&stretch->list[i]))
                raised = &stretch->list[i];
    if (decided->raised_by == EVENT_star_changed)
        raised = star_change_before(stretch, at);
    return zone_date(&city->zone, raised->time.us);
}

static int date_of_record(struct decided *decided, struct view *view, const struct city *city) {
    struct record record;
    uint32_t number;
    int r = thing_find(view, NOUN_RECORD, decided->id, &number);
    if (r == 0)
        r = record_get(view, number, &record);
    if (r == 0)
        set_as_of(decided, record_date(&city->zone, &record.row));
    return r < 0 ? r : 0;
}

static const struct run_progressed *progress_of(const struct stretch *stretch) {
    const struct event *last = stretch->n ? &stretch->list[stretch->n - 1] : NULL;
    return last && last->type->number == EVENT_run_progressed ? last->data : NULL;
}

static void find_run(struct decided *decided, const struct stretch *stretch) {
    const struct run_progressed *progress = progress_of(stretch);
    decided->run_kind = RUN_KINDS;
    decided->in_run = progress != NULL;
    if (!progress)
        return;
    decided->run = (uint32_t)progress->run;
    for (int kind = 0; kind < RUN_KINDS; kind++)
        if (str_equal(progress->kind, str_from(run_kind_text((enum run_kind)kind))))
            decided->run_kind = (enum run_kind)kind;
}

/* Whether the run asked this question itself; else a decision within it raised it. */
static bool is_asked_by_run(const struct decided *decided) {
    switch (decided->run_kind) {
    case RUN_STARS:
    case RUN_NOTICES:
    case RUN_MERGED:
        return decided->kind == POLICY_KIND_STAR_RATING;
    case RUN_PERSON_POINTS:
        return decided->kind == POLICY_KIND_POINTS;
    case RUN_CANDIDATES:
        return decided->kind == POLICY_KIND_HONOUR;
    case RUN_STANDING:
        return decided->kind == POLICY_KIND_STANDING;
    case RUN_WAITING:
        return decided->kind == POLICY_KIND_ELIGIBILITY;
    default:
        return false;
    }
}

static int find_date(struct decided *decided, struct view *view, const struct stretch *stretch,
                     size_t at) {
    const struct run_progressed *progress = progress_of(stretch);
    struct city city;
    int r = city_get(view, &city);
    if (r != 0)
        return r < 0 ? r : error_note(-EBADMSG, "there is no city");
    decided->recorded_on = zone_date(&city.zone, decided->event.recorded_us);
    if (decided->noun == NOUN_RECORD)
        return date_of_record(decided, view, &city);
    if (decided->event.type->number == EVENT_points_withheld)
        set_as_of(decided, ((const struct points_withheld *)decided->event.data)->on);
    else if (decided->kind == POLICY_KIND_ASSESSMENT) {
        int32_t as_of;
        (void)assessed_subject(&decided->event, &as_of);
        set_as_of(decided, as_of);
    } else if (decided->was_withheld)
        return 0; /* only the list of what was withheld knows */
    else if (is_asked_by_run(decided))
        set_as_of(decided, (int32_t)progress->as_of);
    else
        set_as_of(decided, date_raised(decided, stretch, at, &city));
    return 0;
}

static uint32_t raised_by(const struct decided *decided, const struct stretch *stretch, size_t at) {
    if (star_change_before(stretch, at))
        return EVENT_star_changed;
    if (decided->run_kind == RUN_PERSON_POINTS)
        return EVENT_clock_ticked;
    static const enum event_number causes[] = {EVENT_honour_awarded, EVENT_honour_withdrawn,
                                               EVENT_training_completed};
    for (size_t i = 0; i < sizeof causes / sizeof *causes; i++)
        if (decided->cause.type->number == causes[i])
            return causes[i];
    return EVENT_volunteer_registered;
}

/* A change of stars that follows from an application comes from the same answer as what was decided
 * about it: the facts stand with that. */
static int find_application(struct decided *decided, struct view *view,
                            const struct stretch *stretch, size_t at) {
    const struct event *before = at > 0 ? &stretch->list[at - 1] : NULL;
    bool changed = decided->event.type->number == EVENT_star_changed && before &&
                   before->type->number == EVENT_star_decided;
    const struct event *about = changed ? before : &decided->event;
    struct application_row row;
    uint32_t number;
    if (about->type->number != EVENT_star_decided)
        return 0;
    int r = thing_find(view, NOUN_APPLICATION,
                       ((const struct star_decided *)about->data)->application, &number);
    if (r == 0)
        r = application_get(view, number, &row);
    if (r != 0)
        return r < 0 ? r : error_note(-EBADMSG, "an application is not there");
    decided->applied = row.stars;
    decided->applied_first = decided->cause.type->number == EVENT_star_applied;
    if (changed)
        decided->event.facts = before->facts;
    return 0;
}

/* Entries of all rules were asked for about one state. */
static uint64_t state_before(const struct decided *decided, const struct stretch *stretch,
                             size_t at) {
    while (at > 0 && decided->kind == POLICY_KIND_POINTS && !decided->was_withheld) {
        const struct event *before = &stretch->list[at - 1];
        if (decided->anew && event_is_of_record(before, decided->id)) {
            at--;
            continue;
        }
        const struct points_posted *granted = event_grant(before);
        const struct points_withheld *withheld = before->data;
        bool is_withheld = before->type->number == EVENT_points_withheld;
        if (!granted && !is_withheld)
            break;
        struct str record = granted ? granted->record : withheld->record;
        if (!str_equal(record, decided->noun == NOUN_RECORD ? decided->id : STR_NONE))
            break;
        at--;
    }
    return stretch->list[at].sequence - 1;
}

static int fill(struct decided *decided, struct view *view, const struct stretch *stretch) {
    size_t at = stretch_place(stretch, decided->asked.sequence);
    if (at == stretch->n)
        return error_note(-EBADMSG, "a decision is not where it was");
    decided->event = decided->asked;
    find_run(decided, stretch);
    if ((decided->in_run || decided->cause.type->number == EVENT_service_rated) &&
        decided->asked.revision.size && decided->asked.type->number == EVENT_points_posted &&
        ((const struct points_posted *)decided->asked.data)->record.size)
        stretch_entries_anew(stretch, at, decided);
    else if (event_grant(&decided->asked))
        stretch_entries(stretch, at, decided);
    at = stretch_place(stretch, decided->event.sequence);
    decided->was_withheld = decided->kind == POLICY_KIND_POINTS && decided->run_kind == RUN_POINTS;
    find_subject(stretch, at, decided);
    if (decided->kind == POLICY_KIND_POINTS && decided->noun == NOUN_VOLUNTEER)
        decided->raised_by = raised_by(decided, stretch, at);
    decided->unasked =
        !decided->event.revision.size || event_says(&decided->event, STR("no_policy"));
    decided->failed = event_says(&decided->event, STR("policy_failed"));
    int r = find_application(decided, view, stretch, at);
    decided->state = state_before(decided, stretch, at);
    if (decided->applied && decided->event.type->number == EVENT_star_changed)
        decided->state--; /* before what was decided about the application */
    return r != 0 || decided->unasked ? r : find_date(decided, view, stretch, at);
}

int decided_read(struct journal *journal, struct view *view, uint64_t sequence, struct arena *arena,
                 struct decided *ret_decided) {
    struct stretch stretch = {.arena = arena};
    struct decided *decided = ret_decided;
    memset(decided, 0, sizeof *decided);
    int r = decided_event(journal, sequence, arena, &decided->asked);
    if (r != 0)
        return r;
    const struct decision_type *type = type_of(&decided->asked);
    if (!type || decided->asked.cause == 0)
        return DECIDED_NOT;
    decided->kind = type->kind;
    r = decided_event(journal, decided->asked.cause, arena, &decided->cause);
    if (r == 0)
        r = stretch_read(journal, sequence, decided->asked.cause, &stretch);
    return r == 0 ? fill(decided, view, &stretch) : r;
}
