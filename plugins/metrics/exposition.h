/* Prometheus' text format 0.0.4: families with HELP and TYPE, and their samples.
 *
 * Numbers come as whole ones with a number of decimals, so that nothing is rounded on its way: 1500
 * with 6 decimals is 0.0015. Threads: one. Memory: the text is the exposition's. Errors: where
 * memory runs out the text is empty from then on, and `failed` says so. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct exposition {
    char *text; /* no NUL behind it */
    size_t size, capacity;
    bool failed;
    const char *family; /* of the samples that follow */
    bool labelled;      /* the sample under way has a label */
};

void exposition_deinit(struct exposition *exposition);
/* From the beginning, with the memory it has. */
void exposition_reset(struct exposition *exposition);

/* `type`: counter, gauge, histogram or untyped. `name` and `help` are lent until the next one. */
void exposition_family(struct exposition *exposition, const char *name, const char *type,
                       const char *help);
/* A sample: begin (with "_bucket" and the like, or ""), its labels, its value. A label's value may
 * be any text, NULL is "". */
void exposition_begin(struct exposition *exposition, const char *suffix);
void exposition_label(struct exposition *exposition, const char *name, const char *value);
void exposition_value(struct exposition *exposition, int64_t value, unsigned decimals);
/* A sample without labels. */
void exposition_sample(struct exposition *exposition, int64_t value, unsigned decimals);
/* All of another one behind it. */
void exposition_append(struct exposition *exposition, const struct exposition *other);
/* A number as a label's value: "0.0025". `ret_text` holds at least 32 bytes. */
const char *exposition_number(int64_t value, unsigned decimals, char *ret_text);
