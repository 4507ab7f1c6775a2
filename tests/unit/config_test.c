#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "config.h"
#include "config_child.h"

#define DIRS "data_dir = \"d\"; runtime_dir = \"/r\"; policy_dir = \"p\";\n"

struct fixture {
    char folder[32];
    char path[64];
    struct buf lines;
    struct buf complaints;
    struct config config;
};

static int set_up(void **state) {
    struct fixture *f = calloc(1, sizeof *f);
    strcpy(f->folder, "/tmp/config-XXXXXX");
    if (!mkdtemp(f->folder))
        return -1;
    snprintf(f->path, sizeof f->path, "%s/c.conf", f->folder);
    *state = f;
    return 0;
}

static int tear_down(void **state) {
    struct fixture *f = *state;
    config_deinit(&f->config);
    buf_deinit(&f->lines);
    buf_deinit(&f->complaints);
    unlink(f->path);
    rmdir(f->folder);
    free(f);
    return 0;
}

/* What the child prints and the parent reads, in one process. */
static int load(struct fixture *f, const char *text) {
    FILE *file = fopen(f->path, "w");
    assert_non_null(file);
    fputs(text, file);
    fclose(file);
    config_deinit(&f->config);
    buf_reset(&f->lines);
    buf_reset(&f->complaints);
    assert_int_equal(config_flatten(f->path, &f->lines), 0);
    int result = config_from_lines(f->path, buf_str(&f->lines), &f->config, &f->complaints);
    buf_put_byte(&f->complaints, '\0');
    return result;
}

static void complains(struct fixture *f, const char *text, const char *of) {
    assert_int_equal(load(f, text), CONFIG_REFUSED);
    if (!strstr(f->complaints.data, of))
        fail_msg("'%s' does not complain of '%s' but: %s", text, of, f->complaints.data);
}

static void three_folders_are_enough(void **state) {
    struct fixture *f = *state;
    char path[128];
    if (load(f, DIRS) != 0)
        fail_msg("%s", f->complaints.data);
    const struct options *options = &f->config.options;
    snprintf(path, sizeof path, "%s/d", f->folder);
    assert_string_equal(options->data_dir, path);
    assert_string_equal(options->runtime_dir, "/r");
    snprintf(path, sizeof path, "%s/d/master.key", f->folder);
    assert_string_equal(options->master_key, path);
    assert_int_equal(options->ingest.n, 1);
    assert_string_equal(options->ingest.items[0], "ipc:///r/ingest.sock");
    assert_int_equal(options->max_message_bytes, 8388608);
    assert_int_equal(options->clock, CLOCK_WORD_SYSTEM);
}

static void the_sample_says_the_defaults(void **state) {
    struct fixture *f = *state;
    struct buf lines = {0}, complaints = {0};
    struct config sample = {0};
    struct options defaults;
    config_flatten(SOURCE_DIR "/conf/volunteerd.conf", &lines);
    int result =
        config_from_lines("/etc/volunteerd/volunteerd.conf", buf_str(&lines), &sample, &complaints);
    buf_put_byte(&complaints, '\0');
    assert_string_equal(complaints.data, "");
    assert_int_equal(result, 0);
    options_default(&defaults);
    for (size_t i = 0; i < n_options; i++) {
        const struct option *option = &option_table[i];
        if (option->kind != OPTION_PATH && option->kind != OPTION_ENDPOINTS &&
            option->kind != OPTION_SIGNERS && option_differs(option, &sample.options, &defaults))
            fail_msg("conf/volunteerd.conf: %s does not have its default", option->name);
    }
    config_deinit(&sample);
    buf_deinit(&lines);
    buf_deinit(&complaints);
    (void)f;
}

static void all_complaints_come_at_once_with_their_lines(void **state) {
    struct fixture *f = *state;
    complains(f,
              "data_dir = 7;\npolcy_dir = \"p\";\nbus: {\n  query_threads = 99;\n"
              "  quer_queue = 5;\n};\nclock = \"sometimes\";\n",
              ":1: data_dir: must be a text in quotes");
    assert_non_null(strstr(f->complaints.data,
                           ":2: polcy_dir: there is no such option; did you mean policy_dir?"));
    assert_non_null(
        strstr(f->complaints.data, ":4: bus.query_threads: 99 is out of range: 1 to 16 threads"));
    assert_non_null(
        strstr(f->complaints.data,
               ":5: bus.quer_queue: there is no such option; did you mean bus.query_queue?"));
    assert_non_null(strstr(f->complaints.data, ":7: clock: must be one of \"system\", \"events\""));
    assert_non_null(strstr(f->complaints.data, "runtime_dir: must be given"));
}

static void numbers_that_wrap_are_refused(void **state) {
    struct fixture *f = *state;
    /* 4294967297 would become 1 in 32 bits, which is allowed. */
    complains(f, DIRS "store: { map_size_gib = 4294967297; };",
              ":2: store.map_size_gib: 4294967297 is out of range");
    complains(f, DIRS "store: { map_size_gib = 99999999999999999999L; };",
              "99999999999999999999L is out of range");
    complains(f, DIRS "store: {\n map_size_gib = 0x100000001; };",
              ":3: store.map_size_gib: 0x100000001 is out of range");
    complains(f, DIRS "bus: { ingest = [ 4294967297 ]; };", "4294967297 does not fit a number");
    assert_int_equal(load(f, DIRS "# 99999999999\ncity: { name = \"99999999999\"; };"), 0);
}

static void a_wrapped_number_is_told_of_its_own_option(void **state) {
    struct fixture *f = *state;
    complains(f, DIRS "bus: { max_events = 5; queue_mib = 4294967300; };",
              ":2: bus.queue_mib: 4294967300 is out of range");
    assert_null(strstr(f->complaints.data, "max_events"));
}

static void a_file_that_is_not_utf8_is_refused(void **state) {
    struct fixture *f = *state;
    /* 天水 as GB18030 has it: it must not become the city's name in the journal. */
    complains(f, DIRS "\ncity: { name = \"\xcc\xec\xcb\xae\"; };", ":3: is not UTF-8");
    assert_int_equal(load(f, DIRS "city: { name = \"天水\"; };"), 0);
}

static void two_sockets_do_not_share_an_endpoint(void **state) {
    struct fixture *f = *state;
    complains(f, DIRS "bus: { ingest = [ \"ipc://a\" ]; feed = [ \"ipc://./a\" ]; };",
              "is taken by bus.ingest already");
    complains(f, DIRS "bus: { query = [ \"ipc:///r/feed.sock\" ]; };",
              "is taken by bus.feed already");
    complains(f, DIRS "bus: { query = [ \"tcp://127.0.0.1:7\", \"tcp://127.0.0.1:7\" ]; };",
              ":2: bus.query: tcp://127.0.0.1:7 is taken by bus.query already");
}

static void endpoints_stay_on_this_machine(void **state) {
    struct fixture *f = *state;
    complains(f, DIRS "bus: { query = [ \"tcp://0.0.0.0:7000\" ]; };", "loopback only");
    complains(f, DIRS "bus: { query = [ \"tcp://*:7000\" ]; };", "loopback only");
    complains(f, DIRS "bus: { query = [ \"tcp://127.0.0.1:70000\" ]; };", "1 to 65535");
    complains(f, DIRS "bus: { query = [ \"udp://127.0.0.1:7000\" ]; };",
              "begins with ipc:// or tcp://");
    complains(f, DIRS "bus: { query = \"ipc:///x\"; };", "list of endpoints");
    complains(f, DIRS "bus: { query = [ 5 ]; };", "not a text");
    assert_int_equal(
        load(f, DIRS "bus: { query = [ \"tcp://127.0.0.1:7000\", \"ipc://x.sock\" ]; };"), 0);
    char endpoint[96];
    snprintf(endpoint, sizeof endpoint, "ipc://%s/x.sock", f->folder);
    assert_int_equal(f->config.options.query.n, 2);
    assert_string_equal(f->config.options.query.items[1], endpoint);
}

static void wrong_shapes_are_named(void **state) {
    struct fixture *f = *state;
    complains(f, "data_dir = ;", ":1: syntax error");
    complains(f, DIRS "bus = 5;", "is a group");
    complains(f, DIRS "clock: { x = 1; };", "is an option, not a group");
    complains(f, DIRS "journl: { engine = \"local\"; };", "did you mean journal?");
    assert_null(strstr(f->complaints.data, "journl.engine"));
    complains(f, DIRS "journal: { compress = 1; };", "must be true or false");
    complains(f, DIRS "store: { pending_mib = 1.5; };", "must be a whole number of MiB");
    complains(f, DIRS "city: { time_zone = \"Mars/Olympus\"; };", "city.time_zone");
    complains(f, DIRS "city: { region = \"6205\"; };", ":2: city.region: must be a division code");
    complains(f, DIRS "city: { name = \"\"; };", "must not be empty");
}

static void a_child_that_ended_early_is_a_complaint(void **state) {
    struct fixture *f = *state;
    int result = config_from_lines(f->path, STR(""), &f->config, &f->complaints);
    buf_put_byte(&f->complaints, '\0');
    assert_int_equal(result, CONFIG_REFUSED);
    assert_non_null(strstr(f->complaints.data, "@include"));
}

static void a_reload_takes_live_options_and_names_the_others(void **state) {
    struct fixture *f = *state;
    struct config running = {0};
    struct buf restart = {0};
    assert_int_equal(load(f, DIRS), 0);
    running = f->config;
    f->config = (struct config){0};
    assert_int_equal(
        load(f, DIRS "log: { level = \"debug\"; }; bus: { max_events = 7; query_threads = 3; };"),
        0);
    assert_int_equal(config_take_live(&running, &f->config, &restart), 2);
    buf_put_byte(&restart, '\0');
    assert_string_equal(restart.data, "bus.query_threads");
    assert_int_equal(running.options.log_level, LOG_WORD_DEBUG);
    assert_int_equal(running.options.max_events, 7);
    assert_int_equal(running.options.query_threads, 2);
    config_deinit(&running);
    buf_deinit(&restart);
}

/* ---- plugins ---- */

static void a_plugin_has_its_limits_and_its_own_settings(void **state) {
    struct fixture *f = *state;
    if (load(f,
             DIRS "plugins: ( { name = \"one\"; limits: { hang_s = 3; }; url = \"https://a.b\";\n"
                  "  every = 60; loud = true; },\n { name = \"two-2\"; enabled = false; } );") != 0)
        fail_msg("%s", f->complaints.data);
    assert_int_equal(f->config.n_plugins, 2);
    const struct plugin_config *one = &f->config.plugins[0], *two = &f->config.plugins[1];
    assert_string_equal(one->name, "one");
    assert_true(one->enabled);
    assert_int_equal(one->limits.hang_s, 3);
    assert_int_equal(one->limits.memory_mib, 256);
    assert_int_equal(json_array_size(one->settings), 3);
    assert_string_equal(
        json_string_value(json_object_get(json_array_get(one->settings, 0), "value")),
        "https://a.b");
    assert_true(strstr(plugin_config_place(one, "every"), "c.conf:3"));
    assert_true(strstr(plugin_config_place(one, "missing"), "c.conf:2"));
    assert_string_equal(one->folder, f->folder);
    assert_false(two->enabled);
    assert_false(plugin_config_differs(one, one));
    assert_true(plugin_config_differs(one, two));
}

/* A setting that moved to another line is the same. */
static void a_plugin_differs_by_what_it_would_do(void **state) {
    struct fixture *f = *state;
    struct plugin_config before;
    assert_int_equal(load(f, DIRS "plugins: ( { name = \"one\"; a = 1; b = 2; } );"), 0);
    plugin_config_copy(&before, &f->config.plugins[0]);
    assert_int_equal(load(f, DIRS "\n\nplugins: ( { name = \"one\"; b = 2;\n a = 1; } );"), 0);
    assert_false(plugin_config_differs(&before, &f->config.plugins[0]));
    assert_int_equal(load(f, DIRS "plugins: ( { name = \"one\"; a = 1; b = 3; } );"), 0);
    assert_true(plugin_config_differs(&before, &f->config.plugins[0]));
    assert_int_equal(load(f, DIRS "plugins: ( { name = \"one\"; a = 1; b = 2; c = 3; } );"), 0);
    assert_true(plugin_config_differs(&before, &f->config.plugins[0]));
    plugin_config_deinit(&before);
}

static void what_is_wrong_with_plugins_is_told_with_its_line(void **state) {
    struct fixture *f = *state;
    complains(f, DIRS "plugins: { };", "must be a list");
    complains(f, DIRS "plugins = 3;", "must be a list");
    complains(f, DIRS "plugins = ( \"one\", 2 );", "each of it must be a group");
    complains(f, DIRS "plugins: ( { } );", "c.conf:2: plugins[0]: name must be given");
    complains(f, DIRS "plugins: ( { a = 1; } );", "name must be given");
    complains(f, DIRS "plugins: ( { name = \"One\"; } );", "must be a text of small letters");
    complains(f, DIRS "plugins: ( { name = \"../x\"; } );", "must be a text of small letters");
    complains(f, DIRS "plugins: ( { name = 3; } );", "must be a text of small letters");
    complains(f, DIRS "plugins: ( { name = \"volunteer\"; } );", "methods of the daemon");
    complains(f, DIRS "plugins: ( { name = \"a\"; },\n { name = \"a\"; } );",
              "c.conf:3: plugins[1].name: there is a plugin a already");
    complains(f, DIRS "plugins: ( { name = \"a\"; enabled = 1; } );", "must be true or false");
    complains(f, DIRS "plugins: ( { name = \"a\"; limits = 1; } );", "is a group");
    complains(f, DIRS "plugins: ( { name = \"a\"; limits: { hangs = 1; }; } );",
              "there is no such limit; did you mean hang_s?");
    complains(f, DIRS "plugins: ( { name = \"a\"; limits: { hang_s = 0; }; } );",
              "0 is out of range: 1 to 3600 s");
    complains(f, DIRS "plugins: ( { name = \"a\"; limits: { hang_s = \"1\"; }; } );",
              "must be a whole number of s");
    complains(f, DIRS "plugins: ( { name = \"a\"; b: { c = 1; }; } );", "is no group");
    complains(f, DIRS "plugins: ( { name = \"a\"; b = 1.5; } );", "must be a text in quotes");
    complains(f, DIRS "plugins: ( { name = \"a\"; b = [ 1 ]; } );", "must be a text in quotes");
    complains(f, DIRS "plugins: ( { name = \"a\"; b = 99999999999; } );", "99999999999");
}

static void there_are_only_so_many_plugins(void **state) {
    struct fixture *f = *state;
    struct buf text = {0};
    buf_put_str(&text, STR(DIRS "plugins: ("));
    for (int i = 0; i < PLUGINS_LIMIT + 2; i++)
        buf_printf(&text, "%s{ name = \"p%d\"; }", i ? ", " : "", i);
    buf_put_str(&text, STR(");"));
    buf_put_byte(&text, '\0');
    complains(f, text.data, "there are more than 32 plugins");
    buf_deinit(&text);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_plugin_has_its_limits_and_its_own_settings, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(a_plugin_differs_by_what_it_would_do, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_is_wrong_with_plugins_is_told_with_its_line, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(there_are_only_so_many_plugins, set_up, tear_down),
        cmocka_unit_test_setup_teardown(three_folders_are_enough, set_up, tear_down),
        cmocka_unit_test_setup_teardown(the_sample_says_the_defaults, set_up, tear_down),
        cmocka_unit_test_setup_teardown(all_complaints_come_at_once_with_their_lines, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(numbers_that_wrap_are_refused, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_wrapped_number_is_told_of_its_own_option, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(a_file_that_is_not_utf8_is_refused, set_up, tear_down),
        cmocka_unit_test_setup_teardown(two_sockets_do_not_share_an_endpoint, set_up, tear_down),
        cmocka_unit_test_setup_teardown(endpoints_stay_on_this_machine, set_up, tear_down),
        cmocka_unit_test_setup_teardown(wrong_shapes_are_named, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_child_that_ended_early_is_a_complaint, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_reload_takes_live_options_and_names_the_others, set_up,
                                        tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
