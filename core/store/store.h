/* The state: rows in tables, derived from the journal and never ahead of it. The only LMDB code is
 * in this folder.
 *
 * The engine reads and writes rows in memory (store/rows.h): what it wrote since the last
 * checkpoint was taken (pending), what the checkpoint thread is committing (frozen), and of the
 * rest whatever it asked for lately. Only what is not among them is looked for in LMDB's snapshot.
 * An event writes among the pending rows; store_refuse puts back what it changed.
 *
 * The engine never holds an LMDB write transaction: the checkpoint thread takes pending at a frame
 * boundary, waits until the journal has synced that frame, and commits in key order: each
 * checkpoint_ms, at pending_limit_bytes, or when a reader waits (at most each 10 ms).
 *
 * Threads: one engine (struct store_writer); any number of readers (struct view each, at most 256
 * at a time with those of other processes); the checkpoint thread is the store's own.
 *
 * Errors: as util/error.h; a failed commit is fatal: `on_failure` is called, once, from the thread
 * where it happened, and the daemon exits 75; reads go on until then. */
#pragma once

#include "store/table.h"
#include "util/arena.h"
#include "util/buf.h"

struct store;

struct store_options {
    const char *directory;        /* <data_dir>/state */
    uint64_t map_size_bytes;      /* sparse, 64 GiB */
    uint32_t checkpoint_ms;       /* 1000 */
    uint64_t pending_limit_bytes; /* 24 MiB: a checkpoint is due; the engine waits at twice that */
    bool read_only;               /* a second process that looks: policy workers, verify */
    void (*on_failure)(void *context, int error);
    void *context;
};

/* 0; STORE_OTHER_FORMAT where the state was written by another format number, or is none at all
 * (the caller removes it and replays); < 0. */
int store_open(const struct store_options *options, struct store **ret_store);
enum { STORE_OTHER_FORMAT = 2 };
void store_close(struct store *store);
/* Removes the state's files, so that it is rebuilt from the journal. Only while no store is open
 * there. */
int store_remove(const char *directory);

/* What the committed state stands at: the last sequence applied, and the journal's frame hash
 * there. */
struct store_head {
    uint64_t epoch;
    uint64_t sequence;
    uint8_t frame_hash[32];
};
struct store_head store_committed(struct store *store); /* any thread; read-only: at its opening */
uint64_t store_bytes(struct store *store);              /* used pages of the map */

/* ---- reading: one interface over the engine's rows and over a reader's snapshot ---- */

struct view;

enum { STORE_NOT_FOUND = 1 };

/* 0 with the row (borrowed: for a reader until view_close; for the engine until its next put of
 * that key or the end of the event), or STORE_NOT_FOUND, or < 0. */
int view_get(struct view *view, enum table table, struct str key, struct str *ret_row);
/* Asks the processor for memory ahead of its use: first for the place where a key will be looked
 * for, then, a while later, for the row there. Nothing follows but speed, and only on the engine's
 * view. */
typedef uint32_t view_hint;
view_hint view_hint_key(struct view *view, enum table table, struct str key);
void view_hint_row(struct view *view, view_hint hint);
/* Rows of one table whose key is >= `from` (a reader's view only: the engine needs none, because
 * everything it walks is numbered). `each` returns 0 to go on; anything else ends the walk and is
 * returned. */
int view_scan(struct view *view, enum table table, struct str from,
              int (*each)(void *context, struct str key, struct str row), void *context);
/* A reader's view can be scanned, the engine's cannot. */
bool view_can_scan(const struct view *view);
/* Of an engine's view: the rows of the snapshot below it. */
uint64_t view_rows(struct view *view, enum table table);
/* The sequence this view stands at: for a reader's snapshot. */
struct store_head view_head(struct view *view);

/* A reader's snapshot. store_view_open returns at once with what is committed; store_wait first
 * waits until the committed state holds `sequence` (asks the checkpoint thread to hurry). Close
 * soon: a reader that stays holds the file's growth. */
int store_view_open(struct store *store, struct view **ret_view);
void view_close(struct view *view);
/* For a reader that walks: from here on it remembers the places where it found rows, so that keys
 * near each other, in however many parts of a table, cost no walk down a B-tree each. Answers stay
 * the same. Until view_close. */
void view_remember_places(struct view *view);
/* 0, STORE_TIMEOUT, or < 0 where a commit failed. The waker may run on the calling thread; it may
 * not call the store. */
int store_wait(struct store *store, uint64_t sequence, uint32_t timeout_ms);
enum { STORE_TIMEOUT = 3 };

/* ---- writing: the engine ---- */

struct store_writer;
/* One per store. */
int store_writer_open(struct store *store, struct store_writer **ret_writer);
void store_writer_close(struct store_writer *writer);
/* The engine's view over all of it; lives as long as the writer. */
struct view *store_writer_view(struct store_writer *writer);

/* A row of the event under way. One of size 0 removes. `row` may lie in what view_get gave for this
 * key. */
void store_put(struct store_writer *writer, enum table table, struct str key, struct str row);
void store_accept(struct store_writer *writer);
void store_refuse(struct store_writer *writer);

/* What whoever writes keeps decoded beside the rows, so that a row that changes with every event is
 * put once for a checkpoint. Rows that it has changed and not yet put are not seen by view_get:
 * whoever reads them through the engine's view asks it first. */
struct store_beside {
    void *self;
    void (*accept)(void *self); /* with store_accept */
    void (*refuse)(void *self); /* with store_refuse */
    void (*write)(void *self);  /* between events, before rows are taken for a checkpoint: puts what
                                   has changed */
};
/* `beside` lives until another one, or NULL, is given. */
void store_set_beside(struct store_writer *writer, const struct store_beside *beside);
/* Its self; NULL: a reader's view, or there is none. */
void *view_beside(const struct view *view);

/* At each frame boundary, after the frame was handed to the journal: `head` is what the state
 * stands at with that frame. Takes pending for a checkpoint when one is due and none is under way.
 * True when it took it. Cheap when nothing is due. */
bool store_frame_boundary(struct store_writer *writer, const struct store_head *head,
                          int64_t now_us);
/* How many bytes of changed rows make a checkpoint due; 0: pending_limit_bytes, as at the beginning.
 */
void store_set_due(struct store_writer *writer, size_t pending_bytes);
/* True when a checkpoint is wanted although no event comes (rows pending longer than checkpoint_ms,
 * or a reader waits): the engine calls store_frame_boundary when it is idle. `store_set_waker`
 * gives a function that wakes the engine, called from any thread when a reader begins to wait. */
bool store_wants_checkpoint(struct store_writer *writer, int64_t now_us);
void store_set_waker(struct store *store, void (*wake)(void *context), void *context);
/* The journal made this sequence durable: commits up to it may go on. Any thread. */
void store_durable(struct store *store, uint64_t sequence);
/* Commits everything pending and waits: at a clean stop and at the end of a replay. The journal
 * must be durable to `head`: this call says so to the store. */
int store_flush(struct store_writer *writer, const struct store_head *head);
/* Between events: waits where pending is so large that applying must wait for the checkpoint under
 * way. A replay has told store_durable before, or it waits for ever. */
void store_wait_room(struct store_writer *writer);
/* Bytes of changed rows that wait for a checkpoint. */
size_t store_pending_bytes(const struct store_writer *writer);
