#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "bus/wire.h"

static void check(size_t n_frames, const uint8_t *sizes, bool has_delimiter) {
    struct arena arena;
    struct envelope envelope = {.n_frames = (uint8_t)n_frames, .has_delimiter = has_delimiter},
                    back;
    size_t total = 0;
    for (size_t i = 0; i < n_frames; total += sizes[i++]) {
        envelope.sizes[i] = sizes[i];
        memset(envelope.frames[i], 'a' + (int)i, sizes[i]);
    }
    memset(&back, 0xAA, sizeof back);
    arena_init(&arena);
    struct str packed = envelope_pack(&envelope, &arena);
    assert_in_range(packed.size, total, total + 2 + ENVELOPE_FRAMES);
    envelope_unpack(packed, &back);
    arena_deinit(&arena);
    assert_int_equal(back.n_frames, n_frames);
    assert_int_equal(back.has_delimiter, has_delimiter);
    for (size_t i = 0; i < n_frames; i++) {
        assert_int_equal(back.sizes[i], sizes[i]);
        assert_memory_equal(back.frames[i], envelope.frames[i], sizes[i]);
    }
}

static void an_envelope_takes_what_it_has_and_comes_back(void **state) {
    (void)state;
    static const uint8_t peer[] = {5}, pipelined[] = {5, 8},
                         longest[] = {255, 255, 255, 255, 255, 255, 255, 255},
                         mixed[] = {1, 255, 0, 3};
    check(1, peer, true);
    check(1, peer, false);
    check(2, pipelined, true);
    check(sizeof longest, longest, true);
    check(sizeof mixed, mixed, true);
    check(0, NULL, false);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_envelope_takes_what_it_has_and_comes_back),
    };
    return cmocka_run_group_tests_name("wire", tests, NULL, NULL);
}
