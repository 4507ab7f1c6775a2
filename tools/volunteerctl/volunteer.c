/* volunteer find: who has this number, telephone or name. */
#include <stdio.h>
#include <string.h>

#include "commands.h"
#include "noun.h"
#include "table.h"
#include "value.h"

#define NUMBER_SIZE 64

/* `-` reads it from standard input: what is typed after a command stands in the shell's history and
 * in the list of processes. */
static int pass_number(struct call *call, json_t *params) {
    char line[NUMBER_SIZE];
    const char *number = call_text(call, "number");
    if (!number)
        return DONE;
    if (strcmp(number, "-") == 0) {
        if (!fgets(line, sizeof line, stdin))
            return complain(USAGE, _("there is no number on standard input."));
        line[strcspn(line, "\r\n")] = 0;
        number = line;
    }
    json_object_set_new(params, "number", json_string(number));
    return DONE;
}

static void print_found(struct call *call, const json_t *result) {
    struct table *table = table_new(&call->terminal);
    size_t index;
    json_t *item;
    table_column(table, _("volunteer"), COLUMN_TEXT);
    table_column(table, _("name"), COLUMN_TEXT);
    table_column(table, _("region"), COLUMN_TEXT);
    table_column(table, _("state"), COLUMN_TEXT);
    json_array_foreach(json_object_get(result, "items"), index, item) {
        table_row(table, NULL);
        table_text(table, 0, text_at(item, "volunteer"));
        table_text(table, 1, text_at(item, "name"));
        table_text(table, 2, text_at(item, "region"));
        table_text(table, 3, noun_word(&call->lexicon, NULL, "state", text_at(item, "state")));
    }
    bool any = table_rows(table) > 0;
    table_print(table);
    if (!any)
        note(_("Nobody was found."));
    if (json_is_true(json_object_get(result, "more")))
        note(_("There are more; name a smaller region."));
}

int run_volunteer_find(struct call *call) {
    json_auto_t *result = NULL;
    json_t *params = json_object();
    int code = pass_number(call, params);
    if (code != DONE) {
        json_decref(params);
        return code;
    }
    call_pass(call, "phone", params, "phone");
    call_pass(call, "name", params, "name");
    call_pass(call, "region", params, "region");
    call_pass(call, "purpose", params, "purpose");
    call_pass(call, "by", params, "by");
    code = client_ask(&call->client, "volunteer.find", params, &result);
    if (code != DONE)
        return code;
    if (call->json)
        return print_json(&call->terminal, result);
    print_found(call, result);
    return DONE;
}
