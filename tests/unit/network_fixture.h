/* What the tests of titles, plans, teams, projects and stations share: events of a day, and what is
 * counted at the end of one. */
#pragma once

#include "domain_fixture.h"

#include "domain/dictionaries.h"
#include "domain/organisations.h"

#define CITY "620500000000"
#define QINZHOU "620502000000"
#define MAIJI "620503000000"
#define STREET "620502001000"
#define COMMUNITY "620502001001"

/* An event at noon of that day, which is recorded then too. */
static inline void on_day(struct world *world, const char *date, enum problem_code code,
                          const char *type, const char *data) {
    char time[40];
    snprintf(time, sizeof time, "%sT12:00:00+08:00", date);
    world_assert(world, code, type, time, data);
}

static inline void done_on(struct world *world, const char *date, const char *type,
                           const char *data) {
    on_day(world, date, PROBLEM_NONE, type, data);
}

static inline struct view *engine_view(struct world *world) {
    return world->stepper.context.view;
}

static inline int64_t counted_at(struct world *world, int32_t at, enum noun noun, const char *id,
                                 enum counter counter) {
    int64_t value = -1;
    assert_int_equal(
        counter_value(engine_view(world), at, noun, world_number(world, noun, id), counter, &value),
        0);
    return value;
}

static inline int64_t counted(struct world *world, const char *region, enum counter counter) {
    return counted_at(world, COUNTER_NOW, NOUN_REGION, region, counter);
}

static inline int64_t counted_for(struct world *world, const char *organisation,
                                  enum counter counter) {
    return counted_at(world, COUNTER_NOW, NOUN_ORGANISATION, organisation, counter);
}

/* How many open things name a category. */
static inline uint32_t category_uses(struct world *world, const char *code) {
    struct dictionary_code entry;
    assert_int_equal(
        dictionary_get(engine_view(world), DICTIONARY_CATEGORY, str_from(code), &entry), 0);
    return entry.uses;
}

/* A refusal's message holds this text. */
static inline void assert_says(struct world *world, const char *field, const char *text) {
    assert_string_equal(world->problem.field, field);
    if (!strstr(world->problem.message, text))
        fail_msg("\"%s\" does not say \"%s\"", world->problem.message, text);
}
