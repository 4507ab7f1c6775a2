/* The query methods about plugins, and those that plugins answer. */
#include <string.h>

#include "bus/methods.h"
#include "bus/methods_common.h"
#include "plugin/keeper.h"
#include "plugin/plugins.h"

#define LOG_LINES 100
#define LOG_LINES_MOST 1000
#define WAIT_US                                                                                    \
    (INT64_C(4000) * 1000000) /* longer than limits.answer_s may be: the keeper ends it */

/* ---- methods of plugins ---- */

static int take_answer(struct query *query, json_t **ret_result) {
    json_t *answer = plugins_answer(query->services->plugins, query->reached);
    json_t *result = json_object_get(answer, "result");
    const json_t *error = json_object_get(answer, "error");
    int outcome = 0;
    if (result) {
        *ret_result = json_incref(result);
    } else if (error) {
        const char *code = json_string_value(json_object_get(error, "code"));
        const char *field = json_string_value(json_object_get(error, "field"));
        const char *message = json_string_value(json_object_get(error, "message"));
        outcome = problem_set(query->problem, PROBLEM_POLICY_REFUSED, field ? field : "", "%s",
                              message ? message : "");
        /* The code is the plugin's: it goes out as it is. */
        query->error_data = json_pack("{s:s, s:b}", "code", code ? code : "policy_refused",
                                      "retryable", code && !strcmp(code, "busy"));
    } else {
        outcome = problem_set(query->problem, PROBLEM_BUSY, "",
                              "the plugin has not answered: ask again, and not within a batch");
    }
    json_decref(answer);
    return outcome;
}

int query_plugins_method(struct query *query, json_t **ret_result) {
    int result = query_refuse_writing(query);
    if (result == 0 && query->reached == 0 && !query->may_wait)
        return problem_set(query->problem, PROBLEM_BUSY, "",
                           "questions to plugins are asked alone, not within a batch");
    if (result == 0 && query->reached == 0) {
        result = plugins_ask(query->services->plugins, query->called, query->params,
                             &query->reached, query->problem);
        if (result != 0)
            return result;
        query->wait = (struct wait){WAIT_PLUGIN, query->reached};
        query->deadline_us = query->services->io->boottime_us(query->services->io->self) + WAIT_US;
        return QUERY_WAITS;
    }
    return result == 0 ? take_answer(query, ret_result) : result;
}

/* ---- methods about plugins ---- */

struct showing {
    struct query *query;
    json_t *result;
    bool whole;
};

static void show_time(const struct query *query, json_t *shown, const char *from, const char *to) {
    json_t *time = json_object_get(shown, from);
    if (time)
        json_object_set_new(shown, to, json_from_time(query, json_integer_value(time)));
    json_object_del(shown, from);
}

static json_t *shown_json(struct query *query, struct keeper *keeper, bool whole) {
    json_t *shown = keeper_show(keeper, whole);
    show_time(query, shown, "since_us", "since");
    show_time(query, shown, "next_start_us", "next_start");
    return shown;
}

static int list_one(void *context, struct keeper *keeper) {
    struct showing *self = context;
    return json_array_append_new(self->result, shown_json(self->query, keeper, false));
}

int query_plugin_list(struct query *query, json_t **ret_result) {
    struct showing showing = {.query = query, .result = json_array()};
    plugins_each(query->services->plugins, list_one, &showing);
    *ret_result = json_pack("{s:o}", "plugins", showing.result);
    return 0;
}

struct names {
    const char *list[PLUGINS_LIMIT];
    size_t n;
};

static int take_name(void *context, struct keeper *keeper) {
    struct names *names = context;
    if (names->n < PLUGINS_LIMIT)
        names->list[names->n++] = keeper_name(keeper);
    return 0;
}

static int unknown_plugin(struct query *query, struct str name) {
    struct names names = {.n = 0};
    plugins_each(query->services->plugins, take_name, &names);
    const char *nearest = str_nearest(name, names.list, names.n);
    problem_set(query->problem, PROBLEM_UNKNOWN_NOUN, "plugin",
                "no plugin \"%.*s\" is configured%s%s%s", (int)(name.size < 64 ? name.size : 64),
                name.data, nearest ? "; did you mean " : ": `plugins` of volunteerd.conf",
                nearest ? nearest : "", nearest ? "?" : "");
    query->problem->noun = "plugin";
    return 1;
}

/* Calls `use` with the keeper of the parameter `plugin`. */
static int with_keeper(struct query *query, json_t **ret_result,
                       int (*use)(void *context, struct keeper *keeper)) {
    struct showing showing = {.query = query};
    struct str name = query_text(query, "plugin");
    int result = plugins_with(query->services->plugins, name.data ? name.data : "", use, &showing);
    if (result == PLUGINS_NONE)
        return unknown_plugin(query, name);
    *ret_result = showing.result;
    return result;
}

static int show_one(void *context, struct keeper *keeper) {
    struct showing *self = context;
    self->result = shown_json(self->query, keeper, true);
    return 0;
}

int query_plugin_get(struct query *query, json_t **ret_result) {
    return with_keeper(query, ret_result, show_one);
}

static int restart_one(void *context, struct keeper *keeper) {
    struct showing *self = context;
    if (keeper_restart(keeper) != 0)
        return problem_set(self->query->problem, PROBLEM_WRONG_STATE, "plugin",
                           "plugin %s is stopped by its configuration (enabled = false)",
                           keeper_name(keeper));
    self->result = json_pack("{s:s}", "plugin", keeper_name(keeper));
    return 0;
}

int query_plugin_restart(struct query *query, json_t **ret_result) {
    int result = query_refuse_writing(query);
    return result == 0 ? with_keeper(query, ret_result, restart_one) : result;
}

static int dump_one(void *context, struct keeper *keeper) {
    struct showing *self = context;
    if (keeper_dump(keeper) != 0)
        return problem_set(self->query->problem, PROBLEM_WRONG_STATE, "plugin",
                           "plugin %s does not run", keeper_name(keeper));
    self->result = json_pack("{s:s}", "plugin", keeper_name(keeper));
    return 0;
}

int query_plugin_dump(struct query *query, json_t **ret_result) {
    int result = query_refuse_writing(query);
    return result == 0 ? with_keeper(query, ret_result, dump_one) : result;
}

static int log_of(void *context, struct keeper *keeper) {
    struct showing *self = context;
    int64_t limit = query_integer(self->query, "limit", LOG_LINES);
    json_t *lines = keeper_log(keeper, (size_t)limit);
    size_t i;
    json_t *line;
    json_array_foreach(lines, i, line) {
        json_int_t time_us = json_integer_value(json_object_get(line, "time"));
        json_object_set_new(line, "time", json_from_time(self->query, time_us));
    }
    self->result = json_pack("{s:o}", "lines", lines);
    return 0;
}

int query_plugin_log(struct query *query, json_t **ret_result) {
    int64_t limit = query_integer(query, "limit", LOG_LINES);
    if (limit < 1 || limit > LOG_LINES_MOST)
        return problem_set(query->problem, PROBLEM_OUT_OF_RANGE, "limit", "limit must be 1 to %d",
                           LOG_LINES_MOST);
    return with_keeper(query, ret_result, log_of);
}
