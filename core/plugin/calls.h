/* Questions to plugins that came over the query socket and wait for their answer: whoever asks
 * holds no thread meanwhile. A number stands for each. Threads: any. Memory: answers are owned
 * until they are taken; one that nobody takes is dropped after a while. */
#pragma once

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

struct calls;
struct wake;

struct calls *calls_new(struct wake *asked /* rung when one is answered */);
void calls_free(struct calls *calls);
/* Its number, or 0 where too many wait. */
uint64_t calls_begin(struct calls *calls);
/* Takes the answer, {"result": ...} or {"error": {"code", "field", "message"}}. What is not known
 * (any more) is dropped. */
void calls_finish(struct calls *calls, uint64_t number, json_t *answer);
/* The same with an error. */
void calls_fail(struct calls *calls, uint64_t number, const char *code, const char *message);
/* True also where there is no such call. */
bool calls_is_over(struct calls *calls, uint64_t number);
/* The answer, the caller's; NULL where there is none yet. Afterwards the call is forgotten. */
json_t *calls_take(struct calls *calls, uint64_t number);
