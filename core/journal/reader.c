/* Reading in order of sequence, over plain and compressed segments, up to the durable head. A
 * reader has its own window and asks the journal only where a sequence lies, so that any number of
 * them may go beside the writer. */
#include <stdlib.h>

#include "journal/archive.h"
#include "journal/state.h"
#include "util/error.h"
#include "util/log.h"
#include "util/memory.h"

struct journal_reader {
    struct journal *journal;
    uint64_t after; /* records up to here are passed over */
    bool thorough;
    struct walk walk;
    uint64_t segment; /* first sequence of the open one, 0: none */
    bool archived;
    uint64_t walked_bytes;  /* of segments left behind */
    struct chain chain;     /* up to the last frame taken */
    struct cursor records;  /* left in it */
    uint64_t next_sequence; /* of the first of them */
    struct journal_position position;
    char place[JOURNAL_PLACE_SIZE];   /* of damage, which stays */
    char trouble[JOURNAL_PLACE_SIZE]; /* of what could not be read, lately */
};

/* Where the next frame lies, as the journal knows it at this moment. */
struct location {
    uint64_t first_sequence;
    uint64_t next_segment; /* first sequence of the one behind it, 0: there is none */
    bool archived;
    uint64_t limit; /* plain bytes that are durable */
    struct segment_mark mark;
};

/* 0, JOURNAL_END behind the head, JOURNAL_NOT_THERE before the first segment. */
static int locate(struct journal *journal, uint64_t sequence, struct location *ret_location) {
    int r = 0;
    pthread_mutex_lock(&journal->lock);
    const struct segment_list *list = &journal->segments;
    const struct segment *segment = segment_list_find(list, sequence);
    if (sequence > journal->head.sequence) {
        r = JOURNAL_END;
    } else if (!segment) {
        r = JOURNAL_NOT_THERE;
    } else {
        bool open = segment == &list->items[list->n - 1] && !segment->archived;
        *ret_location = (struct location){
            .first_sequence = segment->first_sequence,
            .next_segment = segment < &list->items[list->n - 1] ? segment[1].first_sequence : 0,
            .archived = segment->archived,
            .limit = open ? journal->open_end : UINT64_MAX,
            .mark = segment_mark_find(segment, sequence),
        };
    }
    pthread_mutex_unlock(&journal->lock);
    return r;
}

static int damage(struct journal_reader *reader, uint64_t offset, const char *what) {
    journal_place(reader->segment, reader->archived, offset, what, reader->place);
    log_error("the journal is damaged: %s", reader->place);
    return error_note(-EBADMSG, "the journal is damaged");
}

/* No frame stands where the next record should: all that is left is empty, or it is a bad one. */
static int frame_missing(struct journal_reader *reader, uint64_t next_segment) {
    struct walk *walk = &reader->walk;
    struct str bytes = STR_NONE;
    int r = walk_look(walk, walk->offset, FRAME_HEADER_SIZE, &bytes);
    if (r < 0 || !bytes_are_zero(bytes.data, bytes.size) || !next_segment)
        return damage(reader, walk->offset, "no valid frame");
    journal_gap(reader->segment, reader->archived, walk->offset, reader->chain.sequence + 1,
                next_segment - 1, reader->place);
    log_error("the journal is damaged: %s", reader->place);
    return error_note(-EBADMSG, "the journal is damaged");
}

/* The disk does not give what is on it: that may pass, so the reader may try again. */
static int unreadable(struct journal_reader *reader, int r) {
    journal_place(reader->segment, reader->archived, reader->walk.offset, strerrordesc_np(-r),
                  reader->trouble);
    log_error("the journal cannot be read: %s", reader->trouble);
    return r;
}

/* What lies behind the last frame of a closed segment must be nothing. */
static int rest_check(struct journal_reader *reader) {
    struct walk *walk = &reader->walk;
    walk->limit = walk->size;
    for (uint64_t offset = walk->offset; offset < walk->limit;) {
        struct str bytes;
        int r = walk_look(walk, offset, FRAME_ALIGNMENT, &bytes);
        if (r < 0 && r != -EBADMSG)
            return r;
        if (r < 0 || walk->archive || !bytes_are_zero(bytes.data, bytes.size))
            return damage(reader, offset, "there is something behind the last frame");
        offset += bytes.size;
    }
    return 0;
}

/* A compressed segment says how it ends, and a start of the daemon goes by that. */
static int end_check(struct journal_reader *reader) {
    if (!reader->walk.archive)
        return 0;
    const struct archive_end *end = archive_end(reader->walk.archive);
    const struct chain *chain = &reader->chain;
    bool same = end->last_sequence == chain->sequence && end->epoch == chain->epoch &&
                memcmp(end->hash, chain->hash, sizeof chain->hash) == 0;
    return same ? 0 : damage(reader, reader->walk.offset, "its index tells of another end");
}

static int segment_enter(struct journal_reader *reader, const struct location *location) {
    struct journal *journal = reader->journal;
    uint64_t before = reader->segment;
    bool onwards = before != 0;
    if (onwards && reader->thorough) {
        int r = rest_check(reader);
        if (r == 0)
            r = end_check(reader);
        if (r < 0)
            return r;
    }
    reader->walked_bytes += reader->walk.offset;
    walk_close(&reader->walk);
    reader->segment = location->first_sequence;
    reader->archived = location->archived;
    int r = segment_walk(journal->io, journal->directory, reader->segment, reader->archived,
                         &reader->walk);
    if (r == -EBADMSG)
        return damage(reader, 0, "the index of the compressed segment is damaged");
    if (r == -ENOENT)
        return damage(reader, 0, "the file is missing");
    if (r < 0) {
        reader->segment = before; /* so that who tries again enters it anew */
        return error_note(r, "cannot open a segment of the journal");
    }
    reader->archived = reader->walk.archive != NULL;
    if (reader->archived && archive_end(reader->walk.archive)->first_sequence != reader->segment)
        return damage(reader, 0, OTHER_RECORDS);
    if (onwards)
        return 0;
    struct segment_mark mark = location->mark;
    if (reader->walk.archive)
        archive_seek(reader->walk.archive, reader->after + 1, &mark.sequence, &mark.offset);
    reader->walk.offset = mark.offset;
    reader->chain =
        (struct chain){.sequence = mark.sequence - 1, .hash_unknown = mark.sequence > 1};
    return 0;
}

/* Without a look at whether the reader's own file is the right one. */
static int frame_take(struct journal_reader *reader, uint64_t next_segment) {
    struct frame frame;
    uint64_t offset = reader->walk.offset;
    int r = walk_frame(&reader->walk, &frame);
    if (r == -EBADMSG)
        return damage(reader, offset,
                      reader->archived ? "a compressed block is damaged" : "the file was cut off");
    if (r < 0)
        return unreadable(reader, r);
    if (r == WALK_NO_FRAME)
        return frame_missing(reader, next_segment);
    const char *wrong = chain_advance(&reader->chain, &frame);
    if (wrong)
        return damage(reader, offset, wrong);
    reader->next_sequence = frame.header.first_sequence;
    struct str payload = {frame.bytes.data + FRAME_HEADER_SIZE, frame.header.payload_size};
    reader->records = cursor_from(payload);
    reader->position = (struct journal_position){
        .epoch = frame.header.epoch,
        .frame_first_sequence = frame.header.first_sequence,
        .frame_count = frame.header.count,
    };
    memcpy(reader->position.frame_hash, reader->chain.hash, JOURNAL_HASH_SIZE);
    return 0;
}

/* The frame has room for no record more, or for one that is not there. */
static int records_end(struct journal_reader *reader) {
    const struct journal_position *position = &reader->position;
    uint64_t behind = position->frame_first_sequence + position->frame_count;
    if (reader->records.failed || cursor_left(&reader->records) || reader->next_sequence != behind)
        return damage(reader, reader->walk.offset, "the records of the frame before do not add up");
    return 0;
}

int reader_frame(struct journal_reader *reader) {
    if (*reader->place)
        return -EBADMSG;
    int r = records_end(reader);
    if (r < 0)
        return r;
    struct location location;
    uint64_t sequence = reader->segment ? reader->chain.sequence + 1 : reader->after + 1;
    r = locate(reader->journal, sequence, &location);
    if (r == JOURNAL_END && *reader->journal->damage &&
        sequence == reader->journal->head.sequence + 1) {
        memcpy(reader->place, reader->journal->damage, sizeof reader->place);
        return error_note(-EBADMSG, "the journal is damaged");
    }
    if (r != 0)
        return r;
    if (location.first_sequence != reader->segment) {
        r = segment_enter(reader, &location);
        if (r < 0)
            return r;
    }
    reader->walk.limit = location.limit < reader->walk.size ? location.limit : reader->walk.size;
    return frame_take(reader, location.next_segment);
}

int journal_reader_next(struct journal_reader *reader, struct str *ret_record,
                        uint64_t *ret_sequence) {
    for (;;) {
        struct journal_position *position = &reader->position;
        while (reader->next_sequence < position->frame_first_sequence + position->frame_count) {
            struct str record = cursor_counted(&reader->records);
            if (reader->records.failed)
                return records_end(reader);
            uint64_t sequence = reader->next_sequence++;
            if (sequence <= reader->after)
                continue;
            *ret_record = record;
            *ret_sequence = sequence;
            return 0;
        }
        int r = reader_frame(reader);
        if (r != 0)
            return r;
    }
}

int journal_reader_open(struct journal *journal, uint64_t after,
                        struct journal_reader **ret_reader) {
    struct location location;
    if (locate(journal, after + 1, &location) == JOURNAL_NOT_THERE)
        return JOURNAL_NOT_THERE;
    struct journal_reader *reader = calloc(1, sizeof *reader);
    if (!reader)
        memory_out();
    reader->journal = journal;
    reader->after = after;
    reader->walk.fd = -1;
    *ret_reader = reader;
    return 0;
}

int reader_open_thorough(struct journal *journal, struct journal_reader **ret_reader) {
    pthread_mutex_lock(&journal->lock);
    uint64_t first = journal->segments.n ? journal->segments.items[0].first_sequence : 1;
    pthread_mutex_unlock(&journal->lock);
    int r = journal_reader_open(journal, first - 1, ret_reader);
    if (r == 0)
        (*ret_reader)->thorough = true;
    return r;
}

void journal_reader_close(struct journal_reader *reader) {
    if (!reader)
        return;
    walk_close(&reader->walk);
    free(reader);
}

void journal_reader_position(const struct journal_reader *reader,
                             struct journal_position *ret_position) {
    *ret_position = reader->position;
}

const char *reader_place(const struct journal_reader *reader) {
    return *reader->place ? reader->place : reader->trouble;
}

uint64_t reader_walked_bytes(const struct journal_reader *reader) {
    return reader->walked_bytes + reader->walk.offset;
}
