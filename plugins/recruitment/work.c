#include "work.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "recruitment.h"

#define CHUNK 500 /* events of one publication */

struct work_item {
    json_t *item; /* NULL: it was put off, and is said now */
    char external[EXTERNAL_MOST + 1];
    int64_t modified;
    bool deleted, passed_over;
    char *late_name;
    json_t *late_one;
    struct thing thing;
    struct statements statements;
    struct problem problem;
    bool was_here;   /* before this: what is known of it here is to be told */
    json_t *records; /* that came of it */
};

struct outgoing {
    struct work_item *item;
    struct statement *statement;
};

struct work {
    struct recruitment *recruitment;
    enum resource resource;
    work_done *done;
    struct place place;
    bool moves; /* the cursor */
    struct work_item *items;
    size_t n, room;
    struct outgoing *outgoing;
    size_t n_outgoing, n_published, n_answered, n_stored;
    size_t n_flying; /* publications */
    bool stalls;     /* the daemon takes nothing at the moment */
    bool dropped;
    uint64_t sequence; /* the last one of its events */
};

struct chunk {
    struct work *work;
    size_t first;
};

struct work *work_new(struct recruitment *recruitment, enum resource resource, work_done *done) {
    struct work *work = calloc(1, sizeof *work);
    if (!work)
        abort();
    work->recruitment = recruitment;
    work->resource = resource;
    work->done = done;
    return work;
}

static void work_free(struct work *work) {
    for (size_t i = 0; i < work->n; i++) {
        struct work_item *item = &work->items[i];
        json_decref(item->item);
        json_decref(item->late_one);
        json_decref(item->records);
        free(item->late_name);
        thing_release(&item->thing);
        statements_release(&item->statements);
    }
    free(work->items);
    free(work->outgoing);
    free(work);
}

void work_drop(struct work *work) {
    if (!work)
        return;
    if (work->n_flying)
        work->dropped = true; /* the last answer frees it */
    else
        work_free(work);
}

static struct work_item *item_new(struct work *work, const char *external, int64_t modified) {
    if (work->n == work->room) {
        work->room = work->room ? 2 * work->room : 64;
        work->items = realloc(work->items, work->room * sizeof *work->items);
        if (!work->items)
            abort();
    }
    struct work_item *item = &work->items[work->n++];
    *item = (struct work_item){.modified = modified};
    snprintf(item->external, sizeof item->external, "%s", external);
    return item;
}

static bool was_seen(struct work *work, const struct work_item *item) {
    if (item->thing.known && item->thing.modified >= item->modified)
        return true;
    return sql_number(&work->recruitment->sql, 0,
                      "SELECT count(*) FROM problems WHERE resource = ? AND external = ? AND "
                      "modified >= ?",
                      "ssi", resource_kinds[work->resource].name, item->external,
                      item->modified) != 0;
}

/* Of two of the same id the newer one is what it is now. */
static void pass_over_twins(struct work *work, struct work_item *item) {
    for (struct work_item *other = work->items; other < item; other++) {
        if (strcmp(other->external, item->external) != 0 || other->passed_over)
            continue;
        (other->modified < item->modified ? other : item)->passed_over = true;
    }
}

void work_add(struct work *work, json_t *value, bool again) {
    struct work_item *item = item_new(work, json_string_value(json_object_get(value, "id")),
                                      json_integer_value(json_object_get(value, "modified")));
    item->item = json_incref(value);
    item->deleted = strcmp(json_string_value(json_object_get(value, "state")), "deleted") == 0;
    thing_read(&work->recruitment->sql, work->resource, item->external, &item->thing);
    item->passed_over = !again && was_seen(work, item);
    pass_over_twins(work, item);
}

void work_add_late(struct work *work, const char *external, int64_t modified, const char *name,
                   json_t *one) {
    struct work_item *item = item_new(work, external, modified);
    item->late_name = strdup(name);
    item->late_one = json_incref(one);
    thing_read(&work->recruitment->sql, work->resource, item->external, &item->thing);
}

/* ---- mapping ---- */

static void set_problem(struct work_item *item, bool waits, const char *code, const char *field,
                        const char *message) {
    if (item->problem.is_set)
        return;
    item->problem.is_set = true;
    item->problem.waits = waits;
    snprintf(item->problem.code, sizeof item->problem.code, "%s", code ? code : "");
    snprintf(item->problem.field, sizeof item->problem.field, "%s", field ? field : "");
    snprintf(item->problem.message, sizeof item->problem.message, "%s", message ? message : "");
}

/* What the mapping sees: the item, its time as text, and the records that came of it. */
static json_t *seen_by_mapping(struct work *work, const struct work_item *item) {
    struct sql_rows rows;
    char time[TIME_BYTES];
    json_t *value = json_copy(item->item), *records = json_array();
    time_text(item->modified, time);
    json_object_set_new(value, "modified_time", json_string(time));
    if (work->resource == RESOURCE_ATTENDANCE)
        for (sql_ask(&work->recruitment->sql, &rows,
                     "SELECT record FROM records WHERE external = ? ORDER BY record", "s",
                     item->external);
             sql_next(&rows);)
            json_array_append_new(records, json_string(sql_text(&rows, 0)));
    json_object_set_new(value, "records", records);
    return value;
}

static struct statement_source source_of(struct work *work, struct work_item *item,
                                         const char *time) {
    struct recruitment *recruitment = work->recruitment;
    if (!item->thing.known) {
        char ours[MAPPING_ID_BYTES];
        ours_find(recruitment, resource_kinds[work->resource].name, item->external, ours);
        snprintf(item->thing.ours, sizeof item->thing.ours, "%.64s", ours);
    }
    return (struct statement_source){.resource = work->resource,
                                     .external = item->external,
                                     .ours = item->thing.ours,
                                     .system = recruitment->system,
                                     .modified_time = time,
                                     .modified = item->modified,
                                     .said = item->thing.said,
                                     .deleted = item->deleted,
                                     .linked = item->thing.linked,
                                     .adopts = item->thing.adopts,
                                     .digest_key = recruitment->digest_key};
}

static void take_statements(struct work_item *item, const struct statement_source *source,
                            const json_t *list) {
    char message[300];
    statements_make(source, list, &item->statements);
    if (!*item->statements.ended)
        return;
    snprintf(
        message, sizeof message,
        "it has ended here (%.60s), and goes on there: register it anew under another id, then "
        "recruitment.link",
        item->statements.ended);
    statements_release(&item->statements);
    set_problem(item, false, "wrong_state", "", message);
}

static void map(struct work *work, struct work_item *item) {
    struct mapping_problem wrong;
    json_t *list = NULL;
    char time[TIME_BYTES];
    time_text(item->modified, time);
    struct statement_source source = source_of(work, item, time);
    if (item->late_one) {
        statements_make_late(&source, item->late_name, item->late_one, &item->statements);
        return;
    }
    if (item->deleted && !item->thing.known)
        return; /* gone before we knew it */
    json_t *value = seen_by_mapping(work, item);
    const json_t *before = json_object_size(item->thing.said) ? item->thing.said : NULL;
    if (mapping_item(work->recruitment->mapping, resource_kinds[work->resource].function, value,
                     before, &list, &wrong))
        take_statements(item, &source, list);
    else
        set_problem(item, false, wrong.code, wrong.field, wrong.message);
    json_decref(list);
    json_decref(value);
}

static void map_all(struct work *work) {
    size_t n = 0;
    for (size_t i = 0; i < work->n; i++) {
        if (!work->items[i].passed_over)
            map(work, &work->items[i]);
        n += work->items[i].statements.n;
    }
    work->outgoing = calloc(n ? n : 1, sizeof *work->outgoing);
    if (!work->outgoing)
        abort();
    for (size_t i = 0; i < work->n; i++)
        for (size_t k = 0; k < work->items[i].statements.n; k++)
            work->outgoing[work->n_outgoing++] =
                (struct outgoing){&work->items[i], &work->items[i].statements.items[k]};
}

/* ---- what came of it ---- */

static char *pair_of(enum resource resource, const json_t *said) {
    const json_t *data = json_object_get(said, "enrolment.requested");
    if (!data)
        data = json_object_get(said, "enrolment.cancelled");
    if (resource != RESOURCE_ENROLMENTS || !data)
        return NULL;
    return pair_make(json_string_value(json_object_get(data, "activity")),
                     json_string_value(json_object_get(data, "shift")),
                     json_string_value(json_object_get(data, "volunteer")));
}

static void write_late(struct work *work, const struct work_item *item) {
    struct sql *sql = &work->recruitment->sql;
    const char *resource = resource_kinds[work->resource].name, *name;
    json_t *one;
    sql_run(sql, "DELETE FROM late WHERE resource = ? AND external = ?", "ss", resource,
            item->external);
    json_object_foreach(item->statements.late, name, one) {
        char *data = json_dumps(json_object_get(one, "data"), JSON_COMPACT);
        sql_run(sql, "INSERT OR REPLACE INTO late VALUES (?, ?, ?, ?, ?, ?, ?)", "sssisss",
                resource, item->external, name, item->modified,
                json_string_value(json_object_get(one, "type")), data,
                json_string_value(json_object_get(one, "time")));
        free(data);
    }
}

static void write_problem(struct work *work, const struct work_item *item) {
    struct recruitment *recruitment = work->recruitment;
    struct sql *sql = &recruitment->sql;
    int64_t attempts = 1 + problem_attempts(sql, work->resource, item->external, item->modified);
    bool keeps = resource_kinds[work->resource].keeps && item->item;
    char *text = keeps ? json_dumps(item->item, JSON_COMPACT) : NULL;
    problem_write(sql, work->resource, item->external, item->modified, &item->problem,
                  now_ms() + outbox_pause(&recruitment->outbox, attempts), text);
    free(text);
}

/* What it is now, where all of it was said. */
static void settle(struct work_item *item) {
    const char *name;
    json_t *said;
    json_object_foreach(item->statements.adopted, name, said) {
        if (json_is_null(said))
            json_object_del(item->thing.said, name);
        else
            json_object_set(item->thing.said, name, said);
    }
    item->thing.modified = item->modified;
    item->thing.adopts = false;
    item->thing.deleted = item->deleted;
}

static void write_item(struct work *work, struct work_item *item) {
    struct sql *sql = &work->recruitment->sql;
    const char *resource = resource_kinds[work->resource].name;
    json_t *record;
    size_t i;
    if (item->late_one)
        sql_run(sql, "DELETE FROM late WHERE resource = ? AND external = ? AND statement = ?",
                "sss", resource, item->external, item->late_name);
    bool known = item->thing.known || json_object_size(item->thing.said) != 0;
    if (!item->problem.is_set && !item->late_one)
        settle(item);
    if (known || !item->problem.is_set) {
        if (!item->thing.known && item->problem.is_set)
            item->thing.modified = item->modified;
        char *pair = pair_of(work->resource, item->thing.said);
        thing_write(sql, work->resource, item->external, &item->thing, pair);
        free(pair);
    }
    if (item->was_here && work->resource == RESOURCE_REGISTRATIONS)
        sql_run(sql, "INSERT OR IGNORE INTO catch_up VALUES (?)", "s", item->thing.ours);
    json_array_foreach(item->records, i, record)
        sql_run(sql, "INSERT OR IGNORE INTO records VALUES (?, ?)", "ss", json_string_value(record),
                item->external);
    if (item->problem.is_set) {
        write_problem(work, item);
    } else if (!item->late_one) {
        problem_forget(sql, work->resource, item->external);
        write_late(work, item);
    }
}

static bool write_all(struct work *work) {
    struct recruitment *recruitment = work->recruitment;
    int64_t n_new = 0;
    sql_begin(&recruitment->sql);
    for (size_t i = 0; i < work->n; i++) {
        if (work->items[i].passed_over)
            continue;
        write_item(work, &work->items[i]);
        n_new += !work->items[i].late_one;
    }
    if (work->moves)
        cursor_write(&recruitment->sql, work->resource, &work->place, n_new);
    if (work->sequence)
        database_number_set(&recruitment->sql, "safe", (int64_t)work->sequence);
    if (sql_commit(&recruitment->sql) != 0) {
        snprintf(recruitment->last_error, sizeof recruitment->last_error,
                 "the plugin's database: %s", sql_message(&recruitment->sql));
        log_line(recruitment, VOL_ERROR, "%s", recruitment->last_error);
        return false;
    }
    vol_count(recruitment->core, COUNTER_PULLED, n_new);
    vol_count(recruitment->core, COUNTER_PUBLISHED, (int64_t)work->n_stored);
    return true;
}

static void finish(struct work *work) {
    struct recruitment *recruitment = work->recruitment;
    work_done *done = work->done;
    bool good = !work->stalls && write_all(work);
    if (good)
        push_safe(recruitment, work->sequence);
    work_free(work);
    done(recruitment, good);
}

/* ---- publishing ---- */

static void note_records(struct vol_core *core, struct work_item *item,
                         const struct vol_value *decisions) {
    for (size_t i = 0; i < vol_length(core, decisions); i++) {
        const struct vol_value *decision = vol_item(core, decisions, i);
        const char *type = vol_text(core, vol_member(core, decision, "type"));
        const char *record =
            vol_text(core, vol_member(core, vol_member(core, decision, "data"), "record"));
        if (!type || !record || strcmp(type, "service.derived") != 0)
            continue;
        if (!item->records)
            item->records = json_array();
        json_array_append_new(item->records, json_string(record));
    }
}

/* The daemon had no time or no room; it is not about this event. */
static bool is_daemon_s(const char *code) {
    return strcmp(code, "busy") == 0 || strcmp(code, "read_only") == 0;
}

/* It is here under our id for it, though we know nothing of that: our database was lost. The next
 * attempt says what it is now as a change. */
static void recover(struct work *work, struct outgoing *outgoing) {
    struct work_item *item = outgoing->item;
    const json_t *data = outgoing->statement->data;
    json_t *known = json_object();
    const char *const kept[] = {resource_kinds[work->resource].noun, "region"};
    for (size_t i = 0; i < sizeof kept / sizeof *kept; i++)
        if (json_object_get(data, kept[i]))
            json_object_set(known, kept[i], json_object_get(data, kept[i]));
    if (!item->thing.said)
        item->thing.said = json_object();
    json_object_set_new(item->thing.said, outgoing->statement->name, known);
    item->was_here = true;
    set_problem(item, true, "already_exists", "", "it is here already, and is compared");
}

static bool is_here(struct work *work, const struct outgoing *outgoing, const char *code) {
    struct vol_core *core = work->recruitment->core;
    const struct resource_kind *kind = &resource_kinds[work->resource];
    const char *ours = outgoing->item->thing.ours;
    if (!kind->create || strcmp(outgoing->statement->type, kind->create) != 0 ||
        (strcmp(code, "already_exists") != 0 && strcmp(code, "identity_known") != 0))
        return false;
    const struct vol_value *found = vol_get_many(core, kind->noun, &ours, 1);
    return vol_kind_of(core, vol_item(core, found, 0)) == VOL_OBJECT;
}

/* The person has that link already. */
static bool is_linked_so(const struct statement *statement, const struct vol_result *result) {
    return strcmp(statement->type, "volunteer.linked") == 0 &&
           strcmp(result->code, "wrong_state") == 0 && result->field &&
           strcmp(result->field, "data.external") == 0;
}

static void note_result(struct work *work, struct outgoing *outgoing,
                        const struct vol_result *result) {
    struct work_item *item = outgoing->item;
    const char *code = result->code ? result->code : "";
    if (result->sequence > work->sequence)
        work->sequence = result->sequence;
    if (result->status == VOL_REJECTED && is_daemon_s(code)) {
        work->stalls = true;
        snprintf(work->recruitment->last_error, sizeof work->recruitment->last_error,
                 "the daemon takes nothing at the moment (%s)", code);
        return;
    }
    /* It was stored before a kill, as the mapping of that time had it. */
    bool said_before =
        result->status == VOL_REJECTED &&
        (strcmp(code, "id_conflict") == 0 || is_linked_so(outgoing->statement, result));
    if (result->status == VOL_REJECTED && is_here(work, outgoing, code)) {
        recover(work, outgoing);
        return;
    }
    if (result->status == VOL_REJECTED && !said_before) {
        /* A clock that is ahead of ours is only early. */
        bool waits = result->retryable || strcmp(code, "in_future") == 0;
        set_problem(item, waits, code, result->field, result->message);
        return;
    }
    if (!item->thing.said)
        item->thing.said = json_object();
    item->was_here |= result->status == VOL_DUPLICATE;
    statement_apply(outgoing->statement, item->thing.said);
    work->n_stored += result->status == VOL_STORED;
    if (work->resource == RESOURCE_ATTENDANCE)
        note_records(work->recruitment->core, item, result->decisions);
}

static void publish_more(struct work *work);

static void published(void *context, const struct vol_result *results, size_t n_results) {
    struct chunk *chunk = context;
    struct work *work = chunk->work;
    size_t first = chunk->first;
    free(chunk);
    work->n_flying--;
    if (work->dropped) {
        if (work->n_flying == 0)
            work_free(work);
        return;
    }
    for (size_t i = 0; i < n_results; i++)
        note_result(work, &work->outgoing[first + i], &results[i]);
    work->n_answered += n_results;
    publish_more(work);
}

static int publish_chunk(struct work *work, size_t n) {
    struct vol_publication events[CHUNK] = {0};
    char *texts[CHUNK];
    struct chunk *chunk = malloc(sizeof *chunk);
    if (!chunk)
        abort();
    *chunk = (struct chunk){work, work->n_published};
    for (size_t i = 0; i < n; i++) {
        const struct statement *statement = work->outgoing[work->n_published + i].statement;
        texts[i] = json_dumps(statement->data, JSON_COMPACT);
        events[i] = (struct vol_publication){.type = statement->type,
                                             .id = statement->id,
                                             .data = texts[i] ? texts[i] : "{}",
                                             .time = statement->time};
    }
    int r = vol_publish(work->recruitment->core, events, n, published, chunk);
    for (size_t i = 0; i < n; i++) {
        if (texts[i])
            sodium_memzero(texts[i], strlen(texts[i]));
        free(texts[i]);
    }
    if (r < 0)
        free(chunk);
    return r;
}

/* As much as the daemon takes; the answers bring more. Ends the work once all is answered. */
static void publish_more(struct work *work) {
    while (!work->stalls && work->n_published < work->n_outgoing) {
        size_t left = work->n_outgoing - work->n_published, n = left < CHUNK ? left : CHUNK;
        int r = publish_chunk(work, n);
        if (r == -EAGAIN && work->n_flying)
            return;
        if (r < 0) {
            work->stalls = true;
            snprintf(work->recruitment->last_error, sizeof work->recruitment->last_error,
                     "the daemon takes no events: %s", strerror(-r));
            break;
        }
        work->n_published += n;
        work->n_flying++;
    }
    if (work->n_flying == 0)
        finish(work);
}

void work_run(struct work *work, const struct place *place) {
    if (place) {
        work->place = *place;
        work->moves = true;
    }
    push_unsafe(work->recruitment);
    map_all(work);
    publish_more(work);
}
