/* Every figure, one row each: its name for --only and --json, the measurement it comes from, what a
 * person reads, and its goal. A goal is `times` another figure's median plus `plus`. Threads: one.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#define REPETITIONS_LIMIT 15

enum better { NO_GOAL, AT_LEAST, AT_MOST };

/* F(NAME, "name", "title", "unit", decimals, better, times, BASE, plus) */
#define FIGURES(F)                                                                                 \
    F(SYNC, "floor.fdatasync", "fdatasync of 4 KiB", "/s", 0, NO_GOAL, 0, NONE, 0)                 \
    F(SYNC_P50, "floor.fdatasync_p50", "fdatasync of 4 KiB, p50", "us", 0, NO_GOAL, 0, NONE, 0)    \
    F(LMDB, "floor.lmdb", "LMDB, four fixed puts, history behind it", "events/s", 0, NO_GOAL, 0,   \
      NONE, 0)                                                                                     \
    F(LMDB_YOUNG, "floor.lmdb_young", "LMDB, four fixed puts, empty before", "events/s", 0,        \
      NO_GOAL, 0, NONE, 0)                                                                         \
    F(BUS, "floor.bus", "ZeroMQ round trips, one in flight", "/s", 0, NO_GOAL, 0, NONE, 0)         \
    F(BUS_P50, "floor.bus_p50", "ZeroMQ round trip, p50", "us", 0, NO_GOAL, 0, NONE, 0)            \
    F(BUS_PIPELINED, "floor.bus_pipelined", "ZeroMQ round trips, 100 in flight", "/s", 0, NO_GOAL, \
      0, NONE, 0)                                                                                  \
    F(ARRAYS, "arrays", "arrays of 100, four in flight", "events/s", 0, AT_LEAST, 4, LMDB, 0)      \
    F(ARRAYS_CPU, "arrays.cpu", "daemon's CPU in them", "us/event", 2, AT_MOST, 0, NONE, 10)       \
    F(SINGLES, "singles", "singles, 100 in flight", "events/s", 0, AT_LEAST, 2.2, LMDB, 0)         \
    F(SINGLES_CPU, "singles.cpu", "daemon's CPU in them", "us/event", 2, NO_GOAL, 0, NONE, 0)      \
    F(ONE_P50, "one.p50", "singles, one in flight, p50", "us", 0, AT_MOST, 1, SYNC_P50, 220)       \
    F(ONE_P99, "one.p99", "singles, one in flight, p99", "us", 0, NO_GOAL, 0, NONE, 0)             \
    F(ONE, "one", "singles, one in flight", "events/s", 0, NO_GOAL, 0, NONE, 0)                    \
    F(GRID_1_1, "grid.1x1", "arrays of 1, 1 publisher", "events/s", 0, NO_GOAL, 0, NONE, 0)        \
    F(GRID_1_4, "grid.1x4", "arrays of 1, 4 publishers", "events/s", 0, NO_GOAL, 0, NONE, 0)       \
    F(GRID_100_4, "grid.100x4", "arrays of 100, 4 publishers", "events/s", 0, NO_GOAL, 0, NONE, 0) \
    F(GRID_1000_1, "grid.1000x1", "arrays of 1,000, 1 publisher", "events/s", 0, NO_GOAL, 0, NONE, \
      0)                                                                                           \
    F(GRID_1000_4, "grid.1000x4", "arrays of 1,000, 4 publishers", "events/s", 0, NO_GOAL, 0,      \
      NONE, 0)                                                                                     \
    F(RANDOM_ARRAYS, "random.arrays", "random ids, arrays of 100, four in flight", "events/s", 0,  \
      NO_GOAL, 0, NONE, 0)                                                                         \
    F(RANDOM_SINGLES, "random.singles", "random ids, singles, 100 in flight", "events/s", 0,       \
      NO_GOAL, 0, NONE, 0)                                                                         \
    F(LOW_P50, "open20.p50", "20,000 singles/s, p50", "us", 0, AT_MOST, 0, NONE, 1000)             \
    F(LOW_P99, "open20.p99", "20,000 singles/s, p99", "us", 0, AT_MOST, 0, NONE, 6000)             \
    F(LOW_P999, "open20.p999", "20,000 singles/s, p99.9", "us", 0, AT_MOST, 0, NONE, 25000)        \
    F(HIGH_P50, "open50.p50", "50,000 singles/s, p50", "us", 0, NO_GOAL, 0, NONE, 0)               \
    F(HIGH_P99, "open50.p99", "50,000 singles/s, p99", "us", 0, AT_MOST, 0, NONE, 25000)           \
    F(HIGH_P999, "open50.p999", "50,000 singles/s, p99.9", "us", 0, NO_GOAL, 0, NONE, 0)           \
    F(YOUNG, "young", "arrays, first 200,000 events of history", "events/s", 0, NO_GOAL, 0, NONE,  \
      0)                                                                                           \
    F(AGEING, "ageing", "rate at 1,000,000 events to that", "", 2, AT_LEAST, 0, NONE, 0.75)        \
    F(STORE_BYTES, "bytes.event", "store per event", "bytes", 0, AT_MOST, 0, NONE, 430)            \
    F(STORE_USED, "bytes.event_used", "  of them in pages in use", "bytes", 0, NO_GOAL, 0, NONE,   \
      0)                                                                                           \
    F(VOLUNTEER_BYTES, "bytes.volunteer", "store per volunteer with identity", "bytes", 0,         \
      AT_MOST, 0, NONE, 350)                                                                       \
    F(VOLUNTEER_USED, "bytes.volunteer_used", "  of them in pages in use", "bytes", 0, NO_GOAL, 0, \
      NONE, 0)                                                                                     \
    F(KEY_BYTES, "bytes.key", "keys per volunteer beside it", "bytes", 0, NO_GOAL, 0, NONE, 0)     \
    F(JOURNAL_BYTES, "bytes.journal", "closed journal per published event", "bytes", 0, AT_MOST,   \
      0, NONE, 140)                                                                                \
    F(MEMORY, "memory", "peak resident memory beside the page cache", "MB", 0, AT_MOST, 0, NONE,   \
      300)                                                                                         \
    F(REPLAY, "replay", "replay into an empty store", "events/s", 0, AT_LEAST, 0, NONE, 200000)    \
    F(RESTART, "restart", "first answer after kill -9", "ms", 0, AT_MOST, 0, NONE, 300)            \
    F(DIFF, "diff", "policy diff, a bare value", "answers/s", 0, AT_LEAST, 0, NONE, 2000000)       \
    F(DIFF_TABLE, "diff.table", "policy diff, a table", "answers/s", 0, AT_LEAST, 0, NONE, 800000) \
    F(DIFF_WINDOW, "diff.window", "policy diff, windowed facts", "answers/s", 0, AT_LEAST, 0,      \
      NONE, 800000)                                                                                \
    F(DIFF_RECORDS, "diff.records", "policy diff, 30 records each", "answers/s", 0, AT_LEAST, 0,   \
      NONE, 150000)                                                                                \
    F(RERATE, "rerate", "rating everyone anew, beside ingest", "people/s", 0, NO_GOAL, 0, NONE, 0) \
    F(RERATE_P99, "rerate.p99", "  ingest beside it, p99", "ms", 1, NO_GOAL, 0, NONE, 0)           \
    F(RERATE_STALL, "rerate.stall", "  ingest beside it, the longest", "ms", 1, AT_MOST, 0, NONE,  \
      25)                                                                                          \
    F(REGISTRATIONS, "import.arrays", "volunteer.registered, arrays of 100", "events/s", 0,        \
      NO_GOAL, 0, NONE, 0)                                                                         \
    F(IMPORT, "import", "import of as many from a CSV", "rows/s", 0, NO_GOAL, 0, NONE, 0)          \
    F(IMPORT_SHARE, "import.share", "  its rate to that of the arrays", "", 2, AT_LEAST, 0, NONE,  \
      1.0 / 3)                                                                                     \
    F(REPORTS_FEW, "report.few", "a report of the city at 10,000 people", "ms", 3, NO_GOAL, 0,     \
      NONE, 0)                                                                                     \
    F(REPORTS, "report", "a report of the city at 1,000,000 people", "ms", 3, NO_GOAL, 0, NONE, 0) \
    F(REPORTS_TIMES, "report.times", "  its time to that at 10,000", "", 2, AT_MOST, 0, NONE, 2)   \
    F(REPORTS_WORST, "report.worst", "  the same of the report that grows most", "", 2, NO_GOAL,   \
      0, NONE, 0)                                                                                  \
    F(PLUGIN_REACH, "plugins.reach", "from an ack to an idle plugin, p99", "us", 0, AT_MOST, 0,    \
      NONE, 5000)                                                                                  \
    F(PLUGIN_FOLLOW, "plugins.follow", "a plugin that follows the whole journal", "events/s", 0,   \
      AT_LEAST, 0, NONE, 100000)                                                                   \
    F(PLUGIN_READ, "plugins.read", "  and reads the data of each event", "events/s", 0, NO_GOAL,   \
      0, NONE, 0)                                                                                  \
    F(PLUGINS_NONE, "plugins.none", "20,000 singles/s without plugins, p99", "us", 0, NO_GOAL, 0,  \
      NONE, 0)                                                                                     \
    F(PLUGINS_THREE, "plugins.three", "  with three, p99", "us", 0, NO_GOAL, 0, NONE, 0)           \
    F(PLUGINS_TIMES, "plugins.times", "  its p99 to that without", "x", 2, AT_MOST, 0, NONE, 1.5)  \
    F(REDIS_ARRAYS, "redis.arrays", "Redis, arrays of 100", "events/s", 0, NO_GOAL, 0, NONE, 0)    \
    F(REDIS_ARRAYS_TIMES, "redis.arrays_times", "  volunteerd's rate to it", "x", 2, AT_LEAST, 0,  \
      NONE, 4)                                                                                     \
    F(REDIS_SINGLES, "redis.singles", "Redis, singles", "events/s", 0, NO_GOAL, 0, NONE, 0)        \
    F(REDIS_SINGLES_TIMES, "redis.singles_times", "  volunteerd's rate to it", "x", 2, AT_LEAST,   \
      0, NONE, 2)                                                                                  \
    F(TARANTOOL_ARRAYS, "tarantool.arrays", "Tarantool, arrays of 100", "events/s", 0, NO_GOAL, 0, \
      NONE, 0)                                                                                     \
    F(TARANTOOL_ARRAYS_TIMES, "tarantool.arrays_times", "  volunteerd's rate to it", "x", 2,       \
      AT_LEAST, 0, NONE, 2.5)                                                                      \
    F(TARANTOOL_SINGLES, "tarantool.singles", "Tarantool, singles", "events/s", 0, NO_GOAL, 0,     \
      NONE, 0)                                                                                     \
    F(TARANTOOL_SINGLES_TIMES, "tarantool.singles_times", "  volunteerd's rate to it", "x", 2,     \
      AT_LEAST, 0, NONE, 2.5)                                                                      \
    F(SQLITE_ARRAYS, "sqlite.arrays", "SQLite, arrays of 100", "events/s", 0, NO_GOAL, 0, NONE, 0) \
    F(SQLITE_ARRAYS_TIMES, "sqlite.arrays_times", "  volunteerd's rate to it", "x", 2, AT_LEAST,   \
      0, NONE, 3)                                                                                  \
    F(POSTGRESQL_ARRAYS, "postgresql.arrays", "PostgreSQL, arrays of 100", "events/s", 0, NO_GOAL, \
      0, NONE, 0)                                                                                  \
    F(POSTGRESQL_ARRAYS_TIMES, "postgresql.arrays_times", "  volunteerd's rate to it", "x", 2,     \
      AT_LEAST, 0, NONE, 5)

enum figure {
#define F(name, key, title, unit, decimals, better, times, base, plus) FIGURE_##name,
    FIGURES(F)
#undef F
        FIGURE_COUNT,
    FIGURE_NONE = FIGURE_COUNT
};

struct figure_row {
    const char *name, *title, *unit;
    int decimals;
    enum better better;
    double times;
    enum figure base;
    double plus;
};
const struct figure_row *figure_row(enum figure figure);

struct figures {
    struct {
        double values[REPETITIONS_LIMIT];
        size_t n;
    } of[FIGURE_COUNT];
};
/* Fails where the value is not a positive number: nothing measured here can be anything else. */
void figure_add(struct figures *figures, enum figure figure, double value);
bool figure_known(const struct figures *figures, enum figure figure);
double figure_last(const struct figures *figures, enum figure figure); /* of this repetition */
double figure_median(const struct figures *figures, enum figure figure);
/* False where there is none, or where what it depends on was not measured. */
bool figure_goal(const struct figures *figures, enum figure figure, double *ret_goal);
bool figure_met(const struct figures *figures, enum figure figure); /* it has a goal */
