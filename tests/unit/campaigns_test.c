/* Campaigns, notices, tasks, commitments: what the rows say, what is counted where, and what the
 * day lists hold. */
#include "network_fixture.h"

#include "domain/commitments.h"
#include "domain/day_lists.h"
#include "domain/notices.h"
#include "domain/runs.h"
#include "domain/tasks.h"

#define EVIDENCE "\"evidence\":{\"digest\":\"d\",\"note\":\"n\"}"

static void launch(struct world *world) {
    world_city(world);
    done_on(world, "2018-08-01", "document.registered",
            "{\"document\":\"d1\",\"title\":\"t\",\"number\":\"1\",\"issued_by\":\"x\",\"on\":"
            "\"2018-08-01\"}");
    done_on(world, "2018-08-01", "organisation.defined",
            "{\"organisation\":\"o2\",\"name\":\"二\",\"kind\":\"enterprise\",\"region\":\"" MAIJI
            "\"}");
    done_on(world, "2018-08-01", "campaign.launched",
            "{\"campaign\":\"c1\",\"title\":\"t\",\"document\":\"d1\",\"starts\":\"2018-08-01\","
            "\"ends\":\"2018-12-31\",\"regions\":[\"" CITY "\"]}");
    done_on(world, "2018-08-02", "notice.issued",
            "{\"notice\":\"n1\",\"campaign\":\"c1\",\"title\":\"t\",\"number\":\"1\",\"to\":"
            "[\"o1\",\"o2\"],\"due\":\"2018-08-10\"}");
    done_on(world, "2018-08-02", "task.assigned",
            "{\"task\":\"t1\",\"notice\":\"n1\",\"organisation\":\"o1\",\"owner\":\"p1\",\"due\":"
            "\"2018-09-01\"}");
}

static struct task_row task(struct world *world) {
    struct task_row row;
    assert_int_equal(task_get(engine_view(world), 1, &row), 0);
    return row;
}

static void receipts_are_kept_by_addressee(void **state) {
    struct world *world = *state;
    struct notice notice;
    launch(world);
    done_on(world, "2018-08-11", "notice.received",
            "{\"notice\":\"n1\",\"organisation\":\"o2\",\"by\":\"p2\"}");
    assert_int_equal(notice_receipts(engine_view(world), 1, &world->arena, &notice), 0);
    assert_int_equal(notice.row.n_to, 2);
    assert_int_equal(notice.row.n_received, 1);
    assert_int_equal(notice.row.n_late, 1);
    assert_int_equal(notice.receipts[0].on, 0);
    assert_true(receipt_is_overdue(&notice.row, &notice.receipts[0], day("2018-08-11")));
    assert_false(receipt_is_overdue(&notice.row, &notice.receipts[0], day("2018-08-10")));
    assert_true(receipt_is_late(&notice.row, &notice.receipts[1]));
    assert_true(str_equal(notice.receipts[1].by, STR("p2")));
    assert_int_equal(counted(world, CITY, COUNTER_notices_to), 2);
    assert_int_equal(counted(world, MAIJI, COUNTER_notices_received), 1);
    assert_int_equal(counted(world, QINZHOU, COUNTER_notices_received), 0);
    assert_int_equal(counted_for(world, "o2", COUNTER_notices_late), 1);
}

/* What it was counted in when it was assigned is what it is taken out of. */
static void a_task_is_counted_where_its_organisation_lay(void **state) {
    struct world *world = *state;
    launch(world);
    assert_int_equal(counted(world, QINZHOU, COUNTER_tasks_open), 1);
    done_on(world, "2018-08-03", "organisation.updated",
            "{\"organisation\":\"o1\",\"changes\":{\"region\":\"" MAIJI "\"}}");
    done_on(world, "2018-08-04", "task.reported", "{\"task\":\"t1\"," EVIDENCE "}");
    assert_int_equal(counted(world, QINZHOU, COUNTER_tasks_reported), 1);
    done_on(world, "2018-08-05", "task.accepted", "{\"task\":\"t1\",\"by\":\"p9\"}");
    assert_int_equal(counted(world, QINZHOU, COUNTER_tasks_open), 0);
    assert_int_equal(counted(world, QINZHOU, COUNTER_tasks_reported), 0);
    assert_int_equal(counted(world, QINZHOU, COUNTER_tasks_accepted), 1);
    assert_int_equal(counted(world, MAIJI, COUNTER_tasks_accepted), 0);
    assert_int_equal(counted_for(world, "o1", COUNTER_tasks_accepted), 1);
}

static void a_task_is_due_once(void **state) {
    struct world *world = *state;
    uint32_t n = 9;
    launch(world);
    assert_int_equal(day_list_count(engine_view(world), TABLE_TASK_DUE, day("2018-09-01"), &n), 0);
    assert_int_equal(n, 1);
    struct task_row row = task(world);
    assert_false(task_is_due(&row, day("2018-08-31")));
    assert_true(task_is_due(&row, day("2018-09-01")));
#define OVERDUE "{\"task\":\"t1\",\"organisation\":\"o1\",\"owner\":\"p1\",\"due\":\"2018-09-01\"}"
    done_on(world, "2018-09-02", "task.overdue", OVERDUE);
    on_day(world, "2018-09-02", PROBLEM_WRONG_STATE, "task.overdue", OVERDUE);
    row = task(world);
    assert_true(task_is_overdue(&row));
    assert_false(task_is_due(&row, day("2018-09-02")));
    done_on(world, "2018-09-03", "task.reported", "{\"task\":\"t1\"," EVIDENCE "}");
    assert_int_equal(counted(world, CITY, COUNTER_tasks_overdue), 0);
    assert_int_equal(counted(world, CITY, COUNTER_tasks_late), 1);
    done_on(world, "2018-09-04", "task.returned",
            "{\"task\":\"t1\",\"by\":\"p9\",\"reason\":\"r\"}");
    assert_int_equal(counted(world, CITY, COUNTER_tasks_overdue), 1);
    assert_int_equal(counted(world, CITY, COUNTER_tasks_late), 0);
}

/* Reported in time and returned after its day: on the list of the day on which it was returned. */
static void a_task_returned_after_its_day_is_looked_at_again(void **state) {
    struct world *world = *state;
    uint32_t n = 9, number;
    launch(world);
    done_on(world, "2018-09-01", "task.reported", "{\"task\":\"t1\"," EVIDENCE "}");
    done_on(world, "2018-09-05", "task.returned",
            "{\"task\":\"t1\",\"by\":\"p9\",\"reason\":\"r\"}");
    assert_int_equal(
        day_list_get(engine_view(world), TABLE_TASK_DUE, day("2018-09-05"), 1, &number), 0);
    assert_int_equal(number, 1);
    assert_int_equal(day_list_count(engine_view(world), TABLE_TASK_DUE, day("2018-09-05"), &n), 0);
    assert_int_equal(n, 1);
    assert_int_equal(task(world).late, 0);
    assert_int_equal(counted(world, CITY, COUNTER_tasks_overdue), 0);
}

static void a_midnight_begins_a_run_only_over_a_list_that_is_there(void **state) {
    struct world *world = *state;
    struct event midnight = {.type = catalogue_by_number(EVENT_clock_ticked)};
    launch(world);
    world->stepper.context.event = &midnight;
    assert_int_equal(tasks_day_ended(&world->stepper.context, day("2018-08-31")), 0);
    assert_int_equal(commitments_day_ended(&world->stepper.context, day("2018-09-01")), 0);
    assert_int_equal(run_last(engine_view(world)), 0);
    assert_int_equal(tasks_day_ended(&world->stepper.context, day("2018-09-01")), 0);
    assert_int_equal(run_last(engine_view(world)), 1);
}

static void steps_of_a_task_end_somewhere(void **state) {
    struct world *world = *state;
    launch(world);
    for (int i = 0; i < TASK_STEPS_LIMIT / 2; i++) {
        done_on(world, "2018-08-10", "task.reported", "{\"task\":\"t1\"," EVIDENCE "}");
        done_on(world, "2018-08-10", "task.returned",
                "{\"task\":\"t1\",\"by\":\"p9\",\"reason\":\"r\"}");
    }
    on_day(world, "2018-08-10", PROBLEM_OUT_OF_RANGE, "task.reported",
           "{\"task\":\"t1\"," EVIDENCE "}");
    assert_int_equal(task(world).n_returned, TASK_STEPS_LIMIT / 2);
}

static void a_commitment_of_a_region_is_counted_there_alone(void **state) {
    struct world *world = *state;
    struct commitment commitment;
    launch(world);
    done_on(world, "2018-08-05", "commitment.made",
            "{\"commitment\":\"k1\",\"subject\":{\"kind\":\"region\",\"id\":\"" MAIJI
            "\"},\"text\":\"x\",\"due\":\"2018-08-20\"}");
    assert_int_equal(counted(world, MAIJI, COUNTER_commitments_made), 1);
    assert_int_equal(counted(world, QINZHOU, COUNTER_commitments_made), 0);
    assert_int_equal(commitment_get(engine_view(world), 1, &commitment), 0);
    assert_int_equal(commitment_organisation(&commitment.row), 0);
    assert_true(commitment_is_due(&commitment.row, day("2018-08-20")));
    done_on(world, "2018-08-21", "commitment.overdue",
            "{\"commitment\":\"k1\",\"subject\":{\"kind\":\"region\",\"id\":\"" MAIJI
            "\"},\"due\":\"2018-08-20\"}");
    assert_int_equal(counted(world, MAIJI, COUNTER_commitments_overdue), 1);
    done_on(world, "2018-08-22", "commitment.kept", "{\"commitment\":\"k1\"," EVIDENCE "}");
    assert_int_equal(counted(world, MAIJI, COUNTER_commitments_overdue), 0);
    assert_int_equal(counted(world, CITY, COUNTER_commitments_late), 1);
    assert_int_equal(commitment_get(engine_view(world), 1, &commitment), 0);
    assert_true(str_equal(commitment.digest, STR("d")));
}

int main(void) {
#define TEST(name) cmocka_unit_test_setup_teardown(name, world_setup, world_teardown)
    const struct CMUnitTest tests[] = {
        TEST(receipts_are_kept_by_addressee),
        TEST(a_task_is_counted_where_its_organisation_lay),
        TEST(a_task_is_due_once),
        TEST(a_task_returned_after_its_day_is_looked_at_again),
        TEST(a_midnight_begins_a_run_only_over_a_list_that_is_there),
        TEST(steps_of_a_task_end_somewhere),
        TEST(a_commitment_of_a_region_is_counted_there_alone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
