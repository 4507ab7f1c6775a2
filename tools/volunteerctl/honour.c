/* honour propose: whom the rules would propose, with the reasons; honour proposed: whom a scheduled
 * run did. */
#include "commands.h"
#include "event/catalogue.h"
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

static void columns_add(json_t *section, bool with_reasons) {
    document_column_add(section, "place", _("place"), "rank");
    document_column_add(section, "volunteer", _("volunteer"), "text");
    document_column_add(section, "rank", _("rank"), "number");
    if (!with_reasons)
        return;
    document_column_add(section, "class", _("class"), "text");
    document_column_add(section, "reasons", _("reasons"), "text");
}

static json_t *proposed_document(struct call *call, const json_t *result, bool with_reasons) {
    json_t *document = document_blank(_("proposed for the honour"));
    json_t *section = document_section_add(document, text_at(result, "honour"));
    size_t index;
    json_t *item;
    columns_add(section, with_reasons);
    if (json_object_get(result, "as_of"))
        json_object_set(document, "as_of", json_object_get(result, "as_of"));
    json_array_foreach(json_object_get(result, "items"), index, item) {
        json_t *row = json_pack("[o, s, o]", integer_of(item, "place"), text_at(item, "volunteer"),
                                integer_of(item, "rank"));
        if (with_reasons) {
            BUF_AUTO reasons = {0};
            reasons_text(json_object_get(item, "findings"), &reasons);
            json_array_append_new(row, json_string(class_label(call, item)));
            json_array_append_new(row, json_string(buf_text(&reasons)));
        }
        json_array_append_new(json_object_get(section, "rows"), row);
    }
    return document;
}

static int ask_and_print(struct call *call, const char *method, json_t *params, bool with_reasons) {
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
    json_auto_t *document = proposed_document(call, result, with_reasons);
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
    return ask_and_print(call, "honour.propose", params, true);
}

int run_honour_proposed(struct call *call) {
    int64_t year = number_given(call, "year");
    if (!year)
        return complain(USAGE, _("say of which year: --year YEAR."));
    json_t *params =
        json_pack("{s:s, s:I}", "honour", call_argument(call, 0), "year", (json_int_t)year);
    return ask_and_print(call, "honour.proposed", params, false);
}
