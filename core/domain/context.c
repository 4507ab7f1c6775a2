#include "domain/context.h"

#include <assert.h>

void context_ask(struct context *context, enum POLICY_KIND_choice kind, uint32_t number,
                 int32_t date) {
    context_ask_of(context, (struct question){.kind = kind, .number = number, .date = date});
}

static bool is_same(const struct question *a, const struct question *b) {
    return a->kind == b->kind && a->number == b->number && a->noun == b->noun &&
           a->event == b->event;
}

void context_ask_of(struct context *context, struct question question) {
    for (size_t i = 0; i < context->n_questions; i++)
        if (is_same(&context->questions[i], &question))
            return;
    assert(context->n_questions < QUESTION_LIMIT);
    context->questions[context->n_questions++] = question;
}

int32_t context_date(const struct context *context) {
    return zone_date(context->zone, context->event->time.us);
}

int32_t context_today(const struct context *context) {
    return context->today;
}

int apply_event(struct context *context, const struct event *event) {
    context->event = event;
    switch (event->type->number) {
#define T(number, name, type, writer, version, noun, label)                                        \
    case number:                                                                                   \
        return apply_##name(context, event, event->data);
        EVENT_TYPES(T)
#undef T
    default:
        return problem_set(context->problem, PROBLEM_UNKNOWN_TYPE, "type", "no such type");
    }
}
