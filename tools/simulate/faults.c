#include "faults.h"

#include "identity.h"
#include "random.h"

enum fault fault_draw(const struct plan *plan, uint32_t day, uint32_t volunteer, uint32_t nth) {
    if (!plan->faults_per_10000)
        return FAULT_NONE;
    struct random random =
        random_for(plan->seed, STREAM_FAULT, (uint64_t)volunteer << 24 | (uint64_t)day << 4 | nth);
    if (random_below(&random, 10000) >= plan->faults_per_10000)
        return FAULT_NONE;
    return (enum fault)random_between(&random, FAULT_NONE + 1, FAULT_COUNT - 1);
}

void faults_remember(struct faults *faults, const struct service *service, uint64_t number) {
    faults->recent[faults->n % FAULT_RECENT] = *service;
    faults->numbers[faults->n % FAULT_RECENT] = number;
    faults->n++;
}

void faults_remember_revoked(struct faults *faults, uint32_t record) {
    faults->revoked = record;
}

/* Stretches the shift backwards, so that it still ends before it is entered. */
static bool write_stretched(struct output *out, const struct service *service,
                            uint32_t least_minutes) {
    struct service wrong = *service;
    wrong.minutes = least_minutes + service->record % 200;
    wrong.starts = wrong.ends - wrong.minutes * MINUTE_S;
    record_write(out, &wrong, RECORD_RIGHT);
    return true;
}

static bool write_more_than_span(struct output *out, const struct service *service) {
    struct service wrong = *service;
    wrong.method = METHOD_MANUAL;
    wrong.minutes = (wrong.ends - wrong.starts) / MINUTE_S + 1 + service->record % 600;
    record_write(out, &wrong, RECORD_RIGHT);
    return true;
}

static bool write_overlap(struct output *out, const struct service *service,
                          const struct service *earlier) {
    struct service wrong = *earlier;
    wrong.record = service->record;
    wrong.moment = service->moment;
    wrong.method = METHOD_MANUAL;
    wrong.starts += 15 * MINUTE_S;
    wrong.minutes = (wrong.ends - wrong.starts) / MINUTE_S;
    record_write(out, &wrong, RECORD_RIGHT);
    return true;
}

static bool write_reused_id(struct output *out, const struct service *service,
                            const struct service *earlier, uint64_t number) {
    struct service wrong = *earlier;
    wrong.method = METHOD_MANUAL;
    wrong.minutes = earlier->minutes > 30 ? earlier->minutes - 17 : 1;
    wrong.moment = service->moment;
    record_write_again(out, number, &wrong);
    return true;
}

static bool write_bad_identity(const struct faults *faults, struct output *out,
                               const struct service *service) {
    char number[19] = "620599199001010010", phone[12];
    number[14] = (char)('0' + service->record / 10 % 10);
    number[15] = (char)('0' + service->record % 10);
    char right = identity_check(number);
    number[17] = right == '9' || right == 'X' ? '0' : (char)(right + 1);
    phone_format(service->record, phone);
    event_begin(out, SOURCE_PLATFORM, "volunteer.registered", service->moment);
    field_id(out, "volunteer", "tszyz:b", 6, service->record);
    field_text(out, "region", faults->regions->items[faults->regions->n - 1].code);
    field_object(out, "identity");
    field_text(out, "name", STR("校验不符"));
    field_text(out, "document_kind", STR("resident_id"));
    field_text(out, "number", (struct str){number, 18});
    field_text(out, "phone", (struct str){phone, 11});
    object_end(out);
    event_end(out);
    return true;
}

static bool write_wrong_state(const struct faults *faults, struct output *out,
                              const struct service *service, const struct service *earlier) {
    if (faults->revoked && service->record % 2)
        record_revoke(out, faults->revoked, service->organisation, service->moment);
    else
        record_review(out, earlier->record, earlier->organisation, true, service->moment);
    return true;
}

/* Of what was reported before the first day; the other ways need no earlier report. */
static bool write_bad_figure(const struct faults *faults, struct output *out,
                             const struct service *service) {
    const struct figures *figures = faults->figures;
    const struct figure_item *item = &figures->items[service->record % figures->n];
    int32_t today = plan_date(figures->plan, service->moment / DAY_S);
    uint32_t way = service->volunteer % 3;
    if (way == 0)
        figure_write(figures, out, item, (int64_t)item->value + 17, figures_first_date(figures),
                     service->moment);
    else if (way == 1)
        figure_write(figures, out, item, -(int64_t)item->value - 1, today - 1, service->moment);
    else
        figure_write(figures, out, item, item->value, today + 30, service->moment);
    return true;
}

static bool write_opened_too_early(const struct faults *faults, struct output *out,
                                   const struct service *service) {
    const struct stations *stations = faults->stations;
    uint32_t day = service->moment / DAY_S;
    for (uint32_t i = 0; i < stations->n; i++) {
        uint32_t index = (service->record + i) % stations->n;
        const struct station *station = &stations->items[index];
        if (station->planned >= day || station->built <= day)
            continue;
        event_begin(out, SOURCE_CIVIL_AFFAIRS, "station.opened", service->moment);
        field_station(out, "station", index);
        field_text(out, "on", str_from(out->dates[day]));
        event_end(out);
        return true;
    }
    return false;
}

static bool write_bad_recode(const struct faults *faults, struct output *out,
                             const struct service *service) {
    const struct regions *regions = faults->regions;
    uint32_t from = service->record % regions->n;
    uint32_t into = service->volunteer % 2 ? from : service->volunteer % regions->n;
    event_begin(out, SOURCE_CIVIL_AFFAIRS, "region.recoded", service->moment);
    field_text(out, "region", regions->items[from].code);
    field_text(out, "into", regions->items[into].code);
    event_end(out);
    return true;
}

bool fault_write(struct faults *faults, struct output *out, enum fault fault,
                 const struct service *service) {
    uint32_t kept = faults->n < FAULT_RECENT ? faults->n : FAULT_RECENT;
    uint32_t at = kept ? service->record % kept : 0;
    const struct service *earlier = &faults->recent[at];
    bool needs_earlier =
        fault == FAULT_OVERLAP || fault == FAULT_REUSED_ID || fault == FAULT_WRONG_STATE;
    if (needs_earlier && !kept)
        return false;
    switch (fault) {
    case FAULT_OVERLAP:
        return write_overlap(out, service, earlier);
    case FAULT_MORE_THAN_SPAN:
        return write_more_than_span(out, service);
    case FAULT_UNKNOWN:
        return record_write(out, service, RECORD_OF_NOBODY) > 0;
    case FAULT_OVER_A_DAY:
        return write_stretched(out, service, 24 * 60 + 1);
    case FAULT_OVER_DAILY_CAP:
        return write_stretched(out, service, 12 * 60 + 90);
    case FAULT_BAD_IDENTITY:
        return write_bad_identity(faults, out, service);
    case FAULT_DUPLICATE:
        return output_repeat(out, service->record);
    case FAULT_REUSED_ID:
        return write_reused_id(out, service, earlier, faults->numbers[at]);
    case FAULT_WRONG_STATE:
        return write_wrong_state(faults, out, service, earlier);
    case FAULT_WRONG_TYPE:
        return record_write(out, service, RECORD_MINUTES_AS_TEXT) > 0;
    case FAULT_FIGURE:
        return write_bad_figure(faults, out, service);
    case FAULT_STATION:
        return write_opened_too_early(faults, out, service);
    case FAULT_RECODE:
        return write_bad_recode(faults, out, service);
    default:
        return false; /* FAULT_LATE is written like any other */
    }
}
