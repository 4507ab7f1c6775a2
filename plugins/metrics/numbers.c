#include "numbers.h"

#include <stdio.h>
#include <string.h>

#define MICRO 6   /* microseconds as seconds */
#define PARTS 4   /* parts per ten thousand as a ratio */
#define PERCENT 2 /* per cent as a ratio */
#define FOR_MINUTES 60
#define LABELS_MOST 3
#define PLUGINS_MOST 64 /* whose own counters are shown */

/* One number: `group`.`member` of what is shown. */
struct number {
    const char *name;
    const char *type;
    const char *group; /* NULL: the member stands at the top */
    const char *member;
    unsigned decimals;
    int64_t times; /* 0: once */
    const char *help;
};

static const struct number of_daemon[] = {
    {"volunteerd_start_time_seconds", "gauge", "process", "started_us", MICRO, 0,
     "When the daemon started, seconds since 1970."},
    {"volunteerd_cpu_seconds_total", "counter", "process", "cpu_us", MICRO, 0,
     "Processor time of the daemon, user and system."},
    {"volunteerd_resident_memory_bytes", "gauge", "process", "resident_bytes", 0, 0,
     "Memory of the daemon that is in use."},

    {"volunteerd_journal_head_sequence", "gauge", "journal", "head", 0, 0,
     "Sequence of the last durable record."},
    {"volunteerd_journal_committed_sequence", "gauge", "journal", "committed", 0, 0,
     "Sequence up to which the state is committed."},
    {"volunteerd_journal_bytes", "gauge", "journal", "bytes", 0, 0,
     "Bytes of all segments on disk, compressed and plain."},
    {"volunteerd_journal_segments", "gauge", "journal", "segments", 0, 0,
     "Segments of the journal."},
    {"volunteerd_journal_archived_segments", "gauge", "journal", "archived", 0, 0,
     "Segments that are compressed."},
    {"volunteerd_journal_frames_total", "counter", "journal", "frames", 0, 0,
     "Frames written, each a group of events with one sync."},
    {"volunteerd_journal_idle_seconds", "gauge", "journal", "idle_us", MICRO, 0,
     "Since the last frame became durable; absent before the first."},

    {"volunteerd_store_map_bytes", "gauge", "store", "map_bytes", 0, 0,
     "How large the state's file may become (store.map_size_gib)."},
    {"volunteerd_store_used_bytes", "gauge", "store", "used_bytes", 0, 0,
     "Size of the state's file, with what is free within."},
    {"volunteerd_store_free_bytes", "gauge", "store", "free_bytes", 0, 0,
     "Of that, what the next checkpoints may use."},
    {"volunteerd_store_checkpoints_total", "counter", "store", "checkpoints", 0, 0,
     "Checkpoints committed."},
    {"volunteerd_store_checkpoint_seconds_total", "counter", "store", "checkpoints_us", MICRO, 0,
     "Time that checkpoints took."},
    {"volunteerd_store_last_checkpoint_seconds", "gauge", "store", "last_checkpoint_us", MICRO, 0,
     "Time that the last checkpoint took."},
    {"volunteerd_store_pending_bytes", "gauge", "store", "pending_bytes", 0, 0,
     "Changed rows that wait for the next checkpoint."},
    {"volunteerd_store_readers", "gauge", "store", "readers", 0, 0,
     "Snapshots that are open, in this and other processes."},
    {"volunteerd_store_readers_limit", "gauge", "store", "readers_limit", 0, 0,
     "How many snapshots may be open."},

    {"volunteerd_disk_free_bytes", "gauge", "disk", "free_bytes", 0, 0,
     "Free space of the file system that data_dir is on."},
    {"volunteerd_disk_size_bytes", "gauge", "disk", "total_bytes", 0, 0,
     "Size of that file system."},
    {"volunteerd_disk_reserve_bytes", "gauge", "disk", "reserve_bytes", 0, 0,
     "With less free space the daemon is read-only (limits.disk_reserve_mib)."},

    {"volunteerd_bus_messages_total", "counter", "bus", "messages", 0, 0,
     "Messages taken from publishers."},
    {"volunteerd_bus_refused_messages_total", "counter", "bus", "refused_messages", 0, 0,
     "Messages refused as a whole: no JSON, no event, too large."},
    {"volunteerd_bus_dropped_acks_total", "counter", "bus", "dropped_acks", 0, 0,
     "Acknowledgements that their publisher did not take."},
    {"volunteerd_bus_dropped_answers_total", "counter", "bus", "dropped_answers", 0, 0,
     "Answers to questions that nobody took."},
    {"volunteerd_bus_answers_total", "counter", "bus", "answered", 0, 0,
     "Questions answered on the query socket."},
    {"volunteerd_bus_published_total", "counter", "bus", "published", 0, 0,
     "Events published on the feed."},
    {"volunteerd_bus_subscriptions", "gauge", "bus", "subscribers", 0, 0,
     "Subscriptions of the feed."},
    {"volunteerd_bus_connections", "gauge", "bus", "connections", 0, 0,
     "Connections to the three sockets."},
    {"volunteerd_bus_accepted_connections_total", "counter", "bus", "accepted_connections", 0, 0,
     "Connections that were accepted."},
    {"volunteerd_bus_closed_connections_total", "counter", "bus", "closed_connections", 0, 0,
     "Connections closed because they passed a limit."},
    {"volunteerd_bus_turned_away_connections_total", "counter", "bus", "turned_away_connections", 0,
     0, "Connections turned away for lack of descriptors or places."},
    {"volunteerd_bus_waiting_questions", "gauge", "bus", "waiting_questions", 0, 0,
     "Questions that no thread has begun."},
    {"volunteerd_bus_parked_questions", "gauge", "bus", "parked_questions", 0, 0,
     "Long polls that wait for something to happen."},
    {"volunteerd_bus_question_bytes", "gauge", "bus", "question_bytes", 0, 0,
     "Bytes of the questions that are not answered."},

    {"volunteerd_read_only", "gauge", "engine", "read_only", 0, 0,
     "1 while the daemon takes no events."},
    {"volunteerd_decisions_total", "counter", "engine", "decisions", 0, 0,
     "Decisions of the policies that were stored."},
    {"volunteerd_engine_queue_bytes", "gauge", "engine", "queue_bytes", 0, 0,
     "Events that wait for the engine."},
    {"volunteerd_recorded_time_seconds", "gauge", "engine", "recorded_us", MICRO, 0,
     "Recorded time of the last event, seconds since 1970."},
    {"volunteerd_policy_instruction_limit", "gauge", "policies", "instruction_limit", 0, 0,
     "Instructions that a call of a policy may use (policies.instruction_limit)."},
    {"volunteerd_points_withheld", "gauge", NULL, "points_withheld", 0, 0,
     "Answers of points rules that failed and are to be asked again."},
};

/* Of a list: one sample for each item, with these labels of it. */
struct series {
    struct {
        const char *name, *member;
    } labels[LABELS_MOST]; /* name NULL: no more */
    const struct number *numbers;
    size_t n_numbers;
};

static const struct number of_revision[] = {
    {"volunteerd_policy_calls_total", "counter", NULL, "calls", 0, 0,
     "Questions that the engine asked this revision."},
    {"volunteerd_policy_known_total", "counter", NULL, "known", 0, 0,
     "Of those, answered without running Lua, because the facts were known."},
    {"volunteerd_policy_failures_total", "counter", NULL, "failures", 0, 0,
     "Calls that failed: an error, a budget that was spent, a wrong result."},
    {"volunteerd_policy_runs_total", "counter", NULL, "runs", 0, 0, "Runs of Lua."},
    {"volunteerd_policy_run_seconds_total", "counter", NULL, "runs_us", MICRO, 0,
     "Time of all runs; each is measured."},
    {"volunteerd_policy_longest_run_seconds", "gauge", NULL, "longest_us", MICRO, 0,
     "The longest run since the start."},
    {"volunteerd_policy_instructions_total", "counter", NULL, "instructions", 0, 0,
     "Instructions of all runs, counted by the thousand."},
    {"volunteerd_policy_most_instructions", "gauge", NULL, "most_instructions", 0, 0,
     "Of one run, the most since the start."},
};
static const struct series revisions = {
    {{"policy", "policy"}, {"revision", "revision"}, {"kind", "kind"}},
    of_revision,
    sizeof of_revision / sizeof *of_revision};

static const struct number of_account[] = {
    {"volunteerd_ledger_sum", "gauge", NULL, "sum", 0, 0,
     "All postings of the account; anything but 0 is an error of volunteerd."},
};
static const struct series accounts = {{{"account", "account"}}, of_account, 1};

static const struct number of_run[] = {
    {"volunteerd_run_judged", "gauge", NULL, "judged", 0, 0, "How many an open run has come to."},
    {"volunteerd_run_size", "gauge", NULL, "total", 0, 0, "How many it has to come to."},
};
static const struct series runs = {
    {{"kind", "kind"}, {"cause", "cause"}}, of_run, sizeof of_run / sizeof *of_run};

static const struct number of_plugin[] = {
    {"volunteerd_plugin_restarts_total", "counter", NULL, "restarts", 0, 0,
     "How often the plugin's process was started again."},
    {"volunteerd_plugin_memory_bytes", "gauge", NULL, "memory_bytes", 0, 0,
     "Memory of the plugin's process."},
    {"volunteerd_plugin_cpu_ratio", "gauge", NULL, "cpu_percent", PERCENT, 0,
     "Share of one processor that it uses."},
    {"volunteerd_plugin_behind_events", "gauge", NULL, "behind", 0, 0,
     "Records of the journal that a plugin which follows it is not done with."},
    {"volunteerd_plugin_published_total", "counter", NULL, "published", 0, 0,
     "Events of the plugin that were stored."},
    {"volunteerd_plugin_rejected_total", "counter", NULL, "rejected", 0, 0,
     "Events of the plugin that were rejected."},
};
static const struct series plugins_shown = {
    {{"plugin", "name"}}, of_plugin, sizeof of_plugin / sizeof *of_plugin};

static const struct number of_city[] = {
    {"volunteerd_city_volunteers", "gauge", "city", "volunteers", 0, 0,
     "Registered volunteers (注册志愿者)."},
    {"volunteerd_city_residents", "gauge", "city", "built_up_residents", 0, 0,
     "Residents of the built-up area, as reported (建成区常住人口)."},
    {"volunteerd_city_registered_ratio", "gauge", "city", "rate", PARTS, 0,
     "Registered volunteers to those residents; the city's goal: over 0.13."},
    {"volunteerd_city_titled_units", "gauge", "city", "units", 0, 0,
     "Organisations with the title of the city's level or above (市级及以上文明单位)."},
    {"volunteerd_city_titled_units_without_staff", "gauge", "city", "units_without_staff", 0, 0,
     "Of those, the ones whose number of staff nobody has reported."},
    {"volunteerd_city_unit_staff", "gauge", "city", "unit_staff", 0, 0,
     "Staff of those units (干部职工)."},
    {"volunteerd_city_unit_volunteers", "gauge", "city", "unit_volunteers", 0, 0,
     "Registered volunteers whom those units employ."},
    {"volunteerd_city_unit_ratio", "gauge", "city", "unit_rate", PARTS, 0,
     "Those volunteers to that staff; the city's goal: over 0.5."},
    {"volunteerd_city_party_members", "gauge", "city", "party_members", 0, 0,
     "Party members in service, as reported (在职党员)."},
    {"volunteerd_city_party_volunteers", "gauge", "city", "in_service_party_members", 0, 0,
     "Party members in service who are registered."},
    {"volunteerd_city_party_ratio", "gauge", "city", "party_rate", PARTS, 0,
     "Those to all in service; the city's goal: over 0.9."},
    {"volunteerd_city_stations_planned", "gauge", "city", "stations_planned", 0, 0,
     "Stations that are not closed (服务站点)."},
    {"volunteerd_city_stations_built", "gauge", "city", "stations_built", 0, 0,
     "Of those, built (建成)."},
    {"volunteerd_city_stations_opened", "gauge", "city", "stations_opened", 0, 0,
     "Of those, in use (投入使用)."},
    {"volunteerd_city_records", "gauge", "city", "records", 0, 0,
     "Service records that are accepted."},
    {"volunteerd_city_held_records", "gauge", "city", "held", 0, 0,
     "Service records that wait for a reviewer (待审核)."},
    {"volunteerd_city_service_seconds", "gauge", "city", "minutes", 0, FOR_MINUTES,
     "Accepted time of service."},
    {"volunteerd_city_activities", "gauge", "city", "activities", 0, 0,
     "Activities that were published and not cancelled."},
    {"volunteerd_city_teams", "gauge", "city", "teams", 0, 0,
     "Teams that were formed and not dissolved."},
    {"volunteerd_city_needs_open", "gauge", "city", "needs_open", 0, 0,
     "Needs that are not closed."},
    {"volunteerd_city_alerts_open", "gauge", "city", "alerts_open", 0, 0,
     "Alerts of the city that are not cleared."},
};

/* ---- one number ---- */

static bool is_number(struct vol_core *core, const struct vol_value *value) {
    enum vol_kind kind = vol_kind_of(core, value);
    return kind == VOL_INTEGER || kind == VOL_BOOLEAN;
}

static int64_t number_of(struct vol_core *core, const struct vol_value *value,
                         const struct number *number) {
    return vol_integer(core, value, 0) * (number->times ? number->times : 1);
}

static void put_numbers(struct vol_core *core, const struct vol_value *metrics,
                        const struct number *numbers, size_t n, struct exposition *exposition) {
    for (size_t i = 0; i < n; i++) {
        const struct number *number = &numbers[i];
        const struct vol_value *group =
            number->group ? vol_member(core, metrics, number->group) : metrics;
        const struct vol_value *value = vol_member(core, group, number->member);
        if (!is_number(core, value))
            continue;
        exposition_family(exposition, number->name, number->type, number->help);
        exposition_sample(exposition, number_of(core, value, number), number->decimals);
    }
}

/* ---- lists ---- */

/* A label's value: a text, or a number as text. */
static void put_label(struct vol_core *core, const struct vol_value *item, const char *name,
                      const char *member, struct exposition *exposition) {
    const struct vol_value *value = vol_member(core, item, member);
    char text[32];
    if (vol_kind_of(core, value) == VOL_INTEGER)
        exposition_label(exposition, name, exposition_number(vol_integer(core, value, 0), 0, text));
    else
        exposition_label(exposition, name, vol_text(core, value));
}

static void put_item(struct vol_core *core, const struct vol_value *item,
                     const struct series *series, const struct number *number,
                     struct exposition *exposition) {
    const struct vol_value *value = vol_member(core, item, number->member);
    if (!is_number(core, value))
        return;
    exposition_begin(exposition, "");
    for (size_t i = 0; i < LABELS_MOST && series->labels[i].name; i++)
        put_label(core, item, series->labels[i].name, series->labels[i].member, exposition);
    exposition_value(exposition, number_of(core, value, number), number->decimals);
}

/* All samples of a family stand together. */
static void put_list(struct vol_core *core, const struct vol_value *list,
                     const struct series *series, struct exposition *exposition) {
    size_t n_items = vol_length(core, list);
    for (size_t i = 0; n_items > 0 && i < series->n_numbers; i++) {
        const struct number *number = &series->numbers[i];
        exposition_family(exposition, number->name, number->type, number->help);
        for (size_t item = 0; item < n_items; item++)
            put_item(core, vol_item(core, list, item), series, number, exposition);
    }
}

/* ---- what has a form of its own ---- */

static void put_version(struct vol_core *core, const struct vol_value *metrics,
                        struct exposition *exposition) {
    exposition_family(exposition, "volunteerd_build_info", "gauge", "1; the version is its label.");
    exposition_begin(exposition, "");
    put_label(core, metrics, "version", "version", exposition);
    exposition_value(exposition, 1, 0);
}

static void put_syncs(struct vol_core *core, const struct vol_value *journal,
                      struct exposition *exposition) {
    const struct vol_value *bounds = vol_member(core, journal, "sync_bounds_us");
    const struct vol_value *within = vol_member(core, journal, "syncs_within");
    const struct vol_value *n = vol_member(core, journal, "syncs");
    char text[32];
    exposition_family(exposition, "volunteerd_journal_sync_seconds", "histogram",
                      "How long it took to make a frame durable.");
    for (size_t i = 0; i < vol_length(core, bounds); i++) {
        int64_t bound_us = vol_integer(core, vol_item(core, bounds, i), 0);
        exposition_begin(exposition, "_bucket");
        exposition_label(exposition, "le", exposition_number(bound_us, MICRO, text));
        exposition_value(exposition, vol_integer(core, vol_item(core, within, i), 0), 0);
    }
    exposition_begin(exposition, "_bucket");
    exposition_label(exposition, "le", "+Inf");
    exposition_value(exposition, vol_integer(core, n, 0), 0);
    exposition_begin(exposition, "_sum");
    exposition_value(exposition, vol_integer(core, vol_member(core, journal, "syncs_us"), 0),
                     MICRO);
    exposition_begin(exposition, "_count");
    exposition_value(exposition, vol_integer(core, n, 0), 0);
}

/* 0 where no snapshot holds anything. */
static void put_oldest(struct vol_core *core, const struct vol_value *store,
                       struct exposition *exposition) {
    const struct vol_value *oldest = vol_member(core, store, "oldest_reader");
    exposition_family(exposition, "volunteerd_store_oldest_reader_seconds", "gauge",
                      "For how long the oldest snapshot has held what the state has gone on from.");
    exposition_sample(exposition, vol_integer(core, vol_member(core, oldest, "held_us"), 0), MICRO);
    exposition_family(exposition, "volunteerd_store_oldest_reader_checkpoints", "gauge",
                      "Checkpoints since that snapshot.");
    exposition_sample(exposition, vol_integer(core, vol_member(core, oldest, "behind"), 0), 0);
    if (vol_kind_of(core, oldest) != VOL_OBJECT)
        return;
    exposition_family(exposition, "volunteerd_store_oldest_reader_info", "gauge",
                      "1; whose that snapshot is.");
    exposition_begin(exposition, "");
    put_label(core, oldest, "process", "process", exposition);
    put_label(core, oldest, "pid", "pid", exposition);
    exposition_value(exposition, 1, 0);
}

static void put_events(struct vol_core *core, const struct vol_value *engine,
                       struct exposition *exposition) {
    static const char *const outcomes[] = {"stored", "duplicate", "rejected"};
    exposition_family(exposition, "volunteerd_events_total", "counter",
                      "Events that the engine looked at, by what became of them.");
    for (size_t i = 0; i < sizeof outcomes / sizeof *outcomes; i++) {
        exposition_begin(exposition, "");
        exposition_label(exposition, "outcome", outcomes[i]);
        exposition_value(exposition, vol_integer(core, vol_member(core, engine, outcomes[i]), 0),
                         0);
    }
}

/* The codes that the daemon may answer, so that each series is there before it first moves. */
static void put_rejected(struct vol_core *core, const struct vol_value *bus,
                         struct exposition *exposition) {
    static const char *const codes[] = {"malformed_json",
                                        "not_an_event",
                                        "unsupported_specversion",
                                        "unknown_type",
                                        "missing_field",
                                        "unknown_field",
                                        "wrong_type",
                                        "out_of_range",
                                        "too_long",
                                        "bad_time",
                                        "in_future",
                                        "not_in_dictionary",
                                        "identity_known",
                                        "bad_identity_number",
                                        "bad_credit_code",
                                        "identity_in_identifier",
                                        "unknown_thing",
                                        "already_exists",
                                        "id_conflict",
                                        "not_allowed",
                                        "self_review",
                                        "consent_missing",
                                        "wrong_state",
                                        "no_places",
                                        "insufficient_points",
                                        "out_of_stock",
                                        "policy_refused",
                                        "busy",
                                        "read_only",
                                        "too_large",
                                        "epoch_changed"};
    const struct vol_value *rejected = vol_member(core, bus, "rejected_as");
    exposition_family(exposition, "volunteerd_events_rejected_total", "counter",
                      "Events that publishers were refused, by the code that they were told; "
                      "unknown_thing: every unknown_<noun>.");
    for (size_t i = 0; i < sizeof codes / sizeof *codes; i++) {
        exposition_begin(exposition, "");
        exposition_label(exposition, "code", codes[i]);
        exposition_value(exposition, vol_integer(core, vol_member(core, rejected, codes[i]), 0), 0);
    }
}

static void put_reason(struct vol_core *core, const struct vol_value *engine,
                       struct exposition *exposition) {
    const char *reason = vol_text(core, vol_member(core, engine, "reason"));
    if (!reason)
        return;
    exposition_family(exposition, "volunteerd_read_only_info", "gauge",
                      "1; why the daemon is read-only.");
    exposition_begin(exposition, "");
    exposition_label(exposition, "reason", reason);
    exposition_value(exposition, 1, 0);
}

static void put_open_runs(struct vol_core *core, const struct vol_value *list,
                          struct exposition *exposition) {
    exposition_family(exposition, "volunteerd_runs_open", "gauge",
                      "Runs over many people or records that are not complete.");
    exposition_sample(exposition, (int64_t)vol_length(core, list), 0);
}

/* ---- plugins ---- */

/* One sample for each state, 1 for the one it is in: what changes is never a label's value. */
static void put_states(struct vol_core *core, const struct vol_value *plugins,
                       struct exposition *exposition) {
    static const char *const states[] = {"starting", "running", "waiting", "quarantined",
                                         "refused",  "stopped", "stopping"};
    exposition_family(exposition, "volunteerd_plugin_state", "gauge",
                      "1 for the state that the plugin is in.");
    for (size_t i = 0; i < vol_length(core, plugins); i++) {
        const struct vol_value *plugin = vol_item(core, plugins, i);
        const char *state = vol_text(core, vol_member(core, plugin, "state"));
        for (size_t s = 0; s < sizeof states / sizeof *states; s++) {
            exposition_begin(exposition, "");
            put_label(core, plugin, "plugin", "name", exposition);
            exposition_label(exposition, "state", states[s]);
            exposition_value(exposition, state && !strcmp(state, states[s]), 0);
        }
    }
}

/* Which counters it has, and which of them are gauges, stands in what it declares. */
static const struct vol_value *ask_declared(struct vol_core *core, const struct vol_value *plugin) {
    const char *name = vol_text(core, vol_member(core, plugin, "name"));
    const char *parameters = name ? vol_json(core, "{s:s}", "plugin", name) : NULL;
    return parameters ? vol_ask(core, "plugin.get", parameters) : NULL;
}

/* What plugins count by themselves: of all of them in one family, since their names are theirs. */
static void put_counted(struct vol_core *core, const struct vol_value *const *plugins, size_t n,
                        bool gauges, struct exposition *exposition) {
    exposition_family(exposition,
                      gauges ? "volunteerd_plugin_level" : "volunteerd_plugin_counted_total",
                      gauges ? "gauge" : "counter",
                      gauges ? "Gauges that plugins declare, by their own names."
                             : "Counters that plugins declare, by their own names.");
    for (size_t i = 0; i < n; i++) {
        const struct vol_value *declared = vol_member(core, plugins[i], "counter_help");
        const struct vol_value *numbers = vol_member(core, plugins[i], "counters");
        for (size_t c = 0; c < vol_length(core, declared); c++) {
            const struct vol_value *counter = vol_item(core, declared, c);
            const char *name = vol_text(core, vol_member(core, counter, "name"));
            if (!name || (vol_integer(core, vol_member(core, counter, "gauge"), 0) != 0) != gauges)
                continue;
            exposition_begin(exposition, "");
            put_label(core, plugins[i], "plugin", "name", exposition);
            exposition_label(exposition, "name", name);
            exposition_value(exposition, vol_integer(core, vol_member(core, numbers, name), 0), 0);
        }
    }
}

static void put_plugins(struct vol_core *core, const struct vol_value *plugins,
                        struct exposition *exposition) {
    const struct vol_value *declared[PLUGINS_MOST];
    size_t n = vol_length(core, plugins);
    if (n == 0)
        return;
    put_states(core, plugins, exposition);
    put_list(core, plugins, &plugins_shown, exposition);
    n = n < PLUGINS_MOST ? n : PLUGINS_MOST;
    for (size_t i = 0; i < n; i++)
        declared[i] = ask_declared(core, vol_item(core, plugins, i));
    put_counted(core, declared, n, false, exposition);
    put_counted(core, declared, n, true, exposition);
}

void numbers_put(struct vol_core *core, const struct vol_value *metrics,
                 const struct vol_value *plugins, bool indicators, struct exposition *exposition) {
    const struct vol_value *open_runs = vol_member(core, metrics, "runs");
    const struct vol_value *engine = vol_member(core, metrics, "engine");
    put_version(core, metrics, exposition);
    put_numbers(core, metrics, of_daemon, sizeof of_daemon / sizeof *of_daemon, exposition);
    put_syncs(core, vol_member(core, metrics, "journal"), exposition);
    put_oldest(core, vol_member(core, metrics, "store"), exposition);
    put_reason(core, engine, exposition);
    put_events(core, engine, exposition);
    put_rejected(core, vol_member(core, metrics, "bus"), exposition);
    put_list(core, vol_member(core, vol_member(core, metrics, "policies"), "revisions"), &revisions,
             exposition);
    put_list(core, vol_member(core, metrics, "ledger"), &accounts, exposition);
    put_open_runs(core, open_runs, exposition);
    put_list(core, open_runs, &runs, exposition);
    put_plugins(core, plugins, exposition);
    if (indicators)
        put_numbers(core, metrics, of_city, sizeof of_city / sizeof *of_city, exposition);
}
