#include "domain/commitments.h"

#include "domain/day_lists.h"
#include "domain/organisations.h"
#include "domain/person_months.h"
#include "domain/runs.h"
#include "util/error.h"

/* ---- reading ---- */

int commitment_get(struct view *view, uint32_t number, struct commitment *ret_commitment) {
    char key[4];
    struct str row;
    int r = view_get(view, TABLE_COMMITMENT, number_key(key, number), &row);
    if (r != 0)
        return r < 0 ? r : THING_NOT_FOUND;
    struct cursor in = cursor_from(row);
    struct str fixed = cursor_take(&in, sizeof ret_commitment->row);
    ret_commitment->digest = cursor_counted(&in);
    ret_commitment->uri = cursor_counted(&in);
    ret_commitment->note = cursor_counted(&in);
    if (in.failed)
        return error_note(-EBADMSG, "a commitment's row cannot be read");
    memcpy(&ret_commitment->row, fixed.data, sizeof ret_commitment->row);
    return 0;
}

uint32_t commitment_organisation(const struct commitment_row *row) {
    return row->noun == NOUN_ORGANISATION ? row->subject : 0;
}

bool commitment_is_late(const struct commitment_row *row) {
    return row->state == COMMITMENT_KEPT && row->kept_on > row->due_on;
}

bool commitment_is_overdue(const struct commitment_row *row) {
    return row->state == COMMITMENT_MADE && row->overdue_on;
}

bool commitment_is_due(const struct commitment_row *row, int32_t date) {
    return row->state == COMMITMENT_MADE && !row->overdue_on && row->due_on <= date;
}

void commitment_figures(const struct commitment_row *row, struct campaign_figures *figures) {
    *campaign_figure(figures, COUNTER_commitments_made) += 1;
    *campaign_figure(figures, COUNTER_commitments_kept) += row->state == COMMITMENT_KEPT;
    *campaign_figure(figures, COUNTER_commitments_late) += commitment_is_late(row);
    *campaign_figure(figures, COUNTER_commitments_overdue) += commitment_is_overdue(row);
}

/* ---- rows ---- */

static void put(struct context *context, uint32_t number, const struct commitment *commitment) {
    char key[4];
    struct buf *row = &context->scratch;
    buf_reset(row);
    buf_put(row, &commitment->row, sizeof commitment->row);
    buf_put_counted(row, commitment->digest);
    buf_put_counted(row, commitment->uri);
    buf_put_counted(row, commitment->note);
    store_put(context->store, TABLE_COMMITMENT, number_key(key, number), buf_str(row));
}

/* Where there was none before, `before` is NULL. */
static int count(struct context *context, const struct commitment_row *before,
                 const struct commitment_row *after) {
    struct campaign_figures figures[2] = {0};
    if (before)
        commitment_figures(before, &figures[0]);
    commitment_figures(after, &figures[1]);
    return campaign_count(context, after->region, commitment_organisation(after), &figures[0],
                          &figures[1]);
}

/* ---- made ---- */

static int check_subject(struct context *context, const struct commitment_made *data,
                         struct commitment_row *row) {
    const unsigned kinds = 1U << SUBJECT_KIND_REGION | 1U << SUBJECT_KIND_ORGANISATION;
    struct organisation_row organisation;
    enum noun noun;
    int r = subject_resolve(context, &data->subject, kinds, "data.subject", &noun, &row->subject);
    if (r != 0)
        return r;
    row->noun = (uint8_t)noun;
    row->region = row->subject;
    if (noun == NOUN_REGION)
        return 0;
    r = organisation_require_active(context, row->subject, data->subject.id, "data.subject.id");
    if (r == 0)
        r = organisation_get(context->view, row->subject, &organisation);
    if (r == 0)
        row->region = organisation.region;
    return r;
}

int apply_commitment_made(struct context *context, const struct event *event,
                          const struct commitment_made *data) {
    uint32_t number;
    struct commitment commitment = {.digest = STR_NONE, .uri = STR_NONE, .note = STR_NONE};
    struct commitment_row *row = &commitment.row;
    int32_t today = context_today(context);
    row->made_on = context_date(context);
    row->due_on = data->due;
    if (data->due < row->made_on || !date_is_kept(data->due))
        return problem_set(context->problem, PROBLEM_OUT_OF_RANGE, "data.due",
                           "a commitment is due on the day it is made or later");
    int r = check_subject(context, data, row);
    if (r == 0)
        r = campaign_resolve(context, data->campaign, STR_NONE, "data.campaign", &row->campaign);
    if (r == 0)
        r = thing_name(context, NOUN_COMMITMENT, data->commitment, "data.commitment", &number);
    if (r != 0)
        return r;
    const struct thing thing = {.defined_sequence = context->sequence,
                                .changed_sequence = context->sequence,
                                .state = COMMITMENT_MADE,
                                .attributes = event->data};
    thing_put(context, NOUN_COMMITMENT, number, &thing);
    put(context, number, &commitment);
    r = day_list_add(context, TABLE_COMMITMENT_DUE, row->due_on > today ? row->due_on : today,
                     number);
    return r == 0 ? count(context, NULL, row) : r;
}

/* ---- kept, overdue ---- */

struct opened {
    uint32_t number;
    struct thing thing;
    struct commitment commitment;
    struct commitment_row before;
};

static int open_commitment(struct context *context, struct str id, struct opened *ret_opened) {
    int r = thing_resolve(context, NOUN_COMMITMENT, id, "data.commitment", &ret_opened->number);
    if (r != 0)
        return r;
    r = thing_get(context->view, NOUN_COMMITMENT, ret_opened->number, context->arena,
                  &ret_opened->thing);
    if (r == 0)
        r = commitment_get(context->view, ret_opened->number, &ret_opened->commitment);
    if (r != 0)
        return r < 0 ? r : error_note(-EBADMSG, "a commitment has no row or no attributes");
    ret_opened->before = ret_opened->commitment.row;
    if (ret_opened->before.state == COMMITMENT_KEPT)
        return problem_set(context->problem, PROBLEM_WRONG_STATE, "data.commitment",
                           "commitment %.*s is kept already; make a new one", STR_ARG(id));
    return 0;
}

static int settle(struct context *context, struct opened *opened) {
    opened->thing.state = opened->commitment.row.state;
    opened->thing.changed_sequence = context->sequence;
    thing_put(context, NOUN_COMMITMENT, opened->number, &opened->thing);
    put(context, opened->number, &opened->commitment);
    return count(context, &opened->before, &opened->commitment.row);
}

int apply_commitment_kept(struct context *context, const struct event *event,
                          const struct commitment_kept *data) {
    struct opened opened;
    struct commitment *commitment = &opened.commitment;
    (void)event;
    int r = open_commitment(context, data->commitment, &opened);
    if (r != 0)
        return r;
    if (context_date(context) < opened.before.made_on)
        return problem_set(context->problem, PROBLEM_OUT_OF_RANGE, "time",
                           "a commitment is kept after it is made; mend the time");
    commitment->row.state = COMMITMENT_KEPT;
    commitment->row.kept_on = context_date(context);
    commitment->digest = data->evidence.digest;
    commitment->uri = data->evidence.uri;
    commitment->note = data->evidence.note;
    return settle(context, &opened);
}

int commitments_day_ended(struct context *context, int32_t date) {
    uint32_t n;
    int r = day_list_count(context->view, TABLE_COMMITMENT_DUE, date, &n);
    return r == 0 ? run_begin_between(context, RUN_COMMITMENTS, 0, date, 0, n) : r;
}

int apply_commitment_overdue(struct context *context, const struct event *event,
                             const struct commitment_overdue *data) {
    struct opened opened;
    (void)event;
    int r = open_commitment(context, data->commitment, &opened);
    if (r != 0)
        return r;
    if (opened.before.overdue_on)
        return problem_set(context->problem, PROBLEM_WRONG_STATE, "data.commitment",
                           "commitment %.*s is known to be overdue", STR_ARG(data->commitment));
    opened.commitment.row.overdue_on = context_date(context);
    return settle(context, &opened);
}
