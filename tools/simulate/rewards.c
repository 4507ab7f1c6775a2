#include "rewards.h"

#include "funds.h"

#define REDEEMED_PER_10000 300u
#define TRANSFERRED_PER_10000 30u
#define VOIDED_PER_1000 80u
#define OFFERED_DAY (SETUP_DAYS + 20u)
#define REDEEMED_FROM                                                                              \
    (SETUP_DAYS + 150u) /* by then a weekly volunteer has earned it many times                     \
                         */
#define TRANSFERRED_FROM (SETUP_DAYS + 200u)
#define WITHDRAWN_DAY (SETUP_DAYS + 320u)
#define LEAST_ZEAL 3u
#define TRANSFERRED_UNITS 200

enum step {
    STEP_OFFERED,
    STEP_WITHDRAWN,
    STEP_REDEEMED,
    STEP_SETTLED,
    STEP_VOIDED,
    STEP_TRANSFERRED
};

static const struct offer {
    const char *id;
    const char *title;
    uint32_t cost; /* in hundredths of a point */
    uint32_t cost_fen;
    uint32_t min_stars;
    bool merchant;
    bool fund; /* pays for it */
    bool withdrawn;
} offers[] = {
    {"tszyz:reward-bus", "公交乘车卡十元", 500, 1000, 0, false, true, false},
    {"tszyz:reward-towel", "毛巾一条", 300, 600, 0, true, false, false},
    {"tszyz:reward-rice", "大米五千克", 1000, 3000, 0, true, true, false},
    {"tszyz:reward-haircut", "理发一次", 400, 1500, 0, true, true, false},
    {"tszyz:reward-almanac", "台历一本", 200, 800, 0, true, false, true},
};
#define N_OFFERS (sizeof offers / sizeof *offers)
#define N_REDEEMABLE (N_OFFERS - 1)

void rewards_init(struct rewards *rewards, const struct people *people) {
    *rewards = (struct rewards){people, share_of_year(people->plan, REDEEMED_PER_10000),
                                share_of_year(people->plan, TRANSFERRED_PER_10000)};
}

struct redemption {
    uint32_t volunteer;
    const struct offer *offer;
    uint32_t days; /* until it is settled or voided */
    bool voided;
};

static struct redemption draw_redemption(const struct rewards *rewards, uint32_t item) {
    struct random random = random_for(rewards->people->plan->seed, STREAM_REWARD, item);
    struct redemption redemption = {.offer = &offers[random_below(&random, N_REDEEMABLE)],
                                    .days = random_between(&random, 1, 6),
                                    .voided = random_chance(&random, VOIDED_PER_1000)};
    redemption.volunteer =
        share_person(rewards->people, &random, item, rewards->redeemed_in_a_year, LEAST_ZEAL, 7);
    return redemption;
}

/* Both in one part of the volunteers: NO_PERSON where it has no two such. */
static uint32_t draw_transfer(const struct rewards *rewards, uint32_t item, uint32_t *ret_to) {
    struct random random =
        random_for(rewards->people->plan->seed, STREAM_REWARD, UINT64_C(1) << 40 | item);
    uint32_t items = rewards->transferred_in_a_year;
    uint32_t from = share_person(rewards->people, &random, item, items, LEAST_ZEAL, 7);
    *ret_to = share_person(rewards->people, &random, item, items, 0, LEAST_ZEAL - 1);
    return *ret_to == NO_PERSON ? NO_PERSON : from;
}

static void add(struct schedule *schedule, uint32_t day, uint32_t second, enum step step,
                uint32_t item) {
    schedule_add(schedule, &(struct entry){.moment = day * DAY_S + second,
                                           .kind = ENTRY_REWARD,
                                           .subject = item,
                                           .activity = step});
}

static void plan_offers(struct schedule *schedule, uint32_t day) {
    for (uint32_t i = 0; i < N_OFFERS; i++) {
        if (day == OFFERED_DAY)
            add(schedule, day, 10 * HOUR_S + i, STEP_OFFERED, i);
        if (day == WITHDRAWN_DAY && offers[i].withdrawn)
            add(schedule, day, 10 * HOUR_S + i, STEP_WITHDRAWN, i);
    }
}

void rewards_plan_day(const struct rewards *rewards, struct schedule *schedule, uint32_t day) {
    uint32_t first, n = share_of_day(rewards->redeemed_in_a_year, REDEEMED_FROM, day, &first), to;
    plan_offers(schedule, day);
    for (uint32_t item = first; item < first + n; item++) {
        struct redemption redemption = draw_redemption(rewards, item);
        if (redemption.volunteer == NO_PERSON)
            continue;
        add(schedule, day, 11 * HOUR_S + item % HOUR_S, STEP_REDEEMED, item);
        add(schedule, day + redemption.days, 15 * HOUR_S + item % HOUR_S,
            redemption.voided ? STEP_VOIDED : STEP_SETTLED, item);
    }
    n = share_of_day(rewards->transferred_in_a_year, TRANSFERRED_FROM, day, &first);
    for (uint32_t item = first; item < first + n; item++)
        if (draw_transfer(rewards, item, &to) != NO_PERSON)
            add(schedule, day, 19 * HOUR_S + item % HOUR_S, STEP_TRANSFERRED, item);
}

/* Some unit that employs people; which one is drawn from the offer's place. */
static uint32_t merchant(const struct rewards *rewards, uint32_t index) {
    const struct organisations *organisations = rewards->people->organisations;
    return organisations->employers[(organisations->n_employers - 1) * index / N_OFFERS];
}

static void offer(const struct rewards *rewards, struct output *out, uint32_t index) {
    const struct offer *offer = &offers[index];
    field_text(out, "reward", str_from(offer->id));
    field_text(out, "title", str_from(offer->title));
    field_text(out, "account", STR("points"));
    field_integer(out, "cost", offer->cost);
    field_integer(out, "stock", 200 + rewards->people->plan->n_volunteers / 20);
    field_integer(out, "cost_fen", offer->cost_fen);
    if (offer->fund)
        field_text(out, "fund", STR(FUND_ID));
    if (offer->merchant)
        field_organisation(out, "merchant", merchant(rewards, index));
    if (offer->min_stars)
        field_integer(out, "min_stars", offer->min_stars);
    field_integer(out, "limit_per_year", 3);
}

static void field_redemption(struct output *out, uint32_t item) {
    field_id(out, "redemption", "tszyz:redemption", 6, item + 1);
}

static void redeem(const struct rewards *rewards, struct output *out, uint32_t item) {
    struct redemption redemption = draw_redemption(rewards, item);
    field_redemption(out, item);
    field_volunteer(out, "volunteer", redemption.volunteer);
    field_text(out, "reward", str_from(redemption.offer->id));
    field_integer(out, "quantity", 1);
}

static void end(struct output *out, uint32_t item, bool voided) {
    field_redemption(out, item);
    field_id(out, "by", "clerk:", 3, item % 400 + 401);
    if (voided)
        field_text(out, "reason", STR("逾期未领取"));
}

static void transfer(const struct rewards *rewards, struct output *out, uint32_t item) {
    uint32_t to, from = draw_transfer(rewards, item, &to);
    field_id(out, "transfer", "tszyz:transfer", 6, item + 1);
    field_volunteer(out, "from", from);
    field_volunteer(out, "to", to);
    field_text(out, "account", STR("points"));
    field_integer(out, "amount", TRANSFERRED_UNITS);
    field_text(out, "reason", STR("赠予需要帮助的邻居"));
}

void reward_write(const struct rewards *rewards, struct output *out, const struct entry *entry) {
    static const char *const types[] = {"reward.offered", "reward.withdrawn", "reward.redeemed",
                                        "reward.settled", "reward.voided",    "points.transferred"};
    uint32_t item = entry->subject;
    event_begin(out, entry->activity < STEP_REDEEMED ? SOURCE_CIVILISATION : SOURCE_PLATFORM,
                types[entry->activity], entry->moment);
    switch ((enum step)entry->activity) {
    case STEP_OFFERED:
        offer(rewards, out, item);
        break;
    case STEP_WITHDRAWN:
        field_text(out, "reward", str_from(offers[item].id));
        break;
    case STEP_REDEEMED:
        redeem(rewards, out, item);
        break;
    case STEP_TRANSFERRED:
        transfer(rewards, out, item);
        break;
    default:
        end(out, item, entry->activity == STEP_VOIDED);
    }
    event_end(out);
}
