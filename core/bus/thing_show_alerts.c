/* Alerts, evidence for assessments, and other cities. */
#include "bus/methods_common.h"
#include "bus/methods_decisions.h"
#include "bus/thing_show.h"
#include "domain/alerts.h"
#include "domain/evidence.h"
#include "domain/peers.h"

static void put_date(json_t *object, const char *name, int32_t date) {
    if (date)
        json_object_set_new(object, name, json_from_date(date, 0));
}

/* ---- alerts ---- */

const char *const alert_states[ALERT_STATES] = {
    [ALERT_RAISED] = "raised",
    [ALERT_ACKNOWLEDGED] = "acknowledged",
    [ALERT_CLEARED] = "cleared",
};

int alert_region(struct query *query, uint32_t number, const struct thing *thing,
                 uint32_t *ret_region) {
    struct alert alert;
    (void)thing;
    int r = alert_get(query->view, number, &alert);
    if (r == 0)
        *ret_region = alert.row.region;
    return r;
}

int show_alert(struct query *query, uint32_t number, const struct thing *thing, struct arena *arena,
               json_t *object) {
    struct alert alert;
    (void)thing;
    (void)arena;
    int r = alert_get(query->view, number, &alert);
    if (r != 0)
        return r;
    put_date(object, "raised_on", alert.row.raised_on);
    put_date(object, "acknowledged_on", alert.row.acknowledged_on);
    if (alert.acknowledged_by.size)
        json_object_set_new(object, "acknowledged_by", json_from_str(alert.acknowledged_by));
    put_date(object, "cleared_on", alert.row.cleared_on);
    return 0;
}

int alert_is_asked_for(struct query *query, uint32_t number, bool *ret_takes) {
    struct str code = query_text(query, "code"), indicator = query_text(query, "indicator");
    struct thing thing;
    *ret_takes = true;
    if (!code.data && !indicator.data)
        return 0;
    int r = thing_get(query->view, NOUN_ALERT, number, query->arena, &thing);
    if (r != 0)
        return r;
    const struct alert_raised *raised = thing.attributes;
    *ret_takes = (!code.data || str_equal(code, raised->code)) &&
                 (!indicator.data || str_equal(indicator, raised->indicator));
    return 0;
}

/* The decisions that raised and cleared it, with what was found. */
int show_alert_whole(struct query *query, uint32_t number, const struct thing *thing,
                     struct arena *arena, json_t *object) {
    struct wanted_list wanted = {0};
    struct alert alert;
    (void)arena;
    int r = alert_get(query->view, number, &alert);
    if (r != 0)
        return r;
    json_object_set_new(object, "decision", json_integer((json_int_t)thing->defined_sequence));
    wanted_add(query, &wanted, thing->defined_sequence, object);
    if (alert.row.cleared) {
        json_t *cleared = json_pack("{s:I}", "decision", (json_int_t)alert.row.cleared);
        json_object_set_new(object, "cleared", cleared);
        wanted_add(query, &wanted, alert.row.cleared, cleared);
    }
    return wanted_fill(query, &wanted);
}

/* ---- evidence ---- */

const char *const evidence_states[EVIDENCE_STATES] = {
    [EVIDENCE_SUBMITTED] = "submitted",
    [EVIDENCE_ACCEPTED] = "accepted",
    [EVIDENCE_REFUSED] = "refused",
};

/* `state` of the event is what was found; where the evidence itself stands is its stage. */
int show_evidence(struct query *query, uint32_t number, const struct thing *thing,
                  struct arena *arena, json_t *object) {
    struct evidence_record evidence;
    (void)thing;
    (void)arena;
    int r = evidence_get(query->view, number, &evidence);
    if (r != 0)
        return r;
    json_object_set_new(object, "stage", json_string(evidence_states[evidence.row.state]));
    put_date(object, "submitted_on", evidence.row.submitted_on);
    put_date(object, "reviewed_on", evidence.row.reviewed_on);
    if (evidence.reviewed_by.size)
        json_object_set_new(object, "reviewed_by", json_from_str(evidence.reviewed_by));
    if (evidence.review.size)
        json_object_set_new(object, "review", json_from_str(evidence.review));
    return 0;
}

int evidence_region(struct query *query, uint32_t number, const struct thing *thing,
                    uint32_t *ret_region) {
    struct evidence_record evidence;
    (void)thing;
    int r = evidence_get(query->view, number, &evidence);
    if (r == 0)
        *ret_region = evidence.row.region;
    return r;
}

int evidence_is_asked_for(struct query *query, uint32_t number, bool *ret_takes) {
    struct evidence_record evidence;
    struct thing thing;
    struct str stage = query_text(query, "stage"), item = query_text(query, "item");
    int r = evidence_get(query->view, number, &evidence);
    if (r == 0)
        r = thing_get(query->view, NOUN_EVIDENCE, number, query->arena, &thing);
    if (r != 0)
        return r;
    const struct evidence_submitted *submitted = thing.attributes;
    *ret_takes = (!stage.data || str_equal(stage, str_from(evidence_states[evidence.row.state]))) &&
                 (!item.data || str_equal(item, submitted->item));
    return 0;
}

/* ---- peers ---- */

struct reports {
    char prefix[PEER_KEY_BYTES];
    json_t *list;
};

static int put_reports(void *context, struct str key, struct str row) {
    const struct reports *reports = context;
    struct cursor in = cursor_from(row);
    struct peer peer;
    if (key.size < PEER_KEY_BYTES || memcmp(key.data, reports->prefix, PEER_KEY_BYTES) != 0)
        return 1;
    struct str indicator = {key.data + PEER_KEY_BYTES, key.size - PEER_KEY_BYTES};
    while (peer_next(&in, &peer) == 0)
        json_array_append_new(reports->list,
                              json_pack("{s:o, s:I, s:I, s:o, s:o, s:o, s:o, s:I}", "indicator",
                                        json_from_str(indicator), "value", (json_int_t)peer.value,
                                        "whole", (json_int_t)peer.whole, "as_of",
                                        json_from_date(peer.as_of, INT32_MIN), "origin",
                                        json_from_str(peer.origin), "by",
                                        peer.by.size ? json_from_str(peer.by) : json_null(),
                                        "recorded_on", json_from_date(peer.recorded_on, INT32_MIN),
                                        "sequence", (json_int_t)peer.sequence));
    return 0;
}

int show_peer_whole(struct query *query, uint32_t number, const struct thing *thing,
                    struct arena *arena, json_t *object) {
    struct reports reports = {.list = json_array()};
    (void)thing;
    (void)arena;
    json_object_set_new(object, "reports", reports.list);
    int r = view_scan(query->view, TABLE_PEER, number_key(reports.prefix, number), put_reports,
                      &reports);
    return r < 0 ? r : 0;
}
