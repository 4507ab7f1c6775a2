#include "bus/plan_progress.h"

#include "domain/counters.h"
#include "util/calendar.h"
#include "util/error.h"

const char *const plan_states[PLAN_STATES] = {
    [PLAN_MET] = "met",
    [PLAN_ON_TIME] = "on_time",
    [PLAN_BEHIND] = "behind",
    [PLAN_OVERDUE] = "overdue",
};

static int32_t first_of_year(int32_t date) {
    int32_t year, month, day;
    date_to_civil(date, &year, &month, &day);
    return month_first_date(date_month(date) - month + 1);
}

/* ---- where it begins ---- */

/* The day on which the plan was first set for this subject. */
static int first_set(struct view *view, enum noun noun, uint32_t number, const struct plan *plan,
                     int32_t *ret_date) {
    char key[PLAN_KEY_BYTES];
    struct str row;
    struct plan version;
    bool left;
    key[0] = (char)noun;
    number_key(key + 1, number);
    int r = view_get(view, TABLE_PLAN, (struct str){key, sizeof key}, &row);
    if (r != 0)
        return r < 0 ? r : error_note(-EBADMSG, "a plan's subject has no row");
    struct cursor in = cursor_from(row);
    *ret_date = plan->set_on;
    while ((r = plan_next(&in, &version, &left)) == 0)
        if (version.plan == plan->plan && !left && version.set_on < *ret_date)
            *ret_date = version.set_on;
    return r == THING_DAMAGED ? error_note(-EBADMSG, "a plan's row cannot be read") : 0;
}

static bool is_of_months(enum MEASURE_choice measure) {
    return measure == MEASURE_MINUTES || measure == MEASURE_ACTIVITIES ||
           measure == MEASURE_TRAININGS;
}

/* From when its months count; PLAN_NO_FROM: what there is counts. */
static int32_t months_from(const struct plan *plan) {
    if (!is_of_months(plan->measure))
        return PLAN_NO_FROM;
    if (plan->from != PLAN_NO_FROM)
        return plan->from;
    return plan->measure == MEASURE_TRAININGS ? first_of_year(plan->due) : PLAN_NO_FROM;
}

/* ---- how far it is ---- */

static int read_value(struct view *view, enum noun noun, uint32_t number, const struct plan *plan,
                      int32_t at, int64_t *ret_value) {
    enum counter counter = counter_find(str_from(MEASURE_choices.words[plan->measure]));
    int32_t from = months_from(plan);
    if (from == PLAN_NO_FROM)
        return counter_value(view, at, noun, number, counter, ret_value);
    return counter_months(view, at, noun, number, counter, date_month(from), date_month(plan->due),
                          ret_value);
}

/* An even share of the way from base to target for the days that are over. */
static int64_t even_pace(const struct plan *plan, const struct plan_progress *progress,
                         int32_t as_of) {
    int64_t days = plan->due - progress->start;
    int64_t gone = as_of - progress->start;
    int64_t way = plan->target - progress->base;
    if (way <= 0 || gone < 0 || (gone == 0 && days > 0))
        return progress->base;
    return gone >= days ? plan->target
                        : progress->base + way / days * gone + way % days * gone / days;
}

static enum plan_state state_of(const struct plan *plan, const struct plan_progress *progress,
                                int32_t as_of) {
    if (progress->value >= plan->target)
        return PLAN_MET;
    if (as_of > plan->due)
        return PLAN_OVERDUE;
    return progress->value < progress->expected ? PLAN_BEHIND : PLAN_ON_TIME;
}

int plan_progress_read(struct view *view, enum noun noun, uint32_t number, const struct plan *plan,
                       int32_t as_of, int32_t at, struct plan_progress *ret_progress) {
    int32_t from = months_from(plan);
    struct plan_progress progress = {.start = from != PLAN_NO_FROM ? from : plan->from};
    int r =
        progress.start == PLAN_NO_FROM ? first_set(view, noun, number, plan, &progress.start) : 0;
    if (r == 0)
        r = read_value(view, noun, number, plan, at, &progress.value);
    if (r == 0 && from == PLAN_NO_FROM)
        r = counter_value(view, progress.start - 1, noun, number,
                          counter_find(str_from(MEASURE_choices.words[plan->measure])),
                          &progress.base);
    if (r != 0)
        return r;
    progress.expected = even_pace(plan, &progress, as_of);
    progress.state = state_of(plan, &progress, as_of);
    *ret_progress = progress;
    return 0;
}
