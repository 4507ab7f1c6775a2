/* Reading. A reader's view is one LMDB read transaction, kept in a pool after its use: renewing one
 * takes no lock of LMDB's and no malloc. The engine's view looks into the rows in memory first. */
#include <assert.h>
#include <stdlib.h>

#include "store/internal.h"
#include "util/error.h"

#define LEARNED_ROW_LIMIT (16u << 10)

static int cursors_renew(struct store_writer *writer) {
    int code = 0;
    for (int table = 0; !code && table < TABLE_COUNT; table++)
        if (writer->cursors[table])
            code = mdb_cursor_renew(writer->view.txn, writer->cursors[table]);
    return code;
}

int view_renew(struct view *view) {
    struct store *store = view->store;
    int code;
    if (view->txn) {
        mdb_txn_reset(view->txn);
        code = mdb_txn_renew(view->txn);
    } else {
        code = mdb_txn_begin(store->env, NULL, MDB_RDONLY, &view->txn);
    }
    if (!code && view->writer)
        code = cursors_renew(view->writer);
    if (code)
        return lmdb_note(code, "taking a snapshot");
    return head_read(view->txn, store->own, &view->head);
}

static struct view *views_take(struct store *store) {
    pthread_mutex_lock(&store->views_mutex);
    struct view *view = store->views;
    if (view)
        store->views = view->next;
    store->n_views_open++;
    pthread_mutex_unlock(&store->views_mutex);
    return view;
}

static void views_give(struct store *store, struct view *view) {
    pthread_mutex_lock(&store->views_mutex);
    store->n_views_open--;
    if (view) {
        view->next = store->views;
        store->views = view;
    }
    pthread_mutex_unlock(&store->views_mutex);
}

void views_free(struct store *store) {
    for (struct view *view = store->views, *next; view; view = next) {
        next = view->next;
        mdb_txn_abort(view->txn);
        free(view);
    }
    store->views = NULL;
}

int store_view_open(struct store *store, struct view **ret_view) {
    struct view *view = views_take(store);
    int error = 0;
    if (!view) {
        view = calloc(1, sizeof *view);
        if (!view)
            error = error_note(-ENOMEM, "state: a reader");
        else
            view->store = store;
    }
    if (!error)
        error = view_renew(view);
    if (error) {
        if (view)
            mdb_txn_abort(view->txn);
        free(view);
        views_give(store, NULL);
        return error;
    }
    *ret_view = view;
    return 0;
}

void view_close(struct view *view) {
    if (!view)
        return;
    assert(!view->writer);
    places_free(view->places);
    view->places = NULL;
    mdb_txn_reset(view->txn);
    views_give(view->store, view);
}

void view_remember_places(struct view *view) {
    assert(!view->writer && !view->places);
    view->places = places_new();
}

struct store_head view_head(struct view *view) {
    return view->head;
}

static int snapshot_get(struct view *view, enum table table, struct str key, struct str *ret_row) {
    MDB_val name = val_from(key), value;
    int code = view->places ? places_get(view->places, view->txn, view->store, table, key, &value)
                            : mdb_get(view->txn, view->store->tables[table], &name, &value);
    if (code == MDB_NOTFOUND)
        return STORE_NOT_FOUND;
    if (code)
        return lmdb_note(code, table_name(table));
    *ret_row = str_from_val(value);
    return 0;
}

static int cursor_get(struct store_writer *writer, enum table table, MDB_val *name,
                      MDB_val *ret_value) {
    MDB_cursor **cursor = &writer->cursors[table];
    int code = 0;
    if (!*cursor)
        code = mdb_cursor_open(writer->view.txn, writer->store->tables[table], cursor);
    return code ? code : mdb_cursor_get(*cursor, name, ret_value, MDB_SET);
}

/* What the snapshot holds is learned, so that asking again costs no walk down a B-tree: an event
 * asks for the same person and region several times, and so does the next one. That it holds
 * nothing is learned too. A large row is not copied. */
static int writer_ask_snapshot(struct store_writer *writer, uint32_t hash, enum table table,
                               struct str key, struct str *ret_row) {
    MDB_val name = val_from(key), value = {0, NULL};
    int code = cursor_get(writer, table, &name, &value);
    if (code && code != MDB_NOTFOUND)
        return lmdb_note(code, table_name(table));
    struct str row = code ? STR_NONE : str_from_val(value);
    if (row.size <= LEARNED_ROW_LIMIT)
        row = row_data(rows_learn(&writer->rows, hash, table, key, row));
    if (code)
        return STORE_NOT_FOUND;
    *ret_row = row;
    return 0;
}

static int writer_get(struct store_writer *writer, enum table table, struct str key,
                      struct str *ret_row) {
    uint32_t hash = rows_hash(&writer->rows, table, key);
    const struct row *row = rows_find(&writer->rows, hash, table, key);
    if (!row)
        return writer_ask_snapshot(writer, hash, table, key, ret_row);
    if (row->size == 0)
        return STORE_NOT_FOUND;
    *ret_row = row_data(row);
    return 0;
}

int view_get(struct view *view, enum table table, struct str key, struct str *ret_row) {
    if (key.size == 0 || key.size > STORE_KEY_LIMIT)
        return STORE_NOT_FOUND;
    return view->writer ? writer_get(view->writer, table, key, ret_row)
                        : snapshot_get(view, table, key, ret_row);
}

void *view_beside(const struct view *view) {
    return view->writer && view->writer->beside ? view->writer->beside->self : NULL;
}

view_hint view_hint_key(struct view *view, enum table table, struct str key) {
    if (!view->writer)
        return 0;
    uint32_t hash = rows_hash(&view->writer->rows, table, key);
    rows_prefetch_slot(&view->writer->rows, hash);
    return hash;
}

void view_hint_row(struct view *view, view_hint hint) {
    if (view->writer)
        rows_prefetch_row(&view->writer->rows, hint);
}

bool view_can_scan(const struct view *view) {
    return view->writer == NULL;
}

int view_scan(struct view *view, enum table table, struct str from,
              int (*each)(void *context, struct str key, struct str row), void *context) {
    assert(!view->writer);
    MDB_cursor *cursor;
    int code = mdb_cursor_open(view->txn, view->store->tables[table], &cursor);
    if (code)
        return lmdb_note(code, table_name(table));
    /* LMDB takes no key of size 0 and none beyond its limit. A longer one is looked for by its
     * first bytes; what stands before it is then left out below. */
    struct str start = {from.data, from.size < STORE_KEY_LIMIT ? from.size : STORE_KEY_LIMIT};
    MDB_val key = val_from(start), value;
    int outcome = 0;
    code = mdb_cursor_get(cursor, &key, &value, start.size ? MDB_SET_RANGE : MDB_FIRST);
    while (!code && !outcome) {
        if (str_compare(str_from_val(key), from) >= 0)
            outcome = each(context, str_from_val(key), str_from_val(value));
        if (!outcome)
            code = mdb_cursor_get(cursor, &key, &value, MDB_NEXT);
    }
    mdb_cursor_close(cursor);
    if (code && code != MDB_NOTFOUND)
        return lmdb_note(code, table_name(table));
    return outcome;
}

uint64_t view_rows(struct view *view, enum table table) {
    MDB_stat stat;
    if (mdb_stat(view->txn, view->store->tables[table], &stat))
        return 0;
    return stat.ms_entries;
}
