/* Reading what ingest answers: one result per event, or a refusal of the whole message. Nothing is
 * trusted to have its shape. Threads: one. Memory: texts borrow from the parser until its next
 * document. */
#pragma once

#include "util/dom.h"

struct result {
    struct str id, status, code, field, message; /* empty where not given */
    uint64_t sequence;
    size_t n_decisions;
    bool retryable;
};

enum acknowledgement_kind {
    ACKNOWLEDGEMENT_RESULTS,
    ACKNOWLEDGEMENT_REFUSAL, /* of the message as a whole */
    ACKNOWLEDGEMENT_GARBLED
};

struct acknowledgement {
    struct dom_iterator results;
    struct result refusal;
};

enum acknowledgement_kind acknowledgement_read(struct dom_parser *parser, struct str body,
                                               struct acknowledgement *ret_acknowledgement);
/* The next event's result; false where there is none left. */
bool acknowledgement_next(struct acknowledgement *acknowledgement, struct result *ret_result);
