#include "care.h"

#include "names.h"

#define PER_10000 40u
#define ENROLLED_FROM (SETUP_DAYS + 3u)
#define ENROLLED_DAYS 60u
#define INTERVAL_DAYS 14u
#define VISITS_EVERY 12u
#define SKIPPED_EVERY 9u /* of the visits: nobody comes */
#define LEAVES_EVERY 20u /* of the people */
#define LEAVES_AFTER 150u
#define YEAR_DAYS 360u                        /* the plan's activity lasts so long */
#define VISIT_AT (6 * HOUR_S + 20 * MINUTE_S) /* over before the morning's activities begin */
#define VISIT_S (45 * MINUTE_S)

enum step { STEP_ENROLLED, STEP_PUBLISHED, STEP_PLANNED, STEP_VISITED, STEP_LEFT };

struct care {
    uint32_t region;
    uint32_t project; /* or NO_PROJECT */
    uint32_t enrolled;
    uint32_t visitors[2]; /* or NO_PERSON */
    uint64_t draw;
};

void cares_init(struct cares *cares, const struct people *people, const struct projects *projects) {
    *cares = (struct cares){people, projects, share_of_year(people->plan, PER_10000)};
}

/* A project that is open for the whole plan. */
static uint32_t draw_project(const struct cares *cares, const struct care *care) {
    const struct projects *projects = cares->projects;
    for (uint32_t i = 0; i < projects->n; i++) {
        uint32_t index = (uint32_t)((care->draw + i) % projects->n);
        const struct project *project = &projects->items[index];
        if (project_exists(project, care->enrolled) && !project->closed)
            return index;
    }
    return NO_PROJECT;
}

static struct care draw_care(const struct cares *cares, uint32_t item) {
    const struct people *people = cares->people;
    struct random random = random_for(people->plan->seed, STREAM_CARE, item);
    struct care care = {.enrolled = ENROLLED_FROM + random_below(&random, ENROLLED_DAYS)};
    care.region = region_draw(people->regions, (uint32_t)(random_next(&random) >> 32));
    care.draw = random_next(&random);
    for (uint32_t i = 0; i < 2; i++)
        care.visitors[i] = share_person(people, &random, item * 2 + i, cares->n * 2, 1, 7);
    care.project = draw_project(cares, &care);
    return care;
}

static bool is_planned(const struct care *care) {
    return care->project != NO_PROJECT && care->visitors[0] != NO_PERSON &&
           care->visitors[1] != NO_PERSON;
}

static uint32_t leaves_on(const struct care *care, uint32_t item) {
    return item % LEAVES_EVERY == LEAVES_EVERY - 1 ? care->enrolled + LEAVES_AFTER : UINT32_MAX;
}

static void add(struct schedule *schedule, uint32_t moment, enum step step, uint32_t item) {
    schedule_add(
        schedule,
        &(struct entry){.moment = moment, .kind = ENTRY_CARE, .subject = item, .activity = step});
}

/* No visit on a Saturday: whoever visits may be at an open call then. */
static bool is_visited(const struct cares *cares, const struct care *care, uint32_t day) {
    uint32_t days = day - care->enrolled;
    bool saturday = (plan_date(cares->people->plan, day) + 4) % 7 == 6;
    return days > 1 && days < YEAR_DAYS && days % VISITS_EVERY == 0 && !saturday &&
           (days / VISITS_EVERY + care->draw) % SKIPPED_EVERY != 0;
}

void cares_plan_day(const struct cares *cares, struct schedule *schedule, uint32_t day) {
    for (uint32_t item = 0; item < cares->n && day >= ENROLLED_FROM; item++) {
        struct care care = draw_care(cares, item);
        uint32_t morning = day * DAY_S;
        if (day < care.enrolled || day > leaves_on(&care, item))
            continue;
        if (day == leaves_on(&care, item))
            add(schedule, morning + 16 * HOUR_S + item % HOUR_S, STEP_LEFT, item);
        if (day == care.enrolled)
            add(schedule, morning + 9 * HOUR_S + item % HOUR_S, STEP_ENROLLED, item);
        if (!is_planned(&care))
            continue;
        if (day == care.enrolled) {
            add(schedule, morning + 11 * HOUR_S + item % HOUR_S, STEP_PUBLISHED, item);
            add(schedule, morning + 13 * HOUR_S + item % HOUR_S, STEP_PLANNED, item);
        }
        if (is_visited(cares, &care, day))
            add(schedule, morning + VISIT_AT + VISIT_S + 20 * MINUTE_S + item % HOUR_S,
                STEP_VISITED, item);
    }
}

static void field_beneficiary(struct output *out, uint32_t item) {
    field_id(out, "beneficiary", "beneficiary:", 5, item + 1);
}

static void field_care_activity(struct output *out, uint32_t item) {
    field_id(out, "activity", "tszyz:care", 5, item + 1);
}

static struct str served_group(const struct care *care) {
    static const char *const groups[] = {"孤寡老人", "空巢老人", "空巢老人", "残疾人"};
    return str_from(groups[care->draw % 4]);
}

static void enrol(const struct cares *cares, struct output *out, const struct care *care,
                  uint32_t item) {
    char name[NAME_BYTES];
    struct random random =
        random_for(cares->people->plan->seed, STREAM_CARE, UINT64_C(1) << 40 | item);
    struct str drawn = name_draw(&random, random_chance(&random, 500), name);
    field_beneficiary(out, item);
    field_text(out, "region", cares->people->regions->items[care->region].code);
    field_text(out, "served_group", served_group(care));
    field_true(out, "consent");
    field_object(out, "identity");
    field_text(out, "name", drawn);
    field_text(out, "document_kind", STR("other"));
    field_id(out, "number", "模拟", 6, item + 1);
    object_end(out);
}

/* Not beyond what is simulated. */
static uint32_t plan_ends_on(const struct cares *cares, const struct care *care) {
    uint32_t over = SETUP_DAYS + cares->people->plan->n_days + 1, end = care->enrolled + YEAR_DAYS;
    return end < over ? end : over;
}

static void publish(const struct cares *cares, struct output *out, const struct care *care,
                    uint32_t item) {
    const struct project *project = &cares->projects->items[care->project];
    field_care_activity(out, item);
    field_text(out, "title", STR("结对关爱:清晨走访"));
    field_text(out, "content", STR("清晨送餐,看看老人,帮忙做些家务"));
    field_text(out, "category", STR("elderly"));
    field_text(out, "kind", STR("service"));
    field_organisation(out, "organisation", project->organisation);
    field_text(out, "region", cares->people->regions->items[care->region].code);
    field_object(out, "place");
    field_text(out, "text", STR("帮扶对象家中"));
    object_end(out);
    field_project(out, "project", care->project);
    field_moment(out, "starts", (care->enrolled + 1) * DAY_S);
    field_moment(out, "ends", plan_ends_on(cares, care) * DAY_S);
    field_integer(out, "places", 2);
    field_text(out, "risk", STR("入户服务,须尊重隐私,注意人身安全"));
    field_text(out, "care", STR("他人"));
    field_list(out, "served_groups");
    list_text(out, served_group(care));
    list_end(out);
}

static void field_visitors(struct output *out, const struct care *care) {
    struct buf id = {0};
    field_list(out, "volunteers");
    for (uint32_t i = 0; i < 2; i++) {
        buf_reset(&id);
        buf_printf(&id, "tszyz:v%06u", care->visitors[i] + 1);
        list_text(out, buf_str(&id));
    }
    list_end(out);
    buf_deinit(&id);
}

static void visit(const struct cares *cares, struct output *out, const struct care *care,
                  uint32_t item, uint32_t moment) {
    uint32_t day = moment / DAY_S, nth = (day - care->enrolled) / VISITS_EVERY;
    const struct project *project = &cares->projects->items[care->project];
    field_id(out, "record", "tszyz:visit", 8, (uint64_t)item * 100 + nth);
    field_volunteer(out, "volunteer", care->visitors[nth % 2]);
    field_care_activity(out, item);
    field_organisation(out, "organisation", project->organisation);
    field_moment(out, "starts", day * DAY_S + VISIT_AT);
    field_moment(out, "ends", day * DAY_S + VISIT_AT + VISIT_S);
    field_text(out, "method", STR("code"));
    field_id(out, "recorder", "clerk:", 3, project->organisation % 400 + 1);
    field_beneficiary(out, item);
}

void care_write(const struct cares *cares, struct output *out, const struct entry *entry) {
    static const char *const types[] = {"beneficiary.enrolled", "activity.published",
                                        "care_plan.set", "service.recorded", "beneficiary.left"};
    uint32_t item = entry->subject;
    struct care care = draw_care(cares, item);
    event_begin(out, SOURCE_PLATFORM, types[entry->activity], entry->moment);
    switch ((enum step)entry->activity) {
    case STEP_ENROLLED:
        enrol(cares, out, &care, item);
        break;
    case STEP_PUBLISHED:
        publish(cares, out, &care, item);
        break;
    case STEP_PLANNED:
        field_beneficiary(out, item);
        field_project(out, "project", care.project);
        field_integer(out, "interval_days", INTERVAL_DAYS);
        field_visitors(out, &care);
        break;
    case STEP_VISITED:
        visit(cares, out, &care, item, entry->moment);
        break;
    default:
        field_beneficiary(out, item);
        field_date(out, "on", plan_date(cares->people->plan, entry->moment / DAY_S));
        field_text(out, "reason", item % 40 < 20 ? STR("moved") : STR("died"));
    }
    event_end(out);
}
