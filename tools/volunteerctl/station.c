/* station plan: the stations that a city means to build, from a file, held against the communities
 * that there are. */
#include "bundle.h"
#include "commands.h"
#include "divisions.h"
#include "events.h"
#include "noun.h"
#include "sheet.h"
#include "util/calendar.h"
#include "value.h"

#define NAMED_LIMIT 20 /* communities that are named; --json names all */

enum column { STATION, REGION, NAME, DUE, RESPONSIBLE, COLUMN_COUNT };

static const struct sheet_column columns[] = {
    [STATION] = {"station", true, NULL},
    [REGION] = {"region", true, NULL},
    [NAME] = {"name", true, NULL},
    [DUE] = {"due", true, NULL},
    [RESPONSIBLE] = {"responsible", false, NULL},
    [COLUMN_COUNT] = {NULL, false, NULL},
};

struct planning {
    struct call *call;
    struct sheet sheet;
    struct bundle bundle;
    json_t *communities; /* by code, as station.communities tells of them */
    json_t *warnings;    /* [{line, region, text}] */
    json_t *without;     /* [community], wanted and in no plan */
};

static bool row_check(struct sheet *sheet, const struct sheet_row *row) {
    size_t before = sheet->n_complaints;
    int32_t date;
    if (!*sheet_cell(row, STATION))
        sheet_complain(sheet, row, STATION, _("every station has an identifier"));
    if (!division_code_is_valid(sheet_cell(row, REGION)))
        sheet_complain(sheet, row, REGION, _("a code has 12 digits, not “%.60s”"),
                       sheet_cell(row, REGION));
    if (!*sheet_cell(row, NAME))
        sheet_complain(sheet, row, NAME, _("every station has a name"));
    if (date_parse(str_from(sheet_cell(row, DUE)), &date) != 0)
        sheet_complain(sheet, row, DUE, _("a date is written 2024-03-05, not “%.60s”"),
                       sheet_cell(row, DUE));
    return sheet->n_complaints == before;
}

/* ---- the communities that there are ---- */

static int communities_ask(struct planning *planning) {
    json_auto_t *result = NULL;
    size_t index;
    json_t *item;
    int code = client_ask(&planning->call->client, "station.communities", json_object(), &result);
    json_array_foreach(json_object_get(result, "items"), index, item)
        json_object_set(planning->communities, text_at(item, "region"), item);
    return code;
}

/* A code that no community has now: one that it had before, of another region, or of none. */
static int community_look_up(struct planning *planning, const struct sheet_row *row,
                             json_t **ret_community) {
    json_auto_t *result = NULL, *error = NULL;
    const char *given = sheet_cell(row, REGION);
    int code = client_try(&planning->call->client, "region.get",
                          json_pack("{s:s}", "region", given), &result, &error);
    if (code != DONE)
        return code;
    const struct fields *fields = noun_fields(noun_view_find("region"));
    *ret_community = json_object_get(planning->communities, text_at(result, "region"));
    if (!result)
        sheet_complain(&planning->sheet, row, REGION,
                       _("the city has no community with the code %s; list region level=community "
                         "shows them"),
                       given);
    else if (!*ret_community)
        sheet_complain(&planning->sheet, row, REGION,
                       _("%s is a %s; a station lies in a community"), text_at(result, "name"),
                       noun_word(NULL, fields, "level", text_at(result, "level")));
    return DONE;
}

static void warn(struct planning *planning, const struct sheet_row *row, const char *text) {
    if (!planning->call->json)
        note(_("%s:%llu: warning: %s"), planning->sheet.file, (unsigned long long)row->number,
             text);
    json_array_append_new(planning->warnings,
                          json_pack("{s:I, s:s, s:s}", "line", (json_int_t)row->number, "region",
                                    sheet_cell(row, REGION), "text", text));
}

/* Another station in the same community, in force or in the file. */
static void warn_of_others(struct planning *planning, const struct sheet_row *row,
                           json_t *community) {
    char text[512];
    size_t index;
    json_t *other, *stations = json_object_get(community, "stations");
    bool known = false;
    json_array_foreach(stations, index, other) {
        known = known || strcmp(json_string_value(other), sheet_cell(row, STATION)) == 0;
        if (strcmp(json_string_value(other), sheet_cell(row, STATION)) == 0)
            continue;
        snprintf(text, sizeof text, _("%s has a station already: %s"), text_at(community, "place"),
                 json_string_value(other));
        warn(planning, row, text);
    }
    if (!known)
        json_array_append_new(stations, json_string(sheet_cell(row, STATION)));
}

/* Its community is there, and one that stations are for. */
static int row_hold_against(struct planning *planning, const struct sheet_row *row) {
    char text[512];
    json_t *community = json_object_get(planning->communities, sheet_cell(row, REGION));
    int code = community ? DONE : community_look_up(planning, row, &community);
    if (code != DONE || !community)
        return code;
    if (!json_is_true(json_object_get(community, "wanted"))) {
        const struct fields *fields = noun_fields(noun_view_find("region"));
        snprintf(text, sizeof text, _("%s is a %s, not a residents' community"),
                 text_at(community, "place"),
                 noun_word(NULL, fields, "kind", text_at(community, "kind")));
        warn(planning, row, text);
    }
    warn_of_others(planning, row, community);
    return DONE;
}

static void without_find(struct planning *planning) {
    const char *code;
    json_t *community;
    json_object_foreach(planning->communities, code,
                        community) if (json_is_true(json_object_get(community, "wanted")) &&
                                       json_array_size(json_object_get(community, "stations")) == 0)
        json_array_append_new(planning->without, json_pack("{s:s, s:s}", "region", code, "place",
                                                           text_at(community, "place")));
}

/* ---- the events ---- */

/* The same row has the same id for ever, so that sending the plan again changes nothing. */
static void plan_add(struct bundle *bundle, const struct sheet_row *row) {
    BUF_AUTO text = {0};
    BUF_AUTO id = {0};
    json_t *data = json_object();
    for (size_t i = 0; i < COLUMN_COUNT; i++) {
        if (!*sheet_cell(row, i))
            continue;
        json_object_set_new(data, columns[i].heading, json_string(sheet_cell(row, i)));
        buf_put_counted(&text, str_from(sheet_cell(row, i)));
    }
    bundle_id("plan", buf_str(&text), &id);
    bundle_add_json(bundle, row->number,
                    event_new("station.planned", "plan", buf_text(&id), NULL, data));
}

static int plan_read(struct planning *planning, const char *path) {
    struct sheet *sheet = &planning->sheet;
    int code = sheet_read(sheet, columns, path, planning->call->json);
    if (code != DONE)
        return code;
    bool sound = true;
    sheet_check_once(sheet, STATION);
    for (size_t i = 0; i < sheet->n_rows; i++)
        sound = row_check(sheet, &sheet->rows[i]) && sound;
    code = sound ? communities_ask(planning) : DONE;
    for (size_t i = 0; sound && code == DONE && i < sheet->n_rows; i++)
        code = row_hold_against(planning, &sheet->rows[i]);
    if (code == DONE)
        code = sheet_check(sheet);
    for (size_t i = 0; code == DONE && i < sheet->n_rows; i++)
        plan_add(&planning->bundle, &sheet->rows[i]);
    if (code == DONE)
        without_find(planning);
    return code;
}

/* ---- what is said of it ---- */

static void without_print(const struct planning *planning) {
    size_t n = json_array_size(planning->without);
    if (!n)
        return;
    print_line(_("%zu residents' communities have no station, not even planned:"), n);
    for (size_t i = 0; i < n && i < NAMED_LIMIT; i++) {
        const json_t *community = json_array_get(planning->without, i);
        print("  %s  %s\n", text_at(community, "region"), text_at(community, "place"));
    }
    if (n > NAMED_LIMIT)
        print_line(_("  … and %zu more: station progress names them."), n - NAMED_LIMIT);
}

static int tried_print(const struct planning *planning) {
    const struct bundle *bundle = &planning->bundle;
    if (planning->call->json) {
        json_auto_t *summary =
            json_pack("{s:I, s:b, s:O, s:O}", "events", (json_int_t)bundle->n, "dry_run", 1,
                      "warnings", planning->warnings, "without_station", planning->without);
        return print_json(&planning->call->terminal, summary);
    }
    print(_("%zu stations in %s are well formed; nothing was sent.\n"), bundle->n, bundle->file);
    without_print(planning);
    return DONE;
}

int run_station_plan(struct call *call) {
    const char *path = call_argument(call, 0);
    struct planning planning = {.call = call,
                                .bundle = {.file = path},
                                .communities = json_object(),
                                .warnings = json_array(),
                                .without = json_array()};
    int code = plan_read(&planning, path);
    if (code == DONE && call_flag(call, "dry-run")) {
        code = tried_print(&planning);
    } else if (code == DONE) {
        code = bundle_publish(call, &planning.bundle, _("planning"));
        if (code == DONE && !call->json)
            without_print(&planning);
    }
    sheet_deinit(&planning.sheet);
    bundle_deinit(&planning.bundle);
    json_decref(planning.communities);
    json_decref(planning.warnings);
    json_decref(planning.without);
    return code;
}
