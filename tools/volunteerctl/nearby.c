/* activity nearby, station nearby: what is near where somebody lives, the nearest first. */
#include <string.h>

#include "commands.h"
#include "noun.h"
#include "table.h"
#include "value.h"

/* "1.2 km", or the region that both lie in. */
static void distance_text(const json_t *item, struct buf *out) {
    int64_t metres = integer_at(item, "distance_m");
    if (has_at(item, "distance_m") && metres < 1000)
        buf_printf(out, _("%lld m"), (long long)metres);
    else if (has_at(item, "distance_m"))
        buf_printf(out, _("%lld.%lld km"), (long long)(metres / 1000),
                   (long long)(metres % 1000 / 100));
    else
        buf_printf(out, _("in %s"), text_at(item, "shared_region"));
}

static void rows_add(struct call *call, struct table *table, const struct noun_view *view,
                     const json_t *items) {
    size_t index, last = 0;
    json_t *item;
    noun_columns_add(table, view->columns);
    while (view->columns[last].key)
        last++;
    table_column(table, _("how far"), COLUMN_TEXT);
    json_array_foreach(items, index, item) {
        BUF_AUTO text = {0};
        distance_text(item, &text);
        noun_row_add(&call->lexicon, table, view->columns, noun_fields(view), item);
        table_text(table, last, buf_text(&text));
    }
}

static int nearby(struct call *call, const char *noun, const char *method) {
    json_auto_t *result = NULL;
    json_t *params = json_object();
    call_pass(call, "region", params, "region");
    call_pass(call, "volunteer", params, "volunteer");
    call_pass(call, "position", params, "position");
    call_pass(call, "within", params, "within_km");
    call_pass(call, "limit", params, "limit");
    int code = client_ask(&call->client, method, params, &result);
    if (code != DONE)
        return code;
    if (call->json)
        return print_json(&call->terminal, result);
    struct table *table = table_new(&call->terminal);
    rows_add(call, table, noun_view_find(noun), json_object_get(result, "items"));
    bool empty = table_rows(table) == 0;
    table_print(table);
    if (empty && call->terminal.error)
        note(_("There is none."));
    return DONE;
}

int run_activity_nearby(struct call *call) {
    return nearby(call, "activity", "activity.nearby");
}

int run_station_nearby(struct call *call) {
    return nearby(call, "station", "station.nearby");
}
