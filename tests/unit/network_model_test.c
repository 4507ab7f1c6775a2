/* Random events of the organisation network against a plain model: what is accepted, what is
 * counted now, and what was counted at the end of every past day. A seed that fails says its
 * number; MODEL_SEED=n runs that one alone. */
#include "network_model.h"
#include "seeds.h"

#define SEEDS 12
#define EVENTS 25 /* a day */

static const char *const levels[] = {"county", "municipal", "provincial", "national"};
static const char *const parts[] = {"staff", "funds", "venue", "team"};

static const char *today(const struct model *model) {
    static char text[16];
    date_format(day("2018-07-01") + model->day, text);
    return text;
}

__attribute__((format(printf, 4, 5))) static void
try(struct model *model, enum problem_code expected, const char *type, const char *format, ...) {
    char data[512];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(data, sizeof data, format, arguments);
    va_end(arguments);
    on_day(model->world, today(model), expected, type, data);
}

/* ---- stations ---- */

static enum problem_code find_station(const struct model_station *station) {
    return !station->exists                   ? PROBLEM_UNKNOWN_NOUN
           : station->state == STATION_CLOSED ? PROBLEM_WRONG_STATE
                                              : PROBLEM_NONE;
}

static void plan_station(struct model *model) {
    int i = pick(model, STATIONS), region = pick(model, REGIONS);
    struct model_station *station = &model->stations[i];
    enum problem_code code = region < R_COMMUNITY ? PROBLEM_OUT_OF_RANGE
                             : station->exists    ? find_station(station)
                                                  : PROBLEM_NONE;
    try(model, code, "station.planned",
        "{\"station\":\"s%d\",\"region\":\"%s\",\"name\":\"x\",\"due\":\"2018-12-31\"}", i,
        model->regions[region].code);
    if (code != PROBLEM_NONE)
        return;
    station->exists = true;
    station->region = region;
}

static void progress(struct model *model) {
    int i = pick(model, STATIONS), part = pick(model, 4);
    bool done = pick(model, 5) != 0;
    struct model_station *station = &model->stations[i];
    enum problem_code code = find_station(station);
    if (code == PROBLEM_NONE && !done && station->state >= STATION_BUILT)
        code = PROBLEM_WRONG_STATE;
    try(model, code, "station.progressed",
        "{\"station\":\"s%d\",\"part\":\"%s\",\"done\":%s,\"by\":\"p\",\"on\":\"%s\",\"evidence\":{"
        "\"digest\":\"d\",\"note\":\"n\"}}",
        i, parts[part], done ? "true" : "false", today(model));
    if (code != PROBLEM_NONE)
        return;
    station->parts &= ~(1U << part);
    station->parts |= done ? 1U << part : 0;
}

static void build(struct model *model) {
    int i = pick(model, STATIONS);
    struct model_station *station = &model->stations[i];
    enum problem_code code = find_station(station);
    if (code == PROBLEM_NONE && (station->state != STATION_PLANNED || station->parts != 15))
        code = PROBLEM_WRONG_STATE;
    try(model, code, "station.built",
        "{\"station\":\"s%d\",\"on\":\"%s\",\"evidence\":{\"digest\":\"d\",\"note\":\"n\"}}", i,
        today(model));
    if (code == PROBLEM_NONE)
        station->state = STATION_BUILT;
}

static void open_or_close(struct model *model) {
    int i = pick(model, STATIONS);
    bool closes = pick(model, 8) == 0;
    struct model_station *station = &model->stations[i];
    enum problem_code code = find_station(station);
    if (code == PROBLEM_NONE && !closes && station->state != STATION_BUILT)
        code = PROBLEM_WRONG_STATE;
    try(model, code, closes ? "station.closed" : "station.opened",
        "{\"station\":\"s%d\",\"on\":\"%s\"}", i, today(model));
    if (code == PROBLEM_NONE)
        station->state = closes ? STATION_CLOSED : STATION_OPENED;
}

/* ---- teams ---- */

static enum problem_code find_team(const struct model_team *team) {
    return !team->exists     ? PROBLEM_UNKNOWN_NOUN
           : team->dissolved ? PROBLEM_WRONG_STATE
                             : PROBLEM_NONE;
}

static void form_team(struct model *model) {
    int i = pick(model, TEAMS), organisation = pick(model, ORGANISATIONS);
    struct model_team next = {.exists = true,
                              .own_region = pick(model, 2),
                              .region = pick(model, REGIONS),
                              .organisation = organisation};
    enum problem_code code = model->organisations[organisation].dissolved ? PROBLEM_WRONG_STATE
                             : model->teams[i].exists                     ? PROBLEM_ALREADY_EXISTS
                                                                          : PROBLEM_NONE;
    char region[40] = "";
    if (next.own_region)
        snprintf(region, sizeof region, ",\"region\":\"%s\"", model->regions[next.region].code);
    else
        next.region = model->organisations[organisation].region;
    try(model, code, "team.formed",
        "{\"team\":\"t%d\",\"name\":\"x\",\"category\":\"elderly\",\"legal_status\":\"filed\","
        "\"organisation\":\"o%d\"%s}",
        i, organisation, region);
    if (code == PROBLEM_NONE)
        model->teams[i] = next;
}

static void update_team(struct model *model) {
    int i = pick(model, TEAMS), to = pick(model, ORGANISATIONS);
    struct model_team *team = &model->teams[i];
    enum problem_code code = find_team(team);
    if (code == PROBLEM_NONE && to != team->organisation && model->organisations[to].dissolved)
        code = PROBLEM_WRONG_STATE;
    try(model, code, "team.updated",
        "{\"team\":\"t%d\",\"changes\":{\"organisation\":\"o%d\",\"category\":\"rural\"}}", i, to);
    if (code != PROBLEM_NONE)
        return;
    team->organisation = to;
    if (!team->own_region)
        team->region = model->organisations[to].region;
}

static void dissolve_team(struct model *model) {
    int i = pick(model, TEAMS);
    if (pick(model, 3))
        return;
    enum problem_code code = find_team(&model->teams[i]);
    try(model, code, "team.dissolved", "{\"team\":\"t%d\"}", i);
    if (code == PROBLEM_NONE)
        model->teams[i].dissolved = true;
}

static void join_or_leave(struct model *model) {
    int i = pick(model, TEAMS), person = pick(model, PEOPLE);
    bool joins = pick(model, 2);
    struct model_team *team = &model->teams[i];
    bool is_in = team->members >> person & 1;
    bool gone = model->people[person].state != VOLUNTEER_REGISTERED;
    enum problem_code code = find_team(team);
    if (code == PROBLEM_NONE && (joins == is_in || (joins && gone)))
        code = PROBLEM_WRONG_STATE;
    try(model, code, joins ? "team.joined" : "team.left",
        "{\"team\":\"t%d\",\"volunteer\":\"v%d\"}", i, person);
    if (code == PROBLEM_NONE)
        team->members ^= 1U << person;
}

/* ---- projects, organisations ---- */

static void define_project(struct model *model) {
    int i = pick(model, PROJECTS), organisation = pick(model, ORGANISATIONS);
    struct model_project *project = &model->projects[i];
    enum problem_code code = project->closed || model->organisations[organisation].dissolved
                                 ? PROBLEM_WRONG_STATE
                                 : PROBLEM_NONE;
    try(model, code, "project.defined",
        "{\"project\":\"p%d\",\"title\":\"x\",\"category\":\"ecology\",\"organisation\":\"o%d\"}",
        i, organisation);
    if (code == PROBLEM_NONE)
        *project = (struct model_project){.exists = true, .organisation = organisation};
}

static void close_project(struct model *model) {
    int i = pick(model, PROJECTS);
    if (pick(model, 3))
        return;
    struct model_project *project = &model->projects[i];
    enum problem_code code = !project->exists  ? PROBLEM_UNKNOWN_NOUN
                             : project->closed ? PROBLEM_WRONG_STATE
                                               : PROBLEM_NONE;
    try(model, code, "project.closed", "{\"project\":\"p%d\"}", i);
    if (code == PROBLEM_NONE)
        project->closed = true;
}

static void change_title(struct model *model) {
    int i = pick(model, ORGANISATIONS), level = pick(model, 4);
    bool awards = pick(model, 3) != 0;
    struct model_organisation *organisation = &model->organisations[i];
    bool fits = awards ? !organisation->dissolved && organisation->level != level
                       : organisation->level == level;
    try(model, fits ? PROBLEM_NONE : PROBLEM_WRONG_STATE,
        awards ? "civilised_title.awarded" : "civilised_title.withdrawn",
        "{\"subject\":{\"kind\":\"organisation\",\"id\":\"o%d\"},\"title\":\"unit\",\"level\":\"%"
        "s\","
        "\"on\":\"%s\"}",
        i, levels[level], today(model));
    if (fits)
        organisation->level = awards ? level : -1;
}

static void report_staff(struct model *model) {
    int i = pick(model, ORGANISATIONS);
    struct model_organisation *organisation = &model->organisations[i];
    int64_t staff = pick(model, 100);
    enum problem_code code =
        organisation->reported == model->day ? PROBLEM_ALREADY_EXISTS : PROBLEM_NONE;
    try(model, code, "figure.reported",
        "{\"figure\":\"staff\",\"subject\":{\"kind\":\"organisation\",\"id\":\"o%d\"},\"value\":%"
        "lld,"
        "\"as_of\":\"%s\",\"origin\":\"x\"}",
        i, (long long)staff, today(model));
    if (code != PROBLEM_NONE)
        return;
    organisation->staff = staff;
    organisation->reported = model->day;
}

static void change_organisation(struct model *model) {
    int i = pick(model, ORGANISATIONS), region = pick(model, REGIONS);
    struct model_organisation *organisation = &model->organisations[i];
    enum problem_code code = organisation->dissolved ? PROBLEM_WRONG_STATE : PROBLEM_NONE;
    if (i == 0 && pick(model, 10) == 0) {
        try(model, code, "organisation.dissolved", "{\"organisation\":\"o0\"}");
        organisation->dissolved = true;
        return;
    }
    try(model, code, "organisation.updated",
        "{\"organisation\":\"o%d\",\"changes\":{\"region\":\"%s\"}}", i,
        model->regions[region].code);
    if (code == PROBLEM_NONE)
        organisation->region = region;
}

/* ---- people ---- */

static void move_person(struct model *model) {
    int i = pick(model, PEOPLE), region = pick(model, REGIONS);
    struct model_person *person = &model->people[i];
    bool fits = person->state == VOLUNTEER_REGISTERED && person->region != region;
    try(model, fits ? PROBLEM_NONE : PROBLEM_WRONG_STATE, "volunteer.moved",
        "{\"volunteer\":\"v%d\",\"region\":\"%s\"}", i, model->regions[region].code);
    if (fits)
        person->region = region;
}

static void employ_person(struct model *model) {
    int i = pick(model, PEOPLE), employer = pick(model, ORGANISATIONS);
    struct model_person *person = &model->people[i];
    bool fits = person->state == VOLUNTEER_REGISTERED &&
                (employer == person->employer || !model->organisations[employer].dissolved);
    try(model, fits ? PROBLEM_NONE : PROBLEM_WRONG_STATE, "volunteer.updated",
        "{\"volunteer\":\"v%d\",\"changes\":{\"employer\":\"o%d\"}}", i, employer);
    if (fits)
        person->employer = employer;
}

/* Of an active team nobody is a member any more. */
static void lose_person(struct model *model) {
    int i = pick(model, PEOPLE);
    bool dies = pick(model, 2);
    if (pick(model, 30))
        return;
    struct model_person *person = &model->people[i];
    bool fits = person->state == VOLUNTEER_REGISTERED;
    try(model, fits ? PROBLEM_NONE : PROBLEM_WRONG_STATE,
        dies ? "volunteer.died" : "volunteer.withdrawn", "{\"volunteer\":\"v%d\",\"on\":\"%s\"}", i,
        today(model));
    if (!fits)
        return;
    person->state = dies ? VOLUNTEER_DECEASED : VOLUNTEER_WITHDRAWN;
    for (int t = 0; t < TEAMS; t++)
        if (!model->teams[t].dissolved)
            model->teams[t].members &= ~(1U << i);
}

/* A street goes to the other county, with all that lies below it. */
static void recode(struct model *model) {
    int i = pick(model, 2) ? R_STREET : R_STREET_2;
    int county = pick(model, 2) ? R_QINZHOU : R_MAIJI;
    char code[24];
    if (pick(model, 10))
        return;
    snprintf(code, sizeof code, "%.6s%03u000", model->regions[county].code, 100 + model->n_codes++);
    try(model, PROBLEM_NONE, "region.recoded", "{\"region\":\"%s\",\"into\":\"%s\"}",
        model->regions[i].code, code);
    memcpy(model->regions[i].code, code, 12);
    model->regions[i].parent = county;
}

static void (*const makers[])(struct model *model) = {
    plan_station,  plan_station,   progress,
    progress,      progress,       progress,
    progress,      progress,       build,
    build,         open_or_close,  form_team,
    update_team,   dissolve_team,  join_or_leave,
    join_or_leave, define_project, close_project,
    change_title,  report_staff,   change_organisation,
    move_person,   employ_person,  lose_person,
    recode};

/* ---- comparing ---- */

static void compare(const struct counter_row *row, const struct counter_row *expected,
                    const char *what, int number, int on) {
    for (enum counter counter = 0; counter < COUNTER_COUNT; counter++)
        if (row->value[counter] != expected->value[counter])
            fail_msg("%s %d on day %d: %s is %lld, expected %lld", what, number, on,
                     counter_name(counter), (long long)row->value[counter],
                     (long long)expected->value[counter]);
}

static void compare_at(struct model *model, struct view *view, int32_t at, int on) {
    struct counter_row row;
    for (int i = 0; i < REGIONS; i++) {
        uint32_t number = world_number(model->world, NOUN_REGION, model->regions[i].code);
        assert_int_equal(counter_get(view, at, NOUN_REGION, number, &row), 0);
        compare(&row, &model->past[on][i], "region", i, on);
    }
    for (int i = 0; i < ORGANISATIONS; i++) {
        assert_int_equal(counter_get(view, at, NOUN_ORGANISATION, (uint32_t)i + 1, &row), 0);
        compare(&row, &model->past_of[on][i], "organisation", i, on);
    }
}

static void compare_teams(struct model *model) {
    for (int i = 0; i < TEAMS; i++) {
        struct team_row row;
        char id[16];
        if (!model->teams[i].exists)
            continue;
        snprintf(id, sizeof id, "t%d", i);
        assert_int_equal(
            team_get(engine_view(model->world), world_number(model->world, NOUN_TEAM, id), &row),
            0);
        assert_int_equal(row.n_members, __builtin_popcount(model->teams[i].members));
    }
}

/* Once more for every day that has ended, by the engine's view and a reader's. */
static void compare_past(struct model *model) {
    struct view *view = reader_view(model->world);
    for (int on = 0; on < DAYS; on++) {
        compare_at(model, view, day("2018-07-01") + on, on);
        compare_at(model, engine_view(model->world), day("2018-07-01") + on, on);
    }
    view_close(view);
}

static void run_day(struct model *model) {
    for (int i = 0; i < EVENTS; i++)
        makers[pick(model, (int)(sizeof makers / sizeof *makers))](model);
    for (int i = 0; i < REGIONS; i++)
        model->past[model->day][i] = count_region(model, i);
    for (int i = 0; i < ORGANISATIONS; i++)
        model->past_of[model->day][i] = count_organisation(model, i);
    compare_at(model, engine_view(model->world), COUNTER_NOW, model->day);
    compare_teams(model);
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
                          {"620503001001", "community", R_STREET_2}};
    struct world *world = model->world;
    assert_applied(world, "city.configured",
                   "{\"region\":\"620500000000\",\"name\":\"天水市\",\"time_zone\":\"Asia/"
                   "Shanghai\",\"offsets\":[{\"from\":0,\"seconds\":28800}]}");
    shipped_entries_each(world_entry, world);
    for (int i = 0; i < REGIONS; i++) {
        char parent[40] = "";
        strcpy(model->regions[i].code, regions[i].code);
        model->regions[i].parent = regions[i].parent;
        if (i)
            snprintf(parent, sizeof parent, ",\"parent\":\"%s\"", regions[regions[i].parent].code);
        try(model, PROBLEM_NONE, "region.defined",
            "{\"region\":\"%s\",\"name\":\"x\",\"level\":\"%s\"%s}", regions[i].code,
            regions[i].level, parent);
    }
    for (int i = 0; i < ORGANISATIONS; i++) {
        model->organisations[i] = (struct model_organisation){
            .region = R_STREET + i, .level = -1, .staff = -1, .reported = -1};
        try(model, PROBLEM_NONE, "organisation.defined",
            "{\"organisation\":\"o%d\",\"name\":\"x\",\"kind\":\"enterprise\",\"region\":\"%s\"}",
            i, model->regions[R_STREET + i].code);
    }
    for (int i = 0; i < PEOPLE; i++) {
        model->people[i] = (struct model_person){VOLUNTEER_REGISTERED, i, -1};
        try(model, PROBLEM_NONE, "volunteer.registered",
            "{\"volunteer\":\"v%d\",\"region\":\"%s\"}", i, model->regions[i].code);
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

static void random_events_are_counted_as_a_plain_model_says(void **state) {
    (void)state;
    each_seed(SEEDS, run_seed);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(random_events_are_counted_as_a_plain_model_says),
    };
    return cmocka_run_group_tests_name("network_model", tests, NULL, NULL);
}
