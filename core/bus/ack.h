/* The acknowledgement of a batch as JSON. For a duplicate the decisions of the first are read from
 * the journal. Threads: one owner. */
#pragma once

#include "engine/engine.h"

/* Reads decisions by the sequence of their cause; keeps its reader, because a resent message asks
 * in order. */
struct decision_reader {
    struct journal *journal;
    struct journal_reader *reader;
    uint64_t at; /* the last sequence read */
    bool held;   /* `record` is the one at `at` and was not asked for yet */
    struct str record;
    struct arena arena;
};
void decision_reader_init(struct decision_reader *reader, struct journal *journal);
void decision_reader_deinit(struct decision_reader *reader);

/* {"epoch","results":[...]} */
void ack_render(const struct batch *batch, uint64_t epoch, struct decision_reader *duplicates,
                struct buf *out);
/* One result of it. */
void ack_render_result(const struct event *event, const struct result *result,
                       struct decision_reader *duplicates, struct buf *out);
/* How an epoch reads: 16 hexadecimal digits. */
void epoch_format(uint64_t epoch, char ret_text[static 20]);
