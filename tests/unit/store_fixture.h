/* A store in a folder of its own, and short names for what its tests do all the time. */
#pragma once

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "store/store.h"
#include "util/error.h"

struct fixture {
    char directory[64];
    struct store_options options;
    struct store *store;
    struct store_writer *writer;
    struct store_head head;
    int64_t now_us;
    int n_failures; /* how often on_failure was called: __atomic */
    int failure;
};

static inline void fixture_on_failure(void *context, int error) {
    struct fixture *fixture = context;
    fixture->failure = error;
    __atomic_add_fetch(&fixture->n_failures, 1, __ATOMIC_SEQ_CST);
}

static inline void fixture_open(struct fixture *fixture) {
    assert_int_equal(store_open(&fixture->options, &fixture->store), 0);
    assert_int_equal(store_writer_open(fixture->store, &fixture->writer), 0);
    fixture->head = store_committed(fixture->store);
}

/* What a kill leaves: pending rows are lost. */
static inline void fixture_close(struct fixture *fixture) {
    store_writer_close(fixture->writer);
    store_close(fixture->store);
    fixture->writer = NULL;
    fixture->store = NULL;
}

static inline void fixture_init(struct fixture *fixture) {
    *fixture = (struct fixture){.now_us = 1000000};
    snprintf(fixture->directory, sizeof fixture->directory, "/tmp/store_test.XXXXXX");
    assert_non_null(mkdtemp(fixture->directory));
    fixture->options = (struct store_options){
        .directory = fixture->directory,
        .map_size_bytes = UINT64_C(1) << 30,
        .checkpoint_ms = 100,
        .pending_limit_bytes = UINT64_C(64) << 20,
        .on_failure = fixture_on_failure,
        .context = fixture,
    };
}

static inline void fixture_deinit(struct fixture *fixture) {
    fixture_close(fixture);
    assert_int_equal(store_remove(fixture->directory), 0);
    assert_int_equal(remove(fixture->directory), 0);
}

static inline int fixture_setup(void **state) {
    struct fixture *fixture = malloc(sizeof *fixture);
    assert_non_null(fixture);
    fixture_init(fixture);
    fixture_open(fixture);
    *state = fixture;
    return 0;
}

static inline int fixture_teardown(void **state) {
    fixture_deinit(*state);
    free(*state);
    return 0;
}

static inline void put(struct fixture *fixture, enum table table, const char *key,
                       const char *row) {
    store_put(fixture->writer, table, str_from(key), str_from(row));
}

/* The row as text, borrowed until the next call, or "-" where there is none. */
static inline const char *text_of(struct view *view, enum table table, const char *key) {
    static char text[256];
    struct str row;
    int outcome = view_get(view, table, str_from(key), &row);
    assert_true(outcome >= 0);
    if (outcome == STORE_NOT_FOUND)
        return "-";
    snprintf(text, sizeof text, "%.*s", STR_ARG(row));
    return text;
}

static inline const char *engine_text(struct fixture *fixture, enum table table, const char *key) {
    return text_of(store_writer_view(fixture->writer), table, key);
}

/* The next frame is at an end; time goes on by `passed_ms`. */
static inline bool frame(struct fixture *fixture, int64_t passed_ms) {
    fixture->head.sequence++;
    fixture->head.frame_hash[0] = (uint8_t)fixture->head.sequence;
    fixture->now_us += passed_ms * 1000;
    return store_frame_boundary(fixture->writer, &fixture->head, fixture->now_us);
}

static inline void flush(struct fixture *fixture) {
    fixture->head.sequence++;
    assert_int_equal(store_flush(fixture->writer, &fixture->head), 0);
}

/* A small generator, so that a run can be repeated. */
static inline uint32_t draw(uint64_t *state, uint32_t below) {
    *state = *state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (uint32_t)((*state >> 33) % below);
}
