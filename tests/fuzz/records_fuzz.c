/* A record of the journal. One that is decoded shows as JSON, and its own encoding is stable. */
#include "fuzz.h"

#include "event/event.h"

static struct arena arena;

int LLVMFuzzerInitialize(int *argc, char ***argv) {
    (void)argc;
    (void)argv;
    arena_init(&arena);
    return 0;
}

static void show(struct event *event, struct buf *ret_json) {
    event->sequence = 42;
    event_to_json(event, STR("620500000000"), ret_json);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct buf record = {0}, again = {0}, json = {0}, json_again = {0};
    struct event event, decoded;
    arena_reset(&arena);
    reached("records");
    if (event_decode(input_str(data, size), &arena, &event) != 0)
        return 0;
    reached("decoded");
    show(&event, &json);
    event_encode(&event, &record);
    int outcome = event_decode(buf_str(&record), &arena, &decoded);
    assert(outcome == 0);
    event_encode(&decoded, &again);
    assert(str_equal(buf_str(&record), buf_str(&again)));
    show(&decoded, &json_again);
    assert(str_equal(buf_str(&json), buf_str(&json_again)));
    buf_deinit(&record);
    buf_deinit(&again);
    buf_deinit(&json);
    buf_deinit(&json_again);
    reached("returned");
    return 0;
}
