/* Keys and bytes of the ledger's rows, shared by ledger.c and ledger_post.c. Threads: pure. */
#pragma once

#include "domain/ledger.h"

struct str balance_key(char key[static 6], uint32_t volunteer, uint32_t account);
struct str ledger_key(char key[static 2], uint32_t account);
/* The account's sums to change in place, as hot_change gives them; their month is this one. */
int ledger_change(struct context *context, uint32_t account, struct ledger_row **ret_row);
/* Without its lots, which follow it. */
void balance_encode(const struct balance *balance, struct buf *out);
void lot_encode(const struct lot *lot, struct buf *out);
void posting_encode(const struct posting *posting, struct buf *out);
