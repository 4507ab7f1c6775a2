/* The journal: the truth. An append-only chain of frames; one frame is one group of events with
 * their decisions and one fdatasync. This is the interface; segment.c keeps it in local files.
 *
 * Frame: a 96-byte header, then the records, padded with zeros to a multiple of 64:
 *   magic u32 | version u16 | flags u16 | payload bytes u32 | CRC32C u32 (of the header without
 * this member, and payload) epoch u64 | first sequence u64 | count u32 | reserved u32 | hash of the
 * frame before, 32 bytes | padding to 96 Payload: count times (varint length, record bytes). The
 * hash of a frame is BLAKE2b-256 over header and payload. At most 4 MiB a frame.
 *
 * Segments: <dir>/<first sequence, 20 digits>.vj, preallocated and zeroed (64 MiB by default), the
 * folder synced after create and rename. The next segment is made ahead by a thread of the
 * journal's. A closed segment is rewritten by another one as <...>.vjz: zstd blocks of 256 KiB with
 * a sequence index at the end, synced, renamed, then the plain one is removed.
 *
 * At start: a bad last frame is cut and logged; a valid frame after a bad one is damage, and so is
 * a compressed segment that does not end where the next file begins: -EBADMSG, segment and offset
 * logged.
 *
 * Threads: one appender (the engine); any number of readers; completion callbacks come on the
 * journal's own thread. Errors: a failed write or sync makes the journal refuse everything after it
 * (the daemon exits 75 and asks the disk again). */
#pragma once

#include "util/buf.h"
#include "util/io.h"

#define JOURNAL_HASH_SIZE 32
#define JOURNAL_FRAME_LIMIT (4u * 1024 * 1024)

struct journal;

struct journal_options {
    const char *directory;
    uint64_t segment_bytes; /* 64 MiB; tests use less, at least 8 MiB */
    bool compress_closed;
    bool spare_later; /* the next segment is looked at or made by the journal's thread: see
                         journal_settle */
    bool read_only; /* for verify and replay beside a live daemon: opens nothing for writing, reads
                       to what is there */
};

struct journal_head {
    uint64_t epoch;
    uint64_t sequence; /* of the last durable record; 0: none */
    uint8_t hash[JOURNAL_HASH_SIZE];
};

/* 0; -EBADMSG damage; -EAGAIN when another holds it is the daemon's flock's matter, not this one's.
 */
int journal_open(const struct io *io, const struct journal_options *options,
                 struct journal **ret_journal);
/* Waits for what was appended; joins the thread. */
void journal_close(struct journal *journal);

/* Durable head. Any thread. */
struct journal_head journal_head(struct journal *journal);
/* Bytes on disk of all segments, compressed and plain (used part). Any thread. */
uint64_t journal_bytes(struct journal *journal);

/* For whoever watches the disk: since the start, but for bytes and segments. Any thread. */
#define JOURNAL_SYNC_BOUNDS 10
extern const int64_t journal_sync_bounds_us[JOURNAL_SYNC_BOUNDS]; /* rising */
struct journal_figures {
    struct journal_head head;
    uint64_t bytes; /* as journal_bytes */
    size_t segments;
    size_t archived; /* of those: compressed */
    uint64_t frames; /* written */
    uint64_t syncs;  /* one for each frame */
    uint64_t syncs_us;
    uint64_t syncs_within[JOURNAL_SYNC_BOUNDS]; /* that took at most so long; each has those before
                                                   it too */
    int64_t synced_us; /* when the last frame was durable, boottime; 0: none yet */
};
void journal_figures(struct journal *journal, struct journal_figures *ret_figures);

/* False where the next zeroed segment could not be made, or is not there yet while less than half
 * of the open one is left: the daemon is read-only until it is true again. Any thread, cheap.
 * `journal_poke` asks the thread to try again. */
bool journal_is_ready(struct journal *journal);
/* With `spare_later`: waits until the first attempt at the next segment is over, so that
 * journal_is_ready says what will be so. */
void journal_settle(struct journal *journal);
void journal_poke(struct journal *journal);

/* ---- append ---- */

/* A frame being filled. The owner keeps two and reuses them: no malloc once they are warm. */
struct journal_frame {
    struct buf bytes; /* header space, then records */
    uint64_t first_sequence;
    uint32_t count;
    void *owner; /* the engine's: what to acknowledge */
};

void journal_frame_begin(struct journal_frame *frame, uint64_t first_sequence);
void journal_frame_add(struct journal_frame *frame, struct str record);
void journal_frame_deinit(struct journal_frame *frame);

enum journal_outcome { JOURNAL_DONE, JOURNAL_REFUSED, JOURNAL_UNKNOWN };

/* Hands a frame over; it belongs to the journal until `done` was called with it, on the journal's
 * thread: `done` may not block and may not append. Frames are written in the order given, each only
 * when the one before is durable. JOURNAL_REFUSED: nothing was written. JOURNAL_UNKNOWN: it may be
 * on disk or not; the process must end. */
typedef void journal_done(void *context, struct journal_frame *frame, enum journal_outcome outcome);
void journal_append(struct journal *journal, struct journal_frame *frame, journal_done *done,
                    void *context);

/* ---- read ---- */

struct journal_reader;

/* Begins after a sequence (0: from the start). 0, or < 0; JOURNAL_NOT_THERE where older ones are
 * archived. */
int journal_reader_open(struct journal *journal, uint64_t after,
                        struct journal_reader **ret_reader);
void journal_reader_close(struct journal_reader *reader);
/* 0 with a record (borrowed until the next call), JOURNAL_END at the durable head (call again
 * later), -EBADMSG damage: position logged. */
int journal_reader_next(struct journal_reader *reader, struct str *ret_record,
                        uint64_t *ret_sequence);
enum { JOURNAL_END = 1, JOURNAL_NOT_THERE = 2 };
/* The frame the last record came from: for verify and for the store's chain check. */
struct journal_position {
    uint64_t epoch;
    uint64_t frame_first_sequence;
    uint32_t frame_count;
    uint8_t frame_hash[JOURNAL_HASH_SIZE];
};
void journal_reader_position(const struct journal_reader *reader,
                             struct journal_position *ret_position);

/* Walks everything: CRC, chain of hashes, sequences without gap. 0, or -EBADMSG with ret_place
 * saying where ("segment 00000000000000000001.vj at byte 4096: ..."). `progress` may be NULL; it is
 * called at most each MiB. */
int journal_verify(struct journal *journal, void (*progress)(void *context, uint64_t sequence),
                   void *context, struct journal_head *ret_head, char ret_place[static 256]);
