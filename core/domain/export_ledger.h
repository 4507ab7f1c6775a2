/* How the rows of the ledger and of carried totals read in the export: rows of domain_renders. */
#pragma once

#include "store/export.h"

void render_balance(struct str key, struct str row, struct buf *out);
void render_posting(struct str key, struct str row, struct buf *out);
void render_record_posting(struct str key, struct str row, struct buf *out);
void render_ledger(struct str key, struct str row, struct buf *out);
void render_carried(struct str key, struct str row, struct buf *out);
void render_withheld(struct str key, struct str row, struct buf *out);
void render_expiring(struct str key, struct str row, struct buf *out);
