/* report.needs, report.care, report.satisfaction: who asked for what and what came of it, who is
 * looked after and who was forgotten, and what the served say of it. All from counters: a row is a
 * few reads, whatever the city's size. */
#include <stdio.h>

#include "bus/methods.h"
#include "bus/report.h"
#include "domain/dictionaries.h"
#include "util/calendar.h"

/* ---- what the three have in common: a row for each region, or each code of a dictionary ---- */

struct tally {
    json_t *section;
    int (*row)(struct report *report, json_t *label[2], uint32_t region,
               const struct counter_row *counters, bool of_code, json_t **ret_cells);
    int dictionary; /* -1: by region */
};

/* `by` is a level or one of these dictionaries. */
static int open_by(struct query *query, const enum DICTIONARY_choice *dictionaries, size_t n,
                   struct report *report, int *ret_dictionary) {
    const char *words[REGION_LEVEL_COUNT + DICTIONARY_COUNT];
    size_t levels = REGION_LEVEL_COUNT - REGION_LEVEL_COUNTY;
    int by;
    for (size_t i = 0; i < levels; i++)
        words[i] = REGION_LEVEL_choices.words[REGION_LEVEL_COUNTY + i];
    for (size_t i = 0; i < n; i++)
        words[levels + i] = DICTIONARY_choices.words[dictionaries[i]];
    *report = (struct report){.query = query};
    arena_init(&report->arena);
    *ret_dictionary = -1;
    int r = query_word(query, "by", words, levels + n, &by);
    if (r != 0)
        return r;
    if (by < (int)levels)
        return report_open(query, report);
    json_t *given = query->params;
    query->params = json_copy(given);
    json_object_del(query->params, "by");
    r = report_open(query, report);
    json_decref(query->params);
    query->params = given;
    *ret_dictionary = (int)dictionaries[by - (int)levels];
    return r;
}

static int add_cells(struct report *report, uint32_t region, json_t *id, json_t *name,
                     const struct counter_row *counters, bool of_code, bool is_total) {
    const struct tally *tally = report->context;
    json_t *label[2] = {id, name}, *cells;
    int r = tally->row(report, label, region, counters, of_code, &cells);
    if (r != 0)
        return r;
    if (is_total)
        section_total(tally->section, cells);
    else
        section_row(tally->section, cells);
    return 0;
}

static int add_region_as(struct report *report, uint32_t region, bool is_total) {
    struct counter_row counters;
    struct region_defined attributes;
    int r = query_found(report_region_attributes(report, region, &report->arena, &attributes));
    if (r == 0)
        r = counter_get(report->query->view, report->day.at, NOUN_REGION, region, &counters);
    return r == 0 ? add_cells(report, region, json_from_str(attributes.region),
                              json_from_str(attributes.name), &counters, false, is_total)
                  : r;
}

static int add_region(struct report *report, uint32_t region) {
    return add_region_as(report, region, false);
}

static int add_codes(struct report *report, enum DICTIONARY_choice dictionary) {
    struct view *view = report->query->view;
    uint32_t count = dictionary_count(view, dictionary);
    int r = 0;
    for (uint32_t code = 0; r == 0 && code < count; code++) {
        struct dictionary_code entry;
        struct counter_row counters;
        r = dictionary_at(view, dictionary, code, &entry);
        json_t *id = r == 0 ? json_from_str(entry.code) : NULL;
        json_t *name = r == 0 ? json_from_str(entry.title) : NULL;
        if (r == 0)
            r = counter_get_code(view, report->day.at, report->region, dictionary, code, &counters);
        if (r == 0) {
            r = add_cells(report, report->region, id, name, &counters, true, false);
        } else {
            json_decref(id);
            json_decref(name);
        }
    }
    return r;
}

static int fill(struct report *report, struct tally *tally) {
    report->context = tally;
    int r = tally->dictionary < 0 ? report_each(report, add_region)
                                  : add_codes(report, (enum DICTIONARY_choice)tally->dictionary);
    return r == 0 ? add_region_as(report, report->region, true) : r;
}

static void label_columns(const struct report *report, const struct tally *tally) {
    bool codes = tally->dictionary >= 0;
    section_column(tally->section, codes ? "code" : "region", codes ? "代码" : "区划代码", "text");
    section_column(tally->section, "name",
                   codes ? DICTIONARY_choices.labels[tally->dictionary]
                         : REGION_LEVEL_choices.labels[report->level],
                   "text");
}

static json_t *counter_cell(const struct counter_row *counters, enum counter counter) {
    return json_integer(counters->value[counter]);
}

static int finish(struct report *report, int r, json_t *document, json_t **ret_result) {
    report_close(report);
    if (r == 0)
        *ret_result = json_pack("{s:o}", "document", document);
    else
        json_decref(document);
    return r;
}

/* Of a region in whole months up to the report's. */
static int in_months(struct report *report, uint32_t region, enum counter counter, int32_t from_ago,
                     int32_t to_ago, int64_t *ret_value) {
    int32_t month = date_month(report->day.as_of);
    return counter_months(report->query->view, report->day.at, NOUN_REGION, region, counter,
                          month - from_ago, month - to_ago, ret_value);
}

/* ---- report.needs ---- */

#define LONG_AGO 24000 /* months: before any that is kept */
#define MEDIAN_MONTHS 600

/* Needs that are open, by the months in which they were filed: this, the last, the two before,
 * earlier. */
static const struct {
    const char *name;
    const char *title;
    int32_t from_ago;
    int32_t to_ago;
} ages[] = {
    {"open_this_month", "其中本月提出", 0, 0},
    {"open_last_month", "上月提出", 1, 1},
    {"open_2_3_months", "前两三个月提出", 3, 2},
    {"open_longer", "更早提出", LONG_AGO, 4},
};
#define N_AGES (sizeof ages / sizeof *ages)

/* The month in which the middle one of those that are open was filed. */
static int median_month(struct report *report, uint32_t region, int64_t open, json_t **ret_cell) {
    int64_t sum = 0, n;
    char text[16];
    *ret_cell = json_null();
    for (int32_t ago = 0; open > 0 && ago < MEDIAN_MONTHS; ago++) {
        int r = in_months(report, region, COUNTER_needs_open, ago, ago, &n);
        if (r != 0)
            return r;
        sum += n;
        if (2 * sum < open)
            continue;
        month_format(date_month(report->day.as_of) - ago, text);
        json_decref(*ret_cell);
        *ret_cell = json_string(text);
        return 0;
    }
    return 0;
}

static int age_cells(struct report *report, uint32_t region, int64_t open, json_t *cells) {
    json_t *median;
    int r = 0;
    for (size_t i = 0; r == 0 && i < N_AGES; i++) {
        int64_t n;
        r = in_months(report, region, COUNTER_needs_open, ages[i].from_ago, ages[i].to_ago, &n);
        if (r == 0)
            json_array_append_new(cells, json_integer(n));
    }
    if (r == 0)
        r = median_month(report, region, open, &median);
    if (r == 0)
        json_array_append_new(cells, median);
    return r;
}

static int needs_row(struct report *report, json_t *label[2], uint32_t region,
                     const struct counter_row *counters, bool of_code, json_t **ret_cells) {
    const struct tally *tally = report->context;
    json_t *cells = json_pack(
        "[o, o, o, o, o, o, o, o, o]", label[0], label[1],
        counter_cell(counters, COUNTER_needs_filed), counter_cell(counters, COUNTER_needs_open),
        counter_cell(counters, COUNTER_needs_matched),
        counter_cell(counters, COUNTER_needs_referred),
        counter_cell(counters, COUNTER_needs_closed), counter_cell(counters, COUNTER_needs_met),
        cell_percent(counters->needs_met, counters->needs_closed));
    int r = 0;
    if (!of_code && tally->dictionary < 0)
        r = age_cells(report, region, counters->needs_open, cells);
    if (r == 0)
        *ret_cells = cells;
    else
        json_decref(cells);
    return r;
}

int query_report_needs(struct query *query, json_t **ret_result) {
    static const enum DICTIONARY_choice by[] = {DICTIONARY_CATEGORY, DICTIONARY_SERVED_GROUP};
    struct report report;
    struct tally tally = {.row = needs_row};
    json_t *document = NULL;
    int r = open_by(query, by, sizeof by / sizeof *by, &report, &tally.dictionary);
    if (r != 0)
        return finish(&report, r, NULL, ret_result);
    document = document_new(&report, "群众需求办理情况");
    tally.section = document_section(document, "需求办理");
    label_columns(&report, &tally);
    section_column(tally.section, "filed", "提出", "number");
    section_column(tally.section, "open", "未办结", "number");
    section_column(tally.section, "matched", "其中已对接", "number");
    section_column(tally.section, "referred", "其中已转介", "number");
    section_column(tally.section, "closed", "已办结", "number");
    section_column(tally.section, "met", "其中已满足", "number");
    section_column(tally.section, "met_rate", "满足率", "percent");
    for (size_t i = 0; tally.dictionary < 0 && i < N_AGES; i++)
        section_column(tally.section, ages[i].name, ages[i].title, "number");
    if (tally.dictionary < 0)
        section_column(tally.section, "median_filed", "未办结中位提出月份", "text");
    return finish(&report, fill(&report, &tally), document, ret_result);
}

/* ---- report.care ---- */

static int care_row(struct report *report, json_t *label[2], uint32_t region,
                    const struct counter_row *counters, bool of_code, json_t **ret_cells) {
    const struct tally *tally = report->context;
    int64_t visits = 0, missed = 0;
    int r = in_months(report, region, COUNTER_visits, 0, 0, &visits);
    if (r == 0)
        r = in_months(report, region, COUNTER_visits_missed, 0, 0, &missed);
    json_t *cells = json_pack(
        "[o, o, o, o, o, o, o]", label[0], label[1], counter_cell(counters, COUNTER_beneficiaries),
        counter_cell(counters, COUNTER_care_plans),
        json_integer(counters->beneficiaries - counters->care_plans),
        counter_cell(counters, COUNTER_visits_overdue),
        cell_percent(counters->care_plans - counters->visits_overdue, counters->care_plans));
    if (!of_code && tally->dictionary < 0) {
        json_array_append_new(cells, json_integer(visits));
        json_array_append_new(cells, json_integer(missed));
    }
    if (r == 0)
        *ret_cells = cells;
    else
        json_decref(cells);
    return r;
}

int query_report_care(struct query *query, json_t **ret_result) {
    static const enum DICTIONARY_choice by[] = {DICTIONARY_SERVED_GROUP};
    struct report report;
    struct tally tally = {.row = care_row};
    json_t *document = NULL;
    int r = open_by(query, by, sizeof by / sizeof *by, &report, &tally.dictionary);
    if (r != 0)
        return finish(&report, r, NULL, ret_result);
    document = document_new(&report, "帮扶对象走访情况");
    tally.section = document_section(document, "走访");
    label_columns(&report, &tally);
    section_column(tally.section, "beneficiaries", "帮扶对象", "number");
    section_column(tally.section, "care_plans", "有帮扶计划", "number");
    section_column(tally.section, "without_plan", "尚无计划", "number");
    section_column(tally.section, "overdue", "逾期未走访", "number");
    section_column(tally.section, "in_time", "按期走访率", "percent");
    if (tally.dictionary < 0) {
        section_column(tally.section, "visits", "本月走访", "number");
        section_column(tally.section, "missed", "本月漏访", "number");
    }
    return finish(&report, fill(&report, &tally), document, ret_result);
}

/* ---- report.satisfaction ---- */

/* "4.27", rounded down; null where nobody rated. */
static json_t *average_cell(int64_t sum, int64_t n) {
    char text[32];
    if (n <= 0)
        return json_null();
    snprintf(text, sizeof text, "%lld.%02lld", (long long)(sum / n),
             (long long)(sum % n * 100 / n));
    return json_string(text);
}

static int satisfaction_row(struct report *report, json_t *label[2], uint32_t region,
                            const struct counter_row *counters, bool of_code, json_t **ret_cells) {
    const struct tally *tally = report->context;
    int64_t n = 0, sum = 0, survey = -1;
    for (int rating = 1; rating <= 5; rating++) {
        int64_t each = counters->value[COUNTER_ratings_1 + rating - 1];
        n += each;
        sum += each * rating;
    }
    json_t *cells = json_pack("[o, o, o]", label[0], label[1], json_integer(n));
    for (int rating = 5; rating >= 1; rating--)
        json_array_append_new(cells, json_integer(counters->value[COUNTER_ratings_1 + rating - 1]));
    json_array_append_new(cells, cell_percent(counters->ratings_4 + counters->ratings_5, n));
    json_array_append_new(cells, average_cell(sum, n));
    json_array_append_new(
        cells, average_cell(counters->organiser_rating_sum, counters->organiser_ratings));
    int r = 0;
    if (tally->dictionary < 0) {
        r = of_code ? 0 : report_figure(report, FIGURE_SATISFACTION, NOUN_REGION, region, &survey);
        json_array_append_new(cells, cell_number(survey));
    }
    if (r == 0)
        *ret_cells = cells;
    else
        json_decref(cells);
    return r;
}

#define SERIES_MONTHS 12

/* How satisfied they were with what was served in each month. */
static int satisfaction_series(struct report *report, json_t *document) {
    json_t *series = document_series(document, "满意率走势", "line", "%");
    for (int32_t ago = SERIES_MONTHS - 1; ago >= 0; ago--) {
        int64_t n[6] = {0}, all = 0;
        char text[16];
        for (int rating = 1; rating <= 5; rating++) {
            int r = in_months(report, report->region,
                              (enum counter)(COUNTER_ratings_1 + rating - 1), ago, ago, &n[rating]);
            if (r != 0)
                return r;
            all += n[rating];
        }
        month_format(date_month(report->day.as_of) - ago, text);
        series_point(series, json_string(text), point_percent(n[4] + n[5], all));
    }
    return 0;
}

int query_report_satisfaction(struct query *query, json_t **ret_result) {
    static const enum DICTIONARY_choice by[] = {DICTIONARY_CATEGORY};
    static const char *const names[] = {"ratings_5", "ratings_4", "ratings_3", "ratings_2",
                                        "ratings_1"};
    static const char *const titles[] = {"5分", "4分", "3分", "2分", "1分"};
    struct report report;
    struct tally tally = {.row = satisfaction_row};
    json_t *document = NULL;
    int r = open_by(query, by, sizeof by / sizeof *by, &report, &tally.dictionary);
    if (r != 0)
        return finish(&report, r, NULL, ret_result);
    document = document_new(&report, "服务对象满意情况");
    tally.section = document_section(document, "服务评价");
    label_columns(&report, &tally);
    section_column(tally.section, "ratings", "评价数", "number");
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        section_column(tally.section, names[i], titles[i], "number");
    section_column(tally.section, "satisfied", "满意率", "percent");
    section_column(tally.section, "average", "平均分", "text");
    section_column(tally.section, "organiser_average", "组织者评分", "text");
    if (tally.dictionary < 0)
        section_column(tally.section, "survey", "调查满意率", "number");
    r = fill(&report, &tally);
    if (r == 0)
        r = satisfaction_series(&report, document);
    return finish(&report, r, document, ret_result);
}
