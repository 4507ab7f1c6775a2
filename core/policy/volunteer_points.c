#include "policy/volunteer_points.h"

#include "domain/ledger.h"
#include "policy/call.h"

/* Steps of the budget for each entry of the ledger that is read. */
#define ENTRY_STEPS 4

static int64_t total(const struct reading *reading, const struct balance *balance) {
    switch ((enum points_what)reading->arguments.what) {
    case POINTS_EARNED:
        return balance->earned;
    case POINTS_SPENT:
        return balance->spent;
    case POINTS_BALANCE:
        break;
    }
    return balance_on(balance, reading->call->as_of);
}

static bool is_asked(const struct arguments *arguments, const struct posting *posting) {
    enum ledger_counter counter = arguments->what == POINTS_SPENT ? LEDGER_SHOP : LEDGER_ISSUE;
    return posting->account + 1 == arguments->account && posting->counter == counter &&
           (!arguments->from || posting->on >= arguments->from) &&
           (!arguments->to || posting->on <= arguments->to);
}

/* Over all entries, from the newest back: they stand in the order in which they were posted, not in
 * that of their days. */
static int sum_entries(struct reading *reading, int64_t *ret_sum) {
    const struct arguments *arguments = &reading->arguments;
    uint32_t number = reading->object->row.volunteer.last_posting;
    *ret_sum = 0;
    for (struct posting posting; number; number = posting.previous) {
        sandbox_charge(reading->lua, ENTRY_STEPS);
        int r = posting_get(reading->call->view, number, &posting);
        if (r != 0)
            return r;
        if (is_asked(arguments, &posting))
            *ret_sum += arguments->what == POINTS_SPENT ? -posting.amount : posting.amount;
    }
    return 0;
}

int points_of_volunteer(struct reading *reading) {
    const struct arguments *arguments = &reading->arguments;
    struct balance balance;
    int64_t sum = 0;
    int r = balance_get(reading->call->view, reading->object->number,
                        (uint32_t)arguments->account - 1, &balance);
    if (r < 0)
        return r;
    if (r == 0 && (arguments->from || arguments->to))
        r = sum_entries(reading, &sum);
    else if (r == 0)
        sum = total(reading, &balance);
    return r < 0 ? r : push_integer(reading, sum);
}
