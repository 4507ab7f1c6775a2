/* What differs, one by one: everything that the platform has, held against what is known here. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "platform.h"
#include "reconcile.h"
#include "recruitment.h"

#define PAGE 500

/* What was seen of the platform in this walk: the rest is here alone. */
static void seen_begin(struct sql *sql) {
    sql_script(sql, "CREATE TEMP TABLE IF NOT EXISTS seen (id TEXT PRIMARY KEY) WITHOUT ROWID; "
                    "DELETE FROM seen;");
}

static void seen_add(struct sql *sql, const char *id) {
    sql_run(sql, "INSERT OR IGNORE INTO seen VALUES (?)", "s", id);
}

static void end_walk(struct reconcile *reconcile) {
    struct recruitment *recruitment = reconcile->recruitment;
    sql_abort(&recruitment->sql); /* an error of the walk is no error of what comes next */
    reconcile->step++;
    reconcile->n_examples = 0;
    free(reconcile->last);
    reconcile->last = NULL;
    reconcile_next(reconcile);
}

static const char *state_title(bool deleted) {
    return deleted ? "已删除" : "现有";
}

/* ---- resources ---- */

/* "": there is none here. */
static const char *state_here(struct sql *sql, const char *resource, const char *external) {
    int64_t deleted =
        sql_number(sql, -1, "SELECT deleted FROM things WHERE resource = ? AND external = ?", "ss",
                   resource, external);
    if (deleted >= 0)
        return state_title(deleted == 1);
    return sql_number(sql, 0, "SELECT count(*) FROM problems WHERE resource = ? AND external = ?",
                      "ss", resource, external)
               ? "未收下，见冲突"
               : NULL;
}

static void compare_item(struct reconcile *reconcile, const char *resource, const json_t *item) {
    struct sql *sql = &reconcile->recruitment->sql;
    const char *external = json_string_value(json_object_get(item, "id"));
    const char *there =
        state_title(strcmp(json_string_value(json_object_get(item, "state")), "deleted") == 0);
    const char *here = state_here(sql, resource, external);
    seen_add(sql, external);
    if (!here || strcmp(here, there) != 0)
        reconcile_example(reconcile, resource, external, there, here);
}

static void note_unseen_things(struct reconcile *reconcile, const char *resource) {
    struct sql_rows rows;
    for (sql_ask(&reconcile->recruitment->sql, &rows,
                 "SELECT external, deleted FROM things WHERE resource = ? AND external NOT IN "
                 "(SELECT id FROM seen) ORDER BY external LIMIT ?",
                 "si", resource, (int64_t)EXAMPLES_MOST);
         sql_next(&rows);)
        reconcile_example(reconcile, resource, sql_text(&rows, 0), NULL,
                          state_title(sql_integer(&rows, 1) != 0));
}

static void ask_items(struct reconcile *reconcile);

static void items_replied(struct recruitment *recruitment, void *context,
                          const struct reply *reply) {
    struct reconcile *reconcile = context;
    const char *resource = resource_kinds[reconcile->step - RESOURCES].name;
    char wrong[200], next[128];
    const json_t *items = reply->good ? page_items(reply->body, wrong, sizeof wrong) : NULL, *item;
    size_t i;
    (void)recruitment;
    if (!items) {
        reconcile_fail(reconcile, reply->good ? wrong : reply->error);
        return;
    }
    json_array_foreach(items, i, item) {
        compare_item(reconcile, resource, item);
        snprintf(next, sizeof next, "&after_modified=%lld&after_id=%s",
                 (long long)json_integer_value(json_object_get(item, "modified")),
                 json_string_value(json_object_get(item, "id")));
    }
    if (json_array_size(items) == 0)
        note_unseen_things(reconcile, resource);
    if (json_array_size(items) == 0) {
        end_walk(reconcile);
        return;
    }
    free(reconcile->last);
    reconcile->last = strdup(next);
    reconcile_beat(reconcile);
    ask_items(reconcile);
}

static void ask_items(struct reconcile *reconcile) {
    char path[256];
    snprintf(path, sizeof path, "/v1/%s?limit=%d%s",
             resource_kinds[reconcile->step - RESOURCES].name, PAGE,
             reconcile->last ? reconcile->last : "");
    if (platform_get(reconcile->recruitment, path, items_replied, reconcile) < 0)
        reconcile_fail(reconcile, "too many requests wait already");
}

void reconcile_walk_resource(struct reconcile *reconcile, enum resource resource) {
    (void)resource; /* is the step */
    seen_begin(&reconcile->recruitment->sql);
    ask_items(reconcile);
}

/* ---- results ---- */

/* What the platform should have under that name; NULL: nothing. */
static json_t *told_value(struct recruitment *recruitment, const char *kind, const char *value) {
    char function[64];
    struct mapping_problem wrong;
    json_t *ours = json_loads(value, 0, NULL), *theirs = NULL;
    snprintf(function, sizeof function, "push_%s", kind);
    bool good = ours && mapping_push(recruitment->mapping, function, ours, &theirs, &wrong);
    json_decref(ours);
    return good ? theirs : NULL;
}

static void compare_held(struct reconcile *reconcile, const json_t *held) {
    struct recruitment *recruitment = reconcile->recruitment;
    const char *thing = json_string_value(json_object_get(held, "thing"));
    const json_t *value = json_object_get(held, "value");
    struct sql_rows rows;
    json_t *told = NULL;
    if (!thing || !json_is_object(value))
        return;
    seen_add(&recruitment->sql, thing);
    sql_ask(&recruitment->sql, &rows, "SELECT kind, value FROM told WHERE thing = ?", "s", thing);
    if (sql_next(&rows))
        told = told_value(recruitment, sql_text(&rows, 0), sql_text(&rows, 1));
    sql_end(&rows);
    if (!told || !json_equal(told, value)) {
        char *there = json_dumps(value, JSON_COMPACT);
        char *here = told ? json_dumps(told, JSON_COMPACT) : NULL;
        reconcile_example(reconcile, "results", thing, there, here);
        free(there);
        free(here);
    }
    json_decref(told);
}

static void note_unseen_told(struct reconcile *reconcile) {
    struct sql_rows rows;
    for (sql_ask(&reconcile->recruitment->sql, &rows,
                 "SELECT thing, value FROM told WHERE thing NOT IN (SELECT id FROM seen) ORDER BY "
                 "thing LIMIT ?",
                 "i", (int64_t)EXAMPLES_MOST);
         sql_next(&rows);)
        reconcile_example(reconcile, "results", sql_text(&rows, 0), NULL, sql_text(&rows, 1));
}

static void ask_held(struct reconcile *reconcile);

static void held_replied(struct recruitment *recruitment, void *context,
                         const struct reply *reply) {
    struct reconcile *reconcile = context;
    const json_t *items = json_object_get(reply->body, "items"), *held;
    const char *next = json_string_value(json_object_get(reply->body, "next"));
    size_t i;
    (void)recruitment;
    if (!reply->good || !json_is_array(items)) {
        reconcile_fail(reconcile, reply->good
                                      ? "the platform's results are not as the contract says"
                                      : reply->error);
        return;
    }
    json_array_foreach(items, i, held) compare_held(reconcile, held);
    if (!next)
        note_unseen_told(reconcile);
    if (!next) {
        end_walk(reconcile);
        return;
    }
    free(reconcile->last);
    reconcile->last = strdup(next);
    reconcile_beat(reconcile);
    ask_held(reconcile);
}

/* What stands in a query needs no more than this. */
static void escape(const char *text, char *ret_text, size_t size) {
    static const char plain[] =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~";
    size_t at = 0;
    for (; *text && at + 4 < size; text++) {
        if (strchr(plain, *text))
            ret_text[at++] = *text;
        else
            at += (size_t)snprintf(ret_text + at, size - at, "%%%02X", (unsigned char)*text);
    }
    ret_text[at] = '\0';
}

static void ask_held(struct reconcile *reconcile) {
    char path[1024], after[800] = "";
    if (reconcile->last)
        escape(reconcile->last, after, sizeof after);
    snprintf(path, sizeof path, "/v1/results?limit=%d%s%s", PAGE, *after ? "&after=" : "", after);
    if (platform_get(reconcile->recruitment, path, held_replied, reconcile) < 0)
        reconcile_fail(reconcile, "too many requests wait already");
}

void reconcile_walk_results(struct reconcile *reconcile) {
    seen_begin(&reconcile->recruitment->sql);
    ask_held(reconcile);
}
