#include "bus/sealed.h"

#include "util/error.h"

static const struct blob *blob_of(const struct thing *thing, uint32_t field) {
    for (size_t i = 0; i < thing->n_blobs; i++)
        if (thing->blobs[i].field == field)
            return &thing->blobs[i];
    return NULL;
}

/* The field into `data`, the struct of the noun's type. KEYRING_ERASED: nobody can read it again.
 */
static int open_blob(struct query *query, enum noun noun, const struct blob *blob,
                     struct arena *arena, void *data) {
    const struct fields *fields = thing_type(noun)->fields;
    const struct field *field = &fields->list[blob->field];
    struct str plain, place = arena_printf(arena, "%s.%s", fields->name, field->name);
    int r = keyring_open_sealed(query->services->keyring, blob->slot, place, blob->cipher, arena,
                                &plain);
    if (r == KEYRING_DAMAGED)
        return error_note(-EBADMSG, "what is sealed does not open with its key");
    if (r != 0)
        return r;
    struct cursor in = cursor_from(plain);
    return field_decode(field, &in, arena, data) == 0
               ? 0
               : error_note(-EBADMSG, "what was sealed cannot be read");
}

int sealed_identity(struct query *query, uint32_t volunteer, struct arena *arena,
                    struct identity *ret_identity, bool *ret_known) {
    struct volunteer_registered opened;
    struct thing thing;
    *ret_known = false;
    int r = thing_get(query->view, NOUN_VOLUNTEER, volunteer, arena, &thing);
    if (r != 0)
        return r < 0 ? r : error_note(-EBADMSG, "a volunteer has no attributes");
    const struct blob *blob = blob_of(&thing, volunteer_registered__identity);
    if (!blob)
        return 0;
    memset(&opened, 0, sizeof opened);
    r = open_blob(query, NOUN_VOLUNTEER, blob, arena, &opened);
    if (r == 0) {
        *ret_identity = opened.identity;
        *ret_known = true;
    }
    return r < 0 ? r : 0;
}

struct str name_masked(struct str name, struct arena *arena) {
    struct str rest = name;
    size_t first = str_utf8_size(rest), n = 0;
    char *masked = arena_bytes(arena, name.size + 1);
    memcpy(masked, name.data, first);
    rest = (struct str){name.data + first, name.size - first};
    for (size_t size; (size = str_utf8_size(rest)) > 0; n++) {
        masked[first + n] = '*';
        rest = (struct str){rest.data + size, rest.size - size};
    }
    return (struct str){masked, first + n};
}
