/* report.network: whether each region has a volunteer organisation of its own, on all four levels,
 * and which have none yet. One walk over the organisations and one over the regions. */
#include <string.h>

#include "bus/methods.h"
#include "bus/report.h"

#define LEVELS REGION_LEVEL_COUNT

/* Of one region and what lies below it, by level. */
struct nodes {
    int64_t all[LEVELS];
    int64_t served[LEVELS];
};

struct network {
    unsigned kinds;      /* of organisations that count: bits by ORGANISATION_KIND_choice */
    uint8_t *has;        /* by the region's number */
    struct nodes *nodes; /* the same, of the rows' level */
    struct nodes whole;
    json_t *missing[LEVELS];
    json_t *section;
};

/* ---- which organisations count ---- */

static int add_kind(struct query *query, struct str word, unsigned *kinds) {
    for (unsigned i = 0; i < ORGANISATION_KIND_choices.n; i++)
        if (str_equal(word, str_from(ORGANISATION_KIND_choices.words[i]))) {
            *kinds |= 1U << i;
            return 0;
        }
    return problem_set(query->problem, PROBLEM_OUT_OF_RANGE, "kinds",
                       "no kind of organisation is called %.*s; name them as organisation.defined "
                       "does, with commas between them",
                       STR_ARG(word));
}

static int read_kinds(struct query *query, unsigned *ret_kinds) {
    struct str rest = query_text(query, "kinds");
    int r = 0;
    *ret_kinds = rest.data ? 0 : 1U << ORGANISATION_KIND_VOLUNTEER_ORGANISATION;
    while (r == 0 && rest.size) {
        const char *comma = memchr(rest.data, ',', rest.size);
        struct str word = {rest.data, comma ? (size_t)(comma - rest.data) : rest.size};
        size_t taken = word.size + (comma != NULL);
        rest = (struct str){rest.data + taken, rest.size - taken};
        r = add_kind(query, word, ret_kinds);
    }
    return r;
}

static int note_unit(struct report *report, const struct report_unit *unit) {
    struct network *network = report->context;
    if (unit->stands && network->kinds & 1U << unit->attributes.kind)
        network->has[unit->region] = 1;
    return 0;
}

/* ---- regions ---- */

static void count_node(struct nodes *nodes, size_t level, bool served) {
    nodes->all[level]++;
    nodes->served[level] += served;
}

static int add_missing(struct report *report, uint32_t number, const uint32_t *path, size_t depth) {
    struct network *network = report->context;
    struct region_defined region;
    struct str name;
    size_t level = depth - 1;
    int r = query_found(report_region_attributes(report, number, &report->arena, &region));
    if (r == 0)
        r = report_path_name(report, path, depth, &name);
    if (r == 0)
        json_array_append_new(network->missing[level],
                              json_pack("[s, o, o]", REGION_LEVEL_choices.labels[level],
                                        json_from_str(region.region), json_from_str(name)));
    return r;
}

static int note_region(struct report *report, uint32_t number, const uint32_t *path, size_t depth) {
    struct network *network = report->context;
    size_t level = depth - 1, row_level = (size_t)report->level;
    bool served = network->has[number];
    count_node(&network->whole, level, served);
    if (level >= row_level)
        count_node(&network->nodes[path[level - row_level]], level, served);
    return served ? 0 : add_missing(report, number, path, depth);
}

/* ---- the tables ---- */

static void put_levels(const struct network *network, const struct report *report,
                       json_t *document) {
    json_t *section = document_section(document, "四级志愿服务组织");
    int64_t all = 0, served = 0;
    section_column(section, "level", "层级", "text");
    section_column(section, "nodes", "应建", "number");
    section_column(section, "served", "已建", "number");
    section_column(section, "missing", "尚缺", "number");
    section_column(section, "rate", "健全率", "percent");
    for (size_t i = (size_t)report->own_level; i < LEVELS; i++) {
        int64_t n = network->whole.all[i], has = network->whole.served[i];
        section_row(section,
                    json_pack("[s, I, I, I, o]", REGION_LEVEL_choices.labels[i], (json_int_t)n,
                              (json_int_t)has, (json_int_t)(n - has), cell_percent(has, n)));
        all += n;
        served += has;
    }
    section_total(section, json_pack("[s, I, I, I, o]", "合计", (json_int_t)all, (json_int_t)served,
                                     (json_int_t)(all - served), cell_percent(served, all)));
    struct arena *arena = report->query->arena;
    struct str day = date_in_words(arena, report->day.as_of);
    const char *name =
        json_string_value(json_object_get(json_object_get(document, "region"), "name"));
    document_text(document, arena_printf(arena,
                                         "截至%.*s，%s应建志愿服务组织%lld个，已建%lld个，"
                                         "尚缺%lld个。",
                                         STR_ARG(day), name, (long long)all, (long long)served,
                                         (long long)(all - served)));
}

/* The region's own, then what lies below it. */
static json_t *nodes_cells(struct report *report, uint32_t number, const struct nodes *nodes,
                           size_t own) {
    json_t *cells = report_region_cells(report, number);
    int64_t all = 0, served = 0;
    json_array_append_new(cells, json_string(nodes->served[own] ? "已建" : "尚缺"));
    for (size_t i = own + 1; i < LEVELS; i++) {
        json_array_append_new(cells, json_integer((json_int_t)nodes->all[i]));
        json_array_append_new(cells, json_integer((json_int_t)nodes->served[i]));
    }
    for (size_t i = own; i < LEVELS; i++) {
        all += nodes->all[i];
        served += nodes->served[i];
    }
    json_array_append_new(cells, cell_percent(served, all));
    return cells;
}

static int add_region(struct report *report, uint32_t number) {
    const struct network *network = report->context;
    section_row(network->section,
                nodes_cells(report, number, &network->nodes[number], (size_t)report->level));
    return 0;
}

static int put_regions(struct report *report, json_t *document) {
    static const struct {
        const char *all, *all_title, *served, *served_title;
    } titles[LEVELS] = {
        [REGION_LEVEL_TOWNSHIP] = {"townships", "乡镇街道", "townships_served", "其中已建"},
        [REGION_LEVEL_COMMUNITY] = {"communities", "社区", "communities_served", "其中已建"},
    };
    struct network *network = report->context;
    json_t *section = document_section(document, "分区划");
    section_column(section, "region", "区划代码", "text");
    section_column(section, "name", REGION_LEVEL_choices.labels[report->level], "text");
    section_column(section, "own", "本级", "text");
    for (size_t i = (size_t)report->level + 1; i < LEVELS; i++) {
        section_column(section, titles[i].all, titles[i].all_title, "number");
        section_column(section, titles[i].served, titles[i].served_title, "number");
    }
    section_column(section, "rate", "健全率", "percent");
    network->section = section;
    return report_each(report, add_region);
}

/* The work list: from the city down. */
static void put_missing(const struct network *network, json_t *document) {
    json_t *section = document_section(document, "尚缺组织的区划");
    section_column(section, "level", "层级", "text");
    section_column(section, "region", "区划代码", "text");
    section_column(section, "name", "区划", "text");
    for (size_t i = 0; i < LEVELS; i++) {
        size_t n;
        json_t *row;
        json_array_foreach(network->missing[i], n, row) section_row(section, json_incref(row));
    }
}

static int fill(struct report *report, json_t *document) {
    struct network *network = report->context;
    struct query *query = report->query;
    uint32_t n;
    int r = read_kinds(query, &network->kinds);
    if (r == 0)
        r = thing_count(query->view, NOUN_REGION, &n);
    if (r != 0)
        return r;
    network->has = arena_alloc(query->arena, n + 1);
    network->nodes = arena_alloc(query->arena, (n + 1) * sizeof *network->nodes);
    r = report_each_unit(report, note_unit);
    if (r == 0)
        r = report_each_region(report, note_region);
    if (r != 0)
        return r;
    put_levels(network, report, document);
    r = put_regions(report, document);
    put_missing(network, document);
    return r;
}

int query_report_network(struct query *query, json_t **ret_result) {
    struct network network = {0};
    struct report report;
    for (size_t i = 0; i < LEVELS; i++)
        network.missing[i] = json_array();
    int r = report_open(query, &report);
    report.context = &network;
    r = report_answer(&report, r, "四级志愿服务组织网络", fill, ret_result);
    for (size_t i = 0; i < LEVELS; i++)
        json_decref(network.missing[i]);
    return r;
}
