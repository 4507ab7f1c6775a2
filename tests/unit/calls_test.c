/* Questions to plugins that wait for their answer. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "bus/wake.h"
#include "plugin/calls.h"

struct fixture {
    struct wake wake;
    struct calls *calls;
};

static struct fixture fixture;

static int set_up(void **state) {
    *state = &fixture;
    wake_init(&fixture.wake);
    fixture.calls = calls_new(&fixture.wake);
    return 0;
}

static int tear_down(void **state) {
    struct fixture *f = *state;
    calls_free(f->calls);
    wake_deinit(&f->wake);
    return 0;
}

static void an_answer_comes_once(void **state) {
    struct fixture *f = *state;
    uint64_t call = calls_begin(f->calls);
    assert_int_not_equal(call, 0);
    assert_false(calls_is_over(f->calls, call));
    assert_null(calls_take(f->calls, call));
    calls_finish(f->calls, call, json_pack("{s:i}", "result", 5));
    assert_true(atomic_load(&f->wake.rung));
    assert_true(calls_is_over(f->calls, call));
    calls_finish(f->calls, call, json_pack("{s:i}", "result", 6));
    json_t *answer = calls_take(f->calls, call);
    assert_int_equal(json_integer_value(json_object_get(answer, "result")), 5);
    json_decref(answer);
    assert_null(calls_take(f->calls, call));
    assert_true(calls_is_over(f->calls, call));
}

static void what_is_not_known_is_dropped(void **state) {
    struct fixture *f = *state;
    calls_finish(f->calls, 0, json_object());
    calls_finish(f->calls, 12345, json_object());
    assert_true(calls_is_over(f->calls, 12345));
    assert_null(calls_take(f->calls, 0));
    assert_false(atomic_load(&f->wake.rung));
}

static void so_many_wait_at_a_time_and_no_more(void **state) {
    struct fixture *f = *state;
    uint64_t calls[300];
    size_t n = 0;
    while (n < 300 && (calls[n] = calls_begin(f->calls)) != 0)
        n++;
    assert_int_equal(n, 256);
    calls_fail(f->calls, calls[100], "busy", "too late");
    uint64_t another = calls_begin(f->calls);
    assert_int_not_equal(another, 0);
    /* Nobody took the failed one: its place was another's to have. */
    assert_null(calls_take(f->calls, calls[100]));
    assert_false(calls_is_over(f->calls, another));
    assert_false(calls_is_over(f->calls, calls[99]));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(an_answer_comes_once, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_is_not_known_is_dropped, set_up, tear_down),
        cmocka_unit_test_setup_teardown(so_many_wait_at_a_time_and_no_more, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
