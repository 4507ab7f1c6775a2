/* The inside of a journal, for the files of this folder alone.
 * Threads: `lock` guards what stands below it. The writer (journal.c) alone writes frames and moves
 * on to the next segment; the keeper (keeper.c) alone makes spares, the archiver (archiver.c) alone
 * compresses. They only add to the list of segments or change its items under the lock, and take
 * nothing out. */
#pragma once

#include <pthread.h>
#include <stdatomic.h>

#include "journal/segment.h"

/* More than an owner of two frames can hand over. */
#define JOURNAL_QUEUE 8
#define JOURNAL_PLACE_SIZE 256
/* What is wrong with a compressed segment that was renamed. */
#define OTHER_RECORDS "it holds other records than its name says"

struct pending_frame {
    struct journal_frame *frame;
    journal_done *done;
    void *context;
};

struct journal {
    const struct io *io;
    char *directory;
    uint64_t segment_bytes;
    bool compress_closed;
    bool read_only;
    pthread_t writer;
    pthread_t keeper;
    pthread_t archiver;
    _Atomic bool ready;
    _Atomic bool keeper_ends; /* and the archiver; set under the lock */

    pthread_mutex_t lock;
    pthread_cond_t work;        /* for the writer: a frame, or the end */
    pthread_cond_t chores;      /* for the keeper */
    pthread_cond_t closed;      /* for the archiver */
    pthread_cond_t spare_tried; /* for the writer: an attempt at a spare is over */
    struct pending_frame queue[JOURNAL_QUEUE];
    size_t queue_first;
    size_t n_queued;
    bool closing;           /* the writer ends once the queue is empty */
    bool compression_rests; /* the last attempt failed; until the next segment is closed */
    bool failed;            /* the first failed write; nothing is written after it */
    struct journal_head head;
    struct segment_list segments;
    uint64_t frames;
    uint64_t syncs_us;
    uint64_t syncs_of[JOURNAL_SYNC_BOUNDS + 1]; /* by how long they took; the last: longer */
    int64_t synced_us;
    int open_fd;       /* of the last segment, < 0 before the first frame of all */
    uint64_t open_end; /* used bytes of the last segment */
    uint64_t open_capacity;
    int spare_fd;      /* < 0: not there */
    bool spare_failed; /* the last attempt */
    bool spare_retry;  /* somebody asks for another one */
    uint64_t spare_attempts;
    char
        damage[JOURNAL_PLACE_SIZE]; /* read_only: what stands behind the last good frame; "" none */
};

/* Under the lock, after any change that readiness depends on. */
void journal_judge_ready(struct journal *journal);

/* Lists the folder, mends what a crash left half done, finds the head. */
int journal_recover(struct journal *journal);
/* Whether each compressed segment ends where the next begins; the first place where one does not,
 * or "". Not beside the journal's own threads. 0 or < 0. */
int journal_continues(const struct journal *journal, char ret_damage[static JOURNAL_PLACE_SIZE]);

/* One attempt at a spare, on the caller's thread. Takes the lock. */
void keeper_try_spare(struct journal *journal);
void *keeper_run(void *journal);
void *archiver_run(void *journal);

/* A place in words: the one form in which damage is logged and answered. */
void journal_place(uint64_t first_sequence, bool archived, uint64_t offset, const char *what,
                   char ret_place[static JOURNAL_PLACE_SIZE]);
/* Of records that should follow the frames of a segment, before the next one begins. */
void journal_gap(uint64_t first_sequence, bool archived, uint64_t offset, uint64_t from,
                 uint64_t to, char ret_place[static JOURNAL_PLACE_SIZE]);

/* The next durable frame: 0, JOURNAL_END, or < 0. The position is the frame's afterwards; its
 * records come out of journal_reader_next. */
int reader_frame(struct journal_reader *reader);
/* From the first segment there is, also looking at what lies behind the last frame of a segment. */
int reader_open_thorough(struct journal *journal, struct journal_reader **ret_reader);
/* Where a reader met damage, or what it could not read; "" before. */
const char *reader_place(const struct journal_reader *reader);
/* Walked so far, in plain bytes. */
uint64_t reader_walked_bytes(const struct journal_reader *reader);
