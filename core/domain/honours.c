#include "domain/honours.h"

#include "domain/consents.h"
#include "domain/counters.h"
#include "domain/dictionaries.h"
#include "domain/subjects.h"
#include "domain/volunteers.h"
#include "util/error.h"

const char *nomination_state_text(enum nomination_state state) {
    static const char *const texts[NOMINATION_STATES] = {
        "nominated", "reviewed", "refused", "awarded", "withdrawn", "noticed", "passed"};
    return state < NOMINATION_STATES ? texts[state] : "unknown";
}

int honour_get(struct view *view, uint32_t honour, struct arena *arena,
               struct honour_defined *ret_honour) {
    struct thing thing;
    int r = thing_get(view, NOUN_HONOUR, honour, arena, &thing);
    if (r == 0)
        *ret_honour = *(const struct honour_defined *)thing.attributes;
    return r;
}

uint32_t honour_places(const struct honour_defined *honour) {
    return HAS(honour, honour_defined, places) ? (uint32_t)honour->places : HONOUR_PLACES;
}

uint32_t honour_approvals(const struct honour_defined *honour) {
    if (HAS(honour, honour_defined, approvals))
        return (uint32_t)honour->approvals;
    return honour->stages.n ? (uint32_t)honour->stages.n : HONOUR_APPROVALS;
}

uint32_t honour_notice_days(const struct honour_defined *honour) {
    return HAS(honour, honour_defined, notice_days) ? (uint32_t)honour->notice_days
                                                    : HONOUR_NOTICE_DAYS;
}

/* ---- rows ---- */

#define DAMAGED "a row of a nomination cannot be read"

int nomination_get(struct view *view, uint32_t nomination, struct nomination_row *ret_row) {
    char key[4];
    return fixed_row_get(view, TABLE_NOMINATION, number_key(key, nomination), sizeof *ret_row,
                         DAMAGED, ret_row);
}

void nomination_put(struct context *context, uint32_t number, const struct nomination_row *row) {
    char key[4];
    store_put(context->store, TABLE_NOMINATION, number_key(key, number),
              (struct str){(const char *)row, sizeof *row});
}

int nomination_last(struct view *view, enum noun noun, uint32_t subject, uint32_t *ret_nomination) {
    char key[THING_KEY_BYTES];
    int r = fixed_row_get(view, TABLE_NOMINATED, thing_key(key, noun, subject),
                          sizeof *ret_nomination, DAMAGED, ret_nomination);
    if (r > 0)
        *ret_nomination = 0;
    return r < 0 ? r : 0;
}

/* ---- honour.defined ---- */

static int require_class(struct context *context, struct str code, const char *field) {
    int32_t ignored;
    return dictionary_require(context, DICTIONARY_HONOUR_CLASS, code, context_date(context), field,
                              &ignored);
}

/* What an honour may be given to: not a record, nor another nomination. */
#define NOMINATED_KINDS                                                                            \
    (1U << SUBJECT_KIND_REGION | 1U << SUBJECT_KIND_ORGANISATION | 1U << SUBJECT_KIND_VOLUNTEER |  \
     1U << SUBJECT_KIND_TEAM | 1U << SUBJECT_KIND_STATION | 1U << SUBJECT_KIND_PROJECT |           \
     1U << SUBJECT_KIND_ACTIVITY)

bool honour_is_for(const struct honour_defined *honour, enum noun noun) {
    const struct str *kinds = honour->kinds.items;
    bool is = honour->kinds.n == 0;
    for (size_t i = 0; i < honour->kinds.n; i++)
        is |= str_equal(kinds[i], str_from(noun_info(noun)->name));
    return is;
}

static int check_kinds(struct context *context, const struct honour_defined *honour) {
    const struct str *kinds = honour->kinds.items;
    for (size_t i = 0; i < honour->kinds.n; i++) {
        unsigned kind = 0;
        while (kind < SUBJECT_KIND_COUNT &&
               !(NOMINATED_KINDS >> kind & 1 &&
                 str_equal(kinds[i], str_from(SUBJECT_KIND_choices.words[kind]))))
            kind++;
        if (kind == SUBJECT_KIND_COUNT)
            return problem_set(context->problem, PROBLEM_NOT_IN_DICTIONARY, "data.kinds",
                               "an honour is given to a volunteer, organisation, team, station, "
                               "project, activity or region; %.*s is none of them",
                               STR_ARG(kinds[i]));
    }
    return 0;
}

static int wrong(struct context *context, const char *field, const char *text) {
    return problem_set(context->problem, PROBLEM_OUT_OF_RANGE, field, "%s", text);
}

/* A stage is reviewed once, so each has a name of its own. */
static int check_stages(struct context *context, const struct honour_defined *honour) {
    const struct str *stages = honour->stages.items;
    size_t n = honour->stages.n;
    if (n > HONOUR_STAGES)
        return wrong(context, "data.stages", "an honour has at most nine stages; name fewer");
    if (n && HAS(honour, honour_defined, approvals) && honour->approvals != (int64_t)n)
        return wrong(context, "data.approvals",
                     "each stage is one approval; leave this out, or name as many stages");
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < i; j++)
            if (str_equal(stages[i], stages[j]))
                return wrong(context, "data.stages",
                             "two stages have the same name; name each otherwise");
    return 0;
}

int apply_honour_defined(struct context *context, const struct event *event,
                         const struct honour_defined *data) {
    struct thing thing = {.defined_sequence = context->sequence};
    const struct str *classes = data->classes.items;
    uint32_t number;
    int r = check_stages(context, data);
    if (r == 0)
        r = check_kinds(context, data);
    for (size_t i = 0; r == 0 && i < data->classes.n; i++)
        r = require_class(context, classes[i], "data.classes");
    if (r != 0)
        return r;
    int found = thing_find(context->view, NOUN_HONOUR, data->honour, &number);
    if (found == 0)
        r = thing_get(context->view, NOUN_HONOUR, number, context->arena, &thing);
    else if (found > 0)
        r = thing_name(context, NOUN_HONOUR, data->honour, "data.honour", &number);
    if (found < 0 || r != 0)
        return found < 0 ? found : r;
    thing.changed_sequence = context->sequence;
    thing.attributes = event->data;
    thing_put(context, NOUN_HONOUR, number, &thing);
    return 0;
}

/* ---- counting ---- */

static bool is_open(enum nomination_state state) {
    return state != NOMINATION_REFUSED && state != NOMINATION_AWARDED &&
           state != NOMINATION_WITHDRAWN;
}

int nomination_count(struct context *context, const struct nomination_row *row, int by) {
    struct counter_change change = {COUNTER_nominations_open, by};
    if (row->state == NOMINATION_AWARDED)
        change.counter = COUNTER_honours_awarded;
    else if (!is_open((enum nomination_state)row->state))
        return 0;
    return row->region ? counter_add_region(context, 0, row->region, &change, 1) : 0;
}

/* ---- honour.nominated ---- */

static bool has_class(const struct honour_defined *honour, struct str code) {
    const struct str *classes = honour->classes.items;
    bool has = honour->classes.n == 0;
    for (size_t i = 0; i < honour->classes.n; i++)
        has |= str_equal(classes[i], code);
    return has;
}

static int check_person(struct context *context, struct str id, uint32_t volunteer) {
    struct volunteer_row person;
    int r = volunteer_get(context->view, volunteer, &person);
    return r == 0 ? volunteer_refuse_merged(context, volunteer, &person, id, "data.subject.id") : r;
}

static int check_class(struct context *context, const struct honour_nominated *data,
                       uint32_t honour) {
    struct honour_defined defined;
    if (!HAS(data, honour_nominated, class))
        return 0;
    int r = honour_get(context->view, honour, context->arena, &defined);
    if (r == 0)
        r = require_class(context, data->class, "data.class");
    if (r == 0 && !has_class(&defined, data->class))
        r = problem_set(context->problem, PROBLEM_OUT_OF_RANGE, "data.class",
                        "honour %.*s is not given in class %.*s", STR_ARG(data->honour),
                        STR_ARG(data->class));
    return r;
}

/* A story is told of somebody only where they agreed: to this one, or to publicity altogether. */
static int check_story(struct context *context, const struct honour_nominated *data,
                       uint32_t volunteer) {
    bool agreed = data->story_consent;
    if (!HAS(data, honour_nominated, story) || agreed)
        return 0;
    if (volunteer && !HAS(data, honour_nominated, story_consent)) {
        int r = consent_current(context->view, volunteer, STR("publicity"), context_date(context),
                                &agreed);
        if (r != 0 || agreed)
            return r;
    }
    return problem_set(context->problem, PROBLEM_CONSENT_MISSING, "data.story_consent",
                       "a story needs the consent of whom it is about: story_consent = true, a "
                       "consent.given of purpose publicity, or leave the story out");
}

/* Once for a year, as long as that goes on or was awarded. */
static int check_once(struct context *context, const struct honour_nominated *data,
                      const struct nomination_row *row) {
    struct nomination_row earlier;
    struct str id;
    int r = 0;
    for (uint32_t number = row->previous; r == 0 && number; number = earlier.previous) {
        r = nomination_get(context->view, number, &earlier);
        if (r != 0 || earlier.honour != row->honour || earlier.year != row->year ||
            earlier.state == NOMINATION_REFUSED || earlier.state == NOMINATION_WITHDRAWN)
            continue;
        r = thing_id(context->view, NOUN_NOMINATION, number, context->arena, &id);
        return r != 0 ? r
                      : problem_set(context->problem, PROBLEM_WRONG_STATE, "data.subject",
                                    "%.*s is nominated for this honour of %d already: nomination "
                                    "%.*s is %s",
                                    STR_ARG(data->subject.id), (int)row->year, STR_ARG(id),
                                    nomination_state_text((enum nomination_state)earlier.state));
    }
    return r > 0 ? error_note(-EBADMSG, "a nomination has no row") : r;
}

static int check_kind(struct context *context, const struct honour_nominated *data, uint32_t honour,
                      enum noun noun) {
    struct honour_defined defined;
    int r = honour_get(context->view, honour, context->arena, &defined);
    if (r == 0 && !honour_is_for(&defined, noun))
        r = problem_set(context->problem, PROBLEM_OUT_OF_RANGE, "data.subject.kind",
                        "honour %.*s is not given to a %s; see its kinds (honour.get)",
                        STR_ARG(data->honour), noun_info(noun)->name);
    return r;
}

int apply_honour_nominated(struct context *context, const struct event *event,
                           const struct honour_nominated *data) {
    struct nomination_row row;
    char key[THING_KEY_BYTES];
    enum noun noun;
    uint32_t number;
    memset(&row, 0, sizeof row);
    row.year = (int32_t)data->year;
    int r = thing_resolve(context, NOUN_HONOUR, data->honour, "data.honour", &row.honour);
    if (r == 0)
        r = subject_resolve(context, &data->subject, NOMINATED_KINDS, "data.subject", &noun,
                            &row.subject);
    if (r == 0)
        r = check_kind(context, data, row.honour, noun);
    if (r == 0 && noun == NOUN_VOLUNTEER)
        r = check_person(context, data->subject.id, row.subject);
    if (r == 0)
        r = check_class(context, data, row.honour);
    if (r == 0)
        r = check_story(context, data, noun == NOUN_VOLUNTEER ? row.subject : 0);
    if (r == 0)
        r = nomination_last(context->view, noun, row.subject, &row.previous);
    if (r == 0)
        r = check_once(context, data, &row);
    if (r == 0)
        r = subject_region(context->view, noun, row.subject, context->arena, &row.region);
    if (r == 0)
        r = thing_name(context, NOUN_NOMINATION, data->nomination, "data.nomination", &number);
    /* A story is sealed with the person's key: the first thing that is makes it theirs. */
    if (r == 0 && noun == NOUN_VOLUNTEER)
        r = volunteer_keep_slot(context, row.subject);
    if (r != 0)
        return r;
    struct thing thing = {.defined_sequence = context->sequence,
                          .changed_sequence = context->sequence,
                          .attributes = event->data};
    row.noun = (uint32_t)noun;
    thing_take_blobs(context, event->type->fields, &thing, &data->head);
    thing_put(context, NOUN_NOMINATION, number, &thing);
    nomination_put(context, number, &row);
    store_put(context->store, TABLE_NOMINATED, thing_key(key, noun, row.subject),
              (struct str){(const char *)&number, sizeof number});
    return nomination_count(context, &row, 1);
}
