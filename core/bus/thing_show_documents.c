/* Documents, and what rests on each: rules (whose text has it as its basis, or that were activated
 * by it), titles that were awarded by it, and whatever names it: plans, campaigns, notices. */
#include "bus/methods_common.h"
#include "bus/methods_rules.h"
#include "bus/thing_show.h"
#include "domain/civilised_titles.h"
#include "domain/documents.h"

#define RESTING_LIMIT 1000 /* of each kind */

const char *const document_states[2] = {
    [DOCUMENT_IN_FORCE] = "in_force",
    [DOCUMENT_WITHDRAWN] = "withdrawn",
};

int show_document(struct query *query, uint32_t number, const struct thing *thing,
                  struct arena *arena, json_t *object) {
    struct document_end end;
    if (thing->state != DOCUMENT_WITHDRAWN)
        return 0;
    int r = query_found(document_end_get(query->view, number, &end));
    if (r != 0)
        return r;
    json_object_set_new(object, "withdrawn_on", json_from_date(end.on, INT32_MIN));
    json_object_set_new(object, "replaced_by",
                        json_from_number(query, NOUN_DOCUMENT, end.replaced_by, arena));
    return 0;
}

/* ---- rules ---- */

/* How a revision rests on the document; NULL: it does not. */
static const char *rests_by(const struct policy_revision *revision, struct str document) {
    const struct policy_activated *data = &revision->data;
    if (str_equal(rule_glance(data->text, "basis"), document))
        return "basis";
    return HAS(data, policy_activated, document) && str_equal(data->document, document)
               ? "activation"
               : NULL;
}

static int put_rules(struct query *query, struct str document, json_t *object) {
    struct rules rules;
    json_t *list = json_array();
    json_object_set_new(object, "rules", list);
    int r = rules_load(query, &rules);
    for (size_t i = 0; r == 0 && i < rules.n; i++) {
        const char *by = rests_by(&rules.items[i], document);
        if (!by)
            continue;
        json_t *rule = rule_describe(query, &rules, &rules.items[i]);
        json_object_set_new(rule, "rests_by", json_string(by));
        json_array_append_new(list, rule);
    }
    return r;
}

/* ---- titles ---- */

struct title_list {
    struct query *query;
    struct arena *arena;
    uint32_t document;
    json_t *items;
};

static int take_title(void *context, struct str key, struct str row) {
    struct title_list *list = context;
    struct civilised_title title;
    struct cursor in = cursor_from(key);
    enum noun noun = cursor_byte(&in);
    uint32_t number = cursor_u32_sorted(&in);
    unsigned kind = cursor_byte(&in);
    int r = civilised_title_decode(row, COUNTER_NOW, &title);
    if (r != 0 || kind >= CIVILISED_TITLE_COUNT || title.document != list->document ||
        json_array_size(list->items) >= RESTING_LIMIT)
        return r < 0 ? r : 0;
    json_array_append_new(list->items,
                          json_pack("{s:s, s:o, s:s, s:o, s:s}", "title",
                                    CIVILISED_TITLE_choices.words[kind], "subject",
                                    json_from_subject(list->query, noun, number, list->arena),
                                    "level", TITLE_LEVEL_choices.words[title.level], "awarded_on",
                                    json_from_date(title.awarded_on, 0), "state",
                                    civilised_title_state_text(&title)));
    return 0;
}

/* ---- whatever names it ---- */

/* The field of a noun's attributes that names a document; NULL: none does. */
static const struct field *document_field(enum noun noun, uint64_t *ret_present) {
    const struct event_type *type = thing_type(noun);
    for (size_t i = 1; type && i < type->fields->n; i++) {
        const struct field *field = &type->fields->list[i];
        *ret_present = UINT64_C(1) << i;
        if (field->kind == FIELD_ID && field->noun == NOUN_DOCUMENT && !(field->flags & SEALED))
            return field;
    }
    return NULL;
}

static int take_named(struct query *query, enum noun noun, const struct field *field,
                      uint64_t present, struct str document, struct arena *arena, json_t *list) {
    uint32_t count;
    int r = thing_count(query->view, noun, &count);
    for (uint32_t number = 1; r == 0 && number <= count; number++) {
        struct thing thing;
        arena_reset(arena);
        r = thing_get(query->view, noun, number, arena, &thing);
        if (r != 0) {
            r = r < 0 ? r : 0;
            continue;
        }
        const struct data *head = thing.attributes;
        struct str named = *(const struct str *)((const char *)thing.attributes + field->offset);
        if ((head->present & present) && str_equal(named, document) &&
            json_array_size(list) < RESTING_LIMIT)
            json_array_append_new(list, json_from_subject(query, noun, number, arena));
    }
    return r;
}

static int put_named(struct query *query, struct str document, json_t *object) {
    struct arena arena;
    json_t *list = json_array();
    int r = 0;
    arena_init(&arena);
    json_object_set_new(object, "named_by", list);
    for (unsigned noun = 0; r == 0 && noun < NOUN_COUNT; noun++) {
        uint64_t present;
        const struct field *field = document_field((enum noun)noun, &present);
        if (field)
            r = take_named(query, (enum noun)noun, field, present, document, &arena, list);
    }
    arena_deinit(&arena);
    return r;
}

int show_document_whole(struct query *query, uint32_t number, const struct thing *thing,
                        struct arena *arena, json_t *object) {
    const struct document_registered *document = thing->attributes;
    struct title_list titles = {query, arena, number, json_array()};
    struct document_end end;
    json_object_set_new(object, "titles", titles.items);
    if (thing->state == DOCUMENT_WITHDRAWN && document_end_get(query->view, number, &end) == 0) {
        json_object_set_new(object, "by", json_from_str(end.by));
        json_object_set_new(object, "reason", json_from_str(end.reason));
    }
    int r = view_scan(query->view, TABLE_CIVILISED_TITLE, STR_NONE, take_title, &titles);
    if (r == 0)
        r = put_rules(query, document->document, object);
    return r == 0 ? put_named(query, document->document, object) : r;
}
