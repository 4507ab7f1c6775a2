/* record held, record review: what waits for a person's eye. */
#include "commands.h"
#include "events.h"
#include "noun.h"
#include "pages.h"

int run_record_held(struct call *call) {
    json_auto_t *result = NULL;
    json_t *params = json_pack("{s:s}", "state", "held");
    call_pass(call, "region", params, "region");
    int code = pages_read(call, "record.list", params, call_limit(call), &result);
    if (code != DONE)
        return code;
    if (call->json)
        return print_json(&call->terminal, result);
    struct table *table = table_new(&call->terminal);
    size_t index;
    json_t *item;
    noun_columns_add(table, held_columns);
    json_array_foreach(json_object_get(result, "items"), index, item)
        noun_row_add(&call->lexicon, table, held_columns, NULL, item);
    bool any = table_rows(table) > 0;
    table_print(table);
    if (call->terminal.error && any)
        note(_("volunteerctl record review RECORD accepted|refused --by PERSON settles one."));
    else if (call->terminal.error)
        note(_("No record is held."));
    pages_note_rest(call, result);
    return DONE;
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
