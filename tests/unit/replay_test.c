/* Catching up: from any state that a kill may leave behind. */
#include "engine_fixture.h"

static void copy_folder(const struct machine *machine, const char *from, const char *to) {
    const char *directory = machine->directory;
    char *command = NULL;
    assert_true(asprintf(&command, "rm -rf '%s/%s' && cp -r '%s/%s' '%s/%s'", directory, to,
                         directory, from, directory, to) > 0);
    assert_int_equal(system(command), 0);
    free(command);
}

/* As a kill between a frame and its checkpoint leaves it. */
static void a_state_one_frame_behind_catches_up_and_is_taken_at_the_next_start_too(void **state) {
    struct machine *machine = *state;
    machine_city(machine);
    machine_stop(machine);
    copy_folder(machine, "state", "older");
    assert_int_equal(machine_start(machine), 0);
    assert_stored(machine_send(machine, "volunteer.registered",
                               "{\"volunteer\":\"v1\",\"region\":\"620502000000\"}"));
    machine_stop(machine);
    copy_folder(machine, "older", "state");
    for (int starts = 0; starts < 3; starts++) {
        assert_int_equal(machine_start(machine), 0);
        machine_stop(machine);
    }
    assert_int_equal(machine_start(machine), 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(
            a_state_one_frame_behind_catches_up_and_is_taken_at_the_next_start_too, machine_setup,
            machine_teardown),
    };
    return cmocka_run_group_tests_name("replay", tests, NULL, NULL);
}
