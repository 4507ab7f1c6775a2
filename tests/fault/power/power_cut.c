/* Cuts the power in a recorded run: at every record of it, builds directories that the disk may
 * hold then and brings each up with the daemon's own function. Everything acknowledged by then must
 * be there, the journal whole and a beginning of the one that became of it, the state what that
 * journal says, the keys those that were used.
 *
 * RUN below is RECORDING BASE INODES, as disk_new takes them.
 *
 * power_cut same RUN FOLDER: everything recorded, as if it had been synced; prints at which records
 * names change.
 *
 * power_cut check RUN WORK STATES PART PARTS DIGESTS [FROM TO]: at least STATES directories over
 * all parts; each DIGESTSth state is compared whole. Only at records FROM to TO, with STATES at
 * each.
 *
 * power_cut build RUN FOLDER POSITION VARIANT: one of them, for the daemon itself; prints what it
 * must hold.
 *
 * check prints one line of JSON; 1 where something was lost, with the command that builds it. */
#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <inttypes.h>
#include <limits.h>
#include <sodium.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "data_dir.h"
#include "domain/export.h"
#include "domain/things.h"
#include "engine/replay.h"
#include "event/event.h"
#include "fault/power/disk.h"
#include "keyring/slot.h"
#include "util/log.h"

#define MIB (UINT64_C(1) << 20)
#define DATA "data" /* data_dir, in the recorded folder */
#define FINDINGS_LIMIT 20

/* The journal as it was in the end: where its frames end, and whose each record is. */
struct mark {
    uint64_t sequence; /* of the last record of a frame */
    uint8_t hash[JOURNAL_HASH_SIZE];
    char digest[65]; /* of the state there, "" not computed yet */
};

struct reference {
    char folder[PATH_MAX], scratch[PATH_MAX];
    struct mark *marks;
    size_t n_marks;
    struct store *store; /* what the journal up to `at` says */
    uint64_t at;
    char *keys;
    size_t keys_size;
    struct buf ids; /* each with its zero */
    size_t *id_offsets;
    uint64_t n_records;
};

/* What was acknowledged so far. */
struct promises {
    uint64_t n;
    uint64_t sequence; /* the highest */
};

struct run {
    struct reference reference;
    struct disk *disk;
    struct promises promises;
    const char *const *arguments; /* to say how a state is built again */
    char work[PATH_MAX];
    uint64_t n_states, n_findings, n_digests, digest_each;
};

static void die(const char *what) {
    fprintf(stderr, "power cut: %s: %s\n", what, strerror(errno));
    exit(2);
}

static const char *inside(const char *folder, const char *name) {
    static char paths[4][PATH_MAX];
    static unsigned next;
    char *path = paths[next++ % 4];
    if (snprintf(path, PATH_MAX, "%s/%s", folder, name) >= PATH_MAX)
        die(folder);
    return path;
}

static int remove_one(const char *path, const struct stat *status, int type, struct FTW *place) {
    (void)status, (void)type, (void)place;
    return remove(path);
}

static void folder_clear(const char *path) {
    (void)nftw(path, remove_one, 16, FTW_DEPTH | FTW_PHYS);
    if (mkdir(path, 0700) < 0)
        die(path);
}

/* ---- the reference ---- */

static struct journal *reference_journal(const struct reference *self) {
    struct journal_options options = {.directory = inside(self->folder, DATA "/journal"),
                                      .read_only = true};
    struct journal *journal;
    if (journal_open(io_system(), &options, &journal) != 0)
        die("the journal of the whole run does not open");
    return journal;
}

static void reference_note(struct reference *self, const struct journal_position *position,
                           uint64_t sequence, struct str record, struct arena *arena) {
    struct event event;
    memset(&event, 0, sizeof event);
    arena_reset(arena);
    if (event_decode(record, arena, &event) != 0)
        die("a record of the whole run does not decode");
    self->id_offsets = realloc(self->id_offsets, (sequence + 1) * sizeof *self->id_offsets);
    self->id_offsets[sequence] = self->ids.size;
    buf_put_str(&self->ids, event.id);
    buf_put_byte(&self->ids, 0);
    self->n_records = sequence;
    if (sequence + 1 < position->frame_first_sequence + position->frame_count)
        return;
    self->marks = realloc(self->marks, (self->n_marks + 1) * sizeof *self->marks);
    struct mark *mark = &self->marks[self->n_marks++];
    *mark = (struct mark){.sequence = sequence};
    memcpy(mark->hash, position->frame_hash, sizeof mark->hash);
}

static void reference_journal_read(struct reference *self) {
    struct journal *journal = reference_journal(self);
    struct journal_reader *reader;
    struct journal_position position;
    struct str record;
    struct arena arena;
    uint64_t sequence;
    arena_init(&arena);
    if (journal_reader_open(journal, 0, &reader) != 0)
        die("the journal of the whole run cannot be read");
    while (journal_reader_next(reader, &record, &sequence) == 0) {
        journal_reader_position(reader, &position);
        reference_note(self, &position, sequence, record, &arena);
    }
    journal_reader_close(reader);
    if (self->n_records != journal_head(journal).sequence)
        die("the journal of the whole run is damaged");
    journal_close(journal);
    arena_deinit(&arena);
}

/* Everything that was written, as if all of it had been synced in the end. */
static void reference_init(struct reference *self, const char *const *arguments, const char *work) {
    snprintf(self->folder, sizeof self->folder, "%s", inside(work, "whole"));
    snprintf(self->scratch, sizeof self->scratch, "%s", inside(work, "replayed"));
    folder_clear(self->folder);
    struct disk *disk = disk_new(arguments[0], arguments[1], arguments[2]);
    while (disk_step(disk))
        continue;
    disk_build(disk, 1, self->folder);
    disk_free(disk);
    reference_journal_read(self);
    if (io_read_file(io_system(), inside(self->folder, DATA "/keys"), 64 * MIB, &self->keys,
                     &self->keys_size) != 0)
        die("the keys of the whole run");
}

static void reference_deinit(struct reference *self) {
    store_close(self->store);
    free(self->marks);
    free(self->keys);
    free(self->id_offsets);
    buf_deinit(&self->ids);
}

static struct mark *reference_mark(const struct reference *self, uint64_t sequence) {
    for (size_t low = 0, high = self->n_marks; low < high;) {
        size_t middle = low + (high - low) / 2;
        if (self->marks[middle].sequence == sequence)
            return &self->marks[middle];
        if (self->marks[middle].sequence < sequence)
            low = middle + 1;
        else
            high = middle;
    }
    return NULL;
}

static void give_up(void *context, int error) {
    (void)context;
    errno = -error;
    die("a commit failed");
}

static void store_digest(struct store *store, char ret_digest[static 65]) {
    struct view *view;
    if (store_view_open(store, &view) != 0 ||
        store_export_digest(view, domain_renders, ret_digest) != 0)
        die("the state cannot be read");
    view_close(view);
}

/* The state that the journal up to a frame's end says, by replay into an empty store. */
static const char *reference_digest(struct reference *self, struct mark *mark) {
    if (*mark->digest)
        return mark->digest;
    if (!self->store || self->at > mark->sequence) {
        store_close(self->store);
        folder_clear(self->scratch);
        struct store_options options = {.directory = self->scratch,
                                        .map_size_bytes = 1024 * MIB,
                                        .checkpoint_ms = 1000,
                                        .pending_limit_bytes = 64 * MIB,
                                        .on_failure = give_up};
        if (store_open(&options, &self->store) != 0)
            die(self->scratch);
    }
    struct journal *journal = reference_journal(self);
    struct replay_options options = {
        .journal = journal, .store = self->store, .until = mark->sequence};
    uint64_t applied;
    if (replay(&options, &applied) != 0)
        die("the journal of the whole run does not replay");
    journal_close(journal);
    self->at = mark->sequence;
    store_digest(self->store, mark->digest);
    return mark->digest;
}

/* ---- what was promised ---- */

/* Every acknowledged result of a body names an id and a sequence; the whole run's journal has that
 * id there. */
static void promises_take(struct promises *self, const struct reference *reference,
                          const struct record *record) {
    static const char *const forms[] = {"\",\"status\":\"stored\",\"sequence\":",
                                        "\",\"status\":\"duplicate\",\"sequence\":"};
    char *body = strndup(disk_data(record), record->length);
    for (size_t form = 0; form < 2; form++) {
        for (char *at = body; (at = strstr(at, forms[form])); at++) {
            uint64_t sequence = strtoull(at + strlen(forms[form]), NULL, 10);
            char *id = at;
            while (id > body && id[-1] != '"')
                id--;
            size_t size = (size_t)(at - id);
            const char *there = sequence <= reference->n_records
                                    ? reference->ids.data + reference->id_offsets[sequence]
                                    : "";
            if (strlen(there) != size || memcmp(there, id, size) != 0) {
                fprintf(stderr, "power cut: %.*s was acknowledged as %" PRIu64 ", which is %s\n",
                        (int)size, id, sequence, there);
                exit(1);
            }
            self->n++;
            if (sequence > self->sequence)
                self->sequence = sequence;
        }
    }
    free(body);
}

/* ---- one state ---- */

__attribute__((format(printf, 3, 4))) static void finding(struct run *run, uint64_t variant,
                                                          const char *what, ...) {
    va_list rest;
    if (run->n_findings++ >= FINDINGS_LIMIT)
        return;
    fprintf(stderr, "power cut: ");
    va_start(rest, what);
    vfprintf(stderr, what, rest);
    va_end(rest);
    fprintf(stderr, "\n  again: power_cut build %s %s %s FOLDER %" PRIu64 " %" PRIu64 "\n",
            run->arguments[0], run->arguments[1], run->arguments[2], disk_position(run->disk),
            variant);
}

static bool keys_hold(struct run *run, struct data_dir *data, const char *folder) {
    struct view *view;
    if (store_view_open(data->store, &view) != 0)
        die("the state cannot be read");
    uint32_t last = number_last(view, "slot");
    view_close(view);
    char *keys = NULL;
    size_t size = 0, used = ((size_t)last + 1) * SLOT_SIZE;
    if (io_read_file(io_system(), inside(folder, DATA "/keys"), 64 * MIB, &keys, &size) != 0)
        return false;
    bool same = size >= used && run->reference.keys_size >= used &&
                !memcmp(keys, run->reference.keys, used);
    free(keys);
    /* As the engine asks when it starts. */
    return same && keyring_ensure(data->keyring, last + 1) == 0;
}

/* A journal may begin later where older segments are archived; nobody does that here. */
static bool begins_at_once(struct journal *journal) {
    struct journal_reader *reader = NULL;
    struct str record;
    uint64_t sequence = 0;
    int result = journal_reader_open(journal, 0, &reader);
    if (result == 0)
        result = journal_reader_next(reader, &record, &sequence);
    journal_reader_close(reader);
    return result == 0 && sequence == 1;
}

static void state_judge(struct run *run, uint64_t variant, struct data_dir *data,
                        const char *folder) {
    struct journal_head head = journal_head(data->journal), walked;
    char place[256];
    if (head.sequence < run->promises.sequence) {
        finding(run, variant, "%" PRIu64 " was acknowledged, the journal ends with %" PRIu64,
                run->promises.sequence, head.sequence);
        return;
    }
    if (journal_verify(data->journal, NULL, NULL, &walked, place) != 0 ||
        walked.sequence != head.sequence)
        finding(run, variant, "the journal is damaged behind %" PRIu64 " of %" PRIu64,
                walked.sequence, head.sequence);
    uint64_t committed = store_committed(data->store).sequence;
    if (committed != head.sequence)
        finding(run, variant, "the state stands at %" PRIu64 ", the journal at %" PRIu64, committed,
                head.sequence);
    if (head.sequence == 0)
        return;
    struct mark *mark = reference_mark(&run->reference, head.sequence);
    if (!mark || memcmp(mark->hash, head.hash, sizeof mark->hash) != 0) {
        finding(run, variant, "the journal up to %" PRIu64 " is not the one that was written (%d)",
                head.sequence, mark != NULL);
        return;
    }
    if (!begins_at_once(data->journal))
        finding(run, variant, "the journal of %" PRIu64 " records has lost its beginning",
                head.sequence);
    if (!keys_hold(run, data, folder))
        finding(run, variant, "the keys are not those in use at %" PRIu64, head.sequence);
    if (run->n_states % run->digest_each != 0)
        return;
    char digest[65];
    store_digest(data->store, digest);
    run->n_digests++;
    if (strcmp(digest, reference_digest(&run->reference, mark)) != 0)
        finding(run, variant, "the state at %" PRIu64 " is not what the journal says",
                head.sequence);
}

static void state_check(struct run *run, uint64_t variant) {
    folder_clear(run->work);
    disk_build(run->disk, variant, run->work);
    run->n_states++;
    const char *directory = inside(run->work, DATA);
    const struct io *io = io_system();
    if (io->mkdir(io->self, directory) < 0)
        die(directory);
    char master[PATH_MAX];
    snprintf(master, sizeof master, "%s", inside(run->work, DATA "/master.key"));
    struct data_dir_options options = {.directory = directory,
                                       .master_key = master,
                                       .segment_bytes = 8 * MIB,
                                       .compress_closed = true,
                                       .map_size_bytes = 1024 * MIB,
                                       .checkpoint_ms = 1000,
                                       .pending_limit_bytes = 64 * MIB,
                                       .on_failure = give_up};
    struct data_dir data;
    int result = data_dir_open(io, &options, &data);
    if (result != 0) {
        finding(run, variant, "it does not start (%d) after %" PRIu64 " was acknowledged", result,
                run->promises.sequence);
        return;
    }
    state_judge(run, variant, &data, run->work);
    data_dir_close(&data);
}

/* ---- the whole run ---- */

static uint64_t variants_at(size_t pending, uint64_t each) {
    if (pending == 0)
        return 1;
    uint64_t possible = pending < 20 ? UINT64_C(1) << pending : UINT64_MAX;
    return possible < each ? possible : each;
}

/* How many at each record make so many in all. */
static uint64_t variants_for(const char *const *arguments, uint64_t n_states) {
    struct disk *disk = disk_new(arguments[0], arguments[1], arguments[2]);
    size_t n = 0, *pending = NULL;
    while (disk_step(disk)) {
        pending = realloc(pending, (n + 1) * sizeof *pending);
        pending[n++] = disk_pending(disk);
    }
    disk_free(disk);
    uint64_t each = 0, total = 0, before;
    do {
        before = total;
        total = 0;
        each++;
        for (size_t i = 0; i < n; i++)
            total += variants_at(pending[i], each);
    } while (total < n_states && total > before);
    free(pending);
    return each;
}

static uint64_t number_of(const char *text) {
    return strtoull(text, NULL, 10);
}

/* Where fewer are asked for than there are records, only some records are cut at, but all
 * acknowledgements count. */
static int check(int n, const char *const *arguments) {
    if (n != 8 && n != 10)
        return 2;
    uint64_t from = n == 10 ? number_of(arguments[8]) : 0;
    uint64_t to = n == 10 ? number_of(arguments[9]) : UINT64_MAX;
    const char *work = arguments[3];
    uint64_t n_states = number_of(arguments[4]), part = number_of(arguments[5]),
             parts = number_of(arguments[6]);
    struct run run = {.arguments = arguments, .digest_each = number_of(arguments[7])};
    snprintf(run.work, sizeof run.work, "%s", inside(work, "state"));
    reference_init(&run.reference, arguments, work);
    run.disk = disk_new(arguments[0], arguments[1], arguments[2]);
    uint64_t n_records = 0, n_cuts = 0, stride = 1;
    while (disk_step(run.disk))
        n_records++;
    disk_free(run.disk);
    if (n_states < n_records && n == 8)
        stride = n_records / n_states;
    uint64_t each = n == 10 ? n_states : variants_for(arguments, n_states);
    run.disk = disk_new(arguments[0], arguments[1], arguments[2]);
    for (const struct record *record; (record = disk_step(run.disk));) {
        if (record->kind == RECORD_ACK)
            promises_take(&run.promises, &run.reference, record);
        uint64_t position = disk_position(run.disk);
        if (position % stride != 0 || position / stride % parts != part || position < from ||
            position > to)
            continue;
        n_cuts++;
        uint64_t n_variants = variants_at(disk_pending(run.disk), each);
        /* One at each: by chance, too, and not always the one without what is pending. */
        for (uint64_t i = 0; i < n_variants; i++)
            state_check(&run, stride > 1 ? position : i);
    }
    printf("{\"records\":%" PRIu64 ",\"cuts\":%" PRIu64 ",\"states\":%" PRIu64
           ",\"digests\":%" PRIu64 ",\"acknowledged\":%" PRIu64
           ",\"frames\":%zu,\"findings\":%" PRIu64 "}\n",
           n_records, n_cuts, run.n_states, run.n_digests, run.promises.n, run.reference.n_marks,
           run.n_findings);
    disk_free(run.disk);
    reference_deinit(&run.reference);
    return run.n_findings > 0;
}

static int build(int n, const char *const *arguments) {
    if (n != 6)
        return 2;
    struct disk *disk = disk_new(arguments[0], arguments[1], arguments[2]);
    uint64_t position = number_of(arguments[4]);
    bool first = true;
    printf("{\"acknowledged\":[");
    for (const struct record *record; disk_position(disk) < position && (record = disk_step(disk));)
        if (record->kind == RECORD_ACK) {
            printf("%s%.*s", first ? "" : ",", (int)record->length, disk_data(record));
            first = false;
        }
    printf("]}\n");
    folder_clear(arguments[3]);
    disk_build(disk, number_of(arguments[5]), arguments[3]);
    disk_free(disk);
    return 0;
}

static int same(int n, const char *const *arguments) {
    if (n != 4)
        return 2;
    struct disk *disk = disk_new(arguments[0], arguments[1], arguments[2]);
    const char *between = "";
    printf("{\"names\":[");
    for (const struct record *record; (record = disk_step(disk));)
        if (record->kind >= RECORD_CREATE && record->kind <= RECORD_UNLINK) {
            printf("%s%" PRIu64, between, disk_position(disk));
            between = ",";
        }
    folder_clear(arguments[3]);
    disk_build(disk, 1, arguments[3]);
    printf("],\"records\":%" PRIu64 "}\n", disk_position(disk));
    disk_free(disk);
    return 0;
}

int main(int argc, char **argv) {
    const char *const *arguments = (const char *const *)argv + 2;
    if (argc < 2)
        return 2;
    if (sodium_init() < 0)
        die("libsodium");
    log_set_level(LOG_LEVEL_ERROR);
    if (!strcmp(argv[1], "check"))
        return check(argc - 2, arguments);
    if (!strcmp(argv[1], "build"))
        return build(argc - 2, arguments);
    return strcmp(argv[1], "same") ? 2 : same(argc - 2, arguments);
}
