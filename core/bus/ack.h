/* The acknowledgement of a batch as JSON. For a duplicate the decisions of the first are read from
 * the journal. Threads: one owner. */
#pragma once

#include "engine/engine.h"

/* Reads decisions by the sequence of their cause. It keeps its reader, and takes what a message
 * asks for in the journal's order: to begin anew for each of 10,000 shuffled events would take
 * seconds. */
struct decision_reader {
    struct journal *journal;
    struct journal_reader *reader;
    uint64_t at; /* the last sequence read */
    bool held;   /* `record` is the one at `at` and was not asked for yet */
    struct str record;
    struct arena arena;
    struct buf spans; /* struct span, by sequence: where in `text` the decisions of each stand */
    struct buf text;
};
void decision_reader_init(struct decision_reader *reader, struct journal *journal);
void decision_reader_deinit(struct decision_reader *reader);

/* {"epoch","results":[...]} */
void ack_render(const struct batch *batch, uint64_t epoch, struct decision_reader *duplicates,
                struct buf *out);
/* One result of it; `duplicates` is NULL, or has read those of the batch. */
void ack_render_result(const struct event *event, const struct result *result,
                       const struct decision_reader *duplicates, struct buf *out);
/* How an epoch reads: 16 hexadecimal digits. */
void epoch_format(uint64_t epoch, char ret_text[static 20]);
