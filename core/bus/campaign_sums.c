#include "bus/campaign_sums.h"

#include "bus/methods_common.h"
#include "domain/activities.h"
#include "domain/commitments.h"
#include "domain/notices.h"
#include "domain/pairings.h"
#include "domain/posts.h"
#include "domain/regions.h"
#include "domain/tasks.h"

/* Whose something is. */
struct holder {
    uint32_t campaign;
    uint32_t region;
    uint32_t organisation; /* 0: of none */
};

static bool is_asked_for(const struct campaign_sums *sums, uint32_t campaign) {
    return !sums->campaign || campaign == sums->campaign;
}

void campaign_sum_add(struct campaign_sum *to, const struct campaign_sum *more, int64_t times) {
    to->activities += times * more->activities;
    to->records += times * more->records;
    to->minutes += times * more->minutes;
    to->pairings += times * more->pairings;
    to->posts += times * more->posts;
    to->posts_claimed += times * more->posts_claimed;
    to->duty_days += times * more->duty_days;
    to->duties_missed += times * more->duties_missed;
    to->members += times * more->members;
    to->reported_in += times * more->reported_in;
    for (size_t i = 0; i < CAMPAIGN_FIGURES; i++)
        to->figures.value[i] += times * more->figures.value[i];
}

static void add(struct query *query, struct campaign_sums *sums, const struct holder *holder,
                const struct campaign_sum *more) {
    uint32_t path[REGION_DEPTH];
    size_t depth = region_path(query->view, holder->region, path);
    if (holder->campaign && holder->campaign <= sums->n_campaigns)
        campaign_sum_add(&sums->by_campaign[holder->campaign], more, 1);
    for (size_t i = 0; i < depth; i++)
        if (path[i] <= sums->n_regions)
            campaign_sum_add(&sums->by_region[path[i]], more, 1);
    if (holder->organisation && holder->organisation <= sums->n_organisations)
        campaign_sum_add(&sums->by_organisation[holder->organisation], more, 1);
}

struct activity_walk {
    struct query *query;
    struct campaign_sums *sums;
};

static int add_activity(void *context, struct str key, struct str row) {
    struct activity_walk *walk = context;
    struct query *query = walk->query;
    struct cursor in = cursor_from(key);
    struct activity_summary activity;
    (void)row;
    if (cursor_u32_sorted(&in) != walk->sums->campaign && walk->sums->campaign)
        return 1; /* behind all of that one */
    int r = query_found(activity_summary(query->view, cursor_u32_sorted(&in), &activity));
    if (r != 0 || activity.state == ACTIVITY_CANCELLED)
        return r;
    const struct holder holder = {activity.campaign, activity.region, activity.organisation};
    const struct campaign_sum more = {
        .activities = 1, .records = activity.n_records, .minutes = (int64_t)activity.minutes};
    add(query, walk->sums, &holder, &more);
    return 0;
}

/* Those that name one, whatever else takes place in the city. */
static int add_activities(struct query *query, struct campaign_sums *sums) {
    char key[CAMPAIGN_ACTIVITY_KEY_BYTES];
    struct activity_walk walk = {query, sums};
    int r = view_scan(query->view, TABLE_CAMPAIGN_ACTIVITY,
                      campaign_activity_key(key, sums->campaign, 0), add_activity, &walk);
    return r < 0 ? r : 0;
}

static int add_notice(struct query *query, struct campaign_sums *sums, uint32_t number) {
    struct notice notice;
    struct notice_row row;
    int r = query_found(notice_row_get(query->view, number, &row));
    if (r != 0 || !is_asked_for(sums, row.campaign))
        return r;
    r = query_found(notice_receipts(query->view, number, query->arena, &notice));
    for (uint32_t i = 0; r == 0 && i < notice.row.n_to; i++) {
        const struct receipt *receipt = &notice.receipts[i];
        const struct holder holder = {row.campaign, receipt->region, receipt->organisation};
        struct campaign_sum more = {0};
        receipt_figures(&notice.row, receipt, &more.figures);
        add(query, sums, &holder, &more);
    }
    return r;
}

static int add_task(struct query *query, struct campaign_sums *sums, uint32_t number) {
    struct task_row task;
    int r = query_found(task_get(query->view, number, &task));
    if (r != 0 || !is_asked_for(sums, task.campaign))
        return r;
    const struct holder holder = {task.campaign, task.region, task.organisation};
    struct campaign_sum more = {0};
    task_figures(&task, &more.figures);
    add(query, sums, &holder, &more);
    return 0;
}

static int add_commitment(struct query *query, struct campaign_sums *sums, uint32_t number) {
    struct commitment commitment;
    int r = query_found(commitment_get(query->view, number, &commitment));
    if (r != 0 || !is_asked_for(sums, commitment.row.campaign))
        return r;
    const struct holder holder = {commitment.row.campaign, commitment.row.region,
                                  commitment_organisation(&commitment.row)};
    struct campaign_sum more = {0};
    commitment_figures(&commitment.row, &more.figures);
    add(query, sums, &holder, &more);
    return 0;
}

static int add_pairing(struct query *query, struct campaign_sums *sums, uint32_t number) {
    static const struct campaign_sum more = {.pairings = 1};
    struct pairing_row pairing;
    int r = query_found(pairing_get(query->view, number, &pairing));
    if (r != 0 || pairing.ended_on || !is_asked_for(sums, pairing.campaign))
        return r;
    const struct holder holder = {pairing.campaign, pairing.region, pairing.organisation};
    add(query, sums, &holder, &more);
    return 0;
}

static int add_post(struct query *query, struct campaign_sums *sums, uint32_t number) {
    struct post_row post;
    int r = query_found(post_get(query->view, number, &post));
    if (r != 0 || !is_asked_for(sums, post.campaign))
        return r;
    const struct holder holder = {post.campaign, post.region, post.organisation};
    const struct campaign_sum more = {.posts = post.state == POST_OPEN,
                                      .posts_claimed = post.state == POST_OPEN && post.n_accepted,
                                      .duty_days = post.n_days,
                                      .duties_missed = post.n_missed};
    add(query, sums, &holder, &more);
    return 0;
}

static int sums_new(struct query *query, enum noun noun, uint32_t *ret_n,
                    struct campaign_sum **ret_sums) {
    int r = query_found(thing_count(query->view, noun, ret_n));
    if (r != 0)
        return r;
    *ret_sums = arena_alloc(query->arena, (*ret_n + 1) * sizeof **ret_sums);
    memset(*ret_sums, 0, (*ret_n + 1) * sizeof **ret_sums);
    return 0;
}

int campaign_sums(struct query *query, uint32_t campaign, struct campaign_sums *ret_sums) {
    static const struct {
        enum noun noun;
        int (*add)(struct query *query, struct campaign_sums *sums, uint32_t number);
    } walks[] = {{NOUN_NOTICE, add_notice},
                 {NOUN_TASK, add_task},
                 {NOUN_COMMITMENT, add_commitment},
                 {NOUN_PAIRING, add_pairing},
                 {NOUN_POST, add_post}};
    struct campaign_sums *sums = ret_sums;
    sums->campaign = campaign;
    int r = sums_new(query, NOUN_CAMPAIGN, &sums->n_campaigns, &sums->by_campaign);
    if (r == 0)
        r = sums_new(query, NOUN_REGION, &sums->n_regions, &sums->by_region);
    if (r == 0)
        r = sums_new(query, NOUN_ORGANISATION, &sums->n_organisations, &sums->by_organisation);
    if (r == 0)
        r = add_activities(query, sums);
    for (size_t i = 0; r == 0 && i < sizeof walks / sizeof *walks; i++) {
        uint32_t last;
        r = query_found(thing_count(query->view, walks[i].noun, &last));
        for (uint32_t number = 1; r == 0 && number <= last; number++)
            r = walks[i].add(query, sums, number);
    }
    return r;
}
