#include "bus/methods_decisions.h"

#include <stdlib.h>

#include "bus/methods_common.h"

/* Reading on is cheaper than looking for a place anew, up to so many records. */
#define READ_ON_LIMIT 2000

json_t *json_from_scalar(const struct scalar *scalar) {
    switch (scalar->kind) {
    case SCALAR_TEXT:
        return json_from_str(scalar->text);
    case SCALAR_BOOLEAN:
        return json_boolean(scalar->integer);
    default:
        return json_integer(scalar->integer);
    }
}

json_t *json_from_findings(struct query *query, struct str revision, const struct list *findings,
                           struct arena *arena) {
    const struct finding *items = findings->items;
    json_t *array = json_array();
    for (size_t i = 0; i < findings->n; i++) {
        struct str text = policy_finding_text(query->host, revision, &items[i], arena);
        json_t *object = json_pack("{s:o}", "code", json_from_str(items[i].code));
        if (HAS(&items[i], finding, value))
            json_object_set_new(object, "value", json_from_scalar(&items[i].value));
        if (HAS(&items[i], finding, needed))
            json_object_set_new(object, "needed", json_from_scalar(&items[i].needed));
        json_object_set_new(object, "text", json_from_str(text));
        json_array_append_new(array, object);
    }
    return array;
}

const struct list *event_findings(const struct event *event) {
    size_t field = fields_find(event->type->fields, STR("findings"));
    if (field == NOT_FOUND_FIELD)
        return NULL;
    return (const void *)((const char *)event->data + event->type->fields->list[field].offset);
}

/* ---- wanted events ---- */

void wanted_add(struct query *query, struct wanted_list *list, uint64_t sequence, json_t *into) {
    if (sequence == 0) {
        json_object_set_new(into, "findings", json_array());
        return;
    }
    if (list->n == list->capacity) {
        size_t capacity = list->capacity ? 2 * list->capacity : 64;
        struct wanted *items = arena_alloc(query->arena, capacity * sizeof *items);
        for (size_t i = 0; i < list->n; i++)
            items[i] = list->items[i];
        list->items = items;
        list->capacity = capacity;
    }
    list->items[list->n++] = (struct wanted){sequence, into};
}

static int wanted_compare(const void *a, const void *b) {
    const struct wanted *left = a, *right = b;
    return (left->sequence > right->sequence) - (left->sequence < right->sequence);
}

static void describe(struct query *query, const struct event *event, struct arena *arena,
                     json_t *into) {
    const struct list *findings = event_findings(event);
    json_object_set_new(into, "findings",
                        findings ? json_from_findings(query, event->revision, findings, arena)
                                 : json_array());
    if (event->revision.size)
        json_object_set_new(into, "revision", json_from_str(event->revision));
    if (event->type->number == EVENT_service_revoked) {
        const struct service_revoked *revoked = event->data;
        json_object_set_new(into, "reason", json_from_str(revoked->reason));
    }
}

/* A reader that goes forward from one wanted sequence to the next. */
struct forward {
    struct journal *journal;
    struct journal_reader *reader;
    uint64_t at; /* of the record read last */
    struct str record;
};

/* 0 with forward->record, JOURNAL_END or JOURNAL_NOT_THERE where it cannot be had. */
static int forward_to(struct forward *forward, uint64_t sequence) {
    bool near =
        forward->reader && sequence >= forward->at && sequence - forward->at <= READ_ON_LIMIT;
    int r = 0;
    if (!near) {
        journal_reader_close(forward->reader);
        forward->reader = NULL;
        forward->at = 0;
        r = journal_reader_open(forward->journal, sequence - 1, &forward->reader);
    }
    while (r == 0 && forward->at < sequence)
        r = journal_reader_next(forward->reader, &forward->record, &forward->at);
    return r;
}

int wanted_fill(struct query *query, struct wanted_list *list) {
    struct forward forward = {.journal = query->services->journal};
    struct arena arena;
    int r = 0;
    if (list->n)
        qsort(list->items, list->n, sizeof *list->items, wanted_compare);
    arena_init(&arena);
    for (size_t i = 0; r >= 0 && i < list->n; i++) {
        const struct wanted *wanted = &list->items[i];
        struct event event;
        r = forward_to(&forward, wanted->sequence);
        arena_reset(&arena);
        if (r == 0 && forward.at == wanted->sequence &&
            event_decode(forward.record, &arena, &event) == 0)
            describe(query, &event, &arena, wanted->into);
        else
            json_object_set_new(wanted->into, "findings", json_array());
    }
    journal_reader_close(forward.reader);
    arena_deinit(&arena);
    return r < 0 ? r : 0;
}
