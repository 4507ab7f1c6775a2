/* Campaigns (专项行动): what the city undertakes for a time, in some of its regions and on the
 * ground of a document. Activities, posts, notices and commitments may name it while it is open; a
 * closed one takes no new ones, and what was begun in it goes on to its end.
 *
 * What a campaign asks of whom is counted as things stand: each receipt, task and commitment in the
 * row of its organisation, and in the region where that lay when it was asked (which its own row
 * remembers, so that whatever moves later is taken back where it was counted).
 *
 * Threads: the view's owner. */
#pragma once

#include "domain/counters.h"
#include "domain/things.h"

/* Numbers stand in rows and are for ever. */
enum campaign_state { CAMPAIGN_LAUNCHED, CAMPAIGN_CLOSED, CAMPAIGN_STATES };

struct campaign_row {
    int32_t starts;
    int32_t ends;
    int32_t closed_on; /* 0: not closed */
};

int campaign_get(struct view *view, uint32_t campaign, struct campaign_row *ret_row);

/* What something is counted as: one value for each counter of group CAMPAIGN. */
#define CAMPAIGN_FIGURES (COUNTER_commitments_overdue - COUNTER_notices_to + 1)
struct campaign_figures {
    int64_t value[CAMPAIGN_FIGURES];
};
static inline int64_t *campaign_figure(struct campaign_figures *figures, enum counter counter) {
    return &figures->value[counter - COUNTER_notices_to];
}

/* The key under which an activity stands that names a campaign: those of one follow each other. */
#define CAMPAIGN_ACTIVITY_KEY_BYTES 8
struct str campaign_activity_key(char key[static CAMPAIGN_ACTIVITY_KEY_BYTES], uint32_t campaign,
                                 uint32_t activity);

/* ---- for apply functions ---- */

/* An activity names this campaign now, and named `before` until now; 0: none. */
void campaign_name_activity(struct context *context, uint32_t activity, uint32_t before,
                            uint32_t campaign);

#define CAMPAIGN_REGIONS_LIMIT 100
/* The campaign that something names, 0 where it names none. > 0 with unknown_campaign, or
 * wrong_state where it is closed and not the one that was named `before`. */
int campaign_resolve(struct context *context, struct str id, struct str before, const char *field,
                     uint32_t *ret_campaign);
/* > 0 with wrong_state where it is closed. */
int campaign_require_open(struct context *context, uint32_t campaign, const char *field);
/* It was counted as `before` and is as `after` now. `organisation` is 0 where it is of a region. */
int campaign_count(struct context *context, uint32_t region, uint32_t organisation,
                   const struct campaign_figures *before, const struct campaign_figures *after);
