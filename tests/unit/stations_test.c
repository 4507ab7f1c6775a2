/* Stations: from the plan to use, part by part, and what is counted of them on the way. */
#include "network_fixture.h"

#include "domain/stations.h"

#define PLANNED(id, region, due)                                                                   \
    "{\"station\":\"" id "\",\"region\":\"" region "\",\"name\":\"服务站\",\"due\":\"" due "\"}"
#define PART(id, part, done, on)                                                                    \
    "{\"station\":\"" id "\",\"part\":\"" part "\",\"done\":" done                                  \
    ",\"evidence\":{\"digest\":\"sha256:1\",\"uri\":\"file:1\",\"note\":\"合同\"},\"by\":\"p1\"," \
    "\"on\":\"" on "\"}"
#define BUILT(id, on)                                                                              \
    "{\"station\":\"" id "\",\"on\":\"" on                                                         \
    "\",\"evidence\":{\"digest\":\"sha256:2\",\"note\":\"验收单\"}}"
#define STEP(id, on) "{\"station\":\"" id "\",\"on\":\"" on "\"}"

static struct station station(struct world *world, const char *id, int32_t at) {
    struct station station;
    assert_int_equal(
        station_get(engine_view(world), world_number(world, NOUN_STATION, id), at, &station), 0);
    return station;
}

static void plan_s1(struct world *world) {
    world_city(world);
    assert_applied(world, "region.defined",
                   "{\"region\":\"620503001000\",\"name\":\"道北街道\",\"level\":\"township\","
                   "\"parent\":\"620503000000\"}");
    assert_applied(world, "region.defined",
                   "{\"region\":\"620503001001\",\"name\":\"社区\",\"level\":\"community\","
                   "\"parent\":\"620503001000\"}");
    done_on(world, "2018-06-02", "station.planned", PLANNED("s1", COMMUNITY, "2018-10-31"));
}

static void evidence_all(struct world *world) {
    done_on(world, "2018-07-01", "station.progressed", PART("s1", "staff", "true", "2018-06-20"));
    done_on(world, "2018-07-02", "station.progressed", PART("s1", "funds", "true", "2018-07-02"));
    done_on(world, "2018-07-03", "station.progressed", PART("s1", "venue", "true", "2018-07-03"));
    done_on(world, "2018-07-04", "station.progressed", PART("s1", "team", "true", "2018-07-04"));
}

static void every_step_is_counted_up_the_region_path(void **state) {
    struct world *world = *state;
    const char *const path[] = {COMMUNITY, STREET, QINZHOU, CITY};
    plan_s1(world);
    evidence_all(world);
    done_on(world, "2018-07-05", "station.built", BUILT("s1", "2018-07-04"));
    for (int i = 0; i < 4; i++) {
        assert_int_equal(counted(world, path[i], COUNTER_stations_planned), 1);
        assert_int_equal(counted(world, path[i], COUNTER_stations_staff), 1);
        assert_int_equal(counted(world, path[i], COUNTER_stations_funds), 1);
        assert_int_equal(counted(world, path[i], COUNTER_stations_venue), 1);
        assert_int_equal(counted(world, path[i], COUNTER_stations_team), 1);
        assert_int_equal(counted(world, path[i], COUNTER_stations_built), 1);
        assert_int_equal(counted(world, path[i], COUNTER_stations_opened), 0);
    }
    done_on(world, "2018-07-06", "station.opened", STEP("s1", "2018-07-06"));
    assert_int_equal(counted(world, CITY, COUNTER_stations_built), 1);
    assert_int_equal(counted(world, CITY, COUNTER_stations_opened), 1);
    done_on(world, "2018-07-07", "station.closed", STEP("s1", "2018-07-07"));
    for (int i = 0; i < 4; i++)
        for (enum counter c = COUNTER_stations_planned; c <= COUNTER_stations_team; c++)
            assert_int_equal(counted(world, path[i], c), 0);
}

static void what_stood_at_the_end_of_a_past_day_can_be_read(void **state) {
    struct world *world = *state;
    struct station then;
    plan_s1(world);
    evidence_all(world);
    done_on(world, "2018-07-10", "station.built", BUILT("s1", "2018-07-05"));
    done_on(world, "2018-07-20", "station.opened", STEP("s1", "2018-07-20"));
    uint32_t number = world_number(world, NOUN_STATION, "s1");
    assert_int_equal(station_get(engine_view(world), number, day("2018-06-01"), &then),
                     THING_NOT_FOUND);
    then = station(world, "s1", day("2018-06-02"));
    assert_int_equal(then.state, STATION_PLANNED);
    assert_int_equal(then.parts, 0);
    then = station(world, "s1", day("2018-07-02"));
    assert_int_equal(then.parts, 1U << STATION_PART_STAFF | 1U << STATION_PART_FUNDS);
    assert_int_equal(station(world, "s1", day("2018-07-09")).state, STATION_PLANNED);
    assert_int_equal(station(world, "s1", day("2018-07-10")).state, STATION_BUILT);
    assert_int_equal(station(world, "s1", COUNTER_NOW).state, STATION_OPENED);
    const struct {
        const char *day;
        int64_t planned, staff, funds, built, opened;
    } days[] = {{"2018-06-01", 0, 0, 0, 0, 0}, {"2018-06-30", 1, 0, 0, 0, 0},
                {"2018-07-01", 1, 1, 0, 0, 0}, {"2018-07-09", 1, 1, 1, 0, 0},
                {"2018-07-19", 1, 1, 1, 1, 0}, {"2018-07-20", 1, 1, 1, 1, 1}};
    for (size_t i = 0; i < sizeof days / sizeof *days; i++) {
        int32_t at = day(days[i].day);
#define AT(counter) counted_at(world, at, NOUN_REGION, QINZHOU, counter)
        assert_int_equal(AT(COUNTER_stations_planned), days[i].planned);
        assert_int_equal(AT(COUNTER_stations_staff), days[i].staff);
        assert_int_equal(AT(COUNTER_stations_funds), days[i].funds);
        assert_int_equal(AT(COUNTER_stations_built), days[i].built);
        assert_int_equal(AT(COUNTER_stations_opened), days[i].opened);
    }
}

static void the_evidence_of_each_part_can_be_read(void **state) {
    struct world *world = *state;
    plan_s1(world);
    evidence_all(world);
    done_on(world, "2018-07-05", "station.built", BUILT("s1", "2018-07-04"));
    struct station s = station(world, "s1", COUNTER_NOW);
    const struct station_step *staff = &s.part[STATION_PART_STAFF];
    assert_int_equal(staff->on, day("2018-06-20"));
    assert_int_equal(staff->recorded_on, day("2018-07-01"));
    assert_true(str_equal(staff->by, STR("p1")));
    assert_true(str_equal(staff->digest, STR("sha256:1")));
    assert_true(str_equal(staff->uri, STR("file:1")));
    assert_true(str_equal(staff->note, STR("合同")));
    assert_true(str_equal(s.built.note, STR("验收单")));
    assert_int_equal(s.built.on, day("2018-07-04"));
    assert_int_equal(s.planned.on, day("2018-06-02"));
}

static void a_station_lies_in_a_community(void **state) {
    struct world *world = *state;
    world_city(world);
    assert_refused(world, PROBLEM_OUT_OF_RANGE, "station.planned",
                   PLANNED("s1", STREET, "2018-10-31"));
    assert_says(world, "data.region", "name the community");
    assert_refused(world, PROBLEM_UNKNOWN_NOUN, "station.planned",
                   PLANNED("s1", "620502001009", "2018-10-31"));
}

static void planned_again_it_takes_name_due_and_community(void **state) {
    struct world *world = *state;
    plan_s1(world);
    evidence_all(world);
    done_on(world, "2018-07-10", "station.planned", PLANNED("s1", "620503001001", "2018-12-31"));
    assert_int_equal(counted(world, QINZHOU, COUNTER_stations_planned), 0);
    assert_int_equal(counted(world, QINZHOU, COUNTER_stations_team), 0);
    assert_int_equal(counted(world, MAIJI, COUNTER_stations_planned), 1);
    assert_int_equal(counted(world, MAIJI, COUNTER_stations_team), 1);
    assert_int_equal(counted(world, CITY, COUNTER_stations_planned), 1);
    assert_int_equal(
        counted_at(world, day("2018-07-09"), NOUN_REGION, QINZHOU, COUNTER_stations_team), 1);
    struct station s = station(world, "s1", COUNTER_NOW);
    assert_int_equal(s.due, day("2018-12-31"));
    assert_int_equal(s.region, world_number(world, NOUN_REGION, "620503001001"));
    assert_int_equal(s.planned.on, day("2018-06-02"));
    s = station(world, "s1", day("2018-07-09"));
    assert_int_equal(s.due, day("2018-10-31"));
    assert_int_equal(s.region, world_number(world, NOUN_REGION, COMMUNITY));
}

static void a_station_is_overdue_after_its_day_until_it_is_built(void **state) {
    struct world *world = *state;
    plan_s1(world);
    evidence_all(world);
    struct station s = station(world, "s1", COUNTER_NOW);
    assert_false(station_is_overdue(&s, day("2018-10-31")));
    assert_true(station_is_overdue(&s, day("2018-11-01")));
    done_on(world, "2018-11-02", "station.built", BUILT("s1", "2018-11-02"));
    s = station(world, "s1", COUNTER_NOW);
    assert_false(station_is_overdue(&s, day("2018-11-03")));
    s = station(world, "s1", day("2018-11-01"));
    assert_true(station_is_overdue(&s, day("2018-11-01")));
}

static void it_is_built_only_with_all_four_parts(void **state) {
    struct world *world = *state;
    plan_s1(world);
    on_day(world, "2018-06-03", PROBLEM_WRONG_STATE, "station.built", BUILT("s1", "2018-06-03"));
    assert_says(world, "data.station", "staff 人员, funds 经费, venue 场地, team 队伍");
    evidence_all(world);
    done_on(world, "2018-07-05", "station.progressed", PART("s1", "venue", "false", "2018-07-05"));
    assert_int_equal(counted(world, CITY, COUNTER_stations_venue), 0);
    on_day(world, "2018-07-06", PROBLEM_WRONG_STATE, "station.built", BUILT("s1", "2018-07-06"));
    assert_says(world, "data.station", "not evidenced yet: venue 场地;");
    done_on(world, "2018-07-07", "station.progressed", PART("s1", "venue", "true", "2018-07-07"));
    on_day(world, "2018-07-08", PROBLEM_OUT_OF_RANGE, "station.built", BUILT("s1", "2018-07-06"));
    assert_says(world, "data.on", "venue of 2018-07-07");
    on_day(world, "2018-07-08", PROBLEM_IN_FUTURE, "station.built", BUILT("s1", "2018-07-09"));
    done_on(world, "2018-07-08", "station.built", BUILT("s1", "2018-07-07"));
    on_day(world, "2018-07-09", PROBLEM_WRONG_STATE, "station.built", BUILT("s1", "2018-07-09"));
    assert_says(world, "data.station", "built already");
}

static void a_part_is_taken_back_only_before_the_station_is_built(void **state) {
    struct world *world = *state;
    plan_s1(world);
    evidence_all(world);
    on_day(world, "2018-07-05", PROBLEM_OUT_OF_RANGE, "station.progressed",
           PART("s1", "team", "false", "2018-07-03"));
    assert_string_equal(world->problem.field, "data.on");
    on_day(world, "2018-07-05", PROBLEM_IN_FUTURE, "station.progressed",
           PART("s1", "team", "true", "2018-07-06"));
    done_on(world, "2018-07-05", "station.built", BUILT("s1", "2018-07-05"));
    on_day(world, "2018-07-06", PROBLEM_WRONG_STATE, "station.progressed",
           PART("s1", "team", "false", "2018-07-06"));
    assert_says(world, "data.done", "队伍");
    /* Newer evidence is taken still. */
    done_on(world, "2018-07-06", "station.progressed", PART("s1", "team", "true", "2018-07-06"));
    assert_int_equal(counted(world, CITY, COUNTER_stations_team), 1);
}

static void it_is_opened_only_after_it_is_built(void **state) {
    struct world *world = *state;
    plan_s1(world);
    evidence_all(world);
    on_day(world, "2018-07-05", PROBLEM_WRONG_STATE, "station.opened", STEP("s1", "2018-07-05"));
    assert_says(world, "data.station", "not built yet");
    done_on(world, "2018-07-05", "station.built", BUILT("s1", "2018-07-05"));
    on_day(world, "2018-07-06", PROBLEM_OUT_OF_RANGE, "station.opened", STEP("s1", "2018-07-04"));
    on_day(world, "2018-07-06", PROBLEM_IN_FUTURE, "station.opened", STEP("s1", "2018-07-07"));
    done_on(world, "2018-07-06", "station.opened", STEP("s1", "2018-07-06"));
    on_day(world, "2018-07-07", PROBLEM_WRONG_STATE, "station.opened", STEP("s1", "2018-07-07"));
    assert_says(world, "data.station", "open already");
}

static void nothing_happens_to_a_closed_station(void **state) {
    struct world *world = *state;
    plan_s1(world);
    evidence_all(world);
    done_on(world, "2018-07-05", "station.built", BUILT("s1", "2018-07-05"));
    on_day(world, "2018-07-06", PROBLEM_OUT_OF_RANGE, "station.closed", STEP("s1", "2018-07-04"));
    on_day(world, "2018-07-06", PROBLEM_IN_FUTURE, "station.closed", STEP("s1", "2018-07-07"));
    done_on(world, "2018-07-06", "station.closed", STEP("s1", "2018-07-06"));
    const struct {
        const char *type, *data;
    } later[] = {{"station.planned", PLANNED("s1", COMMUNITY, "2018-10-31")},
                 {"station.progressed", PART("s1", "team", "true", "2018-07-07")},
                 {"station.built", BUILT("s1", "2018-07-07")},
                 {"station.opened", STEP("s1", "2018-07-07")},
                 {"station.closed", STEP("s1", "2018-07-07")}};
    for (size_t i = 0; i < sizeof later / sizeof *later; i++) {
        on_day(world, "2018-07-07", PROBLEM_WRONG_STATE, later[i].type, later[i].data);
        assert_says(world, "data.station", "is closed");
    }
    struct station s = station(world, "s1", COUNTER_NOW);
    assert_string_equal(station_state_text(s.state), "closed");
    assert_int_equal(s.built.on, day("2018-07-05"));
}

static void a_station_follows_its_community_to_another_county(void **state) {
    struct world *world = *state;
    plan_s1(world);
    evidence_all(world);
    done_on(world, "2018-07-05", "region.recoded",
            "{\"region\":\"620502001000\",\"into\":\"620503009000\"}");
    assert_int_equal(counted(world, QINZHOU, COUNTER_stations_planned), 0);
    assert_int_equal(counted(world, MAIJI, COUNTER_stations_staff), 1);
    done_on(world, "2018-07-06", "station.built", BUILT("s1", "2018-07-06"));
    assert_int_equal(counted(world, MAIJI, COUNTER_stations_built), 1);
    assert_int_equal(counted(world, CITY, COUNTER_stations_built), 1);
    assert_int_equal(counted(world, QINZHOU, COUNTER_stations_built), 0);
}

static void evidence_has_a_digest_and_a_note(void **state) {
    struct world *world = *state;
    plan_s1(world);
    assert_refused(world, PROBLEM_MISSING_FIELD, "station.built",
                   "{\"station\":\"s1\",\"on\":\"2018-06-01\",\"evidence\":{\"digest\":\"\","
                   "\"note\":\"x\"}}");
    assert_string_equal(world->problem.field, "data.evidence.digest");
    assert_refused(world, PROBLEM_MISSING_FIELD, "station.progressed",
                   "{\"station\":\"s1\",\"part\":\"staff\",\"done\":true,\"by\":\"p\",\"on\":"
                   "\"2018-06-01\",\"evidence\":{\"digest\":\"x\",\"note\":\"\"}}");
    assert_string_equal(world->problem.field, "data.evidence.note");
    assert_refused(world, PROBLEM_UNKNOWN_NOUN, "station.opened", STEP("s9", "2018-06-01"));
}

static void who_is_responsible_is_named_by_the_plan(void **state) {
    struct world *world = *state;
    plan_s1(world);
    assert_applied(world, "organisation.defined",
                   "{\"organisation\":\"o1\",\"name\":\"大城街道办\",\"kind\":\"party_government\","
                   "\"region\":\"" STREET "\"}");
#define RESPONSIBLE(organisation)                                                                  \
    "{\"station\":\"s1\",\"region\":\"" COMMUNITY "\",\"name\":\"站\",\"due\":\"2018-10-31\","    \
    "\"responsible\":\"" organisation "\"}"
    assert_int_equal(station(world, "s1", COUNTER_NOW).responsible, 0);
    assert_refused(world, PROBLEM_UNKNOWN_NOUN, "station.planned", RESPONSIBLE("o2"));
    done_on(world, "2018-07-01", "station.planned", RESPONSIBLE("o1"));
    uint32_t o1 = world_number(world, NOUN_ORGANISATION, "o1");
    assert_int_equal(station(world, "s1", COUNTER_NOW).responsible, o1);
    assert_int_equal(station(world, "s1", day("2018-06-30")).responsible, 0);
    assert_int_equal(station(world, "s1", COUNTER_NOW).n_dues, 0);
    done_on(world, "2018-07-02", "organisation.dissolved", "{\"organisation\":\"o1\"}");
    assert_refused(world, PROBLEM_WRONG_STATE, "station.planned", RESPONSIBLE("o1"));
    assert_says(world, "data.responsible", "dissolved");
}

static void what_was_due_first_is_kept_when_it_is_put_off(void **state) {
    struct world *world = *state;
    plan_s1(world);
    done_on(world, "2018-07-01", "station.planned", PLANNED("s1", COMMUNITY, "2018-11-30"));
    done_on(world, "2018-08-01", "station.planned", PLANNED("s1", COMMUNITY, "2018-12-31"));
    done_on(world, "2018-08-02", "station.planned", PLANNED("s1", COMMUNITY, "2018-12-31"));
    struct station s = station(world, "s1", COUNTER_NOW);
    assert_int_equal(s.planned.due, day("2018-10-31"));
    assert_int_equal(s.due, day("2018-12-31"));
    assert_int_equal(s.n_dues, 2);
    assert_int_equal(station(world, "s1", day("2018-07-31")).n_dues, 1);
}

static void nobody_accepts_a_station_of_which_he_evidenced_a_part(void **state) {
    struct world *world = *state;
    plan_s1(world);
    evidence_all(world);
#define ACCEPTED(by)                                                                               \
    "{\"station\":\"s1\",\"on\":\"2018-07-04\",\"by\":\"" by                                       \
    "\",\"evidence\":{\"digest\":\"sha256:2\",\"note\":\"验收单\"}}"
    on_day(world, "2018-07-05", PROBLEM_SELF_REVIEW, "station.built", ACCEPTED("p1"));
    assert_says(world, "data.by", "somebody else");
    done_on(world, "2018-07-05", "station.built", ACCEPTED("p2"));
    assert_true(str_equal(station(world, "s1", COUNTER_NOW).built.by, STR("p2")));
}

static void the_team_of_a_station_is_one_that_is_registered(void **state) {
    struct world *world = *state;
    plan_s1(world);
    done_on(world, "2018-06-03", "team.formed",
            "{\"team\":\"t1\",\"name\":\"队\",\"category\":\"elderly\",\"region\":\"" COMMUNITY
            "\",\"legal_status\":\"filed\"}");
#define TEAM(part, done, team)                                                                     \
    "{\"station\":\"s1\",\"part\":\"" part "\",\"done\":" done                                     \
    ",\"evidence\":{\"digest\":\"sha256:1\",\"note\":\"名册\"},\"by\":\"p1\",\"on\":\"2018-06-"  \
    "03\","                                                                                        \
    "\"team\":\"" team "\"}"
    on_day(world, "2018-06-03", PROBLEM_UNKNOWN_NOUN, "station.progressed",
           TEAM("team", "true", "t2"));
    on_day(world, "2018-06-03", PROBLEM_OUT_OF_RANGE, "station.progressed",
           TEAM("venue", "true", "t1"));
    on_day(world, "2018-06-03", PROBLEM_OUT_OF_RANGE, "station.progressed",
           TEAM("team", "false", "t1"));
    done_on(world, "2018-06-03", "station.progressed", TEAM("team", "true", "t1"));
    assert_int_equal(station(world, "s1", COUNTER_NOW).part[STATION_PART_TEAM].team,
                     world_number(world, NOUN_TEAM, "t1"));
    done_on(world, "2018-06-04", "team.dissolved", "{\"team\":\"t1\"}");
    on_day(world, "2018-06-05", PROBLEM_WRONG_STATE, "station.progressed",
           TEAM("team", "true", "t1"));
}

int main(void) {
#define T(name) cmocka_unit_test_setup_teardown(name, world_setup, world_teardown)
    const struct CMUnitTest tests[] = {
        T(every_step_is_counted_up_the_region_path),
        T(what_stood_at_the_end_of_a_past_day_can_be_read),
        T(the_evidence_of_each_part_can_be_read),
        T(a_station_lies_in_a_community),
        T(planned_again_it_takes_name_due_and_community),
        T(a_station_is_overdue_after_its_day_until_it_is_built),
        T(it_is_built_only_with_all_four_parts),
        T(a_part_is_taken_back_only_before_the_station_is_built),
        T(it_is_opened_only_after_it_is_built),
        T(nothing_happens_to_a_closed_station),
        T(a_station_follows_its_community_to_another_county),
        T(evidence_has_a_digest_and_a_note),
        T(who_is_responsible_is_named_by_the_plan),
        T(what_was_due_first_is_kept_when_it_is_put_off),
        T(nobody_accepts_a_station_of_which_he_evidenced_a_part),
        T(the_team_of_a_station_is_one_that_is_registered),
    };
    return cmocka_run_group_tests_name("stations", tests, NULL, NULL);
}
