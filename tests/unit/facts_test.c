/* Facts as they are stored with a decision, and as people read them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "policy/fact_log.h"

struct notes {
    struct fact_log log;
    struct arena arena;
    struct buf json;
};

static void notes_init(struct notes *notes) {
    memset(notes, 0, sizeof *notes);
    arena_init(&notes->arena);
    fact_log_reset(&notes->log);
}

static void notes_deinit(struct notes *notes) {
    fact_log_deinit(&notes->log);
    arena_deinit(&notes->arena);
    buf_deinit(&notes->json);
}

static const char *as_json(struct notes *notes, struct str facts) {
    buf_reset(&notes->json);
    facts_to_json(facts, &notes->json);
    buf_put_byte(&notes->json, 0);
    return notes->json.data;
}

static void note(struct notes *notes, const char *path, const char *name, const char *arguments,
                 struct fact_value value, bool maybe_again) {
    fact_log_add(&notes->log, str_from(path), str_from(name), str_from(arguments), &value,
                 maybe_again);
}

static void facts_read_as_json(void **state) {
    (void)state;
    struct notes notes;
    notes_init(&notes);
    assert_string_equal(as_json(&notes, fact_log_finish(&notes.log, &notes.arena)), "null");
    note(&notes, "", "stars", "", (struct fact_value){FACT_INTEGER, -3, STR_NONE}, false);
    note(&notes, "volunteer", "id", "", (struct fact_value){FACT_TEXT, 0, STR("a\"b")}, false);
    note(&notes, "activity", "major", "", (struct fact_value){FACT_BOOLEAN, 1, STR_NONE}, false);
    note(&notes, "", "activity", "", (struct fact_value){FACT_NONE, 0, STR_NONE}, false);
    note(&notes, "", "overlaps", "", (struct fact_value){FACT_JSON, 0, STR("[\"r1\"]")}, false);
    note(&notes, "", "minutes", "from=2018-01-01", (struct fact_value){FACT_INTEGER, 60, STR_NONE},
         true);
    note(&notes, "", "minutes", "from=2018-01-01", (struct fact_value){FACT_INTEGER, 60, STR_NONE},
         true);
    assert_string_equal(as_json(&notes, fact_log_finish(&notes.log, &notes.arena)),
                        "[{\"fact\":\"stars\",\"arguments\":\"\",\"value\":-3},"
                        "{\"fact\":\"volunteer.id\",\"arguments\":\"\",\"value\":\"a\\\"b\"},"
                        "{\"fact\":\"activity.major\",\"arguments\":\"\",\"value\":true},"
                        "{\"fact\":\"activity\",\"arguments\":\"\",\"value\":null},"
                        "{\"fact\":\"overlaps\",\"arguments\":\"\",\"value\":[\"r1\"]},"
                        "{\"fact\":\"minutes\",\"arguments\":\"from=2018-01-01\",\"value\":60}]");
    notes_deinit(&notes);
}

static struct str digest_of(struct notes *notes, int n) {
    fact_log_reset(&notes->log);
    for (int i = 0; i < n; i++)
        note(notes, "volunteer", "minutes_on", "on=2018-01-01",
             (struct fact_value){FACT_INTEGER, i, STR_NONE}, true);
    return fact_log_finish(&notes->log, &notes->arena);
}

static void beyond_two_kibibytes_a_digest_stands(void **state) {
    (void)state;
    struct notes notes;
    notes_init(&notes);
    struct str few = digest_of(&notes, 40);
    assert_true(few.size > 17 && few.size <= FACTS_LIMIT);
    struct str many = digest_of(&notes, 1000);
    assert_int_equal(many.size, 17);
    assert_true(strncmp(as_json(&notes, many), "{\"digest\":\"", 11) == 0);
    assert_true(str_equal(many, digest_of(&notes, 1000)));
    assert_false(str_equal(many, digest_of(&notes, 1001)));
    notes_deinit(&notes);
}

static void damaged_facts_read_as_null(void **state) {
    (void)state;
    struct notes notes;
    notes_init(&notes);
    note(&notes, "", "stars", "", (struct fact_value){FACT_INTEGER, 3, STR_NONE}, false);
    struct str facts = fact_log_finish(&notes.log, &notes.arena);
    assert_string_equal(as_json(&notes, (struct str){facts.data, facts.size - 1}), "null");
    assert_string_equal(as_json(&notes, STR("\x02short")), "null");
    assert_string_equal(as_json(&notes, STR("\x07")), "null");
    assert_string_equal(as_json(&notes, STR("\x01\x01s\x00\x09")), "null");
    notes_deinit(&notes);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(facts_read_as_json),
        cmocka_unit_test(beyond_two_kibibytes_a_digest_stands),
        cmocka_unit_test(damaged_facts_read_as_null),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
