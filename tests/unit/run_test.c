/* Runs and frames: what is large. */
#include "engine_fixture.h"

#include "domain/runs.h"

#define LIBRARY_BYTES (200u << 10)

/* Every finding is long: 500 of these decisions are more than a frame holds. */
#define LONG_RATING                                                                                \
    "return { name = 'star_rating', kind = 'star_rating', title = 't', parameters = { "            \
    "['2010-01-01'] = {} }, decide = function() local long = string.rep('x', 250) for i = 1, 60 "  \
    "do finding('long', long) end return 1 end, cases = {} }"

static void register_many(struct machine *machine, unsigned n) {
    for (unsigned i = 0; i < n; i++) {
        char data[128];
        snprintf(data, sizeof data, "{\"volunteer\":\"p%u\",\"region\":\"620502000000\"}", i);
        assert_stored(machine_send(machine, "volunteer.registered", data));
    }
}

static bool is_done(struct machine *machine) {
    struct view *view = NULL;
    struct run_row run;
    machine_commit(machine);
    assert_int_equal(store_view_open(machine->store, &view), 0);
    assert_int_equal(run_get(view, 1, &run), 0);
    view_close(view);
    return run.done;
}

static void a_run_whose_decisions_outgrow_a_frame_ends_complete(void **state) {
    enum { PEOPLE = 600 };
    struct machine *machine = *state;
    machine_city(machine);
    register_many(machine, PEOPLE);
    assert_stored(
        machine_activate_text(machine, "star_rating", 1, STR(LONG_RATING), "all_history"));
    for (int i = 0; i < 20000 && !machine->failure && !is_done(machine); i++)
        usleep(1000);
    assert_int_equal(machine->failure, 0);
    struct view *view = NULL;
    assert_int_equal(store_view_open(machine->store, &view), 0);
    for (uint32_t number = 1; number <= PEOPLE; number++) {
        struct volunteer_row row;
        assert_int_equal(volunteer_get(view, number, &row), 0);
        assert_int_equal(row.stars, 1);
    }
    view_close(view);
}

/* An activation with so many library files. */
static void put_activation(struct buf *text, unsigned revision, unsigned n_libraries) {
    buf_printf(text,
               "{\"specversion\":\"1.0\",\"id\":\"l%u\",\"source\":\"t\",\"type\":\"policy."
               "activated\",\"data\":{\"policy\":\"big\",\"kind\":\"registration\",\"revision\":"
               "\"big:%u\",\"text\":\"return {}\",\"effective\":\"2010-01-01\",\"retroactivity\":"
               "\"from_now\",\"by\":\"t\",\"library\":[",
               revision, revision);
    for (unsigned i = 0; i < n_libraries; i++) {
        buf_printf(text, "%s{\"name\":\"n%u\",\"text\":\"", i ? "," : "", i);
        for (size_t byte = 0; byte < LIBRARY_BYTES; byte++)
            buf_put_byte(text, '-');
        buf_put_str(text, STR("\"}"));
    }
    buf_put_str(text, STR("]}}"));
}

static void what_is_too_large_does_not_hang_on_how_full_the_frame_is(void **state) {
    struct machine *machine = *state;
    struct buf text = {0};
    machine_city(machine);
    machine->batch.trusted = true;
    for (unsigned revision = 1; revision <= 3; revision++) {
        buf_reset(&text);
        put_activation(&text, revision, revision == 2 ? 12 : 9); /* 2.4 MB, 1.8 MB */
        assert_int_equal(machine_submit_text(machine, buf_str(&text)), 0);
        if (revision == 2)
            assert_rejected(&machine->batch.results[0], PROBLEM_TOO_LARGE);
        else
            assert_stored(&machine->batch.results[0]);
    }
    buf_deinit(&text);
    machine_stop(machine);
    char *directory = machine_path(machine, "state");
    assert_int_equal(store_remove(directory), 0);
    free(directory);
    assert_int_equal(machine_start(machine), 0);
}

int main(void) {
#define T(name) cmocka_unit_test_setup_teardown(name, machine_setup, machine_teardown)
    const struct CMUnitTest tests[] = {
        T(a_run_whose_decisions_outgrow_a_frame_ends_complete),
        T(what_is_too_large_does_not_hang_on_how_full_the_frame_is),
    };
    return cmocka_run_group_tests_name("run", tests, NULL, NULL);
}
