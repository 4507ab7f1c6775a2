/* report.coverage: how many of a place's residents, or of a unit's staff, are registered, and how
 * many are not yet; the same of Party members in service. report.leaders: how the four bodies
 * (四大组织) lead. */
#include <stdlib.h>

#include "bus/methods.h"
#include "bus/report.h"
#include "domain/organisations.h"
#include "domain/people_mix.h"

struct covered {
    struct str id;
    struct str name;
    int64_t registered;
    int64_t people; /* residents or staff; -1: no data */
    int64_t party_registered;
    int64_t party; /* in service; -1: no data */
};

struct coverage {
    struct report *report;
    json_t *section;
    struct covered *units;
    size_t n;
    size_t capacity;
};

/* Who is not registered yet; nobody where more are registered than the figure says. */
static json_t *missing(int64_t registered, int64_t whole) {
    return whole < 0 ? json_null() : json_integer(whole > registered ? whole - registered : 0);
}

static json_t *covered_cells(const struct covered *covered) {
    return json_pack("[o, o, o, o, o, o, o, o, o, o]", json_from_str(covered->id),
                     json_from_str(covered->name), cell_number(covered->registered),
                     cell_number(covered->people), missing(covered->registered, covered->people),
                     cell_percent(covered->registered, covered->people),
                     cell_number(covered->party_registered), cell_number(covered->party),
                     missing(covered->party_registered, covered->party),
                     cell_percent(covered->party_registered, covered->party));
}

static json_t *coverage_section(json_t *document, const char *title, const char *name,
                                const char *people) {
    json_t *section = document_section(document, title);
    section_column(section, "id", "代码", "text");
    section_column(section, "name", name, "text");
    section_column(section, "registered", "注册志愿者", "number");
    section_column(section, "people", people, "number");
    section_column(section, "unregistered", "尚未注册", "number");
    section_column(section, "rate", "覆盖率", "percent");
    section_column(section, "party_registered", "注册在职党员", "number");
    section_column(section, "party", "在职党员", "number");
    section_column(section, "party_unregistered", "党员尚未注册", "number");
    section_column(section, "party_rate", "党员注册率", "percent");
    return section;
}

static int read_covered(struct report *report, enum noun noun, uint32_t number,
                        enum FIGURE_choice figure, struct covered *covered) {
    struct counter_row row;
    int r = counter_get(report->query->view, report->day.at, noun, number, &row);
    if (r == 0)
        r = report_figure(report, figure, noun, number, &covered->people);
    if (r == 0)
        r = report_figure(report, FIGURE_IN_SERVICE_PARTY_MEMBERS, noun, number, &covered->party);
    covered->registered = row.volunteers;
    covered->party_registered = row.in_service_party_members;
    return r;
}

static int read_region(struct report *report, uint32_t number, struct covered *ret_covered) {
    struct region_defined region;
    int r = query_found(report_region_attributes(report, number, report->query->arena, &region));
    if (r == 0)
        r = read_covered(report, NOUN_REGION, number, FIGURE_RESIDENTS, ret_covered);
    ret_covered->id = region.region;
    ret_covered->name = region.name;
    return r;
}

static int add_region(struct report *report, uint32_t number) {
    struct coverage *coverage = report->context;
    struct covered covered;
    int r = read_region(report, number, &covered);
    if (r == 0)
        section_row(coverage->section, covered_cells(&covered));
    return r;
}

/* ---- units ---- */

static int add_unit(struct coverage *coverage, uint32_t number) {
    struct report *report = coverage->report;
    struct organisation_defined organisation;
    struct covered covered;
    int r = organisation_attributes(report->query->view, number, &report->arena, &organisation);
    if (r == 0)
        r = read_covered(report, NOUN_ORGANISATION, number, FIGURE_STAFF, &covered);
    if (r != 0)
        return query_found(r);
    if (covered.people < 0 && covered.party < 0 && covered.registered == 0)
        return 0; /* nobody says that anybody works there */
    if (coverage->n == coverage->capacity) {
        coverage->capacity = coverage->capacity ? 2 * coverage->capacity : 64;
        coverage->units = realloc(coverage->units, coverage->capacity * sizeof *coverage->units);
        if (!coverage->units)
            abort();
    }
    covered.id = arena_copy(report->query->arena, organisation.organisation);
    covered.name = arena_copy(report->query->arena, organisation.name);
    coverage->units[coverage->n++] = covered;
    return 0;
}

static int unit_row(void *context, struct str key, struct str bytes) {
    struct coverage *coverage = context;
    struct report *report = coverage->report;
    struct cursor in = cursor_from(key);
    struct organisation_row row;
    uint32_t number = cursor_u32_sorted(&in), region;
    (void)bytes;
    arena_reset(&report->arena);
    int r = organisation_get(report->query->view, number, &row);
    if (r == 0 && row.state == ORGANISATION_ACTIVE)
        r = organisation_region_at(report->query->view, number, &row, report->day.at,
                                   &report->arena, &region);
    else
        return r < 0 ? r : 0;
    if (r != 0 || !region_lies_in(report->query, region, report->region))
        return r < 0 ? r : 0;
    return add_unit(coverage, number);
}

/* Whoever has most people to register stands first; without data last. */
static int unit_compare(const void *a, const void *b) {
    const struct covered *left = a, *right = b;
    bool no_left = left->people < 0, no_right = right->people < 0;
    if (no_left || no_right)
        return no_left != no_right ? no_left - no_right : str_compare(left->id, right->id);
    int64_t missing_left = left->people - left->registered;
    int64_t missing_right = right->people - right->registered;
    int order = (missing_left < missing_right) - (missing_left > missing_right);
    return order ? order : str_compare(left->id, right->id);
}

static int put_units(struct coverage *coverage, json_t *document) {
    struct report *report = coverage->report;
    int r = view_scan(report->query->view, TABLE_ORGANISATION, STR_NONE, unit_row, coverage);
    if (r < 0)
        return r;
    coverage->section = coverage_section(document, "各单位注册覆盖", "单位", "干部职工");
    if (coverage->n)
        qsort(coverage->units, coverage->n, sizeof *coverage->units, unit_compare);
    for (size_t i = 0; i < coverage->n; i++)
        section_row(coverage->section, covered_cells(&coverage->units[i]));
    return 0;
}

static int put_regions(struct coverage *coverage, json_t *document) {
    struct report *report = coverage->report;
    struct covered whole;
    coverage->section = coverage_section(document, "各地注册覆盖",
                                         REGION_LEVEL_choices.labels[report->level], "常住人口");
    report->context = coverage;
    int r = report_each(report, add_region);
    if (r == 0)
        r = read_region(report, report->region, &whole);
    if (r == 0)
        section_total(coverage->section, covered_cells(&whole));
    return r;
}

int query_report_coverage(struct query *query, json_t **ret_result) {
    static const char *const others[] = {"unit"};
    struct report report;
    int by_unit = -1;
    struct coverage coverage = {.report = &report};
    json_t *document = NULL;
    int r = report_open_region(query, &report);
    if (r == 0)
        r = report_read_by(&report, others, 1, &by_unit);
    if (r == 0) {
        document = document_new(&report, "志愿者注册覆盖情况");
        r = by_unit >= 0 ? put_units(&coverage, document) : put_regions(&coverage, document);
    }
    if (r == 0)
        *ret_result = json_pack("{s:O}", "document", document);
    json_decref(document);
    free(coverage.units);
    report_close(&report);
    return r;
}

/* ---- leaders ---- */

struct body {
    int64_t listed;
    int64_t registered;
    int64_t served;
    int64_t minutes;
    int64_t records;
};

struct leaders {
    struct report *report;
    struct body bodies[LEADER_BODIES];
};

static int leader_row(void *context, struct str key, struct str bytes) {
    struct leaders *leaders = context;
    struct query *query = leaders->report->query;
    struct cursor in = cursor_from(key);
    struct volunteer_row row;
    int r = volunteer_get(query->view, cursor_u32_sorted(&in), &row);
    if (r != 0 || bytes.size != 1 || row.state == VOLUNTEER_MERGED ||
        !region_lies_in(query, row.region, leaders->report->region))
        return r < 0 ? r : 0;
    struct body *body = &leaders->bodies[volunteer_leader_body(&row) % LEADER_BODIES];
    body->listed++;
    body->registered += row.state == VOLUNTEER_REGISTERED;
    body->served += row.minutes > 0;
    body->minutes += row.minutes;
    body->records += row.n_accepted;
    return 0;
}

static json_t *body_cells(const char *title, const struct body *body) {
    return json_pack("[s, I, I, I, I, I]", title, (json_int_t)body->listed,
                     (json_int_t)body->registered, (json_int_t)body->served,
                     (json_int_t)body->minutes, (json_int_t)body->records);
}

/* They are counted like everybody, by the same records; here they are only looked at apart. */
int query_report_leaders(struct query *query, json_t **ret_result) {
    struct report report;
    struct leaders leaders = {.report = &report};
    struct body sum = {0};
    int r = report_open_region(query, &report);
    if (r == 0)
        r = view_scan(query->view, TABLE_LEADER, STR_NONE, leader_row, &leaders);
    if (r == 0) {
        json_t *document = document_new(&report, "四大组织领导带头注册情况");
        json_t *section = document_section(document, "带头注册与服务");
        section_column(section, "body", "班子", "text");
        section_column(section, "listed", "登记人数", "number");
        section_column(section, "registered", "在册志愿者", "number");
        section_column(section, "served", "参加过服务", "number");
        section_column(section, "hours", "服务时长", "hours");
        section_column(section, "records", "服务记录", "number");
        for (int i = LEADER_PARTY; i < LEADER_BODIES; i++) {
            struct body *body = &leaders.bodies[i];
            sum.listed += body->listed;
            sum.registered += body->registered;
            sum.served += body->served;
            sum.minutes += body->minutes;
            sum.records += body->records;
            if (i != LEADER_OTHER || body->listed)
                section_row(section, body_cells(leader_body_title((enum leader_body)i), body));
        }
        section_total(section, body_cells("合计", &sum));
        document_text(document, STR("时长与星级按同一规则认定，不因职务另计。"));
        *ret_result = json_pack("{s:o}", "document", document);
    }
    report_close(&report);
    return r;
}
