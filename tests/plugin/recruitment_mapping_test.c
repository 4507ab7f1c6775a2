/* The mapping: what the shipped file makes of the platform's items, and a cage that holds. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "mapping.h"

#define SHIPPED SOURCE_DIR "/scripts/mappings/recruitment.lua"

static void ours(void *context, const char *resource, const char *external,
                 char ret_ours[static MAPPING_ID_BYTES]) {
    (void)context;
    (void)resource;
    snprintf(ret_ours, MAPPING_ID_BYTES, "tszyz:%s", external);
}

static struct mapping *shipped(void) {
    struct mapping *mapping = NULL;
    char message[400];
    if (!mapping_open(SHIPPED, ours, NULL, &mapping, message, sizeof message))
        fail_msg("%s", message);
    return mapping;
}

static json_t *parse(const char *text) {
    json_error_t error;
    json_t *value = json_loads(text, 0, &error);
    if (!value)
        fail_msg("%s: %s", error.text, text);
    return value;
}

/* The statements about an item; NULL with a problem. */
static json_t *map(struct mapping *mapping, const char *function, const char *item_text,
                   const char *before_text, struct mapping_problem *problem) {
    json_t *item = parse(item_text), *before = before_text ? parse(before_text) : NULL;
    json_t *statements = NULL;
    mapping_item(mapping, function, item, before, &statements, problem);
    json_decref(item);
    json_decref(before);
    return statements;
}

static void assert_json(json_t *value, const char *expected_text) {
    json_t *expected = parse(expected_text);
    if (!json_equal(value, expected)) {
        char *text = json_dumps(value, JSON_INDENT(1) | JSON_ENCODE_ANY);
        fail_msg("not as expected: %s", text ? text : "nothing");
    }
    json_decref(expected);
    json_decref(value);
}

#define PERSON                                                                                         \
    "\"realName\": \"测试甲\", \"idType\": \"居民身份证\", \"idNo\": \"620599199001010014\", " \
    "\"mobile\": \"13900000000\", \"gender\": \"女\", \"areaCode\": \"620502001001\", "               \
    "\"registerTime\": \"2018-08-23T08:55:00+08:00\""

static void a_registration_becomes_a_volunteer(void **state) {
    (void)state;
    struct mapping *mapping = shipped();
    struct mapping_problem problem;
    json_t *list =
        map(mapping, "volunteer",
            "{\"id\": \"R1\", \"state\": \"updated\", \"modified_time\": "
            "\"2018-09-01T00:00:00+08:00\", \"data\": {" PERSON
            ", \"politics\": \"中共党员\", \"partyDuty\": \"在职\", \"job\": \"医生护士\", "
            "\"degree\": \"本科\", \"skills\": \"医疗、急救、太极拳\", \"teamIds\": [\"T1\"], "
            "\"status\": \"停用\", \"new_member\": 1}}",
            NULL, &problem);
    assert_json(
        list,
        "[{\"type\": \"volunteer.registered\", \"time\": \"2018-08-23T08:55:00+08:00\", \"data\": "
        "{\"volunteer\": \"tszyz:R1\", \"region\": \"620502001001\", \"party_status\": "
        "\"in_service\", \"sex\": \"female\", \"occupation\": \"medical_staff\", \"education\": "
        "\"bachelor\", \"skills\": [\"medical\", \"rescue\"], \"identity\": {\"name\": \"测试甲\", "
        "\"document_kind\": \"resident_id\", \"number\": \"620599199001010014\", \"phone\": "
        "\"13900000000\"}}}, {\"type\": \"team.joined\", \"time\": \"2018-08-23T08:55:00+08:00\", "
        "\"data\": {\"team\": \"tszyz:T1\", \"volunteer\": \"tszyz:R1\"}}, {\"type\": "
        "\"volunteer.withdrawn\", \"time\": \"2018-09-01T00:00:00+08:00\", \"data\": "
        "{\"volunteer\": \"tszyz:R1\", \"reason\": \"本人退出\"}}]");
    mapping_close(mapping);
}

static void what_the_platform_does_not_say_is_not_said(void **state) {
    (void)state;
    struct mapping *mapping = shipped();
    struct mapping_problem problem;
    json_t *list = map(mapping, "volunteer",
                       "{\"id\": \"R1\", \"state\": \"updated\", \"data\": {" PERSON
                       ", \"status\": \"正常\"}}",
                       NULL, &problem);
    assert_json(list,
                "[{\"type\": \"volunteer.registered\", \"time\": \"2018-08-23T08:55:00+08:00\", "
                "\"data\": {\"volunteer\": \"tszyz:R1\", \"region\": \"620502001001\", "
                "\"sex\": \"female\", \"identity\": {\"name\": \"测试甲\", \"document_kind\": "
                "\"resident_id\", \"number\": \"620599199001010014\", \"phone\": "
                "\"13900000000\"}}}]");
    mapping_close(mapping);
}

static void a_deleted_enrolment_is_cancelled_with_what_was_said_before(void **state) {
    (void)state;
    struct mapping *mapping = shipped();
    struct mapping_problem problem;
    json_t *list = map(mapping, "enrolment",
                       "{\"id\": \"E1\", \"state\": \"deleted\", \"modified_time\": "
                       "\"2018-09-01T00:00:00+08:00\"}",
                       "{\"enrolment.requested\": {\"activity\": \"tszyz:A1\", \"shift\": \"2\", "
                       "\"volunteer\": \"tszyz:R1\", \"by\": \"self\"}}",
                       &problem);
    assert_json(list, "[{\"type\": \"enrolment.cancelled\", \"time\": "
                      "\"2018-09-01T00:00:00+08:00\", \"data\": {\"activity\": \"tszyz:A1\", "
                      "\"shift\": \"2\", \"volunteer\": \"tszyz:R1\", \"reason\": "
                      "\"招募平台已删除\"}}]");
    mapping_close(mapping);
}

static void a_check_out_that_changes_later_is_a_correction_of_its_record(void **state) {
    (void)state;
    struct mapping *mapping = shipped();
    struct mapping_problem problem;
    const char *item =
        "{\"id\": \"K1\", \"state\": \"updated\", \"modified_time\": "
        "\"2018-09-02T00:00:00+08:00\", \"records\": [\"r1\"], \"data\": {\"activityId\": \"A1\", "
        "\"registrationId\": \"R1\", \"way\": \"二维码\", \"checkInTime\": "
        "\"2018-09-01T08:00:00+08:00\", \"checkOutTime\": \"2018-09-01T10:30:00+08:00\"}}";
    const char *before = "{\"attendance.checked_in\": {\"at\": \"2018-09-01T08:00:00+08:00\"}, "
                         "\"attendance.checked_out\": {\"at\": \"2018-09-01T11:00:00+08:00\"}}";
    json_t *list = map(mapping, "attendance", item, before, &problem);
    assert_int_equal(json_array_size(list), 3);
    assert_json(json_incref(json_object_get(json_array_get(list, 2), "data")),
                "{\"record\": \"r1\", \"minutes\": 150, \"by\": \"recruitment-platform\", "
                "\"reason\": \"招募平台更正了签到签退时间\"}");
    json_decref(list);
    mapping_close(mapping);
}

static void a_missing_member_and_an_unknown_word_are_named(void **state) {
    (void)state;
    struct mapping *mapping = shipped();
    struct mapping_problem problem;
    assert_null(map(mapping, "team",
                    "{\"id\": \"T1\", \"state\": \"updated\", \"data\": {\"createTime\": \"x\"}}",
                    NULL, &problem));
    assert_string_equal(problem.code, "missing_field");
    assert_string_equal(problem.field, "data.teamName");
    assert_ptr_equal(strstr(problem.message, "recruitment.lua:"), problem.message);
    assert_null(map(mapping, "team",
                    "{\"id\": \"T1\", \"state\": \"updated\", \"data\": {\"createTime\": \"x\", "
                    "\"teamName\": \"n\", \"category\": \"航天\"}}",
                    NULL, &problem));
    assert_string_equal(problem.code, "not_in_dictionary");
    assert_string_equal(problem.field, "data.category");
    assert_non_null(strstr(problem.message, "航天"));
    assert_null(map(mapping, "team",
                    "{\"id\": \"T1\", \"state\": \"updated\", \"data\": {\"createTime\": 7}}", NULL,
                    &problem));
    assert_string_equal(problem.code, "wrong_type");
    mapping_close(mapping);
}

static void what_the_platform_is_told_is_in_its_words(void **state) {
    (void)state;
    struct mapping *mapping = shipped();
    struct mapping_problem problem;
    json_t *value = parse("{\"outcome\": \"waitlisted\"}"), *told = NULL;
    assert_true(mapping_push(mapping, "push_enrolment_decision", value, &told, &problem));
    assert_json(told, "{\"outcome\": \"候补\"}");
    json_decref(value);
    value = parse("{\"record\": \"r1\", \"minutes\": 90}");
    assert_true(mapping_push(mapping, "push_hours", value, &told, &problem));
    assert_json(told, "{\"record\": \"r1\", \"minutes\": 90}");
    json_decref(value);
    mapping_close(mapping);
}

/* ---- the cage ---- */

/* Writes a mapping whose function `team` has that body. */
static bool open_body(const char *body, struct mapping **ret_mapping, char *ret_message,
                      size_t size) {
    static const char *const others[] = {
        "volunteer",  "activity",   "enrolment",       "attendance", "push_enrolment_decision",
        "push_hours", "push_stars", "push_certificate"};
    char path[] = "/tmp/mapping_test_XXXXXX";
    FILE *file = fdopen(mkstemp(path), "w");
    fprintf(file, "local m = {}\nfunction m.team(item)\n%s\nend\n", body);
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        fprintf(file, "m.%s = function() end\n", others[i]);
    fprintf(file, "return m\n");
    fclose(file);
    bool good = mapping_open(path, ours, NULL, ret_mapping, ret_message, size);
    unlink(path);
    return good;
}

static void assert_problem(const char *body, const char *part) {
    struct mapping *mapping = NULL;
    struct mapping_problem problem = {0};
    char message[400];
    assert_true(open_body(body, &mapping, message, sizeof message));
    json_t *list = map(mapping, "team", "{\"id\": \"T1\"}", NULL, &problem);
    if (list || !strstr(problem.message, part))
        fail_msg("%s: %s", body, list ? "was no problem" : problem.message);
    /* The next item is mapped as if nothing had been. */
    list = map(mapping, "volunteer", "{\"id\": \"R1\"}", NULL, &problem);
    assert_json(list, "[]");
    mapping_close(mapping);
}

static void a_mapping_cannot_run_away(void **state) {
    (void)state;
    assert_problem("while true do end", "instructions");
    assert_problem("local s = 'x' while true do s = s .. s end", "memory");
    assert_problem("local t = {} while true do t[#t + 1] = {} end", "m"); /* memory or steps */
    assert_problem("string.rep('', 1 << 60)", "10,000");
    assert_problem("string.rep(string.rep('x', 10000), 10000)", "1 MiB");
    assert_problem("(('a'):rep(1025)):find('a*b')", "1,024");
    assert_problem("('aaaa'):find('a*a*a*a*b')", "pattern");
    assert_problem("local t = {} t.t = t return { { type = 'x', data = t } }", "deep");
    assert_problem("local function f() return 1 + f() end f()", "memory");
}

static void a_mapping_reaches_nothing_but_its_item(void **state) {
    (void)state;
    static const char *const names[] = {"io",      "os",     "require",      "load",  "loadfile",
                                        "dofile",  "debug",  "setmetatable", "pcall", "coroutine",
                                        "package", "rawset", "_G",           "print", NULL};
    for (size_t i = 0; names[i]; i++) {
        char body[100];
        snprintf(body, sizeof body, "if %s == nil then error('there is none') end return {}",
                 names[i]);
        assert_problem(body, "there is none");
    }
}

static void what_is_no_statement_is_a_problem_of_that_item(void **state) {
    (void)state;
    assert_problem("return 'text'", "no list");
    assert_problem("return { { type = 'x' } }", "something else");
    assert_problem("return { { type = 'x', data = { f = function() end } } }", "function");
    assert_problem("return { { type = 'x', data = { n = 0 / 0 } } }", "finite");
    assert_problem("return { { type = 'x', data = { t = '\\xff' } } }", "UTF-8");
    assert_problem("return item.nothing.there", ":3:");
}

static void a_file_that_cannot_be_a_mapping_is_refused_with_its_line(void **state) {
    (void)state;
    struct mapping *mapping = NULL;
    char message[400];
    assert_false(mapping_open("/nowhere/x.lua", ours, NULL, &mapping, message, sizeof message));
    assert_non_null(strstr(message, "No such file"));
    assert_false(open_body("end end", &mapping, message, sizeof message));
    assert_non_null(strstr(message, ":3:"));
    char path[] = "/tmp/mapping_test_XXXXXX";
    FILE *file = fdopen(mkstemp(path), "w");
    fprintf(file, "return { volunteer = function() end }\n");
    fclose(file);
    assert_false(mapping_open(path, ours, NULL, &mapping, message, sizeof message));
    assert_non_null(strstr(message, "no function team"));
    unlink(path);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_registration_becomes_a_volunteer),
        cmocka_unit_test(what_the_platform_does_not_say_is_not_said),
        cmocka_unit_test(a_deleted_enrolment_is_cancelled_with_what_was_said_before),
        cmocka_unit_test(a_check_out_that_changes_later_is_a_correction_of_its_record),
        cmocka_unit_test(a_missing_member_and_an_unknown_word_are_named),
        cmocka_unit_test(what_the_platform_is_told_is_in_its_words),
        cmocka_unit_test(a_mapping_cannot_run_away),
        cmocka_unit_test(a_mapping_reaches_nothing_but_its_item),
        cmocka_unit_test(what_is_no_statement_is_a_problem_of_that_item),
        cmocka_unit_test(a_file_that_cannot_be_a_mapping_is_refused_with_its_line),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
