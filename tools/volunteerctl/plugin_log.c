/* plugin log NAME [-n N] [--follow]: what a plugin, and whoever watches over it, said last. */
#include <poll.h>

#include "commands.h"
#include "interrupt.h"
#include "table.h"
#include "value.h"

#define LOOK_MS 500
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
