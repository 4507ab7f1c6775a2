#include "journal/archive_format.h"
#include "journal/state.h"
#include "journal_fixture.h"

#include "journal/segment.h"

#define FIRST_PLAIN "00000000000000000001.vj"
#define FIRST_ARCHIVE "00000000000000000001.vjz"

/* Two closed and compressed segments, and an open one. */
static void three_segments(struct fixture *fixture) {
    fixture->options.compress_closed = true;
    assert_int_equal(fixture_open(fixture), 0);
    for (int i = 0; i < 90; i++)
        assert_int_equal(group_append(fixture->journal, 4, 50000), JOURNAL_DONE);
    await_file_gone(fixture, FIRST_PLAIN);
    assert_true(file_exists(fixture, FIRST_ARCHIVE));
}

static void closed_segments_are_compressed_and_read_across(void **state) {
    struct fixture *fixture = *state;
    three_segments(fixture);
    for (uint64_t after = 0; after <= 360; after += 11)
        assert_reads_to(fixture->journal, after, 360);
    assert_true(file_bytes(fixture, FIRST_ARCHIVE) < SEGMENT_LEAST * 3 / 4);
    fixture_reopen(fixture);
    assert_reads_to(fixture->journal, 0, 360);
    struct journal_head head;
    char place[256];
    assert_int_equal(journal_verify(fixture->journal, NULL, NULL, &head, place), 0);
    assert_int_equal(head.sequence, 360);
}

static void frames_larger_than_a_block_are_found_by_their_sequence(void **state) {
    struct fixture *fixture = *state;
    fixture->options.compress_closed = true;
    assert_int_equal(fixture_open(fixture), 0);
    for (int i = 0; i < 6; i++)
        assert_int_equal(group_append(fixture->journal, 3, MEBIBYTE), JOURNAL_DONE);
    await_file_gone(fixture, FIRST_PLAIN);
    for (uint64_t after = 0; after < 18; after++)
        assert_reads_to(fixture->journal, after, 18);
}

static void segments_left_plain_are_compressed_at_the_next_start(void **state) {
    struct fixture *fixture = *state;
    assert_int_equal(fixture_open(fixture), 0);
    for (int i = 0; i < 10; i++)
        assert_int_equal(group_append(fixture->journal, 1, MEBIBYTE), JOURNAL_DONE);
    assert_true(file_exists(fixture, FIRST_PLAIN));
    fixture->options.compress_closed = true;
    fixture_reopen(fixture);
    await_file_gone(fixture, FIRST_PLAIN);
    assert_reads_to(fixture->journal, 0, 10);
}

static void a_reader_keeps_its_place_while_its_segment_is_compressed(void **state) {
    struct fixture *fixture = *state;
    assert_int_equal(fixture_open(fixture), 0);
    for (int i = 0; i < 10; i++)
        assert_int_equal(group_append(fixture->journal, 1, MEBIBYTE), JOURNAL_DONE);
    fixture_close(fixture);
    /* One that reads beside the daemon and knows the plain segment only. */
    struct journal_options options = fixture->options;
    options.read_only = true;
    struct journal *beside;
    assert_int_equal(journal_open(io_system(), &options, &beside), 0);
    struct journal_reader *reader;
    struct str record;
    uint64_t sequence;
    assert_int_equal(journal_reader_open(beside, 0, &reader), 0);
    assert_int_equal(journal_reader_next(reader, &record, &sequence), 0);
    fixture->options.compress_closed = true;
    assert_int_equal(fixture_open(fixture), 0);
    await_file_gone(fixture, FIRST_PLAIN);
    for (uint64_t expected = 2; expected <= 10; expected++) {
        assert_int_equal(journal_reader_next(reader, &record, &sequence), 0);
        assert_int_equal(sequence, expected);
    }
    journal_reader_close(reader);
    assert_reads_to(beside, 0, 10);
    journal_close(beside);
}

/* ---- crashes between the steps ---- */

static void copy(const struct fixture *fixture, const char *from, const char *to, uint64_t bytes) {
    char *content = malloc(bytes + 1);
    assert_non_null(content);
    file_read(fixture, from, 0, content, bytes);
    file_write(fixture, to, 0, content, bytes);
    free(content);
}

/* Plain and compressed, as they stand after the rename and before the plain one is removed. */
static void twins(struct fixture *fixture) {
    assert_int_equal(fixture_open(fixture), 0);
    for (int i = 0; i < 10; i++)
        assert_int_equal(group_append(fixture->journal, 1, MEBIBYTE), JOURNAL_DONE);
    copy(fixture, FIRST_PLAIN, "kept", SEGMENT_LEAST);
    fixture->options.compress_closed = true;
    fixture_reopen(fixture);
    await_file_gone(fixture, FIRST_PLAIN);
    fixture_close(fixture);
    fixture->options.compress_closed = false;
    copy(fixture, "kept", FIRST_PLAIN, SEGMENT_LEAST);
}

static void of_two_forms_the_compressed_one_stays(void **state) {
    struct fixture *fixture = *state;
    twins(fixture);
    fixture->options.read_only = true;
    assert_int_equal(fixture_open(fixture), 0);
    assert_reads_to(fixture->journal, 0, 10);
    assert_true(file_exists(fixture, FIRST_PLAIN));
    fixture->options.read_only = false;
    fixture_reopen(fixture);
    assert_false(file_exists(fixture, FIRST_PLAIN));
    assert_true(file_exists(fixture, FIRST_ARCHIVE));
    assert_reads_to(fixture->journal, 0, 10);
}

static void an_incomplete_compressed_one_gives_way_to_the_plain(void **state) {
    struct fixture *fixture = *state;
    twins(fixture);
    file_flip(fixture, FIRST_ARCHIVE, file_bytes(fixture, FIRST_ARCHIVE) - 70, 2);
    assert_int_equal(fixture_open(fixture), 0);
    assert_true(file_exists(fixture, FIRST_PLAIN));
    assert_false(file_exists(fixture, FIRST_ARCHIVE));
    assert_reads_to(fixture->journal, 0, 10);
}

/* An index that was made for other records, under a checksum that is right. */
static void footer_set(struct fixture *fixture, uint64_t first_sequence, uint64_t last_sequence,
                       uint8_t hash_flip) {
    uint64_t bytes = file_bytes(fixture, FIRST_ARCHIVE);
    struct archive_footer footer;
    file_read(fixture, FIRST_ARCHIVE, bytes - sizeof footer, &footer, sizeof footer);
    size_t size = le32toh(footer.n_blocks) * sizeof(struct archive_entry);
    char *index = malloc(size);
    assert_non_null(index);
    file_read(fixture, FIRST_ARCHIVE, bytes - sizeof footer - size, index, size);
    footer.first_sequence = htole64(first_sequence);
    footer.last_sequence = htole64(last_sequence);
    footer.hash[0] ^= hash_flip;
    footer.checksum = htole32(archive_checksum((struct str){index, size}, &footer));
    file_write(fixture, FIRST_ARCHIVE, bytes - sizeof footer, &footer, sizeof footer);
    free(index);
}

static void one_of_other_records_gives_way_to_the_plain(void **state) {
    const struct { uint64_t first, last; } others[] = {{1, 0}, {0, 0}, {7, 6}, {7, 9}};
    struct fixture *fixture = *state;
    twins(fixture);
    copy(fixture, FIRST_ARCHIVE, "archive", file_bytes(fixture, FIRST_ARCHIVE));
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        copy(fixture, "archive", FIRST_ARCHIVE, file_bytes(fixture, "archive"));
        footer_set(fixture, others[i].first, others[i].last, 0);
        assert_int_equal(fixture_open(fixture), 0);
        assert_true(file_exists(fixture, FIRST_PLAIN));
        assert_false(file_exists(fixture, FIRST_ARCHIVE));
        assert_reads_to(fixture->journal, 0, 10);
        fixture_close(fixture);
    }
}

static void a_half_written_one_is_removed_at_start(void **state) {
    struct fixture *fixture = *state;
    assert_int_equal(fixture_open(fixture), 0);
    assert_int_equal(group_append(fixture->journal, 1, 10), JOURNAL_DONE);
    fixture_close(fixture);
    file_write(fixture, FIRST_ARCHIVE ".tmp", 0, "half", 4);
    assert_int_equal(fixture_open(fixture), 0);
    assert_false(file_exists(fixture, FIRST_ARCHIVE ".tmp"));
}

static void a_damaged_segment_is_not_compressed(void **state) {
    struct fixture *fixture = *state;
    assert_int_equal(fixture_open(fixture), 0);
    for (int i = 0; i < 25; i++)
        assert_int_equal(group_append(fixture->journal, 1, MEBIBYTE), JOURNAL_DONE);
    fixture_close(fixture);
    file_flip(fixture, FIRST_PLAIN, 3 * MEBIBYTE, 1);
    fixture->options.compress_closed = true;
    assert_int_equal(fixture_open(fixture), 0);
    await_file_gone(fixture, "00000000000000000008.vj");
    assert_true(file_exists(fixture, FIRST_PLAIN));
    assert_false(file_exists(fixture, FIRST_ARCHIVE ".tmp"));
}

static int breathe_nothing(void *context) {
    (void)context;
    return 0;
}

/* A disk that keeps other bytes than it was given, in the compressed form alone. */
static int compressed_fd = -1;
static int open_watching(void *self, const char *path, int flags, mode_t mode) {
    int fd = io_system()->open(self, path, flags, mode);
    if (strstr(path, ".vjz.tmp") && (flags & O_CREAT))
        compressed_fd = fd;
    return fd;
}
static int pwrite_wrongly(void *self, int fd, const void *data, size_t size, off_t offset) {
    int r = io_system()->pwrite(self, fd, data, size, offset);
    if (r == 0 && fd == compressed_fd && offset == 0)
        r = io_system()->pwrite(self, fd, "wrong", 5, 1000);
    return r;
}

static void what_does_not_read_back_as_it_was_does_not_replace_the_plain_one(void **state) {
    struct fixture *fixture = *state;
    assert_int_equal(fixture_open(fixture), 0);
    for (int i = 0; i < 10; i++)
        assert_int_equal(group_append(fixture->journal, 1, MEBIBYTE), JOURNAL_DONE);
    fixture_close(fixture);
    struct io wrong = *io_system();
    wrong.open = open_watching;
    wrong.pwrite = pwrite_wrongly;
    struct segment_compression work = {.io = &wrong,
                                       .directory = fixture->directory,
                                       .first_sequence = 1,
                                       .last_sequence = 7,
                                       .breathe = breathe_nothing};
    uint64_t bytes;
    assert_int_equal(segment_compress(&work, &bytes), -EBADMSG);
    assert_false(file_exists(fixture, FIRST_ARCHIVE));
    work.io = io_system();
    assert_int_equal(segment_compress(&work, &bytes), 0);
    assert_true(file_exists(fixture, FIRST_ARCHIVE));
}

static void a_flipped_bit_in_a_compressed_segment_is_found_and_placed(void **state) {
    struct fixture *fixture = *state;
    three_segments(fixture);
    fixture_close(fixture);
    fixture->options.read_only = true;
    uint64_t bytes = file_bytes(fixture, FIRST_ARCHIVE);
    /* Some blocks, then the index and the footer closely. */
    for (uint64_t offset = 0; offset < bytes; offset += offset + 2000 < bytes ? bytes / 25 : 37) {
        file_flip(fixture, FIRST_ARCHIVE, offset, 0x20);
        struct journal_head head;
        char place[256] = "";
        assert_int_equal(fixture_open(fixture), 0);
        assert_int_equal(journal_verify(fixture->journal, NULL, NULL, &head, place), -EBADMSG);
        assert_non_null(strstr(place, "segment " FIRST_ARCHIVE));
        fixture_close(fixture);
        file_flip(fixture, FIRST_ARCHIVE, offset, 0x20);
    }
    assert_int_equal(fixture_open(fixture), 0);
    assert_reads_to(fixture->journal, 0, 360);
}

static void verify_finds(struct fixture *fixture, const char *what) {
    struct journal_head head;
    char place[256] = "";
    fixture->options.read_only = true;
    assert_int_equal(fixture_open(fixture), 0);
    assert_int_equal(journal_verify(fixture->journal, NULL, NULL, &head, place), -EBADMSG);
    assert_non_null(strstr(place, "segment " FIRST_ARCHIVE));
    assert_non_null(strstr(place, what));
    fixture_close(fixture);
}

static void an_index_that_tells_of_another_end_is_found_by_verify(void **state) {
    struct fixture *fixture = *state;
    three_segments(fixture);
    uint64_t last = fixture->journal->segments.items[1].first_sequence - 1;
    fixture_close(fixture);
    footer_set(fixture, 1, last + 1, 0);
    verify_finds(fixture, "the segment behind it begins before its last record");
    footer_set(fixture, 1, last - 1, 0);
    verify_finds(fixture, "should follow and are not there");
    footer_set(fixture, 1, last, 1);
    verify_finds(fixture, "its index tells of another end");
}

int main(void) {
#define TEST(name) cmocka_unit_test_setup_teardown(name, fixture_setup, fixture_teardown)
    const struct CMUnitTest tests[] = {
        TEST(closed_segments_are_compressed_and_read_across),
        TEST(frames_larger_than_a_block_are_found_by_their_sequence),
        TEST(segments_left_plain_are_compressed_at_the_next_start),
        TEST(a_reader_keeps_its_place_while_its_segment_is_compressed),
        TEST(of_two_forms_the_compressed_one_stays),
        TEST(an_incomplete_compressed_one_gives_way_to_the_plain),
        TEST(one_of_other_records_gives_way_to_the_plain),
        TEST(a_half_written_one_is_removed_at_start),
        TEST(a_damaged_segment_is_not_compressed),
        TEST(what_does_not_read_back_as_it_was_does_not_replace_the_plain_one),
        TEST(a_flipped_bit_in_a_compressed_segment_is_found_and_placed),
        TEST(an_index_that_tells_of_another_end_is_found_by_verify),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
