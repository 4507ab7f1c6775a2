/* Batches (批次): what came with one import, so that a sheet that was entered by mistake can be
 * taken back as a whole. A batch is there from the first event that names one (the envelope's
 * `batch`) on; of each event that can be taken back an entry is kept. batch.undone begins a run
 * over the entries, the last first: what follows are ordinary events under the daemon's source that
 * carry the batch's name, too. What cannot be taken back any more stays and is counted. Threads:
 * the view's owner. Errors: as things.h. */
#pragma once

#include "domain/things.h"

/* What can be taken back, by the type that brought it. */
enum batch_kind {
    BATCH_RECORDS,
    BATCH_CARRIED,
    BATCH_VOLUNTEERS,
    BATCH_ACTIVITIES,
    BATCH_JOINED,
    BATCH_KINDS
};
enum batch_state { BATCH_OPEN, BATCH_UNDOING, BATCH_UNDONE };

struct batch_row {
    uint64_t first_sequence;
    uint64_t last_sequence; /* of what was imported */
    int64_t first_us;       /* recorded times */
    int64_t last_us;
    uint64_t undone_sequence; /* of batch.undone; 0: not */
    uint32_t n_events;
    uint32_t n_entries; /* what can be taken back: the others are of types that nothing revokes */
    uint32_t n_taken_back;
    uint32_t n_of[BATCH_KINDS];
    uint32_t state; /* enum batch_state */
};

struct import_batch {
    struct batch_row row;
    struct str id; /* both borrowed from the row */
    struct str undone_by;
};

struct batch_entry {
    uint32_t kind;   /* enum batch_kind */
    uint32_t number; /* of the thing */
    uint32_t other;  /* the volunteer who joined a team */
};

const char *batch_state_text(enum batch_state state);
/* The type of event that brought it. */
enum event_number batch_kind_event(enum batch_kind kind);
int batch_get(struct view *view, uint32_t batch, struct import_batch *ret_batch);
/* The n-th, from 1. */
int batch_entry(struct view *view, uint32_t batch, uint32_t n, struct batch_entry *ret_entry);

/* ---- for apply functions ---- */

/* An event that carries a batch's name was applied: it is one of the batch or, where the daemon
 * wrote it because the batch is undone, takes something of it back. */
int batch_note(struct context *context, const struct event *event);
/* The run of a batch that is undone has ended. */
int batch_undone_all(struct context *context, uint32_t batch);
