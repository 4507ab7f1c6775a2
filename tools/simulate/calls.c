#include "calls.h"

#include "campaign.h"
#include "categories.h"

#define ENROLLED 8u /* of whom so many find a place: */
#define PLACES 5u
#define PEOPLE_PER_CALL 3000u /* beyond a call for each of the seven counties */
#define LEAST_CALLS 7u
#define PEOPLE_AT_LEAST 16u    /* for each call, so that all of its people are others */
#define STARTS_AT (6 * HOUR_S) /* ends before the morning's activities begin */
#define ENDS_AT (7 * HOUR_S + 20 * MINUTE_S)
#define PUBLISHED_BEFORE 6u
#define RATED_AT (12 * HOUR_S)
#define CLOSED_AT (18 * HOUR_S)
#define NOTICED_AT (9 * HOUR_S)
#define NOTICED_EVERY 4u   /* of the calls: their records are final after a public notice */
#define OBJECTED_EVERY 60u /* somebody objects */
#define NOTICE_DAYS 5u

/* What is written of a call, in order; of a person's steps the low bits say who. */
enum step {
    STEP_PUBLISHED,
    STEP_RATED_BY_SERVED,
    STEP_RATED_BY_ORGANISER,
    STEP_CLOSED,
    STEP_NOTICED,
    STEP_OBJECTED,
    STEP_ENROLLED = 8,
    STEP_CANCELLED = 16,
    STEP_REVIEWED = 24,
    STEP_CHECKED_IN = 32,
    STEP_CHECKED_OUT = 40,
    STEP_MISSED = 48,
};

/* The roles of the eight, by the order in which they enrol. */
#define CANCELS 1u  /* gives a place back */
#define MISSES 3u   /* does not come */
#define MOVES_UP 5u /* waits first, comes then */
#define REFUSED 7u  /* waits, and is told before the day that there will be no place */

struct call {
    uint32_t number;
    uint32_t index; /* among the calls of the day */
    uint32_t day;
    uint32_t region;
    uint32_t organisation;
    uint32_t draw;
    uint8_t category;
    uint32_t people[ENROLLED]; /* or NO_PERSON */
};

static bool is_saturday(const struct plan *plan, uint32_t day) {
    return (plan_date(plan, day) + 4) % 7 == 6; /* 1970-01-01 was a Thursday */
}

void calls_init(struct calls *calls, const struct people *people) {
    uint32_t n = people->plan->n_volunteers, wanted = LEAST_CALLS + n / PEOPLE_PER_CALL;
    *calls = (struct calls){.people = people};
    calls->on_a_day = wanted * PEOPLE_AT_LEAST > n ? n / PEOPLE_AT_LEAST : wanted;
}

uint32_t call_number(const struct calls *calls, uint32_t day, uint32_t index) {
    return (day - SETUP_DAYS) / 7 * calls->on_a_day + index;
}

uint32_t call_day_after(const struct calls *calls, uint32_t day) {
    while (!is_saturday(calls->people->plan, day))
        day++;
    return day;
}

static struct call draw_call(const struct calls *calls, uint32_t day, uint32_t index) {
    const struct people *people = calls->people;
    struct call call = {
        .index = index, .day = day, .number = (day - SETUP_DAYS) / 7 * calls->on_a_day + index};
    struct random random = random_for(people->plan->seed, STREAM_CALL, call.number);
    call.region = region_draw(people->regions, (uint32_t)(random_next(&random) >> 32));
    call.organisation = organisation_above(people->organisations, people->regions, call.region);
    call.category = (uint8_t)category_draw((uint32_t)random_next(&random), false, false);
    call.draw = (uint32_t)(random_next(&random) >> 32);
    /* Whose turn it is changes by the week: nobody is always the one who does not come. */
    uint32_t week = (day - SETUP_DAYS) / 7;
    for (uint32_t i = 0; i < ENROLLED; i++)
        call.people[i] = share_person(people, &random, index * ENROLLED + (i + week) % ENROLLED,
                                      calls->on_a_day * ENROLLED, 1, 7);
    return call;
}

/* Somebody has come to each place and somebody waits: only then does the call go its whole way. */
static bool is_full(const struct call *call) {
    for (uint32_t i = 0; i < ENROLLED; i++)
        if (call->people[i] == NO_PERSON)
            return false;
    return true;
}

/* Where nobody waits, the first who enrolled come. */
static bool comes(const struct call *call, uint32_t who) {
    uint32_t before = 0;
    if (is_full(call))
        return (who < PLACES && who != CANCELS && who != MISSES) || who == MOVES_UP;
    for (uint32_t i = 0; i < who; i++)
        before += call->people[i] != NO_PERSON;
    return call->people[who] != NO_PERSON && before < PLACES;
}

static void add(struct schedule *schedule, const struct call *call, uint32_t day, uint32_t second,
                uint32_t step) {
    schedule_add(schedule, &(struct entry){.moment = day * DAY_S + second,
                                           .kind = ENTRY_CALL,
                                           .subject = call->index,
                                           .activity = step,
                                           .starts = call->day});
}

static void plan_enrolments(struct schedule *schedule, const struct call *call) {
    for (uint32_t i = 0; i < ENROLLED; i++)
        if (call->people[i] != NO_PERSON)
            add(schedule, call, call->day - 4, 9 * HOUR_S + i * HOUR_S + call->draw % HOUR_S,
                STEP_ENROLLED + i);
    if (!is_full(call))
        return;
    add(schedule, call, call->day - 2, 20 * HOUR_S, STEP_CANCELLED + CANCELS);
    add(schedule, call, call->day - 1, 20 * HOUR_S, STEP_REVIEWED + REFUSED);
}

static void plan_morning(struct schedule *schedule, const struct call *call) {
    for (uint32_t i = 0; i < ENROLLED; i++) {
        if (!comes(call, i))
            continue;
        add(schedule, call, call->day, STARTS_AT + i * 31, STEP_CHECKED_IN + i);
        add(schedule, call, call->day, ENDS_AT - i * 37, STEP_CHECKED_OUT + i);
    }
    if (is_full(call))
        add(schedule, call, call->day, 9 * HOUR_S, STEP_MISSED + MISSES);
    add(schedule, call, call->day, RATED_AT, STEP_RATED_BY_SERVED);
    add(schedule, call, call->day, RATED_AT + 5 * MINUTE_S, STEP_RATED_BY_ORGANISER);
    add(schedule, call, call->day + 1, CLOSED_AT, STEP_CLOSED);
    if (call->number % NOTICED_EVERY == 0)
        add(schedule, call, call->day + 2, NOTICED_AT, STEP_NOTICED);
    if (call->number % OBJECTED_EVERY == 0)
        add(schedule, call, call->day + 3, NOTICED_AT, STEP_OBJECTED);
}

/* All of a call is planned on the day on which it is published. */
void calls_plan_day(const struct calls *calls, struct schedule *schedule, uint32_t day) {
    uint32_t of_day = day + PUBLISHED_BEFORE;
    if (of_day < SETUP_DAYS || !is_saturday(calls->people->plan, of_day))
        return;
    for (uint32_t i = 0; i < calls->on_a_day; i++) {
        struct call call = draw_call(calls, of_day, i);
        add(schedule, &call, day, 10 * HOUR_S + call.draw % HOUR_S, STEP_PUBLISHED);
        plan_enrolments(schedule, &call);
        plan_morning(schedule, &call);
    }
}

void field_call(struct output *out, const char *name, uint32_t number) {
    field_id(out, name, "tszyz:call", 5, number + 1);
}

static void publish(const struct calls *calls, struct output *out, const struct call *call) {
    const struct region *region = &calls->people->regions->items[call->region];
    const struct category *category = category_at(call->category);
    struct buf text = {0};
    buf_printf(&text, "%.*s周六清晨%s志愿服务", STR_ARG(region->name), category->title);
    field_call(out, "activity", call->number);
    field_text(out, "title", buf_str(&text));
    field_text(out, "content", str_from(category->content));
    field_text(out, "category", str_from(category->code));
    field_text(out, "kind", STR("service"));
    field_organisation(out, "organisation", call->organisation);
    field_text(out, "region", region->code);
    buf_reset(&text);
    buf_printf(&text, "%.*s活动室门前", STR_ARG(region->name));
    field_object(out, "place");
    field_text(out, "text", buf_str(&text));
    object_end(out);
    field_moment(out, "starts", call->day * DAY_S + STARTS_AT);
    field_moment(out, "ends", call->day * DAY_S + ENDS_AT);
    field_integer(out, "places", PLACES);
    field_text(out, "risk", str_from(category->risk));
    field_id(out, "leader", "clerk:", 3, call->organisation % 400 + 1);
    category_fields(out, category);
    if (campaign_is_on(calls->people->plan, call->day - PUBLISHED_BEFORE, call->day))
        field_text(out, "campaign", STR(CAMPAIGN_ID));
    buf_deinit(&text);
}

static void rate(struct output *out, const struct call *call, const char *by, uint32_t draw) {
    field_call(out, "activity", call->number);
    field_integer(out, "rating", draw % 20 == 0 ? 2 : 3 + draw % 3);
    field_text(out, "by", str_from(by));
}

static void check(struct output *out, const struct call *call, uint32_t who, uint32_t moment) {
    static const char *const methods[] = {"qr", "code", "gps"};
    field_call(out, "activity", call->number);
    field_volunteer(out, "volunteer", call->people[who]);
    field_moment(out, "at", moment);
    field_text(out, "method", str_from(methods[call->draw % 3]));
    if (call->draw % 3 == 2)
        field_integer(out, "distance_m", 5 + call->draw % 60);
}

static void write_step(const struct calls *calls, struct output *out, const struct call *call,
                       uint32_t step, uint32_t moment) {
    uint32_t who = call->people[step % ENROLLED];
    switch (step - step % ENROLLED) {
    case STEP_ENROLLED:
        event_begin(out, SOURCE_PLATFORM, "enrolment.requested", moment);
        field_call(out, "activity", call->number);
        field_volunteer(out, "volunteer", who);
        field_text(out, "by", STR("self"));
        field_text(out, "agreement_version", STR("2017-12"));
        break;
    case STEP_CANCELLED:
        event_begin(out, SOURCE_PLATFORM, "enrolment.cancelled", moment);
        field_call(out, "activity", call->number);
        field_volunteer(out, "volunteer", who);
        field_text(out, "reason", STR("临时有事"));
        break;
    case STEP_REVIEWED:
        event_begin(out, SOURCE_PLATFORM, "enrolment.reviewed", moment);
        field_call(out, "activity", call->number);
        field_volunteer(out, "volunteer", who);
        field_text(out, "outcome", STR("refused"));
        field_id(out, "reviewer", "clerk:", 3, call->organisation % 400 + 401);
        break;
    case STEP_CHECKED_IN:
        event_begin(out, SOURCE_PLATFORM, "attendance.checked_in", moment);
        check(out, call, step % ENROLLED, moment);
        break;
    case STEP_CHECKED_OUT:
        event_begin(out, SOURCE_PLATFORM, "attendance.checked_out", moment);
        check(out, call, step % ENROLLED, moment);
        break;
    case STEP_MISSED:
        event_begin(out, SOURCE_PLATFORM, "attendance.missed", moment);
        field_call(out, "activity", call->number);
        field_volunteer(out, "volunteer", who);
        if (call->draw % 4)
            field_true(out, "excused");
        break;
    default:
        if (step == STEP_PUBLISHED) {
            event_begin(out, SOURCE_PLATFORM, "activity.published", moment);
            publish(calls, out, call);
        } else if (step == STEP_NOTICED) {
            event_begin(out, SOURCE_CIVIL_AFFAIRS, "public_notice.opened", moment);
            field_id(out, "notice", "notice:", 5, call->number + 1);
            field_subject(out, "activity");
            field_call(out, "id", call->number);
            object_end(out);
            field_date(out, "from", plan_date(calls->people->plan, moment / DAY_S));
            field_integer(out, "working_days", NOTICE_DAYS);
        } else if (step == STEP_OBJECTED) {
            event_begin(out, SOURCE_CIVIL_AFFAIRS, "public_notice.objected", moment);
            field_id(out, "notice", "notice:", 5, call->number + 1);
            field_text(out, "text", STR("有人没有来,却签了到"));
        } else if (step == STEP_CLOSED) {
            event_begin(out, SOURCE_PLATFORM, "activity.closed", moment);
            field_call(out, "activity", call->number);
        } else {
            bool served = step == STEP_RATED_BY_SERVED;
            event_begin(out, SOURCE_PLATFORM, "service.rated", moment);
            rate(out, call, served ? "served" : "organiser", call->draw >> (served ? 4 : 9));
        }
    }
    event_end(out);
}

void call_write(const struct calls *calls, struct output *out, const struct entry *entry) {
    struct call call = draw_call(calls, entry->starts, entry->subject);
    write_step(calls, out, &call, entry->activity, entry->moment);
}
