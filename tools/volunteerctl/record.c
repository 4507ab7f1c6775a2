/* record held, review, disputed, settle, sampled, sample, answer: what waits for a person's eye. */
#include "commands.h"
#include "events.h"
#include "noun.h"
#include "pages.h"
#include "value.h"

/* Records that the parameters ask for, one in a row, and a hint below: what settles one, or that
 * there is none. `prepare` (NULL: nothing) sees each record before it is shown. */
struct record_view {
    const struct noun_column *columns;
    void (*prepare)(json_t *item);
    const char *settles, *none;
};

static int list_records(struct call *call, json_t *params, const struct record_view *view) {
    json_auto_t *result = NULL;
    call_pass(call, "region", params, "region");
    int code = pages_read(call, "record.list", params, call_limit(call), &result);
    if (code != DONE)
        return code;
    if (call->json)
        return print_json(&call->terminal, result);
    struct table *table = table_new(&call->terminal);
    size_t index;
    json_t *item;
    noun_columns_add(table, view->columns);
    json_array_foreach(json_object_get(result, "items"), index, item) {
        if (view->prepare)
            view->prepare(item);
        noun_row_add(&call->lexicon, table, view->columns, NULL, item);
    }
    const char *hint = table_rows(table) > 0 ? view->settles : view->none;
    table_print(table);
    if (call->terminal.error && hint)
        note("%s", hint);
    pages_note_rest(call, result);
    return DONE;
}

int run_record_held(struct call *call) {
    const struct record_view view = {
        .columns = held_columns,
        .settles = _("volunteerctl record review RECORD accepted|refused --by PERSON settles one."),
        .none = _("No record is held.")};
    return list_records(call, json_pack("{s:s}", "state", "held"), &view);
}

int run_record_disputed(struct call *call) {
    const struct record_view view = {
        .columns = disputed_columns,
        .settles = _("volunteerctl record settle RECORD upheld|dismissed|withdrawn --by PERSON "
                     "settles one."),
        .none = _("No record is disputed.")};
    return list_records(call, json_pack("{s:s}", "stage", "disputed"), &view);
}

int run_record_review(struct call *call) {
    const char *by = call_text(call, "by");
    if (!by)
        return complain(USAGE, _("say who reviews: --by PERSON (not the recorder of the record)."));
    json_t *data = json_pack("{s:s, s:s, s:s}", "record", call_argument(call, 0), "outcome",
                             call_argument(call, 1), "reviewer", by);
    call_pass(call, "note", data, "note");
    return event_submit(call, event_new("service.reviewed", NULL, NULL, NULL, data), false);
}

int run_record_settle(struct call *call) {
    const char *by = call_text(call, "by");
    if (!by)
        return complain(USAGE, _("say who settles: --by PERSON (not the recorder of the record)."));
    json_t *data = json_pack("{s:s, s:s, s:s}", "record", call_argument(call, 0), "outcome",
                             call_argument(call, 1), "by", by);
    return event_submit(call, event_new("service.settled", NULL, NULL, NULL, data), false);
}

/* ---- second looks ---- */

static const struct noun_column sampled_columns[] = {
    {"record", N_("record"), VALUE_TEXT},     {"volunteer", N_("volunteer"), VALUE_TEXT},
    {"starts", N_("starts"), VALUE_MOMENT},   {"minutes", N_("minutes"), VALUE_NUMBER},
    {"recorder", N_("recorder"), VALUE_TEXT}, {"organisation", N_("organisation"), VALUE_TEXT},
    {"state", N_("state"), VALUE_WORD},       {"signals", N_("signals"), VALUE_TEXT},
    {"answer", N_("answer"), VALUE_TEXT},     {0},
};

static const char *choice_label(const struct choices *choices, const char *word) {
    for (size_t i = 0; language_is_chinese() && i < choices->n; i++)
        if (strcmp(choices->words[i], word) == 0)
            return choices->labels[i];
    return word;
}

/* What asked for the look, and what it found, as one text each beside the record's members. */
static void flatten(json_t *item) {
    const json_t *check = json_object_get(item, "check");
    const json_t *open = json_object_get(check, "open");
    const json_t *list = json_array_size(open) ? open : json_object_get(check, "signals");
    BUF_AUTO signals = {0};
    for (size_t i = 0; i < json_array_size(list); i++) {
        const char *word = json_string_value(json_array_get(list, i));
        buf_put_str(&signals, i ? STR(", ") : STR(""));
        buf_put_str(&signals, str_from(choice_label(&SIGNAL_choices, word ? word : "")));
    }
    json_object_set_new(item, "signals", json_string(buf_text(&signals)));
    const char *answer = text_at(check, "answer");
    json_object_set_new(item, "answer", json_string(choice_label(&REVIEW_ANSWER_choices, answer)));
}

int run_record_sampled(struct call *call) {
    const char *check = call_text(call, "check");
    const struct record_view view = {
        .columns = sampled_columns,
        .prepare = flatten,
        .settles = check
                       ? NULL
                       : _("volunteerctl record answer RECORD real|false --by PERSON settles one."),
        .none = _("There is no such record.")};
    json_t *params = json_pack("{s:s}", "check", check ? check : "open");
    call_pass(call, "signal", params, "signal");
    return list_records(call, params, &view);
}

int run_record_sample(struct call *call) {
    const char *by = call_text(call, "by");
    if (!by)
        return complain(USAGE, _("say who draws it: --by PERSON."));
    json_t *data = json_pack("{s:s, s:s}", "record", call_argument(call, 0), "by", by);
    call_pass(call, "reason", data, "reason");
    return event_submit(call, event_new("review.sampled", NULL, NULL, NULL, data), false);
}

int run_record_answer(struct call *call) {
    const char *by = call_text(call, "by");
    if (!by)
        return complain(USAGE, _("say who looked: --by PERSON (neither recorder nor reviewer)."));
    json_t *data = json_pack("{s:s, s:s, s:s}", "record", call_argument(call, 0), "outcome",
                             call_argument(call, 1), "reviewer", by);
    call_pass(call, "note", data, "note");
    return event_submit(call, event_new("review.answered", NULL, NULL, NULL, data), false);
}
