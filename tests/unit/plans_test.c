/* Plans: targets by a day, and which were in force on a past day. Documents: what they rest on. */
#include "network_fixture.h"

#include "domain/documents.h"
#include "domain/plans.h"

#define PLAN(plan, kind, id, measure, target, due)                                                 \
    "{\"plan\":\"" plan "\",\"subject\":{\"kind\":\"" kind "\",\"id\":\"" id                       \
    "\"},\"measure\":\"" measure "\",\"target\":" target ",\"due\":\"" due "\"}"

static int64_t target_at(struct world *world, enum noun noun, const char *id,
                         enum MEASURE_choice measure, int32_t at) {
    struct plan plan;
    int r =
        plan_target(engine_view(world), noun, world_number(world, noun, id), measure, at, &plan);
    return r == 0 ? plan.target : -1;
}

static int64_t target(struct world *world, const char *region) {
    return target_at(world, NOUN_REGION, region, MEASURE_STATIONS_BUILT, COUNTER_NOW);
}

static int take_plan(void *context, const struct plan *plan) {
    int64_t *sum = context;
    *sum = *sum * 1000 + plan->target;
    return 0;
}

/* The targets in force, in order, as one number. */
static int64_t all_targets(struct world *world, const char *region, int32_t at) {
    int64_t sum = 0;
    assert_int_equal(plan_each(engine_view(world), NOUN_REGION,
                               world_number(world, NOUN_REGION, region), at, take_plan, &sum),
                     0);
    return sum;
}

static void a_plan_set_again_replaces_its_target(void **state) {
    struct world *world = *state;
    struct thing thing;
    world_city(world);
    done_on(world, "2018-06-02", "plan.set",
            PLAN("p1", "region", CITY, "stations_built", "120", "2018-12-31"));
    assert_int_equal(target(world, CITY), 120);
    done_on(world, "2018-06-05", "plan.set",
            PLAN("p1", "region", CITY, "stations_built", "122", "2018-12-31"));
    assert_int_equal(target(world, CITY), 122);
    assert_int_equal(all_targets(world, CITY, COUNTER_NOW), 122);
    assert_int_equal(thing_get(engine_view(world), NOUN_PLAN, 1, &world->arena, &thing), 0);
    assert_int_equal(((const struct plan_set *)thing.attributes)->target, 122);
    assert_true(thing.changed_sequence > thing.defined_sequence);
    assert_int_equal(target(world, QINZHOU), -1);
}

static void the_targets_of_a_past_day_can_be_read(void **state) {
    struct world *world = *state;
    world_city(world);
    done_on(world, "2018-06-02", "plan.set",
            PLAN("p1", "region", CITY, "stations_built", "120", "2018-12-31"));
    done_on(world, "2018-06-05", "plan.set",
            PLAN("p1", "region", CITY, "stations_built", "122", "2018-12-31"));
    done_on(world, "2018-06-05", "plan.set",
            PLAN("p2", "region", CITY, "stations_built", "60", "2018-10-31"));
    assert_int_equal(all_targets(world, CITY, day("2018-06-01")), 0);
    assert_int_equal(all_targets(world, CITY, day("2018-06-04")), 120);
    assert_int_equal(all_targets(world, CITY, day("2018-06-05")), 122060);
    assert_int_equal(target_at(world, NOUN_REGION, CITY, MEASURE_STATIONS_BUILT, day("2018-06-04")),
                     120);
}

static void of_several_plans_the_one_due_last_is_the_target(void **state) {
    struct world *world = *state;
    struct plan plan;
    world_city(world);
    assert_applied(world, "plan.set",
                   PLAN("p1", "region", QINZHOU, "stations_opened", "47", "2018-10-31"));
    assert_applied(world, "plan.set",
                   PLAN("p2", "region", QINZHOU, "stations_built", "50", "2018-12-31"));
    assert_applied(world, "plan.set",
                   PLAN("p3", "region", QINZHOU, "stations_built", "20", "2018-09-30"));
    assert_int_equal(target(world, QINZHOU), 50);
    assert_int_equal(target_at(world, NOUN_REGION, QINZHOU, MEASURE_STATIONS_OPENED, COUNTER_NOW),
                     47);
    assert_int_equal(plan_target(engine_view(world), NOUN_REGION,
                                 world_number(world, NOUN_REGION, QINZHOU), MEASURE_STATIONS_OPENED,
                                 COUNTER_NOW, &plan),
                     0);
    assert_int_equal(plan.due, day("2018-10-31"));
    assert_int_equal(plan.plan, world_number(world, NOUN_PLAN, "p1"));
}

static void a_plan_moved_to_another_subject_leaves_the_old_one(void **state) {
    struct world *world = *state;
    world_city(world);
    done_on(world, "2018-06-02", "plan.set",
            PLAN("p1", "region", QINZHOU, "volunteers", "500", "2018-12-31"));
    done_on(world, "2018-06-05", "plan.set",
            PLAN("p1", "organisation", "o1", "volunteers", "30", "2018-12-31"));
    assert_int_equal(all_targets(world, QINZHOU, COUNTER_NOW), 0);
    assert_int_equal(all_targets(world, QINZHOU, day("2018-06-04")), 500);
    assert_int_equal(target_at(world, NOUN_ORGANISATION, "o1", MEASURE_VOLUNTEERS, COUNTER_NOW),
                     30);
    assert_int_equal(
        target_at(world, NOUN_ORGANISATION, "o1", MEASURE_VOLUNTEERS, day("2018-06-04")), -1);
    done_on(world, "2018-06-06", "plan.set",
            PLAN("p1", "region", QINZHOU, "volunteers", "600", "2018-12-31"));
    assert_int_equal(all_targets(world, QINZHOU, COUNTER_NOW), 600);
    assert_int_equal(target_at(world, NOUN_ORGANISATION, "o1", MEASURE_VOLUNTEERS, COUNTER_NOW),
                     -1);
}

static void a_plan_follows_a_region_that_is_recoded(void **state) {
    struct world *world = *state;
    world_city(world);
    assert_applied(world, "plan.set",
                   PLAN("p1", "region", QINZHOU, "stations_built", "47", "2018-12-31"));
    assert_applied(world, "region.recoded",
                   "{\"region\":\"620502000000\",\"into\":\"620592000000\"}");
    assert_int_equal(target(world, "620592000000"), 47);
    assert_applied(world, "plan.set",
                   PLAN("p1", "region", "620592000000", "stations_built", "48", "2018-12-31"));
    assert_int_equal(all_targets(world, "620592000000", COUNTER_NOW), 48);
}

static void a_plan_is_for_what_its_subject_is_counted_by(void **state) {
    struct world *world = *state;
    world_city(world);
    assert_refused(world, PROBLEM_OUT_OF_RANGE, "plan.set",
                   PLAN("p1", "organisation", "o1", "stations_built", "1", "2018-12-31"));
    assert_string_equal(world->problem.field, "data.measure");
    assert_refused(world, PROBLEM_OUT_OF_RANGE, "plan.set",
                   PLAN("p1", "volunteer", "v1", "minutes", "1", "2018-12-31"));
    assert_string_equal(world->problem.field, "data.subject.kind");
    assert_refused(world, PROBLEM_UNKNOWN_NOUN, "plan.set",
                   PLAN("p1", "region", "620509000000", "minutes", "1", "2018-12-31"));
    assert_refused(world, PROBLEM_OUT_OF_RANGE, "plan.set",
                   PLAN("p1", "region", CITY, "minutes", "-1", "2018-12-31"));
    assert_applied(world, "organisation.dissolved", "{\"organisation\":\"o1\"}");
    assert_refused(world, PROBLEM_WRONG_STATE, "plan.set",
                   PLAN("p1", "organisation", "o1", "minutes", "1", "2018-12-31"));
}

#define DOCUMENT(id, on)                                                                                 \
    "{\"document\":\"" id "\",\"title\":\"办法\",\"number\":\"天文明委[2018]1号\",\"issued_by\":" \
    "\"市文明委\",\"on\":\"" on "\"}"

static void a_document_is_registered_once_when_it_is_out(void **state) {
    struct world *world = *state;
    struct document_registered document;
    world_city(world);
    assert_refused(world, PROBLEM_IN_FUTURE, "document.registered", DOCUMENT("d1", "2018-06-02"));
    assert_string_equal(world->problem.field, "data.on");
    assert_applied(world, "document.registered", DOCUMENT("d1", "2018-06-01"));
    assert_int_equal(document_get(engine_view(world), 1, &world->arena, &document), 0);
    assert_true(str_equal(document.number, STR("天文明委[2018]1号")));
    assert_refused(world, PROBLEM_ALREADY_EXISTS, "document.registered",
                   DOCUMENT("d1", "2018-05-01"));
}

static void a_plan_says_from_when_it_counts_and_by_which_document(void **state) {
    struct world *world = *state;
    struct plan plan;
#define FROM(from, document)                                                                       \
    "{\"plan\":\"p1\",\"subject\":{\"kind\":\"region\",\"id\":\"" CITY                             \
    "\"},\"measure\":\"stations_built\",\"target\":122,\"due\":\"2018-12-31\",\"title\":"          \
    "\"年度计划\","                                                                            \
    "\"from\":\"" from "\",\"document\":\"" document "\"}"
    world_city(world);
    on_day(world, "2018-06-02", PROBLEM_UNKNOWN_NOUN, "plan.set", FROM("2018-01-01", "d1"));
    done_on(world, "2018-06-02", "document.registered",
            "{\"document\":\"d1\",\"title\":\"规划\",\"number\":\"1\",\"issued_by\":\"市政府\","
            "\"on\":\"2018-01-01\"}");
    on_day(world, "2018-06-02", PROBLEM_OUT_OF_RANGE, "plan.set", FROM("2019-01-01", "d1"));
    assert_says(world, "data.from", "compare both dates");
    done_on(world, "2018-06-02", "plan.set", FROM("2018-01-01", "d1"));
    assert_int_equal(plan_target(engine_view(world), NOUN_REGION,
                                 world_number(world, NOUN_REGION, CITY), MEASURE_STATIONS_BUILT,
                                 COUNTER_NOW, &plan),
                     0);
    assert_int_equal(plan.from, day("2018-01-01"));
    assert_int_equal(plan.set_on, day("2018-06-02"));
    done_on(world, "2018-06-03", "plan.set",
            PLAN("p1", "region", CITY, "stations_built", "122", "2018-12-31"));
    assert_int_equal(plan_target(engine_view(world), NOUN_REGION,
                                 world_number(world, NOUN_REGION, CITY), MEASURE_STATIONS_BUILT,
                                 COUNTER_NOW, &plan),
                     0);
    assert_int_equal(plan.from, PLAN_NO_FROM);
}

static void a_document_is_withdrawn_once_and_another_takes_its_place(void **state) {
    struct world *world = *state;
    struct document_end end;
    struct thing thing;
#define WITHDRAWN(id, on, replaced_by)                                                             \
    "{\"document\":\"" id "\",\"on\":\"" on "\",\"by\":\"p1\",\"replaced_by\":\"" replaced_by "\"" \
                                                                                              "}"
    world_city(world);
    done_on(world, "2018-06-02", "document.registered", DOCUMENT("d1", "2018-06-02"));
    assert_int_equal(document_end_get(engine_view(world), 1, &end), THING_NOT_FOUND);
    on_day(world, "2018-06-03", PROBLEM_UNKNOWN_NOUN, "document.withdrawn",
           WITHDRAWN("d9", "2018-06-03", "d1"));
    on_day(world, "2018-06-03", PROBLEM_UNKNOWN_NOUN, "document.withdrawn",
           WITHDRAWN("d1", "2018-06-03", "d2"));
    on_day(world, "2018-06-03", PROBLEM_OUT_OF_RANGE, "document.withdrawn",
           WITHDRAWN("d1", "2018-06-03", "d1"));
    assert_says(world, "data.replaced_by", "by itself");
    done_on(world, "2018-06-03", "document.registered", DOCUMENT("d2", "2018-06-03"));
    on_day(world, "2018-06-03", PROBLEM_IN_FUTURE, "document.withdrawn",
           WITHDRAWN("d1", "2018-06-04", "d2"));
    on_day(world, "2018-06-03", PROBLEM_OUT_OF_RANGE, "document.withdrawn",
           WITHDRAWN("d1", "2018-06-01", "d2"));
    assert_says(world, "data.on", "issued later");
    done_on(world, "2018-06-04", "document.withdrawn", WITHDRAWN("d1", "2018-06-03", "d2"));
    on_day(world, "2018-06-05", PROBLEM_WRONG_STATE, "document.withdrawn",
           WITHDRAWN("d1", "2018-06-03", "d2"));
    assert_int_equal(document_end_get(engine_view(world), 1, &end), 0);
    assert_int_equal(end.on, day("2018-06-03"));
    assert_int_equal(end.recorded_on, day("2018-06-04"));
    assert_int_equal(end.replaced_by, 2);
    assert_true(str_equal(end.by, STR("p1")));
    assert_int_equal(thing_get(engine_view(world), NOUN_DOCUMENT, 1, &world->arena, &thing), 0);
    assert_int_equal(thing.state, DOCUMENT_WITHDRAWN);
}

int main(void) {
#define T(name) cmocka_unit_test_setup_teardown(name, world_setup, world_teardown)
    const struct CMUnitTest tests[] = {
        T(a_plan_says_from_when_it_counts_and_by_which_document),
        T(a_plan_set_again_replaces_its_target),
        T(the_targets_of_a_past_day_can_be_read),
        T(of_several_plans_the_one_due_last_is_the_target),
        T(a_plan_moved_to_another_subject_leaves_the_old_one),
        T(a_plan_follows_a_region_that_is_recoded),
        T(a_plan_is_for_what_its_subject_is_counted_by),
        T(a_document_is_registered_once_when_it_is_out),
        T(a_document_is_withdrawn_once_and_another_takes_its_place),
    };
    return cmocka_run_group_tests_name("plans", tests, NULL, NULL);
}
