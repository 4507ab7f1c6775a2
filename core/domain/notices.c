#include "domain/notices.h"

#include <stdio.h>

#include "domain/organisations.h"
#include "domain/person_months.h"
#include "util/error.h"

/* ---- reading ---- */

static int read_row(struct view *view, uint32_t number, struct cursor *ret_in,
                    struct notice_row *ret_row) {
    char key[4];
    struct str row;
    int r = view_get(view, TABLE_NOTICE_RECEIPTS, number_key(key, number), &row);
    if (r != 0)
        return r < 0 ? r : THING_NOT_FOUND;
    *ret_in = cursor_from(row);
    struct str fixed = cursor_take(ret_in, sizeof *ret_row);
    if (ret_in->failed)
        return error_note(-EBADMSG, "a notice's row cannot be read");
    memcpy(ret_row, fixed.data, sizeof *ret_row);
    return 0;
}

int notice_row_get(struct view *view, uint32_t number, struct notice_row *ret_row) {
    struct cursor in;
    return read_row(view, number, &in, ret_row);
}

int notice_receipts(struct view *view, uint32_t number, struct arena *arena,
                    struct notice *ret_notice) {
    struct cursor in;
    struct notice notice;
    int r = read_row(view, number, &in, &notice.row);
    if (r != 0)
        return r;
    if (notice.row.n_to > NOTICE_TO_LIMIT)
        return error_note(-EBADMSG, "a notice's row cannot be read");
    notice.receipts = arena_alloc(arena, (notice.row.n_to + 1) * sizeof *notice.receipts);
    for (uint32_t i = 0; i < notice.row.n_to; i++) {
        struct receipt *receipt = &notice.receipts[i];
        receipt->organisation = (uint32_t)cursor_varint(&in);
        receipt->region = (uint32_t)cursor_varint(&in);
        receipt->via = (uint32_t)cursor_varint(&in);
        receipt->on = (int32_t)cursor_signed(&in);
        receipt->by = cursor_counted(&in);
    }
    if (in.failed)
        return error_note(-EBADMSG, "a notice's receipts cannot be read");
    *ret_notice = notice;
    return 0;
}

bool receipt_is_late(const struct notice_row *row, const struct receipt *receipt) {
    return receipt->on && row->due_on && receipt->on > row->due_on;
}

bool receipt_is_overdue(const struct notice_row *row, const struct receipt *receipt,
                        int32_t today) {
    return !receipt->on && row->due_on && today > row->due_on;
}

void receipt_figures(const struct notice_row *row, const struct receipt *receipt,
                     struct campaign_figures *figures) {
    *campaign_figure(figures, COUNTER_notices_to) += 1;
    *campaign_figure(figures, COUNTER_notices_received) += receipt->on != 0;
    *campaign_figure(figures, COUNTER_notices_late) += receipt_is_late(row, receipt);
}

static void put(struct context *context, uint32_t number, const struct notice *notice) {
    char key[4];
    struct buf *row = &context->scratch;
    buf_reset(row);
    buf_put(row, &notice->row, sizeof notice->row);
    for (uint32_t i = 0; i < notice->row.n_to; i++) {
        const struct receipt *receipt = &notice->receipts[i];
        buf_put_varint(row, receipt->organisation);
        buf_put_varint(row, receipt->region);
        buf_put_varint(row, receipt->via);
        buf_put_signed(row, receipt->on);
        buf_put_counted(row, receipt->by);
    }
    store_put(context->store, TABLE_NOTICE_RECEIPTS, number_key(key, number), buf_str(row));
}

/* ---- issued ---- */

static int address(struct context *context, struct notice *notice, size_t i, struct str id) {
    char field[40];
    struct receipt *receipt = &notice->receipts[i];
    snprintf(field, sizeof field, "data.to[%zu]", i);
    int r =
        organisation_resolve_active(context, id, field, &receipt->organisation, &receipt->region);
    if (r != 0)
        return r;
    for (size_t j = 0; j < i; j++)
        if (notice->receipts[j].organisation == receipt->organisation)
            return problem_set(context->problem, PROBLEM_OUT_OF_RANGE, field,
                               "organisation %.*s stands there twice", STR_ARG(id));
    return 0;
}

static int check_issued(struct context *context, const struct notice_issued *data,
                        struct notice *notice) {
    const struct str *ids = data->to.items;
    notice->row.issued_on = context_date(context);
    notice->row.due_on = HAS(data, notice_issued, due) ? data->due : 0;
    if (data->to.n < 1 || data->to.n > NOTICE_TO_LIMIT)
        return problem_set(context->problem, PROBLEM_OUT_OF_RANGE, "data.to",
                           "a notice goes to 1 to %d organisations; issue it in parts",
                           NOTICE_TO_LIMIT);
    if (HAS(data, notice_issued, due) &&
        (data->due < notice->row.issued_on || !date_is_kept(data->due)))
        return problem_set(context->problem, PROBLEM_OUT_OF_RANGE, "data.due",
                           "receipts are due on the day the notice is issued or later");
    int r =
        campaign_resolve(context, data->campaign, STR_NONE, "data.campaign", &notice->row.campaign);
    notice->row.n_to = (uint32_t)data->to.n;
    notice->receipts = arena_alloc(context->arena, data->to.n * sizeof *notice->receipts);
    memset(notice->receipts, 0, data->to.n * sizeof *notice->receipts);
    for (size_t i = 0; r == 0 && i < data->to.n; i++)
        r = address(context, notice, i, ids[i]);
    return r;
}

static int count(struct context *context, const struct notice_row *row,
                 const struct receipt *before, const struct receipt *after) {
    struct campaign_figures figures[2] = {0};
    if (before)
        receipt_figures(row, before, &figures[0]);
    receipt_figures(row, after, &figures[1]);
    return campaign_count(context, after->region, after->organisation, &figures[0], &figures[1]);
}

int apply_notice_issued(struct context *context, const struct event *event,
                        const struct notice_issued *data) {
    uint32_t number;
    struct notice notice = {.receipts = NULL};
    int r = check_issued(context, data, &notice);
    if (r == 0)
        r = thing_name(context, NOUN_NOTICE, data->notice, "data.notice", &number);
    if (r != 0)
        return r;
    const struct thing thing = {.defined_sequence = context->sequence,
                                .changed_sequence = context->sequence,
                                .attributes = event->data};
    thing_put(context, NOUN_NOTICE, number, &thing);
    put(context, number, &notice);
    for (uint32_t i = 0; r == 0 && i < notice.row.n_to; i++)
        r = count(context, &notice.row, NULL, &notice.receipts[i]);
    return r;
}

/* ---- received ---- */

/* Whether that organisation answers for the addressee. */
static int answers_for(struct context *context, const struct receipt *receipt,
                       uint32_t organisation, bool *ret_answers) {
    uint32_t successor = receipt->organisation;
    int r = successor == organisation
                ? 0
                : organisation_successor(context->view, receipt->organisation, &successor);
    *ret_answers = r == 0 && successor == organisation;
    return r;
}

static int give(struct context *context, const struct notice_received *data, struct notice *notice,
                uint32_t i, uint32_t organisation) {
    struct receipt *receipt = &notice->receipts[i];
    const struct receipt before = *receipt;
    receipt->via = organisation;
    receipt->on = context_date(context);
    receipt->by = data->by;
    notice->row.n_received++;
    notice->row.n_late += receipt_is_late(&notice->row, receipt);
    return count(context, &notice->row, &before, receipt);
}

/* Whoever answers for several addressees, because it succeeded some of them, does it at once. */
static int give_all(struct context *context, const struct notice_received *data,
                    struct notice *notice, uint32_t organisation) {
    uint32_t given = 0, known = 0;
    for (uint32_t i = 0; i < notice->row.n_to; i++) {
        bool answers;
        int r = answers_for(context, &notice->receipts[i], organisation, &answers);
        if (r == 0 && answers && !notice->receipts[i].on)
            r = give(context, data, notice, i, organisation);
        else
            known += answers;
        if (r != 0)
            return r;
        given += answers;
    }
    if (!given)
        return problem_set(context->problem, PROBLEM_WRONG_STATE, "data.organisation",
                           "notice %.*s was not sent to %.*s; only whom it was sent to gives a "
                           "receipt, or the successor of one that was dissolved",
                           STR_ARG(data->notice), STR_ARG(data->organisation));
    if (given == known)
        return problem_set(context->problem, PROBLEM_WRONG_STATE, "data.organisation",
                           "the receipt of %.*s for notice %.*s is there already",
                           STR_ARG(data->organisation), STR_ARG(data->notice));
    return 0;
}

int apply_notice_received(struct context *context, const struct event *event,
                          const struct notice_received *data) {
    uint32_t number, organisation, region;
    struct notice notice;
    (void)event;
    int r = thing_resolve(context, NOUN_NOTICE, data->notice, "data.notice", &number);
    if (r == 0)
        r = organisation_resolve_active(context, data->organisation, "data.organisation",
                                        &organisation, &region);
    if (r != 0)
        return r;
    r = notice_receipts(context->view, number, context->arena, &notice);
    if (r != 0)
        return r < 0 ? r : error_note(-EBADMSG, "a notice has no row");
    if (context_date(context) < notice.row.issued_on)
        return problem_set(context->problem, PROBLEM_OUT_OF_RANGE, "time",
                           "nobody has a notice before it is issued; mend the time");
    for (uint32_t i = 0; i < notice.row.n_to; i++) /* the row is about to be replaced */
        notice.receipts[i].by = arena_copy(context->arena, notice.receipts[i].by);
    r = give_all(context, data, &notice, organisation);
    if (r == 0)
        put(context, number, &notice);
    return r;
}
