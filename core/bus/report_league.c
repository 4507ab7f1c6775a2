#include "bus/report_league.h"

#include "bus/rated.h"
#include "domain/civilised_titles.h"

/* A unit belongs to the class of its kind and, while it holds 文明单位, to that of the title's
 * level. */
#define CLASSES (ORGANISATION_KIND_COUNT + TITLE_LEVEL_COUNT)

struct unit {
    struct rated rated; /* first: units are sorted by it */
    struct str name;
    int kind;
    int level; /* TITLE_LEVEL_choice, -1: no title */
};

struct league {
    struct report *report;
    struct unit *units;
    size_t n;
    size_t capacity;
    int64_t target; /* percent */
};

/* ---- reading ---- */

static int read_rated(struct report *report, uint32_t number, struct rated *ret_rated) {
    int r = counter_value(report->query->view, report->day.at, NOUN_ORGANISATION, number,
                          COUNTER_volunteers, &ret_rated->part);
    return r == 0
               ? report_figure(report, FIGURE_STAFF, NOUN_ORGANISATION, number, &ret_rated->whole)
               : r;
}

static int read_level(struct report *report, uint32_t number, int *ret_level) {
    struct civilised_title title;
    int r = civilised_title_get(report->query->view, CIVILISED_TITLE_UNIT, NOUN_ORGANISATION,
                                number, report->day.at, &title);
    *ret_level = r == 0 && title.held ? (int)title.level : -1;
    return r < 0 ? r : 0;
}

static struct unit *add(struct league *league) {
    struct arena *arena = league->report->query->arena;
    if (league->n == league->capacity) {
        size_t capacity = league->capacity ? 2 * league->capacity : 64;
        struct unit *units = arena_alloc(arena, capacity * sizeof *units);
        if (league->n)
            memcpy(units, league->units, league->n * sizeof *units);
        league->units = units;
        league->capacity = capacity;
    }
    return &league->units[league->n++];
}

static int take_unit(struct report *report, const struct report_unit *found) {
    struct league *league = report->context;
    struct arena *arena = report->query->arena;
    if (!found->stands)
        return 0;
    struct unit *unit = add(league);
    *unit = (struct unit){.kind = (int)found->attributes.kind,
                          .name = arena_copy(arena, found->attributes.name)};
    unit->rated.id = arena_copy(arena, found->attributes.organisation);
    int r = read_level(report, found->number, &unit->level);
    return r == 0 ? read_rated(report, found->number, &unit->rated) : r;
}

/* ---- classes ---- */

static bool is_of(const struct unit *unit, size_t class) {
    return class < ORGANISATION_KIND_COUNT ? unit->kind == (int)class
                                           : unit->level == (int)(class - ORGANISATION_KIND_COUNT);
}

/* Titles first, the highest level before the others: 排头兵和领头雁. */
static size_t class_at(size_t i) {
    return i < TITLE_LEVEL_COUNT ? CLASSES - 1 - i : i - TITLE_LEVEL_COUNT;
}

static struct str class_label(struct arena *arena, size_t class) {
    if (class < ORGANISATION_KIND_COUNT)
        return str_from(ORGANISATION_KIND_choices.labels[class]);
    return arena_printf(arena, "%s文明单位",
                        TITLE_LEVEL_choices.labels[class - ORGANISATION_KIND_COUNT]);
}

static size_t members_of(const struct league *league, size_t class, struct unit *ret_members) {
    size_t n = 0;
    for (size_t i = 0; i < league->n; i++)
        if (is_of(&league->units[i], class))
            ret_members[n++] = league->units[i];
    return n;
}

/* ---- cells ---- */

static json_t *rank_cell(const struct rated *rated) {
    return rated->rank ? json_integer((json_int_t)rated->rank) : json_null();
}

static void put_rate(const struct league *league, const struct rated *rated, json_t *cells) {
    bool data = rated->whole > 0;
    json_array_append_new(cells, cell_number(rated->part));
    json_array_append_new(cells, cell_number(rated->whole));
    json_array_append_new(cells, cell_percent(rated->part, rated->whole));
    json_array_append_new(cells,
                          json_string(rate_state(rated->part, rated->whole, league->target)));
    json_array_append_new(cells,
                          data ? cell_number(rate_gap(rated->part, rated->whole, league->target))
                               : json_null());
}

static void rate_columns(json_t *section) {
    section_column(section, "registered", "注册志愿者", "number");
    section_column(section, "staff", "干部职工", "number");
    section_column(section, "rate", "注册率", "percent");
    section_column(section, "state", "是否达标", "state");
    section_column(section, "gap", "尚缺人数", "number");
}

/* ---- the units of each class ---- */

static void put_members(const struct league *league, const struct unit *members, size_t n,
                        json_t *section) {
    section_column(section, "rank", "排名", "rank");
    section_column(section, "organisation", "组织编号", "text");
    section_column(section, "name", "单位", "text");
    rate_columns(section);
    for (size_t i = 0; i < n; i++) {
        json_t *cells =
            json_pack("[o, o, o]", rank_cell(&members[i].rated), json_from_str(members[i].rated.id),
                      json_from_str(members[i].name));
        put_rate(league, &members[i].rated, cells);
        section_row(section, cells);
    }
}

static void put_units(const struct league *league, struct unit *members, json_t *document) {
    struct arena *arena = league->report->query->arena;
    for (size_t i = 0; i < CLASSES; i++) {
        size_t class = class_at(i), n = members_of(league, class, members);
        if (!n)
            continue;
        rated_sort(members, n, sizeof *members);
        put_members(league, members, n,
                    document_section(document, arena_string(arena, class_label(arena, class))));
    }
}

/* ---- the classes ---- */

struct class_sum {
    struct rated rated; /* first */
    int64_t units;
    int64_t without_staff;
};

/* Of units whose staff is known: the others have no rate, and are counted apart. */
static void sum_add(struct class_sum *sum, const struct unit *unit) {
    sum->units++;
    if (unit->rated.whole > 0) {
        sum->rated.part += unit->rated.part;
        sum->rated.whole += unit->rated.whole;
    } else {
        sum->without_staff++;
    }
}

static void put_classes(const struct league *league, struct unit *members, json_t *document) {
    struct arena *arena = league->report->query->arena;
    json_t *section = document_section(document, "各类单位注册率排名");
    struct class_sum sums[CLASSES];
    size_t n = 0;
    for (size_t i = 0; i < CLASSES; i++) {
        size_t class = class_at(i), of = members_of(league, class, members);
        if (!of)
            continue;
        sums[n] = (struct class_sum){.rated.id = class_label(arena, class)};
        for (size_t k = 0; k < of; k++)
            sum_add(&sums[n], &members[k]);
        n++;
    }
    section_column(section, "class", "类别", "text");
    section_column(section, "rank", "排名", "rank");
    section_column(section, "units", "单位数", "number");
    section_column(section, "without_staff", "未报职工数", "number");
    rate_columns(section);
    rated_sort(sums, n, sizeof *sums);
    for (size_t i = 0; i < n; i++) {
        json_t *cells =
            json_pack("[o, o, I, I]", json_from_str(sums[i].rated.id), rank_cell(&sums[i].rated),
                      (json_int_t)sums[i].units, (json_int_t)sums[i].without_staff);
        put_rate(league, &sums[i].rated, cells);
        section_row(section, cells);
    }
}

int league_fill(struct report *report, bool classes, json_t *document) {
    struct league league = {.report = report};
    report->context = &league;
    int r = report_indicator_target(report, STR("unit_staff"), 50, &league.target);
    if (r == 0)
        r = report_each_unit(report, take_unit);
    if (r != 0)
        return r;
    struct unit *members = arena_alloc(report->query->arena, (league.n + 1) * sizeof *members);
    if (classes)
        put_classes(&league, members, document);
    else
        put_units(&league, members, document);
    return 0;
}
