/* The children's half of job.h: verifying the journal, and replaying it into an empty store, beside
 * the live daemon. */
#include "bus/job_work.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "domain/export.h"
#include "domain/funds.h"
#include "domain/ledger.h"
#include "engine/replay.h"
#include "util/error.h"
#include "util/log.h"

#define PROGRESS_US 200000

struct work work_begin(const char *data_dir, uint64_t map_size_bytes) {
    const struct io *io = io_system();
    int64_t now_us = io->boottime_us(io->self);
    return (struct work){.io = io,
                         .data_dir = data_dir,
                         .map_size_bytes = map_size_bytes,
                         .started_us = now_us,
                         .told_us = now_us};
}

static double work_seconds(const struct work *work) {
    return (double)(work->io->boottime_us(work->io->self) - work->started_us) / 1e6;
}

static void tell_progress(struct work *work, uint64_t done) {
    int64_t now_us = work->io->boottime_us(work->io->self);
    if (now_us - work->told_us < PROGRESS_US)
        return;
    work->told_us = now_us;
    printf("{\"done\":%" PRIu64 ",\"total\":%" PRIu64 "}\n", done, work->total);
    fflush(stdout);
}

int work_failed(const char *why) {
    struct buf line = {0};
    buf_put_str(&line, STR("{\"failed\":"));
    buf_json_string(&line, str_from(why));
    buf_put_str(&line, STR("}\n"));
    fwrite(line.data, 1, line.size, stdout);
    fflush(stdout);
    buf_deinit(&line);
    return 1;
}

int work_open_journal(const struct work *work, struct journal **ret_journal) {
    char path[4096];
    snprintf(path, sizeof path, "%s/journal", work->data_dir);
    struct journal_options options = {.directory = path, .read_only = true};
    return journal_open(work->io, &options, ret_journal);
}

/* ---- verify ---- */

static void verify_progress(void *context, uint64_t sequence) {
    tell_progress(context, sequence);
}

static int verify(struct work *work, struct journal *journal) {
    struct journal_head head;
    char place[256] = "";
    work->total = journal_head(journal).sequence;
    int result = journal_verify(journal, verify_progress, work, &head, place);
    if (result < 0)
        return work_failed(*place ? place : strerrordesc_np(-result));
    printf("{\"result\":{\"records\":%" PRIu64 ",\"head\":%" PRIu64 ",\"hash\":\"", head.sequence,
           head.sequence);
    for (size_t i = 0; i < JOURNAL_HASH_SIZE; i++)
        printf("%02x", head.hash[i]);
    printf("\",\"seconds\":%.3f}}\n", work_seconds(work));
    fflush(stdout);
    return 0;
}

int job_child_verify(const char *data_dir) {
    struct work work = work_begin(data_dir, 0);
    struct journal *journal;
    int result = work_open_journal(&work, &journal);
    if (result < 0)
        return work_failed("the journal does not open: the log says where");
    result = verify(&work, journal);
    journal_close(journal);
    return result;
}

/* ---- replay ---- */

/* Whether the ledger of each account, and each fund, sums to zero. */
static int check_sums(struct view *view, bool *ret_zero) {
    struct arena arena;
    uint32_t account, fund;
    int result = ledger_check(view, &account);
    if (result == LEDGER_WRONG)
        log_error("the ledger of account %u does not sum to zero", account);
    *ret_zero = result == 0;
    if (result != 0)
        return result < 0 ? result : 0;
    arena_init(&arena);
    result = fund_check(view, &arena, &fund);
    arena_deinit(&arena);
    if (result == FUND_WRONG)
        log_error("fund %u is not what its entries say", fund);
    *ret_zero = result == 0;
    return result < 0 ? result : 0;
}

/* What is compared of a state, and whether its sums are right. */
static int digest_view(struct store *store, struct store_head *ret_head, bool *ret_zero,
                       char ret_digest[static 65]) {
    struct view *view;
    int result = store_view_open(store, &view);
    if (result != 0)
        return result;
    *ret_head = view_head(view);
    result = store_export_digest(view, domain_renders, ret_digest);
    if (result == 0)
        result = check_sums(view, ret_zero);
    view_close(view);
    return result;
}

static int digest_live(const struct work *work, struct store_head *ret_head, bool *ret_zero,
                       char ret_digest[static 65]) {
    char path[4096];
    struct store *store;
    snprintf(path, sizeof path, "%s/state", work->data_dir);
    struct store_options options = {
        .directory = path, .map_size_bytes = work->map_size_bytes, .read_only = true};
    int result = store_open(&options, &store);
    if (result != 0)
        return result < 0 ? result : -EPROTO;
    result = digest_view(store, ret_head, ret_zero, ret_digest);
    store_close(store);
    return result;
}

static void replay_progress(void *context, uint64_t sequence, uint64_t head) {
    (void)head;
    tell_progress(context, sequence);
}

static void scratch_failure(void *context, int error) {
    (void)context;
    (void)error_note(error, "commit of the replayed state");
    _exit(1);
}

int work_rebuild(struct work *work, struct journal *journal, const char *scratch, uint64_t until,
                 int (*then)(void *context, struct store *store), void *context) {
    struct store *store;
    struct store_options options = {.directory = scratch,
                                    .map_size_bytes = work->map_size_bytes,
                                    .checkpoint_ms = 1000,
                                    .pending_limit_bytes = UINT64_C(64) << 20,
                                    .on_failure = scratch_failure};
    int result = store_open(&options, &store);
    if (result != 0)
        return result < 0 ? result : -EPROTO;
    struct replay_options replaying = {.journal = journal,
                                       .store = store,
                                       .until = until,
                                       .progress = replay_progress,
                                       .context = work};
    uint64_t applied;
    result = replay(&replaying, &applied);
    if (result == 0)
        result = then(context, store);
    store_close(store);
    return result;
}

static int digest_replayed(void *context, struct store *store) {
    struct store_head head;
    bool zero;
    return digest_view(store, &head, &zero, context);
}

/* The journal is opened behind the snapshot of the live state: a journal that is open for reading
 * alone ends where it ended then, and the daemon goes on meanwhile. */
static int replay_journal(struct work *work, const char *scratch, uint64_t until,
                          char ret_digest[static 65]) {
    struct journal *journal;
    int result = work_open_journal(work, &journal);
    if (result < 0)
        return work_failed("the journal does not open: the log says where");
    result = work_rebuild(work, journal, scratch, until, digest_replayed, ret_digest);
    journal_close(journal);
    return result < 0 ? work_failed("the journal cannot be replayed: the log says where") : 0;
}

static int compare(struct work *work, const char *scratch) {
    struct store_head head;
    char live[65], replayed[65];
    bool zero = false;
    int result = digest_live(work, &head, &zero, live);
    if (result < 0)
        return work_failed("the live state cannot be read: the log says why");
    work->total = head.sequence;
    if (head.sequence == 0)
        memcpy(replayed, live, sizeof live); /* nothing to replay: until 0 would mean everything */
    else
        result = replay_journal(work, scratch, head.sequence, replayed);
    if (result != 0)
        return result;
    double seconds = work_seconds(work);
    printf("{\"result\":{\"sequence\":%" PRIu64 ",\"records\":%" PRIu64
           ",\"digest_live\":\"%s\",\"digest_replayed\":\"%s\",\"identical\":%s,"
           "\"ledger_zero\":%s,\"seconds\":%.3f,\"rate\":%.0f}}\n",
           head.sequence, head.sequence, live, replayed,
           strcmp(live, replayed) == 0 ? "true" : "false", zero ? "true" : "false", seconds,
           seconds > 0 ? (double)head.sequence / seconds : 0);
    fflush(stdout);
    return 0;
}

int work_in_scratch(struct work *work, int (*run)(struct work *work, const char *scratch)) {
    char scratch[4096];
    snprintf(scratch, sizeof scratch, "%s/local/replay-%d", work->data_dir, (int)getpid());
    if (work->io->mkdir(work->io->self, scratch) < 0)
        return work_failed("no scratch folder can be made under data_dir/local");
    int result = run(work, scratch);
    (void)store_remove(scratch);
    rmdir(scratch);
    return result;
}

int job_child_replay(const char *data_dir, uint64_t map_size_bytes) {
    struct work work = work_begin(data_dir, map_size_bytes);
    return work_in_scratch(&work, compare);
}
