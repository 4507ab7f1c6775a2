/* Dates as texts, remembered: a policy asks about the same few days again and again. Threads: one
 * owner. */
#pragma once

#include "util/calendar.h"

#define DATES_KEPT 64 /* a power of two */

struct date_text {
    int32_t date;
    uint32_t size; /* 0: none */
    char text[16];
};

struct dates {
    struct date_text written[DATES_KEPT]; /* by date */
    struct date_text read[DATES_KEPT];    /* by the day's digits */
};

/* As date_format; the text lives until another date takes its place. */
struct str dates_write(struct dates *dates, int32_t date);
/* As date_parse. */
int dates_read(struct dates *dates, struct str text, int32_t *ret_date);
