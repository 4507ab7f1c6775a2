/* The engine's clock: midnights, jumps, and the events' own time. */
#include "engine_fixture.h"

#define PERSON(id) "{\"volunteer\":\"" id "\",\"region\":\"620502000000\"}"

static uint64_t head(struct machine *machine) {
    return journal_head(machine->journal).sequence;
}

static int64_t recorded(struct machine *machine) {
    struct engine_counters counters;
    engine_counters(machine->engine, &counters);
    return counters.recorded_us;
}

static void a_midnight_is_ticked_though_no_event_comes(void **state) {
    struct machine *machine = *state;
    machine_city(machine);
    uint64_t before = head(machine);
    machine_move(machine, DAY_SECONDS * MICROSECONDS);
    for (int i = 0; i < 5000 && head(machine) == before; i++)
        usleep(1000);
    assert_int_equal(head(machine), before + 1);
}

static void a_clock_that_jumps_records_nothing_with_the_wrong_time(void **state) {
    struct machine *machine = *state;
    machine_city(machine);
    int64_t before = recorded(machine);
    uint64_t sequence = head(machine);
    io_steered_jump(&machine->io, 40 * DAY_SECONDS * MICROSECONDS);
    struct str text = STR("{\"specversion\":\"1.0\",\"id\":\"j\",\"source\":\"t\",\"type\":"
                          "\"volunteer.registered\",\"data\":" PERSON("v1") "}");
    int r = machine_submit_text(machine, text);
    if (r == 0) /* it was taken before the jump was seen */
        assert_rejected(&machine->batch.results[0], PROBLEM_READ_ONLY);
    else
        assert_int_equal(r, ENGINE_READ_ONLY);
    assert_int_equal(head(machine), sequence);
    assert_int_equal(recorded(machine), before);
    io_steered_jump(&machine->io, -40 * DAY_SECONDS * MICROSECONDS);
    machine->batch.trusted = true;
    assert_stored(machine_send(machine, "clock.accepted", "{\"by\":\"operator:1\"}"));
    assert_stored(machine_send(machine, "volunteer.registered", PERSON("v1")));
    assert_int_equal(recorded(machine), before);
}

static void start_with_events_clock(struct machine *machine) {
    machine_stop(machine);
    machine->options.clock_from_events = true;
    assert_int_equal(machine_start(machine), 0);
    machine_city(machine);
}

static void history_before_1970_ticks_no_midnight(void **state) {
    struct machine *machine = *state;
    start_with_events_clock(machine);
    uint64_t before = head(machine);
    assert_stored(machine_send_at(machine, "a", "1963-03-05T12:00:00+08:00", "volunteer.registered",
                                  PERSON("v1")));
    assert_stored(machine_send_at(machine, "b", "1964-03-05T12:00:00+08:00", "volunteer.registered",
                                  PERSON("v2")));
    assert_int_equal(head(machine), before + 2);
}

static void the_events_clock_does_not_run_beyond_the_last_date(void **state) {
    struct machine *machine = *state;
    start_with_events_clock(machine);
    assert_rejected(
        machine_send_at(machine, "a", "9999-12-31T20:00:00Z", "volunteer.registered", PERSON("v1")),
        PROBLEM_IN_FUTURE);
    assert_stored(machine_send_at(machine, "b", "2010-03-05T12:00:00+08:00", "volunteer.registered",
                                  PERSON("v1")));
    machine_stop(machine);
    assert_int_equal(machine_start(machine), 0);
}

int main(void) {
#define T(name) cmocka_unit_test_setup_teardown(name, machine_setup, machine_teardown)
    const struct CMUnitTest tests[] = {
        T(a_midnight_is_ticked_though_no_event_comes),
        T(a_clock_that_jumps_records_nothing_with_the_wrong_time),
        T(history_before_1970_ticks_no_midnight),
        T(the_events_clock_does_not_run_beyond_the_last_date),
    };
    return cmocka_run_group_tests_name("clock", tests, NULL, NULL);
}
