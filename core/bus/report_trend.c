/* report.trend: who the volunteers are, by decade of birth or by occupation, or how much was
 * served, over the last twelve months. From the counters alone: of each month's end one row is
 * read, whatever the city's size. */
#include <stdio.h>

#include "bus/methods.h"
#include "bus/report.h"
#include "domain/people_mix.h"

#define MONTHS 12

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
        if (by == BY_MONTH)
            r = put_service(&trend);
        else
            put_mix(&trend, &mixes[by == BY_OCCUPATION ? BY_OCCUPATION : BY_AGE]);
    }
    if (r == 0)
        *ret_result = json_pack("{s:O}", "document", trend.document);
    json_decref(trend.document);
    report_close(&report);
    return r;
}
