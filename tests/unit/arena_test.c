#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "util/arena.h"

static void objects_are_zeroed_and_aligned(void **state) {
    (void)state;
    struct arena arena;
    arena_init(&arena);
    memset(arena_bytes(&arena, 4000), 0xAA, 4000);
    arena_reset(&arena);
    static const char zeros[48];
    for (size_t size = 0; size <= sizeof zeros; size++) {
        arena_bytes(&arena, 1);
        char *object = arena_alloc(&arena, size);
        assert_int_equal((uintptr_t)object % 16, 0);
        assert_memory_equal(object, zeros, size);
    }
    arena_deinit(&arena);
}

static void bytes_stay_while_the_arena_grows(void **state) {
    (void)state;
    struct arena arena;
    arena_init(&arena);
    uint32_t *numbers[5000];
    for (uint32_t i = 0; i < 5000; i++) {
        numbers[i] = arena_alloc(&arena, sizeof **numbers * (1 + i % 40));
        *numbers[i] = i;
    }
    for (uint32_t i = 0; i < 5000; i++)
        assert_int_equal(*numbers[i], i);
    arena_deinit(&arena);
}

static void a_reset_forgets_and_a_warm_arena_keeps_its_block(void **state) {
    (void)state;
    struct arena arena;
    arena_init(&arena);
    const struct arena_block *warm = NULL;
    for (int round = 0; round < 10; round++) {
        for (int i = 0; i < 1000; i++)
            arena_alloc(&arena, 64);
        assert_int_equal(arena.used_bytes, 64000);
        if (round == 2)
            warm = arena.blocks;
        if (round > 2)
            assert_ptr_equal(arena.blocks, warm);
        arena_reset(&arena);
        assert_int_equal(arena.used_bytes, 0);
    }
    arena_deinit(&arena);
    assert_null(arena.blocks);
}

static void a_giant_is_served_but_not_kept(void **state) {
    (void)state;
    struct arena arena;
    arena_init(&arena);
    char *giant = arena_bytes(&arena, (size_t)20 << 20);
    giant[0] = giant[((size_t)20 << 20) - 1] = 'x';
    arena_reset(&arena);
    assert_null(arena.blocks);
    assert_string_equal(arena_string(&arena, STR("still works")), "still works");
    arena_deinit(&arena);
}

static void what_is_held_is_known_and_a_first_block_may_be_chosen(void **state) {
    (void)state;
    struct arena arena;
    arena_init(&arena);
    assert_int_equal(arena.held_bytes, 0);
    arena_reserve(&arena, 1000);
    assert_in_range(arena.held_bytes, 1000, 1064);
    const struct arena_block *first = arena.blocks;
    arena_bytes(&arena, 1000);
    assert_ptr_equal(arena.blocks, first);
    arena_bytes(&arena, 1);
    size_t grown = arena.held_bytes;
    assert_true(grown > 2000);
    arena_reserve(&arena, 1 << 20); /* it has a block: that one is kept */
    assert_int_equal(arena.held_bytes, grown);
    arena_reset(&arena);
    assert_in_range(arena.held_bytes, 1, grown - 1000);
    arena_deinit(&arena);
    assert_int_equal(arena.held_bytes, 0);
}

static void text_is_copied_and_formatted(void **state) {
    (void)state;
    struct arena arena;
    arena_init(&arena);
    char source[] = "天水市";
    struct str copy = arena_copy(&arena, str_from(source));
    char *string = arena_string(&arena, (struct str){source, 3});
    struct str printed = arena_printf(&arena, "%s/%05d", source, 42);
    source[0] = '\0';
    assert_true(str_equal(copy, STR("天水市")));
    assert_string_equal(string, "天");
    assert_true(str_equal(printed, STR("天水市/00042")));
    assert_int_equal(arena_copy(&arena, STR_NONE).size, 0);
    assert_string_equal(arena_string(&arena, STR_NONE), "");
    assert_int_equal(arena_printf(&arena, "%9000d", 7).size, 9000);
    arena_deinit(&arena);
}

static void an_unused_arena_may_be_reset_and_freed(void **state) {
    (void)state;
    struct arena arena = {0};
    arena_reset(&arena);
    arena_deinit(&arena);
    arena_deinit(NULL);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(objects_are_zeroed_and_aligned),
        cmocka_unit_test(bytes_stay_while_the_arena_grows),
        cmocka_unit_test(a_reset_forgets_and_a_warm_arena_keeps_its_block),
        cmocka_unit_test(a_giant_is_served_but_not_kept),
        cmocka_unit_test(what_is_held_is_known_and_a_first_block_may_be_chosen),
        cmocka_unit_test(text_is_copied_and_formatted),
        cmocka_unit_test(an_unused_arena_may_be_reset_and_freed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
