#include "honours.h"

#include "campaign.h"

#define LEAST 8u
#define PEOPLE_PER_NOMINATION 2000u
#define LEAST_ZEAL 3u
#define DEFINED_DAY (SETUP_DAYS - 7u)
#define REFUSED_EVERY 6u
#define NOTICE_DAYS 5

enum step {
    STEP_DEFINED,
    STEP_NOMINATED,
    STEP_FIRST,
    STEP_LAST,
    STEP_NOTICED,
    STEP_AWARDED,
    STEP_WITHDRAWN
};

static const char *const classes[] = {"助人为乐", "见义勇为", "诚实守信", "敬业奉献", "孝老爱亲"};
#define N_CLASSES (sizeof classes / sizeof *classes)

void honours_init(struct honours *honours, const struct people *people) {
    *honours = (struct honours){people, LEAST + people->plan->n_volunteers / PEOPLE_PER_NOMINATION};
}

uint32_t honour_nominee(const struct honours *honours, uint32_t item) {
    struct random random = random_for(honours->people->plan->seed, STREAM_HONOUR, item);
    return share_person(honours->people, &random, item, honours->n, LEAST_ZEAL, 7);
}

static bool is_refused(uint32_t item) {
    return item % REFUSED_EVERY == REFUSED_EVERY - 1;
}

/* The first of them is withdrawn later. */
bool honour_is_awarded(const struct honours *honours, uint32_t item) {
    return item > 0 && !is_refused(item) && honour_nominee(honours, item) != NO_PERSON;
}

/* On which day of the campaign's year a step is taken. */
static uint32_t step_day(const struct plan *plan, enum step step) {
    switch (step) {
    case STEP_NOMINATED:
        return campaign_day(plan, 10, 9);
    case STEP_FIRST:
        return campaign_day(plan, 10, 24);
    case STEP_LAST:
        return campaign_day(plan, 11, 7);
    case STEP_NOTICED:
        return campaign_day(plan, 11, 9);
    case STEP_AWARDED:
        return campaign_day(plan, 11, 20);
    case STEP_WITHDRAWN:
        return campaign_day(plan, 11, 28);
    default:
        return DEFINED_DAY;
    }
}

static bool takes(uint32_t item, enum step step) {
    if (step == STEP_DEFINED)
        return item == 0;
    return step <= STEP_FIRST || (!is_refused(item) && (step < STEP_WITHDRAWN || item == 0));
}

void honours_plan_day(const struct honours *honours, struct schedule *schedule, uint32_t day) {
    for (uint32_t step = STEP_DEFINED; step <= STEP_WITHDRAWN; step++) {
        if (day != step_day(honours->people->plan, (enum step)step))
            continue;
        for (uint32_t item = 0; item < honours->n; item++)
            if (takes(item, (enum step)step) &&
                (step == STEP_DEFINED || honour_nominee(honours, item) != NO_PERSON))
                schedule_add(schedule,
                             &(struct entry){.moment = day * DAY_S + 10 * HOUR_S + item % HOUR_S,
                                             .kind = ENTRY_HONOUR,
                                             .subject = item,
                                             .activity = step});
    }
}

static void define(struct output *out) {
    field_text(out, "honour", STR("tianshui-good-person"));
    field_text(out, "title", STR("天水好人"));
    field_text(out, "level", STR("municipal"));
    field_list(out, "classes");
    for (size_t i = 0; i < N_CLASSES; i++)
        list_text(out, str_from(classes[i]));
    list_end(out);
}

static void field_nomination(struct output *out, uint32_t item) {
    field_id(out, "nomination", "nomination:", 4, item + 1);
}

static void nominate(const struct honours *honours, struct output *out, uint32_t item) {
    field_nomination(out, item);
    field_text(out, "honour", STR("tianshui-good-person"));
    field_subject(out, "volunteer");
    field_volunteer(out, "id", honour_nominee(honours, item));
    object_end(out);
    field_text(out, "class", str_from(classes[item % N_CLASSES]));
    field_integer(out, "year", campaign_year(honours->people->plan));
    field_text(out, "story", STR("多年坚持参加社区志愿服务(模拟)"));
    field_true(out, "story_consent");
    field_id(out, "by", "clerk:", 3, 701 + item % 40);
}

/* Nobody objects: the midnight after its last day ends it. */
static void notice(const struct honours *honours, struct output *out, uint32_t item, uint32_t day) {
    field_id(out, "notice", "notice:nomination:", 4, item + 1);
    field_subject(out, "nomination");
    field_id(out, "id", "nomination:", 4, item + 1);
    object_end(out);
    field_date(out, "from", plan_date(honours->people->plan, day));
    field_integer(out, "working_days", NOTICE_DAYS);
}

static void review(struct output *out, uint32_t item, bool last) {
    bool refused = !last && is_refused(item);
    field_nomination(out, item);
    field_text(out, "stage", last ? STR("终审") : STR("初审"));
    field_text(out, "outcome", refused ? STR("refused") : STR("accepted"));
    field_id(out, "by", "clerk:", 3, last ? 901 : 801 + item % 40);
}

void honour_write(const struct honours *honours, struct output *out, const struct entry *entry) {
    static const char *const types[] = {
        "honour.defined",       "honour.nominated", "honour.reviewed", "honour.reviewed",
        "public_notice.opened", "honour.awarded",   "honour.withdrawn"};
    uint32_t item = entry->subject;
    event_begin(out, SOURCE_CIVILISATION, types[entry->activity], entry->moment);
    switch ((enum step)entry->activity) {
    case STEP_DEFINED:
        define(out);
        break;
    case STEP_NOMINATED:
        nominate(honours, out, item);
        break;
    case STEP_FIRST:
    case STEP_LAST:
        review(out, item, entry->activity == STEP_LAST);
        break;
    case STEP_NOTICED:
        notice(honours, out, item, entry->moment / DAY_S);
        break;
    case STEP_AWARDED:
        field_nomination(out, item);
        field_date(out, "on", plan_date(honours->people->plan, entry->moment / DAY_S));
        break;
    default:
        field_nomination(out, item);
        field_text(out, "reason", STR("推荐材料与事实不符"));
        field_id(out, "by", "clerk:", 3, 902);
    }
    event_end(out);
}
