/* Cases: what became of one, what shows that it is so, and, while it is published, its text. */
#include "bus/methods_common.h"
#include "bus/thing_show.h"
#include "domain/cases.h"
#include "domain/honours.h"

const char *const case_states[5] = {
    [CASE_NOMINATED] = "nominated", [CASE_VERIFIED] = "verified",   [CASE_REFUSED] = "refused",
    [CASE_PUBLISHED] = "published", [CASE_WITHDRAWN] = "withdrawn",
};

static void put_text(json_t *object, const char *name, struct str text) {
    if (text.size)
        json_object_set_new(object, name, json_from_str(text));
}

int show_case(struct query *query, uint32_t number, const struct thing *thing, struct arena *arena,
              json_t *object) {
    struct case_record record;
    (void)thing;
    int r = case_get(query->view, number, &record);
    if (r != 0)
        return r;
    const struct case_row *row = &record.row;
    put_text(object, "reason", record.reason);
    json_put_date(object, "nominated_on", row->nominated_on);
    json_put_date(object, "verified_on", row->verified_on);
    json_put_date(object, "published_on", row->published_on);
    json_put_date(object, "withdrawn_on", row->withdrawn_on);
    if (row->by_itself)
        json_object_set_new(object, "consent_withdrawn", json_true());
    json_object_set_new(object, "subject",
                        json_from_subject(query, (enum noun)row->noun, row->subject, arena));
    return 0;
}

int case_region(struct query *query, uint32_t number, const struct thing *thing,
                uint32_t *ret_region) {
    struct case_record record;
    (void)thing;
    int r = case_get(query->view, number, &record);
    if (r == 0)
        *ret_region = record.row.region;
    return r;
}

static json_t *evidence_json(struct str encoded) {
    struct cursor in = cursor_from(encoded);
    struct evidence evidence;
    json_t *list = json_array();
    while (case_evidence_next(&in, &evidence) == 0) {
        json_t *item = json_pack("{s:o, s:o}", "digest", json_from_str(evidence.digest), "note",
                                 json_from_str(evidence.note));
        put_text(item, "uri", evidence.uri);
        json_array_append_new(list, item);
    }
    return list;
}

/* What became of the honour that it came from: a case outlives no award by itself, but whoever
 * looks at it sees that. */
static int put_nomination(struct query *query, uint32_t nomination, json_t *object) {
    struct nomination_row row;
    int r = nomination_get(query->view, nomination, &row);
    if (r == 0)
        json_object_set_new(object, "nomination_state",
                            json_string(nomination_state_text((enum nomination_state)row.state)));
    return r;
}

int show_case_whole(struct query *query, uint32_t number, const struct thing *thing,
                    struct arena *arena, json_t *object) {
    struct case_record record;
    (void)thing;
    (void)arena;
    int r = case_get(query->view, number, &record);
    if (r != 0)
        return r;
    put_text(object, "verified_by", record.verified_by);
    put_text(object, "published_by", record.published_by);
    put_text(object, "withdrawn_by", record.withdrawn_by);
    put_text(object, "text", record.text);
    json_object_set_new(object, "evidence", evidence_json(record.evidence));
    return record.row.nomination ? put_nomination(query, record.row.nomination, object) : 0;
}
