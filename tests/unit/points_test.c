/* Points: what records and people earn by the rules in force, taken back where a record is
 * corrected, withheld where a rule fails, and asked for again. */
#include "engine_fixture.h"

#include "domain/dictionaries.h"
#include "domain/points.h"
#include "domain/runs.h"

#define RULE(name, body)                                                                           \
    "return { name = '" name                                                                       \
    "', kind = 'points', title = 't', parameters = { ['2010-01-01'] = {} "                         \
    "}, decide = function(subject, parameters, context) " body " end, cases = {} }"
#define GRANT(amount, reason)                                                                      \
    "return { postings = { { account = 'points', amount = " amount ", reason = '" reason "' } } }"
#define NOTHING "return { postings = {} }"
#define ON_RECORDS(body) "if context.subject ~= 'record' then " NOTHING " end " body
#define ON_PEOPLE(body) "if context.subject ~= 'volunteer' then " NOTHING " end " body

static const struct result *activate(struct machine *machine, const char *name, unsigned revision,
                                     const char *scope, const char *text) {
    struct buf data = {0};
    buf_printf(&data,
               "{\"policy\":\"%s\",\"kind\":\"points\",\"revision\":\"%s:%u\",\"text\":", name,
               name, revision);
    buf_json_string(&data, str_from(text));
    if (scope)
        buf_printf(&data, ",\"scope\":\"%s\"", scope);
    buf_printf(&data,
               ",\"effective\":\"2010-01-01\",\"retroactivity\":\"from_now\",\"by\":\"test\""
               "}%c",
               0);
    const struct result *result = machine_send(machine, "policy.activated", data.data);
    assert_stored(result);
    buf_deinit(&data);
    return result;
}

static void city(struct machine *machine) {
    machine_city(machine);
    assert_stored(machine_send(machine, "dictionary.entry_set",
                               "{\"dictionary\":\"account\",\"code\":\"points\",\"title\":\"积分\","
                               "\"decimals\":2,\"may_expire\":true}"));
    machine_activate(machine, "acceptance");
    assert_stored(machine_send_at(machine, "v1", "2018-04-30T12:00:00+08:00",
                                  "volunteer.registered",
                                  "{\"volunteer\":\"v1\",\"region\":\"620502000000\"}"));
    assert_stored(machine_send_at(machine, "v2", "2018-04-30T12:00:00+08:00",
                                  "volunteer.registered",
                                  "{\"volunteer\":\"v2\",\"region\":\"620502000000\","
                                  "\"referred_by\":\"v1\"}"));
}

static const struct result *serve_as(struct machine *machine, const char *volunteer, unsigned day,
                                     unsigned hours, const char *method) {
    char data[512], time[64], id[16];
    snprintf(data, sizeof data,
             "{\"record\":\"r%u\",\"volunteer\":\"%s\",\"organisation\":\"o1\",\"starts\":"
             "\"2018-05-%02uT08:00:00+08:00\",\"ends\":\"2018-05-%02uT%02u:00:00+08:00\","
             "\"method\":\"%s\",\"recorder\":\"clerk:1\"}",
             day, volunteer, day, day, 8 + hours, method);
    snprintf(time, sizeof time, "2018-05-%02uT20:00:00+08:00", day);
    snprintf(id, sizeof id, "s%u", day);
    const struct result *result = machine_send_at(machine, id, time, "service.recorded", data);
    assert_stored(result);
    return result;
}

static const struct result *serve(struct machine *machine, unsigned day, unsigned hours) {
    return serve_as(machine, "v1", day, hours, "code");
}

static const struct result *correct(struct machine *machine, unsigned day, unsigned minutes) {
    char data[160];
    snprintf(data, sizeof data,
             "{\"record\":\"r%u\",\"minutes\":%u,\"reason\":\"x\",\"by\":\"clerk:2\"}", day,
             minutes);
    const struct result *result = machine_send(machine, "service.corrected", data);
    assert_stored(result);
    return result;
}

static const struct result *revoke_record(struct machine *machine, unsigned day) {
    char data[160];
    snprintf(data, sizeof data, "{\"record\":\"r%u\",\"reason\":\"x\",\"by\":\"clerk:2\"}", day);
    const struct result *result = machine_send(machine, "service.revoked", data);
    assert_stored(result);
    return result;
}

static void adjust(struct machine *machine, const char *id, int amount) {
    char data[200];
    snprintf(data, sizeof data,
             "{\"adjustment\":\"%s\",\"volunteer\":\"v1\",\"account\":\"points\",\"amount\":%d,"
             "\"reason\":\"x\",\"by\":\"clerk:1\"}",
             id, amount);
    assert_stored(machine_send(machine, "points.adjusted", data));
}

/* The decision at this place, which grants or takes that much. */
static const struct points_posted *posted(const struct result *result, size_t at, int64_t amount) {
    assert_true(at < result->n_decisions);
    assert_string_equal(result->decisions[at].type->name, "points.posted");
    const struct points_posted *data = result->decisions[at].data;
    assert_int_equal(data->amount, amount);
    return data;
}

static struct view *reader(struct machine *machine) {
    struct view *view = NULL;
    machine_commit(machine);
    assert_int_equal(store_view_open(machine->store, &view), 0);
    return view;
}

static void assert_balance(struct machine *machine, const char *volunteer, int64_t amount,
                           int64_t owed) {
    struct view *view = reader(machine);
    struct balance balance;
    uint32_t number = 0, wrong;
    assert_int_equal(thing_find(view, NOUN_VOLUNTEER, str_from(volunteer), &number), 0);
    assert_true(balance_get(view, number, 0, &balance) >= 0);
    int64_t there = balance_on(&balance, date_from_civil(2018, 6, 3));
    int outcome = ledger_check(view, &wrong);
    view_close(view);
    assert_int_equal(there, amount);
    assert_int_equal(balance.owed, owed);
    assert_int_equal(outcome, 0);
}

static void restart_from_nothing(struct machine *machine) {
    machine_stop(machine);
    char *directory = machine_path(machine, "state");
    assert_int_equal(store_remove(directory), 0);
    free(directory);
    assert_int_equal(machine_start(machine), 0);
}

static void an_accepted_record_earns_points_with_the_acknowledgement(void **state) {
    struct machine *machine = *state;
    city(machine);
    machine_activate(machine, "points");
    const struct result *result = serve(machine, 1, 2);
    assert_int_equal(result->n_decisions, 2);
    const struct points_posted *data = posted(result, 1, 200);
    assert_true(str_equal(data->volunteer, STR("v1")));
    assert_true(str_equal(data->record, STR("r1")));
    assert_true(str_equal(data->account, STR("points")));
    assert_int_equal(data->findings.n, 1);
    assert_int_equal(result->decisions[1].cause, result->sequence);
    assert_true(str_equal(result->decisions[1].revision, STR("points:1")));
    assert_true(result->decisions[1].facts.size > 0);
    assert_balance(machine, "v1", 200, 0);
}

static void what_was_entered_by_hand_earns_nothing(void **state) {
    struct machine *machine = *state;
    city(machine);
    machine_activate(machine, "points");
    assert_int_equal(serve_as(machine, "v1", 1, 2, "manual")->n_decisions, 1);
}

static void a_correction_takes_back_what_stood_and_grants_anew(void **state) {
    struct machine *machine = *state;
    city(machine);
    machine_activate(machine, "points");
    uint64_t sequence = serve(machine, 1, 2)->sequence;
    const struct result *result = correct(machine, 1, 90);
    assert_int_equal(result->n_decisions, 3);
    const struct points_posted *reversal = posted(result, 1, -200);
    assert_int_equal(reversal->reverses, sequence + 2);
    assert_true(str_equal(reversal->reason, STR("reversal")));
    assert_int_equal(reversal->findings.n, 0);
    posted(result, 2, 150);
    assert_balance(machine, "v1", 150, 0);
    result = revoke_record(machine, 1);
    assert_int_equal(result->n_decisions, 1);
    posted(result, 0, -150);
    assert_balance(machine, "v1", 0, 0);
}

static void what_was_spent_already_is_said_and_owed(void **state) {
    struct machine *machine = *state;
    city(machine);
    machine_activate(machine, "points");
    serve(machine, 1, 2);
    adjust(machine, "a1", -150);
    const struct result *result = revoke_record(machine, 1);
    const struct points_posted *reversal = posted(result, 0, -200);
    assert_int_equal(reversal->findings.n, 1);
    const struct finding *finding = reversal->findings.items;
    assert_true(str_equal(finding->code, STR("points_already_spent")));
    assert_int_equal(finding->value.integer, 150);
    assert_balance(machine, "v1", 0, 150);
    serve(machine, 2, 2);
    assert_balance(machine, "v1", 50, 0);
}

static void a_held_record_earns_once_it_is_reviewed(void **state) {
    struct machine *machine = *state;
    city(machine);
    machine_activate(machine, "points");
    serve(machine, 1, 4);
    const struct result *result =
        machine_send_at(machine, "late", "2018-06-03T10:00:00+08:00", "service.recorded",
                        "{\"record\":\"late\",\"volunteer\":\"v1\",\"organisation\":\"o1\","
                        "\"starts\":\"2018-02-01T08:00:00+08:00\",\"ends\":"
                        "\"2018-02-01T09:00:00+08:00\",\"method\":\"code\",\"recorder\":\"c:1\"}");
    assert_stored(result);
    assert_int_equal(result->n_decisions, 1);
    result = machine_send(machine, "service.reviewed",
                          "{\"record\":\"late\",\"outcome\":\"accepted\",\"reviewer\":\"c:2\"}");
    assert_stored(result);
    assert_int_equal(result->n_decisions, 1);
    posted(result, 0, 100);
}

static void every_rule_in_force_is_asked_about_the_same_state(void **state) {
    struct machine *machine = *state;
    city(machine);
    activate(machine, "points_b", 1, NULL, RULE("points_b", ON_RECORDS(GRANT("20", "b"))));
    activate(machine, "points_a", 1, NULL, RULE("points_a", ON_RECORDS(GRANT("10", "a"))));
    const struct result *result = serve(machine, 1, 2);
    assert_int_equal(result->n_decisions, 3);
    assert_true(str_equal(posted(result, 1, 10)->reason, STR("a")));
    assert_true(str_equal(posted(result, 2, 20)->reason, STR("b")));
    result = revoke_record(machine, 1);
    assert_int_equal(result->n_decisions, 2);
    assert_balance(machine, "v1", 0, 0);
}

static void the_nearest_scope_has_the_word_and_others_may_be_given_to(void **state) {
    struct machine *machine = *state;
    city(machine);
    activate(machine, "points_city", 1, NULL, RULE("points_city", ON_RECORDS(GRANT("5", "city"))));
    activate(machine, "points_own", 1, "620502000000",
             RULE("points_own",
                  ON_RECORDS("return { postings = { { account = 'points', amount = 7, reason = "
                             "'r', volunteer = subject.volunteer.referred_by.id } } }")));
    const struct result *result = serve_as(machine, "v2", 1, 2, "code");
    assert_int_equal(result->n_decisions, 2);
    assert_true(str_equal(posted(result, 1, 7)->volunteer, STR("v1")));
    assert_balance(machine, "v1", 7, 0);
    result = revoke_record(machine, 1);
    assert_true(str_equal(posted(result, 0, -7)->volunteer, STR("v1")));
    assert_balance(machine, "v1", 0, 0);
}

static void people_earn_by_what_happens_to_them(void **state) {
    struct machine *machine = *state;
    city(machine);
    activate(machine, "points", 1, NULL,
             RULE("points", ON_PEOPLE("if context.cause == 'volunteer.registered' then "
                                      "return { postings = { { account = 'points', amount = 1, "
                                      "reason = 'r' } } } end return { postings = { { account = "
                                      "'points', amount = 100 * subject.stars, reason = "
                                      "context.cause } } }")));
    const struct result *result = machine_send(
        machine, "volunteer.registered", "{\"volunteer\":\"v3\",\"region\":\"620502000000\"}");
    assert_stored(result);
    assert_int_equal(result->n_decisions, 1);
    posted(result, 0, 1);
    assert_stored(machine_activate_text(
        machine, "star_rating", 1,
        STR("return { name = 'star_rating', kind = 'star_rating', title = 't', decide = "
            "function(v) return v:minutes{} >= 120 and 2 or 0 end, cases = {} }"),
        "from_now"));
    result = serve_as(machine, "v2", 2, 2, "code");
    assert_int_equal(result->n_decisions, 3);
    assert_true(str_equal(posted(result, 2, 200)->reason, STR("star.changed")));
    assert_balance(machine, "v2", 200, 0);
}

static void await_runs(struct machine *machine) {
    for (int i = 0; i < 20000 && !machine->failure; i++) {
        struct view *view = reader(machine);
        struct run_row run;
        uint32_t number;
        int r = run_open(view, &number, &run);
        view_close(view);
        if (r == THING_NOT_FOUND)
            return;
        usleep(1000);
    }
    fail_msg("a run does not end");
}

static void stars_that_a_run_gives_earn_points_too(void **state) {
    struct machine *machine = *state;
    char live[65], replayed[65];
    city(machine);
    activate(machine, "points", 1, NULL,
             RULE("points", ON_PEOPLE("if context.cause ~= 'star.changed' then " NOTHING
                                      " end return { postings = { { account = 'points', amount = "
                                      "10 * subject.stars, reason = 's' } } }")));
    serve(machine, 1, 2);
    assert_stored(machine_activate_text(
        machine, "star_rating", 1,
        STR("return { name = 'star_rating', kind = 'star_rating', title = 't', decide = "
            "function(v) return v:minutes{} >= 120 and 2 or 1 end, cases = {} }"),
        "all_history"));
    await_runs(machine);
    assert_balance(machine, "v1", 20, 0);
    assert_balance(machine, "v2", 10, 0);
    machine_digest(machine, live);
    restart_from_nothing(machine);
    machine_digest(machine, replayed);
    assert_string_equal(live, replayed);
}

/* Held again by a later change, he is no newcomer when he is released. */
static void who_is_registered_earns_for_it_once(void **state) {
    struct machine *machine = *state;
    city(machine);
    activate(machine, "points", 1, NULL,
             RULE("points", ON_PEOPLE("if context.cause ~= 'volunteer.registered' then " NOTHING
                                      " end " GRANT("9", "r"))));
    assert_stored(machine_activate_text(
        machine, "registration", 1,
        STR("return { name = 'registration', kind = 'registration', title = 't', decide = "
            "function(v) return { outcome = v.party_status == 'other' and 'held' or 'accepted' } "
            "end, cases = {} }"),
        "from_now"));
    assert_stored(machine_send(
        machine, "volunteer.registered",
        "{\"volunteer\":\"v3\",\"region\":\"620502000000\",\"party_status\":\"other\"}"));
    assert_balance(machine, "v3", 0, 0);
    for (int i = 0; i < 3; i++) {
        assert_stored(
            machine_send(machine, "volunteer.updated",
                         "{\"volunteer\":\"v3\",\"changes\":{\"party_status\":\"none\"}}"));
        assert_balance(machine, "v3", 9, 0);
        assert_stored(
            machine_send(machine, "volunteer.updated",
                         "{\"volunteer\":\"v3\",\"changes\":{\"party_status\":\"other\"}}"));
        assert_balance(machine, "v3", 9, 0);
    }
    /* Registered first and held later: the same. */
    assert_stored(machine_send(
        machine, "volunteer.registered",
        "{\"volunteer\":\"v4\",\"region\":\"620502000000\",\"party_status\":\"none\"}"));
    assert_stored(machine_send(machine, "volunteer.updated",
                               "{\"volunteer\":\"v4\",\"changes\":{\"party_status\":\"other\"}}"));
    assert_stored(machine_send(machine, "volunteer.updated",
                               "{\"volunteer\":\"v4\",\"changes\":{\"party_status\":\"none\"}}"));
    assert_balance(machine, "v4", 9, 0);
}

static void nothing_is_asked_where_no_rule_was_ever_activated(void **state) {
    struct machine *machine = *state;
    city(machine);
    assert_int_equal(serve(machine, 1, 2)->n_decisions, 1);
    assert_int_equal(correct(machine, 1, 60)->n_decisions, 1);
}

/* ---- failing rules ---- */

static uint32_t n_withheld(struct machine *machine) {
    struct view *view = reader(machine);
    uint32_t n = withheld_last(view) - withheld_done(view);
    view_close(view);
    return n;
}

#define BROKEN RULE("points", "return subject.no_such_fact")
#define MENDED RULE("points", ON_RECORDS(GRANT("subject.counted_minutes", "m")))

static void a_rule_that_fails_posts_nothing_and_the_others_do(void **state) {
    struct machine *machine = *state;
    city(machine);
    activate(machine, "points", 1, NULL, BROKEN);
    activate(machine, "points_other", 1, NULL, RULE("points_other", ON_RECORDS(GRANT("3", "o"))));
    const struct result *result = serve(machine, 1, 2);
    assert_int_equal(result->n_decisions, 3);
    assert_string_equal(result->decisions[1].type->name, "points.withheld");
    const struct points_withheld *withheld = result->decisions[1].data;
    assert_true(str_equal(withheld->policy, STR("points")));
    assert_true(str_equal(withheld->record, STR("r1")));
    assert_true(str_equal(withheld->cause, STR("service.recorded")));
    assert_true(
        str_equal(((const struct finding *)withheld->findings.items)->code, STR("policy_failed")));
    posted(result, 2, 3);
    assert_int_equal(n_withheld(machine), 1);
}

static void the_next_activation_asks_again_and_posts_once(void **state) {
    struct machine *machine = *state;
    city(machine);
    activate(machine, "points", 1, NULL, BROKEN);
    activate(machine, "points_other", 1, NULL, RULE("points_other", ON_RECORDS(GRANT("3", "o"))));
    serve(machine, 1, 2);
    serve(machine, 2, 1);
    serve(machine, 3, 1);
    revoke_record(machine, 3);
    assert_int_equal(n_withheld(machine), 3);
    activate(machine, "points", 2, NULL, BROKEN);
    await_runs(machine);
    assert_int_equal(n_withheld(machine), 2); /* what was revoked is not asked about again */
    assert_balance(machine, "v1", 6, 0);
    activate(machine, "points", 3, NULL, MENDED);
    await_runs(machine);
    assert_int_equal(n_withheld(machine), 0);
    assert_balance(machine, "v1", 6 + 180, 0);
    activate(machine, "points", 4, NULL, MENDED);
    await_runs(machine);
    assert_balance(machine, "v1", 6 + 180, 0);
    const struct result *result = revoke_record(machine, 1);
    assert_int_equal(result->n_decisions, 2);
    assert_balance(machine, "v1", 3 + 60, 0);
}

static void what_was_decided_anew_meanwhile_is_not_asked_twice(void **state) {
    struct machine *machine = *state;
    city(machine);
    activate(machine, "points", 1, NULL, BROKEN);
    serve(machine, 1, 2);
    correct(machine, 1, 60);
    assert_int_equal(n_withheld(machine), 2);
    activate(machine, "points", 2, NULL, MENDED);
    await_runs(machine);
    assert_int_equal(n_withheld(machine), 0);
    assert_balance(machine, "v1", 60, 0);
}

static void people_are_asked_about_again_for_what_happened_then(void **state) {
    struct machine *machine = *state;
    city(machine);
    activate(machine, "points", 1, NULL, BROKEN);
    assert_stored(machine_send(machine, "volunteer.registered",
                               "{\"volunteer\":\"v3\",\"region\":\"620502000000\"}"));
    activate(machine, "points", 2, NULL,
             RULE("points", ON_PEOPLE("if context.cause ~= 'volunteer.registered' then " NOTHING
                                      " end " GRANT("9", "r"))));
    await_runs(machine);
    assert_int_equal(n_withheld(machine), 0);
    assert_balance(machine, "v3", 9, 0);
}

static void an_account_nobody_defined_withholds(void **state) {
    struct machine *machine = *state;
    city(machine);
    activate(machine, "points", 1, NULL,
             RULE("points", ON_RECORDS("return { postings = { { account = 'miles', amount = 1, "
                                       "reason = 'm' } } }")));
    const struct result *result = serve(machine, 1, 2);
    assert_stored(result);
    assert_string_equal(result->decisions[1].type->name, "points.withheld");
}

static void more_than_may_stand_of_one_record_is_withheld(void **state) {
    static const char many[] =
        "local list = {} for i = 1, 40 do list[i] = { account = 'points', amount = i, reason = "
        "'m' } end return { postings = list }";
    struct machine *machine = *state;
    char text[2][1024];
    city(machine);
    for (int i = 0; i < 2; i++) {
        char name[8] = {'p', (char)('a' + i)};
        snprintf(text[i], sizeof text[i],
                 "return { name = '%s', kind = 'points', title = 't', decide = function(subject, "
                 "parameters, context) if context.subject ~= 'record' then return { postings = {} "
                 "} end %s end, cases = {} }",
                 name, many);
        activate(machine, name, 1, NULL, text[i]);
    }
    const struct result *result = serve(machine, 1, 2);
    assert_int_equal(result->n_decisions, 1 + 40 + 1);
    assert_string_equal(result->decisions[41].type->name, "points.withheld");
    result = correct(machine, 1, 60);
    assert_int_equal(result->n_decisions, 1 + 40 + 40 + 1);
    assert_balance(machine, "v1", 820, 0);
}

/* What one event may decide has a limit, and a wrong rule never stops ingest: the rules that find
 * no room are withheld. */
static void activate_many(struct machine *machine, int n) {
    for (int i = 0; i < n; i++) {
        char name[8] = {'p', (char)('a' + i)}, text[1024];
        snprintf(text, sizeof text,
                 "return { name = '%s', kind = 'points', title = 't', decide = function(subject, "
                 "parameters, context) if context.subject ~= 'volunteer' then return { postings = "
                 "{} } end local list = {} for i = 1, 60 do list[i] = { account = 'points', "
                 "amount = 1, reason = 'm' } end return { postings = list } end, cases = {} }",
                 name);
        activate(machine, name, 1, NULL, text);
    }
}

static void more_than_one_event_may_decide_is_withheld(void **state) {
    struct machine *machine = *state;
    city(machine);
    activate_many(machine, 6);
    const struct result *result = machine_send(
        machine, "volunteer.registered", "{\"volunteer\":\"v3\",\"region\":\"620502000000\"}");
    assert_stored(result);
    assert_int_equal(result->n_decisions, 4 * 60 + 2);
    assert_string_equal(result->decisions[4 * 60].type->name, "points.withheld");
    assert_int_equal(n_withheld(machine), 2);
    activate(machine, "points", 1, NULL, BROKEN);
    await_runs(machine);
    assert_int_equal(n_withheld(machine), 0);
    assert_balance(machine, "v3", 6 * 60, 0);
}

/* The findings of many rules are more than an event may hold. */
static void many_words_are_withheld(void **state) {
    struct machine *machine = *state;
    city(machine);
    for (int i = 0; i < 60; i++) {
        char name[8] = {'p', (char)('a' + i / 10), (char)('a' + i % 10)}, text[1024];
        snprintf(text, sizeof text,
                 "return { name = '%s', kind = 'points', title = 't', decide = function(subject, "
                 "parameters, context) for i = 1, 190 do finding('why', ('x'):rep(240)) end return "
                 "{ postings = { { account = 'points', amount = 1, reason = 'm' } } } end, cases = "
                 "{} }",
                 name);
        activate(machine, name, 1, NULL, text);
    }
    assert_stored(machine_send(machine, "volunteer.registered",
                               "{\"volunteer\":\"v3\",\"region\":\"620502000000\"}"));
    assert_true(n_withheld(machine) > 30);
}

static void what_a_run_decides_too_much_of_is_withheld_and_replayed(void **state) {
    struct machine *machine = *state;
    char live[65], replayed[65];
    city(machine);
    activate_many(machine, 6);
    assert_stored(machine_activate_text(
        machine, "star_rating", 1,
        STR("return { name = 'star_rating', kind = 'star_rating', title = 't', decide = "
            "function(v) return 1 end, cases = {} }"),
        "all_history"));
    await_runs(machine);
    assert_balance(machine, "v1", 4 * 60, 0);
    assert_balance(machine, "v2", 4 * 60, 0);
    assert_int_equal(n_withheld(machine), 4);
    machine_digest(machine, live);
    restart_from_nothing(machine);
    machine_digest(machine, replayed);
    assert_string_equal(live, replayed);
}

/* ---- the journal ---- */

static void a_replay_comes_to_the_same_ledger_even_after_a_stop_within_a_run(void **state) {
    enum { DAYS = 25 };
    struct machine *machine = *state;
    char live[65], replayed[65];
    city(machine);
    activate(machine, "points", 1, NULL, BROKEN);
    machine_activate(machine, "star_rating");
    for (unsigned day = 1; day <= DAYS; day++)
        serve_as(machine, day % 3 ? "v1" : "v2", day, 1 + day % 9, day % 5 ? "code" : "manual");
    activate(machine, "points", 2, NULL, MENDED);
    machine_stop(machine); /* most likely within the run */
    assert_int_equal(machine_start(machine), 0);
    await_runs(machine);
    assert_int_equal(n_withheld(machine), 0);
    for (unsigned day = 1; day <= DAYS; day += 4)
        correct(machine, day, 30);
    adjust(machine, "a1", -500);
    for (unsigned day = 2; day <= DAYS; day += 4)
        revoke_record(machine, day);
    machine_digest(machine, live);
    restart_from_nothing(machine);
    machine_digest(machine, replayed);
    assert_string_equal(live, replayed);
}

int main(void) {
#define T(name) cmocka_unit_test_setup_teardown(name, machine_setup, machine_teardown)
    const struct CMUnitTest tests[] = {
        T(an_accepted_record_earns_points_with_the_acknowledgement),
        T(what_was_entered_by_hand_earns_nothing),
        T(a_correction_takes_back_what_stood_and_grants_anew),
        T(what_was_spent_already_is_said_and_owed),
        T(a_held_record_earns_once_it_is_reviewed),
        T(every_rule_in_force_is_asked_about_the_same_state),
        T(the_nearest_scope_has_the_word_and_others_may_be_given_to),
        T(people_earn_by_what_happens_to_them),
        T(stars_that_a_run_gives_earn_points_too),
        T(who_is_registered_earns_for_it_once),
        T(nothing_is_asked_where_no_rule_was_ever_activated),
        T(a_rule_that_fails_posts_nothing_and_the_others_do),
        T(the_next_activation_asks_again_and_posts_once),
        T(what_was_decided_anew_meanwhile_is_not_asked_twice),
        T(people_are_asked_about_again_for_what_happened_then),
        T(an_account_nobody_defined_withholds),
        T(more_than_may_stand_of_one_record_is_withheld),
        T(more_than_one_event_may_decide_is_withheld),
        T(many_words_are_withheld),
        T(what_a_run_decides_too_much_of_is_withheld_and_replayed),
        T(a_replay_comes_to_the_same_ledger_even_after_a_stop_within_a_run),
    };
    return cmocka_run_group_tests_name("points", tests, NULL, NULL);
}
