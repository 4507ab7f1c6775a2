/* Runs over records: accepted anew, or what they earn asked about anew; and what points were
 * withheld for. */
#include "domain/carried_over.h"
#include "domain/public_notices.h"
#include "domain/records.h"
#include "engine/run.h"

/* Those that another run was quicker with are gone from the list. */
int run_step_withheld(struct chunk *chunk, uint32_t n) {
    struct withheld withheld;
    struct decisions decisions = {0};
    struct asking asking = chunk_asking(chunk, CAUSE_EVENT, STR("policy.activated"));
    int r = withheld_get(chunk_view(chunk), n, &withheld);
    if (r == 0)
        r = decide_withheld(&chunk->engine->decider, &withheld, &asking, &decisions);
    return chunk_finish(chunk, &asking, decisions, r);
}

/* The record, where it was served on a day that the run looks back to, under its rule. 1: it is
 * passed over. */
static int find_record(struct chunk *chunk, uint32_t number, struct record_row *ret_row,
                       int32_t *ret_date) {
    struct record record;
    int r = record_get(chunk_view(chunk), number, &record);
    if (r != 0)
        return r;
    *ret_row = record.row;
    *ret_date = record_date(&chunk->engine->stepper.city.zone, &record.row);
    if (record_is_carried(&record.row) || *ret_date < chunk->run.served_since)
        return 1;
    return !chunk_concerns(chunk, record.row.region, *ret_date);
}

static struct asking asking_anew(struct chunk *chunk) {
    struct asking asking = chunk_asking_by_rule(chunk);
    asking.anew = true;
    return asking;
}

/* What a reviewer decided, and what was revoked, stays. */
static bool is_decided_by_rule(const struct record_row *row) {
    return !(row->flags & RECORD_REVIEWED) &&
           (row->state == RECORD_ACCEPTED || row->state == RECORD_HELD ||
            row->state == RECORD_REFUSED);
}

int run_step_acceptance(struct chunk *chunk, uint32_t number) {
    struct decisions decisions = {0};
    struct question question = {
        .kind = POLICY_KIND_ACCEPTANCE, .number = number, .noun = NOUN_RECORD};
    struct record_row row;
    int r = find_record(chunk, number, &row, &question.date);
    if (r != 0 || !is_decided_by_rule(&row))
        return r;
    struct asking asking = asking_anew(chunk);
    r = decide_one(&chunk->engine->decider, &question, &asking, &decisions);
    return chunk_finish(chunk, &asking, decisions, r);
}

int run_step_record_points(struct chunk *chunk, uint32_t number) {
    struct engine *engine = chunk->engine;
    const struct policy_revision *by = policy_host_revision(engine->host, chunk->run.revision);
    struct decisions decisions = {0};
    struct question question = {.kind = POLICY_KIND_POINTS, .number = number, .noun = NOUN_RECORD};
    struct record_row row;
    int r = find_record(chunk, number, &row, &question.date);
    if (r != 0 || row.state != RECORD_ACCEPTED)
        return r;
    struct asking asking = asking_anew(chunk);
    r = decide_points_by(&engine->decider, &question, by->data.policy, &asking, &decisions);
    return chunk_finish(chunk, &asking, decisions, r);
}

/* ---- public notices ---- */

/* Its last day is over: it passes where nobody objected, and nobody ended it before. */
int run_step_public_notice(struct chunk *chunk, uint32_t n) {
    struct decisions decisions = {0};
    struct public_notice_row row;
    uint32_t notice;
    int r = public_notice_of_day(chunk_view(chunk), chunk->run.as_of, n, &notice);
    if (r == 0)
        r = public_notice_get(chunk_view(chunk), notice, &row);
    if (r != 0 || row.state != PUBLIC_NOTICE_OPEN)
        return r;
    struct asking asking = chunk_asking(chunk, CAUSE_SCHEDULE, STR_NONE);
    r = decide_ended(&chunk->engine->decider, notice, &asking, &decisions);
    return chunk_finish(chunk, &asking, decisions, r);
}

int run_step_final(struct chunk *chunk, uint32_t number) {
    struct decisions decisions = {0};
    struct question question = {
        .kind = POLICY_KIND_ACCEPTANCE, .number = number, .noun = NOUN_PUBLIC_NOTICE};
    struct asking asking = chunk_asking(chunk, CAUSE_SCHEDULE, STR_NONE);
    int r = decide_one(&chunk->engine->decider, &question, &asking, &decisions);
    return chunk_finish(chunk, &asking, decisions, r);
}
