#include "journal_fixture.h"

#include "journal/segment.h"

#define FIRST_SEGMENT "00000000000000000001.vj"

static void only_segments_have_names_of_segments(void **state) {
    (void)state;
    uint64_t first;
    bool archived;
    char name[SEGMENT_NAME_SIZE];
    segment_name(42, true, name);
    assert_string_equal(name, "00000000000000000042.vjz");
    assert_true(segment_name_parse(name, &first, &archived));
    assert_int_equal(first, 42);
    assert_true(archived);
    static const char *const others[] = {
        "spare",
        "00000000000000000042",
        "00000000000000000042.vjz.tmp",
        "0000000000000000042.vj",
        "spare.tmp",
        "00000000000000000000.vj",
        "99999999999999999999.vj",
        "000000000000000000042.vj",
        "",
        "+0000000000000000042.vj",
        "00000000000000000042.vjx",
    };
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        assert_false(segment_name_parse(others[i], &first, &archived));
}

static void a_sequence_is_found_in_its_segment_and_near_its_mark(void **state) {
    (void)state;
    struct segment_list list = {0};
    assert_null(segment_list_find(&list, 1));
    for (uint64_t i = 0; i < 40; i++)
        segment_list_add(&list, 10 + i * 100, false);
    assert_null(segment_list_find(&list, 9));
    assert_int_equal(segment_list_find(&list, 10)->first_sequence, 10);
    assert_int_equal(segment_list_find(&list, 309)->first_sequence, 210);
    assert_int_equal(segment_list_find(&list, UINT64_MAX)->first_sequence, 3910);
    struct segment *segment = segment_list_find(&list, 10);
    assert_int_equal(segment_mark_find(segment, 50).offset, 0);
    for (uint64_t i = 0; i < 100; i++)
        segment_mark_frame(segment, 10 + i, i * 10000);
    assert_true(segment->n_marks < 20);
    for (uint64_t sequence = 10; sequence < 110; sequence++) {
        struct segment_mark mark = segment_mark_find(segment, sequence);
        assert_int_equal(mark.offset, (mark.sequence - 10) * 10000);
        assert_true(mark.sequence <= sequence && sequence - mark.sequence <= 7);
    }
    segment_list_deinit(&list);
}

static void a_frame_that_does_not_fit_begins_the_next_segment(void **state) {
    struct fixture *fixture = *state;
    assert_int_equal(fixture_open(fixture), 0);
    for (int i = 0; i < 5; i++)
        assert_int_equal(group_append(fixture->journal, 3, MEBIBYTE), JOURNAL_DONE);
    assert_true(file_exists(fixture, FIRST_SEGMENT));
    assert_true(file_exists(fixture, "00000000000000000007.vj"));
    assert_true(file_exists(fixture, "00000000000000000013.vj"));
    assert_int_equal(file_bytes(fixture, FIRST_SEGMENT), SEGMENT_LEAST);
    assert_true(journal_bytes(fixture->journal) > 15 * MEBIBYTE);
    for (uint64_t after = 0; after <= 15; after++)
        assert_reads_to(fixture->journal, after, 15);
    fixture_reopen(fixture);
    assert_reads_to(fixture->journal, 0, 15);
}

static void a_finished_spare_is_used_and_a_half_made_one_removed(void **state) {
    struct fixture *fixture = *state;
    assert_int_equal(fixture_open(fixture), 0);
    fixture_close(fixture);
    char path[256];
    struct stat before, after;
    file_path(fixture, "spare", path);
    assert_int_equal(stat(path, &before), 0);
    file_write(fixture, "spare.tmp", 0, "half", 4);
    assert_int_equal(fixture_open(fixture), 0);
    assert_false(file_exists(fixture, "spare.tmp"));
    assert_int_equal(stat(path, &after), 0);
    assert_int_equal(before.st_ino, after.st_ino);
    fixture_close(fixture);
    fixture->options.segment_bytes = SEGMENT_LEAST + MEBIBYTE;
    assert_int_equal(fixture_open(fixture), 0);
    assert_int_equal(file_bytes(fixture, "spare"), SEGMENT_LEAST + MEBIBYTE);
}

/* ---- the tail ---- */

/* Three small groups; where the last one begins and ends. */
static void three_groups(struct fixture *fixture, uint64_t *ret_begin, uint64_t *ret_end) {
    assert_int_equal(fixture_open(fixture), 0);
    for (int i = 0; i < 3; i++) {
        *ret_begin = journal_bytes(fixture->journal);
        assert_int_equal(group_append(fixture->journal, 2, 70), JOURNAL_DONE);
    }
    *ret_end = journal_bytes(fixture->journal);
    fixture_close(fixture);
}

static void a_write_torn_at_any_byte_is_cut(void **state) {
    struct fixture *fixture = *state;
    uint64_t begin, end;
    char zeros[512] = {0}, last[512];
    three_groups(fixture, &begin, &end);
    file_read(fixture, FIRST_SEGMENT, begin, last, end - begin);
    size_t used = end - begin;
    while (last[used - 1] == 0)
        used--;
    for (size_t cut = 0; cut < used; cut++) {
        file_write(fixture, FIRST_SEGMENT, begin, last, cut);
        file_write(fixture, FIRST_SEGMENT, begin + cut, zeros, end - begin - cut);
        assert_int_equal(fixture_open(fixture), 0);
        assert_int_equal(journal_head(fixture->journal).sequence, 4);
        fixture_close(fixture);
        char after[512];
        file_read(fixture, FIRST_SEGMENT, begin, after, end - begin);
        assert_memory_equal(after, zeros, end - begin);
    }
    assert_int_equal(fixture_open(fixture), 0);
    assert_int_equal(group_append(fixture->journal, 5, 30), JOURNAL_DONE);
    assert_reads_to(fixture->journal, 0, 9);
}

static void a_torn_write_whose_first_page_is_missing_is_cut(void **state) {
    struct fixture *fixture = *state;
    uint64_t begin, end;
    three_groups(fixture, &begin, &end);
    char zeros[64] = {0};
    file_write(fixture, FIRST_SEGMENT, begin, zeros, sizeof zeros);
    file_write(fixture, FIRST_SEGMENT, SEGMENT_LEAST - 1, "x", 1);
    assert_int_equal(fixture_open(fixture), 0);
    assert_reads_to(fixture->journal, 0, 4);
    char *tail = calloc(1, SEGMENT_LEAST), *expected = calloc(1, SEGMENT_LEAST);
    file_read(fixture, FIRST_SEGMENT, begin, tail, SEGMENT_LEAST - begin);
    assert_memory_equal(tail, expected, SEGMENT_LEAST - begin);
    free(tail);
    free(expected);
}

static void a_reader_stops_before_a_torn_write_and_leaves_it(void **state) {
    struct fixture *fixture = *state;
    uint64_t begin, end;
    three_groups(fixture, &begin, &end);
    file_flip(fixture, FIRST_SEGMENT, begin + 100, 1);
    fixture->options.read_only = true;
    assert_int_equal(fixture_open(fixture), 0);
    assert_reads_to(fixture->journal, 0, 4);
    fixture_close(fixture);
    file_flip(fixture, FIRST_SEGMENT, begin + 100, 1);
    assert_int_equal(fixture_open(fixture), 0);
    assert_reads_to(fixture->journal, 0, 6);
}

static void a_bad_frame_before_a_good_one_is_damage_and_nothing_is_touched(void **state) {
    struct fixture *fixture = *state;
    uint64_t begin, end;
    three_groups(fixture, &begin, &end);
    for (uint64_t offset = 0; offset < begin; offset += 5) {
        uint8_t before[1024], after[1024];
        file_flip(fixture, FIRST_SEGMENT, offset, 0x10);
        file_read(fixture, FIRST_SEGMENT, 0, before, end);
        assert_int_equal(fixture_open(fixture), -EBADMSG);
        file_read(fixture, FIRST_SEGMENT, 0, after, end);
        assert_memory_equal(before, after, end);
        file_flip(fixture, FIRST_SEGMENT, offset, 0x10);
    }
    assert_int_equal(fixture_open(fixture), 0);
    assert_reads_to(fixture->journal, 0, 6);
}

static void a_copied_frame_behind_the_last_one_is_damage(void **state) {
    struct fixture *fixture = *state;
    uint64_t begin, end;
    char frame[512];
    three_groups(fixture, &begin, &end);
    file_read(fixture, FIRST_SEGMENT, begin, frame, end - begin);
    file_write(fixture, FIRST_SEGMENT, end, frame, end - begin);
    assert_int_equal(fixture_open(fixture), -EBADMSG);
}

static void a_frame_of_another_journal_in_a_torn_tail_is_no_damage(void **state) {
    struct fixture *fixture = *state;
    uint64_t begin, end;
    three_groups(fixture, &begin, &end);
    assert_int_equal(fixture_open(fixture), 0);
    uint64_t epoch = journal_head(fixture->journal).epoch;
    fixture_close(fixture);
    for (uint64_t foreign = 1; foreign <= 2; foreign++) {
        struct journal_frame frame = {0};
        frame_fill(&frame, 20, 1, 30);
        frame_seal(&frame.bytes, &(struct frame_header){.epoch = epoch ^ (foreign == 1),
                                                        .first_sequence = 20,
                                                        .count = 1});
        file_write(fixture, FIRST_SEGMENT, end + 64, frame.bytes.data, frame.bytes.size);
        journal_frame_deinit(&frame);
        assert_int_equal(fixture_open(fixture), foreign == 1 ? 0 : -EBADMSG);
        if (foreign == 1)
            assert_reads_to(fixture->journal, 0, 6);
        fixture_close(fixture);
    }
}

/* ---- crashes between the steps of a switch ---- */

/* As a fault of ours would leave it: the checksum is right, the count is not. */
static void a_frame_with_more_records_than_it_counts_is_not_whole(void **state) {
    struct fixture *fixture = *state;
    struct journal_frame frame = {0};
    struct receipt receipt = RECEIPT;
    struct journal_head head;
    assert_int_equal(fixture_open(fixture), 0);
    frame_fill(&frame, 1, 2, 100);
    frame.count = 1;
    journal_append(fixture->journal, &frame, receipt_take, &receipt);
    assert_int_equal(receipt_await(&receipt), JOURNAL_DONE);
    journal_frame_deinit(&frame);
    /* As the last one, and with a good one behind it. */
    for (int i = 0; i < 2; i++) {
        char place[256] = "";
        assert_int_equal(journal_verify(fixture->journal, NULL, NULL, &head, place), -EBADMSG);
        assert_non_null(strstr(place, "do not add up"));
        assert_int_equal(group_append(fixture->journal, 1, 100), JOURNAL_DONE);
    }
    fixture_close(fixture);
    assert_int_equal(fixture_open(fixture), -EBADMSG);
}

static void two_segments(struct fixture *fixture) {
    assert_int_equal(fixture_open(fixture), 0);
    for (int i = 0; i < 8; i++)
        assert_int_equal(group_append(fixture->journal, 1, MEBIBYTE), JOURNAL_DONE);
    fixture_close(fixture);
}

static void zeros_over(const struct fixture *fixture, const char *name) {
    char *zeros = calloc(1, SEGMENT_LEAST);
    file_write(fixture, name, 0, zeros, SEGMENT_LEAST);
    free(zeros);
}

static void an_empty_next_segment_is_gone_on_with(void **state) {
    struct fixture *fixture = *state;
    two_segments(fixture);
    zeros_over(fixture, "00000000000000000008.vj");
    assert_int_equal(fixture_open(fixture), 0);
    assert_int_equal(journal_head(fixture->journal).sequence, 7);
    assert_int_equal(group_append(fixture->journal, 1, 50), JOURNAL_DONE);
    fixture_reopen(fixture);
    struct journal_head head;
    char place[256];
    assert_int_equal(journal_verify(fixture->journal, NULL, NULL, &head, place), 0);
    assert_int_equal(head.sequence, 8);
    char again[256];
    file_path(fixture, "00000000000000000009.vj", again);
    assert_int_equal(access(again, F_OK), -1);
}

static void a_torn_first_frame_of_a_segment_is_cut(void **state) {
    struct fixture *fixture = *state;
    two_segments(fixture);
    file_flip(fixture, "00000000000000000008.vj", 5000, 1);
    assert_int_equal(fixture_open(fixture), 0);
    assert_int_equal(journal_head(fixture->journal).sequence, 7);
    assert_int_equal(group_append(fixture->journal, 1, 50), JOURNAL_DONE);
    assert_reads_to(fixture->journal, 0, 8);
}

static void the_name_of_an_empty_segment_shows_that_frames_are_missing(void **state) {
    struct fixture *fixture = *state;
    two_segments(fixture);
    zeros_over(fixture, "00000000000000000008.vj");
    file_flip(fixture, FIRST_SEGMENT, 6 * (MEBIBYTE + 128) + 500, 1);
    assert_int_equal(fixture_open(fixture), -EBADMSG);
}

static void a_missing_segment_in_the_middle_is_damage(void **state) {
    struct fixture *fixture = *state;
    assert_int_equal(fixture_open(fixture), 0);
    for (int i = 0; i < 20; i++)
        assert_int_equal(group_append(fixture->journal, 1, MEBIBYTE), JOURNAL_DONE);
    fixture_close(fixture);
    char path[256];
    file_path(fixture, "00000000000000000008.vj", path);
    assert_int_equal(unlink(path), 0);
    struct journal_head head;
    char place[256] = "";
    fixture->options.read_only = true;
    assert_int_equal(fixture_open(fixture), 0);
    assert_int_equal(journal_verify(fixture->journal, NULL, NULL, &head, place), -EBADMSG);
    assert_non_null(strstr(place, FIRST_SEGMENT));
    assert_non_null(strstr(place, "records 8 to 14 should follow"));
}

static void segments_until(struct fixture *fixture, int frames) {
    fixture->options.compress_closed = true;
    assert_int_equal(fixture_open(fixture), 0);
    for (int i = 0; i < frames; i++)
        assert_int_equal(group_append(fixture->journal, 1, MEBIBYTE), JOURNAL_DONE);
    await_file_gone(fixture, "00000000000000000008.vj");
    fixture_close(fixture);
}

static void a_missing_or_renamed_compressed_segment_is_refused_at_the_start(void **state) {
    struct fixture *fixture = *state;
    segments_until(fixture, 16);
    char path[256], away[256];
    file_path(fixture, "00000000000000000008.vjz", path);
    file_path(fixture, "away", away);
    assert_int_equal(rename(path, away), 0);
    assert_int_equal(fixture_open(fixture), -EBADMSG);
    file_path(fixture, "00000000000000000009.vjz", path);
    assert_int_equal(rename(away, path), 0);
    assert_int_equal(fixture_open(fixture), -EBADMSG);
    file_path(fixture, "00000000000000000008.vjz", away);
    assert_int_equal(rename(path, away), 0);
    assert_int_equal(fixture_open(fixture), 0);
    assert_reads_to(fixture->journal, 0, 16);
}

static void a_renamed_compressed_segment_that_is_the_last_is_refused(void **state) {
    struct fixture *fixture = *state;
    segments_until(fixture, 16);
    static const char *const others[] = {"00000000000000000001.vjz", "00000000000000000015.vj"};
    char path[256], other[256];
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        file_path(fixture, others[i], path);
        assert_int_equal(unlink(path), 0);
    }
    file_path(fixture, "00000000000000000008.vjz", path);
    file_path(fixture, "00000000000000000009.vjz", other);
    assert_int_equal(rename(path, other), 0);
    assert_int_equal(fixture_open(fixture), -EBADMSG);
    assert_int_equal(rename(other, path), 0);
    assert_int_equal(fixture_open(fixture), 0);
    assert_reads_to(fixture->journal, 7, 14);
}

static void verify_notices_a_renamed_compressed_segment_that_is_the_first(void **state) {
    struct fixture *fixture = *state;
    struct journal_head head;
    char path[256], other[256], place[256] = "";
    segments_until(fixture, 16);
    file_path(fixture, "00000000000000000001.vjz", path);
    assert_int_equal(unlink(path), 0);
    file_path(fixture, "00000000000000000008.vjz", path);
    file_path(fixture, "00000000000000000007.vjz", other);
    assert_int_equal(rename(path, other), 0);
    fixture->options.read_only = true;
    assert_int_equal(fixture_open(fixture), 0);
    assert_int_equal(journal_verify(fixture->journal, NULL, NULL, &head, place), -EBADMSG);
    assert_non_null(strstr(place, "other records than its name"));
}

static void a_spare_with_something_in_it_is_zeroed_anew(void **state) {
    struct fixture *fixture = *state;
    static const uint64_t offsets[] = {0, 3 * MEBIBYTE + 5, SEGMENT_LEAST - 1};
    for (size_t i = 0; i < sizeof offsets / sizeof *offsets; i++) {
        assert_int_equal(fixture_open(fixture), 0);
        fixture_close(fixture);
        file_write(fixture, "spare", offsets[i], "x", 1);
        assert_int_equal(fixture_open(fixture), 0);
        char byte;
        file_read(fixture, "spare", offsets[i], &byte, 1);
        assert_int_equal(byte, 0);
        fixture_close(fixture);
    }
}

static void a_spare_that_is_looked_at_later_is_looked_at_all_the_same(void **state) {
    struct fixture *fixture = *state;
    uint64_t size;
    char byte;
    assert_int_equal(fixture_open(fixture), 0);
    fixture_close(fixture);
    size = file_bytes(fixture, "spare");
    file_write(fixture, "spare", size - 1, "x", 1);
    fixture->options.spare_later = true;
    assert_int_equal(fixture_open(fixture), 0);
    journal_settle(fixture->journal);
    assert_true(journal_is_ready(fixture->journal));
    file_read(fixture, "spare", size - 1, &byte, 1);
    assert_int_equal(byte, 0);
}

/* ---- beside a daemon that compresses ---- */

/* A folder as a listing may show it while a daemon works on it: the first looks miss a segment
 * whose compressed form was named behind them and whose plain one was removed before them. */
struct blind {
    struct io io;
    const struct io *below;
    const char *missed;
    int looks;
    int (*each)(void *context, const char *name);
    void *context;
};

static int blind_each(void *self, const char *name) {
    struct blind *blind = self;
    return strcmp(name, blind->missed) == 0 ? 0 : blind->each(blind->context, name);
}

static int blind_list(void *self, const char *path, int (*each)(void *context, const char *name),
                      void *context) {
    struct blind *blind = self;
    if (blind->looks == 0)
        return blind->below->list(blind->below->self, path, each, context);
    blind->looks--;
    blind->each = each;
    blind->context = context;
    return blind->below->list(blind->below->self, path, blind_each, blind);
}

static void a_listing_that_missed_a_segment_being_compressed_is_made_again(void **state) {
    struct fixture *fixture = *state;
    segments_until(fixture, 16);
    static const char *const missed[] = {"00000000000000000001.vjz", "00000000000000000008.vjz",
                                         "00000000000000000015.vj"};
    for (size_t i = 0; i < sizeof missed / sizeof *missed; i++) {
        struct blind blind = {
            .io = *io_system(), .below = io_system(), .missed = missed[i], .looks = 1};
        blind.io.self = &blind;
        blind.io.list = blind_list;
        struct journal_options options = fixture->options;
        options.read_only = true;
        struct journal_head head;
        char place[256] = "";
        assert_int_equal(journal_open(&blind.io, &options, &fixture->journal), 0);
        assert_int_equal(journal_verify(fixture->journal, NULL, NULL, &head, place), 0);
        assert_int_equal(head.sequence, 16);
        fixture_close(fixture);
    }
}

/* The listing of an earlier moment: the segment that was the open one then is closed and compressed
 * now. */
static int stale_list(void *self, const char *path, int (*each)(void *context, const char *name),
                      void *context) {
    (void)self, (void)path;
    int r = each(context, "00000000000000000001.vjz");
    return r == 0 ? each(context, "00000000000000000008.vj") : r;
}

static void an_open_segment_compressed_since_it_was_listed_is_read_to_its_end(void **state) {
    struct fixture *fixture = *state;
    segments_until(fixture, 16);
    struct io stale = *io_system();
    stale.list = stale_list;
    fixture->options.read_only = true;
    struct journal_head head;
    char place[256] = "";
    assert_int_equal(journal_open(&stale, &fixture->options, &fixture->journal), 0);
    assert_int_equal(journal_verify(fixture->journal, NULL, NULL, &head, place), 0);
    assert_int_equal(head.sequence, 14);
    assert_reads_to(fixture->journal, 0, 14);
}

int main(void) {
#define TEST(name) cmocka_unit_test_setup_teardown(name, fixture_setup, fixture_teardown)
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(only_segments_have_names_of_segments),
        cmocka_unit_test(a_sequence_is_found_in_its_segment_and_near_its_mark),
        TEST(a_frame_that_does_not_fit_begins_the_next_segment),
        TEST(a_finished_spare_is_used_and_a_half_made_one_removed),
        TEST(a_write_torn_at_any_byte_is_cut),
        TEST(a_torn_write_whose_first_page_is_missing_is_cut),
        TEST(a_reader_stops_before_a_torn_write_and_leaves_it),
        TEST(a_bad_frame_before_a_good_one_is_damage_and_nothing_is_touched),
        TEST(a_copied_frame_behind_the_last_one_is_damage),
        TEST(a_frame_of_another_journal_in_a_torn_tail_is_no_damage),
        TEST(a_frame_with_more_records_than_it_counts_is_not_whole),
        TEST(an_empty_next_segment_is_gone_on_with),
        TEST(a_torn_first_frame_of_a_segment_is_cut),
        TEST(the_name_of_an_empty_segment_shows_that_frames_are_missing),
        TEST(a_missing_segment_in_the_middle_is_damage),
        TEST(a_missing_or_renamed_compressed_segment_is_refused_at_the_start),
        TEST(a_renamed_compressed_segment_that_is_the_last_is_refused),
        TEST(verify_notices_a_renamed_compressed_segment_that_is_the_first),
        TEST(a_spare_with_something_in_it_is_zeroed_anew),
        TEST(a_spare_that_is_looked_at_later_is_looked_at_all_the_same),
        TEST(a_listing_that_missed_a_segment_being_compressed_is_made_again),
        TEST(an_open_segment_compressed_since_it_was_listed_is_read_to_its_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
