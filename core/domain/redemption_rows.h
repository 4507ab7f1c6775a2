/* What rewards.c and redemptions.c share. Threads: the engine's. */
#pragma once

#include "domain/hot.h"
#include "domain/rewards.h"

/* To change in place, as hot_change gives it. */
int reward_row_change(struct context *context, uint32_t reward, struct reward_row **ret_row);
