/* The catalogue as JSON Schema: one writer per kind of field. JSON Schema counts characters where
 * the daemon counts bytes, so maxLength is the weaker limit and x-max-bytes the true one. */
#include "event/schema.h"
#include "event/codec.h"

#define DIALECT "'$schema':'https://json-schema.org/draft/2020-12/schema'"

static void put_struct(const struct fields *fields, enum completeness completeness, bool patch,
                       struct buf *out);

void schema_put(struct buf *out, const char *json) {
    for (const char *c = json; *c; c++)
        buf_put_byte(out, (uint8_t)(*c == '\'' ? '"' : *c));
}

static void put_text(struct buf *out, const char *name, const char *text) {
    buf_json_key(out, name);
    buf_json_string(out, str_from(text));
}

static void put_number(struct buf *out, const char *name, int64_t number) {
    buf_json_key(out, name);
    buf_json_integer(out, number);
}

static void put_words(const struct choices *choices, struct buf *out) {
    buf_json_key(out, "enum");
    buf_put_byte(out, '[');
    for (size_t i = 0; i < choices->n; i++) {
        buf_json_item(out);
        buf_json_string(out, str_from(choices->words[i]));
    }
    buf_put_byte(out, ']');
}

/* ---- one kind each: what stands between the braces behind the title ---- */

static void put_string(size_t limit_bytes, bool required, struct buf *out) {
    put_text(out, "type", "string");
    if (required)
        put_number(out, "minLength", 1);
    put_number(out, "maxLength", (int64_t)limit_bytes);
    put_number(out, "x-max-bytes", (int64_t)limit_bytes);
}

static void put_id(const struct field *field, struct buf *out) {
    put_text(out, "type", "string");
    if (field->noun == NOUN_REGION) {
        put_text(out, "pattern", "^[0-9]{12}$");
    } else {
        put_number(out, "maxLength", EVENT_ID_LIMIT);
        put_text(out, "pattern", "^[A-Za-z0-9_.:/-]+$");
    }
    put_text(out, "x-noun", noun_info((enum noun)field->noun)->name);
}

static void put_code(const struct field *field, struct buf *out) {
    const struct dictionary_info *info = dictionary_info((enum DICTIONARY_choice)field->dictionary);
    put_string(CODE_LIMIT, field->flags & REQUIRED, out);
    put_text(out, "x-dictionary", info->name);
    /* Examples where a city may write its own words, all of them where it may not. */
    buf_json_key(out, info->open ? "examples" : "enum");
    buf_put_byte(out, '[');
    for (size_t i = 0; i < info->n; i++) {
        buf_json_item(out);
        buf_json_string(out, str_from(info->entries[i].code));
    }
    buf_put_byte(out, ']');
}

static void put_integer(const struct field *field, struct buf *out) {
    put_text(out, "type", "integer");
    put_number(out, "minimum", field->range.least);
    put_number(out, "maximum", field->range.most);
}

static void put_plain(const char *json, struct buf *out) {
    buf_json_item(out);
    schema_put(out, json);
}

static void put_list(const struct field *field, struct buf *out) {
    put_text(out, "type", "array");
    put_number(out, "maxItems", field->kind == FIELD_LIST ? LIST_LIMIT : OBJECTS_LIMIT);
    buf_json_key(out, "items");
    buf_put_byte(out, '{');
    if (field->kind == FIELD_LIST)
        put_string(field->size_limit, false, out);
    else
        put_struct(field->fields, COMPLETE, false, out);
    buf_put_byte(out, '}');
}

static void put_quantities(struct buf *out) {
    put_plain("'type':'object','additionalProperties':{'type':'integer'}", out);
    put_number(out, "maxProperties", QUANTITIES_LIMIT);
    buf_json_key(out, "propertyNames");
    buf_put_byte(out, '{');
    put_string(CODE_LIMIT, true, out);
    buf_put_byte(out, '}');
}

static void put_kind(const struct field *field, enum completeness around, struct buf *out) {
    enum completeness within;
    switch (field->kind) {
    case FIELD_ID:
        put_id(field, out);
        break;
    case FIELD_TEXT:
        put_string(field->size_limit, field->flags & REQUIRED, out);
        break;
    case FIELD_CODE:
        put_code(field, out);
        break;
    case FIELD_INTEGER:
        put_integer(field, out);
        break;
    case FIELD_BOOLEAN:
        put_plain("'type':'boolean'", out);
        break;
    case FIELD_SCALAR:
        put_plain("'type':['integer','boolean','string'],'maxLength':256", out);
        break;
    case FIELD_TIME:
        put_plain("'type':'string','format':'date-time'", out);
        break;
    case FIELD_DATE:
        put_plain("'type':'string','format':'date'", out);
        break;
    case FIELD_MONTH:
        put_plain("'type':'string','pattern':'^[0-9]{4}-(0[1-9]|1[0-2])$'", out);
        break;
    case FIELD_CHOICE:
        put_words(field->choices, out);
        break;
    case FIELD_OBJECT:
        within = completeness_within(field, around);
        put_struct(field->fields, within, within != COMPLETE, out);
        break;
    case FIELD_CHANGES:
        put_number(out, "minProperties", 1);
        put_struct(field->fields, PATCH_PARTIAL, true, out);
        break;
    case FIELD_OBJECTS:
    case FIELD_LIST:
        put_list(field, out);
        break;
    case FIELD_QUANTITIES:
        put_quantities(out);
        break;
    case FIELD_JSON:
        put_plain("'type':'object'", out);
        put_number(out, "x-max-bytes", (int64_t)field->size_limit);
        break;
    }
}

/* ---- structs ---- */

static void put_field(const struct field *field, enum completeness around, struct buf *out) {
    bool nullable = around != COMPLETE && !(field->flags & REQUIRED);
    buf_json_key(out, field->name);
    schema_put(out, nullable ? "{'anyOf':[{" : "{");
    put_text(out, "title", field->label);
    if (field->flags & SEALED)
        put_plain("'description':'Encrypted; never in clear in journal, feed, logs or "
                  "backups.','writeOnly':true",
                  out);
    put_kind(field, around, out);
    schema_put(out, nullable ? "},{'type':'null'}]}" : "}");
}

static void put_required(const struct fields *fields, struct buf *out) {
    buf_json_key(out, "required");
    buf_put_byte(out, '[');
    for (size_t i = 0; i < fields->n; i++) {
        if (!(fields->list[i].flags & REQUIRED))
            continue;
        buf_json_item(out);
        buf_json_string(out, str_from(fields->list[i].name));
    }
    buf_put_byte(out, ']');
}

static void put_struct(const struct fields *fields, enum completeness completeness, bool patch,
                       struct buf *out) {
    put_plain("'type':'object','additionalProperties':false", out);
    if (completeness != PATCH_PARTIAL)
        put_required(fields, out);
    buf_json_key(out, "properties");
    buf_put_byte(out, '{');
    for (size_t i = 0; i < fields->n; i++)
        if (!patch || !(fields->list[i].flags & FIXED))
            put_field(&fields->list[i], completeness, out);
    buf_put_byte(out, '}');
}

/* ---- events ---- */

static const char envelope_attributes[] =
    "'specversion':{'const':'1.0'},"
    "'id':{'type':'string','maxLength':64,'pattern':'^[A-Za-z0-9_.:/-]+$',"
    "'description':'Unique within the source, for ever.'},"
    "'source':{'type':'string','maxLength':128,'pattern':'^[!-~]+$',"
    "'description':'Name of the sending system.'},"
    "'time':{'type':'string','format':'date-time',"
    "'description':'When it happened; recorded time where absent.'},"
    "'subject':{'type':'string','minLength':1,'maxLength':256},"
    "'batch':{'type':'string','maxLength':64,'pattern':'^[A-Za-z0-9_.:/-]+$',"
    "'description':'An import, which can be undone as a whole.'},"
    "'traceparent':{'type':'string','minLength':1,'maxLength':256}";

void schema_put_event(const struct event_type *type, bool root, struct buf *out) {
    static const char *const writers[] = {
        [WRITER_PUBLISHER] = "publisher",
        [WRITER_COMMAND] = "command",
        [WRITER_DAEMON] = "daemon",
        [WRITER_DECISION] = "decision",
    };
    schema_put(out, root ? "{" DIALECT : "{");
    put_text(out, "title", type->name);
    put_text(out, "description", type->label);
    put_text(out, "x-writer", writers[type->writer]);
    put_number(out, "x-version", type->version);
    put_plain("'type':'object','required':['specversion','id','source','type','data'],"
              "'propertyNames':{'pattern':'^[a-z0-9]+$'},"
              "'additionalProperties':{'type':['string','integer','boolean'],'maxLength':256},"
              "'properties':{",
              out);
    schema_put(out, envelope_attributes);
    schema_put(out, ",'type':{");
    put_text(out, "const", type->name);
    schema_put(out, "},'data':{");
    put_struct(type->fields, COMPLETE, false, out);
    schema_put(out, "}}}");
}

void schema_of_type(const struct event_type *type, struct buf *out) {
    schema_put_event(type, true, out);
}

void schema_of_catalogue(struct buf *out) {
    schema_put(out, "{" DIALECT ",'title':'volunteerd: the event catalogue','oneOf':[");
    for (size_t i = 0; i < catalogue_count(); i++) {
        buf_json_item(out);
        schema_put(out, "{'$ref':'#/$defs/");
        schema_put(out, catalogue_at(i)->name);
        schema_put(out, "'}");
    }
    schema_put(out, "],'$defs':{");
    for (size_t i = 0; i < catalogue_count(); i++) {
        buf_json_key(out, catalogue_at(i)->name);
        schema_put_event(catalogue_at(i), false, out);
    }
    schema_put(out, "}}");
}
