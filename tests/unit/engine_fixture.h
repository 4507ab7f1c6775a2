/* A whole engine over real files in a directory of its own, with a steered world: journal, keyring,
 * store and the shipped policies, but no bus. Batches go in as JSON. */
#pragma once

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

#include "domain/export.h"
#include "domain/volunteers.h"
#include "machine.h"

static void machine_done(struct batch *batch) {
    struct machine *machine = batch->owner;
    pthread_mutex_lock(&machine->mutex);
    machine->is_done = true;
    pthread_cond_broadcast(&machine->done);
    pthread_mutex_unlock(&machine->mutex);
}

static int machine_setup(void **state) {
    struct machine *machine = calloc(1, sizeof *machine);
    strcpy(machine->directory, "/tmp/volunteerd-engine-XXXXXX");
    assert_non_null(mkdtemp(machine->directory));
    for (const char *const *name = (const char *const[]){"journal", "state", NULL}; *name; name++) {
        char *path = machine_path(machine, *name);
        assert_int_equal(io_system()->mkdir(io_system()->self, path), 0);
        free(path);
    }
    io_steered_init(&machine->io, io_system());
    machine->io.steer_time = true;
    machine->io.time_us = INT64_C(1528000000) * MICROSECONDS; /* 2018-06-03 */
    machine->io.boot_us = 1000 * MICROSECONDS;
    pthread_mutex_init(&machine->mutex, NULL);
    pthread_cond_init(&machine->done, NULL);
    arena_init(&machine->batch.arena);
    machine->parser = dom_parser_new();
    machine->options.future_limit_s = 300;
    assert_int_equal(machine_start(machine), 0);
    *state = machine;
    return 0;
}

static int machine_teardown(void **state) {
    struct machine *machine = *state;
    char *command = NULL;
    machine_stop(machine);
    assert_true(asprintf(&command, "rm -rf '%s'", machine->directory) > 0);
    assert_int_equal(system(command), 0);
    free(command);
    dom_parser_free(machine->parser);
    arena_deinit(&machine->batch.arena);
    free(machine);
    return 0;
}

/* Hands a batch over and waits. 0 done, ENGINE_BUSY, ENGINE_READ_ONLY, or -1 where the engine
 * failed instead. */
static int machine_submit(struct machine *machine) {
    struct batch *batch = &machine->batch;
    batch->done = machine_done;
    batch->owner = machine;
    machine->is_done = false;
    int r = engine_submit(machine->engine, batch);
    if (r != 0)
        return r;
    pthread_mutex_lock(&machine->mutex);
    while (!machine->is_done && machine->failure == 0)
        pthread_cond_wait(&machine->done, &machine->mutex);
    r = machine->is_done ? 0 : -1;
    pthread_mutex_unlock(&machine->mutex);
    return r;
}

/* One event given whole, as JSON text. */
static int machine_submit_text(struct machine *machine, struct str text) {
    struct batch *batch = &machine->batch;
    struct dom_value value;
    const char *message;
    size_t offset;
    static struct problem problem;
    arena_reset(&batch->arena);
    batch->n_events = 1;
    batch->events = arena_alloc(&batch->arena, sizeof *batch->events);
    batch->results = arena_alloc(&batch->arena, sizeof *batch->results);
    assert_int_equal(dom_parse(machine->parser, text, &value, &message, &offset), 0);
    struct digest_key key;
    memcpy(key.bytes, keyring_digest_key(machine->keyring), sizeof key.bytes);
    if (event_from_json(value, &key, &batch->arena, batch->events, &problem) != 0)
        fail_msg("%.*s: %s", STR_ARG(text), problem.message);
    return machine_submit(machine);
}

/* time NULL: none is given. */
static const struct result *machine_send_at(struct machine *machine, const char *id,
                                            const char *time, const char *type, const char *data) {
    struct str text;
    struct arena arena;
    arena_init(&arena);
    text = arena_printf(&arena,
                        "{\"specversion\":\"1.0\",\"id\":\"%s\",\"source\":\"test\",\"type\":\"%"
                        "s\",%s%s%s\"data\":%s}",
                        id, type, time ? "\"time\":\"" : "", time ? time : "", time ? "\"," : "",
                        data);
    assert_int_equal(machine_submit_text(machine, text), 0);
    arena_deinit(&arena);
    return &machine->batch.results[0];
}

static const struct result *machine_send(struct machine *machine, const char *type,
                                         const char *data) {
    char id[16];
    snprintf(id, sizeof id, "e%u", ++machine->n_ids);
    return machine_send_at(machine, id, NULL, type, data);
}

#define assert_stored(result) machine_assert_stored(result, __LINE__)
static void machine_assert_stored(const struct result *result, int line) {
    if (result->status != RESULT_STORED)
        fail_msg("line %d: not stored: %s", line,
                 result->problem ? result->problem->message : "duplicate");
}

#define assert_rejected(result, wanted)                                                            \
    do {                                                                                           \
        assert_int_equal((result)->status, RESULT_REJECTED);                                       \
        assert_int_equal((result)->problem->code, wanted);                                         \
    } while (0)

__attribute__((unused)) static void machine_city(struct machine *machine) {
    assert_stored(machine_send(
        machine, "city.configured",
        "{\"region\":\"620500000000\",\"name\":\"天水市\",\"time_zone\":\"Asia/Shanghai\","
        "\"offsets\":[{\"from\":0,\"seconds\":28800}]}"));
    assert_stored(
        machine_send(machine, "region.defined",
                     "{\"region\":\"620500000000\",\"name\":\"天水市\",\"level\":\"city\"}"));
    assert_stored(machine_send(machine, "region.defined",
                               "{\"region\":\"620502000000\",\"name\":\"秦州区\",\"level\":"
                               "\"county\",\"parent\":\"620500000000\"}"));
    assert_stored(machine_send(machine, "organisation.defined",
                               "{\"organisation\":\"o1\",\"name\":\"单位\",\"kind\":\"enterprise\","
                               "\"region\":\"620502000000\"}"));
}

/* The library of the shipped acceptance, as an activation carries it. */
static inline void put_integrity_library(struct buf *data) {
    char *text;
    size_t size;
    assert_int_equal(io_read_file(io_system(), SOURCE_DIR "/scripts/library/integrity.lua",
                                  1u << 20, &text, &size),
                     0);
    buf_put_str(data, STR(",\"library\":[{\"name\":\"integrity\",\"text\":"));
    buf_json_string(data, (struct str){text, size});
    buf_put_str(data, STR("}]"));
    free(text);
}

/* Activates a policy text as a command would. */
__attribute__((unused)) static const struct result *
machine_activate_text(struct machine *machine, const char *name, unsigned revision, struct str text,
                      const char *retroactivity) {
    struct buf data = {0};
    buf_printf(&data, "{\"policy\":\"%s\",\"kind\":\"%s\",\"revision\":\"%s:%u\",\"text\":", name,
               name, name, revision);
    buf_json_string(&data, text);
    if (strcmp(name, "acceptance") == 0)
        put_integrity_library(&data);
    buf_printf(&data, ",\"effective\":\"2010-01-01\",\"retroactivity\":\"%s\",\"by\":\"test\"}%c",
               retroactivity, 0);
    const struct result *result = machine_send(machine, "policy.activated", data.data);
    buf_deinit(&data);
    return result;
}

__attribute__((unused)) static void machine_activate(struct machine *machine, const char *name) {
    char path[512], *text;
    size_t size;
    snprintf(path, sizeof path, "%s/scripts/policies/%s.lua", SOURCE_DIR, name);
    assert_int_equal(io_read_file(io_system(), path, 1u << 20, &text, &size), 0);
    assert_stored(machine_activate_text(machine, name, 1, (struct str){text, size}, "from_now"));
    free(text);
}

/* Moves both clocks on, in steps: the engine may look between the one and the other, and takes more
 * than a minute between them for a jump. */
__attribute__((unused)) static void machine_move(struct machine *machine, int64_t by_us) {
    const int64_t step_us = 30 * MICROSECONDS;
    for (; by_us > step_us; by_us -= step_us)
        io_steered_move(&machine->io, step_us);
    io_steered_move(&machine->io, by_us);
}

/* The steered clock stands still and checkpoints follow it: it is moved on until the state holds
 * everything. */
__attribute__((unused)) static void machine_commit(struct machine *machine) {
    int r = STORE_TIMEOUT;
    for (int i = 0; i < 1000 && r == STORE_TIMEOUT; i++) {
        io_steered_move(&machine->io, MICROSECONDS / 10);
        r = store_wait(machine->store, journal_head(machine->journal).sequence, 20);
    }
    assert_int_equal(r, 0);
}

/* The export of the state as it is committed up to the journal's head. */
__attribute__((unused)) static void machine_digest(struct machine *machine,
                                                   char ret_digest[static 65]) {
    struct view *view = NULL;
    machine_commit(machine);
    assert_int_equal(store_view_open(machine->store, &view), 0);
    assert_int_equal(store_export_digest(view, domain_renders, ret_digest), 0);
    view_close(view);
}
