#include "bus/methods.h"
#include "bus/methods_common.h"
#include "bus/methods_decisions.h"
#include "bus/methods_enrolment.h"
#include "bus/methods_integrity.h"
#include "bus/methods_points.h"
#include "domain/appeals.h"
#include "domain/false_hours.h"
#include "domain/merges.h"
#include "domain/people_mix.h"
#include "domain/person_months.h"
#include "domain/report_ins.h"
#include "domain/standing.h"
#include "domain/stars.h"
#include "domain/teams.h"
#include "domain/volunteer_links.h"
#include "domain/volunteers.h"

static const char *const states[] = {
    [VOLUNTEER_REGISTERED] = "registered", [VOLUNTEER_HELD] = "held",
    [VOLUNTEER_WITHDRAWN] = "withdrawn",   [VOLUNTEER_DECEASED] = "deceased",
    [VOLUNTEER_MERGED] = "merged",
};
#define N_STATES (sizeof states / sizeof *states)

struct merged_list_json {
    struct query *query;
    struct arena *arena;
    json_t *items;
};

static void put_row(struct query *query, const struct volunteer_row *row, json_t *object) {
    int32_t age = volunteer_age(row, query_today(query));
    json_object_set_new(object, "state",
                        json_string(row->state < N_STATES ? states[row->state] : "unknown"));
    json_object_set_new(object, "registered_on", json_from_date(row->registered_on, INT32_MIN));
    static const char *const left[] = {[VOLUNTEER_WITHDRAWN] = "withdrawn_on",
                                       [VOLUNTEER_DECEASED] = "died_on",
                                       [VOLUNTEER_MERGED] = "merged_on"};
    if (volunteer_has_left(row))
        json_object_set_new(object, left[row->state], json_from_date(row->withdrawn_on, 0));
    enum STANDING_choice standing = volunteer_standing(row, query_today(query));
    json_object_set_new(object, "standing", json_string(STANDING_choices.words[standing]));
    if (standing != STANDING_GOOD && row->standing_since)
        json_object_set_new(object, "standing_since", json_from_date(row->standing_since, 0));
    if (standing == STANDING_SUSPENDED)
        json_object_set_new(object, "standing_until", json_from_date(row->standing_until, 0));
    json_object_set_new(object, "stars", json_integer(row->stars));
    json_object_set_new(object, "stars_since", json_from_date(row->stars_since, 0));
    json_object_set_new(object, "minutes", json_integer(row->minutes));
    json_object_set_new(object, "carried_minutes", json_integer(row->carried_minutes));
    json_object_set_new(object, "records", json_integer(row->n_accepted));
    json_object_set_new(object, "held", json_integer(row->n_held));
    json_object_set_new(object, "first_service_on", json_from_date(row->first_service_on, 0));
    json_object_set_new(object, "last_service_on", json_from_date(row->last_service_on, 0));
    json_object_set_new(object, "age", age < 0 ? json_null() : json_integer(age));
}

static int add_merged(void *context, uint32_t merged) {
    struct merged_list_json *list = context;
    json_array_append_new(list->items,
                          json_from_number(list->query, NOUN_VOLUNTEER, merged, list->arena));
    return 0;
}

/* Whose id it is now, and which ids the person had before. */
static int put_merged(struct query *query, uint32_t number, const struct volunteer_row *row,
                      struct arena *arena, json_t *object) {
    struct merged_list_json list = {query, arena, NULL};
    uint32_t survivor = number;
    int r = volunteer_survivor(query->view, &survivor);
    if (r == 0 && survivor != number)
        json_object_set_new(object, "merged_into",
                            json_from_number(query, NOUN_VOLUNTEER, survivor, arena));
    if (r != 0 || !(row->marks & MARK_HAS_MERGED))
        return r;
    list.items = json_array();
    json_object_set_new(object, "merged", list.items);
    return merged_each(query->view, number, add_merged, &list);
}

static int volunteer_describe(struct query *query, uint32_t number, struct arena *arena,
                              json_t **ret_object) {
    struct volunteer_row row;
    struct thing thing;
    int r = volunteer_get(query->view, number, &row);
    if (r == 0)
        r = thing_get(query->view, NOUN_VOLUNTEER, number, arena, &thing);
    if (r != 0)
        return r;
    json_t *object = json_from_thing(query, NOUN_VOLUNTEER, &thing, arena);
    put_row(query, &row, object);
    *ret_object = object;
    return put_merged(query, number, &row, arena, object);
}

/* ---- get: also teams, links, conduct and points ---- */

struct of_volunteer {
    struct query *query;
    json_t *items;
};

static int add_team(void *context, uint32_t team, const struct member_row *row) {
    struct of_volunteer *list = context;
    struct query *query = list->query;
    struct thing thing;
    int r = query_found(thing_get(query->view, NOUN_TEAM, team, query->arena, &thing));
    if (r != 0)
        return r;
    const struct team_formed *attributes = thing.attributes;
    json_array_append_new(list->items,
                          json_pack("{s:o, s:o, s:o, s:o}", "team", json_from_str(attributes->team),
                                    "name", json_from_str(attributes->name), "joined_on",
                                    json_from_date(row->joined_on, 0), "left_on",
                                    json_from_date(row->left_on, 0)));
    return 0;
}

static int add_link(void *context, const struct volunteer_link *link) {
    struct of_volunteer *list = context;
    json_array_append_new(list->items,
                          json_pack("{s:o, s:o, s:o}", "system", json_from_str(link->system),
                                    "external", json_from_str(link->external), "linked_on",
                                    json_from_date(link->linked_on, 0)));
    return 0;
}

/* What changed it last, and why: the reason of a hand, the findings of a rule. */
static int put_standing(struct query *query, uint32_t number, json_t *object) {
    struct wanted_list wanted = {0};
    struct standing_record standing;
    int r = standing_of(query->view, number, &standing);
    if (r != 0 || !standing.row.sequence)
        return r;
    json_t *change = json_pack(
        "{s:s, s:o, s:I}", "standing", STANDING_choices.words[standing.row.standing], "on",
        json_from_date(standing.row.since, 0), "sequence", (json_int_t)standing.row.sequence);
    json_object_set_new(object, "standing_change", change);
    if (standing.reason.size)
        json_object_set_new(change, "reason", json_from_str(standing.reason));
    if (standing.by.size)
        json_object_set_new(change, "by", json_from_str(standing.by));
    if (standing.row.standing != STANDING_GOOD)
        json_object_set_new(
            change, "appeal_until",
            json_from_date(appeal_last_day(standing.row.appeal_until, standing.row.since), 0));
    if (standing.row.restored_on)
        json_object_set_new(object, "restored_on", json_from_date(standing.row.restored_on, 0));
    wanted_add(query, &wanted, standing.row.sequence, change);
    r = wanted_fill(query, &wanted);
    return r == 0 ? put_appeal(query, NOUN_VOLUNTEER, number, query->arena, object) : r;
}

int put_standing_explained(struct query *query, uint32_t volunteer, int32_t on, json_t *object) {
    struct volunteer_row row;
    struct false_hours hours;
    json_t *standing = json_object();
    json_object_set_new(object, "standing", standing);
    int r = query_found(volunteer_get(query->view, volunteer, &row));
    if (r == 0)
        r = false_hours_of(query->view, volunteer, &hours);
    if (r != 0)
        return r;
    enum STANDING_choice now = volunteer_standing(&row, on);
    json_object_set_new(standing, "standing", json_string(STANDING_choices.words[now]));
    if (row.standing_since)
        json_object_set_new(standing, "since", json_from_date(row.standing_since, 0));
    if (now == STANDING_SUSPENDED)
        json_object_set_new(standing, "until", json_from_date(row.standing_until, 0));
    if (hours.n)
        json_object_set_new(standing, "false_records", json_integer(hours.n));
    if (hours.last_on)
        json_object_set_new(standing, "false_on", json_from_date(hours.last_on, 0));
    return put_standing(query, volunteer, standing);
}

static int put_lists(struct query *query, uint32_t number, json_t *object) {
    struct of_volunteer teams = {query, json_array()}, links = {query, json_array()};
    json_t *points;
    json_object_set_new(object, "teams", teams.items);
    json_object_set_new(object, "links", links.items);
    int r = volunteer_teams_each(query->view, number, add_team, &teams);
    if (r == 0)
        r = volunteer_links_each(query->view, number, add_link, &links);
    if (r == 0)
        r = put_conduct(query, number, query->arena, object);
    if (r == 0)
        r = put_consents(query, number, object);
    if (r == 0)
        r = put_standing(query, number, object);
    if (r == 0)
        r = json_from_balances(query, number, false, &points);
    if (r == 0)
        json_object_set_new(object, "points", points);
    return r;
}

/* In how many of the last twelve months, this one included, there was accepted service. */
static int put_active_months(struct query *query, uint32_t volunteer, json_t *object) {
    int32_t last = date_month(query_today(query));
    int active = 0, r = 0;
    for (int32_t month = last - 11; r == 0 && month <= last; month++) {
        struct person_month row;
        size_t i = 0;
        r = person_month_get(query->view, month, volunteer, &row);
        while (r == 0 && i < row.n_entries && person_month_entry(&row, i).state != RECORD_ACCEPTED)
            i++;
        active += r == 0 && i < row.n_entries;
    }
    json_object_set_new(object, "active_months", json_integer(active));
    return r;
}

/* Of the stars that are held now. */
static int put_star_certificate(struct query *query, uint32_t number, json_t *object) {
    char text[STAR_CERTIFICATE_BYTES];
    struct volunteer_row row;
    struct star_certificate certificate = {0};
    int r = query_found(volunteer_get(query->view, number, &row));
    if (r == 0)
        r = star_certificate_of(query->view, number, &row, row.stars, &certificate);
    if (r == 0)
        json_object_set_new(object, "star_certificate",
                            certificate.year
                                ? json_from_str(star_certificate_text(certificate, text))
                                : json_null());
    return r;
}

int query_volunteer_get(struct query *query, json_t **ret_result) {
    uint32_t number;
    json_t *object;
    int r = query_noun(query, NOUN_VOLUNTEER, "volunteer", &number);
    if (r == 0)
        r = query_found(volunteer_describe(query, number, query->arena, &object));
    if (r != 0)
        return r;
    r = put_star_certificate(query, number, object);
    if (r == 0)
        r = put_lists(query, number, object);
    if (r == 0)
        r = put_active_months(query, number, object);
    if (r == 0)
        *ret_result = object;
    else
        json_decref(object);
    return r;
}

/* ---- list ---- */

struct volunteer_filter {
    uint32_t region;
    uint32_t employer;
    uint32_t team;
    int64_t stars; /* -1: any, as the two below */
    int state;
    int party_status;
    int standing;
    int missing; /* place in missing_words */
    bool by_report_in;
    bool reported_in;
};

static const char *const missing_words[] = {"identity",   "born",      "sex",
                                            "occupation", "education", "skills"};
#define N_MISSING (sizeof missing_words / sizeof *missing_words)

static bool lacks(const struct volunteer_row *row, int what) {
    const bool lacking[N_MISSING] = {
        row->marks & MARK_NO_IDENTITY,  row->born == INT32_MIN,     !row->sex, !row->occupation,
        row->marks & MARK_NO_EDUCATION, row->marks & MARK_NO_SKILLS};
    return lacking[what];
}

static bool takes(struct query *query, const struct volunteer_filter *filter,
                  const struct volunteer_row *row) {
    return (filter->missing < 0 || lacks(row, filter->missing)) &&
           (filter->stars < 0 || row->stars == filter->stars) &&
           (filter->state < 0 || row->state == filter->state) &&
           (filter->party_status < 0 || row->party_status == filter->party_status + 1) &&
           (filter->standing < 0 ||
            (int)volunteer_standing(row, query_today(query)) == filter->standing) &&
           (!filter->employer || row->employer == filter->employer) &&
           (!filter->region || region_lies_in(query, row->region, filter->region));
}

/* Of those who are to report in: who has, and who has not. */
static int takes_report_in(struct query *query, const struct volunteer_filter *filter,
                           uint32_t number, const struct volunteer_row *row, bool *ret_takes) {
    bool stands;
    *ret_takes = !filter->by_report_in;
    if (*ret_takes || !report_in_is_owed(row))
        return 0;
    int r = report_in_stands(query->view, number, row, &stands);
    *ret_takes = stands == filter->reported_in;
    return r;
}

static int list_volunteer(struct page *page, uint32_t number) {
    const struct volunteer_filter *filter = page->context;
    struct volunteer_row row;
    bool taken = false;
    json_t *item;
    int r = volunteer_get(page->query->view, number, &row);
    if (r == 0 && takes(page->query, filter, &row))
        r = takes_report_in(page->query, filter, number, &row, &taken);
    if (r != 0 || !taken)
        return r;
    r = volunteer_describe(page->query, number, &page->arena, &item);
    if (r == 0)
        json_array_append_new(page->items, item);
    return r;
}

/* Who is in the team: those who left are not, those of a dissolved one are who was in it at its
 * end. */
struct members {
    uint32_t *numbers;
    size_t n;
    size_t limit;
};

static int collect_member(void *context, uint32_t volunteer, const struct member_row *row) {
    struct members *members = context;
    if (row->left_on == 0 && members->n < members->limit)
        members->numbers[members->n++] = volunteer;
    return 0;
}

static int list_members(struct page *page, uint32_t team) {
    struct query *query = page->query;
    struct members members = {.n = 0};
    struct team_row row;
    int r = query_found(team_get(query->view, team, &row));
    if (r != 0)
        return r;
    members.limit = row.n_members;
    members.numbers = arena_alloc(query->arena, (row.n_members + 1) * sizeof(uint32_t));
    r = team_members_each(query->view, team, collect_member, &members);
    return r == 0 ? page_numbers(page, members.numbers, members.n) : r;
}

int query_volunteer_list(struct query *query, json_t **ret_result) {
    struct volunteer_filter filter;
    struct page page;
    int r = page_open(query, &page);
    page.each = list_volunteer;
    page.context = &filter;
    filter.by_report_in = json_object_get(query->params, "reported_in") != NULL;
    filter.reported_in = query_boolean(query, "reported_in", false);
    if (r == 0)
        r = query_noun(query, NOUN_REGION, "region", &filter.region);
    if (r == 0)
        r = query_noun(query, NOUN_ORGANISATION, "employer", &filter.employer);
    if (r == 0)
        r = query_noun(query, NOUN_TEAM, "team", &filter.team);
    if (r == 0)
        r = query_range(query, "stars", (struct range){0, 5}, -1, &filter.stars);
    if (r == 0)
        r = query_word(query, "state", states, N_STATES, &filter.state);
    if (r == 0)
        r = query_word(query, "missing", missing_words, N_MISSING, &filter.missing);
    if (r == 0)
        r = query_choice(query, "party_status", &PARTY_STATUS_choices, &filter.party_status);
    if (r == 0)
        r = query_choice(query, "standing", &STANDING_choices, &filter.standing);
    if (r == 0)
        r = filter.team ? list_members(&page, filter.team) : page_table(&page, TABLE_VOLUNTEER);
    return page_close(&page, r, ret_result);
}
