/* What points are redeemed for, and who redeemed what. A reward has a price, and may have a stock,
 * a limit for each person and year, alone or together with others of its group, and a last day. A
 * redemption is asked for, decided (by the policies of kind redemption), then held until it is
 * settled or voided:
 *
 *   requested -> held -> settled          the points go to held, then to shop
 *       |          +---> voided           they go back to the lots they came from, and so does the
 *       +-> refused                       stock; nothing was taken of one that is refused
 *
 * Threads: the view's owner. Memory: what is read borrows from the rows. Errors: as things.h. */
#pragma once

#include "domain/ledger.h"

enum reward_state { REWARD_OFFERED, REWARD_WITHDRAWN };

#define STOCK_UNLIMITED UINT32_MAX

struct reward_row {
    uint32_t left; /* how many may still be redeemed, or STOCK_UNLIMITED */
    uint32_t n_held;
    uint32_t n_settled;
};
int reward_row_get(struct view *view, uint32_t reward, struct reward_row *ret_row);
/* The attributes, in the arena. */
int reward_get(struct view *view, uint32_t reward, struct arena *arena,
               struct reward_offered *ret_reward, enum reward_state *ret_state);

enum redemption_state {
    REDEMPTION_REQUESTED,
    REDEMPTION_HELD,
    REDEMPTION_SETTLED,
    REDEMPTION_VOIDED,
    REDEMPTION_REFUSED,
    REDEMPTION_STATES
};
const char *redemption_state_text(enum redemption_state state);

struct redemption {
    uint32_t volunteer;
    uint32_t reward;
    uint32_t quantity;
    uint32_t previous; /* the person's redemption before it; 0: none */
    uint16_t account;
    uint8_t state;
    int32_t on;         /* the day it was asked for */
    int64_t amount;     /* what it costs, in the account's smallest unit */
    uint64_t requested; /* sequences: of reward.redeemed, */
    uint64_t decided;   /* of redemption.decided, 0 before, */
    uint64_t closed;    /* of reward.settled or reward.voided, 0 before */
    uint32_t merchant;  /* who gives it out, or 0 */
    uint32_t committed; /* the entry of the fund that pays for it; 0: none does */
    int64_t cost_fen;   /* what all of it costs in money, as it was offered */
    struct str group;   /* it counted with that year's limit of; none: the reward's own */
    struct cursor lots; /* that it holds, as of a balance */
};
int redemption_get(struct view *view, uint32_t redemption, struct redemption *ret_redemption);
int redemption_decode(struct str row, struct redemption *ret_redemption); /* 0, or > 0 */
/* The person's newest; 0: none. */
int redemption_last(struct view *view, uint32_t volunteer, uint32_t *ret_redemption);
/* How many a person redeemed in a year of this reward, or of its whole group: held or settled. */
int redeemed_in_year(struct view *view, uint32_t volunteer, uint32_t reward, struct str group,
                     int32_t year, uint32_t *ret_n);

/* ---- what a merchant gave out ---- */

/* Of one reward by one merchant (0: no merchant): in a month by the day it was settled, or, month
 * 0, what is held now and was settled in all time. */
struct shop_row {
    int64_t n_held;
    int64_t n_settled;
    int64_t held_fen;
    int64_t settled_fen;
    int64_t settled_points; /* the account's smallest unit */
};
struct shop {
    uint32_t merchant;
    uint32_t reward;
    int32_t month;
    struct shop_row row;
};
int shop_decode(struct str key, struct str row, struct shop *ret_shop); /* 0, or > 0 */
/* In order of merchant, reward and month; `each` returns 0 to go on. */
int shop_each(struct view *view, int (*each)(void *context, const struct shop *shop),
              void *context);
/* For apply functions: what the one redeemed counts against the other's limits. */
int redeemed_move(struct context *context, uint32_t from, uint32_t into);
