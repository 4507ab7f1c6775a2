/* Which stations are late and by whom: not built after their day, built and not in use, put off,
 * and the communities that have none. */
#include <stdlib.h>

#include "bus/station_sites.h"
#include "bus/thing_show.h"
#include "domain/organisations.h"
#include "domain/regions.h"

#define WITHOUT_LIMIT 1000 /* communities that are named */

struct late {
    struct progress *progress;
    uint32_t *committee_of; /* by a community's number: its committee, 0: none is known */
    json_t *responsible;    /* who is late, with how many: {organisation or region, name, ...} */
};

/* ---- by whom ---- */

struct committees {
    uint32_t *of;
    uint32_t n_regions;
};

static int take_committee(struct report *report, const struct report_unit *unit) {
    const struct committees *committees = report->context;
    if (unit->stands && unit->attributes.kind == ORGANISATION_KIND_SELF_GOVERNING &&
        unit->region <= committees->n_regions && !committees->of[unit->region])
        committees->of[unit->region] = unit->number;
    return 0;
}

int station_committees(struct report *report, uint32_t n_regions, uint32_t **ret_committee_of) {
    size_t bytes = (n_regions + 1) * sizeof(uint32_t);
    struct committees committees = {arena_alloc(report->query->arena, bytes), n_regions};
    void *before = report->context;
    memset(committees.of, 0, bytes);
    report->context = &committees;
    int r = report_each_unit(report, take_committee);
    report->context = before;
    *ret_committee_of = committees.of;
    return r;
}

/* Who answers for the organisation that was named, where that one is no more. */
static int successor_of(struct report *report, uint32_t organisation, uint32_t *ret_successor) {
    struct organisation_row row;
    int r = query_found(organisation_get(report->query->view, organisation, &row));
    *ret_successor = organisation;
    if (r == 0 && !organisation_stood(&row, report->day.at))
        r = organisation_successor(report->query->view, organisation, ret_successor);
    return r;
}

int station_responsible(struct report *report, const struct station *station,
                        const uint32_t *committee_of, enum noun *ret_noun, uint32_t *ret_number) {
    uint32_t organisation = station->responsible, path[REGION_DEPTH];
    int r = organisation ? successor_of(report, organisation, &organisation) : 0;
    if (r != 0)
        return r;
    if (!organisation)
        organisation = committee_of[station->region];
    *ret_noun = organisation ? NOUN_ORGANISATION : NOUN_REGION;
    size_t depth = organisation ? 0 : region_path(report->query->view, station->region, path);
    *ret_number = organisation ? organisation : depth > 1 ? path[1] : station->region;
    return 0;
}

static int responsible_of(struct report *report, const struct late *late, const struct site *site,
                          json_t **ret_subject) {
    enum noun noun;
    uint32_t number;
    int r = station_responsible(report, &site->station, late->committee_of, &noun, &number);
    if (r != 0)
        return r;
    *ret_subject = json_from_subject(report->query, noun, number, &report->arena);
    json_object_set_new(*ret_subject, "named", json_boolean(site->station.responsible != 0));
    return 0;
}

/* One more of those that the same subject is late with. */
static void add_responsible(struct late *late, const json_t *subject, json_int_t days,
                            const char *what) {
    const char *id = json_string_value(json_object_get(subject, "id"));
    json_t *found = NULL, *item;
    size_t index;
    json_array_foreach(late->responsible, index,
                       item) if (strcmp(json_string_value(json_object_get(item, "id")), id) == 0 &&
                                 json_equal(json_object_get(item, "kind"),
                                            json_object_get(subject, "kind"))) found = item;
    if (!found) {
        found = json_pack(
            "{s:O, s:s, s:O, s:i, s:i, s:i}", "kind", json_object_get(subject, "kind"), "id", id,
            "name", json_object_get(subject, "name"), "overdue", 0, "not_opened", 0, "days", 0);
        json_array_append_new(late->responsible, found);
    }
    json_int_t n = json_integer_value(json_object_get(found, what));
    json_object_set_new(found, what, json_integer(n + 1));
    if (days > json_integer_value(json_object_get(found, "days")))
        json_object_set_new(found, "days", json_integer(days));
}

/* ---- a station on a list ---- */

static int station_json(struct report *report, const struct site *site, json_t **ret_object) {
    struct query *query = report->query;
    struct thing thing;
    arena_reset(&report->arena);
    int r = query_found(thing_get(query->view, NOUN_STATION, site->number, &report->arena, &thing));
    if (r != 0)
        return r;
    const struct station_planned *planned = thing.attributes;
    *ret_object =
        json_pack("{s:o, s:o, s:o, s:o}", "station", json_from_str(planned->station), "name",
                  json_from_str(planned->name), "region",
                  json_from_number(query, NOUN_REGION, site->station.region, &report->arena), "due",
                  json_from_date(site->station.due, INT32_MIN));
    struct str place;
    r = report_path_name(report, site->path, site->depth, &place);
    if (r == 0)
        json_object_set_new(*ret_object, "place", json_from_str(place));
    else
        json_decref(*ret_object);
    return r;
}

static int add_late(struct report *report, struct late *late, const struct site *site,
                    const char *what, json_t *list) {
    json_t *object, *subject;
    json_int_t days = report->day.as_of - site->station.due;
    int r = station_json(report, site, &object);
    if (r != 0)
        return r;
    r = responsible_of(report, late, site, &subject);
    if (r != 0) {
        json_decref(object);
        return r;
    }
    json_object_set_new(object, "state", json_string(station_state_text(site->station.state)));
    json_object_set_new(object, "missing", json_from_missing_parts(&site->station));
    json_object_set_new(object, "days", json_integer(days));
    json_object_set_new(object, "responsible", subject);
    if (site->station.built.sequence)
        json_object_set_new(object, "built_on", json_from_date(site->station.built.on, INT32_MIN));
    add_responsible(late, subject, days, what);
    json_array_append_new(list, object);
    return 0;
}

/* Longest first; of those equal the first planned. */
static int by_due(const void *a, const void *b) {
    const struct site *x = *(const struct site *const *)a, *y = *(const struct site *const *)b;
    if (x->station.due != y->station.due)
        return x->station.due < y->station.due ? -1 : 1;
    return (x->number > y->number) - (x->number < y->number);
}

static int list_late(struct report *report, struct late *late, json_t *overdue,
                     json_t *not_opened) {
    struct progress *progress = late->progress;
    const struct site **sites =
        arena_alloc(report->query->arena, (progress->n + 1) * sizeof *sites);
    size_t n = 0;
    int r = 0;
    for (size_t i = 0; i < progress->n; i++) {
        const struct station *station = &progress->sites[i].station;
        if (progress->sites[i].overdue ||
            (station->state == STATION_BUILT && station->due < report->day.as_of))
            sites[n++] = &progress->sites[i];
    }
    if (n)
        qsort(sites, n, sizeof *sites, by_due);
    for (size_t i = 0; r == 0 && i < n; i++)
        r = sites[i]->overdue ? add_late(report, late, sites[i], "overdue", overdue)
                              : add_late(report, late, sites[i], "not_opened", not_opened);
    return r;
}

/* ---- what was put off ---- */

static int list_put_off(struct report *report, const struct progress *progress, json_t *list) {
    int r = 0;
    for (size_t i = 0; r == 0 && i < progress->n; i++) {
        const struct station *station = &progress->sites[i].station;
        json_t *object;
        if (!progress->sites[i].stands || !station->n_dues)
            continue;
        r = station_json(report, &progress->sites[i], &object);
        if (r != 0)
            break;
        json_object_set_new(object, "first_due", json_from_date(station->planned.due, INT32_MIN));
        json_object_set_new(object, "days", json_integer(station->due - station->planned.due));
        json_object_set_new(object, "changes", json_integer(station->n_dues));
        json_object_set_new(object, "state", json_string(station_state_text(station->state)));
        json_array_append_new(list, object);
    }
    return r;
}

static int by_number(const json_t *a, const json_t *b, const char *key) {
    json_int_t x = json_integer_value(json_object_get(a, key));
    json_int_t y = json_integer_value(json_object_get(b, key));
    return (x < y) - (x > y);
}

/* Who is late with most first. */
static int by_lateness(const void *a, const void *b) {
    const json_t *x = *(json_t *const *)a, *y = *(json_t *const *)b;
    int r = by_number(x, y, "overdue");
    if (r == 0)
        r = by_number(x, y, "not_opened");
    if (r == 0)
        r = by_number(x, y, "days");
    return r != 0 ? r
                  : strcmp(json_string_value(json_object_get(x, "id")),
                           json_string_value(json_object_get(y, "id")));
}

static json_t *sorted(struct arena *arena, json_t *list) {
    size_t n = json_array_size(list);
    json_t **items = arena_alloc(arena, (n + 1) * sizeof(json_t *));
    json_t *result = json_array();
    for (size_t i = 0; i < n; i++)
        items[i] = json_array_get(list, i);
    if (n)
        qsort(items, n, sizeof(json_t *), by_lateness);
    for (size_t i = 0; i < n; i++)
        json_array_append(result, items[i]);
    json_decref(list);
    return result;
}

int station_late(struct report *report, json_t *result) {
    struct progress *progress = report->context;
    struct late late = {.progress = progress, .responsible = json_array()};
    json_t *overdue = json_array(), *not_opened = json_array(), *put_off = json_array();
    json_object_set_new(result, "overdue", overdue);
    json_object_set_new(result, "not_opened", not_opened);
    json_object_set_new(result, "put_off", put_off);
    int r = station_committees(report, progress->n_regions, &late.committee_of);
    if (r == 0)
        r = list_late(report, &late, overdue, not_opened);
    if (r == 0)
        r = list_put_off(report, progress, put_off);
    json_object_set_new(result, "responsible", sorted(report->query->arena, late.responsible));
    return r;
}

/* ---- communities that have none ---- */

static int take_without(struct report *report, uint32_t region, const uint32_t *path,
                        size_t depth) {
    struct progress *progress = report->context;
    struct str place;
    if (depth != REGION_LEVEL_COMMUNITY + 1 || !progress->without[region] ||
        json_array_size(progress->rows) >= WITHOUT_LIMIT)
        return 0;
    int r = report_path_name(report, path, depth, &place);
    if (r == 0)
        json_array_append_new(progress->rows, json_pack("{s:o, s:o}", "region",
                                                        json_from_number(report->query, NOUN_REGION,
                                                                         region, &report->arena),
                                                        "place", json_from_str(place)));
    return r;
}

int station_without(struct report *report, json_t *result) {
    struct progress *progress = report->context;
    struct progress named = *progress;
    named.rows = json_array();
    json_object_set_new(result, "without_station", named.rows);
    report->context = &named;
    int r = report_each_region(report, take_without);
    report->context = progress;
    return r;
}
