#include "engine/seal.h"

#include <sodium.h>

#include "domain/honours.h"
#include "domain/public_notices.h"
#include "domain/things.h"

/* The struct that holds an event's sealed fields: its data or the CHANGES within. */
struct sealed_part {
    const struct fields *fields;
    struct data *head;
};

static struct sealed_part find_part(const struct event *event) {
    const struct fields *fields = event->type->fields;
    for (size_t i = 0; i < fields->n; i++)
        if (fields->list[i].kind == FIELD_CHANGES)
            return (struct sealed_part){fields->list[i].fields,
                                        (void *)((char *)event->data + fields->list[i].offset)};
    return (struct sealed_part){fields, event->data};
}

static size_t count_sealed(const struct sealed_part *part) {
    size_t n = 0;
    for (size_t i = 0; i < part->fields->n; i++)
        n += (part->fields->list[i].flags & SEALED) && (part->head->present >> i & 1);
    return n;
}

/* Whose key it is: of what the event is about; of a nomination, a case, a complaint or an appeal
 * that of the volunteer it is about, or of the record, so that what is told of a person goes with
 * the person. */
static struct str find_owner(const struct event *event, enum noun *ret_noun) {
    const struct field *first = &event->type->fields->list[0];
    const struct subject *subject = NULL;
    if (event->type->number == EVENT_honour_nominated)
        subject = &((const struct honour_nominated *)event->data)->subject;
    else if (event->type->number == EVENT_case_nominated)
        subject = &((const struct case_nominated *)event->data)->subject;
    else if (event->type->number == EVENT_complaint_filed)
        subject = &((const struct complaint_filed *)event->data)->subject;
    else if (event->type->number == EVENT_sanction_appealed)
        subject = &((const struct sanction_appealed *)event->data)->subject;
    if (subject &&
        (subject->kind == SUBJECT_KIND_VOLUNTEER || subject->kind == SUBJECT_KIND_RECORD)) {
        *ret_noun = subject_noun((enum SUBJECT_KIND_choice)subject->kind);
        return subject->id;
    }
    *ret_noun = event->type->noun;
    return *(const struct str *)(const void *)((const char *)event->data + first->offset);
}

/* Of a public notice about a person, a record or a nomination: theirs, or the nominated person's.
 */
static int follow_notice(struct view *view, enum noun *noun, uint32_t *number) {
    struct public_notice_row row;
    struct nomination_row nomination;
    int r = public_notice_get(view, *number, &row);
    if (r == 0 && row.noun == NOUN_NOMINATION) {
        r = nomination_get(view, row.subject, &nomination);
        if (r == 0 && nomination.noun == NOUN_VOLUNTEER) {
            *noun = NOUN_VOLUNTEER;
            *number = nomination.subject;
        }
        return r;
    }
    if (r == 0 && (row.noun == NOUN_VOLUNTEER || row.noun == NOUN_RECORD)) {
        *noun = (enum noun)row.noun;
        *number = row.subject;
    }
    return r;
}

/* The slot of its owner (a record's is its volunteer's); a new one where it has none yet. */
static int find_slot(const struct event *event, struct context *context, uint32_t *ret_slot) {
    enum noun noun;
    struct str id = find_owner(event, &noun);
    uint32_t number;
    struct thing thing;
    int r = thing_find(context->view, noun, id, &number);
    if (r == 0 && noun == NOUN_PUBLIC_NOTICE)
        r = follow_notice(context->view, &noun, &number);
    if (r == 0 && noun == NOUN_RECORD) {
        struct record record;
        r = record_get(context->view, number, &record);
        if (r == 0) {
            noun = NOUN_VOLUNTEER;
            number = record.row.volunteer;
        }
    }
    if (r == 0)
        r = thing_get(context->view, noun, number, context->arena, &thing);
    if (r < 0)
        return r;
    *ret_slot = r == 0 && thing.slot ? thing.slot : number_last(context->view, "slot") + 1;
    return 0;
}

static int seal_field(struct event *event, struct context *context, struct keyring *keyring,
                      const struct sealed_part *part, uint32_t index, uint32_t slot) {
    const struct field *field = &part->fields->list[index];
    struct blob *blob = &event->blobs[event->n_blobs++];
    struct str place = arena_printf(context->arena, "%s.%s", part->fields->name, field->name);
    blob->field = index;
    blob->slot = slot;
    blob->match = STR_NONE;
    if ((part->fields == &volunteer_registered_fields && index == volunteer_registered__identity) ||
        (part->fields == &beneficiary_enrolled_fields && index == beneficiary_enrolled__identity)) {
        const struct identity *identity = (const void *)((const char *)part->head + field->offset);
        char *match = arena_bytes(context->arena, 16);
        keyring_match(keyring, identity_canonical(identity, context->arena), (uint8_t *)match);
        blob->match = (struct str){match, 16};
    }
    buf_reset(&context->scratch);
    field_encode(field, part->head, &context->scratch);
    int r = keyring_seal(keyring, slot, place, buf_str(&context->scratch), context->arena,
                         &blob->cipher);
    sodium_memzero(context->scratch.data, context->scratch.size);
    size_t size = field->kind == FIELD_OBJECT ? field->fields->struct_size : sizeof(struct str);
    sodium_memzero((char *)part->head + field->offset, size);
    part->head->sealed |= UINT64_C(1) << index;
    return r;
}

int event_seal(struct event *event, struct context *context, struct keyring *keyring) {
    struct sealed_part part = find_part(event);
    size_t n = count_sealed(&part);
    uint32_t slot;
    if (n == 0 || event->n_blobs) /* nothing to seal, or sealed before */
        return 0;
    int r = find_slot(event, context, &slot);
    if (r == 0)
        r = keyring_ensure(keyring, slot);
    if (r != 0)
        return r;
    event->blobs = arena_alloc(context->arena, n * sizeof *event->blobs);
    event->n_blobs = 0;
    for (uint32_t i = 0; r == 0 && i < part.fields->n; i++)
        if ((part.fields->list[i].flags & SEALED) && (part.head->present >> i & 1))
            r = seal_field(event, context, keyring, &part, i, slot);
    return r;
}
