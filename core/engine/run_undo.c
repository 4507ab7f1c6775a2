/* The run that takes back what came with a batch, the last first, so that a record goes before the
 * person and the activity that it names. */
#include "domain/activities.h"
#include "domain/batches.h"
#include "domain/records.h"
#include "domain/teams.h"
#include "domain/volunteers.h"
#include "engine/decision.h"
#include "engine/run.h"

struct undoing {
    const struct asked *asked;
    struct context *context;
    struct import_batch batch;
    struct batch_entry entry;
};

/* A decision names no batch; what takes one back does. */
static int apply_under(const struct undoing *undoing) {
    struct decisions *decisions = undoing->asked->decisions;
    decisions->list[decisions->n - 1].batch = undoing->batch.id;
    return decision_apply(undoing->asked);
}

static int id_of(const struct undoing *undoing, enum noun noun, uint32_t number,
                 struct str *ret_id) {
    return thing_id(undoing->context->view, noun, number, undoing->context->arena, ret_id);
}

static struct str reason(const struct undoing *undoing) {
    return arena_printf(undoing->context->arena, "撤销批次 %.*s", STR_ARG(undoing->batch.id));
}

static int revoke_record(const struct undoing *undoing) {
    struct record record;
    int r = record_get(undoing->context->view, undoing->entry.number, &record);
    if (r != 0 || record.row.state == RECORD_REVOKED)
        return r;
    struct service_revoked *data = decision_shape(undoing->asked, EVENT_service_revoked);
    data->record = arena_copy(undoing->context->arena, record.id);
    data->reason = reason(undoing);
    data->by = undoing->batch.undone_by;
    GIVE(data, service_revoked, record);
    GIVE(data, service_revoked, reason);
    GIVE(data, service_revoked, by);
    return apply_under(undoing);
}

/* Whoever has served otherwise, or was given points, is somebody by now and stays. */
static int withdraw_person(const struct undoing *undoing) {
    struct volunteer_row row;
    struct str id;
    int r = volunteer_get(undoing->context->view, undoing->entry.number, &row);
    if (r != 0 || volunteer_has_left(&row) || row.n_accepted || row.n_held || row.carried_minutes)
        return r;
    r = id_of(undoing, NOUN_VOLUNTEER, undoing->entry.number, &id);
    if (r != 0)
        return r;
    struct volunteer_withdrawn *data = decision_shape(undoing->asked, EVENT_volunteer_withdrawn);
    data->volunteer = id;
    data->reason = reason(undoing);
    GIVE(data, volunteer_withdrawn, volunteer);
    GIVE(data, volunteer_withdrawn, reason);
    return apply_under(undoing);
}

static int cancel_activity(const struct undoing *undoing) {
    struct activity_summary summary;
    struct str id;
    int r = activity_summary(undoing->context->view, undoing->entry.number, &summary);
    if (r != 0 || summary.state != ACTIVITY_PUBLISHED)
        return r;
    r = id_of(undoing, NOUN_ACTIVITY, undoing->entry.number, &id);
    if (r != 0)
        return r;
    struct activity_cancelled *data = decision_shape(undoing->asked, EVENT_activity_cancelled);
    data->activity = id;
    data->reason = reason(undoing);
    GIVE(data, activity_cancelled, activity);
    GIVE(data, activity_cancelled, reason);
    return apply_under(undoing);
}

static int leave_team(const struct undoing *undoing) {
    struct view *view = undoing->context->view;
    struct member_row member;
    struct team_row team;
    struct volunteer_row person;
    struct str id, volunteer;
    int r = team_get(view, undoing->entry.number, &team);
    if (r == 0)
        r = team_member_get(view, undoing->entry.number, undoing->entry.other, &member);
    if (r == 0)
        r = volunteer_get(view, undoing->entry.other, &person);
    if (r != 0 || team.state != TEAM_ACTIVE || member.left_on || volunteer_has_left(&person))
        return r;
    r = id_of(undoing, NOUN_TEAM, undoing->entry.number, &id);
    if (r == 0)
        r = id_of(undoing, NOUN_VOLUNTEER, undoing->entry.other, &volunteer);
    if (r != 0)
        return r;
    struct team_left *data = decision_shape(undoing->asked, EVENT_team_left);
    data->team = id;
    data->volunteer = volunteer;
    GIVE(data, team_left, team);
    GIVE(data, team_left, volunteer);
    return apply_under(undoing);
}

static int take_back(const struct undoing *undoing) {
    switch ((enum batch_kind)undoing->entry.kind) {
    case BATCH_RECORDS:
    case BATCH_CARRIED:
        return revoke_record(undoing);
    case BATCH_VOLUNTEERS:
        return withdraw_person(undoing);
    case BATCH_ACTIVITIES:
        return cancel_activity(undoing);
    default:
        return leave_team(undoing);
    }
}

int run_step_undo(struct chunk *chunk, uint32_t n) {
    struct decisions decisions = {0};
    struct asking asking = chunk_asking(chunk, CAUSE_EVENT, STR("batch.undone"));
    struct asked asked = {
        .decider = &chunk->engine->decider, .asking = &asking, .decisions = &decisions};
    struct undoing undoing = {.asked = &asked, .context = asked_context(&asked)};
    int r = batch_get(chunk_view(chunk), chunk->run.subject, &undoing.batch);
    if (r == 0)
        r = batch_entry(chunk_view(chunk), chunk->run.subject, chunk->run.last + 1 - n,
                        &undoing.entry);
    /* The row that they lie in changes with each step. */
    undoing.batch.id = arena_copy(undoing.context->arena, undoing.batch.id);
    undoing.batch.undone_by = arena_copy(undoing.context->arena, undoing.batch.undone_by);
    if (r == 0)
        r = take_back(&undoing);
    return chunk_finish(chunk, &asking, decisions, r);
}
