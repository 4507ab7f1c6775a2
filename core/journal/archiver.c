/* The archiver: a thread that compresses closed segments. Nobody waits for it, so it stands back
 * where the processor is short; the keeper, without whom nothing can be written, does not. */
#include <inttypes.h>

#include "journal/state.h"
#include "util/error.h"
#include "util/log.h"
#include "util/thread.h"

/* The last one is open; a closed one ends where the next begins. */
static struct segment *segment_to_compress(const struct journal *journal) {
    if (!journal->compress_closed || journal->compression_rests)
        return NULL;
    for (size_t i = 0; i + 1 < journal->segments.n; i++) {
        struct segment *segment = &journal->segments.items[i];
        if (!segment->archived && !segment->kept_plain)
            return segment;
    }
    return NULL;
}

static int breathe(void *context) {
    struct journal *journal = context;
    return atomic_load_explicit(&journal->keeper_ends, memory_order_relaxed) ? -ECANCELED : 0;
}

static void compress(struct journal *journal, uint64_t first_sequence, uint64_t last_sequence) {
    struct segment_compression work = {
        .io = journal->io,
        .directory = journal->directory,
        .first_sequence = first_sequence,
        .last_sequence = last_sequence,
        .breathe = breathe,
        .context = journal,
    };
    uint64_t bytes = 0;
    int r = segment_compress(&work, &bytes);
    pthread_mutex_lock(&journal->lock);
    struct segment *segment = segment_list_find(&journal->segments, first_sequence);
    segment->kept_plain = r == -EBADMSG;
    /* For want of room, most likely: tried again when the next one is closed. */
    journal->compression_rests = r < 0 && r != -EBADMSG;
    if (r == 0) {
        segment->archived = true;
        segment->disk_bytes = bytes;
        segment_marks_free(segment);
    }
    pthread_mutex_unlock(&journal->lock);
    if (r == 0)
        segment_remove(journal->io, journal->directory, first_sequence, false);
    else if (r != -ECANCELED)
        log_warning(
            "segment %020" PRIu64 ".vj stays uncompressed: %s%s", first_sequence, strerror(-r),
            r == -EBADMSG ? "; `volunteerctl journal verify` says where it is damaged" : "");
}

void *archiver_run(void *argument) {
    struct journal *journal = argument;
    thread_stand_back();
    pthread_mutex_lock(&journal->lock);
    while (!journal->keeper_ends) {
        struct segment *segment = segment_to_compress(journal);
        if (segment) {
            uint64_t first_sequence = segment[0].first_sequence;
            uint64_t last_sequence = segment[1].first_sequence - 1;
            pthread_mutex_unlock(&journal->lock);
            compress(journal, first_sequence, last_sequence);
            pthread_mutex_lock(&journal->lock);
        } else {
            pthread_cond_wait(&journal->closed, &journal->lock);
        }
    }
    pthread_mutex_unlock(&journal->lock);
    return NULL;
}
