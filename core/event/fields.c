/* Lists of fields in general, and merge patches over their structs. */
#include "event/codec.h"

size_t fields_find(const struct fields *fields, struct str name) {
    for (size_t i = 0; i < fields->n; i++)
        if (name_is(fields->list[i].name, name))
            return i;
    return NOT_FOUND_FIELD;
}

uint64_t fields_sealed_mask(const struct fields *fields) {
    uint64_t mask = 0;
    for (size_t i = 0; i < fields->n; i++)
        if (fields->list[i].flags & SEALED)
            mask |= bit(i);
    return mask;
}

const struct field *fields_changes(const struct fields *fields) {
    for (size_t i = 0; i < fields->n; i++)
        if (fields->list[i].kind == FIELD_CHANGES)
            return &fields->list[i];
    return NULL;
}

/* A part of what surely stands may be changed alone. Where it may be absent, what it requires must
 * come with it; a sealed one cannot be merged at all: it is replaced. */
enum completeness completeness_within(const struct field *field, enum completeness around) {
    if (around == COMPLETE || (field->flags & SEALED))
        return COMPLETE;
    return field->flags & REQUIRED ? PATCH_PARTIAL : PATCH_COMPLETE;
}

static size_t member_size(const struct field *field) {
    static const size_t sizes[] = {
        [FIELD_ID] = sizeof(struct str),          [FIELD_TEXT] = sizeof(struct str),
        [FIELD_CODE] = sizeof(struct str),        [FIELD_INTEGER] = sizeof(int64_t),
        [FIELD_BOOLEAN] = sizeof(bool),           [FIELD_SCALAR] = sizeof(struct scalar),
        [FIELD_TIME] = sizeof(struct moment),     [FIELD_DATE] = sizeof(int32_t),
        [FIELD_MONTH] = sizeof(int32_t),          [FIELD_CHOICE] = sizeof(int32_t),
        [FIELD_OBJECTS] = sizeof(struct list),    [FIELD_LIST] = sizeof(struct list),
        [FIELD_QUANTITIES] = sizeof(struct list), [FIELD_JSON] = sizeof(struct str),
    };
    bool nested = field->kind == FIELD_OBJECT || field->kind == FIELD_CHANGES;
    return nested ? field->fields->struct_size : sizes[field->kind];
}

/* An object is merged into the one that stands; everything else is replaced whole. */
static void field_patch(const struct field *field, struct data *to, const struct data *from,
                        uint64_t mask) {
    void *member = field_member(field, to);
    bool merges = field->kind == FIELD_OBJECT && !((to->sealed | from->sealed) & mask);
    if (!merges) {
        memcpy(member, field_member_const(field, from), member_size(field));
    } else {
        if (!(to->present & mask))
            memset(member, 0, member_size(field));
        fields_patch(field->fields, member, field_member_const(field, from));
    }
    to->present |= mask;
    to->sealed = (to->sealed & ~mask) | (from->sealed & mask);
}

void fields_patch(const struct fields *fields, void *data, const void *changes) {
    struct data *to = data;
    const struct data *from = changes;
    for (size_t i = 0; i < fields->n; i++) {
        const struct field *field = &fields->list[i];
        if (from->removed & bit(i)) {
            memset(field_member(field, data), 0, member_size(field));
            to->present &= ~bit(i);
            to->sealed &= ~bit(i);
        } else if (from->present & bit(i)) {
            field_patch(field, to, from, bit(i));
        }
    }
}
