#include "domain/campaigns.h"

#include <stdio.h>

#include "util/error.h"

int campaign_get(struct view *view, uint32_t campaign, struct campaign_row *ret_row) {
    char key[4];
    return fixed_row_get(view, TABLE_CAMPAIGN, number_key(key, campaign), sizeof *ret_row,
                         "a campaign's row cannot be read", ret_row);
}

static void put(struct context *context, uint32_t number, const struct campaign_row *row) {
    char key[4];
    store_put(context->store, TABLE_CAMPAIGN, number_key(key, number),
              (struct str){(const char *)row, sizeof *row});
}

/* ---- launched, closed ---- */

static int check_regions(struct context *context, const struct list *regions) {
    uint32_t numbers[CAMPAIGN_REGIONS_LIMIT];
    const struct str *ids = regions->items;
    if (regions->n < 1 || regions->n > CAMPAIGN_REGIONS_LIMIT)
        return problem_set(context->problem, PROBLEM_OUT_OF_RANGE, "data.regions",
                           "a campaign is carried out in 1 to %d regions; for the whole city name "
                           "the city",
                           CAMPAIGN_REGIONS_LIMIT);
    for (size_t i = 0; i < regions->n; i++) {
        char field[40];
        snprintf(field, sizeof field, "data.regions[%zu]", i);
        int r = thing_resolve(context, NOUN_REGION, ids[i], field, &numbers[i]);
        for (size_t j = 0; r == 0 && j < i; j++)
            if (numbers[j] == numbers[i])
                r = problem_set(context->problem, PROBLEM_OUT_OF_RANGE, field,
                                "region %.*s stands there twice", STR_ARG(ids[i]));
        if (r != 0)
            return r;
    }
    return 0;
}

int apply_campaign_launched(struct context *context, const struct event *event,
                            const struct campaign_launched *data) {
    uint32_t number, document;
    const struct campaign_row row = {.starts = data->starts, .ends = data->ends};
    if (data->ends < data->starts)
        return problem_set(context->problem, PROBLEM_OUT_OF_RANGE, "data.ends",
                           "a campaign ends on the day it starts or later; mend one of the dates");
    int r = thing_resolve(context, NOUN_DOCUMENT, data->document, "data.document", &document);
    if (r == 0)
        r = check_regions(context, &data->regions);
    if (r == 0)
        r = thing_name(context, NOUN_CAMPAIGN, data->campaign, "data.campaign", &number);
    if (r != 0)
        return r;
    const struct thing thing = {.defined_sequence = context->sequence,
                                .changed_sequence = context->sequence,
                                .state = CAMPAIGN_LAUNCHED,
                                .attributes = event->data};
    thing_put(context, NOUN_CAMPAIGN, number, &thing);
    put(context, number, &row);
    return 0;
}

static int load(struct context *context, uint32_t number, struct campaign_row *ret_row) {
    int r = campaign_get(context->view, number, ret_row);
    return r > 0 ? error_note(-EBADMSG, "a campaign has no row") : r;
}

int campaign_require_open(struct context *context, uint32_t campaign, const char *field) {
    struct campaign_row row;
    struct str id;
    if (!campaign)
        return 0;
    int r = load(context, campaign, &row);
    if (r != 0 || !row.closed_on)
        return r;
    r = thing_named(context, NOUN_CAMPAIGN, campaign, &id);
    return r ? r
             : problem_set(context->problem, PROBLEM_WRONG_STATE, field,
                           "campaign %.*s is closed and takes nothing new; name an open one or "
                           "launch another",
                           STR_ARG(id));
}

int apply_campaign_closed(struct context *context, const struct event *event,
                          const struct campaign_closed *data) {
    uint32_t number;
    struct campaign_row row;
    struct thing thing;
    (void)event;
    int r = thing_resolve(context, NOUN_CAMPAIGN, data->campaign, "data.campaign", &number);
    if (r == 0)
        r = load(context, number, &row);
    if (r != 0)
        return r;
    if (row.closed_on)
        return problem_set(context->problem, PROBLEM_WRONG_STATE, "data.campaign",
                           "campaign %.*s is closed already", STR_ARG(data->campaign));
    r = thing_get(context->view, NOUN_CAMPAIGN, number, context->arena, &thing);
    if (r != 0)
        return r < 0 ? r : error_note(-EBADMSG, "a campaign has no attributes");
    row.closed_on = context_date(context);
    thing.state = CAMPAIGN_CLOSED;
    thing.changed_sequence = context->sequence;
    thing_put(context, NOUN_CAMPAIGN, number, &thing);
    put(context, number, &row);
    return 0;
}

int campaign_resolve(struct context *context, struct str id, struct str before, const char *field,
                     uint32_t *ret_campaign) {
    int r = thing_resolve(context, NOUN_CAMPAIGN, id, field, ret_campaign);
    return r == 0 && !str_equal(id, before) ? campaign_require_open(context, *ret_campaign, field)
                                            : r;
}

/* ---- activities ---- */

struct str campaign_activity_key(char key[static CAMPAIGN_ACTIVITY_KEY_BYTES], uint32_t campaign,
                                 uint32_t activity) {
    number_key(key, campaign);
    number_key(key + 4, activity);
    return (struct str){key, CAMPAIGN_ACTIVITY_KEY_BYTES};
}

void campaign_name_activity(struct context *context, uint32_t activity, uint32_t before,
                            uint32_t campaign) {
    char key[CAMPAIGN_ACTIVITY_KEY_BYTES];
    if (before == campaign)
        return;
    if (before)
        store_put(context->store, TABLE_CAMPAIGN_ACTIVITY,
                  campaign_activity_key(key, before, activity), STR_NONE);
    if (campaign)
        store_put(context->store, TABLE_CAMPAIGN_ACTIVITY,
                  campaign_activity_key(key, campaign, activity), STR("1"));
}

/* ---- counting ---- */

int campaign_count(struct context *context, uint32_t region, uint32_t organisation,
                   const struct campaign_figures *before, const struct campaign_figures *after) {
    struct counter_change changes[CAMPAIGN_FIGURES];
    size_t n = 0;
    for (size_t i = 0; i < CAMPAIGN_FIGURES; i++) {
        int64_t by = after->value[i] - before->value[i];
        if (by)
            changes[n++] = (struct counter_change){(enum counter)(COUNTER_notices_to + i), by};
    }
    int r = n ? counter_add_region(context, 0, region, changes, n) : 0;
    return r == 0 && n ? counter_add_organisation(context, 0, organisation, changes, n) : r;
}
