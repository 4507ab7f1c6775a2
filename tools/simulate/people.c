#include "people.h"

#include <stdlib.h>

#include "campaign.h"
#include "names.h"
#include "random.h"

#define EMPLOYED_PER_1000 545u           /* of those of working age: about 45 % of all */
#define PARTY_PER_1000_EMPLOYED 170u     /* about 8 % of all */
#define WITHDRAWS_PER_1000 15u           /* of those who serve rarely */
#define QUIET_DAYS_BEFORE_WITHDRAWAL 80u /* longer than any record takes to be entered */
#define LATER_PER_1000 125u              /* who register in the year itself */
#define LATER_PER_1000_PARTY 300u
#define CALLED_PER_1000 600u /* of those: in the weeks after the meeting of 23 August */
#define CALLED_DAYS 70u
#define WEEKS 52u
#define LEADS_EVERY 60u
#define DIES_EVERY 13u /* of those who withdraw: they are taken from us instead */
#define UPDATES_PER_DAY_PER_100000 40u
#define OLDEST_YEARS 86

static const struct zeal zeals[] = {
    {2600, 0, 0, 0, false},      {4300, 9000, 0, 1, false},   {2300, 40000, 10, 1, false},
    {640, 155000, 40, 1, false}, {128, 420000, 60, 1, false}, {22, 700000, 150, 1, true},
    {7, 900000, 300, 2, true},   {3, 965000, 800, 7, true},
};
#define RARELY 2u    /* rows below this one may withdraw */
#define REGULARLY 3u /* rows above this one were all there before the first day */

size_t zeal_count(void) {
    return sizeof(zeals) / sizeof(*zeals);
}

const struct zeal *zeal_at(size_t row) {
    return &zeals[row];
}

/* Age: the year of registration less that of birth. Half are under 35, as the nation's volunteers
 * were in 2017. */
static const struct {
    uint32_t per_1000;
    uint32_t from_years;
    uint32_t to_years;
} ages[] = {
    {60, 15, 18},  {170, 19, 24}, {250, 25, 34}, {210, 35, 44},
    {160, 45, 54}, {105, 55, 64}, {45, 65, 79},
};

struct profile {
    struct person person;
    uint32_t age_years; /* the year of registration less that of birth */
    int32_t birthday;
    bool male;
    bool party;
    uint32_t occupation;
    uint32_t education;
    uint32_t skill;
    uint32_t channel;
};

static uint32_t draw_age(struct random *random) {
    uint32_t draw = random_below(random, 1000), row = 0;
    while (draw >= ages[row].per_1000)
        draw -= ages[row++].per_1000;
    return random_between(random, ages[row].from_years, ages[row].to_years);
}

/* Dealt, not drawn: in every ten thousand volunteers each row has exactly its share, so that the
 * stars of small cities are as plausible as those of large ones. */
static uint8_t deal_zeal(const struct plan *plan, uint32_t volunteer) {
    uint64_t block = random_mix(random_key(plan->seed, STREAM_PERSON) + volunteer / 10000);
    uint32_t place = (uint32_t)((volunteer % 10000 * UINT64_C(7919) + block % 10000) % 10000);
    uint8_t row = 0;
    while (place >= zeals[row].per_10000)
        place -= zeals[row++].per_10000;
    return row;
}

static void draw_work(const struct people *people, struct random *random, struct profile *profile) {
    const struct organisations *organisations = people->organisations;
    bool of_age = profile->age_years >= 20 && profile->age_years <= 60;
    bool employed = random_chance(random, EMPLOYED_PER_1000);
    uint32_t employer = random_below(random, organisations->n_employers);
    bool party = random_chance(random, PARTY_PER_1000_EMPLOYED);
    profile->person.employer = NO_EMPLOYER;
    if (of_age && employed) {
        profile->person.employer = (uint16_t)organisations->employers[employer];
        profile->party = party;
    } else {
        profile->party = profile->age_years > 60 && party;
    }
}

static bool is_minor(const struct plan *plan, int32_t birthday) {
    int32_t registered = date_month(plan_date(plan, 0));
    return date_month(birthday) + 18 * 12 >= registered;
}

/* Most are there before the first day, the most active all of them; Party members follow the call
 * of the campaign. */
static uint8_t draw_week(const struct plan *plan, struct random *random,
                         const struct profile *profile) {
    bool later = random_chance(random, profile->party ? LATER_PER_1000_PARTY : LATER_PER_1000);
    bool called = random_chance(random, CALLED_PER_1000);
    uint32_t day = campaign_day(plan, 8, 24) + random_below(random, CALLED_DAYS) - SETUP_DAYS;
    uint32_t week = random_between(random, 1, WEEKS);
    if (!later || profile->person.zeal > REGULARLY)
        return 0;
    return (uint8_t)((called || profile->party) && day < WEEKS * 7 ? day / 7 + 1 : week);
}

static struct profile draw_profile(const struct people *people, uint32_t volunteer,
                                   struct random *random) {
    const struct plan *plan = people->plan;
    *random = random_for(plan->seed, STREAM_PERSON, volunteer);
    struct profile profile = {0};
    struct person *person = &profile.person;
    person->region = (uint16_t)region_draw(people->regions, (uint32_t)(random_next(random) >> 32));
    person->zeal = deal_zeal(plan, volunteer);
    person->vigour = (uint8_t)random_between(random, AVERAGE_VIGOUR - 40, AVERAGE_VIGOUR + 40);
    if (zeals[person->zeal].steady)
        person->vigour = AVERAGE_VIGOUR;
    profile.male = random_chance(random, 450);
    profile.age_years = draw_age(random);
    int32_t year, month, day;
    date_to_civil(plan_date(plan, 0), &year, &month, &day);
    profile.birthday = date_from_civil(year - (int32_t)profile.age_years, 1, 1) +
                       (int32_t)random_below(random, 365);
    draw_work(people, random, &profile);
    profile.occupation = (uint32_t)(random_next(random) >> 32);
    profile.education = (uint32_t)(random_next(random) >> 32);
    profile.skill = random_below(random, 1000);
    profile.channel = random_below(random, 1000);
    bool withdraws = random_chance(random, WITHDRAWS_PER_1000);
    if (profile.party && person->employer != NO_EMPLOYER)
        person->flags |= PERSON_IN_SERVICE;
    if (is_minor(plan, profile.birthday))
        person->flags |= PERSON_MINOR;
    person->week = draw_week(plan, random, &profile);
    if (withdraws && person->zeal < RARELY && !person->week)
        person->flags |= PERSON_WITHDRAWS;
    return profile;
}

static void count(struct people *people, const struct profile *profile) {
    uint32_t county = region_ancestor(people->regions, profile->person.region, 3);
    uint16_t employer = profile->person.employer;
    bool in_service = profile->party && employer != NO_EMPLOYER;
    people->of_region[county]++;
    people->of_region[0]++;
    people->party_of_region[county] += in_service;
    people->party_of_region[0] += in_service;
    if (employer == NO_EMPLOYER)
        return;
    people->of_employer[employer]++;
    people->party_of_employer[employer] += in_service;
}

/* What is said anew of people on a day: of whom, and when. */
static uint32_t draw_updates(const struct people *people, uint32_t day, struct random *random) {
    *random = random_for(people->plan->seed, STREAM_UPDATE, day);
    uint64_t share = (uint64_t)people->plan->n_volunteers * UPDATES_PER_DAY_PER_100000;
    return (uint32_t)((share + random_below(random, 100000)) / 100000);
}

static struct entry draw_update(const struct people *people, uint32_t day, struct random *random) {
    uint32_t volunteer = random_below(random, people->plan->n_volunteers);
    uint32_t second = random_between(random, 8 * HOUR_S, 20 * HOUR_S);
    return (struct entry){
        .moment = day * DAY_S + second, .kind = ENTRY_UPDATED, .subject = volunteer};
}

/* What an update says first of all: below this it names another employer. */
#define NEW_EMPLOYER_PERCENT 30u
static uint32_t draw_change(const struct people *people, const struct entry *entry,
                            struct random *random) {
    *random = random_for(people->plan->seed, STREAM_UPDATE,
                         (uint64_t)entry->moment << 32 | entry->subject);
    return random_below(random, 100);
}

static void mark_changes(struct people *people) {
    for (uint32_t day = SETUP_DAYS; day < SETUP_DAYS + people->plan->n_days; day++) {
        struct random of_day, of_change;
        for (uint32_t n = draw_updates(people, day, &of_day); n > 0; n--) {
            struct entry entry = draw_update(people, day, &of_day);
            if (draw_change(people, &entry, &of_change) < NEW_EMPLOYER_PERCENT)
                people->items[entry.subject].flags |= PERSON_CHANGES_EMPLOYER;
        }
    }
}

void people_init(struct people *people, const struct plan *plan, const struct regions *regions,
                 const struct organisations *organisations) {
    *people = (struct people){.plan = plan, .regions = regions, .organisations = organisations};
    people->items = calloc(plan->n_volunteers, sizeof(*people->items));
    people->of_region = calloc(regions->n, sizeof(uint32_t));
    people->party_of_region = calloc(regions->n, sizeof(uint32_t));
    people->of_employer = calloc(organisations->n, sizeof(uint32_t));
    people->party_of_employer = calloc(organisations->n, sizeof(uint32_t));
    if (!people->items || !people->of_region || !people->party_of_region || !people->of_employer ||
        !people->party_of_employer)
        abort();
    int32_t first = plan_date(plan, 0);
    identities_init(&people->identities, first - OLDEST_YEARS * 366, first);
    struct random random;
    for (uint32_t i = 0; i < plan->n_volunteers; i++) {
        struct profile profile = draw_profile(people, i, &random);
        people->items[i] = profile.person;
        count(people, &profile);
    }
    mark_changes(people);
}

void people_deinit(struct people *people) {
    identities_deinit(&people->identities);
    free(people->items);
    free(people->of_region);
    free(people->party_of_region);
    free(people->of_employer);
    free(people->party_of_employer);
    *people = (struct people){0};
}

static uint32_t withdrawal_day(const struct plan *plan, uint32_t volunteer) {
    struct random random = random_for(plan->seed, STREAM_WITHDRAWAL, volunteer);
    return SETUP_DAYS + 20 + random_below(&random, 700);
}

bool person_is_leaving(const struct people *people, uint32_t volunteer, uint32_t day) {
    return (people->items[volunteer].flags & PERSON_WITHDRAWS) &&
           day + QUIET_DAYS_BEFORE_WITHDRAWAL >= withdrawal_day(people->plan, volunteer);
}

uint32_t person_registers_on(const struct people *people, uint32_t volunteer) {
    uint32_t week = people->items[volunteer].week;
    return week ? SETUP_DAYS + (week - 1) * 7 + volunteer % 7 : 0;
}

void field_volunteer(struct output *out, const char *name, uint32_t volunteer) {
    field_id(out, name, "tszyz:v", 6, volunteer + 1);
}

static const char *const occupations[] = {"farmer",     "self_employed", "farmer",
                                          "freelancer", "other",         "unemployed"};
static const char *const educations[] = {"primary",    "junior_secondary", "senior_secondary",
                                         "vocational", "college",          "bachelor",
                                         "master"};
static const char *const skills[] = {"medical",  "nursing",     "counselling",   "law",
                                     "teaching", "translation", "sign_language", "computing",
                                     "repair",   "driving",     "arts",          "photography",
                                     "guiding",  "rescue",      "farming",       "haircutting"};
static const char *const times[] = {"工作日晚间", "周末", "节假日"};
#define CHOOSE(list, draw) str_from((list)[(draw) % (sizeof(list) / sizeof(*(list)))])

static struct str occupation_of(const struct people *people, const struct profile *profile) {
    if (profile->person.employer != NO_EMPLOYER)
        return str_from(organisation_occupation(people->organisations, profile->person.employer));
    if (profile->age_years < 23)
        return STR("student");
    if (profile->age_years > 60)
        return STR("retired");
    return CHOOSE(occupations, profile->occupation);
}

static struct str education_of(const struct profile *profile) {
    if (profile->age_years <= 18)
        return STR("senior_secondary");
    if (profile->person.employer != NO_EMPLOYER)
        return str_from(educations[3 + profile->education % 4]);
    return str_from(educations[profile->education % 6]);
}

static void field_identity(struct output *out, struct random *random, bool male, uint32_t volunteer,
                           const char number[static 19]) {
    char name[NAME_BYTES], phone[12];
    phone_format(volunteer + 1, phone);
    field_object(out, "identity");
    field_text(out, "name", name_draw(random, male, name));
    field_text(out, "document_kind", STR("resident_id"));
    field_text(out, "number", (struct str){number, 18});
    field_text(out, "phone", (struct str){phone, 11});
    object_end(out);
}

static void field_consent(struct output *out, struct random *random, const char *on) {
    char name[NAME_BYTES];
    field_object(out, "guardian_consent");
    field_text(out, "by", guardian_draw(random, name));
    field_text(out, "on", str_from(on));
    object_end(out);
}

/* One in so many Party members in service leads one of the city's four bodies. */
static void field_leader(struct output *out, const struct profile *profile) {
    static const char *const bodies[] = {"市委", "市人大", "市政府", "市政协"};
    if (profile->party && profile->person.employer != NO_EMPLOYER &&
        profile->occupation % LEADS_EVERY == 0)
        field_text(out, "leader_body", str_from(bodies[profile->education % 4]));
}

static void field_party(struct output *out, const struct profile *profile) {
    if (profile->party)
        field_text(out, "party_status",
                   profile->person.employer == NO_EMPLOYER ? STR("retired") : STR("in_service"));
    field_leader(out, profile);
}

static void fields_of_work(const struct people *people, struct output *out,
                           const struct profile *profile) {
    const struct person *person = &profile->person;
    if (person->employer != NO_EMPLOYER)
        field_organisation(out, "employer", person->employer);
    if (profile->channel < 600)
        field_organisation(
            out, "registered_by",
            organisation_above(people->organisations, people->regions, person->region));
    field_party(out, profile);
}

static void fields_of_ability(const struct people *people, struct output *out,
                              const struct profile *profile) {
    field_text(out, "occupation", occupation_of(people, profile));
    field_text(out, "education", education_of(profile));
    if (profile->skill < 350) {
        field_list(out, "skills");
        list_text(out, CHOOSE(skills, profile->skill));
        if (profile->skill % 5 == 0)
            list_text(out, CHOOSE(skills, profile->skill + 5));
        list_end(out);
    }
    if (profile->skill % 4 == 0) {
        field_list(out, "available");
        list_text(out, CHOOSE(times, profile->skill));
        list_end(out);
    }
}

/* Somebody who was there before the first day, or nobody. */
static void field_referrer(const struct people *people, struct output *out, struct random *random,
                           uint32_t volunteer) {
    uint32_t referrer = random_below(random, volunteer);
    if (!people->items[referrer].week)
        field_volunteer(out, "referred_by", referrer);
}

void person_register(struct people *people, struct output *out, uint32_t volunteer,
                     uint32_t moment) {
    struct random random;
    struct profile profile = draw_profile(people, volunteer, &random);
    char number[19], born[16];
    int32_t birthday = identity_take(&people->identities, profile.birthday, profile.male, number);
    event_begin(out, SOURCE_PLATFORM, "volunteer.registered", moment);
    field_volunteer(out, "volunteer", volunteer);
    field_text(out, "region", people->regions->items[profile.person.region].code);
    fields_of_work(people, out, &profile);
    field_text(out, "born", (struct str){born, month_format(date_month(birthday), born)});
    field_text(out, "sex", profile.male ? STR("male") : STR("female"));
    fields_of_ability(people, out, &profile);
    if (volunteer > 100 && profile.channel >= 950)
        field_referrer(people, out, &random, volunteer);
    if (is_minor(people->plan, birthday))
        field_consent(out, &random, out->dates[moment / DAY_S]);
    field_identity(out, &random, profile.male, volunteer, number);
    event_end(out);
}

void people_register(struct people *people, struct output *out, uint32_t moment, uint32_t until) {
    const struct plan *plan = people->plan;
    for (uint32_t i = 0; i < plan->n_volunteers; i++) {
        uint64_t passed = (uint64_t)i * (until - moment) / plan->n_volunteers;
        if (!people->items[i].week)
            person_register(people, out, i, moment_in_daytime(moment + (uint32_t)passed));
    }
}

void people_pass_over(struct people *people) {
    struct random random;
    char number[19];
    for (uint32_t i = 0; i < people->plan->n_volunteers; i++) {
        struct profile profile = draw_profile(people, i, &random);
        if (!profile.person.week)
            identity_take(&people->identities, profile.birthday, profile.male, number);
    }
}

static void plan_registrations(const struct people *people, struct schedule *schedule,
                               uint32_t day) {
    uint32_t week = (day - SETUP_DAYS) / 7 + 1;
    for (uint32_t i = 0; week <= WEEKS && i < people->plan->n_volunteers; i++) {
        if (people->items[i].week != week || person_registers_on(people, i) != day)
            continue;
        uint32_t second = 9 * HOUR_S + i * 11 % (9 * HOUR_S);
        schedule_add(schedule, &(struct entry){.moment = day * DAY_S + second,
                                               .kind = ENTRY_REGISTERED,
                                               .subject = i});
    }
}

static void plan_withdrawals(const struct people *people, struct schedule *schedule, uint32_t day) {
    for (uint32_t i = 0; i < people->plan->n_volunteers; i++) {
        if (!(people->items[i].flags & PERSON_WITHDRAWS) || withdrawal_day(people->plan, i) != day)
            continue;
        schedule_add(schedule,
                     &(struct entry){.moment = day * DAY_S + 10 * HOUR_S + i % HOUR_S,
                                     .kind = i % DIES_EVERY == 5 ? ENTRY_DIED : ENTRY_WITHDRAWN,
                                     .subject = i});
    }
}

static void plan_updates(const struct people *people, struct schedule *schedule, uint32_t day) {
    struct random random;
    for (uint32_t n = draw_updates(people, day, &random); n > 0; n--) {
        struct entry entry = draw_update(people, day, &random);
        if (!(people->items[entry.subject].flags & PERSON_WITHDRAWS) &&
            person_registers_on(people, entry.subject) < day)
            schedule_add(schedule, &entry);
    }
}

void people_plan_day(const struct people *people, struct schedule *schedule, uint32_t day) {
    plan_registrations(people, schedule, day);
    plan_withdrawals(people, schedule, day);
    plan_updates(people, schedule, day);
}

void person_update(const struct people *people, struct output *out, const struct entry *entry) {
    struct random random;
    uint32_t draw = draw_change(people, entry, &random);
    const struct organisations *organisations = people->organisations;
    const struct person *person = &people->items[entry->subject];
    event_begin(out, SOURCE_PLATFORM, "volunteer.updated", entry->moment);
    field_volunteer(out, "volunteer", entry->subject);
    field_object(out, "changes");
    if (draw < NEW_EMPLOYER_PERCENT && !(person->flags & PERSON_MINOR))
        field_organisation(
            out, "employer",
            organisations->employers[random_below(&random, organisations->n_employers)]);
    else if (draw < 40 && person->employer != NO_EMPLOYER)
        field_null(out, "available");
    else {
        field_list(out, "skills");
        list_text(out, CHOOSE(skills, draw));
        list_text(out, CHOOSE(skills, draw + 1));
        list_end(out);
    }
    object_end(out);
    event_end(out);
}

void person_leave(struct output *out, const struct entry *entry) {
    static const char *const reasons[] = {"迁往外地", "本人申请", "身体原因"};
    bool died = entry->kind == ENTRY_DIED;
    event_begin(out, SOURCE_PLATFORM, died ? "volunteer.died" : "volunteer.withdrawn",
                entry->moment);
    field_volunteer(out, "volunteer", entry->subject);
    if (died)
        field_text(out, "on", str_from(out->dates[entry->moment / DAY_S - 1]));
    else
        field_text(out, "reason", CHOOSE(reasons, entry->subject));
    event_end(out);
}
