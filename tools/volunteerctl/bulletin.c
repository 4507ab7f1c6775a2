/* bulletin preview|issue|list|show: what a city publishes, numbered and frozen when issued. */

#include "bus/compare.h"
#include "commands.h"
#include "document_format.h"
#include "event/catalogue.h"
#include "list.h"
#include "output.h"
#include "pages.h"
#include "value.h"

#include <stdlib.h>

/* The frozen document with what stands beside it in the answer; what it says itself wins. */
static json_t *bulletin_paper(const json_t *answer, bool is_draft) {
    static const char *const beside[] = {"title",  "number",   "region",
                                         "period", "revision", "as_of"};
    const json_t *document = json_object_get(answer, "document");
    if (!json_is_object(document))
        return json_null();
    json_t *paper = json_copy((json_t *)(uintptr_t)document);
    for (size_t i = 0; i < sizeof beside / sizeof *beside; i++)
        if (!has_at(paper, beside[i]) && has_at(answer, beside[i]))
            json_object_set(paper, beside[i], json_object_get(answer, beside[i]));
    if (is_draft)
        json_object_set_new(paper, "draft", json_true());
    return paper;
}

static json_t *question_new(const struct call *call) {
    json_t *params = json_pack("{s:s}", "kind", call_argument(call, 0));
    call_pass(call, "region", params, "region");
    call_pass(call, "as-of", params, "as_of");
    call_pass(call, "period", params, "period");
    call_pass(call, "compare", params, "compare");
    return params;
}

int run_bulletin_preview(struct call *call) {
    struct output output;
    json_auto_t *result = NULL;
    int code = output_choose(call, &output);
    if (code == DONE)
        code = client_ask(&call->client, "bulletin.preview", question_new(call), &result);
    if (code != DONE)
        return code;
    json_auto_t *paper = bulletin_paper(result, true);
    return output_document(&output, paper, result);
}

/* ---- issue ---- */

/* Shows what would be issued and asks; fixes the day that was shown. */
static int issue_ask(struct call *call, json_t *params) {
    json_auto_t *preview = NULL;
    struct document document;
    int code = client_ask(&call->client, "bulletin.preview", question_new(call), &preview);
    if (code != DONE)
        return code;
    json_auto_t *paper = bulletin_paper(preview, true);
    if (!document_read(paper, &document))
        return complain(REFUSED, _("the daemon answered no document that can be printed."));
    document_table(&call->terminal, &document);
    document_deinit(&document);
    if (!confirmed(_("\nIssued bulletins stay as they are for ever. Issue this one? [y/N] ")))
        return complain(REFUSED, _("nothing was issued."));
    if (*text_at(preview, "as_of"))
        json_object_set(params, "as_of", json_object_get(preview, "as_of"));
    return DONE;
}

static bool is_kind(const char *typed) {
    for (size_t i = 0; i < BULLETIN_KIND_choices.n; i++)
        if (strcmp(BULLETIN_KIND_choices.words[i], typed) == 0)
            return true;
    return false;
}

/* The region that was asked for, else the city. */
static int region_choose(struct call *call, json_t **ret_region) {
    json_auto_t *status = NULL;
    if (call_text(call, "region")) {
        *ret_region = json_string(call_text(call, "region"));
        return DONE;
    }
    int code = client_ask(&call->client, "status", json_object(), &status);
    if (code == DONE)
        *ret_region = json_string(text_at(json_object_get(status, "city"), "region"));
    return code;
}

/* Of the list: this region's bulletin with that number, or (0) with the highest. */
static const json_t *bulletin_choose(const json_t *items, const char *region, int64_t number) {
    const json_t *chosen = NULL;
    size_t index;
    json_t *item;
    json_array_foreach(items, index, item) {
        const json_t *place = json_object_get(item, "region");
        const char *code =
            json_is_object(place) ? text_at(place, "region") : text_at(item, "region");
        int64_t n = integer_at(item, "number");
        bool fits = number > 0 ? n == number : !chosen || n > integer_at(chosen, "number");
        if (strcmp(code, region) == 0 && fits)
            chosen = item;
    }
    return chosen;
}

/* Of the same kind and region. */
static int bulletin_number(struct call *call, const char *kind, const char *region, int64_t number,
                           json_t **ret_id) {
    json_auto_t *list = NULL;
    int code =
        pages_read(call, "bulletin.list", json_pack("{s:s, s:s}", "kind", kind, "region", region),
                   INT64_MAX, &list);
    if (code != DONE)
        return code;
    const json_t *found = bulletin_choose(json_object_get(list, "items"), region, number);
    if (!found && number > 0)
        return complain_json(
            call->json, REFUSED, "unknown_bulletin",
            _("no bulletin %s of %s has the number %lld: bulletin list %s shows them."), kind,
            region, (long long)number, kind);
    if (!found)
        return complain_json(call->json, REFUSED, "unknown_bulletin",
                             _("no bulletin %s of %s has been issued yet."), kind, region);
    *ret_id = json_string(text_at(found, "bulletin"));
    return DONE;
}

/* ---- beside another issue ---- */

static void uncompare(json_t *document) {
    size_t index;
    json_t *section;
    json_object_del(document, "compared");
    json_array_foreach(json_object_get(document, "sections"), index, section)
        json_object_del(section, "previous");
}

/* As it was frozen it stands beside the one before; --compare chooses another, or none. */
static int bulletin_compare(struct call *call, const json_t *answer) {
    const char *typed = call_text(call, "compare");
    json_t *document = json_object_get(answer, "document");
    const json_t *region = json_object_get(answer, "region");
    json_auto_t *id = NULL, *other = NULL;
    char *end = NULL;
    if (!typed || strcmp(typed, "last") == 0)
        return DONE;
    uncompare(document);
    if (strcmp(typed, "none") == 0)
        return DONE;
    long long number = strtoll(typed, &end, 10);
    if (*end || number <= 0)
        return complain(USAGE, _("--compare takes the number of an issue, last, or none."));
    int code = bulletin_number(call, text_at(answer, "kind"),
                               json_is_object(region) ? text_at(region, "region")
                                                      : json_string_value(region),
                               number, &id);
    if (code == DONE)
        code =
            client_ask(&call->client, "bulletin.get", json_pack("{s:O}", "bulletin", id), &other);
    if (code == DONE)
        document_compare(document, json_object_get(other, "document"));
    return code;
}

/* As it was frozen, with what is known beside it. */
static int bulletin_print(struct call *call, struct output *output, const char *id) {
    json_auto_t *result = NULL;
    int code =
        client_ask(&call->client, "bulletin.get", json_pack("{s:s}", "bulletin", id), &result);
    if (code == DONE && strcmp(call->command->verb, "show") == 0)
        code = bulletin_compare(call, result);
    if (code != DONE)
        return code;
    json_auto_t *paper = bulletin_paper(result, false);
    return output_document(output, paper, result);
}

static int issue_print(struct call *call, struct output *output, const json_t *result) {
    bool wanted = call_text(call, "format") || call_text(call, "output");
    if (output->format == FORMAT_JSON)
        return output_document(output, NULL, result);
    if (!wanted || output->path) /* the document does not go where this goes */
        print(_("%s is issued: number %lld, sequence %lld.\n"), text_at(result, "bulletin"),
              (long long)integer_at(result, "number"), (long long)integer_at(result, "sequence"));
    return wanted ? bulletin_print(call, output, text_at(result, "bulletin")) : DONE;
}

int run_bulletin_issue(struct call *call) {
    struct output output;
    json_auto_t *result = NULL;
    int code = output_choose(call, &output);
    if (code != DONE)
        return code;
    json_t *params = question_new(call);
    call_pass(call, "number", params, "number");
    call_pass(call, "by", params, "by");
    bool asks = call->terminal.in && call->terminal.out && !call->json && !call_flag(call, "yes");
    if (asks)
        code = issue_ask(call, params);
    if (code != DONE) {
        json_decref(params);
        return code;
    }
    code = client_ask(&call->client, "bulletin.issue", params, &result);
    return code == DONE ? issue_print(call, &output, result) : code;
}

/* ---- list and show ---- */

int run_bulletin_list(struct call *call) {
    json_t *params = json_object();
    if (call_argument(call, 0))
        json_object_set_new(params, "kind", json_string(call_argument(call, 0)));
    call_pass(call, "region", params, "region");
    return list_things(call, "bulletin", params);
}

static int bulletin_find(struct call *call, const char *kind, json_t **ret_id) {
    json_auto_t *region = NULL;
    int code = region_choose(call, &region);
    return code == DONE ? bulletin_number(call, kind, json_string_value(region),
                                          call_number(call, "number", 0), ret_id)
                        : code;
}

int run_bulletin_show(struct call *call) {
    struct output output;
    const char *typed = call_argument(call, 0);
    json_auto_t *id = NULL;
    int code = output_choose(call, &output);
    if (code == DONE && is_kind(typed))
        code = bulletin_find(call, typed, &id);
    else if (code == DONE)
        id = json_string(typed);
    return code == DONE ? bulletin_print(call, &output, json_string_value(id)) : code;
}

/* ---- drill ---- */

/* The issued one that is meant, or what would be issued. */
static int drilled_choose(struct call *call, json_t *params) {
    const char *typed = call_argument(call, 0);
    json_auto_t *id = NULL;
    bool kind = is_kind(typed);
    if (kind && call_flag(call, "preview")) {
        json_object_set_new(params, "kind", json_string(typed));
        call_pass(call, "region", params, "region");
        return DONE;
    }
    int code = kind ? bulletin_find(call, typed, &id) : DONE;
    if (code == DONE)
        json_object_set_new(params, "bulletin", kind ? json_incref(id) : json_string(typed));
    return code;
}

int run_bulletin_drill(struct call *call) {
    static const char *const passed[] = {"section", "column", "row", "into"};
    struct output output;
    json_auto_t *result = NULL, *params = json_object();
    int code = output_choose(call, &output);
    if (code == DONE && !call_text(call, "column"))
        code = complain(USAGE, _("--column says which figure."));
    if (code == DONE)
        code = drilled_choose(call, params);
    if (code != DONE)
        return code;
    for (size_t i = 0; i < sizeof passed / sizeof *passed; i++)
        call_pass(call, passed[i], params, passed[i]);
    if (call_flag(call, "own"))
        json_object_set_new(params, "own", json_true());
    if (call_number(call, "limit", 0) > 0)
        json_object_set_new(params, "limit", json_integer(call_number(call, "limit", 0)));
    code = client_ask(&call->client, "bulletin.drill", json_incref(params), &result);
    return code == DONE ? output_document(&output, json_object_get(result, "document"), result)
                        : code;
}
