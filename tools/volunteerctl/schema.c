/* schema [TYPE] [--asyncapi]: the event catalogue. A terminal gets tables in words; a pipe, --json
 * and
 * --asyncapi get the document. */
#include "commands.h"
#include "events.h"
#include "field_text.h"
#include "value.h"

static void types_print(const struct call *call) {
    static const char *const writers[] = {[WRITER_PUBLISHER] = N_("publisher"),
                                          [WRITER_COMMAND] = N_("command"),
                                          [WRITER_DAEMON] = N_("daemon"),
                                          [WRITER_DECISION] = N_("decision")};
    struct table *table = table_new(&call->terminal);
    table_column(table, _("type"), COLUMN_TEXT);
    table_column(table, _("label"), COLUMN_TEXT);
    table_column(table, _("about"), COLUMN_TEXT);
    table_column(table, _("written by"), COLUMN_TEXT);
    for (size_t i = 0; i < catalogue_count(); i++) {
        const struct event_type *type = catalogue_at(i);
        table_row(table, NULL);
        table_text(table, 0, type->name);
        table_text(table, 1, type->label);
        table_text(table, 2, noun_info(type->noun)->label);
        table_text(table, 3, _(writers[type->writer]));
        if (type->writer != WRITER_PUBLISHER)
            table_colour(table, 3, COLOUR_DIM);
    }
    table_print(table);
}

static void flags_put(const struct field *field, struct buf *out) {
    if (field->flags & REQUIRED)
        buf_put_str(out, str_from(_("required")));
    if (field->flags & SEALED)
        buf_printf(out, "%s%s", out->size ? ", " : "", _("sealed"));
}

static void fields_add(struct lexicon *lexicon, struct table *table, const struct fields *fields,
                       const char *prefix, unsigned depth) {
    for (size_t i = 0; i < fields->n; i++) {
        const struct field *field = &fields->list[i];
        BUF_AUTO name = {0};
        BUF_AUTO flags = {0};
        BUF_AUTO form = {0};
        buf_printf(&name, "%s%s%s", prefix, field->name,
                   field->kind == FIELD_OBJECTS || field->kind == FIELD_LIST ? "[]" : "");
        flags_put(field, &flags);
        field_text_form(lexicon, field, &form);
        table_row(table, NULL);
        table_text(table, 0, buf_text(&name));
        table_text(table, 1, field->label);
        table_text(table, 2, buf_text(&flags));
        table_text(table, 3, buf_text(&form));
        if (field->flags & REQUIRED)
            table_colour(table, 0, COLOUR_STRONG);
        if (field->fields && depth < 4) {
            buf_put_byte(&name, '.');
            fields_add(lexicon, table, field->fields, buf_text(&name), depth + 1);
        }
    }
}

static void type_print(struct call *call, const struct event_type *type) {
    printf("%s%s%s  %s\n\n", colour_code(&call->terminal, COLOUR_STRONG), type->name,
           colour_code(&call->terminal, COLOUR_PLAIN), type->label);
    struct table *table = table_new(&call->terminal);
    table_column(table, _("field"), COLUMN_TEXT);
    table_column(table, _("label"), COLUMN_TEXT);
    table_column(table, "", COLUMN_TEXT);
    table_column(table, _("form"), COLUMN_WRAP);
    fields_add(&call->lexicon, table, type->fields, "", 0);
    table_print(table);
}

int run_schema(struct call *call) {
    const char *name = call_argument(call, 0);
    bool asyncapi = call_flag(call, "asyncapi");
    const struct event_type *type = name ? catalogue_find(str_from(name)) : NULL;
    if (asyncapi && name)
        return complain(USAGE, _("--asyncapi describes the whole bus; leave out “%s”."), name);
    if (name && !type)
        return event_type_check(name) == DONE
                   ? complain(USAGE, _("“%s” begins several types; name one of them."), name)
                   : USAGE;
    if (call->terminal.out && !call->json && !asyncapi) {
        if (type)
            type_print(call, type);
        else
            types_print(call);
        return DONE;
    }
    json_auto_t *document = NULL;
    json_t *params = json_object();
    if (name)
        json_object_set_new(params, "type", json_string(name));
    int code =
        client_ask(&call->client, asyncapi ? "asyncapi.get" : "schema.get", params, &document);
    return code == DONE ? print_json(&call->terminal, document) : code;
}
