#include "policy/subject_facts.h"

#include "domain/civilised_titles.h"
#include "domain/counters.h"
#include "domain/evidence.h"
#include "domain/figures.h"
#include "domain/organisations.h"
#include "domain/plans.h"
#include "policy/call.h"
#include "policy/counts.h"

/* Steps of the budget for reading one. */
#define READ_STEPS 40

/* The choice that the name is, or an error that says what there is. */
static int32_t choice_of(struct reading *reading, const struct choices *choices, const char *fact) {
    struct str name = reading->arguments.name;
    for (size_t i = 0; i < choices->n; i++)
        if (str_equal(str_from(choices->words[i]), name))
            return (int32_t)i;
    const char *nearest = str_nearest(name, choices->words, choices->n);
    return luaL_error(reading->lua, "%s: there is no '%s'%s%s%s", fact, name.data,
                      nearest ? ": did you mean '" : "", nearest ? nearest : "",
                      nearest ? "'?" : "");
}

void figure_check(struct reading *reading) {
    (void)choice_of(reading, &FIGURE_choices, "figure");
}

int figure_read(struct reading *reading, enum noun noun) {
    const struct call *call = reading->call;
    int32_t figure = choice_of(reading, &FIGURE_choices, "figure");
    int32_t as_of =
        reading->arguments.given & ARGUMENT_ON ? reading->arguments.on : reading->call->as_of;
    struct figure found;
    if (!(reading->arguments.given & ARGUMENT_ON))
        reading_is_steady(reading);
    sandbox_charge(reading->lua, READ_STEPS);
    int r = figure_get(call->view, (enum FIGURE_choice)figure, noun, reading->object->number, as_of,
                       call->at, &found);
    if (r == 0)
        return push_integer(reading, found.value);
    lua_pushnil(reading->lua);
    return r < 0 ? r : 0;
}

#define GAINED_DAYS_MOST 3660

void gained_check(struct reading *reading) {
    counts_check(reading);
    if (reading->arguments.n < 1 || reading->arguments.n > GAINED_DAYS_MOST)
        luaL_error(reading->lua, "gained: from 1 to %d days are looked back", GAINED_DAYS_MOST);
}

/* By the end of the days: what stands now, for a question about today. */
int gained_read(struct reading *reading, enum noun noun) {
    const struct call *call = reading->call;
    enum counter counter = counter_find(reading->arguments.name);
    int32_t then = call->as_of - (int32_t)reading->arguments.n;
    int64_t now, before;
    sandbox_charge(reading->lua, 2 * READ_STEPS);
    int r = counter_value(call->view, call->at, noun, reading->object->number, counter, &now);
    if (r == 0)
        r = counter_value(call->view, then, noun, reading->object->number, counter, &before);
    return r < 0 ? r : push_integer(reading, now - before);
}

void evidence_check(struct reading *reading) {
    if (!call_is_code(reading->arguments.name))
        luaL_error(reading->lua, "evidence: an item of small letters, digits and _ is expected");
}

static void set_integer(lua_State *lua, const char *name, int64_t value) {
    if (value < 0)
        return;
    lua_pushinteger(lua, value);
    lua_setfield(lua, -2, name);
}

int evidence_read(struct reading *reading, enum noun noun) {
    const struct call *call = reading->call;
    lua_State *lua = reading->lua;
    struct proof proof;
    sandbox_charge(lua, 2 * READ_STEPS);
    reading_is_steady(reading); /* what is accepted is assessed at once */
    int r = proof_get(call->view, noun, reading->object->number, reading->arguments.name,
                      call->as_of, call->at, &proof);
    if (r != 0) {
        lua_pushnil(lua);
        return r < 0 ? r : 0;
    }
    lua_createtable(lua, 0, 6);
    push_choice(reading, &GRADE_choices, proof.state);
    lua_setfield(lua, -2, "state");
    push_choice(reading, &EVIDENCE_METHOD_choices, proof.method);
    lua_setfield(lua, -2, "method");
    push_date(reading, proof.on);
    lua_setfield(lua, -2, "on");
    set_integer(lua, "value", proof.value);
    set_integer(lua, "whole", proof.whole);
    r = push_id(reading, NOUN_EVIDENCE, proof.evidence);
    lua_setfield(lua, -2, "evidence");
    return r;
}

void plan_check(struct reading *reading) {
    (void)choice_of(reading, &MEASURE_choices, "plan");
}

int plan_read(struct reading *reading, enum noun noun) {
    int32_t measure = choice_of(reading, &MEASURE_choices, "plan");
    lua_State *lua = reading->lua;
    struct plan plan;
    sandbox_charge(lua, READ_STEPS);
    reading_is_steady(reading);
    int r = plan_target(reading->call->view, noun, reading->object->number,
                        (enum MEASURE_choice)measure, reading->call->at, &plan);
    if (r != 0) {
        lua_pushnil(lua);
        return r < 0 ? r : 0;
    }
    lua_createtable(lua, 0, 2);
    lua_pushinteger(lua, plan.target);
    lua_setfield(lua, -2, "target");
    push_date(reading, plan.due);
    lua_setfield(lua, -2, "due");
    return 0;
}

int titles_read(struct reading *reading, enum noun noun) {
    lua_State *lua = reading->lua;
    lua_newtable(lua);
    lua_Integer n = 0;
    reading_is_steady(reading);
    for (int title = 0; title < CIVILISED_TITLE_COUNT; title++) {
        struct civilised_title held;
        sandbox_charge(lua, READ_STEPS / 2);
        int r = civilised_title_get(reading->call->view, (enum CIVILISED_TITLE_choice)title, noun,
                                    reading->object->number, reading->call->at, &held);
        if (r < 0)
            return r;
        if (r > 0 || !held.held)
            continue;
        lua_createtable(lua, 0, 3);
        push_choice(reading, &CIVILISED_TITLE_choices, title);
        lua_setfield(lua, -2, "title");
        push_choice(reading, &TITLE_LEVEL_choices, (int32_t)held.level);
        lua_setfield(lua, -2, "level");
        push_date(reading, held.awarded_on);
        lua_setfield(lua, -2, "on");
        lua_rawseti(lua, -2, ++n);
    }
    return 0;
}

/* ---- lists ---- */

struct numbers {
    uint32_t *list;
    size_t n;
    size_t capacity;
};

static void add_number(struct reading *reading, struct numbers *numbers, uint32_t number) {
    struct arena *arena = reading->call->arena;
    if (numbers->n == numbers->capacity) {
        size_t capacity = numbers->capacity ? 2 * numbers->capacity : 16;
        uint32_t *grown = arena_alloc(arena, capacity * sizeof *grown);
        if (numbers->n)
            memcpy(grown, numbers->list, numbers->n * sizeof *grown);
        numbers->list = grown;
        numbers->capacity = capacity;
    }
    numbers->list[numbers->n++] = number;
}

/* Nothing leads down the tree: every region is asked for its parent. */
int region_children(struct reading *reading) {
    struct numbers numbers = {0};
    uint32_t n, path[REGION_DEPTH];
    int r = thing_count(reading->call->view, NOUN_REGION, &n);
    if (r != 0)
        return r;
    sandbox_charge(reading->lua, (uint64_t)n * READ_STEPS / 2);
    for (uint32_t region = 1; region <= n; region++)
        if (region_path_at(reading->call->view, region, reading->call->at, reading->call->arena,
                           path) > 1 &&
            path[1] == reading->object->number)
            add_number(reading, &numbers, region);
    return reading_objects(reading, OBJECT_REGION, "children", numbers.list, numbers.n);
}

int organisation_children(struct reading *reading) {
    struct view *view = reading->call->view;
    struct numbers numbers = {0};
    uint32_t n;
    int r = thing_count(view, NOUN_ORGANISATION, &n);
    if (r != 0)
        return r;
    sandbox_charge(reading->lua, (uint64_t)n * READ_STEPS);
    for (uint32_t organisation = 1; organisation <= n; organisation++) {
        struct organisation_defined attributes;
        uint32_t parent = 0;
        r = organisation_attributes_at(view, organisation, reading->call->at, reading->call->arena,
                                       &attributes);
        if (r == 0)
            r = find_number(reading, NOUN_ORGANISATION, attributes.parent, &parent);
        if (r < 0)
            return r;
        if (parent == reading->object->number)
            add_number(reading, &numbers, organisation);
    }
    return reading_objects(reading, OBJECT_ORGANISATION, "children", numbers.list, numbers.n);
}

struct unit_search {
    struct reading *reading;
    struct numbers numbers;
};

static bool lay_within(struct call *call, uint32_t organisation, const struct organisation_row *row,
                       uint32_t above) {
    uint32_t region;
    if (organisation_region_at(call->view, organisation, row, call->at, call->arena, &region) != 0)
        return false;
    return region_lies_in_at(call->view, region, above, call->at, call->arena);
}

static int take_unit(void *context, struct str key, struct str row) {
    struct unit_search *search = context;
    struct call *call = search->reading->call;
    struct civilised_title title;
    struct organisation_row organisation;
    if (key.size != CIVILISED_TITLE_KEY_BYTES || key.data[0] != (char)NOUN_ORGANISATION)
        return 1;
    struct cursor in = {key.data + 1, key.data + key.size, false};
    uint32_t number = cursor_u32_sorted(&in);
    sandbox_charge(search->reading->lua, READ_STEPS / 2);
    if (cursor_byte(&in) != CIVILISED_TITLE_UNIT ||
        civilised_title_decode(row, call->at, &title) != 0 || !title.held)
        return 0;
    int r = organisation_get(call->view, number, &organisation);
    if (r != 0)
        return r < 0 ? r : 0;
    if (organisation_stood(&organisation, call->at) &&
        lay_within(call, number, &organisation, search->reading->object->number))
        add_number(search->reading, &search->numbers, number);
    return 0;
}

int region_units(struct reading *reading) {
    struct unit_search search = {.reading = reading};
    const char from[] = {(char)NOUN_ORGANISATION};
    if (!view_can_scan(reading->call->view))
        return luaL_error(reading->lua,
                          "units are listed for bulletins only; an assessment counts them: "
                          "region:count(\"units_municipal\")");
    int r = view_scan(reading->call->view, TABLE_CIVILISED_TITLE, (struct str){from, sizeof from},
                      take_unit, &search);
    if (r < 0)
        return r;
    return reading_objects(reading, OBJECT_ORGANISATION, "units", search.numbers.list,
                           search.numbers.n);
}
