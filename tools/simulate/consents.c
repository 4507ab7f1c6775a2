#include "consents.h"

#define PER_10000 1000u
#define WITHDRAWN_PER_1000 40u
#define FROM_DAY (SETUP_DAYS + 1u)
#define WITHDRAWN_AFTER 60u

enum step { STEP_GIVEN, STEP_WITHDRAWN };

void consents_init(struct consents *consents, const struct people *people) {
    *consents = (struct consents){people, share_of_year(people->plan, PER_10000)};
}

static uint32_t draw_consent(const struct consents *consents, uint32_t item,
                             const char **ret_purpose, bool *ret_withdrawn) {
    static const char *const purposes[] = {"activity", "position", "publicity", "exchange"};
    struct random random = random_for(consents->people->plan->seed, STREAM_CONSENT, item);
    *ret_purpose = purposes[random_below(&random, 4)];
    *ret_withdrawn = random_chance(&random, WITHDRAWN_PER_1000);
    return share_person(consents->people, &random, item, consents->in_a_year, 0, 7);
}

static void add(struct schedule *schedule, uint32_t day, enum step step, uint32_t item) {
    schedule_add(schedule, &(struct entry){.moment = day * DAY_S + 12 * HOUR_S + item % HOUR_S,
                                           .kind = ENTRY_CONSENT,
                                           .subject = item,
                                           .activity = step});
}

void consents_plan_day(const struct consents *consents, struct schedule *schedule, uint32_t day) {
    uint32_t first, n = share_of_day(consents->in_a_year, FROM_DAY, day, &first);
    for (uint32_t item = first; item < first + n; item++) {
        const char *purpose;
        bool withdrawn;
        if (draw_consent(consents, item, &purpose, &withdrawn) == NO_PERSON)
            continue;
        add(schedule, day, STEP_GIVEN, item);
        if (withdrawn)
            add(schedule, day + WITHDRAWN_AFTER, STEP_WITHDRAWN, item);
    }
}

void consent_write(const struct consents *consents, struct output *out, const struct entry *entry) {
    const char *purpose;
    bool withdrawn;
    uint32_t volunteer = draw_consent(consents, entry->subject, &purpose, &withdrawn);
    event_begin(out, SOURCE_PLATFORM,
                entry->activity == STEP_GIVEN ? "consent.given" : "consent.withdrawn",
                entry->moment);
    field_volunteer(out, "volunteer", volunteer);
    field_text(out, "purpose", str_from(purpose));
    field_text(out, "text_version", STR("2017-12"));
    event_end(out);
}
