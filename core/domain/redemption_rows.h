/* What rewards.c and redemptions.c share. Threads: the engine's. */
#pragma once

#include "domain/hot.h"
#include "domain/rewards.h"

/* To change in place, as hot_change gives it. */
int reward_row_change(struct context *context, uint32_t reward, struct reward_row **ret_row);
/* What is held by the merchant of a redemption changes by so many and so much; what is settled too,
 * in that month. */
int shop_hold(struct context *context, const struct redemption *redemption, int by);
int shop_settle(struct context *context, const struct redemption *redemption, int32_t month);
