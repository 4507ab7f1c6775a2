/* A small city over a real store, without a daemon: events go in as JSON, as a publisher writes
 * them, and are applied as the engine applies them. Decisions are given by the test, as in a
 * replay. */
#pragma once

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

#include "dictionaries_example.h"
#include "domain/counters.h"
#include "domain/records.h"
#include "domain/stars.h"
#include "domain/volunteers.h"
#include "engine/step.h"

struct world {
    char directory[64];
    struct store *store;
    struct store_writer *writer;
    struct stepper stepper;
    struct arena arena;
    struct dom_parser *parser;
    struct problem problem;
    uint64_t sequence;
    unsigned n_ids;
};

static void world_failed(void *context, int error) {
    (void)context;
    fail_msg("the store failed: %d", error);
}

static int world_setup(void **state) {
    struct world *world = calloc(1, sizeof *world);
    strcpy(world->directory, "/tmp/volunteerd-domain-XXXXXX");
    assert_non_null(mkdtemp(world->directory));
    struct store_options options = {.directory = world->directory,
                                    .map_size_bytes = UINT64_C(1) << 30,
                                    .checkpoint_ms = 100,
                                    .pending_limit_bytes = UINT64_C(64) << 20,
                                    .on_failure = world_failed};
    assert_int_equal(store_open(&options, &world->store), 0);
    assert_int_equal(store_writer_open(world->store, &world->writer), 0);
    assert_int_equal(stepper_init(&world->stepper, world->writer), 0);
    arena_init(&world->arena);
    world->parser = dom_parser_new();
    *state = world;
    return 0;
}

static int world_teardown(void **state) {
    struct world *world = *state;
    stepper_deinit(&world->stepper);
    store_writer_close(world->writer);
    store_close(world->store);
    (void)store_remove(world->directory);
    (void)rmdir(world->directory);
    dom_parser_free(world->parser);
    arena_deinit(&world->arena);
    free(world);
    return 0;
}

/* Applies one event given its type, time and data. 0 or the problem's code. */
static enum problem_code world_apply(struct world *world, const char *type, const char *time,
                                     const char *data) {
    static const struct digest_key key = {{1}};
    char text[8192];
    struct dom_value value;
    const char *message;
    size_t offset;
    struct event event;
    memset(&world->problem, 0, sizeof world->problem);
    arena_reset(&world->arena);
    int size = snprintf(text, sizeof text,
                        "{\"specversion\":\"1.0\",\"id\":\"e%u\",\"source\":\"test\",\"type\":\"%"
                        "s\",\"time\":\"%s\",\"data\":%s}",
                        ++world->n_ids, type, time, data);
    assert_int_equal(
        dom_parse(world->parser, (struct str){text, (size_t)size}, &value, &message, &offset), 0);
    if (event_from_json(value, &key, &world->arena, &event, &world->problem) != 0)
        return world->problem.code;
    event.sequence = world->sequence + 1;
    event.recorded_us = event.time.us;
    stepper_begin(&world->stepper, &world->arena, &world->problem);
    int r = stepper_apply(&world->stepper, &event);
    assert_true(r >= 0);
    if (r > 0) {
        store_refuse(world->writer);
        assert_int_not_equal(world->problem.code, PROBLEM_NONE);
        return world->problem.code;
    }
    store_accept(world->writer);
    assert_int_equal(stepper_accepted(&world->stepper, &event), 0);
    world->sequence++;
    return PROBLEM_NONE;
}

#define WORLD_TIME "2018-06-01T12:00:00+08:00"
#define assert_applied(world, type, data) world_assert(world, PROBLEM_NONE, type, WORLD_TIME, data)
#define assert_refused(world, code, type, data) world_assert(world, code, type, WORLD_TIME, data)

static void world_assert(struct world *world, enum problem_code code, const char *type,
                         const char *time, const char *data) {
    enum problem_code got = world_apply(world, type, time, data);
    if (got != code)
        fail_msg("%s %s: got problem %d (%s: %s), expected %d", type, data, got,
                 world->problem.field, world->problem.message, code);
}

static void world_entry(void *context, const char *data) {
    assert_applied(context, "dictionary.entry_set", data);
}

/* Tianshui, Qinzhou, a street, a community; another county; a unit; two volunteers; an activity. */
__attribute__((unused)) static void world_city(struct world *world) {
    assert_applied(
        world, "city.configured",
        "{\"region\":\"620500000000\",\"name\":\"天水市\",\"time_zone\":\"Asia/Shanghai\","
        "\"offsets\":[{\"from\":0,\"seconds\":28800}]}");
    shipped_entries_each(world_entry, world);
    assert_applied(world, "region.defined",
                   "{\"region\":\"620500000000\",\"name\":\"天水市\",\"level\":\"city\"}");
    assert_applied(world, "region.defined",
                   "{\"region\":\"620502000000\",\"name\":\"秦州区\",\"level\":\"county\","
                   "\"parent\":\"620500000000\"}");
    assert_applied(world, "region.defined",
                   "{\"region\":\"620503000000\",\"name\":\"麦积区\",\"level\":\"county\","
                   "\"parent\":\"620500000000\"}");
    assert_applied(world, "region.defined",
                   "{\"region\":\"620502001000\",\"name\":\"大城街道\",\"level\":\"township\","
                   "\"parent\":\"620502000000\"}");
    assert_applied(world, "region.defined",
                   "{\"region\":\"620502001001\",\"name\":\"社区\",\"level\":\"community\","
                   "\"parent\":\"620502001000\"}");
    assert_applied(world, "organisation.defined",
                   "{\"organisation\":\"o1\",\"name\":\"单位\",\"kind\":\"enterprise\",\"region\":"
                   "\"620502001000\"}");
    assert_applied(world, "volunteer.registered",
                   "{\"volunteer\":\"v1\",\"region\":\"620502001001\",\"employer\":\"o1\"}");
    assert_applied(world, "volunteer.registered",
                   "{\"volunteer\":\"v2\",\"region\":\"620503000000\"}");
    assert_applied(world, "activity.published",
                   "{\"activity\":\"a1\",\"title\":\"t\",\"content\":\"c\",\"category\":"
                   "\"elderly\",\"kind\":\"service\","
                   "\"organisation\":\"o1\",\"region\":\"620503000000\",\"place\":{\"text\":\"p\"},"
                   "\"starts\":\"2018-05-01T08:00:00+08:00\",\"ends\":\"2018-05-01T18:00:00+08:"
                   "00\",\"places\":10,"
                   "\"risk\":\"r\"}");
}

__attribute__((unused)) static uint32_t world_number(struct world *world, enum noun noun,
                                                     const char *id) {
    uint32_t number = 0;
    assert_int_equal(thing_find(world->stepper.context.view, noun, str_from(id), &number), 0);
    return number;
}

static inline int32_t day(const char *text) {
    int32_t date = 0;
    assert_int_equal(date_parse(str_from(text), &date), 0);
    return date;
}

/* A reader's view of everything applied so far: for what scans. */
static inline struct view *reader_view(struct world *world) {
    struct store_head head = {.epoch = 1, .sequence = world->sequence};
    struct view *view = NULL;
    store_durable(world->store, world->sequence);
    assert_int_equal(store_flush(world->writer, &head), 0);
    assert_int_equal(store_view_open(world->store, &view), 0);
    return view;
}
