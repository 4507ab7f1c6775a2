#include "asked.h"

#include "campaign.h"
#include "random.h"

#define UNITS 40u       /* employers that the notice goes to: the first ones */
#define PROMISING 10u   /* of those: who say what they will do */
#define ACCEPTED_BY 921 /* clerks, of whom none answers for a task */
#define OWNERS_FROM 500u

enum step {
    STEP_LAUNCHED,
    STEP_ISSUED,
    STEP_RECEIVED, /* subject: a unit; the same in the next four */
    STEP_ASSIGNED,
    STEP_REPORTED,
    STEP_RETURNED,
    STEP_ACCEPTED,
    STEP_PROMISED, /* subject: a unit, or UNITS and the number of a county; the same in the next */
    STEP_KEPT,
    STEP_CLOSED,
};

/* Of a hundred receipts, tasks and commitments, in this order of fates. */
#define LATE_PERCENT 10u
#define NEVER_PERCENT 8u
#define RETURNED_PERCENT 12u

static uint32_t n_units(const struct asked *asked) {
    uint32_t n = asked->organisations->n_employers;
    return n < UNITS ? n : UNITS;
}

static uint32_t promising(const struct asked *asked) {
    uint32_t n = n_units(asked);
    return n < PROMISING ? n : PROMISING;
}

static uint32_t unit(const struct asked *asked, uint32_t i) {
    return asked->organisations->employers[i];
}

static uint32_t county(const struct asked *asked, uint32_t n) {
    uint32_t region = 0;
    while (asked->regions->items[region].level != 3 || n-- > 0)
        region++;
    return region;
}

static void add(struct schedule *schedule, uint32_t day, uint32_t hour, enum step step,
                uint32_t subject) {
    schedule_add(schedule, &(struct entry){.moment = day * DAY_S + hour * HOUR_S + subject * 61,
                                           .kind = ENTRY_ASKED,
                                           .subject = subject,
                                           .activity = step});
}

static void plan_unit(const struct asked *asked, struct schedule *schedule, uint32_t i) {
    const struct plan *plan = asked->plan;
    struct random random = random_for(plan->seed, STREAM_ASKED, i);
    uint32_t fate = random_below(&random, 100);
    if (fate >= LATE_PERCENT + NEVER_PERCENT)
        add(schedule, random_between(&random, campaign_day(plan, 8, 25), campaign_day(plan, 9, 6)),
            9, STEP_RECEIVED, i);
    else if (fate < LATE_PERCENT)
        add(schedule, random_between(&random, campaign_day(plan, 9, 8), campaign_day(plan, 9, 20)),
            9, STEP_RECEIVED, i);
    add(schedule, campaign_day(plan, 8, 27), 9, STEP_ASSIGNED, i);
    fate = random_below(&random, 100);
    if (fate < NEVER_PERCENT)
        return;
    uint32_t day =
        fate < NEVER_PERCENT + LATE_PERCENT
            ? random_between(&random, campaign_day(plan, 10, 2), campaign_day(plan, 10, 15))
            : random_between(&random, campaign_day(plan, 9, 10), campaign_day(plan, 9, 29));
    add(schedule, day, 10, STEP_REPORTED, i);
    if (fate >= 100 - RETURNED_PERCENT) {
        add(schedule, day + 2, 15, STEP_RETURNED, i);
        add(schedule, day + 6, 10, STEP_REPORTED, i);
        day += 6;
    }
    add(schedule, day + 3, 15, STEP_ACCEPTED, i);
}

static bool is_district(const struct asked *asked, uint32_t subject) {
    return subject >= UNITS &&
           region_is_district(&asked->regions->items[county(asked, subject - UNITS)]);
}

/* Units speak of their Party members, counties of their stations: the districts' day is the first.
 */
static uint32_t promise_due(const struct asked *asked, uint32_t subject) {
    return subject < UNITS               ? campaign_day(asked->plan, 9, 30)
           : is_district(asked, subject) ? campaign_day(asked->plan, 10, 31)
                                         : campaign_day(asked->plan, 12, 31);
}

static void plan_promise(const struct asked *asked, struct schedule *schedule, uint32_t subject) {
    struct random random = random_for(asked->plan->seed, STREAM_ASKED, 1000 + subject);
    uint32_t due = promise_due(asked, subject), fate = random_below(&random, 100);
    bool far = subject >= UNITS && !is_district(asked, subject);
    add(schedule, campaign_day(asked->plan, 8, 24), 15, STEP_PROMISED, subject);
    if (fate < 2 * NEVER_PERCENT)
        return;
    bool late = !far && fate < 2 * (NEVER_PERCENT + LATE_PERCENT);
    uint32_t before = random_below(&random, 20) + (far ? 10 : 0);
    add(schedule, late ? due + 1 + before % 14 : due - before, 16, STEP_KEPT, subject);
}

void asked_plan_day(const struct asked *asked, struct schedule *schedule, uint32_t day) {
    if (day == campaign_day(asked->plan, 12, 31))
        add(schedule, day, 17, STEP_CLOSED, 0);
    if (day != campaign_day(asked->plan, 8, 24))
        return;
    add(schedule, day, 10, STEP_LAUNCHED, 0);
    add(schedule, day, 11, STEP_ISSUED, 0);
    for (uint32_t i = 0; i < n_units(asked); i++)
        plan_unit(asked, schedule, i);
    for (uint32_t i = 0; i < promising(asked); i++)
        plan_promise(asked, schedule, i);
    for (uint32_t region = 0, county = 0; region < asked->regions->n; region++)
        if (asked->regions->items[region].level == 3)
            plan_promise(asked, schedule, UNITS + county++);
}

/* ---- writing ---- */

static void launch(const struct asked *asked, struct output *out) {
    field_text(out, "campaign", STR(CAMPAIGN_ID));
    field_text(out, "title", STR("创建全国文明城、在职党员先锋行"));
    field_text(out, "document", STR("doc-campaign"));
    field_date(out, "starts", date_from_civil(campaign_year(asked->plan), 8, 24));
    field_date(out, "ends", date_from_civil(campaign_year(asked->plan), 12, 31));
    field_list(out, "regions");
    list_text(out, asked->regions->items[0].code);
    list_end(out);
}

static void issue(const struct asked *asked, struct output *out) {
    struct buf text = {0};
    field_text(out, "notice", STR("notice:37"));
    field_text(out, "campaign", STR(CAMPAIGN_ID));
    field_text(out, "title", STR("关于组织在职党员到社区报到的通知(模拟)"));
    field_text(out, "number", STR("模拟37号"));
    field_list(out, "to");
    for (uint32_t i = 0; i < n_units(asked); i++) {
        buf_reset(&text);
        buf_printf(&text, "org:%06u", unit(asked, i) + 1);
        list_text(out, buf_str(&text));
    }
    list_end(out);
    field_date(out, "due", date_from_civil(campaign_year(asked->plan), 9, 7));
    buf_deinit(&text);
}

static void assign(const struct asked *asked, struct output *out, uint32_t i) {
    field_text(out, "notice", STR("notice:37"));
    field_organisation(out, "organisation", unit(asked, i));
    field_id(out, "owner", "clerk:", 3, OWNERS_FROM + i);
    field_date(out, "due", date_from_civil(campaign_year(asked->plan), 9, 30));
    field_text(out, "measure", STR("in_service_party_members"));
    field_text(out, "title", STR("组织在职党员到结对社区报到"));
}

static void evidence(struct output *out, const char *note, uint32_t subject) {
    field_object(out, "evidence");
    field_id(out, "digest", "sim:", 8, subject + 1);
    field_text(out, "note", str_from(note));
    object_end(out);
}

static void promise(const struct asked *asked, struct output *out, uint32_t subject) {
    bool of_unit = subject < UNITS;
    field_subject(out, of_unit ? "organisation" : "region");
    if (of_unit)
        field_organisation(out, "id", unit(asked, subject));
    else
        field_text(out, "id", asked->regions->items[county(asked, subject - UNITS)].code);
    object_end(out);
    field_text(out, "text",
               of_unit ? STR("在职党员全部注册为志愿者,每月到社区服务一次")
                       : STR("按期建成辖区内全部社区志愿服务工作站"));
    field_date(out, "due", plan_date(asked->plan, promise_due(asked, subject)));
    field_text(out, "campaign", STR(CAMPAIGN_ID));
}

void asked_write(const struct asked *asked, struct output *out, const struct entry *entry) {
    static const char *const types[] = {
        [STEP_LAUNCHED] = "campaign.launched", [STEP_ISSUED] = "notice.issued",
        [STEP_RECEIVED] = "notice.received",   [STEP_ASSIGNED] = "task.assigned",
        [STEP_REPORTED] = "task.reported",     [STEP_RETURNED] = "task.returned",
        [STEP_ACCEPTED] = "task.accepted",     [STEP_PROMISED] = "commitment.made",
        [STEP_KEPT] = "commitment.kept",       [STEP_CLOSED] = "campaign.closed",
    };
    enum step step = (enum step)entry->activity;
    uint32_t subject = entry->subject;
    event_begin(out, SOURCE_CIVILISATION, types[step], entry->moment);
    if (step >= STEP_ASSIGNED && step <= STEP_ACCEPTED)
        field_id(out, "task", "task:", 3, subject + 1);
    if (step == STEP_PROMISED || step == STEP_KEPT)
        field_id(out, "commitment", "commitment:", 3, subject + 1);
    switch (step) {
    case STEP_LAUNCHED:
        launch(asked, out);
        break;
    case STEP_ISSUED:
        issue(asked, out);
        break;
    case STEP_RECEIVED:
        field_text(out, "notice", STR("notice:37"));
        field_organisation(out, "organisation", unit(asked, subject));
        field_id(out, "by", "clerk:", 3, OWNERS_FROM + subject);
        break;
    case STEP_ASSIGNED:
        assign(asked, out, subject);
        break;
    case STEP_REPORTED:
        evidence(out, "报到花名册和社区回执(模拟)", subject);
        break;
    case STEP_RETURNED:
        field_id(out, "by", "clerk:", 3, ACCEPTED_BY);
        field_text(out, "reason", STR("缺社区盖章(模拟)"));
        break;
    case STEP_ACCEPTED:
        field_id(out, "by", "clerk:", 3, ACCEPTED_BY);
        break;
    case STEP_PROMISED:
        promise(asked, out, subject);
        break;
    case STEP_KEPT:
        evidence(out, "兑现情况说明(模拟)", subject);
        break;
    case STEP_CLOSED:
        field_text(out, "campaign", STR(CAMPAIGN_ID));
        break;
    }
    event_end(out);
}
