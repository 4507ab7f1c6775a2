#include "season.h"

#include "util/calendar.h"

/* February has the Spring Festival, March is the month of Lei Feng, autumn that of inspections. */
static const uint32_t month_per_1000[12] = {850, 600, 2000, 1000, 1000, 850,
                                            800, 850, 1050, 1150, 900,  1050};
static const uint32_t weekday_per_1000[7] = {700, 700, 720, 700, 880, 1750, 1550}; /* from Monday */

static const struct {
    int32_t month;
    int32_t day;
    uint32_t per_1000;
} special_days[] = {{3, 5, 2400}, {12, 5, 2200}, {5, 4, 1400}, {7, 1, 1500}};

static uint32_t weekday(int32_t date) {
    return (uint32_t)(((date + 3) % 7 + 7) % 7); /* 1970-01-01 was a Thursday */
}

uint32_t season_factor(int32_t date) {
    int32_t year, month, day;
    date_to_civil(date, &year, &month, &day);
    uint32_t factor = month_per_1000[month - 1] * weekday_per_1000[weekday(date)] / 1000;
    for (uint32_t i = 0; i < sizeof(special_days) / sizeof(*special_days); i++)
        if (special_days[i].month == month && special_days[i].day == day)
            factor = factor * special_days[i].per_1000 / 1000;
    return factor;
}

bool season_is_weekend(int32_t date) {
    return weekday(date) >= 5;
}

bool season_is_march(int32_t date) {
    return date_month(date) % 12 == 2;
}

bool season_is_new_years_eve(int32_t date) {
    return date_month(date) % 12 == 11 && date_month(date + 1) % 12 == 0;
}
