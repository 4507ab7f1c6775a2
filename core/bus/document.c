/* Documents: the tables, series and text of report.h. */
#include <stdio.h>

#include "bus/report.h"

json_t *document_new(struct report *report, const char *title) {
    json_t *region = report_region(report, report->region);
    json_object_del(region, "level");
    return json_pack("{s:s, s:o, s:o, s:[]}", "title", title, "region", region, "as_of",
                     json_from_date(report->day.as_of, INT32_MIN), "sections");
}

static json_t *append(json_t *document, const char *list, json_t *item) {
    if (!json_object_get(document, list))
        json_object_set_new(document, list, json_array());
    json_array_append_new(json_object_get(document, list), item);
    return item;
}

json_t *document_section(json_t *document, const char *title) {
    return append(document, "sections",
                  json_pack("{s:s, s:[], s:[]}", "title", title, "columns", "rows"));
}

void section_column(json_t *section, const char *name, const char *title, const char *kind) {
    append(section, "columns",
           json_pack("{s:s, s:s, s:s}", "name", name, "title", title, "kind", kind));
}

void section_row(json_t *section, json_t *cells) {
    append(section, "rows", cells);
}

void section_total(json_t *section, json_t *cells) {
    json_object_set_new(section, "total", cells);
}

json_t *document_series(json_t *document, const char *title, const char *kind, const char *unit) {
    json_t *series = json_pack("{s:s, s:s, s:[]}", "title", title, "kind", kind, "points");
    if (unit)
        json_object_set_new(series, "unit", json_string(unit));
    return append(document, "series", series);
}

void series_point(json_t *series, json_t *label, json_t *value) {
    append(series, "points", json_pack("{s:o, s:o}", "label", label, "value", value));
}

void document_text(json_t *document, struct str paragraph) {
    append(document, "text", json_from_str(paragraph));
}

json_t *cell_number(int64_t value) {
    return value < 0 ? json_null() : json_integer(value);
}

json_t *cell_percent(int64_t part, int64_t whole) {
    return json_pack("[I, o]", (json_int_t)part, cell_number(whole));
}

/* Hundredths of a percent, cut: never rounded up to what is not reached. */
static int64_t hundredths(int64_t part, int64_t whole) {
    __extension__ typedef __int128 wide;
    return (int64_t)((wide)part * 10000 / whole);
}

json_t *point_percent(int64_t part, int64_t whole) {
    return whole <= 0 ? json_null() : cell_percent(part, whole);
}

struct str percent_text(struct arena *arena, int64_t part, int64_t whole) {
    if (whole <= 0)
        return STR("无数据");
    int64_t value = hundredths(part, whole);
    return arena_printf(arena, "%lld.%02lld%%", (long long)(value / 100), (long long)(value % 100));
}

struct str date_in_words(struct arena *arena, int32_t date) {
    int32_t year, month, day;
    date_to_civil(date, &year, &month, &day);
    return arena_printf(arena, "%d年%d月%d日", year, month, day);
}
