#include "engines/entrant.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <string.h>
#include <unistd.h>

#include "fail.h"
#include "sample.h"

#define PIECE 200000 /* of history, between two words of progress */

void engine_answer(struct engine_answers *answers, int64_t number) {
    if (number < 0)
        fail("an engine says that it knows an event that it was sent once, by the number %" PRId64,
             -number);
    if (number)
        answers->stored++;
    else
        answers->refused++;
}

const char *entrant_excuse(const struct entrant *entrant, char ret_text[static 128]) {
    const struct engine *engine = entrant->engine;
    if (engine->absent)
        snprintf(ret_text, 128, "not built in: apt install %s, then build again", engine->absent);
    else if (engine->is_installed && !engine->is_installed())
        snprintf(ret_text, 128, "%s is not installed: apt install %s", engine->package,
                 engine->package);
    else
        return NULL;
    return ret_text;
}

static size_t send_one(struct entrant *entrant, size_t at, size_t end, size_t per_message) {
    struct events events = {entrant->workload, at, end - at < per_message ? end - at : per_message};
    entrant->engine->send(entrant->self, &events);
    return at + events.n;
}

double entrant_publish(struct entrant *entrant, size_t n_events, size_t per_message,
                       unsigned in_flight) {
    struct engine_answers answers = {0};
    size_t at = entrant->next, end = at + n_events;
    unsigned n_waiting = 0;
    int64_t start = now_ns();
    while (at < end || n_waiting) {
        for (; at < end && n_waiting < in_flight; n_waiting++)
            at = send_one(entrant, at, end, per_message);
        entrant->engine->receive(entrant->self, &answers);
        n_waiting--;
    }
    double seconds = (double)(now_ns() - start) / 1e9;
    entrant->next = end;
    entrant->answers.stored += answers.stored;
    entrant->answers.refused += answers.refused;
    if (answers.stored + answers.refused != n_events)
        fail("%s: %zu events were sent, %zu answered", entrant->engine->title, n_events,
             answers.stored + answers.refused);
    if (answers.refused > n_events / 100)
        fail("%s: %zu of %zu events were refused", entrant->engine->title, answers.refused,
             n_events);
    return (double)answers.stored / seconds;
}

/* What was loaded is on disk, so that nothing of it is written while something is measured. */
static void settle(const struct entrant *entrant) {
    int folder = open(entrant->server.data, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (folder < 0 || syncfs(folder) < 0)
        fail("%s: %s", entrant->server.data, strerror(errno));
    close(folder);
}

void entrant_begin(struct entrant *entrant, const char *work, const struct workload *workload,
                   size_t n_history) {
    const struct engine *engine = entrant->engine;
    if (entrant->self)
        return;
    entrant->workload = workload;
    server_make(&entrant->server, work, engine->name, engine->user);
    entrant->self = engine->open(&entrant->server);
    while (entrant->next < n_history) {
        size_t left = n_history - entrant->next, n = left < PIECE ? left : PIECE;
        double rate = entrant_publish(entrant, n, engine->load_batch, engine->overtakes ? 1 : 4);
        progress("    %s, history: %zu events, %.0f/s", engine->title, entrant->next, rate);
    }
    engine->make_durable(entrant->self);
    settle(entrant);
}

static void expect(const struct entrant *entrant, const char *what, int64_t one, int64_t other) {
    if (one != other)
        fail("%s did not do the work: %s are %" PRId64 " and %" PRId64, entrant->engine->title,
             what, one, other);
}

static void totals_check(const struct entrant *entrant) {
    const int64_t *of = entrant->totals.of;
    expect(entrant, "events in the log and stored ones", of[ENGINE_TOTAL_events],
           (int64_t)entrant->answers.stored);
    expect(entrant, "minutes of persons and of their months", of[ENGINE_TOTAL_person_minutes],
           of[ENGINE_TOTAL_month_minutes]);
    expect(entrant, "minutes of persons and of the city", of[ENGINE_TOTAL_person_minutes],
           of[ENGINE_TOTAL_city_minutes]);
    expect(entrant, "accepted records and those of the city", of[ENGINE_TOTAL_accepted],
           of[ENGINE_TOTAL_city_records]);
    expect(entrant, "points and what was issued", of[ENGINE_TOTAL_points],
           -of[ENGINE_TOTAL_issued]);
}

void entrant_end(struct entrant *entrant) {
    if (!entrant->self)
        return;
    entrant->engine->totals(entrant->self, &entrant->totals);
    totals_check(entrant);
    entrant->engine->close(entrant->self);
    entrant->self = NULL;
    server_remove(&entrant->server);
}
