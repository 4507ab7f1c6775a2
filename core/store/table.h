/* The tables of the state: one row each gives the LMDB database, its name in the export, and how
 * its rows read there. The key's first bytes are big-endian, so that key order is number order.
 * Rows themselves belong to core/domain. */
#pragma once

#include "util/str.h"

/* What a state was written with: another number means that it is rebuilt from the journal. One more
 * whenever a table, a key or a row changes its form. */
#define STORE_FORMAT 1
#define STORE_KEY_LIMIT 511 /* bytes of a key, at least 1 (LMDB's limit) */

/* T(NAME, "name"): order is for ever (the export follows it). */
#define TABLES(T)                                                                                  \
    T(META, "meta")                 /* name -> bytes: city, clock, next numbers */                 \
    T(SOURCE, "source")             /* source text -> number */                                    \
    T(EVENT_ID, "event_id")         /* source u32, id -> sequence, digest: for ever */             \
    T(NAME, "name")                 /* noun u8, id -> number u32 */                                \
    T(THING, "thing")               /* noun u8, number u32 -> sequence, slot, fields */            \
    T(REGION, "region")             /* number u32 -> number of the parent */                       \
    T(ACTIVITY, "activity")         /* number u32 -> struct activity_summary */                    \
    T(VOLUNTEER, "volunteer")       /* number u32 -> struct volunteer_row */                       \
    T(RECORD, "record")             /* number u32 -> struct record_row and id */                   \
    T(PERSON_MONTH, "person_month") /* month u16, volunteer u32 -> totals, records */              \
    T(COUNTER, "counter")           /* month u16 (0: now), noun u8, number u32 */                  \
    T(HELD, "held")                 /* record u32 -> why */                                        \
    T(IDENTITY, "identity")         /* keyed hash -> volunteer u32 */                              \
    T(STAR_CHANGE, "star_change")   /* volunteer u32, number u32 -> from, to, date */              \
    T(POLICY, "policy")             /* revision u32 -> struct policy_row and text */               \
    T(RUN, "run")                   /* run u32 -> cause, revision, as-of, cursor */

enum table {
#define T(name, text) TABLE_##name,
    TABLES(T)
#undef T
        TABLE_COUNT
};

const char *table_name(enum table table);
/* TABLE_COUNT where there is none. */
enum table table_find(struct str name);
