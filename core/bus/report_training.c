/* report.training: training passed this year, by topic, against what is planned, and whose training
 * or qualification ends soon. Counters of months, and a list by last day. */
#include "bus/methods.h"
#include "bus/report.h"
#include "domain/plans.h"
#include "domain/trainings.h"
#include "domain/volunteers.h"

#define WITHIN_DEFAULT 30
#define WITHIN_LIMIT 3660
#define ENDING_LIMIT 2000

struct training {
    int32_t january; /* month, of the year of the report's day */
    int32_t last;
    int64_t within;
    json_t *section;
    size_t n_ending;
};

/* ---- plan against done ---- */

struct year_plan {
    int32_t january;
    int64_t target;
    int32_t due;
};

static int take_plan(void *context, const struct plan *plan) {
    struct year_plan *year = context;
    int32_t month = date_month(plan->due);
    if (plan->measure == MEASURE_TRAININGS && month >= year->january &&
        month < year->january + 12 && plan->due >= year->due) {
        year->target = plan->target;
        year->due = plan->due;
    }
    return 0;
}

static int passed_between(struct report *report, uint32_t region, enum counter counter,
                          int32_t first, int32_t last, int64_t *ret_passed) {
    return counter_months(report->query->view, report->day.at, NOUN_REGION, region, counter, first,
                          last, ret_passed);
}

static enum counter topic_counter(size_t topic) {
    return (enum counter)(COUNTER_trainings_theory + topic);
}

static int region_cells(struct report *report, uint32_t number, json_t **ret_cells) {
    const struct training *training = report->context;
    struct year_plan plan = {.january = training->january, .target = -1, .due = INT32_MIN};
    json_t *cells = report_region_cells(report, number);
    int64_t passed = 0;
    int r = 0;
    for (size_t i = 0; r == 0 && i < COURSE_TOPIC_COUNT; i++) {
        int64_t of_topic;
        r = passed_between(report, number, topic_counter(i), training->january, training->last,
                           &of_topic);
        json_array_append_new(cells, json_integer((json_int_t)of_topic));
        passed += of_topic;
    }
    if (r == 0)
        r = plan_each(report->query->view, NOUN_REGION, number, report->day.at, take_plan, &plan);
    json_array_append_new(cells, json_integer((json_int_t)passed));
    json_array_append_new(cells, cell_number(plan.target));
    json_array_append_new(cells, cell_percent(passed, plan.target));
    json_array_append_new(cells, json_from_date(plan.due, INT32_MIN));
    json_array_append_new(cells, json_string(plan.target < 0         ? "no_data"
                                             : passed >= plan.target ? "met"
                                                                     : "not_met"));
    if (r == 0)
        *ret_cells = cells;
    else
        json_decref(cells);
    return r;
}

static int add_region(struct report *report, uint32_t number) {
    const struct training *training = report->context;
    json_t *cells;
    int r = region_cells(report, number, &cells);
    if (r == 0)
        section_row(training->section, cells);
    return r;
}

static int put_regions(struct report *report, json_t *document) {
    struct training *training = report->context;
    json_t *section = document_section(document, "计划与完成"), *cells;
    section_column(section, "region", "区划代码", "text");
    section_column(section, "name", REGION_LEVEL_choices.labels[report->level], "text");
    for (size_t i = 0; i < COURSE_TOPIC_COUNT; i++)
        section_column(section, COURSE_TOPIC_choices.words[i], COURSE_TOPIC_choices.labels[i],
                       "number");
    section_column(section, "passed", "本年合格", "number");
    section_column(section, "target", "计划", "number");
    section_column(section, "rate", "完成率", "percent");
    section_column(section, "due", "期限", "date");
    section_column(section, "state", "是否完成", "state");
    training->section = section;
    int r = report_each(report, add_region);
    if (r == 0)
        r = region_cells(report, report->region, &cells);
    if (r == 0)
        section_total(section, cells);
    return r;
}

/* ---- by topic, month by month ---- */

static int put_topics(struct report *report, json_t *document) {
    const struct training *training = report->context;
    json_t *section = document_section(document, "按内容");
    int64_t year[COURSE_TOPIC_COUNT] = {0};
    int r = 0;
    section_column(section, "topic", "内容", "text");
    section_column(section, "passed", "本年合格", "number");
    section_column(section, "ever", "累计合格", "number");
    for (size_t i = 0; r == 0 && i < COURSE_TOPIC_COUNT; i++) {
        json_t *series = document_series(document, "每月培训合格人次", "line", NULL);
        json_object_set_new(series, "name", json_string(COURSE_TOPIC_choices.labels[i]));
        for (int32_t month = training->january; r == 0 && month <= training->last; month++) {
            int64_t passed;
            r = passed_between(report, report->region, topic_counter(i), month, month, &passed);
            if (r != 0)
                break;
            year[i] += passed;
            series_point(series,
                         json_from_str(arena_printf(report->query->arena, "%d月", month % 12 + 1)),
                         json_integer((json_int_t)passed));
        }
    }
    for (size_t i = 0; r == 0 && i < COURSE_TOPIC_COUNT; i++) {
        int64_t ever;
        r = counter_value(report->query->view, report->day.at, NOUN_REGION, report->region,
                          topic_counter(i), &ever);
        section_row(section, json_pack("[s, I, I]", COURSE_TOPIC_choices.labels[i],
                                       (json_int_t)year[i], (json_int_t)ever));
    }
    return r;
}

/* ---- what ends soon ---- */

static int add_ending(struct report *report, const struct validity *validity, const char *kind,
                      struct str title, uint32_t region_number) {
    struct training *training = report->context;
    struct query *query = report->query;
    if (++training->n_ending > ENDING_LIMIT)
        return 0;
    json_t *region = report_region(report, region_number);
    json_t *cells =
        json_pack("[o, O, s, o, o, I]",
                  json_from_number(query, NOUN_VOLUNTEER, validity->volunteer, &report->arena),
                  json_object_get(region, "name"), kind, json_from_str(title),
                  json_from_date(validity->until, INT32_MIN),
                  (json_int_t)(validity->until - report->day.as_of));
    json_decref(region);
    section_row(training->section, cells);
    return 0;
}

struct ending_walk {
    struct report *report;
    const struct validity *validity;
    uint32_t region;
};

/* A qualification that was recorded again has another last day now, and is passed over. */
static int add_qualification(void *context, const struct qualification *held) {
    const struct ending_walk *walk = context;
    if (held->valid_until != walk->validity->until)
        return 0;
    return add_ending(walk->report, walk->validity, "资格", held->qualification, walk->region);
}

static int add_training(struct report *report, const struct validity *validity, uint32_t region) {
    struct thing course;
    uint32_t number;
    int r = validity_course(report->query->view, validity, &number);
    if (r != 0 || !number)
        return r;
    r = query_found(thing_get(report->query->view, NOUN_COURSE, number, &report->arena, &course));
    return r == 0 ? add_ending(report, validity, "培训",
                               ((const struct course_defined *)course.attributes)->title, region)
                  : r;
}

static int take_ending(void *context, const struct validity *validity) {
    struct report *report = context;
    struct volunteer_row person;
    arena_reset(&report->arena);
    int r = query_found(volunteer_get(report->query->view, validity->volunteer, &person));
    if (r != 0 || volunteer_has_left(&person) ||
        !region_lies_in(report->query, person.region, report->region))
        return r;
    if (validity->training)
        return add_training(report, validity, person.region);
    struct ending_walk walk = {report, validity, person.region};
    return qualifications_each(report->query->view, validity->volunteer, add_qualification, &walk);
}

static int put_ending(struct report *report, json_t *document) {
    struct training *training = report->context;
    struct arena *arena = report->query->arena;
    json_t *section = document_section(document, "即将到期");
    section_column(section, "volunteer", "志愿者", "text");
    section_column(section, "region", "区划", "text");
    section_column(section, "kind", "种类", "text");
    section_column(section, "title", "名称", "text");
    section_column(section, "valid_until", "有效期至", "date");
    section_column(section, "days", "剩余天数", "number");
    training->section = section;
    int r = validity_each(report->query->view, report->day.as_of,
                          report->day.as_of + (int32_t)training->within, take_ending, report);
    if (r == 0 && training->n_ending > ENDING_LIMIT)
        json_object_set_new(section, "note",
                            json_from_str(arena_printf(arena, "共%zu项，只列出前%d项",
                                                       training->n_ending, ENDING_LIMIT)));
    document_text(document, arena_printf(arena, "%lld天内到期的培训和资格共%zu项。",
                                         (long long)training->within, training->n_ending));
    return r;
}

static int fill(struct report *report, json_t *document) {
    struct training *training = report->context;
    struct query *query = report->query;
    int32_t year, month, day;
    static const char *const others[] = {"topic"};
    int other;
    int r = report_read_by(report, others, 1, &other);
    if (r == 0)
        r = query_range(query, "within", (struct range){0, WITHIN_LIMIT}, WITHIN_DEFAULT,
                        &training->within);
    if (r != 0)
        return r;
    date_to_civil(report->day.as_of, &year, &month, &day);
    training->last = date_month(report->day.as_of);
    training->january = training->last - month + 1;
    if (other < 0)
        r = put_regions(report, document);
    if (r == 0)
        r = put_topics(report, document);
    return r == 0 ? put_ending(report, document) : r;
}

int query_report_training(struct query *query, json_t **ret_result) {
    struct training training = {0};
    struct report report;
    int r = report_open_region(query, &report);
    report.context = &training;
    return report_answer(&report, r, "志愿者培训", fill, ret_result);
}
