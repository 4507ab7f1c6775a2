/* report.matrix: activities and their service, how many regions of each level they came to and on
 * which level those stand who held them, by what they are classified as: a category, a domain
 * of either list, an outcome, one of the three cares, a kind, a group that is served. It walks the
 * rows of activities (domain/activities.h), which are small, and nobody's service. */
#include "bus/methods.h"
#include "bus/report.h"
#include "domain/activities.h"
#include "domain/dictionaries.h"

#define MONTHS_DEFAULT 12
#define MONTHS_LIMIT 600
#define CELLS 64 /* as many as a mask of an activity's row has bits */
#define LEVELS REGION_LEVEL_COUNT

enum matrix_by {
    BY_CATEGORY,
    BY_DOMAIN,
    BY_OUTCOME,
    BY_CARE,
    BY_KIND,
    BY_SERVED_GROUP,
    MATRIX_BYS
};

static const char *const by_words[MATRIX_BYS] = {
    [BY_CATEGORY] = "category", [BY_DOMAIN] = "domain", [BY_OUTCOME] = "outcome",
    [BY_CARE] = "care",         [BY_KIND] = "kind",     [BY_SERVED_GROUP] = "served_group"};
static const char *const by_labels[MATRIX_BYS] = {
    [BY_CATEGORY] = "服务类别", [BY_DOMAIN] = "服务领域", [BY_OUTCOME] = "服务成效",
    [BY_CARE] = "三关爱",       [BY_KIND] = "活动性质",   [BY_SERVED_GROUP] = "服务对象"};

struct cell {
    int64_t activities;
    int64_t records;
    int64_t minutes;
};

struct matrix {
    enum matrix_by by;
    int32_t first; /* month */
    int32_t last;
    size_t n; /* words there are to count by */
    struct cell whole;
    struct cell unsaid; /* not classified that way */
    struct cell cells[CELLS];
    uint32_t *row_of; /* by region: its place among the rows, + 1; 0: in none */
    size_t n_rows;
    int64_t (*minutes)[CELLS]; /* of each row */
    /* How wide and how high: by a region's number what took place there; by an organisation's
     * number its level + 1, 0: not looked up yet; of each word, who held it, by level. */
    uint64_t *there;
    uint32_t n_regions;
    uint8_t *level_of;
    uint32_t n_organisations;
    int64_t held[CELLS][LEVELS];
    int64_t reached[CELLS][LEVELS]; /* regions */
    int64_t regions[LEVELS];
    json_t *section;
};

static void cell_add(struct cell *cell, const struct activity_summary *activity) {
    cell->activities++;
    cell->records += activity->n_records;
    cell->minutes += (int64_t)activity->minutes;
}

/* A bit for each word that the activity is classified as. */
static uint64_t mask_of(const struct matrix *matrix, const struct activity_summary *activity) {
    switch (matrix->by) {
    case BY_CATEGORY:
        return activity->category && activity->category <= CELLS
                   ? UINT64_C(1) << (activity->category - 1)
                   : 0;
    case BY_DOMAIN:
        return activity->domains;
    case BY_OUTCOME:
        return activity->outcomes;
    case BY_CARE:
        return activity->care ? UINT64_C(1) << (activity->care - 1) : 0;
    case BY_KIND:
        return UINT64_C(1) << activity->kind;
    case BY_SERVED_GROUP:
        return activity->served_groups;
    case MATRIX_BYS:
        break;
    }
    return 0;
}

/* The row that the activity's region lies in; what takes place there takes place in whatever it
 * lies in. */
static size_t row_of(const struct report *report, uint32_t region, uint64_t mask,
                     bool *ret_inside) {
    const struct matrix *matrix = report->context;
    uint32_t path[REGION_DEPTH];
    size_t depth = region_path(report->query->view, region, path), row = 0;
    *ret_inside = false;
    for (size_t i = 0; i < depth; i++) {
        row = row ? row : matrix->row_of[path[i]];
        *ret_inside = *ret_inside || path[i] == report->region;
    }
    for (size_t i = 0; *ret_inside && i < depth; i++)
        matrix->there[path[i]] |= mask;
    return row;
}

/* On which level the organisation stands that held it; LEVELS: not known. */
static size_t level_of(const struct report *report, uint32_t organisation) {
    struct matrix *matrix = report->context;
    if (organisation == 0 || organisation > matrix->n_organisations)
        return LEVELS;
    uint8_t *level = &matrix->level_of[organisation];
    if (*level == 0) {
        struct organisation_row row;
        uint32_t path[REGION_DEPTH];
        size_t depth = organisation_get(report->query->view, organisation, &row) == 0
                           ? region_path(report->query->view, row.region, path)
                           : 0;
        *level = (uint8_t)(depth ? depth : LEVELS + 1);
    }
    return *level - 1U;
}

static void count(struct report *report, const struct activity_summary *activity) {
    struct matrix *matrix = report->context;
    uint64_t mask = mask_of(matrix, activity);
    bool inside;
    if (activity->state == ACTIVITY_CANCELLED || activity->month < matrix->first ||
        activity->month > matrix->last)
        return;
    size_t row = row_of(report, activity->region, mask, &inside);
    if (!inside)
        return;
    size_t level = level_of(report, activity->organisation);
    cell_add(&matrix->whole, activity);
    if (!mask)
        cell_add(&matrix->unsaid, activity);
    for (size_t i = 0; i < matrix->n; i++) {
        if (!(mask & UINT64_C(1) << i))
            continue;
        cell_add(&matrix->cells[i], activity);
        if (level < LEVELS)
            matrix->held[i][level]++;
        if (row)
            matrix->minutes[row - 1][i] += (int64_t)activity->minutes;
    }
}

static int count_all(struct report *report) {
    uint32_t last = 0;
    int r = query_found(thing_count(report->query->view, NOUN_ACTIVITY, &last));
    for (uint32_t number = 1; r == 0 && number <= last; number++) {
        struct activity_summary activity;
        r = query_found(activity_summary(report->query->view, number, &activity));
        if (r == 0)
            count(report, &activity);
    }
    return r;
}

/* ---- words ---- */

static enum DICTIONARY_choice dictionary_of(enum matrix_by by) {
    static const enum DICTIONARY_choice dictionaries[MATRIX_BYS] = {
        [BY_CATEGORY] = DICTIONARY_CATEGORY, [BY_DOMAIN] = DICTIONARY_DOMAIN,
        [BY_OUTCOME] = DICTIONARY_OUTCOME,   [BY_CARE] = DICTIONARY_COUNT,
        [BY_KIND] = DICTIONARY_COUNT,        [BY_SERVED_GROUP] = DICTIONARY_SERVED_GROUP};
    return dictionaries[by];
}

static const struct choices *choices_of(enum matrix_by by) {
    return by == BY_CARE ? &CARE_choices : &ACTIVITY_KIND_choices;
}

static size_t n_words(struct report *report, enum matrix_by by) {
    enum DICTIONARY_choice dictionary = dictionary_of(by);
    size_t n = dictionary == DICTIONARY_COUNT ? choices_of(by)->n
                                              : dictionary_count(report->query->view, dictionary);
    return n < CELLS ? n : CELLS;
}

/* Code and title of the i-th. */
static int word_of(struct report *report, size_t i, struct str *ret_code, struct str *ret_title) {
    const struct matrix *matrix = report->context;
    enum DICTIONARY_choice dictionary = dictionary_of(matrix->by);
    struct dictionary_code entry;
    if (dictionary == DICTIONARY_COUNT) {
        *ret_code = str_from(choices_of(matrix->by)->words[i]);
        *ret_title = str_from(choices_of(matrix->by)->labels[i]);
        return 0;
    }
    int r = query_found(dictionary_at(report->query->view, dictionary, (uint32_t)i, &entry));
    if (r != 0)
        return r;
    *ret_code = arena_copy(report->query->arena, entry.code);
    *ret_title = arena_copy(report->query->arena, entry.title);
    return 0;
}

/* ---- the document ---- */

static json_t *cell_cells(json_t *code, json_t *title, const struct cell *cell,
                          const struct cell *whole) {
    return json_pack("[o, o, I, I, I, o]", code, title, (json_int_t)cell->activities,
                     (json_int_t)cell->records, (json_int_t)cell->minutes,
                     cell_percent(cell->minutes, whole->minutes));
}

static int put_words(struct report *report, json_t *document) {
    const struct matrix *matrix = report->context;
    json_t *section = document_section(document, by_labels[matrix->by]);
    json_t *series = document_series(document, by_labels[matrix->by], "bar", "小时");
    section_column(section, "code", "代码", "text");
    section_column(section, "title", "名称", "text");
    section_column(section, "activities", "活动数", "number");
    section_column(section, "records", "服务人次", "number");
    section_column(section, "minutes", "服务时长", "hours");
    section_column(section, "share", "时长占比", "percent");
    for (size_t i = 0; i < matrix->n; i++) {
        struct str code, title;
        int r = word_of(report, i, &code, &title);
        if (r != 0)
            return r;
        section_row(section, cell_cells(json_from_str(code), json_from_str(title),
                                        &matrix->cells[i], &matrix->whole));
        series_point(series, json_from_str(title), json_integer(matrix->cells[i].minutes / 60));
    }
    if (matrix->unsaid.activities)
        section_row(section, cell_cells(json_null(), json_string("未注明"), &matrix->unsaid,
                                        &matrix->whole));
    section_total(section,
                  cell_cells(json_null(), json_string("合计"), &matrix->whole, &matrix->whole));
    return 0;
}

static int add_region_row(struct report *report, uint32_t region) {
    const struct matrix *matrix = report->context;
    json_t *cells = report_region_cells(report, region);
    uint32_t row = matrix->row_of[region];
    if (!cells || !row)
        return query_found(THING_NOT_FOUND);
    for (size_t i = 0; i < matrix->n; i++)
        json_array_append_new(cells, json_integer((json_int_t)matrix->minutes[row - 1][i]));
    section_row(matrix->section, cells);
    return 0;
}

static int put_regions(struct report *report, json_t *document) {
    struct matrix *matrix = report->context;
    matrix->section = document_section(document, "各地服务时长");
    section_column(matrix->section, "region", "区划代码", "text");
    section_column(matrix->section, "name", REGION_LEVEL_choices.labels[report->level], "text");
    for (size_t i = 0; i < matrix->n; i++) {
        struct str code, title;
        int r = word_of(report, i, &code, &title);
        if (r != 0)
            return r;
        section_column(matrix->section, arena_string(report->query->arena, code),
                       arena_string(report->query->arena, title), "hours");
    }
    return report_each(report, add_region_row);
}

/* ---- how wide, and on how many levels ---- */

static int add_reached(struct report *report, uint32_t region, const uint32_t *path, size_t depth) {
    struct matrix *matrix = report->context;
    (void)path;
    if (depth == 0 || depth > LEVELS || region > matrix->n_regions)
        return 0;
    matrix->regions[depth - 1]++;
    for (size_t i = 0; i < matrix->n; i++)
        matrix->reached[i][depth - 1] += (matrix->there[region] & UINT64_C(1) << i) != 0;
    return 0;
}

static void level_columns(json_t *section, enum REGION_LEVEL_choice first, const char *kind) {
    section_column(section, "code", "代码", "text");
    section_column(section, "title", "名称", "text");
    for (size_t level = first; level < LEVELS; level++)
        section_column(section, REGION_LEVEL_choices.words[level],
                       REGION_LEVEL_choices.labels[level], kind);
}

/* Of each word the regions below the report's own that it came to, of all there are, and how many
 * activities organisations of each level held. */
static int put_levels(struct report *report, json_t *document) {
    const struct matrix *matrix = report->context;
    enum REGION_LEVEL_choice below = (enum REGION_LEVEL_choice)(report->own_level + 1);
    json_t *wide = document_section(document, "覆盖面（有活动的区划）");
    json_t *high = document_section(document, "层级（主办组织所在的层级）");
    int r = report_each_region(report, add_reached);
    level_columns(wide, below, "percent");
    level_columns(high, REGION_LEVEL_CITY, "number");
    for (size_t i = 0; r == 0 && i < matrix->n; i++) {
        struct str code, title;
        r = word_of(report, i, &code, &title);
        if (r != 0)
            break;
        json_t *reached = json_pack("[o, o]", json_from_str(code), json_from_str(title));
        json_t *held = json_pack("[o, o]", json_from_str(code), json_from_str(title));
        for (size_t level = 0; level < LEVELS; level++) {
            if (level >= (size_t)below)
                json_array_append_new(
                    reached, cell_percent(matrix->reached[i][level], matrix->regions[level]));
            json_array_append_new(held, json_integer((json_int_t)matrix->held[i][level]));
        }
        section_row(wide, reached);
        section_row(high, held);
    }
    return r;
}

static int note_row(struct report *report, uint32_t region) {
    struct matrix *matrix = report->context;
    matrix->row_of[region] = (uint32_t)++matrix->n_rows;
    return 0;
}

static int prepare(struct report *report, struct matrix *matrix) {
    struct arena *arena = report->query->arena;
    uint32_t n_regions = 0;
    int r = query_found(thing_count(report->query->view, NOUN_REGION, &n_regions));
    if (r != 0)
        return r;
    matrix->n = n_words(report, matrix->by);
    matrix->row_of = arena_alloc(arena, (n_regions + 1) * sizeof *matrix->row_of);
    memset(matrix->row_of, 0, (n_regions + 1) * sizeof *matrix->row_of);
    matrix->n_regions = n_regions;
    matrix->there = arena_alloc(arena, (n_regions + 1) * sizeof *matrix->there);
    memset(matrix->there, 0, (n_regions + 1) * sizeof *matrix->there);
    r = query_found(thing_count(report->query->view, NOUN_ORGANISATION, &matrix->n_organisations));
    if (r != 0)
        return r;
    matrix->level_of = arena_alloc(arena, matrix->n_organisations + 1);
    memset(matrix->level_of, 0, matrix->n_organisations + 1);
    r = report_each(report, note_row);
    matrix->minutes = arena_alloc(arena, (matrix->n_rows + 1) * sizeof *matrix->minutes);
    memset(matrix->minutes, 0, (matrix->n_rows + 1) * sizeof *matrix->minutes);
    return r;
}

static int fill(struct report *report, json_t *document) {
    int r = put_words(report, document);
    if (r == 0)
        r = put_regions(report, document);
    if (r == 0)
        r = put_levels(report, document);
    document_text(document, STR("按活动开始的月份统计，不含已取消的活动；一项活动可属多个领域、成效"
                                "或对象，各行之和可大于合计。"));
    return r;
}

int query_report_matrix(struct query *query, json_t **ret_result) {
    struct report report;
    struct matrix *matrix = arena_alloc(query->arena, sizeof *matrix);
    int by = 0;
    int64_t months = MONTHS_DEFAULT;
    memset(matrix, 0, sizeof *matrix);
    int r = report_open_region(query, &report);
    if (r == 0)
        r = query_word(query, "by", by_words, MATRIX_BYS, &by);
    if (r == 0)
        r = query_range(query, "months", (struct range){1, MONTHS_LIMIT}, MONTHS_DEFAULT, &months);
    matrix->by = by < 0 ? BY_CATEGORY : (enum matrix_by)by;
    matrix->last = date_month(report.day.as_of);
    matrix->first = matrix->last - (int32_t)months + 1;
    report.context = matrix;
    if (r == 0)
        r = prepare(&report, matrix);
    if (r == 0)
        r = count_all(&report);
    return report_answer(&report, r, "志愿服务分类统计", fill, ret_result);
}
