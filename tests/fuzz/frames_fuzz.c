/* The journal's files: found, recovered, read, verified and written on. An input is a plan of
 * segments: frames whose headers are right but for what the plan says, so that checksums, hashes
 * and sequences keep nothing from being tried; raw bytes between them; segments compressed as the
 * journal does it, or with an index that lies.
 *
 * What must hold: where verify finds a journal whole, all of it can be read and a daemon opens it
 * with the same head; a daemon that opens a journal can append to it, and finds what it appended
 * after another start. */
#include "fuzz.h"

#include <errno.h>
#include <inttypes.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <zstd.h>

#include "event/event.h"
#include "journal/archive_format.h"
#include "journal/frame.h"
#include "memory_io.h"
#include "util/log.h"

#define DIRECTORY "/j"
#define SEGMENT_BYTES (UINT64_C(8) << 20)
#define SEGMENTS 4
#define FRAMES 16
#define RECORDS 4
#define RECORD_LIMIT 4096
#define RUN_LIMIT 400000 /* of one byte repeated: so that a segment has more than one block */
#define ZEROS_LIMIT 8192
#define BLOCKS 8

enum {
    PLAN_DAEMON = 1, /* also open it for writing */
    SEGMENT_ARCHIVED = 1,
    SEGMENT_RENAMED = 2, /* its name says another first sequence */
    SEGMENT_TWICE = 4,   /* both forms are there */
    SEGMENT_INDEX_LIES = 8,
    FRAME_SEQUENCE = 1,
    FRAME_COUNT = 2,
    FRAME_HASH = 4,
    FRAME_EPOCH = 8,
    FRAME_CHECKSUM = 16,
    FRAME_PAYLOAD = 32, /* the records are raw bytes */
    FRAME_SIZE = 64,
    FRAME_RAW = 128 /* no frame at all */
};

static struct memory_io *memory;
static struct arena arena;

int LLVMFuzzerInitialize(int *argc, char ***argv) {
    (void)argc;
    (void)argv;
    log_set_level(getenv("VOLUNTEERD_FUZZ_LOG") ? LOG_LEVEL_DEBUG : LOG_LEVEL_ERROR - 1);
    memory = memory_io_new();
    arena_init(&arena);
    return 0;
}

/* ---- making the files ---- */

struct maker {
    struct cursor in;
    struct chain chain; /* as whoever reads the good frames has it */
    struct buf plain;   /* the segment that is being made */
    uint64_t frame_sequence[BLOCKS];
    uint64_t frame_offset[BLOCKS];
};

static struct str piece(struct cursor *in, size_t limit) {
    size_t size = cursor_varint(in) % limit;
    size = size < cursor_left(in) ? size : cursor_left(in);
    return cursor_take(in, size);
}

static void record_make(struct maker *self, struct buf *out) {
    uint8_t form = cursor_byte(&self->in);
    if (form == 255) {
        size_t size = cursor_varint(&self->in) % RUN_LIMIT;
        buf_put_varint(out, size);
        memset(buf_extend(out, size), cursor_byte(&self->in), size);
    } else if (form & 128) {
        buf_put_str(out, piece(&self->in, RECORD_LIMIT));
    } else {
        buf_put_counted(out, piece(&self->in, RECORD_LIMIT));
    }
}

/* Overwrites what the plan says; then the checksum is made anew, unless it is to be wrong. */
static void header_mend(struct maker *self, struct buf *frame, uint8_t lies) {
    static const size_t payload_at = 8, checksum_at = 12, epoch_at = 16, sequence_at = 24,
                        count_at = 32, hash_at = 40;
    char *bytes = frame->data;
    uint32_t payload_size;
    if (lies & FRAME_SEQUENCE)
        cursor_copy(&self->in, bytes + sequence_at, 8);
    if (lies & FRAME_COUNT)
        cursor_copy(&self->in, bytes + count_at, 4);
    if (lies & FRAME_EPOCH)
        cursor_copy(&self->in, bytes + epoch_at, 8);
    if (lies & FRAME_HASH)
        cursor_copy(&self->in, bytes + hash_at, 4);
    if (lies & FRAME_SIZE)
        cursor_copy(&self->in, bytes + payload_at, 4);
    memcpy(&payload_size, bytes + payload_at, sizeof payload_size);
    size_t used = FRAME_HEADER_SIZE + (size_t)le32toh(payload_size);
    used = used < frame->size ? used : frame->size;
    uint32_t checksum = checksum_crc32c(0, bytes, checksum_at);
    checksum = checksum_crc32c(checksum, bytes + epoch_at, used - epoch_at);
    checksum = htole32(lies & FRAME_CHECKSUM ? ~checksum : checksum);
    memcpy(bytes + checksum_at, &checksum, sizeof checksum);
}

static void frame_note(struct maker *self, const struct buf *bytes) {
    size_t block = self->plain.size / ARCHIVE_BLOCK_BYTES;
    struct frame frame = {.bytes = buf_str(bytes), .offset = self->plain.size};
    if (!frame_header_read(bytes->data, &frame.header) ||
        !frame_check(&frame.header, frame.bytes) || chain_advance(&self->chain, &frame))
        return;
    if (block < BLOCKS && !self->frame_sequence[block]) {
        self->frame_sequence[block] = frame.header.first_sequence;
        self->frame_offset[block] = self->plain.size;
    }
}

static void frame_make(struct maker *self, uint8_t lies) {
    struct buf frame = {0};
    struct frame_header header = {.epoch = self->chain.epoch ? self->chain.epoch : 7,
                                  .first_sequence = self->chain.sequence + 1};
    memcpy(header.previous_hash, self->chain.hash, sizeof header.previous_hash);
    memset(buf_extend(&frame, FRAME_HEADER_SIZE), 0, FRAME_HEADER_SIZE);
    header.count = 1 + cursor_byte(&self->in) % RECORDS;
    if (lies & FRAME_PAYLOAD)
        buf_put_str(&frame, piece(&self->in, RECORD_LIMIT));
    else
        for (uint32_t i = 0; i < header.count; i++)
            record_make(self, &frame);
    if (frame.size == FRAME_HEADER_SIZE)
        buf_put_byte(&frame, 0);
    frame_seal(&frame, &header);
    header_mend(self, &frame, lies);
    frame_note(self, &frame);
    buf_put_str(&self->plain, buf_str(&frame));
    buf_deinit(&frame);
}

static void raw_make(struct maker *self) {
    buf_put_str(&self->plain, piece(&self->in, RECORD_LIMIT));
    size_t padding = -self->plain.size % FRAME_ALIGNMENT;
    memset(buf_extend(&self->plain, padding), 0, padding);
}

/* Bytes of the index or footer that lie, under a checksum that is right. */
static void index_lie(struct maker *self, struct archive_entry *entries, size_t n,
                      struct archive_footer *footer) {
    for (int times = cursor_byte(&self->in) % 4; times > 0; times--) {
        size_t at = cursor_byte(&self->in);
        char *bytes = at & 128 ? (char *)footer : (char *)entries;
        size_t size = at & 128 ? sizeof *footer : n * sizeof *entries;
        at %= 128;
        size_t width = 1 + cursor_byte(&self->in) % 8;
        if (at + width <= size)
            cursor_copy(&self->in, bytes + at, width);
    }
}

static void archive_make(struct maker *self, uint64_t first_sequence, bool lies, struct buf *out) {
    struct archive_entry entries[BLOCKS];
    struct archive_footer footer;
    size_t n = 0;
    memset(entries, 0, sizeof entries);
    memset(&footer, 0, sizeof footer);
    for (size_t at = 0; at < self->plain.size && n < BLOCKS; n++) {
        size_t size = self->plain.size - at, bound = ZSTD_compressBound(ARCHIVE_BLOCK_BYTES);
        size = size < ARCHIVE_BLOCK_BYTES ? size : ARCHIVE_BLOCK_BYTES;
        size_t before = out->size;
        size_t stored =
            ZSTD_compress(buf_extend(out, bound), bound, self->plain.data + at, size, 1);
        assert(!ZSTD_isError(stored));
        out->size = before + stored;
        entries[n] = (struct archive_entry){
            .file_offset = htole64(before),
            .stored_bytes = htole32((uint32_t)stored),
            .plain_bytes = htole32((uint32_t)size),
            .checksum = htole32(checksum_crc32c(0, out->data + before, stored)),
            .frame_sequence = htole64(self->frame_sequence[n]),
            .frame_offset = htole64(self->frame_offset[n]),
        };
        at += size;
    }
    footer.magic = htole32(ARCHIVE_MAGIC);
    footer.version = htole16(ARCHIVE_VERSION);
    footer.n_blocks = htole32((uint32_t)n);
    footer.epoch = htole64(self->chain.epoch);
    footer.first_sequence = htole64(first_sequence);
    footer.last_sequence = htole64(self->chain.sequence);
    footer.plain_bytes = htole64(self->plain.size);
    memcpy(footer.hash, self->chain.hash, sizeof footer.hash);
    if (lies)
        index_lie(self, entries, n, &footer);
    struct str index = {(const char *)entries, n * sizeof *entries};
    footer.checksum = htole32(archive_checksum(index, &footer));
    buf_put_str(out, index);
    buf_put(out, &footer, sizeof footer);
}

static void file_put(uint64_t first_sequence, bool archived, struct str bytes, size_t zeros) {
    char path[64];
    snprintf(path, sizeof path, DIRECTORY "/%020" PRIu64 "%s", first_sequence,
             archived ? ".vjz" : ".vj");
    memory_io_put(memory, path, bytes, bytes.size + zeros);
}

static void segment_make(struct maker *self) {
    uint8_t form = cursor_byte(&self->in);
    uint64_t first_sequence = self->chain.sequence + 1, name = first_sequence;
    buf_reset(&self->plain);
    memset(self->frame_sequence, 0, sizeof self->frame_sequence);
    memset(self->frame_offset, 0, sizeof self->frame_offset);
    if (form & SEGMENT_RENAMED)
        name = cursor_varint(&self->in);
    for (int n = cursor_byte(&self->in) % FRAMES; n > 0 && cursor_left(&self->in); n--) {
        uint8_t lies = cursor_byte(&self->in);
        if (lies & FRAME_RAW)
            raw_make(self);
        else
            frame_make(self, lies);
    }
    if (form & (SEGMENT_ARCHIVED | SEGMENT_TWICE)) {
        struct buf archive = {0};
        archive_make(self, first_sequence, form & SEGMENT_INDEX_LIES, &archive);
        file_put(name, true, buf_str(&archive), 0);
        buf_deinit(&archive);
    }
    if (!(form & SEGMENT_ARCHIVED) || (form & SEGMENT_TWICE))
        file_put(name, false, buf_str(&self->plain), cursor_varint(&self->in) % ZEROS_LIMIT);
}

/* ---- one who only reads ---- */

/* All records behind `after`; how reading ended. */
static int records_read(struct journal *journal, uint64_t after, uint64_t *ret_last) {
    struct journal_reader *reader;
    struct str record;
    uint64_t sequence, expected = 0;
    int r = journal_reader_open(journal, after, &reader);
    *ret_last = after;
    if (r != 0)
        return r;
    while ((r = journal_reader_next(reader, &record, &sequence)) == 0) {
        struct event event;
        assert(sequence > after && (!expected || sequence == expected));
        expected = sequence + 1;
        *ret_last = sequence;
        arena_reset(&arena);
        reached("records read");
        if (event_decode(record, &arena, &event) == 0)
            reached("events");
    }
    journal_reader_close(reader);
    return r;
}

/* Whether verify finds it whole. */
static bool look(struct journal_head *ret_head) {
    const struct journal_options options = {.directory = DIRECTORY, .read_only = true};
    struct journal *journal;
    struct journal_head head;
    char place[256];
    uint64_t last;
    if (journal_open(memory_io(memory), &options, &journal) != 0)
        return false;
    *ret_head = journal_head(journal);
    reached("opened to read");
    bool whole = journal_verify(journal, NULL, NULL, &head, place) == 0;
    int r = records_read(journal, 0, &last);
    if (whole) {
        reached("whole");
        assert(head.sequence == ret_head->sequence);
        assert(r == JOURNAL_END ? last == head.sequence : r == JOURNAL_NOT_THERE);
    }
    r = records_read(journal, ret_head->sequence / 2, &last);
    assert(!whole || r == JOURNAL_NOT_THERE || (r == JOURNAL_END && last == head.sequence));
    records_read(journal, ret_head->sequence, &last);
    journal_close(journal);
    return whole;
}

/* ---- a daemon ---- */

struct receipt {
    pthread_mutex_t lock;
    pthread_cond_t done;
    bool is_done;
    enum journal_outcome outcome;
};

static void receipt_take(void *context, struct journal_frame *frame, enum journal_outcome outcome) {
    struct receipt *receipt = context;
    (void)frame;
    pthread_mutex_lock(&receipt->lock);
    receipt->is_done = true;
    receipt->outcome = outcome;
    pthread_cond_signal(&receipt->done);
    pthread_mutex_unlock(&receipt->lock);
}

static void append(struct journal *journal, struct str record) {
    struct journal_frame frame = {0};
    struct receipt receipt = {.lock = PTHREAD_MUTEX_INITIALIZER, .done = PTHREAD_COND_INITIALIZER};
    journal_frame_begin(&frame, journal_head(journal).sequence + 1);
    journal_frame_add(&frame, record);
    journal_append(journal, &frame, receipt_take, &receipt);
    pthread_mutex_lock(&receipt.lock);
    while (!receipt.is_done)
        pthread_cond_wait(&receipt.done, &receipt.lock);
    pthread_mutex_unlock(&receipt.lock);
    assert(receipt.outcome == JOURNAL_DONE);
    journal_frame_deinit(&frame);
}

static void must_end_with(struct journal *journal, uint64_t sequence, struct str record) {
    struct journal_reader *reader;
    struct str found;
    uint64_t at;
    int r = journal_reader_open(journal, sequence - 1, &reader);
    assert(r == 0);
    r = journal_reader_next(reader, &found, &at);
    assert(r == 0 && at == sequence && str_equal(found, record));
    r = journal_reader_next(reader, &found, &at);
    assert(r == JOURNAL_END);
    journal_reader_close(reader);
}

static void serve(bool whole, const struct journal_head *seen) {
    const struct journal_options options = {.directory = DIRECTORY, .segment_bytes = SEGMENT_BYTES};
    const struct str record = STR("hours of service");
    struct journal *journal;
    int r = journal_open(memory_io(memory), &options, &journal);
    assert(r == 0 || !whole);
    if (r != 0)
        return;
    struct journal_head head = journal_head(journal);
    reached("opened to write");
    assert(!whole || (head.sequence == seen->sequence &&
                      memcmp(head.hash, seen->hash, sizeof head.hash) == 0));
    if (head.sequence >= UINT64_MAX - 4) {
        journal_close(journal);
        return;
    }
    append(journal, record);
    must_end_with(journal, head.sequence + 1, record);
    journal_close(journal);
    memory_io_trim(memory, ZEROS_LIMIT); /* 8 MiB of zeros would be walked for nothing */
    r = journal_open(memory_io(memory), &options, &journal);
    assert(r == 0 && journal_head(journal).sequence == head.sequence + 1);
    must_end_with(journal, head.sequence + 1, record);
    journal_close(journal);
    reached("appended");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct maker maker = {.in = cursor_from(input_str(data, size))};
    struct journal_head head = {0};
    uint8_t plan = cursor_byte(&maker.in);
    reached("journals");
    maker.chain.sequence = plan & 2 ? cursor_varint(&maker.in) : 0;
    maker.chain.hash_unknown = plan & 2;
    for (int n = 1 + plan / 4 % SEGMENTS; n > 0 && cursor_left(&maker.in); n--)
        segment_make(&maker);
    bool whole = look(&head);
    if (plan & PLAN_DAEMON)
        serve(whole, &head);
    buf_deinit(&maker.plain);
    memory_io_clear(memory);
    return 0;
}
