/* The keeper: a thread that makes the next segment ahead of need. It never writes where the writer
 * writes. */
#include <inttypes.h>

#include "journal/state.h"
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

void *keeper_run(void *argument) {
    struct journal *journal = argument;
    pthread_mutex_lock(&journal->lock);
    while (!journal->keeper_ends) {
        if (spare_is_wanted(journal)) {
            journal->spare_retry = false;
            pthread_mutex_unlock(&journal->lock);
            keeper_try_spare(journal);
            pthread_mutex_lock(&journal->lock);
        } else {
            pthread_cond_wait(&journal->chores, &journal->lock);
        }
    }
    pthread_mutex_unlock(&journal->lock);
    return NULL;
}
