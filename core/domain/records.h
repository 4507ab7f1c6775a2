/* Service records: recorded, decided (accepted, held, refused), reviewed, corrected, revoked.
 * Totals carried over from earlier years are records, too; what is theirs alone stands in
 * carried_over.h. */
#pragma once

#include "domain/person_months.h"
#include "domain/sources.h"
#include "domain/things.h"

struct record_row {
    uint32_t volunteer;
    uint32_t activity; /* 0: none */
    uint32_t organisation;
    uint32_t region; /* of the activity or post, else the organisation's: where its minutes count */
    int64_t starts_s;
    uint32_t span_s;
    uint32_t minutes;   /* claimed */
    uint32_t counted;   /* credited by the decision; in force only while accepted */
    uint32_t source;    /* number of the publisher's source */
    int64_t recorded_s; /* when it was entered: the event's time */
    uint64_t sequence;  /* of service.recorded */
    uint64_t
        decision; /* sequence of the last service.decided, service.reviewed, corrected or revoked */
    uint8_t state; /* enum record_state */
    uint8_t method;
    uint8_t category;  /* dictionary number + 1; 0: none */
    uint8_t corrected; /* times */
    uint8_t carried;   /* 1: a total carried over from earlier years (domain/carried_over.h) */
    uint8_t batched;   /* 1: it came with an import, whose name stands behind the row */
    uint8_t reviewed;  /* 1: what it is, a reviewer decided last */
    uint8_t spare;
};

struct record {
    struct record_row row;
    struct str id; /* borrowed from the row */
    struct str recorder;
    struct str
        system; /* of what is carried over: where it was kept, none: not said; why it is true */
    struct str evidence;
    struct str batch; /* of the import it came with; none: of none */
};

int record_get(struct view *view, uint32_t number, struct record *ret_record);
/* What is not in the row (role, quantities, evidence, post): kept only where given; else an empty
 * struct.
 */
int record_details(struct view *view, uint32_t number, struct arena *arena,
                   struct service_recorded *ret_details);
/* First day of service in the city's zone. */
int32_t record_date(const struct zone *zone, const struct record_row *row);
const char *record_state_text(enum record_state state);

/* ---- for apply functions ---- */

/* What it borrows may lie in the row that is replaced. */
void record_put(struct context *context, uint32_t number, const struct record *record);
