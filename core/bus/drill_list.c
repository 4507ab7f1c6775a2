/* What a counter counts, one by one: which list has it, which of that list's things are meant, and
 * how much each adds to the figure. The lists are those of the query socket. */
#include "bus/drill.h"
#include "bus/methods.h"
#include "domain/figures.h"
#include "domain/organisations.h"
#include "util/error.h"

enum adds { ADDS_ONE, ADDS_MINUTES, ADDS_RECORD, ADDS_UNIT_STAFF, ADDS_UNIT_VOLUNTEERS };

#define CONDITIONS 3

struct source {
    enum counter counter;
    const char *method;
    /* Parameters of the method, as texts; numbers and booleans are read as such. */
    const char *parameters[2 * CONDITIONS];
    /* A member of each item, and the values that it may have, or with ! first may not have. */
    const char *member;
    const char *values;
    const char *month_of; /* a member that is a day or a time: lies in the figure's months */
    enum adds adds;
};

#define LIST(name) .counter = COUNTER_##name, .method
#define PEOPLE(name, ...)                                                                          \
    {                                                                                              \
        LIST(name) = "volunteer.list", .parameters = { "state", "registered", __VA_ARGS__ }        \
    }
#define UNITS(begin, level, what)                                                                  \
    {                                                                                              \
        LIST(begin##level) = "civilised_title.list",                                               \
        .parameters = {"title", "unit", "level", #level, "state", "held"}, .adds = (what)          \
    }
#define UNITS_OF(level)                                                                            \
    UNITS(units_, level, ADDS_ONE), UNITS(unit_staff_, level, ADDS_UNIT_STAFF),                    \
        UNITS(unit_volunteers_, level, ADDS_UNIT_VOLUNTEERS)

static const struct source sources[] = {
    {LIST(volunteers) = "volunteer.list", .parameters = {"state", "registered"}},
    PEOPLE(in_service_party_members, "party_status", "in_service"),
    PEOPLE(stars_0, "stars", "0"),
    PEOPLE(stars_1, "stars", "1"),
    PEOPLE(stars_2, "stars", "2"),
    PEOPLE(stars_3, "stars", "3"),
    PEOPLE(stars_4, "stars", "4"),
    PEOPLE(stars_5, "stars", "5"),
    PEOPLE(without_sex, "missing", "sex"),
    PEOPLE(without_education, "missing", "education"),
    PEOPLE(without_skills, "missing", "skills"),
    PEOPLE(without_identity, "missing", "identity"),
    {LIST(minutes) = "record.list", .parameters = {"state", "accepted"}, .adds = ADDS_MINUTES},
    {LIST(records) = "record.list", .parameters = {"state", "accepted"}, .adds = ADDS_RECORD},
    {LIST(held) = "record.list", .parameters = {"state", "held"}},
    {LIST(disputed) = "record.list", .parameters = {"stage", "disputed"}},
    {LIST(checks_open) = "record.list", .parameters = {"check", "open"}},
    {LIST(activities) = "activity.list", .member = "state", .values = "!cancelled",
     .month_of = "starts"},
    {LIST(teams) = "team.list", .parameters = {"state", "active"}},
    {LIST(stations_planned) = "station.list", .member = "state", .values = "!closed"},
    {LIST(stations_built) = "station.list", .member = "state", .values = "built,opened"},
    {LIST(stations_opened) = "station.list", .parameters = {"state", "opened"}},
    {LIST(needs_filed) = "need.list", .month_of = "filed_on"},
    {LIST(needs_open) = "need.list", .member = "state", .values = "!closed",
     .month_of = "filed_on"},
    {LIST(needs_matched) = "need.list", .parameters = {"state", "matched"}, .month_of = "filed_on"},
    {LIST(needs_referred) = "need.list", .parameters = {"state", "referred"},
     .month_of = "filed_on"},
    {LIST(needs_closed) = "need.list", .parameters = {"state", "closed"}, .month_of = "filed_on"},
    {LIST(needs_met) = "need.list", .member = "outcome", .values = "met", .month_of = "filed_on"},
    {LIST(beneficiaries) = "beneficiary.list", .parameters = {"state", "enrolled"}},
    {LIST(visits_overdue) = "beneficiary.list", .parameters = {"overdue", "true"}},
    UNITS_OF(municipal),
    UNITS_OF(provincial),
    UNITS_OF(national),
    UNITS_OF(county),
};

static const struct source *source_of(enum counter counter) {
    for (size_t i = 0; i < sizeof sources / sizeof *sources; i++)
        if (sources[i].counter == counter)
            return &sources[i];
    return NULL;
}

/* An organisation's people and service have lists; what lies in a region has them all. */
static bool lists_organisation(const struct source *source) {
    return strcmp(source->method, "volunteer.list") == 0 ||
           strcmp(source->method, "record.list") == 0 ||
           strcmp(source->method, "activity.list") == 0;
}

bool drill_is_listed(const struct drill *drill) {
    for (size_t i = 0; i < drill->n_counters; i++) {
        const struct source *source = source_of(drill->counters[i]);
        if (!source || (drill->noun == NOUN_ORGANISATION && !lists_organisation(source)))
            return false;
        if (drill->in_months && source->adds == ADDS_ONE && !source->month_of)
            return false;
    }
    return drill->n_counters > 0;
}

/* ---- the question ---- */

struct listing {
    const struct drill *drill;
    const struct source *source;
    json_t *section;
    struct str own_code; /* of the region, where only what lies in it itself is meant */
    size_t limit;
    bool more;
};

static void put_parameter(json_t *params, const char *name, const char *value) {
    bool is_number = *value >= '0' && *value <= '9';
    json_object_set_new(params, name,
                        is_number                    ? json_integer(*value - '0')
                        : strcmp(value, "true") == 0 ? json_true()
                                                     : json_string(value));
}

static json_t *listing_params(const struct listing *self) {
    const struct drill *drill = self->drill;
    const struct source *source = self->source;
    bool of_records = strcmp(source->method, "record.list") == 0;
    bool of_people = strcmp(source->method, "volunteer.list") == 0;
    const char *subject = drill->noun == NOUN_REGION ? "region"
                          : of_people                ? "employer"
                                                     : "organisation";
    json_t *params = json_pack("{s:i}", "limit", PAGE_LIMIT);
    for (size_t i = 0; i < 2 * CONDITIONS && source->parameters[i]; i += 2)
        put_parameter(params, source->parameters[i], source->parameters[i + 1]);
    json_object_set_new(
        params, subject,
        json_from_number(drill->query, drill->noun, drill->number, drill->query->arena));
    if (of_records && source->adds != ADDS_ONE)
        json_object_set_new(params, "carried", json_false());
    if (of_records && drill->in_months) {
        json_object_set_new(params, "from", json_from_date(drill->from, INT32_MIN));
        json_object_set_new(params, "to", json_from_date(drill->to, INT32_MIN));
    }
    return params;
}

static const struct method *method_named(const char *name) {
    size_t i = 0;
    while (strcmp(methods[i].name, name) != 0)
        i++;
    return &methods[i];
}

/* ---- which of them ---- */

static const char *text_of(const json_t *item, const char *name) {
    const char *text = json_string_value(json_object_get(item, name));
    return text ? text : "";
}

static bool is_one_of(const char *text, const char *words) {
    size_t size = strlen(text);
    for (const char *at = words; at; at = strchr(at, ',')) {
        at += *at == ',';
        if (strncmp(at, text, size) == 0 && (at[size] == ',' || !at[size]))
            return true;
    }
    return false;
}

static bool has_state(const struct source *source, const json_t *item) {
    if (!source->member)
        return true;
    const char *text = text_of(item, source->member);
    return *source->values == '!' ? !is_one_of(text, source->values + 1)
                                  : is_one_of(text, source->values);
}

static int32_t day_of(const struct listing *self, const char *text) {
    int64_t time;
    int16_t offset;
    int32_t date = INT32_MIN;
    if (time_parse(str_from(text), &time, &offset) == 0)
        return zone_date(&self->drill->query->city.zone, time);
    (void)date_parse(str_from(text), &date);
    return date;
}

static bool is_in_months(const struct listing *self, const json_t *item) {
    const struct drill *drill = self->drill;
    if (!drill->in_months || !self->source->month_of)
        return true;
    int32_t date = day_of(self, text_of(item, self->source->month_of));
    return date >= drill->from && date <= drill->to;
}

static const char *organisation_of(const json_t *item) {
    return text_of(json_object_get(item, "subject"), "id");
}

/* Where it lies: itself, or the unit that it is about. */
static int lies_in_itself(const struct listing *self, const json_t *item, bool *ret_lies) {
    struct query *query = self->drill->query;
    struct organisation_row row;
    struct region_defined region;
    uint32_t number;
    struct str code = str_from(text_of(item, "region"));
    int r = 0;
    *ret_lies = true;
    if (!self->drill->own)
        return 0;
    if (!code.size) {
        r = thing_find(query->view, NOUN_ORGANISATION, str_from(organisation_of(item)), &number);
        if (r == 0)
            r = organisation_get(query->view, number, &row);
        if (r == 0)
            r = region_attributes(query->view, row.region, query->arena, &region);
        code = r == 0 ? region.region : code;
    }
    *ret_lies = str_equal(code, self->own_code);
    return r < 0 ? r : 0;
}

/* ---- how much each is ---- */

static int unit_adds(const struct listing *self, const json_t *item, int64_t *ret_value) {
    struct query *query = self->drill->query;
    struct organisation_row row;
    uint32_t number;
    *ret_value = 0;
    int r = thing_find(query->view, NOUN_ORGANISATION, str_from(organisation_of(item)), &number);
    if (r == 0)
        r = organisation_get(query->view, number, &row);
    if (r != 0 || row.staff < 0) /* without the number of its staff it counts with neither */
        return r < 0 ? r : 0;
    *ret_value = row.staff;
    return self->source->adds == ADDS_UNIT_VOLUNTEERS
               ? counter_value(query->view, COUNTER_NOW, NOUN_ORGANISATION, number,
                               COUNTER_volunteers, ret_value)
               : 0;
}

static int item_adds(const struct listing *self, const json_t *item, int64_t *ret_value) {
    const json_t *within = json_object_get(item, "minutes_within");
    switch (self->source->adds) {
    case ADDS_MINUTES:
        *ret_value = json_integer_value(within ? within : json_object_get(item, "counted_minutes"));
        return 0;
    case ADDS_RECORD: /* it stands in the month of its first day */
        *ret_value = !within || json_is_true(json_object_get(item, "begins_within"));
        return 0;
    case ADDS_UNIT_STAFF:
    case ADDS_UNIT_VOLUNTEERS:
        return unit_adds(self, item, ret_value);
    default:
        *ret_value = 1;
        return 0;
    }
}

/* ---- rows ---- */

static json_t *item_date(const struct listing *self, const json_t *item) {
    static const char *const members[] = {"starts",      "registered_on", "filed_on",
                                          "enrolled_on", "formed_on",     "opened_on",
                                          "built_on",    "planned_on",    "awarded_on"};
    for (size_t i = 0; i < sizeof members / sizeof *members; i++)
        if (*text_of(item, members[i]))
            return json_from_date(day_of(self, text_of(item, members[i])), INT32_MIN);
    return json_null();
}

static json_t *item_name(const json_t *item) {
    static const char *const members[] = {"name", "title", "volunteer", "category"};
    const char *of_subject = text_of(json_object_get(item, "subject"), "name");
    if (*of_subject)
        return json_string(of_subject);
    for (size_t i = 0; i < sizeof members / sizeof *members; i++)
        if (*text_of(item, members[i]))
            return json_string(text_of(item, members[i]));
    return json_null();
}

static int item_add(struct listing *self, const json_t *item) {
    const char *noun = self->source->method;
    struct str word = {noun, strcspn(noun, ".")};
    json_t *rows = json_object_get(self->section, "rows");
    bool lies;
    int64_t value;
    if (!has_state(self->source, item) || !is_in_months(self, item))
        return 0;
    int r = lies_in_itself(self, item, &lies);
    if (r != 0 || !lies)
        return r;
    r = item_adds(self, item, &value);
    if (r != 0 || value == 0)
        return r;
    if (json_array_size(rows) == self->limit) {
        self->more = true;
        return 0;
    }
    json_t *id = json_object_getn(item, word.data, word.size);
    json_array_append_new(rows,
                          json_pack("[o, o, o, o, I]", json_from_str(word),
                                    id ? json_incref(id) : json_string(organisation_of(item)),
                                    item_name(item), item_date(self, item), (json_int_t)value));
    return 0;
}

/* Page by page, until there are enough. */
static int listing_read(struct listing *self) {
    struct query question = *self->drill->query;
    json_t *params = listing_params(self);
    int r = 0;
    question.method = method_named(self->source->method);
    question.params = params;
    for (bool goes_on = true; r == 0 && goes_on && !self->more;) {
        json_t *page = NULL, *item;
        size_t i;
        r = question.method->run(&question, &page);
        json_array_foreach(json_object_get(page, "items"), i, item) {
            if (r == 0)
                r = item_add(self, item);
        }
        json_t *next = json_object_get(page, "next");
        goes_on = json_is_string(next);
        if (goes_on)
            json_object_set(params, "cursor", next);
        json_decref(page);
    }
    json_decref(params);
    return r;
}

int drill_list(const struct drill *drill, json_t *section, size_t limit, bool *ret_more) {
    struct listing listing = {.drill = drill, .section = section, .limit = limit};
    struct region_defined region;
    int r = drill->noun == NOUN_REGION
                ? region_attributes(drill->query->view, drill->number, drill->query->arena, &region)
                : 0;
    if (drill->noun == NOUN_REGION && r == 0)
        listing.own_code = region.region;
    for (size_t i = 0; r == 0 && i < drill->n_counters && !listing.more; i++) {
        listing.source = source_of(drill->counters[i]);
        r = listing_read(&listing);
    }
    *ret_more = listing.more;
    return query_found(r);
}
