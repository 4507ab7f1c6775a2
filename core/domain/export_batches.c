/* How imports read in the export. */
#include "domain/batches.h"
#include "domain/render.h"

void render_batch(struct str key, struct str row, struct buf *out) {
    struct batch_row batch;
    put_integer(out, "batch", key_number(key, 0));
    if (!row_is(out, row, &batch, sizeof batch))
        return;
    struct cursor rest = {row.data + sizeof batch, row.data + row.size, false};
    put_text(out, "id", cursor_counted(&rest));
    put_text(out, "undone_by", cursor_counted(&rest));
    put_integer(out, "first_sequence", (int64_t)batch.first_sequence);
    put_integer(out, "last_sequence", (int64_t)batch.last_sequence);
    put_integer(out, "first_us", batch.first_us);
    put_integer(out, "last_us", batch.last_us);
    put_integer(out, "undone_sequence", (int64_t)batch.undone_sequence);
    put_integer(out, "events", batch.n_events);
    put_integer(out, "entries", batch.n_entries);
    put_integer(out, "taken_back", batch.n_taken_back);
    for (enum batch_kind kind = 0; kind < BATCH_KINDS; kind++)
        put_integer(out, catalogue_by_number(batch_kind_event(kind))->name, batch.n_of[kind]);
    put_integer(out, "state", batch.state);
}

void render_batch_entry(struct str key, struct str row, struct buf *out) {
    struct batch_entry entry;
    put_integer(out, "batch", key_number(key, 0));
    put_integer(out, "n", key_number(key, 4));
    if (!row_is(out, row, &entry, sizeof entry))
        return;
    put_integer(out, "kind", entry.kind);
    put_integer(out, "number", entry.number);
    put_integer(out, "other", entry.other);
}
