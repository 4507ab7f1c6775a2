/* What a person redeemed and was honoured with: lists of tables, newest first, by the day it was
 * asked for or awarded. Threads: the host's owner. Errors: as object.h. */
#pragma once

#include "policy/object.h"

/* { id, reward, quantity, account, amount, on, settled }: held or settled, none that was refused or
 * voided. */
int volunteer_redemptions(struct reading *reading);
/* { id, honour, title, level, class, year, on }: awarded and not withdrawn. */
int volunteer_honours(struct reading *reading);
/* withdrawn_honours{from, to}: as honours, by the day of the withdrawal. */
int volunteer_withdrawn_honours(struct reading *reading);
