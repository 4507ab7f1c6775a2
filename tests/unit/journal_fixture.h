/* What the tests of the journal share: a folder that goes away, groups of records whose content
 * follows from their sequence, and hands on the files. */
#pragma once

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include <fcntl.h>
#include <ftw.h>
#include <inttypes.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "journal/journal.h"
#include "util/error.h"
#include "util/log.h"

#define MEBIBYTE (1024u * 1024)
#define SEGMENT_LEAST (8u * MEBIBYTE)

struct fixture {
    char directory[64];
    struct io_steered steered;
    struct journal_options options;
    struct journal *journal;
};

/* In memory where there is such a place: what is tested is order, not the disk. */
static inline void directory_make(char ret_directory[static 64]) {
    snprintf(ret_directory, 64, "%s/volunteerd-test-XXXXXX",
             access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp");
    assert_non_null(mkdtemp(ret_directory));
}

static inline int entry_remove(const char *path, const struct stat *status, int kind,
                               struct FTW *walk) {
    (void)status, (void)kind, (void)walk;
    return remove(path);
}

static inline void directory_remove(const char *directory) {
    nftw(directory, entry_remove, 8, FTW_DEPTH | FTW_PHYS);
}

static inline int fixture_setup(void **state) {
    struct fixture *fixture = calloc(1, sizeof *fixture);
    assert_non_null(fixture);
    log_set_level(LOG_LEVEL_ERROR);
    directory_make(fixture->directory);
    io_steered_init(&fixture->steered, io_system());
    fixture->options =
        (struct journal_options){.directory = fixture->directory, .segment_bytes = SEGMENT_LEAST};
    *state = fixture;
    return 0;
}

static inline int fixture_teardown(void **state) {
    struct fixture *fixture = *state;
    journal_close(fixture->journal);
    directory_remove(fixture->directory);
    free(fixture);
    return 0;
}

static inline int fixture_open(struct fixture *fixture) {
    return journal_open(&fixture->steered.io, &fixture->options, &fixture->journal);
}

static inline void fixture_close(struct fixture *fixture) {
    journal_close(fixture->journal);
    fixture->journal = NULL;
}

static inline void fixture_reopen(struct fixture *fixture) {
    fixture_close(fixture);
    assert_int_equal(fixture_open(fixture), 0);
}

/* ---- groups ---- */

struct receipt {
    pthread_mutex_t lock;
    pthread_cond_t done;
    bool is_done;
    enum journal_outcome outcome;
};

static inline void receipt_take(void *context, struct journal_frame *frame,
                                enum journal_outcome outcome) {
    (void)frame;
    struct receipt *receipt = context;
    pthread_mutex_lock(&receipt->lock);
    receipt->is_done = true;
    receipt->outcome = outcome;
    pthread_cond_signal(&receipt->done);
    pthread_mutex_unlock(&receipt->lock);
}

static inline enum journal_outcome receipt_await(struct receipt *receipt) {
    pthread_mutex_lock(&receipt->lock);
    while (!receipt->is_done)
        pthread_cond_wait(&receipt->done, &receipt->lock);
    pthread_mutex_unlock(&receipt->lock);
    return receipt->outcome;
}

#define RECEIPT                                                                                    \
    ((struct receipt){.lock = PTHREAD_MUTEX_INITIALIZER, .done = PTHREAD_COND_INITIALIZER})

/* Half noise, half text, so that it compresses but not to nothing. */
static inline void record_fill(uint64_t sequence, char *ret_bytes, size_t size) {
    uint64_t noise = sequence * UINT64_C(0x9E3779B97F4A7C15);
    for (size_t done = 0; done < size; done += 16) {
        char piece[16] = "hours of";
        noise = noise * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
        memcpy(piece + 8, &noise, sizeof noise);
        memcpy(ret_bytes + done, piece, size - done < 16 ? size - done : 16);
    }
}

static inline void frame_fill(struct journal_frame *frame, uint64_t first_sequence, uint32_t count,
                              size_t record_size) {
    char *bytes = malloc(record_size + 1);
    assert_non_null(bytes);
    journal_frame_begin(frame, first_sequence);
    for (uint32_t i = 0; i < count; i++) {
        record_fill(first_sequence + i, bytes, record_size);
        journal_frame_add(frame, (struct str){bytes, record_size});
    }
    free(bytes);
}

/* Appends behind the head and waits. */
static inline enum journal_outcome group_append(struct journal *journal, uint32_t count,
                                                size_t record_size) {
    struct journal_frame frame = {0};
    struct receipt receipt = RECEIPT;
    frame_fill(&frame, journal_head(journal).sequence + 1, count, record_size);
    journal_append(journal, &frame, receipt_take, &receipt);
    enum journal_outcome outcome = receipt_await(&receipt);
    journal_frame_deinit(&frame);
    return outcome;
}

/* Reads what there is behind a sequence, checking each record; the last sequence seen, or the
 * error. */
static inline int records_read(struct journal *journal, uint64_t after, uint64_t *ret_last) {
    struct journal_reader *reader;
    int r = journal_reader_open(journal, after, &reader);
    if (r != 0)
        return r;
    struct str record;
    uint64_t sequence, expected = after + 1;
    while ((r = journal_reader_next(reader, &record, &sequence)) == 0) {
        char *bytes = malloc(record.size + 1);
        assert_non_null(bytes);
        record_fill(sequence, bytes, record.size);
        assert_memory_equal(bytes, record.data, record.size);
        free(bytes);
        assert_int_equal(sequence, expected++);
    }
    journal_reader_close(reader);
    *ret_last = expected - 1;
    return r == JOURNAL_END ? 0 : r;
}

static inline void assert_reads_to(struct journal *journal, uint64_t after, uint64_t last) {
    uint64_t seen = 0;
    assert_int_equal(records_read(journal, after, &seen), 0);
    assert_int_equal(seen, last);
}

/* ---- files ---- */

static inline void file_path(const struct fixture *fixture, const char *name,
                             char ret_path[static 256]) {
    snprintf(ret_path, 256, "%s/%s", fixture->directory, name);
}

static inline bool file_exists(const struct fixture *fixture, const char *name) {
    char path[256];
    file_path(fixture, name, path);
    return access(path, F_OK) == 0;
}

static inline void file_read(const struct fixture *fixture, const char *name, uint64_t offset,
                             void *ret_bytes, size_t size) {
    char path[256];
    file_path(fixture, name, path);
    int fd = open(path, O_RDONLY);
    assert_true(fd >= 0);
    assert_int_equal(pread(fd, ret_bytes, size, (off_t)offset), size);
    close(fd);
}

static inline void file_write(const struct fixture *fixture, const char *name, uint64_t offset,
                              const void *bytes, size_t size) {
    char path[256];
    file_path(fixture, name, path);
    int fd = open(path, O_WRONLY | O_CREAT, 0600);
    assert_true(fd >= 0);
    assert_int_equal(pwrite(fd, bytes, size, (off_t)offset), size);
    close(fd);
}

static inline void file_flip(const struct fixture *fixture, const char *name, uint64_t offset,
                             uint8_t bits) {
    uint8_t byte;
    file_read(fixture, name, offset, &byte, 1);
    byte ^= bits;
    file_write(fixture, name, offset, &byte, 1);
}

static inline uint64_t file_bytes(const struct fixture *fixture, const char *name) {
    char path[256];
    struct stat status;
    file_path(fixture, name, path);
    assert_int_equal(stat(path, &status), 0);
    return (uint64_t)status.st_size;
}

/* For what the keeper does by itself. */
static inline void await_file_gone(const struct fixture *fixture, const char *name) {
    struct timespec pause = {.tv_nsec = 1000000};
    for (int i = 0; file_exists(fixture, name); i++) {
        assert_true(i < 20000);
        nanosleep(&pause, NULL);
    }
}
