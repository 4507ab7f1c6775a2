/* A body of the query socket: JSON-RPC through the table of methods, over a small city with a real
 * engine behind it, so that commands are carried out too. The city is made anew when it has changed
 * much. Every answer is JSON, or none. */
#include "fuzz.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>

#include "bus/rpc.h"
#include "small_city.h"

#define EVENTS_LIMIT 300 /* that inputs may add to the city */

static struct small_city *city;
static struct rpc rpc;
static uint64_t first_sequence;

static uint64_t head(void) {
    return journal_head(small_city_services(city)->journal).sequence;
}

static void city_begin(void) {
    city = small_city_open();
    rpc_init(&rpc, small_city_services(city));
    first_sequence = head();
}

static void city_end(void) {
    rpc_deinit(&rpc);
    small_city_close(city);
    city = NULL;
}

int LLVMFuzzerInitialize(int *argc, char ***argv) {
    (void)argc;
    (void)argv;
    city_begin();
    return 0;
}

static void answer_count(struct str answer) {
    json_t *json = json_loadb(answer.data, answer.size, 0, NULL);
    const json_t *error = json_object_get(json, "error");
    json_int_t code = json_integer_value(json_object_get(error, "code"));
    if (json_object_get(json, "result"))
        reached("answered");
    else if (code == -32000)
        reached("refused by a method");
    else if (code == -32602)
        reached("refused for its parameters");
    else if (code == -32603)
        reached("internal errors");
    else if (code == -32601)
        reached("no such method");
    else if (code == -32600)
        reached("no request");
    else if (code == -32700)
        reached("not JSON");
    json_decref(json);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct buf answer = {0};
    reached("bodies");
    if (head() > first_sequence + EVENTS_LIMIT) {
        city_end();
        city_begin();
        reached("cities");
    }
    uint64_t before = head();
    struct rpc_call call = {.body = input_str(data, size), .after = before};
    rpc_answer(&rpc, &call, &answer);
    assert(call.wait.kind == WAIT_NONE);
    if (answer.size) {
        must_be_json(buf_str(&answer));
        answer_count(buf_str(&answer));
        if (getenv("VOLUNTEERD_FUZZ_SHOW"))
            printf("%.*s\n", STR_ARG(buf_str(&answer)));
    }
    if (head() > before)
        reached("written");
    buf_deinit(&answer);
    return 0;
}
