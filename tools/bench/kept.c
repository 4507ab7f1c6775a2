#include "kept.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <lmdb.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "fail.h"
#include "floor.h"
#include "publisher.h"
#include "store/table.h"
#include "util/buf.h"
#include "util/calendar.h"
#include "util/io.h"

#define KEPT_FORMAT 3 /* of this folder */
#define BUILD_PIECE 100000u
#define BUILD_ARRAY 1000u
#define BUILD_IN_FLIGHT 4u

/* ---- what it was built by ---- */

static void hash_file(crypto_generichash_state *state, const char *path) {
    static char piece[1u << 16];
    FILE *file = fopen(path, "re");
    if (!file)
        fail("cannot read %s: %s", path, strerror(errno));
    for (size_t n; (n = fread(piece, 1, sizeof piece, file)) > 0;)
        crypto_generichash_update(state, (const unsigned char *)piece, n);
    fclose(file);
}

static void hash_end(crypto_generichash_state *state, char ret_hex[static 33]) {
    unsigned char hash[16];
    crypto_generichash_final(state, hash, sizeof hash);
    sodium_bin2hex(ret_hex, 33, hash, sizeof hash);
}

static void hash_one(const char *path, char ret_hex[static 33]) {
    crypto_generichash_state state;
    crypto_generichash_init(&state, NULL, 0, 16);
    hash_file(&state, path);
    hash_end(&state, ret_hex);
}

struct rules {
    const char *folder;
    crypto_generichash_state state;
};

static int hash_rule(void *context, const char *name) {
    struct rules *rules = context;
    char path[PATH_LIMIT];
    size_t size = strlen(name);
    if (size < 4 || strcmp(name + size - 4, ".lua") != 0)
        return 0;
    path_join(path, rules->folder, name);
    crypto_generichash_update(&rules->state, (const unsigned char *)name, size);
    hash_file(&rules->state, path);
    return 0;
}

/* All that decides what the kept store holds and in which form. */
static void stamp_text(const struct kept *kept, struct buf *out) {
    char simulate[33], rules_hash[33], today[16];
    const struct io *io = io_system();
    struct rules rules = {.folder = kept->policies};
    crypto_generichash_init(&rules.state, NULL, 0, 16);
    if (io->list(io->self, kept->policies, hash_rule, &rules) < 0)
        fail("cannot read %s", kept->policies);
    hash_end(&rules.state, rules_hash);
    hash_one(kept->plan.simulate, simulate);
    today[date_format(kept->plan.today, today)] = 0;
    buf_printf(out,
               "folder %d\nstore %d\nday %s\nvolunteers %u\nhistory %zu\nsimulate %s\nrules %s\n",
               KEPT_FORMAT, STORE_FORMAT, today, kept->plan.n_volunteers, kept->n_least, simulate,
               rules_hash);
}

/* ---- what it holds ---- */

static void env_check(int error, const char *folder) {
    if (error)
        fail("%s: %s", folder, mdb_strerror(error));
}

/* Pages on LMDB's list of free ones: each entry is a list with its length in front. */
static uint64_t free_pages(MDB_env *env, const char *folder) {
    MDB_txn *txn;
    MDB_cursor *cursor;
    MDB_val key, value;
    uint64_t n = 0;
    env_check(mdb_txn_begin(env, NULL, MDB_RDONLY, &txn), folder);
    env_check(mdb_cursor_open(txn, 0, &cursor), folder);
    while (mdb_cursor_get(cursor, &key, &value, MDB_NEXT) == 0)
        n += *(const size_t *)value.mv_data;
    mdb_cursor_close(cursor);
    mdb_txn_abort(txn);
    return n;
}

static void stage_weigh(const char *data, struct stage *ret_stage) {
    char folder[PATH_LIMIT], keys[PATH_LIMIT];
    MDB_env *env;
    MDB_stat about;
    MDB_envinfo info;
    path_join(folder, data, "state");
    path_join(keys, data, "keys");
    env_check(mdb_env_create(&env), folder);
    env_check(mdb_env_open(env, folder, MDB_RDONLY, 0640), folder);
    env_check(mdb_env_stat(env, &about), folder);
    env_check(mdb_env_info(env, &info), folder);
    ret_stage->used_bytes = (info.me_last_pgno + 1 - free_pages(env, folder)) * about.ms_psize;
    mdb_env_close(env);
    ret_stage->file_bytes = tree_disk_bytes(folder);
    ret_stage->key_bytes = tree_disk_bytes(keys);
}

/* ---- building ---- */

void kept_daemon(const struct kept *kept, const char *data, struct daemon *ret_daemon) {
    daemon_init(ret_daemon, kept->daemon, kept->policies, data);
    ret_daemon->segment_mib = kept->segment_mib;
}

static bool is_registration(const struct workload *workload, size_t event) {
    static const char mark[] = "\"type\":\"volunteer.registered\"";
    size_t start = workload->starts[event];
    return memmem(workload->text + start, workload->starts[event + 1] - start, mark,
                  sizeof mark - 1);
}

static void cities_open(struct kept *kept) {
    const struct workload *workload = &kept->workload;
    workload_open(&kept->workload, kept->city);
    workload_open(&kept->workload_young, kept->city_young);
    kept->n_history = city_history(&kept->plan, workload);
    while (kept->n_base < workload->n_setup && !is_registration(workload, kept->n_base))
        kept->n_base++;
    for (size_t event = kept->n_base; event < workload->n_setup; event++)
        kept->n_registered += is_registration(workload, event);
}

/* ---- the state's sizes as it grew: a line each ---- */

#define STAGES "%" SCNu64 " %" SCNu64 " %" SCNu64 "\n"

static void stages_write(const struct kept *kept, const char *path) {
    const struct stage *stages[] = {&kept->base, &kept->registered, &kept->whole};
    struct buf text = {0};
    for (size_t i = 0; i < 3; i++)
        buf_printf(&text, "%" PRIu64 " %" PRIu64 " %" PRIu64 "\n", stages[i]->file_bytes,
                   stages[i]->used_bytes, stages[i]->key_bytes);
    buf_put_byte(&text, 0);
    file_write(path, text.data);
    buf_deinit(&text);
}

static void stages_read(struct kept *kept, const char *path) {
    char *text = file_read(path);
    struct stage *a = &kept->base, *b = &kept->registered, *c = &kept->whole;
    if (!text || sscanf(text, STAGES STAGES STAGES, &a->file_bytes, &a->used_bytes, &a->key_bytes,
                        &b->file_bytes, &b->used_bytes, &b->key_bytes, &c->file_bytes,
                        &c->used_bytes, &c->key_bytes) != 9)
        fail("%s cannot be read: run again with --rebuild", path);
    free(text);
}

static void history_publish(const struct daemon *daemon, const struct workload *workload,
                            size_t first, size_t end) {
    for (size_t at = first; at < end; at += BUILD_PIECE) {
        struct load load;
        size_t n = end - at < BUILD_PIECE ? end - at : BUILD_PIECE;
        load_render(&load, workload, at, n, BUILD_ARRAY);
        struct published sum = publish_closed(daemon->ingest, &load, 1, BUILD_IN_FLIGHT, NULL);
        load_deinit(&load);
        progress("history: %zu events, %.0f/s", at + n, (double)n / sum.seconds);
    }
}

static void settle_and_stop(struct daemon *daemon) {
    daemon_settle(daemon);
    daemon_stop(daemon);
}

/* From where the last stage ended. */
static void stage_build(struct daemon *daemon, const struct workload *workload, size_t first,
                        size_t end, struct stage *ret_stage) {
    daemon->clock_from_events = true;
    daemon_start(daemon);
    history_publish(daemon, workload, first, end);
    settle_and_stop(daemon);
    stage_weigh(daemon->data, ret_stage);
}

/* Once by the machine's clock, so that the days since are over when something is measured. */
static void finish(struct daemon *daemon, const char *copy) {
    daemon->clock_from_events = false;
    daemon_start(daemon);
    daemon_accept_clock(daemon);
    settle_and_stop(daemon);
    tree_copy(daemon->data, copy, NULL);
    tree_remove(daemon->data);
    daemon_deinit(daemon);
}

static void stores_build(struct kept *kept) {
    char data[PATH_LIMIT];
    struct daemon daemon;
    struct stage unused;
    const struct workload *workload = &kept->workload, *young = &kept->workload_young;
    path_join(data, kept->work, "data");
    kept_daemon(kept, data, &daemon);
    stage_build(&daemon, workload, 0, kept->n_base, &kept->base);
    stage_build(&daemon, workload, kept->n_base, workload->n_setup, &kept->registered);
    stage_build(&daemon, workload, workload->n_setup, kept->n_history, &kept->whole);
    finish(&daemon, kept->old);
    kept_daemon(kept, data, &daemon);
    stage_build(&daemon, young, 0, young->n_setup, &unused);
    finish(&daemon, kept->young);
}

static void all_remove(const struct kept *kept, const char *stamp) {
    unlink(stamp);
    unlink(kept->city);
    unlink(kept->city_random);
    unlink(kept->city_young);
    tree_remove(kept->young);
    tree_remove(kept->old);
    tree_remove(kept->floor);
}

static void build(struct kept *kept, const char *stamp, const char *text, const char *stages) {
    progress("building the kept store in %s", kept->folder);
    all_remove(kept, stamp);
    folder_make(kept->work);
    uint32_t n_days = city_write_history(&kept->plan, kept->n_least, kept->city);
    city_write(&kept->plan, n_days, true, kept->city_random);
    city_write(&kept->plan, NEWS_DAYS, false, kept->city_young);
    cities_open(kept);
    stores_build(kept);
    stages_write(kept, stages);
    floor_lmdb_fill(kept->floor, kept->n_history);
    file_write(stamp, text);
}

/* The last line tells the build of the daemon; all before it must be as wanted. */
static bool is_current(struct kept *kept, const char *stamp, const char *wanted,
                       const char *program) {
    char *text = file_read(stamp);
    size_t size = strlen(wanted);
    bool same = text && !kept->rebuild && strncmp(text, wanted, size) == 0;
    kept->other_build = same && strcmp(text + size, program) != 0;
    free(text);
    return same;
}

static void lock_take(struct kept *kept) {
    char path[PATH_LIMIT];
    path_join(path, kept->folder, "lock");
    kept->lock = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0640);
    if (kept->lock < 0 || flock(kept->lock, LOCK_EX | LOCK_NB) < 0)
        fail("%s is in use by another run", kept->folder);
}

static void paths_set(struct kept *kept) {
    path_join(kept->city, kept->folder, "city.jsonl");
    path_join(kept->city_random, kept->folder, "city-random.jsonl");
    path_join(kept->city_young, kept->folder, "city-young.jsonl");
    path_join(kept->young, kept->folder, "young");
    path_join(kept->old, kept->folder, "old");
    path_join(kept->floor, kept->folder, "floor");
    path_join(kept->work, kept->folder, "work");
}

void kept_open(struct kept *kept) {
    char stamp[PATH_LIMIT], stages[PATH_LIMIT], hash[33], program[64];
    struct buf text = {0};
    folder_make(kept->folder);
    lock_take(kept);
    paths_set(kept);
    path_join(stamp, kept->folder, "stamp");
    path_join(stages, kept->folder, "stages");
    tree_remove(kept->work); /* of a run that was killed */
    stamp_text(kept, &text);
    buf_put_byte(&text, 0);
    hash_one(kept->daemon, hash);
    snprintf(program, sizeof program, "program %s\n", hash);
    if (is_current(kept, stamp, text.data, program)) {
        cities_open(kept);
        stages_read(kept, stages);
    } else {
        text.size--;
        buf_put(&text, program, strlen(program) + 1);
        build(kept, stamp, text.data, stages);
    }
    buf_deinit(&text);
    folder_make(kept->work);
}

void kept_close(struct kept *kept) {
    workload_close(&kept->workload);
    workload_close(&kept->workload_young);
    tree_remove(kept->work);
    close(kept->lock);
}
