#include "store/rows.h"

#include "unit/store_fixture.h"

static struct str found(struct rows *rows, enum table table, struct str key) {
    const struct row *row = rows_find(rows, rows_hash(rows, table, key), table, key);
    return row ? row_data(row) : (struct str){"?", 1};
}

static void set(struct rows *rows, enum table table, struct str key, struct str data) {
    rows_put(rows, rows_hash(rows, table, key), table, key, data);
}

static void learn(struct rows *rows, enum table table, struct str key, struct str data) {
    rows_learn(rows, rows_hash(rows, table, key), table, key, data);
}

#define assert_row(rows, table, key, text)                                                         \
    assert_true(str_equal(found(rows, table, key), STR(text)))
#define assert_unknown(rows, table, key) assert_row(rows, table, key, "?")

static int rows_setup(void **state) {
    struct rows *rows = malloc(sizeof *rows);
    assert_non_null(rows);
    rows_init(rows, 7, NULL);
    *state = rows;
    return 0;
}

static int rows_teardown(void **state) {
    struct rows *rows = *state;
    rows_deinit(rows);
    free(rows);
    return 0;
}

static void same_key_in_two_tables_is_two_rows(void **state) {
    struct rows *rows = *state;
    assert_unknown(rows, TABLE_META, STR("a"));
    set(rows, TABLE_META, STR("a"), STR("one"));
    set(rows, TABLE_NAME, STR("a"), STR("two"));
    assert_row(rows, TABLE_META, STR("a"), "one");
    assert_row(rows, TABLE_NAME, STR("a"), "two");
    assert_unknown(rows, TABLE_META, STR("b"));
    assert_unknown(rows, TABLE_META, STR("a\0"));
}

static void row_may_be_made_of_itself(void **state) {
    struct rows *rows = *state;
    set(rows, TABLE_META, STR("a"), STR("0123456789"));
    struct str row = found(rows, TABLE_META, STR("a"));
    set(rows, TABLE_META, STR("a"), (struct str){row.data + 2, 8});
    row = found(rows, TABLE_META, STR("a"));
    assert_row(rows, TABLE_META, STR("a"), "23456789");
    set(rows, TABLE_META, STR("a"), row);
    assert_row(rows, TABLE_META, STR("a"), "23456789");
}

static void refused_event_leaves_every_row_as_it_was(void **state) {
    struct rows *rows = *state;
    learn(rows, TABLE_META, STR("clean"), STR("c"));
    learn(rows, TABLE_META, STR("absent"), STR_NONE);
    set(rows, TABLE_META, STR("frozen"), STR("f"));
    rows_accept(rows);
    rows_freeze(rows);
    set(rows, TABLE_META, STR("pending"), STR("p"));
    rows_accept(rows);
    size_t pending_bytes = rows->pending_bytes;
    for (int round = 0; round < 3; round++) {
        static const char *const keys[] = {"clean", "absent", "frozen", "pending", "new"};
        for (int i = 0; i < 5; i++) {
            set(rows, TABLE_META, str_from(keys[i]), STR("x"));
            set(rows, TABLE_META, str_from(keys[i]),
                round == 1 ? STR_NONE : STR("much longer than it was before"));
        }
        assert_true(rows_in_event(rows));
        rows_refuse(rows);
        assert_false(rows_in_event(rows));
        assert_row(rows, TABLE_META, STR("clean"), "c");
        assert_row(rows, TABLE_META, STR("absent"), "");
        assert_row(rows, TABLE_META, STR("frozen"), "f");
        assert_row(rows, TABLE_META, STR("pending"), "p");
        assert_unknown(rows, TABLE_META, STR("new"));
        assert_int_equal(rows->n_pending, 1);
    }
    assert_true(rows->pending_bytes >= pending_bytes); /* it grew, and keeps its room */
    rows_thaw(rows);
    struct row_list *lists = rows_freeze(rows);
    assert_int_equal(lists[TABLE_META].n, 1);
    assert_true(str_equal(row_data(lists[TABLE_META].items[0].row), STR("p")));
}

static void removed_row_stays_known_as_absent(void **state) {
    struct rows *rows = *state;
    set(rows, TABLE_META, STR("a"), STR("one"));
    set(rows, TABLE_META, STR("a"), STR_NONE);
    set(rows, TABLE_META, STR("b"), STR_NONE);
    assert_row(rows, TABLE_META, STR("a"), "");
    assert_row(rows, TABLE_META, STR("b"), "");
    set(rows, TABLE_META, STR("a"), STR("two"));
    assert_row(rows, TABLE_META, STR("a"), "two");
}

static void frozen_rows_do_not_change_under_the_checkpoint(void **state) {
    struct rows *rows = *state;
    set(rows, TABLE_META, STR("a"), STR("one"));
    set(rows, TABLE_META, STR("b"), STR("two"));
    rows_accept(rows);
    struct row_list *lists = rows_freeze(rows);
    set(rows, TABLE_META, STR("a"), STR("ONE"));
    set(rows, TABLE_META, STR("b"), STR_NONE);
    rows_accept(rows);
    set(rows, TABLE_META, STR("a"), STR("One"));
    rows_accept(rows);
    assert_int_equal(lists[TABLE_META].n, 2);
    assert_true(str_equal(row_data(lists[TABLE_META].items[0].row), STR("one")));
    assert_true(str_equal(row_data(lists[TABLE_META].items[1].row), STR("two")));
    rows_thaw(rows);
    assert_row(rows, TABLE_META, STR("a"), "One");
    lists = rows_freeze(rows);
    assert_int_equal(lists[TABLE_META].n, 2);
    assert_true(str_equal(row_data(lists[TABLE_META].items[0].row), STR("One")));
    assert_int_equal(lists[TABLE_META].items[1].row->size, 0);
}

static void row_is_pending_once_however_often_it_grows(void **state) {
    struct rows *rows = *state;
    static const char bytes[100000];
    for (uint32_t size = 1; size <= sizeof bytes; size += 997) {
        set(rows, TABLE_META, STR("key"), (struct str){bytes, size});
        rows_accept(rows);
    }
    struct row_list *lists = rows_freeze(rows);
    assert_int_equal(lists[TABLE_META].n, 1);
    assert_int_equal(lists[TABLE_META].items[0].row->size, 99701);
}

static void sort_is_by_key_bytes(void **state) {
    struct rows *rows = *state;
    set(rows, TABLE_NAME, STR("b"), STR("6"));
    set(rows, TABLE_NAME, STR("a\xff"), STR("5"));
    set(rows, TABLE_NAME, STR("a"), STR("1"));
    set(rows, TABLE_NAME, STR("a\0"), STR("2"));
    set(rows, TABLE_NAME, STR("abcdefghijkl"), STR("4"));
    set(rows, TABLE_NAME, STR("abcdefghij"), STR("3"));
    rows_accept(rows);
    struct row_list *list = &rows_freeze(rows)[TABLE_NAME];
    row_list_sort(list);
    assert_int_equal(list->n, 6);
    for (size_t i = 0; i < list->n; i++)
        assert_int_equal(row_data(list->items[i].row).data[0], '1' + (int)i);
}

static void memory_is_bounded_and_only_clean_rows_are_forgotten(void **state) {
    struct rows *rows = *state;
    static const char data[200];
    enum { LIMIT = 1 << 20 };
    for (uint32_t i = 0; i < 100000; i++) {
        uint32_t key = htobe32(i);
        set(rows, TABLE_THING, (struct str){(char *)&key, sizeof key},
            (struct str){data, sizeof data});
        rows_accept(rows);
        rows_forget(rows, LIMIT);
        if (i % 1000 == 999) {
            rows_freeze(rows);
            rows_forget(rows, LIMIT);
            /* Frozen: all of the last thousand are still there. */
            for (uint32_t j = i - 999; j <= i; j++) {
                key = htobe32(j);
                assert_int_equal(
                    found(rows, TABLE_THING, (struct str){(char *)&key, sizeof key}).size,
                    sizeof data);
            }
            rows_thaw(rows);
        }
        assert_true(rows->pool.held_bytes < LIMIT + (1 << 19));
    }
    for (int round = 0; round < 100; round++)
        rows_forget(rows, 0);
    assert_int_equal(rows->n_rows, 0);
    assert_int_equal(rows->pool.held_bytes, 0);
}

static void memory_follows_the_limit_however_much_came_at_once(void **state) {
    struct rows *rows = *state;
    enum { LIMIT = 16 << 20 };
    static const char data[200];
    for (uint32_t round = 0; round < 4; round++) {
        for (uint32_t i = round * 100000; i < (round + 1) * 100000; i++) {
            learn(rows, TABLE_THING, (struct str){(char *)&i, sizeof i},
                  (struct str){data, sizeof data});
            found(rows, TABLE_THING, (struct str){(char *)&i, sizeof i});
        }
        rows_forget(rows, LIMIT);
        rows_forget(rows, LIMIT);
        assert_in_range(rows_held_bytes(rows), LIMIT / 2, LIMIT);
    }
}

static void row_that_is_looked_for_stays_longer(void **state) {
    struct rows *rows = *state;
    learn(rows, TABLE_META, STR("wanted"), STR("w"));
    for (uint32_t i = 0; i < 20000; i++) {
        learn(rows, TABLE_THING, (struct str){(char *)&i, sizeof i}, STR("row"));
        assert_row(rows, TABLE_META, STR("wanted"), "w");
        rows_forget(rows, 64u << 10);
    }
    uint32_t first = 0;
    assert_unknown(rows, TABLE_THING, ((struct str){(char *)&first, sizeof first}));
}

/* Against a table without a hash, without freezing and without undo. */
enum { MODEL_KEYS = 40 };

static void check_model(struct rows *rows, char model[MODEL_KEYS][64],
                        const bool known[MODEL_KEYS]) {
    for (uint32_t key = 0; key < MODEL_KEYS; key++) {
        struct str row = found(rows, TABLE_THING, (struct str){(char *)&key, sizeof key});
        if (known[key])
            assert_true(str_equal(row, str_from(model[key])));
    }
}

static void many_random_steps_agree_with_a_plain_table(void **state) {
    struct rows *rows = *state;
    char model[MODEL_KEYS][64] = {{0}}, before[MODEL_KEYS][64];
    bool known[MODEL_KEYS] = {false}, known_before[MODEL_KEYS];
    uint64_t random = 20180823;
    for (int step = 0; step < 20000; step++) {
        memcpy(before, model, sizeof model);
        memcpy(known_before, known, sizeof known);
        random = random * UINT64_C(6364136223846793005) + 1442695040888963407u;
        for (uint64_t puts = random >> 60; puts > 0; puts--) {
            random = random * UINT64_C(6364136223846793005) + 1442695040888963407u;
            uint32_t key = (uint32_t)(random >> 33) % MODEL_KEYS;
            size_t size = (random >> 50) % 60;
            memset(model[key], 'a' + (int)(step % 26), size);
            model[key][size] = 0;
            known[key] = true;
            set(rows, TABLE_THING, (struct str){(char *)&key, sizeof key}, str_from(model[key]));
        }
        if ((random >> 40) % 3 == 0) {
            rows_refuse(rows);
            memcpy(model, before, sizeof model);
            memcpy(known, known_before, sizeof known);
        } else {
            rows_accept(rows);
        }
        if ((random >> 20) % 5 == 0 && !rows_has_frozen(rows))
            rows_freeze(rows);
        else if ((random >> 20) % 5 == 1 && rows_has_frozen(rows))
            rows_thaw(rows);
        check_model(rows, model, known);
    }
}

/* Key i is written by event i, which writes an earlier one anew as well; every third is refused. */
static void rows_stay_found_while_the_table_grows(void **state) {
    struct rows *rows = *state;
    enum { EVENTS = 40000 };
    uint32_t *model = calloc(EVENTS, sizeof *model); /* 0: no such row */
    size_t n_growing = 0;
    for (uint32_t i = 1; i < EVENTS; i++) {
        uint32_t earlier = (uint32_t)(i * UINT64_C(2654435761) % i);
        set(rows, TABLE_THING, (struct str){(char *)&i, sizeof i}, (struct str){(char *)&i, 4});
        set(rows, TABLE_THING, (struct str){(char *)&earlier, sizeof earlier},
            (struct str){(char *)&i, sizeof i});
        if (i % 3) {
            rows_accept(rows);
            model[i] = model[earlier] = i;
        } else {
            rows_refuse(rows);
        }
        if (i % 1000 == 0)
            rows_freeze(rows);
        if (i % 1000 == 300 && rows_has_frozen(rows))
            rows_thaw(rows);
        n_growing += rows->old_slots != NULL;
        for (uint32_t key = i % 97; key <= i; key += rows->old_slots ? 97 : 9973) {
            struct str row = found(rows, TABLE_THING, (struct str){(char *)&key, sizeof key});
            if (model[key])
                assert_memory_equal(row.data, &model[key], sizeof key);
            else
                assert_true(str_equal(row, STR("?")));
        }
    }
    assert_in_range(n_growing, 100, EVENTS / 2);
    free(model);
}

int main(void) {
#define TEST(name) cmocka_unit_test_setup_teardown(name, rows_setup, rows_teardown)
    const struct CMUnitTest tests[] = {
        TEST(same_key_in_two_tables_is_two_rows),
        TEST(row_may_be_made_of_itself),
        TEST(refused_event_leaves_every_row_as_it_was),
        TEST(removed_row_stays_known_as_absent),
        TEST(frozen_rows_do_not_change_under_the_checkpoint),
        TEST(row_is_pending_once_however_often_it_grows),
        TEST(sort_is_by_key_bytes),
        TEST(memory_is_bounded_and_only_clean_rows_are_forgotten),
        TEST(memory_follows_the_limit_however_much_came_at_once),
        TEST(row_that_is_looked_for_stays_longer),
        TEST(many_random_steps_agree_with_a_plain_table),
        TEST(rows_stay_found_while_the_table_grows),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
