/* Random lives and service against a plain model: people who register, are held, move, change
 * employer and party status, gain stars, withdraw and die; units that gain and lose the title,
 * their staff and their place; activities and records in every state; communities and streets that
 * go to another county. All counters are compared with a recount after every event, and for the end
 * of every past day. A seed that fails says its number; MODEL_SEED=n runs that one alone. */
#include "counter_model.h"
#include "seeds.h"

#define SEEDS 10
#define EVENTS 30 /* a day */

static const enum counter monthly[] = {COUNTER_minutes, COUNTER_records, COUNTER_activities};

static const char *today(const struct model *model) {
    static char text[16];
    date_format(day("2018-07-01") + model->day, text);
    return text;
}

__attribute__((format(printf, 4, 5))) static void
try(struct model *model, enum problem_code expected, const char *type, const char *format, ...) {
    char data[1024];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(data, sizeof data, format, arguments);
    va_end(arguments);
    on_day(model->world, today(model), expected, type, data);
}

/* ---- people ---- */

static void decide_registration(struct model *model, int i) {
    bool held = pick(model, 3) == 0;
    try(model, PROBLEM_NONE, "registration.decided", "{\"volunteer\":\"v%d\",\"outcome\":\"%s\"}",
        i, held ? "held" : "accepted");
    model->people[i].state = held ? VOLUNTEER_HELD : VOLUNTEER_REGISTERED;
}

static enum problem_code find_person(const struct person *person) {
    return !person->exists ? PROBLEM_UNKNOWN_NOUN
           : person->state == VOLUNTEER_WITHDRAWN || person->state == VOLUNTEER_DECEASED
               ? PROBLEM_WRONG_STATE
               : PROBLEM_NONE;
}

static void register_person(struct model *model) {
    int i = pick(model, PEOPLE), employer = pick(model, UNITS + 1) - 1;
    struct person next = {.exists = true,
                          .region = pick(model, REGIONS),
                          .employer = employer,
                          .in_service = pick(model, 2)};
    char text[40] = "";
    enum problem_code code = employer >= 0 && model->units[employer].dissolved ? PROBLEM_WRONG_STATE
                             : model->people[i].exists ? PROBLEM_ALREADY_EXISTS
                                                       : PROBLEM_NONE;
    if (employer >= 0)
        snprintf(text, sizeof text, ",\"employer\":\"o%d\"", employer);
    try(model, code, "volunteer.registered",
        "{\"volunteer\":\"v%d\",\"region\":\"%s\",\"party_status\":\"%s\"%s}", i,
        model->regions[next.region].code, next.in_service ? "in_service" : "none", text);
    if (code != PROBLEM_NONE)
        return;
    model->people[i] = next;
    if (pick(model, 2))
        decide_registration(model, i);
}

static void update_person(struct model *model) {
    int i = pick(model, PEOPLE), employer = pick(model, UNITS + 1) - 1, says = pick(model, 3);
    struct person *person = &model->people[i];
    enum problem_code code = find_person(person);
    char text[24] = "null", changes[120];
    if (code == PROBLEM_NONE && employer >= 0 && says != 1 && employer != person->employer &&
        model->units[employer].dissolved)
        code = PROBLEM_WRONG_STATE;
    if (employer >= 0)
        snprintf(text, sizeof text, "\"o%d\"", employer);
    const char *party = says == 0 ? "\"in_service\"" : says == 1 ? "null" : "\"retired\"";
    if (says == 1)
        snprintf(changes, sizeof changes, "\"party_status\":%s", party);
    else
        snprintf(changes, sizeof changes, "\"party_status\":%s,\"employer\":%s", party, text);
    try(model, code, "volunteer.updated", "{\"volunteer\":\"v%d\",\"changes\":{%s}}", i, changes);
    if (code != PROBLEM_NONE)
        return;
    person->in_service = says == 0;
    if (says != 1)
        person->employer = employer;
    if (pick(model, 2))
        decide_registration(model, i);
}

static void move_person(struct model *model) {
    int i = pick(model, PEOPLE), region = pick(model, REGIONS);
    struct person *person = &model->people[i];
    enum problem_code code = find_person(person);
    if (code == PROBLEM_NONE && region == person->region)
        code = PROBLEM_WRONG_STATE;
    try(model, code, "volunteer.moved", "{\"volunteer\":\"v%d\",\"region\":\"%s\"}", i,
        model->regions[region].code);
    if (code == PROBLEM_NONE)
        person->region = region;
}

static void rate_person(struct model *model) {
    int i = pick(model, PEOPLE), to = pick(model, 6);
    struct person *person = &model->people[i];
    if (!person->exists)
        return;
    try(model, PROBLEM_NONE, "star.changed", "{\"volunteer\":\"v%d\",\"from\":%d,\"to\":%d}", i,
        person->stars, to);
    person->stars = to;
}

static void lose_person(struct model *model) {
    int i = pick(model, PEOPLE);
    bool dies = pick(model, 2);
    if (pick(model, 8))
        return;
    enum problem_code code = find_person(&model->people[i]);
    try(model, code, dies ? "volunteer.died" : "volunteer.withdrawn",
        "{\"volunteer\":\"v%d\",\"on\":\"%s\"}", i, today(model));
    if (code == PROBLEM_NONE)
        model->people[i].state = dies ? VOLUNTEER_DECEASED : VOLUNTEER_WITHDRAWN;
}

/* ---- units ---- */

static void change_title(struct model *model) {
    static const char *const levels[] = {"county", "municipal", "provincial", "national"};
    int i = pick(model, UNITS), level = pick(model, 4);
    bool awards = pick(model, 3) != 0;
    struct unit *unit = &model->units[i];
    bool fits = awards ? !unit->dissolved && unit->level != level : unit->level == level;
    try(model, fits ? PROBLEM_NONE : PROBLEM_WRONG_STATE,
        awards ? "civilised_title.awarded" : "civilised_title.withdrawn",
        "{\"subject\":{\"kind\":\"organisation\",\"id\":\"o%d\"},\"title\":\"unit\",\"level\":"
        "\"%s\",\"on\":\"%s\"}",
        i, levels[level], today(model));
    if (fits)
        unit->level = awards ? level : -1;
}

/* A report of an earlier day than the newest changes nothing. */
static void report_staff(struct model *model) {
    int i = pick(model, UNITS), earlier = pick(model, 4) == 0;
    struct unit *unit = &model->units[i];
    int64_t staff = pick(model, 50);
    char as_of[16];
    if (earlier && unit->reported < 0)
        return;
    date_format(day("2018-07-01") + (earlier ? -1 - (int)model->n_codes : model->day), as_of);
    enum problem_code code =
        !earlier && unit->reported == model->day ? PROBLEM_ALREADY_EXISTS : PROBLEM_NONE;
    model->n_codes += earlier ? 1 : 0;
    try(model, code, "figure.reported",
        "{\"figure\":\"staff\",\"subject\":{\"kind\":\"organisation\",\"id\":\"o%d\"},\"value\":"
        "%lld,\"as_of\":\"%s\",\"origin\":\"x\"}",
        i, (long long)staff, as_of);
    if (code != PROBLEM_NONE || earlier)
        return;
    unit->staff = staff;
    unit->reported = model->day;
}

static void change_unit(struct model *model) {
    int i = pick(model, UNITS), region = pick(model, REGIONS);
    struct unit *unit = &model->units[i];
    enum problem_code code = unit->dissolved ? PROBLEM_WRONG_STATE : PROBLEM_NONE;
    if (i == 0 && pick(model, 15) == 0) {
        try(model, code, "organisation.dissolved", "{\"organisation\":\"o0\"}");
        unit->dissolved = true;
        return;
    }
    if (pick(model, 2))
        try(model, code, "organisation.updated",
            "{\"organisation\":\"o%d\",\"changes\":{\"region\":\"%s\"}}", i,
            model->regions[region].code);
    else
        try(model, code, "organisation.defined",
            "{\"organisation\":\"o%d\",\"name\":\"y\",\"kind\":\"school\",\"region\":\"%s\"}", i,
            model->regions[region].code);
    if (code == PROBLEM_NONE)
        unit->region = region;
}

/* ---- activities ---- */

static void publish(struct model *model) {
    int i = pick(model, ACTIVITIES), unit = pick(model, UNITS);
    struct activity next = {
        .exists = true, .region = pick(model, REGIONS), .unit = unit, .month = pick(model, MONTHS)};
    enum problem_code code = model->units[unit].dissolved  ? PROBLEM_WRONG_STATE
                             : model->activities[i].exists ? PROBLEM_ALREADY_EXISTS
                                                           : PROBLEM_NONE;
    try(model, code, "activity.published",
        "{\"activity\":\"a%d\",\"title\":\"t\",\"content\":\"c\",\"category\":\"elderly\",\"kind\":"
        "\"service\",\"organisation\":\"o%d\",\"region\":\"%s\",\"place\":{\"text\":\"p\"},"
        "\"starts\":\"2018-0%d-01T08:00:00+08:00\",\"ends\":\"2018-07-01T18:00:00+08:00\","
        "\"places\":9,\"risk\":\"r\"}",
        i, unit, model->regions[next.region].code, 5 + next.month);
    if (code == PROBLEM_NONE)
        model->activities[i] = next;
}

static enum problem_code find_activity(const struct activity *activity) {
    return !activity->exists                         ? PROBLEM_UNKNOWN_NOUN
           : activity->cancelled || activity->closed ? PROBLEM_WRONG_STATE
                                                     : PROBLEM_NONE;
}

static void change_activity(struct model *model) {
    int i = pick(model, ACTIVITIES), region = pick(model, REGIONS), month = pick(model, MONTHS);
    struct activity *activity = &model->activities[i];
    enum problem_code code = find_activity(activity);
    try(model, code, "activity.changed",
        "{\"activity\":\"a%d\",\"changes\":{\"region\":\"%s\",\"starts\":\"2018-0%d-01T08:00:00+08:"
        "00\"}}",
        i, model->regions[region].code, 5 + month);
    if (code != PROBLEM_NONE)
        return;
    activity->region = region;
    activity->month = month;
}

static void end_activity(struct model *model) {
    int i = pick(model, ACTIVITIES);
    bool closes = pick(model, 2);
    if (pick(model, 3))
        return;
    struct activity *activity = &model->activities[i];
    enum problem_code code = find_activity(activity);
    try(model, code, closes ? "activity.closed" : "activity.cancelled", "{\"activity\":\"a%d\"}",
        i);
    if (code != PROBLEM_NONE)
        return;
    activity->closed = closes;
    activity->cancelled = !closes;
}

/* ---- records ---- */

static void decide_record(struct model *model, int i) {
    static const char *const outcomes[] = {"accepted", "accepted", "held", "refused"};
    static const enum record_state states[] = {RECORD_ACCEPTED, RECORD_ACCEPTED, RECORD_HELD,
                                               RECORD_REFUSED};
    int outcome = pick(model, 4), minutes = 1 + pick(model, 200);
    try(model, PROBLEM_NONE, "service.decided",
        "{\"record\":\"r%d\",\"outcome\":\"%s\",\"minutes\":%d}", i, outcomes[outcome], minutes);
    model->records[i].state = states[outcome];
    model->records[i].minutes = minutes;
}

static void record(struct model *model) {
    int i = pick(model, RECORDS), person = pick(model, PEOPLE), unit = pick(model, UNITS);
    int at = pick(model, ACTIVITIES), month = pick(model, MONTHS);
    const struct activity *activity = &model->activities[at];
    char text[40] = "";
    struct service next = {
        .exists = true, .unit = unit, .month = month, .region = model->units[unit].region};
    if (activity->exists && !activity->cancelled && pick(model, 2)) {
        snprintf(text, sizeof text, ",\"activity\":\"a%d\"", at);
        next.region = activity->region;
    }
    enum problem_code code = !model->people[person].exists                   ? PROBLEM_UNKNOWN_NOUN
                             : model->people[person].state == VOLUNTEER_HELD ? PROBLEM_WRONG_STATE
                             : model->records[i].exists ? PROBLEM_ALREADY_EXISTS
                                                        : PROBLEM_NONE;
    try(model, code, "service.recorded",
        "{\"record\":\"r%d\",\"volunteer\":\"v%d\",\"organisation\":\"o%d\",\"starts\":\"2018-0%d-"
        "%02dT08:00:00+08:00\",\"ends\":\"2018-0%d-%02dT12:00:00+08:00\",\"method\":\"code\","
        "\"recorder\":\"clerk:1\"%s}",
        i, person, unit, 5 + month, i + 1, 5 + month, i + 1, text);
    if (code != PROBLEM_NONE)
        return;
    model->records[i] = next;
    decide_record(model, i);
}

static void carry_over(struct model *model) {
    int i = pick(model, RECORDS), person = pick(model, PEOPLE), unit = pick(model, UNITS);
    const struct person *of = &model->people[person];
    if (!of->exists || of->state == VOLUNTEER_HELD || model->units[unit].dissolved ||
        model->records[i].exists || pick(model, 2))
        return;
    int minutes = 1 + pick(model, 1000);
    try(model, PROBLEM_NONE, "service.carried_over",
        "{\"record\":\"r%d\",\"volunteer\":\"v%d\",\"organisation\":\"o%d\",\"minutes\":%d,"
        "\"from\":\"2015-01-01\",\"to\":\"2015-12-31\",\"evidence\":\"e\",\"system\":\"s%d\"}",
        i, person, unit, minutes, i);
    model->records[i] = (struct service){.exists = true,
                                         .carried = true,
                                         .state = RECORD_ACCEPTED,
                                         .region = model->units[unit].region,
                                         .unit = unit,
                                         .minutes = minutes};
}

static void review(struct model *model) {
    int i = pick(model, RECORDS);
    bool accepts = pick(model, 2);
    struct service *of = &model->records[i];
    enum problem_code code = !of->exists                ? PROBLEM_UNKNOWN_NOUN
                             : of->state != RECORD_HELD ? PROBLEM_WRONG_STATE
                                                        : PROBLEM_NONE;
    try(model, code, "service.reviewed",
        "{\"record\":\"r%d\",\"outcome\":\"%s\",\"reviewer\":\"clerk:2\"}", i,
        accepts ? "accepted" : "refused");
    if (code == PROBLEM_NONE)
        of->state = accepts ? RECORD_ACCEPTED : RECORD_REFUSED;
}

static void correct(struct model *model) {
    int i = pick(model, RECORDS), minutes = 1 + pick(model, 240);
    struct service *of = &model->records[i];
    enum problem_code code = !of->exists                   ? PROBLEM_UNKNOWN_NOUN
                             : of->state == RECORD_REVOKED ? PROBLEM_WRONG_STATE
                                                           : PROBLEM_NONE;
    try(model, code, "service.corrected",
        "{\"record\":\"r%d\",\"minutes\":%d,\"reason\":\"x\",\"by\":\"clerk:2\"}", i, minutes);
    if (code != PROBLEM_NONE)
        return;
    of->corrected += !of->carried && of->state == RECORD_ACCEPTED;
    if (of->carried)
        of->minutes = minutes;
    else
        decide_record(model, i);
}

static void revoke_record(struct model *model) {
    int i = pick(model, RECORDS);
    struct service *of = &model->records[i];
    if (pick(model, 3))
        return;
    enum problem_code code = !of->exists                   ? PROBLEM_UNKNOWN_NOUN
                             : of->state == RECORD_REVOKED ? PROBLEM_WRONG_STATE
                                                           : PROBLEM_NONE;
    try(model, code, "service.revoked", "{\"record\":\"r%d\",\"reason\":\"x\",\"by\":\"clerk:2\"}",
        i);
    if (code != PROBLEM_NONE)
        return;
    of->revoked += !of->carried && of->state == RECORD_ACCEPTED;
    of->state = RECORD_REVOKED;
}

/* ---- a street goes to another county, a community to another street ---- */

static void recode(struct model *model) {
    int i = R_STREET + pick(model, REGIONS - R_STREET);
    bool street = i < R_COMMUNITY;
    int parent = (street ? R_QINZHOU : R_STREET) + pick(model, 2);
    char code[24];
    if (pick(model, 3))
        return;
    model->n_codes++;
    if (street)
        snprintf(code, sizeof code, "%.6s%03u000", model->regions[parent].code,
                 100 + model->n_codes);
    else
        snprintf(code, sizeof code, "%.9s%03u", model->regions[parent].code, 100 + model->n_codes);
    try(model, PROBLEM_NONE, "region.recoded", "{\"region\":\"%s\",\"into\":\"%s\"}",
        model->regions[i].code, code);
    memcpy(model->regions[i].code, code, 12);
    model->regions[i].parent = parent;
}

static void (*const makers[])(struct model *model) = {
    register_person, register_person, register_person, update_person, update_person, move_person,
    rate_person,     rate_person,     lose_person,     change_title,  change_title,  report_staff,
    change_unit,     publish,         change_activity, end_activity,  record,        record,
    record,          carry_over,      review,          correct,       revoke_record, recode};

/* ---- comparing ---- */

static void compare(const struct model *model, struct view *view, int32_t at, int i,
                    const struct counted *expected, int on) {
    static const int32_t years = 2018 * 12 + 4; /* May */
    char id[16];
    struct counter_row row;
    enum noun noun = i < REGIONS ? NOUN_REGION : NOUN_ORGANISATION;
    snprintf(id, sizeof id, "o%d", i - REGIONS);
    uint32_t number = world_number(model->world, noun, i < REGIONS ? model->regions[i].code : id);
    assert_int_equal(counter_get(view, at, noun, number, &row), 0);
    for (enum counter counter = 0; counter < COUNTER_COUNT; counter++)
        if (row.value[counter] != expected->row.value[counter])
            fail_msg("%s %d on day %d: %s is %lld, expected %lld", noun_info(noun)->name, i, on,
                     counter_name(counter), (long long)row.value[counter],
                     (long long)expected->row.value[counter]);
    for (int month = 0; month < MONTHS; month++)
        for (int k = 0; k < 3; k++) {
            int64_t value;
            assert_int_equal(counter_months(view, at, noun, number, monthly[k], years + month,
                                            years + month, &value),
                             0);
            if (value != expected->months[month][k])
                fail_msg("%s %d on day %d, month %d: %s is %lld, expected %lld",
                         noun_info(noun)->name, i, on, month, counter_name(monthly[k]),
                         (long long)value, (long long)expected->months[month][k]);
        }
}

static void compare_now(struct model *model) {
    for (int i = 0; i < REGIONS + UNITS; i++) {
        struct counted expected = count(model, i);
        compare(model, engine_view(model->world), COUNTER_NOW, i, &expected, model->day);
    }
}

static void compare_past(struct model *model) {
    struct view *view = reader_view(model->world);
    for (int on = 0; on < DAYS; on++)
        for (int i = 0; i < REGIONS + UNITS; i++) {
            compare(model, view, day("2018-07-01") + on, i, &model->past[on][i], on);
            compare(model, engine_view(model->world), day("2018-07-01") + on, i,
                    &model->past[on][i], on);
        }
    view_close(view);
}

static void run_day(struct model *model) {
    for (int i = 0; i < EVENTS; i++) {
        makers[pick(model, (int)(sizeof makers / sizeof *makers))](model);
        compare_now(model);
    }
    for (int i = 0; i < REGIONS + UNITS; i++)
        model->past[model->day][i] = count(model, i);
}

/* ---- setting up ---- */

static void set_up(struct model *model) {
    static const struct {
        const char *code, *level;
        int parent;
    } regions[REGIONS] = {{"620500000000", "city", -1},
                          {"620502000000", "county", R_CITY},
                          {"620503000000", "county", R_CITY},
                          {"620502001000", "township", R_QINZHOU},
                          {"620503001000", "township", R_MAIJI},
                          {"620502001001", "community", R_STREET},
                          {"620502001002", "community", R_STREET},
                          {"620503001001", "community", R_STREET_2}};
    struct world *world = model->world;
    assert_applied(world, "city.configured",
                   "{\"region\":\"620500000000\",\"name\":\"天水市\",\"time_zone\":\"Asia/"
                   "Shanghai\",\"offsets\":[{\"from\":0,\"seconds\":28800}]}");
    shipped_entries_each(world_entry, world);
    for (int i = 0; i < REGIONS; i++) {
        char parent[40] = "";
        memcpy(model->regions[i].code, regions[i].code, 13);
        model->regions[i].parent = regions[i].parent;
        if (i)
            snprintf(parent, sizeof parent, ",\"parent\":\"%s\"", regions[regions[i].parent].code);
        try(model, PROBLEM_NONE, "region.defined",
            "{\"region\":\"%s\",\"name\":\"x\",\"level\":\"%s\"%s}", regions[i].code,
            regions[i].level, parent);
    }
    for (int i = 0; i < UNITS; i++) {
        model->units[i] =
            (struct unit){.region = R_STREET + i, .level = -1, .staff = -1, .reported = -1};
        try(model, PROBLEM_NONE, "organisation.defined",
            "{\"organisation\":\"o%d\",\"name\":\"x\",\"kind\":\"enterprise\",\"region\":\"%s\"}",
            i, model->regions[R_STREET + i].code);
    }
}

static void run_seed(unsigned seed) {
    static struct model model;
    void *state = NULL;
    memset(&model, 0, sizeof model);
    print_message("seed %u\n", seed);
    world_setup(&state);
    model.world = state;
    model.random = seed;
    set_up(&model);
    for (model.day = 0; model.day < DAYS; model.day++)
        run_day(&model);
    compare_past(&model);
    world_teardown(&state);
}

static void random_lives_are_counted_as_a_plain_model_says(void **state) {
    (void)state;
    each_seed(SEEDS, run_seed);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(random_lives_are_counted_as_a_plain_model_says),
    };
    return cmocka_run_group_tests_name("counter_model", tests, NULL, NULL);
}
