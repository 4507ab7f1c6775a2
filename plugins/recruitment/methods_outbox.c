/* The outbox, for a person to look at. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "methods.h"
#include "recruitment.h"
#include "table.h"

static json_t *outbox_row(const struct sql_rows *rows) {
    char next[TIME_BYTES];
    time_text(sql_integer(rows, 6), next);
    const char *error = sql_text(rows, 7);
    return json_pack("{s:I, s:s, s:s, s:s, s:s, s:s, s:I, s:s, s:s?}", "item",
                     (json_int_t)sql_integer(rows, 0), "key", sql_text(rows, 1), "kind",
                     sql_text(rows, 2), "thing", sql_text(rows, 3), "state", sql_text(rows, 4),
                     "lane", sql_text(rows, 8), "attempts", (json_int_t)sql_integer(rows, 5),
                     "next_attempt", next, "error", error);
}

void method_outbox(void *self, struct vol_call *call, const struct vol_value *parameters) {
    static const struct table_column columns[] = {{"item", "序号", "integer"},
                                                  {"kind", "种类", "text"},
                                                  {"thing", "事物", "text"},
                                                  {"state", "状态", "text"},
                                                  {"lane", "去向", "text"},
                                                  {"attempts", "次数", "integer"},
                                                  {"next_attempt", "下次", "text"},
                                                  {"error", "原因", "text"},
                                                  {NULL, NULL, NULL}};
    struct recruitment *recruitment = self;
    struct sql_rows rows;
    int64_t cursor, limit;
    const char *state = parameter_text(recruitment, parameters, "state");
    json_t *list = json_array();
    parameter_page(recruitment, parameters, &cursor, &limit);
    for (sql_ask(&recruitment->sql, &rows,
                 "SELECT item, key, kind, thing, state, attempts, next_ms, error, lane FROM outbox "
                 "WHERE item > ? AND (?2 IS NULL OR state = ?2) ORDER BY item LIMIT ?",
                 "isi", cursor, state, limit);
         sql_next(&rows);)
        json_array_append_new(list, outbox_row(&rows));
    answer_json(call, table_page("推送", columns, "items", "item", list, limit));
}

void method_resend(void *self, struct vol_call *call, const struct vol_value *parameters) {
    struct recruitment *recruitment = self;
    int64_t item = parameter_number(recruitment, parameters, "item", 0);
    const char *state = parameter_text(recruitment, parameters, "state");
    if (item <= 0 && (!state || strcmp(state, "given_up") != 0)) {
        vol_refuse(call, "missing_field", "item",
                   "say which item, or state = given_up for all that were given up");
        return;
    }
    int64_t n = outbox_resend(&recruitment->outbox, item > 0 ? item : 0, now_ms());
    if (item > 0 && n == 0) {
        vol_refuse(call, "wrong_state", "item",
                   "there is no such item that was given up or has failed");
        return;
    }
    recruitment->push.results.held_ms = recruitment->push.notices.held_ms = 0;
    push_step(recruitment);
    answer_json(call, json_pack("{s:I}", "resent", (json_int_t)n));
}
