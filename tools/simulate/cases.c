#include "cases.h"

#include "campaign.h"

#define TOLD_EVERY 3u /* of those who were honoured */

enum step {
    STEP_FOUND,
    STEP_AGREED,
    STEP_VERIFIED,
    STEP_PUBLISHED,
    STEP_TAKEN_BACK,
    STEP_DISAGREED
};

/* Days of November. */
static const int32_t days[] = {
    [STEP_FOUND] = 21,     [STEP_AGREED] = 22,     [STEP_VERIFIED] = 24,
    [STEP_PUBLISHED] = 26, [STEP_TAKEN_BACK] = 27, [STEP_DISAGREED] = 28,
};
#define N_STEPS (sizeof days / sizeof *days)

static bool takes(const struct honours *honours, uint32_t item, enum step step) {
    if (item % TOLD_EVERY != 1 || !honour_is_awarded(honours, item))
        return false;
    uint32_t n = item / TOLD_EVERY;
    return step < STEP_TAKEN_BACK || n == (step == STEP_TAKEN_BACK ? 0 : 2);
}

void cases_plan_day(const struct honours *honours, struct schedule *schedule, uint32_t day) {
    for (uint32_t step = 0; step < N_STEPS; step++) {
        if (day != campaign_day(honours->people->plan, 11, days[step]))
            continue;
        for (uint32_t item = 0; item < honours->n; item++)
            if (takes(honours, item, (enum step)step))
                schedule_add(schedule,
                             &(struct entry){.moment = day * DAY_S + 15 * HOUR_S + item % HOUR_S,
                                             .kind = ENTRY_CASE,
                                             .subject = item,
                                             .activity = step});
    }
}

static void field_case(struct output *out, uint32_t item) {
    field_id(out, "case", "case:", 4, item + 1);
}

static void field_person(const struct honours *honours, struct output *out, uint32_t item) {
    field_subject(out, "volunteer");
    field_volunteer(out, "id", honour_nominee(honours, item));
    object_end(out);
}

static void find(const struct honours *honours, struct output *out, uint32_t item) {
    field_case(out, item);
    field_person(honours, out, item);
    field_text(out, "title", STR("多年如一日的社区志愿服务(模拟)"));
    field_id(out, "nomination", "nomination:", 4, item + 1);
    field_text(out, "clue", STR("社区推荐,邻居可以作证(模拟)"));
    field_id(out, "by", "clerk:", 3, 701 + item % 40);
}

static void agree(const struct honours *honours, struct output *out, uint32_t item) {
    field_volunteer(out, "volunteer", honour_nominee(honours, item));
    field_text(out, "purpose", STR("publicity"));
    field_text(out, "text_version", STR("2018-11-cases"));
}

static void verify(struct output *out, uint32_t item) {
    field_case(out, item);
    field_text(out, "outcome", STR("accepted"));
    field_id(out, "by", "clerk:", 3, 801 + item % 40);
    field_list(out, "evidence");
    list_object(out);
    field_text(out, "digest", STR("sha256:simulated"));
    field_text(out, "note", STR("走访记录(模拟)"));
    object_end(out);
    list_end(out);
}

static void publish(const struct honours *honours, struct output *out, uint32_t item) {
    field_case(out, item);
    field_person(honours, out, item);
    field_text(out, "text", STR("多年来坚持到社区帮助有困难的邻居,风雨无阻。(模拟)"));
    field_true(out, "consent");
    field_id(out, "by", "clerk:", 3, 901);
}

void case_write(const struct honours *honours, struct output *out, const struct entry *entry) {
    static const char *const types[] = {"case.nominated", "consent.given",  "case.verified",
                                        "case.published", "case.withdrawn", "consent.withdrawn"};
    uint32_t item = entry->subject;
    event_begin(out, SOURCE_CIVILISATION, types[entry->activity], entry->moment);
    switch ((enum step)entry->activity) {
    case STEP_FOUND:
        find(honours, out, item);
        break;
    case STEP_VERIFIED:
        verify(out, item);
        break;
    case STEP_PUBLISHED:
        publish(honours, out, item);
        break;
    case STEP_TAKEN_BACK:
        field_case(out, item);
        field_text(out, "reason", STR("与事实有出入,核实后再发"));
        field_id(out, "by", "clerk:", 3, 901);
        break;
    default:
        agree(honours, out, item);
    }
    event_end(out);
}
