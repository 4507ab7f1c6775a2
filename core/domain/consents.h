/* What a person agreed to (授权): a purpose of the city's dictionary, under a text of some version,
 * from a day on, until it is withdrawn. All of it is kept: what was given again, and what was
 * withdrawn and when. Threads: the view's owner. */
#pragma once

#include "domain/things.h"

#define CONSENTS_LIMIT 200 /* of one person */

struct consent {
    struct str purpose;
    struct str text_version;
    int32_t given_on;
    int32_t withdrawn_on; /* the first day on which it holds no more; INT32_MIN: it stands */
    uint64_t given;       /* sequences */
    uint64_t withdrawn;   /* 0: not */
};

/* A row's next: 0, THING_NOT_FOUND at its end, THING_DAMAGED. */
int consent_next(struct cursor *in, struct consent *ret_consent);
/* Whether it holds on a day. */
bool consent_holds(const struct consent *consent, int32_t on);
/* All of a person, in the order in which they came. `each` returns 0 to go on; what ends the walk
 * is returned. Texts borrow from the row. */
int consents_each(struct view *view, uint32_t volunteer,
                  int (*each)(void *context, const struct consent *consent), void *context);
/* Whether the person agrees to this purpose on that day. 0 or < 0. */
int consent_current(struct view *view, uint32_t volunteer, struct str purpose, int32_t on,
                    bool *ret_holds);

/* For apply functions: > 0 with consent_missing where the person does not agree to it on that day;
 * `field` is the place that names the person. */
int consent_require(struct context *context, uint32_t volunteer, struct str purpose, int32_t on,
                    const char *field);
/* What the one agreed to the other did, in the order in which it came. */
int consents_move(struct context *context, uint32_t from, uint32_t into);
