/* How the rows about alerts, evidence and peers read in the export. */
#include "domain/alerts.h"
#include "domain/assessments.h"
#include "domain/evidence.h"
#include "domain/peers.h"
#include "domain/render.h"

static void put_subject(struct buf *out, uint8_t noun, uint32_t number) {
    put_text(out, "noun", str_from(noun < NOUN_COUNT ? noun_info(noun)->name : "?"));
    put_integer(out, "subject", number);
}

void render_alert(struct str key, struct str row, struct buf *out) {
    struct alert_row alert;
    put_integer(out, "alert", key_number(key, 0));
    if (!row_is(out, row, &alert, sizeof alert))
        return;
    struct cursor rest = {row.data + sizeof alert, row.data + row.size, false};
    put_subject(out, alert.noun, alert.subject);
    put_integer(out, "region", alert.region);
    put_word(out, "severity", &ALERT_SEVERITY_choices, alert.severity);
    put_text(out, "state", str_from(alert_state_text((enum alert_state)alert.state)));
    put_integer(out, "raised_on", alert.raised_on);
    put_integer(out, "acknowledged_on", alert.acknowledged_on);
    put_text(out, "acknowledged_by", cursor_counted(&rest));
    put_integer(out, "cleared_on", alert.cleared_on);
    put_integer(out, "cleared", (int64_t)alert.cleared);
}

void render_alert_open(struct str key, struct str row, struct buf *out) {
    const struct alert_list list = {row.size / sizeof(uint32_t), row.data};
    put_noun(out, key, 0);
    put_integer(out, "subject", key_number(key, 1));
    buf_json_key(out, "alerts");
    buf_put_byte(out, '[');
    for (size_t i = 0; i < list.n; i++) {
        buf_json_item(out);
        buf_json_integer(out, alert_list_at(&list, i));
    }
    buf_put_byte(out, ']');
}

void render_evidence(struct str key, struct str row, struct buf *out) {
    struct evidence_row evidence;
    put_integer(out, "evidence", key_number(key, 0));
    if (!row_is(out, row, &evidence, sizeof evidence))
        return;
    struct cursor rest = {row.data + sizeof evidence, row.data + row.size, false};
    put_subject(out, evidence.noun, evidence.subject);
    put_integer(out, "region", evidence.region);
    put_text(out, "state", str_from(evidence_state_text((enum evidence_state)evidence.state)));
    put_integer(out, "submitted_on", evidence.submitted_on);
    put_integer(out, "reviewed_on", evidence.reviewed_on);
    put_text(out, "reviewed_by", cursor_counted(&rest));
    put_text(out, "review", cursor_counted(&rest));
}

void render_proof(struct str key, struct str row, struct buf *out) {
    put_noun(out, key, 0);
    put_integer(out, "subject", key_number(key, 1));
    put_text(out, "item", key_rest(key, PROOF_KEY_BYTES));
    buf_json_key(out, "accepted");
    buf_put_byte(out, '[');
    for (size_t i = 0; i < proof_count(row); i++) {
        struct proof proof = proof_at(row, i);
        buf_json_item(out);
        buf_put_byte(out, '{');
        put_integer(out, "evidence", proof.evidence);
        put_integer(out, "on", proof.on);
        put_integer(out, "accepted_on", proof.accepted_on);
        put_integer(out, "state", proof.state);
        put_integer(out, "value", proof.value);
        put_integer(out, "whole", proof.whole);
        put_word(out, "method", &EVIDENCE_METHOD_choices, proof.method);
        buf_put_byte(out, '}');
    }
    buf_put_byte(out, ']');
}

void render_peer(struct str key, struct str row, struct buf *out) {
    struct cursor in = cursor_from(row);
    struct peer peer;
    put_integer(out, "peer", key_number(key, 0));
    put_text(out, "indicator", key_rest(key, PEER_KEY_BYTES));
    buf_json_key(out, "reports");
    buf_put_byte(out, '[');
    while (peer_next(&in, &peer) == 0) {
        buf_json_item(out);
        buf_put_byte(out, '{');
        put_integer(out, "as_of", peer.as_of);
        put_integer(out, "recorded_on", peer.recorded_on);
        put_integer(out, "value", peer.value);
        put_integer(out, "whole", peer.whole);
        put_integer(out, "sequence", (int64_t)peer.sequence);
        put_text(out, "origin", peer.origin);
        put_text(out, "by", peer.by);
        buf_put_byte(out, '}');
    }
    buf_put_byte(out, ']');
}

void render_veto(struct str key, struct str row, struct buf *out) {
    struct cursor in = cursor_from(row);
    struct str indicator;
    put_noun(out, key, 0);
    put_integer(out, "subject", key_number(key, 1));
    buf_json_key(out, "indicators");
    buf_put_byte(out, '[');
    while (assessment_veto_next(&in, &indicator) == 0) {
        buf_json_item(out);
        buf_json_string(out, indicator);
    }
    buf_put_byte(out, ']');
}
