#include "engine/replay.h"

#include <inttypes.h>

#include "engine/ahead.h"
#include "engine/replay_source.h"
#include "util/error.h"
#include "util/log.h"

#define PROGRESS_EVERY 65536
#define NO_TIME                                                                                    \
    (INT64_MIN / 2) /* nobody waits for a checkpoint: the amount alone makes one due               \
                     */
/* With so many records left, checkpoints are taken as soon as there is something in them and the
 * one before is over: what is committed beside the replay is not waited for at its end. */
#define LAST_RECORDS 200000
#define LAST_DUE_BYTES ((size_t)2 << 20)

struct replayer {
    const struct replay_options *options;
    struct store_writer *writer;
    struct stepper stepper;
    struct arena arena;
    struct ahead ahead;
    struct store_head head; /* of the frame being applied */
    uint8_t last_hash[JOURNAL_HASH_SIZE];
    uint64_t end;
    uint64_t n;
};

static int is_ahead(const struct store_head *head, const char *how) {
    log_error("the state stands at sequence %" PRIu64
              " and %s: the two do not belong together. Restore the journal that "
              "goes with it, or remove the state directory to rebuild it from this journal",
              head->sequence, how);
    return error_note(-ENOTRECOVERABLE, "state and journal differ");
}

/* The frame that holds a record. > 0 where it is archived. */
static int find_frame(struct journal *journal, uint64_t sequence,
                      struct journal_position *ret_position) {
    struct journal_reader *reader = NULL;
    struct str record;
    uint64_t found;
    int r = journal_reader_open(journal, sequence - 1, &reader);
    if (r == 0)
        r = journal_reader_next(reader, &record, &found);
    if (r == 0)
        journal_reader_position(reader, ret_position);
    journal_reader_close(reader);
    return r;
}

/* The state names the hash of the frame before the one it ends with; it must be in this journal. */
static int check_chain(struct journal *journal, const struct store_head *head) {
    struct journal_position position;
    int r = find_frame(journal, head->sequence, &position);
    if (r != 0 || position.frame_first_sequence <= 1)
        return r < 0 ? r : 0;
    r = find_frame(journal, position.frame_first_sequence - 1, &position);
    if (r != 0)
        return r < 0 ? r : 0; /* archived: nothing to compare with */
    return memcmp(position.frame_hash, head->frame_hash, sizeof head->frame_hash) == 0
               ? 0
               : is_ahead(head, "the journal has other frames before it");
}

static int check_head(const struct replay_options *options, const struct store_head *head) {
    struct journal_head journal = journal_head(options->journal);
    if (head->sequence == 0)
        return 0;
    if (head->epoch != journal.epoch)
        return is_ahead(head, "the journal is of another epoch");
    if (head->sequence > journal.sequence)
        return is_ahead(head, "the journal ends before it");
    return check_chain(options->journal, head);
}

static int apply_one(struct replayer *replayer, const struct event *event) {
    struct problem problem;
    arena_reset(&replayer->arena);
    stepper_begin(&replayer->stepper, &replayer->arena, &problem);
    int r = stepper_apply(&replayer->stepper, event);
    if (r > 0) {
        log_error("journal record %" PRIu64 " (%s) does not apply: %s", event->sequence,
                  event->type->name, problem.message);
        r = error_note(-EBADMSG, "a journal record does not apply");
    }
    if (r < 0) {
        store_refuse(replayer->writer);
        return r;
    }
    store_accept(replayer->writer);
    replayer->n++;
    return stepper_accepted(&replayer->stepper, event);
}

/* The hash of the frame that the state ends with: the first frame replayed follows it. */
static int last_frame_hash(const struct replayer *replayer,
                           uint8_t ret_hash[static JOURNAL_HASH_SIZE]) {
    struct journal_position position = {.epoch = 0};
    int r = replayer->head.sequence
                ? find_frame(replayer->options->journal, replayer->head.sequence, &position)
                : 0;
    memcpy(ret_hash, position.frame_hash, JOURNAL_HASH_SIZE);
    return r < 0 ? r : 0;
}

/* A frame begins: the state notes the hash of the one before. */
static void frame_begins(struct replayer *replayer, uint64_t sequence,
                         const struct journal_position *frame) {
    if (sequence == frame->frame_first_sequence)
        memcpy(replayer->head.frame_hash, replayer->last_hash, sizeof replayer->last_hash);
}

/* A frame ends, or what is to be replayed: the state may be taken here. */
static void frame_ends(struct replayer *replayer, uint64_t sequence,
                       const struct journal_position *frame) {
    if (sequence + 1 != frame->frame_first_sequence + frame->frame_count &&
        sequence != replayer->end)
        return;
    replayer->head.epoch = frame->epoch;
    replayer->head.sequence = sequence;
    memcpy(replayer->last_hash, frame->frame_hash, sizeof replayer->last_hash);
    if (replayer->end - sequence <= LAST_RECORDS)
        store_set_due(replayer->writer, LAST_DUE_BYTES);
    store_frame_boundary(replayer->writer, &replayer->head, NO_TIME);
    store_wait_room(replayer->writer);
}

static int replay_block(struct replayer *replayer, const struct replay_block *block) {
    const struct replay_options *options = replayer->options;
    for (size_t i = 0; i < block->n; i++) {
        const struct event *event = &block->events[i];
        ahead_look(&replayer->ahead, &replayer->stepper, block->events, block->n, i);
        frame_begins(replayer, event->sequence, block->frames[i]);
        int r = apply_one(replayer, event);
        if (r != 0)
            return r;
        frame_ends(replayer, event->sequence, block->frames[i]);
        if (options->progress &&
            (replayer->n % PROGRESS_EVERY == 0 || event->sequence == replayer->end))
            options->progress(options->context, event->sequence, replayer->end);
    }
    return 0;
}

static int replay_records(struct replayer *replayer, struct replay_source *source) {
    const struct replay_block *block;
    int r = last_frame_hash(replayer, replayer->last_hash);
    while (r >= 0 && replayer->head.sequence < replayer->end) {
        r = replay_source_next(source, &block);
        if (r == 0)
            r = replay_block(replayer, block);
    }
    return r < 0 ? r : 0;
}

int replay(const struct replay_options *options, uint64_t *ret_applied) {
    struct replayer replayer = {.options = options, .head = store_committed(options->store)};
    struct replay_source *source = NULL;
    int r = check_head(options, &replayer.head);
    if (r != 0)
        return r;
    arena_init(&replayer.arena);
    store_durable(options->store, journal_head(options->journal).sequence);
    replayer.end = options->until ? options->until : journal_head(options->journal).sequence;
    r = store_writer_open(options->store, &replayer.writer);
    if (r == 0)
        r = stepper_init(&replayer.stepper, replayer.writer);
    if (r == 0 && replayer.head.sequence < replayer.end)
        r = replay_source_open(options->journal, replayer.head.sequence, replayer.end, &source);
    if (r > 0)
        r = is_ahead(&replayer.head, "what follows it in the journal is archived");
    if (r == 0)
        r = replay_records(&replayer, source);
    if (r == 0 && replayer.n)
        r = store_flush(replayer.writer, &replayer.head);
    replay_source_close(source);
    stepper_deinit(&replayer.stepper);
    store_writer_close(replayer.writer);
    arena_deinit(&replayer.arena);
    if (r == 0)
        *ret_applied = replayer.n;
    return r;
}
