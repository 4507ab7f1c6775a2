#include "conduct.h"

#define COMPLAINTS_PER_10000 12u
#define SUSPENDED_PER_10000 4u
#define FROM_DAY (SETUP_DAYS + 10u)
#define REFERRED_EVERY 3u
#define SUSPENDED_DAYS 30u
#define APPEALED_EVERY                                                                             \
    2u /* of those suspended: in vain, they are restored when their time is over */

enum step {
    STEP_FILED,
    STEP_REFERRED,
    STEP_RESOLVED,
    STEP_SUSPENDED,
    STEP_RESTORED,
    STEP_APPEALED,
    STEP_SETTLED
};

void conduct_init(struct conduct *conduct, const struct people *people) {
    *conduct = (struct conduct){people, share_of_year(people->plan, COMPLAINTS_PER_10000),
                                share_of_year(people->plan, SUSPENDED_PER_10000)};
}

struct complaint {
    uint32_t volunteer;
    uint32_t days; /* until it is resolved */
    uint32_t draw;
};

static struct complaint draw_complaint(const struct conduct *conduct, uint32_t item) {
    struct random random = random_for(conduct->people->plan->seed, STREAM_CONDUCT, item);
    struct complaint complaint = {.days = random_between(&random, 3, 20),
                                  .draw = random_below(&random, 1000)};
    complaint.volunteer =
        share_person(conduct->people, &random, item, conduct->complaints_in_a_year, 1, 7);
    return complaint;
}

static uint32_t draw_suspended(const struct conduct *conduct, uint32_t item) {
    struct random random =
        random_for(conduct->people->plan->seed, STREAM_CONDUCT, UINT64_C(1) << 40 | item);
    return share_person(conduct->people, &random, item, conduct->suspended_in_a_year, 0, 0);
}

static void add(struct schedule *schedule, uint32_t day, uint32_t second, enum step step,
                uint32_t item) {
    schedule_add(schedule, &(struct entry){.moment = day * DAY_S + second,
                                           .kind = ENTRY_CONDUCT,
                                           .subject = item,
                                           .activity = step});
}

void conduct_plan_day(const struct conduct *conduct, struct schedule *schedule, uint32_t day) {
    uint32_t first, n = share_of_day(conduct->complaints_in_a_year, FROM_DAY, day, &first);
    for (uint32_t item = first; item < first + n; item++) {
        struct complaint complaint = draw_complaint(conduct, item);
        if (complaint.volunteer == NO_PERSON)
            continue;
        add(schedule, day, 14 * HOUR_S + item % HOUR_S, STEP_FILED, item);
        if (item % REFERRED_EVERY == 0)
            add(schedule, day + 1, 9 * HOUR_S + item % HOUR_S, STEP_REFERRED, item);
        add(schedule, day + complaint.days, 16 * HOUR_S + item % HOUR_S, STEP_RESOLVED, item);
    }
    n = share_of_day(conduct->suspended_in_a_year, FROM_DAY, day, &first);
    for (uint32_t item = first; item < first + n; item++) {
        if (draw_suspended(conduct, item) == NO_PERSON)
            continue;
        add(schedule, day, 10 * HOUR_S + item % HOUR_S, STEP_SUSPENDED, item);
        add(schedule, day + SUSPENDED_DAYS, 10 * HOUR_S + item % HOUR_S, STEP_RESTORED, item);
        if (item % APPEALED_EVERY)
            continue;
        add(schedule, day + 3, 10 * HOUR_S + item % HOUR_S, STEP_APPEALED, item);
        add(schedule, day + 12, 10 * HOUR_S + item % HOUR_S, STEP_SETTLED, item);
    }
}

static void file(const struct conduct *conduct, struct output *out, uint32_t item) {
    static const char *const texts[] = {"服务中途离开", "态度不耐烦", "未穿反光背心", "迟到半小时"};
    struct complaint complaint = draw_complaint(conduct, item);
    field_subject(out, "volunteer");
    field_volunteer(out, "id", complaint.volunteer);
    object_end(out);
    field_text(out, "text", str_from(texts[complaint.draw % 4]));
}

static void resolve(const struct conduct *conduct, struct output *out, uint32_t item) {
    static const char *const outcomes[] = {"upheld", "dismissed", "dismissed", "withdrawn"};
    field_text(out, "outcome", str_from(outcomes[draw_complaint(conduct, item).draw % 4]));
    field_id(out, "by", "clerk:", 3, item % 400 + 401);
}

void conduct_write(const struct conduct *conduct, struct output *out, const struct entry *entry) {
    static const char *const types[] = {
        "complaint.filed",    "complaint.referred", "complaint.resolved", "volunteer.suspended",
        "volunteer.restored", "sanction.appealed",  "sanction.settled"};
    uint32_t item = entry->subject;
    event_begin(out, SOURCE_CIVIL_AFFAIRS, types[entry->activity], entry->moment);
    if (entry->activity <= STEP_RESOLVED)
        field_id(out, "complaint", "complaint:", 5, item + 1);
    else if (entry->activity >= STEP_APPEALED)
        field_id(out, "appeal", "appeal:", 5, item + 1);
    else
        field_volunteer(out, "volunteer", draw_suspended(conduct, item));
    switch ((enum step)entry->activity) {
    case STEP_FILED:
        file(conduct, out, item);
        break;
    case STEP_REFERRED:
        field_text(out, "to", STR("所在县区民政局(模拟)"));
        break;
    case STEP_RESOLVED:
        resolve(conduct, out, item);
        break;
    case STEP_SUSPENDED:
        field_text(out, "reason", STR("联系方式失效,核实期间暂停"));
        break;
    case STEP_APPEALED:
        field_subject(out, "volunteer");
        field_volunteer(out, "id", draw_suspended(conduct, item));
        object_end(out);
        field_text(out, "text", STR("电话号码没有变,请再核实"));
        break;
    case STEP_SETTLED:
        field_text(out, "outcome", STR("dismissed"));
        field_id(out, "by", "clerk:", 3, 912);
        break;
    default:
        field_text(out, "reason", STR("已核实"));
    }
    event_end(out);
}
