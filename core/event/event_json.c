/* CloudEvents JSON -> event: the envelope; data is read by fields_json.c. */
#include "event/codec.h"
#include "event/dom_text.h"
#include "util/calendar.h"

#include <stdlib.h>

struct named_value {
    struct str name;
    struct dom_value value;
};

struct envelope {
    uint32_t seen;  /* bit: enum attribute */
    uint32_t given; /* the same, without those that are null: to CloudEvents they are absent */
    struct dom_value values[ATTRIBUTE_COUNT];
    size_t n_extensions;
    struct named_value extensions[EVENT_EXTENSION_LIMIT];
};

struct reading {
    struct arena *arena;
    struct event *event;
    struct problem *problem;
};

static const struct str attribute_names[ATTRIBUTE_COUNT] = {
#define A(name, text) [ATTRIBUTE_##name] = {text, sizeof(text) - 1},
    ATTRIBUTES(A)
#undef A
};

static size_t attribute_find(struct str name) {
    size_t i = 0;
    while (i < ATTRIBUTE_COUNT && !name_is(attribute_names[i].data, name))
        i++;
    return i;
}

/* ---- collect ---- */

#define NAME_LIMIT 64 /* bytes of a name that a complaint repeats */

/* The name with a zero at its end. */
static void name_copy(struct str name, char ret_text[static NAME_LIMIT + 1]) {
    size_t size = name.size < NAME_LIMIT ? name.size : NAME_LIMIT;
    memcpy(ret_text, name.data, size);
    ret_text[size] = '\0';
}

static int complain_twice(struct str name, struct problem *problem) {
    char field[NAME_LIMIT + 1];
    name_copy(name, field);
    return problem_set(problem, PROBLEM_MALFORMED_JSON, field,
                       "the member \"%s\" stands twice; keep one", field);
}

static int complain_many(struct str name, struct problem *problem) {
    char field[NAME_LIMIT + 1];
    name_copy(name, field);
    return problem_set(problem, PROBLEM_TOO_LONG, field,
                       "an event carries at most %d attributes of its sender's own; put the rest "
                       "into data.ext",
                       EVENT_EXTENSION_LIMIT);
}

static bool is_extension_name(struct str name) {
    bool valid = name.size > 0 && name.size <= SHORT_TEXT_LIMIT;
    for (size_t i = 0; valid && i < name.size; i++) {
        char c = name.data[i];
        valid = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
    }
    return valid;
}

static int complain_name(struct str name, struct problem *problem) {
    const char *candidates[ATTRIBUTE_COUNT];
    char field[NAME_LIMIT + 1];
    name_copy(name, field);
    for (size_t i = 0; i < ATTRIBUTE_COUNT; i++)
        candidates[i] = attribute_names[i].data;
    const char *nearest = str_nearest(name, candidates, ATTRIBUTE_FIRST_RESERVED);
    if (nearest)
        return problem_set(problem, PROBLEM_UNKNOWN_FIELD, field,
                           "there is no such attribute; did you mean \"%s\"?", nearest);
    return problem_set(problem, PROBLEM_UNKNOWN_FIELD, field,
                       "an attribute beside data has a name of lower-case letters and digits only; "
                       "what the event is about belongs in data");
}

static int extension_collect(struct envelope *envelope, struct str name, struct dom_value value,
                             struct problem *problem) {
    if (!is_extension_name(name))
        return complain_name(name, problem);
    for (size_t i = 0; i < envelope->n_extensions; i++)
        if (str_equal(envelope->extensions[i].name, name))
            return complain_twice(name, problem);
    if (envelope->n_extensions == EVENT_EXTENSION_LIMIT)
        return complain_many(name, problem);
    envelope->extensions[envelope->n_extensions++] = (struct named_value){name, value};
    return 0;
}

static int envelope_collect(struct dom_value value, struct envelope *envelope,
                            struct problem *problem) {
    struct dom_iterator members = dom_members(value);
    struct dom_value member;
    struct str name;
    int outcome = 0;
    while (outcome == 0 && dom_next_member(&members, &name, &member)) {
        size_t attribute = attribute_find(name);
        uint32_t mask = UINT32_C(1) << attribute;
        if (attribute == ATTRIBUTE_COUNT) {
            outcome = extension_collect(envelope, name, member, problem);
            continue;
        }
        if (envelope->seen & mask)
            return complain_twice(name, problem);
        envelope->seen |= mask;
        envelope->values[attribute] = member;
        if (dom_type(member) != DOM_NULL)
            envelope->given |= mask;
    }
    return outcome;
}

static bool is_given(const struct envelope *envelope, enum attribute attribute) {
    return envelope->given >> attribute & 1;
}

/* ---- attributes ---- */

#define FIRST_TIME_US (INT64_C(-2208988800) * 1000000) /* 1900 */

/* An attribute that is a text; an absent one is none, or a problem where it is required. */
static int attribute_text(const struct envelope *envelope, enum attribute attribute, bool required,
                          size_t limit, struct str *ret_text, struct problem *problem) {
    const char *name = attribute_names[attribute].data;
    *ret_text = STR_NONE;
    if (!is_given(envelope, attribute))
        return required ? problem_set(problem, PROBLEM_MISSING_FIELD, name,
                                      "add the attribute \"%s\": every event has one", name)
                        : 0;
    struct dom_value value = envelope->values[attribute];
    if (dom_type(value) != DOM_STRING || dom_string(value).size == 0)
        return problem_set(problem, PROBLEM_WRONG_TYPE, name,
                           "write a text in quotes that is not empty");
    *ret_text = dom_string(value);
    if (ret_text->size > limit)
        return problem_set(problem, PROBLEM_TOO_LONG, name,
                           "shorten this to at most %zu bytes; it has %zu", limit, ret_text->size);
    if (str_holds_zero(*ret_text))
        return problem_set(problem, PROBLEM_WRONG_TYPE, name, WITHOUT_ZERO);
    return 0;
}

static int read_specversion(const struct envelope *envelope, struct problem *problem) {
    struct str version;
    int outcome =
        attribute_text(envelope, ATTRIBUTE_SPECVERSION, true, SHORT_TEXT_LIMIT, &version, problem);
    if (outcome || str_equal(version, STR("1.0")))
        return outcome;
    return problem_set(problem, PROBLEM_UNSUPPORTED_SPECVERSION, "specversion",
                       "send CloudEvents of specversion \"1.0\"; no other is understood");
}

static int identifier_read(const struct reading *reading, const struct envelope *envelope,
                           enum attribute attribute, bool required, struct str *ret_id) {
    const char *name = attribute_names[attribute].data;
    struct str id;
    int outcome =
        attribute_text(envelope, attribute, required, EVENT_ID_LIMIT, &id, reading->problem);
    if (outcome || !id.data)
        return outcome;
    if (!identifier_is_valid(id))
        return problem_set(
            reading->problem, PROBLEM_WRONG_TYPE, name,
            "an identifier has 1 to %d letters, digits or - _ . : / and nothing else",
            EVENT_ID_LIMIT);
    if (identifier_is_personal(id))
        return problem_set(
            reading->problem, PROBLEM_IDENTITY_IN_IDENTIFIER, name,
            "this looks like an identity or mobile number; use a counter or UUIDv7 of "
            "your own system instead");
    *ret_id = arena_copy(reading->arena, id);
    return 0;
}

static int read_source(const struct reading *reading, const struct envelope *envelope) {
    struct str source;
    int outcome = attribute_text(envelope, ATTRIBUTE_SOURCE, true, EVENT_SOURCE_LIMIT, &source,
                                 reading->problem);
    for (size_t i = 0; outcome == 0 && i < source.size; i++)
        if (source.data[i] <= ' ' || source.data[i] > '~')
            return problem_set(
                reading->problem, PROBLEM_WRONG_TYPE, "source",
                "a source is the name of the sending system: printable ASCII without "
                "spaces, such as \"tszyz\"");
    if (outcome)
        return outcome;
    if (str_starts_with(source, STR("/volunteerd/")))
        return problem_set(reading->problem, PROBLEM_NOT_ALLOWED, "source",
                           "sources that begin with /volunteerd/ are the daemon's own; send under "
                           "your system's name");
    reading->event->source = arena_copy(reading->arena, source);
    return 0;
}

static int read_type(const struct reading *reading, const struct envelope *envelope) {
    struct str name;
    int outcome =
        attribute_text(envelope, ATTRIBUTE_TYPE, true, SHORT_TEXT_LIMIT, &name, reading->problem);
    if (outcome)
        return outcome;
    reading->event->type = catalogue_find(name);
    if (reading->event->type)
        return 0;
    const char *nearest = catalogue_nearest(name);
    if (nearest)
        return problem_set(reading->problem, PROBLEM_UNKNOWN_TYPE, "type",
                           "the catalogue has no type \"%.*s\"; did you mean \"%s\"?",
                           (int)(name.size < 64 ? name.size : 64), name.data, nearest);
    return problem_set(reading->problem, PROBLEM_UNKNOWN_TYPE, "type",
                       "the catalogue has no type \"%.*s\"; `volunteerctl schema` lists them all",
                       (int)(name.size < 64 ? name.size : 64), name.data);
}

static int read_event_time(const struct reading *reading, const struct envelope *envelope) {
    struct moment *time = &reading->event->time;
    struct str text;
    int outcome =
        attribute_text(envelope, ATTRIBUTE_TIME, false, SHORT_TEXT_LIMIT, &text, reading->problem);
    if (outcome || !text.data)
        return outcome;
    if (time_parse(text, &time->us, &time->offset_minutes))
        return problem_set(reading->problem, PROBLEM_BAD_TIME, "time",
                           "write a time that exists with its offset, such as "
                           "\"2018-08-23T09:00:00+08:00\"");
    if (time->us < FIRST_TIME_US)
        return problem_set(reading->problem, PROBLEM_BAD_TIME, "time",
                           "nothing is told of times before 1900: mend the year");
    reading->event->has_time = true;
    return 0;
}

static int text_copy(const struct reading *reading, const struct envelope *envelope,
                     enum attribute attribute, struct str *ret_text) {
    struct str text;
    int outcome =
        attribute_text(envelope, attribute, false, SHORT_TEXT_LIMIT, &text, reading->problem);
    if (outcome == 0 && text.data)
        *ret_text = arena_copy(reading->arena, text);
    return outcome;
}

/* ---- attributes of the sender's own ---- */

static int extension_read(const struct reading *reading, const struct named_value *named,
                          struct extension *ret_extension) {
    /* Every byte may become \u00xx, and the buffer asks for one more than it writes. */
    char space[6 * SHORT_TEXT_LIMIT + 8];
    struct buf text = {space, 0, sizeof space};
    char name[NAME_LIMIT + 1];
    name_copy(named->name, name);
    switch (dom_type(named->value)) {
    case DOM_STRING:
        if (dom_string(named->value).size > SHORT_TEXT_LIMIT)
            return problem_set(reading->problem, PROBLEM_TOO_LONG, name,
                               "shorten this to at most %d bytes", SHORT_TEXT_LIMIT);
        if (str_holds_zero(dom_string(named->value)))
            return problem_set(reading->problem, PROBLEM_WRONG_TYPE, name, WITHOUT_ZERO);
        buf_json_string(&text, dom_string(named->value));
        break;
    case DOM_INTEGER:
        buf_json_integer(&text, dom_integer(named->value));
        break;
    case DOM_BOOLEAN:
        buf_put_str(&text, dom_boolean(named->value) ? STR("true") : STR("false"));
        break;
    default:
        return problem_set(
            reading->problem, PROBLEM_WRONG_TYPE, name,
            "an attribute beside data is a text, a whole number, true or false; what "
            "the event is about belongs in data");
    }
    ret_extension->name = arena_copy(reading->arena, named->name);
    ret_extension->value = arena_copy(reading->arena, buf_str(&text));
    return 0;
}

/* By name, so that the order in which they were sent makes no other event. */
static int named_compare(const void *a, const void *b) {
    return str_compare(((const struct named_value *)a)->name,
                       ((const struct named_value *)b)->name);
}

static int read_extensions(const struct reading *reading, struct envelope *envelope) {
    struct event *event = reading->event;
    if (envelope->n_extensions == 0)
        return 0;
    qsort(envelope->extensions, envelope->n_extensions, sizeof *envelope->extensions,
          named_compare);
    event->extensions =
        arena_alloc(reading->arena, envelope->n_extensions * sizeof *event->extensions);
    for (size_t i = 0; i < envelope->n_extensions; i++) {
        const struct named_value *named = &envelope->extensions[i];
        if (dom_type(named->value) == DOM_NULL)
            continue;
        int outcome = extension_read(reading, named, &event->extensions[event->n_extensions++]);
        if (outcome)
            return outcome;
    }
    return 0;
}

static int refuse_reserved(const struct envelope *envelope, struct problem *problem) {
    for (size_t i = ATTRIBUTE_FIRST_RESERVED; i < ATTRIBUTE_COUNT; i++)
        if (is_given(envelope, (enum attribute)i))
            return problem_set(problem, PROBLEM_NOT_ALLOWED, attribute_names[i].data,
                               "only the daemon says \"%s\"; leave it out",
                               attribute_names[i].data);
    return 0;
}

/* ---- data ---- */

static int read_data(const struct reading *reading, const struct envelope *envelope) {
    struct event *event = reading->event;
    const struct fields *fields = event->type->fields;
    if (is_given(envelope, ATTRIBUTE_DATA_BASE64))
        return problem_set(reading->problem, PROBLEM_WRONG_TYPE, "data_base64",
                           "send the content as a JSON object in \"data\"");
    if (!is_given(envelope, ATTRIBUTE_DATA))
        return problem_set(reading->problem, PROBLEM_MISSING_FIELD, "data",
                           "add the object \"data\"; `volunteerctl schema %s` shows its fields",
                           event->type->name);
    event->data = arena_alloc(reading->arena, fields->struct_size);
    return fields_from_json(fields, envelope->values[ATTRIBUTE_DATA], "data", reading->arena,
                            event->data, reading->problem);
}

static int envelope_read(const struct reading *reading, struct envelope *envelope) {
    struct event *event = reading->event;
    int outcome = read_specversion(envelope, reading->problem);
    if (outcome == 0)
        outcome = identifier_read(reading, envelope, ATTRIBUTE_ID, true, &event->id);
    if (outcome == 0)
        outcome = read_source(reading, envelope);
    if (outcome == 0)
        outcome = read_type(reading, envelope);
    if (outcome == 0)
        outcome = read_event_time(reading, envelope);
    if (outcome == 0)
        outcome = text_copy(reading, envelope, ATTRIBUTE_SUBJECT, &event->subject);
    if (outcome == 0)
        outcome = identifier_read(reading, envelope, ATTRIBUTE_BATCH, false, &event->batch);
    if (outcome == 0)
        outcome = text_copy(reading, envelope, ATTRIBUTE_TRACEPARENT, &event->traceparent);
    if (outcome == 0)
        outcome = refuse_reserved(envelope, reading->problem);
    return outcome ? outcome : read_extensions(reading, envelope);
}

/* After a refusal: what the answer should name, however little of the event was good. */
static void identify(struct dom_value value, struct arena *arena, struct event *event) {
    struct dom_iterator members = dom_members(value);
    struct dom_value member;
    struct str name;
    while (dom_next_member(&members, &name, &member)) {
        size_t attribute = attribute_find(name);
        if ((attribute != ATTRIBUTE_ID && attribute != ATTRIBUTE_SOURCE) ||
            dom_type(member) != DOM_STRING || dom_string(member).size > SHORT_TEXT_LIMIT)
            continue;
        struct str *told = attribute == ATTRIBUTE_ID ? &event->id : &event->source;
        if (!told->data)
            *told = arena_copy(arena, dom_string(member));
    }
}

int event_from_json(struct dom_value value, const struct digest_key *key, struct arena *arena,
                    struct event *ret_event, struct problem *problem) {
    const struct reading reading = {arena, ret_event, problem};
    struct envelope envelope;
    envelope.seen = envelope.given = 0; /* the rest is written before it is read */
    envelope.n_extensions = 0;
    *ret_event = (struct event){0};
    if (dom_type(value) != DOM_OBJECT)
        return problem_set(
            problem, PROBLEM_NOT_AN_EVENT, "",
            "send a CloudEvent: an object with specversion, id, source, type and data");
    int outcome = envelope_collect(value, &envelope, problem);
    if (outcome == 0)
        outcome = envelope_read(&reading, &envelope);
    if (outcome == 0)
        outcome = read_data(&reading, &envelope);
    if (outcome == 0)
        outcome = event_check(ret_event, problem);
    if (outcome) {
        identify(value, arena, ret_event);
        return outcome;
    }
    event_digest(ret_event, key, arena); /* of what was said: before anything is derived from it */
    event_derive(ret_event);
    return 0;
}
