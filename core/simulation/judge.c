/* How each kind is asked, and what its answers count as. */
#include "domain/records.h"
#include "policy/result.h"
#include "simulation/internal.h"

static const char *const star_words[] = {"0", "1", "2", "3", "4", "5"};

/* A subject's answers, counted: who is better off, by the order of the kind's words. */
static int direction_of(const struct diff_kind *kind, size_t before, size_t after) {
    int difference = (after > before) - (after < before);
    if (before < CLASS_FIRST || after < CLASS_FIRST)
        return 0;
    return kind->more_is_better ? difference : -difference;
}

static size_t class_of(const struct diff_kind *kind, const struct answer *answer) {
    if (!answer->asked)
        return CLASS_NONE;
    if (answer->failed)
        return CLASS_FAILED;
    return CLASS_FIRST +
           (size_t)(kind->kind == POLICY_KIND_STAR_RATING ? answer->stars : answer->outcome);
}

int diff_ask(struct diff_worker *worker, enum side side, const struct question *question,
             struct answer *ret_answer) {
    bool record = question->kind == POLICY_KIND_ACCEPTANCE;
    return policy_evaluate(worker->hosts[side], worker->view, &worker->diff->city, question,
                           CAUSE_EVENT, record ? STR("service.recorded") : STR("policy.activated"),
                           &worker->arena, ret_answer);
}

static int ask_both(struct diff_worker *worker, const struct question *question,
                    size_t ret_classes[static SIDES], struct answer answers[static SIDES]) {
    for (enum side side = BEFORE; side < SIDES; side++) {
        int r = diff_ask(worker, side, question, &answers[side]);
        if (r != 0)
            return r;
        ret_classes[side] = class_of(worker->diff->kind, &answers[side]);
        if (answers[side].failed)
            tally_failure(&worker->tally, side, question->number, answers[side].failure);
    }
    worker->tally.judged++;
    worker->tally.transitions[ret_classes[BEFORE]][ret_classes[AFTER]]++;
    return 0;
}

/* ---- people ---- */

static int judge_person(struct diff_worker *worker, uint32_t number) {
    const struct diff *diff = worker->diff;
    struct volunteer_row person;
    struct answer answers[SIDES];
    size_t classes[SIDES];
    int r = volunteer_get(worker->view, number, &person);
    uint32_t group = r == 0 ? diff_group_of(&diff->places, person.region) : NO_GROUP;
    bool wanted =
        r == 0 && group != NO_GROUP &&
        (person.state == VOLUNTEER_REGISTERED ||
         (person.state == VOLUNTEER_HELD && diff->kind->kind == POLICY_KIND_REGISTRATION));
    struct question question = {.kind = diff->kind->kind,
                                .noun = NOUN_VOLUNTEER,
                                .number = number,
                                .date = diff->plan->as_of};
    if (!wanted)
        return r < 0 ? r : 0;
    r = ask_both(worker, &question, classes, answers);
    if (r != 0)
        return r;
    int direction = direction_of(diff->kind, classes[BEFORE], classes[AFTER]);
    tally_person(&worker->tally, group, age_band(&person, diff->plan->as_of), direction);
    if (direction < 0) {
        int64_t loss = (int64_t)classes[BEFORE] - (int64_t)classes[AFTER];
        tally_loser(&worker->tally, number, loss < 0 ? -loss : loss);
    }
    return 0;
}

/* ---- records ---- */

static bool record_wanted(const struct diff *diff, const struct record_row *row, int32_t on) {
    if (row->state == RECORD_REVOKED || row->carried || on < diff->plan->from ||
        on > diff->plan->to || diff_group_of(&diff->places, row->region) == NO_GROUP)
        return false;
    return diff->kind->kind != POLICY_KIND_POINTS || row->state == RECORD_ACCEPTED;
}

static int record_question(struct diff_worker *worker, uint32_t number, struct record_row *ret_row,
                           struct question *ret_question) {
    const struct diff *diff = worker->diff;
    struct record record;
    int r = record_get(worker->view, number, &record);
    if (r != 0)
        return r;
    int32_t on = record_date(&diff->city.zone, &record.row);
    *ret_row = record.row;
    *ret_question = (struct question){
        .kind = diff->kind->kind, .noun = NOUN_RECORD, .number = number, .date = on};
    return !record_wanted(diff, &record.row, on);
}

static int judge_acceptance(struct diff_worker *worker, uint32_t number) {
    struct diff *diff = worker->diff;
    struct record_row row;
    struct question question;
    struct answer answers[SIDES];
    size_t classes[SIDES];
    int r = record_question(worker, number, &row, &question);
    if (r == 0)
        r = ask_both(worker, &question, classes, answers);
    if (r != 0)
        return r < 0 ? r : 0;
    for (enum side side = BEFORE; side < SIDES; side++)
        diff_amount_add(&diff->amounts, side, STR("minutes"), row.volunteer,
                        classes[side] == CLASS_FIRST + OUTCOME_ACCEPTED ? answers[side].minutes
                                                                        : 0);
    return 0;
}

/* Who gets it: the subject, or whom the posting names. */
static int receiver(struct diff_worker *worker, const struct points_posted *posting,
                    uint32_t subject, uint32_t *ret_number) {
    *ret_number = subject;
    if (!HAS(posting, points_posted, volunteer))
        return 0;
    int r = thing_find(worker->view, NOUN_VOLUNTEER, posting->volunteer, ret_number);
    return r < 0 ? r : 0;
}

static int add_postings(struct diff_worker *worker, enum side side, uint32_t volunteer,
                        const struct answer *answer) {
    const struct points_posted *postings = answer->postings.items;
    for (size_t i = 0; i < answer->postings.n; i++) {
        uint32_t number;
        int r = receiver(worker, &postings[i], volunteer, &number);
        if (r != 0)
            return r;
        diff_amount_add(&worker->diff->amounts, side, postings[i].account, number,
                        postings[i].amount);
    }
    return 0;
}

/* What both sides post because of the question. */
static int ask_points(struct diff_worker *worker, const struct question *question,
                      uint32_t volunteer) {
    struct diff *diff = worker->diff;
    struct str name = diff->plan->draft.policy;
    for (enum side side = BEFORE; side < SIDES; side++) {
        struct answer *answers;
        size_t n;
        int r = policy_points(worker->hosts[side], worker->view, &diff->city, question, name,
                              STR("service.recorded"), &worker->arena, &answers, &n);
        for (size_t i = 0; r == 0 && i < n; i++) {
            if (answers[i].failed)
                tally_failure(&worker->tally, side, question->number, answers[i].failure);
            else
                r = add_postings(worker, side, volunteer, &answers[i]);
        }
        if (r != 0)
            return r;
    }
    worker->tally.judged++;
    return 0;
}

static int judge_points(struct diff_worker *worker, uint32_t number) {
    struct record_row row;
    struct question question;
    int r = record_question(worker, number, &row, &question);
    if (r == 0)
        r = ask_points(worker, &question, row.volunteer);
    return r < 0 ? r : 0;
}

/* As the clock asks. */
static int judge_person_points(struct diff_worker *worker, uint32_t number) {
    const struct diff *diff = worker->diff;
    struct volunteer_row person;
    struct question question = {.kind = POLICY_KIND_POINTS,
                                .noun = NOUN_VOLUNTEER,
                                .number = number,
                                .date = diff->plan->as_of,
                                .event = EVENT_clock_ticked};
    int r = volunteer_get(worker->view, number, &person);
    if (r == 0 && !volunteer_has_left(&person) && person.state != VOLUNTEER_HELD &&
        diff_group_of(&diff->places, person.region) != NO_GROUP)
        r = ask_points(worker, &question, number);
    return r < 0 ? r : 0;
}

/* ---- the kinds ---- */

#define WORDS(list) list, sizeof(list) / sizeof *(list)

static const char *const outcome_words[] = {"accepted", "held", "refused"};
static const char *const standing_words[] = {"good", "suspended", "deregistered"};

static const struct diff_kind kinds[] = {
    {POLICY_KIND_STAR_RATING, "volunteers", NOUN_VOLUNTEER, judge_person, NULL, WORDS(star_words),
     true, false},
    {POLICY_KIND_REGISTRATION, "volunteers", NOUN_VOLUNTEER, judge_person, NULL,
     WORDS(outcome_words), false, false},
    {POLICY_KIND_STANDING, "volunteers", NOUN_VOLUNTEER, judge_person, NULL, WORDS(standing_words),
     false, false},
    {POLICY_KIND_ACCEPTANCE, "records", NOUN_RECORD, judge_acceptance, NULL, WORDS(outcome_words),
     false, true},
    {POLICY_KIND_POINTS, "records", NOUN_RECORD, judge_points, judge_person_points, NULL, 0, true,
     true},
    {POLICY_KIND_ASSESSMENT, "subjects", NOUN_REGION, NULL, NULL, NULL, 0, true, false},
};

const struct diff_kind *diff_kind_find(enum POLICY_KIND_choice kind) {
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (kinds[i].kind == kind)
            return &kinds[i];
    return NULL;
}

const char *diff_class_text(const struct diff_kind *kind, size_t class) {
    if (class == CLASS_NONE)
        return "none";
    if (class == CLASS_FAILED)
        return "failed";
    return class - CLASS_FIRST < kind->n_words ? kind->words[class - CLASS_FIRST] : "?";
}

const char *policy_diff_excuse(enum POLICY_KIND_choice kind) {
    if (diff_kind_find(kind))
        return NULL;
    switch (kind) {
    case POLICY_KIND_BULLETIN:
        return "a bulletin changes nobody's standing: look at it with volunteerctl bulletin "
               "preview, before and after";
    case POLICY_KIND_ELIGIBILITY:
        return "eligibility is asked when somebody enrols, about the places left at that moment; "
               "what was asked then is not there any more: write cases for it";
    case POLICY_KIND_REDEMPTION:
        return "redemption is asked when somebody redeems, about the stock and balance of that "
               "moment; what was asked then is not there any more: write cases for it";
    case POLICY_KIND_HONOUR:
        return "an honour's rule proposes a list, from candidates of that day: policy test tries "
               "it on cases";
    default:
        return "this version does not ask policies of that kind";
    }
}

bool policy_diff_of_records(enum POLICY_KIND_choice kind) {
    const struct diff_kind *found = diff_kind_find(kind);
    return found && found->noun == NOUN_RECORD;
}
