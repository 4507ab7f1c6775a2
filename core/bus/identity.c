#include "bus/identity.h"

#include <sodium.h>

#include "bus/methods_common.h"
#include "util/error.h"

static const struct blob *sealed_identity(const struct thing *thing) {
    for (size_t i = 0; i < thing->n_blobs; i++)
        if (thing->blobs[i].field == volunteer_registered__identity)
            return &thing->blobs[i];
    return NULL;
}

int identity_open(struct query *query, uint32_t volunteer, struct arena *arena,
                  struct opened_identity *ret_opened) {
    const struct field *field = &volunteer_registered_fields.list[volunteer_registered__identity];
    struct thing thing;
    int r = thing_get(query->view, NOUN_VOLUNTEER, volunteer, arena, &thing);
    const struct blob *blob = r == 0 ? sealed_identity(&thing) : NULL;
    if (!blob)
        return r < 0 ? r : THING_NOT_FOUND;
    struct str place = arena_printf(arena, "%s.%s", volunteer_registered_fields.name, field->name);
    r = keyring_open_sealed(query->services->keyring, blob->slot, place, blob->cipher, arena,
                            &ret_opened->plain);
    if (r != 0)
        return r < 0                 ? r
               : r == KEYRING_ERASED ? THING_NOT_FOUND
                                     : error_note(-EBADMSG, "a sealed identity cannot be opened");
    struct volunteer_registered *data = arena_alloc(arena, sizeof *data);
    memset(data, 0, sizeof *data);
    struct cursor in = cursor_from(ret_opened->plain);
    if (field_decode(field, &in, arena, data) != 0)
        return error_note(-EBADMSG, "a sealed identity cannot be read");
    ret_opened->identity = data->identity;
    return 0;
}

void identity_close(struct opened_identity *opened) {
    sodium_memzero((void *)(uintptr_t)opened->plain.data, opened->plain.size);
}

int identity_note_read(struct query *query, const uint32_t *volunteers, size_t n,
                       const char *otherwise) {
    struct str purpose = query_text(query, "purpose");
    json_t *list = json_array(), *results = NULL, *item;
    size_t i;
    if (purpose.size == 0)
        purpose = str_from(otherwise);
    for (i = 0; i < n; i++)
        json_array_append_new(
            list, json_pack("{s:o, s:o, s:o}", "volunteer",
                            json_from_number(query, NOUN_VOLUNTEER, volunteers[i], query->arena),
                            "by", json_from_str(query->actor), "purpose", json_from_str(purpose)));
    int r = n ? query_commands(query, "identity.read", list, &results) : 0;
    json_array_foreach(results, i, item) {
        if (r != 0 || strcmp(json_string_value(json_object_get(item, "status")), "rejected") != 0)
            continue;
        const char *message = json_string_value(json_object_get(item, "message"));
        r = problem_set(query->problem, PROBLEM_OUT_OF_RANGE, "purpose",
                        "a reading that cannot be noted is not made: %s", message ? message : "");
    }
    json_decref(list);
    json_decref(results);
    return r;
}
