/* calendar import, list: which days are worked. */
#include "util/calendar.h"

#include "ask.h"
#include "commands.h"
#include "event/choices.h"
#include "list.h"
#include "sheet.h"
#include "value.h"

#define DAYS_PER_QUESTION 1000
#define NAME_LIMIT 64

enum column { DAY, KIND, NAME, COLUMN_COUNT };

static const struct sheet_column columns[] = {
    [DAY] = {"date", true},
    [KIND] = {"kind", true},
    [NAME] = {"name", false},
    [COLUMN_COUNT] = {NULL, false},
};

int run_calendar_list(struct call *call) {
    json_t *params = json_object();
    call_pass(call, "from", params, "from");
    call_pass(call, "to", params, "to");
    return list_things(call, "calendar", params);
}

/* By word or label; NULL where it is none. */
static const char *kind_word(const char *typed) {
    for (size_t i = 0; i < DAY_KIND_choices.n; i++)
        if (strcmp(DAY_KIND_choices.words[i], typed) == 0 ||
            strcmp(DAY_KIND_choices.labels[i], typed) == 0)
            return DAY_KIND_choices.words[i];
    return NULL;
}

static void row_check(struct sheet *sheet, const struct sheet_row *row) {
    int32_t date;
    if (date_parse(str_from(sheet_cell(row, DAY)), &date) != 0)
        sheet_complain(sheet, row, DAY, _("a date is written 2024-03-05, not “%.60s”"),
                       sheet_cell(row, DAY));
    if (!kind_word(sheet_cell(row, KIND)))
        sheet_complain(sheet, row, KIND,
                       _("a day is workday (工作日), rest (休息日) or holiday (法定节假日), not "
                         "“%.60s”"),
                       sheet_cell(row, KIND));
    if (strlen(sheet_cell(row, NAME)) > NAME_LIMIT)
        sheet_complain(sheet, row, NAME, _("a name has at most %d bytes"), NAME_LIMIT);
}

static json_t *days_of(const struct sheet *sheet, size_t from, size_t to) {
    json_t *days = json_array();
    for (size_t i = from; i < to; i++) {
        const struct sheet_row *row = &sheet->rows[i];
        json_t *day = json_pack("{s:s, s:s}", "date", sheet_cell(row, DAY), "kind",
                                kind_word(sheet_cell(row, KIND)));
        if (*sheet_cell(row, NAME))
            json_object_set_new(day, "name", json_string(sheet_cell(row, NAME)));
        json_array_append_new(days, day);
    }
    return days;
}

static int days_send(struct call *call, const struct sheet *sheet, size_t *ret_rejected) {
    int code = DONE;
    for (size_t from = 0; code == DONE && from < sheet->n_rows; from += DAYS_PER_QUESTION) {
        size_t to =
            from + DAYS_PER_QUESTION < sheet->n_rows ? from + DAYS_PER_QUESTION : sheet->n_rows;
        json_auto_t *result = NULL;
        json_auto_t *days = days_of(sheet, from, to);
        json_t *params = json_pack("{s:O}", "days", days);
        call_pass(call, "by", params, "by");
        code = client_ask(&call->client, "calendar.set", params, &result);
        *ret_rejected += ask_rejections(days, "date", result);
    }
    return code;
}

static int import_say(struct call *call, const struct sheet *sheet, size_t n_rejected) {
    bool dry = call_flag(call, "dry-run");
    if (call->json) {
        json_auto_t *summary = json_pack("{s:I, s:I, s:b}", "days", (json_int_t)sheet->n_rows,
                                         "rejected", (json_int_t)n_rejected, "dry_run", dry);
        print_json(&call->terminal, summary);
    } else {
        print(dry ? _("%zu days in %s are well formed; nothing was sent.\n")
                  : _("%zu days of %s are set.\n"),
              sheet->n_rows - n_rejected, sheet->file);
    }
    if (n_rejected > 0)
        return complain(REFUSED, _("days that were refused: %zu."), n_rejected);
    return DONE;
}

int run_calendar_import(struct call *call) {
    struct sheet sheet;
    size_t n_rejected = 0;
    int code = sheet_read(&sheet, columns, call_argument(call, 0), call->json);
    for (size_t i = 0; code == DONE && i < sheet.n_rows; i++)
        row_check(&sheet, &sheet.rows[i]);
    if (code == DONE)
        sheet_check_once(&sheet, DAY);
    if (code == DONE)
        code = sheet_check(&sheet);
    if (code == DONE && !call_flag(call, "dry-run"))
        code = days_send(call, &sheet, &n_rejected);
    if (code == DONE)
        code = import_say(call, &sheet, n_rejected);
    sheet_deinit(&sheet);
    return code;
}
