/* plugin log NAME [-n N] [--follow]: what a plugin, and whoever watches over it, said last. plugin
 * dump NAME: what it says of its state. */
#include <poll.h>

#include "commands.h"
#include "interrupt.h"
#include "plugin_ask.h"
#include "table.h"
#include "value.h"

#define LOOK_MS 500
#define DUMP_LOOK_MS 50
#define DUMP_LOOKS 40         /* within which it has said something */
#define PLUGIN_LOG_LINES 1000 /* as many as the daemon keeps of a plugin */

struct following {
    struct call *call;
    json_t *last; /* the newest line that was printed; NULL: none */
};

static enum colour level_colour(const char *level) {
    if (strcmp(level, "error") == 0)
        return COLOUR_BAD;
    if (strcmp(level, "warning") == 0)
        return COLOUR_WARN;
    return strcmp(level, "debug") == 0 ? COLOUR_DIM : COLOUR_PLAIN;
}

static void line_print(const struct call *call, const json_t *line) {
    const struct terminal *terminal = &call->terminal;
    const char *level = text_at(line, "level");
    char moment[TEXT_SIZE];
    if (call->json) {
        print_json(&(struct terminal){0}, line);
        return;
    }
    printf("%s", colour_code(terminal, level_colour(level)));
    print("%s  %-7s  %s", moment_text(text_at(line, "time"), moment), level, text_at(line, "text"));
    printf("%s\n", colour_code(terminal, COLOUR_PLAIN));
}

static int lines_ask(struct call *call, int64_t limit, json_t **ret_result) {
    return client_ask(
        &call->client, "plugin.log",
        json_pack("{s:s, s:I}", "plugin", call_argument(call, 0), "limit", (json_int_t)limit),
        ret_result);
}

/* Where the lines behind the last printed one begin: all of them where it is not among them. */
static size_t first_new(const struct following *following, const json_t *lines) {
    for (size_t i = json_array_size(lines); following->last && i > 0; i--)
        if (json_equal(json_array_get(lines, i - 1), following->last))
            return i;
    return 0;
}

static void new_lines_print(struct following *following, const json_t *lines) {
    size_t n = json_array_size(lines);
    for (size_t i = first_new(following, lines); i < n; i++)
        line_print(following->call, json_array_get(lines, i));
    if (n == 0)
        return;
    json_decref(following->last);
    following->last = json_incref(json_array_get(lines, n - 1));
    fflush(stdout);
}

/* Until Ctrl-C, or until nobody reads what is printed. */
static int follow(struct following *following, int64_t limit) {
    int code = DONE;
    while (code == DONE && !interrupt_came() && !ferror(stdout)) {
        json_auto_t *result = NULL;
        poll(NULL, 0, LOOK_MS);
        code = lines_ask(following->call, limit, &result);
        if (code == DONE)
            new_lines_print(following, json_object_get(result, "lines"));
    }
    return code;
}

int run_plugin_log(struct call *call) {
    struct following following = {.call = call};
    int64_t limit = call_number(call, "lines", PLUGIN_LOG_LINES);
    bool goes_on = call_flag(call, "follow");
    json_auto_t *result = NULL;
    int code = lines_ask(call, limit, &result);
    if (code != DONE)
        return code;
    if (call->json && !goes_on)
        return print_json(&call->terminal, result);
    if (goes_on)
        interrupt_hold();
    new_lines_print(&following, json_object_get(result, "lines"));
    if (goes_on)
        code = follow(&following, PLUGIN_LOG_LINES);
    else if (!following.last && call->terminal.error)
        note(_("It has said nothing yet."));
    json_decref(following.last);
    return code;
}

/* ---- dump ---- */

/* Until it has said something and is quiet again; what it said is the caller's. */
static int dumped_lines(struct following *following, json_t **ret_lines) {
    json_t *lines = json_array();
    bool quiet = false;
    int code = DONE;
    for (int i = 0; code == DONE && i < DUMP_LOOKS && !quiet; i++) {
        json_auto_t *result = NULL;
        poll(NULL, 0, DUMP_LOOK_MS);
        code = lines_ask(following->call, PLUGIN_LOG_LINES, &result);
        const json_t *all = json_object_get(result, "lines");
        size_t n = json_array_size(all), first = first_new(following, all);
        quiet = json_array_size(lines) > 0 && json_array_size(lines) == n - first;
        json_array_clear(lines);
        for (size_t k = first; k < n; k++)
            json_array_append(lines, json_array_get(all, k));
    }
    *ret_lines = lines;
    return code;
}

int run_plugin_dump(struct call *call) {
    struct following following = {.call = call};
    json_auto_t *before = NULL, *asked = NULL, *lines = NULL;
    size_t index;
    json_t *line;
    int code = lines_ask(call, 1, &before);
    if (code == DONE)
        code = plugin_ask(call, "plugin.dump", &asked);
    if (code != DONE)
        return code;
    following.last = json_array_get(json_object_get(before, "lines"), 0);
    code = dumped_lines(&following, &lines);
    if (code != DONE)
        return code;
    if (call->json) {
        json_object_set(asked, "lines", lines);
        return print_json(&call->terminal, asked);
    }
    json_array_foreach(lines, index, line) line_print(call, line);
    if (json_array_size(lines) == 0)
        note(_("It has said nothing yet: volunteerctl plugin log %s"), call_argument(call, 0));
    return DONE;
}
