/* What funds.c and fund_events.c share. Threads: the engine's. */
#pragma once

#include "domain/funds.h"

void fund_put(struct context *context, uint32_t number, struct fund *fund);
void fund_entry_put(struct context *context, uint32_t number, const struct fund_entry *entry);
