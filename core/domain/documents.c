#include "domain/documents.h"

#include "util/error.h"

int document_get(struct view *view, uint32_t document, struct arena *arena,
                 struct document_registered *ret_document) {
    struct thing thing;
    int r = thing_get(view, NOUN_DOCUMENT, document, arena, &thing);
    if (r == 0)
        *ret_document = *(const struct document_registered *)thing.attributes;
    return r;
}

/* ---- the end of one ---- */

/* signed on, recorded_on, varint sequence, replaced_by, counted by, reason */
int document_end_decode(struct str row, struct document_end *ret_end) {
    struct cursor in = cursor_from(row);
    ret_end->on = (int32_t)cursor_signed(&in);
    ret_end->recorded_on = (int32_t)cursor_signed(&in);
    ret_end->sequence = cursor_varint(&in);
    ret_end->replaced_by = (uint32_t)cursor_varint(&in);
    ret_end->by = cursor_counted(&in);
    ret_end->reason = cursor_counted(&in);
    return in.failed || cursor_left(&in) ? THING_DAMAGED : 0;
}

int document_end_get(struct view *view, uint32_t document, struct document_end *ret_end) {
    char key[4];
    struct str row;
    int r = view_get(view, TABLE_DOCUMENT_END, number_key(key, document), &row);
    if (r != 0)
        return r < 0 ? r : THING_NOT_FOUND;
    r = document_end_decode(row, ret_end);
    return r == 0 ? 0 : error_note(-EBADMSG, "a document's row cannot be read");
}

static void put_end(struct context *context, uint32_t document, const struct document_end *end) {
    char key[4];
    struct buf *row = &context->scratch;
    buf_reset(row);
    buf_put_signed(row, end->on);
    buf_put_signed(row, end->recorded_on);
    buf_put_varint(row, end->sequence);
    buf_put_varint(row, end->replaced_by);
    buf_put_counted(row, end->by);
    buf_put_counted(row, end->reason);
    store_put(context->store, TABLE_DOCUMENT_END, number_key(key, document), buf_str(row));
}

/* ---- events ---- */

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

/* Which document takes its place: another one. */
static int resolve_replacement(struct context *context, const struct document_withdrawn *data,
                               uint32_t document, uint32_t *ret_number) {
    if (!HAS(data, document_withdrawn, replaced_by))
        return 0;
    int r =
        thing_resolve(context, NOUN_DOCUMENT, data->replaced_by, "data.replaced_by", ret_number);
    if (r != 0 || *ret_number != document)
        return r;
    return problem_set(context->problem, PROBLEM_OUT_OF_RANGE, "data.replaced_by",
                       "a document is not replaced by itself; name the new one, or none");
}

static int check_withdrawal(struct context *context, const struct thing *thing,
                            const struct document_withdrawn *data) {
    const struct document_registered *document = thing->attributes;
    if (thing->state == DOCUMENT_WITHDRAWN)
        return problem_set(context->problem, PROBLEM_WRONG_STATE, "data.document",
                           "document %.*s is withdrawn already", STR_ARG(data->document));
    if (data->on > context_date(context))
        return problem_set(context->problem, PROBLEM_IN_FUTURE, "data.on",
                           "the day lies after this event; send it when it has come");
    if (data->on < document->on)
        return problem_set(context->problem, PROBLEM_OUT_OF_RANGE, "data.on",
                           "the document was issued later; compare both dates");
    return 0;
}

int apply_document_withdrawn(struct context *context, const struct event *event,
                             const struct document_withdrawn *data) {
    struct document_end end = {.on = data->on,
                               .recorded_on = context_today(context),
                               .sequence = context->sequence,
                               .by = data->by,
                               .reason = data->reason};
    struct thing thing;
    uint32_t number;
    (void)event;
    int r = thing_resolve(context, NOUN_DOCUMENT, data->document, "data.document", &number);
    if (r != 0)
        return r;
    r = thing_get(context->view, NOUN_DOCUMENT, number, context->arena, &thing);
    if (r != 0)
        return r < 0 ? r : error_note(-EBADMSG, "a document has no attributes");
    r = check_withdrawal(context, &thing, data);
    if (r == 0)
        r = resolve_replacement(context, data, number, &end.replaced_by);
    if (r != 0)
        return r;
    thing.state = DOCUMENT_WITHDRAWN;
    thing.changed_sequence = context->sequence;
    thing_put(context, NOUN_DOCUMENT, number, &thing);
    put_end(context, number, &end);
    return 0;
}
