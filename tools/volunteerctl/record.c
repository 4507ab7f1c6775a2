/* record held, record review, record disputed, record settle: what waits for a person's eye. */
#include "commands.h"
#include "events.h"
#include "noun.h"
#include "pages.h"

/* Records that are found by one word; `settle` says what to do about them, `none` that there are
 * none. */
struct waiting {
    const char *parameter, *word;
    const struct noun_column *columns;
    const char *settle, *none;
};

static int list_waiting(struct call *call, const struct waiting *waiting) {
    json_auto_t *result = NULL;
    json_t *params = json_pack("{s:s}", waiting->parameter, waiting->word);
    call_pass(call, "region", params, "region");
    int code = pages_read(call, "record.list", params, call_limit(call), &result);
    if (code != DONE)
        return code;
    if (call->json)
        return print_json(&call->terminal, result);
    struct table *table = table_new(&call->terminal);
    size_t index;
    json_t *item;
    noun_columns_add(table, waiting->columns);
    json_array_foreach(json_object_get(result, "items"), index, item)
        noun_row_add(&call->lexicon, table, waiting->columns, NULL, item);
    bool any = table_rows(table) > 0;
    table_print(table);
    if (call->terminal.error)
        note("%s", any ? waiting->settle : waiting->none);
    pages_note_rest(call, result);
    return DONE;
}

int run_record_held(struct call *call) {
    const struct waiting held = {
        "state", "held", held_columns,
        _("volunteerctl record review RECORD accepted|refused --by PERSON settles one."),
        _("No record is held.")};
    return list_waiting(call, &held);
}

int run_record_disputed(struct call *call) {
    const struct waiting disputed = {
        "stage", "disputed", disputed_columns,
        _("volunteerctl record settle RECORD upheld|dismissed|withdrawn --by PERSON settles one."),
        _("No record is disputed.")};
    return list_waiting(call, &disputed);
}

int run_record_review(struct call *call) {
    const char *by = call_text(call, "by");
    if (!by)
        return complain(USAGE, _("say who reviews: --by PERSON (not the recorder of the record)."));
    json_t *data = json_pack("{s:s, s:s, s:s}", "record", call_argument(call, 0), "outcome",
                             call_argument(call, 1), "reviewer", by);
    call_pass(call, "note", data, "note");
    return event_submit(call, event_new("service.reviewed", NULL, NULL, NULL, data), false);
}

int run_record_settle(struct call *call) {
    const char *by = call_text(call, "by");
    if (!by)
        return complain(USAGE, _("say who settles: --by PERSON (not the recorder of the record)."));
    json_t *data = json_pack("{s:s, s:s, s:s}", "record", call_argument(call, 0), "outcome",
                             call_argument(call, 1), "by", by);
    return event_submit(call, event_new("service.settled", NULL, NULL, NULL, data), false);
}
