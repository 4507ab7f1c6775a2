#include "needs.h"

#define PER_10000 100u
#define FROM_DAY (SETUP_DAYS + 2u)
#define MATCHED_PER_1000 650u
#define REFERRED_PER_1000 200u
#define WITHDRAWN_PER_1000 50u

enum step { STEP_FILED, STEP_MATCHED, STEP_REFERRED, STEP_CLOSED };
enum fate { FATE_MATCHED, FATE_REFERRED, FATE_WITHDRAWN, FATE_OPEN };

static const struct kind {
    const char *category;
    const char *served_group; /* or NULL */
    const char *text;
    const char *referred_to;
} kinds[] = {
    {"elderly", "空巢老人", "老人独自在家,希望有人帮忙打扫和陪伴", "民政局养老服务科(模拟)"},
    {"elderly", "孤寡老人", "每月去医院取药,没有人陪同", "街道卫生服务中心(模拟)"},
    {"disability", "残疾人", "出行不便,需要有人推轮椅去办证", "残联(模拟)"},
    {"neighbourhood", NULL, "楼道灯不亮,老人上下楼不安全", "物业公司(模拟)"},
    {"lei_feng", NULL, "小家电坏了,希望有人维修", "家电维修部(模拟)"},
    {"rural", "其他", "家里缺劳力,需要帮忙秋收", "乡镇农业站(模拟)"},
};
#define N_KINDS (sizeof kinds / sizeof *kinds)

struct need {
    uint32_t region;
    const struct kind *kind;
    const char *priority;
    enum fate fate;
    uint32_t call; /* index among those of its Saturday */
};

void needs_init(struct needs *needs, const struct calls *calls) {
    *needs = (struct needs){calls, share_of_year(calls->people->plan, PER_10000)};
}

static struct need draw_need(const struct needs *needs, uint32_t item) {
    static const char *const priorities[] = {"urgent", "high", "normal", "normal", "normal"};
    const struct people *people = needs->calls->people;
    struct random random = random_for(people->plan->seed, STREAM_NEED, item);
    struct need need = {.kind = &kinds[random_below(&random, N_KINDS)]};
    need.region = region_draw(people->regions, (uint32_t)(random_next(&random) >> 32));
    need.priority = priorities[random_below(&random, 5)];
    uint32_t fate = random_below(&random, 1000);
    bool calls = needs->calls->on_a_day > 0;
    need.fate = fate < MATCHED_PER_1000 && calls                                   ? FATE_MATCHED
                : fate < MATCHED_PER_1000                                          ? FATE_OPEN
                : fate < MATCHED_PER_1000 + REFERRED_PER_1000                      ? FATE_REFERRED
                : fate < MATCHED_PER_1000 + REFERRED_PER_1000 + WITHDRAWN_PER_1000 ? FATE_WITHDRAWN
                                                                                   : FATE_OPEN;
    need.call = calls ? random_below(&random, needs->calls->on_a_day) : 0;
    return need;
}

/* `of_day`: the Saturday, of a match. */
static void add(struct schedule *schedule, uint32_t day, uint32_t hour, enum step step,
                uint32_t item, uint32_t of_day) {
    schedule_add(schedule, &(struct entry){.moment = day * DAY_S + hour * HOUR_S + item % HOUR_S,
                                           .kind = ENTRY_NEED,
                                           .subject = item,
                                           .activity = step,
                                           .starts = of_day});
}

void needs_plan_day(const struct needs *needs, struct schedule *schedule, uint32_t day) {
    uint32_t first, n = share_of_day(needs->in_a_year, FROM_DAY, day, &first);
    for (uint32_t item = first; item < first + n; item++) {
        struct need need = draw_need(needs, item);
        uint32_t saturday = call_day_after(needs->calls, day + 1);
        add(schedule, day, 9, STEP_FILED, item, 0);
        if (need.fate == FATE_MATCHED) {
            add(schedule, saturday - 1, 11, STEP_MATCHED, item, saturday);
            add(schedule, saturday + 1, 10, STEP_CLOSED, item, 0);
        } else if (need.fate == FATE_REFERRED) {
            add(schedule, day + 2, 11, STEP_REFERRED, item, 0);
            add(schedule, day + 16, 10, STEP_CLOSED, item, 0);
        } else if (need.fate == FATE_WITHDRAWN) {
            add(schedule, day + 9, 10, STEP_CLOSED, item, 0);
        }
    }
}

static void file(const struct needs *needs, struct output *out, const struct need *need) {
    field_text(out, "region", needs->calls->people->regions->items[need->region].code);
    field_text(out, "category", str_from(need->kind->category));
    if (need->kind->served_group)
        field_text(out, "served_group", str_from(need->kind->served_group));
    field_text(out, "priority", str_from(need->priority));
    field_text(out, "text", str_from(need->kind->text));
}

void need_write(const struct needs *needs, struct output *out, const struct entry *entry) {
    static const char *const types[] = {"need.filed", "need.matched", "need.referred",
                                        "need.closed"};
    struct need need = draw_need(needs, entry->subject);
    event_begin(out, SOURCE_CIVIL_AFFAIRS, types[entry->activity], entry->moment);
    field_id(out, "need", "need:", 5, entry->subject + 1);
    switch ((enum step)entry->activity) {
    case STEP_FILED:
        file(needs, out, &need);
        break;
    case STEP_MATCHED:
        field_call(out, "activity", call_number(needs->calls, entry->starts, need.call));
        break;
    case STEP_REFERRED:
        field_text(out, "to", str_from(need.kind->referred_to));
        break;
    default:
        field_text(out, "outcome", need.fate == FATE_WITHDRAWN ? STR("withdrawn") : STR("met"));
    }
    event_end(out);
}
