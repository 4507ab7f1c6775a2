/* volunteer export: what is kept of one person, in the five families that the ministry's measure on
 * service records names, for the person or for another platform. What is sealed is left out, unless
 * somebody says who reads it and what for. */
#include "commands.h"
#include "noun.h"
#include "output.h"
#include "pages.h"
#include "value.h"

enum family { BASIC, SERVICE, TRAINING, HONOURS, EVALUATION, OTHER, FAMILIES };

static const struct {
    const char *key, *title;
} families[FAMILIES] = {
    [BASIC] = {"basic", N_("basic information")},
    [SERVICE] = {"service", N_("service")},
    [TRAINING] = {"training", N_("training")},
    [HONOURS] = {"honours", N_("honours and rewards")},
    [EVALUATION] = {"evaluation", N_("evaluation")},
    [OTHER] = {"other", N_("what else is kept")},
};

/* Lists of things that are about the person. */
static const struct part {
    enum family family;
    const char *noun, *filter;
} parts[] = {
    {SERVICE, "record", "volunteer"},      {SERVICE, "enrolment", "volunteer"},
    {TRAINING, "training", "volunteer"},   {TRAINING, "qualification", "volunteer"},
    {HONOURS, "application", "volunteer"}, {HONOURS, "nomination", "subject"},
    {HONOURS, "redemption", "volunteer"},  {HONOURS, "points", "volunteer"},
    {EVALUATION, "complaint", "subject"},  {EVALUATION, "appeal", "subject"},
    {OTHER, "certificate", "volunteer"},   {OTHER, "consent", "volunteer"},
    {OTHER, "adjustment", "volunteer"},
};
#define PARTS (sizeof parts / sizeof *parts)
#define RECORDS 0 /* the first of them */

struct exporting {
    struct call *call;
    const char *volunteer;
    json_t *basic, *identity; /* NULL: not asked for */
    json_t *lists[PARTS];
};

/* ---- asking ---- */

static int identity_ask(struct exporting *exporting) {
    struct call *call = exporting->call;
    const char *by = call_text(call, "by"), *purpose = call_text(call, "purpose");
    json_auto_t *answer = NULL;
    if (!by && !purpose)
        return DONE;
    if (!by || !purpose)
        return complain(USAGE, _("name, number and telephone are given out only with --by PERSON "
                                 "and --purpose TEXT; both stand in the journal."));
    int code = client_ask(&call->client, "volunteer.identity",
                          json_pack("{s:s, s:s, s:s}", "volunteer", exporting->volunteer, "by", by,
                                    "purpose", purpose),
                          &answer);
    if (code == DONE)
        exporting->identity = json_incref(json_object_get(answer, "identity"));
    return code;
}

static int part_ask(struct exporting *exporting, size_t index) {
    const struct part *part = &parts[index];
    json_auto_t *result = NULL;
    json_t *params = json_pack("{s:s}", part->filter, exporting->volunteer);
    char method[64];
    if (strcmp(part->filter, "subject") == 0)
        json_object_set_new(params, "subject_kind", json_string("volunteer"));
    snprintf(method, sizeof method, "%s.list", part->noun);
    int code = pages_read(exporting->call, method, params, INT64_MAX, &result);
    if (code == DONE)
        exporting->lists[index] = json_incref(json_object_get(result, "items"));
    return code;
}

static int all_ask(struct exporting *exporting) {
    int code = client_ask(&exporting->call->client, "volunteer.get",
                          json_pack("{s:s}", "volunteer", exporting->volunteer), &exporting->basic);
    if (code == DONE)
        code = identity_ask(exporting);
    for (size_t i = 0; code == DONE && i < PARTS; i++)
        code = part_ask(exporting, i);
    return code;
}

/* ---- as JSON ---- */

static json_t *family_json(const struct exporting *exporting, enum family family) {
    json_t *json = json_object();
    for (size_t i = 0; i < PARTS; i++)
        if (parts[i].family == family)
            json_object_set(json, parts[i].noun, exporting->lists[i]);
    return json;
}

static json_t *export_json(const struct exporting *exporting) {
    json_t *json = json_pack("{s:s}", "volunteer", exporting->volunteer);
    json_t *basic = json_deep_copy(exporting->basic);
    if (exporting->identity)
        json_object_set(basic, "identity", exporting->identity);
    json_object_set_new(json, families[BASIC].key, basic);
    for (size_t i = SERVICE; i < FAMILIES; i++)
        json_object_set_new(json, families[i].key, family_json(exporting, (enum family)i));
    return json;
}

/* ---- on paper ---- */

static void attribute_rows(const struct exporting *exporting, const struct fields *fields,
                           const json_t *object, json_t *rows) {
    const char *key;
    json_t *value;
    json_object_foreach((json_t *)(uintptr_t)object, key, value) {
        BUF_AUTO text = {0};
        if (strcmp(key, "sequence") == 0 || json_is_null(value))
            continue;
        if (json_is_string(value))
            buf_put_str(&text, str_from(noun_word(&exporting->call->lexicon, fields, key,
                                                  json_string_value(value))));
        else
            value_line(value, &text);
        if (text.size == 0)
            continue;
        json_array_append_new(rows, json_pack("[s, s]", noun_label(fields, key), buf_text(&text)));
    }
}

static void basic_section(const struct exporting *exporting, json_t *document) {
    const struct fields *fields = noun_fields(noun_view_find("volunteer"));
    const struct field *identity = &fields->list[fields_find(fields, STR("identity"))];
    json_t *section = document_section_add(document, _(families[BASIC].title));
    document_column_add(section, "attribute", _("attribute"), "text");
    document_column_add(section, "value", _("value"), "text");
    json_t *rows = json_object_get(section, "rows");
    if (json_is_object(exporting->identity))
        attribute_rows(exporting, identity->fields, exporting->identity, rows);
    attribute_rows(exporting, fields, exporting->basic, rows);
}

static void part_section(const struct exporting *exporting, size_t index, json_t *document) {
    const struct noun_view *view = noun_view_find(parts[index].noun);
    BUF_AUTO title = {0};
    size_t i;
    json_t *item;
    buf_printf(&title, "%s: %s", _(families[parts[index].family].title),
               noun_title(parts[index].noun));
    json_t *section = document_section_add(document, buf_text(&title));
    for (const struct noun_column *column = view->columns; column->key; column++)
        document_column_add(section, column->key, _(column->heading), noun_column_word(column));
    json_array_foreach(exporting->lists[index], i, item) json_array_append_new(
        json_object_get(section, "rows"),
        noun_row_json(&exporting->call->lexicon, view->columns, noun_fields(view), item));
}

/* What whoever was served, and whoever organised it, thought of each record. */
static void ratings_section(const struct exporting *exporting, json_t *document) {
    BUF_AUTO title = {0};
    size_t i;
    json_t *record;
    buf_printf(&title, "%s: %s", _(families[EVALUATION].title), _("ratings"));
    json_t *section = document_section_add(document, buf_text(&title));
    document_column_add(section, "record", noun_title("record"), "text");
    document_column_add(section, "rating_served", _("by those served"), "number");
    document_column_add(section, "rating_organiser", _("by the organiser"), "number");
    json_array_foreach(exporting->lists[RECORDS], i, record) {
        json_t *served = json_object_get(record, "rating_served");
        json_t *organiser = json_object_get(record, "rating_organiser");
        if (served || organiser)
            json_array_append_new(
                json_object_get(section, "rows"),
                json_pack("[s, O?, O?]", text_at(record, "record"), served, organiser));
    }
}

static json_t *export_document(const struct exporting *exporting) {
    BUF_AUTO title = {0};
    buf_printf(&title, "%s %s", noun_title("volunteer"), exporting->volunteer);
    json_t *document = document_blank(buf_text(&title));
    basic_section(exporting, document);
    for (size_t i = 0; i < PARTS; i++) {
        bool first_of_evaluation =
            parts[i].family == EVALUATION && parts[i - 1].family != EVALUATION;
        if (first_of_evaluation)
            ratings_section(exporting, document);
        part_section(exporting, i, document);
    }
    return document;
}

int run_volunteer_export(struct call *call) {
    struct exporting exporting = {.call = call, .volunteer = call_argument(call, 0)};
    struct output output;
    int code = output_choose(call, &output);
    if (code == DONE)
        code = all_ask(&exporting);
    if (code == DONE) {
        json_auto_t *json = export_json(&exporting);
        json_auto_t *document = output.format == FORMAT_JSON ? NULL : export_document(&exporting);
        code = output_document(&output, document, json);
    }
    json_decref(exporting.basic);
    json_decref(exporting.identity);
    for (size_t i = 0; i < PARTS; i++)
        json_decref(exporting.lists[i]);
    return code;
}
