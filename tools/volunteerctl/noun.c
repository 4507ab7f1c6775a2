#include "noun.h"

#include "value.h"

/* So many of the first columns stay on the narrowest terminal. */
#define COLUMNS_KEPT 3

static bool is_filter(const struct field *field) {
    bool named = strcmp(field->name, "name") == 0 || strcmp(field->name, "title") == 0;
    return !(field->flags & SEALED) &&
           (field->kind == FIELD_ID || field->kind == FIELD_CODE || field->kind == FIELD_CHOICE ||
            field->kind == FIELD_BOOLEAN || field->kind == FIELD_LIST ||
            (field->kind == FIELD_TEXT && named));
}

static void filter_put(const char *filter, size_t *n, const char **ret_filters) {
    for (size_t i = 0; i < *n; i++)
        if (strcmp(ret_filters[i], filter) == 0)
            return;
    if (*n < NOUN_FILTERS)
        ret_filters[(*n)++] = filter;
}

size_t noun_filters(const struct noun_view *view, const char *ret_filters[static NOUN_FILTERS]) {
    const struct fields *fields = view->by_fields ? noun_fields(view) : NULL;
    size_t n = 0;
    for (size_t i = 1; fields && i < fields->n; i++) { /* the first is its own id */
        if (is_filter(&fields->list[i]))
            filter_put(fields->list[i].name, &n, ret_filters);
        if (fields->list[i].kind == FIELD_OBJECT && fields->list[i].fields == &subject_fields) {
            filter_put("subject_kind", &n, ret_filters);
            filter_put("subject", &n, ret_filters);
        }
    }
    for (size_t i = 0; i < NOUN_FILTERS && view->filters[i]; i++)
        filter_put(view->filters[i], &n, ret_filters);
    return n;
}

const struct fields *noun_fields(const struct noun_view *view) {
    const struct event_type *type = catalogue_find(str_from(view->type));
    return type ? type->fields : NULL;
}

const char *amount_text(struct lexicon *lexicon, const char *account, int64_t amount, bool grouped,
                        char ret_text[static TEXT_SIZE]) {
    const struct lexicon_word *code = lexicon_code(lexicon, DICTIONARY_ACCOUNT, account);
    int decimals = code && code->decimals > 0 && code->decimals <= 6 ? code->decimals : 0;
    uint64_t size = amount < 0 ? 0 - (uint64_t)amount : (uint64_t)amount, unit = 1;
    char whole[TEXT_SIZE];
    for (int i = 0; i < decimals; i++)
        unit *= 10;
    number_text((int64_t)(size / unit), grouped, whole);
    if (decimals == 0)
        snprintf(ret_text, TEXT_SIZE, "%s%.40s", amount < 0 ? "-" : "", whole);
    else
        snprintf(ret_text, TEXT_SIZE, "%s%.40s.%0*llu", amount < 0 ? "-" : "", whole, decimals,
                 (unsigned long long)(size % unit));
    return ret_text;
}

static enum column_kind column_kind(const struct noun_column *column) {
    switch (column->kind) {
    case VALUE_NUMBER:
    case VALUE_HOURS:
    case VALUE_AMOUNT:
    case VALUE_MONEY:
        return COLUMN_NUMBER;
    case VALUE_FINDINGS:
        return COLUMN_WRAP;
    default:
        return COLUMN_TEXT;
    }
}

static void columns_add(struct table *table, const struct noun_column *columns, bool tree) {
    for (const struct noun_column *column = columns; column->key; column++) {
        table_column(table, _(column->heading),
                     tree && column == columns ? COLUMN_TREE : column_kind(column));
        if (column - columns >= COLUMNS_KEPT && column->kind != VALUE_FINDINGS)
            table_column_optional(table);
    }
}

void noun_columns_add(struct table *table, const struct noun_column *columns) {
    columns_add(table, columns, false);
}

void noun_columns_tree(struct table *table, const struct noun_column *columns) {
    columns_add(table, columns, true);
}

/* Counters stand beside the attributes or in an object of their own. */
static const json_t *value_of(const json_t *item, const char *key) {
    const json_t *value = json_object_get(item, key);
    return value ? value : json_object_get(json_object_get(item, "counters"), key);
}

static void moment_cell(const json_t *value, struct buf *out) {
    char text[TEXT_SIZE];
    BUF_AUTO line = {0};
    value_line(value, &line);
    moment_text(buf_text(&line), text);
    if (strlen(text) == 19)
        text[16] = '\0'; /* without seconds */
    buf_put_str(out, str_from(text));
}

static void subject_cell(const json_t *value, struct buf *out) {
    const char *name = text_at(value, "name");
    if (*name)
        buf_printf(out, "%s ", name);
    if (json_is_object(value))
        buf_put_str(out, str_from(text_at(value, "id")));
    else
        value_line(value, out);
}

/* What stands in a cell that is no number. */
static void text_cell(struct lexicon *lexicon, const struct noun_column *column,
                      const struct fields *fields, const json_t *item, const json_t *value,
                      struct buf *out) {
    char text[TEXT_SIZE];
    switch (column->kind) {
    case VALUE_STARS:
        buf_put_str(out, str_from(stars_text(json_integer_value(value), text)));
        return;
    case VALUE_MOMENT:
        moment_cell(value, out);
        return;
    case VALUE_FINDINGS:
        findings_text(value, out);
        return;
    case VALUE_SUBJECT:
        subject_cell(value, out);
        return;
    case VALUE_AMOUNT:
        buf_put_str(out, str_from(amount_text(lexicon, text_at(item, "account"),
                                              json_integer_value(value), false, text)));
        return;
    case VALUE_MONEY:
        buf_put_str(out, str_from(hundredths_text(json_integer_value(value), true, text)));
        return;
    case VALUE_WORD:
        if (json_is_string(value)) {
            buf_put_str(
                out, str_from(noun_word(lexicon, fields, column->key, json_string_value(value))));
            return;
        }
        if (json_is_boolean(value)) {
            buf_put_str(out, json_is_true(value) ? (language_is_chinese() ? STR("是") : STR("yes"))
                                                 : (language_is_chinese() ? STR("否") : STR("no")));
            return;
        }
        break;
    case VALUE_TEXT:
    case VALUE_NUMBER:
    case VALUE_HOURS:
        break;
    }
    value_line(value, out);
}

static void cell_add(struct lexicon *lexicon, struct table *table, size_t index,
                     const struct noun_column *column, const struct fields *fields,
                     const json_t *item, const json_t *value) {
    BUF_AUTO text = {0};
    if (column->kind == VALUE_NUMBER && json_is_integer(value)) {
        table_number(table, index, json_integer_value(value));
    } else if (column->kind == VALUE_HOURS) {
        table_hours(table, index, json_integer_value(value));
    } else {
        text_cell(lexicon, column, fields, item, value, &text);
        table_text(table, index, buf_text(&text));
    }
}

static enum colour state_colour(const char *state) {
    static const struct {
        const char *state;
        enum colour colour;
    } colours[] = {{"held", COLOUR_WARN},     {"draft", COLOUR_WARN},    {"refused", COLOUR_BAD},
                   {"revoked", COLOUR_BAD},   {"set_aside", COLOUR_BAD}, {"proposed", COLOUR_WARN},
                   {"accepted", COLOUR_GOOD}, {"in_force", COLOUR_GOOD}, {"withdrawn", COLOUR_DIM},
                   {"cancelled", COLOUR_DIM}, {"dissolved", COLOUR_DIM}, {"closed", COLOUR_DIM},
                   {"died", COLOUR_DIM},      {"opened", COLOUR_GOOD},   {"built", COLOUR_GOOD},
                   {"met", COLOUR_GOOD},      {"not_met", COLOUR_BAD},   {"no_data", COLOUR_WARN}};
    for (size_t i = 0; i < sizeof colours / sizeof *colours; i++)
        if (strcmp(colours[i].state, state) == 0)
            return colours[i].colour;
    return COLOUR_PLAIN;
}

void noun_row_add(struct lexicon *lexicon, struct table *table, const struct noun_column *columns,
                  const struct fields *fields, const json_t *item) {
    noun_row_below(lexicon, table, columns, fields, item, NULL);
}

void noun_row_below(struct lexicon *lexicon, struct table *table, const struct noun_column *columns,
                    const struct fields *fields, const json_t *item, struct libscols_line *parent) {
    table_row(table, parent);
    for (size_t i = 0; columns[i].key; i++) {
        const json_t *value = value_of(item, columns[i].key);
        if (value && !json_is_null(value))
            cell_add(lexicon, table, i, &columns[i], fields, item, value);
        if (strcmp(columns[i].key, "state") == 0)
            table_colour(table, i, state_colour(text_at(item, "state")));
    }
}

static json_t *cell_json(struct lexicon *lexicon, const struct noun_column *column,
                         const struct fields *fields, const json_t *item, const json_t *value) {
    bool is_number = column->kind == VALUE_NUMBER || column->kind == VALUE_HOURS ||
                     column->kind == VALUE_STARS || column->kind == VALUE_MONEY;
    BUF_AUTO text = {0};
    if (!value || json_is_null(value))
        return json_null();
    if (is_number && json_is_integer(value))
        return json_integer(json_integer_value(value));
    text_cell(lexicon, column, fields, item, value, &text);
    return json_string(buf_text(&text));
}

json_t *noun_row_json(struct lexicon *lexicon, const struct noun_column *columns,
                      const struct fields *fields, const json_t *item) {
    json_t *row = json_array();
    for (size_t i = 0; columns[i].key; i++)
        json_array_append_new(
            row, cell_json(lexicon, &columns[i], fields, item, value_of(item, columns[i].key)));
    return row;
}

const char *noun_column_word(const struct noun_column *column) {
    static const char *const kinds[] = {[VALUE_NUMBER] = "number",
                                        [VALUE_HOURS] = "hours",
                                        [VALUE_STARS] = "rank",
                                        [VALUE_AMOUNT] = "number",
                                        [VALUE_MONEY] = "hundredths"};
    bool has_kind = column->kind < sizeof kinds / sizeof *kinds && kinds[column->kind];
    return has_kind ? kinds[column->kind] : "text";
}

const char *noun_title(const char *noun) {
    enum noun kind = noun_find(str_from(noun));
    return language_is_chinese() && kind != NOUN_COUNT ? noun_info(kind)->label : noun;
}
