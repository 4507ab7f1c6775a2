/* The city: its region, name and zone, set by the first event of a store; and the clock of the
 * state. */
#pragma once

#include "domain/context.h"

struct city {
    char region[16];
    char name[132];
    char time_zone[68];
    struct zone zone;
};

/* 0, or STORE_NOT_FOUND before city.configured. */
int city_get(struct view *view, struct city *ret_city);
/* A row's bytes: 0, or > 0 where they are not of this form. */
int city_decode(struct str row, struct city *ret_city);

struct clock_state {
    int64_t recorded_us; /* of the last event: recorded time never goes back */
    int32_t ticked;      /* last date that was ticked; 0: none */
};
int clock_get(struct view *view, struct clock_state *ret_clock);
int clock_put_recorded(struct context *context, int64_t recorded_us);
