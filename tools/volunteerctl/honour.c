/* honour propose: whom the rules would propose, with the reasons; honour proposed: whom a scheduled
 * run did; honour nominate: the best of those are nominated. */
#include "commands.h"
#include "event/catalogue.h"
#include "events.h"
#include "noun.h"
#include "output.h"
#include "value.h"

static const char *class_label(struct call *call, const json_t *item) {
    const struct lexicon_word *word =
        lexicon_code(&call->lexicon, DICTIONARY_HONOUR_CLASS, text_at(item, "class"));
    return word ? word->label : text_at(item, "class");
}

static void reasons_text(const json_t *findings, struct buf *out) {
    size_t index;
    json_t *finding;
    json_array_foreach(findings, index, finding) buf_printf(
        out, "%s%s", index ? language_is_chinese() ? ";" : "; " : "", text_at(finding, "text"));
}

static json_t *integer_of(const json_t *item, const char *key) {
    return json_integer(json_integer_value(json_object_get(item, key)));
}

static void columns_add(json_t *section) {
    document_column_add(section, "place", _("place"), "rank");
    document_column_add(section, "volunteer", _("volunteer"), "text");
    document_column_add(section, "rank", _("order value"), "number");
    document_column_add(section, "class", _("class"), "text");
    document_column_add(section, "reasons", _("reasons"), "text");
}

static json_t *proposed_document(struct call *call, const json_t *result) {
    json_t *document = document_blank(_("proposed for the honour"));
    json_t *section = document_section_add(document, text_at(result, "honour"));
    size_t index;
    json_t *item;
    columns_add(section);
    if (json_object_get(result, "as_of"))
        json_object_set(document, "as_of", json_object_get(result, "as_of"));
    json_array_foreach(json_object_get(result, "items"), index, item) {
        json_t *row = json_pack("[o, s, o]", integer_of(item, "place"), text_at(item, "volunteer"),
                                integer_of(item, "rank"));
        BUF_AUTO reasons = {0};
        reasons_text(json_object_get(item, "findings"), &reasons);
        json_array_append_new(row, json_string(class_label(call, item)));
        json_array_append_new(row, json_string(buf_text(&reasons)));
        json_array_append_new(json_object_get(section, "rows"), row);
    }
    return document;
}

static int ask_and_print(struct call *call, const char *method, json_t *params) {
    struct output output;
    json_auto_t *result = NULL;
    int code = output_choose(call, &output);
    if (code != DONE) {
        json_decref(params);
        return code;
    }
    code = client_ask(&call->client, method, params, &result);
    if (code != DONE)
        return code;
    json_auto_t *document = proposed_document(call, result);
    code = output_document(&output, document, result);
    int64_t failed = json_integer_value(json_object_get(result, "failed"));
    if (failed > 0)
        note(
            _("The rule failed for %lld of those who were asked about; volunteerctl status and the "
              "log say more."),
            (long long)failed);
    return code;
}

static int64_t number_given(const struct call *call, const char *option) {
    return call_number(call, option, 0);
}

int run_honour_propose(struct call *call) {
    json_t *params = json_pack("{s:s}", "honour", call_argument(call, 0));
    int64_t year = number_given(call, "year"), limit = number_given(call, "limit");
    if (year)
        json_object_set_new(params, "year", json_integer(year));
    if (limit)
        json_object_set_new(params, "limit", json_integer(limit));
    call_pass(call, "region", params, "region");
    call_pass(call, "as-of", params, "as_of");
    return ask_and_print(call, "honour.propose", params);
}

int run_honour_proposed(struct call *call) {
    int64_t year = number_given(call, "year");
    if (!year)
        return complain(USAGE, _("say of which year: --year YEAR."));
    json_t *params =
        json_pack("{s:s, s:I}", "honour", call_argument(call, 0), "year", (json_int_t)year);
    return ask_and_print(call, "honour.proposed", params);
}

/* ---- honour nominate ---- */

/* The same list gives the same events: sent again, they are duplicates. */
static json_t *nominated(struct call *call, const json_t *item, int64_t year) {
    char id[TEXT_SIZE * 2];
    const char *honour = call_argument(call, 0);
    snprintf(id, sizeof id, "%s:%lld:%lld", honour, (long long)year,
             (long long)integer_at(item, "place"));
    json_t *data =
        json_pack("{s:s, s:s, s:{s:s, s:s}, s:I, s:s}", "nomination", id, "honour", honour,
                  "subject", "kind", "volunteer", "id", text_at(item, "volunteer"), "year",
                  (json_int_t)year, "by", call_text(call, "by"));
    if (*text_at(item, "class"))
        json_object_set(data, "class", json_object_get(item, "class"));
    return event_new("honour.nominated", NULL, id, NULL, data);
}

static void result_row(struct table *table, const json_t *event, const json_t *result) {
    const json_t *data = json_object_get(event, "data");
    bool stored = strcmp(text_at(result, "status"), "rejected") != 0;
    table_row(table, NULL);
    table_text(table, 0, text_at(data, "nomination"));
    table_text(table, 1, text_at(json_object_get(data, "subject"), "id"));
    table_text(table, 2, stored ? _("nominated") : text_at(result, "message"));
    if (!stored)
        table_colour(table, 2, COLOUR_BAD);
}

/* REFUSED where any of them was. */
static int print_results(struct call *call, const json_t *events, const json_t *results) {
    size_t index;
    json_t *result;
    int code = DONE;
    json_array_foreach(results, index, result) if (strcmp(text_at(result, "status"), "rejected") ==
                                                   0) code = REFUSED;
    if (call->json)
        return print_json(&call->terminal, results), code;
    struct table *table = table_new(&call->terminal);
    table_column(table, _("nomination"), COLUMN_TEXT);
    table_column(table, _("volunteer"), COLUMN_TEXT);
    table_column(table, _("what became of it"), COLUMN_TEXT);
    json_array_foreach(results, index, result)
        result_row(table, json_array_get(events, index), result);
    table_print(table);
    return code;
}

int run_honour_nominate(struct call *call) {
    json_auto_t *result = NULL, *results = NULL;
    json_auto_t *events = json_array();
    int64_t year = number_given(call, "year"), most = number_given(call, "from-proposals");
    size_t index;
    json_t *item;
    if (!year)
        return complain(USAGE, _("say of which year: --year YEAR."));
    if (!most || !call_text(call, "by"))
        return complain(USAGE, _("say how many of the list, and who nominates: --from-proposals N "
                                 "--by PERSON."));
    int code = client_ask(
        &call->client, "honour.proposed",
        json_pack("{s:s, s:I}", "honour", call_argument(call, 0), "year", (json_int_t)year),
        &result);
    if (code != DONE)
        return code;
    json_array_foreach(json_object_get(result, "items"), index, item) if ((int64_t)index < most)
        json_array_append_new(events, nominated(call, item, year));
    if (json_array_size(events) == 0)
        return complain(REFUSED,
                        _("Nobody is proposed for %s of %lld; a rule of kind honour with a "
                          "schedule makes the list (volunteerctl honour proposed)."),
                        call_argument(call, 0), (long long)year);
    json_t *sent = json_deep_copy(events);
    code = client_publish_all(&call->client, sent, &results);
    return code == DONE ? print_results(call, events, results) : code;
}
