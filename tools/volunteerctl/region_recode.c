/* region recode: a region gets another code, or a whole file of them; people, stations and history
 * follow. What a row asks for and has happened already is passed over, so that an interrupted file
 * is simply sent again. */
#include <stdlib.h>

#include "bundle.h"
#include "commands.h"
#include "divisions.h"
#include "events.h"
#include "progress.h"
#include "sheet.h"
#include "value.h"

#define SOURCE "divisions"
#define CODE_DIGITS 12

enum column { OLD_CODE, NEW_CODE, OLD_NAME, NEW_NAME, CHANGE, COLUMN_COUNT };

static const struct sheet_column columns[] = {
    [OLD_CODE] = {"old_code", true},  [NEW_CODE] = {"new_code", true},
    [OLD_NAME] = {"old_name", false}, [NEW_NAME] = {"new_name", true},
    [CHANGE] = {"change", true},      [COLUMN_COUNT] = {NULL, false},
};

struct recoding {
    struct call *call;
    struct sheet sheet;
    struct bundle bundle;
    size_t n_recoded, n_renamed, n_done;
};

static bool is_recode(const struct sheet_row *row) {
    return strcmp(sheet_cell(row, CHANGE), "recode") == 0;
}

static void row_check(struct sheet *sheet, const struct sheet_row *row) {
    bool recode = is_recode(row);
    for (size_t i = OLD_CODE; i <= NEW_CODE; i++)
        if (!division_code_is_valid(sheet_cell(row, i)))
            sheet_complain(sheet, row, i, _("a code has 12 digits, not “%.60s”"),
                           sheet_cell(row, i));
    if (!recode && strcmp(sheet_cell(row, CHANGE), "rename") != 0)
        sheet_complain(sheet, row, CHANGE, _("a change is recode or rename, not “%.60s”"),
                       sheet_cell(row, CHANGE));
    else if (recode == (strcmp(sheet_cell(row, OLD_CODE), sheet_cell(row, NEW_CODE)) == 0))
        sheet_complain(sheet, row, NEW_CODE,
                       recode ? _("a recode has another code than before")
                              : _("a rename keeps the code; write recode where it changes"));
    if (!recode && !*sheet_cell(row, NEW_NAME))
        sheet_complain(sheet, row, NEW_NAME, _("a rename needs the new name"));
}

/* The division above by the digits of a code: 620502100018 stands below 620502100000. */
static void parent_code(const char *code, char ret_parent[static CODE_DIGITS + 1]) {
    size_t digits = strcmp(code + 9, "000") != 0        ? 9
                    : strcmp(code + 6, "000000") != 0   ? 6
                    : strcmp(code + 4, "00000000") != 0 ? 4
                                                        : 0;
    memset(ret_parent, '0', CODE_DIGITS);
    memcpy(ret_parent, code, digits);
    ret_parent[CODE_DIGITS] = '\0';
}

static void recode_add(struct recoding *recoding, uint64_t row, const char *from,
                       const char *into) {
    BUF_AUTO id = {0};
    buf_printf(&id, "recode-%s-%s", from, into);
    bundle_add_json(&recoding->bundle, row,
                    event_new("region.recoded", SOURCE, buf_text(&id), NULL,
                              json_pack("{s:s, s:s}", "region", from, "into", into)));
    recoding->n_recoded++;
}

/* The region as it is, with another name: what is defined again replaces every attribute. */
static void rename_add(struct recoding *recoding, uint64_t row, const json_t *region,
                       const char *code, const char *name) {
    static const char *const kept[] = {"level", "parent", "kind", "urban", "ext"};
    const char *was = text_at(region, "region");
    char parent[CODE_DIGITS + 1], parent_before[CODE_DIGITS + 1];
    BUF_AUTO id = {0};
    json_t *data = json_pack("{s:s, s:s}", "region", code, "name", name);
    for (size_t i = 0; i < sizeof kept / sizeof *kept; i++)
        if (has_at(region, kept[i]))
            json_object_set(data, kept[i], json_object_get(region, kept[i]));
    if (division_code_is_valid(was) && has_at(region, "parent")) {
        parent_code(was, parent_before);
        parent_code(code, parent);
        if (strcmp(parent, parent_before) != 0)
            json_object_set_new(data, "parent", json_string(parent));
    }
    char *text = json_dumps(data, JSON_COMPACT);
    bundle_id(code, str_from(text), &id);
    free(text);
    bundle_add_json(&recoding->bundle, row,
                    event_new("region.defined", SOURCE, buf_text(&id), NULL, data));
    recoding->n_renamed++;
}

/* What the row still asks for, seen against the region as the daemon has it. */
static void row_take(struct recoding *recoding, const struct sheet_row *row, const json_t *region) {
    const char *from = sheet_cell(row, OLD_CODE), *into = sheet_cell(row, NEW_CODE);
    const char *name = sheet_cell(row, NEW_NAME), *code = text_at(region, "region");
    bool recode = strcmp(code, into) != 0;
    bool rename = *name && strcmp(text_at(region, "name"), name) != 0;
    if (recode && strcmp(code, from) != 0) {
        sheet_complain(&recoding->sheet, row, OLD_CODE, _("the region has the code %s by now"),
                       code);
        return;
    }
    if (recode)
        recode_add(recoding, row->number, from, into);
    if (rename)
        rename_add(recoding, row->number, region, into, name);
    recoding->n_done += !recode && !rename;
}

/* DONE with the region, or NULL and a complaint about the row where the daemon does not know it. */
static int region_ask(struct recoding *recoding, const struct sheet_row *row, json_t **ret_region) {
    json_auto_t *error = NULL;
    const char *code = sheet_cell(row, OLD_CODE);
    int result = client_try(&recoding->call->client, "region.get",
                            json_pack("{s:s}", "region", code), ret_region, &error);
    if (result == DONE && error)
        sheet_complain(&recoding->sheet, row, OLD_CODE, "%s", text_at(error, "message"));
    return result;
}

static int rows_take(struct recoding *recoding) {
    struct progress progress;
    int code = DONE;
    progress_begin(&progress, &recoding->call->terminal, _("reading"));
    for (size_t i = 0; code == DONE && i < recoding->sheet.n_rows; i++) {
        const struct sheet_row *row = &recoding->sheet.rows[i];
        json_auto_t *region = NULL;
        code = region_ask(recoding, row, &region);
        if (code == DONE && region)
            row_take(recoding, row, region);
        progress_update(&progress, (int64_t)i, (int64_t)recoding->sheet.n_rows, NULL);
    }
    progress_end(&progress);
    return code;
}

static int rows_send(struct recoding *recoding) {
    struct call *call = recoding->call;
    bool dry = call_flag(call, "dry-run");
    if (dry && call->json) {
        json_auto_t *summary = json_pack(
            "{s:I, s:I, s:I, s:b}", "recoded", (json_int_t)recoding->n_recoded, "renamed",
            (json_int_t)recoding->n_renamed, "done", (json_int_t)recoding->n_done, "dry_run", 1);
        return print_json(&call->terminal, summary);
    }
    if (!call->json)
        print(_("codes to change: %zu, names to change: %zu, rows done already: %zu.\n"),
              recoding->n_recoded, recoding->n_renamed, recoding->n_done);
    if (dry)
        print(_("nothing was sent.\n"));
    else if (recoding->bundle.n > 0 || call->json)
        return bundle_publish(call, &recoding->bundle, _("recoding"));
    return DONE;
}

static int file_recode(struct call *call, const char *path) {
    struct recoding recoding = {.call = call, .bundle = {.file = path}};
    int code = sheet_read(&recoding.sheet, columns, path, call->json);
    for (size_t i = 0; code == DONE && i < recoding.sheet.n_rows; i++)
        row_check(&recoding.sheet, &recoding.sheet.rows[i]);
    if (code == DONE)
        code = sheet_check(&recoding.sheet);
    if (code == DONE)
        code = rows_take(&recoding);
    if (code == DONE)
        code = sheet_check(&recoding.sheet);
    if (code == DONE)
        code = rows_send(&recoding);
    sheet_deinit(&recoding.sheet);
    bundle_deinit(&recoding.bundle);
    return code;
}

int run_region_recode(struct call *call) {
    const char *from = call_argument(call, 0), *into = call_argument(call, 1);
    const char *file = call_text(call, "file");
    if (file && from)
        return complain(USAGE, _("give either two codes or --file FILE, not both."));
    if (file)
        return file_recode(call, file);
    if (!from || !into)
        return complain(USAGE, _("give the old code and the new one, or --file FILE."));
    if (!division_code_is_valid(into))
        return complain(USAGE, _("a code has 12 digits, not “%.60s”"), into);
    json_t *data = json_pack("{s:s, s:s}", "region", from, "into", into);
    return event_submit(call, event_new("region.recoded", SOURCE, NULL, NULL, data),
                        call_flag(call, "dry-run"));
}
