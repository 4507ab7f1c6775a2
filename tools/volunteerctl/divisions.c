#include "divisions.h"

#include <stdlib.h>

#include "event/catalogue.h"
#include "sheet.h"
#include "value.h"

enum column { CODE, NAME, LEVEL, PARENT, URBAN, KIND, COLUMN_COUNT };

static const struct sheet_column columns[] = {
    [CODE] = {"code", true},        [NAME] = {"name", true},          [LEVEL] = {"level", true},
    [PARENT] = {"parent", false},   [URBAN] = {"urban_rural", false}, [KIND] = {"kind", false},
    [COLUMN_COUNT] = {NULL, false},
};

bool division_code_is_valid(const char *code) {
    return strlen(code) == 12 && strspn(code, "0123456789") == 12;
}

/* Divisions number their levels from the nation down: 2 is a prefecture city, 5 a community. */
static const char *level_word(const char *level) {
    static const struct {
        const char *number;
        enum REGION_LEVEL_choice level;
    } levels[] = {{"2", REGION_LEVEL_CITY},
                  {"3", REGION_LEVEL_COUNTY},
                  {"4", REGION_LEVEL_TOWNSHIP},
                  {"5", REGION_LEVEL_COMMUNITY}};
    for (size_t i = 0; i < sizeof levels / sizeof *levels; i++)
        if (strcmp(levels[i].number, level) == 0)
            return REGION_LEVEL_choices.words[levels[i].level];
    return NULL;
}

/* By label or word; of "政企合一/园区" the last part is understood too. */
static const char *kind_word(const char *kind) {
    const char *slash = strrchr(kind, '/');
    const char *last = slash ? slash + 1 : kind;
    for (size_t i = 0; i < REGION_KIND_choices.n; i++)
        if (strcmp(REGION_KIND_choices.labels[i], last) == 0 ||
            strcmp(REGION_KIND_choices.words[i], last) == 0)
            return REGION_KIND_choices.words[i];
    return NULL;
}

/* The statistics bureau's class: 1xx is urban, 2xx rural; 0 where it says nothing, -1 where it is
 * none. */
static int urban_class(const char *text) {
    if (!*text)
        return 0;
    if (strlen(text) != 3 || strspn(text, "0123456789") != 3 || (*text != '1' && *text != '2'))
        return -1;
    return *text - '0';
}

static bool row_check(struct sheet *sheet, const struct sheet_row *row) {
    size_t before = sheet->n_complaints;
    const char *code = sheet_cell(row, CODE), *name = sheet_cell(row, NAME);
    const char *level = sheet_cell(row, LEVEL), *parent = sheet_cell(row, PARENT);
    const char *kind = sheet_cell(row, KIND);
    if (!division_code_is_valid(code))
        sheet_complain(sheet, row, CODE, _("a code has 12 digits, not “%.60s”"), code);
    if (!*name)
        sheet_complain(sheet, row, NAME, _("every division has a name"));
    else if (strlen(name) > 128)
        sheet_complain(sheet, row, NAME, _("a name has at most 128 bytes"));
    if (!level_word(level))
        sheet_complain(sheet, row, LEVEL,
                       _("a level is 2 (city), 3 (county), 4 (township) or 5 (community), "
                         "not “%.60s”"),
                       level);
    else if (!*parent && strcmp(level, "2") != 0)
        sheet_complain(sheet, row, PARENT, _("only the city has no parent"));
    if (*parent && !division_code_is_valid(parent))
        sheet_complain(sheet, row, PARENT, _("a code has 12 digits, not “%.60s”"), parent);
    if (urban_class(sheet_cell(row, URBAN)) < 0)
        sheet_complain(sheet, row, URBAN, _("a class is 1xx (urban) or 2xx (rural), not “%.60s”"),
                       sheet_cell(row, URBAN));
    if (*kind && !kind_word(kind))
        sheet_complain(sheet, row, KIND, _("“%.60s” is no kind of division"), kind);
    return sheet->n_complaints == before;
}

/* The same row has the same id for ever, so that importing a file again changes nothing. */
static void id_put(const struct sheet_row *row, struct buf *out) {
    BUF_AUTO text = {0};
    for (size_t i = 0; i < COLUMN_COUNT; i++)
        buf_put_counted(&text, str_from(sheet_cell(row, i)));
    bundle_id(sheet_cell(row, CODE), buf_str(&text), out);
}

static void text_put(struct buf *out, const char *name, const char *text) {
    if (!text || !*text)
        return;
    buf_json_key(out, name);
    buf_json_string(out, str_from(text));
}

static void event_put(const struct sheet_row *row, struct buf *out) {
    int urban = urban_class(sheet_cell(row, URBAN));
    buf_put_str(out, STR("{\"specversion\":\"1.0\",\"source\":\"divisions\","
                         "\"type\":\"region.defined\",\"id\":\""));
    id_put(row, out);
    buf_put_str(out, STR("\",\"data\":{"));
    text_put(out, "region", sheet_cell(row, CODE));
    text_put(out, "name", sheet_cell(row, NAME));
    text_put(out, "level", level_word(sheet_cell(row, LEVEL)));
    text_put(out, "parent", sheet_cell(row, PARENT));
    text_put(out, "kind", kind_word(sheet_cell(row, KIND)));
    if (urban)
        buf_printf(out, ",\"urban\":%s", urban == 1 ? "true" : "false");
    buf_put_str(out, STR("}}"));
}

int divisions_read(struct bundle *bundle, const char *path, bool json) {
    struct sheet sheet;
    *bundle = (struct bundle){.file = path};
    int code = sheet_read(&sheet, columns, path, json);
    for (size_t i = 0; code == DONE && i < sheet.n_rows; i++)
        if (row_check(&sheet, &sheet.rows[i]))
            event_put(&sheet.rows[i], bundle_add(bundle, sheet.rows[i].number));
    if (code == DONE)
        code = sheet_check(&sheet);
    sheet_deinit(&sheet);
    return code;
}
