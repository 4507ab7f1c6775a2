/* Commitments (承诺): what a region or an organisation of any kind said it would do by a day (表态
 * 发言), and the evidence that it did. One that is not kept when its day is over is overdue: that
 * is found as of tasks (domain/tasks.h), by a run over the day's list (commitment.overdue).
 *
 * Threads: the view's owner. */
#pragma once

#include "domain/campaigns.h"

/* Numbers stand in rows and are for ever. */
enum commitment_state { COMMITMENT_MADE, COMMITMENT_KEPT, COMMITMENT_STATES };

struct commitment_row {
    uint32_t subject; /* number of the region or organisation */
    uint32_t region;  /* where an organisation lay then, or the region itself */
    uint32_t campaign;
    int32_t made_on;
    int32_t due_on;
    int32_t kept_on;    /* 0: not kept */
    int32_t overdue_on; /* the day on which it was found overdue; 0: never was */
    uint8_t noun;       /* NOUN_REGION or NOUN_ORGANISATION */
    uint8_t state;      /* enum commitment_state */
    uint8_t spare[2];
};
_Static_assert(sizeof(struct commitment_row) == 32, "a row has no gaps");

struct commitment {
    struct commitment_row row;
    struct str digest, uri, note; /* of the evidence; borrowed from the row */
};

int commitment_get(struct view *view, uint32_t commitment, struct commitment *ret_commitment);
/* The organisation's number; 0 where it is a region's. */
uint32_t commitment_organisation(const struct commitment_row *row);
bool commitment_is_late(const struct commitment_row *row);
bool commitment_is_overdue(const struct commitment_row *row);
/* Whether it is to be found overdue, that day being over. */
bool commitment_is_due(const struct commitment_row *row, int32_t date);
/* What it is counted as, added. */
void commitment_figures(const struct commitment_row *row, struct campaign_figures *figures);

/* For apply functions: a day is over, a run is to look at those that were due. */
int commitments_day_ended(struct context *context, int32_t date);
