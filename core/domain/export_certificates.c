#include "domain/certificates.h"
#include "domain/render.h"

void render_certificate(struct str key, struct str row, struct buf *out) {
    struct certificate certificate;
    put_integer(out, "certificate", key_number(key, 0));
    if (certificate_decode(row, &certificate) != 0) {
        put_hex(out, "bytes", row);
        return;
    }
    const struct certificate_row *fixed = &certificate.row;
    put_text(out, "state", str_from(certificate_state_text(fixed->state)));
    put_integer(out, "volunteer", fixed->volunteer);
    put_integer(out, "organisation", fixed->organisation);
    put_integer(out, "issuer", fixed->issuer);
    put_integer(out, "region", fixed->region);
    put_integer(out, "requested_on", fixed->requested_on);
    put_integer(out, "closed_on", fixed->closed_on);
    put_integer(out, "revoked_on", fixed->revoked_on);
    put_integer(out, "records", fixed->n_records);
    put_integer(out, "minutes", fixed->minutes);
    put_integer(out, "carried_minutes", fixed->carried_minutes);
    put_integer(out, "closed", (int64_t)fixed->closed);
    put_integer(out, "revoked", (int64_t)fixed->revoked);
    put_text(out, "number", certificate.number);
    put_text(out, "digest", certificate.digest);
    put_text(out, "handler", certificate.handler);
    put_text(out, "reason", certificate.reason);
    put_text(out, "by", certificate.by);
}

/* [record, from, to, minutes] each. */
void render_certified(struct str key, struct str row, struct buf *out) {
    struct cursor in = cursor_from(row);
    struct certified item;
    put_integer(out, "certificate", key_number(key, 0));
    buf_json_key(out, "records");
    buf_put_byte(out, '[');
    while (cursor_left(&in) >= sizeof item) {
        cursor_copy(&in, &item, sizeof item);
        buf_json_item(out);
        buf_printf(out, "[%u,%d,%d,%u]", item.record, item.from, item.to, item.minutes);
    }
    buf_put_byte(out, ']');
    if (cursor_left(&in))
        put_hex(out, "rest", (struct str){in.next, cursor_left(&in)});
}

void render_certificate_number(struct str key, struct str row, struct buf *out) {
    uint32_t value;
    bool is_series = key_byte(key, 0) == 0;
    if (is_series) {
        put_integer(out, "organisation", key_number(key, 1));
        put_integer(out, "year", key_byte(key, 5) << 8 | key_byte(key, 6));
    } else {
        put_text(out, "number", key_rest(key, 1));
    }
    if (row_is(out, row, &value, sizeof value))
        put_integer(out, is_series ? "last" : "certificate", value);
}

void render_certificate_open(struct str key, struct str row, struct buf *out) {
    int32_t on;
    put_integer(out, "certificate", key_number(key, 0));
    if (row_is(out, row, &on, sizeof on))
        put_integer(out, "requested_on", on);
}
