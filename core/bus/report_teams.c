/* report.teams: how many teams there are and of what kind, and what the members of professional
 * ones hold of the qualifications that their team needs. One walk over teams, and over the members
 * of professional ones; as things stand. */
#include "bus/methods.h"
#include "bus/report.h"
#include "bus/team_skills.h"
#include "domain/dictionaries.h"

struct tally {
    int64_t teams;
    int64_t status[LEGAL_STATUS_COUNT];
    int64_t members;
    int64_t professional;
    int64_t professional_members;
    int64_t qualified;
};

struct teams {
    bool by_category;
    struct tally whole;
    struct tally *rows; /* by the region's number, or that of the category */
    size_t n_rows;
    json_t *skills; /* the section of professional teams */
    json_t *section;
};

static void tally_add(struct tally *tally, const struct tally *one) {
    tally->teams += one->teams;
    for (size_t i = 0; i < LEGAL_STATUS_COUNT; i++)
        tally->status[i] += one->status[i];
    tally->members += one->members;
    tally->professional += one->professional;
    tally->professional_members += one->professional_members;
    tally->qualified += one->qualified;
}

/* ---- professional teams ---- */

static int put_skills(struct report *report, const struct team_row *row,
                      const struct team_formed *team, const struct team_skills *skills) {
    const struct teams *teams = report->context;
    json_t *region = report_region(report, row->region);
    for (size_t i = 0; i < skills->n || i == 0; i++) {
        const struct team_skill *skill = i < skills->n ? &skills->items[i] : NULL;
        json_t *cells = json_pack("[o, o, O, I, I, o]", json_from_str(team->team),
                                  json_from_str(team->name), json_object_get(region, "name"),
                                  (json_int_t)skills->members, (json_int_t)skills->qualified,
                                  skill ? json_from_str(skill->name) : json_null());
        json_array_append_new(cells, cell_number(skill ? skill->valid : -1));
        json_array_append_new(cells, cell_number(skill ? skill->expired : -1));
        json_array_append_new(
            cells, cell_number(skill ? skills->members - skill->valid - skill->expired : -1));
        section_row(teams->skills, cells);
    }
    json_decref(region);
    return 0;
}

static int read_professional(struct report *report, uint32_t number, const struct team_row *row,
                             const struct team_formed *team, struct tally *tally) {
    struct team_skills skills;
    int r = team_skills_read(report->query->view, number, team, report->day.as_of, &report->arena,
                             &skills);
    if (r != 0)
        return r;
    tally->professional = 1;
    tally->professional_members = skills.members;
    tally->qualified = skills.qualified;
    return put_skills(report, row, team, &skills);
}

/* ---- the walk ---- */

/* Where its row is: the region of the level above it, or its category. Behind the last: nowhere. */
static int row_of(struct report *report, const struct team_row *row, const struct team_formed *team,
                  size_t *ret_row) {
    const struct teams *teams = report->context;
    uint32_t path[REGION_DEPTH];
    *ret_row = teams->n_rows;
    if (teams->by_category) {
        struct dictionary_code entry;
        int r = dictionary_get(report->query->view, DICTIONARY_CATEGORY, team->category, &entry);
        if (r == 0)
            *ret_row = entry.number;
        return r < 0 ? r : 0;
    }
    size_t depth = region_path(report->query->view, row->region, path);
    if (depth > (size_t)report->level)
        *ret_row = path[depth - 1 - (size_t)report->level];
    return 0;
}

static int take_team(void *context, struct str key, struct str value) {
    struct report *report = context;
    struct teams *teams = report->context;
    struct cursor in = cursor_from(key);
    uint32_t number = cursor_u32_sorted(&in);
    struct team_row row;
    struct team_formed team;
    size_t at;
    (void)value;
    arena_reset(&report->arena);
    int r = query_found(team_get(report->query->view, number, &row));
    if (r != 0 || row.state != TEAM_ACTIVE ||
        !region_lies_in(report->query, row.region, report->region))
        return r;
    r = query_found(team_attributes(report->query->view, number, &report->arena, &team));
    if (r != 0)
        return r;
    struct tally tally = {.teams = 1, .members = row.n_members};
    tally.status[team.legal_status] = 1;
    if (team.professional)
        r = read_professional(report, number, &row, &team, &tally);
    if (r == 0)
        r = row_of(report, &row, &team, &at);
    if (r == 0 && at < teams->n_rows)
        tally_add(&teams->rows[at], &tally);
    if (r == 0)
        tally_add(&teams->whole, &tally);
    return r;
}

/* ---- the tables ---- */

static void put_tally(const struct tally *tally, json_t *cells) {
    const int64_t values[] = {tally->teams,
                              tally->status[LEGAL_STATUS_REGISTERED],
                              tally->status[LEGAL_STATUS_FILED],
                              tally->status[LEGAL_STATUS_GRASSROOTS],
                              tally->members,
                              tally->professional,
                              tally->professional_members,
                              tally->qualified};
    for (size_t i = 0; i < sizeof values / sizeof *values; i++)
        json_array_append_new(cells, json_integer((json_int_t)values[i]));
    json_array_append_new(cells, cell_percent(tally->qualified, tally->professional_members));
}

static json_t *region_cells(struct report *report, uint32_t number, const struct tally *tally) {
    json_t *cells = report_region_cells(report, number);
    put_tally(tally, cells);
    return cells;
}

static int add_region(struct report *report, uint32_t number) {
    const struct teams *teams = report->context;
    section_row(teams->section, region_cells(report, number, &teams->rows[number]));
    return 0;
}

static int put_categories(struct report *report) {
    const struct teams *teams = report->context;
    int r = 0;
    for (uint32_t i = 0; r == 0 && i < teams->n_rows; i++) {
        struct dictionary_code entry;
        r = query_found(dictionary_at(report->query->view, DICTIONARY_CATEGORY, i, &entry));
        if (r != 0)
            return r;
        json_t *cells = json_pack("[o, o]", json_from_str(entry.code), json_from_str(entry.title));
        put_tally(&teams->rows[i], cells);
        section_row(teams->section, cells);
    }
    return r;
}

static json_t *begin(struct report *report, json_t *document) {
    const struct teams *teams = report->context;
    json_t *section = document_section(document, teams->by_category ? "分类别" : "分区划");
    section_column(section, teams->by_category ? "category" : "region",
                   teams->by_category ? "类别" : "区划代码", "text");
    section_column(section, "name",
                   teams->by_category ? "名称" : REGION_LEVEL_choices.labels[report->level],
                   "text");
    section_column(section, "teams", "队伍", "number");
    section_column(section, "registered", LEGAL_STATUS_choices.labels[LEGAL_STATUS_REGISTERED],
                   "number");
    section_column(section, "filed", LEGAL_STATUS_choices.labels[LEGAL_STATUS_FILED], "number");
    section_column(section, "grassroots", LEGAL_STATUS_choices.labels[LEGAL_STATUS_GRASSROOTS],
                   "number");
    section_column(section, "members", "队员", "number");
    section_column(section, "professional", "专业队伍", "number");
    section_column(section, "professional_members", "专业队员", "number");
    section_column(section, "qualified", "资格有效", "number");
    section_column(section, "rate", "持证率", "percent");
    return section;
}

static json_t *begin_skills(json_t *document) {
    json_t *section = document_section(document, "专业队伍资格");
    section_column(section, "team", "队伍编号", "text");
    section_column(section, "name", "队伍", "text");
    section_column(section, "region", "区划", "text");
    section_column(section, "members", "队员", "number");
    section_column(section, "qualified", "资格齐全", "number");
    section_column(section, "qualification", "所需资格", "text");
    section_column(section, "valid", "有效", "number");
    section_column(section, "expired", "过期", "number");
    section_column(section, "missing", "缺少", "number");
    return section;
}

static int read_by(struct report *report) {
    struct teams *teams = report->context;
    struct query *query = report->query;
    uint32_t n = 0;
    static const char *const others[] = {"category"};
    int other;
    int r = report_read_by(report, others, 1, &other);
    teams->by_category = other == 0;
    if (r == 0)
        r = thing_count(query->view, NOUN_REGION, &n);
    teams->n_rows = teams->by_category ? dictionary_count(query->view, DICTIONARY_CATEGORY) : n + 1;
    teams->rows = arena_alloc(query->arena, teams->n_rows * sizeof *teams->rows);
    return r;
}

static int fill(struct report *report, json_t *document) {
    struct teams *teams = report->context;
    int r = read_by(report);
    if (r != 0)
        return r;
    teams->section = begin(report, document);
    teams->skills = begin_skills(document);
    r = view_scan(report->query->view, TABLE_TEAM, STR_NONE, take_team, report);
    if (r == 0)
        r = teams->by_category ? put_categories(report) : report_each(report, add_region);
    if (r == 0)
        section_total(teams->section, region_cells(report, report->region, &teams->whole));
    return r;
}

int query_report_teams(struct query *query, json_t **ret_result) {
    struct teams teams = {0};
    struct report report;
    int r = report_open_region(query, &report);
    report.context = &teams;
    return report_answer(&report, r, "志愿服务队伍", fill, ret_result);
}
