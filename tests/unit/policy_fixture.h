/* Someone who asks policies over the small city of domain_fixture.h: activates texts, asks, keeps
 * answers until the end of the test. */
#pragma once

#include "domain_fixture.h"

#include "policy/evaluate.h"
#include "policy/facts.h"
#include "util/io.h"

struct asker {
    struct world *world;
    struct policy_host *host;
    struct arena arena; /* answers, until the end of the test */
    struct buf json;
    unsigned n_revisions;
};

static int asker_setup(void **state) {
    static const struct policy_limits limits = {1000000, UINT64_C(16) << 20, 65536};
    struct asker *asker = calloc(1, sizeof *asker);
    void *world;
    assert_int_equal(world_setup(&world), 0);
    asker->world = world;
    asker->host = policy_host_new(&limits);
    arena_init(&asker->arena);
    world_city(asker->world);
    *state = asker;
    return 0;
}

static int asker_teardown(void **state) {
    struct asker *asker = *state;
    void *world = asker->world;
    policy_host_free(asker->host);
    arena_deinit(&asker->arena);
    buf_deinit(&asker->json);
    free(asker);
    return world_teardown(&world);
}

static int32_t date(const char *text) {
    int32_t date;
    assert_int_equal(date_parse(str_from(text), &date), 0);
    return date;
}

static void apply(struct asker *asker, const char *type, void *data) {
    struct world *world = asker->world;
    struct event event = {.type = catalogue_find(str_from(type)),
                          .source = STR("test"),
                          .data = data,
                          .sequence = ++world->sequence};
    assert_int_equal(time_parse(STR(WORLD_TIME), &event.time.us, &event.time.offset_minutes), 0);
    event.recorded_us = event.time.us;
    stepper_begin(&world->stepper, &world->arena, &world->problem);
    assert_int_equal(stepper_apply(&world->stepper, &event), 0);
    store_accept(world->writer);
    assert_int_equal(stepper_accepted(&world->stepper, &event), 0);
}

/* A library that the shipped texts use; borrowed by the activation. */
static inline struct library read_library(struct asker *asker, const char *name) {
    struct library library = {.name = str_from(name)};
    char path[512], *text;
    size_t size;
    snprintf(path, sizeof path, SOURCE_DIR "/scripts/library/%s.lua", name);
    assert_int_equal(io_read_file(io_system(), path, 1 << 20, &text, &size), 0);
    library.text = arena_copy(&asker->arena, (struct str){text, size});
    free(text);
    GIVE(&library, library, name);
    GIVE(&library, library, text);
    return library;
}

/* Activates a text under that name; returns its revision. */
static const char *activate_named(struct asker *asker, const char *name,
                                  enum POLICY_KIND_choice kind, const char *scope,
                                  const char *effective, const char *parameters, const char *text) {
    char *revision = arena_alloc(&asker->arena, 64);
    snprintf(revision, 64, "%s:%u", name, ++asker->n_revisions);
    struct policy_activated data = {.policy = str_from(name),
                                    .kind = (int32_t)kind,
                                    .scope = str_from(scope),
                                    .revision = str_from(revision),
                                    .text = str_from(text),
                                    .parameters = str_from(parameters),
                                    .effective = date(effective),
                                    .by = STR("clerk:1")};
    GIVE(&data, policy_activated, policy);
    GIVE(&data, policy_activated, kind);
    GIVE(&data, policy_activated, revision);
    GIVE(&data, policy_activated, text);
    GIVE(&data, policy_activated, effective);
    GIVE(&data, policy_activated, retroactivity);
    GIVE(&data, policy_activated, by);
    struct library library = read_library(asker, "integrity");
    if (kind == POLICY_KIND_ACCEPTANCE) {
        data.library = (struct list){1, &library};
        GIVE(&data, policy_activated, library);
    }
    if (scope)
        GIVE(&data, policy_activated, scope);
    if (parameters)
        GIVE(&data, policy_activated, parameters);
    apply(asker, "policy.activated", &data);
    return revision;
}

__attribute__((unused)) static const char *activate(struct asker *asker,
                                                    enum POLICY_KIND_choice kind, const char *scope,
                                                    const char *effective, const char *parameters,
                                                    const char *text) {
    return activate_named(asker, "rule", kind, scope, effective, parameters, text);
}
