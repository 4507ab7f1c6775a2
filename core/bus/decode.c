#include "bus/decode.h"

static int check_writer(const struct event_type *type, enum writer writer,
                        struct problem *problem) {
    if (type->writer <= writer)
        return 0;
    if (type->writer == WRITER_COMMAND)
        return problem_set(problem, PROBLEM_NOT_ALLOWED, "type",
                           "%s is written by a command (volunteerctl), not by a publisher",
                           type->name);
    return problem_set(problem, PROBLEM_NOT_ALLOWED, "type", "%s is written by the daemon alone",
                       type->name);
}

int decode_event(const struct keyring *keyring, struct dom_value value, enum writer writer,
                 struct arena *arena, struct event *ret_event, struct problem *problem) {
    struct digest_key key;
    memcpy(key.bytes, keyring_digest_key(keyring), sizeof key.bytes);
    int result = event_from_json(value, &key, arena, ret_event, problem);
    if (result == 0)
        result = check_writer(ret_event->type, writer, problem);
    if (result != 0)
        ret_event->type = NULL;
    return result;
}
