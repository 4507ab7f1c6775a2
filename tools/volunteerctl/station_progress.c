/* station progress: what is planned, at work, built and open, by region. */
#include "commands.h"
#include "event/catalogue.h"
#include "noun.h"
#include "output.h"
#include "value.h"

static const struct {
    const char *key, *title;
} counts[] = {
    {"planned", N_("planned")},
    {"staff", N_("staff")},
    {"funds", N_("funds")},
    {"venue", N_("venue")},
    {"team", N_("team")},
    {"built", N_("built")},
    {"target_built", N_("to be built")},
    {"opened", N_("opened")},
    {"target_opened", N_("to be opened")},
    {"overdue", N_("overdue")},
};
#define N_COUNTS (sizeof counts / sizeof *counts)

/* An object's number, or null where it has none: no target is not a target of 0. */
static json_t *count_json(const json_t *row, const char *key) {
    const json_t *value = json_object_get(row, key);
    return json_is_integer(value) ? json_integer(json_integer_value(value)) : json_null();
}

static json_t *progress_row(const json_t *row, const char *name) {
    json_t *cells = json_pack("[s]", name);
    for (size_t i = 0; i < N_COUNTS; i++)
        json_array_append_new(cells, count_json(row, counts[i].key));
    return cells;
}

static void progress_add(json_t *document, const json_t *progress) {
    json_t *section = document_section_add(document, _("progress by region"));
    size_t index;
    json_t *row;
    document_column_add(section, "name", _("region"), "text");
    for (size_t i = 0; i < N_COUNTS; i++)
        document_column_add(section, counts[i].key, _(counts[i].title), "number");
    json_array_foreach(json_object_get(progress, "rows"), index, row) {
        const char *name = text_at(row, "name");
        json_array_append_new(json_object_get(section, "rows"),
                              progress_row(row, *name ? name : text_at(row, "region")));
    }
    if (json_is_object(json_object_get(progress, "total")))
        json_object_set_new(section, "total",
                            progress_row(json_object_get(progress, "total"), _("total")));
}

/* ---- what is late ---- */

static void parts_text(const json_t *parts, struct buf *out) {
    for (size_t i = 0; i < json_array_size(parts); i++) {
        const char *part = text_in(parts, i);
        for (size_t j = 0; language_is_chinese() && j < STATION_PART_choices.n; j++)
            if (strcmp(STATION_PART_choices.words[j], part) == 0)
                part = STATION_PART_choices.labels[j];
        buf_printf(out, "%s%s", i ? language_is_chinese() ? "、" : ", " : "", part);
    }
}

static const char *place_name(const json_t *station) {
    const json_t *region = json_object_get(station, "region");
    const char *name =
        json_is_object(region) ? text_at(region, "name") : text_at(station, "region_name");
    return *name                    ? name
           : json_is_object(region) ? text_at(region, "region")
                                    : text_at(station, "region");
}

static void overdue_add(json_t *document, const json_t *late) {
    json_t *section = document_section_add(document, _("overdue stations"));
    size_t index;
    json_t *station;
    document_column_add(section, "station", _("id"), "text");
    document_column_add(section, "name", _("name"), "text");
    document_column_add(section, "region", _("region"), "text");
    document_column_add(section, "due", _("due"), "date");
    document_column_add(section, "state", _("state"), "state");
    document_column_add(section, "missing", _("missing"), "text");
    json_array_foreach(late, index, station) {
        BUF_AUTO missing = {0};
        parts_text(json_object_get(station, "missing"), &missing);
        json_array_append_new(json_object_get(section, "rows"),
                              json_pack("[s, s, s, s, s, s]", text_at(station, "station"),
                                        text_at(station, "name"), place_name(station),
                                        text_at(station, "due"), text_at(station, "state"),
                                        buf_text(&missing)));
    }
}

/* ---- charts ---- */

static json_t *line_new(const json_t *days, const char *key, const char *name) {
    json_t *points = json_array();
    size_t index;
    json_t *day;
    json_array_foreach(days, index, day)
        json_array_append_new(points, json_pack("{s:s, s:o}", "label", text_at(day, "date"),
                                                "value", count_json(day, key)));
    return json_pack("{s:s, s:s, s:s, s:o}", "title", _("stations over time"), "name", name, "kind",
                     "line", "points", points);
}

static json_t *shares_new(const json_t *rows) {
    json_t *points = json_array();
    size_t index;
    json_t *row;
    json_array_foreach(rows, index, row) json_array_append_new(
        points, json_pack("{s:s, s:[o, o]}", "label", text_at(row, "name"), "value",
                          count_json(row, "built"), count_json(row, "planned")));
    return json_pack("{s:s, s:s, s:s, s:o}", "title", _("built of what is planned"), "kind", "bar",
                     "unit", "%", "points", points);
}

static json_t *progress_document(const json_t *progress) {
    const char *title = text_at(progress, "title");
    const json_t *days = json_object_get(progress, "burn_down");
    json_t *document = document_blank(*title ? title : _("progress of the stations"));
    json_object_set(document, "as_of", json_object_get(progress, "as_of"));
    json_object_set_new(document, "region",
                        json_pack("{s:s, s:s}", "region", text_at(progress, "region"), "name",
                                  text_at(progress, "name")));
    progress_add(document, progress);
    if (json_array_size(json_object_get(progress, "overdue")) > 0)
        overdue_add(document, json_object_get(progress, "overdue"));
    json_object_set_new(document, "series",
                        json_pack("[o, o, o, o]", shares_new(json_object_get(progress, "rows")),
                                  line_new(days, "built", _("built")),
                                  line_new(days, "opened", _("opened")),
                                  line_new(days, "due", _("due"))));
    return document;
}

int run_station_progress(struct call *call) {
    struct output output;
    json_auto_t *result = NULL;
    json_t *params = json_object();
    call_pass(call, "region", params, "region");
    int code = output_choose(call, &output);
    if (code != DONE) {
        json_decref(params);
        return code;
    }
    code = client_ask(&call->client, "station.progress", params, &result);
    if (code != DONE)
        return code;
    json_auto_t *document = progress_document(result);
    return output_document(&output, document, result);
}
