/* station plan: the stations that a city means to build, from a file. */
#include "bundle.h"
#include "commands.h"
#include "divisions.h"
#include "events.h"
#include "sheet.h"
#include "util/calendar.h"
#include "value.h"

enum column { STATION, REGION, NAME, DUE, COLUMN_COUNT };

static const struct sheet_column columns[] = {
    [STATION] = {"station", true}, [REGION] = {"region", true},    [NAME] = {"name", true},
    [DUE] = {"due", true},         [COLUMN_COUNT] = {NULL, false},
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

/* The same row has the same id for ever, so that sending the plan again changes nothing. */
static void plan_add(struct bundle *bundle, const struct sheet_row *row) {
    BUF_AUTO text = {0};
    BUF_AUTO id = {0};
    json_t *data = json_object();
    for (size_t i = 0; i < COLUMN_COUNT; i++) {
        json_object_set_new(data, columns[i].heading, json_string(sheet_cell(row, i)));
        buf_put_counted(&text, str_from(sheet_cell(row, i)));
    }
    bundle_id("plan", buf_str(&text), &id);
    bundle_add_json(bundle, row->number,
                    event_new("station.planned", "plan", buf_text(&id), NULL, data));
}

static int plan_read(struct bundle *bundle, const char *path, bool json) {
    struct sheet sheet;
    *bundle = (struct bundle){.file = path};
    int code = sheet_read(&sheet, columns, path, json);
    for (size_t i = 0; code == DONE && i < sheet.n_rows; i++)
        if (row_check(&sheet, &sheet.rows[i]))
            plan_add(bundle, &sheet.rows[i]);
    if (code == DONE)
        code = sheet_check(&sheet);
    sheet_deinit(&sheet);
    return code;
}

int run_station_plan(struct call *call) {
    struct bundle bundle;
    int code = plan_read(&bundle, call_argument(call, 0), call->json);
    if (code == DONE && !call_flag(call, "dry-run")) {
        code = bundle_publish(call, &bundle, _("planning"));
    } else if (code == DONE && call->json) {
        json_auto_t *summary =
            json_pack("{s:I, s:b}", "events", (json_int_t)bundle.n, "dry_run", 1);
        print_json(&call->terminal, summary);
    } else if (code == DONE) {
        print(_("%zu stations in %s are well formed; nothing was sent.\n"), bundle.n, bundle.file);
    }
    bundle_deinit(&bundle);
    return code;
}
