/* What a certificate is made of: who may issue it, the records that it certifies, its number and
 * its digest. Everything here follows from the state alone, so that who asks for a certificate to
 * be issued and the event that issues it come to the same.
 *
 * 谁记录谁证明: only the organisation that recorded certifies; of a dissolved one its successor
 * does, or, where it has none, the organisation above it.
 *
 * The digest is BLAKE2b-256, in hexadecimal, over lines of text, each ended by a line feed:
 *
 *   volunteerd-certificate 1
 *   number NUMBER
 *   certificate ID
 *   volunteer ID
 *   organisation ID                      of the issuer
 *   record ID DAY MINUTES                each, by day and number
 *   carried ID FROM TO MINUTES           each total of earlier years
 *   minutes TOTAL
 *   carried_minutes TOTAL
 *
 * Threads: the view's owner. Memory: in the arena given. Errors: as things.h. */
#pragma once

#include "domain/records.h"

#define CERTIFIED_LIMIT 5000 /* records of one certificate */
#define CERTIFICATE_DIGEST_HEX 64

struct certified {
    uint32_t record;
    uint32_t minutes; /* actual ones, whatever was credited */
    int32_t from;     /* day of service; of a total of earlier years its first day */
    int32_t to;       /* last day of such a total; 0: a record of service */
};
static inline bool certified_is_carried(const struct certified *item) {
    return item->to != 0;
}

struct selection {
    uint32_t volunteer;
    uint32_t issuer;
    size_t n;
    struct certified *items; /* records by day, then totals of earlier years */
    int64_t minutes;
    int64_t carried_minutes;
};

/* Who answers for what the organisation recorded: itself, or who came after it. 0: nobody. */
int certificate_issuer(struct view *view, uint32_t organisation, struct arena *arena,
                       uint32_t *ret_issuer);
/* The records asked for, as they stand. > 0 with *problem: not_allowed (recorded by another),
 * wrong_state (not accepted, disputed, in public notice, nothing to certify), out_of_range (too
 * many). */
int selection_make(struct view *view, const struct zone *zone, struct arena *arena,
                   const struct certificate_requested *request, struct selection *selection,
                   const char *field, struct problem *problem);
int selection_digest(struct view *view, struct arena *arena, uint32_t certificate,
                     struct str number, const struct selection *selection, struct str *ret_digest);

/* ---- numbers: ORGANISATION-YEAR-000001, in order; others may be given by hand ---- */

/* The organisation's next one in that year, behind so many that others may be about to take. */
int certificate_number_next(struct view *view, struct arena *arena, uint32_t issuer, int32_t year,
                            unsigned skip, struct str *ret_number);
/* For apply functions: gives it to the certificate. > 0 with already_exists, or out_of_range where
 * it is of the organisation's own series and out of order. */
int certificate_number_take(struct context *context, uint32_t issuer, struct str number,
                            uint32_t certificate);
/* Key of a number's row, and of the row of an organisation's series. */
#define CERTIFICATE_NUMBER_KEY_BYTES 136
