#include <pthread.h>
#include <unistd.h>

#include "unit/store_fixture.h"

/* A frame whose one row says which frame it was. */
static bool numbered_frame(struct fixture *fixture, int64_t passed_ms) {
    uint64_t sequence = fixture->head.sequence + 1;
    store_put(fixture->writer, TABLE_META, STR("last"),
              (struct str){(char *)&sequence, sizeof sequence});
    uint64_t sorted = htobe64(sequence);
    store_put(fixture->writer, TABLE_RECORD, (struct str){(char *)&sorted, sizeof sorted},
              STR("row"));
    store_accept(fixture->writer);
    return frame(fixture, passed_ms);
}

/* The rows must be those of exactly the frame that the head names. */
static uint64_t check_whole(struct view *view) {
    struct store_head head = view_head(view);
    struct str row;
    uint64_t last = 0;
    if (view_get(view, TABLE_META, STR("last"), &row) == 0)
        memcpy(&last, row.data, sizeof last);
    assert_int_equal(last, head.sequence);
    assert_int_equal(view_rows(view, TABLE_RECORD), head.sequence);
    assert_int_equal(head.frame_hash[0], (uint8_t)head.sequence);
    return head.sequence;
}

static uint64_t committed_whole(struct fixture *fixture) {
    struct view *view;
    assert_int_equal(store_view_open(fixture->store, &view), 0);
    uint64_t sequence = check_whole(view);
    view_close(view);
    return sequence;
}

/* ---- when ---- */

static void nothing_is_due_without_news(void **state) {
    struct fixture *fixture = *state;
    assert_false(store_wants_checkpoint(fixture->writer, fixture->now_us));
    assert_false(store_frame_boundary(fixture->writer, &fixture->head, fixture->now_us));
}

static void checkpoint_is_due_each_hundred_milliseconds(void **state) {
    struct fixture *fixture = *state;
    assert_true(numbered_frame(fixture, 0));
    store_durable(fixture->store, fixture->head.sequence);
    assert_int_equal(store_wait(fixture->store, 1, 10000), 0);
    assert_false(numbered_frame(fixture, 60));
    assert_false(store_wants_checkpoint(fixture->writer, fixture->now_us + 39000));
    assert_true(store_wants_checkpoint(fixture->writer, fixture->now_us + 40000));
    assert_true(numbered_frame(fixture, 40));
    /* That one is under way until frame 3 is durable: no other begins. */
    assert_false(numbered_frame(fixture, 1000));
    assert_false(store_wants_checkpoint(fixture->writer, fixture->now_us));
    store_durable(fixture->store, 4);
    assert_int_equal(store_wait(fixture->store, 3, 10000), 0);
    assert_int_equal(committed_whole(fixture), 3);
    assert_true(store_wants_checkpoint(fixture->writer, fixture->now_us));
}

static void clock_that_went_back_does_not_stop_checkpoints(void **state) {
    struct fixture *fixture = *state;
    assert_true(numbered_frame(fixture, 1000000));
    store_durable(fixture->store, 1);
    assert_int_equal(store_wait(fixture->store, 1, 10000), 0);
    assert_false(numbered_frame(fixture, -900000));
    assert_true(numbered_frame(fixture, 100));
}

/* However the thread's end of a checkpoint falls between the engine's looks at it. Checkpoints are
 * due all the time here and end in memory, so that the two meet often. */
static void checkpoint_may_end_at_any_moment_of_a_boundary(void **state) {
    struct fixture *fixture = *state;
    fixture_deinit(fixture);
    fixture_init(fixture);
    assert_int_equal(remove(fixture->directory), 0);
    snprintf(fixture->directory, sizeof fixture->directory, "/dev/shm/store_test.XXXXXX");
    assert_non_null(mkdtemp(fixture->directory));
    fixture_open(fixture);
    for (int i = 0; i < 200000; i++) {
        store_durable(fixture->store, fixture->head.sequence + 1);
        numbered_frame(fixture, 1000);
    }
    assert_int_equal(fixture->n_failures, 0);
}

static void full_pending_is_due_and_waits_for_room(void **state) {
    struct fixture *fixture = *state;
    fixture_close(fixture);
    fixture->options.pending_limit_bytes = 4096;
    fixture_open(fixture);
    assert_true(numbered_frame(fixture, 0));
    char big[5000];
    memset(big, 'b', sizeof big);
    store_put(fixture->writer, TABLE_NAME, STR("big"), (struct str){big, sizeof big});
    store_accept(fixture->writer);
    store_wait_room(fixture->writer); /* due, but there is room still: the first may go on */
    assert_int_equal(store_committed(fixture->store).sequence, 0);
    store_put(fixture->writer, TABLE_NAME, STR("bigger"), (struct str){big, sizeof big});
    store_accept(fixture->writer);
    store_durable(fixture->store, 1);
    store_wait_room(fixture->writer);
    assert_int_equal(store_committed(fixture->store).sequence, 1);
    assert_true(frame(fixture, 1)); /* long before the hundred milliseconds */
}

static void who_says_so_has_a_checkpoint_of_less_and_waits_for_no_room(void **state) {
    struct fixture *fixture = *state;
    char big[5000];
    memset(big, 'b', sizeof big);
    assert_true(numbered_frame(fixture, 0)); /* the first is due at once, and not durable yet */
    store_put(fixture->writer, TABLE_NAME, STR("big"), (struct str){big, sizeof big});
    store_accept(fixture->writer);
    store_set_due(fixture->writer, 4096);
    store_wait_room(fixture->writer); /* or it would wait for ever */
    store_durable(fixture->store, 1);
    assert_int_equal(store_wait(fixture->store, 1, 10000), 0);
    assert_true(numbered_frame(fixture, 0)); /* no time has passed */
    store_durable(fixture->store, 2);
    assert_int_equal(store_wait(fixture->store, 2, 10000), 0);
    assert_false(numbered_frame(fixture, 0)); /* little is pending */
}

static void head_advances_where_no_row_changed(void **state) {
    struct fixture *fixture = *state;
    assert_true(frame(fixture, 1000));
    store_durable(fixture->store, 1);
    assert_int_equal(store_wait(fixture->store, 1, 10000), 0);
    fixture_close(fixture);
    fixture_open(fixture);
    assert_int_equal(fixture->head.sequence, 1);
}

/* ---- what ---- */

static void rows_wait_for_the_journal(void **state) {
    struct fixture *fixture = *state;
    assert_true(numbered_frame(fixture, 1000));
    assert_int_equal(store_wait(fixture->store, 1, 50), STORE_TIMEOUT);
    assert_int_equal(committed_whole(fixture), 0);
    fixture_close(fixture); /* killed before the journal had it */
    fixture_open(fixture);
    assert_int_equal(fixture->head.sequence, 0);
    assert_int_equal(committed_whole(fixture), 0);
    assert_string_equal(engine_text(fixture, TABLE_META, "last"), "-");
}

static void kill_leaves_a_whole_durable_frame(void **state) {
    struct fixture *fixture = *state;
    uint64_t seed = 365;
    for (int round = 0; round < 40; round++) {
        uint64_t durable = fixture->head.sequence;
        for (uint32_t n = 1 + draw(&seed, 60); n > 0; n--) {
            numbered_frame(fixture, draw(&seed, 120));
            if (draw(&seed, 3) == 0) {
                durable = fixture->head.sequence - draw(&seed, 2);
                store_durable(fixture->store, durable);
            }
            if (draw(&seed, 20) == 0) /* so that some rounds get on */
                store_wait(fixture->store, durable, 3);
        }
        fixture_close(fixture);
        fixture_open(fixture);
        assert_true(fixture->head.sequence <= durable);
        assert_int_equal(committed_whole(fixture), fixture->head.sequence);
    }
    assert_true(fixture->head.sequence > 100);
}

static void flush_commits_what_is_under_way_and_the_rest(void **state) {
    struct fixture *fixture = *state;
    assert_true(numbered_frame(fixture, 1000));
    assert_false(numbered_frame(fixture, 1));
    assert_int_equal(store_flush(fixture->writer, &fixture->head), 0);
    assert_int_equal(committed_whole(fixture), 2);
    assert_int_equal(store_flush(fixture->writer, &fixture->head), 0); /* again: nothing to do */
    assert_int_equal(store_committed(fixture->store).sequence, 2);
}

/* ---- an engine on a thread of its own ---- */

struct engine {
    struct fixture *fixture;
    pthread_t thread;
    pthread_mutex_t mutex;
    pthread_cond_t woken;
    int n_wakes;
    bool stop;
    uint64_t n_frames; /* to write as fast as it can before it idles */
    uint64_t sequence; /* __atomic: the last it wrote */
};

static void engine_wake(void *context) {
    struct engine *engine = context;
    pthread_mutex_lock(&engine->mutex);
    engine->n_wakes++;
    pthread_cond_signal(&engine->woken);
    pthread_mutex_unlock(&engine->mutex);
}

static int64_t monotonic_us(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * INT64_C(1000000) + now.tv_nsec / 1000;
}

static void engine_write(struct engine *engine) {
    struct fixture *fixture = engine->fixture;
    for (uint64_t i = 0; i < engine->n_frames; i++) {
        fixture->now_us = monotonic_us();
        numbered_frame(fixture, 0);
        store_durable(fixture->store, fixture->head.sequence);
        __atomic_store_n(&engine->sequence, fixture->head.sequence, __ATOMIC_SEQ_CST);
    }
}

/* Sleeps until it is woken: no timer, so that a test shows that the waker is enough. */
static void *engine_run(void *context) {
    struct engine *engine = context;
    struct fixture *fixture = engine->fixture;
    engine_write(engine);
    pthread_mutex_lock(&engine->mutex);
    while (!engine->stop) {
        if (engine->n_wakes == 0)
            pthread_cond_wait(&engine->woken, &engine->mutex);
        engine->n_wakes = 0;
        pthread_mutex_unlock(&engine->mutex);
        if (store_wants_checkpoint(fixture->writer, monotonic_us()))
            store_frame_boundary(fixture->writer, &fixture->head, monotonic_us());
        pthread_mutex_lock(&engine->mutex);
    }
    pthread_mutex_unlock(&engine->mutex);
    return NULL;
}

static void engine_start(struct engine *engine) {
    pthread_mutex_init(&engine->mutex, NULL);
    pthread_cond_init(&engine->woken, NULL);
    store_set_waker(engine->fixture->store, engine_wake, engine);
    assert_int_equal(pthread_create(&engine->thread, NULL, engine_run, engine), 0);
}

static void engine_stop(struct engine *engine) {
    store_set_waker(engine->fixture->store, NULL, NULL);
    pthread_mutex_lock(&engine->mutex);
    engine->stop = true;
    pthread_cond_signal(&engine->woken);
    pthread_mutex_unlock(&engine->mutex);
    pthread_join(engine->thread, NULL);
    pthread_mutex_destroy(&engine->mutex);
    pthread_cond_destroy(&engine->woken);
}

static void reader_that_waits_is_served_soon(void **state) {
    struct fixture *fixture = *state;
    /* A checkpoint just taken, a frame after it, and the next one not due for an hour. */
    fixture_close(fixture);
    fixture->options.checkpoint_ms = 3600 * 1000;
    fixture_open(fixture);
    struct engine engine = {.fixture = fixture, .n_frames = 2};
    engine_start(&engine);
    int64_t begin_us = monotonic_us();
    assert_int_equal(store_wait(fixture->store, 2, 10000), 0);
    int64_t passed_us = monotonic_us() - begin_us;
    assert_true(passed_us < 5000000);
    assert_int_equal(committed_whole(fixture), 2);
    assert_int_equal(store_wait(fixture->store, 3, 30), STORE_TIMEOUT);
    engine_stop(&engine);
}

struct reader {
    struct engine *engine;
    pthread_t thread;
    uint64_t n_frames;
    uint64_t n_views;
};

static void *reader_run(void *context) {
    struct reader *reader = context;
    struct store *store = reader->engine->fixture->store;
    uint64_t seen = 0;
    while (seen < reader->n_frames) {
        uint64_t wanted = __atomic_load_n(&reader->engine->sequence, __ATOMIC_SEQ_CST);
        struct view *view;
        assert_int_equal(store_wait(store, wanted, 20000), 0);
        assert_int_equal(store_view_open(store, &view), 0);
        uint64_t sequence = check_whole(view);
        assert_true(sequence >= wanted && sequence >= seen);
        assert_int_equal(check_whole(view), sequence);
        view_close(view);
        seen = sequence;
        reader->n_views++;
    }
    return NULL;
}

static void readers_see_whole_frames_while_the_engine_writes(void **state) {
    struct fixture *fixture = *state;
    struct engine engine = {.fixture = fixture, .n_frames = 20000};
    struct reader readers[3];
    engine_start(&engine);
    for (int i = 0; i < 3; i++) {
        readers[i] = (struct reader){.engine = &engine, .n_frames = engine.n_frames};
        assert_int_equal(pthread_create(&readers[i].thread, NULL, reader_run, &readers[i]), 0);
    }
    for (int i = 0; i < 3; i++) {
        pthread_join(readers[i].thread, NULL);
        assert_true(readers[i].n_views > 0);
    }
    engine_stop(&engine);
    assert_int_equal(fixture->n_failures, 0);
}

/* ---- faults ---- */

static void full_map_fails_once_and_frees_who_waits(void **state) {
    struct fixture *fixture = *state;
    fixture_close(fixture);
    assert_int_equal(store_remove(fixture->directory), 0);
    fixture->options.map_size_bytes = 256 << 10;
    fixture_open(fixture);
    assert_true(numbered_frame(fixture, 1000));
    store_durable(fixture->store, 1);
    assert_int_equal(store_wait(fixture->store, 1, 10000), 0);
    char *big = calloc(1, 1 << 20);
    assert_non_null(big);
    store_put(fixture->writer, TABLE_NAME, STR("big"), (struct str){big, 1 << 20});
    store_accept(fixture->writer);
    free(big);
    assert_true(frame(fixture, 1000));
    store_durable(fixture->store, 2);
    assert_int_equal(store_wait(fixture->store, 2, 10000), -ENOSPC);
    assert_int_equal(store_flush(fixture->writer, &fixture->head), -ENOSPC);
    assert_false(frame(fixture, 1000));
    store_wait_room(fixture->writer);
    assert_int_equal(committed_whole(fixture), 1); /* reads go on */
    struct str row;
    assert_int_equal(view_get(store_writer_view(fixture->writer), TABLE_NAME, STR("big"), &row), 0);
    store_writer_close(fixture->writer);
    fixture->writer = NULL;
    assert_int_equal(__atomic_load_n(&fixture->n_failures, __ATOMIC_SEQ_CST), 1);
    assert_int_equal(fixture->failure, -ENOSPC);
}

int main(void) {
#define TEST(name) cmocka_unit_test_setup_teardown(name, fixture_setup, fixture_teardown)
    const struct CMUnitTest tests[] = {
        TEST(nothing_is_due_without_news),
        TEST(checkpoint_is_due_each_hundred_milliseconds),
        TEST(clock_that_went_back_does_not_stop_checkpoints),
        TEST(checkpoint_may_end_at_any_moment_of_a_boundary),
        TEST(full_pending_is_due_and_waits_for_room),
        TEST(who_says_so_has_a_checkpoint_of_less_and_waits_for_no_room),
        TEST(head_advances_where_no_row_changed),
        TEST(rows_wait_for_the_journal),
        TEST(kill_leaves_a_whole_durable_frame),
        TEST(flush_commits_what_is_under_way_and_the_rest),
        TEST(reader_that_waits_is_served_soon),
        TEST(readers_see_whole_frames_while_the_engine_writes),
        TEST(full_map_fails_once_and_frees_who_waits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
