/* Hot rows: what is read is what was changed last, a refusal leaves nothing behind, and the state
 * holds what a checkpoint found. */
#include "domain_fixture.h"

#include <errno.h>

#include "domain/hot.h"

struct pair {
    int64_t first;
    int64_t second;
};

static const struct hot_kind pairs = HOT_PLAIN(TABLE_META, struct pair);

static void change(struct world *world, const char *key, int64_t first, int64_t second) {
    void *value;
    assert_int_equal(hot_change(&world->stepper.context, &pairs, str_from(key), &value), 0);
    *(struct pair *)value = (struct pair){first, second};
}

/* first * 100 + second, or -1 where there is no row. */
static int64_t value_of(struct view *view, const char *key) {
    struct pair pair = {9, 9};
    int r = hot_read(view, &pairs, str_from(key), &pair);
    assert_true(r >= 0);
    if (r == 0)
        return pair.first * 100 + pair.second;
    assert_int_equal(pair.first | pair.second, 0);
    return -1;
}

static int64_t engine_value(struct world *world, const char *key) {
    return value_of(world->stepper.context.view, key);
}

static int64_t state_value(struct world *world, const char *key) {
    world->sequence++;
    struct view *view = reader_view(world);
    int64_t value = value_of(view, key);
    view_close(view);
    return value;
}

static void what_was_changed_is_read_at_once_and_put_with_a_checkpoint(void **state) {
    struct world *world = *state;
    struct str row;
    assert_int_equal(engine_value(world, "a"), -1);
    change(world, "a", 1, 2);
    assert_int_equal(engine_value(world, "a"), 102);
    store_accept(world->writer);
    change(world, "a", 1, 3);
    store_accept(world->writer);
    assert_int_equal(engine_value(world, "a"), 103);
    assert_int_equal(view_get(world->stepper.context.view, TABLE_META, STR("a"), &row),
                     STORE_NOT_FOUND);
    assert_int_equal(state_value(world, "a"), 103);
    assert_int_equal(view_get(world->stepper.context.view, TABLE_META, STR("a"), &row), 0);
}

static void a_refusal_leaves_nothing_behind(void **state) {
    struct world *world = *state;
    change(world, "a", 1, 1);
    store_accept(world->writer);
    assert_int_equal(state_value(world, "a"), 101);
    change(world, "a", 2, 2);
    change(world, "a", 3, 3);
    change(world, "new", 4, 4);
    store_refuse(world->writer);
    assert_int_equal(engine_value(world, "a"), 101);
    assert_int_equal(engine_value(world, "new"), -1);
    assert_int_equal(state_value(world, "a"), 101);
    assert_int_equal(state_value(world, "new"), -1);
    change(world, "new", 5, 5);
    store_accept(world->writer);
    change(world, "new", 6, 6);
    store_refuse(world->writer);
    assert_int_equal(state_value(world, "new"), 505);
}

static uint32_t minutes_of(struct world *world, uint32_t volunteer) {
    struct volunteer_row row;
    assert_int_equal(volunteer_get(world->stepper.context.view, volunteer, &row), 0);
    return row.minutes;
}

static void a_person_read_again_is_as_it_was_put_last(void **state) {
    struct world *world = *state;
    struct volunteer_row row;
    world_city(world);
    uint32_t first = world_number(world, NOUN_VOLUNTEER, "v1");
    uint32_t other = world_number(world, NOUN_VOLUNTEER, "v2");
    assert_int_equal(volunteer_get(world->stepper.context.view, first, &row), 0);
    row.minutes = 7;
    volunteer_put(&world->stepper.context, first, &row);
    assert_int_equal(minutes_of(world, first), 7);
    assert_int_equal(minutes_of(world, other), 0);
    assert_int_equal(minutes_of(world, first), 7);
    store_refuse(world->writer);
    assert_int_equal(minutes_of(world, first), 0);
    volunteer_put(&world->stepper.context, first, &row);
    store_accept(world->writer);
    assert_int_equal(minutes_of(world, first), 7);
}

static void a_row_that_is_not_of_the_form_is_an_error(void **state) {
    struct world *world = *state;
    struct pair pair;
    store_put(world->writer, TABLE_META, STR("short"), STR("123"));
    store_accept(world->writer);
    assert_int_equal(hot_read(world->stepper.context.view, &pairs, STR("short"), &pair), -EBADMSG);
}

/* Against an array, with refusals, checkpoints and more rows than are kept. */
static void random_changes_agree_with_a_model(void **state) {
    enum { KEYS = 100000 };
    struct world *world = *state;
    static int64_t model[KEYS];
    uint64_t seed = 7;
    for (int event = 0; event < 60000; event++) {
        uint32_t touched[8];
        int64_t before[8];
        seed = seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
        uint32_t n = (uint32_t)(seed >> 33) % 8, at = (uint32_t)(seed >> 40) % KEYS;
        bool refused = seed >> 60 == 0;
        for (uint32_t i = 0; i < n; i++) {
            char key[16];
            void *value;
            touched[i] = (at + i * i) % KEYS;
            before[i] = model[touched[i]];
            snprintf(key, sizeof key, "%u", touched[i]);
            assert_int_equal(hot_change(&world->stepper.context, &pairs, str_from(key), &value), 0);
            assert_int_equal(((struct pair *)value)->first, model[touched[i]]);
            ((struct pair *)value)->first = model[touched[i]] = event + 1;
        }
        if (refused)
            store_refuse(world->writer);
        else
            store_accept(world->writer);
        for (uint32_t i = n; refused && i > 0; i--)
            model[touched[i - 1]] = before[i - 1];
        if (event % 4000 == 0)
            (void)state_value(world, "0");
    }
    world->sequence++;
    struct view *view = reader_view(world);
    for (uint32_t i = 0; i < KEYS; i++) {
        char key[16];
        snprintf(key, sizeof key, "%u", i);
        int64_t expected = model[i] ? model[i] * 100 : -1;
        assert_int_equal(value_of(view, key), expected);
        assert_int_equal(engine_value(world, key), expected);
    }
    view_close(view);
}

int main(void) {
#define T(name) cmocka_unit_test_setup_teardown(name, world_setup, world_teardown)
    const struct CMUnitTest tests[] = {
        T(what_was_changed_is_read_at_once_and_put_with_a_checkpoint),
        T(a_refusal_leaves_nothing_behind),
        T(a_person_read_again_is_as_it_was_put_last),
        T(a_row_that_is_not_of_the_form_is_an_error),
        T(random_changes_agree_with_a_model),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
