#include <lmdb.h>
#include <signal.h>
#include <sodium.h>
#include <sys/wait.h>
#include <unistd.h>

#include "store/export.h"
#include "unit/store_fixture.h"

/* ---- layers ---- */

static void newest_of_four_layers_is_read(void **state) {
    struct fixture *fixture = *state;
    put(fixture, TABLE_META, "a", "snapshot");
    put(fixture, TABLE_META, "b", "snapshot");
    put(fixture, TABLE_META, "c", "snapshot");
    put(fixture, TABLE_META, "d", "snapshot");
    store_accept(fixture->writer);
    flush(fixture);
    put(fixture, TABLE_META, "b", "frozen");
    put(fixture, TABLE_META, "c", "frozen");
    put(fixture, TABLE_META, "d", "frozen");
    store_accept(fixture->writer);
    assert_true(frame(fixture, 1000)); /* not durable: stays frozen */
    put(fixture, TABLE_META, "c", "pending");
    put(fixture, TABLE_META, "d", "pending");
    store_accept(fixture->writer);
    put(fixture, TABLE_META, "d", "event");
    assert_string_equal(engine_text(fixture, TABLE_META, "a"), "snapshot");
    assert_string_equal(engine_text(fixture, TABLE_META, "b"), "frozen");
    assert_string_equal(engine_text(fixture, TABLE_META, "c"), "pending");
    assert_string_equal(engine_text(fixture, TABLE_META, "d"), "event");
    assert_string_equal(engine_text(fixture, TABLE_META, "e"), "-");
    store_accept(fixture->writer);
    flush(fixture);
    assert_string_equal(engine_text(fixture, TABLE_META, "a"), "snapshot");
    assert_string_equal(engine_text(fixture, TABLE_META, "b"), "frozen");
    assert_string_equal(engine_text(fixture, TABLE_META, "d"), "event");
}

static void tombstone_hides_the_layers_below(void **state) {
    struct fixture *fixture = *state;
    static const char *const keys[] = {"a", "b", "c"};
    for (int i = 0; i < 3; i++)
        put(fixture, TABLE_NAME, keys[i], "row");
    store_accept(fixture->writer);
    flush(fixture);
    put(fixture, TABLE_NAME, "a", "");
    store_accept(fixture->writer);
    assert_true(frame(fixture, 1000));
    put(fixture, TABLE_NAME, "b", "");
    store_accept(fixture->writer);
    put(fixture, TABLE_NAME, "c", "");
    put(fixture, TABLE_NAME, "never there", "");
    for (int i = 0; i < 3; i++)
        assert_string_equal(engine_text(fixture, TABLE_NAME, keys[i]), "-");
    store_accept(fixture->writer);
    flush(fixture);
    for (int i = 0; i < 3; i++)
        assert_string_equal(engine_text(fixture, TABLE_NAME, keys[i]), "-");
    struct view *view;
    assert_int_equal(store_view_open(fixture->store, &view), 0);
    assert_int_equal(view_rows(view, TABLE_NAME), 0);
    view_close(view);
}

static void refusal_leaves_nothing_behind(void **state) {
    struct fixture *fixture = *state;
    put(fixture, TABLE_META, "a", "before");
    store_accept(fixture->writer);
    put(fixture, TABLE_META, "a", "after");
    put(fixture, TABLE_META, "b", "new");
    put(fixture, TABLE_THING, "a", "");
    store_refuse(fixture->writer);
    assert_string_equal(engine_text(fixture, TABLE_META, "a"), "before");
    assert_string_equal(engine_text(fixture, TABLE_META, "b"), "-");
    flush(fixture);
    assert_string_equal(engine_text(fixture, TABLE_META, "a"), "before");
    assert_string_equal(engine_text(fixture, TABLE_META, "b"), "-");
}

static void accepted_events_join_pending(void **state) {
    struct fixture *fixture = *state;
    put(fixture, TABLE_META, "a", "1");
    put(fixture, TABLE_META, "a", "22");
    store_accept(fixture->writer);
    put(fixture, TABLE_META, "a", "a row that is longer than its place");
    put(fixture, TABLE_META, "b", "2");
    store_accept(fixture->writer);
    store_accept(fixture->writer); /* an event that changed nothing */
    assert_string_equal(engine_text(fixture, TABLE_META, "a"),
                        "a row that is longer than its place");
    flush(fixture);
    fixture_close(fixture);
    fixture_open(fixture);
    assert_string_equal(engine_text(fixture, TABLE_META, "a"),
                        "a row that is longer than its place");
    assert_string_equal(engine_text(fixture, TABLE_META, "b"), "2");
}

/* A sum that is kept beside its row: added to by events, put when a checkpoint is taken. */
struct sum {
    struct store_writer *writer;
    int accepted;
    int added; /* by the event */
    int n_written;
};

static void sum_accept(void *self) {
    struct sum *sum = self;
    sum->accepted += sum->added;
    sum->added = 0;
}

static void sum_refuse(void *self) {
    ((struct sum *)self)->added = 0;
}

static void sum_write(void *self) {
    struct sum *sum = self;
    char text[16];
    assert_int_equal(sum->added, 0);
    snprintf(text, sizeof text, "%d", sum->accepted);
    store_put(sum->writer, TABLE_META, STR("sum"), str_from(text));
    sum->n_written++;
}

static void what_is_kept_beside_the_rows_joins_each_checkpoint(void **state) {
    struct fixture *fixture = *state;
    struct sum sum = {.writer = fixture->writer};
    struct store_beside beside = {&sum, sum_accept, sum_refuse, sum_write};
    store_set_beside(fixture->writer, &beside);
    assert_ptr_equal(view_beside(store_writer_view(fixture->writer)), &sum);
    sum.added = 2;
    store_accept(fixture->writer);
    sum.added = 5;
    store_refuse(fixture->writer);
    sum.added = 1;
    store_accept(fixture->writer);
    assert_int_equal(sum.n_written, 0);
    while (!frame(fixture, 200)) /* until one is taken */
        continue;
    assert_int_equal(sum.n_written, 1);
    assert_string_equal(engine_text(fixture, TABLE_META, "sum"), "3");
    sum.added = 4;
    store_accept(fixture->writer);
    flush(fixture);
    assert_int_equal(sum.n_written, 2);
    struct view *view;
    assert_int_equal(store_view_open(fixture->store, &view), 0);
    assert_null(view_beside(view));
    assert_string_equal(text_of(view, TABLE_META, "sum"), "7");
    view_close(view);
    store_set_beside(fixture->writer, NULL);
}

static void row_read_may_be_put_again(void **state) {
    struct fixture *fixture = *state;
    put(fixture, TABLE_META, "a", "0123456789");
    store_accept(fixture->writer);
    flush(fixture);
    struct view *view = store_writer_view(fixture->writer);
    for (size_t size = 9; size > 0; size--) { /* from the snapshot, then from the event's layer */
        struct str row;
        assert_int_equal(view_get(view, TABLE_META, STR("a"), &row), 0);
        assert_int_equal(row.size, size + 1);
        store_put(fixture->writer, TABLE_META, STR("a"), (struct str){row.data + 1, size});
    }
    assert_string_equal(engine_text(fixture, TABLE_META, "a"), "9");
    store_accept(fixture->writer);
}

static void keys_beyond_the_limit_are_not_found(void **state) {
    struct fixture *fixture = *state;
    char key[STORE_KEY_LIMIT + 1];
    memset(key, 'k', sizeof key);
    store_put(fixture->writer, TABLE_NAME, (struct str){key, STORE_KEY_LIMIT}, STR("row"));
    store_accept(fixture->writer);
    flush(fixture);
    struct view *view = store_writer_view(fixture->writer);
    struct str row;
    assert_int_equal(view_get(view, TABLE_NAME, (struct str){key, STORE_KEY_LIMIT}, &row), 0);
    assert_int_equal(view_get(view, TABLE_NAME, (struct str){key, sizeof key}, &row),
                     STORE_NOT_FOUND);
    assert_int_equal(view_get(view, TABLE_NAME, STR_NONE, &row), STORE_NOT_FOUND);
}

/* ---- readers ---- */

static void snapshot_stays_while_rows_change(void **state) {
    struct fixture *fixture = *state;
    put(fixture, TABLE_META, "a", "old");
    store_accept(fixture->writer);
    flush(fixture);
    struct view *old, *new;
    assert_int_equal(store_view_open(fixture->store, &old), 0);
    uint64_t sequence = view_head(old).sequence;
    assert_int_equal(sequence, fixture->head.sequence);
    for (int i = 0; i < 20; i++) {
        put(fixture, TABLE_META, "a", i % 2 ? "odd" : "even");
        store_accept(fixture->writer);
        flush(fixture);
    }
    assert_int_equal(store_view_open(fixture->store, &new), 0);
    assert_string_equal(text_of(old, TABLE_META, "a"), "old");
    assert_string_equal(text_of(new, TABLE_META, "a"), "odd");
    assert_int_equal(view_head(old).sequence, sequence);
    assert_int_equal(view_head(new).sequence, sequence + 20);
    view_close(old);
    view_close(new);
    assert_int_equal(store_view_open(fixture->store, &old), 0); /* from the pool: fresh again */
    assert_string_equal(text_of(old, TABLE_META, "a"), "odd");
    view_close(old);
}

struct seen {
    char keys[64];
    int stop_after;
};

static int see(void *context, struct str key, struct str row) {
    struct seen *seen = context;
    assert_true(row.size > 0);
    strncat(seen->keys, key.data, key.size);
    return --seen->stop_after == 0 ? 77 : 0;
}

/* A binary key: table rows are numbered so. */
static struct str numbered(char key[static 6], uint32_t month, uint32_t number) {
    key[0] = (char)(month >> 8);
    key[1] = (char)month;
    for (int i = 0; i < 4; i++)
        key[2 + i] = (char)(number >> (24 - 8 * i));
    return (struct str){key, 6};
}

static void a_reader_that_remembers_places_reads_the_same(void **state) {
    static const enum table tables[] = {TABLE_PERSON_MONTH, TABLE_RECORD, TABLE_NAME};
    struct fixture *fixture = *state;
    uint64_t chance = 7;
    char key[6], row[32];
    for (uint32_t number = 0; number < 6000; number++)
        for (size_t i = 0; i < 3; i++) {
            if (draw(&chance, 3) == 0)
                continue; /* not everyone has one */
            snprintf(row, sizeof row, "%zu:%u", i, number);
            store_put(fixture->writer, tables[i], numbered(key, number % 4, number), str_from(row));
        }
    store_accept(fixture->writer);
    flush(fixture);
    struct view *plain, *walks;
    assert_int_equal(store_view_open(fixture->store, &plain), 0);
    assert_int_equal(store_view_open(fixture->store, &walks), 0);
    view_remember_places(walks);
    uint32_t at = 0;
    for (int n = 0; n < 60000; n++) {
        enum table table = tables[draw(&chance, 3)];
        struct str left = STR_NONE, right = STR_NONE;
        /* Forward mostly, twice the same often, and now and then anywhere, also beyond the end. */
        at = draw(&chance, 50) == 0 ? draw(&chance, 6200) : at + draw(&chance, 2);
        numbered(key, draw(&chance, 8) ? at % 4 : draw(&chance, 6), at);
        int found = view_get(plain, table, (struct str){key, 6}, &left);
        assert_int_equal(view_get(walks, table, (struct str){key, 6}, &right), found);
        assert_true(str_equal(left, right));
    }
    view_close(walks);
    view_close(plain);
    assert_int_equal(store_view_open(fixture->store, &walks), 0); /* from the pool: as any other */
    view_remember_places(walks);
    view_close(walks);
}

static void scan_gives_key_order_from_a_key(void **state) {
    struct fixture *fixture = *state;
    static const char *const keys[] = {"m", "c", "zz", "a", "k", "b"};
    for (size_t i = 0; i < 6; i++)
        put(fixture, TABLE_RECORD, keys[i], "row");
    put(fixture, TABLE_VOLUNTEER, "v", "another table");
    store_accept(fixture->writer);
    flush(fixture);
    struct view *view;
    assert_int_equal(store_view_open(fixture->store, &view), 0);
    char beyond[STORE_KEY_LIMIT + 9];
    memset(beyond, 'c', sizeof beyond);
    const struct {
        struct str from;
        int stop_after;
        int outcome;
        const char *keys;
    } cases[] = {
        {STR_NONE, 0, 0, "abckmzz"},  {STR("b"), 0, 0, "bckmzz"},
        {STR("bb"), 0, 0, "ckmzz"},   {STR("zzz"), 0, 0, ""},
        {STR("b"), 2, 77, "bc"},      {STR("zz"), 0, 0, "zz"},
        {STR("a\0"), 0, 0, "bckmzz"}, {{beyond, sizeof beyond}, 0, 0, "kmzz"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct seen seen = {.stop_after = cases[i].stop_after};
        assert_int_equal(view_scan(view, TABLE_RECORD, cases[i].from, see, &seen),
                         cases[i].outcome);
        assert_string_equal(seen.keys, cases[i].keys);
    }
    struct seen seen = {.stop_after = 0};
    assert_int_equal(view_scan(view, TABLE_HELD, STR_NONE, see, &seen), 0);
    assert_string_equal(seen.keys, "");
    assert_int_equal(view_rows(view, TABLE_RECORD), 6);
    assert_true(store_bytes(fixture->store) >= 4096);
    view_close(view);
}

/* ---- opening ---- */

static void overwrite_format(const char *directory) {
    MDB_env *env;
    MDB_txn *txn;
    MDB_dbi own;
    uint32_t format = STORE_FORMAT + 1;
    char name[] = "format";
    MDB_val key = {sizeof name - 1, name}, value = {sizeof format, &format};
    assert_int_equal(mdb_env_create(&env), 0);
    assert_int_equal(mdb_env_set_maxdbs(env, 1), 0);
    assert_int_equal(mdb_env_open(env, directory, 0, 0640), 0);
    assert_int_equal(mdb_txn_begin(env, NULL, 0, &txn), 0);
    assert_int_equal(mdb_dbi_open(txn, "volunteerd", 0, &own), 0);
    assert_int_equal(mdb_put(txn, own, &key, &value, 0), 0);
    assert_int_equal(mdb_txn_commit(txn), 0);
    mdb_env_close(env);
}

static void other_format_is_an_outcome(void **state) {
    struct fixture *fixture = *state;
    put(fixture, TABLE_META, "a", "row");
    store_accept(fixture->writer);
    flush(fixture);
    fixture_close(fixture);
    overwrite_format(fixture->directory);
    assert_int_equal(store_open(&fixture->options, &fixture->store), STORE_OTHER_FORMAT);
    assert_null(fixture->store);
    assert_int_equal(store_remove(fixture->directory), 0);
    fixture_open(fixture);
    assert_int_equal(fixture->head.sequence, 0);
    assert_string_equal(engine_text(fixture, TABLE_META, "a"), "-");
}

/* LMDB writes the first pages of a new file without syncing them. */
static void a_file_cut_off_while_it_was_made_is_made_again(void **state) {
    struct fixture *fixture = *state;
    char path[512];
    fixture_close(fixture);
    snprintf(path, sizeof path, "%s/data.mdb", fixture->directory);
    for (off_t size = 512; size <= 8192; size *= 2) {
        assert_int_equal(truncate(path, 0), 0);
        assert_int_equal(truncate(path, size), 0);
        assert_int_equal(store_open(&fixture->options, &fixture->store), STORE_OTHER_FORMAT);
        assert_null(fixture->store);
    }
    assert_int_equal(store_remove(fixture->directory), 0);
    fixture_open(fixture);
    assert_int_equal(fixture->head.sequence, 0);
}

/* What the other process sees: 0 where all is as it should be. */
static int look_from_outside(struct store_options options) {
    struct store *store;
    struct view *view;
    struct str row;
    options.read_only = true;
    if (store_open(&options, &store))
        return 1;
    if (store_view_open(store, &view))
        return 2;
    if (view_get(view, TABLE_META, STR("a"), &row) || !str_equal(row, STR("row")))
        return 3;
    if (view_head(view).sequence != 1 || store_committed(store).sequence != 1)
        return 4;
    view_close(view);
    if (store_wait(store, 2, 1) != STORE_TIMEOUT)
        return 5;
    store_close(store);
    return 0;
}

static void second_process_reads(void **state) {
    struct fixture *fixture = *state;
    fixture_close(fixture); /* the child shall inherit nothing of LMDB's */
    int ready[2];
    assert_int_equal(pipe(ready), 0);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        char byte;
        _exit(read(ready[0], &byte, 1) == 1 ? look_from_outside(fixture->options) : 9);
    }
    fixture_open(fixture);
    put(fixture, TABLE_META, "a", "row");
    store_accept(fixture->writer);
    flush(fixture);
    assert_int_equal(write(ready[1], "x", 1), 1);
    int status;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 0);
    close(ready[0]);
    close(ready[1]);
}

/* Holds a snapshot until it is killed. */
static void hold_a_snapshot(struct store_options options, int ready, int looking) {
    struct store *store;
    struct view *view;
    char byte;
    options.read_only = true;
    if (read(ready, &byte, 1) == 1 && !store_open(&options, &store) &&
        !store_view_open(store, &view) && write(looking, "x", 1) == 1)
        pause();
    _exit(1);
}

static void flush_changes(struct fixture *fixture, int n_times) {
    for (int time = 0; time < n_times; time++) {
        for (uint32_t key = 0; key < 500; key++)
            store_put(fixture->writer, TABLE_THING, (struct str){(char *)&key, sizeof key},
                      (struct str){(char *)&time, sizeof time});
        store_accept(fixture->writer);
        flush(fixture);
    }
}

static void killed_reader_does_not_hold_the_growth(void **state) {
    struct fixture *fixture = *state;
    fixture_close(fixture);
    int ready[2], looking[2], status;
    char byte;
    assert_true(pipe(ready) == 0 && pipe(looking) == 0);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0)
        hold_a_snapshot(fixture->options, ready[0], looking[1]);
    fixture_open(fixture);
    flush_changes(fixture, 10);
    assert_int_equal(write(ready[1], "x", 1), 1);
    assert_int_equal(read(looking[0], &byte, 1), 1);
    assert_int_equal(kill(child, SIGKILL), 0);
    assert_int_equal(waitpid(child, &status, 0), child);
    flush_changes(fixture, 10);
    uint64_t bytes = store_bytes(fixture->store);
    flush_changes(fixture, 100);
    assert_true(store_bytes(fixture->store) < bytes + bytes / 4);
    for (int i = 0; i < 2; i++) {
        close(ready[i]);
        close(looking[i]);
    }
}

static void read_only_needs_a_state(void **state) {
    struct fixture *fixture = *state;
    fixture_close(fixture);
    assert_int_equal(store_remove(fixture->directory), 0);
    struct store_options options = fixture->options;
    options.read_only = true;
    struct store *store;
    assert_true(store_open(&options, &store) < 0);
    fixture_open(fixture);
}

/* ---- against a model ---- */

#define MODEL_KEYS 300
#define MODEL_ROW 80

struct model {
    struct {
        size_t size;
        char data[MODEL_ROW];
    } rows[TABLE_COUNT][MODEL_KEYS];
};

static size_t model_key(uint32_t number, char ret_key[static 8]) {
    /* Numbers and names: fixed width, and of any length. */
    uint32_t sorted = htobe32(number);
    memcpy(ret_key, &sorted, sizeof sorted);
    memset(ret_key + 4, 'x', 4);
    return number % 3 ? 4 : 4 + number % 5;
}

static void model_check(struct view *view, const struct model *model, unsigned table,
                        uint32_t number) {
    char key[8];
    struct str row, name = {key, model_key(number, key)};
    int outcome = view_get(view, (enum table)table, name, &row);
    size_t size = model->rows[table][number].size;
    assert_int_equal(outcome, size ? 0 : STORE_NOT_FOUND);
    if (size) {
        assert_int_equal(row.size, size);
        assert_memory_equal(row.data, model->rows[table][number].data, size);
    }
}

static void model_put(struct fixture *fixture, struct model *model, uint64_t *seed) {
    unsigned table = draw(seed, TABLE_COUNT);
    uint32_t number = draw(seed, MODEL_KEYS);
    size_t size = draw(seed, 4) == 0 ? 0 : 1 + draw(seed, MODEL_ROW);
    char key[8];
    struct str name = {key, model_key(number, key)};
    model->rows[table][number].size = size;
    memset(model->rows[table][number].data, (int)draw(seed, 256), size);
    store_put(fixture->writer, (enum table)table, name,
              (struct str){model->rows[table][number].data, size});
}

static void model_check_all(struct fixture *fixture, const struct model *model) {
    struct view *view;
    assert_int_equal(store_view_open(fixture->store, &view), 0);
    for (unsigned table = 0; table < TABLE_COUNT; table++) {
        uint64_t n_rows = 0;
        for (uint32_t number = 0; number < MODEL_KEYS; number++) {
            model_check(view, model, table, number);
            n_rows += model->rows[table][number].size > 0;
        }
        assert_int_equal(view_rows(view, (enum table)table), n_rows);
    }
    view_close(view);
}

static void random_events_agree_with_a_model(void **state) {
    struct fixture *fixture = *state;
    struct model *model = calloc(1, sizeof *model), *before = calloc(1, sizeof *model);
    assert_true(model && before);
    uint64_t seed = 20121023;
    for (int event = 0; event < 20000; event++) {
        bool is_refused = draw(&seed, 5) == 0;
        if (is_refused)
            memcpy(before, model, sizeof *model);
        for (uint32_t n = draw(&seed, 6); n > 0; n--) {
            model_put(fixture, model, &seed);
            model_check(store_writer_view(fixture->writer), model, draw(&seed, TABLE_COUNT),
                        draw(&seed, MODEL_KEYS));
        }
        if (is_refused) {
            store_refuse(fixture->writer);
            memcpy(model, before, sizeof *model);
        } else {
            store_accept(fixture->writer);
        }
        if (draw(&seed, 20) == 0) {
            frame(fixture, draw(&seed, 60));
            store_durable(fixture->store, fixture->head.sequence);
        }
        if (draw(&seed, 4000) == 0) {
            flush(fixture);
            model_check_all(fixture, model);
            fixture_close(fixture);
            fixture_open(fixture);
        }
    }
    flush(fixture);
    model_check_all(fixture, model);
    free(model);
    free(before);
}

/* ---- export ---- */

static void render_text(struct str key, struct str row, struct buf *out) {
    buf_json_key(out, "key");
    buf_json_string(out, key);
    buf_json_key(out, "row");
    buf_json_string(out, row);
}

static int collect(void *context, struct str line) {
    buf_put_str(context, line);
    return 0;
}

static void export_is_every_table_in_key_order(void **state) {
    struct fixture *fixture = *state;
    put(fixture, TABLE_RUN, "d", "last");
    put(fixture, TABLE_META, "b", "2");
    put(fixture, TABLE_VOLUNTEER, "v", "\"");
    put(fixture, TABLE_META, "a", "1");
    store_accept(fixture->writer);
    flush(fixture);
    store_render *renders[TABLE_COUNT];
    for (unsigned table = 0; table < TABLE_COUNT; table++)
        renders[table] = render_text;
    const char *expected = "{\"table\":\"meta\",\"key\":\"a\",\"row\":\"1\"}\n"
                           "{\"table\":\"meta\",\"key\":\"b\",\"row\":\"2\"}\n"
                           "{\"table\":\"volunteer\",\"key\":\"v\",\"row\":\"\\\"\"}\n"
                           "{\"table\":\"run\",\"key\":\"d\",\"row\":\"last\"}\n";
    struct buf lines = {0};
    struct view *view;
    assert_int_equal(store_view_open(fixture->store, &view), 0);
    assert_int_equal(store_export(view, collect, &lines, renders), 0);
    assert_int_equal(lines.size, strlen(expected));
    assert_memory_equal(lines.data, expected, lines.size);
    unsigned char digest[32];
    char expected_digest[65], digest_text[65];
    crypto_generichash(digest, sizeof digest, (const unsigned char *)lines.data, lines.size, NULL,
                       0);
    sodium_bin2hex(expected_digest, sizeof expected_digest, digest, sizeof digest);
    assert_int_equal(store_export_digest(view, renders, digest_text), 0);
    assert_string_equal(digest_text, expected_digest);
    view_close(view);
    buf_deinit(&lines);
}

static void tables_are_found_by_name(void **state) {
    (void)state;
    for (unsigned table = 0; table < TABLE_COUNT; table++)
        assert_int_equal(table_find(str_from(table_name((enum table)table))), table);
    assert_int_equal(table_find(STR("volunteers")), TABLE_COUNT);
}

int main(void) {
#define TEST(name) cmocka_unit_test_setup_teardown(name, fixture_setup, fixture_teardown)
    const struct CMUnitTest tests[] = {
        TEST(newest_of_four_layers_is_read),
        TEST(tombstone_hides_the_layers_below),
        TEST(refusal_leaves_nothing_behind),
        TEST(accepted_events_join_pending),
        TEST(what_is_kept_beside_the_rows_joins_each_checkpoint),
        TEST(row_read_may_be_put_again),
        TEST(keys_beyond_the_limit_are_not_found),
        TEST(snapshot_stays_while_rows_change),
        TEST(a_reader_that_remembers_places_reads_the_same),
        TEST(scan_gives_key_order_from_a_key),
        TEST(other_format_is_an_outcome),
        TEST(a_file_cut_off_while_it_was_made_is_made_again),
        TEST(second_process_reads),
        TEST(killed_reader_does_not_hold_the_growth),
        TEST(read_only_needs_a_state),
        TEST(random_events_agree_with_a_model),
        TEST(export_is_every_table_in_key_order),
        cmocka_unit_test(tables_are_found_by_name),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
