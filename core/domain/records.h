/* Service records: recorded or derived from attendance, decided (accepted, held, refused),
 * reviewed, corrected, revoked; disputed and settled beside; final once a public notice is over.
 * Totals carried over from earlier years are records, too; what is theirs alone stands in
 * carried_over.h. */
#pragma once

#include "domain/person_months.h"
#include "domain/sources.h"
#include "domain/things.h"

#define HOUSEHOLDS_LIMIT 255 /* that one record counts */

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
    uint8_t category;   /* dictionary number + 1; 0: none */
    uint8_t corrected;  /* times */
    uint8_t carried;    /* 1: a total carried over from earlier years (domain/carried_over.h) */
    uint8_t batched;    /* 1: it came with an import, whose name stands behind the row */
    uint8_t households; /* visited, as its quantity says; at most HOUSEHOLDS_LIMIT */
    uint8_t flags;      /* enum record_flag */
};

enum record_flag {
    RECORD_DERIVED = 1,  /* the daemon made it from attendance (domain/derived.h) */
    RECORD_FINAL = 2,    /* accepted, and its public notice is over (domain/public_notices.h) */
    RECORD_DISPUTED = 4, /* the volunteer disputes it (domain/disputes.c) */
    /* counted by another organisation than recorded it (domain/transfers.c) */
    RECORD_TRANSFERRED = 8,
    RECORD_REVIEWED = 16, /* what it is, a reviewer decided last */
    RECORD_VISIT = 32,    /* to a beneficiary, who stands in its details or its activity */
    RECORD_MERGED = 64    /* times 1 to 3: it came by that merge of the person (domain/merges.c) */
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
/* The organisation that counts it: who recorded it, or to whom it was transferred. 0: none. */
int record_holder(struct view *view, uint32_t number, const struct record_row *row,
                  uint32_t *ret_organisation);
/* What is not in the row (role, quantities, evidence, post): kept only where given; else an empty
 * struct.
 */
int record_details(struct view *view, uint32_t number, struct arena *arena,
                   struct service_recorded *ret_details);
/* First day of service in the city's zone. */
int32_t record_date(const struct zone *zone, const struct record_row *row);
const char *record_state_text(enum record_state state);

/* ---- for apply functions ---- */

/* The record named; its texts live in the context's arena, because the row is about to be replaced.
 * > 0 with unknown_record. */
int record_open(struct context *context, struct str id, uint32_t *ret_number,
                struct record *ret_record);
/* It is revoked by that person, with all that it caused. */
int record_withdraw(struct context *context, uint32_t number, struct record *record, struct str by);
/* What was refused or revoked is in that state again, with the credit that its row has. */
int record_reinstate(struct context *context, uint32_t number, struct record *record,
                     enum record_state state);
/* What it borrows may lie in the row that is replaced. */
void record_put(struct context *context, uint32_t number, const struct record *record);
/* Whether the person may have served then, as the event tells it: > 0 where the person had left, is
 * held or suspended, or it is not over. `id` is the person's as the event has it (data.volunteer,
 * data.starts, data.ends). */
int record_check_served(struct context *context, uint32_t volunteer, struct str id,
                        int64_t starts_us, int64_t ends_us);
/* A record that has just come: row, what of `details` is kept beside it, the person's months; its
 * acceptance is asked. */
int record_begin(struct context *context, uint32_t number, const struct record *record,
                 const struct service_recorded *details);
/* > 0: what stands, and how to go on. */
int record_wrong_state(struct context *context, const struct record *record, const char *mend);
/* From refused to held, for a reviewer. */
int record_hold(struct context *context, uint32_t number, struct record *record);
/* Sets or takes a flag that is counted (final, disputed); the row is the caller's to put. */
int record_flag(struct context *context, uint32_t number, struct record_row *row,
                enum record_flag flag, bool on);
/* From now on that organisation counts it, which may be the one that recorded it. */
int record_transfer(struct context *context, uint32_t number, struct record *record,
                    uint32_t organisation);
/* The record of that entry is somebody else's from now on: `merged` says by which merge. > 0 where
 * there is no room for it in a month; then nothing was changed. */
int record_pass(struct context *context, const struct month_entry *entry, uint32_t from,
                uint32_t into, uint8_t merged);
