/* Stars: what was decided, when, and with which certificate. */
#pragma once

#include "domain/volunteers.h"

struct star_change_row {
    uint8_t from;
    uint8_t to;
    uint16_t certificate_year; /* of the certificate of these stars; 0: none was given */
    int32_t on;                /* date of the event that caused it */
    uint64_t sequence;
    uint32_t revision;    /* number of the one whose rule gives these stars; 0: of none */
    uint32_t certificate; /* its number within the year */
};

/* The n-th change of a volunteer, 1 to volunteer_row.n_star_changes. */
int star_change_get(struct view *view, uint32_t volunteer, uint32_t n,
                    struct star_change_row *ret_change);
/* Certificates (星级证书) are numbered through the city and the year: XJ2018-000123. Who comes to a
 * number of stars gets one; who lost them and comes to them again has the one of then. */
#define STAR_CERTIFICATE_BYTES 24
struct star_certificate {
    int32_t year; /* 0: none */
    uint32_t number;
};
/* The one that `stars` are to be given with in that year. */
int star_certificate_for(struct view *view, uint32_t volunteer, const struct volunteer_row *row,
                         uint8_t stars, int32_t year, struct star_certificate *ret_certificate);
/* The one that the person has of so many stars. */
int star_certificate_of(struct view *view, uint32_t volunteer, const struct volunteer_row *row,
                        uint8_t stars, struct star_certificate *ret_certificate);
struct str star_certificate_text(struct star_certificate certificate,
                                 char text[static STAR_CERTIFICATE_BYTES]);
/* Stars held at the end of a date. */
int stars_on(struct view *view, uint32_t volunteer, const struct volunteer_row *row, int32_t date,
             uint8_t *ret_stars);
