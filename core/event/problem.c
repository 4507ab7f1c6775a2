#include "event/problem.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>

static const struct {
    const char *text;
    bool retryable;
} codes[PROBLEM_COUNT] = {[PROBLEM_NONE] = {"", false},
#define P(name, text, retryable) [PROBLEM_##name] = {text, retryable},
                          PROBLEM_CODES(P)
#undef P
};

/* Drops the half of a character that a cut may have left at the end. */
static void trim_half_character(char *text) {
    size_t size = strlen(text), lead = size;
    while (lead > 0 && ((uint8_t)text[lead - 1] & 0xC0) == 0x80)
        lead--;
    if (lead == 0)
        return;
    lead--;
    if (str_utf8_size((struct str){text + lead, size - lead}) == 0)
        text[lead] = '\0';
}

int problem_set(struct problem *problem, enum problem_code code, const char *field,
                const char *format, ...) {
    va_list arguments;
    assert(code > PROBLEM_NONE && code < PROBLEM_COUNT);
    problem->code = code;
    problem->noun = NULL;
    if ((size_t)snprintf(problem->field, sizeof problem->field, "%s", field ? field : "") >=
        sizeof problem->field)
        trim_half_character(problem->field);
    va_start(arguments, format);
    int length = vsnprintf(problem->message, sizeof problem->message, format, arguments);
    va_end(arguments);
    if ((size_t)length >= sizeof problem->message)
        trim_half_character(problem->message);
    return 1;
}

int problem_set_unknown(struct problem *problem, const char *noun, const char *field,
                        struct str id) {
    problem_set(problem, PROBLEM_UNKNOWN_NOUN, field,
                "no %s \"%.*s\" is known here; publish the event that defines it first, then send "
                "this one again unchanged",
                noun, (int)(id.size < 64 ? id.size : 64), id.data);
    problem->noun = noun;
    return 1;
}

const char *problem_code_text(const struct problem *problem, char ret_text[static 48]) {
    snprintf(ret_text, 48, "%s%s", codes[problem->code].text, problem->noun ? problem->noun : "");
    return ret_text;
}

bool problem_is_retryable(const struct problem *problem) {
    return codes[problem->code].retryable;
}
