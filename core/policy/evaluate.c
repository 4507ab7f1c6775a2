#include "policy/evaluate.h"

#include "domain/organisations.h"
#include "domain/regions.h"
#include "policy/facts_redemption.h"
#include "policy/freeze.h"
#include "policy/host.h"
#include "policy/result.h"
#include "util/error.h"

/* What is asked, of whichever policy. */
struct inquiry {
    const struct policy_kind *kind;
    enum object_kind subject;
    uint32_t number;
    int32_t as_of;
    int32_t at;
    enum question_cause cause;
    struct str event_type;
    struct str period;
    uint32_t honour;
    struct revision *revision; /* that is asked; NULL: the nearest scope's */
};

/* The region whose scope decides is of a record or a request its activity's or post's, of a person
 * the residence, of an organisation the one it lies in. */
static int subject_region(struct call *call, const struct object *subject, uint32_t *ret_region) {
    struct organisation_row organisation;
    int r = 0;
    switch (subject->kind) {
    case OBJECT_RECORD:
        *ret_region = subject->row.record.row.region;
        return 0;
    case OBJECT_VOLUNTEER:
        *ret_region = subject->row.volunteer.region;
        return 0;
    case OBJECT_REDEMPTION_REQUEST:
        return redemption_request_region(call, subject, ret_region);
    case OBJECT_REQUEST:
        return enrolment_region(call->view, &subject->row.enrolment, ret_region);
    case OBJECT_ORGANISATION:
        r = organisation_get(call->view, subject->number, &organisation);
        *ret_region = r == 0 ? organisation.region : 0;
        return r;
    default:
        *ret_region = subject->number;
        return 0;
    }
}

/* Pushes the subject, its row read: every policy asks for something of it. */
static int push_subject(struct policy_host *host, const struct inquiry *inquiry,
                        uint32_t *ret_region) {
    lua_State *lua = host->sandbox.lua;
    const struct object_type *type = object_type(inquiry->subject);
    object_push(host, inquiry->subject, inquiry->number, STR_NONE);
    struct reading reading = {
        .lua = lua, .host = host, .call = &host->call, .object = lua_touserdata(lua, -1)};
    struct object *subject = reading.object;
    int r = type->load ? type->load(&reading) : 0;
    if (r != 0)
        return r;
    subject->loaded = true;
    if (inquiry->subject == OBJECT_RECORD)
        host->call.record = inquiry->number;
    return subject_region(&host->call, subject, ret_region);
}

static void answer_failure(struct answer *answer, struct str revision, struct str failure) {
    answer->asked = true;
    answer->failed = true;
    answer->revision = revision;
    answer->failure = failure;
}

static void watch(struct policy_host *host, struct str revision) {
    if (host->watch)
        host->watch(host->watch_context, revision);
}

/* Runs it, unless it is known what it would answer. Stack as call_run has it. */
static void run(struct policy_host *host, struct revision *revision, const struct inquiry *inquiry,
                struct answer *ret_answer) {
    struct known **known =
        known_has(inquiry->kind) ? program_known(&revision->program, inquiry->as_of) : NULL;
    struct meter_use *use = host_use(host, revision);
    if (known && known_find(host, known, ret_answer)) {
        if (use)
            meter_knew(use);
        return;
    }
    int64_t began_ns = use ? meter_begin() : 0;
    watch(host, revision->row.data.revision);
    call_run(host, &revision->program, inquiry->kind, ret_answer);
    watch(host, STR_NONE);
    if (use)
        meter_ran(use, began_ns, host->limits.instructions - host->sandbox.steps_left,
                  ret_answer->failed);
    if (known)
        known_keep(host, *known, ret_answer);
}

/* Pushes what decide gets besides the subject, which is on the top, and calls it. */
static int ask(struct policy_host *host, struct revision *revision, const struct inquiry *inquiry,
               struct answer *ret_answer) {
    /* By its own dates the rule may not hold yet. */
    if (!program_push_parameters(host, &revision->program, inquiry->as_of))
        return 0;
    object_push(host, OBJECT_CONTEXT, UINT32_MAX, STR("context"));
    ret_answer->revision = revision->row.data.revision;
    run(host, revision, inquiry, ret_answer);
    return host->call.error;
}

static int ask_selected(struct policy_host *host, const struct inquiry *inquiry,
                        struct answer *ret_answer) {
    struct call *call = &host->call;
    uint32_t region;
    int r = push_subject(host, inquiry, &region);
    if (r != 0)
        return r < 0 ? r : error_note(-EBADMSG, "whom a policy is asked about is not there");
    struct revision *revision = inquiry->revision;
    if (!revision)
        revision = host_select(host, call->view, inquiry->kind->kind, region, inquiry->as_of);
    if (!revision)
        return 0;
    call->scope = revision->row.scope;
    revision->asked = true;
    if (revision->state == REVISION_NEW) { /* its chunk runs, too */
        watch(host, revision->row.data.revision);
        (void)host_load(host, revision);
        watch(host, STR_NONE);
    }
    if (revision->state == REVISION_LOADED)
        return ask(host, revision, inquiry, ret_answer);
    answer_failure(ret_answer, revision->row.data.revision, revision->failure);
    if (host->meter)
        meter_failed(host_use(host, revision));
    return 0;
}

static int ask_once(struct policy_host *host, struct view *view, const struct city *city,
                    const struct inquiry *inquiry, struct arena *arena, struct answer *ret_answer) {
    struct call *call = &host->call;
    int top = lua_gettop(host->sandbox.lua);
    *ret_answer = (struct answer){.valid_until = INT32_MIN};
    call_begin(host, arena);
    call->view = view;
    call->city = city;
    call->subject = inquiry->subject;
    call->as_of = inquiry->as_of;
    call->at = inquiry->at;
    call->cause = inquiry->cause;
    call->event_type = inquiry->event_type;
    call->period = inquiry->period;
    call->honour = inquiry->honour;
    int r = ask_selected(host, inquiry, ret_answer);
    lua_settop(host->sandbox.lua, top);
    return r;
}

/* Texts that an earlier call left behind are found again and cost this one nothing, so the same
 * call may allocate less here than elsewhere. A call that took much of its memory is therefore
 * asked again in a state without a past, and that answer stands: a budget ends at the same place
 * everywhere. What one call leaves is far below the half. */
static int inquire(struct policy_host *host, struct view *view, const struct city *city,
                   const struct inquiry *inquiry, struct arena *arena, struct answer *ret_answer) {
    for (int round = 0;; round++) {
        int r = host_renew_state(host);
        if (r == 0)
            r = ask_once(host, view, city, inquiry, arena, ret_answer);
        if (r != 0 || round > 0 || host->call.bytes <= host->limits.memory_bytes / 2)
            return r;
        host->sandbox.worn = true;
    }
}

static int evaluate(struct policy_host *host, struct view *view, const struct city *city,
                    const struct question *question, struct revision *revision,
                    enum question_cause cause, struct str event_type, struct arena *arena,
                    struct answer *ret_answer) {
    const struct policy_kind *kind = policy_kind(question->kind);
    *ret_answer = (struct answer){.valid_until = INT32_MIN};
    if (!kind)
        return 0;
    struct inquiry inquiry = {.kind = kind,
                              .subject = kind->subject,
                              .number = question->number,
                              .as_of = question->date,
                              .at = COUNTER_NOW,
                              .cause = cause,
                              .event_type = event_type,
                              .revision = revision};
    return inquire(host, view, city, &inquiry, arena, ret_answer);
}

int policy_evaluate(struct policy_host *host, struct view *view, const struct city *city,
                    const struct question *question, enum question_cause cause,
                    struct str event_type, struct arena *arena, struct answer *ret_answer) {
    return evaluate(host, view, city, question, NULL, cause, event_type, arena, ret_answer);
}

int policy_evaluate_by(struct policy_host *host, struct view *view, const struct city *city,
                       const struct question *question, uint32_t revision,
                       enum question_cause cause, struct str event_type, struct arena *arena,
                       struct answer *ret_answer) {
    struct revision *by = host_number(host, revision);
    *ret_answer = (struct answer){.valid_until = INT32_MIN};
    return by ? evaluate(host, view, city, question, by, cause, event_type, arena, ret_answer) : 0;
}

/* ---- points ---- */

static int points_region(struct view *view, const struct question *question, uint32_t *ret_region) {
    struct volunteer_row person;
    struct record record;
    int r;
    if (question->noun == NOUN_RECORD) {
        r = record_get(view, question->number, &record);
        *ret_region = r == 0 ? record.row.region : 0;
    } else {
        r = volunteer_get(view, question->number, &person);
        *ret_region = r == 0 ? person.region : 0;
    }
    return r > 0 ? error_note(-EBADMSG, "whom a policy is asked about is not there") : r;
}

/* Every policy of the inquiry's kind that is in force there (`only`: of that name; may be none),
 * one after the other: one answer for each that was asked. */
static int inquire_all(struct policy_host *host, struct view *view, const struct city *city,
                       struct inquiry *inquiry, uint32_t region, struct str only,
                       struct arena *arena, struct answer **ret_answers, size_t *ret_n) {
    struct revision **revisions;
    size_t n = 0, n_revisions = host_select_all(host, view, inquiry->kind->kind, region,
                                                inquiry->as_of, arena, &revisions);
    struct answer *answers = arena_alloc(arena, (n_revisions + 1) * sizeof *answers);
    for (size_t i = 0; i < n_revisions; i++) {
        inquiry->revision = revisions[i];
        if (only.size && !str_equal(only, revisions[i]->row.data.policy))
            continue;
        int r = inquire(host, view, city, inquiry, arena, &answers[n]);
        if (r != 0)
            return r;
        answers[n].policy = revisions[i]->row.data.policy;
        n += answers[n].asked;
    }
    *ret_answers = answers;
    *ret_n = n;
    return 0;
}

int policy_points(struct policy_host *host, struct view *view, const struct city *city,
                  const struct question *question, struct str only, struct str event_type,
                  struct arena *arena, struct answer **ret_answers, size_t *ret_n) {
    uint32_t region;
    int r = points_region(view, question, &region);
    if (r != 0)
        return r;
    struct inquiry inquiry = {
        .kind = policy_kind(POLICY_KIND_POINTS),
        .subject = question->noun == NOUN_RECORD ? OBJECT_RECORD : OBJECT_VOLUNTEER,
        .number = question->number,
        .as_of = question->date,
        .at = COUNTER_NOW,
        .cause = question->event == EVENT_clock_ticked ? CAUSE_SCHEDULE : CAUSE_EVENT,
        .event_type = event_type};
    return inquire_all(host, view, city, &inquiry, region, only, arena, ret_answers, ret_n);
}

/* ---- honours ---- */

int policy_honour(struct policy_host *host, struct view *view, const struct city *city,
                  uint32_t volunteer, uint32_t honour, struct str only, int32_t as_of,
                  enum question_cause cause, struct str event_type, struct arena *arena,
                  struct answer **ret_answers, size_t *ret_n) {
    struct volunteer_row person;
    int r = volunteer_get(view, volunteer, &person);
    if (r != 0)
        return r;
    struct inquiry inquiry = {.kind = policy_kind(POLICY_KIND_HONOUR),
                              .subject = OBJECT_VOLUNTEER,
                              .number = volunteer,
                              .as_of = as_of,
                              .at = COUNTER_NOW,
                              .cause = cause,
                              .event_type = event_type,
                              .honour = honour};
    return inquire_all(host, view, city, &inquiry, person.region, only, arena, ret_answers, ret_n);
}

/* ---- assessments and bulletins ---- */

static int region_of(struct view *view, enum noun noun, uint32_t number, uint32_t *ret_region) {
    struct organisation_row organisation;
    *ret_region = number;
    if (noun == NOUN_REGION)
        return 0;
    int r = organisation_get(view, number, &organisation);
    if (r == 0)
        *ret_region = organisation.region;
    return r > 0 ? error_note(-EBADMSG, "whom a policy is asked about is not there") : r;
}

int policy_assess(struct policy_host *host, struct view *view, const struct city *city,
                  enum noun noun, uint32_t number, int32_t as_of, int32_t at,
                  enum question_cause cause, struct str event_type, struct arena *arena,
                  struct answer **ret_answers, size_t *ret_n) {
    uint32_t region;
    int r = region_of(view, noun, number, &region);
    if (r != 0)
        return r;
    struct inquiry inquiry = {.kind = policy_kind(POLICY_KIND_ASSESSMENT),
                              .subject = noun == NOUN_REGION ? OBJECT_REGION : OBJECT_ORGANISATION,
                              .number = number,
                              .as_of = as_of,
                              .at = at,
                              .cause = cause,
                              .event_type = event_type};
    return inquire_all(host, view, city, &inquiry, region, STR_NONE, arena, ret_answers, ret_n);
}

int policy_bulletin(struct policy_host *host, struct view *view, const struct city *city,
                    enum BULLETIN_KIND_choice kind, uint32_t region, int32_t as_of, int32_t at,
                    struct str period, struct arena *arena, struct answer *ret_answer) {
    struct str name = arena_printf(arena, "bulletin_%s", BULLETIN_KIND_choices.words[kind]);
    *ret_answer = (struct answer){.valid_until = INT32_MIN};
    struct inquiry inquiry = {
        .kind = policy_kind(POLICY_KIND_BULLETIN),
        .subject = OBJECT_REGION,
        .number = region,
        .as_of = as_of,
        .at = at,
        .cause = CAUSE_ON_DEMAND,
        .period = period,
        .revision = host_select_named(host, view, POLICY_KIND_BULLETIN, name, region, as_of)};
    if (!inquiry.revision)
        return 0;
    return inquire(host, view, city, &inquiry, arena, ret_answer);
}
