/* Service records as events: what is recorded, reviewed, corrected and revoked. */
#pragma once

#include "output.h"

enum method { METHOD_AUTOMATIC, METHOD_CODE, METHOD_MANUAL, METHOD_IMPORT };

struct service {
    uint32_t record;
    uint32_t volunteer;
    uint32_t activity;
    uint32_t organisation;
    uint32_t starts; /* moments */
    uint32_t ends;
    uint32_t minutes;
    uint32_t category;
    enum method method;
    uint32_t moment; /* of entry */
};

/* The ways to write a record wrongly. */
enum record_form { RECORD_RIGHT, RECORD_OF_NOBODY, RECORD_MINUTES_AS_TEXT };

/* Each returns the number behind the event's id. */
uint64_t record_write(struct output *out, const struct service *service, enum record_form form);
/* The same data under the id of an earlier event. */
void record_write_again(struct output *out, uint64_t number, const struct service *service);
void record_review(struct output *out, uint32_t record, uint32_t organisation, bool accepted,
                   uint32_t moment);
void record_correct(struct output *out, uint32_t record, uint32_t organisation, uint32_t minutes,
                    uint32_t moment);
void record_dispute(struct output *out, uint32_t record, uint32_t moment);
void record_settle(struct output *out, uint32_t record, uint32_t organisation, uint32_t moment);
void record_revoke(struct output *out, uint32_t record, uint32_t organisation, uint32_t moment);
