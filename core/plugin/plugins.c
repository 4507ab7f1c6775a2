#include "plugin/plugins.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "bus/wake.h"
#include "plugin/calls.h"
#include "plugin/inspect.h"
#include "plugin/keeper.h"
#include "plugin/process.h"
#include "util/memory.h"

#define CHECK_LIMIT_MS 5000

struct plugins {
    struct plugins_options options;
    char program[4096];
    struct calls *calls;
    pthread_rwlock_t lock; /* the list: keepers are freed under it. Who only looks, the journal's
                              thread too, waits for nobody who looks */
    size_t n;
    struct keeper *keepers[PLUGINS_LIMIT];
    struct keeper *leaving[2 * PLUGINS_LIMIT];
    size_t n_leaving;
};

struct plugins *plugins_new(const struct plugins_options *options) {
    struct plugins *self = memory_checked(calloc(1, sizeof *self));
    char program[4096];
    self->options = *options;
    snprintf(self->program, sizeof self->program, "%s", process_program(program));
    self->calls = calls_new(options->wake);
    pthread_rwlock_init(&self->lock, NULL);
    return self;
}

void plugins_free(struct plugins *plugins) {
    if (!plugins)
        return;
    calls_free(plugins->calls);
    pthread_rwlock_destroy(&plugins->lock);
    free(plugins);
}

/* ---- the list ---- */

static struct keeper *find(struct keeper *const *list, size_t n, const char *name) {
    for (size_t i = 0; i < n; i++)
        if (!strcmp(keeper_name(list[i]), name))
            return list[i];
    return NULL;
}

static bool is_configured(const struct plugin_config *configs, size_t n, const char *name) {
    for (size_t i = 0; i < n; i++)
        if (!strcmp(configs[i].name, name))
            return true;
    return false;
}

static void take_out(struct keeper **list, size_t *n, size_t index) {
    (*n)--;
    memmove(list + index, list + index + 1, (*n - index) * sizeof *list);
}

/* One that leaves and is not gone yet comes back; a new one begins. */
static void add(struct plugins *self, const struct plugin_config *config) {
    const struct keeper_options options = {self->options.services, self->program,
                                           self->options.plugin_dir, self->calls};
    struct keeper *keeper = find(self->leaving, self->n_leaving, config->name);
    if (keeper) {
        for (size_t i = 0; i < self->n_leaving; i++)
            if (self->leaving[i] == keeper)
                take_out(self->leaving, &self->n_leaving, i);
        keeper_apply(keeper, config);
        if (keeper_is_gone(keeper)) { /* it was too late */
            keeper_free(keeper);
            keeper = NULL;
        }
    }
    if (!keeper)
        keeper = keeper_new(&options, config);
    if (keeper)
        self->keepers[self->n++] = keeper;
}

static void remove_missing(struct plugins *self, const struct plugin_config *configs, size_t n) {
    for (size_t i = self->n; i-- > 0;) {
        struct keeper *keeper = self->keepers[i];
        if (is_configured(configs, n, keeper_name(keeper)) || self->n_leaving == 2 * PLUGINS_LIMIT)
            continue;
        keeper_leave(keeper);
        self->leaving[self->n_leaving++] = keeper;
        take_out(self->keepers, &self->n, i);
    }
}

void plugins_apply(struct plugins *plugins, const struct plugin_config *configs, size_t n) {
    plugins_tidy(plugins);
    pthread_rwlock_wrlock(&plugins->lock);
    remove_missing(plugins, configs, n);
    for (size_t i = 0; i < n; i++) {
        struct keeper *keeper = find(plugins->keepers, plugins->n, configs[i].name);
        if (keeper)
            keeper_apply(keeper, &configs[i]);
        else if (plugins->n < PLUGINS_LIMIT)
            add(plugins, &configs[i]);
    }
    pthread_rwlock_unlock(&plugins->lock);
}

void plugins_tidy(struct plugins *plugins) {
    pthread_rwlock_wrlock(&plugins->lock);
    for (size_t i = plugins->n_leaving; i-- > 0;) {
        if (!keeper_is_gone(plugins->leaving[i]))
            continue;
        keeper_free(plugins->leaving[i]);
        take_out(plugins->leaving, &plugins->n_leaving, i);
    }
    pthread_rwlock_unlock(&plugins->lock);
}

void plugins_stop(struct plugins *plugins) {
    if (!plugins)
        return;
    plugins_apply(plugins, NULL, 0);
    /* All of them stop at the same time; whoever asks meanwhile does not see them any more. */
    for (size_t i = 0; i < plugins->n_leaving; i++)
        keeper_free(plugins->leaving[i]);
    plugins->n_leaving = 0;
}

void plugins_head_moved(struct plugins *plugins) {
    pthread_rwlock_rdlock(&plugins->lock);
    for (size_t i = 0; i < plugins->n; i++)
        keeper_head_moved(plugins->keepers[i]);
    pthread_rwlock_unlock(&plugins->lock);
}

json_t *plugins_summary(struct plugins *plugins) {
    size_t running = 0, off = 0, n = 0;
    json_t *quarantined = json_array();
    if (plugins) {
        pthread_rwlock_rdlock(&plugins->lock);
        n = plugins->n;
        for (size_t i = 0; i < n; i++) {
            enum keeper_state state = keeper_state(plugins->keepers[i]);
            running += state == KEEPER_RUNNING;
            off += state == KEEPER_STOPPED; /* as its configuration wants it */
            if (state == KEEPER_QUARANTINED)
                json_array_append_new(quarantined, json_string(keeper_name(plugins->keepers[i])));
        }
        pthread_rwlock_unlock(&plugins->lock);
    }
    if (n == 0) {
        json_decref(quarantined);
        return NULL;
    }
    return json_pack("{s:I, s:I, s:o}", "running", (json_int_t)running, "other",
                     (json_int_t)(n - running - off), "quarantined", quarantined);
}

int plugins_check(const struct io *io, const char *plugin_dir, const struct plugin_config *configs,
                  size_t n, struct buf *complaints) {
    char path[4096];
    const struct inspection_options options = {.io = io,
                                               .program = process_program(path),
                                               .plugin_dir = plugin_dir,
                                               .limit_ms = CHECK_LIMIT_MS,
                                               .wake = -1};
    int result = 0;
    for (size_t i = 0; i < n; i++) {
        struct buf errors = {0};
        json_t *inspection = NULL;
        size_t before = complaints->size;
        if (configs[i].enabled &&
            plugin_inspect(&options, &configs[i], &inspection, complaints, &errors) != 0)
            result = 1;
        if (result && complaints->size == before && configs[i].enabled && !inspection)
            buf_printf(complaints, "%s: plugin %s: cannot be inspected\n", configs[i].place,
                       configs[i].name);
        json_decref(inspection);
        buf_deinit(&errors);
    }
    return result;
}

/* ---- for the query methods ---- */

int plugins_with(struct plugins *plugins, const char *name,
                 int (*use)(void *context, struct keeper *keeper), void *context) {
    int result = PLUGINS_NONE;
    if (!plugins)
        return result;
    pthread_rwlock_rdlock(&plugins->lock);
    struct keeper *keeper = find(plugins->keepers, plugins->n, name);
    if (keeper)
        result = use(context, keeper);
    pthread_rwlock_unlock(&plugins->lock);
    return result;
}

void plugins_each(struct plugins *plugins, int (*use)(void *context, struct keeper *keeper),
                  void *context) {
    if (!plugins)
        return;
    pthread_rwlock_rdlock(&plugins->lock);
    for (size_t i = 0; i < plugins->n; i++)
        (void)use(context, plugins->keepers[i]);
    pthread_rwlock_unlock(&plugins->lock);
}

/* The plugin of "NAME.METHOD"; *ret_method begins behind the dot. False where it is none's. */
static bool split_method(const char *called, char ret_name[static PLUGIN_NAME_LIMIT + 1],
                         const char **ret_method) {
    const char *dot = strchr(called, '.');
    if (!dot || dot - called > PLUGIN_NAME_LIMIT)
        return false;
    memcpy(ret_name, called, (size_t)(dot - called));
    ret_name[dot - called] = '\0';
    *ret_method = dot + 1;
    return true;
}

static int nothing(void *context, struct keeper *keeper) {
    (void)context;
    (void)keeper;
    return 0;
}

bool plugins_have(struct plugins *plugins, const char *method) {
    char name[PLUGIN_NAME_LIMIT + 1];
    const char *rest;
    return plugins && split_method(method, name, &rest) &&
           plugins_with(plugins, name, nothing, NULL) == 0;
}

struct calling {
    const char *method;
    const json_t *parameters;
    uint64_t number;
    struct problem *problem;
};

static int call_one(void *context, struct keeper *keeper) {
    struct calling *self = context;
    return keeper_call(keeper, self->method, self->parameters, self->number, self->problem);
}

int plugins_ask(struct plugins *plugins, const char *method, const json_t *parameters,
                uint64_t *ret_call, struct problem *problem) {
    char name[PLUGIN_NAME_LIMIT + 1] = "";
    struct calling calling = {.parameters = parameters, .problem = problem};
    calling.number = calls_begin(plugins->calls);
    if (calling.number == 0)
        return problem_set(problem, PROBLEM_BUSY, "",
                           "too many questions wait for plugins: ask again a little later");
    int result = split_method(method, name, &calling.method)
                     ? plugins_with(plugins, name, call_one, &calling)
                     : PLUGINS_NONE;
    if (result == PLUGINS_NONE)
        result =
            problem_set(problem, PROBLEM_BUSY, "", "the plugin was removed from the configuration");
    if (result != 0) {
        calls_fail(plugins->calls, calling.number, "", "");
        json_decref(calls_take(plugins->calls, calling.number));
    }
    *ret_call = calling.number;
    return result;
}

bool plugins_have_answered(struct plugins *plugins, uint64_t call) {
    return !plugins || calls_is_over(plugins->calls, call);
}

json_t *plugins_answer(struct plugins *plugins, uint64_t call) {
    return calls_take(plugins->calls, call);
}
