#include "domain/rewards.h"

#include "domain/dictionaries.h"
#include "domain/organisations.h"
#include "domain/redemption_rows.h"
#include "util/error.h"

static const struct hot_kind reward_rows = HOT_PLAIN(TABLE_REWARD, struct reward_row);

int reward_row_get(struct view *view, uint32_t reward, struct reward_row *ret_row) {
    char key[4];
    int r = hot_read(view, &reward_rows, number_key(key, reward), ret_row);
    return r > 0 ? THING_NOT_FOUND : r;
}

int reward_row_change(struct context *context, uint32_t reward, struct reward_row **ret_row) {
    char key[4];
    void *row;
    int r = hot_change(context, &reward_rows, number_key(key, reward), &row);
    if (r == 0)
        *ret_row = row;
    return r;
}

int reward_get(struct view *view, uint32_t reward, struct arena *arena,
               struct reward_offered *ret_reward, enum reward_state *ret_state) {
    struct thing thing;
    int r = thing_get(view, NOUN_REWARD, reward, arena, &thing);
    if (r == 0) {
        *ret_reward = *(const struct reward_offered *)thing.attributes;
        *ret_state = thing.state;
    }
    return r;
}

/* ---- reward.offered, reward.withdrawn ---- */

static int check_merchant(struct context *context, const struct reward_offered *data) {
    uint32_t merchant;
    int r = thing_resolve(context, NOUN_ORGANISATION, data->merchant, "data.merchant", &merchant);
    return r == 0 && merchant
               ? organisation_require_active(context, merchant, data->merchant, "data.merchant")
               : r;
}

static int check_offer(struct context *context, const struct reward_offered *data) {
    uint32_t fund;
    int32_t ignored;
    int r = dictionary_require(context, DICTIONARY_ACCOUNT, data->account, context_date(context),
                               "data.account", &ignored);
    if (r == 0)
        r = check_merchant(context, data);
    if (r == 0)
        r = thing_resolve(context, NOUN_FUND, data->fund, "data.fund", &fund);
    if (r != 0)
        return r;
    if (HAS(data, reward_offered, valid_until) && data->valid_until < context_date(context))
        return problem_set(context->problem, PROBLEM_OUT_OF_RANGE, "data.valid_until",
                           "this last day is over already");
    return 0;
}

/* Sent again it replaces the attributes: the stock is what there is from now on, and one that was
 * withdrawn is offered again. What is held stays held, at the price it was asked for. */
int apply_reward_offered(struct context *context, const struct event *event,
                         const struct reward_offered *data) {
    struct thing thing = {.defined_sequence = context->sequence, .state = REWARD_OFFERED};
    struct reward_row *row;
    uint32_t number;
    int found = thing_find(context->view, NOUN_REWARD, data->reward, &number);
    int r = found < 0 ? found : check_offer(context, data);
    if (r == 0 && found == 0)
        r = thing_get(context->view, NOUN_REWARD, number, context->arena, &thing);
    else if (r == 0)
        r = thing_name(context, NOUN_REWARD, data->reward, "data.reward", &number);
    if (r == 0)
        r = reward_row_change(context, number, &row);
    if (r != 0)
        return r;
    thing.state = REWARD_OFFERED;
    thing.changed_sequence = context->sequence;
    thing.attributes = event->data;
    thing_put(context, NOUN_REWARD, number, &thing);
    row->left = HAS(data, reward_offered, stock) ? (uint32_t)data->stock : STOCK_UNLIMITED;
    return 0;
}

int apply_reward_withdrawn(struct context *context, const struct event *event,
                           const struct reward_withdrawn *data) {
    (void)event;
    struct thing thing;
    uint32_t number;
    int r = thing_resolve(context, NOUN_REWARD, data->reward, "data.reward", &number);
    if (r == 0)
        r = thing_get(context->view, NOUN_REWARD, number, context->arena, &thing);
    if (r != 0)
        return r;
    if (thing.state == REWARD_WITHDRAWN)
        return problem_set(context->problem, PROBLEM_WRONG_STATE, "data.reward",
                           "reward %.*s is withdrawn already", STR_ARG(data->reward));
    thing.state = REWARD_WITHDRAWN;
    thing.changed_sequence = context->sequence;
    thing_put(context, NOUN_REWARD, number, &thing);
    return 0;
}
