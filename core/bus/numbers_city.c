#include "bus/methods_common.h"
#include "bus/numbers.h"
#include "domain/alerts.h"
#include "domain/dictionaries.h"
#include "domain/figures.h"
#include "domain/ledger.h"

/* Units of the city's own level and above are what the city is measured by (市级及以上). */
static const struct {
    enum counter units, without_staff, staff, volunteers;
} unit_levels[] = {
    {COUNTER_units_municipal, COUNTER_units_without_staff_municipal, COUNTER_unit_staff_municipal,
     COUNTER_unit_volunteers_municipal},
    {COUNTER_units_provincial, COUNTER_units_without_staff_provincial,
     COUNTER_unit_staff_provincial, COUNTER_unit_volunteers_provincial},
    {COUNTER_units_national, COUNTER_units_without_staff_national, COUNTER_unit_staff_national,
     COUNTER_unit_volunteers_national},
};

static void put(json_t *object, const char *name, int64_t value) {
    json_object_set_new(object, name, json_integer(value));
}

static void put_rate(json_t *object, const char *name, int64_t part, int64_t whole) {
    /* In double: no product of two large counts is too large. */
    json_object_set_new(object, name,
                        whole > 0
                            ? json_integer((json_int_t)(10000.0 * (double)part / (double)whole))
                            : json_null());
}

/* `whole` stays 0 where nobody has reported it. */
static int put_figure(struct query *query, json_t *object, const char *name, uint32_t city,
                      enum FIGURE_choice which, int64_t *ret_whole) {
    struct figure figure;
    int r =
        figure_get(query->view, which, NOUN_REGION, city, query_today(query), COUNTER_NOW, &figure);
    *ret_whole = r == 0 ? figure.value : 0;
    json_object_set_new(object, name, r == 0 ? json_integer(figure.value) : json_null());
    return r < 0 ? r : 0;
}

static void put_units(json_t *city, const struct counter_row *counters) {
    int64_t units = 0, without_staff = 0, staff = 0, volunteers = 0;
    for (size_t i = 0; i < sizeof unit_levels / sizeof *unit_levels; i++) {
        units += counters->value[unit_levels[i].units];
        without_staff += counters->value[unit_levels[i].without_staff];
        staff += counters->value[unit_levels[i].staff];
        volunteers += counters->value[unit_levels[i].volunteers];
    }
    put(city, "units", units);
    put(city, "units_without_staff", without_staff);
    put(city, "unit_staff", staff);
    put(city, "unit_volunteers", volunteers);
    put_rate(city, "unit_rate", volunteers, staff);
}

static void put_counters(json_t *city, const struct counter_row *counters) {
    static const enum counter shown[] = {COUNTER_volunteers,
                                         COUNTER_in_service_party_members,
                                         COUNTER_minutes,
                                         COUNTER_records,
                                         COUNTER_held,
                                         COUNTER_activities,
                                         COUNTER_teams,
                                         COUNTER_stations_planned,
                                         COUNTER_stations_built,
                                         COUNTER_stations_opened,
                                         COUNTER_needs_open,
                                         COUNTER_alerts_open,
                                         COUNTER_alerts_acknowledged};
    for (size_t i = 0; i < sizeof shown / sizeof *shown; i++)
        put(city, counter_name(shown[i]), counters->value[shown[i]]);
}

int numbers_city(struct query *query, json_t **ret_city) {
    struct counter_row counters;
    uint32_t region;
    int64_t residents, members;
    int r = alert_city_region(query->view, &region);
    if (r == 0)
        r = counter_get(query->view, COUNTER_NOW, NOUN_REGION, region, &counters);
    if (r != 0) {
        *ret_city = json_null();
        return r < 0 ? r : 0;
    }
    json_t *city = json_object();
    put_counters(city, &counters);
    put_units(city, &counters);
    r = put_figure(query, city, "built_up_residents", region, FIGURE_BUILT_UP_RESIDENTS,
                   &residents);
    if (r == 0)
        r = put_figure(query, city, "party_members", region, FIGURE_IN_SERVICE_PARTY_MEMBERS,
                       &members);
    if (r < 0) {
        json_decref(city);
        return r;
    }
    put_rate(city, "rate", counters.volunteers, residents);
    put_rate(city, "party_rate", counters.in_service_party_members, members);
    *ret_city = city;
    return 0;
}

int numbers_ledger(const struct query *query, json_t **ret_ledger) {
    uint32_t n = dictionary_count(query->view, DICTIONARY_ACCOUNT);
    json_t *ledger = json_array();
    int r = 0;
    for (uint32_t i = 0; r >= 0 && i < n; i++) {
        struct dictionary_code account;
        struct ledger_row row;
        r = dictionary_at(query->view, DICTIONARY_ACCOUNT, i, &account);
        if (r == 0)
            r = ledger_get(query->view, i, &row);
        if (r == 0)
            json_array_append_new(ledger,
                                  json_pack("{s:o, s:I}", "account", json_from_str(account.code),
                                            "sum", (json_int_t)ledger_sum(&row)));
    }
    *ret_ledger = ledger;
    return r < 0 ? r : 0;
}
