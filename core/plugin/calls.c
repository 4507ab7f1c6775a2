#include "plugin/calls.h"

#include <pthread.h>
#include <stdlib.h>

#include "bus/wake.h"
#include "util/memory.h"

/* A call has a slot by its number. One that is over and was never taken gives its slot to the next
 * that comes around; one that waits keeps it, so that so many may wait at a time. */
#define CALLS_LIMIT 256

struct call {
    uint64_t number; /* 0: free */
    json_t *answer;  /* NULL: it waits */
};

struct calls {
    struct wake *asked;
    pthread_mutex_t lock;
    uint64_t last;
    struct call slots[CALLS_LIMIT];
};

struct calls *calls_new(struct wake *asked) {
    struct calls *self = memory_checked(calloc(1, sizeof *self));
    self->asked = asked;
    pthread_mutex_init(&self->lock, NULL);
    return self;
}

static void forget(struct call *call) {
    json_decref(call->answer);
    *call = (struct call){0};
}

void calls_free(struct calls *calls) {
    if (!calls)
        return;
    for (size_t i = 0; i < CALLS_LIMIT; i++)
        forget(&calls->slots[i]);
    pthread_mutex_destroy(&calls->lock);
    free(calls);
}

uint64_t calls_begin(struct calls *calls) {
    uint64_t number = 0;
    pthread_mutex_lock(&calls->lock);
    for (size_t i = 0; i < CALLS_LIMIT && number == 0; i++) {
        struct call *call = &calls->slots[++calls->last % CALLS_LIMIT];
        if (call->number != 0 && !call->answer)
            continue;
        forget(call);
        number = call->number = calls->last;
    }
    pthread_mutex_unlock(&calls->lock);
    return number;
}

static struct call *find(struct calls *self, uint64_t number) {
    struct call *call = &self->slots[number % CALLS_LIMIT];
    return number != 0 && call->number == number ? call : NULL;
}

void calls_finish(struct calls *calls, uint64_t number, json_t *answer) {
    pthread_mutex_lock(&calls->lock);
    struct call *call = find(calls, number);
    bool wanted = call && !call->answer;
    if (wanted)
        call->answer = answer;
    pthread_mutex_unlock(&calls->lock);
    if (wanted)
        wake_ring(calls->asked);
    else
        json_decref(answer);
}

void calls_fail(struct calls *calls, uint64_t number, const char *code, const char *message) {
    calls_finish(
        calls, number,
        json_pack("{s:{s:s, s:s, s:s}}", "error", "code", code, "field", "", "message", message));
}

bool calls_is_over(struct calls *calls, uint64_t number) {
    pthread_mutex_lock(&calls->lock);
    const struct call *call = find(calls, number);
    bool over = !call || call->answer;
    pthread_mutex_unlock(&calls->lock);
    return over;
}

json_t *calls_take(struct calls *calls, uint64_t number) {
    json_t *answer = NULL;
    pthread_mutex_lock(&calls->lock);
    struct call *call = find(calls, number);
    if (call && call->answer) {
        answer = json_incref(call->answer);
        forget(call);
    }
    pthread_mutex_unlock(&calls->lock);
    return answer;
}
