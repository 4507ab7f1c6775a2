/* What is published about an item: what is new, what changed, what ended, and nothing else. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "pull.h"
#include "statements.h"

static const uint8_t key[DIGEST_KEY_BYTES] = "a key";

#define PERSON(more)                                                                               \
    "{\"type\": \"volunteer.registered\", \"time\": \"2018-08-23T08:55:00+08:00\", \"data\": "     \
    "{\"volunteer\": \"tszyz:R1\", \"region\": \"620502001001\"" more "}}"
#define IDENTITY(number) ", \"identity\": {\"name\": \"甲\", \"number\": \"" number "\"}"
#define LEFT "{\"type\": \"volunteer.withdrawn\", \"data\": {\"volunteer\": \"tszyz:R1\"}}"
#define JOINED(team)                                                                               \
    "{\"type\": \"team.joined\", \"data\": {\"team\": \"" team "\", \"volunteer\": \"tszyz:R1\"}}"

static json_t *parse(const char *text) {
    json_error_t error;
    json_t *value = json_loads(text, 0, &error);
    if (!value)
        fail_msg("%s: %s", error.text, text);
    return value;
}

static struct statement_source person(const json_t *said) {
    return (struct statement_source){.resource = RESOURCE_REGISTRATIONS,
                                     .external = "R1",
                                     .ours = "tszyz:R1",
                                     .system = "platform",
                                     .modified_time = "2020-01-01T00:00:00+08:00",
                                     .modified = 1577808000000,
                                     .said = said,
                                     .digest_key = key};
}

/* What would be published, as "type type ..."; what is said by then is left in *said. */
static char published[512];
static struct statements statements;

static const char *make(struct statement_source source, const char *list_text) {
    json_t *list = parse(list_text);
    statements_release(&statements);
    statements_make(&source, list, &statements);
    json_decref(list);
    published[0] = '\0';
    for (size_t i = 0; i < statements.n; i++) {
        strcat(published, i ? " " : "");
        strcat(published, statements.items[i].type);
    }
    return published;
}

/* As if the daemon had stored all of it. */
static json_t *said_after(json_t *said) {
    const char *name;
    json_t *value;
    for (size_t i = 0; i < statements.n; i++)
        statement_apply(&statements.items[i], said);
    json_object_foreach(statements.adopted, name, value) {
        if (json_is_null(value))
            json_object_del(said, name);
        else
            json_object_set(said, name, value);
    }
    return said;
}

static void somebody_new_is_registered_and_linked(void **state) {
    (void)state;
    assert_string_equal(make(person(NULL), "[" PERSON("") ", " JOINED("tszyz:T1") "]"),
                        "volunteer.registered volunteer.linked team.joined");
    assert_string_equal(statements.items[0].time, "2018-08-23T08:55:00+08:00");
    assert_string_equal(statements.items[2].name, "team.joined#tszyz:T1");
}

static void what_was_said_is_not_said_again(void **state) {
    (void)state;
    const char *list = "[" PERSON(IDENTITY("1")) ", " JOINED("tszyz:T1") "]";
    make(person(NULL), list);
    json_t *said = said_after(json_object());
    assert_string_equal(make(person(said), list), "");
    json_decref(said);
}

static void what_changed_is_a_change_and_a_residence_a_move(void **state) {
    (void)state;
    make(person(NULL), "[" PERSON(", \"sex\": \"male\", \"occupation\": \"teacher\"") "]");
    json_t *said = said_after(json_object());
    const char *now = "[{\"type\": \"volunteer.registered\", \"data\": {\"volunteer\": "
                      "\"tszyz:R1\", \"region\": \"620502001002\", \"sex\": \"female\"}}]";
    assert_string_equal(make(person(said), now), "volunteer.moved volunteer.updated");
    json_t *expected = parse("{\"volunteer\": \"tszyz:R1\", \"changes\": {\"sex\": \"female\", "
                             "\"occupation\": null}}");
    assert_true(json_equal(statements.items[1].data, expected));
    json_decref(expected);
    said_after(said);
    assert_string_equal(make(person(said), now), "");
    json_decref(said);
}

static void a_changed_number_is_noticed_without_being_kept(void **state) {
    (void)state;
    make(person(NULL), "[" PERSON(IDENTITY("620599199001010014")) "]");
    json_t *said = said_after(json_object());
    char *text = json_dumps(said, 0);
    assert_null(strstr(text, "620599199001010014"));
    assert_null(strstr(text, "甲"));
    free(text);
    assert_string_equal(make(person(said), "[" PERSON(IDENTITY("620599199001010030")) "]"),
                        "volunteer.updated");
    text = json_dumps(statements.items[0].data, 0);
    assert_non_null(strstr(text, "620599199001010030"));
    free(text);
    json_decref(said);
}

static void a_team_that_is_no_longer_named_is_left(void **state) {
    (void)state;
    make(person(NULL), "[" PERSON("") ", " JOINED("tszyz:T1") ", " JOINED("tszyz:T2") "]");
    json_t *said = said_after(json_object());
    assert_string_equal(make(person(said), "[" PERSON("") ", " JOINED("tszyz:T2") "]"),
                        "team.left");
    said_after(said);
    assert_string_equal(make(person(said), "[" PERSON("") ", " JOINED("tszyz:T2") "]"), "");
    json_decref(said);
}

static void what_ends_a_thing_is_put_off(void **state) {
    (void)state;
    assert_string_equal(make(person(NULL), "[" PERSON("") ", " LEFT "]"),
                        "volunteer.registered volunteer.linked");
    assert_non_null(json_object_get(statements.late, "volunteer.withdrawn"));
}

static void what_has_ended_and_goes_on_is_for_a_person(void **state) {
    (void)state;
    make(person(NULL), "[" PERSON("") "]");
    json_t *said = said_after(json_object());
    json_object_set_new(said, "volunteer.withdrawn", json_object());
    make(person(said), "[" PERSON("") "]");
    assert_string_equal(statements.ended, "volunteer.withdrawn");
    make(person(said), "[" PERSON("") ", " LEFT "]");
    assert_string_equal(statements.ended, "");
    json_decref(said);
}

static void somebody_who_was_linked_is_neither_registered_nor_withdrawn(void **state) {
    (void)state;
    struct statement_source source = person(NULL);
    source.linked = source.adopts = true;
    source.ours = "clerk:7";
    const char *list = "[" PERSON("") ", " LEFT "]";
    assert_string_equal(make(source, list), "volunteer.linked");
    assert_non_null(json_object_get(statements.adopted, "volunteer.registered"));
    assert_int_equal(json_object_size(statements.late), 0);
}

static void ids_follow_from_what_is_said_and_hold_no_digits(void **state) {
    (void)state;
    char first[EVENT_ID_BYTES], again[EVENT_ID_BYTES], other[EVENT_ID_BYTES], later[EVENT_ID_BYTES];
    event_id_make(RESOURCE_TEAMS, "T1", 1000, "team.formed", first);
    event_id_make(RESOURCE_TEAMS, "T1", 1000, "team.formed", again);
    event_id_make(RESOURCE_TEAMS, "T2", 1000, "team.formed", other);
    event_id_make(RESOURCE_TEAMS, "T1", 1001, "team.formed", later);
    assert_string_equal(first, again);
    assert_string_not_equal(first, other);
    assert_true(strcmp(first, later) < 0);
    assert_int_equal(strcspn(first, "0123456789"), strlen(first));
    /* A part of an id is not the end of another one. */
    event_id_make(RESOURCE_TEAMS, "T", 1000, "1team.formed", other);
    assert_string_not_equal(first, other);
}

static void a_page_that_is_not_as_the_contract_says_is_refused_as_a_whole(void **state) {
    (void)state;
    static const char *const pages[] = {
        "{}",
        "{\"items\": {}}",
        "{\"items\": [7]}",
        "{\"items\": [{\"state\": \"updated\", \"id\": \"T1\", \"modified\": 1}]}",
        "{\"items\": [{\"state\": \"gone\", \"id\": \"T1\", \"modified\": 1, \"data\": {}}]}",
        "{\"items\": [{\"state\": \"deleted\", \"id\": \"\", \"modified\": 1}]}",
        "{\"items\": [{\"state\": \"deleted\", \"id\": \"T1&x\", \"modified\": 1}]}",
        "{\"items\": [{\"state\": \"deleted\", \"id\": \"T1\", \"modified\": -1}]}",
        "{\"items\": [{\"state\": \"deleted\", \"id\": \"T1\", \"modified\": \"1\"}]}",
        "{\"items\": [{\"state\": \"deleted\", \"id\": \"T1\", \"modified\": 1.5}]}",
        NULL};
    char message[200];
    for (size_t i = 0; pages[i]; i++) {
        json_t *page = parse(pages[i]);
        message[0] = '\0';
        if (page_items(page, message, sizeof message) || !*message)
            fail_msg("%s was taken", pages[i]);
        json_decref(page);
    }
    json_t *page = parse("{\"items\": [{\"state\": \"deleted\", \"id\": \"T1\", \"modified\": 1, "
                         "\"more\": 1}], \"more\": 1}");
    assert_non_null(page_items(page, message, sizeof message));
    json_decref(page);
}

static int release(void **state) {
    (void)state;
    statements_release(&statements);
    return 0;
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(somebody_new_is_registered_and_linked),
        cmocka_unit_test(what_was_said_is_not_said_again),
        cmocka_unit_test(what_changed_is_a_change_and_a_residence_a_move),
        cmocka_unit_test(a_changed_number_is_noticed_without_being_kept),
        cmocka_unit_test(a_team_that_is_no_longer_named_is_left),
        cmocka_unit_test(what_ends_a_thing_is_put_off),
        cmocka_unit_test(what_has_ended_and_goes_on_is_for_a_person),
        cmocka_unit_test(somebody_who_was_linked_is_neither_registered_nor_withdrawn),
        cmocka_unit_test(ids_follow_from_what_is_said_and_hold_no_digits),
        cmocka_unit_test(a_page_that_is_not_as_the_contract_says_is_refused_as_a_whole),
    };
    return cmocka_run_group_tests(tests, NULL, release);
}
