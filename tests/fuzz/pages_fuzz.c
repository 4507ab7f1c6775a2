/* What the recruitment platform answers: a page of items of a resource (the first byte), read, put
 * through the shipped mapping, and made into statements. What was said is not said again, and no
 * number of a person is kept. */
#include "fuzz.h"

#include <jansson.h>
#include <stdlib.h>

#include "mapping.h"
#include "pull.h"
#include "statements.h"

#define ITEMS_MOST 4 /* of a page that are looked at */

static struct mapping *mapping;
static const uint8_t key[DIGEST_KEY_BYTES] = "a key";

static void ours(void *context, const char *resource, const char *external,
                 char ret_ours[static MAPPING_ID_BYTES]) {
    (void)context;
    (void)resource;
    snprintf(ret_ours, MAPPING_ID_BYTES, "tszyz:%s", external);
}

int LLVMFuzzerInitialize(int *argc, char ***argv) {
    char message[400];
    (void)argc;
    (void)argv;
    bool open = mapping_open(SOURCE_DIR "/scripts/mappings/recruitment.lua", ours, NULL, &mapping,
                             message, sizeof message);
    assert(open);
    return 0;
}

static void make(enum resource resource, const json_t *item, const json_t *said, const json_t *list,
                 struct statements *ret_statements) {
    char id[MAPPING_ID_BYTES];
    const char *external = json_string_value(json_object_get(item, "id"));
    ours(NULL, "", external, id);
    const struct statement_source source = {
        .resource = resource,
        .external = external,
        .ours = id,
        .system = "platform",
        .modified_time = "2020-01-01T00:00:00+08:00",
        .modified = json_integer_value(json_object_get(item, "modified")),
        .said = said,
        .deleted = strcmp(json_string_value(json_object_get(item, "state")), "deleted") == 0,
        .digest_key = key};
    statements_make(&source, list, ret_statements);
}

static void keeps_no_number(const json_t *item, const json_t *said) {
    const char *number = json_string_value(json_object_get(json_object_get(item, "data"), "idNo"));
    if (!number || strlen(number) < 15)
        return;
    const json_t *registered = json_object_get(said, "volunteer.registered");
    const char *identity = json_string_value(json_object_get(registered, "identity"));
    assert(!registered || (identity && !strstr(identity, number)));
}

static void look_at(enum resource resource, json_t *item) {
    struct mapping_problem problem;
    struct statements statements, again;
    json_t *list = NULL, *said = json_object();
    json_object_set_new(item, "modified_time", json_string("2020-01-01T00:00:00+08:00"));
    bool mapped =
        mapping_item(mapping, resource_kinds[resource].function, item, NULL, &list, &problem);
    if (mapped) {
        make(resource, item, NULL, list, &statements);
        for (size_t i = 0; i < statements.n; i++) {
            assert(strlen(statements.items[i].id) > 0 && json_is_object(statements.items[i].data));
            statement_apply(&statements.items[i], said);
            reached("statements");
        }
        make(resource, item, said, list, &again);
        assert(again.n == 0);
        keeps_no_number(item, said);
        statements_release(&statements);
        statements_release(&again);
    } else {
        assert(*problem.code && *problem.message);
        reached("problems");
    }
    json_decref(list);
    json_decref(said);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    char message[200] = "";
    if (size == 0)
        return 0;
    enum resource resource = (enum resource)(data[0] % RESOURCES);
    json_t *page = json_loadb((const char *)data + 1, size - 1, JSON_REJECT_DUPLICATES, NULL);
    json_t *items = page_items(page, message, sizeof message), *item;
    size_t i;
    assert(items || *message);
    json_array_foreach(items, i, item) {
        if (i < ITEMS_MOST)
            look_at(resource, item);
    }
    json_decref(page);
    return 0;
}
