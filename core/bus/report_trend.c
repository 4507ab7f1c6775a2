/* report.trend: who the volunteers are, by decade of birth or by occupation, or how much was
 * served, over the last twelve months and at the ends of the last ten years. From the counters
 * alone: of each month's end one row is read, whatever the city's size. */
#include <stdio.h>

#include "bus/methods.h"
#include "bus/report.h"
#include "domain/people_mix.h"

#define MONTHS 12
#define YEARS 10
#define YOUTH 35 /* years: who is younger counts as young */

static const char *const bys[] = {"age", "occupation", "month"};
enum by { BY_AGE, BY_OCCUPATION, BY_MONTH };

struct trend {
    struct report *report;
    json_t *document;
    struct counter_row ends[MONTHS + 1]; /* at each month's end; the first is that before them */
    int32_t months[MONTHS + 1];
};

static int read_ends(struct trend *trend) {
    struct report *report = trend->report;
    int32_t last = date_month(report->day.as_of);
    for (int i = 0; i <= MONTHS; i++) {
        int32_t month = last - MONTHS + i;
        int32_t at = i == MONTHS ? report->day.at : month_first_date(month + 1) - 1;
        int r = counter_get(report->query->view, at, NOUN_REGION, report->region, &trend->ends[i]);
        if (r != 0)
            return r;
        trend->months[i] = month;
    }
    return 0;
}

static json_t *month_label(int32_t month) {
    char text[16];
    size_t size = month_format(month, text);
    return json_stringn(text, size);
}

/* ---- a mix ---- */

struct mix {
    enum counter first;
    int n;
    const char *(*title)(int place);
    const char *column;
};

static int64_t unknown_of(const struct mix *mix, const struct counter_row *row) {
    int64_t rest = row->volunteers;
    for (int i = 0; i < mix->n; i++)
        rest -= row->value[mix->first + (unsigned)i];
    return rest;
}

static void put_now(struct trend *trend, const struct mix *mix) {
    const struct counter_row *now = &trend->ends[MONTHS], *before = &trend->ends[0];
    json_t *section = document_section(trend->document, "构成");
    section_column(section, "group", mix->column, "text");
    section_column(section, "volunteers", "注册志愿者", "number");
    section_column(section, "share", "占比", "percent");
    section_column(section, "year_before", "一年前", "number");
    section_column(section, "share_before", "一年前占比", "percent");
    for (int i = 0; i <= mix->n; i++) {
        bool known = i < mix->n;
        int64_t value = known ? now->value[mix->first + (unsigned)i] : unknown_of(mix, now);
        int64_t was = known ? before->value[mix->first + (unsigned)i] : unknown_of(mix, before);
        section_row(section, json_pack("[s, I, o, I, o]", known ? mix->title(i) : "不详",
                                       (json_int_t)value, cell_percent(value, now->volunteers),
                                       (json_int_t)was, cell_percent(was, before->volunteers)));
    }
    section_total(section, json_pack("[s, I, o, I, o]", "合计", (json_int_t)now->volunteers,
                                     cell_percent(now->volunteers, now->volunteers),
                                     (json_int_t)before->volunteers,
                                     cell_percent(before->volunteers, before->volunteers)));
}

static void put_months(struct trend *trend, const struct mix *mix) {
    json_t *section = document_section(trend->document, "各月末");
    char name[24];
    section_column(section, "month", "月份", "text");
    section_column(section, "volunteers", "注册志愿者", "number");
    for (int i = 0; i < mix->n; i++) {
        snprintf(name, sizeof name, "group_%d", i + 1);
        section_column(section, name, mix->title(i), "number");
    }
    section_column(section, "unknown", "不详", "number");
    for (int m = 1; m <= MONTHS; m++) {
        const struct counter_row *row = &trend->ends[m];
        json_t *cells =
            json_pack("[o, I]", month_label(trend->months[m]), (json_int_t)row->volunteers);
        for (int i = 0; i < mix->n; i++)
            json_array_append_new(cells, json_integer(row->value[mix->first + (unsigned)i]));
        json_array_append_new(cells, json_integer(unknown_of(mix, row)));
        section_row(section, cells);
    }
}

static void put_mix(struct trend *trend, const struct mix *mix) {
    put_now(trend, mix);
    put_months(trend, mix);
    for (int i = 0; i < mix->n; i++) {
        json_t *series = document_series(trend->document, "占比走势", "line", "%");
        json_object_set_new(series, "name", json_string(mix->title(i)));
        for (int m = 1; m <= MONTHS; m++)
            series_point(series, month_label(trend->months[m]),
                         point_percent(trend->ends[m].value[mix->first + (unsigned)i],
                                       trend->ends[m].volunteers));
    }
}

/* ---- over the years ---- */

struct year_end {
    int32_t date;
    struct counter_row row;
};

static int32_t year_of(int32_t date) {
    int32_t year, month, day;
    date_to_civil(date, &year, &month, &day);
    return year;
}

/* The ends of the last years in which anybody was registered, and the report's own day. */
static int read_years(struct trend *trend, struct year_end ends[static YEARS + 1], int *ret_n) {
    struct report *report = trend->report;
    int32_t as_of = report->day.as_of, last = year_of(as_of);
    *ret_n = 0;
    for (int32_t year = last - YEARS; year <= last; year++) {
        struct year_end *end = &ends[*ret_n];
        end->date = year == last ? as_of : date_from_civil(year, 12, 31);
        int r = counter_get(report->query->view, year == last ? report->day.at : end->date,
                            NOUN_REGION, report->region, &end->row);
        if (r != 0)
            return r;
        *ret_n += end->row.volunteers > 0 || year == last;
    }
    return 0;
}

/* The years of birth of a decade; what is open at an end reaches far. */
static void cohort_years(int cohort, int32_t *ret_first, int32_t *ret_last) {
    *ret_first = cohort == 0 ? 0 : 1940 + 10 * cohort;
    *ret_last = cohort == N_COHORTS - 1 ? 9999 : 1949 + 10 * cohort;
}

/* How many are under 35 for certain, and how many may be: a decade says no more. */
static void count_young(const struct year_end *end, int64_t *ret_least, int64_t *ret_most) {
    int32_t first, last, year = year_of(end->date);
    bool is_year_end = date_from_civil(year, 12, 31) == end->date;
    *ret_least = *ret_most = 0;
    for (int i = 0; i < N_COHORTS; i++) {
        int64_t n = end->row.value[COUNTER_COHORTS + (unsigned)i];
        cohort_years(i, &first, &last);
        *ret_least += first > year - YOUTH ? n : 0;
        *ret_most += last > year - YOUTH - !is_year_end ? n : 0;
    }
}

static void put_young(struct trend *trend, const struct year_end *ends, int n) {
    json_t *least = document_series(trend->document, "35岁以下占比", "line", "%");
    json_t *most = document_series(trend->document, "35岁以下占比", "line", "%");
    json_object_set_new(least, "name", json_string("至少"));
    json_object_set_new(most, "name", json_string("至多"));
    for (int i = 0; i < n; i++) {
        int64_t low, high;
        count_young(&ends[i], &low, &high);
        series_point(least, json_from_date(ends[i].date, INT32_MIN),
                     point_percent(low, ends[i].row.volunteers));
        series_point(most, json_from_date(ends[i].date, INT32_MIN),
                     point_percent(high, ends[i].row.volunteers));
    }
    document_text(
        trend->document,
        STR("年龄按出生年代计：整个年代都在35岁以下的计入“至少”，其中有人在35岁以下的计入“"
            "至多”。"));
}

static int put_years(struct trend *trend, const struct mix *mix, bool ages) {
    json_t *section = document_section(trend->document, "历年末");
    struct year_end ends[YEARS + 1];
    char name[24];
    int n;
    section_column(section, "date", "日期", "date");
    section_column(section, "volunteers", "注册志愿者", "number");
    for (int i = 0; i < mix->n; i++) {
        snprintf(name, sizeof name, "group_%d", i + 1);
        section_column(section, name, mix->title(i), "percent");
    }
    if (ages) {
        section_column(section, "young_least", "35岁以下至少", "percent");
        section_column(section, "young_most", "35岁以下至多", "percent");
    }
    int r = read_years(trend, ends, &n);
    for (int k = 0; r == 0 && k < n; k++) {
        const struct counter_row *row = &ends[k].row;
        json_t *cells = json_pack("[o, I]", json_from_date(ends[k].date, INT32_MIN),
                                  (json_int_t)row->volunteers);
        for (int i = 0; i < mix->n; i++)
            json_array_append_new(
                cells, cell_percent(row->value[mix->first + (unsigned)i], row->volunteers));
        int64_t least, most;
        count_young(&ends[k], &least, &most);
        if (ages) {
            json_array_append_new(cells, cell_percent(least, row->volunteers));
            json_array_append_new(cells, cell_percent(most, row->volunteers));
        }
        section_row(section, cells);
    }
    if (r == 0 && ages)
        put_young(trend, ends, n);
    return r;
}

/* ---- months ---- */

static int served_in(struct trend *trend, int month, enum counter counter, int64_t *ret_value) {
    struct report *report = trend->report;
    return counter_months(report->query->view, report->day.at, NOUN_REGION, report->region, counter,
                          trend->months[month], trend->months[month], ret_value);
}

static int put_service(struct trend *trend) {
    json_t *section = document_section(trend->document, "各月服务");
    json_t *series = document_series(trend->document, "各月服务占全年", "bar", "%");
    int64_t minutes[MONTHS + 1], records, activities, all = 0;
    int r = 0;
    section_column(section, "month", "月份", "text");
    section_column(section, "registered", "净增注册", "number");
    section_column(section, "volunteers", "月末注册", "number");
    section_column(section, "hours", "服务时长", "hours");
    section_column(section, "share", "占十二个月", "percent");
    section_column(section, "records", "服务记录", "number");
    section_column(section, "activities", "活动", "number");
    for (int m = 1; r == 0 && m <= MONTHS; m++) {
        r = served_in(trend, m, COUNTER_minutes, &minutes[m]);
        all += r == 0 ? minutes[m] : 0;
    }
    for (int m = 1; r == 0 && m <= MONTHS; m++) {
        r = served_in(trend, m, COUNTER_records, &records);
        if (r == 0)
            r = served_in(trend, m, COUNTER_activities, &activities);
        if (r != 0)
            break;
        int64_t grown = trend->ends[m].volunteers - trend->ends[m - 1].volunteers;
        section_row(section, json_pack("[o, I, I, I, o, I, I]", month_label(trend->months[m]),
                                       (json_int_t)grown, (json_int_t)trend->ends[m].volunteers,
                                       (json_int_t)minutes[m], cell_percent(minutes[m], all),
                                       (json_int_t)records, (json_int_t)activities));
        series_point(series, month_label(trend->months[m]), point_percent(minutes[m], all));
    }
    return r;
}

/* ---- seasons ---- */

#define MARCH 2

/* The months of one year up to the report's own. */
static int read_seasons(struct trend *trend, int32_t year, int64_t minutes[static MONTHS]) {
    struct report *report = trend->report;
    for (int32_t m = 0; m < MONTHS; m++) {
        int32_t month = year * 12 + m;
        minutes[m] = 0;
        if (month > date_month(report->day.as_of))
            continue;
        int r = counter_months(report->query->view, report->day.at, NOUN_REGION, report->region,
                               COUNTER_minutes, month, month, &minutes[m]);
        if (r != 0)
            return r;
    }
    return 0;
}

static void put_season(struct trend *trend, json_t *section, json_t *series, int32_t year,
                       const int64_t minutes[static MONTHS]) {
    struct arena *arena = trend->report->query->arena;
    int64_t whole = 0, active = 0;
    int peak = 0;
    for (int m = 0; m < MONTHS; m++) {
        whole += minutes[m];
        active += minutes[m] > 0;
        peak = minutes[m] > minutes[peak] ? m : peak;
    }
    if (whole == 0)
        return;
    json_t *label = json_from_str(arena_printf(arena, "%d", (int)year));
    section_row(section,
                json_pack("[O, I, I, o, o, o]", label, (json_int_t)whole, (json_int_t)active,
                          json_from_str(arena_printf(arena, "%d月", peak + 1)),
                          cell_percent(minutes[peak], whole), cell_percent(minutes[MARCH], whole)));
    series_point(series, label, point_percent(minutes[MARCH], whole));
}

/* Whether service goes on all the year round or comes with March (学雷锋月). */
static int put_seasons(struct trend *trend) {
    json_t *section = document_section(trend->document, "历年");
    json_t *series = document_series(trend->document, "三月占全年", "line", "%");
    int32_t last = year_of(trend->report->day.as_of);
    int r = 0;
    section_column(section, "year", "年份", "text");
    section_column(section, "minutes", "服务时长", "hours");
    section_column(section, "active_months", "有服务月数", "number");
    section_column(section, "peak", "最多的月份", "text");
    section_column(section, "peak_share", "该月占全年", "percent");
    section_column(section, "march_share", "三月占全年", "percent");
    for (int32_t year = last - YEARS; r == 0 && year <= last; year++) {
        int64_t minutes[MONTHS];
        r = read_seasons(trend, year, minutes);
        if (r == 0)
            put_season(trend, section, series, year, minutes);
    }
    return r;
}

int query_report_trend(struct query *query, json_t **ret_result) {
    static const struct mix mixes[] = {
        [BY_AGE] = {COUNTER_COHORTS, N_COHORTS, cohort_title, "出生年代"},
        [BY_OCCUPATION] = {COUNTER_OCCUPATIONS, N_OCCUPATIONS, occupation_title, "职业"},
    };
    struct report report;
    struct trend trend = {.report = &report};
    int by = -1;
    int r = report_open_by(query, bys, sizeof bys / sizeof *bys, &by, &report);
    if (r == 0)
        r = read_ends(&trend);
    if (r == 0) {
        trend.document = document_new(&report, by == BY_OCCUPATION ? "志愿者职业构成与走势"
                                               : by == BY_MONTH    ? "志愿服务月度走势"
                                                                : "志愿者年龄构成与走势");
        const struct mix *mix = &mixes[by == BY_OCCUPATION ? BY_OCCUPATION : BY_AGE];
        if (by != BY_MONTH)
            put_mix(&trend, mix);
        r = by == BY_MONTH ? put_service(&trend) : put_years(&trend, mix, by != BY_OCCUPATION);
        if (r == 0 && by == BY_MONTH)
            r = put_seasons(&trend);
    }
    if (r == 0)
        *ret_result = json_pack("{s:O}", "document", trend.document);
    json_decref(trend.document);
    report_close(&report);
    return r;
}
