/* import template TYPE: a file with the headings of a type, a row that shows how they are filled,
 * and in a workbook a sheet of the words that may be chosen and one that explains the columns. */
#include <stdlib.h>

#include "commands.h"
#include "events.h"
#include "field_text.h"
#include "import_columns.h"
#include "sheet_writer.h"
#include "value.h"

#define WORDS_LIMIT 200

/* What nobody types into a table. */
static bool is_left_out(const struct import_leaf *leaf) {
    const struct field *field = leaf->chain[leaf->depth - 1];
    return field->kind == FIELD_JSON || field->kind == FIELD_OBJECTS ||
           field->kind == FIELD_QUANTITIES ||
           (field->kind == FIELD_CHANGES && leaf->depth == IMPORT_DEPTH);
}

/* By its label where that alone says which one is meant, else with what it is part of. */
static const char *heading_for(const struct event_type *type, const struct import_leaf *leaf) {
    const struct field *field = leaf->chain[leaf->depth - 1];
    struct import_leaf other;
    size_t n = 0;
    for (size_t i = 0; import_leaf_at(type, i, &other); i++)
        n += strcmp(other.chain[other.depth - 1]->label, field->label) == 0;
    return n == 1 || leaf->depth == 1 ? field->label : leaf->label;
}

static const char *example_word(struct call *call, const struct field *field) {
    size_t n = lexicon_words(&call->lexicon, field);
    return n ? lexicon_word(&call->lexicon, field, 0).label : "示例";
}

static const char *example_id(const struct field *field) {
    switch (field->noun) {
    case NOUN_REGION:
        return "620502001001";
    case NOUN_VOLUNTEER:
        return "example:v0001";
    case NOUN_ORGANISATION:
        return "example:o0001";
    case NOUN_PERSON:
        return "clerk:1";
    default:
        return "example:0001";
    }
}

static const char *example_of(struct call *call, const struct field *field) {
    static const struct {
        const char *name, *example;
    } known[] = {{"number", "620502198001011234"}, {"phone", "13800000000"}, {"name", "示例"},
                 {"ends", "2018-08-23 11:30"},     {"minutes", "150"},       {"to", "2018-12-31"}};
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (strcmp(known[i].name, field->name) == 0 && field->kind != FIELD_ID)
            return known[i].example;
    switch (field->kind) {
    case FIELD_ID:
        return example_id(field);
    case FIELD_TIME:
        return "2018-08-23 09:00";
    case FIELD_DATE:
        return "2018-08-23";
    case FIELD_MONTH:
        return "1980-01";
    case FIELD_INTEGER:
        return "1";
    case FIELD_BOOLEAN:
        return "是";
    case FIELD_CHOICE:
    case FIELD_CODE:
    case FIELD_LIST:
        return example_word(call, field);
    default:
        return "示例";
    }
}

static void rows_write(struct call *call, const struct event_type *type,
                       struct sheet_writer *writer) {
    struct import_leaf leaf;
    for (size_t i = 0; import_leaf_at(type, i, &leaf); i++)
        if (!is_left_out(&leaf))
            sheet_writer_heading(writer, heading_for(type, &leaf), leaf.required);
    sheet_writer_row_end(writer);
    for (size_t i = 0; import_leaf_at(type, i, &leaf); i++)
        if (!is_left_out(&leaf))
            sheet_writer_cell(writer, example_of(call, leaf.chain[leaf.depth - 1]));
    sheet_writer_row_end(writer);
}

/* The words of one column: how many rows. */
static size_t column_words_write(struct call *call, const char *heading, const struct field *field,
                                 struct sheet_writer *writer) {
    size_t n = lexicon_words(&call->lexicon, field), written = 0;
    for (size_t k = 0; k < n && written < WORDS_LIMIT; k++) {
        struct lexicon_word word = lexicon_word(&call->lexicon, field, k);
        if (word.retired)
            continue;
        sheet_writer_cell(writer, heading);
        sheet_writer_cell(writer, word.label);
        sheet_writer_cell(writer, word.word);
        sheet_writer_row_end(writer);
        written++;
    }
    return written;
}

/* And the cells of the column offer them. */
static void words_write(struct call *call, const struct event_type *type,
                        struct sheet_writer *writer) {
    struct import_leaf leaf;
    size_t row = 1, column = 0;
    sheet_writer_sheet(writer, _("choices"));
    sheet_writer_heading(writer, _("column"), false);
    sheet_writer_heading(writer, _("label"), false);
    sheet_writer_heading(writer, _("word"), false);
    sheet_writer_row_end(writer);
    for (size_t i = 0; import_leaf_at(type, i, &leaf); i++) {
        if (is_left_out(&leaf))
            continue;
        size_t n =
            column_words_write(call, heading_for(type, &leaf), leaf.chain[leaf.depth - 1], writer);
        if (n)
            sheet_writer_choices(writer, column, _("choices"), row, row + n - 1);
        row += n;
        column++;
    }
}

static void columns_write(struct call *call, const struct event_type *type,
                          struct sheet_writer *writer) {
    struct import_leaf leaf;
    sheet_writer_sheet(writer, _("columns"));
    sheet_writer_heading(writer, _("column"), false);
    sheet_writer_heading(writer, _("field"), false);
    sheet_writer_heading(writer, _("required"), false);
    sheet_writer_heading(writer, _("form"), false);
    sheet_writer_row_end(writer);
    for (size_t i = 0; import_leaf_at(type, i, &leaf); i++) {
        BUF_AUTO form = {0};
        if (is_left_out(&leaf))
            continue;
        field_text_form(&call->lexicon, leaf.chain[leaf.depth - 1], &form);
        sheet_writer_cell(writer, heading_for(type, &leaf));
        sheet_writer_cell(writer, leaf.path);
        sheet_writer_cell(writer, leaf.required ? _("yes") : "");
        sheet_writer_cell(writer, buf_text(&form));
        sheet_writer_row_end(writer);
    }
}

int run_import_template(struct call *call) {
    const char *name = call_argument(call, 0), *path = call_text(call, "output");
    const struct event_type *type = catalogue_find(str_from(name));
    char own[96];
    if (!type || type->writer != WRITER_PUBLISHER)
        return event_type_check(name) == DONE
                   ? complain(USAGE, _("%s is no type that is imported."), name)
                   : USAGE;
    snprintf(own, sizeof own, "%.80s.xlsx", type->name);
    path = path ? path : own;
    struct sheet_writer *writer = sheet_writer_new(path, "import");
    rows_write(call, type, writer);
    if (sheet_path_is_workbook(path)) {
        words_write(call, type, writer);
        columns_write(call, type, writer);
    }
    int code = sheet_writer_close(call, writer);
    if (code == DONE && call->json) {
        json_auto_t *done = json_pack("{s:s, s:s}", "type", type->name, "file", path);
        print_json(&call->terminal, done);
    } else if (code == DONE && strcmp(path, "-") != 0) {
        print(_("%s is written; its second row is an example: fill in your own from there on.\n"),
              path);
    }
    return code;
}
