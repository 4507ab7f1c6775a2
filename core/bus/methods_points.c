/* points.get and points.list: a person's balances and the entries they come from. */
#include "bus/methods_points.h"

#include <stdlib.h>

#include "bus/methods.h"
#include "bus/methods_common.h"
#include "domain/dictionaries.h"
#include "domain/ledger.h"
#include "domain/records.h"
#include "domain/volunteers.h"

static json_t *lots_json(struct cursor lots) {
    json_t *list = json_array();
    struct lot lot;
    while (lot_next(&lots, &lot))
        json_array_append_new(list, json_pack("{s:o, s:I}", "expires",
                                              json_from_date(lot.expires, LOT_NEVER), "amount",
                                              (json_int_t)lot.amount));
    return list;
}

static json_t *account_json(struct query *query, const struct dictionary_code *account,
                            const struct balance *balance, bool whole) {
    json_t *object = json_pack(
        "{s:o, s:o, s:i, s:I, s:I}", "account", json_from_str(account->code), "title",
        json_from_str(account->title), "decimals", account->decimals, "balance",
        (json_int_t)balance_on(balance, query_today(query)), "owed", (json_int_t)balance->owed);
    if (!whole)
        return object;
    json_object_set_new(object, "earned", json_integer(balance->earned));
    json_object_set_new(object, "adjusted", json_integer(balance->adjusted));
    json_object_set_new(object, "spent", json_integer(balance->spent));
    json_object_set_new(object, "expired", json_integer(balance->expired));
    json_object_set_new(object, "held", json_integer(balance->held));
    json_object_set_new(object, "transferred", json_integer(balance->transferred));
    json_object_set_new(object, "lots", lots_json(balance->lots));
    return object;
}

int json_from_balances(struct query *query, uint32_t volunteer, bool whole, json_t **ret_list) {
    uint32_t n = dictionary_count(query->view, DICTIONARY_ACCOUNT);
    json_t *list = json_array();
    int r = 0;
    for (uint32_t i = 0; r >= 0 && i < n; i++) {
        struct dictionary_code account;
        struct balance balance;
        r = query_found(dictionary_at(query->view, DICTIONARY_ACCOUNT, i, &account));
        if (r == 0)
            r = balance_get(query->view, volunteer, i, &balance);
        if (r == 0)
            json_array_append_new(list, account_json(query, &account, &balance, whole));
    }
    if (r < 0)
        json_decref(list);
    else
        *ret_list = list;
    return r < 0 ? r : 0;
}

int query_points_get(struct query *query, json_t **ret_result) {
    uint32_t volunteer;
    json_t *accounts;
    int r = query_noun(query, NOUN_VOLUNTEER, "points", &volunteer);
    if (r == 0)
        r = json_from_balances(query, volunteer, true, &accounts);
    if (r == 0)
        *ret_result = json_pack("{s:o, s:o}", "volunteer",
                                json_from_number(query, NOUN_VOLUNTEER, volunteer, query->arena),
                                "accounts", accounts);
    return r;
}

/* ---- entries ---- */

struct posting_filter {
    const uint32_t *numbers; /* of the person's entries, oldest first */
    size_t n;
    int account; /* -1: any */
};

/* A record's id stands in its own row. */
static json_t *record_json(struct query *query, uint32_t number) {
    struct record record;
    bool found = number && record_get(query->view, number, &record) == 0;
    return found ? json_from_str(record.id) : json_null();
}

static int compare_numbers(const void *a, const void *b) {
    const uint32_t *left = a, *right = b;
    return (*left > *right) - (*left < *right);
}

/* Its place among the person's own: they ascend. */
static json_int_t place_of(const struct posting_filter *filter, uint32_t number) {
    const uint32_t *found =
        bsearch(&number, filter->numbers, filter->n, sizeof number, compare_numbers);
    return found - filter->numbers + 1;
}

static int list_posting(struct page *page, uint32_t number) {
    struct query *query = page->query;
    const struct posting_filter *filter = page->context;
    struct posting posting;
    struct dictionary_code account;
    int r = posting_get(query->view, number, &posting);
    if (r != 0 || (filter->account >= 0 && posting.account != filter->account))
        return r;
    r = dictionary_at(query->view, DICTIONARY_ACCOUNT, posting.account, &account);
    if (r != 0)
        return r;
    json_t *item = json_pack(
        "{s:I, s:o, s:o, s:I, s:o, s:o, s:s, s:o, s:I, s:I, s:I}", "n", place_of(filter, number),
        "on", json_from_date(posting.on, INT32_MIN), "account", json_from_str(account.code),
        "amount", (json_int_t)posting.amount, "expires", json_from_date(posting.expires, LOT_NEVER),
        "reason", json_from_str(posting.reason), "counter", ledger_counter_text(posting.counter),
        "record", record_json(query, posting.record), "sequence", (json_int_t)posting.sequence,
        "balance_after", (json_int_t)posting.balance_after, "owed_after",
        (json_int_t)posting.owed_after);
    if (posting.counter == LEDGER_SHOP)
        json_object_set_new(item, "moved", json_integer(posting.moved));
    if (posting.reverses)
        json_object_set_new(item, "reverses", json_integer((json_int_t)posting.reverses));
    json_array_append_new(page->items, item);
    return 0;
}

static int account_parameter(struct query *query, int *ret_account) {
    struct str code;
    struct dictionary_code account;
    *ret_account = -1;
    int r = query_code(query, "account", DICTIONARY_ACCOUNT, &code);
    if (r == 0 && code.data) {
        r = dictionary_get(query->view, DICTIONARY_ACCOUNT, code, &account);
        *ret_account = r == 0 ? account.number : -1;
    }
    return r;
}

int query_points_list(struct query *query, json_t **ret_result) {
    struct posting_filter filter;
    struct volunteer_row person;
    struct page page;
    uint32_t volunteer, *numbers = NULL;
    int r = page_open(query, &page);
    page.each = list_posting;
    page.context = &filter;
    if (r == 0)
        r = query_noun(query, NOUN_VOLUNTEER, "volunteer", &volunteer);
    if (r == 0)
        r = account_parameter(query, &filter.account);
    if (r == 0)
        r = query_found(volunteer_get(query->view, volunteer, &person));
    if (r == 0)
        r = postings_of(query->view, &person, query->arena, &numbers);
    if (r == 0) {
        filter.numbers = numbers;
        filter.n = person.n_postings;
        r = page_numbers(&page, numbers, filter.n);
    }
    return page_close(&page, r, ret_result);
}
