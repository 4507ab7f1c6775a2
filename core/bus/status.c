/* status: how the daemon is. */
#include <inttypes.h>

#include "bus/accept.h"
#include "bus/ack.h"
#include "bus/bus.h"
#include "bus/methods.h"
#include "bus/methods_common.h"
#include "bus/run_view.h"
#include "bus/thing_show.h"
#include "domain/alerts.h"
#include "domain/dictionaries.h"
#include "domain/ledger.h"
#include "domain/points.h"

static json_t *integer(uint64_t value) {
    return json_integer((json_int_t)value);
}

static json_t *city_json(const struct query *query) {
    if (!*query->city.region)
        return json_null();
    return json_pack("{s:s, s:s, s:s}", "region", query->city.region, "name", query->city.name,
                     "time_zone", query->city.time_zone);
}

static json_t *clock_json(const struct query *query, int64_t recorded_us) {
    bool known = recorded_us != 0 && *query->city.region;
    return json_pack(
        "{s:s, s:o, s:o}", "mode", query->services->clock_from_events ? "events" : "system",
        "recorded_time", recorded_us ? json_from_time(query, recorded_us) : json_null(), "date",
        known ? json_from_date(zone_date(&query->city.zone, recorded_us), INT32_MIN) : json_null());
}

static json_t *events_json(const struct engine_counters *counters) {
    return json_pack("{s:o, s:o, s:o, s:o, s:o, s:o}", "stored", integer(counters->events_stored),
                     "duplicate", integer(counters->events_duplicate), "rejected",
                     integer(counters->events_rejected), "decisions", integer(counters->decisions),
                     "policy_calls", integer(counters->policy_calls), "policy_failures",
                     integer(counters->policy_failures));
}

/* Questions to points rules that failed and are not asked again yet. */
static uint32_t n_withheld(const struct query *query) {
    return withheld_last(query->view) - withheld_done(query->view);
}

static int counts_json(struct query *query, json_t **ret_counts) {
    static const enum noun nouns[] = {NOUN_REGION, NOUN_ORGANISATION, NOUN_VOLUNTEER, NOUN_ACTIVITY,
                                      NOUN_RECORD};
    json_t *counts = json_object();
    int result = 0;
    for (size_t i = 0; i < sizeof nouns / sizeof *nouns && result == 0; i++) {
        uint32_t count = 0;
        result = thing_count(query->view, nouns[i], &count);
        json_object_set_new(counts, noun_info(nouns[i])->name, integer(count));
    }
    json_object_set_new(counts, "held", integer(view_rows(query->view, TABLE_HELD)));
    json_object_set_new(counts, "points_withheld", integer(n_withheld(query)));
    *ret_counts = counts;
    return result < 0 ? result : 0;
}

/* Of each account: what everybody has and owes, and the counter-accounts. They sum to zero, what is
 * owed counted negative. */
static int ledger_json(const struct query *query, json_t **ret_ledger) {
    uint32_t n = dictionary_count(query->view, DICTIONARY_ACCOUNT);
    json_t *ledger = json_array();
    int result = 0;
    for (uint32_t i = 0; result >= 0 && i < n; i++) {
        struct dictionary_code account;
        struct ledger_row row;
        result = dictionary_at(query->view, DICTIONARY_ACCOUNT, i, &account);
        if (result == 0)
            result = ledger_get(query->view, i, &row);
        if (result != 0)
            continue; /* nothing was posted */
        json_t *sums = json_pack("{s:o, s:I, s:I}", "account", json_from_str(account.code),
                                 "persons", (json_int_t)row.persons, "owed", (json_int_t)row.owed);
        for (int counter = 0; counter < LEDGER_COUNTERS; counter++)
            json_object_set_new(sums, ledger_counter_text((enum ledger_counter)counter),
                                json_integer(row.counters[counter]));
        json_array_append_new(ledger, sums);
    }
    *ret_ledger = ledger;
    return result < 0 ? result : 0;
}

static json_t *warnings_json(const struct query *query, const struct engine_counters *counters,
                             const char *reason) {
    json_t *warnings = json_array();
    if (query->services->clock_from_events)
        json_array_append_new(warnings,
                              json_string("the clock follows the events: recorded times are "
                                          "those of the events, not of this machine"));
    if (reason)
        json_array_append_new(warnings, json_sprintf("read-only: %s", reason));
    if (counters->policy_failures)
        json_array_append_new(warnings,
                              json_sprintf("%" PRIu64 " policy calls failed since the start: "
                                           "the log says which",
                                           counters->policy_failures));
    if (n_withheld(query))
        json_array_append_new(warnings,
                              json_sprintf("a points rule failed and %u of its answers are "
                                           "missing: mend it and activate it again, effective "
                                           "from the day of the first failure",
                                           n_withheld(query)));
    return warnings;
}

static void put_bus(const struct query *query, json_t *status) {
    struct bus_counters counters;
    bus_counters(query->services->bus, &counters);
    json_object_set_new(status, "messages", integer(counters.messages));
    json_object_set_new(status, "refused_messages", integer(counters.refused_messages));
    json_object_set_new(status, "feed",
                        json_pack("{s:o, s:o}", "published", integer(counters.published),
                                  "subscribers", integer(counters.subscriptions)));
    json_object_set_new(status, "turned_away_connections", integer(accept_turned_away()));
    json_object_set_new(status, "dropped_acks", integer(counters.dropped_acks));
    json_object_set_new(status, "dropped_answers", integer(counters.queries.dropped));
    json_object_set_new(status, "closed_connections", integer(counters.closed_connections));
}

static void put_state(const struct query *query, json_t *status,
                      const struct engine_counters *counters) {
    const struct services *services = query->services;
    const char *reason = engine_read_only_reason(services->engine);
    json_object_set_new(status, "state", json_string(reason ? "read_only" : "running"));
    if (reason)
        json_object_set_new(status, "reason", json_string(reason));
    json_object_set_new(status, "events", events_json(counters));
    json_object_set_new(status, "queue_bytes", integer(counters->queue_bytes));
    json_object_set_new(status, "frames", integer(counters->frames));
    json_object_set_new(status, "journal_bytes", integer(journal_bytes(services->journal)));
    json_object_set_new(status, "store_bytes", integer(store_bytes(services->store)));
    json_object_set_new(status, "warnings", warnings_json(query, counters, reason));
}

static json_t *head_json(const struct query *query, const struct engine_counters *counters) {
    const struct services *services = query->services;
    struct journal_head head = journal_head(services->journal);
    char epoch[20];
    epoch_format(head.epoch, epoch);
    int64_t now_us = services->io->now_us(services->io->self);
    return json_pack("{s:s, s:s, s:o, s:o, s:o, s:o, s:o, s:I}", "version", services->version,
                     "epoch", epoch, "sequence", integer(head.sequence), "committed",
                     integer(view_head(query->view).sequence), "city", city_json(query), "clock",
                     clock_json(query, counters->recorded_us), "started",
                     json_from_time(query, services->started_us), "uptime_s",
                     (json_int_t)((now_us - services->started_us) / MICROSECONDS));
}

/* The city's; NULL before it is defined. */
static int alerts_json(struct query *query, json_t **ret_alerts) {
    int64_t open = 0, acknowledged = 0;
    uint32_t city;
    *ret_alerts = NULL;
    int r = alert_city_region(query->view, &city);
    if (r == 0)
        r = counter_value(query->view, COUNTER_NOW, NOUN_REGION, city, COUNTER_alerts_open, &open);
    if (r == 0)
        r = counter_value(query->view, COUNTER_NOW, NOUN_REGION, city, COUNTER_alerts_acknowledged,
                          &acknowledged);
    if (r == 0)
        *ret_alerts = json_pack("{s:I, s:I}", "open", (json_int_t)open, "acknowledged",
                                (json_int_t)acknowledged);
    return r < 0 ? r : 0;
}

int query_status(struct query *query, json_t **ret_result) {
    struct engine_counters counters;
    json_t *counts = NULL, *ledger = NULL, *runs = NULL, *emergencies = NULL;
    json_t *alerts = NULL;
    engine_counters(query->services->engine, &counters);
    int result = counts_json(query, &counts);
    if (result == 0)
        result = runs_under_way(query, &runs);
    if (result == 0)
        result = ledger_json(query, &ledger);
    if (result == 0)
        result = emergencies_in_force(query, &emergencies);
    if (result == 0)
        result = alerts_json(query, &alerts);
    json_t *status = head_json(query, &counters);
    put_state(query, status, &counters);
    put_bus(query, status);
    json_object_set_new(status, "counts", counts);
    if (runs)
        json_object_set_new(status, "runs", runs);
    if (ledger)
        json_object_set_new(status, "ledger", ledger);
    if (emergencies)
        json_object_set_new(status, "emergencies", emergencies);
    if (alerts)
        json_object_set_new(status, "alerts", alerts);
    json_t *plugins = plugins_summary(query->services->plugins);
    if (plugins)
        json_object_set_new(status, "plugins", plugins);
    *ret_result = status;
    return result;
}
