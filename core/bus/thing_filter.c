#include "bus/thing_view.h"

#include <assert.h>

#include "bus/methods_common.h"

/* ---- what there is to filter by ---- */

static void put(struct thing_filter *list, size_t *n, const char *name, enum filter_kind kind,
                const struct field *field, uint64_t present) {
    assert(*n < THING_FILTERS);
    list[(*n)++] =
        (struct thing_filter){.name = name, .kind = kind, .field = field, .present = present};
}

static bool is_named(const struct field *field, const char *name) {
    return strcmp(field->name, name) == 0;
}

static void put_field(struct thing_filter *list, size_t *n, const struct field *field,
                      uint64_t present) {
    switch (field->kind) {
    case FIELD_ID:
        if (field->noun == NOUN_REGION && is_named(field, "region"))
            put(list, n, field->name, FILTER_REGION, field, present);
        else
            put(list, n, field->name,
                thing_type((enum noun)field->noun) ? FILTER_THING : FILTER_TEXT, field, present);
        break;
    case FIELD_CODE:
        put(list, n, field->name, FILTER_CODE, field, present);
        break;
    case FIELD_CHOICE:
        put(list, n, field->name, FILTER_CHOICE, field, present);
        break;
    case FIELD_BOOLEAN:
        put(list, n, field->name, FILTER_BOOLEAN, field, present);
        break;
    case FIELD_TEXT:
        if (is_named(field, "name") || is_named(field, "title"))
            put(list, n, field->name, FILTER_CONTAINS, field, present);
        break;
    case FIELD_LIST:
        put(list, n, field->name, FILTER_LISTED, field, present);
        break;
    case FIELD_OBJECT:
        if (field->fields == &subject_fields) {
            put(list, n, "subject_kind", FILTER_SUBJECT_KIND, field, present);
            put(list, n, "subject", FILTER_SUBJECT, field, present);
        }
        break;
    default:
        break;
    }
}

size_t thing_filters(enum noun noun, struct thing_filter ret_filters[static THING_FILTERS]) {
    const struct fields *fields = thing_type(noun)->fields;
    const struct thing_view *view = thing_view(noun);
    size_t n = 0;
    for (size_t i = 1; i < fields->n; i++) /* the first is its own id */
        if (!(fields->list[i].flags & SEALED) &&
            !(view->region && is_named(&fields->list[i], "region")))
            put_field(ret_filters, &n, &fields->list[i], UINT64_C(1) << i);
    if (view->region)
        put(ret_filters, &n, "region", FILTER_REGION, NULL, 0);
    if (view->n_states)
        put(ret_filters, &n, "state", FILTER_STATE, NULL, 0);
    for (size_t i = 0; i < n; i++)
        ret_filters[i].view = view;
    return n;
}

/* ---- what is asked for ---- */

int thing_filter_read(struct query *query, struct thing_filter *filter) {
    const char *name = filter->name;
    filter->given = json_object_get(query->params, name) != NULL;
    if (!filter->given)
        return 0;
    filter->text = query_text(query, name);
    switch (filter->kind) {
    case FILTER_THING:
        return query_noun(query, (enum noun)filter->field->noun, name, &filter->number);
    case FILTER_CODE:
        return query_code(query, name, (enum DICTIONARY_choice)filter->field->dictionary,
                          &filter->text);
    case FILTER_CHOICE:
        return query_choice(query, name, filter->field->choices, &filter->value);
    case FILTER_BOOLEAN:
        filter->value = query_boolean(query, name, false);
        return 0;
    case FILTER_REGION:
        return query_noun(query, NOUN_REGION, name, &filter->number);
    case FILTER_SUBJECT_KIND:
        return query_choice(query, name, &SUBJECT_KIND_choices, &filter->value);
    case FILTER_SUBJECT:
        return query_subject(query, ~0U, false, &filter->noun, &filter->number);
    case FILTER_STATE:
        return query_word(query, name, filter->view->states, filter->view->n_states,
                          &filter->value);
    default:
        return 0;
    }
}

/* ---- whether a thing passes ---- */

static const void *member(const struct thing_filter *filter, const struct thing *thing) {
    return (const char *)thing->attributes + filter->field->offset;
}

static struct str member_text(const struct thing_filter *filter, const struct thing *thing) {
    return *(const struct str *)member(filter, thing);
}

static bool is_listed(const struct list *list, struct str text) {
    const struct str *items = list->items;
    for (size_t i = 0; i < list->n; i++)
        if (str_equal(items[i], text))
            return true;
    return false;
}

static int leads_to(struct query *query, enum noun noun, struct str id, uint32_t number,
                    bool *ret_takes) {
    uint32_t found;
    int r = thing_find(query->view, noun, id, &found);
    *ret_takes = r == 0 && found == number;
    return r < 0 ? r : 0;
}

static int lies_in(struct query *query, const struct thing_filter *filter, uint32_t number,
                   const struct thing *thing, bool *ret_takes) {
    uint32_t region = 0;
    int r = filter->field
                ? thing_find(query->view, NOUN_REGION, member_text(filter, thing), &region)
                : filter->view->region(query, number, thing, &region);
    *ret_takes = r == 0 && region && region_lies_in(query, region, filter->number);
    return r < 0 ? r : 0;
}

static int is_about(struct query *query, const struct thing_filter *filter,
                    const struct thing *thing, bool *ret_takes) {
    const struct subject *subject = member(filter, thing);
    *ret_takes = false;
    if (subject_noun((enum SUBJECT_KIND_choice)subject->kind) != filter->noun)
        return 0;
    return leads_to(query, filter->noun, subject->id, filter->number, ret_takes);
}

static int has_state(struct query *query, const struct thing_filter *filter, uint32_t number,
                     const struct thing *thing, bool *ret_takes) {
    unsigned state = thing->state;
    int r = filter->view->state ? filter->view->state(query, number, thing, &state) : 0;
    *ret_takes = r == 0 && state == (unsigned)filter->value;
    return r;
}

int thing_filter_takes(struct query *query, const struct thing_filter *filter, uint32_t number,
                       const struct thing *thing, bool *ret_takes) {
    const struct data *head = thing->attributes;
    bool there = !filter->field || (head->present & filter->present);
    *ret_takes = !filter->given;
    if (!filter->given || (!there && filter->kind != FILTER_BOOLEAN))
        return 0;
    switch (filter->kind) {
    case FILTER_THING:
        return leads_to(query, (enum noun)filter->field->noun, member_text(filter, thing),
                        filter->number, ret_takes);
    case FILTER_TEXT:
    case FILTER_CODE:
        *ret_takes = str_equal(member_text(filter, thing), filter->text);
        return 0;
    case FILTER_CHOICE:
        *ret_takes = *(const int32_t *)member(filter, thing) == filter->value;
        return 0;
    case FILTER_BOOLEAN:
        *ret_takes = (there && *(const bool *)member(filter, thing)) == (filter->value != 0);
        return 0;
    case FILTER_LISTED:
        *ret_takes = is_listed(member(filter, thing), filter->text);
        return 0;
    case FILTER_CONTAINS:
        *ret_takes = text_contains(member_text(filter, thing), filter->text);
        return 0;
    case FILTER_REGION:
        return lies_in(query, filter, number, thing, ret_takes);
    case FILTER_SUBJECT_KIND:
        *ret_takes = ((const struct subject *)member(filter, thing))->kind == filter->value;
        return 0;
    case FILTER_SUBJECT:
        return is_about(query, filter, thing, ret_takes);
    case FILTER_STATE:
        return has_state(query, filter, number, thing, ret_takes);
    }
    return 0;
}
