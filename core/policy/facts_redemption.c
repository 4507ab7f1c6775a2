/* Requests to redeem a reward, and rewards. What a reward has left is as it stands now: while its
 * redemption is decided, what is asked for is not taken yet. */
#include "policy/facts_redemption.h"

#include "domain/rewards.h"
#include "policy/call.h"

/* ---- requests ---- */

static int load_request(struct reading *reading) {
    struct redemption *redemption = arena_alloc(reading->call->arena, sizeof *redemption);
    reading->object->attributes = redemption;
    return redemption_get(reading->call->view, reading->object->number, redemption);
}

static const struct redemption *request_of(const struct reading *reading) {
    return reading->object->attributes;
}

int redemption_request_region(struct call *call, const struct object *request,
                              uint32_t *ret_region) {
    const struct redemption *redemption = request->attributes;
    struct volunteer_row person;
    int r = volunteer_get(call->view, redemption->volunteer, &person);
    *ret_region = r == 0 ? person.region : 0;
    return r;
}

static int read_id(struct reading *reading) {
    return push_id(reading, NOUN_REDEMPTION, reading->object->number);
}

static int read_volunteer(struct reading *reading) {
    return reading_object(reading, OBJECT_VOLUNTEER, "volunteer", request_of(reading)->volunteer);
}

static int read_reward(struct reading *reading) {
    return reading_object(reading, OBJECT_REWARD, "reward", request_of(reading)->reward);
}

static int read_quantity(struct reading *reading) {
    return push_integer(reading, request_of(reading)->quantity);
}

static int read_amount(struct reading *reading) {
    return push_integer(reading, request_of(reading)->amount);
}

static int read_on(struct reading *reading) {
    return push_date(reading, request_of(reading)->on);
}

static const struct fact request_facts[] = {
    FACT("id", read_id, DEFAULT_NONE),
    FACT_OBJECT("volunteer", read_volunteer, OBJECT_VOLUNTEER),
    FACT_OBJECT("reward", read_reward, OBJECT_REWARD),
    FACT("quantity", read_quantity, DEFAULT_ZERO),
    FACT("amount", read_amount, DEFAULT_ZERO),
    FACT("on", read_on, DEFAULT_NONE),
};

const struct object_type redemption_request_object = {"request", FACTS(request_facts),
                                                      load_request};

/* ---- rewards ---- */

static int load_reward(struct reading *reading) {
    struct reward_offered *offer = arena_alloc(reading->call->arena, sizeof *offer);
    enum reward_state ignored;
    reading->object->attributes = offer;
    return reward_get(reading->call->view, reading->object->number, reading->call->arena, offer,
                      &ignored);
}

static const struct reward_offered *offer_of(const struct reading *reading) {
    return reading->object->attributes;
}

static int push_given(struct reading *reading, bool given, int64_t value) {
    if (given)
        return push_integer(reading, value);
    lua_pushnil(reading->lua);
    return 0;
}

static int read_reward_id(struct reading *reading) {
    return push_id(reading, NOUN_REWARD, reading->object->number);
}

static int read_title(struct reading *reading) {
    return push_text(reading, offer_of(reading)->title);
}

static int read_account(struct reading *reading) {
    return push_text(reading, offer_of(reading)->account);
}

static int read_cost(struct reading *reading) {
    return push_integer(reading, offer_of(reading)->cost);
}

static int read_stock(struct reading *reading) {
    struct reward_row row;
    int r = reward_row_get(reading->call->view, reading->object->number, &row);
    return r ? r : push_given(reading, row.left != STOCK_UNLIMITED, row.left);
}

static int read_cost_fen(struct reading *reading) {
    return push_given(reading, HAS(offer_of(reading), reward_offered, cost_fen),
                      offer_of(reading)->cost_fen);
}

static int read_merchant(struct reading *reading) {
    uint32_t merchant = 0;
    int r = find_number(reading, NOUN_ORGANISATION, offer_of(reading)->merchant, &merchant);
    return r ? r : reading_object(reading, OBJECT_ORGANISATION, "merchant", merchant);
}

static int read_min_stars(struct reading *reading) {
    return push_integer(reading, offer_of(reading)->min_stars);
}

static int read_minimum_balance(struct reading *reading) {
    return push_integer(reading, offer_of(reading)->minimum_balance);
}

static int read_limit_per_year(struct reading *reading) {
    return push_given(reading, HAS(offer_of(reading), reward_offered, limit_per_year),
                      offer_of(reading)->limit_per_year);
}

static int read_limit_group(struct reading *reading) {
    struct str group = offer_of(reading)->limit_group;
    return push_text(reading, group.size ? group : STR_NONE);
}

static int read_valid_until(struct reading *reading) {
    bool given = HAS(offer_of(reading), reward_offered, valid_until);
    return push_date(reading, given ? offer_of(reading)->valid_until : INT32_MIN);
}

static const struct fact reward_facts[] = {
    FACT("id", read_reward_id, DEFAULT_NONE),
    FACT("title", read_title, DEFAULT_NONE),
    FACT("account", read_account, DEFAULT_NONE),
    FACT("cost", read_cost, DEFAULT_ZERO),
    FACT("stock", read_stock, DEFAULT_NONE),
    FACT("cost_fen", read_cost_fen, DEFAULT_NONE),
    FACT_OPTIONAL("merchant", read_merchant, OBJECT_ORGANISATION),
    FACT("min_stars", read_min_stars, DEFAULT_ZERO),
    FACT("minimum_balance", read_minimum_balance, DEFAULT_ZERO),
    FACT("limit_per_year", read_limit_per_year, DEFAULT_NONE),
    FACT("limit_group", read_limit_group, DEFAULT_NONE),
    FACT("valid_until", read_valid_until, DEFAULT_NONE),
};

const struct object_type reward_object = {"reward", FACTS(reward_facts), load_reward};
