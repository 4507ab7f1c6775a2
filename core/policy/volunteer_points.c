#include "policy/volunteer_points.h"

#include "domain/ledger.h"
#include "domain/merges.h"
#include "domain/records.h"
#include "policy/call.h"

/* Steps of the budget for each entry of the ledger that is read. */
#define ENTRY_STEPS 4
/* And for each record whose role is looked up. */
#define DETAILS_STEPS 20
#define WINDOWED (ARGUMENT_FROM | ARGUMENT_TO | ARGUMENT_SERVED_ON | ARGUMENT_ROLE)

static int64_t total(const struct reading *reading, const struct balance *balance) {
    switch ((enum points_what)reading->arguments.what) {
    case POINTS_EARNED:
        return balance->earned;
    case POINTS_SPENT:
        return balance->spent + balance->held;
    case POINTS_BALANCE:
        break;
    }
    int64_t there = balance_on(balance, reading->call->as_of);
    if (!(reading->arguments.given & ARGUMENT_EXPIRES_BY))
        return there;
    /* Of it, what will be over after that day. */
    int32_t by = reading->arguments.expires_by;
    return by < reading->call->as_of ? 0 : there - balance_on(balance, by + 1);
}

/* What is spent is spent when it is set aside for a redemption; one that is voided takes that back
 * on the same day. */
static bool is_counted(const struct arguments *arguments, const struct posting *posting) {
    enum ledger_counter counter = arguments->what == POINTS_SPENT ? LEDGER_HELD : LEDGER_ISSUE;
    return posting->account + 1 == arguments->account && posting->counter == counter &&
           (!arguments->from || posting->on >= arguments->from) &&
           (!arguments->to || posting->on <= arguments->to);
}

/* Of points for service of that day, in that role. */
static int is_for_service(struct reading *reading, const struct posting *posting, bool *ret_is) {
    const struct arguments *arguments = &reading->arguments;
    const struct call *call = reading->call;
    struct service_recorded details;
    bool by_role = arguments->given & ARGUMENT_ROLE;
    bool by_day = arguments->given & ARGUMENT_SERVED_ON;
    *ret_is = !by_day || (posting->record && posting->on == arguments->served_on);
    if (!*ret_is || !by_role)
        return 0;
    *ret_is = false;
    if (!posting->record)
        return 0;
    sandbox_charge(reading->lua, DETAILS_STEPS);
    int r = record_details(call->view, posting->record, call->arena, &details);
    *ret_is = r == 0 && str_equal(details.role, arguments->role);
    return r < 0 ? r : 0;
}

/* Over all entries, from the newest back: they stand in the order in which they were posted, not in
 * that of their days. */
struct summing {
    struct reading *reading;
    int64_t sum;
};

static int sum_entries(struct summing *summing, uint32_t number) {
    struct reading *reading = summing->reading;
    const struct arguments *arguments = &reading->arguments;
    for (struct posting posting; number; number = posting.previous) {
        sandbox_charge(reading->lua, ENTRY_STEPS);
        int r = posting_get(reading->call->view, number, &posting);
        if (r != 0)
            return r;
        bool counts = is_counted(arguments, &posting);
        if (counts)
            r = is_for_service(reading, &posting, &counts);
        if (r != 0)
            return r;
        if (counts)
            summing->sum += arguments->what == POINTS_SPENT ? -posting.amount : posting.amount;
    }
    return 0;
}

static int sum_of(struct summing *summing, uint32_t volunteer, uint32_t last_posting) {
    struct reading *reading = summing->reading;
    const struct arguments *arguments = &reading->arguments;
    struct balance balance;
    int r = balance_get(reading->call->view, volunteer, (uint32_t)arguments->account - 1, &balance);
    if (r != 0)
        return r < 0 ? r : 0;
    if (arguments->given & WINDOWED)
        return sum_entries(summing, last_posting);
    summing->sum += total(reading, &balance);
    return 0;
}

/* What was earned and spent under an id that was merged into the person. */
static int sum_of_merged(void *context, uint32_t merged) {
    struct summing *summing = context;
    struct volunteer_row row;
    sandbox_charge(summing->reading->lua, ENTRY_STEPS);
    int r = volunteer_get(summing->reading->call->view, merged, &row);
    return r == 0 ? sum_of(summing, merged, row.last_posting) : r;
}

int points_of_volunteer(struct reading *reading) {
    struct summing summing = {.reading = reading};
    uint32_t number = reading->object->number;
    int r = sum_of(&summing, number, reading->object->row.volunteer.last_posting);
    if (r == 0)
        r = merged_each(reading->call->view, number, sum_of_merged, &summing);
    return r < 0 ? r : push_integer(reading, summing.sum);
}
