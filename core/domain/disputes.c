/* Disputes (异议): a volunteer says that a record is wrong, and somebody other than who entered it
 * looks into it. The record counts as before until it is settled; it does not become final while
 * it is disputed. Upheld, a refused one goes back to the reviewers, and any other is put right by
 * service.corrected, service.revoked or a record that was missing. */
#include "domain/public_notices.h"
#include "domain/record_notes.h"
#include "domain/records.h"
#include "domain/volunteers.h"

int apply_service_disputed(struct context *context, const struct event *event,
                           const struct service_disputed *data) {
    (void)event;
    struct record record;
    struct record_note note;
    uint32_t number;
    int r = record_open(context, data->record, &number, &record);
    if (r != 0)
        return r;
    if (record.row.flags & RECORD_DISPUTED)
        return record_wrong_state(context, &record,
                                  "it is disputed already; settle that first (service.settled)");
    r = record_note_get(context->view, number, &note);
    if (r == 0)
        r = volunteer_keep_slot(context, record.row.volunteer);
    if (r == 0)
        r = record_flag(context, number, &record.row, RECORD_DISPUTED, true);
    if (r != 0)
        return r;
    note.n_disputes = (uint8_t)(note.n_disputes < UINT8_MAX ? note.n_disputes + 1 : UINT8_MAX);
    note.disputed_on = context_date(context);
    note.disputed = context->sequence;
    note.settled_on = 0;
    note.settled = 0;
    note.outcome = 0;
    record_note_put(context, number, &note);
    record_put(context, number, &record);
    return 0;
}

/* What was refused is looked at anew; what stayed as its notice had it becomes final after all. */
static int follow(struct context *context, uint32_t number, struct record *record,
                  enum COMPLAINT_OUTCOME_choice outcome) {
    if (outcome != COMPLAINT_OUTCOME_UPHELD)
        public_notice_ask(context, number);
    else if (record->row.state == RECORD_REFUSED)
        return record_hold(context, number, record);
    record_put(context, number, record);
    return 0;
}

int apply_service_settled(struct context *context, const struct event *event,
                          const struct service_settled *data) {
    (void)event;
    struct record record;
    struct record_note note;
    uint32_t number;
    int r = record_open(context, data->record, &number, &record);
    if (r != 0)
        return r;
    if (!(record.row.flags & RECORD_DISPUTED))
        return record_wrong_state(context, &record,
                                  "nobody disputes it; there is nothing to settle");
    if (str_equal(record.recorder, data->by))
        return problem_set(context->problem, PROBLEM_SELF_REVIEW, "data.by",
                           "%.*s recorded this service; another person settles the dispute",
                           STR_ARG(data->by));
    r = record_note_get(context->view, number, &note);
    if (r == 0)
        r = record_flag(context, number, &record.row, RECORD_DISPUTED, false);
    if (r != 0)
        return r;
    note.settled_on = context_date(context);
    note.settled = context->sequence;
    note.outcome = (uint8_t)(data->outcome + 1);
    record_note_put(context, number, &note);
    return follow(context, number, &record, (enum COMPLAINT_OUTCOME_choice)data->outcome);
}
