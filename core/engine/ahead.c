#include "engine/ahead.h"

#include "domain/ledger_rows.h"
#include "domain/person_months.h"
#include "domain/things.h"

/* The account that nearly all is posted to: the first of the dictionary. */
#define FIRST_ACCOUNT 1

/* How many events before its turn. */
enum { IDENTIFIERS = AHEAD_EVENTS - 1, THEIR_ROWS = 5, WHAT_THEY_NAME = 3, THOSE_ROWS = 1 };

static void note(struct ahead *ahead, size_t at, view_hint hint) {
    size_t *n = &ahead->events[at % AHEAD_EVENTS].n;
    if (*n < AHEAD_HINTS)
        ahead->events[at % AHEAD_EVENTS].hints[(*n)++] = hint;
}

static struct str identifier(const struct event *event, const struct field *field) {
    return *(const struct str *)(const void *)((const char *)event->data + field->offset);
}

static void look_at_identifiers(struct ahead *ahead, struct view *view, const struct event *event,
                                size_t at) {
    if (event->id.size)
        note(ahead, at, event_id_hint(view, event->source, event->id));
    const struct fields *fields = event->type->fields;
    for (size_t i = 0; i < fields->n; i++) {
        const struct field *field = &fields->list[i];
        if (field->kind != FIELD_ID)
            continue;
        struct str id = identifier(event, field);
        if (id.size)
            note(ahead, at, thing_hint(view, (enum noun)field->noun, id));
    }
}

static void look_at_rows(struct ahead *ahead, struct view *view, size_t at) {
    for (size_t i = 0; i < ahead->events[at % AHEAD_EVENTS].n; i++)
        view_hint_row(view, ahead->events[at % AHEAD_EVENTS].hints[i]);
    ahead->events[at % AHEAD_EVENTS].n = 0;
}

static void look_at_volunteer(struct ahead *ahead, struct view *view, uint32_t volunteer,
                              size_t at) {
    char key[8];
    note(ahead, at, view_hint_key(view, TABLE_VOLUNTEER, number_key(key, volunteer)));
    note(ahead, at, view_hint_key(view, TABLE_BALANCE, balance_key(key, volunteer, FIRST_ACCOUNT)));
}

static void look_at_service(struct ahead *ahead, struct stepper *stepper,
                            const struct service_recorded *service, size_t at) {
    struct view *view = stepper->context.view;
    uint32_t number;
    char key[6];
    if (thing_find(view, NOUN_VOLUNTEER, service->volunteer, &number) == 0) {
        int32_t date = zone_date(stepper->context.zone, service->starts.us);
        look_at_volunteer(ahead, view, number, at);
        note(ahead, at,
             view_hint_key(view, TABLE_PERSON_MONTH,
                           person_month_key(key, date_month(date), number)));
    }
    if (thing_find(view, NOUN_ACTIVITY, service->activity, &number) == 0)
        note(ahead, at, view_hint_key(view, TABLE_ACTIVITY, number_key(key, number)));
}

static void look(struct ahead *ahead, struct stepper *stepper, const struct event *event, size_t at,
                 size_t before) {
    struct view *view = stepper->context.view;
    switch (before) {
    case IDENTIFIERS:
        look_at_identifiers(ahead, view, event, at);
        break;
    case THEIR_ROWS:
    case THOSE_ROWS:
        look_at_rows(ahead, view, at);
        break;
    case WHAT_THEY_NAME:
        if (event->type->number == EVENT_service_recorded && stepper->has_city)
            look_at_service(ahead, stepper, event->data, at);
        break;
    }
}

void ahead_look(struct ahead *ahead, struct stepper *stepper, const struct event *events, size_t n,
                size_t at) {
    if (at == 0)
        for (size_t i = 0; i < AHEAD_EVENTS; i++)
            ahead->events[i].n = 0;
    static const size_t distances[] = {THOSE_ROWS, WHAT_THEY_NAME, THEIR_ROWS, IDENTIFIERS};
    for (size_t i = 0; i < sizeof distances / sizeof *distances; i++) {
        size_t to = at + distances[i];
        if (to < n && events[to].type)
            look(ahead, stepper, &events[to], to, distances[i]);
    }
}
