/* status: how the daemon is, on one page. */
#include "commands.h"
#include "run_text.h"
#include "table.h"
#include "value.h"

static void pair(struct table *table, const char *name, const char *value) {
    table_row(table, NULL);
    table_text(table, 0, name);
    table_text(table, 1, value);
    table_colour(table, 0, COLOUR_DIM);
}

/* "stored 1,234   rejected 5": the members that are there, by their labels. */
static void counts_row(struct table *table, const struct terminal *terminal, const char *name,
                       const json_t *counts, const char *const (*labels)[2], size_t n) {
    BUF_AUTO text = {0};
    char number[TEXT_SIZE];
    for (size_t i = 0; i < n; i++) {
        if (!has_at(counts, labels[i][0]))
            continue;
        number_text(integer_at(counts, labels[i][0]), terminal->out, number);
        buf_printf(&text, "%s%s %s", text.size ? "   " : "", _(labels[i][1]), number);
    }
    pair(table, name, buf_text(&text));
}

static void heading_print(const struct call *call, const json_t *status) {
    const struct terminal *terminal = &call->terminal;
    bool running = strcmp(text_at(status, "state"), "running") == 0;
    printf("%s", colour_code(terminal, COLOUR_STRONG));
    print("volunteerd %s", text_at(status, "version"));
    printf("%s  %s● ", colour_code(terminal, COLOUR_PLAIN),
           colour_code(terminal, running ? COLOUR_GOOD : COLOUR_BAD));
    print("%s", running ? _("running") : _("read only"));
    printf("%s", colour_code(terminal, COLOUR_PLAIN));
    print("\n");
    if (!running && *text_at(status, "reason"))
        print_line("%s%s", _("why: "), text_at(status, "reason"));
    printf("\n");
}

static void city_row(struct table *table, const json_t *status) {
    const json_t *city = json_object_get(status, "city");
    BUF_AUTO text = {0};
    if (json_is_object(city))
        buf_printf(&text, "%s %s (%s)", text_at(city, "name"), text_at(city, "region"),
                   text_at(city, "time_zone"));
    else
        buf_put_str(&text, str_from(_("none yet")));
    pair(table, _("city"), buf_text(&text));
}

static void clock_row(struct table *table, const json_t *status) {
    const json_t *clock = json_object_get(status, "clock");
    char moment[TEXT_SIZE];
    BUF_AUTO text = {0};
    bool events = strcmp(text_at(clock, "mode"), "events") == 0;
    moment_text(text_at(clock, "recorded_time"), moment);
    buf_printf(&text, "%s  %s", moment,
               events ? _("(follows the events: simulation or history)") : _("(system)"));
    pair(table, _("clock"), buf_text(&text));
    if (events)
        table_colour(table, 1, COLOUR_WARN);
}

static void position_rows(struct table *table, const struct call *call, const json_t *status) {
    char sequence[TEXT_SIZE], behind[TEXT_SIZE], up[TEXT_SIZE], since[TEXT_SIZE];
    BUF_AUTO text = {0};
    int64_t head = integer_at(status, "sequence");
    int64_t committed = integer_at(status, "committed");
    number_text(head, call->terminal.out, sequence);
    number_text(head > committed ? head - committed : 0, call->terminal.out, behind);
    buf_printf(&text, _("%s durable   %s not yet in the store   epoch %s"), sequence, behind,
               text_at(status, "epoch"));
    pair(table, _("journal"), buf_text(&text));
    buf_reset(&text);
    duration_text(integer_at(status, "uptime_s"), up);
    buf_printf(&text, _("%s, since %s"), up, moment_text(text_at(status, "started"), since));
    pair(table, _("up"), buf_text(&text));
}

static void size_row(struct table *table, const json_t *status) {
    char journal[TEXT_SIZE], store[TEXT_SIZE], queue[TEXT_SIZE];
    BUF_AUTO text = {0};
    buf_printf(&text, _("journal %s   store %s   waiting to be decided %s"),
               bytes_text(integer_at(status, "journal_bytes"), journal),
               bytes_text(integer_at(status, "store_bytes"), store),
               bytes_text(integer_at(status, "queue_bytes"), queue));
    pair(table, _("size"), buf_text(&text));
}

/* One line for each run that is under way. */
static void run_rows(struct table *table, const struct call *call, const json_t *status) {
    size_t i;
    json_t *run;
    json_array_foreach(json_object_get(status, "runs"), i, run) {
        BUF_AUTO text = {0};
        run_text(&call->terminal, run, &text);
        pair(table, i == 0 ? _("under way") : "", buf_text(&text));
    }
}

/* One line for each emergency that is in force. */
static void emergency_rows(struct table *table, const json_t *status) {
    size_t i;
    json_t *emergency;
    json_array_foreach(json_object_get(status, "emergencies"), i, emergency) {
        BUF_AUTO text = {0};
        char since[TEXT_SIZE];
        buf_printf(&text, _("%s in %s, since %s"), text_at(emergency, "emergency"),
                   text_at(emergency, "region"),
                   moment_text(text_at(emergency, "declared_at"), since));
        pair(table, i == 0 ? _("emergency") : "", buf_text(&text));
        table_colour(table, 1, COLOUR_WARN);
    }
}

/* One line where any is open. */
static void alert_row(struct table *table, const json_t *status) {
    const json_t *alerts = json_object_get(status, "alerts");
    int64_t open = integer_at(alerts, "open");
    BUF_AUTO text = {0};
    if (!open)
        return;
    buf_printf(&text, _("%lld open, %lld of them acknowledged (volunteerctl alert list)"),
               (long long)open, (long long)integer_at(alerts, "acknowledged"));
    pair(table, _("alerts"), buf_text(&text));
    table_colour(table, 1, COLOUR_WARN);
}

/* One line where any is configured. */
static void plugins_row(struct table *table, const json_t *status) {
    const json_t *plugins = json_object_get(status, "plugins");
    const json_t *quarantined = json_object_get(plugins, "quarantined");
    int64_t running = integer_at(plugins, "running"), other = integer_at(plugins, "other");
    BUF_AUTO text = {0};
    if (running + other == 0)
        return;
    buf_printf(&text, _("%lld running"), (long long)running);
    if (other)
        buf_printf(&text, _("   %lld not (volunteerctl plugin list)"), (long long)other);
    if (json_array_size(quarantined)) {
        buf_printf(&text, "   %s ", _("quarantined:"));
        value_line(quarantined, &text);
    }
    pair(table, _("plugins"), buf_text(&text));
    if (other)
        table_colour(table, 1, json_array_size(quarantined) ? COLOUR_BAD : COLOUR_WARN);
}

static void warning_print(const struct call *call, const char *text) {
    printf("%s", colour_code(&call->terminal, COLOUR_WARN));
    print_line("%s%s", _("warning: "), text);
    printf("%s", colour_code(&call->terminal, COLOUR_PLAIN));
}

static void warnings_print(const struct call *call, const json_t *status) {
    const json_t *warnings = json_object_get(status, "warnings");
    int64_t dropped = integer_at(status, "dropped_acks");
    if (dropped > 0 || json_array_size(warnings) > 0)
        printf("\n");
    if (dropped > 0) {
        char text[2 * TEXT_SIZE];
        snprintf(text, sizeof text, _("%lld acknowledgements were not taken by their publishers"),
                 (long long)dropped);
        warning_print(call, text);
    }
    for (size_t i = 0; i < json_array_size(warnings); i++) {
        const json_t *warning = json_array_get(warnings, i);
        BUF_AUTO text = {0};
        if (*text_at(warning, "message"))
            buf_put_str(&text, str_from(text_at(warning, "message")));
        else
            value_line(warning, &text);
        warning_print(call, buf_text(&text));
    }
}

static void status_print(const struct call *call, const json_t *status) {
    static const char *const things[][2] = {
        {"region", N_("regions")},       {"organisation", N_("organisations")},
        {"volunteer", N_("volunteers")}, {"activity", N_("activities")},
        {"record", N_("records")},       {"held", N_("held")}};
    static const char *const events[][2] = {{"stored", N_("stored")},
                                            {"duplicate", N_("duplicate")},
                                            {"rejected", N_("rejected")},
                                            {"decisions", N_("decisions")},
                                            {"policy_calls", N_("policy calls")},
                                            {"policy_failures", N_("policy failures")}};
    static const char *const feed[][2] = {{"published", N_("published")},
                                          {"subscribers", N_("subscribers")}};
    struct table *table = table_new(&call->terminal);
    table_column(table, NULL, COLUMN_TEXT);
    table_column(table, NULL, COLUMN_TEXT);
    table_without_headings(table);
    city_row(table, status);
    position_rows(table, call, status);
    clock_row(table, status);
    counts_row(table, &call->terminal, _("holds"), json_object_get(status, "counts"), things,
               sizeof things / sizeof *things);
    counts_row(table, &call->terminal, _("since start"), json_object_get(status, "events"), events,
               sizeof events / sizeof *events);
    counts_row(table, &call->terminal, _("feed"), json_object_get(status, "feed"), feed,
               sizeof feed / sizeof *feed);
    size_row(table, status);
    run_rows(table, call, status);
    emergency_rows(table, status);
    alert_row(table, status);
    plugins_row(table, status);
    heading_print(call, status);
    table_print(table);
    warnings_print(call, status);
}

int run_status(struct call *call) {
    json_auto_t *status = NULL;
    int code = client_ask(&call->client, "status", json_object(), &status);
    if (code != DONE)
        return code;
    if (call->json)
        return print_json(&call->terminal, status);
    status_print(call, status);
    return DONE;
}
