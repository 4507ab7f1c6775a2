/* How the rows about posts, duty, pairings and reporting in read in the export. */
#include "domain/duties.h"
#include "domain/pairings.h"
#include "domain/render.h"
#include "domain/report_ins.h"

void render_post(struct str key, struct str row, struct buf *out) {
    struct post_row post;
    put_integer(out, "post", key_number(key, 0));
    if (!row_is(out, row, &post, sizeof post))
        return;
    put_word(out, "kind", &POST_KIND_choices, post.kind);
    put_integer(out, "state", post.state);
    put_integer(out, "region", post.region);
    put_integer(out, "organisation", post.organisation);
    put_integer(out, "campaign", post.campaign);
    put_integer(out, "responsible", post.has_responsible);
    put_integer(out, "places", post.places);
    put_integer(out, "accepted", post.n_accepted);
    put_integer(out, "waitlisted", post.n_waitlisted);
    put_integer(out, "duties", post.n_duties);
    put_integer(out, "days", post.n_days);
    put_integer(out, "missed", post.n_missed);
    put_integer(out, "findings", post.n_findings);
    put_integer(out, "revoked", post.n_revoked);
    put_integer(out, "due_on", post.due_on);
    put_integer(out, "last_duty_on", post.last_duty_on);
    put_integer(out, "missed_on", post.missed_on);
    put_integer(out, "overdue_since", post.overdue_since);
}

void render_duty(struct str key, struct str row, struct buf *out) {
    struct duty_row duty;
    put_integer(out, "post", key_number(key, 0));
    put_integer(out, "n", key_number(key, 4));
    if (!row_is(out, row, &duty, sizeof duty))
        return;
    struct cursor rest = {row.data + sizeof duty, row.data + row.size, false};
    put_integer(out, "volunteer", duty.volunteer);
    put_integer(out, "starts", duty.starts_s);
    put_integer(out, "span", duty.span_s);
    put_word(out, "method", &ATTENDANCE_METHOD_choices, duty.method);
    put_integer(out, "revoked", duty.revoked);
    put_integer(out, "sequence", (int64_t)duty.sequence);
    put_text(out, "findings", cursor_counted(&rest));
}

void render_duty_day(struct str key, struct str row, struct buf *out) {
    put_integer(out, "post", key_number(key, 0));
    put_integer(out, "day", (int32_t)(key_number(key, 4) ^ UINT32_C(0x80000000)));
    put_integer(out, "missed", row.size ? row.data[0] : 0);
    buf_json_key(out, "duties");
    buf_put_byte(out, '[');
    for (size_t at = 1; at + sizeof(uint32_t) <= row.size; at += sizeof(uint32_t)) {
        uint32_t number;
        memcpy(&number, row.data + at, sizeof number);
        buf_json_item(out);
        buf_json_integer(out, number);
    }
    buf_put_byte(out, ']');
}

void render_duty_due(struct str key, struct str row, struct buf *out) {
    render_day_list(key, row, "post", out);
}

void render_pairing(struct str key, struct str row, struct buf *out) {
    struct pairing_row pairing;
    put_integer(out, "pairing", key_number(key, 0));
    if (!row_is(out, row, &pairing, sizeof pairing))
        return;
    put_integer(out, "organisation", pairing.organisation);
    put_integer(out, "region", pairing.region);
    put_integer(out, "campaign", pairing.campaign);
    put_integer(out, "agreed_on", pairing.agreed_on);
    put_integer(out, "ended_on", pairing.ended_on);
}

void render_paired(struct str key, struct str row, struct buf *out) {
    uint32_t value, n = key_number(key, 4);
    put_integer(out, "organisation", key_number(key, 0));
    put_integer(out, "n", n);
    if (row_is(out, row, &value, sizeof value))
        put_integer(out, n ? "pairing" : "count", value);
}

void render_report_in(struct str key, struct str row, struct buf *out) {
    struct report_in_row report;
    put_integer(out, "volunteer", key_number(key, 0));
    if (!row_is(out, row, &report, sizeof report))
        return;
    struct cursor rest = {row.data + sizeof report, row.data + row.size, false};
    put_integer(out, "employer", report.employer);
    put_integer(out, "region", report.region);
    put_integer(out, "on", report.on);
    put_integer(out, "paired", report.paired);
    put_integer(out, "sequence", (int64_t)report.sequence);
    put_text(out, "received_by", cursor_counted(&rest));
}
