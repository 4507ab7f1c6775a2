/* How a plugin is, for plugin.list and plugin.get. */
#include "plugin/keeper_parts.h"

const char *keeper_state_text(enum keeper_state state) {
    static const char *const texts[KEEPER_STATES] = {
        [KEEPER_STARTING] = "starting", [KEEPER_RUNNING] = "running",
        [KEEPER_WAITING] = "waiting",   [KEEPER_QUARANTINED] = "quarantined",
        [KEEPER_REFUSED] = "refused",   [KEEPER_STOPPED] = "stopped",
        [KEEPER_STOPPING] = "stopping",
    };
    return texts[state];
}

enum keeper_state keeper_state(struct keeper *keeper) {
    pthread_mutex_lock(&keeper->lock);
    enum keeper_state state = keeper->shown.state;
    pthread_mutex_unlock(&keeper->lock);
    return state;
}

static void set(json_t *object, const char *name, uint64_t value) {
    json_object_set_new(object, name, json_integer((json_int_t)value));
}

static void set_copy(json_t *object, const char *name, const json_t *value) {
    if (value)
        json_object_set_new(object, name, json_deep_copy(value));
}

/* {name: number} from what it declared and what it said last. */
static json_t *counters_json(const json_t *declaration, const json_t *numbers) {
    json_t *counters = json_object();
    size_t i;
    json_t *item;
    json_array_foreach(json_object_get(declaration, "counters"), i, item) {
        const char *name = json_string_value(json_object_get(item, "name"));
        if (name)
            json_object_set_new(counters, name,
                                json_integer(json_integer_value(json_array_get(numbers, i))));
    }
    return counters;
}

/* Options with what they are set to; of a secret only where it lies. */
static json_t *options_json(const json_t *inspection) {
    const json_t *settings = json_object_get(inspection, "settings");
    json_t *options =
        json_deep_copy(json_object_get(json_object_get(inspection, "declaration"), "options"));
    size_t i;
    json_t *option;
    json_array_foreach(options, i, option) {
        const char *name = json_string_value(json_object_get(option, "name"));
        set_copy(option, "value", name ? json_object_get(settings, name) : NULL);
    }
    return options ? options : json_array();
}

static void put_use(const struct keeper *self, json_t *shown) {
    bool runs = self->shown.pid != 0;
    json_object_set_new(shown, "pid",
                        runs ? json_integer((json_int_t)self->shown.pid) : json_null());
    set(shown, "memory_bytes", runs ? (uint64_t)self->shown.memory_bytes : 0);
    set(shown, "disk_bytes", (uint64_t)self->shown.disk_bytes);
    set(shown, "cpu_percent", runs ? (uint64_t)self->shown.cpu_percent : 0);
    set(shown, "restarts", self->shown.n_restarts);
    set(shown, "published", self->shown.n_stored);
    set(shown, "duplicate", self->shown.n_duplicate);
    set(shown, "rejected", self->shown.n_rejected);
    set(shown, "asked", self->shown.n_asked);
}

static void put_cursor(const struct keeper *self, json_t *shown) {
    uint64_t head = journal_head(self->options.services->journal).sequence;
    if (!self->shown.follows)
        return;
    set(shown, "cursor", self->shown.cursor);
    set(shown, "behind", head > self->shown.cursor ? head - self->shown.cursor : 0);
}

json_t *keeper_show(struct keeper *keeper, bool whole) {
    static const char *const declared[] = {"source",  "wants", "publishes",
                                           "methods", "abi",   "dump"};
    static const char *const rights[] = {"read", "connect", "listen"};
    json_t *shown = json_object();
    pthread_mutex_lock(&keeper->lock);
    const json_t *declaration = json_object_get(keeper->shown.inspection, "declaration");
    json_object_set_new(shown, "name", json_string(keeper->name));
    json_object_set_new(shown, "state", json_string(keeper_state_text(keeper->shown.state)));
    json_object_set_new(shown, "reason", json_string(keeper->shown.reason));
    set_copy(shown, "version", json_object_get(declaration, "version"));
    set_copy(shown, "summary", json_object_get(declaration, "summary"));
    set(shown, "since_us", (uint64_t)keeper->shown.since_us);
    if (keeper->shown.next_start_us)
        set(shown, "next_start_us", (uint64_t)keeper->shown.next_start_us);
    put_use(keeper, shown);
    put_cursor(keeper, shown);
    json_object_set_new(shown, "counters", counters_json(declaration, keeper->shown.counters));
    set_copy(shown, "box", keeper->shown.box);
    set_copy(shown, "unboxed", keeper->shown.unboxed);
    if (whole) {
        json_object_set_new(shown, "options", options_json(keeper->shown.inspection));
        set_copy(shown, "counter_help", json_object_get(declaration, "counters"));
        for (size_t i = 0; i < sizeof rights / sizeof *rights; i++)
            set_copy(shown, rights[i], json_object_get(keeper->shown.inspection, rights[i]));
        for (size_t i = 0; i < sizeof declared / sizeof *declared; i++)
            set_copy(shown, declared[i], json_object_get(declaration, declared[i]));
    }
    pthread_mutex_unlock(&keeper->lock);
    return shown;
}
