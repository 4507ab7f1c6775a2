/* What policies read of regions and organisations: as things stand, and as they were known at the
 * end of a past day. */
#include "policy_fixture.h"

#define JUNE "2018-06-30"

/* What the expression (a text or list of texts) says of a region, by a bulletin policy. */
static const char *say_in(struct asker *asker, struct view *view, const char *region,
                          const char *as_of, int32_t at, const char *expression) {
    char text[2048];
    struct answer answer;
    snprintf(text, sizeof text,
             "return { decide = function(s, p, c) return { sections = {}, text = { %s } } end }",
             expression);
    activate_named(asker, "bulletin_funds", POLICY_KIND_BULLETIN, NULL, "2000-01-01", NULL, text);
    struct view *engine = asker->world->stepper.context.view;
    assert_int_equal(policy_host_sync(asker->host, engine), 0);
    assert_int_equal(policy_bulletin(asker->host, view ? view : engine, &asker->world->stepper.city,
                                     BULLETIN_KIND_FUNDS,
                                     world_number(asker->world, NOUN_REGION, region), date(as_of),
                                     at, STR("2018-06"), &asker->arena, &answer),
                     0);
    if (answer.failed)
        return arena_string(&asker->arena, answer.failure);
    return arena_string(&asker->arena, answer.json);
}

#define assert_says(asker, region, expression, text)                                               \
    assert_says_at(asker, region, JUNE, COUNTER_NOW, expression, text, __LINE__)

static void assert_says_at(struct asker *asker, const char *region, const char *as_of, int32_t at,
                           const char *expression, const char *text, int line) {
    char wanted[1024];
    const char *got = say_in(asker, NULL, region, as_of, at, expression);
    snprintf(wanted, sizeof wanted, "{\"sections\":[],\"text\":[%s]}", text);
    if (strcmp(got, wanted) != 0)
        fail_msg("line %d: %s gives %s, not %s", line, expression, got, wanted);
}

static void assert_fails(struct asker *asker, const char *expression, const char *words) {
    const char *got = say_in(asker, NULL, "620502000000", JUNE, COUNTER_NOW, expression);
    if (!strstr(got, words))
        fail_msg("%s: '%s' is not in: %s", expression, words, got);
}

static void at_day(struct asker *asker, const char *day, const char *type, const char *data) {
    char time[40];
    snprintf(time, sizeof time, "%sT12:00:00+08:00", day);
    world_assert(asker->world, PROBLEM_NONE, type, time, data);
}

#define REPORT(figure, value, as_of)                                                               \
    "{\"figure\":\"" figure "\",\"subject\":{\"kind\":\"region\",\"id\":\"620502000000\"},"        \
    "\"value\":" value ",\"as_of\":\"" as_of "\",\"origin\":\"年鉴\"}"

static void figures_are_of_their_day_and_known_on_theirs(void **state) {
    struct asker *asker = *state;
    at_day(asker, "2018-06-02", "figure.reported",
           REPORT("built_up_residents", "1000", "2018-01-01"));
    at_day(asker, "2018-06-20", "figure.reported",
           REPORT("built_up_residents", "2000", "2018-06-01"));
    assert_says(asker, "620502000000", "tostring(s:figure('built_up_residents'))", "\"2000\"");
    assert_says(asker, "620502000000", "tostring(s:figure('built_up_residents', '2018-05-31'))",
                "\"1000\"");
    assert_says(asker, "620502000000", "tostring(s:figure('residents'))", "\"nil\"");
    assert_says_at(asker, "620502000000", JUNE, date("2018-06-19"),
                   "tostring(s:figure('built_up_residents'))", "\"1000\"", __LINE__);
    assert_says_at(asker, "620502000000", JUNE, date("2018-06-01"),
                   "tostring(s:figure('built_up_residents'))", "\"nil\"", __LINE__);
    assert_fails(asker, "tostring(s:figure('resident'))", "did you mean 'residents'");
    assert_fails(asker, "tostring(s:figure('residents', 'x'))", "a date such as");
    assert_fails(asker, "tostring(s:figure())", "a text is expected");
}

static void counts_are_of_all_time_or_of_whole_months(void **state) {
    struct asker *asker = *state;
    assert_says(asker, "620503000000", "tostring(s:count('activities'))", "\"1\"");
    assert_says(asker, "620503000000",
                "tostring(s:count('activities', { from = '2018-05-01', to = '2018-05-31' }))",
                "\"1\"");
    assert_says(asker, "620503000000",
                "tostring(s:count('activities', { from = '2018-06-01' })), "
                "tostring(s:count('activities', { to = '2018-05-31' }))",
                "\"0\",\"1\"");
    assert_says(asker, "620500000000", "tostring(s:count('volunteers'))", "\"2\"");
    assert_says_at(asker, "620500000000", "2018-05-31", date("2018-05-31"),
                   "tostring(s:count('volunteers'))", "\"0\"", __LINE__);
    assert_fails(asker, "tostring(s:count('volunteer'))", "did you mean 'volunteers'");
    assert_fails(asker, "tostring(s:count('volunteers', { from = '2018-05-01' }))",
                 "counted as it stands, not over months");
    assert_fails(asker, "tostring(s:count('minutes', { from = '2018-05-02' }))",
                 "the first day of a month");
    assert_fails(asker, "tostring(s:count('minutes', { to = '2018-05-30' }))",
                 "the last day of a month");
    assert_fails(asker, "tostring(s:count('minutes', { until_ = '2018-05-30' }))",
                 "count has no argument 'until_'");
    assert_fails(asker, "tostring(s:count('minutes', { name = 'records' }))",
                 "count has no argument 'name'");
}

#define AWARD(level, on)                                                                           \
    "{\"subject\":{\"kind\":\"organisation\",\"id\":\"o1\"},\"title\":\"unit\",\"level\":\"" level \
    "\","                                                                                          \
    "\"on\":\"" on "\"}"

static void plans_and_titles_are_as_known(void **state) {
    struct asker *asker = *state;
    at_day(asker, "2018-06-02", "plan.set",
           "{\"plan\":\"p1\",\"subject\":{\"kind\":\"region\",\"id\":\"620502000000\"},"
           "\"measure\":\"stations_opened\",\"target\":47,\"due\":\"2018-10-31\"}");
    at_day(asker, "2018-06-02", "civilised_title.awarded",
           "{\"subject\":{\"kind\":\"region\",\"id\":\"620502001001\"},\"title\":\"community\","
           "\"level\":\"municipal\",\"on\":\"2018-06-02\"}");
    assert_says(asker, "620502000000",
                "s:plan('stations_opened').due .. s:plan('stations_opened').target, "
                "tostring(s:plan('stations_built'))",
                "\"2018-10-3147\",\"nil\"");
    assert_says_at(asker, "620502000000", JUNE, date("2018-06-01"),
                   "tostring(s:plan('stations_opened'))", "\"nil\"", __LINE__);
    assert_says(asker, "620502001001",
                "s.titles[1].title .. s.titles[1].level .. s.titles[1].on .. #s.titles",
                "\"communitymunicipal2018-06-021\"");
    assert_says_at(asker, "620502001001", JUNE, date("2018-06-01"), "'n' .. #s.titles", "\"n0\"",
                   __LINE__);
    assert_fails(asker, "s:plan('station_built')", "did you mean 'stations_built'");
}

static void children_are_regions_with_facts_of_their_own(void **state) {
    struct asker *asker = *state;
    assert_says(asker, "620500000000",
                "s.children[1].name .. s.children[2].name .. #s.children, "
                "tostring(s.children[1]:count('volunteers')), s.children[1].children[1].name",
                "\"秦州区麦积区2\",\"1\",\"大城街道\"");
    assert_says(asker, "620502001001", "'n' .. #s.children", "\"n0\"");
    char text[] = "return { decide = function(s) local list = s.children return { sections = {}, "
                  "text = { list[1].name .. list[2]:count('volunteers') } } end }";
    activate_named(asker, "bulletin_station", POLICY_KIND_BULLETIN, NULL, "2000-01-01", NULL, text);
    struct view *view = asker->world->stepper.context.view;
    struct answer answer;
    assert_int_equal(policy_host_sync(asker->host, view), 0);
    assert_int_equal(policy_bulletin(asker->host, view, &asker->world->stepper.city,
                                     BULLETIN_KIND_STATION, 1, date(JUNE), COUNTER_NOW, STR_NONE,
                                     &asker->arena, &answer),
                     0);
    buf_reset(&asker->json);
    facts_to_json(answer.facts, &asker->json);
    buf_put_byte(&asker->json, 0);
    assert_string_equal(
        asker->json.data,
        "[{\"fact\":\"children\",\"arguments\":\"\",\"value\":[\"620502000000\",\"620503000000\"]},"
        "{\"fact\":\"children[620502000000].name\",\"arguments\":\"\",\"value\":\"秦州区\"},"
        "{\"fact\":\"children[620503000000].count\",\"arguments\":\"name=volunteers\",\"value\":1}"
        "]");
}

static void an_organisations_children_are_those_below_it(void **state) {
    struct asker *asker = *state;
    at_day(asker, "2018-06-02", "organisation.defined",
           "{\"organisation\":\"o2\",\"name\":\"下属\",\"kind\":\"school\",\"region\":"
           "\"620502000000\",\"parent\":\"o1\"}");
    activate_named(asker, "a", POLICY_KIND_ASSESSMENT, NULL, "2000-01-01", NULL,
                   "return { decide = function(s) return { indicators = { { id = 'n', state = "
                   "s.children[1].name, value = #s.children } } } end }");
    struct view *view = asker->world->stepper.context.view;
    struct answer *answers;
    size_t n;
    assert_int_equal(policy_host_sync(asker->host, view), 0);
    assert_int_equal(policy_assess(asker->host, view, &asker->world->stepper.city,
                                   NOUN_ORGANISATION, 1, date(JUNE), COUNTER_NOW, CAUSE_ON_DEMAND,
                                   STR_NONE, &asker->arena, &answers, &n),
                     0);
    assert_string_equal(arena_string(&asker->arena, answers[0].json),
                        "[{\"id\":\"n\",\"value\":1,\"state\":\"下属\"}]");
}

static void units_are_listed_where_the_state_can_be_searched(void **state) {
    struct asker *asker = *state;
    at_day(asker, "2018-06-02", "organisation.defined",
           "{\"organisation\":\"o2\",\"name\":\"麦积单位\",\"kind\":\"school\",\"region\":"
           "\"620503000000\"}");
    at_day(asker, "2018-06-03", "civilised_title.awarded", AWARD("provincial", "2018-06-03"));
    assert_fails(asker, "s.units[1].name", "units are listed for bulletins only");
    struct view *view = reader_view(asker->world);
    const char *units = "'n' .. #s.units";
    assert_string_equal(say_in(asker, view, "620502000000", JUNE, COUNTER_NOW,
                               "s.units[1].name .. s.units[1].titles[1].level .. #s.units"),
                        "{\"sections\":[],\"text\":[\"单位provincial1\"]}");
    assert_string_equal(say_in(asker, view, "620500000000", JUNE, COUNTER_NOW, units),
                        "{\"sections\":[],\"text\":[\"n1\"]}");
    assert_string_equal(say_in(asker, view, "620503000000", JUNE, COUNTER_NOW, units),
                        "{\"sections\":[],\"text\":[\"n0\"]}");
    assert_string_equal(say_in(asker, view, "620500000000", JUNE, date("2018-06-02"), units),
                        "{\"sections\":[],\"text\":[\"n0\"]}");
    view_close(view);
}

static void the_context_has_a_calendar_and_a_period(void **state) {
    struct asker *asker = *state;
    at_day(asker, "2018-06-02", "calendar.day_set",
           "{\"date\":\"2018-10-01\",\"kind\":\"holiday\"}");
    at_day(asker, "2018-06-02", "calendar.day_set",
           "{\"date\":\"2018-09-29\",\"kind\":\"workday\"}");
    assert_says(
        asker, "620502000000",
        "c.calendar:kind('2018-10-01'), c.calendar:kind('2018-09-29'), "
        "c.calendar:kind('2018-09-30'), c.calendar:kind('2018-10-02'), "
        "c.calendar:working_days('2018-09-28', 2), c.calendar:working_days('2018-09-30', 0)",
        "\"holiday\",\"workday\",\"rest\",\"workday\",\"2018-10-02\",\"2018-09-30\"");
    assert_says(asker, "620502000000", "c.period .. c.as_of .. c.cause .. c.subject .. c.year",
                "\"2018-062018-06-30on_demandregion2018\"");
}

static void a_volunteers_teams_are_those_of_the_day(void **state) {
    struct asker *asker = *state;
    at_day(asker, "2018-06-02", "team.formed",
           "{\"team\":\"t1\",\"name\":\"夕阳红\",\"category\":\"elderly\",\"region\":"
           "\"620502000000\",\"legal_status\":\"grassroots\"}");
    at_day(asker, "2018-06-03", "team.joined", "{\"team\":\"t1\",\"volunteer\":\"v1\"}");
    at_day(asker, "2018-06-10", "team.left", "{\"team\":\"t1\",\"volunteer\":\"v1\"}");
    activate(asker, POLICY_KIND_STAR_RATING, NULL, "2000-01-01", NULL,
             "return { decide = function(v) local teams = v.teams for _, team in ipairs(teams) do "
             "finding('team', team.id .. team.name .. team.category .. team.joined_on) end return "
             "#teams end }");
    struct view *view = asker->world->stepper.context.view;
    assert_int_equal(policy_host_sync(asker->host, view), 0);
    static const struct {
        const char *on;
        int64_t n;
    } days[] = {{"2018-06-02", 0}, {"2018-06-03", 1}, {"2018-06-09", 1}, {"2018-06-10", 0}};
    for (size_t i = 0; i < sizeof days / sizeof *days; i++) {
        struct question question = {
            .kind = POLICY_KIND_STAR_RATING, .number = 1, .date = date(days[i].on)};
        struct answer answer;
        assert_int_equal(policy_evaluate(asker->host, view, &asker->world->stepper.city, &question,
                                         CAUSE_EVENT, STR("x"), &asker->arena, &answer),
                         0);
        assert_false(answer.failed);
        assert_int_equal(answer.stars, days[i].n);
        if (answer.stars) {
            const struct finding *finding = answer.findings.items;
            assert_string_equal(arena_string(&asker->arena, finding->value.text),
                                "t1夕阳红elderly2018-06-03");
        }
    }
}

int main(void) {
#define TEST(name) cmocka_unit_test_setup_teardown(name, asker_setup, asker_teardown)
    const struct CMUnitTest tests[] = {
        TEST(figures_are_of_their_day_and_known_on_theirs),
        TEST(counts_are_of_all_time_or_of_whole_months),
        TEST(plans_and_titles_are_as_known),
        TEST(children_are_regions_with_facts_of_their_own),
        TEST(an_organisations_children_are_those_below_it),
        TEST(units_are_listed_where_the_state_can_be_searched),
        TEST(the_context_has_a_calendar_and_a_period),
        TEST(a_volunteers_teams_are_those_of_the_day),
    };
#undef TEST
    return cmocka_run_group_tests(tests, NULL, NULL);
}
