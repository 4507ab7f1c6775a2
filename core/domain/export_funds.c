/* How funds, their entries and what merchants gave out read in the export. */
#include "domain/funds.h"
#include "domain/render.h"
#include "domain/rewards.h"

void render_fund(struct str key, struct str row, struct buf *out) {
    struct fund fund;
    struct arena arena;
    put_integer(out, "fund", key_number(key, 0));
    if (key.size > 4)
        put_integer(out, "until",
                    (int32_t)((UINT32_MAX - key_number(key, 4)) ^ UINT32_C(0x80000000)));
    arena_init(&arena);
    if (fund_decode(row, &arena, &fund) != 0) {
        put_hex(out, "bytes", row);
        arena_deinit(&arena);
        return;
    }
    put_text(out, "id", fund.id);
    put_text(out, "title", fund.title);
    put_integer(out, "changed_on", fund.days.changed_on);
    put_integer(out, "kept_on", fund.days.kept_on);
    put_integer(out, "first_open", fund.first_open);
    put_integer(out, "last_commitment", fund.last_commitment);
    put_integer(out, "entries", fund.n_entries);
    buf_json_key(out, "pots");
    buf_put_byte(out, '[');
    for (size_t i = 0; i < fund.n_pots; i++) {
        const struct fund_pot *pot = &fund.pots[i];
        buf_json_item(out);
        buf_printf(out, "[%u,%d,%u,%lld,%lld,%lld]", pot->entry, pot->year, pot->region,
                   (long long)pot->allocated, (long long)pot->committed, (long long)pot->spent);
    }
    buf_put_byte(out, ']');
    arena_deinit(&arena);
}

static void put_entry(struct buf *out, const struct fund_entry *entry) {
    put_text(out, "kind", str_from(fund_entry_kind_text((enum fund_entry_kind)entry->kind)));
    put_integer(out, "fund", entry->fund);
    put_integer(out, "of", entry->of);
    put_integer(out, "redemption", entry->redemption);
    put_integer(out, "next", entry->next);
    put_integer(out, "on", entry->on);
    put_integer(out, "sequence", (int64_t)entry->sequence);
    put_integer(out, "amount", entry->amount);
    put_integer(out, "year", entry->year);
    put_integer(out, "region", entry->region);
    put_integer(out, "document", entry->document);
    put_text(out, "id", entry->id);
    put_text(out, "by", entry->by);
    put_text(out, "purpose", entry->purpose);
    put_text(out, "line", entry->line);
    buf_json_key(out, "parts");
    buf_put_byte(out, '[');
    for (size_t i = 0; i < entry->n_parts; i++) {
        const struct fund_part *part = &entry->parts[i];
        buf_json_item(out);
        buf_printf(out, "[%u,%lld,%lld]", part->pot, (long long)part->amount,
                   (long long)part->open);
    }
    buf_put_byte(out, ']');
}

void render_fund_entry(struct str key, struct str row, struct buf *out) {
    struct fund_entry entry;
    struct arena arena;
    put_integer(out, "entry", key_number(key, 0));
    arena_init(&arena);
    if (fund_entry_decode(row, &arena, &entry) == 0)
        put_entry(out, &entry);
    else
        put_hex(out, "bytes", row);
    arena_deinit(&arena);
}

void render_shop(struct str key, struct str row, struct buf *out) {
    struct shop shop;
    if (shop_decode(key, row, &shop) != 0) {
        put_hex(out, "bytes", row);
        return;
    }
    put_integer(out, "merchant", shop.merchant);
    put_integer(out, "reward", shop.reward);
    put_integer(out, "month", shop.month);
    put_integer(out, "held", shop.row.n_held);
    put_integer(out, "settled", shop.row.n_settled);
    put_integer(out, "held_fen", shop.row.held_fen);
    put_integer(out, "settled_fen", shop.row.settled_fen);
    put_integer(out, "settled_points", shop.row.settled_points);
}
