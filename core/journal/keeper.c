/* The keeper: a thread that makes the next segment ahead of need and compresses closed ones behind
 * it. It never writes where the writer writes. */
#include <inttypes.h>

#include "journal/state.h"
#include "util/error.h"
#include "util/log.h"

void keeper_try_spare(struct journal *journal) {
    int fd = segment_make_spare(journal->io, journal->directory, journal->segment_bytes);
    pthread_mutex_lock(&journal->lock);
    if (fd < 0 && !journal->spare_failed)
        log_warning(
            "cannot make the next segment of the journal in %s: %s; nothing is accepted until "
            "there is room for %" PRIu64 " MiB",
            journal->directory, strerror(-fd), journal->segment_bytes >> 20);
    if (fd >= 0 && journal->spare_failed)
        log_notice("the next segment of the journal is there again");
    journal->spare_fd = fd < 0 ? -1 : fd;
    journal->spare_failed = fd < 0;
    journal->spare_attempts++;
    journal_judge_ready(journal);
    pthread_cond_broadcast(&journal->spare_tried);
    pthread_mutex_unlock(&journal->lock);
}

static bool spare_is_wanted(const struct journal *journal) {
    return journal->spare_fd < 0 && !journal->failed &&
           (!journal->spare_failed || journal->spare_retry);
}

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

/* Compressing takes a while: a spare that is needed meanwhile comes first, and so does the end. */
static int breathe(void *context) {
    struct journal *journal = context;
    pthread_mutex_lock(&journal->lock);
    bool ends = journal->keeper_ends;
    bool wanted = spare_is_wanted(journal);
    if (wanted)
        journal->spare_retry = false;
    pthread_mutex_unlock(&journal->lock);
    if (wanted)
        keeper_try_spare(journal);
    return ends ? -ECANCELED : 0;
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

void *keeper_run(void *argument) {
    struct journal *journal = argument;
    pthread_mutex_lock(&journal->lock);
    while (!journal->keeper_ends) {
        struct segment *segment = segment_to_compress(journal);
        if (spare_is_wanted(journal)) {
            pthread_mutex_unlock(&journal->lock);
            breathe(journal);
            pthread_mutex_lock(&journal->lock);
        } else if (segment) {
            uint64_t first_sequence = segment[0].first_sequence;
            uint64_t last_sequence = segment[1].first_sequence - 1;
            pthread_mutex_unlock(&journal->lock);
            compress(journal, first_sequence, last_sequence);
            pthread_mutex_lock(&journal->lock);
        } else {
            pthread_cond_wait(&journal->chores, &journal->lock);
        }
    }
    pthread_mutex_unlock(&journal->lock);
    return NULL;
}
