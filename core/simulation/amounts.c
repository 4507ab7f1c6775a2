/* Sums for each person, under either side: 16 bytes a person and account. */
#include <stdlib.h>

#include "domain/dictionaries.h"
#include "simulation/internal.h"
#include "util/memory.h"

static void account_add(struct diff_amounts *amounts, struct str code) {
    if (amounts->n_accounts < AMOUNT_ACCOUNTS)
        amounts->accounts[amounts->n_accounts++].code = code;
}

int diff_amounts_init(struct diff_amounts *amounts, struct view *view, const struct diff_kind *kind,
                      struct arena *arena) {
    struct dictionary_code entry;
    *amounts = (struct diff_amounts){0};
    int r = thing_count(view, NOUN_VOLUNTEER, &amounts->n_volunteers);
    if (r != 0 || !kind->amounts)
        return r;
    if (kind->kind == POLICY_KIND_ACCEPTANCE)
        account_add(amounts, STR("minutes"));
    for (uint32_t i = 0; kind->kind == POLICY_KIND_POINTS &&
                         dictionary_at(view, DICTIONARY_ACCOUNT, i, &entry) == 0;
         i++)
        account_add(amounts, arena_copy(arena, entry.code));
    for (size_t i = 0; i < amounts->n_accounts; i++)
        for (enum side side = BEFORE; side < SIDES; side++)
            amounts->accounts[i].sums[side] = memory_checked(
                calloc((size_t)amounts->n_volunteers + 1, sizeof *amounts->accounts[i].sums[side]));
    return 0;
}

void diff_amounts_deinit(struct diff_amounts *amounts) {
    for (size_t i = 0; i < amounts->n_accounts; i++)
        for (enum side side = BEFORE; side < SIDES; side++)
            free(amounts->accounts[i].sums[side]);
}

void diff_amount_add(struct diff_amounts *amounts, enum side side, struct str account,
                     uint32_t volunteer, int64_t amount) {
    if (amount == 0 || volunteer > amounts->n_volunteers)
        return;
    for (size_t i = 0; i < amounts->n_accounts; i++)
        if (str_equal(amounts->accounts[i].code, account)) {
            atomic_fetch_add_explicit(&amounts->accounts[i].sums[side][volunteer], amount,
                                      memory_order_relaxed);
            return;
        }
}

/* What the person gains over all accounts: how it looks to them is told by the account that changes
 * most. */
static int64_t gain_of(const struct diff_amounts *amounts, uint32_t volunteer, bool *ret_any) {
    int64_t most = 0;
    for (size_t i = 0; i < amounts->n_accounts; i++) {
        const struct diff_account *account = &amounts->accounts[i];
        int64_t before = account->sums[BEFORE][volunteer], after = account->sums[AFTER][volunteer];
        int64_t gain = after - before;
        *ret_any |= before != 0 || after != 0;
        if (llabs(gain) > llabs(most))
            most = gain;
    }
    return most;
}

int diff_amounts_tally(struct diff *diff, struct view *view, struct tally *tally) {
    for (uint32_t number = 1; number <= diff->amounts.n_volunteers; number++) {
        struct volunteer_row person;
        bool any = false;
        int64_t gain = gain_of(&diff->amounts, number, &any);
        int r = any ? volunteer_get(view, number, &person) : 1;
        if (r < 0)
            return r;
        if (r > 0)
            continue;
        tally_person(tally, diff_group_of(&diff->places, person.region),
                     age_band(&person, diff->plan->as_of), (gain > 0) - (gain < 0));
        tally->bins[difference_bin(gain)]++;
        if (gain < 0)
            tally_loser(tally, number, -gain);
    }
    return 0;
}
