/* dictionary list, set, retire, import: the codes that the city keeps itself. */
#include <stdlib.h>

#include "ask.h"
#include "commands.h"
#include "list.h"
#include "sheet.h"
#include "util/calendar.h"
#include "value.h"

#define DECIMALS_MOST 6

int run_dictionary_list(struct call *call) {
    json_t *params = json_object();
    if (call_argument(call, 0))
        json_object_set_new(params, "dictionary", json_string(call_argument(call, 0)));
    return list_things(call, "dictionary", params);
}

int run_dictionary_set(struct call *call) {
    json_t *params = json_pack("{s:s, s:s, s:s}", "dictionary", call_argument(call, 0), "code",
                               call_argument(call, 1), "title", call_argument(call, 2));
    call_pass(call, "parent", params, "parent");
    call_pass(call, "decimals", params, "decimals");
    call_pass(call, "from", params, "from");
    call_pass(call, "by", params, "by");
    const char *expires = call_text(call, "may-expire");
    if (expires)
        json_object_set_new(params, "may_expire", json_boolean(strcmp(expires, "yes") == 0));
    return ask_and_say(call, "dictionary.set", params, _("the entry is set"));
}

/* What an entry says, so that setting it again changes only what is meant to change. */
static json_t *entry_again(const json_t *entry) {
    static const char *const keys[] = {"dictionary", "code",       "title", "parent",
                                       "decimals",   "may_expire", "from",  "retired"};
    json_t *copy = json_object();
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
        if (has_at(entry, keys[i]))
            json_object_set(copy, keys[i], json_object_get(entry, keys[i]));
    return copy;
}

int run_dictionary_retire(struct call *call) {
    json_auto_t *entry = NULL;
    char today[16];
    BUF_AUTO id = {0};
    const char *on = call_text(call, "on");
    buf_printf(&id, "%s/%s", call_argument(call, 0), call_argument(call, 1));
    int code = client_ask(&call->client, "dictionary.get",
                          json_pack("{s:s}", "dictionary", buf_text(&id)), &entry);
    if (code == DONE && !on)
        code = ask_today(call, today);
    if (code != DONE)
        return code;
    json_t *params = entry_again(entry);
    json_object_set_new(params, "dictionary", json_string(call_argument(call, 0)));
    json_object_set_new(params, "code", json_string(call_argument(call, 1)));
    json_object_set_new(params, "retired", json_string(on ? on : today));
    call_pass(call, "by", params, "by");
    return ask_and_say(call, "dictionary.set", params, _("the entry is retired"));
}

/* ---- import ---- */

enum column { CODE, TITLE, PARENT, DECIMALS, MAY_EXPIRE, FROM, RETIRED, COLUMN_COUNT };

static const struct sheet_column columns[] = {
    [CODE] = {"code", true},        [TITLE] = {"title", true},
    [PARENT] = {"parent", false},   [DECIMALS] = {"decimals", false},
    [FROM] = {"from", false},       [MAY_EXPIRE] = {"may_expire", false},
    [RETIRED] = {"retired", false}, [COLUMN_COUNT] = {NULL, false},
};

static bool is_yes(const char *text) {
    return strcmp(text, "yes") == 0 || strcmp(text, "true") == 0 || strcmp(text, "1") == 0 ||
           strcmp(text, "是") == 0;
}

static bool is_no(const char *text) {
    return strcmp(text, "no") == 0 || strcmp(text, "false") == 0 || strcmp(text, "0") == 0 ||
           strcmp(text, "否") == 0;
}

static bool is_date(const char *text) {
    int32_t date;
    return date_parse(str_from(text), &date) == 0;
}

static void row_check(struct sheet *sheet, const struct sheet_row *row) {
    const char *decimals = sheet_cell(row, DECIMALS), *expires = sheet_cell(row, MAY_EXPIRE);
    if (!*sheet_cell(row, CODE))
        sheet_complain(sheet, row, CODE, _("every entry has a code"));
    if (!*sheet_cell(row, TITLE))
        sheet_complain(sheet, row, TITLE, _("every entry has a title"));
    if (*decimals && (strlen(decimals) != 1 || *decimals < '0' || *decimals > '0' + DECIMALS_MOST))
        sheet_complain(sheet, row, DECIMALS, _("decimals are 0 to 6, not “%.60s”"), decimals);
    if (*expires && !is_yes(expires) && !is_no(expires))
        sheet_complain(sheet, row, MAY_EXPIRE, _("it is yes or no, not “%.60s”"), expires);
    for (size_t i = FROM; i <= RETIRED; i++)
        if (*sheet_cell(row, i) && !is_date(sheet_cell(row, i)))
            sheet_complain(sheet, row, i, _("a date is written 2024-03-05, not “%.60s”"),
                           sheet_cell(row, i));
}

static json_t *row_entry(const struct sheet_row *row, const char *dictionary) {
    json_t *entry = json_pack("{s:s, s:s, s:s}", "dictionary", dictionary, "code",
                              sheet_cell(row, CODE), "title", sheet_cell(row, TITLE));
    for (size_t i = PARENT; i <= RETIRED; i++) {
        const char *cell = sheet_cell(row, i);
        if (!*cell)
            continue;
        json_t *value = i == DECIMALS     ? json_integer(*cell - '0')
                        : i == MAY_EXPIRE ? json_boolean(is_yes(cell))
                                          : json_string(cell);
        json_object_set_new(entry, columns[i].heading, value);
    }
    return entry;
}

/* Whether the city's entry says already what the row says. */
static bool entry_stands(const json_t *present, const json_t *entry) {
    for (size_t i = 0; i < COLUMN_COUNT; i++) {
        const json_t *wanted = json_object_get(entry, columns[i].heading);
        const json_t *has = json_object_get(present, columns[i].heading);
        bool nothing = !has || json_is_null(has) || json_is_false(has) ||
                       (json_is_integer(has) && json_integer_value(has) == 0);
        bool none_wanted = !wanted || json_is_false(wanted) ||
                           (json_is_integer(wanted) && json_integer_value(wanted) == 0);
        if (!(nothing && none_wanted) && !json_equal(wanted, has))
            return false;
    }
    return true;
}

static const json_t *entry_find(const json_t *items, const char *code) {
    size_t index;
    json_t *item;
    json_array_foreach(items, index,
                       item) if (strcmp(text_at(item, "code"), code) == 0) return item;
    return NULL;
}

struct importing {
    json_t *entries; /* those to be set */
    size_t n_new, n_changed, n_same;
};

static void importing_sort(struct importing *importing, const struct sheet *sheet,
                           const char *dictionary, const json_t *items) {
    for (size_t i = 0; i < sheet->n_rows; i++) {
        json_t *entry = row_entry(&sheet->rows[i], dictionary);
        const json_t *present = entry_find(items, sheet_cell(&sheet->rows[i], CODE));
        bool same = present && entry_stands(present, entry);
        importing->n_new += !present;
        importing->n_changed += present && !same;
        importing->n_same += same;
        if (same)
            json_decref(entry);
        else
            json_array_append_new(importing->entries, entry);
    }
}

static int importing_send(struct call *call, struct importing *importing) {
    bool dry = call_flag(call, "dry-run");
    size_t n = json_array_size(importing->entries);
    json_t *params = json_pack("{s:O}", "entries", importing->entries);
    call_pass(call, "by", params, "by");
    json_auto_t *result = NULL;
    int code = DONE;
    if (!dry && n > 0)
        code = client_ask(&call->client, "dictionary.set", params, &result);
    else
        json_decref(params);
    if (code != DONE)
        return code;
    size_t n_rejected = ask_rejections(importing->entries, "code", result);
    if (call->json) {
        json_auto_t *summary =
            json_pack("{s:I, s:I, s:I, s:I, s:b}", "new", (json_int_t)importing->n_new, "changed",
                      (json_int_t)importing->n_changed, "same", (json_int_t)importing->n_same,
                      "rejected", (json_int_t)n_rejected, "dry_run", dry);
        print_json(&call->terminal, summary);
    } else {
        print(_("entries: %zu new, %zu changed, %zu as they were.\n"), importing->n_new,
              importing->n_changed, importing->n_same);
    }
    if (dry && !call->json)
        print(_("nothing was sent.\n"));
    if (n_rejected > 0)
        return complain(REFUSED, _("entries that were refused: %zu."), n_rejected);
    return DONE;
}

int run_dictionary_import(struct call *call) {
    const char *dictionary = call_argument(call, 0);
    struct sheet sheet;
    struct importing importing = {.entries = json_array()};
    json_auto_t *present = NULL;
    int code = sheet_read(&sheet, columns, call_argument(call, 1), call->json);
    for (size_t i = 0; code == DONE && i < sheet.n_rows; i++)
        row_check(&sheet, &sheet.rows[i]);
    if (code == DONE)
        sheet_check_once(&sheet, CODE);
    if (code == DONE)
        code = sheet_check(&sheet);
    if (code == DONE)
        code =
            client_ask(&call->client, "dictionary.list",
                       json_pack("{s:s, s:i}", "dictionary", dictionary, "limit", 1000), &present);
    if (code == DONE) {
        importing_sort(&importing, &sheet, dictionary, json_object_get(present, "items"));
        code = importing_send(call, &importing);
    }
    sheet_deinit(&sheet);
    json_decref(importing.entries);
    return code;
}
