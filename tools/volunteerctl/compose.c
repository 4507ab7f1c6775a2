#include "compose.h"

#include "field_text.h"
#include "value.h"

#define PATH_SIZE 128

static const struct command_type command_types[] = {
    {EVENT_dictionary_entry_set, "dictionary.set", true, {0}, {0}},
    {EVENT_calendar_day_set, "calendar.set", true, {0}, {0}},
    {EVENT_points_adjusted, "points.adjust", true, {"adjustment"}, {0}},
    {EVENT_bulletin_issued,
     "bulletin.issue",
     false,
     {"number", "period", "region", "as_of"},
     {"bulletin", "title", "content", "revision"}},
    {EVENT_clock_accepted, "clock.accept", false, {0}, {0}},
};

const struct command_type *command_type_find(const struct event_type *type) {
    for (size_t i = 0; i < sizeof command_types / sizeof *command_types; i++)
        if (command_types[i].number == type->number)
            return &command_types[i];
    return NULL;
}

static bool is_in(const char *const *names, const char *field) {
    for (size_t i = 0; i < 8 && names[i]; i++)
        if (strcmp(names[i], field) == 0)
            return true;
    return false;
}

bool composer_refuses(const struct composer *composer, const char *field) {
    return composer->command && is_in(composer->command->refused, field);
}

bool composer_waives(const struct composer *composer, const char *field) {
    return composer->command &&
           (is_in(composer->command->waived, field) || composer_refuses(composer, field));
}

void composer_init(struct composer *composer, struct call *call, const struct event_type *type) {
    *composer = (struct composer){
        .call = call, .type = type, .command = command_type_find(type), .data = json_object()};
}

void composer_deinit(struct composer *composer) {
    json_decref(composer->data);
}

/* The city's time zone, once, and only where a time without an offset is typed. */
static int zone_ask(struct composer *composer) {
    if (composer->zone_asked)
        return DONE;
    json_auto_t *status = NULL;
    int code = client_ask(&composer->call->client, "status", json_object(), &status);
    if (code != DONE)
        return code;
    const char *name = text_at(json_object_get(status, "city"), "time_zone");
    composer->zone_asked = true;
    composer->zone_known = *name && zone_load(name, &composer->zone) == 0;
    return DONE;
}

int composer_read(struct composer *composer, const struct field *field, const char *typed,
                  json_t **ret_value, char *ret_message) {
    if (field_text_needs_zone(field, typed) && zone_ask(composer) != DONE)
        return -1;
    return field_text_read(&composer->call->lexicon, field, typed,
                           composer->zone_known ? &composer->zone : NULL, ret_value, ret_message);
}

static int unknown_field(const struct composer *composer, const struct fields *fields,
                         struct str name) {
    const char *names[64];
    size_t n = fields->n < 64 ? fields->n : 64;
    for (size_t i = 0; i < n; i++)
        names[i] = fields->list[i].name;
    const char *near = str_nearest(name, names, n);
    if (near)
        return complain(USAGE, _("%s has no field “%.*s”. Did you mean “%s”?"),
                        composer->type->name, STR_ARG(name), near);
    return complain(USAGE, _("%s has no field “%.*s”; volunteerctl schema %s lists them."),
                    composer->type->name, STR_ARG(name), composer->type->name);
}

/* The object within `parent`, made where it is not there yet. */
static json_t *object_within(json_t *parent, const char *name) {
    json_t *object = json_object_get(parent, name);
    if (!json_is_object(object)) {
        object = json_object();
        json_object_set_new(parent, name, object);
    }
    return object;
}

static int value_set(struct composer *composer, const struct field *field, json_t *object,
                     bool changing, const char *typed) {
    char message[FIELD_MESSAGE_SIZE];
    json_t *value = NULL;
    if (changing && !*typed) { /* JSON Merge Patch: null removes */
        json_object_set_new(object, field->name, json_null());
        return DONE;
    }
    int result = composer_read(composer, field, typed, &value, message);
    if (result < 0)
        return UNREACHABLE;
    if (result > 0)
        return complain(USAGE, "%s (%s): %s", field->name, field->label, message);
    if (field->kind == FIELD_LIST) {
        json_t *list = json_object_get(object, field->name);
        if (!list)
            json_object_set_new(object, field->name, list = json_array());
        json_array_append_new(list, value);
    } else {
        json_object_set_new(object, field->name, value);
    }
    return DONE;
}

/* quantities.trees=30: a name of the publisher's own and a whole number. */
static int quantity_set(const struct field *field, json_t *object, struct str name,
                        const char *typed) {
    static const struct field whole = {.kind = FIELD_INTEGER, .range = {INT64_MIN, INT64_MAX}};
    char message[FIELD_MESSAGE_SIZE];
    json_t *value = NULL;
    if (field_text_read(NULL, &whole, typed, NULL, &value, message) != 0)
        return complain(USAGE, "%s.%.*s: %s", field->name, STR_ARG(name), message);
    json_object_setn_new(object_within(object, field->name), name.data, name.size, value);
    return DONE;
}

static int free_member_set(json_t *object, struct str name, const char *typed) {
    json_error_t error;
    json_t *value = json_loads(typed, JSON_DECODE_ANY, &error);
    json_object_setn_new(object, name.data, name.size, value ? value : json_string(typed));
    return DONE;
}

int composer_take(struct composer *composer, const char *typed) {
    const char *equals = strchr(typed, '=');
    if (!equals || equals == typed)
        return complain(USAGE, _("a field is written NAME=VALUE, not “%s”."), typed);
    const struct fields *fields = composer->type->fields;
    json_t *object = composer->data;
    bool changing = false;
    struct str rest = {typed, (size_t)(equals - typed)};
    while (true) {
        const char *dot = memchr(rest.data, '.', rest.size);
        struct str name = {rest.data, dot ? (size_t)(dot - rest.data) : rest.size};
        size_t index = fields_find(fields, name);
        if (index == NOT_FOUND_FIELD)
            return unknown_field(composer, fields, name);
        const struct field *field = &fields->list[index];
        if (fields == composer->type->fields && composer_refuses(composer, field->name))
            return complain(USAGE, _("%s: the daemon itself fills in %s; leave it out."),
                            composer->type->name, field->name);
        if (!dot)
            return value_set(composer, field, object, changing, equals + 1);
        rest = (struct str){dot + 1, rest.size - name.size - 1};
        if (field->kind == FIELD_QUANTITIES)
            return quantity_set(field, object, rest, equals + 1);
        if (field->kind == FIELD_JSON)
            return free_member_set(object_within(object, field->name), rest, equals + 1);
        if (field->kind != FIELD_OBJECT && field->kind != FIELD_CHANGES)
            return complain(USAGE, _("%s has no parts: write %s=VALUE."), field->name, field->name);
        changing = changing || field->kind == FIELD_CHANGES;
        object = object_within(object, field->name);
        fields = field->fields;
    }
}

static void missing_put(const struct composer *composer, const struct fields *fields,
                        const json_t *object, const char *prefix, struct buf *out) {
    for (size_t i = 0; i < fields->n; i++) {
        const struct field *field = &fields->list[i];
        const json_t *value = json_object_get(object, field->name);
        char path[PATH_SIZE];
        snprintf(path, sizeof path, "%.60s%.60s", prefix, field->name);
        if (value && field->kind == FIELD_OBJECT && json_is_object(value)) {
            strcat(path, ".");
            missing_put(composer, field->fields, value, path, out);
        } else if (!value && (field->flags & REQUIRED) &&
                   !(*prefix == 0 && composer_waives(composer, field->name))) {
            buf_printf(out, "%s%s (%s)", out->size ? ", " : "", path, field->label);
        }
    }
}

int composer_check(const struct composer *composer) {
    BUF_AUTO missing = {0};
    missing_put(composer, composer->type->fields, composer->data, "", &missing);
    if (missing.size == 0)
        return DONE;
    return complain(USAGE, _("%s needs %s. volunteerctl schema %s lists its fields."),
                    composer->type->name, buf_text(&missing), composer->type->name);
}
