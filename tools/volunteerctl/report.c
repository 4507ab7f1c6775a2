/* report stars, and the reports that are documents. */
#include "bus/compare.h"
#include "commands.h"
#include "output.h"
#include "table.h"
#include "util/calendar.h"
#include "value.h"

#define STAR_LEVELS 6

static int64_t stars_in(const json_t *row, size_t level) {
    return json_integer_value(json_array_get(json_object_get(row, "stars"), level));
}

/* ---- report stars as a document ---- */

static json_t *stars_row(const json_t *row, const char *name) {
    json_t *cells = json_pack(
        "[s, s, I, I, I]", text_at(row, "region"), name, (json_int_t)integer_at(row, "volunteers"),
        (json_int_t)integer_at(row, "minutes"), (json_int_t)integer_at(row, "records"));
    for (size_t level = 0; level < STAR_LEVELS; level++)
        json_array_append_new(cells, json_integer(stars_in(row, level)));
    json_array_append_new(cells, json_integer(integer_at(row, "held")));
    return cells;
}

static void stars_columns(json_t *section) {
    char name[16], title[16];
    document_column_add(section, "region", _("code"), "text");
    document_column_add(section, "name", _("region"), "text");
    document_column_add(section, "registered", _("volunteers"), "number");
    document_column_add(section, "hours", _("hours"), "hours");
    document_column_add(section, "records", _("records"), "number");
    for (int level = 0; level < STAR_LEVELS; level++) {
        snprintf(name, sizeof name, "stars_%d", level);
        snprintf(title, sizeof title, "%s%d", level ? "★" : "☆", level);
        document_column_add(section, name, title, "number");
    }
    document_column_add(section, "held", _("held"), "number");
}

/* How many have each star, drawn. */
static json_t *stars_series(const json_t *total) {
    json_t *points = json_array();
    char label[TEXT_SIZE];
    for (size_t level = STAR_LEVELS; level-- > 0;)
        json_array_append_new(points,
                              json_pack("{s:s, s:I}", "label", stars_text((int64_t)level, label),
                                        "value", (json_int_t)stars_in(total, level)));
    return json_pack("[{s:s, s:s, s:o}]", "title", _("volunteers by stars"), "kind", "bar",
                     "points", points);
}

static json_t *stars_document(const json_t *report) {
    const json_t *total = json_object_get(report, "total");
    json_t *document = document_blank(text_at(report, "title"));
    json_t *section = document_section_add(document, "");
    size_t index;
    json_t *row;
    stars_columns(section);
    json_array_foreach(json_object_get(report, "rows"), index, row) json_array_append_new(
        json_object_get(section, "rows"), stars_row(row, text_at(row, "name")));
    json_object_set_new(section, "total", stars_row(total, _("total")));
    json_object_set_new(document, "series", stars_series(total));
    json_object_set_new(document, "as_of", json_string(text_at(report, "as_of")));
    json_object_set_new(document, "region",
                        json_pack("{s:s, s:s}", "region", text_at(report, "region"), "name",
                                  text_at(total, "name")));
    return document;
}

/* ---- and as a table, with a colour for what waits ---- */

static void table_add(struct table *table, const json_t *row, const char *name) {
    table_row(table, NULL);
    table_text(table, 0, name);
    table_number(table, 1, integer_at(row, "volunteers"));
    table_hours(table, 2, integer_at(row, "minutes"));
    for (size_t level = 0; level < STAR_LEVELS; level++) {
        table_number(table, 3 + level, stars_in(row, level));
        if (stars_in(row, level) == 0)
            table_colour(table, 3 + level, COLOUR_DIM);
    }
    int64_t held = integer_at(row, "held");
    table_number(table, 3 + STAR_LEVELS, held);
    table_colour(table, 3 + STAR_LEVELS, held > 0 ? COLOUR_WARN : COLOUR_DIM);
}

static void stars_table(const struct terminal *terminal, const json_t *report) {
    struct table *table = table_new(terminal);
    size_t index;
    json_t *row;
    if (*text_at(report, "title"))
        print("%s\n\n", text_at(report, "title"));
    table_column(table, _("region"), COLUMN_TEXT);
    table_column(table, _("volunteers"), COLUMN_NUMBER);
    table_column(table, _("hours"), COLUMN_NUMBER);
    for (int level = 0; level < STAR_LEVELS; level++) {
        char heading[16];
        snprintf(heading, sizeof heading, "%s%d", level ? "★" : "☆", level);
        table_column(table, heading, COLUMN_NUMBER);
    }
    table_column(table, _("held"), COLUMN_NUMBER);
    json_array_foreach(json_object_get(report, "rows"), index, row) {
        const char *name = text_at(row, "name");
        table_add(table, row, *name ? name : text_at(row, "region"));
    }
    table_add(table, json_object_get(report, "total"), _("total"));
    table_row_colour(table, COLOUR_STRONG);
    table_print(table);
}

/* ---- beside how it stood on another day ---- */

/* The last day of what was typed: a day, a period, or a bulletin's own. */
static int compared_day(struct call *call, const char *typed, json_t **ret_day) {
    char text[16];
    int32_t first, last;
    json_auto_t *bulletin = NULL;
    bool is_day = date_parse(str_from(typed), &last) == 0;
    if (is_day || period_parse(str_from(typed), &first, &last)) {
        *ret_day = json_stringn(text, date_format(last, text));
        return DONE;
    }
    int code =
        client_ask(&call->client, "bulletin.get", json_pack("{s:s}", "bulletin", typed), &bulletin);
    if (code == DONE)
        *ret_day = json_string(text_at(bulletin, "as_of"));
    return code;
}

/* The same report as of that day; NULL where it is not asked for. */
static int compared_ask(struct call *call, const char *method, const json_t *params,
                        json_t **ret_report) {
    const char *typed = call_text(call, "compare");
    json_t *day = NULL, *asked;
    *ret_report = NULL;
    if (!typed)
        return DONE;
    int code = compared_day(call, typed, &day);
    if (code != DONE)
        return code;
    asked = json_copy((json_t *)(uintptr_t)params);
    json_object_set_new(asked, "as_of", day);
    return client_ask(&call->client, method, asked, ret_report);
}

static int stars_print(struct output *output, const json_t *report, const json_t *earlier) {
    json_auto_t *document = stars_document(report);
    json_auto_t *before = earlier ? stars_document(earlier) : NULL;
    if (before)
        document_compare(document, before);
    return output_document(output, document, before ? document : report);
}

int run_report_stars(struct call *call) {
    struct output output;
    struct terminal terminal;
    json_auto_t *report = NULL, *earlier = NULL, *params = json_object();
    call_pass(call, "region", params, "region");
    call_pass(call, "as-of", params, "as_of");
    call_pass(call, "by", params, "by");
    int code = output_choose(call, &output);
    if (code == DONE)
        code = compared_ask(call, "report.stars", params, &earlier);
    if (code == DONE)
        code = client_ask(&call->client, "report.stars", json_incref(params), &report);
    if (code != DONE)
        return code;
    if (output.format != FORMAT_TABLE || earlier)
        return stars_print(&output, report, earlier);
    code = output_begin(&output, &terminal);
    if (code != DONE)
        return code;
    stars_table(&terminal, report);
    return output_end(&output, DONE);
}

/* ---- reports that the daemon answers as documents ---- */

int run_report_document(struct call *call) {
    struct output output;
    char method[64];
    json_auto_t *result = NULL, *earlier = NULL, *params = json_object();
    int code = output_choose(call, &output);
    if (code != DONE)
        return code;
    call_pass(call, "region", params, "region");
    call_pass(call, "as-of", params, "as_of");
    call_pass(call, "by", params, "by");
    call_pass(call, "class", params, "class");
    call_pass(call, "kinds", params, "kinds");
    call_pass(call, "kind", params, "kind");
    call_pass(call, "line", params, "line");
    call_pass(call, "months", params, "months");
    call_pass(call, "within", params, "within");
    call_pass(call, "days", params, "days");
    call_pass(call, "since", params, "since");
    call_pass(call, "year", params, "year");
    call_pass(call, "indicator", params, "indicator");
    call_pass(call, "active", params, "active");
    call_pass(call, "brand-months", params, "brand_months");
    if (call_flag(call, "brands"))
        json_object_set_new(params, "brands", json_true());
    if (call_flag(call, "window"))
        json_object_set_new(params, "window", json_true());
    snprintf(method, sizeof method, "report.%s", call->command->verb);
    code = compared_ask(call, method, params, &earlier);
    if (code == DONE)
        code = client_ask(&call->client, method, json_incref(params), &result);
    if (code != DONE)
        return code;
    if (call_flag(call, "feed")) {
        output.format = FORMAT_JSON;
        return output_document(&output, NULL, json_object_get(result, "feed"));
    }
    if (earlier)
        document_compare(json_object_get(result, "document"), json_object_get(earlier, "document"));
    return output_document(&output, json_object_get(result, "document"), result);
}
