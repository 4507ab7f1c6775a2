#include "journal/journal.h"

#include <assert.h>
#include <sodium.h>
#include <stdlib.h>

#include "journal/state.h"
#include "util/error.h"
#include "util/memory.h"
#include "util/thread.h"

#define PAGE_BYTES UINT64_C(4096)
#define SEGMENT_BYTES_LEAST (UINT64_C(8) * 1024 * 1024)

/* ---- the frame being filled ---- */

void journal_frame_begin(struct journal_frame *frame, uint64_t first_sequence) {
    buf_reset(&frame->bytes);
    memset(buf_extend(&frame->bytes, FRAME_HEADER_SIZE), 0, FRAME_HEADER_SIZE);
    frame->first_sequence = first_sequence;
    frame->count = 0;
}

void journal_frame_add(struct journal_frame *frame, struct str record) {
    buf_put_counted(&frame->bytes, record);
    frame->count++;
}

void journal_frame_deinit(struct journal_frame *frame) {
    buf_deinit(&frame->bytes);
}

/* ---- the writer ---- */

void journal_judge_ready(struct journal *journal) {
    /* While a spare is being made there is room enough in the first half of a segment not to stop
     * anybody. */
    bool roomy = !journal->spare_failed &&
                 journal->open_capacity - journal->open_end >= journal->segment_bytes / 2;
    bool ready = !journal->read_only && !journal->failed && (journal->spare_fd >= 0 || roomy);
    atomic_store_explicit(&journal->ready, ready, memory_order_release);
}

/* The spare's fd, after waiting for the attempt that is under way or asking for one. */
static int spare_await(struct journal *journal) {
    pthread_mutex_lock(&journal->lock);
    uint64_t attempts = journal->spare_attempts;
    if (journal->spare_fd < 0) {
        journal->spare_retry = true;
        pthread_cond_signal(&journal->chores);
    }
    while (journal->spare_fd < 0 && journal->spare_attempts == attempts)
        pthread_cond_wait(&journal->spare_tried, &journal->lock);
    int fd = journal->spare_fd;
    pthread_mutex_unlock(&journal->lock);
    return fd < 0 ? error_note(-ENOSPC, "no next segment of the journal") : fd;
}

static int segment_switch(struct journal *journal, uint64_t first_sequence) {
    int fd = spare_await(journal);
    if (fd < 0)
        return fd;
    int r = segment_name_spare(journal->io, journal->directory, first_sequence);
    if (r < 0)
        return r;
    if (journal->open_fd >= 0)
        journal->io->close(journal->io->self, journal->open_fd);
    pthread_mutex_lock(&journal->lock);
    journal->spare_fd = -1;
    segment_list_add(&journal->segments, first_sequence, false);
    journal->open_fd = fd;
    journal->open_end = 0;
    journal->open_capacity = journal->segment_bytes;
    journal->compression_rests = false;
    journal_judge_ready(journal);
    pthread_cond_signal(&journal->chores);
    pthread_cond_signal(&journal->closed);
    pthread_mutex_unlock(&journal->lock);
    return 0;
}

static void fail(struct journal *journal) {
    pthread_mutex_lock(&journal->lock);
    journal->failed = true;
    journal_judge_ready(journal);
    pthread_mutex_unlock(&journal->lock);
}

const int64_t journal_sync_bounds_us[JOURNAL_SYNC_BOUNDS] = {250,   500,   1000,   2500,   5000,
                                                             10000, 25000, 100000, 500000, 2000000};

/* Under the lock. */
static void note_sync(struct journal *journal, int64_t took_us) {
    size_t at = 0;
    while (at < JOURNAL_SYNC_BOUNDS && took_us > journal_sync_bounds_us[at])
        at++;
    journal->frames++;
    journal->syncs_of[at]++;
    journal->syncs_us += took_us > 0 ? (uint64_t)took_us : 0;
}

static void head_move(struct journal *journal, const struct journal_frame *frame,
                      const uint8_t *hash, int64_t sync_began_us) {
    int64_t now_us = journal->io->boottime_us(journal->io->self);
    pthread_mutex_lock(&journal->lock);
    note_sync(journal, now_us - sync_began_us);
    journal->synced_us = now_us;
    struct segment *segment = &journal->segments.items[journal->segments.n - 1];
    segment_mark_frame(segment, frame->first_sequence, journal->open_end);
    journal->open_end += frame->bytes.size;
    segment->disk_bytes = journal->open_end;
    journal->head.sequence += frame->count;
    memcpy(journal->head.hash, hash, sizeof journal->head.hash);
    journal_judge_ready(journal);
    pthread_mutex_unlock(&journal->lock);
}

/* Behind the frame its last page is zeros as it was before. A page that is written whole need not
 * be read from the disk first: spares are made past the page cache. */
static int frame_put(struct journal *journal, struct journal_frame *frame) {
    size_t size = frame->bytes.size;
    uint64_t end = journal->open_end + size;
    uint64_t page_end = (end + PAGE_BYTES - 1) / PAGE_BYTES * PAGE_BYTES;
    if (page_end > journal->open_capacity)
        page_end = end;
    size_t rest = (size_t)(page_end - end);
    memset(buf_extend(&frame->bytes, rest), 0, rest);
    frame->bytes.size = size;
    return journal->io->pwrite(journal->io->self, journal->open_fd, frame->bytes.data, size + rest,
                               (off_t)journal->open_end);
}

/* Only this thread writes what it reads here without the lock: head, failed, open_fd, open_end,
 * open_capacity. */
static enum journal_outcome frame_write(struct journal *journal, struct journal_frame *frame) {
    if (journal->failed)
        return JOURNAL_REFUSED;
    assert(frame->first_sequence == journal->head.sequence + 1 && frame->count > 0);
    struct frame_header header = {
        .epoch = journal->head.epoch,
        .first_sequence = frame->first_sequence,
        .count = frame->count,
    };
    memcpy(header.previous_hash, journal->head.hash, sizeof header.previous_hash);
    frame_seal(&frame->bytes, &header);
    const struct io *io = journal->io;
    size_t size = frame->bytes.size;
    if (size > journal->open_capacity - journal->open_end &&
        segment_switch(journal, frame->first_sequence) < 0) {
        fail(journal);
        return JOURNAL_REFUSED;
    }
    int r = frame_put(journal, frame);
    int64_t sync_began_us = io->boottime_us(io->self);
    if (r == 0)
        r = io->fdatasync(io->self, journal->open_fd);
    if (r < 0) {
        error_note(r, "cannot write to the journal");
        fail(journal);
        return JOURNAL_UNKNOWN;
    }
    uint8_t hash[JOURNAL_HASH_SIZE];
    frame_header_read(frame->bytes.data, &header);
    frame_hash(&header, buf_str(&frame->bytes), hash);
    head_move(journal, frame, hash, sync_began_us);
    return JOURNAL_DONE;
}

static void *writer_run(void *argument) {
    struct journal *journal = argument;
    pthread_mutex_lock(&journal->lock);
    for (;;) {
        while (!journal->n_queued && !journal->closing)
            pthread_cond_wait(&journal->work, &journal->lock);
        if (!journal->n_queued)
            break;
        struct pending_frame pending = journal->queue[journal->queue_first];
        journal->queue_first = (journal->queue_first + 1) % JOURNAL_QUEUE;
        journal->n_queued--;
        pthread_mutex_unlock(&journal->lock);
        enum journal_outcome outcome = frame_write(journal, pending.frame);
        pending.done(pending.context, pending.frame, outcome);
        pthread_mutex_lock(&journal->lock);
    }
    pthread_mutex_unlock(&journal->lock);
    return NULL;
}

void journal_append(struct journal *journal, struct journal_frame *frame, journal_done *done,
                    void *context) {
    assert(!journal->read_only);
    pthread_mutex_lock(&journal->lock);
    assert(journal->n_queued < JOURNAL_QUEUE);
    size_t at = (journal->queue_first + journal->n_queued++) % JOURNAL_QUEUE;
    journal->queue[at] = (struct pending_frame){frame, done, context};
    pthread_cond_signal(&journal->work);
    pthread_mutex_unlock(&journal->lock);
}

/* ---- open and close ---- */

static void journal_free(struct journal *journal) {
    const struct io *io = journal->io;
    if (journal->open_fd >= 0)
        io->close(io->self, journal->open_fd);
    if (journal->spare_fd >= 0)
        io->close(io->self, journal->spare_fd);
    segment_list_deinit(&journal->segments);
    pthread_cond_destroy(&journal->work);
    pthread_cond_destroy(&journal->chores);
    pthread_cond_destroy(&journal->closed);
    pthread_cond_destroy(&journal->spare_tried);
    pthread_mutex_destroy(&journal->lock);
    free(journal->directory);
    free(journal);
}

static struct journal *journal_new(const struct io *io, const struct journal_options *options) {
    struct journal *journal = calloc(1, sizeof *journal);
    char *directory = strdup(options->directory);
    if (!journal || !directory)
        memory_out();
    journal->io = io;
    journal->directory = directory;
    journal->segment_bytes = options->segment_bytes;
    journal->compress_closed = options->compress_closed;
    journal->read_only = options->read_only;
    journal->open_fd = journal->spare_fd = -1;
    pthread_mutex_init(&journal->lock, NULL);
    pthread_cond_init(&journal->work, NULL);
    pthread_cond_init(&journal->chores, NULL);
    pthread_cond_init(&journal->closed, NULL);
    pthread_cond_init(&journal->spare_tried, NULL);
    return journal;
}

static void thread_stop(struct journal *journal, pthread_t *thread, pthread_cond_t *wake) {
    if (!*thread)
        return;
    pthread_mutex_lock(&journal->lock);
    pthread_cond_signal(wake);
    pthread_mutex_unlock(&journal->lock);
    pthread_join(*thread, NULL);
}

/* The writer first, with what was appended; it may still need a spare. Those that did not start are
 * passed over. */
static void threads_stop(struct journal *journal) {
    pthread_mutex_lock(&journal->lock);
    journal->closing = true;
    pthread_mutex_unlock(&journal->lock);
    thread_stop(journal, &journal->writer, &journal->work);
    pthread_mutex_lock(&journal->lock);
    journal->keeper_ends = true;
    pthread_mutex_unlock(&journal->lock);
    thread_stop(journal, &journal->archiver, &journal->closed);
    thread_stop(journal, &journal->keeper, &journal->chores);
}

static int threads_start(struct journal *journal) {
    int r = thread_start(&journal->keeper, "keeper", keeper_run, journal);
    if (r == 0)
        r = thread_start(&journal->archiver, "archiver", archiver_run, journal);
    if (r == 0)
        r = thread_start(&journal->writer, "journal", writer_run, journal);
    return r == 0 ? 0 : error_note(r, "cannot start the journal's threads");
}

int journal_open(const struct io *io, const struct journal_options *options,
                 struct journal **ret_journal) {
    assert(options->read_only || options->segment_bytes >= SEGMENT_BYTES_LEAST);
    if (sodium_init() < 0)
        return error_note(-ENOSYS, "libsodium does not start");
    if (strlen(options->directory) + SEGMENT_NAME_SIZE + 2 > SEGMENT_PATH_SIZE)
        return error_note(-ENAMETOOLONG, options->directory);
    struct journal *journal = journal_new(io, options);
    int r = journal_recover(journal);
    if (r == 0 && !options->read_only) {
        /* A disk that is full now makes the daemon read-only, not dead. */
        if (!options->spare_later)
            keeper_try_spare(journal);
        r = threads_start(journal);
    }
    if (r < 0) {
        journal_close(journal);
        return r;
    }
    *ret_journal = journal;
    return 0;
}

void journal_settle(struct journal *journal) {
    pthread_mutex_lock(&journal->lock);
    while (journal->spare_attempts == 0)
        pthread_cond_wait(&journal->spare_tried, &journal->lock);
    pthread_mutex_unlock(&journal->lock);
}

void journal_close(struct journal *journal) {
    if (!journal)
        return;
    threads_stop(journal);
    journal_free(journal);
}

/* ---- what others ask ---- */

struct journal_head journal_head(struct journal *journal) {
    pthread_mutex_lock(&journal->lock);
    struct journal_head head = journal->head;
    pthread_mutex_unlock(&journal->lock);
    return head;
}

uint64_t journal_bytes(struct journal *journal) {
    struct journal_figures figures;
    journal_figures(journal, &figures);
    return figures.bytes;
}

void journal_figures(struct journal *journal, struct journal_figures *ret_figures) {
    struct journal_figures figures = {.bytes = 0};
    pthread_mutex_lock(&journal->lock);
    figures.head = journal->head;
    figures.segments = journal->segments.n;
    for (size_t i = 0; i < journal->segments.n; i++) {
        figures.bytes += journal->segments.items[i].disk_bytes;
        figures.archived += journal->segments.items[i].archived;
    }
    figures.frames = figures.syncs = journal->frames;
    figures.syncs_us = journal->syncs_us;
    figures.synced_us = journal->synced_us;
    for (size_t i = 0; i < JOURNAL_SYNC_BOUNDS; i++)
        figures.syncs_within[i] = journal->syncs_of[i] + (i > 0 ? figures.syncs_within[i - 1] : 0);
    pthread_mutex_unlock(&journal->lock);
    *ret_figures = figures;
}

bool journal_is_ready(struct journal *journal) {
    return atomic_load_explicit(&journal->ready, memory_order_acquire);
}

void journal_poke(struct journal *journal) {
    pthread_mutex_lock(&journal->lock);
    journal->spare_retry = true;
    pthread_cond_signal(&journal->chores);
    pthread_mutex_unlock(&journal->lock);
}
