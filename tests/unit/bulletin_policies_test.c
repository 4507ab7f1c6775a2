/* The shipped bulletins and the shipped assessment over a city of their real size: seven counties,
 * 130 townships, 400 civilised units; they must stay far below the budgets. */
#include "policy_fixture.h"

#define UNITS 400
#define DAY "2018-06-30"

static char *read_script(struct asker *asker, const char *folder, const char *name) {
    char path[512], *text;
    size_t size;
    snprintf(path, sizeof path, SOURCE_DIR "/scripts/%s/%s.lua", folder, name);
    assert_int_equal(io_read_file(io_system(), path, 1 << 20, &text, &size), 0);
    char *copy = arena_string(&asker->arena, (struct str){text, size});
    free(text);
    return copy;
}

static void activate_file(struct asker *asker, const char *name, enum POLICY_KIND_choice kind) {
    struct library libraries[] = {read_library(asker, "indicators"),
                                  read_library(asker, "stations"), read_library(asker, "alarms"),
                                  read_library(asker, "tables")};
    struct policy_activated data = {.policy = str_from(name),
                                    .kind = (int32_t)kind,
                                    .revision = arena_printf(&asker->arena, "%s:1", name),
                                    .text = str_from(read_script(asker, "policies", name)),
                                    .library = {sizeof libraries / sizeof *libraries, libraries},
                                    .effective = date("2000-01-01"),
                                    .by = STR("clerk:1")};
    GIVE(&data, policy_activated, policy);
    GIVE(&data, policy_activated, kind);
    GIVE(&data, policy_activated, revision);
    GIVE(&data, policy_activated, text);
    GIVE(&data, policy_activated, library);
    GIVE(&data, policy_activated, effective);
    GIVE(&data, policy_activated, retroactivity);
    GIVE(&data, policy_activated, by);
    apply(asker, "policy.activated", &data);
}

static void tell(struct asker *asker, const char *type, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
static void tell(struct asker *asker, const char *type, const char *format, ...) {
    char data[1024];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(data, sizeof data, format, arguments);
    va_end(arguments);
    assert_applied(asker->world, type, data);
}

static void report(struct asker *asker, const char *figure, const char *kind, const char *id,
                   int value) {
    tell(asker, "figure.reported",
         "{\"figure\":\"%s\",\"subject\":{\"kind\":\"%s\",\"id\":\"%s\"},\"value\":%d,\"as_of\":"
         "\"2018-05-31\",\"origin\":\"test\"}",
         figure, kind, id, value);
}

static void add_unit(struct asker *asker, unsigned n) {
    char id[16];
    snprintf(id, sizeof id, "u%u", n);
    tell(asker, "organisation.defined",
         "{\"organisation\":\"%s\",\"name\":\"第%u单位\",\"kind\":\"enterprise\",\"region\":"
         "\"62050%u000000\"}",
         id, n, 2 + n % 2);
    tell(asker, "civilised_title.awarded",
         "{\"subject\":{\"kind\":\"organisation\",\"id\":\"%s\"},\"title\":\"unit\",\"level\":"
         "\"municipal\",\"on\":\"2018-06-01\"}",
         id);
    if (n % 10)
        report(asker, "staff", "organisation", id, (int)(n % 50) + 1);
}

static void build(struct asker *asker) {
    for (unsigned i = 1; i <= 5; i++)
        tell(asker, "region.defined",
             "{\"region\":\"62052%u000000\",\"name\":\"第%u县\",\"level\":\"county\",\"parent\":"
             "\"620500000000\"}",
             i, i);
    for (unsigned i = 0; i < 130; i++)
        tell(asker, "region.defined",
             "{\"region\":\"620502%03u000\",\"name\":\"第%u街道\",\"level\":\"township\","
             "\"parent\":\"620502000000\"}",
             100 + i, i);
    for (unsigned i = 0; i < UNITS; i++)
        add_unit(asker, i);
    report(asker, "built_up_residents", "region", "620500000000", 10);
    report(asker, "built_up_residents", "region", "620502000000", 8);
    report(asker, "built_up_residents", "region", "620503000000", 5);
    tell(asker, "plan.set",
         "{\"plan\":\"p1\",\"subject\":{\"kind\":\"region\",\"id\":\"620500000000\"},\"measure\":"
         "\"stations_built\",\"target\":122,\"due\":\"2018-12-31\"}");
}

/* The document, with a third of the budgets. */
static const char *print(struct asker *asker, enum BULLETIN_KIND_choice kind, const char *region,
                         int32_t at) {
    struct policy_limits third = POLICY_LIMITS_DEFAULT;
    struct answer answer;
    struct view *view = reader_view(asker->world);
    third.instructions /= 3;
    third.memory_bytes /= 3;
    policy_host_free(asker->host);
    asker->host = policy_host_new(&third);
    assert_int_equal(policy_host_sync(asker->host, view), 0);
    assert_int_equal(policy_bulletin(asker->host, view, &asker->world->stepper.city, kind,
                                     world_number(asker->world, NOUN_REGION, region), date(DAY), at,
                                     STR("2018-05"), &asker->arena, &answer),
                     0);
    bool failed = !answer.asked || answer.failed;
    const char *json = arena_string(&asker->arena, answer.json);
    view_close(view);
    if (failed)
        fail_msg("%s", arena_string(&asker->arena, answer.failure));
    return json;
}

static void assert_has(const char *json, const char *words) {
    if (!strstr(json, words))
        fail_msg("'%s' is not in: %s", words, json);
}

static void the_page_the_mayor_asks_for_stays_far_below_the_budget(void **state) {
    struct asker *asker = *state;
    activate_file(asker, "bulletin_registration", POLICY_KIND_BULLETIN);
    build(asker);
    const char *json = print(asker, BULLETIN_KIND_REGISTRATION, "620500000000", COUNTER_NOW);
    assert_has(json, "\"title\":\"天水市志愿者注册工作通报\"");
    assert_has(json, "[1,\"麦积区\",1,5,[1,5],\"met\",0],[2,\"秦州区\",1,8,[1,8],\"not_met\",1]");
    assert_has(json, "[null,\"第1县\",0,null,null,\"no_data\",null]");
    assert_has(json, "\"total\":[null,\"天水市\",2,10,[2,10],\"met\",0]");
    assert_has(json, "另有 385 个单位未列出");
    assert_has(json, "\"total\":[\"天水市\",400,0,40,");
    assert_has(json, "目标 122 个，还差 122 个");
    /* before anything was known */
    json = print(asker, BULLETIN_KIND_REGISTRATION, "620500000000", date("2018-05-31"));
    assert_has(json, "\"total\":[null,\"天水市\",0,null,null,\"no_data\",null]");
    assert_has(json, "尚无市级及以上文明单位。");
    /* a county by its townships */
    json = print(asker, BULLETIN_KIND_REGISTRATION, "620502000000", COUNTER_NOW);
    assert_has(json, "第129街道");
    assert_has(json, "本级单位");
}

static void the_other_bulletins_stay_far_below_it(void **state) {
    struct asker *asker = *state;
    activate_file(asker, "bulletin_station", POLICY_KIND_BULLETIN);
    activate_file(asker, "bulletin_assessment", POLICY_KIND_BULLETIN);
    activate_file(asker, "bulletin_activity", POLICY_KIND_BULLETIN);
    activate_file(asker, "bulletin_funds", POLICY_KIND_BULLETIN);
    build(asker);
    assert_has(print(asker, BULLETIN_KIND_STATION, "620500000000", COUNTER_NOW), "122");
    assert_has(print(asker, BULLETIN_KIND_STATION, "620502000000", COUNTER_NOW), "第129街道");
    assert_has(print(asker, BULLETIN_KIND_ASSESSMENT, "620500000000", COUNTER_NOW),
               "三项指标达标 1 项");
    assert_has(print(asker, BULLETIN_KIND_ASSESSMENT, "620502000000", COUNTER_NOW), "第129街道");
    assert_has(print(asker, BULLETIN_KIND_ACTIVITY, "620502000000", COUNTER_NOW), "第129街道");
    assert_has(print(asker, BULLETIN_KIND_FUNDS, "620502000000", COUNTER_NOW), "第129街道");
}

static void the_shipped_assessment_answers_for_regions_and_units(void **state) {
    struct asker *asker = *state;
    struct answer *answers;
    size_t n;
    activate_file(asker, "assessment", POLICY_KIND_ASSESSMENT);
    build(asker);
    struct view *view = asker->world->stepper.context.view;
    assert_int_equal(policy_host_sync(asker->host, view), 0);
    assert_int_equal(policy_assess(asker->host, view, &asker->world->stepper.city, NOUN_REGION,
                                   world_number(asker->world, NOUN_REGION, "620500000000"),
                                   date(DAY), COUNTER_NOW, CAUSE_ON_DEMAND, STR_NONE, &asker->arena,
                                   &answers, &n),
                     0);
    assert_int_equal(n, 1);
    assert_has(
        arena_string(&asker->arena, answers[0].json),
        "\"id\":\"registered\",\"title\":\"建成区常住人口注册率\",\"value\":\"20.00%\",\"target\":"
        "\"> 13%\",\"state\":\"met\"");
    assert_has(arena_string(&asker->arena, answers[0].json), "\"units_without_staff\":40");
    assert_int_equal(
        policy_assess(asker->host, view, &asker->world->stepper.city, NOUN_ORGANISATION,
                      world_number(asker->world, NOUN_ORGANISATION, "u1"), date(DAY), COUNTER_NOW,
                      CAUSE_ON_DEMAND, STR_NONE, &asker->arena, &answers, &n),
        0);
    assert_has(arena_string(&asker->arena, answers[0].json),
               "\"id\":\"unit_staff\",\"title\":\"干部职工注册率\",\"value\":\"0.00%\"");
}

int main(void) {
#define TEST(name) cmocka_unit_test_setup_teardown(name, asker_setup, asker_teardown)
    const struct CMUnitTest tests[] = {
        TEST(the_page_the_mayor_asks_for_stays_far_below_the_budget),
        TEST(the_other_bulletins_stay_far_below_it),
        TEST(the_shipped_assessment_answers_for_regions_and_units),
    };
#undef TEST
    return cmocka_run_group_tests(tests, NULL, NULL);
}
