#include "journal_fixture.h"

#define FIRST_SEGMENT "00000000000000000001.vj"

static void an_empty_journal_has_an_epoch_and_no_records(void **state) {
    struct fixture *fixture = *state;
    assert_int_equal(fixture_open(fixture), 0);
    struct journal_head head = journal_head(fixture->journal);
    assert_int_equal(head.sequence, 0);
    assert_true(head.epoch != 0 && head.epoch <= INT64_MAX);
    assert_true(journal_is_ready(fixture->journal));
    assert_int_equal(journal_bytes(fixture->journal), 0);
    assert_reads_to(fixture->journal, 0, 0);
}

static void what_was_appended_reads_back_after_a_reopen(void **state) {
    struct fixture *fixture = *state;
    assert_int_equal(fixture_open(fixture), 0);
    uint64_t epoch = journal_head(fixture->journal).epoch;
    for (uint32_t i = 1; i <= 50; i++)
        assert_int_equal(group_append(fixture->journal, i % 7 + 1, i * 37), JOURNAL_DONE);
    struct journal_head head = journal_head(fixture->journal);
    assert_reads_to(fixture->journal, 0, head.sequence);
    uint64_t bytes = journal_bytes(fixture->journal);
    fixture_reopen(fixture);
    struct journal_head again = journal_head(fixture->journal);
    assert_int_equal(again.epoch, epoch);
    assert_int_equal(again.sequence, head.sequence);
    assert_memory_equal(again.hash, head.hash, sizeof head.hash);
    assert_int_equal(journal_bytes(fixture->journal), bytes);
    for (uint64_t after = 0; after <= head.sequence; after++)
        assert_reads_to(fixture->journal, after, head.sequence);
    assert_int_equal(group_append(fixture->journal, 2, 10), JOURNAL_DONE);
    assert_reads_to(fixture->journal, 0, head.sequence + 2);
}

static void frames_and_syncs_are_counted_with_their_time(void **state) {
    struct fixture *fixture = *state;
    struct journal_figures figures;
    assert_int_equal(fixture_open(fixture), 0);
    journal_figures(fixture->journal, &figures);
    assert_int_equal(figures.frames, 0);
    assert_int_equal(figures.synced_us, 0);
    for (uint32_t i = 1; i <= 20; i++)
        assert_int_equal(group_append(fixture->journal, 3, 100), JOURNAL_DONE);
    journal_figures(fixture->journal, &figures);
    assert_int_equal(figures.head.sequence, 60);
    assert_int_equal(figures.frames, 20);
    assert_int_equal(figures.syncs, 20);
    assert_int_equal(figures.segments, 1);
    assert_int_equal(figures.archived, 0);
    assert_int_equal(figures.bytes, journal_bytes(fixture->journal));
    assert_true(figures.synced_us > 0);
    for (size_t i = 1; i < JOURNAL_SYNC_BOUNDS; i++)
        assert_true(figures.syncs_within[i] >= figures.syncs_within[i - 1]);
    /* No test's disk takes two seconds for each. */
    assert_true(figures.syncs_within[JOURNAL_SYNC_BOUNDS - 1] > 0);
    fixture_reopen(fixture);
    journal_figures(fixture->journal, &figures);
    assert_int_equal(figures.frames, 0); /* since the start */
    assert_int_equal(figures.head.sequence, 60);
}

static void a_record_names_the_group_it_came_in(void **state) {
    struct fixture *fixture = *state;
    assert_int_equal(fixture_open(fixture), 0);
    assert_int_equal(group_append(fixture->journal, 3, 20), JOURNAL_DONE);
    assert_int_equal(group_append(fixture->journal, 4, 0), JOURNAL_DONE);
    struct journal_reader *reader;
    assert_int_equal(journal_reader_open(fixture->journal, 0, &reader), 0);
    struct str record;
    struct journal_position position;
    for (uint64_t expected = 1; expected <= 7; expected++) {
        uint64_t sequence;
        assert_int_equal(journal_reader_next(reader, &record, &sequence), 0);
        assert_int_equal(sequence, expected);
        journal_reader_position(reader, &position);
        assert_int_equal(position.frame_first_sequence, expected <= 3 ? 1 : 4);
        assert_int_equal(position.frame_count, expected <= 3 ? 3 : 4);
    }
    struct journal_head head = journal_head(fixture->journal);
    assert_int_equal(position.epoch, head.epoch);
    assert_memory_equal(position.frame_hash, head.hash, sizeof head.hash);
    journal_reader_close(reader);
}

static void a_reader_at_the_end_goes_on_with_what_comes(void **state) {
    struct fixture *fixture = *state;
    assert_int_equal(fixture_open(fixture), 0);
    struct journal_reader *reader;
    struct str record;
    uint64_t sequence;
    assert_int_equal(journal_reader_open(fixture->journal, 2, &reader), 0);
    assert_int_equal(journal_reader_next(reader, &record, &sequence), JOURNAL_END);
    for (uint64_t expected = 3; expected < 30; expected++) {
        uint32_t count = expected == 3 ? 3 : 1;
        assert_int_equal(group_append(fixture->journal, count, 600000), JOURNAL_DONE);
        assert_int_equal(journal_reader_next(reader, &record, &sequence), 0);
        assert_int_equal(sequence, expected);
        assert_int_equal(journal_reader_next(reader, &record, &sequence), JOURNAL_END);
    }
    journal_reader_close(reader);
}

static void closing_waits_for_both_frames_in_flight(void **state) {
    struct fixture *fixture = *state;
    assert_int_equal(fixture_open(fixture), 0);
    struct journal_frame frames[2] = {0};
    struct receipt receipts[2] = {RECEIPT, RECEIPT};
    frame_fill(&frames[0], 1, 5, 1000);
    frame_fill(&frames[1], 6, 5, 1000);
    journal_append(fixture->journal, &frames[0], receipt_take, &receipts[0]);
    journal_append(fixture->journal, &frames[1], receipt_take, &receipts[1]);
    fixture_close(fixture);
    for (int i = 0; i < 2; i++) {
        assert_true(receipts[i].is_done);
        assert_int_equal(receipts[i].outcome, JOURNAL_DONE);
        journal_frame_deinit(&frames[i]);
    }
    assert_int_equal(fixture_open(fixture), 0);
    assert_reads_to(fixture->journal, 0, 10);
}

static void older_records_that_are_not_there_are_named_so(void **state) {
    struct fixture *fixture = *state;
    assert_int_equal(fixture_open(fixture), 0);
    for (int i = 0; i < 12; i++)
        assert_int_equal(group_append(fixture->journal, 1, MEBIBYTE), JOURNAL_DONE);
    fixture_close(fixture);
    char path[256];
    file_path(fixture, FIRST_SEGMENT, path);
    assert_int_equal(unlink(path), 0);
    assert_int_equal(fixture_open(fixture), 0);
    struct journal_reader *reader;
    assert_int_equal(journal_reader_open(fixture->journal, 0, &reader), JOURNAL_NOT_THERE);
    assert_reads_to(fixture->journal, 7, 12);
}

/* ---- verify ---- */

static void count_progress(void *context, uint64_t sequence) {
    uint64_t *last = context;
    assert_true(sequence > *last);
    *last = sequence;
}

static void verify_walks_everything_and_tells_how_far(void **state) {
    struct fixture *fixture = *state;
    assert_int_equal(fixture_open(fixture), 0);
    for (int i = 0; i < 20; i++)
        assert_int_equal(group_append(fixture->journal, 2, 300000), JOURNAL_DONE);
    struct journal_head head;
    char place[256] = "";
    uint64_t reported = 0;
    assert_int_equal(journal_verify(fixture->journal, count_progress, &reported, &head, place), 0);
    assert_int_equal(head.sequence, 40);
    assert_true(reported > 30);
    assert_string_equal(place, "");
}

static void a_flipped_bit_anywhere_is_found_and_placed(void **state) {
    struct fixture *fixture = *state;
    assert_int_equal(fixture_open(fixture), 0);
    for (int i = 0; i < 4; i++)
        assert_int_equal(group_append(fixture->journal, 2, 100), JOURNAL_DONE);
    uint64_t bytes = journal_bytes(fixture->journal);
    uint64_t before_last = bytes / 4 * 3;
    fixture_close(fixture);
    fixture->options.read_only = true;
    for (uint64_t offset = 0; offset < before_last; offset += 13) {
        file_flip(fixture, FIRST_SEGMENT, offset, (uint8_t)(1 << offset % 8));
        struct journal_head head;
        char place[256] = "";
        assert_int_equal(fixture_open(fixture), 0);
        assert_int_equal(journal_verify(fixture->journal, NULL, NULL, &head, place), -EBADMSG);
        assert_non_null(strstr(place, "segment " FIRST_SEGMENT " at byte "));
        fixture_close(fixture);
        file_flip(fixture, FIRST_SEGMENT, offset, (uint8_t)(1 << offset % 8));
    }
    assert_int_equal(fixture_open(fixture), 0);
    assert_reads_to(fixture->journal, 0, 8);
}

static void rubbish_behind_a_closed_segment_is_found(void **state) {
    struct fixture *fixture = *state;
    assert_int_equal(fixture_open(fixture), 0);
    for (int i = 0; i < 9; i++)
        assert_int_equal(group_append(fixture->journal, 1, MEBIBYTE), JOURNAL_DONE);
    file_flip(fixture, FIRST_SEGMENT, SEGMENT_LEAST - 3, 4);
    struct journal_head head;
    char place[256] = "";
    assert_int_equal(journal_verify(fixture->journal, NULL, NULL, &head, place), -EBADMSG);
    assert_non_null(strstr(place, "behind the last frame"));
}

static void
what_the_disk_does_not_give_is_named_with_its_place_and_may_be_asked_again(void **state) {
    struct fixture *fixture = *state;
    assert_int_equal(fixture_open(fixture), 0);
    for (int i = 0; i < 9; i++)
        assert_int_equal(group_append(fixture->journal, 1, MEBIBYTE), JOURNAL_DONE);
    struct journal_head head;
    char place[256] = "";
    io_steered_fail(&fixture->steered, "pread", 3, -EIO);
    assert_int_equal(journal_verify(fixture->journal, NULL, NULL, &head, place), -EIO);
    assert_non_null(strstr(place, "segment " FIRST_SEGMENT " at byte "));
    assert_non_null(strstr(place, strerrordesc_np(EIO)));
    static const char *const calls[] = {"pread", "open"};
    for (size_t i = 0; i < sizeof calls / sizeof *calls; i++) {
        struct journal_reader *reader;
        struct str record;
        uint64_t sequence = 0, n_failed = 0;
        io_steered_fail(&fixture->steered, calls[i], 2, -EMFILE);
        assert_int_equal(journal_reader_open(fixture->journal, 0, &reader), 0);
        for (uint64_t expected = 1; expected <= 9;) {
            int r = journal_reader_next(reader, &record, &sequence);
            n_failed += r == -EMFILE;
            assert_true(r == 0 || r == -EMFILE);
            if (r == 0)
                assert_int_equal(sequence, expected++);
        }
        assert_int_equal(n_failed, 1);
        journal_reader_close(reader);
    }
}

/* ---- readers beside the writer ---- */

struct tail {
    struct journal *journal;
    uint64_t until;
    int result;
};

static void *tail_run(void *argument) {
    struct tail *tail = argument;
    struct journal_reader *reader;
    struct str record;
    uint64_t sequence = 0;
    int r = journal_reader_open(tail->journal, 0, &reader);
    while (r >= 0 && sequence < tail->until) {
        uint64_t before = sequence;
        r = journal_reader_next(reader, &record, &sequence);
        if (r == 0 && sequence != before + 1)
            r = -EPROTO;
    }
    journal_reader_close(reader);
    tail->result = r;
    return NULL;
}

static void readers_follow_the_writer_over_segments_being_compressed(void **state) {
    struct fixture *fixture = *state;
    fixture->options.compress_closed = true;
    assert_int_equal(fixture_open(fixture), 0);
    struct tail tails[3];
    pthread_t threads[3];
    for (int i = 0; i < 3; i++) {
        tails[i] = (struct tail){.journal = fixture->journal, .until = 6 * 40};
        pthread_create(&threads[i], NULL, tail_run, &tails[i]);
    }
    for (int i = 0; i < 40; i++)
        assert_int_equal(group_append(fixture->journal, 6, 100000), JOURNAL_DONE);
    for (int i = 0; i < 3; i++) {
        pthread_join(threads[i], NULL);
        assert_int_equal(tails[i].result, 0);
    }
}

static void a_reading_process_beside_the_daemon_changes_nothing(void **state) {
    struct fixture *fixture = *state;
    assert_int_equal(fixture_open(fixture), 0);
    assert_int_equal(group_append(fixture->journal, 6, 100), JOURNAL_DONE);
    file_write(fixture, "00000000000000000001.vjz.tmp", 0, "x", 1);
    struct journal_options options = fixture->options;
    options.read_only = true;
    struct journal *beside;
    for (int i = 0; i < 20; i++) {
        assert_int_equal(journal_open(io_system(), &options, &beside), 0);
        assert_false(journal_is_ready(beside));
        assert_reads_to(beside, 0, journal_head(beside).sequence);
        assert_int_equal(journal_head(beside).sequence, journal_head(fixture->journal).sequence);
        journal_close(beside);
        assert_int_equal(group_append(fixture->journal, 1, MEBIBYTE), JOURNAL_DONE);
    }
    assert_true(file_exists(fixture, "00000000000000000001.vjz.tmp"));
}

/* ---- faults ---- */

/* Ten frames over two segments with the k-th call failing: what was done is there afterwards, and
 * nothing refused is. */
static bool fault_run(struct fixture *fixture, const char *call, uint64_t at) {
    fixture->steered.fail_call = call;
    fixture->steered.fail_at = at;
    fixture->steered.fail_error = -ENOSPC;
    fixture->steered.n_calls = 0;
    uint64_t done = 0, unknown = 0;
    bool refused = false;
    if (fixture_open(fixture) == 0) {
        for (int i = 0; i < 10; i++) {
            enum journal_outcome outcome = group_append(fixture->journal, 1, MEBIBYTE - 300);
            assert_true(!refused || outcome == JOURNAL_REFUSED);
            assert_true(outcome != JOURNAL_UNKNOWN || (!unknown && !refused));
            done += outcome == JOURNAL_DONE;
            unknown += outcome == JOURNAL_UNKNOWN;
            refused = refused || outcome != JOURNAL_DONE;
        }
        assert_int_equal(journal_head(fixture->journal).sequence, done);
        assert_true(!refused || !journal_is_ready(fixture->journal));
        fixture_close(fixture);
    }
    bool reached = fixture->steered.n_calls >= at;
    fixture->steered.fail_call = NULL;
    assert_int_equal(fixture_open(fixture), 0);
    uint64_t sequence = journal_head(fixture->journal).sequence;
    assert_true(sequence >= done && sequence <= done + unknown);
    assert_reads_to(fixture->journal, 0, sequence);
    assert_int_equal(group_append(fixture->journal, 1, 100), JOURNAL_DONE);
    fixture_close(fixture);
    return reached;
}

static void after_any_failed_call_the_journal_is_consistent(void **state) {
    struct fixture *fixture = *state;
    static const char *const calls[] = {"pwrite",    "fdatasync", "fsync",    "open",
                                        "pread",     "rename",    "sync_dir", "mkdir",
                                        "file_size", "list",      "unlink"};
    for (size_t i = 0; i < sizeof calls / sizeof *calls; i++) {
        bool reached = true;
        /* The zeros of a spare are many calls that are all alike. */
        uint64_t step = 1;
        for (uint64_t at = 1; reached; at += step) {
            fixture->options.compress_closed = at % 2;
            reached = fault_run(fixture, calls[i], at);
            directory_remove(fixture->directory);
            assert_int_equal(mkdir(fixture->directory, 0700), 0);
            step = strcmp(calls[i], "pwrite") == 0 ? 3 : 1;
        }
    }
}

static void a_full_disk_makes_it_not_ready_until_there_is_room(void **state) {
    struct fixture *fixture = *state;
    fixture->steered.fail_call = "disk_free_bytes";
    fixture->steered.fail_error = -EIO;
    fixture->steered.fail_at = 1;
    assert_int_equal(fixture_open(fixture), 0);
    assert_false(journal_is_ready(fixture->journal));
    journal_poke(fixture->journal);
    struct timespec pause = {.tv_nsec = 1000000};
    for (int i = 0; !journal_is_ready(fixture->journal); i++) {
        assert_true(i < 20000);
        nanosleep(&pause, NULL);
    }
    assert_int_equal(group_append(fixture->journal, 1, 10), JOURNAL_DONE);
}

static void a_segment_that_could_not_be_compressed_for_want_of_room_is_tried_again(void **state) {
    struct fixture *fixture = *state;
    fixture->options.compress_closed = true;
    assert_int_equal(fixture_open(fixture), 0);
    char temporary[256];
    file_path(fixture, "00000000000000000001.vjz.tmp", temporary);
    assert_int_equal(mkdir(temporary, 0700), 0); /* its file cannot be made */
    for (int i = 0; i < 8; i++)
        assert_int_equal(group_append(fixture->journal, 1, MEBIBYTE), JOURNAL_DONE);
    struct timespec pause = {.tv_nsec = 1000000};
    for (int i = 0; !journal_is_ready(fixture->journal); i++) {
        assert_true(i < 20000);
        nanosleep(&pause, NULL);
    }
    assert_int_equal(rmdir(temporary), 0);
    for (int i = 0; i < 8; i++)
        assert_int_equal(group_append(fixture->journal, 1, MEBIBYTE), JOURNAL_DONE);
    await_file_gone(fixture, FIRST_SEGMENT);
    assert_reads_to(fixture->journal, 0, 16);
}

static void without_room_for_a_segment_a_frame_is_refused(void **state) {
    struct fixture *fixture = *state;
    assert_int_equal(fixture_open(fixture), 0);
    assert_int_equal(group_append(fixture->journal, 1, 10), JOURNAL_DONE);
    fixture_close(fixture);
    char spare[256];
    file_path(fixture, "spare", spare);
    unlink(spare);
    assert_int_equal(mkdir(spare, 0700), 0);
    assert_int_equal(fixture_open(fixture), 0);
    assert_false(journal_is_ready(fixture->journal));
    enum journal_outcome outcome = JOURNAL_DONE;
    for (int i = 0; i < 8 && outcome == JOURNAL_DONE; i++)
        outcome = group_append(fixture->journal, 1, MEBIBYTE);
    assert_int_equal(outcome, JOURNAL_REFUSED);
    assert_int_equal(journal_head(fixture->journal).sequence, 8);
    assert_int_equal(group_append(fixture->journal, 1, 10), JOURNAL_REFUSED);
    assert_reads_to(fixture->journal, 0, 8);
}

int main(void) {
#define TEST(name) cmocka_unit_test_setup_teardown(name, fixture_setup, fixture_teardown)
    const struct CMUnitTest tests[] = {
        TEST(an_empty_journal_has_an_epoch_and_no_records),
        TEST(what_was_appended_reads_back_after_a_reopen),
        TEST(frames_and_syncs_are_counted_with_their_time),
        TEST(a_record_names_the_group_it_came_in),
        TEST(a_reader_at_the_end_goes_on_with_what_comes),
        TEST(closing_waits_for_both_frames_in_flight),
        TEST(older_records_that_are_not_there_are_named_so),
        TEST(verify_walks_everything_and_tells_how_far),
        TEST(a_flipped_bit_anywhere_is_found_and_placed),
        TEST(rubbish_behind_a_closed_segment_is_found),
        TEST(what_the_disk_does_not_give_is_named_with_its_place_and_may_be_asked_again),
        TEST(readers_follow_the_writer_over_segments_being_compressed),
        TEST(a_reading_process_beside_the_daemon_changes_nothing),
        TEST(after_any_failed_call_the_journal_is_consistent),
        TEST(a_full_disk_makes_it_not_ready_until_there_is_room),
        TEST(a_segment_that_could_not_be_compressed_for_want_of_room_is_tried_again),
        TEST(without_room_for_a_segment_a_frame_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
