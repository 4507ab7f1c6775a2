#include "domain/documents.h"

int document_get(struct view *view, uint32_t document, struct arena *arena,
                 struct document_registered *ret_document) {
    struct thing thing;
    int r = thing_get(view, NOUN_DOCUMENT, document, arena, &thing);
    if (r == 0)
        *ret_document = *(const struct document_registered *)thing.attributes;
    return r;
}

int apply_document_registered(struct context *context, const struct event *event,
                              const struct document_registered *data) {
    uint32_t number;
    if (data->on > context_date(context))
        return problem_set(context->problem, PROBLEM_IN_FUTURE, "data.on",
                           "the document is dated after this event; register it when it is issued");
    int r = thing_name(context, NOUN_DOCUMENT, data->document, "data.document", &number);
    if (r != 0)
        return r;
    struct thing thing = {.defined_sequence = context->sequence,
                          .changed_sequence = context->sequence,
                          .attributes = event->data};
    thing_put(context, NOUN_DOCUMENT, number, &thing);
    return 0;
}
