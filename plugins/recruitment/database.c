#include "database.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char schema[] =
    "CREATE TABLE IF NOT EXISTS numbers (name TEXT PRIMARY KEY, number INTEGER NOT NULL) WITHOUT "
    "ROWID;"
    "CREATE TABLE IF NOT EXISTS cursors (resource TEXT PRIMARY KEY, modified INTEGER NOT NULL, id "
    "TEXT NOT NULL, pulled INTEGER NOT NULL) WITHOUT ROWID;"
    "CREATE TABLE IF NOT EXISTS things (resource TEXT NOT NULL, external TEXT NOT NULL, ours TEXT "
    "NOT NULL, modified INTEGER NOT NULL, deleted INTEGER NOT NULL, linked INTEGER NOT NULL, "
    "adopts INTEGER NOT NULL, said TEXT NOT NULL, pair TEXT, PRIMARY KEY (resource, external)) "
    "WITHOUT ROWID;"
    "CREATE INDEX IF NOT EXISTS things_ours ON things (resource, ours);"
    "CREATE INDEX IF NOT EXISTS things_pair ON things (resource, pair) WHERE pair IS NOT NULL;"
    "CREATE TABLE IF NOT EXISTS problems (conflict INTEGER PRIMARY KEY AUTOINCREMENT, resource "
    "TEXT NOT NULL, external TEXT NOT NULL, modified INTEGER NOT NULL, state TEXT NOT NULL, code "
    "TEXT NOT NULL, field TEXT NOT NULL, message TEXT NOT NULL, attempts INTEGER NOT NULL, next_ms "
    "INTEGER NOT NULL, since_ms INTEGER NOT NULL, item TEXT, UNIQUE (resource, external));"
    "CREATE INDEX IF NOT EXISTS problems_due ON problems (state, next_ms);"
    "CREATE TABLE IF NOT EXISTS late (resource TEXT NOT NULL, external TEXT NOT NULL, statement "
    "TEXT NOT NULL, modified INTEGER NOT NULL, type TEXT NOT NULL, data TEXT NOT NULL, time TEXT, "
    "PRIMARY KEY (resource, external, statement)) WITHOUT ROWID;"
    "CREATE TABLE IF NOT EXISTS records (record TEXT PRIMARY KEY, external TEXT NOT NULL) WITHOUT "
    "ROWID;"
    "CREATE INDEX IF NOT EXISTS records_external ON records (external);"
    "CREATE TABLE IF NOT EXISTS told (thing TEXT PRIMARY KEY, kind TEXT NOT NULL, external TEXT "
    "NOT NULL, version INTEGER NOT NULL, value TEXT NOT NULL, number INTEGER NOT NULL) WITHOUT "
    "ROWID;"
    "CREATE TABLE IF NOT EXISTS catch_up (ours TEXT PRIMARY KEY) WITHOUT ROWID;"
    "CREATE TABLE IF NOT EXISTS hooks (id TEXT PRIMARY KEY, at_s INTEGER NOT NULL) WITHOUT ROWID;";

int database_open(struct sql *sql, const char *folder) {
    char path[4096];
    snprintf(path, sizeof path, "%s/recruitment.db", folder);
    int r = sql_open(sql, path);
    if (r != 0)
        return r;
    sql_begin(sql);
    sql_script(sql, schema);
    return sql_commit(sql);
}

int64_t database_number(struct sql *sql, const char *name, int64_t fallback) {
    return sql_number(sql, fallback, "SELECT number FROM numbers WHERE name = ?", "s", name);
}

void database_number_set(struct sql *sql, const char *name, int64_t number) {
    sql_run(sql,
            "INSERT INTO numbers VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET number = "
            "excluded.number",
            "si", name, number);
}

/* ---- cursors ---- */

void cursor_read(struct sql *sql, enum resource resource, struct place *ret_place) {
    struct sql_rows rows;
    *ret_place = (struct place){0};
    sql_ask(sql, &rows, "SELECT modified, id FROM cursors WHERE resource = ?", "s",
            resource_kinds[resource].name);
    if (!sql_next(&rows))
        return;
    ret_place->begun = true;
    ret_place->modified = sql_integer(&rows, 0);
    snprintf(ret_place->id, sizeof ret_place->id, "%s", sql_text(&rows, 1));
    sql_end(&rows);
}

void cursor_write(struct sql *sql, enum resource resource, const struct place *place,
                  int64_t n_pulled) {
    sql_run(sql,
            "INSERT INTO cursors VALUES (?, ?, ?, ?) ON CONFLICT (resource) DO UPDATE SET modified "
            "= excluded.modified, id = excluded.id, pulled = pulled + excluded.pulled",
            "sisi", resource_kinds[resource].name, place->modified, place->id, n_pulled);
}

int place_compare(const struct place *place, int64_t modified, const char *id) {
    if (!place->begun)
        return -1;
    if (place->modified != modified)
        return place->modified < modified ? -1 : 1;
    return strcmp(place->id, id);
}

/* ---- things ---- */

void thing_read(struct sql *sql, enum resource resource, const char *external,
                struct thing *ret_thing) {
    struct sql_rows rows;
    *ret_thing = (struct thing){0};
    sql_ask(
        sql, &rows,
        "SELECT ours, modified, linked, adopts, said, deleted FROM things WHERE resource = ? AND "
        "external = ?",
        "ss", resource_kinds[resource].name, external);
    if (!sql_next(&rows))
        return;
    snprintf(ret_thing->ours, sizeof ret_thing->ours, "%s", sql_text(&rows, 0));
    ret_thing->known = true;
    ret_thing->modified = sql_integer(&rows, 1);
    ret_thing->linked = sql_integer(&rows, 2) != 0;
    ret_thing->adopts = sql_integer(&rows, 3) != 0;
    ret_thing->deleted = sql_integer(&rows, 5) != 0;
    ret_thing->said = json_loads(sql_text(&rows, 4), 0, NULL);
    if (!json_is_object(ret_thing->said)) {
        json_decref(ret_thing->said);
        ret_thing->said = json_object();
    }
    sql_end(&rows);
}

void thing_release(struct thing *thing) {
    json_decref(thing->said);
    thing->said = NULL;
}

void thing_write(struct sql *sql, enum resource resource, const char *external,
                 const struct thing *thing, const char *pair) {
    char *said = json_dumps(thing->said, JSON_COMPACT);
    sql_run(sql,
            "INSERT INTO things VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (resource, "
            "external) DO UPDATE SET ours = excluded.ours, modified = excluded.modified, deleted = "
            "excluded.deleted, linked = excluded.linked, adopts = excluded.adopts, said = "
            "excluded.said, pair = coalesce(excluded.pair, pair)",
            "sssiiiiss", resource_kinds[resource].name, external, thing->ours, thing->modified,
            (int64_t)thing->deleted, (int64_t)thing->linked, (int64_t)thing->adopts,
            said ? said : "{}", pair);
    free(said);
}

char *pair_make(const char *activity, const char *shift, const char *volunteer) {
    char *pair = NULL;
    if (asprintf(&pair, "%s|%s|%s", activity ? activity : "", shift ? shift : "",
                 volunteer ? volunteer : "") < 0)
        abort();
    return pair;
}

static bool first_external(struct sql_rows *rows, char *ret_external) {
    if (!sql_next(rows))
        return false;
    snprintf(ret_external, EXTERNAL_MOST + 1, "%s", sql_text(rows, 0));
    sql_end(rows);
    return true;
}

bool thing_external(struct sql *sql, enum resource resource, const char *ours,
                    char ret_external[static EXTERNAL_MOST + 1]) {
    struct sql_rows rows;
    sql_ask(sql, &rows,
            "SELECT external FROM things INDEXED BY things_ours WHERE resource = ? AND ours = ? "
            "AND deleted = 0 ORDER BY "
            "linked, external LIMIT 1",
            "ss", resource_kinds[resource].name, ours);
    return first_external(&rows, ret_external);
}

bool thing_by_pair(struct sql *sql, enum resource resource, const char *pair,
                   char ret_external[static EXTERNAL_MOST + 1]) {
    struct sql_rows rows;
    sql_ask(sql, &rows,
            "SELECT external FROM things INDEXED BY things_pair WHERE resource = ? AND pair = ? "
            "ORDER BY deleted, "
            "modified DESC LIMIT 1",
            "ss", resource_kinds[resource].name, pair);
    return first_external(&rows, ret_external);
}

/* ---- problems ---- */

void problem_write(struct sql *sql, enum resource resource, const char *external, int64_t modified,
                   const struct problem *problem, int64_t next_ms, const char *item) {
    sql_run(sql,
            "INSERT INTO problems (resource, external, modified, state, code, field, message, "
            "attempts, next_ms, since_ms, item) VALUES (?, ?, ?, ?, ?, ?, ?, 1, ?, unixepoch() * "
            "1000, ?) ON CONFLICT (resource, external) DO UPDATE SET attempts = CASE WHEN modified "
            "= excluded.modified THEN attempts + 1 ELSE 1 END, modified = excluded.modified, state "
            "= excluded.state, code = excluded.code, field = excluded.field, message = "
            "excluded.message, next_ms = excluded.next_ms, item = excluded.item",
            "ssissssis", resource_kinds[resource].name, external, modified,
            problem->waits ? "waiting" : "conflict", problem->code, problem->field,
            problem->message, next_ms, item);
}

void problem_forget(struct sql *sql, enum resource resource, const char *external) {
    sql_run(sql, "DELETE FROM problems WHERE resource = ? AND external = ?", "ss",
            resource_kinds[resource].name, external);
}

int64_t problem_attempts(struct sql *sql, enum resource resource, const char *external,
                         int64_t modified) {
    return sql_number(
        sql, 0,
        "SELECT attempts FROM problems WHERE resource = ? AND external = ? AND modified = ?", "ssi",
        resource_kinds[resource].name, external, modified);
}

int64_t problem_count(struct sql *sql, const char *state) {
    return sql_number(sql, 0, "SELECT count(*) FROM problems WHERE state = ?", "s", state);
}
