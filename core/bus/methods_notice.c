/* notice.receipts: who has said that the notice came, who was late, and who has not said it. */
#include "bus/methods.h"
#include "bus/methods_common.h"
#include "domain/notices.h"

enum receipt_state { RECEIPT_WAITING, RECEIPT_OVERDUE, RECEIPT_RECEIVED, RECEIPT_LATE };
static const char *const receipt_states[] = {"waiting", "overdue", "received", "late"};

static enum receipt_state state_of(const struct notice_row *row, const struct receipt *receipt,
                                   int32_t today) {
    if (receipt->on)
        return receipt_is_late(row, receipt) ? RECEIPT_LATE : RECEIPT_RECEIVED;
    return receipt_is_overdue(row, receipt, today) ? RECEIPT_OVERDUE : RECEIPT_WAITING;
}

static json_t *receipt_json(struct query *query, const struct receipt *receipt,
                            enum receipt_state state) {
    json_t *who = json_from_subject(query, NOUN_ORGANISATION, receipt->organisation, query->arena);
    json_t *item = json_pack("{s:O, s:O, s:o, s:s}", "organisation", json_object_get(who, "id"),
                             "name", json_object_get(who, "name"), "region",
                             json_from_number(query, NOUN_REGION, receipt->region, query->arena),
                             "state", receipt_states[state]);
    json_decref(who);
    if (!receipt->on)
        return item;
    json_object_set_new(item, "received_on", json_from_date(receipt->on, 0));
    json_object_set_new(item, "by", json_from_str(receipt->by));
    if (receipt->via != receipt->organisation)
        json_object_set_new(item, "received_by_successor",
                            json_from_number(query, NOUN_ORGANISATION, receipt->via, query->arena));
    return item;
}

static int answer(struct query *query, uint32_t number, int state, json_t **ret_result) {
    struct thing thing;
    struct notice notice;
    int32_t today = query_today(query);
    int r = query_found(thing_get(query->view, NOUN_NOTICE, number, query->arena, &thing));
    if (r == 0)
        r = query_found(notice_receipts(query->view, number, query->arena, &notice));
    if (r != 0)
        return r;
    const struct notice_issued *issued = thing.attributes;
    const struct notice_row *row = &notice.row;
    json_t *items = json_array();
    for (uint32_t i = 0; i < row->n_to; i++) {
        enum receipt_state is = state_of(row, &notice.receipts[i], today);
        if (state < 0 || (int)is == state)
            json_array_append_new(items, receipt_json(query, &notice.receipts[i], is));
    }
    *ret_result = json_pack(
        "{s:o, s:o, s:o, s:o, s:I, s:I, s:I, s:o}", "notice", json_from_str(issued->notice),
        "title", json_from_str(issued->title), "number", json_from_str(issued->number), "due",
        json_from_date(row->due_on, 0), "addressees", (json_int_t)row->n_to, "received",
        (json_int_t)row->n_received, "late", (json_int_t)row->n_late, "items", items);
    return 0;
}

int query_notice_receipts(struct query *query, json_t **ret_result) {
    uint32_t number;
    int state;
    int r = query_noun(query, NOUN_NOTICE, "notice", &number);
    if (r == 0)
        r = query_word(query, "state", receipt_states,
                       sizeof receipt_states / sizeof *receipt_states, &state);
    return r == 0 ? answer(query, number, state, ret_result) : r;
}
