/* Rewards, redemptions, honours, nominations and star applications. */
#include "bus/methods_decisions.h"
#include "bus/methods_subject.h"
#include "bus/thing_show.h"
#include "domain/dictionaries.h"
#include "domain/honours.h"
#include "domain/rewards.h"
#include "domain/star_applications.h"
#include "domain/stars.h"

/* ---- rewards ---- */

int show_reward(struct query *query, uint32_t number, const struct thing *thing,
                struct arena *arena, json_t *object) {
    struct reward_row row;
    (void)thing;
    (void)arena;
    int r = reward_row_get(query->view, number, &row);
    if (r != 0)
        return r;
    bool limited = row.left != STOCK_UNLIMITED;
    json_object_set_new(object, "left", limited ? json_integer(row.left) : json_null());
    json_object_set_new(object, "held", json_integer(row.n_held));
    json_object_set_new(object, "settled", json_integer(row.n_settled));
    return 0;
}

/* ---- redemptions ---- */

int show_redemption(struct query *query, uint32_t number, const struct thing *thing,
                    struct arena *arena, json_t *object) {
    struct redemption redemption;
    struct dictionary_code account;
    (void)thing;
    int r = redemption_get(query->view, number, &redemption);
    if (r == 0)
        r = dictionary_at(query->view, DICTIONARY_ACCOUNT, redemption.account, &account);
    if (r != 0)
        return r;
    json_object_set_new(object, "on", json_from_date(redemption.on, INT32_MIN));
    json_object_set_new(object, "account", json_from_str(account.code));
    json_object_set_new(object, "amount", json_integer(redemption.amount));
    json_object_set_new(object, "cost_fen", json_integer(redemption.cost_fen));
    json_object_set_new(object, "merchant",
                        json_from_number(query, NOUN_ORGANISATION, redemption.merchant, arena));
    return 0;
}

/* The decision's findings, as its rule words them. */
static int show_findings(struct query *query, uint64_t decision, json_t *object) {
    struct wanted_list list = {0};
    wanted_add(query, &list, decision, object);
    return wanted_fill(query, &list);
}

int show_redemption_whole(struct query *query, uint32_t number, const struct thing *thing,
                          struct arena *arena, json_t *object) {
    struct redemption redemption;
    (void)thing;
    (void)arena;
    int r = redemption_get(query->view, number, &redemption);
    if (r != 0)
        return r;
    json_object_set_new(object, "decision", json_integer((json_int_t)redemption.decided));
    return show_findings(query, redemption.decided, object);
}

/* ---- star applications ---- */

int application_state(struct query *query, uint32_t number, const struct thing *thing,
                      unsigned *ret_state) {
    struct application_row row;
    (void)thing;
    int r = application_get(query->view, number, &row);
    if (r == 0)
        *ret_state = row.state;
    return r;
}

/* Of one that was approved: the certificate of the stars it was for. */
static int put_certificate(struct query *query, const struct application_row *row, json_t *object) {
    char text[STAR_CERTIFICATE_BYTES];
    struct volunteer_row person;
    struct star_certificate certificate = {0};
    int r = row->state == APPLICATION_APPROVED ? volunteer_get(query->view, row->volunteer, &person)
                                               : THING_NOT_FOUND;
    if (r == 0)
        r = star_certificate_of(query->view, row->volunteer, &person, row->stars, &certificate);
    json_object_set_new(object, "certificate_number",
                        certificate.year ? json_from_str(star_certificate_text(certificate, text))
                                         : json_null());
    return r < 0 ? r : 0;
}

int show_application(struct query *query, uint32_t number, const struct thing *thing,
                     struct arena *arena, json_t *object) {
    struct application_row row;
    (void)thing;
    (void)arena;
    int r = application_get(query->view, number, &row);
    if (r != 0)
        return r;
    const char *level = row.level ? APPROVAL_LEVEL_choices.words[row.level - 1] : NULL;
    json_object_set_new(object, "on", json_from_date(row.on, INT32_MIN));
    json_object_set_new(object, "approved_by", level ? json_string(level) : json_null());
    json_object_set_new(object, "notice_until", json_from_date(row.notice_until, 0));
    return put_certificate(query, &row, object);
}

int show_application_whole(struct query *query, uint32_t number, const struct thing *thing,
                           struct arena *arena, json_t *object) {
    struct application_row row;
    (void)thing;
    (void)arena;
    int r = application_get(query->view, number, &row);
    if (r != 0)
        return r;
    json_object_set_new(object, "decision", json_integer((json_int_t)row.decided));
    return show_findings(query, row.decided, object);
}

/* ---- nominations ---- */

int nomination_state(struct query *query, uint32_t number, const struct thing *thing,
                     unsigned *ret_state) {
    struct nomination_row row;
    (void)thing;
    int r = nomination_get(query->view, number, &row);
    if (r == 0)
        *ret_state = row.state;
    return r;
}

int show_nomination(struct query *query, uint32_t number, const struct thing *thing,
                    struct arena *arena, json_t *object) {
    struct nomination_row row;
    (void)thing;
    int r = nomination_get(query->view, number, &row);
    if (r != 0)
        return r;
    json_object_set_new(object, "subject",
                        json_from_subject(query, (enum noun)row.noun, row.subject, arena));
    json_object_set_new(object, "reviews", json_integer(row.n_reviews));
    json_object_set_new(object, "awarded_on", json_from_date(row.awarded_on, 0));
    json_object_set_new(object, "hours_changed", json_integer(row.n_changed));
    json_object_set_new(object, "approvals", json_integer(row.n_approvals));
    if (row.notice)
        json_object_set_new(object, "notice",
                            json_from_number(query, NOUN_PUBLIC_NOTICE, row.notice, arena));
    if (row.withdrawn_on)
        json_object_set_new(object, "withdrawn_on", json_from_date(row.withdrawn_on, 0));
    return 0;
}

int nomination_region(struct query *query, uint32_t number, const struct thing *thing,
                      uint32_t *ret_region) {
    struct nomination_row row;
    (void)thing;
    int r = nomination_get(query->view, number, &row);
    if (r == 0)
        *ret_region = row.region;
    return r;
}

static int put_needed(struct query *query, const struct nomination_row *row, struct arena *arena,
                      json_t *object) {
    struct honour_defined honour;
    int r = honour_get(query->view, row->honour, arena, &honour);
    if (r != 0)
        return r;
    json_object_set_new(object, "approvals_needed", json_integer(honour_approvals(&honour)));
    json_object_set_new(object, "notice_days_needed", json_integer(honour_notice_days(&honour)));
    return 0;
}

/* Who said what at which stage, and what an award takes. */
int show_nomination_whole(struct query *query, uint32_t number, const struct thing *thing,
                          struct arena *arena, json_t *object) {
    struct nomination_row row;
    json_t *stages = json_array();
    (void)thing;
    json_object_set_new(object, "stages", stages);
    int r = nomination_get(query->view, number, &row);
    for (uint32_t i = 1; r == 0 && i <= row.n_reviews; i++) {
        struct nomination_review review;
        r = nomination_review_get(query->view, number, i, &review);
        if (r == 0)
            json_array_append_new(
                stages, json_pack("{s:o, s:s, s:o, s:o}", "stage", json_from_str(review.stage),
                                  "outcome", review.approved ? "accepted" : "refused", "reviewer",
                                  json_from_str(review.by), "on", json_from_date(review.on, 0)));
    }
    return r == 0 ? put_needed(query, &row, arena, object) : r;
}
