#include "kept.h"

#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/wait.h>
#include <unistd.h>

#include "daemon.h"
#include "fail.h"
#include "floor.h"
#include "publisher.h"
#include "store/table.h"
#include "util/buf.h"
#include "util/io.h"

#define KEPT_FORMAT 1 /* of this folder */
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
    char simulate[33], rules_hash[33];
    struct rules rules = {.folder = kept->policies};
    crypto_generichash_init(&rules.state, NULL, 0, 16);
    const struct io *io = io_system();
    if (io->list(io->self, kept->policies, hash_rule, &rules) < 0)
        fail("cannot read %s", kept->policies);
    hash_end(&rules.state, rules_hash);
    hash_one(kept->simulate, simulate);
    buf_printf(out,
               "folder %d\nstore %d\nvolunteers %u\ndays %u\nhistory %zu\nsimulate %s\nrules %s\n",
               KEPT_FORMAT, STORE_FORMAT, kept->n_volunteers, kept->n_days, kept->n_history,
               simulate, rules_hash);
}

/* ---- building ---- */

static void city_write(const struct kept *kept, const char *path, const char *ids) {
    char volunteers[32], days[32];
    int status;
    snprintf(volunteers, sizeof volunteers, "%u", kept->n_volunteers);
    snprintf(days, sizeof days, "%u", kept->n_days);
    pid_t pid = fork();
    if (pid == 0) {
        int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0640);
        if (fd >= 0 && dup2(fd, STDOUT_FILENO) >= 0)
            execl(kept->simulate, kept->simulate, "--volunteers", volunteers, "--days", days, ids,
                  (char *)NULL);
        _exit(127);
    }
    if (pid < 0 || waitpid(pid, &status, 0) != pid || !WIFEXITED(status) || WEXITSTATUS(status))
        fail("%s failed", kept->simulate);
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

static void stores_build(struct kept *kept) {
    char data[PATH_LIMIT];
    struct daemon daemon;
    path_join(data, kept->work, "data");
    daemon_init(&daemon, kept->daemon, kept->policies, data);
    daemon_start(&daemon);
    history_publish(&daemon, &kept->workload, 0, kept->workload.n_setup);
    daemon_settle(&daemon);
    daemon_stop(&daemon);
    tree_copy(data, kept->young, NULL);
    daemon_start(&daemon);
    int64_t start = now_ns();
    history_publish(&daemon, &kept->workload, kept->workload.n_setup, kept->n_history);
    kept->build_rate =
        (double)(kept->n_history - kept->workload.n_setup) * 1e9 / (double)(now_ns() - start);
    daemon_settle(&daemon);
    daemon_stop(&daemon);
    daemon_deinit(&daemon);
    tree_copy(data, kept->old, NULL);
    tree_remove(data);
}

static void all_remove(const struct kept *kept, const char *stamp) {
    unlink(stamp);
    unlink(kept->city);
    unlink(kept->city_random);
    tree_remove(kept->young);
    tree_remove(kept->old);
    tree_remove(kept->floor);
}

static void build(struct kept *kept, const char *stamp, const char *text) {
    progress("building the kept store in %s", kept->folder);
    all_remove(kept, stamp);
    folder_make(kept->work);
    city_write(kept, kept->city, NULL);
    city_write(kept, kept->city_random, "--random-ids");
    workload_open(&kept->workload, kept->city);
    if (kept->n_history >= kept->workload.n_events)
        fail("the simulated city has only %zu events", kept->workload.n_events);
    stores_build(kept);
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

void kept_open(struct kept *kept) {
    char stamp[PATH_LIMIT], hash[33], program[64];
    struct buf text = {0};
    folder_make(kept->folder);
    lock_take(kept);
    path_join(stamp, kept->folder, "stamp");
    path_join(kept->city, kept->folder, "city.jsonl");
    path_join(kept->city_random, kept->folder, "city-random.jsonl");
    path_join(kept->young, kept->folder, "young");
    path_join(kept->old, kept->folder, "old");
    path_join(kept->floor, kept->folder, "floor");
    path_join(kept->work, kept->folder, "work");
    tree_remove(kept->work); /* of a run that was killed */
    stamp_text(kept, &text);
    buf_put_byte(&text, 0);
    hash_one(kept->daemon, hash);
    snprintf(program, sizeof program, "program %s\n", hash);
    if (is_current(kept, stamp, text.data, program)) {
        workload_open(&kept->workload, kept->city);
    } else {
        text.size--;
        buf_put(&text, program, strlen(program) + 1);
        build(kept, stamp, text.data);
    }
    buf_deinit(&text);
    folder_make(kept->work);
}

void kept_close(struct kept *kept) {
    workload_close(&kept->workload);
    tree_remove(kept->work);
    close(kept->lock);
}
