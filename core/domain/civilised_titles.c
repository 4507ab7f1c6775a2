#include "domain/civilised_titles.h"

#include "domain/assessments.h"
#include "domain/counters.h"
#include "domain/organisations.h"
#include "domain/policies.h"
#include "util/error.h"

#define STEPS_LIMIT 1000 /* of one title of one subject; a withdrawal always finds room */

static struct str title_key(char key[static CIVILISED_TITLE_KEY_BYTES],
                            enum CIVILISED_TITLE_choice title, enum noun noun, uint32_t number) {
    key[0] = (char)noun;
    number_key(key + 1, number);
    key[5] = (char)title;
    return (struct str){key, CIVILISED_TITLE_KEY_BYTES};
}

/* kind, level, outcome + 1 as bytes, signed on, signed recorded_on, varint document, varint
 * sequence; in the order of the events. */
int civilised_title_next(struct cursor *in, struct civilised_title_step *ret_step) {
    if (in->failed || !cursor_left(in))
        return THING_NOT_FOUND;
    ret_step->kind = cursor_byte(in);
    ret_step->level = cursor_byte(in);
    ret_step->outcome = cursor_byte(in) - 1;
    ret_step->on = (int32_t)cursor_signed(in);
    ret_step->recorded_on = (int32_t)cursor_signed(in);
    ret_step->document = (uint32_t)cursor_varint(in);
    ret_step->sequence = cursor_varint(in);
    return in->failed || ret_step->level >= TITLE_LEVEL_COUNT ? THING_DAMAGED : 0;
}

static void step_put(struct buf *row, const struct civilised_title_step *step) {
    buf_put_byte(row, (uint8_t)step->kind);
    buf_put_byte(row, (uint8_t)step->level);
    buf_put_byte(row, (uint8_t)(step->outcome + 1));
    buf_put_signed(row, step->on);
    buf_put_signed(row, step->recorded_on);
    buf_put_varint(row, step->document);
    buf_put_varint(row, step->sequence);
}

static void take_step(struct civilised_title *title, const struct civilised_title_step *step) {
    if (step->kind == CIVILISED_TITLE_AWARDED) {
        *title = (struct civilised_title){.held = true,
                                          .level = step->level,
                                          .outcome = -1,
                                          .awarded_on = step->on,
                                          .document = step->document};
    } else if (step->kind == CIVILISED_TITLE_REVIEWED) {
        title->reviewed_on = step->on;
    } else {
        title->held = false;
        title->withdrawn_on = step->on;
    }
    if (step->outcome >= 0)
        title->outcome = step->outcome;
    title->sequence = step->sequence;
}

int civilised_title_decode(struct str row, int32_t at, struct civilised_title *ret_title) {
    struct cursor in = cursor_from(row);
    struct civilised_title_step step;
    struct civilised_title title = {0};
    int r;
    while ((r = civilised_title_next(&in, &step)) == 0 && step.recorded_on <= at)
        take_step(&title, &step);
    if (r == THING_DAMAGED)
        return error_note(-EBADMSG, "a civilised title's row cannot be read");
    if (!title.sequence)
        return THING_NOT_FOUND;
    *ret_title = title;
    return 0;
}

int civilised_title_get(struct view *view, enum CIVILISED_TITLE_choice title, enum noun noun,
                        uint32_t number, int32_t at, struct civilised_title *ret_title) {
    char key[CIVILISED_TITLE_KEY_BYTES];
    struct str row;
    int r = view_get(view, TABLE_CIVILISED_TITLE, title_key(key, title, noun, number), &row);
    if (r != 0)
        return r < 0 ? r : THING_NOT_FOUND;
    return civilised_title_decode(row, at, ret_title);
}

int civilised_title_each(struct view *view, enum CIVILISED_TITLE_choice title, enum noun noun,
                         uint32_t number,
                         int (*each)(void *context, const struct civilised_title_step *step),
                         void *context) {
    char key[CIVILISED_TITLE_KEY_BYTES];
    struct str row;
    int r = view_get(view, TABLE_CIVILISED_TITLE, title_key(key, title, noun, number), &row);
    if (r != 0)
        return r < 0 ? r : 0;
    struct cursor in = cursor_from(row);
    struct civilised_title_step step;
    int outcome = 0;
    while (outcome == 0 && (r = civilised_title_next(&in, &step)) == 0)
        outcome = each(context, &step);
    return r == THING_DAMAGED ? error_note(-EBADMSG, "a civilised title's row cannot be read")
                              : outcome;
}

const char *civilised_title_state_text(const struct civilised_title *title) {
    return title->held ? "held" : "withdrawn";
}

/* ---- awarded, reviewed, withdrawn ---- */

/* What the three types say alike. */
struct statement {
    const struct subject *subject;
    struct str document;
    enum CIVILISED_TITLE_choice title;
    struct civilised_title_step step;
    enum noun noun; /* of the subject, with its number */
    uint32_t number;
};

#define STATEMENT(context, step_kind, type, data)                                                  \
    {                                                                                              \
        .subject = &(data)->subject, .document = (data)->document,                                 \
        .title = (enum CIVILISED_TITLE_choice)(data)->title, .step = {                             \
            .kind = (step_kind),                                                                   \
            .level = (enum TITLE_LEVEL_choice)(data)->level,                                       \
            .outcome = HAS(data, type, outcome) ? (int)(data)->outcome : -1,                       \
            .on = (data)->on,                                                                      \
            .recorded_on = context_today(context),                                                 \
            .sequence = (context)->sequence,                                                       \
        }                                                                                          \
    }

static bool is_village(const struct region_defined *region) {
    return region->level == REGION_LEVEL_COMMUNITY && HAS(region, region_defined, kind) &&
           (region->kind == REGION_KIND_VILLAGERS || region->kind == REGION_KIND_VILLAGERS_LIKE);
}

static bool region_fits(enum CIVILISED_TITLE_choice title, const struct region_defined *region) {
    if (title == CIVILISED_TITLE_COMMUNITY)
        return region->level == REGION_LEVEL_COMMUNITY;
    if (title == CIVILISED_TITLE_VILLAGE_TOWN)
        return region->level == REGION_LEVEL_TOWNSHIP || is_village(region);
    return region->level == REGION_LEVEL_CITY || region->level == REGION_LEVEL_COUNTY;
}

static int check_region(struct context *context, const struct statement *statement) {
    static const char *const whose[] = {
        [CIVILISED_TITLE_COMMUNITY] = "a community",
        [CIVILISED_TITLE_VILLAGE_TOWN] = "a township, or a community whose kind is a village's",
        [CIVILISED_TITLE_CITY] = "a city or county",
    };
    struct region_defined region;
    int r = region_attributes(context->view, statement->number, context->arena, &region);
    if (r != 0)
        return r < 0 ? r : error_note(-EBADMSG, "a region has no attributes");
    if (region_fits(statement->title, &region))
        return 0;
    return problem_set(context->problem, PROBLEM_OUT_OF_RANGE, "data.subject.id",
                       "the title %s is that of %s; %.*s is a %s",
                       CIVILISED_TITLE_choices.words[statement->title], whose[statement->title],
                       STR_ARG(statement->subject->id), REGION_LEVEL_choices.words[region.level]);
}

/* Subject and document into numbers; the day not to come. */
static int resolve(struct context *context, struct statement *statement) {
    bool unit = statement->title == CIVILISED_TITLE_UNIT;
    unsigned kinds = 1U << (unit ? SUBJECT_KIND_ORGANISATION : SUBJECT_KIND_REGION);
    int r = subject_resolve(context, statement->subject, kinds, "data.subject", &statement->noun,
                            &statement->number);
    if (r == 0 && !unit)
        r = check_region(context, statement);
    if (r == 0)
        r = thing_resolve(context, NOUN_DOCUMENT, statement->document, "data.document",
                          &statement->step.document);
    if (r == 0 && statement->step.on > context_date(context))
        r = problem_set(context->problem, PROBLEM_IN_FUTURE, "data.on",
                        "the day lies after this event; send it when it has come");
    return r;
}

static int put_step(struct context *context, const struct statement *statement) {
    char key[CIVILISED_TITLE_KEY_BYTES];
    struct str row = STR_NONE;
    struct civilised_title_step step;
    size_t n = 0;
    title_key(key, statement->title, statement->noun, statement->number);
    int r = view_get(context->view, TABLE_CIVILISED_TITLE, (struct str){key, sizeof key}, &row);
    if (r < 0)
        return r;
    struct cursor in = cursor_from(row);
    while (civilised_title_next(&in, &step) == 0)
        n++;
    if (n >= STEPS_LIMIT && statement->step.kind != CIVILISED_TITLE_WITHDRAWN)
        return problem_set(context->problem, PROBLEM_OUT_OF_RANGE, "data.title",
                           "more than %d awards, reviews and withdrawals of one title of one "
                           "subject",
                           STEPS_LIMIT);
    buf_reset(&context->scratch);
    buf_put_str(&context->scratch, row);
    step_put(&context->scratch, &statement->step);
    store_put(context->store, TABLE_CIVILISED_TITLE, (struct str){key, sizeof key},
              buf_str(&context->scratch));
    return 0;
}

/* The level of the title 文明单位 into the organisation's row, which counts by it; 0: none. */
static int put_unit_level(struct context *context, const struct statement *statement,
                          uint8_t level) {
    struct organisation_row before;
    if (statement->title != CIVILISED_TITLE_UNIT)
        return 0;
    int r = organisation_get(context->view, statement->number, &before);
    if (r != 0)
        return r < 0 ? r : error_note(-EBADMSG, "an organisation has no row");
    struct organisation_row after = before;
    after.unit_level = level;
    return organisation_replace(context, statement->number, &before, &after);
}

/* Some rule says that an indicator is in the way: what it said when it was asked last counts, which
 * was at the last midnight, or when a figure, a plan or evidence came. */
static int check_veto(struct context *context, const struct statement *statement) {
    struct str row, indicator = STR_NONE;
    int r = assessment_vetoes(context->view, statement->noun, statement->number, &row);
    if (r != 0)
        return r < 0 ? r : 0;
    /* Without a rule nobody would ever say that it is met. */
    r = policy_is_in_force(context->view, context->arena, POLICY_KIND_ASSESSMENT,
                           context_today(context));
    if (r <= 0)
        return r;
    struct cursor in = cursor_from(row);
    if (assessment_veto_next(&in, &indicator) != 0)
        return error_note(-EBADMSG, "a veto's row cannot be read");
    return problem_set(context->problem, PROBLEM_WRONG_STATE, "data.subject.id",
                       "by the city's rule the indicator %.*s is in the way of this title (see "
                       "volunteerctl show assessment %s/%.*s); it is awarded, or passes a review, "
                       "when that is met",
                       STR_ARG(indicator), noun_info(statement->noun)->name,
                       STR_ARG(statement->subject->id));
}

/* At another level it replaces the one that is held; after a withdrawal it begins anew. */
static int check_award(struct context *context, const struct statement *statement) {
    struct civilised_title title;
    const struct civilised_title_step *step = &statement->step;
    int r = civilised_title_get(context->view, statement->title, statement->noun, statement->number,
                                COUNTER_NOW, &title);
    if (r != 0)
        return r < 0 ? r : 0;
    if (title.held && title.level == step->level)
        return problem_set(context->problem, PROBLEM_WRONG_STATE, "data.level",
                           "the title is held at this level already; send a review "
                           "(civilised_title.reviewed) instead");
    if (step->on < (title.held ? title.awarded_on : title.withdrawn_on))
        return problem_set(context->problem, PROBLEM_OUT_OF_RANGE, "data.on",
                           "the day lies before the last %s of this title; compare both documents",
                           title.held ? "award" : "withdrawal");
    return 0;
}

int apply_civilised_title_awarded(struct context *context, const struct event *event,
                                  const struct civilised_title_awarded *data) {
    (void)event;
    struct statement statement =
        STATEMENT(context, CIVILISED_TITLE_AWARDED, civilised_title_awarded, data);
    int r = resolve(context, &statement);
    if (r == 0 && statement.title == CIVILISED_TITLE_UNIT)
        r = organisation_require_active(context, statement.number, data->subject.id,
                                        "data.subject.id");
    if (r == 0)
        r = check_award(context, &statement);
    if (r == 0)
        r = check_veto(context, &statement);
    if (r == 0)
        r = put_step(context, &statement);
    if (r == 0)
        r = put_unit_level(context, &statement, (uint8_t)(statement.step.level + 1));
    return r == 0 ? assessment_due(context, statement.noun, statement.number) : r;
}

/* Only what is held, at the level said, is reviewed or withdrawn. */
static int check_held(struct context *context, const struct statement *statement) {
    struct civilised_title title;
    const struct civilised_title_step *step = &statement->step;
    int r = civilised_title_get(context->view, statement->title, statement->noun, statement->number,
                                COUNTER_NOW, &title);
    if (r < 0)
        return r;
    if (r > 0 || !title.held)
        return problem_set(context->problem, PROBLEM_WRONG_STATE, "data.title",
                           "%.*s does not hold this title; send the award first",
                           STR_ARG(statement->subject->id));
    if (title.level != step->level)
        return problem_set(context->problem, PROBLEM_WRONG_STATE, "data.level",
                           "%.*s holds this title at the level %s, not %s",
                           STR_ARG(statement->subject->id), TITLE_LEVEL_choices.words[title.level],
                           TITLE_LEVEL_choices.words[step->level]);
    if (step->on < title.awarded_on)
        return problem_set(context->problem, PROBLEM_OUT_OF_RANGE, "data.on",
                           "the day lies before the award of this title");
    return 0;
}

int apply_civilised_title_reviewed(struct context *context, const struct event *event,
                                   const struct civilised_title_reviewed *data) {
    (void)event;
    struct statement statement =
        STATEMENT(context, CIVILISED_TITLE_REVIEWED, civilised_title_reviewed, data);
    bool passes = statement.step.outcome < 0 || statement.step.outcome == TITLE_OUTCOME_PASSED;
    int r = resolve(context, &statement);
    if (r == 0)
        r = check_held(context, &statement);
    if (r == 0 && passes)
        r = check_veto(context, &statement);
    return r == 0 ? put_step(context, &statement) : r;
}

int apply_civilised_title_withdrawn(struct context *context, const struct event *event,
                                    const struct civilised_title_withdrawn *data) {
    (void)event;
    struct statement statement =
        STATEMENT(context, CIVILISED_TITLE_WITHDRAWN, civilised_title_withdrawn, data);
    int r = resolve(context, &statement);
    if (r == 0)
        r = check_held(context, &statement);
    if (r == 0)
        r = put_step(context, &statement);
    if (r == 0)
        r = put_unit_level(context, &statement, 0);
    return r == 0 ? assessment_due(context, statement.noun, statement.number) : r;
}
