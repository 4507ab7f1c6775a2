#include "journal_fixture.h"

#include "journal/checksum.h"
#include "journal/frame.h"

static void sealed_frame(struct journal_frame *frame, uint64_t first_sequence,
                         const uint8_t *previous_hash) {
    frame_fill(frame, first_sequence, 3, 40);
    struct frame_header header = {
        .epoch = 7, .first_sequence = first_sequence, .count = frame->count};
    memcpy(header.previous_hash, previous_hash, sizeof header.previous_hash);
    frame_seal(&frame->bytes, &header);
}

static bool frame_is_good(struct str bytes, struct frame *ret_frame) {
    ret_frame->bytes = bytes;
    return frame_header_read(bytes.data, &ret_frame->header) &&
           frame_check(&ret_frame->header, bytes);
}

static const uint8_t no_hash[JOURNAL_HASH_SIZE];

static void the_checksum_is_the_standard_one(void **state) {
    (void)state;
    assert_int_equal(checksum_crc32c(0, "123456789", 9), 0xE3069283);
    assert_int_equal(checksum_crc32c(checksum_crc32c(0, "1234", 4), "56789", 5), 0xE3069283);
}

static void a_sealed_frame_reads_back(void **state) {
    (void)state;
    struct journal_frame sealed = {0};
    struct frame frame;
    sealed_frame(&sealed, 12, no_hash);
    assert_true(frame_is_good(buf_str(&sealed.bytes), &frame));
    assert_int_equal(sealed.bytes.size % FRAME_ALIGNMENT, 0);
    assert_int_equal(frame.header.epoch, 7);
    assert_int_equal(frame.header.first_sequence, 12);
    assert_int_equal(frame.header.count, 3);
    assert_int_equal(frame.header.payload_size, 3 * 41);
    journal_frame_deinit(&sealed);
}

static void every_flipped_bit_is_seen(void **state) {
    (void)state;
    struct journal_frame sealed = {0};
    struct frame frame;
    sealed_frame(&sealed, 1, no_hash);
    for (size_t bit = 0; bit < sealed.bytes.size * 8; bit++) {
        char *byte = &sealed.bytes.data[bit / 8];
        *byte = (char)(*byte ^ (1 << bit % 8));
        assert_false(frame_is_good(buf_str(&sealed.bytes), &frame));
        *byte = (char)(*byte ^ (1 << bit % 8));
    }
    assert_true(frame_is_good(buf_str(&sealed.bytes), &frame));
    journal_frame_deinit(&sealed);
}

static void a_chain_takes_only_what_continues_it(void **state) {
    (void)state;
    struct journal_frame first = {0}, second = {0}, stranger = {0};
    struct frame frame;
    struct chain chain = {0};
    sealed_frame(&first, 1, no_hash);
    assert_true(frame_is_good(buf_str(&first.bytes), &frame));
    assert_null(chain_advance(&chain, &frame));
    assert_int_equal(chain.sequence, 3);
    assert_non_null(chain_advance(&chain, &frame));

    sealed_frame(&stranger, 4, no_hash);
    assert_true(frame_is_good(buf_str(&stranger.bytes), &frame));
    assert_non_null(strstr(chain_advance(&chain, &frame), "hash"));

    sealed_frame(&second, 4, chain.hash);
    assert_true(frame_is_good(buf_str(&second.bytes), &frame));
    frame.header.epoch = 8;
    assert_non_null(strstr(chain_advance(&chain, &frame), "epoch"));
    frame.header.epoch = 7;
    assert_null(chain_advance(&chain, &frame));
    assert_int_equal(chain.sequence, 6);
    journal_frame_deinit(&first);
    journal_frame_deinit(&second);
    journal_frame_deinit(&stranger);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_checksum_is_the_standard_one),
        cmocka_unit_test(a_sealed_frame_reads_back),
        cmocka_unit_test(every_flipped_bit_is_seen),
        cmocka_unit_test(a_chain_takes_only_what_continues_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
