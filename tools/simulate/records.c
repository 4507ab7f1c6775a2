#include "records.h"

#include "activities.h"
#include "categories.h"
#include "organisations.h"
#include "people.h"

#define CLERKS 400u /* those who enter; as many others review and correct */

static void field_clerk(struct output *out, const char *name, uint32_t organisation) {
    field_id(out, name, "clerk:", 3, organisation % CLERKS + 1);
}

static void field_reviewer(struct output *out, const char *name, uint32_t organisation) {
    field_id(out, name, "clerk:", 3, organisation % CLERKS + 1 + CLERKS);
}

static void field_record(struct output *out, uint32_t record) {
    field_id(out, "record", "tszyz:r", 7, record);
}

static void field_quantities(struct output *out, const struct service *service) {
    const char *quantity = category_at(service->category)->quantity;
    if (!quantity || service->record % 3)
        return;
    field_object(out, "quantities");
    field_integer(out, quantity, service->record % 7 + 1);
    object_end(out);
}

static void field_minutes(struct output *out, const struct service *service,
                          enum record_form form) {
    if (form == RECORD_MINUTES_AS_TEXT)
        field_text(out, "minutes", STR("两小时"));
    else if (service->method != METHOD_CODE) /* codes count whole spans, which is the default */
        field_integer(out, "minutes", service->minutes);
}

static void fields_of_record(struct output *out, const struct service *service,
                             enum record_form form) {
    static const char *const methods[] = {"automatic", "code", "manual", "import"};
    field_record(out, service->record);
    if (form == RECORD_OF_NOBODY)
        field_id(out, "volunteer", "tszyz:x", 6, service->volunteer + 1);
    else
        field_volunteer(out, "volunteer", service->volunteer);
    field_activity(out, "activity", service->activity);
    field_organisation(out, "organisation", service->organisation);
    field_moment(out, "starts", service->starts);
    field_moment(out, "ends", service->ends);
    field_minutes(out, service, form);
    field_text(out, "method", str_from(methods[service->method]));
    field_clerk(out, "recorder", service->organisation);
    field_quantities(out, service);
    if (service->method == METHOD_MANUAL)
        field_text(out, "evidence", STR("签到表"));
    event_end(out);
}

uint64_t record_write(struct output *out, const struct service *service, enum record_form form) {
    uint64_t number = event_begin(out, SOURCE_PLATFORM, "service.recorded", service->moment);
    fields_of_record(out, service, form);
    return number;
}

void record_write_again(struct output *out, uint64_t number, const struct service *service) {
    event_begin_again(out, number, SOURCE_PLATFORM, "service.recorded", service->moment);
    fields_of_record(out, service, RECORD_RIGHT);
}

void record_review(struct output *out, uint32_t record, uint32_t organisation, bool accepted,
                   uint32_t moment) {
    event_begin(out, SOURCE_CIVIL_AFFAIRS, "service.reviewed", moment);
    field_record(out, record);
    field_text(out, "outcome", accepted ? STR("accepted") : STR("refused"));
    field_reviewer(out, "reviewer", organisation);
    event_end(out);
}

void record_correct(struct output *out, uint32_t record, uint32_t organisation, uint32_t minutes,
                    uint32_t moment) {
    static const char *const reasons[] = {"提前离开", "误录时长", "中途休息未扣除"};
    event_begin(out, SOURCE_PLATFORM, "service.corrected", moment);
    field_record(out, record);
    field_integer(out, "minutes", minutes);
    field_text(out, "reason", str_from(reasons[record % 3]));
    field_reviewer(out, "by", organisation);
    event_end(out);
}

void record_revoke(struct output *out, uint32_t record, uint32_t organisation, uint32_t moment) {
    event_begin(out, SOURCE_PLATFORM, "service.revoked", moment);
    field_record(out, record);
    field_text(out, "reason", record % 2 ? STR("签到后未参加服务") : STR("重复录入"));
    field_reviewer(out, "by", organisation);
    event_end(out);
}

void record_dispute(struct output *out, uint32_t record, uint32_t moment) {
    event_begin(out, SOURCE_PLATFORM, "service.disputed", moment);
    field_record(out, record);
    field_text(out, "text", record % 2 ? STR("我多做了半小时") : STR("签退时间记早了"));
    event_end(out);
}

void record_settle(struct output *out, uint32_t record, uint32_t organisation, uint32_t moment) {
    event_begin(out, SOURCE_CIVIL_AFFAIRS, "service.settled", moment);
    field_record(out, record);
    field_text(out, "outcome", record % 3 ? STR("dismissed") : STR("withdrawn"));
    field_reviewer(out, "by", organisation);
    event_end(out);
}
