/* What policies read of a person's service in windows, by category, method, activity, project,
 * organisation, role and region: against a plain model that knows every minute of every record. */
#include "policy_fixture.h"

#include "seeds.h"

#define N_RECORDS 60
#define N_QUESTIONS 60
#define ZONE_MINUTES 480

struct plain_record {
    char id[16];
    int activity; /* of the table below; -1: none */
    const char *organisation;
    const char *role;
    const char *method;
    int64_t starts; /* minute since 1970, UTC */
    int span;
    int counted; /* 0: does not count */
    int trees;
};

struct plain_city {
    struct asker *asker;
    unsigned seed;
    struct plain_record records[N_RECORDS];
};

static const struct {
    const char *id;
    const char *category;
    const char *region;
    const char *project;
} activities[] = {
    {"w:1", "elderly", "620502001001", "p:1"},
    {"w:2", "ecology", "620502001000", "p:1"},
    {"w:3", "elderly", "620503000000", "p:2"},
    {"w:4", "ecology", "620503000000", NULL},
};
#define N_ACTIVITIES ((int)(sizeof activities / sizeof *activities))
static const char *const organisations[] = {"o1", "o:2"};
static const char *const roles[] = {"leader", "member", NULL};
static const char *const methods[] = {"automatic", "code", "manual", "import"};

static int dice(struct plain_city *city, int n) {
    return rand_r(&city->seed) % n;
}

/* ---- the city ---- */

static void define_project(struct plain_city *city, const char *id) {
    char data[256];
    snprintf(
        data, sizeof data,
        "{\"project\":\"%s\",\"title\":\"t\",\"category\":\"elderly\",\"organisation\":\"o1\"}",
        id);
    assert_applied(city->asker->world, "project.defined", data);
}

static void publish(struct plain_city *city, int i) {
    char data[1024], project[64] = "";
    if (activities[i].project)
        snprintf(project, sizeof project, "\"project\":\"%s\",", activities[i].project);
    snprintf(data, sizeof data,
             "{\"activity\":\"%s\",\"title\":\"t\",\"content\":\"c\",\"category\":\"%s\",\"kind\":"
             "\"service\",\"organisation\":\"o1\",\"region\":\"%s\",%s\"place\":{\"text\":\"p\"},"
             "\"starts\":\"2017-01-01T08:00:00+08:00\",\"ends\":\"2020-12-31T18:00:00+08:00\","
             "\"places\":10,\"risk\":\"r\"}",
             activities[i].id, activities[i].category, activities[i].region, project);
    assert_applied(city->asker->world, "activity.published", data);
}

static void define_all(struct plain_city *city) {
    struct world *world = city->asker->world;
    define_project(city, "p:1");
    define_project(city, "p:2");
    assert_applied(world, "organisation.defined",
                   "{\"organisation\":\"o:2\",\"name\":\"学校\",\"kind\":\"school\",\"region\":"
                   "\"620503000000\"}");
    for (int i = 0; i < N_ACTIVITIES; i++)
        publish(city, i);
}

/* ---- records ---- */

/* Starts around what is easily got wrong: midnights, the ends of months and years, a leap day. */
static int64_t draw_start(struct plain_city *city) {
    static const char *const days[] = {"2017-12-31", "2018-01-01", "2018-02-28", "2019-12-31",
                                       "2020-01-31", "2020-02-28", "2020-02-29", "2020-03-01"};
    int32_t first = date("2017-12-01");
    int32_t on = dice(city, 2) ? date(days[dice(city, 8)]) : first + dice(city, 820);
    int minute = dice(city, 3) == 0 ? 1440 - dice(city, 3) : dice(city, 1440);
    return (int64_t)on * 1440 + minute - ZONE_MINUTES;
}

static void put_time(char text[static 40], int64_t minute) {
    char day_text[16];
    int64_t local = minute + ZONE_MINUTES;
    date_format((int32_t)(local / 1440), day_text);
    snprintf(text, 40, "%.10sT%02d:%02d:00+08:00", day_text, (int)(local % 1440 / 60),
             (int)(local % 60));
}

static void send_record(struct plain_city *city, const struct plain_record *record) {
    char data[1024], starts[40], ends[40], place[64] = "", role[64] = "", trees[64] = "";
    put_time(starts, record->starts);
    put_time(ends, record->starts + record->span);
    if (record->activity >= 0)
        snprintf(place, sizeof place, "\"activity\":\"%s\",", activities[record->activity].id);
    if (record->role)
        snprintf(role, sizeof role, "\"role\":\"%s\",", record->role);
    if (record->trees)
        snprintf(trees, sizeof trees, "\"quantities\":{\"trees\":%d,\"benches\":1},",
                 record->trees);
    snprintf(data, sizeof data,
             "{\"record\":\"%s\",\"volunteer\":\"v1\",%s%s%s\"organisation\":\"%s\",\"starts\":"
             "\"%s\",\"ends\":\"%s\",\"method\":\"%s\",\"recorder\":\"clerk:1\"}",
             record->id, place, role, trees, record->organisation, starts, ends, record->method);
    world_assert(city->asker->world, PROBLEM_NONE, "service.recorded", "2020-12-31T12:00:00+08:00",
                 data);
}

static void decide(struct plain_city *city, const char *id, const char *outcome, int minutes) {
    char data[256];
    snprintf(data, sizeof data, "{\"record\":\"%s\",\"outcome\":\"%s\",\"minutes\":%d}", id,
             outcome, minutes);
    assert_applied(city->asker->world, "service.decided", data);
}

static void tell(struct plain_city *city, const char *type, const char *id, const char *rest) {
    char data[256];
    snprintf(data, sizeof data, "{\"record\":\"%s\",%s\"reason\":\"r\",\"by\":\"clerk:9\"}", id,
             rest);
    assert_applied(city->asker->world, type, data);
}

/* Accepted (sometimes for more than its span, or for nothing), held, refused, revoked or corrected.
 */
static void settle(struct plain_city *city, struct plain_record *record) {
    int fate = dice(city, 10);
    int counted =
        dice(city, 4) == 0 ? record->span + dice(city, 120) : dice(city, record->span + 1);
    if (fate == 0) {
        decide(city, record->id, "held", record->span);
        return;
    }
    if (fate == 1) {
        decide(city, record->id, "refused", 0);
        return;
    }
    decide(city, record->id, "accepted", counted);
    if (fate == 2) {
        tell(city, "service.revoked", record->id, "");
        return;
    }
    if (fate == 3) {
        char rest[64];
        counted = dice(city, record->span + 1);
        snprintf(rest, sizeof rest, "\"minutes\":%d,", counted);
        tell(city, "service.corrected", record->id, rest);
        decide(city, record->id, "accepted", counted);
    }
    record->counted = counted ? counted : -1; /* -1: counts, but for nothing */
}

static void draw_record(struct plain_city *city, int n) {
    struct plain_record *record = &city->records[n];
    *record = (struct plain_record){.activity = dice(city, N_ACTIVITIES + 1) - 1,
                                    .organisation = organisations[dice(city, 2)],
                                    .role = roles[dice(city, 3)],
                                    .method = methods[dice(city, 4)],
                                    .starts = draw_start(city),
                                    .span = 1 + dice(city, dice(city, 8) ? 600 : 3000),
                                    .trees = dice(city, 3) ? 0 : 1 + dice(city, 20)};
    snprintf(record->id, sizeof record->id, "s:%d", n);
    send_record(city, record);
    settle(city, record);
}

/* ---- the model ---- */

struct plain_question {
    int32_t from; /* 0: open */
    int32_t to;
    const char *category;
    const char *method;
    const char *activity;
    const char *project;
    const char *organisation;
    const char *role;
    const char *region;
};

static const char *region_of(const struct plain_record *record) {
    if (record->activity >= 0)
        return activities[record->activity].region;
    return strcmp(record->organisation, "o1") == 0 ? "620502001000" : "620503000000";
}

/* Codes of the small city say where they lie: 6205, 02, 001, 001. */
static bool lies_in(const char *region, const char *above) {
    static const size_t lengths[] = {4, 6, 9, 12};
    size_t n = 0;
    while (n < 3 && strspn(above + lengths[n], "0") != 12 - lengths[n])
        n++;
    return strncmp(region, above, lengths[n]) == 0;
}

static bool is_of(const struct plain_record *record, const struct plain_question *question) {
    const char *category = record->activity >= 0 ? activities[record->activity].category : "";
    const char *activity = record->activity >= 0 ? activities[record->activity].id : "";
    const char *project = record->activity >= 0 ? activities[record->activity].project : NULL;
#define FITS(wanted, has) (!(wanted) || strcmp(wanted, (has) ? (has) : "") == 0)
    return FITS(question->category, category) && FITS(question->method, record->method) &&
           FITS(question->activity, activity) && FITS(question->project, project) &&
           FITS(question->organisation, record->organisation) &&
           FITS(question->role, record->role) &&
           (!question->region || lies_in(region_of(record), question->region));
#undef FITS
}

static int32_t minute_date(int64_t minute) {
    return (int32_t)((minute + ZONE_MINUTES) / 1440);
}

static bool is_within(int32_t on, const struct plain_question *question) {
    return (!question->from || on >= question->from) && (!question->to || on <= question->to);
}

/* Minute by minute; what is credited beyond the span counts on its last day. */
static int64_t model_minutes(const struct plain_city *city, const struct plain_question *question,
                             int except) {
    int64_t sum = 0;
    for (int i = 0; i < N_RECORDS; i++) {
        const struct plain_record *record = &city->records[i];
        if (i == except || !is_of(record, question))
            continue;
        for (int k = 0; k < record->counted; k++)
            sum += is_within(
                minute_date(record->starts + (k < record->span ? k : record->span - 1)), question);
    }
    return sum;
}

static int64_t model_trees(const struct plain_city *city, const struct plain_question *question,
                           int except) {
    int64_t sum = 0;
    for (int i = 0; i < N_RECORDS; i++)
        if (i != except && city->records[i].counted &&
            is_within(minute_date(city->records[i].starts), question))
            sum += city->records[i].trees;
    return sum;
}

static int64_t model_records(const struct plain_city *city, const struct plain_question *question,
                             int except) {
    int64_t n = 0;
    for (int i = 0; i < N_RECORDS; i++)
        n += i != except && city->records[i].counted &&
             is_within(minute_date(city->records[i].starts), question);
    return n;
}

static int64_t model_months(const struct plain_city *city, const struct plain_question *question,
                            int except) {
    int64_t n = 0;
    for (int32_t month = date_month(date("2017-11-01")); month <= date_month(date("2020-12-31"));
         month++) {
        struct plain_question part = {.from = month_first_date(month),
                                      .to = month_first_date(month + 1) - 1};
        part.from = question->from > part.from ? question->from : part.from;
        part.to = question->to && question->to < part.to ? question->to : part.to;
        n += part.from <= part.to && model_minutes(city, &part, except) > 0;
    }
    return n;
}

/* ---- questions ---- */

static int32_t draw_date(struct plain_city *city) {
    static const char *const days[] = {"2018-01-01", "2017-12-31", "2020-02-29", "2020-03-01",
                                       "2019-12-31", "2020-01-01", "2018-03-01", "2018-02-28"};
    return dice(city, 2) ? date(days[dice(city, 8)]) : date("2017-12-01") + dice(city, 830);
}

static struct plain_question draw_question(struct plain_city *city) {
    static const char *const regions[] = {"620500000000", "620502000000", "620502001000",
                                          "620502001001", "620503000000"};
    struct plain_question question = {0};
    if (dice(city, 3))
        question.from = draw_date(city);
    if (dice(city, 3))
        question.to = draw_date(city);
    if (dice(city, 3) == 0)
        question.category = dice(city, 2) ? "elderly" : "ecology";
    if (dice(city, 4) == 0)
        question.method = methods[dice(city, 4)];
    if (dice(city, 4) == 0)
        question.activity = activities[dice(city, N_ACTIVITIES)].id;
    if (dice(city, 5) == 0)
        question.project = dice(city, 3) ? dice(city, 2) ? "p:1" : "p:2" : "p:none";
    if (dice(city, 4) == 0)
        question.organisation = organisations[dice(city, 2)];
    if (dice(city, 5) == 0)
        question.role = roles[dice(city, 2)];
    if (dice(city, 3) == 0)
        question.region = regions[dice(city, 5)];
    return question;
}

static void put_window(struct buf *out, const struct plain_question *question) {
    char text[16];
    if (question->from)
        buf_printf(out, " from = '%.10s',", (date_format(question->from, text), text));
    if (question->to)
        buf_printf(out, " to = '%.10s',", (date_format(question->to, text), text));
}

static void put_question(struct buf *out, const struct plain_question *question) {
    const struct {
        const char *name;
        const char *value;
    } words[] = {{"category", question->category},
                 {"method", question->method},
                 {"activity", question->activity},
                 {"project", question->project},
                 {"organisation", question->organisation},
                 {"role", question->role},
                 {"region", question->region}};
    buf_put_str(out, STR("finding('minutes', v:minutes{"));
    put_window(out, question);
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (words[i].value)
            buf_printf(out, " %s = '%s',", words[i].name, words[i].value);
    buf_put_str(out, STR("})\nfinding('trees', v:quantity{ name = 'trees',"));
    put_window(out, question);
    buf_put_str(out, STR("})\nfinding('records', #v:records{ limit = 1000,"));
    put_window(out, question);
    buf_put_str(out, STR("})\nfinding('months', v:months_active{"));
    put_window(out, question);
    buf_put_str(out, STR("})\n"));
}

static void assert_answers(const struct plain_city *city, const struct plain_question *questions,
                           const struct answer *answer, int except) {
    const struct finding *findings = answer->findings.items;
    if (answer->failed)
        fail_msg("%.*s", STR_ARG(answer->failure));
    assert_int_equal(answer->findings.n, 4 * N_QUESTIONS);
    for (int i = 0; i < N_QUESTIONS; i++, findings += 4) {
        struct buf text = {0};
        const int64_t expected[] = {
            model_minutes(city, &questions[i], except), model_trees(city, &questions[i], except),
            model_records(city, &questions[i], except), model_months(city, &questions[i], except)};
        put_question(&text, &questions[i]);
        buf_put_byte(&text, 0);
        for (int k = 0; k < 4; k++)
            if (findings[k].value.integer != expected[k])
                fail_msg("%.*s: %lld, and by the model %lld (without record %d), of\n%s",
                         STR_ARG(findings[k].code), (long long)findings[k].value.integer,
                         (long long)expected[k], except, text.data);
        buf_deinit(&text);
    }
}

static struct answer ask(struct asker *asker, enum POLICY_KIND_choice kind, uint32_t number) {
    struct question question = {.kind = kind, .number = number, .date = date("2020-12-31")};
    struct view *view = asker->world->stepper.context.view;
    struct answer answer;
    assert_int_equal(policy_host_sync(asker->host, view), 0);
    assert_int_equal(policy_evaluate(asker->host, view, &asker->world->stepper.city, &question,
                                     CAUSE_EVENT, STR("service.recorded"), &asker->arena, &answer),
                     0);
    return answer;
}

/* The same questions about the person, and about one of the records, which is then left out. */
static void ask_round(struct plain_city *city) {
    struct plain_question questions[N_QUESTIONS];
    struct buf body = {0}, text = {0};
    int except = dice(city, N_RECORDS);
    for (int i = 0; i < N_QUESTIONS; i++) {
        questions[i] = draw_question(city);
        put_question(&body, &questions[i]);
    }
    buf_put_byte(&body, 0);
    buf_printf(&text, "return { decide = function(v)\n%s return 0 end }%c", body.data, 0);
    activate(city->asker, POLICY_KIND_STAR_RATING, NULL, "2017-01-01", NULL, text.data);
    struct answer answer = ask(city->asker, POLICY_KIND_STAR_RATING,
                               world_number(city->asker->world, NOUN_VOLUNTEER, "v1"));
    assert_answers(city, questions, &answer, -1);
    buf_reset(&text);
    buf_printf(&text,
               "return { decide = function(record) local v = record.volunteer\n%s return "
               "'refused', 0 end }%c",
               body.data, 0);
    activate(city->asker, POLICY_KIND_ACCEPTANCE, NULL, "2017-01-01", NULL, text.data);
    answer = ask(city->asker, POLICY_KIND_ACCEPTANCE,
                 world_number(city->asker->world, NOUN_RECORD, city->records[except].id));
    assert_answers(city, questions, &answer, except);
    buf_deinit(&body);
    buf_deinit(&text);
}

static void run_seed(unsigned seed) {
    void *asker;
    struct plain_city city = {.seed = seed};
    assert_int_equal(asker_setup(&asker), 0);
    city.asker = asker;
    define_all(&city);
    for (int i = 0; i < N_RECORDS; i++)
        draw_record(&city, i);
    for (int i = 0; i < 3; i++)
        ask_round(&city);
    assert_int_equal(asker_teardown(&asker), 0);
}

static void sums_are_those_of_a_plain_model(void **state) {
    (void)state;
    each_seed(10, run_seed);
}

/* ---- by hand ---- */

static const char *facts_of(struct asker *asker, const struct answer *answer) {
    buf_reset(&asker->json);
    facts_to_json(answer->facts, &asker->json);
    buf_put_byte(&asker->json, 0);
    return asker->json.data;
}

static struct answer ask_text(struct asker *asker, const char *expression) {
    char text[1024];
    snprintf(text, sizeof text,
             "return { decide = function(v, p, context) local x = %s\n return 0 end }", expression);
    activate(asker, POLICY_KIND_STAR_RATING, NULL, "2017-01-01", NULL, text);
    return ask(asker, POLICY_KIND_STAR_RATING, world_number(asker->world, NOUN_VOLUNTEER, "v1"));
}

static void serve(struct asker *asker, const char *id, const char *day_text) {
    char data[512];
    snprintf(data, sizeof data,
             "{\"record\":\"%s\",\"volunteer\":\"v1\",\"activity\":\"a1\",\"organisation\":\"o1\","
             "\"starts\":\"%sT08:00:00+08:00\",\"ends\":\"%sT09:00:00+08:00\",\"method\":\"code\","
             "\"role\":\"leader\",\"recorder\":\"clerk:1\"}",
             id, day_text, day_text);
    world_assert(asker->world, PROBLEM_NONE, "service.recorded", "2020-12-31T12:00:00+08:00", data);
    snprintf(data, sizeof data, "{\"record\":\"%s\",\"outcome\":\"accepted\",\"minutes\":60}", id);
    assert_applied(asker->world, "service.decided", data);
}

static void the_log_tells_which_records_were_read(void **state) {
    struct asker *asker = *state;
    serve(asker, "r:1", "2018-05-01");
    serve(asker, "r:2", "2018-05-02");
    struct answer answer = ask_text(asker, "v:records{ limit = 2 }[2].on");
    assert_string_equal(facts_of(asker, &answer),
                        "[{\"fact\":\"records\",\"arguments\":\"limit=2\",\"value\":[\"r:2\","
                        "\"r:1\"]},{\"fact\":\"records[r:1].on\",\"arguments\":\"\",\"value\":"
                        "\"2018-05-01\"}]");
    answer = ask_text(asker, "v:minutes{ activity = 'a1', role = 'leader', region = "
                             "'620503000000', to = '2018-05-01' }");
    assert_string_equal(facts_of(asker, &answer),
                        "[{\"fact\":\"minutes\",\"arguments\":\"to=2018-05-01,activity=a1,role="
                        "leader,region=620503000000\",\"value\":60}]");
}

/* An id may be defined from one call to the next: a known answer must not stand in its way. */
static void what_is_named_may_come_later(void **state) {
    struct asker *asker = *state;
    const char *const text = "return { decide = function(v) return v:minutes{ activity = 'a:9' } > "
                             "0 and 1 or 0 end }";
    uint32_t person = world_number(asker->world, NOUN_VOLUNTEER, "v1");
    activate(asker, POLICY_KIND_STAR_RATING, NULL, "2017-01-01", NULL, text);
    for (int i = 0; i < 3; i++)
        assert_int_equal(ask(asker, POLICY_KIND_STAR_RATING, person).stars, 0);
    assert_applied(asker->world, "activity.published",
                   "{\"activity\":\"a:9\",\"title\":\"t\",\"content\":\"c\",\"category\":"
                   "\"elderly\",\"kind\":\"service\",\"organisation\":\"o1\",\"region\":"
                   "\"620503000000\",\"place\":{\"text\":\"p\"},\"starts\":"
                   "\"2018-05-01T08:00:00+08:00\",\"ends\":\"2018-05-01T18:00:00+08:00\","
                   "\"places\":10,\"risk\":\"r\"}");
    world_assert(asker->world, PROBLEM_NONE, "service.recorded", "2020-12-31T12:00:00+08:00",
                 "{\"record\":\"r:9\",\"volunteer\":\"v1\",\"activity\":\"a:9\",\"organisation\":"
                 "\"o1\",\"starts\":\"2018-05-01T08:00:00+08:00\",\"ends\":"
                 "\"2018-05-01T09:00:00+08:00\",\"method\":\"code\",\"recorder\":\"clerk:1\"}");
    assert_applied(asker->world, "service.decided",
                   "{\"record\":\"r:9\",\"outcome\":\"accepted\",\"minutes\":60}");
    assert_int_equal(ask(asker, POLICY_KIND_STAR_RATING, person).stars, 1);
}

static void assert_failure(struct asker *asker, const char *expression, const char *part) {
    struct answer answer = ask_text(asker, expression);
    assert_true(answer.failed);
    char *failure = arena_string(&asker->arena, answer.failure);
    if (!strstr(failure, part))
        fail_msg("%s: %s", expression, failure);
}

static void wrong_arguments_are_named(void **state) {
    struct asker *asker = *state;
    assert_failure(asker, "v:minutes{ activty = 'a1' }", "did you mean 'activity'");
    assert_failure(asker, "v:minutes{ activity = 7 }", "'activity': a text is expected");
    assert_failure(asker, "v:minutes{ activity = '' }", "1 to 64 bytes");
    assert_failure(asker, "v:minutes{ activity = ('x'):rep(65) }", "1 to 64 bytes");
    assert_failure(asker, "v:quantity{}", "name = \"trees\"");
    assert_failure(asker, "v:minutes{ name = 'trees' }", "no argument 'name'");
}

static void the_walk_is_charged(void **state) {
    struct asker *asker = *state;
    static const struct policy_limits few = {3000, UINT64_C(16) << 20, 65536};
    serve(asker, "r:1", "2018-01-01");
    serve(asker, "r:2", "2020-12-01");
    assert_false(ask_text(asker, "v:minutes{ activity = 'a1' }").failed);
    policy_host_free(asker->host);
    asker->host = policy_host_new(&few);
    assert_false(ask_text(asker, "v:minutes{ activity = 'a1', from = '2020-11-01' }").failed);
    assert_true(ask_text(asker, "{ v:minutes{ activity = 'a1' }, v:minutes{ activity = 'x' }, "
                                "v:quantity{ name = 'y' }, v:minutes{ role = 'leader' }, "
                                "v:minutes{ project = 'p' }, v:minutes{ region = "
                                "'620500000000' } }")
                    .failed);
}

static void an_import_is_told_of(void **state) {
    struct asker *asker = *state;
    struct world *world = asker->world;
    struct service_recorded data = {.record = STR("r:7"),
                                    .volunteer = STR("v1"),
                                    .organisation = STR("o1"),
                                    .recorder = STR("clerk:1"),
                                    .method = METHOD_IMPORT};
    struct event event = {.type = catalogue_by_number(EVENT_service_recorded),
                          .source = STR("test"),
                          .batch = STR("sheet:3"),
                          .data = &data,
                          .sequence = ++world->sequence};
    int16_t offset;
    assert_int_equal(time_parse(STR("2018-05-01T08:00:00+08:00"), &data.starts.us, &offset), 0);
    assert_int_equal(time_parse(STR("2018-05-01T09:00:00+08:00"), &data.ends.us, &offset), 0);
    assert_int_equal(time_parse(STR(WORLD_TIME), &event.time.us, &event.time.offset_minutes), 0);
    event.recorded_us = event.time.us;
    stepper_begin(&world->stepper, &world->arena, &world->problem);
    assert_int_equal(stepper_apply(&world->stepper, &event), 0);
    store_accept(world->writer);
    assert_applied(world, "service.decided",
                   "{\"record\":\"r:7\",\"outcome\":\"accepted\",\"minutes\":60}");
    serve(asker, "r:8", "2018-05-02");
    struct answer answer = ask_text(asker, "{ v:records{}[1].batch, v:records{}[2].batch }");
    assert_false(answer.failed);
    const char *facts = facts_of(asker, &answer);
    assert_non_null(strstr(facts, "{\"fact\":\"records[r:8].batch\",\"arguments\":\"\",\"value\":"
                                  "null}"));
    assert_non_null(strstr(facts, "{\"fact\":\"records[r:7].batch\",\"arguments\":\"\",\"value\":"
                                  "\"sheet:3\"}"));
}

static void quarters_begin_where_they_do(void **state) {
    struct asker *asker = *state;
    static const char *const starts[] = {"01", "01", "01", "04", "04", "04",
                                         "07", "07", "07", "10", "10", "10"};
    activate(asker, POLICY_KIND_STAR_RATING, NULL, "2017-01-01", NULL,
             "return { decide = function(v, p, context) finding('year', context.year) "
             "finding('quarter', context.quarter_start) return 0 end }");
    struct view *view = asker->world->stepper.context.view;
    assert_int_equal(policy_host_sync(asker->host, view), 0);
    for (int32_t on = date("2019-12-30"); on <= date("2021-01-02"); on++) {
        struct question question = {.kind = POLICY_KIND_STAR_RATING,
                                    .number = world_number(asker->world, NOUN_VOLUNTEER, "v1"),
                                    .date = on};
        struct answer answer;
        int32_t year, month, day_of_month;
        char expected[16];
        assert_int_equal(policy_evaluate(asker->host, view, &asker->world->stepper.city, &question,
                                         CAUSE_EVENT, STR("test"), &asker->arena, &answer),
                         0);
        date_to_civil(on, &year, &month, &day_of_month);
        const struct finding *findings = answer.findings.items;
        assert_int_equal(findings[0].value.integer, year);
        snprintf(expected, sizeof expected, "%d-%s-01", year, starts[month - 1]);
        assert_true(str_equal(findings[1].value.text, str_from(expected)));
    }
}

int main(void) {
#define TEST(name) cmocka_unit_test_setup_teardown(name, asker_setup, asker_teardown)
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sums_are_those_of_a_plain_model),
        TEST(the_log_tells_which_records_were_read),
        TEST(what_is_named_may_come_later),
        TEST(wrong_arguments_are_named),
        TEST(the_walk_is_charged),
        TEST(an_import_is_told_of),
        TEST(quarters_begin_where_they_do),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
