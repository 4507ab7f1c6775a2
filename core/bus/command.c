#include "bus/command.h"

#include <stdio.h>

#include "bus/ack.h"
#include "bus/decode.h"
#include "bus/methods.h"

void command_init(struct command *command, size_t n_events) {
    *command = (struct command){.batch = {.n_events = n_events, .trusted = true, .owner = command}};
    arena_init(&command->batch.arena);
    command->batch.events = arena_alloc(&command->batch.arena, n_events * sizeof(struct event));
    command->batch.results = arena_alloc(&command->batch.arena, n_events * sizeof(struct result));
    pthread_mutex_init(&command->lock, NULL);
    pthread_cond_init(&command->ended, NULL);
}

void command_deinit(struct command *command) {
    pthread_cond_destroy(&command->ended);
    pthread_mutex_destroy(&command->lock);
    arena_deinit(&command->batch.arena);
}

static void make_id(const struct io *io, char ret_id[static 33]) {
    uint8_t bytes[16];
    io->random(io->self, bytes, sizeof bytes);
    for (size_t i = 0; i < sizeof bytes; i++)
        snprintf(ret_id + 2 * i, 3, "%02x", bytes[i]);
}

/* Publishers may not use the daemon's source, and the decoder refuses it: it is put in afterwards.
 */
static void put_cloud_event(const struct command_writer *writer, const char *type, struct str data,
                            struct buf *out) {
    char id[33];
    make_id(writer->io, id);
    buf_printf(out,
               "{\"specversion\":\"1.0\",\"id\":\"%s\",\"source\":\"volunteerd\",\"type\":\"%s\",",
               id, type);
    if (writer->time.size) {
        buf_put_str(out, STR("\"time\":"));
        buf_json_string(out, writer->time);
        buf_put_byte(out, ',');
    }
    buf_put_str(out, STR("\"data\":"));
    buf_put_str(out, data);
    buf_put_byte(out, '}');
}

int command_set(struct command *command, size_t index, const struct command_writer *writer,
                const char *type, struct str data, struct problem *problem) {
    struct buf text = {0};
    struct dom_value value;
    const char *fault;
    size_t offset;
    struct digest_key key;
    put_cloud_event(writer, type, data, &text);
    memcpy(key.bytes, keyring_digest_key(writer->keyring), sizeof key.bytes);
    int result = 0;
    if (dom_parse(writer->parser, buf_str(&text), &value, &fault, &offset) != 0)
        result = problem_set(problem, PROBLEM_MALFORMED_JSON, "data", "%s", fault);
    else
        result = event_from_json(value, &key, &command->batch.arena, &command->batch.events[index],
                                 problem);
    buf_deinit(&text);
    if (result == 0)
        command->batch.events[index].source =
            arena_printf(&command->batch.arena, "/volunteerd/%s", writer->region);
    return result;
}

/* The journal's thread, or the engine's. */
static void command_done(struct batch *batch) {
    struct command *command = batch->owner;
    pthread_mutex_lock(&command->lock);
    command->is_done = true;
    pthread_cond_signal(&command->ended);
    pthread_mutex_unlock(&command->lock);
}

int command_run(struct command *command, const struct command_writer *writer,
                struct problem *problem) {
    command->batch.done = command_done;
    int result = engine_submit(writer->engine, &command->batch);
    if (result == ENGINE_READ_ONLY) {
        const char *reason = engine_read_only_reason(writer->engine);
        return problem_set(problem, PROBLEM_READ_ONLY, "", "%s",
                           reason ? reason : "the daemon only reads at the moment");
    }
    if (result != 0)
        return problem_set(problem, PROBLEM_BUSY, "",
                           "the daemon is full: send it again a little later");
    pthread_mutex_lock(&command->lock);
    while (!command->is_done)
        pthread_cond_wait(&command->ended, &command->lock);
    pthread_mutex_unlock(&command->lock);
    return 0;
}

/* ---- methods ---- */

static struct command_writer writer_of(const struct query *query) {
    const struct services *services = query->services;
    return (struct command_writer){services->io,  services->engine, services->keyring,
                                   query->parser, services->region, query_text(query, "time")};
}

static json_t *result_json(const struct command *command, size_t index) {
    struct buf text = {0};
    ack_render_result(&command->batch.events[index], &command->batch.results[index], NULL, &text);
    json_t *json = query_json(&text);
    buf_deinit(&text);
    return json;
}

static void reject(struct command *command, size_t index, const struct problem *problem) {
    struct result *result = &command->batch.results[index];
    command->batch.events[index].type = NULL;
    result->status = RESULT_REJECTED;
    result->problem = arena_alloc(&command->batch.arena, sizeof *problem);
    *result->problem = *problem;
}

static int set_json(struct command *command, size_t index, const struct command_writer *writer,
                    const char *type, const json_t *data, struct problem *problem) {
    char *text = json_dumps(data, JSON_COMPACT | JSON_ENCODE_ANY);
    int result = command_set(command, index, writer, type, str_from(text), problem);
    free(text);
    return result;
}

int query_refuse_writing(struct query *query) {
    if (!query->reads_only)
        return 0;
    return problem_set(query->problem, PROBLEM_NOT_ALLOWED, "",
                       "%s is not for plugins: they ask what only reads", query->method->name);
}

int query_command(struct query *query, const char *type, const json_t *data, json_t **ret_result) {
    if (query_refuse_writing(query))
        return 1;
    struct command_writer writer = writer_of(query);
    struct command command;
    command_init(&command, 1);
    int result = set_json(&command, 0, &writer, type, data, query->problem);
    if (result == 0)
        result = command_run(&command, &writer, query->problem);
    const struct result *outcome = &command.batch.results[0];
    if (result == 0 && outcome->status == RESULT_REJECTED) {
        *query->problem = *outcome->problem;
        result = 1;
    }
    if (result == 0)
        *ret_result = result_json(&command, 0);
    command_deinit(&command);
    return result;
}

int query_commands(struct query *query, const char *type, const json_t *list,
                   json_t **ret_results) {
    if (query_refuse_writing(query))
        return 1;
    struct command_writer writer = writer_of(query);
    struct command command;
    size_t n = json_array_size(list);
    command_init(&command, n);
    for (size_t i = 0; i < n; i++) {
        struct problem problem = {0};
        if (set_json(&command, i, &writer, type, json_array_get(list, i), &problem) != 0)
            reject(&command, i, &problem);
    }
    int result = command_run(&command, &writer, query->problem);
    json_t *results = json_array();
    for (size_t i = 0; result == 0 && i < n; i++)
        json_array_append_new(results, result_json(&command, i));
    if (result == 0)
        *ret_results = results;
    else
        json_decref(results);
    command_deinit(&command);
    return result;
}

int query_clock_accept(struct query *query, json_t **ret_result) {
    json_t *data = json_pack("{s:s%}", "by", query->actor.data, query->actor.size);
    json_t *stored = NULL;
    int result = query_command(query, "clock.accepted", data, &stored);
    json_decref(data);
    if (result == 0)
        *ret_result = json_pack("{s:O}", "sequence", json_object_get(stored, "sequence"));
    json_decref(stored);
    return result;
}

/* Also one that only a command may write. 0, or > 0 where its result says why not. */
static int decode_tried(struct query *query, struct command *command, size_t index,
                        const struct command_writer *writer, const json_t *event) {
    struct problem problem = {0};
    struct dom_value value;
    const char *fault = "";
    size_t offset;
    char *text = json_dumps(event, JSON_COMPACT | JSON_ENCODE_ANY);
    int result = dom_parse(query->parser, str_from(text), &value, &fault, &offset);
    if (result != 0)
        (void)problem_set(&problem, PROBLEM_MALFORMED_JSON, "", "%s", fault);
    else
        result = decode_event(writer->keyring, value, WRITER_COMMAND, &command->batch.arena,
                              &command->batch.events[index], &problem);
    free(text);
    if (result != 0)
        reject(command, index, &problem);
    return result;
}

static json_t *tried_json(const struct command *command, size_t index) {
    json_t *json = result_json(command, index);
    if (!json_object_get(json, "decisions"))
        json_object_set_new(json, "decisions", json_array());
    json_object_del(json, "sequence"); /* nothing was stored */
    return json;
}

/* What events would do, each alone. */
static int try_events(struct query *query, struct command *command, const json_t *const *events,
                      size_t n) {
    struct command_writer writer = writer_of(query);
    size_t n_decoded = 0;
    for (size_t i = 0; i < n; i++)
        n_decoded += decode_tried(query, command, i, &writer, events[i]) == 0;
    return n_decoded == 0 ? 0 : command_run(command, &writer, query->problem);
}

static int try_command(struct query *query, const json_t *const *events, size_t n,
                       json_t **ret_results) {
    struct command command;
    command_init(&command, n);
    command.batch.dry_run = true;
    command.batch.trusted = false;
    int result = try_events(query, &command, events, n);
    json_t *results = result == 0 ? json_array() : NULL;
    for (size_t i = 0; result == 0 && i < n; i++)
        json_array_append_new(results, tried_json(&command, i));
    command_deinit(&command);
    *ret_results = results;
    return result;
}

#define TRIED_LIMIT 1000

static int try_many(struct query *query, const json_t *list, json_t **ret_result) {
    const json_t *events[TRIED_LIMIT];
    json_t *results = NULL;
    size_t n = json_array_size(list);
    if (n == 0 || n > TRIED_LIMIT)
        return problem_set(query->problem, PROBLEM_OUT_OF_RANGE, "events",
                           "try 1 to %d events at once", TRIED_LIMIT);
    for (size_t i = 0; i < n; i++)
        events[i] = json_array_get(list, i);
    int result = try_command(query, events, n, &results);
    if (result == 0)
        *ret_result = json_pack("{s:o}", "results", results);
    return result;
}

int query_event_try(struct query *query, json_t **ret_result) {
    const json_t *event = json_object_get(query->params, "event");
    const json_t *list = json_object_get(query->params, "events");
    json_t *results = NULL;
    if (list && !event)
        return try_many(query, list, ret_result);
    if (!event || list)
        return problem_set(query->problem, PROBLEM_MISSING_FIELD, "event",
                           "give one event, or several as events");
    int result = try_command(query, &event, 1, &results);
    if (result == 0)
        *ret_result = json_incref(json_array_get(results, 0));
    json_decref(results);
    return result;
}
