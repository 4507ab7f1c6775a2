/* What was asked and done in campaigns, as things stand: by campaign, by region (with all that lies
 * in it) and by organisation. One walk over the activities that name a campaign, and over notices,
 * tasks, commitments, pairings and posts: as many as the city's offices wrote, however many people
 * there are.
 * Threads: that of the query. Memory: the query's arena. */
#pragma once

#include "bus/method.h"
#include "domain/campaigns.h"

struct campaign_sum {
    int64_t activities; /* not cancelled */
    int64_t records;    /* accepted service there */
    int64_t minutes;
    int64_t pairings;      /* that stand */
    int64_t posts;         /* open */
    int64_t posts_claimed; /* of those */
    int64_t duty_days;     /* that are over */
    int64_t duties_missed; /* of those */
    int64_t members;       /* in service, registered with their units; of the whole alone */
    int64_t reported_in;   /* of those */
    struct campaign_figures figures;
};

/* Adds so many times another. */
void campaign_sum_add(struct campaign_sum *to, const struct campaign_sum *more, int64_t times);

/* By number, from 1. */
struct campaign_sums {
    uint32_t campaign; /* of this one alone; 0: of any, and of what names none */
    uint32_t n_campaigns;
    uint32_t n_regions;
    uint32_t n_organisations;
    struct campaign_sum *by_campaign;
    struct campaign_sum *by_region;
    struct campaign_sum *by_organisation;
};

/* Activities always name a campaign; everything else may name none. 0 or < 0. */
int campaign_sums(struct query *query, uint32_t campaign, struct campaign_sums *ret_sums);
