/* Who agreed to publicity agrees no more: what is published of the person is published no more. No
 * rule is asked. */
#include "domain/cases.h"
#include "engine/decision.h"

/* At once; of more, the rest is not shown to anybody either (cases_each_public). */
#define RETRACTED_LIMIT (DECISIONS_LIMIT / 2)

struct retracting {
    struct asked *asked;
    struct str volunteer;
    uint32_t numbers[RETRACTED_LIMIT];
    size_t n;
};

static int note(void *context, uint32_t number) {
    struct retracting *self = context;
    if (self->n < RETRACTED_LIMIT)
        self->numbers[self->n++] = number;
    return 0;
}

static int retract(const struct retracting *self, uint32_t number) {
    struct str id;
    int r = thing_named(asked_context(self->asked), NOUN_CASE, number, &id);
    if (r != 0)
        return r;
    struct case_retracted *data = decision_shape(self->asked, EVENT_case_retracted);
    data->case_ = id;
    data->volunteer = self->volunteer;
    GIVE(data, case_retracted, case_);
    GIVE(data, case_retracted, volunteer);
    return decision_apply(self->asked);
}

int decide_retracted(struct asked *asked) {
    struct retracting self = {.asked = asked};
    struct context *context = asked_context(asked);
    uint32_t volunteer = asked->question->number;
    int r = thing_named(context, NOUN_VOLUNTEER, volunteer, &self.volunteer);
    if (r == 0)
        r = cases_without_consent(context->view, volunteer, asked->question->date, note, &self);
    for (size_t i = 0; r == 0 && i < self.n; i++)
        r = retract(&self, self.numbers[i]);
    return r;
}
