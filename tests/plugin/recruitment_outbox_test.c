/* The outbox: nothing is lost, nothing is sent out of its thing's order, nobody is hammered. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "common/outbox.h"

struct fixture {
    struct sql sql;
    struct outbox outbox;
    char path[64];
    uint32_t chance;
    char taken[256]; /* keys, with spaces */
    int64_t last;    /* item */
};

static uint32_t chance_of(void *context) {
    return ((const struct fixture *)context)->chance;
}

static void open_again(struct fixture *fixture) {
    assert_int_equal(sql_open(&fixture->sql, fixture->path), 0);
    fixture->outbox = (struct outbox){
        .sql = &fixture->sql, .first_ms = 1000, .random = chance_of, .context = fixture};
    assert_int_equal(outbox_open(&fixture->outbox), 0);
}

static int setup(void **state) {
    struct fixture *fixture = calloc(1, sizeof *fixture);
    snprintf(fixture->path, sizeof fixture->path, "/tmp/outbox_test_XXXXXX");
    close(mkstemp(fixture->path));
    open_again(fixture);
    *state = fixture;
    return 0;
}

static int teardown(void **state) {
    struct fixture *fixture = *state;
    char path[80];
    sql_close(&fixture->sql);
    unlink(fixture->path);
    for (const char *end = "-wal\0-shm\0"; *end; end += 5) {
        snprintf(path, sizeof path, "%s%s", fixture->path, end);
        unlink(path);
    }
    free(fixture);
    return 0;
}

static void put(struct fixture *fixture, const char *thing, const char *key, int flags) {
    outbox_put(&fixture->outbox, "results", "kind", thing, key, "{}", flags, 0);
    assert_int_equal(fixture->sql.error, 0);
}

static void note(void *context, const struct outbox_item *item) {
    struct fixture *fixture = context;
    size_t used = strlen(fixture->taken);
    snprintf(fixture->taken + used, sizeof fixture->taken - used, "%s ", item->key);
    fixture->last = item->item;
}

static const char *take(struct fixture *fixture, int64_t now_ms) {
    fixture->taken[0] = '\0';
    outbox_take(&fixture->outbox, "results", now_ms, 10, note, fixture);
    assert_int_equal(fixture->sql.error, 0);
    return fixture->taken;
}

static void items_of_a_thing_go_one_after_the_other(void **state) {
    struct fixture *fixture = *state;
    put(fixture, "a", "a1", 0);
    put(fixture, "a", "a2", 0);
    put(fixture, "b", "b1", 0);
    assert_string_equal(take(fixture, 0), "a1 b1 ");
    int64_t b1 = fixture->last;
    assert_string_equal(take(fixture, 0), "");
    outbox_sent(&fixture->outbox, b1, 0);
    assert_string_equal(take(fixture, 0), "");
    outbox_sent(&fixture->outbox, 1, 0);
    assert_string_equal(take(fixture, 0), "a2 ");
}

static void the_same_key_is_one_item(void **state) {
    struct fixture *fixture = *state;
    put(fixture, "a", "a1", 0);
    assert_string_equal(take(fixture, 0), "a1 ");
    outbox_sent(&fixture->outbox, fixture->last, 0);
    put(fixture, "a", "a1", 0);
    assert_string_equal(take(fixture, 0), "");
    assert_int_equal(outbox_count(&fixture->outbox, "sent"), 1);
}

static void what_was_being_sent_at_a_kill_is_sent_again(void **state) {
    struct fixture *fixture = *state;
    put(fixture, "a", "a1", 0);
    put(fixture, "a", "a2", 0);
    assert_string_equal(take(fixture, 0), "a1 ");
    sql_close(&fixture->sql); /* the answer never came */
    open_again(fixture);
    assert_string_equal(take(fixture, 0), "a1 ");
}

static void where_only_the_last_counts_older_ones_that_wait_are_dropped(void **state) {
    struct fixture *fixture = *state;
    put(fixture, "a", "a1", OUTBOX_LAST_COUNTS);
    assert_string_equal(take(fixture, 0), "a1 ");
    put(fixture, "a", "a2", OUTBOX_LAST_COUNTS);
    put(fixture, "a", "a3", OUTBOX_LAST_COUNTS);
    put(fixture, "b", "b1", OUTBOX_LAST_COUNTS);
    assert_int_equal(outbox_count(&fixture->outbox, "waiting"), 2);
    outbox_sent(&fixture->outbox, 1, 0);
    assert_string_equal(take(fixture, 0), "a3 b1 ");
}

static void pauses_double_up_to_an_hour_and_half_of_them_is_chance(void **state) {
    struct fixture *fixture = *state;
    fixture->chance = 0;
    assert_int_equal(outbox_pause(&fixture->outbox, 1), 500);
    assert_int_equal(outbox_pause(&fixture->outbox, 2), 1000);
    assert_int_equal(outbox_pause(&fixture->outbox, 40), OUTBOX_HOUR_MS / 2);
    fixture->chance = 500;
    assert_int_equal(outbox_pause(&fixture->outbox, 1), 1000);
    for (fixture->chance = 0; fixture->chance < 5000; fixture->chance += 7) {
        int64_t pause = outbox_pause(&fixture->outbox, 3);
        assert_true(pause >= 2000 && pause <= 4000);
    }
}

static void a_failure_waits_and_whoever_says_how_long_is_heard(void **state) {
    struct fixture *fixture = *state;
    fixture->chance = 500;
    put(fixture, "a", "a1", 0);
    take(fixture, 0);
    outbox_failed(&fixture->outbox, fixture->last, 0, 0, "500");
    assert_string_equal(take(fixture, 999), "");
    assert_int_equal(outbox_due(&fixture->outbox, "results"), 1000);
    assert_string_equal(take(fixture, 1000), "a1 ");
    outbox_failed(&fixture->outbox, fixture->last, 1000, 60000, "429");
    assert_string_equal(take(fixture, 60999), "");
    assert_string_equal(take(fixture, 61000), "a1 ");
}

static void what_failed_for_want_of_an_answer_is_due_once_there_is_one(void **state) {
    struct fixture *fixture = *state;
    put(fixture, "a", "a1", 0);
    take(fixture, 0);
    outbox_failed(&fixture->outbox, fixture->last, 0, OUTBOX_HOUR_MS, "no answer");
    put(fixture, "b", "b1", 0);
    take(fixture, 0);
    outbox_refused(&fixture->outbox, fixture->last, true, 0, "later");
    outbox_release(&fixture->outbox, "results", 10);
    assert_string_equal(take(fixture, 10), "a1 ");
}

static void a_failure_holds_back_the_rest_of_its_thing_alone(void **state) {
    struct fixture *fixture = *state;
    put(fixture, "a", "a1", 0);
    take(fixture, 0);
    outbox_failed(&fixture->outbox, fixture->last, 0, 0, "500");
    put(fixture, "a", "a2", 0);
    put(fixture, "b", "b1", 0);
    assert_string_equal(take(fixture, 1), "b1 ");
}

static void what_is_refused_for_good_is_given_up_until_somebody_sends_it_again(void **state) {
    struct fixture *fixture = *state;
    put(fixture, "a", "a1", 0);
    put(fixture, "a", "a2", 0);
    take(fixture, 0);
    int64_t a1 = fixture->last;
    outbox_refused(&fixture->outbox, a1, false, 0, "bad_value");
    assert_int_equal(outbox_count(&fixture->outbox, "given_up"), 1);
    assert_string_equal(take(fixture, 0), "a2 ");
    outbox_sent(&fixture->outbox, fixture->last, 0);
    assert_int_equal(outbox_resend(&fixture->outbox, fixture->last, 5), 0);
    assert_int_equal(outbox_resend(&fixture->outbox, 0, 5), 1);
    assert_string_equal(take(fixture, 5), "a1 ");
}

static void what_is_refused_for_now_is_given_up_only_after_many_times(void **state) {
    struct fixture *fixture = *state;
    int64_t now_ms = 0;
    put(fixture, "a", "a1", 0);
    for (int i = 1; i <= OUTBOX_REFUSALS_MOST; i++) {
        assert_string_equal(take(fixture, now_ms), "a1 ");
        outbox_refused(&fixture->outbox, fixture->last, true, now_ms, "later");
        assert_int_equal(outbox_count(&fixture->outbox, "given_up"), i == OUTBOX_REFUSALS_MOST);
        now_ms += 2 * OUTBOX_HOUR_MS;
    }
}

static void what_was_sent_long_ago_is_forgotten_and_nothing_else(void **state) {
    struct fixture *fixture = *state;
    put(fixture, "a", "a1", 0);
    put(fixture, "b", "b1", 0);
    take(fixture, 0);
    outbox_sent(&fixture->outbox, 1, 10);
    outbox_prune(&fixture->outbox, 11);
    assert_int_equal(outbox_count(&fixture->outbox, "sent"), 0);
    assert_int_equal(outbox_count(&fixture->outbox, "sending"), 1);
}

static void a_transaction_that_fails_leaves_nothing(void **state) {
    struct fixture *fixture = *state;
    sql_begin(&fixture->sql);
    put(fixture, "a", "a1", 0);
    sql_run(&fixture->sql, "INSERT INTO nowhere VALUES (1)", "");
    outbox_put(&fixture->outbox, "results", "kind", "b", "b1", "{}", 0, 0);
    assert_true(sql_commit(&fixture->sql) < 0);
    assert_non_null(strstr(sql_message(&fixture->sql), "nowhere"));
    assert_int_equal(outbox_count(&fixture->outbox, "waiting"), 0);
}

int main(void) {
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        TEST(items_of_a_thing_go_one_after_the_other),
        TEST(the_same_key_is_one_item),
        TEST(what_was_being_sent_at_a_kill_is_sent_again),
        TEST(where_only_the_last_counts_older_ones_that_wait_are_dropped),
        TEST(pauses_double_up_to_an_hour_and_half_of_them_is_chance),
        TEST(a_failure_waits_and_whoever_says_how_long_is_heard),
        TEST(what_failed_for_want_of_an_answer_is_due_once_there_is_one),
        TEST(a_failure_holds_back_the_rest_of_its_thing_alone),
        TEST(what_is_refused_for_good_is_given_up_until_somebody_sends_it_again),
        TEST(what_is_refused_for_now_is_given_up_only_after_many_times),
        TEST(what_was_sent_long_ago_is_forgotten_and_nothing_else),
        TEST(a_transaction_that_fails_leaves_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
