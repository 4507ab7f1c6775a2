/* What is wrong with an input: a stable code, the place and how to mend it (CONTRACT 3.4). One table gives the
 * codes, whether a retry of the same bytes may succeed, and their list in schema and manual.
 * Threads: values. Memory: a problem owns its text. */
#pragma once

#include "util/str.h"

#define PROBLEM_CODES(P)                                                                                               \
    P(MALFORMED_JSON, "malformed_json", false)                                                                         \
    P(NOT_AN_EVENT, "not_an_event", false)                                                                             \
    P(UNSUPPORTED_SPECVERSION, "unsupported_specversion", false)                                                       \
    P(UNKNOWN_TYPE, "unknown_type", false)                                                                             \
    P(MISSING_FIELD, "missing_field", false)                                                                           \
    P(UNKNOWN_FIELD, "unknown_field", false)                                                                           \
    P(WRONG_TYPE, "wrong_type", false)                                                                                 \
    P(OUT_OF_RANGE, "out_of_range", false)                                                                             \
    P(TOO_LONG, "too_long", false)                                                                                     \
    P(BAD_TIME, "bad_time", false)                                                                                     \
    P(IN_FUTURE, "in_future", false)                                                                                   \
    P(NOT_IN_DICTIONARY, "not_in_dictionary", false)                                                                   \
    P(BAD_IDENTITY_NUMBER, "bad_identity_number", false)                                                               \
    P(IDENTITY_KNOWN, "identity_known", false)                                                                         \
    P(BAD_CREDIT_CODE, "bad_credit_code", false)                                                                       \
    P(IDENTITY_IN_IDENTIFIER, "identity_in_identifier", false)                                                         \
    P(UNKNOWN_NOUN, "unknown_", true) /* followed by the noun: unknown_volunteer, ... */                               \
    P(ALREADY_EXISTS, "already_exists", false)                                                                         \
    P(ID_CONFLICT, "id_conflict", false)                                                                               \
    P(NOT_ALLOWED, "not_allowed", false)                                                                               \
    P(SELF_REVIEW, "self_review", false)                                                                               \
    P(CONSENT_MISSING, "consent_missing", false)                                                                       \
    P(WRONG_STATE, "wrong_state", false)                                                                               \
    P(NO_PLACES, "no_places", false)                                                                                   \
    P(INSUFFICIENT_POINTS, "insufficient_points", false)                                                               \
    P(OUT_OF_STOCK, "out_of_stock", false)                                                                             \
    P(POLICY_REFUSED, "policy_refused", false)                                                                         \
    P(BUSY, "busy", true)                                                                                              \
    P(READ_ONLY, "read_only", true)                                                                                    \
    P(TOO_LARGE, "too_large", false)                                                                                   \
    P(EPOCH_CHANGED, "epoch_changed", false)

enum problem_code {
    PROBLEM_NONE,
#define P(name, text, retryable) PROBLEM_##name,
    PROBLEM_CODES(P)
#undef P
        PROBLEM_COUNT
};

struct problem {
    enum problem_code code;
    const char *noun;  /* static: of UNKNOWN_NOUN, else NULL */
    char field[96];    /* path such as data.minutes; "" where none */
    char message[400]; /* UTF-8, what to do about it */
};

/* Fills *problem and returns 1, so that a check ends with `return problem_set(...)`. A long text is cut at a
 * character's border. */
int problem_set(struct problem *problem, enum problem_code code, const char *field, const char *format, ...)
    __attribute__((format(printf, 4, 5)));
int problem_set_unknown(struct problem *problem, const char *noun, const char *field, struct str id);

/* "unknown_volunteer" and the like are composed into `ret_text`. */
const char *problem_code_text(const struct problem *problem, char ret_text[static 48]);
bool problem_is_retryable(const struct problem *problem);
