/* plugin list, show, restart: the plugins, each a process of its own. */
#include <poll.h>

#include "commands.h"
#include "plugin_ask.h"
#include "table.h"
#include "value.h"

#define RESTART_LOOK_MS 50
#define RESTART_LOOKS 100

/* ---- states ---- */

static const struct plugin_state {
    const char *name, *label;
    enum colour colour;
} states[] = {
    {"starting", N_("starting"), COLOUR_DIM}, {"running", N_("running"), COLOUR_GOOD},
    {"waiting", N_("waiting"), COLOUR_WARN},  {"quarantined", N_("quarantined"), COLOUR_BAD},
    {"refused", N_("refused"), COLOUR_BAD},   {"stopped", N_("stopped"), COLOUR_DIM},
    {"stopping", N_("stopping"), COLOUR_DIM},
};

static struct plugin_state state_of(const json_t *plugin) {
    const char *name = text_at(plugin, "state");
    for (size_t i = 0; i < sizeof states / sizeof *states; i++)
        if (strcmp(states[i].name, name) == 0)
            return (struct plugin_state){name, _(states[i].label), states[i].colour};
    return (struct plugin_state){name, name, COLOUR_PLAIN};
}

/* ---- list ---- */

static void number_or_dim(struct table *table, size_t column, int64_t number, enum colour colour) {
    table_number(table, column, number);
    table_colour(table, column, number ? colour : COLOUR_DIM);
}

static void list_row(struct table *table, const json_t *plugin) {
    struct plugin_state state = state_of(plugin);
    char memory[TEXT_SIZE];
    table_row(table, NULL);
    table_text(table, 0, text_at(plugin, "name"));
    table_text(table, 1, state.label);
    table_colour(table, 1, state.colour);
    if (integer_at(plugin, "memory_bytes"))
        table_text(table, 2, bytes_text(integer_at(plugin, "memory_bytes"), memory));
    number_or_dim(table, 3, integer_at(plugin, "behind"), COLOUR_PLAIN);
    number_or_dim(table, 4, integer_at(plugin, "restarts"), COLOUR_WARN);
    table_text(table, 5, text_at(plugin, "reason"));
}

int run_plugin_list(struct call *call) {
    json_auto_t *result = NULL;
    size_t index;
    json_t *plugin;
    int code = client_ask(&call->client, "plugin.list", json_object(), &result);
    if (code != DONE)
        return code;
    if (call->json)
        return print_json(&call->terminal, result);
    struct table *table = table_new(&call->terminal);
    table_column(table, _("plugin"), COLUMN_TEXT);
    table_column(table, _("state"), COLUMN_TEXT);
    table_column(table, _("memory"), COLUMN_NUMBER);
    table_column(table, _("events behind"), COLUMN_NUMBER);
    table_column(table, _("restarts"), COLUMN_NUMBER);
    table_column(table, _("why"), COLUMN_WRAP);
    json_array_foreach(json_object_get(result, "plugins"), index, plugin) list_row(table, plugin);
    bool empty = table_rows(table) == 0;
    table_print(table);
    if (empty && call->terminal.error)
        note(_("No plugin is configured: `plugins` in volunteerd.conf."));
    return DONE;
}

/* ---- show ---- */

static void pair(struct table *table, const char *name, const char *value) {
    if (!*value)
        return;
    table_row(table, NULL);
    table_text(table, 0, name);
    table_colour(table, 0, COLOUR_DIM);
    table_text(table, 1, value);
}

static void pair_moment(struct table *table, const char *name, const char *moment) {
    char text[TEXT_SIZE];
    if (*moment)
        pair(table, name, moment_text(moment, text));
}

static void pair_number(struct table *table, const struct terminal *terminal, const char *name,
                        const json_t *plugin, const char *key) {
    char text[TEXT_SIZE];
    if (has_at(plugin, key))
        pair(table, name, number_text(integer_at(plugin, key), terminal->out, text));
}

static void pair_list(struct table *table, const char *name, const json_t *list) {
    BUF_AUTO text = {0};
    if (json_array_size(list) == 0)
        return;
    value_line(list, &text);
    pair(table, name, buf_text(&text));
}

static void state_row(struct table *table, const json_t *plugin) {
    struct plugin_state state = state_of(plugin);
    pair(table, _("state"), state.label);
    table_colour(table, 1, state.colour);
}

static void use_rows(struct table *table, const struct terminal *terminal, const json_t *plugin) {
    char memory[TEXT_SIZE], cpu[TEXT_SIZE];
    if (integer_at(plugin, "memory_bytes"))
        pair(table, _("memory"), bytes_text(integer_at(plugin, "memory_bytes"), memory));
    if (has_at(plugin, "pid")) {
        snprintf(cpu, sizeof cpu, "%.0f %%", number_at(plugin, "cpu_percent"));
        pair(table, _("processor"), cpu);
    }
    if (integer_at(plugin, "disk_bytes"))
        pair(table, _("files in its folder"), bytes_text(integer_at(plugin, "disk_bytes"), memory));
    pair_number(table, terminal, _("restarts"), plugin, "restarts");
    pair_number(table, terminal, _("has taken events up to"), plugin, "cursor");
    pair_number(table, terminal, _("events behind"), plugin, "behind");
    pair_number(table, terminal, _("published"), plugin, "published");
    pair_number(table, terminal, _("rejected"), plugin, "rejected");
}

static void head_print(const struct call *call, const json_t *plugin) {
    const char *summary = text_at(plugin, "summary");
    struct table *table = table_new(&call->terminal);
    char pid[TEXT_SIZE];
    printf("%s", colour_code(&call->terminal, COLOUR_STRONG));
    print("%s %s", text_at(plugin, "name"), text_at(plugin, "version"));
    printf("%s", colour_code(&call->terminal, COLOUR_PLAIN));
    print("%s%s\n\n", *summary ? "  " : "", summary);
    fflush(stdout);
    table_column(table, NULL, COLUMN_TEXT);
    table_column(table, NULL, COLUMN_WRAP);
    table_without_headings(table);
    state_row(table, plugin);
    pair(table, _("why"), text_at(plugin, "reason"));
    pair_moment(table, _("in this state since"), text_at(plugin, "since"));
    pair_moment(table, _("next start"), text_at(plugin, "next_start"));
    if (integer_at(plugin, "pid")) {
        number_text(integer_at(plugin, "pid"), false, pid);
        pair(table, _("process"), pid);
    }
    use_rows(table, &call->terminal, plugin);
    pair_list(table, _("box"), json_object_get(plugin, "box"));
    pair_list(table, _("not in its box"), json_object_get(plugin, "unboxed"));
    pair_list(table, _("gets"), json_object_get(plugin, "wants"));
    pair_list(table, _("may publish"), json_object_get(plugin, "publishes"));
    pair(table, _("source"), text_at(plugin, "source"));
    table_print(table);
}

static void heading_print(const struct terminal *terminal, const char *text) {
    printf("\n%s", colour_code(terminal, COLOUR_STRONG));
    print("%s", text);
    printf("%s\n", colour_code(terminal, COLOUR_PLAIN));
    fflush(stdout);
}

/* Up to three columns of texts: `cells` gives those of a row. */
typedef void cells_put(const json_t *plugin, const json_t *row, struct buf texts[static 4]);

static void part_print(const struct call *call, const json_t *plugin, const char *part,
                       const char *title, const char *const headings[static 4], cells_put *put) {
    const json_t *rows = json_object_get(plugin, part);
    size_t index;
    json_t *row;
    if (json_array_size(rows) == 0)
        return;
    heading_print(&call->terminal, title);
    struct table *table = table_new(&call->terminal);
    for (size_t i = 0; i < 4 && headings[i]; i++)
        table_column(table, headings[i], i == 3 || !headings[i + 1] ? COLUMN_WRAP : COLUMN_TEXT);
    json_array_foreach(rows, index, row) {
        struct buf texts[4] = {{0}};
        put(plugin, row, texts);
        table_row(table, NULL);
        for (size_t i = 0; i < 4 && headings[i]; i++)
            table_text(table, i, buf_text(&texts[i]));
        for (size_t i = 0; i < 4; i++)
            buf_deinit(&texts[i]);
    }
    table_print(table);
}

static void put_text(struct buf *out, const char *text) {
    buf_put_str(out, str_from(text));
}

/* 1-3600 s, or the words. */
static void takes_put(const json_t *option, struct buf *out) {
    const char *unit = text_at(option, "unit");
    if (json_array_size(json_object_get(option, "words")) > 0)
        value_line(json_object_get(option, "words"), out);
    else if (strcmp(text_at(option, "kind"), "integer") == 0)
        buf_printf(out, "%lld-%lld%s%s", (long long)integer_at(option, "least"),
                   (long long)integer_at(option, "most"), *unit ? " " : "", unit);
    else
        put_text(out, text_at(option, "kind"));
}

static void option_cells(const json_t *plugin, const json_t *option, struct buf texts[static 4]) {
    (void)plugin;
    put_text(&texts[0], text_at(option, "name"));
    if (has_at(option, "value"))
        value_line(json_object_get(option, "value"), &texts[1]);
    takes_put(option, &texts[2]);
    put_text(&texts[3], text_at(option, "help"));
    if (has_at(option, "default") &&
        !json_equal(json_object_get(option, "default"), json_object_get(option, "value"))) {
        put_text(&texts[3], " (");
        put_text(&texts[3], _("default: "));
        value_line(json_object_get(option, "default"), &texts[3]);
        put_text(&texts[3], ")");
    }
}

static void method_cells(const json_t *plugin, const json_t *method, struct buf texts[static 4]) {
    (void)plugin;
    put_text(&texts[0], text_at(method, "name"));
    put_text(&texts[1], text_at(method, "parameters"));
    put_text(&texts[2], text_at(method, "help"));
}

static void counter_cells(const json_t *plugin, const json_t *counter, struct buf texts[static 4]) {
    const json_t *value =
        json_object_get(json_object_get(plugin, "counters"), text_at(counter, "name"));
    put_text(&texts[0], text_at(counter, "name"));
    if (value)
        value_line(value, &texts[1]);
    put_text(&texts[2], text_at(counter, "help"));
}

int run_plugin_show(struct call *call) {
    json_auto_t *plugin = NULL;
    int code = plugin_ask(call, "plugin.get", &plugin);
    if (code != DONE)
        return code;
    if (call->json)
        return print_json(&call->terminal, plugin);
    head_print(call, plugin);
    part_print(call, plugin, "options", _("Options"),
               (const char *const[4]){_("option"), _("value"), _("takes"), _("what it is")},
               option_cells);
    part_print(call, plugin, "methods", _("Methods"),
               (const char *const[4]){_("method"), _("parameters"), _("what it answers")},
               method_cells);
    part_print(call, plugin, "counter_help", _("Counters"),
               (const char *const[4]){_("counter"), _("value"), _("what it counts")},
               counter_cells);
    return DONE;
}

/* ---- restart ---- */

/* It has come out of another state since, and is in none that passes. */
static bool is_settled(const json_t *plugin, const char *since_before) {
    const char *state = text_at(plugin, "state");
    return strcmp(text_at(plugin, "since"), since_before) != 0 && strcmp(state, "starting") != 0 &&
           strcmp(state, "stopping") != 0;
}

/* How it is once it runs again or does not, or after a while. */
static int settle(struct call *call, const char *since_before, json_t **ret_plugin) {
    int code = DONE;
    for (int i = 0; code == DONE && i < RESTART_LOOKS; i++) {
        json_decref(*ret_plugin);
        *ret_plugin = NULL;
        code = plugin_ask(call, "plugin.get", ret_plugin);
        if (is_settled(*ret_plugin, since_before))
            break;
        poll(NULL, 0, RESTART_LOOK_MS);
    }
    return code;
}

int run_plugin_restart(struct call *call) {
    json_auto_t *before = NULL, *asked = NULL, *plugin = NULL;
    int code = plugin_ask(call, "plugin.get", &before);
    if (code == DONE)
        code = plugin_ask(call, "plugin.restart", &asked);
    if (code == DONE)
        code = settle(call, text_at(before, "since"), &plugin);
    if (code != DONE)
        return code;
    if (call->json)
        return print_json(&call->terminal, plugin);
    const char *reason = text_at(plugin, "reason");
    print("%s: %s%s%s\n", text_at(plugin, "name"), state_of(plugin).label, *reason ? ", " : "",
          reason);
    return DONE;
}
