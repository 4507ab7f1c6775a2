/* What the store says about its file: what a snapshot holds, and who. */
#include "store_fixture.h"

#include <sys/wait.h>
#include <unistd.h>

#include "store/figures.h"
#include "store/internal.h"

static void checkpoint(struct fixture *fixture, const char *key, size_t size) {
    char *row = malloc(size);
    assert_non_null(row);
    memset(row, 'x', size);
    store_put(fixture->writer, TABLE_NAME, str_from(key), (struct str){row, size});
    store_accept(fixture->writer);
    free(row);
    assert_true(frame(fixture, 1000));
    store_durable(fixture->store, fixture->head.sequence);
    assert_int_equal(store_wait(fixture->store, fixture->head.sequence, 10000), 0);
    /* The engine takes the snapshot of what was committed. */
    (void)frame(fixture, 0);
}

static void checkpoints_are_counted_with_what_they_take(void **state) {
    struct fixture *fixture = *state;
    struct store_figures before, after;
    store_figures(fixture->store, &before);
    assert_int_equal(before.map_bytes, fixture->options.map_size_bytes);
    assert_int_equal(before.checkpoints, 0);
    checkpoint(fixture, "b", 100000);
    store_figures(fixture->store, &after);
    assert_true(after.checkpoints >= 1);
    assert_true(after.checkpoints_us >= after.last_checkpoint_us);
    assert_true(after.used_bytes >= before.used_bytes + 100000);
    assert_int_equal(after.used_bytes, store_bytes(fixture->store));
    assert_int_equal(after.pending_bytes, 0);
    put(fixture, TABLE_NAME, "c", "waits");
    store_accept(fixture->writer);
    assert_false(frame(fixture, 0));
    store_figures(fixture->store, &after);
    assert_true(after.pending_bytes > 0);
}

static void what_was_overwritten_is_free_once_nobody_reads_it(void **state) {
    struct fixture *fixture = *state;
    struct view *view;
    checkpoint(fixture, "big", 1 << 20);
    checkpoint(fixture, "big", 1);
    checkpoint(fixture, "other", 1);
    assert_int_equal(store_view_open(fixture->store, &view), 0);
    assert_true(view_free_pages(view) >= (1 << 20) / 4096);
    view_close(view);
}

static void a_snapshot_that_stays_is_told_with_its_process_and_age(void **state) {
    struct fixture *fixture = *state;
    struct store_figures figures;
    struct view *view;
    checkpoint(fixture, "a", 1);
    assert_int_equal(store_view_open(fixture->store, &view), 0);
    store_figures(fixture->store, &figures);
    assert_int_equal(figures.n_readers, 1);
    assert_false(figures.is_overtaken); /* what it reads is the newest */
    for (int i = 0; i < 3; i++)
        checkpoint(fixture, "a", 1);
    store_figures(fixture->store, &figures);
    assert_true(figures.is_overtaken);
    assert_int_equal(figures.oldest_pid, getpid());
    assert_int_equal(figures.oldest_behind, 3);
    assert_true(figures.oldest_held_us > 0);
    view_close(view);
    store_figures(fixture->store, &figures);
    assert_false(figures.is_overtaken);
    assert_int_equal(figures.n_readers, 0);
}

static void the_engines_own_snapshot_is_nobodys_fault(void **state) {
    struct fixture *fixture = *state;
    struct store_figures figures;
    checkpoint(fixture, "a", 1);
    put(fixture, TABLE_NAME, "b", "2");
    store_accept(fixture->writer);
    assert_true(frame(fixture, 1000));
    store_durable(fixture->store, fixture->head.sequence);
    assert_int_equal(store_wait(fixture->store, fixture->head.sequence, 10000), 0);
    store_figures(fixture->store, &figures);
    assert_int_equal(figures.n_readers, 0);
    assert_false(figures.is_overtaken);
}

static void a_reader_of_another_process_is_told_by_its_number(void **state) {
    struct fixture *fixture = *state;
    struct store_figures figures;
    int opened[2], done[2], status;
    char byte = 0;
    checkpoint(fixture, "a", 1);
    assert_int_equal(pipe(opened), 0);
    assert_int_equal(pipe(done), 0);
    pid_t child = fork();
    if (child == 0) {
        struct store_options options = fixture->options;
        struct store *store;
        struct view *view;
        options.read_only = true;
        close(done[1]);
        bool good = store_open(&options, &store) == 0 && store_view_open(store, &view) == 0;
        if (!good || write(opened[1], &byte, 1) != 1)
            _exit(1);
        (void)!read(done[0], &byte, 1);
        _exit(0);
    }
    assert_int_equal(read(opened[0], &byte, 1), 1);
    checkpoint(fixture, "a", 1);
    checkpoint(fixture, "a", 1);
    store_figures(fixture->store, &figures);
    assert_true(figures.is_overtaken);
    assert_int_equal(figures.oldest_pid, child);
    assert_int_equal(figures.oldest_behind, 2);
    close(done[1]);
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(status, 0);
    close(opened[0]), close(opened[1]), close(done[0]);
}

static void when_a_snapshot_was_overtaken_is_known_to_the_second(void **state) {
    (void)state;
    static struct commits commits;
    const int64_t second = 1000000;
    /* Ten commits a second, for longer than is kept. */
    int n = 10 * (COMMIT_TIMES + 500);
    for (int i = 1; i <= n; i++)
        commits_note(&commits, (uint64_t)i, 0, i * second / 10);
    assert_int_equal(commits.n, n);
    for (int behind = 1; behind < 10 * (COMMIT_TIMES - 10); behind += 997) {
        int64_t first_after = (n - behind + 1) * second / 10;
        int64_t told = commits_overtook_us(&commits, (uint64_t)(n - behind));
        assert_true(told >= first_after && told <= first_after + second);
    }
    /* What lies further back is as old as the oldest that is known. */
    assert_true(commits_overtook_us(&commits, 1) > 400 * second);
}

int main(void) {
#define TEST(name) cmocka_unit_test_setup_teardown(name, fixture_setup, fixture_teardown)
    const struct CMUnitTest tests[] = {
        TEST(checkpoints_are_counted_with_what_they_take),
        TEST(what_was_overwritten_is_free_once_nobody_reads_it),
        TEST(a_snapshot_that_stays_is_told_with_its_process_and_age),
        TEST(the_engines_own_snapshot_is_nobodys_fault),
        TEST(a_reader_of_another_process_is_told_by_its_number),
        cmocka_unit_test(when_a_snapshot_was_overtaken_is_known_to_the_second),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
