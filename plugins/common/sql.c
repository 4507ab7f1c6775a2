#include "sql.h"

#include <assert.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define BUSY_MS 2000

static int errno_of(int code) {
    switch (code & 0xff) {
    case SQLITE_FULL:
        return -ENOSPC;
    case SQLITE_NOMEM:
        return -ENOMEM;
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        return -EBUSY;
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
        return -EBADMSG;
    case SQLITE_READONLY:
    case SQLITE_PERM:
    case SQLITE_CANTOPEN:
        return -EACCES;
    default:
        return -EIO;
    }
}

static void keep_error(struct sql *sql, int code) {
    if (sql->error)
        return;
    sql->error = errno_of(code);
    snprintf(sql->message, sizeof sql->message, "%s", sqlite3_errmsg(sql->db));
}

int sql_open(struct sql *sql, const char *path) {
    memset(sql, 0, sizeof *sql);
    int code = sqlite3_open_v2(path, &sql->db,
                               SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX |
                                   SQLITE_OPEN_PRIVATECACHE,
                               NULL);
    if (code != SQLITE_OK) {
        keep_error(sql, code);
        return sql->error;
    }
    sqlite3_busy_timeout(sql->db, BUSY_MS);
    sql_script(sql, "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA temp_store = "
                    "MEMORY; PRAGMA foreign_keys = ON;");
    return sql->error;
}

void sql_close(struct sql *sql) {
    for (size_t i = 0; i < SQL_STATEMENTS; i++)
        sqlite3_finalize(sql->kept[i].statement);
    sqlite3_close_v2(sql->db);
    memset(sql, 0, sizeof *sql);
}

void sql_script(struct sql *sql, const char *script) {
    if (sql->error)
        return;
    int code = sqlite3_exec(sql->db, script, NULL, NULL, NULL);
    if (code != SQLITE_OK)
        keep_error(sql, code);
}

/* A prepared statement of that literal that nobody uses at the moment. */
static sqlite3_stmt *prepare(struct sql *sql, const char *text, bool *ret_kept) {
    size_t slot = ((uintptr_t)text >> 3) % SQL_STATEMENTS, looked = 0;
    while (looked < SQL_STATEMENTS && sql->kept[slot].text && sql->kept[slot].text != text) {
        slot = (slot + 1) % SQL_STATEMENTS;
        looked++;
    }
    bool room = looked < SQL_STATEMENTS;
    *ret_kept = room;
    if (room && sql->kept[slot].statement) {
        if (!sqlite3_stmt_busy(sql->kept[slot].statement))
            return sql->kept[slot].statement;
        *ret_kept = false;
    }
    sqlite3_stmt *statement = NULL;
    int code = sqlite3_prepare_v2(sql->db, text, -1, &statement, NULL);
    if (code != SQLITE_OK) {
        keep_error(sql, code);
        return NULL;
    }
    if (*ret_kept) {
        sql->kept[slot].text = text;
        sql->kept[slot].statement = statement;
    }
    return statement;
}

static void bind(struct sql *sql, sqlite3_stmt *statement, const char *format, va_list values) {
    for (int i = 1; *format; format++, i++) {
        int code;
        if (*format == 's') {
            const char *text = va_arg(values, const char *);
            code = sqlite3_bind_text(statement, i, text, -1, SQLITE_TRANSIENT);
        } else {
            assert(*format == 'i');
            code = sqlite3_bind_int64(statement, i, va_arg(values, int64_t));
        }
        if (code != SQLITE_OK)
            keep_error(sql, code);
    }
}

static void ask(struct sql *sql, struct sql_rows *ret_rows, const char *text, const char *format,
                va_list values) {
    *ret_rows = (struct sql_rows){.sql = sql};
    if (sql->error)
        return;
    sqlite3_stmt *statement = prepare(sql, text, &ret_rows->kept);
    if (!statement)
        return;
    ret_rows->statement = statement;
    bind(sql, statement, format, values);
    if (sql->error)
        sql_end(ret_rows);
}

void sql_ask(struct sql *sql, struct sql_rows *ret_rows, const char *statement, const char *format,
             ...) {
    va_list values;
    va_start(values, format);
    ask(sql, ret_rows, statement, format, values);
    va_end(values);
}

bool sql_next(struct sql_rows *rows) {
    if (!rows->statement)
        return false;
    int code = sqlite3_step(rows->statement);
    if (code == SQLITE_ROW)
        return true;
    if (code != SQLITE_DONE)
        keep_error(rows->sql, code);
    sql_end(rows);
    return false;
}

void sql_end(struct sql_rows *rows) {
    if (!rows->statement)
        return;
    if (rows->kept) {
        sqlite3_reset(rows->statement);
        sqlite3_clear_bindings(rows->statement);
    } else {
        sqlite3_finalize(rows->statement);
    }
    rows->statement = NULL;
}

int64_t sql_integer(const struct sql_rows *rows, int column) {
    return sqlite3_column_int64(rows->statement, column);
}

const char *sql_text(const struct sql_rows *rows, int column) {
    return (const char *)sqlite3_column_text(rows->statement, column);
}

void sql_run(struct sql *sql, const char *statement, const char *format, ...) {
    struct sql_rows rows;
    va_list values;
    va_start(values, format);
    ask(sql, &rows, statement, format, values);
    va_end(values);
    while (sql_next(&rows)) {
    }
}

int64_t sql_changed(const struct sql *sql) {
    return sql->error ? 0 : sqlite3_changes64(sql->db);
}

int64_t sql_number(struct sql *sql, int64_t fallback, const char *statement, const char *format,
                   ...) {
    struct sql_rows rows;
    va_list values;
    va_start(values, format);
    ask(sql, &rows, statement, format, values);
    va_end(values);
    if (!sql_next(&rows))
        return fallback;
    int64_t number =
        sqlite3_column_type(rows.statement, 0) == SQLITE_NULL ? fallback : sql_integer(&rows, 0);
    sql_end(&rows);
    return number;
}

void sql_begin(struct sql *sql) {
    sql->error = 0;
    sql_script(sql, "BEGIN IMMEDIATE");
}

int sql_commit(struct sql *sql) {
    sql_script(sql, "COMMIT");
    int error = sql->error;
    if (error)
        sql_abort(sql);
    return error;
}

void sql_abort(struct sql *sql) {
    if (!sqlite3_get_autocommit(sql->db))
        sqlite3_exec(sql->db, "ROLLBACK", NULL, NULL, NULL);
    sql->error = 0;
}

const char *sql_message(const struct sql *sql) {
    return sql->message;
}
