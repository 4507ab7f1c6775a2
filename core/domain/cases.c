#include "domain/cases.h"

#include "domain/consents.h"
#include "domain/counters.h"
#include "domain/honours.h"
#include "domain/merges.h"
#include "domain/subjects.h"
#include "domain/volunteers.h"
#include "util/error.h"

#define PUBLICITY STR("publicity")

const char *case_state_text(enum case_state state) {
    static const char *const texts[CASE_STATES] = {"nominated", "verified", "refused", "published",
                                                   "withdrawn"};
    return state < CASE_STATES ? texts[state] : "unknown";
}

/* ---- reading ---- */

int case_decode(struct str row, struct case_record *ret_case) {
    struct cursor in = cursor_from(row);
    struct str fixed = cursor_take(&in, sizeof ret_case->row);
    ret_case->verified_by = cursor_counted(&in);
    ret_case->evidence = cursor_counted(&in);
    ret_case->text = cursor_counted(&in);
    ret_case->published_by = cursor_counted(&in);
    ret_case->reason = cursor_counted(&in);
    ret_case->withdrawn_by = cursor_counted(&in);
    if (in.failed)
        return THING_DAMAGED;
    memcpy(&ret_case->row, fixed.data, sizeof ret_case->row);
    return 0;
}

int case_get(struct view *view, uint32_t number, struct case_record *ret_case) {
    char key[4];
    struct str row;
    int r = view_get(view, TABLE_CASE, number_key(key, number), &row);
    if (r != 0)
        return r < 0 ? r : THING_NOT_FOUND;
    return case_decode(row, ret_case) == 0 ? 0 : error_note(-EBADMSG, "a case cannot be read");
}

int case_evidence_next(struct cursor *in, struct evidence *ret_evidence) {
    if (in->failed || cursor_left(in) == 0)
        return THING_NOT_FOUND;
    memset(ret_evidence, 0, sizeof *ret_evidence);
    ret_evidence->digest = cursor_counted(in);
    ret_evidence->uri = cursor_counted(in);
    ret_evidence->note = cursor_counted(in);
    return in->failed ? THING_DAMAGED : 0;
}

int case_last(struct view *view, enum noun noun, uint32_t subject, uint32_t *ret_case) {
    char key[THING_KEY_BYTES];
    int r = fixed_row_get(view, TABLE_CASED, thing_key(key, noun, subject), sizeof *ret_case,
                          "the newest case of a subject cannot be read", ret_case);
    if (r > 0)
        *ret_case = 0;
    return r < 0 ? r : 0;
}

/* Of a person as of that day; whoever else it is about agreed when it was published. */
static int is_agreed(struct view *view, enum noun noun, uint32_t subject, int32_t today,
                     bool *ret_is) {
    *ret_is = noun != NOUN_VOLUNTEER;
    if (*ret_is)
        return 0;
    int r = volunteer_survivor(view, &subject);
    return r == 0 ? consent_current(view, subject, PUBLICITY, today, ret_is) : r;
}

int cases_each_public(struct view *view, int32_t today,
                      int (*each)(void *context, uint32_t number, const struct case_record *record),
                      void *context) {
    uint32_t number = 0;
    bool agreed = false;
    int r = thing_count(view, NOUN_CASE, &number);
    for (; r == 0 && number; number--) {
        struct case_record record;
        r = case_get(view, number, &record);
        if (r != 0 || record.row.state != CASE_PUBLISHED)
            continue;
        r = is_agreed(view, (enum noun)record.row.noun, record.row.subject, today, &agreed);
        if (r == 0)
            r = case_get(view, number, &record); /* texts borrow from the row looked up last */
        if (r == 0 && agreed)
            r = each(context, number, &record);
    }
    return r;
}

struct published {
    struct view *view;
    int (*each)(void *context, uint32_t number);
    void *context;
};

static int each_published(void *context, uint32_t volunteer) {
    const struct published *self = context;
    uint32_t number;
    int r = case_last(self->view, NOUN_VOLUNTEER, volunteer, &number);
    while (r == 0 && number) {
        struct case_record record;
        r = case_get(self->view, number, &record);
        if (r != 0)
            return r < 0 ? r : error_note(-EBADMSG, "a case has no row");
        struct case_row row = record.row;
        if (row.state == CASE_PUBLISHED)
            r = self->each(self->context, number);
        number = row.previous < number ? row.previous : 0;
    }
    return r;
}

int cases_without_consent(struct view *view, uint32_t volunteer, int32_t today,
                          int (*each)(void *context, uint32_t number), void *context) {
    struct published published = {view, each, context};
    bool agreed;
    int r = is_agreed(view, NOUN_VOLUNTEER, volunteer, today, &agreed);
    if (r != 0 || agreed)
        return r;
    r = each_published(&published, volunteer);
    return r == 0 ? merged_each(view, volunteer, each_published, &published) : r;
}

/* ---- writing ---- */

static void put(struct context *context, uint32_t number, const struct case_record *record) {
    char key[4];
    struct buf *row = &context->scratch;
    buf_reset(row);
    buf_put(row, &record->row, sizeof record->row);
    buf_put_counted(row, record->verified_by);
    buf_put_counted(row, record->evidence);
    buf_put_counted(row, record->text);
    buf_put_counted(row, record->published_by);
    buf_put_counted(row, record->reason);
    buf_put_counted(row, record->withdrawn_by);
    store_put(context->store, TABLE_CASE, number_key(key, number), buf_str(row));
}

static int count(struct context *context, const struct case_row *row, int by) {
    static const enum counter counters[CASE_STATES] = {
        [CASE_NOMINATED] = COUNTER_cases_nominated, [CASE_VERIFIED] = COUNTER_cases_verified,
        [CASE_REFUSED] = COUNTER_cases_refused,     [CASE_PUBLISHED] = COUNTER_cases_published,
        [CASE_WITHDRAWN] = COUNTER_cases_withdrawn,
    };
    const struct counter_change change = {counters[row->state], by};
    return row->region ? counter_add_region(context, 0, row->region, &change, 1) : 0;
}

/* ---- case.nominated ---- */

#define CASE_KINDS                                                                                 \
    (1U << SUBJECT_KIND_ORGANISATION | 1U << SUBJECT_KIND_VOLUNTEER | 1U << SUBJECT_KIND_TEAM |    \
     1U << SUBJECT_KIND_STATION | 1U << SUBJECT_KIND_PROJECT | 1U << SUBJECT_KIND_ACTIVITY)

/* What it came from is a nomination of the same subject. */
static int check_nomination(struct context *context, const struct case_nominated *data,
                            struct case_row *row) {
    struct nomination_row nomination;
    if (!data->nomination.size)
        return 0;
    int r = thing_resolve(context, NOUN_NOMINATION, data->nomination, "data.nomination",
                          &row->nomination);
    if (r == 0)
        r = nomination_get(context->view, row->nomination, &nomination);
    if (r != 0 || (nomination.noun == row->noun && nomination.subject == row->subject))
        return r;
    return problem_set(context->problem, PROBLEM_OUT_OF_RANGE, "data.nomination",
                       "nomination %.*s is about somebody else; name one of %.*s, or none",
                       STR_ARG(data->nomination), STR_ARG(data->subject.id));
}

static int check_number(struct context *context, struct case_row *row) {
    struct case_record before;
    int r = case_last(context->view, (enum noun)row->noun, row->subject, &row->previous);
    row->ordinal = 1;
    if (r != 0 || !row->previous)
        return r;
    r = case_get(context->view, row->previous, &before);
    if (r != 0)
        return r > 0 ? error_note(-EBADMSG, "a case has no row") : r;
    row->ordinal = before.row.ordinal + 1;
    return row->ordinal <= CASES_OF_SUBJECT_LIMIT
               ? 0
               : problem_set(context->problem, PROBLEM_OUT_OF_RANGE, "data.subject",
                             "more than %d cases about one subject are not kept",
                             CASES_OF_SUBJECT_LIMIT);
}

static int check_person(struct context *context, const struct subject *subject, uint32_t number) {
    struct volunteer_row person;
    int r = volunteer_get(context->view, number, &person);
    if (r == 0)
        r = volunteer_refuse_merged(context, number, &person, subject->id, "data.subject.id");
    return r == 0 ? volunteer_keep_slot(context, number) : r;
}

int apply_case_nominated(struct context *context, const struct event *event,
                         const struct case_nominated *data) {
    struct case_record record = {.verified_by = STR_NONE};
    struct case_row *row = &record.row;
    char key[THING_KEY_BYTES];
    enum noun noun;
    uint32_t number;
    int r =
        subject_resolve(context, &data->subject, CASE_KINDS, "data.subject", &noun, &row->subject);
    if (r != 0)
        return r;
    row->noun = (uint32_t)noun;
    r = check_nomination(context, data, row);
    if (r == 0)
        r = check_number(context, row);
    if (r == 0)
        r = subject_region(context->view, noun, row->subject, context->arena, &row->region);
    if (r == 0)
        r = thing_name(context, NOUN_CASE, data->case_, "data.case", &number);
    /* A clue is sealed with the person's key: the first thing that is makes it theirs. */
    if (r == 0 && noun == NOUN_VOLUNTEER)
        r = check_person(context, &data->subject, row->subject);
    if (r != 0)
        return r;
    struct thing thing = {.defined_sequence = context->sequence,
                          .changed_sequence = context->sequence,
                          .state = CASE_NOMINATED,
                          .attributes = event->data};
    row->nominated_on = context_date(context);
    thing_take_blobs(context, event->type->fields, &thing, &data->head);
    thing_put(context, NOUN_CASE, number, &thing);
    put(context, number, &record);
    store_put(context->store, TABLE_CASED, thing_key(key, noun, row->subject),
              (struct str){(const char *)&number, sizeof number});
    return count(context, row, 1);
}

/* ---- what becomes of it ---- */

struct opened {
    uint32_t number;
    struct str id;
    struct thing thing;
    struct case_record record;
};

static int load(struct context *context, uint32_t number, struct opened *ret_opened) {
    struct case_record *record = &ret_opened->record;
    ret_opened->number = number;
    int r = case_get(context->view, number, record);
    if (r == 0) {
        record->verified_by = arena_copy(context->arena, record->verified_by);
        record->evidence = arena_copy(context->arena, record->evidence);
        record->text = arena_copy(context->arena, record->text);
        record->published_by = arena_copy(context->arena, record->published_by);
        record->reason = arena_copy(context->arena, record->reason);
        record->withdrawn_by = arena_copy(context->arena, record->withdrawn_by);
        r = thing_get(context->view, NOUN_CASE, number, context->arena, &ret_opened->thing);
    }
    return r > 0 ? error_note(-EBADMSG, "a case has no row or no attributes") : r;
}

#define BIT(state) (1U << CASE_##state)

static const char *const hints[CASE_STATES] = {
    [CASE_NOMINATED] = "another person looks into it first (case.verified)",
    [CASE_VERIFIED] = "publish it (case.published), or withdraw it (case.withdrawn)",
    [CASE_REFUSED] = "nominate it anew, under an id of its own",
    [CASE_PUBLISHED] = "it can only be withdrawn (case.withdrawn)",
    [CASE_WITHDRAWN] = "nominate it anew, under an id of its own",
};

/* Where it is in one of these states (bits). */
static int open_case(struct context *context, struct str id, unsigned states,
                     struct opened *ret_opened) {
    uint32_t number;
    int r = thing_resolve(context, NOUN_CASE, id, "data.case", &number);
    if (r == 0)
        r = load(context, number, ret_opened);
    ret_opened->id = id;
    if (r != 0)
        return r;
    unsigned state = ret_opened->record.row.state;
    if (state < CASE_STATES && (states >> state & 1))
        return 0;
    return problem_set(context->problem, PROBLEM_WRONG_STATE, "data.case", "case %.*s is %s; %s",
                       STR_ARG(id), case_state_text((enum case_state)state),
                       state < CASE_STATES ? hints[state] : "");
}

static int settle(struct context *context, struct opened *opened, enum case_state state) {
    int r = count(context, &opened->record.row, -1);
    opened->record.row.state = state;
    opened->thing.state = (uint8_t)state;
    opened->thing.changed_sequence = context->sequence;
    thing_put(context, NOUN_CASE, opened->number, &opened->thing);
    put(context, opened->number, &opened->record);
    return r == 0 ? count(context, &opened->record.row, 1) : r;
}

static int missing(struct context *context, const char *field, const char *text) {
    return problem_set(context->problem, PROBLEM_MISSING_FIELD, field, "%s", text);
}

static struct str encode_evidence(struct context *context, const struct list *list) {
    const struct evidence *items = list->items;
    struct buf *out = &context->scratch;
    buf_reset(out);
    for (size_t i = 0; i < list->n; i++) {
        buf_put_counted(out, items[i].digest);
        buf_put_counted(out, items[i].uri);
        buf_put_counted(out, items[i].note);
    }
    return arena_copy(context->arena, buf_str(out));
}

int apply_case_verified(struct context *context, const struct event *event,
                        const struct case_verified *data) {
    (void)event;
    struct opened opened;
    bool good = data->outcome == REVIEW_ACCEPTED;
    int r = open_case(context, data->case_, BIT(NOMINATED), &opened);
    if (r != 0)
        return r;
    const struct case_nominated *nominated = opened.thing.attributes;
    if (str_equal(nominated->by, data->by))
        return problem_set(context->problem, PROBLEM_SELF_REVIEW, "data.by",
                           "%.*s nominated this case; another person looks into it",
                           STR_ARG(data->by));
    if (good && data->evidence.n == 0)
        return missing(context, "data.evidence", "say what shows that it is so: add evidence");
    if (!good && !data->reason.size)
        return missing(context, "data.reason", "say why it is refused: add a reason");
    opened.record.row.verified_on = context_date(context);
    opened.record.verified_by = data->by;
    opened.record.reason = data->reason;
    opened.record.evidence = encode_evidence(context, &data->evidence);
    return settle(context, &opened, good ? CASE_VERIFIED : CASE_REFUSED);
}

/* ---- case.published ---- */

/* The case's own subject, by whatever id it has now. */
static int check_subject(struct context *context, const struct case_published *data,
                         const struct case_row *row) {
    enum noun noun;
    uint32_t number, own = row->subject;
    int r = subject_resolve(context, &data->subject, CASE_KINDS, "data.subject", &noun, &number);
    if (r == 0 && noun == NOUN_VOLUNTEER)
        r = volunteer_survivor(context->view, &number);
    if (r == 0 && row->noun == NOUN_VOLUNTEER)
        r = volunteer_survivor(context->view, &own);
    if (r != 0 || (noun == (enum noun)row->noun && number == own))
        return r;
    return problem_set(context->problem, PROBLEM_WRONG_STATE, "data.subject.id",
                       "case %.*s is about somebody else; name whom it was nominated for",
                       STR_ARG(data->case_));
}

static int check_agreed(struct context *context, const struct case_published *data,
                        const struct case_row *row) {
    uint32_t person = row->subject;
    if (!data->consent)
        return problem_set(context->problem, PROBLEM_CONSENT_MISSING, "data.consent",
                           "a case is published only where whom it is about agrees: ask, and say "
                           "consent = true");
    if (row->noun != NOUN_VOLUNTEER)
        return 0;
    int r = volunteer_survivor(context->view, &person);
    return r == 0 ? consent_require(context, person, PUBLICITY, context_date(context),
                                    "data.subject.id")
                  : r;
}

static int check_words(struct context *context, struct str text) {
    return text_has_personal_number(text)
               ? problem_set(context->problem, PROBLEM_IDENTITY_IN_IDENTIFIER, "data.text",
                             "this has an identity or mobile number in it, and everybody will read "
                             "it; leave the number out")
               : 0;
}

int apply_case_published(struct context *context, const struct event *event,
                         const struct case_published *data) {
    (void)event;
    struct opened opened;
    int r = open_case(context, data->case_, BIT(VERIFIED), &opened);
    if (r == 0)
        r = check_subject(context, data, &opened.record.row);
    if (r == 0)
        r = check_agreed(context, data, &opened.record.row);
    if (r == 0)
        r = check_words(context, data->text);
    if (r != 0)
        return r;
    opened.record.row.published_on = context_date(context);
    opened.record.text = data->text;
    opened.record.published_by = data->by;
    return settle(context, &opened, CASE_PUBLISHED);
}

/* ---- withdrawn, by hand or by itself ---- */

static int withdraw(struct context *context, struct opened *opened, struct str reason,
                    struct str by) {
    opened->record.row.withdrawn_on = context_date(context);
    opened->record.text = STR_NONE;
    opened->record.reason = reason;
    opened->record.withdrawn_by = by;
    return settle(context, opened, CASE_WITHDRAWN);
}

int apply_case_withdrawn(struct context *context, const struct event *event,
                         const struct case_withdrawn *data) {
    (void)event;
    struct opened opened;
    int r =
        open_case(context, data->case_, BIT(NOMINATED) | BIT(VERIFIED) | BIT(PUBLISHED), &opened);
    return r == 0 ? withdraw(context, &opened, data->reason, data->by) : r;
}

int apply_case_retracted(struct context *context, const struct event *event,
                         const struct case_retracted *data) {
    (void)event;
    struct opened opened;
    int r = open_case(context, data->case_, BIT(PUBLISHED), &opened);
    if (r != 0)
        return r;
    opened.record.row.by_itself = 1;
    return withdraw(context, &opened, STR_NONE, STR_NONE);
}

int cases_consent_ended(struct context *context, uint32_t volunteer) {
    context_ask_of(
        context,
        (struct question){.number = volunteer, .date = context_date(context), .noun = NOUN_CASE});
    return 0;
}
