/* SQLite, in this process: prepared statements, a transaction for each message, the counters of a
 * message in one statement. It has one writer and no call to wait for, so messages follow one
 * another and nothing is in flight. */
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>

#include "engines/engine.h"
#include "fail.h"

#define DAY 1440

/* As they stand in sqlite.sql, in this order. */
#define STATEMENTS(S)                                                                              \
    S(parse)                                                                                       \
    S(find)                                                                                        \
    S(others)                                                                                      \
    S(person)                                                                                      \
    S(log) S(record) S(total) S(month) S(issue) S(ledger) S(entity) S(path) S(counters) S(totals)

struct sqlite {
    sqlite3 *base;
#define S(name) sqlite3_stmt *name;
    STATEMENTS(S)
#undef S
    int64_t sequence;
    struct engine_answers answers; /* of the messages that were sent and not asked for */
};

/* ---- statements ---- */

static void check(const struct sqlite *sqlite, int status) {
    if (status != SQLITE_OK && status != SQLITE_ROW && status != SQLITE_DONE)
        fail("SQLite: %s", sqlite3_errmsg(sqlite->base));
}

static void execute(const struct sqlite *sqlite, const char *text) {
    check(sqlite, sqlite3_exec(sqlite->base, text, NULL, NULL, NULL));
}

static bool step(const struct sqlite *sqlite, sqlite3_stmt *statement) {
    int status = sqlite3_step(statement);
    check(sqlite, status);
    return status == SQLITE_ROW;
}

static void run(const struct sqlite *sqlite, sqlite3_stmt *statement) {
    while (step(sqlite, statement))
        ;
    sqlite3_reset(statement);
}

static void bind_text(sqlite3_stmt *statement, int at, const char *text) {
    sqlite3_bind_text(statement, at, text, -1, SQLITE_STATIC);
}

static const char *text_of(sqlite3_stmt *statement, int column) {
    return (const char *)sqlite3_column_text(statement, column);
}

/* ---- an event, as the statement `parse` gives it; texts live until that is reset ---- */

struct service {
    const char *source, *id, *type, *record, *volunteer, *activity, *organisation, *method, *month;
    const char *region;
    int64_t starts, span, minutes, delay; /* in minutes */
    int64_t counted, points;
    const char *outcome;
    bool is_accepted;
};

static struct service service_read(sqlite3_stmt *row) {
    int64_t time = sqlite3_column_int64(row, 3), starts = sqlite3_column_int64(row, 9),
            ends = sqlite3_column_int64(row, 10);
    bool says_minutes = sqlite3_column_type(row, 11) != SQLITE_NULL;
    return (struct service){.source = text_of(row, 0),
                            .id = text_of(row, 1),
                            .type = text_of(row, 2),
                            .record = text_of(row, 4),
                            .volunteer = text_of(row, 5),
                            .activity = text_of(row, 6),
                            .organisation = text_of(row, 7),
                            .method = text_of(row, 8),
                            .month = text_of(row, 12),
                            .starts = starts / 60,
                            .span = (ends - starts) / 60,
                            .minutes =
                                says_minutes ? sqlite3_column_int64(row, 11) : (ends - starts) / 60,
                            .delay = (time - ends) / 60};
}

/* ---- the rules, as rules.lua has them ---- */

static int64_t least(int64_t a, int64_t b) {
    return a < b ? a : b;
}

static int64_t before_midnight(int64_t starts, int64_t minutes) {
    return least(minutes, (starts / DAY + 1) * DAY - starts);
}

struct used {
    int64_t minutes, minutes_next; /* accepted on the days that a service may touch */
    bool overlaps;
};

static void used_add(struct used *used, const struct service *service, int64_t starts,
                     int64_t counted) {
    int64_t shift = starts / DAY - service->starts / DAY, first = before_midnight(starts, counted);
    if (shift == 0) {
        used->minutes += first;
        used->minutes_next += counted - first;
    } else if (shift == 1) {
        used->minutes_next += first;
    } else if (shift == -1) {
        used->minutes += counted - first;
    }
}

static struct used others_read(const struct sqlite *sqlite, const struct service *service) {
    struct used used = {0};
    sqlite3_stmt *row = sqlite->others;
    bind_text(row, 1, service->volunteer);
    sqlite3_bind_int64(row, 2, service->starts - 2 * DAY);
    sqlite3_bind_int64(row, 3, service->starts + DAY);
    while (step(sqlite, row)) {
        int64_t starts = sqlite3_column_int64(row, 0), span = sqlite3_column_int64(row, 1);
        if (starts < service->starts + service->span && service->starts < starts + span)
            used.overlaps = true;
        if (sqlite3_column_int(row, 3))
            used_add(&used, service, starts, sqlite3_column_int64(row, 2));
    }
    sqlite3_reset(row);
    return used;
}

static int64_t room(int64_t used) {
    return used < 720 ? 720 - used : 0;
}

static void judge(const struct sqlite *sqlite, struct service *service) {
    struct used used = others_read(sqlite, service);
    int64_t first = before_midnight(service->starts, service->minutes);
    service->counted =
        least(first, room(used.minutes)) + least(service->minutes - first, room(used.minutes_next));
    if (service->span > DAY)
        service->counted = 0;
    bool is_held = used.overlaps || service->delay > 30 * DAY;
    service->is_accepted = service->counted > 0 && !is_held;
    service->outcome = service->is_accepted ? "accepted" : service->counted ? "held" : "refused";
    if (service->is_accepted && strcmp(service->method, "manual") != 0)
        service->points = service->counted / 30 * 50;
}

static int stars_of(int64_t minutes) {
    static const int64_t hours[] = {100, 300, 600, 1000, 1500};
    int stars = 0;
    while (stars < 5 && minutes >= hours[stars] * 60)
        stars++;
    return stars;
}

/* ---- what an event does ---- */

static bool find(const struct sqlite *sqlite, const struct service *service, char ret_region[32]) {
    sqlite3_stmt *row = sqlite->find;
    bind_text(row, 1, service->activity);
    bind_text(row, 2, service->volunteer);
    bind_text(row, 3, service->organisation);
    bool is_there = step(sqlite, row) && text_of(row, 0);
    if (is_there)
        snprintf(ret_region, 32, "%s", text_of(row, 0));
    sqlite3_reset(row);
    return is_there;
}

/* False where the event is known already. */
static bool log_put(const struct sqlite *sqlite, const struct service *event,
                    const struct events *events, size_t i, const char *decision) {
    sqlite3_bind_int64(sqlite->log, 1, sqlite->sequence + 1);
    bind_text(sqlite->log, 2, event->source);
    bind_text(sqlite->log, 3, event->id);
    sqlite3_bind_text(sqlite->log, 4, events_text(events, i), (int)events_size(events, i),
                      SQLITE_STATIC);
    bind_text(sqlite->log, 5, decision);
    run(sqlite, sqlite->log);
    return sqlite3_changes(sqlite->base) > 0;
}

static void record_put(const struct sqlite *sqlite, const struct service *service) {
    sqlite3_stmt *row = sqlite->record;
    sqlite3_bind_int64(row, 1, sqlite->sequence + 1);
    bind_text(row, 2, service->record);
    bind_text(row, 3, service->volunteer);
    sqlite3_bind_int64(row, 4, service->starts);
    sqlite3_bind_int64(row, 5, service->span);
    sqlite3_bind_int64(row, 6, service->minutes);
    sqlite3_bind_int64(row, 7, service->counted);
    bind_text(row, 8, service->outcome);
    bind_text(row, 9, service->activity);
    bind_text(row, 10, service->organisation);
    bind_text(row, 11, service->region);
    bind_text(row, 12, service->method);
    bind_text(row, 13, service->month);
    run(sqlite, row);
}

static void entry_put(const struct sqlite *sqlite, const struct service *service,
                      const char *account, int64_t amount, int64_t balance) {
    sqlite3_stmt *row = sqlite->ledger;
    bind_text(row, 1, account);
    sqlite3_bind_int64(row, 2, amount);
    sqlite3_bind_int64(row, 3, balance);
    bind_text(row, 4, service->record);
    sqlite3_bind_int64(row, 5, sqlite->sequence + 1);
    run(sqlite, row);
}

static void points_post(const struct sqlite *sqlite, const struct service *service,
                        int64_t balance) {
    if (!service->points)
        return;
    entry_put(sqlite, service, service->volunteer, service->points, balance);
    sqlite3_bind_int64(sqlite->issue, 1, service->points);
    step(sqlite, sqlite->issue);
    int64_t issued = sqlite3_column_int64(sqlite->issue, 0);
    sqlite3_reset(sqlite->issue);
    entry_put(sqlite, service, "issue", -service->points, issued);
}

struct person {
    int64_t minutes, points;
    int stars_before, stars;
};

static struct person person_after(const struct sqlite *sqlite, const struct service *service) {
    struct person person = {0};
    bind_text(sqlite->person, 1, service->volunteer);
    if (step(sqlite, sqlite->person)) {
        person.minutes = sqlite3_column_int64(sqlite->person, 0);
        person.stars_before = sqlite3_column_int(sqlite->person, 1);
        person.points = sqlite3_column_int64(sqlite->person, 2);
    }
    sqlite3_reset(sqlite->person);
    person.minutes += service->counted;
    person.points += service->points;
    person.stars = stars_of(person.minutes);
    return person;
}

static void person_put(const struct sqlite *sqlite, const struct service *service,
                       const struct person *person) {
    bind_text(sqlite->total, 1, service->volunteer);
    sqlite3_bind_int64(sqlite->total, 2, person->minutes);
    sqlite3_bind_int(sqlite->total, 3, person->stars);
    sqlite3_bind_int64(sqlite->total, 4, person->points);
    run(sqlite, sqlite->total);
    bind_text(sqlite->month, 1, service->volunteer);
    bind_text(sqlite->month, 2, service->month);
    sqlite3_bind_int64(sqlite->month, 3, service->counted);
    run(sqlite, sqlite->month);
    points_post(sqlite, service, person->points);
}

/* 1, 0 where it is refused, -1 where it is known. */
static int service_take(const struct sqlite *sqlite, struct service *service,
                        const struct events *events, size_t i) {
    char region[32], decision[128];
    struct person person = {0};
    if (!find(sqlite, service, region))
        return 0;
    service->region = region;
    judge(sqlite, service);
    if (service->is_accepted)
        person = person_after(sqlite, service);
    int size = snprintf(decision, sizeof decision, "{\"outcome\":\"%s\",\"minutes\":%lld",
                        service->outcome, (long long)service->counted);
    if (person.stars != person.stars_before)
        size += snprintf(decision + size, sizeof decision - (size_t)size, ",\"stars\":[%d,%d]",
                         person.stars_before, person.stars);
    snprintf(decision + size, sizeof decision - (size_t)size, "}");
    if (!log_put(sqlite, service, events, i, decision))
        return -1;
    record_put(sqlite, service);
    if (service->is_accepted)
        person_put(sqlite, service, &person);
    return 1;
}

static int entity_take(const struct sqlite *sqlite, const struct service *event,
                       const struct events *events, size_t i) {
    sqlite3_stmt *statements[] = {sqlite->entity, sqlite->path};
    bool is_region = strcmp(event->type, "region.defined") == 0;
    if (!log_put(sqlite, event, events, i, NULL))
        return -1;
    for (size_t j = 0; j < (is_region ? 2u : 1u); j++) {
        sqlite3_bind_text(statements[j], 1, events_text(events, i), (int)events_size(events, i),
                          SQLITE_STATIC);
        if (j == 0)
            sqlite3_bind_int64(statements[j], 2, sqlite->sequence + 1);
        run(sqlite, statements[j]);
    }
    return 1;
}

static void event_take(struct sqlite *sqlite, const struct events *events, size_t i) {
    sqlite3_bind_text(sqlite->parse, 1, events_text(events, i), (int)events_size(events, i),
                      SQLITE_STATIC);
    if (!step(sqlite, sqlite->parse))
        fail("SQLite does not read an event");
    struct service event = service_read(sqlite->parse);
    bool is_service = strcmp(event.type, "service.recorded") == 0;
    int taken = is_service ? service_take(sqlite, &event, events, i)
                           : entity_take(sqlite, &event, events, i);
    sqlite->sequence += taken > 0;
    engine_answer(&sqlite->answers, taken > 0 ? sqlite->sequence : taken);
    sqlite3_reset(sqlite->parse);
}

/* ---- as an engine ---- */

static void prepare(struct sqlite *sqlite, const char *text) {
    sqlite3_stmt **const statements[] = {
#define S(name) &sqlite->name,
        STATEMENTS(S)
#undef S
    };
    for (size_t i = 0; i < sizeof statements / sizeof *statements; i++) {
        text = strchr(strstr(text, "\n-- : ") + 1, '\n');
        check(sqlite, sqlite3_prepare_v3(sqlite->base, text, -1, SQLITE_PREPARE_PERSISTENT,
                                         statements[i], &text));
    }
}

static void *sqlite_open(struct server *server) {
    char path[PATH_LIMIT];
    struct sqlite *sqlite = calloc(1, sizeof *sqlite);
    if (!sqlite)
        abort();
    path_join(path, server->data, "volunteers.sqlite");
    /* One thread uses it, and nobody asks how much memory it has. */
    sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
    if (sqlite3_open_v2(path, &sqlite->base,
                        SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX,
                        NULL) != SQLITE_OK)
        fail("SQLite: %s", sqlite3_errmsg(sqlite->base));
    char *text = source_read("sqlite.sql"), *statements = strstr(text, "\n-- : ");
    *statements = 0;
    execute(sqlite, text);
    *statements = '\n';
    prepare(sqlite, statements);
    free(text);
    execute(sqlite, "PRAGMA synchronous = OFF");
    return sqlite;
}

static void sqlite_make_durable(void *self) {
    execute(self, "PRAGMA wal_checkpoint(TRUNCATE)");
    execute(self, "PRAGMA synchronous = FULL");
    execute(self, "PRAGMA optimize");
}

static void sqlite_send(void *self, const struct events *events) {
    struct sqlite *sqlite = self;
    int64_t before = sqlite->sequence;
    execute(sqlite, "BEGIN IMMEDIATE");
    for (size_t i = 0; i < events->n; i++)
        event_take(sqlite, events, i);
    sqlite3_bind_int64(sqlite->counters, 1, before);
    run(sqlite, sqlite->counters);
    execute(sqlite, "COMMIT");
}

static void sqlite_receive(void *self, struct engine_answers *answers) {
    struct sqlite *sqlite = self;
    answers->stored += sqlite->answers.stored;
    answers->refused += sqlite->answers.refused;
    sqlite->answers = (struct engine_answers){0};
}

static void sqlite_totals(void *self, struct engine_totals *ret_totals) {
    const struct sqlite *sqlite = self;
    step(sqlite, sqlite->totals);
    for (int i = 0; i < ENGINE_TOTAL_COUNT; i++)
        ret_totals->of[i] = sqlite3_column_int64(sqlite->totals, i);
    sqlite3_reset(sqlite->totals);
}

static void sqlite_close(void *self) {
    struct sqlite *sqlite = self;
    sqlite3_stmt *const statements[] = {
#define S(name) sqlite->name,
        STATEMENTS(S)
#undef S
    };
    for (size_t i = 0; i < sizeof statements / sizeof *statements; i++)
        sqlite3_finalize(statements[i]);
    sqlite3_close(sqlite->base);
    free(sqlite);
}

const struct engine engine_sqlite = {.name = "sqlite",
                                     .title = "SQLite",
                                     .load_batch = 1000,
                                     .open = sqlite_open,
                                     .make_durable = sqlite_make_durable,
                                     .send = sqlite_send,
                                     .receive = sqlite_receive,
                                     .totals = sqlite_totals,
                                     .close = sqlite_close};
