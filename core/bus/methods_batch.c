/* batch.get, batch.list and batch.undo: what came with an import, and taking it back. */
#include "bus/methods.h"
#include "bus/methods_common.h"
#include "domain/batches.h"

static const char *const states[] = {"open", "undoing", "undone"};

static json_t *batch_json(struct query *query, const struct import_batch *batch) {
    const struct batch_row *row = &batch->row;
    json_t *types = json_object();
    json_int_t others = row->n_events;
    for (enum batch_kind kind = 0; kind < BATCH_KINDS; kind++) {
        if (row->n_of[kind])
            json_object_set_new(types, catalogue_by_number(batch_kind_event(kind))->name,
                                json_integer(row->n_of[kind]));
        others -= row->n_of[kind];
    }
    json_t *object = json_pack(
        "{s:o, s:s, s:I, s:o, s:I, s:o, s:o, s:I, s:I}", "batch", json_from_str(batch->id), "state",
        batch_state_text((enum batch_state)row->state), "events", (json_int_t)row->n_events,
        "types", types, "irrevocable", others, "from", json_from_time(query, row->first_us), "to",
        json_from_time(query, row->last_us), "first_sequence", (json_int_t)row->first_sequence,
        "last_sequence", (json_int_t)row->last_sequence);
    if (row->state == BATCH_OPEN)
        return object;
    json_object_set_new(object, "undone_by", json_from_str(batch->undone_by));
    json_object_set_new(object, "undone_sequence", json_integer((json_int_t)row->undone_sequence));
    json_object_set_new(object, "taken_back", json_integer(row->n_taken_back));
    if (row->state == BATCH_UNDONE)
        json_object_set_new(object, "kept",
                            json_integer((json_int_t)row->n_entries - row->n_taken_back));
    return object;
}

int query_batch_get(struct query *query, json_t **ret_result) {
    struct str id = query_text(query, "batch");
    struct import_batch batch;
    uint32_t number;
    int r = thing_find(query->view, NOUN_BATCH, id, &number);
    if (r == 0)
        r = batch_get(query->view, number, &batch);
    if (r != 0)
        return r < 0 ? r : query_unknown(query, NOUN_BATCH, "batch", id);
    *ret_result = batch_json(query, &batch);
    return 0;
}

static int list_one(struct page *page, uint32_t number) {
    const int *state = page->context;
    struct import_batch batch;
    int r = batch_get(page->query->view, number, &batch);
    if (r == 0 && (*state < 0 || (uint32_t)*state == batch.row.state))
        json_array_append_new(page->items, batch_json(page->query, &batch));
    return r;
}

int query_batch_list(struct query *query, json_t **ret_result) {
    struct page page;
    int state, r = page_open(query, &page);
    page.each = list_one;
    page.context = &state;
    if (r == 0)
        r = query_word(query, "state", states, 3, &state);
    if (r == 0)
        r = page_table(&page, TABLE_BATCH);
    return page_close(&page, r, ret_result);
}
