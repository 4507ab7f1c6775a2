/* A volunteer's accepted service as facts: sums and lists over person-months. Threads: the host's
 * owner. */
#pragma once

#include "policy/object.h"

/* The record that is asked about is left out. */
int service_minutes(struct reading *reading, struct minutes_filter *filter, int64_t *ret_minutes);
/* Readers: volunteer:records{from, to, limit}, newest first; volunteer:months_active{from, to}. */
int service_records(struct reading *reading);
int service_months_active(struct reading *reading);
