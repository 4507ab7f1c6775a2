#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <sched.h>
#include <string.h>
#include <sys/mman.h>

#include "store/reserve.h"

#define LARGE (4 * RESERVE_CHUNK_BYTES)

static int reserve_setup(void **state) {
    struct reserve *reserve = NULL;
    assert_int_equal(reserve_start(&reserve), 0);
    *state = reserve;
    return 0;
}

static int reserve_teardown(void **state) {
    reserve_stop(*state);
    return 0;
}

static char *await_chunk(struct reserve *reserve) {
    char *chunk;
    while (!(chunk = reserve_chunk(reserve)))
        sched_yield();
    return chunk;
}

static char *await_large(struct reserve *reserve, size_t bytes) {
    char *memory;
    while (!(memory = reserve_large(reserve, bytes)))
        sched_yield();
    return memory;
}

/* Zeroed, aligned, and in memory already. */
static void assert_ready(char *memory, size_t bytes) {
    static unsigned char resident[LARGE / 4096];
    assert_int_equal((uintptr_t)memory % RESERVE_CHUNK_BYTES, 0);
    assert_int_equal(mincore(memory, bytes, resident), 0);
    for (size_t at = 0; at < bytes; at += 4096) {
        assert_int_equal(resident[at / 4096] & 1, 1);
        assert_int_equal(memory[at + at / 4096 % 4096], 0);
    }
}

static void chunks_are_made_as_often_as_they_are_taken(void **state) {
    char *chunks[8];
    for (int i = 0; i < 8; i++) {
        chunks[i] = await_chunk(*state);
        assert_ready(chunks[i], RESERVE_CHUNK_BYTES);
        memset(chunks[i], 'x', RESERVE_CHUNK_BYTES);
    }
    for (int i = 0; i < 8; i++)
        reserve_give_back(*state, chunks[i], RESERVE_CHUNK_BYTES);
    char *chunk = await_chunk(*state);
    assert_ready(chunk, RESERVE_CHUNK_BYTES);
    memory_unmap(chunk, RESERVE_CHUNK_BYTES);
}

static void a_large_piece_is_made_when_it_is_asked_for_and_given_once(void **state) {
    assert_null(reserve_large(*state, LARGE));
    char *first = await_large(*state, LARGE);
    assert_ready(first, LARGE);
    char *second = await_large(*state, LARGE);
    assert_ptr_not_equal(first, second);
    reserve_give_back(*state, first, LARGE);
    memory_unmap(second, LARGE);
}

static void another_size_takes_the_place_of_the_one_before(void **state) {
    assert_null(reserve_large(*state, LARGE));
    char *memory = await_large(*state, LARGE / 2);
    assert_ready(memory, LARGE / 2);
    memory_unmap(memory, LARGE / 2);
}

static void what_was_asked_for_and_not_taken_goes_with_the_reserve(void **state) {
    struct reserve *reserve = NULL;
    (void)state;
    for (int i = 0; i < 20; i++) {
        assert_int_equal(reserve_start(&reserve), 0);
        (void)reserve_large(reserve, i % 2 ? LARGE : LARGE / 2);
        if (i % 3)
            reserve_give_back(reserve, await_chunk(reserve), RESERVE_CHUNK_BYTES);
        reserve_stop(reserve);
    }
    reserve_stop(NULL);
}

static void mapped_memory_is_zeroed_and_aligned(void **state) {
    (void)state;
    for (size_t n = 1; n <= 3; n++) {
        char *memory = memory_map(n * RESERVE_CHUNK_BYTES);
        assert_int_equal((uintptr_t)memory % RESERVE_CHUNK_BYTES, 0);
        assert_int_equal(memory[n * RESERVE_CHUNK_BYTES - 1], 0);
        memory[n * RESERVE_CHUNK_BYTES - 1] = 'x';
        memory_unmap(memory, n * RESERVE_CHUNK_BYTES);
    }
}

int main(void) {
#define TEST(name) cmocka_unit_test_setup_teardown(name, reserve_setup, reserve_teardown)
    const struct CMUnitTest tests[] = {
        TEST(chunks_are_made_as_often_as_they_are_taken),
        TEST(a_large_piece_is_made_when_it_is_asked_for_and_given_once),
        TEST(another_size_takes_the_place_of_the_one_before),
        TEST(what_was_asked_for_and_not_taken_goes_with_the_reserve),
        TEST(mapped_memory_is_zeroed_and_aligned),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
