/* The start of a journal: what a crash left half done is mended, the head is found, a torn tail is
 * cut, damage is refused. */
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "journal/archive.h"
#include "journal/state.h"
#include "util/error.h"
#include "util/log.h"
#include "util/memory.h"

/* Where the good frames of a segment end, and what stands behind them. */
struct tail {
    struct chain chain; /* at the last good frame */
    uint64_t n_frames;
    uint64_t last_offset; /* of the last good frame */
    uint64_t end;
    uint64_t dirty_bytes; /* after `end`, up to the last byte that is not zero; 0: a clean end */
    uint64_t capacity;
    char damage[JOURNAL_PLACE_SIZE]; /* "": what is dirty is a torn write */
};

void journal_place(uint64_t first_sequence, bool archived, uint64_t offset, const char *what,
                   char ret_place[static JOURNAL_PLACE_SIZE]) {
    char name[SEGMENT_NAME_SIZE];
    segment_name(first_sequence, archived, name);
    snprintf(ret_place, JOURNAL_PLACE_SIZE, "segment %s at byte %" PRIu64 ": %s", name, offset,
             what);
}

void journal_gap(uint64_t first_sequence, bool archived, uint64_t offset, uint64_t from,
                 uint64_t to, char ret_place[static JOURNAL_PLACE_SIZE]) {
    char what[128];
    snprintf(what, sizeof what,
             "records %" PRIu64 " to %" PRIu64
             " should follow and are not there; is a file missing?",
             from, to);
    journal_place(first_sequence, archived, offset, what, ret_place);
}

/* ---- the folder ---- */

struct listing {
    struct segment_list found;
    struct buf temporary; /* names, each with its zero */
};

static int name_note(void *context, const char *name) {
    struct listing *listing = context;
    uint64_t first_sequence;
    bool archived;
    size_t size = strlen(name);
    if (segment_name_parse(name, &first_sequence, &archived))
        segment_list_add(&listing->found, first_sequence, archived);
    else if (size > 4 && strcmp(name + size - 4, ".tmp") == 0)
        buf_put(&listing->temporary, name, size + 1);
    return 0;
}

static void temporary_remove(const struct journal *journal, const struct buf *names) {
    for (size_t at = 0; at < names->size; at += strlen(names->data + at) + 1) {
        char path[SEGMENT_PATH_SIZE];
        segment_path(journal->directory, names->data + at, path);
        /* One that stays does no harm: it is made anew under the same name. */
        journal->io->unlink(journal->io->self, path);
    }
}

/* Both forms are there: the end of a compression was cut off. The compressed one was proved before
 * it got its name. */
static int twin_resolve(const struct journal *journal, struct segment *plain) {
    char name[SEGMENT_NAME_SIZE], path[SEGMENT_PATH_SIZE];
    struct walk walk;
    segment_name(plain->first_sequence, true, name);
    segment_path(journal->directory, name, path);
    int r = walk_open(journal->io, path, true, &walk);
    bool complete = r == 0 && archive_end(walk.archive)->first_sequence == plain->first_sequence;
    if (r == 0)
        walk_close(&walk);
    else if (r != -EBADMSG)
        return error_note(r, name);
    if (!complete)
        log_warning("segment %s is damaged, but its plain form is there: that one is kept", name);
    plain->archived = complete;
    if (journal->read_only)
        return 0;
    /* A killed run may not have synced the name of the one that stays. */
    r = complete ? journal->io->sync_dir(journal->io->self, journal->directory) : 0;
    if (r < 0)
        return error_note(r, journal->directory);
    return segment_remove(journal->io, journal->directory, plain->first_sequence, !complete);
}

static int disk_bytes_find(const struct journal *journal, struct segment *segment) {
    char name[SEGMENT_NAME_SIZE], path[SEGMENT_PATH_SIZE];
    segment_name(segment->first_sequence, segment->archived, name);
    segment_path(journal->directory, name, path);
    int fd = journal->io->open(journal->io->self, path, O_RDONLY | O_CLOEXEC, 0);
    if (fd == -ENOENT && journal->read_only)
        return 0; /* a daemon beside us has compressed it this moment */
    if (fd < 0)
        return error_note(fd, name);
    int64_t size = journal->io->file_size(journal->io->self, fd);
    journal->io->close(journal->io->self, fd);
    if (size < 0)
        return error_note((int)size, name);
    segment->disk_bytes = (uint64_t)size;
    return 0;
}

/* A closed segment that is compressed says itself where it begins and ends, so that one that is
 * missing or was renamed is found before anything is served. */
static int archive_continues(const struct journal *journal, const struct segment *segment,
                             const struct segment *next,
                             char ret_damage[static JOURNAL_PLACE_SIZE]) {
    struct walk walk;
    int r = segment_walk(journal->io, journal->directory, segment->first_sequence, true, &walk);
    if (r == -EBADMSG) {
        journal_place(segment->first_sequence, true, 0,
                      "the index of the compressed segment is damaged", ret_damage);
        return 0;
    }
    if (r < 0)
        return error_note(r, "cannot open a segment of the journal");
    const struct archive_end *end = archive_end(walk.archive);
    if (end->first_sequence != segment->first_sequence)
        journal_place(segment->first_sequence, true, 0, OTHER_RECORDS, ret_damage);
    else if (end->last_sequence >= next->first_sequence)
        journal_place(segment->first_sequence, true, end->plain_bytes,
                      "the segment behind it begins before its last record", ret_damage);
    else if (end->last_sequence + 1 != next->first_sequence)
        journal_gap(segment->first_sequence, true, end->plain_bytes, end->last_sequence + 1,
                    next->first_sequence - 1, ret_damage);
    walk_close(&walk);
    return 0;
}

int journal_continues(const struct journal *journal, char ret_damage[static JOURNAL_PLACE_SIZE]) {
    const struct segment_list *list = &journal->segments;
    int r = 0;
    for (size_t i = 0; r == 0 && !*ret_damage && i + 1 < list->n; i++)
        if (list->items[i].archived)
            r = archive_continues(journal, &list->items[i], &list->items[i + 1], ret_damage);
    return r;
}

/* Names sort so that a plain one stands right before its compressed twin. */
static int segments_collect(struct journal *journal, const struct segment_list *found) {
    for (size_t i = 0; i < found->n; i++) {
        const struct segment *item = &found->items[i];
        struct segment *segment =
            segment_list_add(&journal->segments, item->first_sequence, item->archived);
        int r = 0;
        if (i + 1 < found->n && item[1].first_sequence == item->first_sequence) {
            r = twin_resolve(journal, segment);
            i++;
        }
        if (r == 0)
            r = disk_bytes_find(journal, segment);
        if (r < 0)
            return r;
    }
    return 0;
}

static void listing_deinit(struct listing *listing) {
    segment_list_deinit(&listing->found);
    buf_deinit(&listing->temporary);
}

static int listing_read(const struct journal *journal, struct listing *ret_listing) {
    struct listing listing = {0};
    int r = journal->io->list(journal->io->self, journal->directory, name_note, &listing);
    if (r < 0)
        listing_deinit(&listing);
    else
        *ret_listing = listing;
    return r;
}

/* The next first sequence behind `at`, over both forms of the same segment. */
static uint64_t listing_step(const struct segment_list *found, size_t *at) {
    uint64_t sequence = *at < found->n ? found->items[*at].first_sequence : 0;
    while (*at < found->n && found->items[*at].first_sequence == sequence)
        ++*at;
    return sequence;
}

static bool listings_agree(const struct segment_list *a, const struct segment_list *b) {
    size_t in_a = 0, in_b = 0;
    while (in_a < a->n || in_b < b->n)
        if (listing_step(a, &in_a) != listing_step(b, &in_b))
            return false;
    return true;
}

/* Beside a live daemon a listing may see neither form of a segment: the compressed one was named
 * behind the place it had reached, the plain one removed before it. No second listing can miss the
 * same one, so two that agree are whole. */
static int listing_settle(const struct journal *journal, struct listing *ret_listing) {
    struct listing before, now;
    int r = listing_read(journal, &before);
    for (bool agree = !journal->read_only; r == 0 && !agree;) {
        r = listing_read(journal, &now);
        if (r == 0)
            agree = listings_agree(&before.found, &now.found);
        listing_deinit(&before);
        before = now;
    }
    if (r == 0)
        *ret_listing = before;
    return r;
}

static int segments_list(struct journal *journal) {
    struct listing listing = {0};
    int r = listing_settle(journal, &listing);
    if (r < 0) {
        error_note(r, journal->directory);
    } else {
        if (!journal->read_only)
            temporary_remove(journal, &listing.temporary);
        r = segments_collect(journal, &listing.found);
    }
    listing_deinit(&listing);
    return r;
}

/* ---- the tail ---- */

/* Looks behind a bad frame: how far the bytes are not zero, and whether a good frame of this
 * journal follows. */
static int tail_search(struct walk *walk, struct tail *tail, uint64_t *ret_found) {
    *ret_found = 0;
    for (uint64_t offset = tail->end; offset < walk->limit; offset += FRAME_ALIGNMENT) {
        struct str bytes;
        int r = walk_look(walk, offset, FRAME_HEADER_SIZE, &bytes);
        if (r < 0)
            return r;
        size_t piece = bytes.size < FRAME_ALIGNMENT ? bytes.size : FRAME_ALIGNMENT;
        if (bytes_are_zero(bytes.data, piece))
            continue;
        tail->dirty_bytes = offset + piece - tail->end;
        struct frame_header header;
        if (bytes.size < FRAME_HEADER_SIZE || !frame_header_read(bytes.data, &header) ||
            header.first_sequence <= tail->chain.sequence)
            continue;
        r = walk_look(walk, offset, frame_size(header.payload_size), &bytes);
        if (r < 0)
            return r;
        bool ours = !tail->chain.epoch || header.epoch == tail->chain.epoch;
        if (ours && frame_check(&header, bytes)) {
            *ret_found = offset;
            return 0;
        }
    }
    return 0;
}

static void tail_damage(const struct segment *segment, struct tail *tail, uint64_t offset,
                        const char *what) {
    journal_place(segment->first_sequence, segment->archived, offset, what, tail->damage);
}

/* No frame stands at the end of the good ones: a clean end, a torn one, or damage. JOURNAL_END
 * where the tail is final, 0 where a live writer has finished that frame meanwhile. */
static int tail_judge(const struct journal *journal, struct segment *segment, struct walk *walk,
                      struct tail *tail) {
    uint64_t found;
    int r = tail_search(walk, tail, &found);
    if (r < 0)
        return r;
    if (!found)
        return JOURNAL_END;
    if (journal->read_only) {
        struct frame frame;
        walk_forget(walk);
        r = walk_frame(walk, &frame);
        walk->offset = tail->end;
        if (r <= 0)
            return r;
    }
    char what[96];
    snprintf(what, sizeof what, "no valid frame, but one follows at byte %" PRIu64, found);
    tail_damage(segment, tail, tail->end, what);
    return JOURNAL_END;
}

/* Whether the payload is as many records as the header says: nobody reads beyond a frame that is
 * not.
 */
static bool records_add_up(const struct frame *frame) {
    struct cursor in = cursor_from(
        (struct str){frame->bytes.data + FRAME_HEADER_SIZE, frame->header.payload_size});
    for (uint32_t i = 0; !in.failed && i < frame->header.count; i++)
        (void)cursor_counted(&in);
    return !in.failed && cursor_left(&in) == 0;
}

/* One more frame, or JOURNAL_END. */
static int tail_step(const struct journal *journal, struct segment *segment, struct walk *walk,
                     struct tail *tail) {
    struct frame frame;
    int r = walk_frame(walk, &frame);
    if (r == WALK_NO_FRAME)
        return tail_judge(journal, segment, walk, tail);
    if (r < 0)
        return r;
    const char *wrong =
        records_add_up(&frame) ? chain_advance(&tail->chain, &frame) : "its records do not add up";
    if (wrong) {
        tail_damage(segment, tail, frame.offset, wrong);
        return JOURNAL_END;
    }
    segment_mark_frame(segment, frame.header.first_sequence, frame.offset);
    tail->n_frames++;
    tail->last_offset = frame.offset;
    tail->end = walk->offset;
    tail->dirty_bytes = 0;
    return 0;
}

static int frames_walk(const struct journal *journal, struct segment *segment, struct walk *walk,
                       struct tail *tail) {
    int r = 0;
    while (r == 0)
        r = tail_step(journal, segment, walk, tail);
    return r < 0 ? r : 0;
}

/* The chain in `tail` says what the first frame must continue. A compressed segment says itself how
 * it ends. */
static int tail_find(const struct journal *journal, struct segment *segment, struct tail *tail) {
    struct walk walk;
    int r = segment_walk(journal->io, journal->directory, segment->first_sequence,
                         segment->archived, &walk);
    if (r == -EBADMSG) {
        tail_damage(segment, tail, 0, "the index of the compressed segment is damaged");
        return 0;
    }
    if (r < 0)
        return error_note(r, "cannot open a segment of the journal");
    tail->capacity = walk.limit;
    if (walk.archive) {
        segment->archived = true; /* by a daemon beside us, since it was listed */
        const struct archive_end *end = archive_end(walk.archive);
        if (end->first_sequence == segment->first_sequence) {
            tail->chain = (struct chain){.epoch = end->epoch, .sequence = end->last_sequence};
            memcpy(tail->chain.hash, end->hash, sizeof end->hash);
        } else {
            tail_damage(segment, tail, 0, OTHER_RECORDS);
        }
    } else {
        r = frames_walk(journal, segment, &walk, tail);
    }
    walk_close(&walk);
    return r;
}

static void head_set(struct journal *journal, const struct chain *chain) {
    journal->head = (struct journal_head){.epoch = chain->epoch, .sequence = chain->sequence};
    memcpy(journal->head.hash, chain->hash, sizeof chain->hash);
}

/* Damage: a daemon refuses; one who only reads gets as far as the last good frame and is told
 * there. */
static int damage_meet(struct journal *journal, const char *place) {
    log_error("the journal is damaged: %s", place);
    memcpy(journal->damage, place, JOURNAL_PLACE_SIZE);
    return journal->read_only
               ? 0
               : error_note(-EBADMSG, "the journal is damaged; restore it from a copy");
}

/* Cuts a torn tail, and makes the last frame durable once more: after a failed fdatasync the kernel
 * may show a frame that is not on the disk, and only writing it again brings it there. */
static int open_mend(const struct journal *journal, const struct segment *segment,
                     const struct tail *tail) {
    const struct io *io = journal->io;
    if (tail->dirty_bytes) {
        log_notice("segment %020" PRIu64 ".vj: cutting a torn write at byte %" PRIu64 ", %" PRIu64
                   " bytes",
                   segment->first_sequence, tail->end, tail->dirty_bytes);
        int r = segment_zero(io, journal->open_fd, tail->end, tail->dirty_bytes);
        if (r < 0)
            return error_note(r, "cannot cut a torn write");
    }
    if (!tail->n_frames)
        return 0;
    size_t size = (size_t)(tail->end - tail->last_offset);
    char *frame = malloc(size);
    if (!frame)
        memory_out();
    ssize_t got = io->pread(io->self, journal->open_fd, frame, size, (off_t)tail->last_offset);
    int r = got < 0 ? (int)got : 0;
    if (got == (ssize_t)size)
        r = io->pwrite(io->self, journal->open_fd, frame, size, (off_t)tail->last_offset);
    if (r == 0)
        r = io->fdatasync(io->self, journal->open_fd);
    free(frame);
    return r < 0 ? error_note(r, "cannot make the last frame durable") : 0;
}

static int open_take(struct journal *journal, struct segment *segment, const struct tail *tail) {
    char name[SEGMENT_NAME_SIZE], path[SEGMENT_PATH_SIZE];
    segment_name(segment->first_sequence, false, name);
    segment_path(journal->directory, name, path);
    segment->disk_bytes = tail->end;
    int fd = journal->io->open(journal->io->self, path, O_RDWR | O_CLOEXEC, 0);
    if (fd < 0)
        return error_note(fd, "cannot open the last segment of the journal");
    journal->open_fd = fd;
    int r = journal->io->sync_dir(journal->io->self, journal->directory);
    return r < 0 ? error_note(r, journal->directory) : open_mend(journal, segment, tail);
}

/* What the first frame of a segment must continue, as far as its name says. */
static struct chain chain_before(const struct segment *segment) {
    return (struct chain){.sequence = segment->first_sequence - 1,
                          .hash_unknown = segment->first_sequence > 1};
}

/* A crash came between the making of the last segment and its first frame; its name says how the
 * one before ended. */
static void empty_judge(const struct segment *last, struct tail *tail) {
    if (tail->chain.sequence + 1 != last->first_sequence)
        tail_damage(last, tail, 0, "the frames before it are missing");
    else if (tail->chain.hash_unknown)
        tail_damage(last, tail, 0, "it is empty, and none before it says how the journal ends");
}

/* The one before is only walked where the last one is empty. */
static int last_recover(struct journal *journal, struct segment *last) {
    struct segment *before = journal->segments.n > 1 ? last - 1 : NULL;
    struct tail earlier = {.chain = chain_before(before ? before : last)};
    int r = before && before->archived ? tail_find(journal, before, &earlier) : 0;
    if (r < 0)
        return r;
    struct tail tail = {.chain = before && !before->archived ? chain_before(last) : earlier.chain};
    r = tail_find(journal, last, &tail);
    bool empty = r == 0 && !tail.n_frames && !last->archived;
    if (empty && before && !before->archived) {
        r = tail_find(journal, before, &earlier);
        tail.chain = earlier.chain;
    }
    if (r < 0)
        return r;
    head_set(journal, &tail.chain);
    journal->open_end = tail.end;
    journal->open_capacity = tail.capacity;
    if (empty && !*tail.damage)
        empty_judge(last, &tail);
    if (*earlier.damage || *tail.damage)
        return damage_meet(journal, *earlier.damage ? earlier.damage : tail.damage);
    return journal->read_only ? 0 : open_take(journal, last, &tail);
}

static int head_find(struct journal *journal) {
    if (!journal->segments.n)
        return 0;
    struct segment *last = &journal->segments.items[journal->segments.n - 1];
    if (!last->archived)
        return last_recover(journal, last);
    struct tail tail = {.chain = chain_before(last)};
    int r = tail_find(journal, last, &tail);
    if (r < 0)
        return r;
    head_set(journal, &tail.chain);
    return *tail.damage ? damage_meet(journal, tail.damage) : 0;
}

int journal_recover(struct journal *journal) {
    if (!journal->read_only) {
        int r = journal->io->mkdir(journal->io->self, journal->directory);
        if (r < 0)
            return error_note(r, journal->directory);
    }
    char damage[JOURNAL_PLACE_SIZE] = "";
    int r = segments_list(journal);
    /* One who only reads meets it where it stands. */
    if (r == 0 && !journal->read_only)
        r = journal_continues(journal, damage);
    if (r == 0 && *damage)
        r = damage_meet(journal, damage);
    if (r == 0)
        r = head_find(journal);
    while (r == 0 && !journal->head.epoch && !journal->read_only) {
        journal->io->random(journal->io->self, &journal->head.epoch, sizeof journal->head.epoch);
        journal->head.epoch >>= 1;
    }
    return r;
}
