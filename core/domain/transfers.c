/* Records that go to another organisation (转移): with the volunteer's consent, verified there by
 * somebody other than who entered them. The receiver counts them from then on. Who recorded them
 * stays who certifies them (谁记录谁证明), and all of their history stays. */
#include "domain/carried_over.h"
#include "domain/consents.h"
#include "domain/organisations.h"
#include "domain/records.h"

#define PURPOSE STR("transfer")

static int check_record(struct context *context, const struct record *record) {
    if (record_is_carried(&record->row))
        return record_wrong_state(context, record,
                                  "a total of earlier years stays with who carried it over");
    if (record->row.flags & RECORD_DISPUTED)
        return record_wrong_state(context, record, "it is disputed; settle that first");
    if (record->row.state != RECORD_ACCEPTED)
        return record_wrong_state(context, record, "only what is accepted is transferred");
    return 0;
}

static int check_receiver(struct context *context, const struct service_transferred *data,
                          uint32_t number, const struct record *record, uint32_t receiver) {
    uint32_t holder;
    int r = record_holder(context->view, number, &record->row, &holder);
    if (r == 0 && holder == receiver)
        return record_wrong_state(context, record, "and with that organisation already");
    if (r == 0)
        r = organisation_require_active(context, receiver, data->organisation, "data.organisation");
    if (r == 0 && str_equal(record->recorder, data->by))
        return problem_set(context->problem, PROBLEM_SELF_REVIEW, "data.by",
                           "%.*s recorded this service; another person verifies it",
                           STR_ARG(data->by));
    return r;
}

int apply_service_transferred(struct context *context, const struct event *event,
                              const struct service_transferred *data) {
    (void)event;
    struct record record;
    uint32_t number, receiver;
    int r = record_open(context, data->record, &number, &record);
    if (r == 0)
        r = thing_resolve(context, NOUN_ORGANISATION, data->organisation, "data.organisation",
                          &receiver);
    if (r == 0)
        r = check_record(context, &record);
    if (r == 0)
        r = check_receiver(context, data, number, &record, receiver);
    if (r == 0)
        r = consent_require(context, record.row.volunteer, PURPOSE, context_date(context),
                            "data.record");
    return r == 0 ? record_transfer(context, number, &record, receiver) : r;
}
