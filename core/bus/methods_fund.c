/* fund.get, fund.list, fund_entry.get and fund_entry.list: what was allocated, committed, spent and
 * is left, and each entry that says so. Money is in fen. */
#include "bus/methods.h"
#include "bus/methods_common.h"
#include "domain/funds.h"

/* ---- funds ---- */

static void put_sums(json_t *object, const struct fund_sums *sums) {
    json_object_set_new(object, "allocated_fen", json_integer(sums->allocated));
    json_object_set_new(object, "committed_fen", json_integer(sums->committed));
    json_object_set_new(object, "spent_fen", json_integer(sums->spent));
    json_object_set_new(object, "left_fen", json_integer(sums->left));
}

static json_t *fund_json(const struct fund *fund) {
    struct fund_sums sums = fund_sums(fund);
    json_t *object = json_pack("{s:o, s:o, s:I}", "fund", json_from_str(fund->id), "title",
                               fund->title.size ? json_from_str(fund->title) : json_null(),
                               "entries", (json_int_t)fund->n_entries);
    put_sums(object, &sums);
    return object;
}

static int allocation_json(struct query *query, const struct fund_pot *pot, json_t **ret_object) {
    struct fund_entry entry;
    struct fund_sums sums = {pot->allocated, pot->committed, pot->spent, fund_pot_left(pot)};
    int r = query_found(fund_entry_get(query->view, pot->entry, query->arena, &entry));
    if (r != 0)
        return r;
    *ret_object = json_pack(
        "{s:o, s:i, s:o, s:o, s:o, s:o}", "entry", json_from_str(entry.id), "year", pot->year,
        "region", json_from_number(query, NOUN_REGION, pot->region, query->arena), "budget_line",
        entry.line.size ? json_from_str(entry.line) : json_null(), "origin",
        json_from_str(entry.purpose), "on", json_from_date(entry.on, INT32_MIN));
    put_sums(*ret_object, &sums);
    return 0;
}

int query_fund_get(struct query *query, json_t **ret_result) {
    struct fund fund;
    uint32_t number;
    int r = query_noun(query, NOUN_FUND, "fund", &number);
    if (r == 0)
        r = query_found(fund_get(query->view, number, COUNTER_NOW, query->arena, &fund));
    if (r != 0)
        return r;
    json_t *object = fund_json(&fund), *allocations = json_array();
    json_object_set_new(object, "allocations", allocations);
    for (size_t i = 0; r == 0 && i < fund.n_pots; i++) {
        json_t *allocation;
        r = allocation_json(query, &fund.pots[i], &allocation);
        if (r == 0)
            json_array_append_new(allocations, allocation);
    }
    if (r == 0)
        *ret_result = object;
    else
        json_decref(object);
    return r;
}

static int list_fund(struct page *page, uint32_t number) {
    struct fund fund;
    int r = fund_get(page->query->view, number, COUNTER_NOW, &page->arena, &fund);
    if (r == 0)
        json_array_append_new(page->items, fund_json(&fund));
    return r;
}

int query_fund_list(struct query *query, json_t **ret_result) {
    struct page page;
    int r = page_open(query, &page);
    page.each = list_fund;
    if (r == 0)
        r = page_table(&page, TABLE_FUND);
    return page_close(&page, r, ret_result);
}

/* ---- entries ---- */

static json_t *text_json(struct str text) {
    return text.size ? json_from_str(text) : json_null();
}

/* The id of the entry that it draws on; of what a redemption caused there is none. */
static json_t *of_json(struct query *query, uint32_t number, struct arena *arena) {
    struct fund_entry entry;
    bool found = number && fund_entry_get(query->view, number, arena, &entry) == 0;
    return found ? text_json(entry.id) : json_null();
}

static json_t *fund_id_json(struct query *query, uint32_t number, struct arena *arena) {
    struct fund fund;
    bool found = fund_get(query->view, number, COUNTER_NOW, arena, &fund) == 0;
    return found ? json_from_str(fund.id) : json_null();
}

static json_t *entry_json(struct query *query, uint32_t number, const struct fund_entry *entry,
                          struct arena *arena) {
    bool allocation = entry->kind == FUND_ALLOCATED;
    json_t *object =
        json_pack("{s:o, s:I, s:o, s:s, s:I, s:o, s:o, s:o, s:I, s:o, s:o, s:o, s:I}", "fund_entry",
                  text_json(entry->id), "n", (json_int_t)number, "fund",
                  fund_id_json(query, entry->fund, arena), "kind",
                  fund_entry_kind_text((enum fund_entry_kind)entry->kind), "amount_fen",
                  (json_int_t)entry->amount, "on", json_from_date(entry->on, INT32_MIN),
                  allocation ? "origin" : "purpose", json_from_str(entry->purpose), "by",
                  text_json(entry->by), "open_fen", (json_int_t)fund_entry_open(entry), "of",
                  of_json(query, entry->of, arena), "redemption",
                  json_from_number(query, NOUN_REDEMPTION, entry->redemption, arena), "document",
                  json_from_number(query, NOUN_DOCUMENT, entry->document, arena), "sequence",
                  (json_int_t)entry->sequence);
    if (allocation) {
        json_object_set_new(object, "year", json_integer(entry->year));
        json_object_set_new(object, "region",
                            json_from_number(query, NOUN_REGION, entry->region, arena));
        json_object_set_new(object, "budget_line", text_json(entry->line));
    }
    return object;
}

/* Which allocations it was taken of, so that each fen can be followed. */
static json_t *parts_json(struct query *query, const struct fund_entry *entry) {
    json_t *list = json_array();
    for (size_t i = 0; i < entry->n_parts; i++)
        json_array_append_new(list, json_pack("{s:o, s:I, s:I}", "entry",
                                              of_json(query, entry->parts[i].pot, query->arena),
                                              "amount_fen", (json_int_t)entry->parts[i].amount,
                                              "open_fen", (json_int_t)entry->parts[i].open));
    return list;
}

int query_fund_entry_get(struct query *query, json_t **ret_result) {
    struct fund_entry entry;
    uint32_t number;
    int r = query_noun(query, NOUN_FUND_ENTRY, "fund_entry", &number);
    if (r == 0)
        r = query_found(fund_entry_get(query->view, number, query->arena, &entry));
    if (r != 0)
        return r;
    *ret_result = entry_json(query, number, &entry, query->arena);
    if (entry.kind != FUND_ALLOCATED)
        json_object_set_new(*ret_result, "allocations", parts_json(query, &entry));
    return 0;
}

struct entry_filter {
    uint32_t fund; /* 0: any, as below */
    uint32_t redemption;
    int kind;
    struct str by;
};

static int list_entry(struct page *page, uint32_t number) {
    const struct entry_filter *filter = page->context;
    struct fund_entry entry;
    int r = fund_entry_get(page->query->view, number, &page->arena, &entry);
    if (r != 0 || (filter->fund && entry.fund != filter->fund) ||
        (filter->redemption && entry.redemption != filter->redemption) ||
        (filter->kind >= 0 && entry.kind != filter->kind) ||
        (filter->by.data && !str_equal(entry.by, filter->by)))
        return r;
    json_array_append_new(page->items, entry_json(page->query, number, &entry, &page->arena));
    return 0;
}

int query_fund_entry_list(struct query *query, json_t **ret_result) {
    const char *kinds[FUND_ENTRY_KINDS];
    struct entry_filter filter = {.by = query_text(query, "by")};
    struct page page;
    for (unsigned i = 0; i < FUND_ENTRY_KINDS; i++)
        kinds[i] = fund_entry_kind_text((enum fund_entry_kind)i);
    int r = page_open(query, &page);
    page.each = list_entry;
    page.context = &filter;
    if (r == 0)
        r = query_noun(query, NOUN_FUND, "fund", &filter.fund);
    if (r == 0)
        r = query_noun(query, NOUN_REDEMPTION, "redemption", &filter.redemption);
    if (r == 0)
        r = query_word(query, "kind", kinds, FUND_ENTRY_KINDS, &filter.kind);
    if (r == 0)
        r = page_table(&page, TABLE_FUND_ENTRY);
    return page_close(&page, r, ret_result);
}
