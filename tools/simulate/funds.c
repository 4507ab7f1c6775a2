#include "funds.h"

#include "util/calendar.h"

#define ALLOCATED_DAY (SETUP_DAYS + 12u)
#define AGAIN_DAY (SETUP_DAYS + 220u)
#define FEN_PER_VOLUNTEER 300u
#define LEAST_FEN 5000000u
#define EVERY_DAYS 30u
#define FIRST_DAY (SETUP_DAYS + 25u)
#define SPENT_AFTER 18u
#define RETURNED_AFTER 25u
#define RETURNED_EVERY 4u

enum step { STEP_ALLOCATED, STEP_COMMITTED, STEP_SPENT, STEP_RETURNED };

static void add(struct schedule *schedule, uint32_t day, uint32_t hour, enum step step,
                uint32_t item) {
    schedule_add(schedule, &(struct entry){.moment = day * DAY_S + hour * HOUR_S,
                                           .kind = ENTRY_FUND,
                                           .subject = item,
                                           .activity = step});
}

void funds_plan_day(const struct plan *plan, struct schedule *schedule, uint32_t day) {
    (void)plan;
    if (day == ALLOCATED_DAY || day == AGAIN_DAY)
        add(schedule, day, 9, STEP_ALLOCATED, day == AGAIN_DAY);
    if (day < FIRST_DAY || (day - FIRST_DAY) % EVERY_DAYS)
        return;
    uint32_t item = (day - FIRST_DAY) / EVERY_DAYS;
    add(schedule, day, 10, STEP_COMMITTED, item);
    add(schedule, day + SPENT_AFTER, 15, STEP_SPENT, item);
    if (item % RETURNED_EVERY == RETURNED_EVERY - 1)
        add(schedule, day + RETURNED_AFTER, 16, STEP_RETURNED, item);
}

static int64_t allocated(const struct plan *plan) {
    return LEAST_FEN + (int64_t)plan->n_volunteers * FEN_PER_VOLUNTEER;
}

/* A thirtieth of an allocation a month. */
static int64_t committed(const struct plan *plan) {
    return allocated(plan) / 30;
}

static const char *purpose(uint32_t item) {
    return item % 2 ? "志愿者培训" : "志愿者人身意外伤害保险";
}

static void field_entry(struct output *out, const char *name, const char *prefix, uint32_t item) {
    field_id(out, name, prefix, 3, item + 1);
}

/* Whoever commits does not pay. */
static void spend(const struct plan *plan, struct output *out, uint32_t item, bool whole) {
    field_integer(out, "amount_fen",
                  whole && item % RETURNED_EVERY != RETURNED_EVERY - 1 ? committed(plan)
                  : whole                                              ? committed(plan) * 9 / 10
                                                                       : committed(plan) / 20);
    field_text(out, "purpose", whole ? str_from(purpose(item)) : STR("结余退回"));
    field_id(out, "by", "clerk:", 3, 911);
    field_entry(out, "of", "fund:commitment", item);
}

void fund_write(const struct plan *plan, struct output *out, const struct entry *entry) {
    static const char *const types[] = {"fund.allocated", "fund.committed", "fund.spent",
                                        "fund.returned"};
    static const char *const prefixes[] = {"fund:allocation", "fund:commitment", "fund:payment",
                                           "fund:return"};
    int32_t year, month, day;
    date_to_civil(plan_date(plan, entry->moment / DAY_S), &year, &month, &day);
    event_begin(out, SOURCE_CIVILISATION, types[entry->activity], entry->moment);
    field_text(out, "fund", STR(FUND_ID));
    field_entry(out, "entry", prefixes[entry->activity], entry->subject);
    switch ((enum step)entry->activity) {
    case STEP_ALLOCATED:
        field_integer(out, "amount_fen", allocated(plan));
        field_text(out, "origin", STR("市财政预算(模拟)"));
        field_integer(out, "year", year + (month == 12));
        field_text(out, "budget_line", STR("志愿服务专项"));
        field_text(out, "title", STR("志愿服务专项资金"));
        break;
    case STEP_COMMITTED:
        field_integer(out, "amount_fen", committed(plan));
        field_text(out, "purpose", str_from(purpose(entry->subject)));
        field_id(out, "by", "clerk:", 3, 910);
        break;
    default:
        spend(plan, out, entry->subject, entry->activity == STEP_SPENT);
    }
    event_end(out);
}
