/* What no rule is asked about: the records that a stay gives, and which records a public notice has
 * made final. */
#include "domain/duties.h"
#include "domain/public_notices.h"
#include "engine/decision.h"

/* ---- service.derived ---- */

/* The daemon's name for it, which no publisher has given to another record. */
static int name_record(struct context *context, const struct stay *stay, int32_t day,
                       struct str *ret_name) {
    struct arena *arena = context->arena;
    struct str first =
        stay->post ? duty_record_name(arena, stay->sequence)
                   : arena_printf(arena, "attendance:%llu", (unsigned long long)stay->sequence);
    uint32_t number;
    int r = 0;
    for (int32_t n = day; r == 0; n++) {
        *ret_name = n == 0 ? first : arena_printf(arena, "%.*s:%d", STR_ARG(first), n + 1);
        r = thing_find(context->view, NOUN_RECORD, *ret_name, &number);
    }
    return r < 0 ? r : 0;
}

static int name_others(struct context *context, const struct stay *stay,
                       struct service_derived *data) {
    int r = thing_named(context, NOUN_VOLUNTEER, stay->volunteer, &data->volunteer);
    if (r == 0)
        r = stay->post ? thing_named(context, NOUN_POST, stay->post, &data->post)
                       : thing_named(context, NOUN_ACTIVITY, stay->activity, &data->activity);
    if (r == 0 && stay->organisation)
        r = thing_named(context, NOUN_ORGANISATION, stay->organisation, &data->organisation);
    return r;
}

static struct moment moment_of(const struct asked *asked, int64_t at_s) {
    const struct zone *zone = asked_context(asked)->zone;
    int64_t us = at_s * MICROSECONDS;
    return (struct moment){.us = us, .offset_minutes = (int16_t)(zone_offset_at(zone, us) / 60)};
}

/* The part of a stay that lies within one day; what is shorter than a minute is none. */
static int derive_part(struct asked *asked, const struct stay *stay, int32_t day, int64_t from_s,
                       int64_t to_s) {
    struct service_derived part;
    memset(&part, 0, sizeof part);
    if (to_s - from_s < 60)
        return 0;
    int r = name_record(asked_context(asked), stay, day, &part.record);
    if (r == 0)
        r = name_others(asked_context(asked), stay, &part);
    if (r != 0)
        return r;
    struct service_derived *data = decision_shape(asked, EVENT_service_derived);
    data->record = part.record;
    data->volunteer = part.volunteer;
    data->activity = part.activity;
    data->post = part.post;
    data->shift = stay->shift;
    data->organisation = part.organisation;
    data->starts = moment_of(asked, from_s);
    data->ends = moment_of(asked, to_s);
    data->minutes = (to_s - from_s) / 60;
    data->method = (int32_t)stay->method;
    GIVE(data, service_derived, record);
    GIVE(data, service_derived, volunteer);
    if (stay->post)
        GIVE(data, service_derived, post);
    else
        GIVE(data, service_derived, activity);
    if (stay->shift.size)
        GIVE(data, service_derived, shift);
    if (stay->organisation)
        GIVE(data, service_derived, organisation);
    GIVE(data, service_derived, starts);
    GIVE(data, service_derived, ends);
    GIVE(data, service_derived, minutes);
    GIVE(data, service_derived, method);
    return decision_apply(asked);
}

int decide_derived(struct asked *asked) {
    const struct context *context = asked_context(asked);
    struct stay stay;
    int r = asked->question->noun == NOUN_POST
                ? duty_stay(context->view, asked->question->number, &stay)
                : stay_last(context->view, asked->question->number, context->arena, &stay);
    if (r != 0)
        return r < 0 ? r : 0;
    int32_t first = zone_date(context->zone, stay.starts_s * MICROSECONDS);
    int32_t last = zone_date(context->zone, (stay.ends_s - 1) * MICROSECONDS);
    for (int32_t date = first; r == 0 && date <= last; date++) {
        int64_t from_s = zone_midnight(context->zone, date) / MICROSECONDS;
        int64_t to_s = zone_midnight(context->zone, date + 1) / MICROSECONDS;
        if (date_is_kept(date))
            r = derive_part(asked, &stay, date - first,
                            from_s > stay.starts_s ? from_s : stay.starts_s,
                            to_s < stay.ends_s ? to_s : stay.ends_s);
    }
    return r;
}

/* ---- service.finalised ---- */

int decide_final(struct asked *asked) {
    struct context *context = asked_context(asked);
    uint32_t number = asked->question->number, notice;
    struct record record;
    struct str name;
    int r = record_get(context->view, number, &record);
    if (r != 0)
        return r;
    if (record.row.state != RECORD_ACCEPTED || record.row.flags & (RECORD_FINAL | RECORD_DISPUTED))
        return 0;
    struct str id = arena_copy(context->arena, record.id);
    r = public_notice_of(context->view, number, &record.row, true, &notice);
    if (r != 0 || !notice)
        return r;
    r = thing_named(context, NOUN_PUBLIC_NOTICE, notice, &name);
    if (r != 0)
        return r;
    struct service_finalised *data = decision_shape(asked, EVENT_service_finalised);
    data->record = id;
    data->notice = name;
    GIVE(data, service_finalised, record);
    GIVE(data, service_finalised, notice);
    return decision_apply(asked);
}

/* ---- public_notice.ended ---- */

int decide_notice_ended(struct asked *asked) {
    struct context *context = asked_context(asked);
    struct str name;
    int r = thing_named(context, NOUN_PUBLIC_NOTICE, asked->question->number, &name);
    if (r != 0)
        return r;
    struct public_notice_ended *data = decision_shape(asked, EVENT_public_notice_ended);
    data->notice = name;
    data->outcome = REVIEW_ACCEPTED;
    GIVE(data, public_notice_ended, notice);
    GIVE(data, public_notice_ended, outcome);
    return decision_apply(asked);
}
