/* Lists by day, needs in their order, counters by code, visits and ratings: what the rows say. */
#include "network_fixture.h"

#include "domain/beneficiaries.h"
#include "domain/day_lists.h"
#include "domain/needs.h"
#include "domain/person_lists.h"
#include "domain/ratings.h"
#include "domain/runs.h"

static void a_list_of_a_day_is_walked_once(void **state) {
    struct world *world = *state;
    world_city(world);
    struct context *context = &world->stepper.context;
    struct event midnight = {.type = catalogue_by_number(EVENT_clock_ticked)};
    uint32_t number;
    context->event = &midnight;
    for (uint32_t i = 1; i <= 3; i++)
        assert_int_equal(day_list_add(context, TABLE_VISIT_DUE, 17000, 10 * i), 0);
    assert_int_equal(day_list_add(context, TABLE_VISIT_DUE, -5, 7), 0);
    assert_int_equal(day_list_get(context->view, TABLE_VISIT_DUE, 17000, 0, &number), 0);
    assert_int_equal(number, 3);
    assert_int_equal(day_list_get(context->view, TABLE_VISIT_DUE, 17000, 2, &number), 0);
    assert_int_equal(number, 20);
    day_list_drop(context, TABLE_VISIT_DUE, 17000, 0, 2, false);
    assert_int_equal(day_list_get(context->view, TABLE_VISIT_DUE, 17000, 2, &number),
                     THING_NOT_FOUND);
    assert_int_equal(day_list_get(context->view, TABLE_VISIT_DUE, 17000, 3, &number), 0);
    day_list_drop(context, TABLE_VISIT_DUE, 17000, 2, 3, true);
    assert_int_equal(day_list_get(context->view, TABLE_VISIT_DUE, 17000, 0, &number),
                     THING_NOT_FOUND);
    assert_int_equal(day_list_get(context->view, TABLE_VISIT_DUE, -5, 1, &number), 0);
    assert_int_equal(number, 7);
    assert_int_equal(visits_day_ended(context, 17000), 0);
    assert_int_equal(run_last(context->view), 0);
    assert_int_equal(visits_day_ended(context, -5), 0);
    assert_int_equal(run_last(context->view), 1);
}

#define NEED(id, priority)                                                                         \
    "{\"need\":\"" id "\",\"region\":\"" COMMUNITY                                                 \
    "\",\"category\":\"elderly\",\"priority\":\"" priority "\",\"text\":\"x\"}"

/* Whether the need has this place in the order. */
static bool stands(struct world *world, uint32_t number, bool closed,
                   enum NEED_PRIORITY_choice priority, const char *filed_on) {
    char key[NEED_ORDER_KEY_BYTES] = {closed, (char)priority};
    struct str row;
    int32_t date;
    assert_int_equal(date_parse(str_from(filed_on), &date), 0);
    number_key(key + 2, (uint32_t)date ^ UINT32_C(0x80000000));
    number_key(key + 6, number);
    assert_int_equal(need_order_number((struct str){key, sizeof key}), number);
    return view_get(engine_view(world), TABLE_NEED_ORDER, (struct str){key, sizeof key}, &row) == 0;
}

static void a_need_has_one_place_in_the_order(void **state) {
    struct world *world = *state;
    world_city(world);
    done_on(world, "2018-05-03", "need.filed", NEED("n1", "normal"));
    done_on(world, "2018-05-05", "need.filed", NEED("n2", "urgent"));
    assert_true(stands(world, 1, false, NEED_PRIORITY_NORMAL, "2018-05-03"));
    assert_true(stands(world, 2, false, NEED_PRIORITY_URGENT, "2018-05-05"));
    done_on(world, "2018-05-06", "need.closed", "{\"need\":\"n2\",\"outcome\":\"withdrawn\"}");
    assert_false(stands(world, 2, false, NEED_PRIORITY_URGENT, "2018-05-05"));
    assert_true(stands(world, 2, true, NEED_PRIORITY_URGENT, "2018-05-05"));
}

static void needs_count_by_month_and_by_code(void **state) {
    struct world *world = *state;
    struct counter_row row;
    struct dictionary_code elderly;
    int64_t may = -1;
    world_city(world);
    uint32_t uses = category_uses(world, "elderly");
    done_on(world, "2018-05-03", "need.filed", NEED("n1", "normal"));
    done_on(world, "2018-06-03", "need.filed", NEED("n2", "normal"));
    done_on(world, "2018-06-04", "need.referred", "{\"need\":\"n1\",\"to\":\"x\"}");
    done_on(world, "2018-06-05", "need.closed", "{\"need\":\"n1\",\"outcome\":\"met\"}");
    assert_int_equal(counted(world, CITY, COUNTER_needs_filed), 2);
    assert_int_equal(counted(world, CITY, COUNTER_needs_open), 1);
    assert_int_equal(counted(world, CITY, COUNTER_needs_referred), 0);
    assert_int_equal(counted(world, COMMUNITY, COUNTER_needs_met), 1);
    uint32_t city = world_number(world, NOUN_REGION, CITY);
    assert_int_equal(counter_months(engine_view(world), COUNTER_NOW, NOUN_REGION, city,
                                    COUNTER_needs_open, 2018 * 12 + 4, 2018 * 12 + 4, &may),
                     0);
    assert_int_equal(may, 0);
    assert_int_equal(
        dictionary_get(engine_view(world), DICTIONARY_CATEGORY, STR("elderly"), &elderly), 0);
    assert_int_equal(counter_get_code(engine_view(world), COUNTER_NOW, city, DICTIONARY_CATEGORY,
                                      elderly.number, &row),
                     0);
    assert_int_equal(row.needs_filed, 2);
    assert_int_equal(row.needs_met, 1);
    assert_int_equal(counter_get_code(engine_view(world), COUNTER_NOW, city, DICTIONARY_CATEGORY,
                                      elderly.number + 1u, &row),
                     0);
    assert_int_equal(row.needs_filed, 0);
    assert_int_equal(category_uses(world, "elderly"), uses + 1);
}

#define SERVED(id, day)                                                                            \
    "{\"record\":\"" id "\",\"volunteer\":\"v1\",\"organisation\":\"o1\",\"beneficiary\":\"b1\","  \
    "\"starts\":\"" day "T08:00:00+08:00\",\"ends\":\"" day                                        \
    "T10:00:00+08:00\",\"method\":\"code\",\"recorder\":\"c1\"}"
#define DECIDED(id, outcome) "{\"record\":\"" id "\",\"outcome\":\"" outcome "\",\"minutes\":120}"

static struct beneficiary_row person(struct world *world) {
    struct beneficiary beneficiary;
    assert_int_equal(beneficiary_get(engine_view(world), 1, &beneficiary), 0);
    return beneficiary.row;
}

static void the_newest_visits_are_kept_by_day(void **state) {
    struct world *world = *state;
    struct visits visits;
    world_city(world);
    done_on(world, "2018-01-01", "beneficiary.enrolled",
            "{\"beneficiary\":\"b1\",\"region\":\"" COMMUNITY
            "\",\"served_group\":\"残疾人\",\"consent\":true}");
    done_on(world, "2018-06-30", "service.recorded", SERVED("r1", "2018-05-03"));
    done_on(world, "2018-06-30", "service.recorded", SERVED("r2", "2018-05-01"));
    assert_int_equal(person(world).last_visit_on, 0);
    done_on(world, "2018-06-30", "service.decided", DECIDED("r1", "accepted"));
    done_on(world, "2018-06-30", "service.decided", DECIDED("r2", "accepted"));
    assert_int_equal(visits_get(engine_view(world), 1, &visits), 0);
    assert_int_equal(visits.n, 2);
    assert_int_equal(visit_at(&visits, 0).record, 2);
    assert_int_equal(person(world).last_visit_on, visit_at(&visits, 1).on);
    done_on(world, "2018-06-30", "service.decided", DECIDED("r1", "held"));
    assert_int_equal(visits_get(engine_view(world), 1, &visits), 0);
    assert_int_equal(visits.n, 1);
    assert_int_equal(person(world).last_visit_on, visit_at(&visits, 0).on);
    assert_int_equal(counted(world, CITY, COUNTER_visits), 1);
    for (int i = 0; i < VISITS_KEPT + 3; i++) {
        char data[400], id[16], day[40];
        snprintf(id, sizeof id, "x%d", i);
        snprintf(day, sizeof day, "2018-0%d-%02d", 2 + i / 28, 1 + i % 28);
        snprintf(data, sizeof data,
                 "{\"record\":\"%s\",\"volunteer\":\"v1\",\"organisation\":\"o1\",\"beneficiary\":"
                 "\"b1\",\"starts\":\"%sT12:00:00+08:00\",\"ends\":\"%sT13:00:00+08:00\","
                 "\"method\":\"code\",\"recorder\":\"c1\"}",
                 id, day, day);
        done_on(world, "2018-06-30", "service.recorded", data);
        snprintf(data, sizeof data, DECIDED("%s", "accepted"), id);
        done_on(world, "2018-06-30", "service.decided", data);
    }
    assert_int_equal(visits_get(engine_view(world), 1, &visits), 0);
    assert_int_equal(visits.n, VISITS_KEPT);
    for (size_t i = 1; i < visits.n; i++)
        assert_true(visit_at(&visits, i - 1).on <= visit_at(&visits, i).on);
    assert_int_equal(counted(world, CITY, COUNTER_visits), VISITS_KEPT + 4);
}

static void the_last_word_on_a_record_counts(void **state) {
    struct world *world = *state;
    struct person_entries entries;
    world_city(world);
    done_on(world, "2018-06-30", "service.recorded",
            "{\"record\":\"r1\",\"volunteer\":\"v1\",\"organisation\":\"o1\",\"starts\":"
            "\"2018-05-01T08:00:00+08:00\",\"ends\":\"2018-05-01T10:00:00+08:00\","
            "\"method\":\"code\",\"recorder\":\"c1\"}");
#define RATED(rating, by) "{\"record\":\"r1\",\"rating\":" rating ",\"by\":\"" by "\"}"
    done_on(world, "2018-06-30", "service.rated", RATED("5", "served"));
    done_on(world, "2018-07-30", "service.rated", RATED("2", "served"));
    done_on(world, "2018-07-30", "service.rated", RATED("3", "organiser"));
    done_on(world, "2018-07-30", "service.rated", RATED("4", "organiser"));
    assert_int_equal(counted(world, CITY, COUNTER_ratings_5), 0);
    assert_int_equal(counted(world, CITY, COUNTER_ratings_2), 1);
    assert_int_equal(counted(world, CITY, COUNTER_organiser_ratings), 1);
    assert_int_equal(counted(world, CITY, COUNTER_organiser_rating_sum), 4);
    assert_int_equal(counted_for(world, "o1", COUNTER_ratings_2), 1);
    assert_int_equal(person_list_get(engine_view(world), world_number(world, NOUN_VOLUNTEER, "v1"),
                                     LIST_RATINGS, &entries),
                     0);
    assert_int_equal(entries.n, 1);
    assert_int_equal(person_entry_at(&entries, 0).state, 2);
}

int main(void) {
#define TEST(name) cmocka_unit_test_setup_teardown(name, world_setup, world_teardown)
    const struct CMUnitTest tests[] = {
        TEST(a_list_of_a_day_is_walked_once),   TEST(a_need_has_one_place_in_the_order),
        TEST(needs_count_by_month_and_by_code), TEST(the_newest_visits_are_kept_by_day),
        TEST(the_last_word_on_a_record_counts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
