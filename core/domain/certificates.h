/* Certificates of service (服务记录证明): asked for, issued or refused by the organisation that
 * recorded the service, revoked. What an issued one says is frozen with it: which records, of which
 * days, how many minutes, and a digest over all that; a later correction changes nothing of it, but
 * is seen by whoever verifies (`certificate_is_overtaken`).
 *
 *   requested -> issued -> revoked
 *        +-----> refused
 *
 * Threads: the view's owner. Memory: texts are borrowed from the row. Errors: as things.h. */
#pragma once

#include "domain/certificate_selection.h"

/* Numbers stand in rows and are for ever. */
enum certificate_state {
    CERTIFICATE_REQUESTED,
    CERTIFICATE_ISSUED,
    CERTIFICATE_REFUSED,
    CERTIFICATE_REVOKED,
    CERTIFICATE_STATES
};
const char *certificate_state_text(enum certificate_state state);

struct certificate_row {
    uint32_t volunteer;
    uint32_t organisation; /* that was asked */
    uint32_t issuer;       /* that answers for it, or has answered */
    uint32_t region;       /* of the issuer, where it counts */
    int32_t requested_on;  /* dates; 0: not yet */
    int32_t closed_on;     /* issued or refused */
    int32_t revoked_on;
    uint32_t n_records;
    int64_t minutes;         /* served, as certified */
    int64_t carried_minutes; /* of earlier years, kept apart */
    uint64_t closed;         /* sequence of certificate.issued or .refused */
    uint64_t revoked;
    uint8_t state; /* enum certificate_state */
    uint8_t spare[7];
};

struct certificate {
    struct certificate_row row;
    struct str number; /* of an issued one, else none */
    struct str digest;
    struct str handler; /* who issued or refused */
    struct str reason;  /* of a refusal or a revocation */
    struct str by;      /* who revoked */
};

int certificate_get(struct view *view, uint32_t certificate, struct certificate *ret_certificate);
/* A row's bytes: 0, or > 0 where they are not of this form. */
int certificate_decode(struct str row, struct certificate *ret_certificate);
/* The one that bears the number: 0, THING_NOT_FOUND, < 0. */
int certificate_by_number(struct view *view, struct str number, uint32_t *ret_certificate);
/* What was frozen. Of one that was not issued: nothing. In the arena. */
int certificate_records(struct view *view, uint32_t certificate, struct arena *arena,
                        struct certified **ret_items, size_t *ret_n);
/* Whether a record in it has been corrected, revoked or is no longer accepted. 0 or < 0. */
int certificate_is_overtaken(struct view *view, uint32_t certificate, struct arena *arena,
                             bool *ret_overtaken);
/* What its organisation may certify at the moment. 0, > 0 with what stands against it (`field` is
 * the place). */
int certificate_select(struct view *view, const struct zone *zone, struct arena *arena,
                       uint32_t certificate, struct selection *ret_selection, const char *field,
                       struct problem *problem);
