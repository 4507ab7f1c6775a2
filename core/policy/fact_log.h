/* The facts that a policy read in one call, as facts.h encodes them. Threads: one owner. */
#pragma once

#include <sodium.h>

#include "policy/facts.h"

/* The first three as enum scalar_kind. FACT_SAME: the object that was reached by the path in `text`
 * before. The numbers are for ever. */
enum fact_kind { FACT_INTEGER, FACT_BOOLEAN, FACT_TEXT, FACT_NONE, FACT_JSON, FACT_SAME };

struct fact_value {
    enum fact_kind kind;
    int64_t integer;
    struct str text;
};

/* Name, arguments and value of the shortest one. */
#define FACT_LEAST_BYTES 4

struct fact_log {
    struct buf bytes;
    bool digested;    /* bytes went into the hash */
    uint32_t n_again; /* facts in `bytes` that may be asked again */
    struct {
        uint16_t from;
        uint16_t size;
    } again[FACTS_LIMIT / FACT_LEAST_BYTES];
    crypto_generichash_state hash;
};

/* As it stands in the log. */
void fact_value_put(struct buf *out, const struct fact_value *value);

void fact_log_deinit(struct fact_log *log);
void fact_log_reset(struct fact_log *log);
/* `maybe_again`: a fact that was noted before, with the same arguments, is not noted again. */
void fact_log_add(struct fact_log *log, struct str path, struct str name, struct str arguments,
                  const struct fact_value *value, bool maybe_again);
struct str fact_log_finish(struct fact_log *log, struct arena *arena);
