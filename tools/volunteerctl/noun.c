#include "noun.h"

#include "field_text.h"
#include "value.h"

/* So many of the first columns stay on the narrowest terminal. */
#define COLUMNS_KEPT 3

#define COLUMN_HOURS                                                                               \
    { "minutes", N_("hours"), VALUE_HOURS }
#define COLUMN_RECORDS                                                                             \
    { "records", N_("records"), VALUE_NUMBER }

static const struct noun_view views[] = {
    {"region",
     "region.defined",
     {{"region", N_("code"), VALUE_TEXT},
      {"name", N_("name"), VALUE_TEXT},
      {"level", N_("level"), VALUE_WORD},
      {"kind", N_("kind"), VALUE_WORD},
      {"parent", N_("parent"), VALUE_TEXT},
      {"volunteers", N_("volunteers"), VALUE_NUMBER},
      COLUMN_HOURS,
      COLUMN_RECORDS,
      {0}},
     {"parent", "level", "name"}},
    {"organisation",
     "organisation.defined",
     {{"organisation", N_("id"), VALUE_TEXT},
      {"name", N_("name"), VALUE_TEXT},
      {"kind", N_("kind"), VALUE_WORD},
      {"region", N_("region"), VALUE_TEXT},
      {"volunteers", N_("volunteers"), VALUE_NUMBER},
      COLUMN_HOURS,
      COLUMN_RECORDS,
      {0}},
     {"region", "kind", "name"}},
    {"volunteer",
     "volunteer.registered",
     {{"volunteer", N_("id"), VALUE_TEXT},
      {"region", N_("region"), VALUE_TEXT},
      {"state", N_("state"), VALUE_WORD},
      {"stars", N_("stars"), VALUE_STARS},
      COLUMN_HOURS,
      COLUMN_RECORDS,
      {"held", N_("held"), VALUE_NUMBER},
      {"employer", N_("employer"), VALUE_TEXT},
      {"registered_on", N_("registered"), VALUE_TEXT},
      {"last_service_on", N_("last service"), VALUE_TEXT},
      {0}},
     {"region", "employer", "stars", "state", "party_status"}},
    {"activity",
     "activity.published",
     {{"activity", N_("id"), VALUE_TEXT},
      {"title", N_("title"), VALUE_TEXT},
      {"starts", N_("starts"), VALUE_MOMENT},
      {"state", N_("state"), VALUE_WORD},
      {"category", N_("category"), VALUE_WORD},
      {"organisation", N_("organisation"), VALUE_TEXT},
      {"region", N_("region"), VALUE_TEXT},
      {0}},
     {"region", "organisation", "category", "state"}},
    {"record",
     "service.recorded",
     {{"record", N_("id"), VALUE_TEXT},
      {"volunteer", N_("volunteer"), VALUE_TEXT},
      {"starts", N_("starts"), VALUE_MOMENT},
      {"state", N_("state"), VALUE_WORD},
      {"minutes", N_("minutes"), VALUE_NUMBER},
      {"counted_minutes", N_("counted"), VALUE_NUMBER},
      {"activity", N_("activity"), VALUE_TEXT},
      {"organisation", N_("organisation"), VALUE_TEXT},
      {0}},
     {"volunteer", "activity", "organisation", "region", "state"}},
    {"policy",
     "policy.activated",
     {{"policy", N_("name"), VALUE_TEXT},
      {"kind", N_("kind"), VALUE_WORD},
      {"title", N_("title"), VALUE_TEXT},
      {"scope", N_("scope"), VALUE_TEXT},
      {"state", N_("state"), VALUE_WORD},
      {"effective", N_("effective"), VALUE_TEXT},
      {"revision", N_("revision"), VALUE_TEXT},
      {"file", N_("file"), VALUE_TEXT},
      {0}},
     {0}},
};

const struct noun_column held_columns[] = {
    {"record", N_("record"), VALUE_TEXT},     {"volunteer", N_("volunteer"), VALUE_TEXT},
    {"starts", N_("starts"), VALUE_MOMENT},   {"minutes", N_("minutes"), VALUE_NUMBER},
    {"recorder", N_("recorder"), VALUE_TEXT}, {"organisation", N_("organisation"), VALUE_TEXT},
    {"findings", N_("why"), VALUE_FINDINGS},  {0},
};

/* What the daemon adds to attributes, as clerks read it. */
static const char *const labels[][2] = {
    {"state", "状态"},
    {"registered_on", "注册日期"},
    {"stars", "星级"},
    {"stars_since", "星级起始日期"},
    {"volunteers", "志愿者人数"},
    {"in_service_party_members", "在职党员人数"},
    {"records", "服务记录数"},
    {"held", "待核记录数"},
    {"activities", "活动数"},
    {"counted_minutes", "认定分钟"},
    {"minutes", "服务时长"},
    {"first_service_on", "首次服务日期"},
    {"last_service_on", "最近服务日期"},
    {"age", "年龄"},
    {"entered", "登记时间"},
    {"decision", "最近认定序号"},
    {"findings", "事由"},
    {"sealed", "密封内容"},
    {"path", "所属"},
    {"counters", "统计"},
    {"category", "服务类别"},
    {"activated", "启用时间"},
    {"title", "名称"},
    {"region", "区划"},
    {"corrected", "更正次数"},
    {"recorded_sequence", "登记序号"},
    {"source", "来源"},
    {"revision", "规则版本"},
    {"activation", "启用序号"},
    {"reason", "原因"},
    {"scope", "适用区划"},
    {"by", "经办人"},
    {"text", "全文"},
};

/* Words of states, which are no fields of the catalogue. */
static const char *const words[][2] = {
    {"registered", "已注册"}, {"held", "待核"},         {"withdrawn", "已退出"},
    {"published", "已发布"},  {"cancelled", "已取消"},  {"accepted", "通过"},
    {"refused", "不予认定"},  {"revoked", "已撤销"},    {"in_force", "施行中"},
    {"draft", "草案"},        {"not_active", "未启用"}, {"set_aside", "已停用"},
    {"pending", "待定"},      {"superseded", "已更替"},
};

const struct noun_view *noun_view_find(const char *noun) {
    for (size_t i = 0; i < sizeof views / sizeof *views; i++)
        if (strcmp(views[i].noun, noun) == 0)
            return &views[i];
    return NULL;
}

const struct fields *noun_fields(const struct noun_view *view) {
    const struct event_type *type = catalogue_find(str_from(view->type));
    return type ? type->fields : NULL;
}

static const struct field *field_of(const struct fields *fields, const char *key) {
    size_t index = fields ? fields_find(fields, str_from(key)) : NOT_FOUND_FIELD;
    return index == NOT_FOUND_FIELD ? NULL : &fields->list[index];
}

static const char *lookup(const char *const (*pairs)[2], size_t n, const char *key) {
    for (size_t i = 0; i < n; i++)
        if (strcmp(pairs[i][0], key) == 0)
            return pairs[i][1];
    return NULL;
}

const char *noun_label(const struct fields *fields, const char *key) {
    if (!language_is_chinese())
        return key;
    const struct field *field = field_of(fields, key);
    if (field)
        return field->label;
    const char *label = lookup(labels, sizeof labels / sizeof *labels, key);
    return label ? label : key;
}

/* The words of an attribute with their labels, whichever table holds them. */
static size_t words_count(const struct field *field, const char *key) {
    if (field)
        return field_text_words(field);
    if (strcmp(key, "category") == 0)
        return dictionary_info(DICTIONARY_CATEGORY)->n;
    return strcmp(key, "state") == 0 ? sizeof words / sizeof *words : 0;
}

static const char *word_at(const struct field *field, const char *key, size_t index,
                           const char **ret_label) {
    if (field)
        return field_text_word(field, index, ret_label);
    if (strcmp(key, "category") == 0) {
        *ret_label = dictionary_info(DICTIONARY_CATEGORY)->entries[index].title;
        return dictionary_info(DICTIONARY_CATEGORY)->entries[index].code;
    }
    *ret_label = words[index][1];
    return words[index][0];
}

const char *noun_word(const struct fields *fields, const char *key, const char *word) {
    const struct field *field = field_of(fields, key);
    const char *label;
    if (!language_is_chinese())
        return word;
    for (size_t i = 0; i < words_count(field, key); i++)
        if (strcmp(word_at(field, key, i, &label), word) == 0)
            return label;
    return word;
}

const char *noun_word_typed(const struct fields *fields, const char *key, const char *typed) {
    const struct field *field = field_of(fields, key);
    for (size_t i = 0; i < words_count(field, key); i++) {
        const char *label;
        const char *word = word_at(field, key, i, &label);
        if (strcmp(label, typed) == 0)
            return word;
    }
    return typed;
}

void noun_columns_add(struct table *table, const struct noun_column *columns) {
    for (const struct noun_column *column = columns; column->key; column++) {
        bool number = column->kind == VALUE_NUMBER || column->kind == VALUE_HOURS;
        table_column(table, _(column->heading),
                     number                           ? COLUMN_NUMBER
                     : column->kind == VALUE_FINDINGS ? COLUMN_WRAP
                                                      : COLUMN_TEXT);
        if (column - columns >= COLUMNS_KEPT && column->kind != VALUE_FINDINGS)
            table_column_optional(table);
    }
}

/* Counters stand beside the attributes or in an object of their own. */
static const json_t *value_of(const json_t *item, const char *key) {
    const json_t *value = json_object_get(item, key);
    return value ? value : json_object_get(json_object_get(item, "counters"), key);
}

static void cell_add(struct table *table, size_t index, const struct noun_column *column,
                     const struct fields *fields, const json_t *value) {
    char text[TEXT_SIZE];
    BUF_AUTO line = {0};
    switch (column->kind) {
    case VALUE_NUMBER:
        table_number(table, index, json_integer_value(value));
        return;
    case VALUE_HOURS:
        table_hours(table, index, json_integer_value(value));
        return;
    case VALUE_STARS:
        table_text(table, index, stars_text(json_integer_value(value), text));
        return;
    case VALUE_MOMENT:
        value_line(value, &line);
        moment_text(buf_text(&line), text);
        if (strlen(text) == 19)
            text[16] = '\0'; /* without seconds */
        table_text(table, index, text);
        return;
    case VALUE_FINDINGS:
        findings_text(value, &line);
        table_text(table, index, buf_text(&line));
        return;
    case VALUE_TEXT:
    case VALUE_WORD:
        break;
    }
    value_line(value, &line);
    const char *text_or_word = buf_text(&line);
    if (column->kind == VALUE_WORD)
        text_or_word = noun_word(fields, column->key, text_or_word);
    table_text(table, index, text_or_word);
}

static enum colour state_colour(const char *state) {
    static const struct {
        const char *state;
        enum colour colour;
    } colours[] = {{"held", COLOUR_WARN},     {"draft", COLOUR_WARN},    {"refused", COLOUR_BAD},
                   {"revoked", COLOUR_BAD},   {"set_aside", COLOUR_BAD}, {"accepted", COLOUR_GOOD},
                   {"in_force", COLOUR_GOOD}, {"withdrawn", COLOUR_DIM}, {"cancelled", COLOUR_DIM}};
    for (size_t i = 0; i < sizeof colours / sizeof *colours; i++)
        if (strcmp(colours[i].state, state) == 0)
            return colours[i].colour;
    return COLOUR_PLAIN;
}

void noun_row_add(struct table *table, const struct noun_column *columns,
                  const struct fields *fields, const json_t *item) {
    table_row(table, NULL);
    for (size_t i = 0; columns[i].key; i++) {
        const json_t *value = value_of(item, columns[i].key);
        if (value && !json_is_null(value))
            cell_add(table, i, &columns[i], fields, value);
        if (strcmp(columns[i].key, "state") == 0)
            table_colour(table, i, state_colour(text_at(item, "state")));
    }
}
