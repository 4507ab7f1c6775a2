#include "figures.h"

#include <stdlib.h>

#include "campaign.h"
#include "random.h"

#define REPORT_FROM 8u /* days of January and July on which the figures of a half-year come in */
#define REPORT_DAYS 12u
#define DRIFT_PER_1000 6u   /* people that a county and a unit gain in half a year */
#define SILENT_PER_1000 80u /* units that do not say how many they are */

/* Volunteers per 10,000 residents of the built-up area, before and after the correction of the
 * summer, and registered Party members in service per 1,000. 0: nobody has reported. */
static const struct {
    const char *county;
    uint32_t residents, residents_before;
    uint32_t party;
} county_rates[] = {
    {"620502", 1420, 1420, 948}, {"620503", 1312, 1312, 921}, {"620521", 1118, 1118, 874},
    {"620522", 1336, 1336, 927}, {"620523", 1207, 1207, 886}, {"620524", 1276, 1385, 906},
    {"620525", 0, 0, 858},
};
#define RESIDENTS_OF_THE_SILENT 1050u /* the city's own figure covers everybody */

static const struct {
    const char *word;
    const char *origin;
} words[] = {
    [FIGURE_RESIDENTS] = {"built_up_residents", "模拟数据:按志愿者规模折算,不是统计公报数"},
    [FIGURE_STAFF] = {"staff", "模拟数据:单位报送的在岗人数"},
    [FIGURE_PARTY] = {"in_service_party_members", "模拟数据:组织部门党员名册"},
    [FIGURE_COMMUNITIES] = {"communities", "统计用区划代码所列居委会数"},
};

struct rates {
    uint32_t residents, residents_before, party;
};

static struct rates rates_of(const struct figures *figures, uint32_t county) {
    const struct regions *regions = figures->people->regions;
    struct random random = random_for(figures->plan->seed, STREAM_FIGURE, county);
    uint32_t residents = random_between(&random, 1050, 1550);
    for (size_t i = 0; i < sizeof(county_rates) / sizeof(*county_rates); i++)
        if (str_starts_with(regions->items[county].code, str_from(county_rates[i].county)))
            return (struct rates){county_rates[i].residents, county_rates[i].residents_before,
                                  county_rates[i].party};
    return (struct rates){residents, residents, random_between(&random, 850, 950)};
}

static struct figure_item *add(struct figures *figures, enum figure_kind kind, bool of_region,
                               uint32_t subject, uint32_t value) {
    struct figure_item *item = &figures->items[figures->n++];
    *item = (struct figure_item){.kind = (uint8_t)kind,
                                 .of_region = of_region,
                                 .subject = subject,
                                 .value = value,
                                 .before = value};
    return item;
}

static uint32_t residents_for(uint32_t volunteers, uint32_t per_10000) {
    return (uint32_t)((uint64_t)volunteers * 10000 / per_10000);
}

/* Rounded so that nine of ten are on the same side of the target as meant, however few they are. */
static uint32_t party_for(uint32_t registered, uint32_t per_1000) {
    uint64_t scaled = (uint64_t)registered * 1000;
    return (uint32_t)(per_1000 > 900 ? scaled / per_1000 : (scaled + per_1000 - 1) / per_1000);
}

static uint32_t count_communities(const struct regions *regions, uint32_t county) {
    uint32_t n = 0;
    for (uint32_t i = county; i < regions->items[county].end; i++)
        n += region_is_residents_committee(&regions->items[i]);
    return n;
}

struct sums {
    uint32_t residents, residents_before, party, communities;
};

static void add_region(struct figures *figures, uint32_t region, bool has_residents,
                       const struct sums *sums) {
    if (has_residents) {
        struct figure_item *item = add(figures, FIGURE_RESIDENTS, true, region, sums->residents);
        item->before = sums->residents_before;
        item->regular = true;
    }
    add(figures, FIGURE_PARTY, true, region, sums->party)->regular = true;
    if (sums->communities)
        add(figures, FIGURE_COMMUNITIES, true, region, sums->communities);
}

static void add_county(struct figures *figures, uint32_t county, struct sums *total) {
    const struct people *people = figures->people;
    struct rates rates = rates_of(figures, county);
    bool silent = !rates.residents;
    if (silent)
        rates.residents = rates.residents_before = RESIDENTS_OF_THE_SILENT;
    uint32_t volunteers = people->of_region[county];
    struct sums sums = {residents_for(volunteers, rates.residents),
                        residents_for(volunteers, rates.residents_before),
                        party_for(people->party_of_region[county], rates.party),
                        count_communities(people->regions, county)};
    add_region(figures, county, !silent, &sums);
    total->residents += sums.residents;
    total->residents_before += sums.residents_before;
    total->party += sums.party;
    total->communities += sums.communities;
}

static void add_regions(struct figures *figures) {
    const struct regions *regions = figures->people->regions;
    struct sums total = {0};
    for (uint32_t i = 0; i < regions->n; i++)
        if (regions->items[i].level == 3)
            add_county(figures, i, &total);
    add_region(figures, 0, total.residents > 0, &total);
}

/* Rounded up or down by chance, so that small units are on average right too. */
static uint32_t draw_staff(struct random *random, uint32_t volunteers) {
    uint32_t per_1000 = random_between(random, 340, 760);
    if (!volunteers)
        return random_between(random, 1, 2);
    uint32_t staff = (volunteers * 1000 + random_below(random, per_1000)) / per_1000;
    if (staff == volunteers * 2) /* so often in small cities that nothing else would be seen */
        staff = random_chance(random, 500) ? staff + 1 : staff - 1;
    return staff;
}

static void add_unit(struct figures *figures, uint32_t organisation) {
    const struct people *people = figures->people;
    struct random random =
        random_for(figures->plan->seed, STREAM_FIGURE, (uint64_t)organisation << 20);
    bool titled = figures->titles->of_organisation[organisation] > 0;
    uint32_t staff = draw_staff(&random, people->of_employer[organisation]);
    uint32_t party =
        party_for(people->party_of_employer[organisation], random_between(&random, 840, 980));
    if (!random_chance(&random, SILENT_PER_1000))
        add(figures, FIGURE_STAFF, false, organisation, staff)->regular = titled;
    if (titled && party)
        add(figures, FIGURE_PARTY, false, organisation, party)->regular = true;
}

void figures_init(struct figures *figures, const struct people *people,
                  const struct titles *titles) {
    const struct organisations *organisations = people->organisations;
    *figures = (struct figures){.plan = people->plan, .people = people, .titles = titles};
    figures->items =
        calloc(organisations->n_employers * 2 + people->regions->n * 4, sizeof(*figures->items));
    if (!figures->items)
        abort();
    for (uint32_t i = 0; i < organisations->n_employers; i++)
        add_unit(figures, organisations->employers[i]);
    add_regions(figures);
}

void figures_deinit(struct figures *figures) {
    free(figures->items);
    figures->items = NULL;
}

const struct figure_item *figures_residents(const struct figures *figures, uint32_t region) {
    for (uint32_t i = 0; i < figures->n; i++) {
        const struct figure_item *item = &figures->items[i];
        if (item->of_region && item->kind == FIGURE_RESIDENTS && item->subject == region)
            return item;
    }
    return NULL;
}

/* ---- reports ---- */

/* The last day of the half-year before. */
static int32_t half_year_before(int32_t date) {
    int32_t year, month, day;
    date_to_civil(date, &year, &month, &day);
    return date_from_civil(year, month > 6 ? 7 : 1, 1) - 1;
}

int32_t figures_first_date(const struct figures *figures) {
    return half_year_before(plan_date(figures->plan, 0));
}

static int32_t correction_date(const struct figures *figures) {
    return date_from_civil(campaign_year(figures->plan), 7, 31);
}

/* What is reported of a day: so many half-years before the summer, so much less. */
static int64_t value_on(const struct figures *figures, const struct figure_item *item,
                        int32_t as_of) {
    int32_t year, month, day;
    date_to_civil(as_of, &year, &month, &day);
    int64_t halves = (campaign_year(figures->plan) - year) * 2 - (month > 6 ? 1 : 0);
    int64_t value = as_of < correction_date(figures) ? item->before : item->value;
    if (item->kind == FIGURE_COMMUNITIES)
        return value;
    halves = halves > 20 ? 20 : halves < -20 ? -20 : halves;
    return value - (value * halves * DRIFT_PER_1000 + (halves < 0 ? -500 : 500)) / 1000;
}

void figure_write(const struct figures *figures, struct output *out, const struct figure_item *item,
                  int64_t value, int32_t as_of, uint32_t moment) {
    event_begin(out, SOURCE_CIVILISATION, "figure.reported", moment);
    field_text(out, "figure", str_from(words[item->kind].word));
    field_subject(out, item->of_region ? "region" : "organisation");
    if (item->of_region)
        field_text(out, "id", figures->people->regions->items[item->subject].code);
    else
        field_organisation(out, "id", item->subject);
    object_end(out);
    field_integer(out, "value", value);
    field_date(out, "as_of", as_of);
    field_text(out, "origin", str_from(words[item->kind].origin));
    event_end(out);
}

uint32_t figures_report(const struct figures *figures, struct output *out, uint32_t moment,
                        uint32_t gap) {
    int32_t as_of = figures_first_date(figures);
    for (uint32_t i = 0; i < figures->n; i++, moment += gap) {
        const struct figure_item *item = &figures->items[i];
        figure_write(figures, out, item, value_on(figures, item, as_of), as_of, moment);
    }
    return moment;
}

static void plan_report(struct schedule *schedule, uint32_t index, uint32_t day) {
    schedule_add(schedule, &(struct entry){.moment = day * DAY_S + 9 * HOUR_S + index % HOUR_S,
                                           .kind = ENTRY_FIGURE,
                                           .subject = index});
}

static bool is_due(const struct figure_item *item, uint32_t index, int32_t month, int32_t day) {
    bool of_half_year = (month == 1 || month == 7) && item->regular &&
                        day == (int32_t)(REPORT_FROM + index % REPORT_DAYS);
    bool corrected = month == 8 && day == 10 && item->value != item->before;
    bool of_campaign = month == 10 && day == 12 && item->of_region && item->kind == FIGURE_PARTY;
    return of_half_year || corrected || of_campaign;
}

void figures_plan_day(const struct figures *figures, struct schedule *schedule, uint32_t day) {
    int32_t year, month, day_of_month;
    date_to_civil(plan_date(figures->plan, day), &year, &month, &day_of_month);
    if (month > 7 && year != campaign_year(figures->plan))
        return;
    for (uint32_t i = 0; i < figures->n; i++)
        if (is_due(&figures->items[i], i, month, day_of_month))
            plan_report(schedule, i, day);
}

/* In August a correction of July's end, in October September's end, else the half-year. */
void figure_report(const struct figures *figures, struct output *out, const struct entry *entry) {
    int32_t date = plan_date(figures->plan, entry->moment / DAY_S), year, month, day;
    date_to_civil(date, &year, &month, &day);
    int32_t as_of = month == 1 || month == 7 ? half_year_before(date)
                                             : date_from_civil(year, month == 8 ? 8 : 10, 1) - 1;
    const struct figure_item *item = &figures->items[entry->subject];
    figure_write(figures, out, item, value_on(figures, item, as_of), as_of, entry->moment);
}
