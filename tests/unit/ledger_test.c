/* The ledger of points: what is granted, taken back and adjusted, and that every entry's legs sum
 * to zero whatever happened. */
#include "domain_fixture.h"

#include "domain/dictionaries.h"
#include "domain/points.h"

#define POST(more) "{\"volunteer\":\"v1\",\"account\":\"points\",\"reason\":\"service\"," more "}"
#define ADJUST(id, amount)                                                                         \
    "{\"adjustment\":\"" id "\",\"volunteer\":\"v1\",\"account\":\"points\",\"amount\":" amount    \
    ",\"reason\":\"盘点\",\"by\":\"clerk:1\"}"
#define LATER "2019-02-01T12:00:00+08:00"

static struct view *view_of(struct world *world) {
    return world->stepper.context.view;
}

static int32_t date(const char *text) {
    int32_t date;
    assert_int_equal(date_parse(str_from(text), &date), 0);
    return date;
}

static uint32_t account(struct world *world, const char *code) {
    struct dictionary_code entry;
    assert_int_equal(dictionary_get(view_of(world), DICTIONARY_ACCOUNT, str_from(code), &entry), 0);
    return entry.number;
}

static struct balance balance(struct world *world) {
    struct balance balance;
    assert_true(balance_get(view_of(world), world_number(world, NOUN_VOLUNTEER, "v1"),
                            account(world, "points"), &balance) >= 0);
    return balance;
}

static void assert_balance(struct world *world, const char *on, int64_t amount, int64_t owed) {
    struct balance found = balance(world);
    assert_int_equal(balance_on(&found, date(on)), amount);
    assert_int_equal(found.owed, owed);
}

static uint32_t last_number(struct world *world) {
    struct volunteer_row row;
    assert_int_equal(volunteer_get(view_of(world), 1, &row), 0);
    return row.last_posting;
}

static struct posting last_posting(struct world *world) {
    struct posting posting;
    assert_int_equal(posting_get(view_of(world), last_number(world), &posting), 0);
    return posting;
}

static void assert_checked(struct world *world) {
    struct store_head head = {.sequence = world->sequence};
    struct view *view = NULL;
    uint32_t wrong = 0;
    assert_int_equal(store_flush(world->writer, &head), 0);
    assert_int_equal(store_view_open(world->store, &view), 0);
    assert_int_equal(ledger_check(view, &wrong), 0);
    view_close(view);
}

/* A record of v1, accepted; what it causes is posted by the test. */
static void record(struct world *world, const char *id) {
    char data[512];
    snprintf(data, sizeof data,
             "{\"record\":\"%s\",\"volunteer\":\"v1\",\"organisation\":\"o1\",\"starts\":"
             "\"2018-05-01T08:00:00+08:00\",\"ends\":\"2018-05-01T10:00:00+08:00\",\"method\":"
             "\"code\",\"recorder\":\"clerk:1\"}",
             id);
    assert_applied(world, "service.recorded", data);
}

/* Posts for the record; gives the sequence. */
static uint64_t post_for(struct world *world, const char *record, const char *more) {
    char data[512];
    snprintf(data, sizeof data,
             "{\"volunteer\":\"v1\",\"account\":\"points\",\"reason\":\"service\",\"record\":"
             "\"%s\",%s}",
             record, more);
    assert_applied(world, "points.posted", data);
    return world->sequence;
}

static enum problem_code reverse(struct world *world, const char *record, uint64_t sequence,
                                 int64_t amount) {
    char data[512];
    snprintf(data, sizeof data,
             "{\"volunteer\":\"v1\",\"account\":\"points\",\"reason\":\"reversal\",\"record\":"
             "\"%s\",\"amount\":%lld,\"reverses\":%llu}",
             record, (long long)amount, (unsigned long long)sequence);
    return world_apply(world, "points.posted", WORLD_TIME, data);
}

static void a_grant_is_issued_to_a_person_and_both_sides_are_kept(void **state) {
    struct world *world = *state;
    struct ledger_row sums;
    world_city(world);
    assert_applied(world, "points.posted", POST("\"amount\":150"));
    assert_balance(world, "2018-06-01", 150, 0);
    assert_int_equal(balance(world).earned, 150);
    struct posting posting = last_posting(world);
    assert_int_equal(posting.amount, 150);
    assert_int_equal(posting.balance_leg, 150);
    assert_int_equal(posting.counter, LEDGER_ISSUE);
    assert_int_equal(posting.balance_after, 150);
    assert_int_equal(posting.on, date("2018-06-01"));
    assert_int_equal(posting.expires, LOT_NEVER);
    assert_int_equal(posting.sequence, world->sequence);
    assert_true(str_equal(posting.reason, STR("service")));
    assert_int_equal(ledger_get(view_of(world), account(world, "points"), &sums), 0);
    assert_int_equal(sums.persons, 150);
    assert_int_equal(sums.counters[LEDGER_ISSUE], -150);
    assert_checked(world);
}

static void what_ends_first_is_spent_first(void **state) {
    struct world *world = *state;
    struct lot lot;
    world_city(world);
    assert_applied(world, "points.posted", POST("\"amount\":100"));
    assert_applied(world, "points.posted", POST("\"amount\":100,\"expires\":\"2019-12-31\""));
    assert_applied(world, "points.posted", POST("\"amount\":100,\"expires\":\"2018-12-31\""));
    assert_applied(world, "points.adjusted", ADJUST("a1", "-150"));
    struct balance found = balance(world);
    assert_true(lot_next(&found.lots, &lot));
    assert_int_equal(lot.expires, date("2019-12-31"));
    assert_int_equal(lot.amount, 50);
    assert_true(lot_next(&found.lots, &lot));
    assert_int_equal(lot.expires, LOT_NEVER);
    assert_int_equal(lot.amount, 100);
    assert_false(lot_next(&found.lots, &lot));
    assert_int_equal(found.adjusted, -150);
    assert_checked(world);
}

static void what_is_over_does_not_count_and_moves_when_its_account_is_posted_to(void **state) {
    struct world *world = *state;
    struct ledger_row sums;
    struct posting expiry;
    world_city(world);
    assert_applied(world, "points.posted", POST("\"amount\":100,\"expires\":\"2018-12-31\""));
    assert_applied(world, "points.posted", POST("\"amount\":40"));
    assert_balance(world, "2018-12-31", 140, 0);
    assert_balance(world, "2019-01-01", 40, 0);
    assert_int_equal(balance(world).expired, 0);
    world_assert(world, PROBLEM_INSUFFICIENT_POINTS, "points.adjusted", LATER, ADJUST("a1", "-41"));
    world_assert(world, PROBLEM_NONE, "points.posted", LATER, POST("\"amount\":1"));
    assert_balance(world, "2018-12-31", 41, 0);
    assert_int_equal(balance(world).expired, 100);
    assert_int_equal(posting_get(view_of(world), last_posting(world).previous, &expiry), 0);
    assert_int_equal(expiry.counter, LEDGER_EXPIRY);
    assert_int_equal(expiry.amount, -100);
    assert_int_equal(expiry.on, date("2019-01-01"));
    assert_int_equal(ledger_get(view_of(world), account(world, "points"), &sums), 0);
    assert_int_equal(sums.counters[LEDGER_EXPIRY], 100);
    assert_checked(world);
}

/* The last day is a day on which it still counts, also for what is posted on it. */
static void a_lot_is_not_moved_away_before_its_last_day_is_over(void **state) {
    struct world *world = *state;
    world_city(world);
    assert_applied(world, "points.posted", POST("\"amount\":100,\"expires\":\"2018-06-10\""));
    world_assert(world, PROBLEM_NONE, "points.posted", "2018-06-10T23:59:59+08:00",
                 POST("\"amount\":7"));
    assert_int_equal(balance(world).expired, 0);
    assert_balance(world, "2018-06-10", 107, 0);
    world_assert(world, PROBLEM_NONE, "points.posted", "2018-06-11T00:00:00+08:00",
                 POST("\"amount\":1"));
    assert_int_equal(balance(world).expired, 100);
    assert_balance(world, "2018-06-11", 8, 0);
}

static void what_is_taken_back_comes_from_its_own_lot_first(void **state) {
    struct world *world = *state;
    struct lot lot;
    world_city(world);
    record(world, "r1");
    uint64_t sequence = post_for(world, "r1", "\"amount\":100,\"expires\":\"2019-12-31\"");
    assert_applied(world, "points.posted", POST("\"amount\":100,\"expires\":\"2018-12-31\""));
    assert_int_equal(reverse(world, "r1", sequence, -100), PROBLEM_NONE);
    struct balance found = balance(world);
    assert_true(lot_next(&found.lots, &lot));
    assert_int_equal(lot.expires, date("2018-12-31"));
    assert_int_equal(lot.amount, 100);
    assert_int_equal(found.earned, 100);
    assert_checked(world);
}

static void what_was_spent_already_is_owed_and_repaid_first(void **state) {
    struct world *world = *state;
    struct ledger_row sums;
    world_city(world);
    record(world, "r1");
    uint64_t sequence = post_for(world, "r1", "\"amount\":100");
    assert_applied(world, "points.adjusted", ADJUST("a1", "-70"));
    assert_int_equal(reverse(world, "r1", sequence, -100), PROBLEM_NONE);
    assert_balance(world, "2018-06-01", 0, 70);
    assert_int_equal(last_posting(world).balance_leg, -30);
    assert_int_equal(last_posting(world).owed_leg, -70);
    assert_int_equal(ledger_get(view_of(world), account(world, "points"), &sums), 0);
    assert_int_equal(sums.owed, 70);
    assert_checked(world);
    assert_applied(world, "points.posted", POST("\"amount\":50"));
    assert_balance(world, "2018-06-01", 0, 20);
    assert_int_equal(last_posting(world).owed_leg, 50);
    assert_applied(world, "points.posted", POST("\"amount\":50"));
    assert_balance(world, "2018-06-01", 30, 0);
    assert_checked(world);
}

static void an_entry_is_taken_back_once_whole_or_in_parts(void **state) {
    struct world *world = *state;
    struct cursor list;
    struct standing standing;
    world_city(world);
    record(world, "r1");
    record(world, "r2");
    uint64_t first = post_for(world, "r1", "\"amount\":100");
    uint64_t second = post_for(world, "r1", "\"amount\":20");
    assert_int_equal(reverse(world, "r2", first, -100), PROBLEM_WRONG_STATE);
    assert_int_equal(reverse(world, "r1", first, -101), PROBLEM_WRONG_STATE);
    assert_int_equal(reverse(world, "r1", first, 1), PROBLEM_WRONG_STATE);
    assert_int_equal(reverse(world, "r1", first, -99), PROBLEM_NONE);
    assert_int_equal(reverse(world, "r1", first, -2), PROBLEM_WRONG_STATE);
    assert_int_equal(reverse(world, "r1", first, -1), PROBLEM_NONE);
    assert_int_equal(reverse(world, "r1", first, -1), PROBLEM_WRONG_STATE);
    uint32_t number = world_number(world, NOUN_RECORD, "r1");
    assert_int_equal(standing_get(view_of(world), number, &list), 0);
    assert_true(standing_next(&list, &standing));
    assert_int_equal(standing.posting, 2);
    assert_false(standing_next(&list, &standing));
    assert_int_equal(reverse(world, "r1", second, -20), PROBLEM_NONE);
    assert_int_equal(standing_get(view_of(world), number, &list), 0);
    assert_false(standing_next(&list, &standing));
}

static void an_adjustment_is_refused_where_it_cannot_be_right(void **state) {
    struct world *world = *state;
    world_city(world);
    assert_applied(world, "points.adjusted", ADJUST("a1", "100"));
    assert_refused(world, PROBLEM_ALREADY_EXISTS, "points.adjusted", ADJUST("a1", "100"));
    assert_refused(world, PROBLEM_INSUFFICIENT_POINTS, "points.adjusted", ADJUST("a2", "-101"));
    assert_refused(world, PROBLEM_OUT_OF_RANGE, "points.adjusted", ADJUST("a2", "0"));
    assert_refused(world, PROBLEM_NOT_IN_DICTIONARY, "points.adjusted",
                   "{\"adjustment\":\"a2\",\"volunteer\":\"v1\",\"account\":\"pionts\",\"amount\":"
                   "1,\"reason\":\"x\",\"by\":\"clerk:1\"}");
    assert_non_null(strstr(world->problem.message, "did you mean points"));
    assert_refused(world, PROBLEM_UNKNOWN_NOUN, "points.adjusted",
                   "{\"adjustment\":\"a2\",\"volunteer\":\"nobody\",\"account\":\"points\","
                   "\"amount\":1,\"reason\":\"x\",\"by\":\"clerk:1\"}");
    assert_balance(world, "2018-06-01", 100, 0);
    assert_applied(world, "points.adjusted", ADJUST("a2", "-100"));
    assert_balance(world, "2018-06-01", 0, 0);
    assert_checked(world);
}

static void who_left_gets_nothing_more_but_may_be_taken_from(void **state) {
    struct world *world = *state;
    world_city(world);
    assert_applied(world, "points.adjusted", ADJUST("a1", "100"));
    assert_applied(world, "volunteer.withdrawn", "{\"volunteer\":\"v1\"}");
    assert_refused(world, PROBLEM_WRONG_STATE, "points.adjusted", ADJUST("a2", "1"));
    assert_applied(world, "points.adjusted", ADJUST("a2", "-100"));
}

static void an_account_is_in_use_while_anybody_holds_or_owes_something(void **state) {
    static const char retire[] = "{\"dictionary\":\"account\",\"code\":\"points\",\"title\":\"x\","
                                 "\"decimals\":2,\"may_expire\":true,\"retired\":\"2018-07-01\"}";
    struct world *world = *state;
    world_city(world);
    record(world, "r1");
    uint64_t sequence = post_for(world, "r1", "\"amount\":100");
    assert_refused(world, PROBLEM_WRONG_STATE, "dictionary.entry_set", retire);
    assert_applied(world, "points.adjusted", ADJUST("a1", "-100"));
    assert_int_equal(reverse(world, "r1", sequence, -100), PROBLEM_NONE);
    assert_refused(world, PROBLEM_WRONG_STATE, "dictionary.entry_set", retire);
    assert_applied(world, "points.adjusted", ADJUST("a2", "100"));
    assert_applied(world, "dictionary.entry_set", retire);
    world_assert(world, PROBLEM_NOT_IN_DICTIONARY, "points.adjusted", LATER, ADJUST("a3", "1"));
}

static void only_what_may_expire_gets_a_last_day(void **state) {
    struct world *world = *state;
    world_city(world);
    assert_refused(world, PROBLEM_OUT_OF_RANGE, "points.posted",
                   "{\"volunteer\":\"v1\",\"account\":\"time_bank\",\"reason\":\"x\",\"amount\":60,"
                   "\"expires\":\"2019-12-31\"}");
    assert_applied(
        world, "points.posted",
        "{\"volunteer\":\"v1\",\"account\":\"time_bank\",\"reason\":\"x\",\"amount\":60}");
    assert_balance(world, "2018-06-01", 0, 0);
    assert_checked(world);
}

/* ---- against a plain model ---- */

enum { GRANTS = 400, NEVER = 100000 };

/* Each grant by itself; what it has left, and its last day as a number of days from the first. */
struct plain {
    int64_t left[GRANTS], granted[GRANTS];
    int expires[GRANTS];
    uint64_t sequence[GRANTS];
    bool stands[GRANTS];
    size_t n;
    int64_t owed;
    uint64_t random;
};

static uint32_t draw(struct plain *plain, uint32_t below) {
    plain->random = plain->random * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (uint32_t)(plain->random >> 33) % below;
}

static int64_t plain_balance(const struct plain *plain, int day) {
    int64_t sum = 0;
    for (size_t i = 0; i < plain->n; i++)
        sum += plain->expires[i] >= day ? plain->left[i] : 0;
    return sum;
}

static void plain_expire(struct plain *plain, int day) {
    for (size_t i = 0; i < plain->n; i++)
        if (plain->expires[i] < day)
            plain->left[i] = 0;
}

static void take_left(struct plain *plain, size_t i, int64_t *wanted) {
    int64_t taken = plain->left[i] < *wanted ? plain->left[i] : *wanted;
    plain->left[i] -= taken;
    *wanted -= taken;
}

/* `first`: of those that end on that day before all others; -1: none. */
static void plain_take(struct plain *plain, int64_t wanted, int first) {
    for (size_t i = 0; i < plain->n; i++)
        if (plain->expires[i] == first)
            take_left(plain, i, &wanted);
    for (int day = 0; day <= 800; day++)
        for (size_t i = 0; i < plain->n; i++)
            if (plain->expires[i] == (day == 800 ? NEVER : day))
                take_left(plain, i, &wanted);
    plain->owed += wanted;
}

static void plain_grant(struct plain *plain, int64_t amount, int expires, uint64_t sequence) {
    int64_t repaid = plain->owed < amount ? plain->owed : amount;
    plain->owed -= repaid;
    plain->expires[plain->n] = expires;
    plain->left[plain->n] = amount - repaid;
    plain->granted[plain->n] = amount;
    plain->stands[plain->n] = true;
    plain->sequence[plain->n++] = sequence;
}

static void day_text(int day, char text[static 40], bool with_time) {
    char on[16];
    size_t size = date_format(date("2018-06-01") + day, on);
    snprintf(text, 40, "%.*s%s", (int)size, on, with_time ? "T12:00:00+08:00" : "");
}

static void grant_some(struct world *world, struct plain *plain, int day) {
    char data[512], time[40], last[40], more[64] = "";
    int64_t amount = draw(plain, 200) + 1;
    int expires = draw(plain, 3) ? day + (int)draw(plain, 5) * 20 : NEVER;
    day_text(day, time, true);
    day_text(expires == NEVER ? day : expires, last, false);
    if (expires != NEVER)
        snprintf(more, sizeof more, ",\"expires\":\"%s\"", last);
    snprintf(data, sizeof data,
             "{\"volunteer\":\"v1\",\"account\":\"points\",\"reason\":\"x\",\"record\":\"r1\","
             "\"amount\":%lld%s}",
             (long long)amount, more);
    world_assert(world, PROBLEM_NONE, "points.posted", time, data);
    plain_expire(plain, day);
    plain_grant(plain, amount, expires, world->sequence);
}

static void take_some(struct world *world, struct plain *plain, int day) {
    char data[512], time[40];
    int64_t amount = draw(plain, 300) + 1;
    bool there = amount <= plain_balance(plain, day);
    day_text(day, time, true);
    snprintf(data, sizeof data,
             "{\"adjustment\":\"a%u\",\"volunteer\":\"v1\",\"account\":\"points\",\"amount\":-%lld,"
             "\"reason\":\"x\",\"by\":\"clerk:1\"}",
             world->n_ids, (long long)amount);
    world_assert(world, there ? PROBLEM_NONE : PROBLEM_INSUFFICIENT_POINTS, "points.adjusted", time,
                 data);
    if (!there)
        return;
    plain_expire(plain, day);
    plain_take(plain, amount, -1);
}

static void take_one_back(struct world *world, struct plain *plain, int day) {
    char data[512], time[40];
    size_t i = plain->n ? draw(plain, (uint32_t)plain->n) : 0;
    if (!plain->n || !plain->stands[i])
        return;
    day_text(day, time, true);
    snprintf(data, sizeof data,
             "{\"volunteer\":\"v1\",\"account\":\"points\",\"reason\":\"x\",\"record\":\"r1\","
             "\"amount\":%lld,\"reverses\":%llu}",
             (long long)-plain->granted[i], (unsigned long long)plain->sequence[i]);
    world_assert(world, PROBLEM_NONE, "points.posted", time, data);
    plain_expire(plain, day);
    plain_take(plain, plain->granted[i], plain->expires[i]);
    plain->stands[i] = false;
}

static void a_random_history_ends_as_a_plain_model_has_it(void **state) {
    struct world *world = *state;
    struct plain plain = {.random = 20180601};
    world_city(world);
    record(world, "r1");
    for (int day = 0; day < 300; day++) {
        uint32_t what = draw(&plain, 10);
        if (what < 5)
            grant_some(world, &plain, day);
        else if (what < 8)
            take_some(world, &plain, day);
        else
            take_one_back(world, &plain, day);
        struct balance found = balance(world);
        assert_int_equal(balance_on(&found, date("2018-06-01") + day), plain_balance(&plain, day));
        assert_int_equal(found.owed, plain.owed);
        if (day % 50 == 49)
            assert_checked(world);
    }
    assert_true(plain.n > 100);
}

static void a_sum_that_is_wrong_is_found(void **state) {
    struct world *world = *state;
    struct store_head head = {0};
    struct ledger_row sums;
    struct view *view = NULL;
    uint32_t wrong = 99;
    world_city(world);
    assert_applied(world, "points.posted", POST("\"amount\":150"));
    uint32_t number = account(world, "points");
    char key[2] = {0, (char)(uint8_t)number};
    assert_int_equal(ledger_get(view_of(world), number, &sums), 0);
    sums.counters[LEDGER_ISSUE]--;
    head.sequence = world->sequence;
    assert_int_equal(store_flush(world->writer, &head), 0);
    store_put(world->writer, TABLE_LEDGER, (struct str){key, sizeof key},
              (struct str){(const char *)&sums, sizeof sums});
    store_accept(world->writer);
    head.sequence = ++world->sequence;
    assert_int_equal(store_flush(world->writer, &head), 0);
    assert_int_equal(store_view_open(world->store, &view), 0);
    assert_int_equal(ledger_check(view, &wrong), LEDGER_WRONG);
    assert_int_equal(wrong, number);
    view_close(view);
}

int main(void) {
#define T(name) cmocka_unit_test_setup_teardown(name, world_setup, world_teardown)
    const struct CMUnitTest tests[] = {
        T(a_grant_is_issued_to_a_person_and_both_sides_are_kept),
        T(what_ends_first_is_spent_first),
        T(what_is_over_does_not_count_and_moves_when_its_account_is_posted_to),
        T(a_lot_is_not_moved_away_before_its_last_day_is_over),
        T(what_is_taken_back_comes_from_its_own_lot_first),
        T(what_was_spent_already_is_owed_and_repaid_first),
        T(an_entry_is_taken_back_once_whole_or_in_parts),
        T(an_adjustment_is_refused_where_it_cannot_be_right),
        T(who_left_gets_nothing_more_but_may_be_taken_from),
        T(an_account_is_in_use_while_anybody_holds_or_owes_something),
        T(only_what_may_expire_gets_a_last_day),
        T(a_random_history_ends_as_a_plain_model_has_it),
        T(a_sum_that_is_wrong_is_found),
    };
    return cmocka_run_group_tests_name("ledger", tests, NULL, NULL);
}
