#include "store/layer.h"

#include "unit/store_fixture.h"

static struct layer_row *find(struct layer *layer, enum table table, struct str key) {
    return layer_find(layer, layer_hash(7, table, key), table, key);
}

static void set(struct layer *layer, enum table table, struct str key, struct str row) {
    layer_put(layer, layer_hash(7, table, key), table, key, row);
}

static int layer_setup(void **state) {
    struct layer *layer = malloc(sizeof *layer);
    assert_non_null(layer);
    layer_init(layer, 4096);
    *state = layer;
    return 0;
}

static int layer_teardown(void **state) {
    layer_deinit(*state);
    free(*state);
    return 0;
}

static void same_key_in_two_tables_is_two_rows(void **state) {
    struct layer *layer = *state;
    assert_null(find(layer, TABLE_META, STR("a")));
    set(layer, TABLE_META, STR("a"), STR("one"));
    set(layer, TABLE_NAME, STR("a"), STR("two"));
    assert_true(str_equal(layer_row_data(find(layer, TABLE_META, STR("a"))), STR("one")));
    assert_true(str_equal(layer_row_data(find(layer, TABLE_NAME, STR("a"))), STR("two")));
    assert_null(find(layer, TABLE_META, STR("b")));
    assert_null(find(layer, TABLE_META, STR("a\0")));
}

static void row_that_fits_is_written_in_place(void **state) {
    struct layer *layer = *state;
    set(layer, TABLE_META, STR("a"), STR("12345678"));
    size_t used_bytes = layer->used_bytes;
    const struct layer_row *row = find(layer, TABLE_META, STR("a"));
    const char *data = row->data;
    set(layer, TABLE_META, STR("a"), STR("xyz"));
    assert_ptr_equal(row->data, data);
    assert_int_equal(layer->used_bytes, used_bytes);
    assert_true(str_equal(layer_row_data(row), STR("xyz")));
    set(layer, TABLE_META, STR("a"), STR("longer than before"));
    assert_ptr_equal(find(layer, TABLE_META, STR("a")), row);
    assert_true(str_equal(layer_row_data(row), STR("longer than before")));
    assert_int_equal(layer->n_items, 1);
}

static void row_may_be_made_of_itself(void **state) {
    struct layer *layer = *state;
    set(layer, TABLE_META, STR("a"), STR("0123456789"));
    struct str row = layer_row_data(find(layer, TABLE_META, STR("a")));
    set(layer, TABLE_META, STR("a"), (struct str){row.data + 2, 8});
    row = layer_row_data(find(layer, TABLE_META, STR("a")));
    assert_true(str_equal(row, STR("23456789")));
    set(layer, TABLE_META, STR("a"), row);
    assert_true(str_equal(layer_row_data(find(layer, TABLE_META, STR("a"))), STR("23456789")));
}

static void removed_row_stays_as_a_tombstone(void **state) {
    struct layer *layer = *state;
    set(layer, TABLE_META, STR("a"), STR("one"));
    set(layer, TABLE_META, STR("a"), STR_NONE);
    set(layer, TABLE_META, STR("b"), STR_NONE);
    assert_int_equal(find(layer, TABLE_META, STR("a"))->size, 0);
    assert_int_equal(find(layer, TABLE_META, STR("b"))->size, 0);
    set(layer, TABLE_META, STR("a"), STR("two"));
    assert_true(str_equal(layer_row_data(find(layer, TABLE_META, STR("a"))), STR("two")));
}

static void rows_larger_than_a_chunk_fit(void **state) {
    struct layer *layer = *state;
    char *big = malloc(100000);
    assert_non_null(big);
    for (int round = 0; round < 3; round++) {
        for (int i = 0; i < 5; i++) {
            char key[2] = {'k', (char)('0' + i)};
            memset(big, 'a' + i, 100000);
            set(layer, TABLE_META, (struct str){key, 2}, (struct str){big, (size_t)i * 20000 + 1});
        }
        struct str row = layer_row_data(find(layer, TABLE_META, STR("k4")));
        assert_int_equal(row.size, 80001);
        assert_int_equal(row.data[0], 'e');
        assert_int_equal(row.data[80000], 'e');
        layer_reset(layer);
    }
    free(big);
}

static void rows_that_grow_find_their_chunk_again(void **state) {
    struct layer *layer = *state;
    static const char bytes[6000];
    set(layer, TABLE_META, STR("key"), (struct str){bytes, 5000});
    const char *first = find(layer, TABLE_META, STR("key"))->data;
    layer_reset(layer);
    set(layer, TABLE_META, STR("key"), (struct str){bytes, 5100});
    assert_ptr_equal(find(layer, TABLE_META, STR("key"))->data, first);
}

static void reset_forgets_after_big_and_small_events(void **state) {
    struct layer *layer = *state;
    static const uint32_t sizes[] = {3, 5000, 3, 1, 5000, 40};
    for (size_t round = 0; round < sizeof sizes / sizeof *sizes; round++) {
        for (uint32_t i = 0; i < sizes[round]; i++) {
            assert_null(find(layer, TABLE_THING, (struct str){(char *)&i, sizeof i}));
            set(layer, TABLE_THING, (struct str){(char *)&i, sizeof i}, STR("row"));
        }
        assert_int_equal(layer->n_items, sizes[round]);
        for (uint32_t i = 0; i < sizes[round]; i++)
            assert_non_null(find(layer, TABLE_THING, (struct str){(char *)&i, sizeof i}));
        layer_reset(layer);
        assert_int_equal(layer->n_items, 0);
        assert_int_equal(layer->used_bytes, 0);
    }
}

static void sort_is_by_table_then_key_bytes(void **state) {
    struct layer *layer = *state;
    set(layer, TABLE_NAME, STR("b"), STR("6"));
    set(layer, TABLE_NAME, STR("a\xff"), STR("5"));
    set(layer, TABLE_NAME, STR("a"), STR("1"));
    set(layer, TABLE_NAME, STR("a\0"), STR("2"));
    set(layer, TABLE_NAME, STR("abcdefghijkl"), STR("4"));
    set(layer, TABLE_NAME, STR("abcdefghij"), STR("3"));
    set(layer, TABLE_RUN, STR("a"), STR("7"));
    set(layer, TABLE_META, STR("z"), STR("0"));
    layer_sort(layer);
    for (size_t i = 0; i < layer->n_items; i++)
        assert_int_equal(layer->items[i].row->data[0], '0' + (int)i);
    assert_true(str_equal(layer_row_data(find(layer, TABLE_NAME, STR("b"))), STR("6")));
}

int main(void) {
#define TEST(name) cmocka_unit_test_setup_teardown(name, layer_setup, layer_teardown)
    const struct CMUnitTest tests[] = {
        TEST(same_key_in_two_tables_is_two_rows), TEST(row_that_fits_is_written_in_place),
        TEST(row_may_be_made_of_itself),          TEST(removed_row_stays_as_a_tombstone),
        TEST(rows_larger_than_a_chunk_fit),       TEST(reset_forgets_after_big_and_small_events),
        TEST(sort_is_by_table_then_key_bytes),    TEST(rows_that_grow_find_their_chunk_again),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
