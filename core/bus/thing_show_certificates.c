/* Certificates: how each stands, and what an issued one certifies. */
#include "bus/methods_common.h"
#include "bus/thing_show.h"
#include "domain/certificates.h"

const char *const certificate_states[4] = {
    [CERTIFICATE_REQUESTED] = "requested",
    [CERTIFICATE_ISSUED] = "issued",
    [CERTIFICATE_REFUSED] = "refused",
    [CERTIFICATE_REVOKED] = "revoked",
};

int certificate_region(struct query *query, uint32_t number, const struct thing *thing,
                       uint32_t *ret_region) {
    struct certificate certificate;
    (void)thing;
    int r = certificate_get(query->view, number, &certificate);
    if (r == 0)
        *ret_region = certificate.row.region;
    return r;
}

static int put_issued(struct query *query, uint32_t number, const struct certificate *certificate,
                      struct arena *arena, json_t *object) {
    const struct certificate_row *row = &certificate->row;
    bool overtaken;
    int r = certificate_is_overtaken(query->view, number, arena, &overtaken);
    if (r != 0)
        return r;
    json_object_set_new(object, "number", json_from_str(certificate->number));
    json_object_set_new(object, "issued_on", json_from_date(row->closed_on, 0));
    json_object_set_new(object, "handler", json_from_str(certificate->handler));
    json_object_set_new(object, "n_records", json_integer(row->n_records));
    json_object_set_new(object, "minutes", json_integer(row->minutes));
    json_object_set_new(object, "carried_minutes", json_integer(row->carried_minutes));
    json_object_set_new(object, "digest", json_from_str(certificate->digest));
    json_object_set_new(object, "overtaken", json_boolean(overtaken));
    return 0;
}

int show_certificate(struct query *query, uint32_t number, const struct thing *thing,
                     struct arena *arena, json_t *object) {
    struct certificate certificate;
    (void)thing;
    int r = certificate_get(query->view, number, &certificate);
    if (r != 0)
        return r;
    const struct certificate_row *row = &certificate.row;
    json_object_set_new(object, "requested_on", json_from_date(row->requested_on, 0));
    json_object_set_new(object, "issuer",
                        json_from_number(query, NOUN_ORGANISATION, row->issuer, arena));
    if (row->state == CERTIFICATE_REFUSED) {
        json_object_set_new(object, "refused_on", json_from_date(row->closed_on, 0));
        json_object_set_new(object, "reason", json_from_str(certificate.reason));
        if (certificate.handler.size)
            json_object_set_new(object, "by", json_from_str(certificate.handler));
    }
    if (row->state == CERTIFICATE_REVOKED) {
        json_object_set_new(object, "revoked_on", json_from_date(row->revoked_on, 0));
        json_object_set_new(object, "reason", json_from_str(certificate.reason));
        json_object_set_new(object, "by", json_from_str(certificate.by));
    }
    return certificate.number.size ? put_issued(query, number, &certificate, arena, object) : 0;
}

static int certified_json(struct query *query, const struct certified *item, json_t **ret_item) {
    struct record record;
    int r = record_get(query->view, item->record, &record);
    if (r != 0)
        return r;
    *ret_item =
        json_pack("{s:o, s:o, s:I}", "record", json_from_str(record.id), "on",
                  json_from_date(item->from, INT32_MIN), "minutes", (json_int_t)item->minutes);
    if (certified_is_carried(item))
        json_object_set_new(*ret_item, "to", json_from_date(item->to, INT32_MIN));
    return 0;
}

/* Frozen when it was issued. */
int show_certificate_whole(struct query *query, uint32_t number, const struct thing *thing,
                           struct arena *arena, json_t *object) {
    struct certified *items;
    size_t n;
    (void)thing;
    int r = certificate_records(query->view, number, arena, &items, &n);
    json_t *list = json_array();
    for (size_t i = 0; r == 0 && i < n; i++) {
        json_t *item;
        r = certified_json(query, &items[i], &item);
        if (r == 0)
            json_array_append_new(list, item);
    }
    if (r == 0 && n)
        json_object_set(object, "certified", list);
    json_decref(list);
    return r;
}
