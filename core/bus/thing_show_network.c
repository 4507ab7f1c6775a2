#include "bus/methods_subject.h"
#include "bus/plan_progress.h"
#include "bus/project_sums.h"
#include "bus/team_skills.h"
#include "bus/thing_show.h"
#include "domain/organisations.h"
#include "domain/plans.h"
#include "domain/projects.h"
#include "domain/stations.h"
#include "domain/teams.h"

/* ---- teams ---- */

const char *const team_states[2] = {[TEAM_ACTIVE] = "active", [TEAM_DISSOLVED] = "dissolved"};

int team_state(struct query *query, uint32_t number, const struct thing *thing,
               unsigned *ret_state) {
    struct team_row row;
    (void)thing;
    int r = team_get(query->view, number, &row);
    if (r == 0)
        *ret_state = row.state;
    return r;
}

int team_region(struct query *query, uint32_t number, const struct thing *thing,
                uint32_t *ret_region) {
    struct team_row row;
    (void)thing;
    int r = team_get(query->view, number, &row);
    if (r == 0)
        *ret_region = row.region;
    return r;
}

int show_team(struct query *query, uint32_t number, const struct thing *thing, struct arena *arena,
              json_t *object) {
    struct team_row row;
    (void)thing;
    int r = team_get(query->view, number, &row);
    if (r != 0)
        return r;
    /* Also that of a team which has only its organisation's. */
    json_object_set_new(object, "region", json_from_number(query, NOUN_REGION, row.region, arena));
    json_object_set_new(object, "members", json_integer(row.n_members));
    json_object_set_new(object, "formed_on", json_from_date(row.formed_on, 0));
    if (row.state == TEAM_DISSOLVED) {
        json_object_set_new(object, "dissolved_on", json_from_date(row.dissolved_on, 0));
        json_object_set_new(object, "successor",
                            json_from_number(query, NOUN_TEAM, row.successor, arena));
    }
    return 0;
}

/* What its members are to hold, and who of them does. */
int show_team_whole(struct query *query, uint32_t number, const struct thing *thing,
                    struct arena *arena, json_t *object) {
    const struct team_formed *team = thing->attributes;
    struct team_skills skills;
    json_t *list = json_array();
    json_object_set_new(object, "skills", list);
    int r = team_skills_read(query->view, number, team, query_today(query), arena, &skills);
    if (r != 0)
        return r;
    for (size_t i = 0; i < skills.n; i++)
        json_array_append_new(list, json_pack("{s:o, s:I, s:I, s:I}", "qualification",
                                              json_from_str(skills.items[i].name), "valid",
                                              (json_int_t)skills.items[i].valid, "expired",
                                              (json_int_t)skills.items[i].expired, "missing",
                                              (json_int_t)(skills.members - skills.items[i].valid -
                                                           skills.items[i].expired)));
    json_object_set_new(object, "qualified", json_integer((json_int_t)skills.qualified));
    return 0;
}

/* ---- projects ---- */

const char *const project_states[2] = {[PROJECT_OPEN] = "open", [PROJECT_CLOSED] = "closed"};

int project_region(struct query *query, uint32_t number, const struct thing *thing,
                   uint32_t *ret_region) {
    const struct project_defined *project = thing->attributes;
    struct organisation_row row;
    uint32_t organisation;
    (void)number;
    int r = thing_find(query->view, NOUN_ORGANISATION, project->organisation, &organisation);
    if (r == 0)
        r = organisation_get(query->view, organisation, &row);
    if (r == 0)
        *ret_region = row.region;
    return r;
}

/* The months of the last year, the present one first. */
#define PROJECT_MONTHS 12

int show_project_whole(struct query *query, uint32_t number, const struct thing *thing,
                       struct arena *arena, json_t *object) {
    const struct project_window window = {.last = date_month(query_today(query)),
                                          .n_months = PROJECT_MONTHS};
    struct project_sum *sums;
    json_t *months = json_array();
    int r = project_sums(query, &window, number, &sums);
    (void)arena;
    json_object_set_new(object, "stage", json_string(project_stage(thing->state, &sums[number])));
    json_object_set_new(object, "activities", json_integer(sums[number].activities));
    json_object_set_new(object, "records", json_integer(sums[number].records));
    json_object_set_new(object, "minutes", json_integer(sums[number].minutes));
    for (int32_t ago = 0; ago < PROJECT_MONTHS; ago++)
        json_array_append_new(months,
                              json_boolean((sums[number].in_months & UINT64_C(1) << ago) != 0));
    json_object_set_new(object, "active_months", months);
    return r;
}

/* ---- stations ---- */

const char *const station_states[4] = {
    [STATION_PLANNED] = "planned",
    [STATION_BUILT] = "built",
    [STATION_OPENED] = "opened",
    [STATION_CLOSED] = "closed",
};

int station_state(struct query *query, uint32_t number, const struct thing *thing,
                  unsigned *ret_state) {
    struct station station;
    (void)thing;
    int r = station_get(query->view, number, COUNTER_NOW, &station);
    if (r == 0)
        *ret_state = station.state;
    return r;
}

static void put_step_date(json_t *object, const char *name, const struct station_step *step) {
    if (step->sequence)
        json_object_set_new(object, name, json_from_date(step->on, INT32_MIN));
}

json_t *json_from_missing_parts(const struct station *station) {
    json_t *missing = json_array();
    for (unsigned i = 0; i < STATION_PART_COUNT; i++)
        if (!(station->parts & 1U << i))
            json_array_append_new(missing, json_string(STATION_PART_choices.words[i]));
    return missing;
}

int show_station(struct query *query, uint32_t number, const struct thing *thing,
                 struct arena *arena, json_t *object) {
    struct station station;
    json_t *parts = json_object();
    (void)thing;
    (void)arena;
    int r = station_get(query->view, number, COUNTER_NOW, &station);
    for (unsigned i = 0; r == 0 && i < STATION_PART_COUNT; i++)
        json_object_set_new(parts, STATION_PART_choices.words[i],
                            json_boolean(station.parts & 1U << i));
    json_object_set_new(object, "parts", parts);
    if (r != 0)
        return r;
    bool overdue = station_is_overdue(&station, query_today(query));
    json_object_set_new(object, "missing", json_from_missing_parts(&station));
    json_object_set_new(object, "overdue", json_boolean(overdue));
    json_object_set_new(object, "days_overdue",
                        json_integer(overdue ? query_today(query) - station.due : 0));
    if (station.n_dues)
        json_object_set_new(object, "first_due", json_from_date(station.planned.due, INT32_MIN));
    put_step_date(object, "planned_on", &station.planned);
    put_step_date(object, "built_on", &station.built);
    put_step_date(object, "opened_on", &station.opened);
    put_step_date(object, "closed_on", &station.closed);
    return 0;
}

/* Overdue or not. */
int station_is_asked_for(struct query *query, uint32_t number, bool *ret_takes) {
    bool given = json_object_get(query->params, "overdue") != NULL;
    struct station station;
    int r = given ? station_get(query->view, number, COUNTER_NOW, &station) : 0;
    *ret_takes = r == 0 && (!given || station_is_overdue(&station, query_today(query)) ==
                                          query_boolean(query, "overdue", false));
    return r;
}

struct step_list {
    struct query *query;
    struct arena *arena;
    json_t *items;
};

/* What a plan said: where, until when and by whom. */
static void put_planned(struct step_list *list, const struct station_step *step, json_t *object) {
    json_object_set_new(object, "due", json_from_date(step->due, INT32_MIN));
    json_object_set_new(object, "region",
                        json_from_number(list->query, NOUN_REGION, step->region, list->arena));
    if (step->responsible)
        json_object_set_new(
            object, "responsible",
            json_from_number(list->query, NOUN_ORGANISATION, step->responsible, list->arena));
}

static int add_step(void *context, const struct station_step *step) {
    struct step_list *list = context;
    json_t *object = json_pack("{s:s, s:o, s:o, s:I}", "step", station_step_text(step->kind), "on",
                               json_from_date(step->on, INT32_MIN), "recorded_on",
                               json_from_date(step->recorded_on, INT32_MIN), "sequence",
                               (json_int_t)step->sequence);
    bool is_part = step->kind >= STATION_STEP_PART && step->kind < STATION_STEP_BUILT;
    if (step->kind == STATION_STEP_PLANNED)
        put_planned(list, step, object);
    if (is_part)
        json_object_set_new(object, "done", json_boolean(step->done));
    if (step->by.size)
        json_object_set_new(object, "by", json_from_str(step->by));
    if (step->team)
        json_object_set_new(object, "team",
                            json_from_number(list->query, NOUN_TEAM, step->team, list->arena));
    if (is_part || step->kind == STATION_STEP_BUILT) {
        json_t *evidence = json_pack("{s:o, s:o}", "digest", json_from_str(step->digest), "note",
                                     json_from_str(step->note));
        if (step->uri.size)
            json_object_set_new(evidence, "uri", json_from_str(step->uri));
        json_object_set_new(object, "evidence", evidence);
    }
    json_array_append_new(list->items, object);
    return 0;
}

int show_station_whole(struct query *query, uint32_t number, const struct thing *thing,
                       struct arena *arena, json_t *object) {
    struct step_list list = {query, arena, json_array()};
    (void)thing;
    json_object_set_new(object, "steps", list.items);
    return station_each_step(query->view, number, add_step, &list);
}

/* ---- plans ---- */

static int find_subject(struct query *query, const struct subject *subject, enum noun *ret_noun,
                        uint32_t *ret_number) {
    *ret_noun = subject_noun((enum SUBJECT_KIND_choice)subject->kind);
    return thing_find(query->view, *ret_noun, subject->id, ret_number);
}

int plan_region(struct query *query, uint32_t number, const struct thing *thing,
                uint32_t *ret_region) {
    const struct plan_set *plan = thing->attributes;
    enum noun noun;
    uint32_t subject;
    (void)number;
    int r = find_subject(query, &plan->subject, &noun, &subject);
    return r == 0 ? thing_region(query, noun, subject, query->arena, ret_region) : r;
}

int measure_now(struct query *query, enum MEASURE_choice measure, int32_t due, enum noun noun,
                uint32_t number, int64_t *ret_value) {
    enum counter counter = counter_find(str_from(MEASURE_choices.words[measure]));
    if (measure != MEASURE_TRAININGS)
        return counter_value(query->view, COUNTER_NOW, noun, number, counter, ret_value);
    int32_t year, month, day;
    date_to_civil(due, &year, &month, &day);
    int32_t january = date_month(due) - month + 1;
    return counter_months(query->view, COUNTER_NOW, noun, number, counter, january, january + 11,
                          ret_value);
}

struct plan_choice {
    uint32_t number;
    struct plan *plan;
    bool found;
};

static int take_version(void *context, const struct plan *plan) {
    struct plan_choice *choice = context;
    if (plan->plan != choice->number)
        return 0;
    *choice->plan = *plan;
    choice->found = true;
    return 0;
}

/* The version that is in force. */
static int version_in_force(struct query *query, enum noun noun, uint32_t subject, uint32_t number,
                            struct plan *ret_plan) {
    struct plan_choice choice = {number, ret_plan, false};
    int r = plan_each(query->view, noun, subject, COUNTER_NOW, take_version, &choice);
    return r != 0 || choice.found ? r : query_found(THING_NOT_FOUND);
}

static void put_progress(const struct plan *plan, const struct plan_progress *progress,
                         json_t *object) {
    json_object_set_new(object, "value", json_integer(progress->value));
    json_object_set_new(object, "reached", json_boolean(progress->value >= plan->target));
    json_object_set_new(object, "expected", json_integer(progress->expected));
    json_object_set_new(object, "progress", json_string(plan_states[progress->state]));
}

static int read_progress(struct query *query, enum noun noun, uint32_t subject,
                         const struct plan *plan, struct plan_progress *ret_progress) {
    return plan_progress_read(query->view, noun, subject, plan, query_today(query), COUNTER_NOW,
                              ret_progress);
}

int show_plan(struct query *query, uint32_t number, const struct thing *thing, struct arena *arena,
              json_t *object) {
    const struct plan_set *data = thing->attributes;
    struct plan plan;
    struct plan_progress progress;
    enum noun noun;
    uint32_t subject;
    int r = find_subject(query, &data->subject, &noun, &subject);
    if (r == 0)
        r = version_in_force(query, noun, subject, number, &plan);
    if (r == 0)
        r = read_progress(query, noun, subject, &plan, &progress);
    if (r != 0)
        return r;
    json_object_set_new(object, "subject", json_from_subject(query, noun, subject, arena));
    put_progress(&plan, &progress, object);
    return 0;
}

static json_t *version_json(const struct plan *plan) {
    return json_pack(
        "{s:s, s:I, s:o, s:o, s:I}", "measure", MEASURE_choices.words[plan->measure], "target",
        (json_int_t)plan->target, "due", json_from_date(plan->due, INT32_MIN), "recorded_on",
        json_from_date(plan->recorded_on, INT32_MIN), "sequence", (json_int_t)plan->sequence);
}

int show_plan_whole(struct query *query, uint32_t number, const struct thing *thing,
                    struct arena *arena, json_t *object) {
    const struct plan_set *attributes = thing->attributes;
    char key[PLAN_KEY_BYTES];
    struct str row;
    enum noun noun;
    uint32_t subject;
    json_t *versions = json_array();
    (void)arena;
    json_object_set_new(object, "versions", versions);
    int r = find_subject(query, &attributes->subject, &noun, &subject);
    if (r == 0) {
        key[0] = (char)noun;
        number_key(key + 1, subject);
        r = view_get(query->view, TABLE_PLAN, (struct str){key, sizeof key}, &row);
    }
    if (r != 0)
        return r < 0 ? r : 0;
    struct cursor in = cursor_from(row);
    struct plan plan;
    bool left;
    while (plan_next(&in, &plan, &left) == 0)
        if (plan.plan == number && !left)
            json_array_append_new(versions, version_json(&plan));
    return 0;
}

struct plan_list {
    struct query *query;
    struct arena *arena;
    enum noun noun;
    uint32_t subject;
    json_t *items;
};

static int add_plan(void *context, const struct plan *plan) {
    struct plan_list *list = context;
    struct plan_progress progress;
    int r = read_progress(list->query, list->noun, list->subject, plan, &progress);
    if (r != 0)
        return r;
    json_t *object = version_json(plan);
    json_object_set_new(object, "plan",
                        json_from_number(list->query, NOUN_PLAN, plan->plan, list->arena));
    put_progress(plan, &progress, object);
    json_array_append_new(list->items, object);
    return 0;
}

int json_from_plans(struct query *query, enum noun noun, uint32_t number, struct arena *arena,
                    json_t **ret_list) {
    struct plan_list list = {query, arena, noun, number, json_array()};
    int r = plan_each(query->view, noun, number, COUNTER_NOW, add_plan, &list);
    if (r == 0)
        *ret_list = list.items;
    else
        json_decref(list.items);
    return r;
}
