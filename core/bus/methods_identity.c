/* volunteer.identity: what is sealed of one person, for whoever says what for. */
#include "bus/identity.h"
#include "bus/methods.h"
#include "bus/methods_common.h"

static json_t *identity_json(const struct identity *identity) {
    json_t *json = json_pack("{s:o, s:s, s:o}", "name", json_from_str(identity->name),
                             "document_kind", DOCUMENT_KIND_choices.words[identity->document_kind],
                             "number", json_from_str(identity->number));
    if (identity->phone.size)
        json_object_set_new(json, "phone", json_from_str(identity->phone));
    return json;
}

/* The reading is in the journal before anything is shown. */
int query_volunteer_identity(struct query *query, json_t **ret_result) {
    struct opened_identity opened;
    uint32_t number;
    json_t *identity = NULL;
    int r = query_noun(query, NOUN_VOLUNTEER, "volunteer", &number);
    if (r != 0)
        return r;
    r = identity_open(query, number, query->arena, &opened);
    if (r < 0)
        return r;
    if (r == 0) {
        r = identity_note_read(query, &number, 1, "");
        identity = r == 0 ? identity_json(&opened.identity) : NULL;
        identity_close(&opened);
    } else {
        r = 0; /* nothing is known of the person, or no more */
    }
    if (r == 0)
        *ret_result = json_pack("{s:o, s:o}", "volunteer",
                                json_from_number(query, NOUN_VOLUNTEER, number, query->arena),
                                "identity", identity ? identity : json_null());
    return r;
}
