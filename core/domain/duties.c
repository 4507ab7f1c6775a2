#include "domain/duties.h"

#include "domain/counters.h"
#include "domain/day_lists.h"
#include "domain/duty_calendar.h"
#include "domain/enrolments.h"
#include "domain/merges.h"
#include "domain/runs.h"
#include "util/error.h"

/* ---- keys ---- */

/* post u32, n u32 */
static struct str duty_key(char key[static 8], uint32_t post, uint32_t n) {
    number_key(key, post);
    number_key(key + 4, n);
    return (struct str){key, 8};
}

/* post u32, the day, turned so that earlier days come first */
static struct str day_key(char key[static 8], uint32_t post, int32_t date) {
    return duty_key(key, post, (uint32_t)date ^ UINT32_C(0x80000000));
}

/* ---- reading ---- */

int duty_get(struct view *view, uint32_t post, uint32_t n, struct duty *ret_duty) {
    char key[8];
    struct str row;
    int r = view_get(view, TABLE_DUTY, duty_key(key, post, n), &row);
    if (r != 0)
        return r < 0 ? r : THING_NOT_FOUND;
    struct cursor in = cursor_from(row);
    struct str fixed = cursor_take(&in, sizeof ret_duty->row);
    ret_duty->findings = cursor_counted(&in);
    if (in.failed)
        return error_note(-EBADMSG, "the row of a duty cannot be read");
    memcpy(&ret_duty->row, fixed.data, sizeof ret_duty->row);
    return 0;
}

struct str duty_record_name(struct arena *arena, uint64_t sequence) {
    return arena_printf(arena, "duty:%llu", (unsigned long long)sequence);
}

static uint32_t day_number(const struct duty_day *day, size_t i) {
    uint32_t number;
    memcpy(&number, day->duties + i * sizeof number, sizeof number);
    return number;
}

/* Row: missed u8, numbers u32. */
static int day_decode(struct str row, struct duty_day *ret_day) {
    if (row.size % sizeof(uint32_t) != 1)
        return error_note(-EBADMSG, "a day of duty cannot be read");
    *ret_day = (struct duty_day){
        .missed = row.data[0] != 0, .n = (row.size - 1) / sizeof(uint32_t), .duties = row.data + 1};
    for (size_t i = 0; i < ret_day->n; i++)
        ret_day->n_done += !(day_number(ret_day, i) & DUTY_REVOKED);
    return 0;
}

int duty_day_get(struct view *view, uint32_t post, int32_t date, struct duty_day *ret_day) {
    char key[8];
    struct str row;
    *ret_day = (struct duty_day){.n = 0};
    int r = view_get(view, TABLE_DUTY_DAY, day_key(key, post, date), &row);
    return r == 0 ? day_decode(row, ret_day) : r < 0 ? r : 0;
}

struct walk {
    uint32_t post;
    int (*each)(void *context, int32_t date, const struct duty_day *day);
    void *context;
};

enum { WALK_END = 1 };

static int walk_day(void *context, struct str key, struct str row) {
    struct walk *walk = context;
    struct cursor in = cursor_from(key);
    struct duty_day day;
    if (cursor_u32_sorted(&in) != walk->post)
        return WALK_END;
    int32_t date = (int32_t)(cursor_u32_sorted(&in) ^ UINT32_C(0x80000000));
    int r =
        in.failed ? error_note(-EBADMSG, "a day of duty cannot be read") : day_decode(row, &day);
    return r == 0 ? walk->each(walk->context, date, &day) : r;
}

int duty_days_each(struct view *view, uint32_t post, int32_t from,
                   int (*each)(void *context, int32_t date, const struct duty_day *day),
                   void *context) {
    char key[8];
    struct walk walk = {post, each, context};
    int r = view_scan(view, TABLE_DUTY_DAY, day_key(key, post, from), walk_day, &walk);
    return r < 0 ? r : 0;
}

static int calendar_of(struct view *view, uint32_t post, struct arena *arena,
                       struct duty_calendar *ret_calendar) {
    struct thing thing;
    int r = thing_get(view, NOUN_POST, post, arena, &thing);
    if (r != 0)
        return r;
    const struct post_defined *data = thing.attributes;
    return duty_calendar_parse(data->duty_calendar, ret_calendar) ? THING_NOT_FOUND : 0;
}

#define LOOK_AHEAD_DAYS 62

int duty_next(struct view *view, const struct post_defined *post, int32_t after,
              int32_t *ret_date) {
    struct duty_calendar calendar;
    bool asks = false;
    int32_t date = after, until = after + LOOK_AHEAD_DAYS;
    if (duty_calendar_parse(post->duty_calendar, &calendar))
        return THING_NOT_FOUND;
    while (!asks) {
        int r = duty_calendar_next(&calendar, date, &date);
        if (r == 0 && date > until)
            r = THING_NOT_FOUND;
        if (r == 0)
            r = duty_calendar_asks(view, &calendar, date, &asks);
        if (r != 0)
            return r;
    }
    *ret_date = date;
    return 0;
}

/* ---- the days that are over ---- */

int duty_due_get(struct view *view, int32_t date, uint32_t n, uint32_t *ret_post) {
    return day_list_get(view, TABLE_DUTY_DUE, date, n, ret_post);
}

/* However long the daemon stood still, no more of its days are told. */
#define LOOK_BACK_DAYS 366

static int32_t first_unsettled(const struct post_row *row, int32_t until) {
    return row->due_on < until - LOOK_BACK_DAYS ? until - LOOK_BACK_DAYS : row->due_on;
}

int duty_missed_after(struct view *view, uint32_t post, int32_t after, int32_t until,
                      struct arena *arena, int32_t *ret_date) {
    struct post_row row;
    struct duty_calendar calendar;
    int r = post_get(view, post, &row);
    if (r == 0 && (row.state != POST_OPEN || !row.due_on))
        return THING_NOT_FOUND;
    if (r == 0)
        r = calendar_of(view, post, arena, &calendar);
    int32_t date = r == 0 ? first_unsettled(&row, until) : 0;
    for (date = date > after ? date : after + 1; r == 0 && date <= until; date++) {
        struct duty_day day;
        bool asks;
        r = duty_calendar_asks(view, &calendar, date, &asks);
        if (r == 0 && asks)
            r = duty_day_get(view, post, date, &day);
        if (r == 0 && asks && !day.n_done && !day.missed) {
            *ret_date = date;
            return 0;
        }
    }
    return r ? r : THING_NOT_FOUND;
}

int duties_day_ended(struct context *context, int32_t date) {
    uint32_t n;
    int r = day_list_count(context->view, TABLE_DUTY_DUE, date, &n);
    return r == 0 ? run_begin_between(context, RUN_DUTIES, 0, date, 0, n) : r;
}

/* ---- counting ---- */

/* Of one day, in the month that it lies in: where the post is, and for whose it is. */
static int count(struct context *context, const struct post_row *row, int32_t on,
                 const struct counter_change *changes, size_t n) {
    int r = counter_add_region(context, date_month(on), row->region, changes, n);
    return r == 0 ? counter_add_organisation(context, date_month(on), row->organisation, changes, n)
                  : r;
}

static int count_one(struct context *context, const struct post_row *row, int32_t on,
                     enum counter counter, int by) {
    const struct counter_change change = {counter, by};
    return count(context, row, on, &change, 1);
}

/* ---- the calendar ---- */

int duty_check_calendar(struct context *context, const struct post_defined *data) {
    struct duty_calendar calendar;
    if (!HAS(data, post_defined, duty_calendar) ||
        duty_calendar_parse(data->duty_calendar, &calendar) == 0)
        return 0;
    return problem_set(context->problem, PROBLEM_OUT_OF_RANGE, "data.duty_calendar",
                       "write days and a time, up to %d of both with semicolons between them, for "
                       "instance: mon,sat 07:30-09:00; workday 17:30-19:00 (days are mon to sun, "
                       "mon-fri, daily, workday, rest, holiday)",
                       DUTY_RULES);
}

/* On the list of its next day after `after`; a day that has begun to end already is looked at when
 * today is over. */
static int be_due(struct context *context, uint32_t post, const struct duty_calendar *calendar,
                  int32_t after, struct post_row *row) {
    int32_t today = context_today(context), date;
    int r = duty_calendar_next(calendar, after, &date);
    row->due_on = r == 0 && date_is_kept(date) ? date : 0;
    if (r != 0 || !row->due_on)
        return r < 0 ? r : 0;
    return day_list_add(context, TABLE_DUTY_DUE, date > today ? date : today, post);
}

int duty_plan(struct context *context, uint32_t post, const struct post_defined *before,
              const struct post_defined *data, struct post_row *row) {
    struct duty_calendar calendar;
    int32_t today = context_today(context);
    if (!HAS(data, post_defined, duty_calendar)) {
        row->due_on = row->overdue_since = 0;
        return 0;
    }
    if (before && row->due_on && str_equal(before->duty_calendar, data->duty_calendar))
        return 0;
    int r = duty_calendar_parse(data->duty_calendar, &calendar);
    return r == 0 ? be_due(context, post, &calendar, today, row)
                  : error_note(-EBADMSG, "a duty calendar was checked and cannot be read");
}

/* ---- duty is done ---- */

static void put_day(struct context *context, uint32_t post, int32_t date,
                    const struct duty_day *day, uint32_t more) {
    char key[8];
    struct buf *row = &context->scratch;
    buf_reset(row);
    buf_put_byte(row, day->missed);
    buf_put(row, day->duties, day->n * sizeof more);
    if (more)
        buf_put(row, &more, sizeof more);
    store_put(context->store, TABLE_DUTY_DAY, day_key(key, post, date), buf_str(row));
}

static void put_duty(struct context *context, uint32_t post, uint32_t n, const struct duty *duty) {
    char key[8];
    struct buf *row = &context->scratch;
    buf_reset(row);
    buf_put(row, &duty->row, sizeof duty->row);
    buf_put_counted(row, duty->findings);
    store_put(context->store, TABLE_DUTY, duty_key(key, post, n), buf_str(row));
}

/* How many duties of one person and day are compared: beyond it the records are. */
#define COMPARED 64

static int day_duty(struct context *context, uint32_t post, const struct duty_day *day, size_t i,
                    struct duty *ret_duty) {
    int r = duty_get(context->view, post, day_number(day, i) & ~DUTY_REVOKED, ret_duty);
    return r > 0 ? error_note(-EBADMSG, "a day names a duty that is not there") : r;
}

static int check_not_told(struct context *context, uint32_t post, const struct duty_day *day,
                          const struct duty_row *row) {
    size_t first = day->n > COMPARED ? day->n - COMPARED : 0;
    for (size_t i = first; i < day->n; i++) {
        struct duty other;
        int r = day_duty(context, post, day, i, &other);
        if (r != 0)
            return r;
        if (other.row.volunteer == row->volunteer && !other.row.revoked &&
            other.row.starts_s < row->starts_s + (int64_t)row->span_s &&
            row->starts_s < other.row.starts_s + (int64_t)other.row.span_s)
            return problem_set(context->problem, PROBLEM_WRONG_STATE, "data.starts",
                               "this person's duty here at this time is told already; mend the "
                               "times, or the record (service.corrected)");
    }
    return 0;
}

/* Since when nobody came, by who was there last. */
static int find_overdue(struct context *context, uint32_t post, struct post_row *row) {
    int32_t date = row->missed_on - LOOK_BACK_DAYS;
    row->overdue_since = 0;
    for (date = date > row->last_duty_on ? date : row->last_duty_on + 1; date <= row->missed_on;
         date++) {
        struct duty_day day;
        int r = duty_day_get(context->view, post, date, &day);
        if (r != 0)
            return r;
        if (day.missed) {
            row->overdue_since = date;
            return 0;
        }
    }
    return 0;
}

/* Somebody was there on that day. */
static int follow(struct context *context, uint32_t post, int32_t on, struct post_row *row) {
    if (on > row->last_duty_on)
        row->last_duty_on = on;
    return row->due_on ? find_overdue(context, post, row) : 0;
}

/* Nobody was there on that day after all. */
static int follow_back(struct context *context, uint32_t post, int32_t on, struct post_row *row) {
    int32_t until = on - LOOK_BACK_DAYS;
    struct duty_day day = {.n_done = 0};
    if (on == row->last_duty_on) {
        int r = duty_day_get(context->view, post, on, &day);
        while (r == 0 && !day.n_done && --on > until)
            r = duty_day_get(context->view, post, on, &day);
        if (r != 0)
            return r;
        row->last_duty_on = day.n_done ? on : 0;
    }
    return row->due_on ? find_overdue(context, post, row) : 0;
}

struct told {
    uint32_t post;
    uint32_t claim;
    int32_t on;
    struct post_row before;
    struct duty duty;
};

static int resolve_told(struct context *context, const struct post_duty_done *data,
                        struct told *told) {
    struct enrolment claim;
    struct duty_row *row = &told->duty.row;
    int r = post_find_claim(context, data->post, data->volunteer, &told->claim, &claim);
    if (r == 0)
        r = post_get(context->view, claim.row.post, &told->before);
    if (r == 0)
        r = post_require_open(context, &told->before, data->post);
    if (r != 0)
        return r;
    if (claim.row.state != ENROLMENT_ACCEPTED)
        return problem_set(context->problem, PROBLEM_WRONG_STATE, "data.volunteer",
                           "%.*s does not hold this post; the claim is %s: duty is done by those "
                           "whose claim was accepted (post.claimed, post.accepted)",
                           STR_ARG(data->volunteer),
                           enrolment_state_text((enum enrolment_state)claim.row.state));
    told->post = claim.row.post;
    *row =
        (struct duty_row){.starts_s = data->starts.us / MICROSECONDS,
                          .sequence = context->sequence,
                          .volunteer = claim.row.volunteer,
                          .span_s = (uint32_t)((data->ends.us - data->starts.us) / MICROSECONDS),
                          .method = HAS(data, post_duty_done, method) ? (uint8_t)data->method
                                                                      : ATTENDANCE_METHOD_MANUAL};
    told->duty.findings = data->findings;
    told->on = zone_date(context->zone, data->starts.us);
    return record_check_served(context, row->volunteer, data->volunteer, data->starts.us,
                               data->ends.us);
}

static int count_told(struct context *context, const struct told *told,
                      const struct duty_day *day) {
    const struct counter_change changes[] = {
        {COUNTER_duties_done, 1},
        {COUNTER_duty_findings, told->duty.findings.size > 0},
        {COUNTER_duties_missed, day->missed ? -1 : 0},
    };
    return count(context, &told->before, told->on, changes, sizeof changes / sizeof *changes);
}

int apply_post_duty_done(struct context *context, const struct event *event,
                         const struct post_duty_done *data) {
    (void)event;
    struct told told;
    struct duty_day day;
    int r = resolve_told(context, data, &told);
    if (r == 0)
        r = duty_day_get(context->view, told.post, told.on, &day);
    if (r == 0)
        r = check_not_told(context, told.post, &day, &told.duty.row);
    if (r == 0)
        r = count_told(context, &told, &day);
    if (r != 0)
        return r;
    struct post_row row = told.before;
    row.n_duties++;
    row.n_findings += told.duty.findings.size > 0;
    row.n_missed -= day.missed;
    day.missed = false;
    day.duties =
        arena_copy(context->arena, (struct str){day.duties, day.n * sizeof(uint32_t)}).data;
    put_duty(context, told.post, row.n_duties, &told.duty);
    put_day(context, told.post, told.on, &day, row.n_duties);
    r = follow(context, told.post, told.on, &row);
    if (r == 0)
        r = post_replace(context, told.post, &told.before, &row);
    if (r == 0)
        context_ask_of(context, (struct question){.kind = POLICY_KIND_ACCEPTANCE,
                                                  .number = told.post,
                                                  .date = context_date(context),
                                                  .noun = NOUN_POST});
    return r;
}

int duty_stay(struct view *view, uint32_t post, struct stay *ret_stay) {
    struct post_row row;
    struct duty duty;
    int r = post_get(view, post, &row);
    if (r == 0)
        r = duty_get(view, post, row.n_duties, &duty);
    if (r == 0)
        *ret_stay = (struct stay){.volunteer = duty.row.volunteer,
                                  .post = post,
                                  .organisation = row.organisation,
                                  .shift = STR_NONE,
                                  .starts_s = duty.row.starts_s,
                                  .ends_s = duty.row.starts_s + duty.row.span_s,
                                  .method = stay_method(duty.row.method),
                                  .sequence = duty.row.sequence};
    return r;
}

/* ---- duty that was none ---- */

/* The duty that gave the record: of that day, person and beginning. */
static int find_told(struct context *context, uint32_t post, const struct duty_day *day,
                     const struct record_row *record, size_t *ret_i, struct duty *ret_duty) {
    uint32_t person = record->volunteer;
    int r = volunteer_survivor(context->view, &person);
    for (size_t i = 0; r == 0 && i < day->n; i++) {
        r = day_duty(context, post, day, i, ret_duty);
        if (r != 0 || ret_duty->row.starts_s != record->starts_s)
            continue;
        uint32_t other = ret_duty->row.volunteer;
        r = volunteer_survivor(context->view, &other);
        *ret_i = i;
        if (r != 0 || other == person)
            return r;
    }
    return r ? r : THING_NOT_FOUND;
}

/* Where nobody came on a day of duty that is over, it was missed. */
static int miss(struct context *context, uint32_t post, int32_t on, struct duty_day *day,
                struct post_row *row) {
    struct duty_calendar calendar;
    bool asks = false;
    int r = calendar_of(context->view, post, context->arena, &calendar);
    if (r == 0)
        r = duty_calendar_asks(context->view, &calendar, on, &asks);
    if (r != 0)
        return r < 0 ? r : 0;
    if (!asks || !row->due_on || on >= row->due_on || day->n_done)
        return 0;
    day->missed = true;
    row->n_missed++;
    row->missed_on = on > row->missed_on ? on : row->missed_on;
    return 0;
}

/* The day's i-th duty is revoked, or is not any more. */
static void turn(struct context *context, struct duty_day *day, size_t i, bool revoked) {
    char *numbers = arena_alloc(context->arena, day->n * sizeof(uint32_t));
    uint32_t number = day_number(day, i) ^ DUTY_REVOKED;
    memcpy(numbers, day->duties, day->n * sizeof number);
    memcpy(numbers + i * sizeof number, &number, sizeof number);
    day->duties = numbers;
    if (revoked)
        day->n_done--;
    else
        day->n_done++;
}

static int count_turned(struct context *context, const struct post_row *row, int32_t on,
                        const struct duty *duty, int missed) {
    const int by = duty->row.revoked ? -1 : 1;
    const struct counter_change changes[] = {
        {COUNTER_duties_done, by},
        {COUNTER_duty_findings, duty->findings.size ? by : 0},
        {COUNTER_duties_missed, missed},
    };
    return count(context, row, on, changes, sizeof changes / sizeof *changes);
}

static int turn_duty(struct context *context, uint32_t post, int32_t on, struct duty_day *day,
                     size_t i, struct duty *duty, const struct post_row *before) {
    struct post_row row = *before;
    bool was_missed = day->missed, revoked = !duty->row.revoked;
    uint32_t findings = duty->findings.size > 0, number = day_number(day, i) & ~DUTY_REVOKED;
    turn(context, day, i, revoked);
    duty->row.revoked = revoked;
    duty->findings = arena_copy(context->arena, duty->findings);
    row.n_revoked += revoked ? 1U : UINT32_MAX;
    row.n_findings += revoked ? 0U - findings : findings;
    day->missed = false;
    row.n_missed -= was_missed;
    int r = revoked ? miss(context, post, on, day, &row) : 0;
    if (r != 0)
        return r;
    put_duty(context, post, number, duty);
    put_day(context, post, on, day, 0);
    r = revoked ? follow_back(context, post, on, &row) : follow(context, post, on, &row);
    if (r == 0)
        r = count_turned(context, before, on, duty, day->missed - was_missed);
    return r == 0 ? post_replace(context, post, before, &row) : r;
}

int duty_record_settled(struct context *context, const struct record_row *record,
                        const struct service_recorded *details) {
    bool revoked = record->state == RECORD_REVOKED;
    int32_t on = zone_date(context->zone, record->starts_s * MICROSECONDS);
    uint32_t post;
    size_t i;
    struct post_row before;
    struct duty_day day;
    struct duty duty;
    int r = thing_find(context->view, NOUN_POST, details->post, &post);
    if (r == 0)
        r = post_get(context->view, post, &before);
    if (r == 0)
        r = duty_day_get(context->view, post, on, &day);
    if (r == 0)
        r = find_told(context, post, &day, record, &i, &duty);
    if (r != 0 || duty.row.revoked == revoked)
        return r < 0 ? r : 0;
    return turn_duty(context, post, on, &day, i, &duty, &before);
}

/* ---- a day is over ---- */

int apply_post_overdue(struct context *context, const struct event *event,
                       const struct post_overdue *data) {
    (void)event;
    uint32_t post;
    struct post_row before;
    struct duty_day day;
    int r = thing_resolve(context, NOUN_POST, data->post, "data.post", &post);
    if (r == 0)
        r = post_get(context->view, post, &before);
    if (r == 0)
        r = duty_day_get(context->view, post, data->on, &day);
    if (r != 0)
        return r;
    if (day.n_done || day.missed)
        return problem_set(context->problem, PROBLEM_WRONG_STATE, "data.on",
                           "what became of this day at post %.*s is known", STR_ARG(data->post));
    struct post_row row = before;
    row.n_missed++;
    row.missed_on = data->on > row.missed_on ? data->on : row.missed_on;
    if (!row.overdue_since && data->on > row.last_duty_on)
        row.overdue_since = data->on;
    day.missed = true;
    put_day(context, post, data->on, &day, 0);
    r = count_one(context, &before, data->on, COUNTER_duties_missed, 1);
    return r == 0 ? post_replace(context, post, &before, &row) : r;
}

/* The duty days up to `until` are over, each counted in its month. */
static int count_days(struct context *context, const struct duty_calendar *calendar, int32_t until,
                      struct post_row *row) {
    int r = 0;
    for (int32_t date = first_unsettled(row, until); r == 0 && date <= until; date++) {
        bool asks;
        r = duty_calendar_asks(context->view, calendar, date, &asks);
        if (r != 0 || !asks)
            continue;
        row->n_days++;
        r = count_one(context, row, date, COUNTER_duty_days, 1);
    }
    return r;
}

static int settle(struct context *context, uint32_t post, int32_t date) {
    struct duty_calendar calendar;
    struct post_row before;
    int32_t until = context_today(context) - 1;
    int r = post_get(context->view, post, &before);
    if (r == 0 && (before.state != POST_OPEN || !before.due_on || before.due_on > date))
        return 0; /* it has another day by now, or none */
    if (r == 0)
        r = calendar_of(context->view, post, context->arena, &calendar);
    if (r != 0)
        return r < 0 ? r : error_note(-EBADMSG, "a list names a post without a calendar");
    struct post_row row = before;
    r = count_days(context, &calendar, until, &row);
    if (r != 0)
        return r;
    r = be_due(context, post, &calendar, until, &row);
    return r == 0 ? post_replace(context, post, &before, &row) : r;
}

int duties_settle(struct context *context, int32_t date, uint32_t from, uint32_t to, bool done) {
    int r = 0;
    for (uint32_t n = from + 1; r == 0 && n <= to; n++) {
        uint32_t post;
        r = duty_due_get(context->view, date, n, &post);
        if (r == 0)
            r = settle(context, post, date);
        r = r > 0 ? 0 : r;
    }
    if (r == 0)
        day_list_drop(context, TABLE_DUTY_DUE, date, from, to, done);
    return r;
}
