/* Titles are kept: a newer rule that would lower somebody's stars does not, as long as the revision
 * that granted them would still grant them, unless the newer one was activated to withdraw. What
 * the person's own hours, or the revision itself, take away is taken away. */
#include "domain/stars.h"
#include "engine/decision.h"

/* The revision that granted what is held; 0: none. */
static int find_granting(struct context *context, uint32_t volunteer,
                         const struct volunteer_row *row, uint32_t *ret_revision) {
    struct star_change_row change;
    *ret_revision = 0;
    if (row->n_star_changes == 0)
        return 0;
    int r = star_change_get(context->view, volunteer, row->n_star_changes, &change);
    if (r == 0)
        *ret_revision = change.revision;
    return r < 0 ? r : 0;
}

/* How many of the stars held the granting revision would still grant. One that was set aside may
 * not run, and one that fails does not say: then all of them. */
static int ask_granting(struct asked *asked, const struct policy_revision *granting, int64_t held,
                        int64_t *ret_stars) {
    struct decider *decider = asked->decider;
    struct stepper *stepper = decider->stepper;
    struct answer answer = {.failed = true};
    int r = 0;
    if (granting->state != POLICY_SET_ASIDE)
        r = policy_evaluate_by(decider->host, stepper->context.view, &stepper->city,
                               asked->question, granting->number, asked->asking->why,
                               asked->asking->event_type, stepper->context.arena, &answer);
    decider->n_calls += answer.asked;
    *ret_stars = answer.failed || answer.stars > held ? held : answer.asked ? answer.stars : 0;
    return r;
}

/* Those that rest on minutes which a new acceptance rule does not credit any more. */
static int64_t kept_stars(const struct volunteer_row *row) {
    bool rests = row->minutes + row->carried_minutes >= row->minutes_kept;
    return !rests ? 0 : row->stars_kept < row->stars ? row->stars_kept : row->stars;
}

int decide_keep_stars(struct asked *asked, const struct volunteer_row *row,
                      struct str *ret_granted_by) {
    struct context *context = asked_context(asked);
    struct policy_host *host = asked->decider->host;
    uint32_t number = policy_revision_number(context->view, asked->answer.revision);
    const struct policy_revision *asking = policy_host_revision(host, number);
    uint32_t granting;
    int64_t stars = 0;
    *ret_granted_by = STR_NONE;
    if (!asking || (HAS(&asking->data, policy_activated, withdraw) && asking->data.withdraw))
        return 0;
    int r = find_granting(context, asked->question->number, row, &granting);
    const struct policy_revision *by = r == 0 ? policy_host_revision(host, granting) : NULL;
    if (by && by != asking)
        r = ask_granting(asked, by, row->stars, &stars);
    if (r != 0)
        return r;
    if (by && by != asking && stars > asked->answer.stars)
        *ret_granted_by = arena_copy(context->arena, by->data.revision);
    stars = stars > kept_stars(row) ? stars : kept_stars(row);
    if (stars <= asked->answer.stars)
        return 0;
    asked->answer.stars = stars;
    asked->answer.titles = (struct list){0}; /* those are of the fewer stars */
    asked->answer.valid_until = INT32_MIN;
    asked->answer.findings =
        decision_add_finding(asked, asked->answer.findings, STR("kept_from_earlier_rule"),
                             (struct scalar){.kind = SCALAR_INTEGER, .integer = stars});
    return 0;
}
