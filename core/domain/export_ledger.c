/* How the rows of the ledger and of carried totals read in the export. */
#include "domain/export_ledger.h"

#include "domain/ledger.h"
#include "domain/points.h"
#include "domain/render.h"

void render_balance(struct str key, struct str row, struct buf *out) {
    struct cursor in = cursor_from(key);
    struct balance balance;
    struct lot lot;
    put_integer(out, "volunteer", cursor_u32_sorted(&in));
    put_integer(out, "account", cursor_u16_sorted(&in));
    if (balance_decode(row, &balance) != 0) {
        put_hex(out, "bytes", row);
        return;
    }
    put_integer(out, "owed", balance.owed);
    put_integer(out, "earned", balance.earned);
    put_integer(out, "adjusted", balance.adjusted);
    put_integer(out, "spent", balance.spent);
    put_integer(out, "expired", balance.expired);
    put_integer(out, "held", balance.held);
    put_integer(out, "transferred", balance.transferred);
    buf_json_key(out, "lots");
    buf_put_byte(out, '[');
    while (lot_next(&balance.lots, &lot)) {
        buf_json_item(out);
        buf_printf(out, "[%d,%lld]", lot.expires, (long long)lot.amount);
    }
    buf_put_byte(out, ']');
}

void render_posting(struct str key, struct str row, struct buf *out) {
    struct posting posting;
    put_integer(out, "posting", key_number(key, 0));
    if (posting_decode(row, &posting) != 0) {
        put_hex(out, "bytes", row);
        return;
    }
    put_integer(out, "volunteer", posting.volunteer);
    put_integer(out, "previous", posting.previous);
    put_integer(out, "account", posting.account);
    put_text(out, "counter", str_from(ledger_counter_text(posting.counter)));
    put_integer(out, "on", posting.on);
    put_integer(out, "expires", posting.expires);
    put_integer(out, "record", posting.record);
    put_integer(out, "sequence", (int64_t)posting.sequence);
    put_integer(out, "reverses", (int64_t)posting.reverses);
    put_integer(out, "amount", posting.amount);
    if (posting.counter == LEDGER_SHOP)
        put_integer(out, "moved", posting.moved);
    put_integer(out, "owed_leg", posting.owed_leg);
    put_integer(out, "balance_after", posting.balance_after);
    put_integer(out, "owed_after", posting.owed_after);
    put_text(out, "reason", posting.reason);
}

void render_record_posting(struct str key, struct str row, struct buf *out) {
    struct cursor in = cursor_from(row);
    struct standing standing;
    put_integer(out, "record", key_number(key, 0));
    buf_json_key(out, "standing");
    buf_put_byte(out, '[');
    while (standing_next(&in, &standing)) {
        buf_json_item(out);
        buf_printf(out, "[%u,%u,%u,%lld]", standing.volunteer, standing.posting, standing.revision,
                   (long long)standing.taken);
    }
    buf_put_byte(out, ']');
}

void render_ledger(struct str key, struct str row, struct buf *out) {
    struct cursor in = cursor_from(key);
    struct ledger_row ledger;
    put_integer(out, "account", cursor_u16_sorted(&in));
    if (!row_is(out, row, &ledger, sizeof ledger))
        return;
    put_integer(out, "persons", ledger.persons);
    put_integer(out, "owed", ledger.owed);
    for (int i = 0; i < LEDGER_COUNTERS; i++)
        put_integer(out, ledger_counter_text((enum ledger_counter)i), ledger.counters[i]);
    put_integer(out, "month", ledger.month);
    put_integer(out, "issued", ledger.issued);
    put_integer(out, "taken_back", ledger.taken_back);
    put_integer(out, "month_spent", ledger.spent);
    put_integer(out, "month_expired", ledger.expired);
    put_integer(out, "added", ledger.added);
    put_integer(out, "deducted", ledger.deducted);
    put_integer(out, "month_held", ledger.held);
    put_integer(out, "released", ledger.released);
    put_integer(out, "transferred", ledger.transferred);
}

void render_carried(struct str key, struct str row, struct buf *out) {
    uint32_t record;
    put_integer(out, "volunteer", key_number(key, 0));
    put_integer(out, "n", key_number(key, 4));
    if (row_is(out, row, &record, sizeof record))
        put_integer(out, "record", record);
}

void render_withheld(struct str key, struct str row, struct buf *out) {
    struct withheld withheld;
    put_integer(out, "n", key_number(key, 0));
    if (withheld_decode(row, &withheld) != 0) {
        put_hex(out, "bytes", row);
        return;
    }
    put_integer(out, "volunteer", withheld.volunteer);
    put_integer(out, "record", withheld.record);
    put_text(out, "policy", withheld.policy);
    put_integer(out, "date", withheld.date);
    put_integer(out, "cause", withheld.event);
    put_integer(out, "sequence", (int64_t)withheld.sequence);
}

void render_expiring(struct str key, struct str row, struct buf *out) {
    struct expiring expiring;
    uint32_t n = key_number(key, 4);
    put_integer(out, "day", (int32_t)(key_number(key, 0) ^ UINT32_C(0x80000000)));
    put_integer(out, "n", n);
    if (n == 0 && row_is(out, row, &n, sizeof n))
        put_integer(out, "count", n);
    else if (n && row_is(out, row, &expiring, sizeof expiring)) {
        put_integer(out, "volunteer", expiring.volunteer);
        put_integer(out, "account", expiring.account);
    }
}
