/* Rewards and what they do to the ledger: a random life of two people, in which points are granted,
 * taken, held, settled, voided, given away and expire, ends each day as a plain model has it. */
#include "domain_fixture.h"

#include "domain/dictionaries.h"
#include "domain/rewards.h"
#include "domain/runs.h"

#define PEOPLE 2
#define DAYS 500
#define AHEAD 30             /* the furthest last day that is granted */
#define NEVER (DAYS + AHEAD) /* place of what does not expire */
#define COST 30
#define LIMIT 6
#define OPEN_MOST 64

struct view_of_lots {
    int64_t left[NEVER + 1]; /* by last day, counted from the first day */
};

struct open {
    bool is_open;
    unsigned number;
    unsigned person;
    int64_t quantity;
    int year;
    struct view_of_lots lots;
};

struct person {
    struct view_of_lots lots;
    int64_t owed;
    int64_t held;
    int64_t redeemed[3]; /* by year */
};

struct plain {
    struct person people[PEOPLE];
    struct open open[OPEN_MOST];
    int64_t stock;
    unsigned n_redemptions;
    unsigned n_expired; /* entries */
    uint64_t random;
    int day;
};

static uint32_t draw(struct plain *plain, uint32_t n) {
    plain->random = plain->random * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (uint32_t)(plain->random >> 33) % n;
}

static int32_t first_day(void) {
    return day("2018-06-01");
}

static int year_of(int day) {
    int32_t year, month, on;
    date_to_civil(first_day() + day, &year, &month, &on);
    return year - 2018;
}

static const char *day_text(int day, char text[static 16]) {
    text[date_format(first_day() + day, text)] = 0;
    return text;
}

static enum problem_code apply(struct world *world, const struct plain *plain, const char *type,
                               const char *data) {
    char date[16], time[40];
    snprintf(time, sizeof time, "%sT12:00:00+08:00", day_text(plain->day, date));
    return world_apply(world, type, time, data);
}

static void assert_code(struct world *world, enum problem_code got, enum problem_code expected) {
    if (got != expected)
        fail_msg("problem %d (%s: %s), expected %d", got, world->problem.field,
                 world->problem.message, expected);
}

/* ---- the plain model ---- */

static void lapse(struct plain *plain, struct person *person) {
    for (int last = 0; last < plain->day; last++) {
        plain->n_expired += person->lots.left[last] > 0;
        person->lots.left[last] = 0;
    }
}

static int64_t balance_of(const struct plain *plain, const struct person *person) {
    int64_t sum = 0;
    for (int last = plain->day; last <= NEVER; last++)
        sum += person->lots.left[last];
    return sum;
}

static int64_t take_lots(struct person *person, int64_t amount, struct view_of_lots *ret_taken) {
    for (int last = 0; last <= NEVER && amount > 0; last++) {
        int64_t taken = person->lots.left[last] < amount ? person->lots.left[last] : amount;
        person->lots.left[last] -= taken;
        amount -= taken;
        if (ret_taken)
            ret_taken->left[last] += taken;
    }
    return amount;
}

static void give_lot(struct plain *plain, struct person *person, int last, int64_t amount) {
    int64_t repaid = person->owed < amount ? person->owed : amount;
    person->owed -= repaid;
    person->lots.left[last] += amount - repaid;
    lapse(plain, person);
}

static void give_lots(struct plain *plain, struct person *person, const struct view_of_lots *lots) {
    for (int last = 0; last <= NEVER; last++)
        if (lots->left[last])
            give_lot(plain, person, last, lots->left[last]);
}

/* ---- what happens ---- */

static void grant(struct world *world, struct plain *plain) {
    char data[256], date[16], expires[40] = "";
    unsigned who = draw(plain, PEOPLE);
    int64_t amount = draw(plain, 100) + 1;
    int last = draw(plain, 4) ? plain->day + (int)draw(plain, AHEAD) - 3 : NEVER;
    last = last < 0 ? 0 : last;
    if (last != NEVER)
        snprintf(expires, sizeof expires, ",\"expires\":\"%s\"", day_text(last, date));
    snprintf(data, sizeof data,
             "{\"volunteer\":\"v%u\",\"account\":\"points\",\"reason\":\"x\",\"amount\":%lld%s}",
             who + 1, (long long)amount, expires);
    assert_code(world, apply(world, plain, "points.posted", data), PROBLEM_NONE);
    lapse(plain, &plain->people[who]);
    give_lot(plain, &plain->people[who], last, amount);
}

static void take(struct world *world, struct plain *plain) {
    char data[256];
    unsigned who = draw(plain, PEOPLE);
    int64_t amount = draw(plain, 150) + 1;
    snprintf(data, sizeof data,
             "{\"volunteer\":\"v%u\",\"account\":\"points\",\"reason\":\"x\",\"amount\":-%lld}",
             who + 1, (long long)amount);
    assert_code(world, apply(world, plain, "points.posted", data), PROBLEM_NONE);
    lapse(plain, &plain->people[who]);
    plain->people[who].owed += take_lots(&plain->people[who], amount, NULL);
}

static struct open *free_place(struct plain *plain) {
    for (size_t i = 0; i < OPEN_MOST; i++)
        if (!plain->open[i].is_open)
            return &plain->open[i];
    return NULL;
}

static enum problem_code expect(const struct plain *plain, const struct person *person,
                                int64_t quantity) {
    if (plain->stock < quantity)
        return PROBLEM_OUT_OF_STOCK;
    if (person->redeemed[year_of(plain->day)] + quantity > LIMIT)
        return PROBLEM_WRONG_STATE;
    return balance_of(plain, person) < quantity * COST ? PROBLEM_INSUFFICIENT_POINTS : PROBLEM_NONE;
}

static void hold(struct plain *plain, struct open *open, unsigned who, int64_t quantity) {
    struct person *person = &plain->people[who];
    lapse(plain, person);
    *open = (struct open){.is_open = true,
                          .number = plain->n_redemptions,
                          .person = who,
                          .quantity = quantity,
                          .year = year_of(plain->day)};
    assert_int_equal(take_lots(person, quantity * COST, &open->lots), 0);
    person->held += quantity * COST;
    person->redeemed[open->year] += quantity;
    plain->stock -= quantity;
}

static void redeem(struct world *world, struct plain *plain) {
    char data[256];
    unsigned who = draw(plain, PEOPLE);
    int64_t quantity = draw(plain, 3) + 1;
    bool accepted = draw(plain, 4) > 0;
    struct open *open = free_place(plain);
    if (!open)
        return;
    enum problem_code expected = expect(plain, &plain->people[who], quantity);
    snprintf(data, sizeof data,
             "{\"redemption\":\"x%u\",\"volunteer\":\"v%u\",\"reward\":\"cup\",\"quantity\":%lld}",
             ++plain->n_redemptions, who + 1, (long long)quantity);
    assert_code(world, apply(world, plain, "reward.redeemed", data), expected);
    if (expected != PROBLEM_NONE)
        return;
    snprintf(data, sizeof data, "{\"redemption\":\"x%u\",\"outcome\":\"%s\"}", plain->n_redemptions,
             accepted ? "accepted" : "refused");
    assert_code(world, apply(world, plain, "redemption.decided", data), PROBLEM_NONE);
    if (accepted)
        hold(plain, open, who, quantity);
}

static void close_one(struct world *world, struct plain *plain) {
    char data[256];
    struct open *open = &plain->open[draw(plain, OPEN_MOST)];
    bool settles = draw(plain, 2);
    struct person *person = &plain->people[open->person];
    if (!open->is_open)
        return;
    snprintf(data, sizeof data, "{\"redemption\":\"x%u\",\"by\":\"clerk:1\"%s}", open->number,
             settles ? "" : ",\"reason\":\"x\"");
    assert_code(world, apply(world, plain, settles ? "reward.settled" : "reward.voided", data),
                PROBLEM_NONE);
    assert_code(world, apply(world, plain, settles ? "reward.settled" : "reward.voided", data),
                PROBLEM_WRONG_STATE);
    lapse(plain, person);
    person->held -= open->quantity * COST;
    if (!settles) {
        person->redeemed[open->year] -= open->quantity;
        plain->stock += open->quantity;
        give_lots(plain, person, &open->lots);
    }
    open->is_open = false;
}

static void transfer(struct world *world, struct plain *plain) {
    char data[256];
    unsigned who = draw(plain, PEOPLE);
    int64_t amount = draw(plain, 80) + 1;
    struct person *giver = &plain->people[who], *taker = &plain->people[1 - who];
    bool there = balance_of(plain, giver) >= amount;
    struct view_of_lots taken = {{0}};
    snprintf(data, sizeof data,
             "{\"transfer\":\"t%u\",\"from\":\"v%u\",\"to\":\"v%u\",\"account\":\"points\","
             "\"amount\":%lld,\"reason\":\"x\"}",
             world->n_ids, who + 1, 2 - who, (long long)amount);
    assert_code(world, apply(world, plain, "points.transferred", data),
                there ? PROBLEM_NONE : PROBLEM_INSUFFICIENT_POINTS);
    if (!there)
        return;
    lapse(plain, giver);
    lapse(plain, taker);
    assert_int_equal(take_lots(giver, amount, &taken), 0);
    give_lots(plain, taker, &taken);
}

/* The midnight, and the run that it begins, in two parts. */
static void midnight(struct world *world, struct plain *plain) {
    char data[256], date[16];
    struct run_row run;
    uint32_t number;
    plain->day++;
    snprintf(data, sizeof data, "{\"date\":\"%s\"}", day_text(plain->day, date));
    assert_code(world, apply(world, plain, "clock.ticked", data), PROBLEM_NONE);
    for (uint32_t part = 2; part > 0; part--) {
        if (run_open(world->stepper.context.view, &number, &run) != 0)
            return;
        assert_int_equal(run.kind, RUN_EXPIRY);
        uint32_t cursor = part == 2 ? run.last / 2 : run.last;
        snprintf(data, sizeof data,
                 "{\"run\":%u,\"cause\":%llu,\"revision\":\"expiry\",\"as_of\":\"%s\","
                 "\"cursor\":%u,\"done\":%s}",
                 number, (unsigned long long)run.cause, day_text(plain->day - 1, date), cursor,
                 part == 2 ? "false" : "true");
        assert_code(world, apply(world, plain, "run.progressed", data), PROBLEM_NONE);
    }
    for (unsigned i = 0; i < PEOPLE; i++)
        lapse(plain, &plain->people[i]);
}

/* ---- comparing ---- */

static void assert_lots(const struct plain *plain, const struct person *person,
                        struct cursor lots) {
    struct view_of_lots found = {{0}};
    struct lot lot;
    while (lot_next(&lots, &lot)) {
        assert_true(lot.amount > 0);
        int last = lot.expires == LOT_NEVER ? NEVER : lot.expires - first_day();
        assert_in_range(last, plain->day, NEVER); /* the midnight has moved what was over */
        found.left[last] = lot.amount;
    }
    assert_memory_equal(&found, &person->lots, sizeof found);
}

static void compare(struct world *world, const struct plain *plain) {
    struct view *view = world->stepper.context.view;
    struct dictionary_code account;
    struct reward_row reward;
    assert_int_equal(dictionary_get(view, DICTIONARY_ACCOUNT, STR("points"), &account), 0);
    for (unsigned i = 0; i < PEOPLE; i++) {
        const struct person *person = &plain->people[i];
        struct balance balance;
        assert_true(balance_get(view, i + 1, account.number, &balance) >= 0);
        assert_int_equal(balance.owed, person->owed);
        assert_int_equal(balance.held, person->held);
        assert_lots(plain, person, balance.lots);
    }
    assert_int_equal(reward_row_get(view, 1, &reward), 0);
    assert_int_equal(reward.left, plain->stock);
    assert_int_equal(reward.n_held * COST, plain->people[0].held + plain->people[1].held);
}

static void assert_checked(struct world *world) {
    struct view *view = reader_view(world);
    uint32_t wrong = 0;
    assert_int_equal(ledger_check(view, &wrong), 0);
    view_close(view);
}

static void a_random_life_is_as_a_plain_model_has_it(void **state) {
    static void (*const things[])(struct world *, struct plain *) = {
        grant, grant, grant, take, redeem, redeem, close_one, close_one, close_one, transfer};
    struct world *world = *state;
    struct plain *plain = calloc(1, sizeof *plain);
    plain->random = 20260115;
    plain->stock = 40;
    world_city(world);
    assert_applied(world, "reward.offered",
                   "{\"reward\":\"cup\",\"title\":\"水杯\",\"account\":\"points\",\"cost\":30,"
                   "\"stock\":40,\"limit_per_year\":6}");
    while (plain->day < DAYS - 1) {
        for (uint32_t n = draw(plain, 4); n > 0; n--)
            things[draw(plain, sizeof things / sizeof *things)](world, plain);
        compare(world, plain);
        midnight(world, plain);
        if (plain->day % 100 == 0)
            assert_checked(world);
    }
    assert_checked(world);
    assert_true(plain->n_redemptions > 100);
    assert_true(plain->n_expired > 50);
    free(plain);
}

static void a_list_of_what_ends_is_gone_when_its_run_is(void **state) {
    struct world *world = *state;
    struct expiring expiring;
    struct plain plain = {.day = 0};
    world_city(world);
    assert_applied(world, "points.posted",
                   "{\"volunteer\":\"v1\",\"account\":\"points\",\"reason\":\"x\",\"amount\":5,"
                   "\"expires\":\"2018-06-01\"}");
    struct view *view = world->stepper.context.view;
    assert_int_equal(expiring_get(view, first_day(), 1, &expiring), 0);
    assert_int_equal(expiring.volunteer, 1);
    midnight(world, &plain);
    assert_int_equal(expiring_get(view, first_day(), 1, &expiring), THING_NOT_FOUND);
    assert_int_equal(expiring_get(view, first_day(), 0, &expiring), THING_NOT_FOUND);
}

static void what_is_held_keeps_an_account_in_use(void **state) {
    struct world *world = *state;
    world_city(world);
    assert_applied(world, "dictionary.entry_set",
                   "{\"dictionary\":\"account\",\"code\":\"miles\",\"title\":\"x\"}");
    assert_applied(world, "points.posted",
                   "{\"volunteer\":\"v1\",\"account\":\"miles\",\"reason\":\"x\",\"amount\":5}");
    assert_applied(world, "reward.offered",
                   "{\"reward\":\"r\",\"title\":\"x\",\"account\":\"miles\",\"cost\":5}");
    assert_applied(world, "reward.redeemed",
                   "{\"redemption\":\"x\",\"volunteer\":\"v1\",\"reward\":\"r\",\"quantity\":1}");
    assert_applied(world, "redemption.decided", "{\"redemption\":\"x\",\"outcome\":\"accepted\"}");
#define RETIRED                                                                                    \
    "{\"dictionary\":\"account\",\"code\":\"miles\",\"title\":\"x\",\"retired\":\"2018-01-01\"}"
    assert_refused(world, PROBLEM_WRONG_STATE, "dictionary.entry_set", RETIRED);
    assert_applied(world, "reward.settled", "{\"redemption\":\"x\",\"by\":\"clerk:1\"}");
    assert_applied(world, "dictionary.entry_set", RETIRED);
}

/* The group that it counted with when it was held. */
static void a_group_that_changes_leaves_what_was_counted(void **state) {
    struct world *world = *state;
    uint32_t n;
    world_city(world);
    assert_applied(world, "points.posted",
                   "{\"volunteer\":\"v1\",\"account\":\"points\",\"reason\":\"x\",\"amount\":5}");
    assert_applied(world, "reward.offered",
                   "{\"reward\":\"r\",\"title\":\"x\",\"account\":\"points\",\"cost\":5,"
                   "\"limit_group\":\"a\"}");
    assert_applied(world, "reward.redeemed",
                   "{\"redemption\":\"x\",\"volunteer\":\"v1\",\"reward\":\"r\",\"quantity\":1}");
    assert_applied(world, "redemption.decided", "{\"redemption\":\"x\",\"outcome\":\"accepted\"}");
    assert_applied(world, "reward.offered",
                   "{\"reward\":\"r\",\"title\":\"x\",\"account\":\"points\",\"cost\":5,"
                   "\"limit_group\":\"b\"}");
    struct view *view = world->stepper.context.view;
    assert_int_equal(redeemed_in_year(view, 1, 1, STR("a"), 2018, &n), 0);
    assert_int_equal(n, 1);
    assert_applied(world, "reward.voided",
                   "{\"redemption\":\"x\",\"by\":\"clerk:1\",\"reason\":\"x\"}");
    assert_int_equal(redeemed_in_year(view, 1, 1, STR("a"), 2018, &n), 0);
    assert_int_equal(n, 0);
    assert_int_equal(redeemed_in_year(view, 1, 1, STR("b"), 2018, &n), 0);
    assert_int_equal(n, 0);
}

int main(void) {
#define T(name) cmocka_unit_test_setup_teardown(name, world_setup, world_teardown)
    const struct CMUnitTest tests[] = {
        T(a_random_life_is_as_a_plain_model_has_it),
        T(a_list_of_what_ends_is_gone_when_its_run_is),
        T(what_is_held_keeps_an_account_in_use),
        T(a_group_that_changes_leaves_what_was_counted),
    };
    return cmocka_run_group_tests_name("rewards", tests, NULL, NULL);
}
