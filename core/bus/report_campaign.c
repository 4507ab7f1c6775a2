/* report.campaign: what campaigns have come to, by region or unit: a table for each subject (the
 * activities in them, receipts for notices, tasks, commitments). Of the whole, receipts, tasks and
 * commitments are read from counters and can be told of any past day; of one campaign all is
 * summed over its own rows, as things stand.
 *
 * To add a subject: its figures to struct campaign_sum, and a row to `subjects`. */
#include "bus/campaign_sums.h"
#include "bus/methods.h"
#include "bus/report.h"

#define figure_of(sum, counter) ((sum)->figures.value[COUNTER_##counter - COUNTER_notices_to])

/* ---- the subjects ---- */

struct subject_column {
    const char *name;
    const char *title;
    const char *kind;
};

#define SUBJECT_COLUMNS 6
#define BARS 40 /* more regions are a table alone */

static bool has_activities(const struct campaign_sum *sum) {
    return sum->activities > 0;
}

static void activity_cells(const struct campaign_sum *sum, json_t *cells) {
    json_array_append_new(cells, json_integer(sum->activities));
    json_array_append_new(cells, json_integer(sum->records));
    json_array_append_new(cells, json_integer(sum->minutes));
}

static bool has_receipts(const struct campaign_sum *sum) {
    return figure_of(sum, notices_to) > 0;
}

static void receipt_cells(const struct campaign_sum *sum, json_t *cells) {
    int64_t to = figure_of(sum, notices_to), received = figure_of(sum, notices_received);
    json_array_append_new(cells, json_integer(to));
    json_array_append_new(cells, json_integer(received));
    json_array_append_new(cells, json_integer(figure_of(sum, notices_late)));
    json_array_append_new(cells, json_integer(to - received));
    json_array_append_new(cells, cell_percent(received, to));
}

static bool has_tasks(const struct campaign_sum *sum) {
    return figure_of(sum, tasks_open) + figure_of(sum, tasks_accepted) > 0;
}

static void task_cells(const struct campaign_sum *sum, json_t *cells) {
    int64_t accepted = figure_of(sum, tasks_accepted);
    int64_t all = figure_of(sum, tasks_open) + accepted;
    json_array_append_new(cells, json_integer(all));
    json_array_append_new(cells, json_integer(accepted));
    json_array_append_new(cells, json_integer(figure_of(sum, tasks_reported)));
    json_array_append_new(cells, json_integer(figure_of(sum, tasks_late)));
    json_array_append_new(cells, json_integer(figure_of(sum, tasks_overdue)));
    json_array_append_new(cells, cell_percent(accepted, all));
}

static bool has_commitments(const struct campaign_sum *sum) {
    return figure_of(sum, commitments_made) > 0;
}

static void commitment_cells(const struct campaign_sum *sum, json_t *cells) {
    int64_t made = figure_of(sum, commitments_made), kept = figure_of(sum, commitments_kept);
    json_array_append_new(cells, json_integer(made));
    json_array_append_new(cells, json_integer(kept));
    json_array_append_new(cells, json_integer(figure_of(sum, commitments_late)));
    json_array_append_new(cells, json_integer(figure_of(sum, commitments_overdue)));
    json_array_append_new(cells, cell_percent(kept, made));
}

static bool has_posts(const struct campaign_sum *sum) {
    return sum->pairings > 0 || sum->posts > 0 || sum->duty_days > 0;
}

static void post_cells(const struct campaign_sum *sum, json_t *cells) {
    json_array_append_new(cells, json_integer(sum->pairings));
    json_array_append_new(cells, json_integer(sum->posts));
    json_array_append_new(cells, json_integer(sum->posts_claimed));
    json_array_append_new(cells, json_integer(sum->posts - sum->posts_claimed));
    json_array_append_new(cells, json_integer(sum->duty_days));
    json_array_append_new(cells, cell_percent(sum->duty_days - sum->duties_missed, sum->duty_days));
}

static bool has_members(const struct campaign_sum *sum) {
    return sum->members > 0;
}

static void member_cells(const struct campaign_sum *sum, json_t *cells) {
    json_array_append_new(cells, json_integer(sum->members));
    json_array_append_new(cells, json_integer(sum->reported_in));
    json_array_append_new(cells, json_integer(sum->members - sum->reported_in));
    json_array_append_new(cells, cell_percent(sum->reported_in, sum->members));
}

static const struct subject_table {
    const char *title;
    bool walked; /* there are no counters: only as things stand */
    bool of_all; /* it names no campaign: only where all are asked for, and by unit */
    bool (*is_there)(const struct campaign_sum *sum);
    void (*cells)(const struct campaign_sum *sum, json_t *cells);
    struct subject_column columns[SUBJECT_COLUMNS];
} subjects[] = {
    {"活动",
     true,
     false,
     has_activities,
     activity_cells,
     {{"activities", "活动数", "number"},
      {"records", "服务人次", "number"},
      {"minutes", "服务时长", "hours"}}},
    {"通知回执",
     false,
     false,
     has_receipts,
     receipt_cells,
     {{"to", "应回执", "number"},
      {"received", "已回执", "number"},
      {"late", "其中逾期回执", "number"},
      {"missing", "未回执", "number"},
      {"received_rate", "回执率", "percent"}}},
    {"任务",
     false,
     false,
     has_tasks,
     task_cells,
     {{"tasks", "任务数", "number"},
      {"accepted", "已验收", "number"},
      {"reported", "待验收", "number"},
      {"late", "逾期报告", "number"},
      {"overdue", "逾期未报", "number"},
      {"accepted_rate", "完成率", "percent"}}},
    {"承诺",
     false,
     false,
     has_commitments,
     commitment_cells,
     {{"made", "承诺数", "number"},
      {"kept", "已兑现", "number"},
      {"late", "其中逾期兑现", "number"},
      {"overdue", "逾期未兑现", "number"},
      {"kept_rate", "兑现率", "percent"}}},
    {"结对包抓与认岗定责",
     true,
     false,
     has_posts,
     post_cells,
     {{"pairings", "结对", "number"},
      {"posts", "岗位", "number"},
      {"claimed", "已认领", "number"},
      {"unclaimed", "未认领", "number"},
      {"duty_days", "应值守（天）", "number"},
      {"kept", "值守率", "percent"}}},
    {"在职党员报到",
     false,
     true,
     has_members,
     member_cells,
     {{"members", "在职党员", "number"},
      {"reported_in", "已报到", "number"},
      {"unreported", "未报到", "number"},
      {"rate", "报到率", "percent"}}},
};
#define N_SUBJECTS (sizeof subjects / sizeof *subjects)

/* ---- the rows of a subject ---- */

struct campaigning {
    uint32_t campaign; /* 0: all */
    bool by_unit;
    struct campaign_sums sums;
    const struct subject_table *subject;
    json_t *section;
    json_t *series;              /* by region: of each subject its rate, or how many activities */
    struct campaign_sum members; /* of the units that were told */
    struct campaign_sum listed;  /* of the regions that were told */
};

/* What there is of a region or organisation. */
static int sum_of(struct report *report, enum noun noun, uint32_t number,
                  struct campaign_sum *ret_sum) {
    const struct campaigning *self = report->context;
    struct counter_row counters;
    *ret_sum =
        noun == NOUN_REGION ? self->sums.by_region[number] : self->sums.by_organisation[number];
    if (self->campaign)
        return 0;
    int r = counter_get(report->query->view, report->day.at, noun, number, &counters);
    if (r == 0)
        memcpy(ret_sum->figures.value, &counters.value[COUNTER_notices_to],
               sizeof ret_sum->figures.value);
    ret_sum->members = counters.in_service_party_members;
    ret_sum->reported_in = counters.members_reported_in;
    return r;
}

static int region_cells(struct report *report, uint32_t region, const struct campaign_sum *sum,
                        json_t **ret_cells) {
    const struct campaigning *self = report->context;
    *ret_cells = report_region_cells(report, region);
    if (!*ret_cells)
        return query_found(THING_NOT_FOUND);
    self->subject->cells(sum, *ret_cells);
    return 0;
}

/* Which column is drawn: the rate, which is the last one, or the first. */
static size_t drawn_column(const struct subject_table *subject) {
    size_t n = 0;
    while (n < SUBJECT_COLUMNS && subject->columns[n].name)
        n++;
    return strcmp(subject->columns[n - 1].kind, "percent") == 0 ? n - 1 : 0;
}

/* Without anything that could be done there is no rate, and nothing to draw. */
static void draw(const struct campaigning *self, const json_t *cells) {
    json_t *cell = json_array_get(cells, 2 + drawn_column(self->subject));
    bool nothing = json_is_array(cell) && json_integer_value(json_array_get(cell, 1)) == 0;
    series_point(self->series, json_incref(json_array_get(cells, 1)),
                 nothing ? json_null() : json_incref(cell));
}

static int add_region(struct report *report, uint32_t region) {
    struct campaigning *self = report->context;
    struct campaign_sum sum;
    json_t *cells;
    int r = sum_of(report, NOUN_REGION, region, &sum);
    if (r == 0)
        r = region_cells(report, region, &sum, &cells);
    if (r != 0)
        return r;
    campaign_sum_add(&self->listed, &sum, 1);
    draw(self, cells);
    section_row(self->section, cells);
    return 0;
}

/* What is asked of the region's own offices lies in none of its parts. */
static int add_rest(struct report *report) {
    const struct campaigning *self = report->context;
    struct campaign_sum rest;
    json_t *cells;
    int r = sum_of(report, NOUN_REGION, report->region, &rest);
    campaign_sum_add(&rest, &self->listed, -1);
    if (r != 0 || !self->subject->is_there(&rest))
        return r;
    r = region_cells(report, report->region, &rest, &cells);
    if (r != 0)
        return r;
    struct str name = str_from(json_string_value(json_array_get(cells, 1)));
    name = arena_printf(report->query->arena, "%.*s本级", STR_ARG(name));
    json_array_set_new(cells, 1, json_from_str(name));
    section_row(self->section, cells);
    return 0;
}

/* 通知回执 回执率, in percent; 活动 活动数, as a number. */
static json_t *subject_series(struct report *report, json_t *document,
                              const struct subject_table *subject) {
    size_t drawn = drawn_column(subject);
    struct str title =
        arena_printf(report->query->arena, "%s：%s", subject->title, subject->columns[drawn].title);
    return document_series(document, title.data, "bar", drawn ? "%" : NULL);
}

static int add_unit(struct report *report, const struct report_unit *unit) {
    struct campaigning *self = report->context;
    struct campaign_sum sum;
    int r = sum_of(report, NOUN_ORGANISATION, unit->number, &sum);
    if (r != 0 || !self->subject->is_there(&sum))
        return r;
    json_t *cells = json_pack("[o, o]", json_from_str(unit->attributes.organisation),
                              json_from_str(unit->attributes.name));
    self->subject->cells(&sum, cells);
    section_row(self->section, cells);
    campaign_sum_add(&self->members, &sum, 1);
    return 0;
}

/* Members are those of the units, wherever they live. */
static int total_cells(struct report *report, json_t **ret_cells) {
    const struct campaigning *self = report->context;
    struct campaign_sum sum = self->members;
    int r = self->subject->of_all ? 0 : sum_of(report, NOUN_REGION, report->region, &sum);
    return r == 0 ? region_cells(report, report->region, &sum, ret_cells) : r;
}

static int add_subject(struct report *report, json_t *document,
                       const struct subject_table *subject) {
    struct campaigning *self = report->context;
    json_t *total;
    self->subject = subject;
    self->members = self->listed = (struct campaign_sum){0};
    self->section = document_section(document, subject->title);
    section_column(self->section, self->by_unit ? "organisation" : "region",
                   self->by_unit ? "单位编号" : "区划代码", "text");
    section_column(self->section, "name",
                   self->by_unit ? "单位" : REGION_LEVEL_choices.labels[report->level], "text");
    for (size_t i = 0; i < SUBJECT_COLUMNS && subject->columns[i].name; i++)
        section_column(self->section, subject->columns[i].name, subject->columns[i].title,
                       subject->columns[i].kind);
    if (!self->by_unit)
        self->series = subject_series(report, document, subject);
    int r = self->by_unit ? report_each_unit(report, add_unit) : report_each(report, add_region);
    json_t *series = json_object_get(document, "series");
    if (!self->by_unit && json_array_size(json_object_get(self->series, "points")) > BARS)
        json_array_remove(series, json_array_size(series) - 1);
    if (r == 0 && !self->by_unit)
        r = add_rest(report);
    if (r == 0)
        r = total_cells(report, &total);
    if (r == 0)
        section_total(self->section, total);
    return r;
}

/* ---- the campaigns themselves ---- */

static int campaign_cells(struct report *report, uint32_t number, json_t **ret_cells) {
    const struct campaigning *self = report->context;
    const struct campaign_sum *sum = &self->sums.by_campaign[number];
    struct thing thing;
    int r =
        query_found(thing_get(report->query->view, NOUN_CAMPAIGN, number, &report->arena, &thing));
    if (r != 0)
        return r;
    const struct campaign_launched *campaign = thing.attributes;
    *ret_cells =
        json_pack("[o, o, o, o, s, I, I, I, o, o, o]", json_from_str(campaign->campaign),
                  json_from_str(campaign->title), json_from_date(campaign->starts, INT32_MIN),
                  json_from_date(campaign->ends, INT32_MIN),
                  thing.state == CAMPAIGN_CLOSED ? "已结束" : "进行中", (json_int_t)sum->activities,
                  (json_int_t)sum->records, (json_int_t)sum->minutes,
                  cell_percent(figure_of(sum, notices_received), figure_of(sum, notices_to)),
                  cell_percent(figure_of(sum, tasks_accepted),
                               figure_of(sum, tasks_open) + figure_of(sum, tasks_accepted)),
                  cell_percent(figure_of(sum, commitments_kept), figure_of(sum, commitments_made)));
    return 0;
}

static int add_campaigns(struct report *report, json_t *document) {
    const struct campaigning *self = report->context;
    json_t *section = document_section(document, "专项行动"), *cells;
    section_column(section, "campaign", "编号", "text");
    section_column(section, "title", "名称", "text");
    section_column(section, "starts", "开始", "date");
    section_column(section, "ends", "结束", "date");
    section_column(section, "state", "状态", "text");
    section_column(section, "activities", "活动数", "number");
    section_column(section, "records", "服务人次", "number");
    section_column(section, "minutes", "服务时长", "hours");
    section_column(section, "received_rate", "回执率", "percent");
    section_column(section, "accepted_rate", "任务完成率", "percent");
    section_column(section, "kept_rate", "承诺兑现率", "percent");
    for (uint32_t number = 1; number <= self->sums.n_campaigns; number++) {
        if (self->campaign && number != self->campaign)
            continue;
        arena_reset(&report->arena);
        int r = campaign_cells(report, number, &cells);
        if (r != 0)
            return r;
        section_row(section, cells);
    }
    return 0;
}

static int fill(struct report *report, json_t *document) {
    const struct campaigning *self = report->context;
    bool is_past = report->day.at != COUNTER_NOW;
    int r = is_past ? 0 : add_campaigns(report, document);
    for (size_t i = 0; r == 0 && i < N_SUBJECTS; i++)
        if ((!is_past || !subjects[i].walked) &&
            (!subjects[i].of_all || (self->by_unit && !self->campaign)))
            r = add_subject(report, document, &subjects[i]);
    if (!self->campaign)
        document_text(document, STR("通知、任务、承诺为全部在册数，不限于某一专项行动；"
                                    "只看某一项行动，请指明其编号（campaign）。"));
    return r;
}

static int read_campaign(struct report *report, struct campaigning *self) {
    int r = query_noun(report->query, NOUN_CAMPAIGN, "campaign", &self->campaign);
    if (r == 0 && self->campaign && report->day.at != COUNTER_NOW)
        return problem_set(report->query->problem, PROBLEM_OUT_OF_RANGE, "as_of",
                           "of one campaign the report tells how things stand today; leave as_of "
                           "or campaign out");
    return r;
}

int query_report_campaign(struct query *query, json_t **ret_result) {
    static const char *const others[] = {"unit"};
    struct report report;
    struct campaigning self = {.campaign = 0};
    int other = -1;
    int r = report_open_region(query, &report);
    if (r == 0)
        r = report_read_by(&report, others, 1, &other);
    if (r == 0)
        r = read_campaign(&report, &self);
    if (r == 0)
        r = campaign_sums(query, self.campaign, &self.sums);
    self.by_unit = other >= 0;
    report.context = &self;
    return report_answer(&report, r, "专项行动进展", fill, ret_result);
}
