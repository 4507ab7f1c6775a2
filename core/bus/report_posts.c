/* report.posts, report.pairings, report.reporting_in: what is claimed and kept watch over, which
 * community has a unit that looks after it, and who of a unit has reported in. Figures are counters
 * of regions and organisations; by kind, and of what is overdue, the posts themselves are walked.
 */
#include "bus/methods.h"
#include "bus/report.h"
#include "domain/organisations.h"
#include "domain/posts.h"
#include "domain/regions.h"

#define LISTED_LIMIT 200

/* ---- report.posts ---- */

enum { BY_UNIT, BY_KIND };
static const char *const post_groupings[] = {"unit", "kind"};

struct watch {
    int64_t posts;
    int64_t claimed;
    int64_t claims;
    int64_t days;
    int64_t done;
    int64_t missed;
    int64_t findings;
    int64_t overdue;
};

struct posts {
    json_t *section;
    json_t *overdue;
    struct watch kinds[POST_KIND_COUNT];
    size_t n_listed;
};

static struct watch watch_of(const struct counter_row *counters) {
    return (struct watch){counters->posts,         counters->posts_claimed, counters->post_claims,
                          counters->duty_days,     counters->duties_done,   counters->duties_missed,
                          counters->duty_findings, counters->posts_overdue};
}

static void put_watch(json_t *cells, const struct watch *watch) {
    json_array_append_new(cells, json_integer(watch->posts));
    json_array_append_new(cells, json_integer(watch->claimed));
    json_array_append_new(cells, json_integer(watch->posts - watch->claimed));
    json_array_append_new(cells, json_integer(watch->claims));
    json_array_append_new(cells, json_integer(watch->days));
    json_array_append_new(cells, json_integer(watch->missed));
    json_array_append_new(cells, cell_percent(watch->days - watch->missed, watch->days));
    json_array_append_new(cells, json_integer(watch->done));
    json_array_append_new(cells, json_integer(watch->findings));
    json_array_append_new(cells, json_integer(watch->overdue));
}

static json_t *watch_section(json_t *document, const char *title, const char *id,
                             const char *name) {
    json_t *section = document_section(document, title);
    section_column(section, "id", id, "text");
    section_column(section, "name", name, "text");
    section_column(section, "posts", "岗位", "number");
    section_column(section, "claimed", "已认领", "number");
    section_column(section, "unclaimed", "未认领", "number");
    section_column(section, "claims", "认岗人次", "number");
    section_column(section, "duty_days", "应值守（天）", "number");
    section_column(section, "missed", "漏岗（天）", "number");
    section_column(section, "kept", "值守率", "percent");
    section_column(section, "duties", "值守次数", "number");
    section_column(section, "findings", "发现问题", "number");
    section_column(section, "overdue", "逾期未值守", "number");
    return section;
}

static int post_region_cells(struct report *report, uint32_t region, json_t **ret_cells) {
    struct counter_row counters;
    int r = counter_get(report->query->view, report->day.at, NOUN_REGION, region, &counters);
    if (r != 0)
        return r;
    const struct watch watch = watch_of(&counters);
    *ret_cells = report_region_cells(report, region);
    if (!*ret_cells)
        return query_found(THING_NOT_FOUND);
    put_watch(*ret_cells, &watch);
    return 0;
}

static int add_post_region(struct report *report, uint32_t region) {
    const struct posts *posts = report->context;
    json_t *cells;
    int r = post_region_cells(report, region, &cells);
    if (r == 0)
        section_row(posts->section, cells);
    return r;
}

static int add_post_unit(struct report *report, const struct report_unit *unit) {
    const struct posts *posts = report->context;
    struct counter_row counters;
    int r = counter_get(report->query->view, report->day.at, NOUN_ORGANISATION, unit->number,
                        &counters);
    if (r != 0 || (!counters.posts && !counters.duty_days && !counters.duties_done))
        return r;
    const struct watch watch = watch_of(&counters);
    json_t *cells = json_pack("[o, o]", json_from_str(unit->attributes.organisation),
                              json_from_str(unit->attributes.name));
    put_watch(cells, &watch);
    section_row(posts->section, cells);
    return 0;
}

/* ---- post by post, as things stand ---- */

static json_t *overdue_section(json_t *document) {
    json_t *section = document_section(document, "逾期未值守的岗位");
    section_column(section, "post", "岗位", "text");
    section_column(section, "kind", "类型", "text");
    section_column(section, "bounds", "范围", "text");
    section_column(section, "region", "区划", "text");
    section_column(section, "organisation", "责任单位", "text");
    section_column(section, "responsible", "责任人", "text");
    section_column(section, "duty_calendar", "值守安排", "text");
    section_column(section, "claims", "认岗人数", "number");
    section_column(section, "overdue_since", "逾期自", "date");
    section_column(section, "missed", "漏岗（天）", "number");
    return section;
}

static int list_overdue(struct report *report, const struct post_row *row, uint32_t number) {
    struct posts *posts = report->context;
    struct view *view = report->query->view;
    uint32_t path[REGION_DEPTH];
    struct thing thing;
    struct str region;
    int r = query_found(thing_get(view, NOUN_POST, number, &report->arena, &thing));
    size_t depth = region_path(view, row->region, path);
    if (r == 0)
        r = report_path_name(report, path, depth, &region);
    if (r != 0)
        return r;
    const struct post_defined *post = thing.attributes;
    posts->n_listed++;
    section_row(posts->overdue,
                json_pack("[o, s, o, o, o, o, o, i, o, i]", json_from_str(post->post),
                          POST_KIND_choices.labels[row->kind % POST_KIND_COUNT],
                          json_from_str(post->bounds), json_from_str(region),
                          json_from_str(post->organisation), json_from_str(post->responsible),
                          json_from_str(post->duty_calendar), (int)row->n_accepted,
                          json_from_date(row->overdue_since, 0), (int)row->n_missed));
    return 0;
}

static void watch_add(struct watch *sum, const struct post_row *row) {
    sum->posts += row->state == POST_OPEN;
    sum->claimed += row->state == POST_OPEN && row->n_accepted > 0;
    sum->claims += row->state == POST_OPEN ? row->n_accepted : 0;
    sum->days += row->n_days;
    sum->done += row->n_duties - row->n_revoked;
    sum->missed += row->n_missed;
    sum->findings += row->n_findings;
    sum->overdue += row->overdue_since != 0;
}

static int walk_post(void *context, struct str key, struct str bytes) {
    struct report *report = context;
    struct posts *posts = report->context;
    struct cursor in = cursor_from(key);
    struct post_row row;
    if (bytes.size != sizeof row)
        return query_found(THING_DAMAGED);
    memcpy(&row, bytes.data, sizeof row);
    if (!region_lies_in(report->query, row.region, report->region))
        return 0;
    arena_reset(&report->arena);
    watch_add(&posts->kinds[row.kind % POST_KIND_COUNT], &row);
    return row.overdue_since && posts->n_listed < LISTED_LIMIT
               ? list_overdue(report, &row, cursor_u32_sorted(&in))
               : 0;
}

static void put_kinds(const struct posts *posts) {
    struct watch sum = {0};
    for (size_t kind = 0; kind < POST_KIND_COUNT; kind++) {
        const struct watch *watch = &posts->kinds[kind];
        json_t *cells =
            json_pack("[s, s]", POST_KIND_choices.words[kind], POST_KIND_choices.labels[kind]);
        put_watch(cells, watch);
        section_row(posts->section, cells);
        sum.posts += watch->posts;
        sum.claimed += watch->claimed;
        sum.claims += watch->claims;
        sum.days += watch->days;
        sum.done += watch->done;
        sum.missed += watch->missed;
        sum.findings += watch->findings;
        sum.overdue += watch->overdue;
    }
    json_t *cells = json_pack("[s, s]", "", "合计");
    put_watch(cells, &sum);
    section_total(posts->section, cells);
}

static int put_post_regions(struct report *report, const struct posts *posts) {
    json_t *cells;
    int r = report_each(report, add_post_region);
    if (r == 0)
        r = post_region_cells(report, report->region, &cells);
    if (r == 0)
        section_total(posts->section, cells);
    return r;
}

/* What is overdue, and what posts are by kind, is told as things stand. */
static int fill_posts(struct report *report, json_t *document) {
    struct posts posts = {.n_listed = 0};
    int by, r = report_read_by(report, post_groupings, 2, &by);
    if (r != 0)
        return r;
    report->context = &posts;
    posts.section = by == BY_KIND ? watch_section(document, "各类岗位", "类型", "名称")
                    : by == BY_UNIT ? watch_section(document, "各单位岗位", "组织编号", "单位")
                                    : watch_section(document, "各地岗位", "区划代码",
                                                    REGION_LEVEL_choices.labels[report->level]);
    r = by == BY_UNIT ? report_each_unit(report, add_post_unit)
        : by < 0      ? put_post_regions(report, &posts)
                      : 0;
    if (r != 0 || (report->day.at != COUNTER_NOW && by != BY_KIND))
        return r;
    posts.overdue = overdue_section(document);
    r = view_scan(report->query->view, TABLE_POST, STR_NONE, walk_post, report);
    if (r == 0 && by == BY_KIND)
        put_kinds(&posts);
    return r < 0 ? r : 0;
}

int query_report_posts(struct query *query, json_t **ret_result) {
    struct report report;
    int r = report_open_region(query, &report);
    if (r == 0 && report.day.at != COUNTER_NOW && str_equal(query_text(query, "by"), STR("kind")))
        r = problem_set(
            query->problem, PROBLEM_OUT_OF_RANGE, "as_of",
            "posts by kind are told as they stand; of a past day they are reported by a "
            "level of regions or by unit");
    return report_answer(&report, r, "认岗定责与值守情况", fill_posts, ret_result);
}

/* ---- report.pairings ---- */

struct pairings {
    uint32_t *communities; /* by region: how many lie in it */
    uint32_t *without;     /* of those: have no unit */
    uint32_t n_regions;
    size_t n_listed;
    json_t *section;
    json_t *bare;
};

static int list_bare(struct report *report, uint32_t region, const uint32_t *path, size_t depth) {
    struct pairings *pairings = report->context;
    struct str name;
    json_t *cells;
    if (pairings->n_listed++ >= LISTED_LIMIT)
        return 0;
    int r = report_path_name(report, path, depth, &name);
    if (r != 0)
        return r;
    cells = report_region_cells(report, region);
    if (!cells)
        return query_found(THING_NOT_FOUND);
    json_array_append_new(cells, json_from_str(name));
    section_row(pairings->bare, cells);
    return 0;
}

static int look_at_community(struct report *report, uint32_t region, const uint32_t *path,
                             size_t depth) {
    struct pairings *pairings = report->context;
    int64_t n = 0;
    if (depth != REGION_LEVEL_COMMUNITY + 1)
        return 0;
    int r = counter_value(report->query->view, report->day.at, NOUN_REGION, region,
                          COUNTER_pairings, &n);
    for (size_t i = 0; r == 0 && i < depth; i++)
        if (path[i] <= pairings->n_regions) {
            pairings->communities[path[i]]++;
            pairings->without[path[i]] += n <= 0;
        }
    return r == 0 && n <= 0 ? list_bare(report, region, path, depth) : r;
}

static int pairing_cells(struct report *report, uint32_t region, json_t **ret_cells) {
    const struct pairings *pairings = report->context;
    int64_t n, all = pairings->communities[region], bare = pairings->without[region];
    int r = counter_value(report->query->view, report->day.at, NOUN_REGION, region,
                          COUNTER_pairings, &n);
    if (r != 0)
        return r;
    *ret_cells = report_region_cells(report, region);
    if (!*ret_cells)
        return query_found(THING_NOT_FOUND);
    json_array_append_new(*ret_cells, json_integer(n));
    json_array_append_new(*ret_cells, json_integer(all));
    json_array_append_new(*ret_cells, json_integer(all - bare));
    json_array_append_new(*ret_cells, json_integer(bare));
    json_array_append_new(*ret_cells, cell_percent(all - bare, all));
    return 0;
}

static int add_pairing_region(struct report *report, uint32_t region) {
    const struct pairings *pairings = report->context;
    json_t *cells;
    int r = pairing_cells(report, region, &cells);
    if (r == 0)
        section_row(pairings->section, cells);
    return r;
}

static void pairing_columns(struct report *report, json_t *section) {
    section_column(section, "region", "区划代码", "text");
    section_column(section, "name", REGION_LEVEL_choices.labels[report->level], "text");
    section_column(section, "pairings", "结对", "number");
    section_column(section, "communities", "社区村", "number");
    section_column(section, "paired", "有结对单位", "number");
    section_column(section, "unpaired", "尚无结对单位", "number");
    section_column(section, "rate", "结对率", "percent");
}

static int fill_pairing_regions(struct report *report, json_t *document) {
    struct pairings *pairings = report->context;
    json_t *cells;
    pairings->section = document_section(document, "结对包抓");
    pairing_columns(report, pairings->section);
    pairings->bare = document_section(document, "尚无结对单位的社区村");
    section_column(pairings->bare, "region", "区划代码", "text");
    section_column(pairings->bare, "name", "社区村", "text");
    section_column(pairings->bare, "path", "所在", "text");
    int r = report_each_region(report, look_at_community);
    if (r == 0)
        r = report_each(report, add_pairing_region);
    if (r == 0)
        r = pairing_cells(report, report->region, &cells);
    if (r == 0)
        section_total(pairings->section, cells);
    return r;
}

static int add_pairing_unit(struct report *report, const struct report_unit *unit) {
    const struct pairings *pairings = report->context;
    struct counter_row counters;
    int r = counter_get(report->query->view, report->day.at, NOUN_ORGANISATION, unit->number,
                        &counters);
    if (r == 0 && counters.pairings)
        section_row(pairings->section,
                    json_pack("[o, o, I, I, I]", json_from_str(unit->attributes.organisation),
                              json_from_str(unit->attributes.name), (json_int_t)counters.pairings,
                              (json_int_t)counters.in_service_party_members,
                              (json_int_t)counters.members_reported_in));
    return r;
}

static int fill_pairing_units(struct report *report, json_t *document) {
    struct pairings *pairings = report->context;
    pairings->section = document_section(document, "各单位结对");
    section_column(pairings->section, "organisation", "组织编号", "text");
    section_column(pairings->section, "name", "单位", "text");
    section_column(pairings->section, "pairings", "结对", "number");
    section_column(pairings->section, "members", "在职党员", "number");
    section_column(pairings->section, "reported_in", "已报到", "number");
    return report_each_unit(report, add_pairing_unit);
}

static int fill_pairings(struct report *report, json_t *document) {
    static const char *const others[] = {"unit"};
    struct pairings pairings = {.n_listed = 0};
    int by, r = report_read_by(report, others, 1, &by);
    if (r == 0)
        r = thing_count(report->query->view, NOUN_REGION, &pairings.n_regions);
    if (r != 0)
        return r;
    size_t size = (pairings.n_regions + 1) * sizeof(uint32_t);
    pairings.communities = memset(arena_alloc(report->query->arena, size), 0, size);
    pairings.without = memset(arena_alloc(report->query->arena, size), 0, size);
    report->context = &pairings;
    return by >= 0 ? fill_pairing_units(report, document) : fill_pairing_regions(report, document);
}

int query_report_pairings(struct query *query, json_t **ret_result) {
    struct report report;
    int r = report_open_region(query, &report);
    return report_answer(&report, r, "结对包抓情况", fill_pairings, ret_result);
}

/* ---- report.reporting_in ---- */

struct reporting {
    int64_t units; /* with members in service */
    int64_t members;
    int64_t reported;
};

struct reporting_in {
    bool by_unit;
    struct reporting *regions; /* by number: what its units' members did */
    uint32_t n_regions;
    json_t *section;
};

static void reporting_add(struct reporting *sum, const struct reporting *more) {
    sum->units += more->units;
    sum->members += more->members;
    sum->reported += more->reported;
}

/* Nobody is asked for twice: who has reported in is one of the members. */
static void put_reporting(json_t *cells, const struct reporting *reporting) {
    json_array_append_new(cells, json_integer(reporting->members));
    json_array_append_new(cells, json_integer(reporting->reported));
    json_array_append_new(cells, json_integer(reporting->members - reporting->reported));
    json_array_append_new(cells, cell_percent(reporting->reported, reporting->members));
}

static int add_reporting_unit(struct report *report, const struct report_unit *unit) {
    const struct reporting_in *all = report->context;
    struct view *view = report->query->view;
    struct counter_row counters;
    uint32_t path[REGION_DEPTH];
    int64_t figure = -1;
    int r = counter_get(view, report->day.at, NOUN_ORGANISATION, unit->number, &counters);
    if (r != 0 || (!counters.in_service_party_members && !counters.members_reported_in))
        return r;
    const struct reporting reporting = {1, counters.in_service_party_members,
                                        counters.members_reported_in};
    size_t depth = region_path_at(view, unit->region, report->day.at, &report->arena, path);
    for (size_t i = 0; i < depth; i++)
        if (path[i] <= all->n_regions)
            reporting_add(&all->regions[path[i]], &reporting);
    if (!all->by_unit)
        return 0;
    r = report_figure(report, FIGURE_IN_SERVICE_PARTY_MEMBERS, NOUN_ORGANISATION, unit->number,
                      &figure);
    if (r != 0)
        return r;
    json_t *cells = json_pack("[o, o]", json_from_str(unit->attributes.organisation),
                              json_from_str(unit->attributes.name));
    put_reporting(cells, &reporting);
    json_array_append_new(cells, json_integer(counters.pairings));
    json_array_append_new(cells, cell_number(figure));
    section_row(all->section, cells);
    return 0;
}

static int reporting_cells(struct report *report, uint32_t region, json_t **ret_cells) {
    const struct reporting_in *all = report->context;
    const struct reporting *reporting = &all->regions[region];
    int64_t received;
    int r = counter_value(report->query->view, report->day.at, NOUN_REGION, region,
                          COUNTER_members_reported_in, &received);
    if (r != 0)
        return r;
    *ret_cells = report_region_cells(report, region);
    if (!*ret_cells)
        return query_found(THING_NOT_FOUND);
    json_array_append_new(*ret_cells, json_integer(reporting->units));
    put_reporting(*ret_cells, reporting);
    json_array_append_new(*ret_cells, json_integer(received));
    return 0;
}

static int add_reporting_region(struct report *report, uint32_t region) {
    const struct reporting_in *all = report->context;
    json_t *cells;
    int r = reporting_cells(report, region, &cells);
    if (r == 0)
        section_row(all->section, cells);
    return r;
}

static void reporting_columns(struct report *report, const struct reporting_in *all) {
    json_t *section = all->section;
    section_column(section, "id", all->by_unit ? "组织编号" : "区划代码", "text");
    section_column(section, "name",
                   all->by_unit ? "单位" : REGION_LEVEL_choices.labels[report->level], "text");
    if (!all->by_unit)
        section_column(section, "units", "单位", "number");
    section_column(section, "members", "在职党员", "number");
    section_column(section, "reported_in", "已报到", "number");
    section_column(section, "unreported", "未报到", "number");
    section_column(section, "rate", "报到率", "percent");
    if (all->by_unit) {
        section_column(section, "pairings", "结对", "number");
        section_column(section, "figure", "上报在职党员", "number");
    } else {
        section_column(section, "received", "本地社区接收", "number");
    }
}

static int put_reporting_total(struct report *report) {
    const struct reporting_in *all = report->context;
    json_t *cells;
    int r = 0;
    if (!all->by_unit)
        r = reporting_cells(report, report->region, &cells);
    else {
        cells = json_pack("[n, s]", "合计");
        put_reporting(cells, &all->regions[report->region]);
        json_array_append_new(cells, json_null());
        json_array_append_new(cells, json_null());
    }
    if (r == 0)
        section_total(all->section, cells);
    return r;
}

static int fill_reporting_in(struct report *report, json_t *document) {
    static const char *const others[] = {"unit"};
    struct reporting_in all = {.by_unit = false};
    int by, r = report_read_by(report, others, 1, &by);
    if (r == 0)
        r = thing_count(report->query->view, NOUN_REGION, &all.n_regions);
    if (r != 0)
        return r;
    size_t size = (all.n_regions + 1) * sizeof *all.regions;
    all.regions = memset(arena_alloc(report->query->arena, size), 0, size);
    all.by_unit = by >= 0;
    all.section =
        document_section(document, all.by_unit ? "各单位在职党员报到" : "各地单位在职党员报到");
    report->context = &all;
    reporting_columns(report, &all);
    r = report_each_unit(report, add_reporting_unit);
    if (r == 0 && !all.by_unit)
        r = report_each(report, add_reporting_region);
    return r == 0 ? put_reporting_total(report) : r;
}

int query_report_reporting_in(struct query *query, json_t **ret_result) {
    struct report report;
    int r = report_open_region(query, &report);
    return report_answer(&report, r, "在职党员到社区报到情况", fill_reporting_in, ret_result);
}
