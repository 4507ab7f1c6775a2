/* certificate.paper: everything that stands on an issued certificate, for who prints it. The name
 * and the number of the document are the person's sealed ones: whoever asks is noted first. */
#include "bus/identity.h"
#include "bus/methods.h"
#include "bus/methods_common.h"
#include "domain/activities.h"
#include "domain/certificates.h"
#include "domain/dictionaries.h"

/* ---- the records ---- */

static json_t *category_title(struct query *query, uint8_t category) {
    struct dictionary_code entry;
    bool known =
        category > 0 && dictionary_at(query->view, DICTIONARY_CATEGORY, category - 1U, &entry) == 0;
    return known ? json_from_str(entry.title) : json_null();
}

static int put_activity(struct query *query, uint32_t number, json_t *item) {
    struct activity_published activity;
    enum activity_state state;
    int r = query_found(activity_get(query->view, number, query->arena, &activity, &state));
    if (r != 0)
        return r;
    json_object_set_new(item, "what", json_from_str(activity.title));
    json_object_set_new(item, "place", json_from_str(activity.place.text));
    return 0;
}

/* Of service at a post: its duty. */
static int put_post(struct query *query, uint32_t record, json_t *item) {
    struct service_recorded details;
    struct thing post;
    uint32_t number;
    int r = record_details(query->view, record, query->arena, &details);
    if (r != 0 || !HAS(&details, service_recorded, post))
        return r;
    r = query_found(thing_find(query->view, NOUN_POST, details.post, &number));
    if (r == 0)
        r = query_found(thing_get(query->view, NOUN_POST, number, query->arena, &post));
    if (r == 0)
        json_object_set_new(item, "what",
                            json_from_str(((struct post_defined *)post.attributes)->duty));
    return r;
}

static int describe(struct query *query, const struct certified *certified,
                    const struct record *record, json_t *item) {
    if (certified_is_carried(certified)) {
        json_object_set_new(item, "to", json_from_date(certified->to, INT32_MIN));
        json_object_set_new(
            item, "what",
            json_from_str(arena_printf(query->arena, "结转历史服务时间%s%.*s",
                                       record->system.size ? "：" : "", STR_ARG(record->system))));
        return 0;
    }
    return record->row.activity ? put_activity(query, record->row.activity, item)
                                : put_post(query, certified->record, item);
}

static int item_json(struct query *query, const struct certified *certified, json_t **ret_item) {
    struct record record;
    int r = query_found(record_get(query->view, certified->record, &record));
    if (r != 0)
        return r;
    json_t *item = json_pack("{s:o, s:o, s:I, s:s, s:o}", "record", json_from_str(record.id), "on",
                             json_from_date(certified->from, INT32_MIN), "minutes",
                             (json_int_t)certified->minutes, "what", "志愿服务", "kind",
                             category_title(query, record.row.category));
    r = describe(query, certified, &record, item);
    if (r == 0)
        *ret_item = item;
    else
        json_decref(item);
    return r;
}

/* The first and the last day of service; of totals of earlier years where there is none else. */
static void put_span(const struct certified *items, size_t n, json_t *paper) {
    int32_t first = INT32_MAX, last = INT32_MIN;
    bool only_carried = n > 0 && certified_is_carried(&items[0]); /* these stand last */
    for (size_t i = 0; i < n; i++) {
        bool carried = certified_is_carried(&items[i]);
        int32_t to = carried ? items[i].to : items[i].from;
        if (carried && !only_carried)
            break;
        first = items[i].from < first ? items[i].from : first;
        last = to > last ? to : last;
    }
    json_object_set_new(paper, "from", json_from_date(first, INT32_MAX));
    json_object_set_new(paper, "to", json_from_date(last, INT32_MIN));
}

static int put_items(struct query *query, uint32_t number, json_t *paper) {
    struct certified *items;
    size_t n;
    json_t *list = json_array();
    int r = certificate_records(query->view, number, query->arena, &items, &n);
    for (size_t i = 0; r == 0 && i < n; i++) {
        json_t *item;
        r = item_json(query, &items[i], &item);
        if (r == 0)
            json_array_append_new(list, item);
    }
    json_object_set_new(paper, "items", list);
    if (r == 0)
        put_span(items, n, paper);
    return r;
}

/* ---- whose it is ---- */

static int put_person(struct query *query, uint32_t volunteer, json_t *paper) {
    struct opened_identity opened;
    json_object_set_new(paper, "volunteer",
                        json_from_number(query, NOUN_VOLUNTEER, volunteer, query->arena));
    int r = identity_open(query, volunteer, query->arena, &opened);
    if (r != 0)
        return r < 0 ? r : 0; /* nothing is known of the person, or no more */
    const struct identity *identity = &opened.identity;
    r = identity_note_read(query, &volunteer, 1, "出具志愿服务记录证明");
    if (r == 0) {
        json_object_set_new(paper, "name", json_from_str(identity->name));
        json_object_set_new(paper, "document",
                            json_string(DOCUMENT_KIND_choices.labels[identity->document_kind]));
        json_object_set_new(paper, "document_number", json_from_str(identity->number));
    }
    identity_close(&opened);
    return r;
}

static int put_issuer(struct query *query, uint32_t number, json_t *paper) {
    struct thing thing;
    int r = query_found(thing_get(query->view, NOUN_ORGANISATION, number, query->arena, &thing));
    if (r == 0)
        json_object_set_new(
            paper, "issuer",
            json_pack("{s:o, s:o}", "organisation",
                      json_from_number(query, NOUN_ORGANISATION, number, query->arena), "name",
                      json_from_str(thing_label(NOUN_ORGANISATION, &thing))));
    return r;
}

static int find_issued(struct query *query, uint32_t *ret_number,
                       struct certificate *ret_certificate) {
    int r = query_noun(query, NOUN_CERTIFICATE, "certificate", ret_number);
    if (r == 0)
        r = query_found(certificate_get(query->view, *ret_number, ret_certificate));
    if (r != 0 || ret_certificate->row.state == CERTIFICATE_ISSUED)
        return r;
    return problem_set(query->problem, PROBLEM_WRONG_STATE, "certificate",
                       "it is %s; only what is issued, and holds, is printed",
                       certificate_state_text(ret_certificate->row.state));
}

static int put_note(struct query *query, uint32_t number, json_t *paper) {
    struct thing thing;
    int r = query_found(thing_get(query->view, NOUN_CERTIFICATE, number, query->arena, &thing));
    const struct certificate_requested *request = thing.attributes;
    if (r == 0 && HAS(request, certificate_requested, note))
        json_object_set_new(paper, "note", json_from_str(request->note));
    return r;
}

int query_certificate_paper(struct query *query, json_t **ret_result) {
    struct certificate certificate;
    uint32_t number;
    int r = find_issued(query, &number, &certificate);
    if (r != 0)
        return r;
    const struct certificate_row *row = &certificate.row;
    json_t *paper = json_pack(
        "{s:o, s:o, s:o, s:o, s:o, s:I, s:I}", "certificate",
        json_from_number(query, NOUN_CERTIFICATE, number, query->arena), "number",
        json_from_str(certificate.number), "digest", json_from_str(certificate.digest), "handler",
        json_from_str(certificate.handler), "issued_on", json_from_date(row->closed_on, 0),
        "minutes", (json_int_t)row->minutes, "carried_minutes", (json_int_t)row->carried_minutes);
    r = put_items(query, number, paper);
    if (r == 0)
        r = put_note(query, number, paper);
    if (r == 0)
        r = put_issuer(query, row->issuer, paper);
    if (r == 0)
        r = put_person(query, row->volunteer, paper);
    if (r == 0)
        *ret_result = paper;
    else
        json_decref(paper);
    return r;
}
