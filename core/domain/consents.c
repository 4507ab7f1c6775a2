#include "domain/consents.h"

#include "domain/cases.h"
#include "domain/dictionaries.h"
#include "domain/volunteers.h"
#include "util/error.h"

int consent_next(struct cursor *in, struct consent *ret_consent) {
    if (cursor_left(in) == 0)
        return THING_NOT_FOUND;
    ret_consent->purpose = cursor_counted(in);
    ret_consent->text_version = cursor_counted(in);
    ret_consent->given_on = (int32_t)cursor_signed(in);
    ret_consent->withdrawn_on = (int32_t)cursor_signed(in);
    ret_consent->given = cursor_varint(in);
    ret_consent->withdrawn = cursor_varint(in);
    return in->failed ? THING_DAMAGED : 0;
}

bool consent_holds(const struct consent *consent, int32_t on) {
    return consent->given_on <= on &&
           (consent->withdrawn_on == INT32_MIN || on < consent->withdrawn_on);
}

static int row_of(struct view *view, uint32_t volunteer, struct str *ret_row) {
    char key[4];
    *ret_row = STR("");
    int r = view_get(view, TABLE_CONSENT, number_key(key, volunteer), ret_row);
    return r < 0 ? r : 0;
}

static int damaged(void) {
    return error_note(-EBADMSG, "a person's consents cannot be read");
}

int consents_each(struct view *view, uint32_t volunteer,
                  int (*each)(void *context, const struct consent *consent), void *context) {
    struct consent consent;
    struct str row;
    int outcome = 0, r = row_of(view, volunteer, &row);
    if (r != 0)
        return r;
    struct cursor in = cursor_from(row);
    while (outcome == 0 && (r = consent_next(&in, &consent)) == 0)
        outcome = each(context, &consent);
    return r == THING_DAMAGED ? damaged() : outcome;
}

struct search {
    struct str purpose;
    int32_t on;
    bool holds;
};

static int look(void *context, const struct consent *consent) {
    struct search *search = context;
    search->holds =
        str_equal(consent->purpose, search->purpose) && consent_holds(consent, search->on);
    return search->holds;
}

int consent_current(struct view *view, uint32_t volunteer, struct str purpose, int32_t on,
                    bool *ret_holds) {
    struct search search = {.purpose = purpose, .on = on};
    int r = consents_each(view, volunteer, look, &search);
    if (r < 0)
        return r;
    *ret_holds = search.holds;
    return 0;
}

int consent_require(struct context *context, uint32_t volunteer, struct str purpose, int32_t on,
                    const char *field) {
    bool holds;
    int r = consent_current(context->view, volunteer, purpose, on, &holds);
    if (r != 0 || holds)
        return r;
    return problem_set(context->problem, PROBLEM_CONSENT_MISSING, field,
                       "the person has not agreed to the purpose %.*s, or no more; ask, and send "
                       "consent.given first",
                       STR_ARG(purpose));
}

/* ---- writing ---- */

static void put_consent(struct buf *out, const struct consent *consent) {
    buf_put_counted(out, consent->purpose);
    buf_put_counted(out, consent->text_version);
    buf_put_signed(out, consent->given_on);
    buf_put_signed(out, consent->withdrawn_on);
    buf_put_varint(out, consent->given);
    buf_put_varint(out, consent->withdrawn);
}

static void store_row(struct context *context, uint32_t volunteer) {
    char key[4];
    store_put(context->store, TABLE_CONSENT, number_key(key, volunteer),
              buf_str(&context->scratch));
}

static bool stands(const struct consent *consent, struct str purpose) {
    return consent->withdrawn_on == INT32_MIN && str_equal(consent->purpose, purpose);
}

/* Copies the row behind which one more is put, unless the same text is agreed to already. */
static int copy_for_one_more(struct context *context, uint32_t volunteer,
                             const struct consent_given *data) {
    struct consent consent;
    struct str row;
    size_t n = 0;
    int r = row_of(context->view, volunteer, &row);
    if (r != 0)
        return r;
    struct cursor in = cursor_from(row);
    buf_reset(&context->scratch);
    for (; (r = consent_next(&in, &consent)) == 0; n++) {
        put_consent(&context->scratch, &consent);
        if (stands(&consent, data->purpose) && str_equal(consent.text_version, data->text_version))
            return problem_set(context->problem, PROBLEM_WRONG_STATE, "data.text_version",
                               "this text is agreed to already and not withdrawn; send a consent "
                               "only for another version");
    }
    if (r == THING_DAMAGED)
        return damaged();
    if (n >= CONSENTS_LIMIT)
        return problem_set(context->problem, PROBLEM_OUT_OF_RANGE, "data.volunteer",
                           "more than %d consents of one person are not kept", CONSENTS_LIMIT);
    return 0;
}

int apply_consent_given(struct context *context, const struct event *event,
                        const struct consent_given *data) {
    (void)event;
    uint32_t volunteer;
    int32_t ignored;
    struct volunteer_row person;
    int r = volunteer_open(context, data->volunteer, &volunteer, &person);
    if (r == 0)
        r = dictionary_require(context, DICTIONARY_PURPOSE, data->purpose, context_date(context),
                               "data.purpose", &ignored);
    if (r == 0)
        r = copy_for_one_more(context, volunteer, data);
    if (r != 0)
        return r;
    put_consent(&context->scratch, &(struct consent){.purpose = data->purpose,
                                                     .text_version = data->text_version,
                                                     .given_on = context_date(context),
                                                     .withdrawn_on = INT32_MIN,
                                                     .given = context->sequence});
    store_row(context, volunteer);
    return 0;
}

/* Withdrawing is as easy as giving: it ends whatever texts the purpose was agreed to under, and
 * who has left may withdraw as well. */
int apply_consent_withdrawn(struct context *context, const struct event *event,
                            const struct consent_withdrawn *data) {
    (void)event;
    uint32_t volunteer;
    struct volunteer_row person;
    struct consent consent;
    struct str row = STR("");
    int32_t on = context_date(context);
    size_t n = 0;
    int r = thing_resolve(context, NOUN_VOLUNTEER, data->volunteer, "data.volunteer", &volunteer);
    if (r == 0)
        r = volunteer_get(context->view, volunteer, &person);
    if (r == 0)
        r = volunteer_refuse_merged(context, volunteer, &person, data->volunteer, "data.volunteer");
    if (r == 0)
        r = row_of(context->view, volunteer, &row);
    if (r != 0)
        return r;
    struct cursor in = cursor_from(row);
    buf_reset(&context->scratch);
    while ((r = consent_next(&in, &consent)) == 0) {
        if (stands(&consent, data->purpose) && consent.given_on <= on) {
            consent.withdrawn_on = on;
            consent.withdrawn = context->sequence;
            n++;
        }
        put_consent(&context->scratch, &consent);
    }
    if (r == THING_DAMAGED)
        return damaged();
    if (n == 0)
        return problem_set(context->problem, PROBLEM_WRONG_STATE, "data.purpose",
                           "%.*s has agreed to nothing of this purpose that still stands",
                           STR_ARG(data->volunteer));
    store_row(context, volunteer);
    return str_equal(data->purpose, STR("publicity")) ? cases_consent_ended(context, volunteer) : 0;
}

int consents_move(struct context *context, uint32_t from, uint32_t into) {
    char key[4];
    struct consent a, b;
    struct str theirs, ours;
    int r = row_of(context->view, from, &theirs);
    if (r == 0)
        r = row_of(context->view, into, &ours);
    if (r != 0 || theirs.size == 0)
        return r;
    struct cursor in_ours = cursor_from(ours), in_theirs = cursor_from(theirs);
    int more_ours = consent_next(&in_ours, &a), more_theirs = consent_next(&in_theirs, &b);
    buf_reset(&context->scratch);
    while (more_ours == 0 || more_theirs == 0) {
        bool first = more_theirs != 0 || (more_ours == 0 && a.given < b.given);
        put_consent(&context->scratch, first ? &a : &b);
        if (first)
            more_ours = consent_next(&in_ours, &a);
        else
            more_theirs = consent_next(&in_theirs, &b);
    }
    if (more_ours == THING_DAMAGED || more_theirs == THING_DAMAGED)
        return damaged();
    store_row(context, into);
    store_put(context->store, TABLE_CONSENT, number_key(key, from), STR_NONE);
    return 0;
}
