/* What points are worth in money: as much as the dearest reward on offer says. */
#include "domain/rewards.h"
#include "simulation/internal.h"

__extension__ typedef __int128 wide;

static bool is_worth_more(const struct reward_offered *reward, int64_t fen, int64_t cost) {
    return (wide)reward->cost_fen * cost > (wide)fen * reward->cost;
}

bool diff_cost_fen(struct view *view, struct str account, int64_t amount, struct arena *arena,
                   int64_t *ret_fen) {
    uint32_t n = 0;
    int64_t fen = 0, cost = 1;
    if (thing_count(view, NOUN_REWARD, &n) != 0)
        return false;
    for (uint32_t number = 1; number <= n; number++) {
        struct reward_offered reward;
        enum reward_state state;
        if (reward_get(view, number, arena, &reward, &state) != 0 || state != REWARD_OFFERED ||
            !HAS(&reward, reward_offered, cost_fen) || reward.cost <= 0 ||
            !str_equal(reward.account, account) || !is_worth_more(&reward, fen, cost))
            continue;
        fen = reward.cost_fen;
        cost = reward.cost;
    }
    *ret_fen = (int64_t)((wide)amount * fen / cost);
    return fen > 0;
}
