/* station progress: what is planned, at work, built and open, by region; what is late and by whom;
 * and how the rest burns down. */
#include "commands.h"
#include "event/catalogue.h"
#include "noun.h"
#include "output.h"
#include "value.h"

#define BURN_COLUMNS 24
#define LINES_LIMIT 8 /* of one chart */

static const struct {
    const char *key, *title;
} counts[] = {
    {"communities", N_("communities")},
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
    {"without_station", N_("without any")},
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

/* 社区居委会, or the organisation's name; of one that nobody named what it was taken from. */
static void responsible_text(const json_t *subject, struct buf *out) {
    const char *name = text_at(subject, "name");
    buf_printf(out, "%s", *name ? name : text_at(subject, "id"));
    if (json_is_false(json_object_get(subject, "named")))
        buf_printf(out, _(" (nobody was named)"));
}

static json_t *late_row(const json_t *station, bool opened) {
    BUF_AUTO missing = {0};
    BUF_AUTO responsible = {0};
    parts_text(json_object_get(station, "missing"), &missing);
    responsible_text(json_object_get(station, "responsible"), &responsible);
    return json_pack(
        "[s, s, s, s, o, s, s]", text_at(station, "station"), text_at(station, "name"),
        text_at(station, "place"), text_at(station, "due"), count_json(station, "days"),
        opened ? text_at(station, "built_on") : buf_text(&missing), buf_text(&responsible));
}

static void late_add(json_t *document, const json_t *late, bool opened) {
    if (json_array_size(late) == 0)
        return;
    json_t *section =
        document_section_add(document, opened ? _("built, not in use") : _("overdue stations"));
    size_t index;
    json_t *station;
    document_column_add(section, "station", _("id"), "text");
    document_column_add(section, "name", _("name"), "text");
    document_column_add(section, "place", _("region"), "text");
    document_column_add(section, "due", _("due"), "date");
    document_column_add(section, "days", _("days over"), "number");
    if (opened)
        document_column_add(section, "built_on", _("built on"), "date");
    else
        document_column_add(section, "missing", _("missing"), "text");
    document_column_add(section, "responsible", _("responsible"), "text");
    json_array_foreach(late, index, station)
        json_array_append_new(json_object_get(section, "rows"), late_row(station, opened));
}

static void responsible_add(json_t *document, const json_t *list) {
    if (json_array_size(list) == 0)
        return;
    json_t *section = document_section_add(document, _("who is late"));
    size_t index;
    json_t *subject;
    document_column_add(section, "id", _("id"), "text");
    document_column_add(section, "name", _("responsible"), "text");
    document_column_add(section, "overdue", _("overdue"), "number");
    document_column_add(section, "not_opened", _("built, not in use"), "number");
    document_column_add(section, "days", _("longest, days"), "number");
    json_array_foreach(list, index, subject) json_array_append_new(
        json_object_get(section, "rows"),
        json_pack("[s, s, o, o, o]", text_at(subject, "id"), text_at(subject, "name"),
                  count_json(subject, "overdue"), count_json(subject, "not_opened"),
                  count_json(subject, "days")));
}

static void put_off_add(json_t *document, const json_t *list) {
    if (json_array_size(list) == 0)
        return;
    json_t *section = document_section_add(document, _("put off"));
    size_t index;
    json_t *station;
    document_column_add(section, "station", _("id"), "text");
    document_column_add(section, "name", _("name"), "text");
    document_column_add(section, "place", _("region"), "text");
    document_column_add(section, "first_due", _("due at first"), "date");
    document_column_add(section, "due", _("due"), "date");
    document_column_add(section, "days", _("days later"), "number");
    document_column_add(section, "changes", _("changes"), "number");
    document_column_add(section, "state", _("state"), "state");
    json_array_foreach(list, index, station) json_array_append_new(
        json_object_get(section, "rows"),
        json_pack("[s, s, s, s, s, o, o, s]", text_at(station, "station"), text_at(station, "name"),
                  text_at(station, "place"), text_at(station, "first_due"), text_at(station, "due"),
                  count_json(station, "days"), count_json(station, "changes"),
                  text_at(station, "state")));
}

static void without_add(json_t *document, const json_t *list) {
    if (json_array_size(list) == 0)
        return;
    json_t *section = document_section_add(document, _("communities without a station"));
    size_t index;
    json_t *community;
    document_column_add(section, "region", _("code"), "text");
    document_column_add(section, "place", _("region"), "text");
    json_array_foreach(list, index, community) json_array_append_new(
        json_object_get(section, "rows"),
        json_pack("[s, s]", text_at(community, "region"), text_at(community, "place")));
}

/* ---- against the days on which something is due ---- */

static void names_text(const json_t *names, struct buf *out) {
    for (size_t i = 0; i < json_array_size(names); i++)
        buf_printf(out, "%s%s", i ? language_is_chinese() ? "、" : ", " : "", text_in(names, i));
}

static const char *measure_title(const json_t *deadline) {
    return strcmp(text_at(deadline, "measure"), "stations_built") == 0 ? _("built") : _("opened");
}

static void deadlines_add(json_t *document, const json_t *deadlines) {
    if (json_array_size(deadlines) == 0)
        return;
    json_t *section = document_section_add(document, _("against the targets"));
    size_t index;
    json_t *deadline;
    document_column_add(section, "due", _("due"), "date");
    document_column_add(section, "measure", _("measure"), "text");
    document_column_add(section, "regions", _("region"), "text");
    document_column_add(section, "target", _("target"), "number");
    document_column_add(section, "done", _("done"), "number");
    document_column_add(section, "remaining", _("remaining"), "number");
    document_column_add(section, "days_left", _("days left"), "number");
    document_column_add(section, "state", _("state"), "state");
    json_array_foreach(deadlines, index, deadline) {
        BUF_AUTO names = {0};
        names_text(json_object_get(deadline, "regions"), &names);
        json_array_append_new(
            json_object_get(section, "rows"),
            json_pack("[s, s, s, o, o, o, o, s]", text_at(deadline, "due"), measure_title(deadline),
                      buf_text(&names), count_json(deadline, "target"),
                      count_json(deadline, "done"), count_json(deadline, "remaining"),
                      count_json(deadline, "days_left"), text_at(deadline, "state")));
    }
}

/* A line a day, a column a region, to be built; of days that have come alone. */
static void burn_down_add(json_t *document, const json_t *regions) {
    size_t n = json_array_size(regions);
    const json_t *days = json_object_get(json_array_get(regions, 0), "points");
    if (n == 0 || json_array_size(days) == 0)
        return;
    n = n < BURN_COLUMNS ? n : BURN_COLUMNS;
    json_t *section = document_section_add(document, _("still to be built"));
    document_column_add(section, "date", _("date"), "date");
    for (size_t i = 0; i < n; i++)
        document_column_add(section, text_at(json_array_get(regions, i), "region"),
                            text_at(json_array_get(regions, i), "name"), "number");
    for (size_t day = 0; day < json_array_size(days); day++) {
        const json_t *first = json_array_get(days, day);
        if (!json_is_integer(json_object_get(first, "to_build")))
            break;
        json_t *cells = json_pack("[s]", text_at(first, "date"));
        for (size_t i = 0; i < n; i++)
            json_array_append_new(
                cells, count_json(json_array_get(
                                      json_object_get(json_array_get(regions, i), "points"), day),
                                  "to_build"));
        json_array_append_new(json_object_get(section, "rows"), cells);
    }
    if (n < json_array_size(regions))
        json_object_set_new(section, "note",
                            json_string(_("the first regions alone; --json has "
                                          "all")));
}

/* ---- charts ---- */

static json_t *line_new(const json_t *days, const char *key, const char *title, const char *name) {
    json_t *points = json_array();
    size_t index;
    json_t *day;
    json_array_foreach(days, index, day)
        json_array_append_new(points, json_pack("{s:s, s:o}", "label", text_at(day, "date"),
                                                "value", count_json(day, key)));
    return json_pack("{s:s, s:s, s:s, s:o}", "title", title, "name", name, "kind", "line", "points",
                     points);
}

/* What is left of each target, and of each region. */
static void lines_add(json_t *series, const json_t *progress, bool drawn) {
    const json_t *days = json_object_get(progress, "burn_down");
    size_t index;
    json_t *item;
    json_array_append_new(series, line_new(days, "built", _("stations over time"), _("built")));
    json_array_append_new(series, line_new(days, "opened", _("stations over time"), _("opened")));
    json_array_append_new(series, line_new(days, "due", _("stations over time"), _("due")));
    json_array_foreach(json_object_get(progress, "deadlines"), index, item) {
        BUF_AUTO name = {0};
        if (index == LINES_LIMIT)
            break;
        /* The end of a long name is cut off: the day stands before the regions. */
        const char *due = text_at(item, "due");
        buf_printf(&name, "%s %s ", measure_title(item), strlen(due) > 5 ? due + 5 : due);
        names_text(json_object_get(item, "regions"), &name);
        json_array_append_new(series, line_new(json_object_get(item, "points"), "remaining",
                                               _("remaining, by target"), buf_text(&name)));
    }
    json_array_foreach(drawn ? json_object_get(progress, "burn_down_by") : NULL, index, item) {
        if (index == LINES_LIMIT)
            break;
        json_array_append_new(series, line_new(json_object_get(item, "points"), "to_build",
                                               _("still to be built"), text_at(item, "name")));
    }
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

/* A terminal has the lines of regions as a table. */
static json_t *progress_document(const json_t *progress, bool drawn) {
    const char *title = text_at(progress, "title");
    json_t *document = document_blank(*title ? title : _("progress of the stations"));
    json_object_set(document, "as_of", json_object_get(progress, "as_of"));
    json_object_set_new(document, "region",
                        json_pack("{s:s, s:s}", "region", text_at(progress, "region"), "name",
                                  text_at(progress, "name")));
    progress_add(document, progress);
    deadlines_add(document, json_object_get(progress, "deadlines"));
    late_add(document, json_object_get(progress, "overdue"), false);
    late_add(document, json_object_get(progress, "not_opened"), true);
    responsible_add(document, json_object_get(progress, "responsible"));
    put_off_add(document, json_object_get(progress, "put_off"));
    without_add(document, json_object_get(progress, "without_station"));
    burn_down_add(document, json_object_get(progress, "burn_down_by"));
    json_t *series = json_pack("[o]", shares_new(json_object_get(progress, "rows")));
    lines_add(series, progress, drawn);
    json_object_set_new(document, "series", series);
    return document;
}

int run_station_progress(struct call *call) {
    struct output output;
    json_auto_t *result = NULL;
    json_t *params = json_object();
    call_pass(call, "region", params, "region");
    call_pass(call, "by", params, "by");
    call_pass(call, "as-of", params, "as_of");
    call_pass(call, "every", params, "every");
    int code = output_choose(call, &output);
    if (code != DONE) {
        json_decref(params);
        return code;
    }
    code = client_ask(&call->client, "station.progress", params, &result);
    if (code != DONE)
        return code;
    json_auto_t *document = progress_document(result, output.format != FORMAT_TABLE);
    return output_document(&output, document, result);
}
