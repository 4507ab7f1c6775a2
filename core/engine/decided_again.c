/* A past decision asked for once more: over its stored facts, or of the state as it stood. */
#include "domain/assessments.h"
#include "domain/enrolments.h"
#include "domain/points.h"
#include "domain/runs.h"
#include "domain/star_applications.h"
#include "engine/decided.h"
#include "policy/result.h"
#include "util/error.h"

/* ---- the stored facts ---- */

bool decided_has_facts(const struct decided *decided) {
    struct str facts = decided->event.facts;
    return !decided->failed && decided->has_as_of &&
           (facts.size == 0 || facts.data[0] == FACTS_LIST);
}

struct revision_search {
    struct str name;
    struct policy_revision found;
    bool is_found;
};

static int match_revision(void *context, const struct policy_revision *revision) {
    struct revision_search *search = context;
    if (!str_equal(revision->data.revision, search->name))
        return 0;
    search->found = *revision;
    search->is_found = true;
    return 1;
}

/* Most kinds ask about one sort of thing alone. */
static enum object_kind object_of(const struct decided *decided) {
    static const enum object_kind kinds[NOUN_COUNT] = {[NOUN_VOLUNTEER] = OBJECT_VOLUNTEER,
                                                       [NOUN_RECORD] = OBJECT_RECORD,
                                                       [NOUN_REGION] = OBJECT_REGION,
                                                       [NOUN_ORGANISATION] = OBJECT_ORGANISATION};
    const struct policy_kind *kind = policy_kind(decided->kind);
    return kind->other_subject == OBJECT_NONE ? kind->subject : kinds[decided->noun];
}

int decided_ask_facts(const struct decided *decided, struct view *view,
                      const struct policy_limits *limits, struct arena *arena,
                      struct answer *ret_answer, struct str *ret_missing) {
    struct revision_search search = {.name = decided->event.revision};
    int r = policy_revisions(view, arena, match_revision, &search);
    if (r < 0 || !search.is_found)
        return r < 0 ? r : error_note(-EBADMSG, "a decision names a revision that is not there");
    struct past_question question = {&search.found.data, object_of(decided), decided->as_of,
                                     decided->event.facts};
    return policy_ask_again(limits, &question, arena, ret_answer, ret_missing);
}

/* ---- the state ---- */

/* What stands on the list of what was withheld: its date, and what raised the question. */
static int find_withheld(const struct decided *decided, struct view *view,
                         struct question *question) {
    struct str policy = decided->event.revision;
    const char *colon = memchr(policy.data, ':', policy.size);
    policy.size = colon ? (size_t)(colon - policy.data) : policy.size;
    for (uint32_t n = withheld_done(view) + 1; n <= withheld_last(view); n++) {
        struct withheld withheld;
        int r = withheld_get(view, n, &withheld);
        if (r < 0)
            return r;
        uint32_t number = withheld.record ? withheld.record : withheld.volunteer;
        bool of_record = question->noun == NOUN_RECORD;
        if (r > 0 || number != question->number || (withheld.record != 0) != of_record ||
            !str_equal(withheld.policy, policy))
            continue;
        question->date = withheld.date;
        question->event = withheld.event;
        return 0;
    }
    return 1;
}

/* Which event made the subject due, by the list of the run that is open. */
static int find_due(const struct decided *decided, const struct question *question,
                    struct view *view, enum event_number *ret_event) {
    uint32_t run;
    struct run_row row;
    int r = run_of(view, RUN_DUE, decided->event.cause, &run, &row);
    for (uint32_t n = row.cursor + 1; r == 0 && n <= row.last; n++) {
        struct assessed assessed;
        r = assessed_due_get(view, run, n, &assessed);
        if (r == 0 && assessed.noun == question->noun && assessed.number == question->number) {
            *ret_event = assessed.event;
            return 0;
        }
    }
    return r;
}

/* The answer of the policy whose revision the decision names, or else the first. */
static void choose(const struct decided *decided, const struct answer *answers, size_t n,
                   struct answer *ret_answer) {
    *ret_answer = n ? answers[0] : (struct answer){.valid_until = INT32_MIN};
    for (size_t i = 0; i < n; i++)
        if (str_equal(answers[i].revision, decided->event.revision))
            *ret_answer = answers[i];
}

struct asking_again {
    const struct decided *decided;
    struct view *view;
    struct policy_host *host;
    struct city city;
    struct question question;
    enum question_cause why;
    struct str event_type;
    struct arena *arena;
};

static int ask_points(struct asking_again *asking, struct answer *ret_answer) {
    enum event_number event = asking->question.event;
    struct str type = event ? str_from(catalogue_by_number(event)->name) : asking->event_type;
    struct answer *answers;
    size_t n;
    int r = policy_points(asking->host, asking->view, &asking->city, &asking->question, STR_NONE,
                          type, asking->arena, &answers, &n);
    if (r == 0)
        choose(asking->decided, answers, n, ret_answer);
    return r;
}

/* A midnight asks as things were known at the end of the day; else as they stand. */
static int ask_assessment(struct asking_again *asking, struct answer *ret_answer) {
    const struct question *question = &asking->question;
    bool of_day = asking->decided->run_kind == RUN_ASSESSMENT;
    struct answer *answers;
    enum event_number event = 0;
    size_t n;
    int r = asking->decided->run_kind != RUN_DUE
                ? 0
                : find_due(asking->decided, question, asking->view, &event);
    if (r < 0)
        return r;
    if (event)
        asking->event_type = str_from(catalogue_by_number(event)->name);
    r = policy_assess(asking->host, asking->view, &asking->city, question->noun, question->number,
                      question->date, of_day ? question->date : COUNTER_NOW, asking->why,
                      asking->event_type, asking->arena, &answers, &n);
    if (r != 0)
        return r;
    choose(asking->decided, answers, n, ret_answer);
    return 0;
}

static int ask_honour(struct asking_again *asking, struct answer *ret_answer) {
    const struct honour_considered *data = asking->decided->event.data;
    struct answer *answers;
    uint32_t honour;
    size_t n;
    int r = thing_find(asking->view, NOUN_HONOUR, data->honour, &honour);
    if (r == 0)
        r = policy_honour(asking->host, asking->view, &asking->city, asking->question.number,
                          honour, STR_NONE, asking->question.date, asking->why, asking->event_type,
                          asking->arena, &answers, &n);
    if (r == 0)
        choose(asking->decided, answers, n, ret_answer);
    return r;
}

static int ask(struct asking_again *asking, struct answer *ret_answer) {
    switch (asking->decided->kind) {
    case POLICY_KIND_HONOUR:
        return ask_honour(asking, ret_answer);
    case POLICY_KIND_POINTS:
        return ask_points(asking, ret_answer);
    case POLICY_KIND_ASSESSMENT:
        return ask_assessment(asking, ret_answer);
    default:
        return policy_evaluate(asking->host, asking->view, &asking->city, &asking->question,
                               asking->why, asking->event_type, asking->arena, ret_answer);
    }
}

/* About an application its person is asked about. */
static int find_applicant(struct asking_again *asking) {
    struct application_row row;
    int r = application_get(asking->view, asking->question.number, &row);
    asking->question.noun = NOUN_VOLUNTEER;
    asking->question.number = r == 0 ? row.volunteer : 0;
    return r;
}

/* It has no id: the decision says who and where. */
static int find_enrolment(struct asking_again *asking) {
    const struct event *event = &asking->decided->event;
    const struct enrolment_decided *enrolled = event->data;
    const struct post_decided *claimed = event->data;
    bool is_claim = event->type->number == EVENT_post_decided;
    enum noun noun = is_claim ? NOUN_POST : NOUN_ACTIVITY;
    uint32_t place, volunteer;
    int r = thing_find(asking->view, noun, is_claim ? claimed->post : enrolled->activity, &place);
    if (r == 0)
        r = thing_find(asking->view, NOUN_VOLUNTEER,
                       is_claim ? claimed->volunteer : enrolled->volunteer, &volunteer);
    return r == 0 ? enrolment_find(asking->view, noun, place, volunteer,
                                   is_claim ? STR_NONE : enrolled->shift, &asking->question.number)
                  : r;
}

/* Runs about one activity or one person ask as the event did from which they follow. */
static bool asks_as_its_cause(const struct decided *decided) {
    return !decided->in_run || decided->run_kind == RUN_WAITING ||
           decided->run_kind == RUN_ABSENCES || decided->run_kind == RUN_MERGED;
}

/* As the files run*.c of the engine ask: midnights and schedules, else an activation. */
static int find_why(struct asking_again *asking) {
    const struct decided *decided = asking->decided;
    struct run_row run = {.scheduled = 0};
    bool of_day = decided->run_kind == RUN_ASSESSMENT || decided->run_kind == RUN_NOTICES ||
                  decided->run_kind == RUN_PROPOSALS;
    int r = decided->in_run ? run_get(asking->view, decided->run, &run) : 0;
    bool scheduled = of_day || run.scheduled;
    asking->why = scheduled ? CAUSE_SCHEDULE : CAUSE_EVENT;
    asking->event_type = scheduled                    ? STR_NONE
                         : asks_as_its_cause(decided) ? str_from(decided->cause.type->name)
                                                      : STR("policy.activated");
    return r;
}

static int prepare(struct asking_again *asking) {
    const struct decided *decided = asking->decided;
    asking->question = (struct question){.kind = decided->kind,
                                         .noun = decided->noun,
                                         .date = decided->as_of,
                                         .event = (enum event_number)decided->raised_by};
    int r = city_get(asking->view, &asking->city);
    if (r == 0)
        r = find_why(asking);
    if (r == 0 && decided->noun == NOUN_ENROLMENT)
        r = find_enrolment(asking);
    else if (r == 0)
        r = thing_find(asking->view, decided->noun, decided->id, &asking->question.number);
    if (r == 0 && decided->noun == NOUN_APPLICATION)
        r = find_applicant(asking);
    if (r == 0 && decided->was_withheld)
        r = find_withheld(decided, asking->view, &asking->question);
    return r == 0 ? policy_host_sync(asking->host, asking->view) : r;
}

/* The revision's name lies in the host: it goes into the arena. */
int decided_ask_state(const struct decided *decided, struct view *view,
                      const struct policy_limits *limits, struct arena *arena,
                      struct answer *ret_answer) {
    struct asking_again asking = {
        .decided = decided, .view = view, .host = policy_host_new(limits), .arena = arena};
    int r = prepare(&asking);
    if (r == 0)
        r = ask(&asking, ret_answer);
    if (r == 0)
        ret_answer->revision = arena_copy(arena, ret_answer->revision);
    policy_host_free(asking.host);
    return r;
}
