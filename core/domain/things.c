#include "domain/things.h"

#include <assert.h>
#include <stdio.h>

#include "domain/hot.h"
#include "util/error.h"

struct name_key {
    char bytes[1 + EVENT_ID_LIMIT];
    size_t size;
};

static struct str name_key_make(struct name_key *key, enum noun noun, struct str id) {
    key->bytes[0] = (char)noun;
    size_t size = id.size <= EVENT_ID_LIMIT ? id.size : EVENT_ID_LIMIT;
    memcpy(key->bytes + 1, id.data, size);
    key->size = size + 1;
    return (struct str){key->bytes, key->size};
}

struct str thing_key(char key[static THING_KEY_BYTES], enum noun noun, uint32_t number) {
    key[0] = (char)noun;
    number_key(key + 1, number);
    return (struct str){key, THING_KEY_BYTES};
}

static uint32_t row_u32(struct str row) {
    uint32_t value = 0;
    if (row.size >= sizeof value)
        memcpy(&value, row.data, sizeof value);
    return value;
}

int fixed_row_get(struct view *view, enum table table, struct str key, size_t size,
                  const char *damaged, void *ret_row) {
    struct str row;
    int r = view_get(view, table, key, &row);
    if (r != 0)
        return r < 0 ? r : THING_NOT_FOUND;
    if (row.size != size)
        return error_note(-EBADMSG, damaged);
    memcpy(ret_row, row.data, size);
    return 0;
}

/* ---- sequences ---- */

static const struct hot_kind numbers = HOT_PLAIN(TABLE_META, uint32_t);

uint32_t number_last(struct view *view, const char *name) {
    uint32_t number;
    return hot_read(view, &numbers, str_from(name), &number) == 0 ? number : 0;
}

void number_set(struct context *context, const char *name, uint32_t number) {
    void *value;
    if (hot_change(context, &numbers, str_from(name), &value) == 0)
        memcpy(value, &number, sizeof number);
}

uint32_t number_next(struct context *context, const char *name) {
    uint32_t number = number_last(context->view, name) + 1;
    number_set(context, name, number);
    return number;
}

/* ---- things ---- */

int thing_count(struct view *view, enum noun noun, uint32_t *ret_count) {
    *ret_count = number_last(view, noun_info(noun)->name);
    return 0;
}

static enum table name_table(enum noun noun) {
    switch (noun) {
    case NOUN_VOLUNTEER:
        return TABLE_VOLUNTEER_NAME;
    case NOUN_ACTIVITY:
        return TABLE_ACTIVITY_NAME;
    case NOUN_RECORD:
        return TABLE_RECORD_NAME;
    default:
        return TABLE_NAME;
    }
}

enum table thing_table(enum noun noun) {
    switch (noun) {
    case NOUN_VOLUNTEER:
        return TABLE_VOLUNTEER_THING;
    case NOUN_ACTIVITY:
        return TABLE_ACTIVITY_THING;
    case NOUN_RECORD:
        return TABLE_RECORD_THING;
    default:
        return TABLE_THING;
    }
}

int thing_find(struct view *view, enum noun noun, struct str id, uint32_t *ret_number) {
    struct name_key key;
    struct str row;
    if (id.size == 0 || id.size > EVENT_ID_LIMIT)
        return THING_NOT_FOUND;
    int r = view_get(view, name_table(noun), name_key_make(&key, noun, id), &row);
    if (r < 0)
        return r;
    if (r > 0)
        return THING_NOT_FOUND;
    *ret_number = row_u32(row);
    return 0;
}

view_hint thing_hint(struct view *view, enum noun noun, struct str id) {
    struct name_key key;
    return view_hint_key(view, name_table(noun), name_key_make(&key, noun, id));
}

/* A region has other names beside that of its definition, and gets new ones. */
static void note_name(struct context *context, enum noun noun, struct str id, uint32_t number) {
    if (noun != NOUN_REGION && context->n_named < NAMED_LIMIT)
        context->named[context->n_named++] = (struct named){noun, number, id};
}

int thing_named(struct context *context, enum noun noun, uint32_t number, struct str *ret_id) {
    for (size_t i = 0; i < context->n_named; i++) {
        const struct named *named = &context->named[i];
        if (named->number == number && named->noun == noun) {
            *ret_id = named->id;
            return 0;
        }
    }
    return thing_id(context->view, noun, number, context->arena, ret_id);
}

int thing_resolve(struct context *context, enum noun noun, struct str id, const char *field,
                  uint32_t *ret_number) {
    if (id.size == 0) {
        *ret_number = 0;
        return 0;
    }
    for (size_t i = 0; i < context->n_named; i++) {
        const struct named *named = &context->named[i];
        if (named->noun == noun && str_equal(named->id, id)) {
            *ret_number = named->number;
            return 0;
        }
    }
    int r = thing_find(context->view, noun, id, ret_number);
    if (r > 0)
        return problem_set_unknown(context->problem, noun_info(noun)->name, field, id);
    if (r == 0)
        note_name(context, noun, id, *ret_number);
    return r;
}

int thing_name(struct context *context, enum noun noun, struct str id, const char *field,
               uint32_t *ret_number) {
    uint32_t number;
    int r = thing_find(context->view, noun, id, &number);
    if (r < 0)
        return r;
    if (r == 0)
        return problem_set(context->problem, PROBLEM_ALREADY_EXISTS, field,
                           "%s %.*s exists already; choose another id, or send a change instead",
                           noun_info(noun)->name, STR_ARG(id));
    number = number_next(context, noun_info(noun)->name);
    thing_alias(context, noun, id, number);
    note_name(context, noun, id, number);
    *ret_number = number;
    return 0;
}

int thing_define(struct context *context, enum noun noun, struct str id, const char *field,
                 uint32_t *ret_number, struct thing *ret_thing) {
    *ret_thing = (struct thing){.defined_sequence = context->sequence};
    int r = thing_find(context->view, noun, id, ret_number);
    if (r == 0)
        r = thing_get(context->view, noun, *ret_number, context->arena, ret_thing);
    else if (r > 0)
        return thing_name(context, noun, id, field, ret_number);
    return r > 0 ? error_note(-EBADMSG, "a thing has no attributes") : r;
}

void thing_alias(struct context *context, enum noun noun, struct str id, uint32_t number) {
    struct name_key key;
    store_put(context->store, name_table(noun), name_key_make(&key, noun, id),
              (struct str){(const char *)&number, sizeof number});
}

enum noun subject_noun(enum SUBJECT_KIND_choice kind) {
    return noun_find(str_from(SUBJECT_KIND_choices.words[kind]));
}

enum SUBJECT_KIND_choice subject_kind(enum noun noun) {
    size_t kind = 0;
    while (kind < SUBJECT_KIND_COUNT && subject_noun((enum SUBJECT_KIND_choice)kind) != noun)
        kind++;
    return (enum SUBJECT_KIND_choice)kind;
}

int subject_resolve(struct context *context, const struct subject *subject, unsigned kinds,
                    const char *field, enum noun *ret_noun, uint32_t *ret_number) {
    char path[sizeof context->problem->field];
    enum SUBJECT_KIND_choice kind = (enum SUBJECT_KIND_choice)subject->kind;
    if (!(kinds & 1U << kind)) {
        char words[160] = "";
        for (unsigned i = 0; i < SUBJECT_KIND_COUNT; i++)
            if (kinds & 1U << i)
                snprintf(words + strlen(words), sizeof words - strlen(words), "%s%s",
                         *words ? ", " : "", SUBJECT_KIND_choices.words[i]);
        snprintf(path, sizeof path, "%s.kind", field);
        return problem_set(context->problem, PROBLEM_OUT_OF_RANGE, path,
                           "this is not about a %s; here it is one of: %s",
                           SUBJECT_KIND_choices.words[kind], words);
    }
    snprintf(path, sizeof path, "%s.id", field);
    *ret_noun = subject_noun(kind);
    return thing_resolve(context, *ret_noun, subject->id, path, ret_number);
}

/* One row a noun that has attributes: the event that defines it. */
static const struct {
    enum noun noun;
    uint32_t type;
} definers[] = {
    {NOUN_REGION, EVENT_region_defined},
    {NOUN_ORGANISATION, EVENT_organisation_defined},
    {NOUN_VOLUNTEER, EVENT_volunteer_registered},
    {NOUN_ACTIVITY, EVENT_activity_published},
    {NOUN_RECORD, EVENT_service_recorded},
    {NOUN_TEAM, EVENT_team_formed},
    {NOUN_STATION, EVENT_station_planned},
    {NOUN_PROJECT, EVENT_project_defined},
    {NOUN_DOCUMENT, EVENT_document_registered},
    {NOUN_PLAN, EVENT_plan_set},
    {NOUN_ADJUSTMENT, EVENT_points_adjusted},
    {NOUN_BULLETIN, EVENT_bulletin_issued},
    {NOUN_REWARD, EVENT_reward_offered},
    {NOUN_REDEMPTION, EVENT_reward_redeemed},
    {NOUN_TRANSFER, EVENT_points_transferred},
    {NOUN_HONOUR, EVENT_honour_defined},
    {NOUN_NOMINATION, EVENT_honour_nominated},
    {NOUN_APPLICATION, EVENT_star_applied},
    {NOUN_POST, EVENT_post_defined},
    {NOUN_COURSE, EVENT_course_defined},
    {NOUN_TRAINING, EVENT_training_completed},
    {NOUN_COMPLAINT, EVENT_complaint_filed},
    {NOUN_CERTIFICATE, EVENT_certificate_requested},
    {NOUN_EMERGENCY, EVENT_emergency_declared},
    {NOUN_PUBLIC_NOTICE, EVENT_public_notice_opened},
    {NOUN_NEED, EVENT_need_filed},
    {NOUN_BENEFICIARY, EVENT_beneficiary_enrolled},
    {NOUN_APPEAL, EVENT_sanction_appealed},
    {NOUN_CAMPAIGN, EVENT_campaign_launched},
    {NOUN_NOTICE, EVENT_notice_issued},
    {NOUN_TASK, EVENT_task_assigned},
    {NOUN_COMMITMENT, EVENT_commitment_made},
    {NOUN_PAIRING, EVENT_pairing_agreed},
    {NOUN_CASE, EVENT_case_nominated},
    {NOUN_ALERT, EVENT_alert_raised},
    {NOUN_EVIDENCE, EVENT_evidence_submitted},
    {NOUN_PEER, EVENT_peer_reported},
};

const struct event_type *thing_type(enum noun noun) {
    for (size_t i = 0; i < sizeof definers / sizeof *definers; i++)
        if (definers[i].noun == noun)
            return catalogue_by_number(definers[i].type);
    return NULL;
}

/* Row: of a noun with a past signed changed on, kept on; varint defined and changed sequence,
 * varint slot, state byte, attributes, varint blobs. */
int thing_decode(enum noun noun, struct str row, struct arena *arena, struct thing *ret_thing) {
    const struct event_type *type = thing_type(noun);
    struct cursor in = cursor_from(row);
    if (!type)
        return THING_NOT_FOUND;
    struct thing thing = {.days = {0, 0}};
    if (thing_has_past(noun)) {
        thing.days.changed_on = (int32_t)cursor_signed(&in);
        thing.days.kept_on = (int32_t)cursor_signed(&in);
    }
    thing.defined_sequence = cursor_varint(&in);
    thing.changed_sequence = cursor_varint(&in);
    thing.slot = (uint32_t)cursor_varint(&in);
    thing.state = cursor_byte(&in);
    thing.attributes = arena_alloc(arena, type->fields->struct_size);
    if (fields_decode(type->fields, &in, arena, thing.attributes) != 0)
        return THING_DAMAGED;
    thing.n_blobs = (size_t)cursor_varint(&in);
    if (thing.n_blobs > type->fields->n)
        return THING_DAMAGED;
    thing.blobs = thing.n_blobs ? arena_alloc(arena, thing.n_blobs * sizeof *thing.blobs) : NULL;
    for (size_t i = 0; i < thing.n_blobs; i++) {
        thing.blobs[i].field = (uint32_t)cursor_varint(&in);
        thing.blobs[i].slot = (uint32_t)cursor_varint(&in);
        thing.blobs[i].match = cursor_counted(&in);
        thing.blobs[i].cipher = cursor_counted(&in);
        in.failed = in.failed || thing.blobs[i].field >= type->fields->n;
    }
    if (in.failed)
        return THING_DAMAGED;
    *ret_thing = thing;
    return 0;
}

int thing_get(struct view *view, enum noun noun, uint32_t number, struct arena *arena,
              struct thing *ret_thing) {
    return thing_get_at(view, noun, number, INT32_MAX, arena, ret_thing);
}

/* The days that a row of a noun with a past begins with. */
static void put_days(struct context *context, enum noun noun, struct str key, struct buf *row) {
    struct str before = STR_NONE;
    (void)view_get(context->view, thing_table(noun), key, &before);
    struct row_days days = past_keep(context, TABLE_THING_PAST, key, before);
    buf_put_signed(row, days.changed_on);
    buf_put_signed(row, days.kept_on);
}

void thing_put(struct context *context, enum noun noun, uint32_t number,
               const struct thing *thing) {
    char bytes[THING_KEY_BYTES];
    struct str key = thing_key(bytes, noun, number);
    struct buf *row = &context->scratch;
    buf_reset(row);
    if (thing_has_past(noun))
        put_days(context, noun, key, row);
    buf_put_varint(row, thing->defined_sequence);
    buf_put_varint(row, thing->changed_sequence);
    buf_put_varint(row, thing->slot);
    buf_put_byte(row, thing->state);
    fields_encode(thing_type(noun)->fields, thing->attributes, row);
    buf_put_varint(row, thing->n_blobs);
    for (size_t i = 0; i < thing->n_blobs; i++) {
        buf_put_varint(row, thing->blobs[i].field);
        buf_put_varint(row, thing->blobs[i].slot);
        buf_put_counted(row, thing->blobs[i].match);
        buf_put_counted(row, thing->blobs[i].cipher);
    }
    store_put(context->store, thing_table(noun), key, buf_str(row));
}

void thing_to_json(enum noun noun, const struct thing *thing, struct buf *out) {
    fields_to_json(thing_type(noun)->fields, thing->attributes, out);
}

/* The id is the first field of each noun's list, but for records, whose row holds it (see
 * records.c). */
int thing_id(struct view *view, enum noun noun, uint32_t number, struct arena *arena,
             struct str *ret_id) {
    char key[THING_KEY_BYTES];
    struct str row;
    int r = number && thing_type(noun)
                ? view_get(view, thing_table(noun), thing_key(key, noun, number), &row)
                : STORE_NOT_FOUND;
    if (r != 0)
        return r < 0 ? r : THING_NOT_FOUND;
    struct cursor in = cursor_from(row);
    for (int i = 0; i < (thing_has_past(noun) ? 5 : 3); i++)
        (void)cursor_varint(&in);
    (void)cursor_byte(&in);
    *ret_id = arena_copy(arena, fields_decode_id(&in));
    return in.failed ? error_note(-EBADMSG, "a thing's row cannot be read") : 0;
}

void thing_take_blobs(struct context *context, const struct fields *fields, struct thing *thing,
                      const struct data *given) {
    const struct event *event = context->event;
    size_t most = thing->n_blobs + event->n_blobs;
    if (most == 0)
        return;
    struct data *head = thing->attributes;
    struct blob *blobs = arena_alloc(context->arena, most * sizeof *blobs);
    size_t n = 0;
    for (size_t i = 0; i < thing->n_blobs; i++) {
        uint64_t bit = UINT64_C(1) << thing->blobs[i].field;
        if (!((given->present | given->removed) & bit))
            blobs[n++] = thing->blobs[i];
    }
    for (size_t i = 0; i < event->n_blobs; i++) {
        assert(event->blobs[i].field < fields->n);
        head->sealed |= UINT64_C(1) << event->blobs[i].field;
        if (event->blobs[i].slot)
            thing->slot = event->blobs[i].slot;
        blobs[n++] = event->blobs[i];
    }
    thing->blobs = blobs;
    thing->n_blobs = n;
}
