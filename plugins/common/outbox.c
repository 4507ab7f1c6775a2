#include "outbox.h"

#define STILL_OPEN "('waiting', 'sending', 'failed')"

static const char schema[] =
    "CREATE TABLE IF NOT EXISTS outbox (item INTEGER PRIMARY KEY AUTOINCREMENT, key TEXT NOT NULL "
    "UNIQUE, lane TEXT NOT NULL, kind TEXT NOT NULL, thing TEXT NOT NULL, body TEXT NOT NULL, "
    "state TEXT NOT NULL DEFAULT 'waiting', attempts INTEGER NOT NULL DEFAULT 0, refusals INTEGER "
    "NOT NULL DEFAULT 0, next_ms INTEGER NOT NULL, made_ms INTEGER NOT NULL, ended_ms INTEGER, "
    "error TEXT);"
    "CREATE INDEX IF NOT EXISTS outbox_open ON outbox (lane, item) WHERE state IN " STILL_OPEN ";"
    "CREATE INDEX IF NOT EXISTS outbox_thing ON outbox (lane, thing, item) WHERE state "
    "IN " STILL_OPEN ";"
    "CREATE INDEX IF NOT EXISTS outbox_state ON outbox (state, item);";

int outbox_open(struct outbox *outbox) {
    sql_begin(outbox->sql);
    sql_script(outbox->sql, schema);
    sql_run(outbox->sql, "UPDATE outbox SET state = 'waiting' WHERE state = 'sending'", "");
    return sql_commit(outbox->sql);
}

void outbox_put(struct outbox *outbox, const char *lane, const char *kind, const char *thing,
                const char *key, const char *body, int flags, int64_t now_ms) {
    if (flags & OUTBOX_LAST_COUNTS)
        sql_run(outbox->sql,
                "DELETE FROM outbox WHERE lane = ? AND kind = ? AND thing = ? AND key <> ? AND "
                "state IN " STILL_OPEN " AND state <> 'sending'",
                "ssss", lane, kind, thing, key);
    sql_run(outbox->sql,
            "INSERT INTO outbox (key, lane, kind, thing, body, next_ms, made_ms) VALUES (?, ?, ?, "
            "?, ?, ?, ?) ON CONFLICT (key) DO NOTHING",
            "sssssii", key, lane, kind, thing, body, now_ms, now_ms);
}

size_t outbox_take(struct outbox *outbox, const char *lane, int64_t now_ms, size_t limit,
                   void (*each)(void *context, const struct outbox_item *item), void *context) {
    struct sql_rows rows;
    size_t n = 0;
    sql_ask(outbox->sql, &rows,
            "UPDATE outbox SET state = 'sending', attempts = attempts + 1 WHERE item IN (SELECT "
            "o.item FROM outbox o WHERE o.lane = ? AND o.state IN " STILL_OPEN
            " AND o.state <> 'sending' AND o.next_ms <= ? AND NOT EXISTS (SELECT 1 FROM outbox e "
            "WHERE e.lane = o.lane AND e.thing = o.thing AND e.item < o.item AND e.state "
            "IN " STILL_OPEN ") ORDER BY o.item LIMIT ?) "
            "RETURNING item, lane, key, kind, thing, body, attempts",
            "sii", lane, now_ms, (int64_t)limit);
    for (; sql_next(&rows); n++) {
        const struct outbox_item item = {.item = sql_integer(&rows, 0),
                                         .lane = sql_text(&rows, 1),
                                         .key = sql_text(&rows, 2),
                                         .kind = sql_text(&rows, 3),
                                         .thing = sql_text(&rows, 4),
                                         .body = sql_text(&rows, 5),
                                         .attempts = sql_integer(&rows, 6)};
        each(context, &item);
    }
    return n;
}

void outbox_sent(struct outbox *outbox, int64_t item, int64_t now_ms) {
    sql_run(outbox->sql,
            "UPDATE outbox SET state = 'sent', ended_ms = ?, error = NULL WHERE item = ? AND state "
            "= 'sending'",
            "ii", now_ms, item);
}

int64_t outbox_pause(const struct outbox *outbox, int64_t failures) {
    int64_t pause = outbox->first_ms;
    for (int64_t i = 1; i < failures && pause < OUTBOX_HOUR_MS; i++)
        pause *= 2;
    if (pause > OUTBOX_HOUR_MS)
        pause = OUTBOX_HOUR_MS;
    /* Half of it is by chance, so that many who failed together do not come back together. */
    int64_t half = pause / 2;
    return pause - half + (half ? (int64_t)outbox->random(outbox->context) % (half + 1) : 0);
}

void outbox_failed(struct outbox *outbox, int64_t item, int64_t now_ms, int64_t retry_after_ms,
                   const char *error) {
    int64_t attempts =
        sql_number(outbox->sql, 1, "SELECT attempts FROM outbox WHERE item = ?", "i", item);
    int64_t pause = outbox_pause(outbox, attempts);
    sql_run(outbox->sql,
            "UPDATE outbox SET state = 'failed', next_ms = ?, error = ? WHERE item = ? AND state = "
            "'sending'",
            "isi", now_ms + (pause > retry_after_ms ? pause : retry_after_ms), error, item);
}

void outbox_refused(struct outbox *outbox, int64_t item, bool later, int64_t now_ms,
                    const char *error) {
    sql_run(outbox->sql, "UPDATE outbox SET refusals = refusals + 1 WHERE item = ?", "i", item);
    int64_t refusals =
        sql_number(outbox->sql, 0, "SELECT refusals FROM outbox WHERE item = ?", "i", item);
    if (later && refusals < OUTBOX_REFUSALS_MOST) {
        outbox_failed(outbox, item, now_ms, 0, error);
        return;
    }
    sql_run(outbox->sql,
            "UPDATE outbox SET state = 'given_up', ended_ms = ?, error = ? WHERE item = ? AND "
            "state = 'sending'",
            "isi", now_ms, error, item);
}

int64_t outbox_resend(struct outbox *outbox, int64_t item, int64_t now_ms) {
    if (item)
        sql_run(outbox->sql,
                "UPDATE outbox SET state = 'waiting', next_ms = ?, refusals = 0, ended_ms = NULL "
                "WHERE item = ? AND state IN ('given_up', 'failed')",
                "ii", now_ms, item);
    else
        sql_run(outbox->sql,
                "UPDATE outbox SET state = 'waiting', next_ms = ?, refusals = 0, ended_ms = NULL "
                "WHERE state = 'given_up'",
                "i", now_ms);
    return sql_changed(outbox->sql);
}

void outbox_release(struct outbox *outbox, const char *lane, int64_t now_ms) {
    sql_run(outbox->sql,
            "UPDATE outbox SET next_ms = ? WHERE lane = ? AND state IN " STILL_OPEN
            " AND state = 'failed' AND refusals = 0",
            "is", now_ms, lane);
}

int64_t outbox_due(struct outbox *outbox, const char *lane) {
    return sql_number(outbox->sql, INT64_MAX,
                      "SELECT min(next_ms) FROM outbox WHERE lane = ? AND state IN " STILL_OPEN
                      " AND state <> 'sending'",
                      "s", lane);
}

int64_t outbox_count(struct outbox *outbox, const char *state) {
    return sql_number(outbox->sql, 0, "SELECT count(*) FROM outbox WHERE state = ?", "s", state);
}

void outbox_prune(struct outbox *outbox, int64_t before_ms) {
    sql_run(outbox->sql, "DELETE FROM outbox WHERE state = 'sent' AND ended_ms < ?", "i",
            before_ms);
}
