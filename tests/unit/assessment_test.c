/* Assessments by the engine: who is assessed when, what becomes a decision, and that a run outlives
 * a kill and a replay. */
#include "engine_fixture.h"

#include "domain/assessments.h"
#include "domain/runs.h"

/* Met where volunteers are more than 13 of 100 of the residents, or of the staff. */
#define RULE(id)                                                                                   \
    "return { decide = function(s, p, c) local whole = s:figure('built_up_residents') or "         \
    "s:figure('staff') local part = s:count('volunteers') finding('cause', c.cause) return { "     \
    "indicators = { { id = '" id "', value = part, target = whole, state = not whole and "         \
    "'no_data' or 100 * part > 13 * whole and 'met' or 'not_met' } } } end }"

#define COUNTY "620502000000"

static void activate(struct machine *machine, const char *name, unsigned revision,
                     const char *text) {
    struct buf data = {0};
    buf_printf(&data,
               "{\"policy\":\"%s\",\"kind\":\"assessment\",\"revision\":\"%s:%u\",\"text\":", name,
               name, revision);
    buf_json_string(&data, str_from(text));
    buf_printf(&data,
               ",\"effective\":\"2010-01-01\",\"retroactivity\":\"from_now\",\"by\":\"t\"}%c", 0);
    assert_stored(machine_send(machine, "policy.activated", data.data));
    buf_deinit(&data);
}

static void report(struct machine *machine, const char *kind, const char *id, const char *figure,
                   int value, const char *as_of) {
    char data[512];
    snprintf(data, sizeof data,
             "{\"figure\":\"%s\",\"subject\":{\"kind\":\"%s\",\"id\":\"%s\"},\"value\":%d,"
             "\"as_of\":\"%s\",\"origin\":\"test\"}",
             figure, kind, id, value, as_of);
    assert_stored(machine_send(machine, "figure.reported", data));
}

static void people(struct machine *machine, unsigned from, unsigned to) {
    for (unsigned i = from; i <= to; i++) {
        char data[128];
        snprintf(data, sizeof data, "{\"volunteer\":\"p%u\",\"region\":\"" COUNTY "\"}", i);
        assert_stored(machine_send(machine, "volunteer.registered", data));
    }
}

static uint64_t head(struct machine *machine) {
    return journal_head(machine->journal).sequence;
}

static bool runs_are_done(struct machine *machine) {
    struct view *view = NULL;
    struct run_row run;
    uint32_t number;
    machine_commit(machine);
    assert_int_equal(store_view_open(machine->store, &view), 0);
    int r = run_open(view, &number, &run);
    view_close(view);
    return r == THING_NOT_FOUND;
}

static void await_runs(struct machine *machine) {
    for (int i = 0; i < 20000 && !machine->failure && !runs_are_done(machine); i++)
        usleep(1000);
    assert_int_equal(machine->failure, 0);
    assert_true(runs_are_done(machine));
}

/* The next midnight passes and what follows from it is done. */
static void midnight(struct machine *machine) {
    uint64_t before = head(machine);
    machine_move(machine, DAY_SECONDS * MICROSECONDS);
    for (int i = 0; i < 5000 && head(machine) == before; i++)
        usleep(1000);
    await_runs(machine);
}

static uint32_t number_of(struct view *view, enum noun noun, const char *id) {
    uint32_t number = 0;
    assert_int_equal(thing_find(view, noun, str_from(id), &number), 0);
    return number;
}

/* NULL: nothing is known. */
static const char *state_of(struct machine *machine, enum noun noun, const char *id,
                            const char *indicator) {
    static char text[64];
    struct view *view = NULL;
    struct assessment assessment;
    machine_commit(machine);
    assert_int_equal(store_view_open(machine->store, &view), 0);
    int r = assessment_get(view, noun, number_of(view, noun, id), str_from(indicator), &assessment);
    if (r == 0)
        snprintf(text, sizeof text, "%.*s", STR_ARG(assessment.state));
    view_close(view);
    return r == 0 ? text : NULL;
}

#define assert_state(machine, noun, id, state)                                                     \
    do {                                                                                           \
        const char *got = state_of(machine, noun, id, "registered");                               \
        assert_non_null(got);                                                                      \
        assert_string_equal(got, state);                                                           \
    } while (0)

static void without_a_policy_midnight_begins_no_run(void **state) {
    struct machine *machine = *state;
    machine_city(machine);
    report(machine, "region", COUNTY, "built_up_residents", 100, "2018-06-01");
    uint64_t before = head(machine);
    midnight(machine);
    assert_int_equal(head(machine), before + 1);
    assert_null(state_of(machine, NOUN_REGION, COUNTY, "registered"));
}

static void midnight_assesses_the_city_and_its_counties(void **state) {
    struct machine *machine = *state;
    machine_city(machine);
    activate(machine, "assessment", 1, RULE("registered"));
    midnight(machine);
    assert_state(machine, NOUN_REGION, "620500000000", "no_data");
    assert_state(machine, NOUN_REGION, COUNTY, "no_data");
    assert_null(state_of(machine, NOUN_ORGANISATION, "o1", "registered"));
    uint64_t before = head(machine);
    midnight(machine); /* the tick and the run's progress: nothing has changed */
    assert_int_equal(head(machine), before + 2);
}

static void a_figure_is_assessed_soon(void **state) {
    struct machine *machine = *state;
    machine_city(machine);
    activate(machine, "assessment", 1, RULE("registered"));
    people(machine, 1, 13);
    uint64_t before = head(machine);
    report(machine, "region", COUNTY, "built_up_residents", 100, "2018-06-01");
    await_runs(machine);
    assert_int_equal(head(machine), before + 3); /* figure, decision, progress */
    assert_state(machine, NOUN_REGION, COUNTY, "not_met");
    assert_null(state_of(machine, NOUN_REGION, "620500000000", "registered"));
    report(machine, "organisation", "o1", "staff", 0, "2018-06-01");
    await_runs(machine);
    assert_state(machine, NOUN_ORGANISATION, "o1", "not_met");
}

static void only_a_state_that_changes_is_a_decision(void **state) {
    struct machine *machine = *state;
    struct view *view = NULL;
    struct assessment assessment;
    machine_city(machine);
    activate(machine, "assessment", 1, RULE("registered"));
    report(machine, "region", COUNTY, "built_up_residents", 100, "2018-06-01");
    await_runs(machine);
    people(machine, 1, 13);
    uint64_t before = head(machine);
    midnight(machine); /* the city has no data; the county stands as it stood */
    assert_int_equal(head(machine), before + 3);
    assert_state(machine, NOUN_REGION, COUNTY, "not_met");
    people(machine, 14, 14);
    assert_state(machine, NOUN_REGION, COUNTY, "not_met"); /* never in an event's path */
    before = head(machine);
    midnight(machine);
    assert_int_equal(head(machine), before + 3);
    assert_state(machine, NOUN_REGION, COUNTY, "met");
    assert_int_equal(store_view_open(machine->store, &view), 0);
    assert_int_equal(assessment_get(view, NOUN_REGION, number_of(view, NOUN_REGION, COUNTY),
                                    STR("registered"), &assessment),
                     0);
    assert_true(assessment.has_value && assessment.has_target);
    assert_int_equal(assessment.value.integer, 14);
    assert_int_equal(assessment.target.integer, 100);
    assert_int_equal(assessment.since, date_from_civil(2018, 6, 4)); /* the day that ended */
    view_close(view);
}

/* Reads nothing but what `steady` allows. */
#define STEADY(parameters)                                                                         \
    "return { parameters = { " parameters " }, decide = function(s, p) local whole = "             \
    "s:figure('built_up_residents') local part = s:count('volunteers') return { indicators = { { " \
    "id = 'registered', value = part, state = not whole and 'no_data' or 100 * part > p.percent "  \
    "* whole and 'met' or 'not_met' } } } end }"

/* Each decision has all the findings of its rule: what finds no room in a frame follows at the next
 * midnights. */
static void what_finds_no_room_today_is_said_tomorrow(void **state) {
    struct machine *machine = *state;
    char text[1024], last[16];
    machine_city(machine);
    for (int i = 0; i < 2; i++) {
        char name[8] = {'p', (char)('a' + i)};
        snprintf(text, sizeof text,
                 "return { decide = function(s, p, c) local list = {} for i = 1, 170 do "
                 "finding('why', ('x'):rep(240)) end for i = 1, 64 do list[i] = { id = '%s_' .. i, "
                 "state = 'met' } end return { indicators = list } end }",
                 name);
        activate(machine, name, 1, text);
    }
    for (int i = 0; i < 14; i++)
        midnight(machine);
    for (int i = 0; i < 2; i++) {
        snprintf(last, sizeof last, "p%c_64", 'a' + i);
        assert_non_null(state_of(machine, NOUN_REGION, "620500000000", last));
        assert_non_null(state_of(machine, NOUN_REGION, COUNTY, last));
    }
}

/* How many calls the next midnight costs. */
static uint64_t midnight_calls(struct machine *machine) {
    struct engine_counters before, after;
    /* what runs did is published with the next batch */
    assert_stored(machine_send(machine, "calendar.day_set",
                               "{\"date\":\"2018-10-01\",\"kind\":\"holiday\"}"));
    engine_counters(machine->engine, &before);
    midnight(machine);
    assert_stored(machine_send(machine, "calendar.day_set",
                               "{\"date\":\"2018-10-01\",\"kind\":\"holiday\"}"));
    engine_counters(machine->engine, &after);
    return after.policy_calls - before.policy_calls;
}

static void midnight_asks_only_where_something_changed(void **state) {
    struct machine *machine = *state;
    machine_city(machine);
    activate(machine, "assessment", 1,
             STEADY("['2010-01-01'] = { percent = 13 }, ['2018-06-12'] = { percent = 10 }"));
    report(machine, "region", COUNTY, "built_up_residents", 100, "2018-06-03"); /* 3rd */
    people(machine, 1, 12);
    await_runs(machine);
    assert_int_equal(midnight_calls(machine), 2); /* ends the 3rd */
    assert_int_equal(midnight_calls(machine), 1); /* the county: the figure was of the day before */
    assert_int_equal(midnight_calls(machine), 0);
    people(machine, 13, 13); /* 6th; the city's count has changed, too */
    assert_int_equal(midnight_calls(machine), 2);
    assert_state(machine, NOUN_REGION, COUNTY, "not_met");
    people(machine, 14, 14); /* 7th */
    assert_int_equal(midnight_calls(machine), 2);
    assert_state(machine, NOUN_REGION, COUNTY, "met");
    report(machine, "region", COUNTY, "built_up_residents", 110, "2018-06-08"); /* 8th */
    await_runs(machine);
    assert_state(machine, NOUN_REGION, COUNTY, "not_met");
    assert_int_equal(midnight_calls(machine), 1);
    assert_int_equal(midnight_calls(machine), 1); /* ends the 9th */
    assert_int_equal(midnight_calls(machine), 0);
    assert_int_equal(midnight_calls(machine), 0); /* ends the 11th */
    assert_state(machine, NOUN_REGION, COUNTY, "not_met");
    assert_int_equal(midnight_calls(machine), 2); /* the 12th has parameters of its own */
    assert_state(machine, NOUN_REGION, COUNTY, "met");
    machine_stop(machine);
    assert_int_equal(machine_start(machine), 0);
    assert_int_equal(midnight_calls(machine), 2); /* everyone once after a start */
    assert_int_equal(midnight_calls(machine), 0);
}

static void who_was_due_is_so_no_more(void **state) {
    struct machine *machine = *state;
    struct view *view = NULL;
    struct run_row run;
    machine_city(machine);
    activate(machine, "assessment", 1, RULE("registered"));
    report(machine, "region", COUNTY, "built_up_residents", 1, "2018-06-01");
    report(machine, "region", COUNTY, "built_up_residents", 2, "2018-06-02");
    await_runs(machine);
    machine_commit(machine);
    assert_int_equal(store_view_open(machine->store, &view), 0);
    for (uint32_t number = 1; run_get(view, number, &run) == 0; number++) {
        struct assessed assessed;
        assert_int_equal(run.kind, RUN_DUE);
        assert_int_equal(run.last, 1);
        assert_int_equal(assessed_due_get(view, number, 1, &assessed), THING_NOT_FOUND);
    }
    view_close(view);
}

static void a_failing_policy_does_no_harm(void **state) {
    struct machine *machine = *state;
    machine_city(machine);
    activate(machine, "good", 1, RULE("registered"));
    activate(machine, "bad", 1, "return { decide = function() error('no') end }");
    activate(machine, "broken", 1, "return {");
    report(machine, "region", COUNTY, "built_up_residents", 100, "2018-06-01");
    await_runs(machine);
    assert_state(machine, NOUN_REGION, COUNTY, "not_met");
    activate(machine, "good", 2, "return { decide = function() return { indicators = 1 } end }");
    midnight(machine);
    assert_state(machine, NOUN_REGION, COUNTY, "not_met");
    people(machine, 1, 1);
    assert_int_equal(machine->failure, 0);
}

static void two_policies_with_one_indicator_do_not_quarrel(void **state) {
    struct machine *machine = *state;
    machine_city(machine);
    activate(machine, "a", 1, RULE("registered"));
    activate(machine, "b", 1,
             "return { decide = function() return { indicators = { { id = 'registered', state = "
             "'other' }, { id = 'own', state = 'met' } } } end }");
    midnight(machine);
    assert_state(machine, NOUN_REGION, COUNTY, "no_data");
    assert_string_equal(state_of(machine, NOUN_REGION, COUNTY, "own"), "met");
    uint64_t before = head(machine);
    midnight(machine);
    assert_int_equal(head(machine), before + 2);
}

static void a_dissolved_organisation_is_assessed_no_more(void **state) {
    struct machine *machine = *state;
    machine_city(machine);
    activate(machine, "assessment", 1, RULE("registered"));
    report(machine, "organisation", "o1", "staff", 100, "2018-06-01");
    await_runs(machine);
    assert_state(machine, NOUN_ORGANISATION, "o1", "not_met");
    assert_stored(machine_send(machine, "organisation.dissolved", "{\"organisation\":\"o1\"}"));
    activate(machine, "assessment", 2,
             "return { decide = function() return { indicators = { { id = 'registered', state = "
             "'other' } } } end }");
    midnight(machine);
    assert_state(machine, NOUN_ORGANISATION, "o1", "not_met");
    assert_state(machine, NOUN_REGION, COUNTY, "other");
}

static void replay(struct machine *machine) {
    char before[65], after[65];
    machine_digest(machine, before);
    machine_stop(machine);
    char *directory = machine_path(machine, "state");
    assert_int_equal(store_remove(directory), 0);
    free(directory);
    assert_int_equal(machine_start(machine), 0);
    machine_digest(machine, after);
    assert_string_equal(before, after);
}

static void a_run_goes_on_after_an_end_and_replays_to_the_same_export(void **state) {
    enum { UNITS = 1200 };
    struct machine *machine = *state;
    machine_city(machine);
    for (unsigned i = 0; i < UNITS; i++) {
        char data[256], id[16];
        snprintf(id, sizeof id, "u%u", i);
        snprintf(data, sizeof data,
                 "{\"organisation\":\"%s\",\"name\":\"单位\",\"kind\":\"enterprise\",\"region\":"
                 "\"" COUNTY "\"}",
                 id);
        assert_stored(machine_send(machine, "organisation.defined", data));
        report(machine, "organisation", id, "staff", 100, "2018-06-01");
    }
    activate(machine, "assessment", 1, RULE("registered"));
    uint64_t before = head(machine);
    machine_move(machine, DAY_SECONDS * MICROSECONDS);
    for (int i = 0; i < 5000 && head(machine) == before; i++)
        usleep(100);
    machine_stop(machine); /* at most a chunk of the run is done, or two */
    assert_int_equal(machine_start(machine), 0);
    await_runs(machine);
    assert_state(machine, NOUN_ORGANISATION, "u0", "not_met");
    assert_state(machine, NOUN_ORGANISATION, "u1199", "not_met");
    assert_state(machine, NOUN_REGION, COUNTY, "no_data");
    struct view *view = NULL;
    assert_int_equal(store_view_open(machine->store, &view), 0);
    assert_int_equal(assessed_count(view), UNITS + 2);
    view_close(view);
    /* The tick, a decision each, and the progress of chunks of 16 or more. */
    uint64_t least = before + 1 + UNITS + 2;
    assert_true(head(machine) > least && head(machine) < least + UNITS / 16 + 3);
    replay(machine);
}

static void a_due_run_replays_to_the_same_export(void **state) {
    struct machine *machine = *state;
    machine_city(machine);
    activate(machine, "assessment", 1, RULE("registered"));
    report(machine, "region", COUNTY, "built_up_residents", 100, "2018-06-01");
    report(machine, "organisation", "o1", "staff", 100, "2018-06-01");
    await_runs(machine);
    replay(machine);
    midnight(machine);
    replay(machine);
}

int main(void) {
#define T(name) cmocka_unit_test_setup_teardown(name, machine_setup, machine_teardown)
    const struct CMUnitTest tests[] = {
        T(without_a_policy_midnight_begins_no_run),
        T(midnight_assesses_the_city_and_its_counties),
        T(a_figure_is_assessed_soon),
        T(only_a_state_that_changes_is_a_decision),
        T(what_finds_no_room_today_is_said_tomorrow),
        T(midnight_asks_only_where_something_changed),
        T(who_was_due_is_so_no_more),
        T(a_failing_policy_does_no_harm),
        T(two_policies_with_one_indicator_do_not_quarrel),
        T(a_dissolved_organisation_is_assessed_no_more),
        T(a_run_goes_on_after_an_end_and_replays_to_the_same_export),
        T(a_due_run_replays_to_the_same_export),
    };
    return cmocka_run_group_tests_name("assessment", tests, NULL, NULL);
}
