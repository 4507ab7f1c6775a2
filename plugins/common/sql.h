/* A SQLite file of a plugin's own folder: write-ahead log, every commit on disk before it returns.
 *
 * What fails is kept: after the first error nothing more is done and everything read is empty,
 * until sql_commit or sql_abort says so; a run of statements needs one check at its end. Statements
 * are string literals, prepared once. Threads: one. Memory: texts that are read are lent until the
 * next sql_next. Errors: negative errno; sql_message says more. */
#pragma once

#include <sqlite3.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SQL_STATEMENTS 128

struct sql {
    sqlite3 *db;
    int error; /* the first one of a run, or 0 */
    char message[256];
    struct {
        const char *text;
        sqlite3_stmt *statement;
    } kept[SQL_STATEMENTS];
};

struct sql_rows {
    struct sql *sql;
    sqlite3_stmt *statement; /* NULL: there are no more */
    bool kept;               /* else it is finalised at the end */
};

/* Opens, or makes, the file. On failure it may be closed all the same. */
int sql_open(struct sql *sql, const char *path);
void sql_close(struct sql *sql);
/* Several statements of a schema, with ; between. */
void sql_script(struct sql *sql, const char *script);
/* `format` has a letter for each parameter: s const char * (NULL: null), i int64_t. */
void sql_run(struct sql *sql, const char *statement, const char *format, ...);
/* How many rows the last sql_run changed. */
int64_t sql_changed(const struct sql *sql);
/* Rows: for (sql_ask(...); sql_next(&rows);) ...; whoever leaves early calls sql_end. */
void sql_ask(struct sql *sql, struct sql_rows *ret_rows, const char *statement, const char *format,
             ...);
bool sql_next(struct sql_rows *rows);
void sql_end(struct sql_rows *rows);
int64_t sql_integer(const struct sql_rows *rows, int column);
const char *sql_text(const struct sql_rows *rows, int column); /* NULL: null */
/* The first column of the first row, or `fallback`. */
int64_t sql_number(struct sql *sql, int64_t fallback, const char *statement, const char *format,
                   ...);

void sql_begin(struct sql *sql);
/* 0, or the first error since sql_begin, and then nothing of it was done. */
int sql_commit(struct sql *sql);
void sql_abort(struct sql *sql);
const char *sql_message(const struct sql *sql);
