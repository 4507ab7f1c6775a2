/* Hot rows: those that nearly every event reads or changes (counters, sums, numbers that are given
 * out), held decoded beside the engine's view. A change is one in memory; the row is put once for
 * each checkpoint, with all that was changed since the one before. The state that a checkpoint
 * holds is the same as if each change had been put.
 *
 * A subject describes its rows by a hot_kind and reads and changes them through here alone: what
 * view_get gives for such a row in the engine's view may be old. Readers' views have nothing beside
 * them; there hot_read decodes the row.
 *
 * Threads: the view's owner. Memory: beyond the machine's aborts. Errors: as util/error.h. */
#pragma once

#include "domain/context.h"

#define HOT_VALUE_LIMIT 320
#define HOT_ROW_LIMIT 512
#define HOT_KEY_LIMIT 255

/* Rows of one form. Whoever has one gives the same pointer each time. */
struct hot_kind {
    enum table table;
    size_t size; /* of the decoded value, which is plain bytes */
    /* 0, or > 0 where the row is not of this form. */
    int (*decode)(const struct hot_kind *kind, struct str row, void *ret_value);
    struct str (*encode)(const struct hot_kind *kind, const void *value,
                         char bytes[static HOT_ROW_LIMIT]);
};

/* Of rows that are kept as they are decoded. */
int hot_plain_decode(const struct hot_kind *kind, struct str row, void *ret_value);
struct str hot_plain_encode(const struct hot_kind *kind, const void *value,
                            char bytes[static HOT_ROW_LIMIT]);
#define HOT_PLAIN(table, type)                                                                     \
    { table, sizeof(type), hot_plain_decode, hot_plain_encode }

struct hot;

/* Beside the writer until hot_free; one at a time. */
struct hot *hot_new(struct store_writer *writer);
void hot_free(struct hot *hot);

/* The value as it stands; STORE_NOT_FOUND, all of it zero, where there is no row; < 0. */
int hot_read(struct view *view, const struct hot_kind *kind, struct str key, void *ret_value);
/* The value to change in place, until the end of the event: with the event it is accepted or
 * refused. Where there was no row, there is one now, all zero. 0 or < 0. */
int hot_change(struct context *context, const struct hot_kind *kind, struct str key,
               void **ret_value);

/* ---- the row that was asked for last ---- */

/* An event asks for the same person and the same record several times over: the row read last of
 * each of these is kept decoded until it is put, or the event ends. */
enum hot_last { HOT_LAST_VOLUNTEER, HOT_LAST_RECORD, HOT_LASTS };
/* Whether it is this one; always false of a reader's view. */
bool hot_recall(struct view *view, enum hot_last which, uint32_t number, void *ret_value,
                size_t size);
void hot_remember(struct view *view, enum hot_last which, uint32_t number, const void *value,
                  size_t size);
/* The row is put anew. */
void hot_let_go(struct view *view, enum hot_last which);
