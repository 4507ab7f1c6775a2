#include <stdio.h>

#include "journal/state.h"
#include "util/error.h"

#define PROGRESS_BYTES (UINT64_C(1) << 20)

/* Every record of the frame the reader stands on. */
static int records_walk(struct journal_reader *reader, uint64_t last_sequence) {
    struct str record;
    uint64_t sequence = 0;
    int r = 0;
    while (r == 0 && sequence < last_sequence)
        r = journal_reader_next(reader, &record, &sequence);
    return r;
}

/* Up to the head as it was at the beginning: a writer may go on meanwhile. */
static int frames_verify(struct journal_reader *reader, const struct journal_head *head,
                         void (*progress)(void *context, uint64_t sequence), void *context) {
    struct journal_position position = {0};
    uint64_t reported_bytes = 0, sequence = 0;
    while (sequence < head->sequence) {
        int r = reader_frame(reader);
        if (r != 0)
            return r;
        journal_reader_position(reader, &position);
        sequence = position.frame_first_sequence + position.frame_count - 1;
        r = records_walk(reader, sequence);
        if (r != 0)
            return r;
        if (progress && reader_walked_bytes(reader) - reported_bytes >= PROGRESS_BYTES) {
            reported_bytes = reader_walked_bytes(reader);
            progress(context, sequence);
        }
    }
    /* Whether a frame ends with its last record is seen when the next one is asked for. */
    struct str record;
    int r = sequence ? journal_reader_next(reader, &record, &sequence) : 0;
    if (r < 0)
        return r;
    if (sequence && memcmp(position.frame_hash, head->hash, sizeof head->hash) != 0)
        return error_note(-EBADMSG, "the journal's last frame is not the one that was written");
    return 0;
}

int journal_verify(struct journal *journal, void (*progress)(void *context, uint64_t sequence),
                   void *context, struct journal_head *ret_head, char ret_place[static 256]) {
    struct journal_head head = journal_head(journal);
    struct journal_reader *reader;
    char gap[JOURNAL_PLACE_SIZE] = "";
    /* As a daemon does at its start: what overlaps is read in one of two segments only. */
    int r = journal->read_only ? journal_continues(journal, gap) : 0;
    if (r < 0 || *gap) {
        snprintf(ret_place, JOURNAL_PLACE_SIZE, "%s", *gap ? gap : strerrordesc_np(-r));
        return r < 0 ? r : error_note(-EBADMSG, "the journal is damaged");
    }
    r = reader_open_thorough(journal, &reader);
    if (r != 0)
        return error_note(-EBADMSG, "the journal has no beginning");
    r = frames_verify(reader, &head, progress, context);
    const char *place = reader_place(reader);
    if (r < 0 && r != -EBADMSG && !*place)
        place = strerrordesc_np(-r);
    if (r == 0 && *journal->damage) {
        place = journal->damage;
        r = -EBADMSG;
    }
    if (r == 0)
        *ret_head = head;
    else
        snprintf(ret_place, JOURNAL_PLACE_SIZE, "%s",
                 *place ? place : "at its end: another frame than the head's");
    journal_reader_close(reader);
    return r > 0 ? -EBADMSG : r;
}
