/* report.media: what newspapers and stations may print as it stands: figures, what takes place
 * next, bulletins, cases, honours. Nothing in it names a person or leads to one: no names, ids,
 * telephones or places of somebody's home, no count of people that is so small that it is about
 * somebody. Beside the document stands the same as a JSON Feed (jsonfeed.org, version 1.1). */
#include <stdlib.h>

#include "bus/methods.h"
#include "bus/report.h"
#include "domain/activities.h"
#include "domain/beneficiaries.h"
#include "domain/bulletins.h"
#include "domain/cases.h"
#include "domain/consents.h"
#include "domain/dictionaries.h"
#include "domain/honours.h"
#include "domain/shifts.h"

#define SINCE_DAYS 30
#define ACTIVITIES_LISTED 50
#define PEOPLE_LEAST 5 /* fewer are not told */
#define PURPOSE STR("publicity")

struct media {
    struct report *report;
    json_t *document;
    json_t *items; /* of the feed */
    int32_t since;
    bool *care; /* by number of project: somebody's care plan names it */
    uint32_t n_projects;
    size_t n_private; /* honours of people who did not agree that it is told */
};

/* ---- the feed ---- */

/* Takes nothing; date INT32_MIN: it has none. */
static void feed_add(struct media *self, const char *kind, struct str id, json_t *title,
                     struct str text, int32_t date) {
    struct query *query = self->report->query;
    json_t *item =
        json_pack("{s:o, s:O, s:o, s:[s]}", "id",
                  json_from_str(arena_printf(query->arena, "%s/%.*s", kind, STR_ARG(id))), "title",
                  title, "content_text", json_from_str(text), "tags", kind);
    if (date != INT32_MIN)
        json_object_set_new(item, "date_published",
                            json_from_time(query, zone_midnight(&query->city.zone, date)));
    json_array_append_new(self->items, item);
}

/* ---- figures ---- */

static const struct {
    const char *name;
    const char *title;
    enum counter counter;
    bool of_people;
    const char *unit;
} figures[] = {
    {"volunteers", "注册志愿者", COUNTER_volunteers, true, "人"},
    {"party_members", "其中在职党员", COUNTER_in_service_party_members, true, "人"},
    {"records", "服务人次", COUNTER_records, true, "人次"},
    {"minutes", "服务时长", COUNTER_minutes, false, "小时"},
    {"activities", "志愿服务活动", COUNTER_activities, false, "场"},
    {"teams", "志愿服务队", COUNTER_teams, false, "支"},
    {"projects", "志愿服务项目", COUNTER_projects, false, "个"},
    {"stations", "投入使用的服务站", COUNTER_stations_opened, false, "个"},
    {"needs_met", "解决的群众需求", COUNTER_needs_met, true, "件"},
};

/* Where there are so few, whoever knows the place knows whom it is about. */
static json_t *people_cell(int64_t value, bool of_people) {
    bool is_few = of_people && value > -PEOPLE_LEAST && value < PEOPLE_LEAST && value != 0;
    return is_few ? json_null() : json_integer(value);
}

static struct str figures_sentence(struct media *self, struct str text, size_t i,
                                   const json_t *cell) {
    if (!json_is_integer(cell))
        return text;
    return arena_printf(self->report->query->arena, "%.*s%s%s %lld %s", STR_ARG(text),
                        text.size ? "，" : "", figures[i].title,
                        (long long)json_integer_value(cell), figures[i].unit);
}

static int put_figures(struct media *self) {
    struct report *report = self->report;
    struct query *query = report->query;
    json_t *section = document_section(self->document, "数据");
    struct str text = STR("");
    struct counter_row now, before;
    int r = counter_get(query->view, COUNTER_NOW, NOUN_REGION, report->region, &now);
    if (r == 0)
        r = counter_get(query->view, self->since - 1, NOUN_REGION, report->region, &before);
    if (r != 0)
        return r;
    section_column(section, "name", "指标", "text");
    section_column(section, "value", "累计", "number");
    section_column(section, "added", "期间新增", "number");
    section_column(section, "unit", "单位", "text");
    bool is_known = now.volunteers == 0 || now.volunteers >= PEOPLE_LEAST;
    for (size_t i = 0; i < sizeof figures / sizeof *figures; i++) {
        bool hours = figures[i].counter == COUNTER_minutes;
        bool of_people = figures[i].of_people || (hours && !is_known);
        int64_t scale = hours ? 60 : 1, value = now.value[figures[i].counter] / scale;
        json_t *cell = people_cell(value, of_people);
        json_t *added = people_cell(value - before.value[figures[i].counter] / scale, of_people);
        text = figures_sentence(self, text, i, cell);
        section_row(section,
                    json_pack("[s, o, o, s]", figures[i].title, cell, added, figures[i].unit));
    }
    json_object_set_new(section, "note", json_string("不足五人(次)的不列出；期间新增自起始日起算"));
    if (text.size)
        text = arena_printf(query->arena, "%.*s。", STR_ARG(text));
    document_text(self->document, text);
    json_t *title =
        json_from_str(arena_printf(query->arena, "志愿服务数据（截至%.*s）",
                                   STR_ARG(date_in_words(query->arena, report->day.as_of))));
    struct region_defined region;
    r = query_found(report_region_attributes(report, report->region, query->arena, &region));
    if (r == 0)
        feed_add(self, "figures", region.region, title, text, report->day.as_of);
    json_decref(title);
    return r;
}

/* ---- what takes place next ---- */

struct upcoming {
    uint32_t number;
    int64_t starts_s;
};

static int starts_first(const void *a, const void *b) {
    const struct upcoming *left = a, *right = b;
    if (left->starts_s != right->starts_s)
        return left->starts_s < right->starts_s ? -1 : 1;
    return (left->number > right->number) - (left->number < right->number);
}

/* What a care plan goes by takes place at somebody's home. */
static int read_care(struct media *self) {
    struct query *query = self->report->query;
    uint32_t count;
    int r = thing_count(query->view, NOUN_PROJECT, &self->n_projects);
    if (r == 0)
        r = thing_count(query->view, NOUN_BENEFICIARY, &count);
    if (r != 0)
        return r;
    self->care = arena_alloc(query->arena, (self->n_projects + 1) * sizeof *self->care);
    memset(self->care, 0, (self->n_projects + 1) * sizeof *self->care);
    for (uint32_t number = 1; r == 0 && number <= count; number++) {
        struct beneficiary beneficiary;
        r = query_found(beneficiary_get(query->view, number, &beneficiary));
        if (r == 0 && beneficiary.row.project <= self->n_projects)
            self->care[beneficiary.row.project] = true;
    }
    self->care[0] = false;
    return r;
}

static bool is_at_home(const struct media *self, const struct activity_summary *summary) {
    return summary->visit || (summary->project <= self->n_projects && self->care[summary->project]);
}

/* Everybody may come: not over, not a visit to somebody's home. */
static int is_open(struct media *self, uint32_t number, struct upcoming *ret_upcoming,
                   bool *ret_open) {
    struct query *query = self->report->query;
    struct activity_summary summary;
    struct shift_row shift;
    *ret_open = false;
    int r = activity_summary(query->view, number, &summary);
    if (r != 0 || summary.state != ACTIVITY_PUBLISHED || is_at_home(self, &summary) ||
        !region_lies_in(query, summary.region, self->report->region))
        return r < 0 ? r : 0;
    r = shift_get(query->view, number, STR_NONE, &shift);
    if (r != 0)
        return r < 0 ? r : 0;
    int64_t now_s = zone_midnight(&query->city.zone, self->report->day.as_of + 1) / MICROSECONDS;
    *ret_upcoming = (struct upcoming){number, shift.starts_s};
    *ret_open = shift.ends_s >= now_s && !shift.gone;
    return 0;
}

static int organiser_name(struct media *self, const struct activity_published *activity,
                          json_t **ret_name) {
    struct query *query = self->report->query;
    bool has_team = HAS(activity, activity_published, team);
    enum noun noun = has_team ? NOUN_TEAM : NOUN_ORGANISATION;
    struct thing thing;
    uint32_t number;
    int r =
        thing_find(query->view, noun, has_team ? activity->team : activity->organisation, &number);
    if (r == 0)
        r = thing_get(query->view, noun, number, query->arena, &thing);
    *ret_name = r == 0 ? json_from_str(thing_label(noun, &thing)) : json_null();
    return r < 0 ? r : 0;
}

static int put_activity(struct media *self, json_t *section, const struct upcoming *upcoming) {
    struct query *query = self->report->query;
    struct activity_published activity;
    enum activity_state state;
    struct dictionary_code category = {.title = STR("")};
    json_t *organiser;
    int r = activity_get(query->view, upcoming->number, query->arena, &activity, &state);
    if (r == 0)
        r = dictionary_get(query->view, DICTIONARY_CATEGORY, activity.category, &category);
    if (r == 0)
        r = organiser_name(self, &activity, &organiser);
    if (r != 0)
        return query_found(r);
    int32_t date = zone_date(&query->city.zone, upcoming->starts_s * MICROSECONDS);
    json_t *title = json_from_str(activity.title);
    struct str text =
        arena_printf(query->arena, "%.*s，%.*s，%.*s", STR_ARG(date_in_words(query->arena, date)),
                     STR_ARG(category.title), STR_ARG(activity.place.text));
    feed_add(self, "activity", activity.activity, title, text, INT32_MIN);
    section_row(section, json_pack("[o, o, o, o, o]", json_from_date(date, INT32_MIN), title,
                                   json_from_str(category.title), organiser,
                                   json_from_str(activity.place.text)));
    return 0;
}

static int put_activities(struct media *self) {
    struct query *query = self->report->query;
    json_t *section = document_section(self->document, "近期活动");
    uint32_t count;
    size_t n = 0;
    int r = read_care(self);
    if (r == 0)
        r = thing_count(query->view, NOUN_ACTIVITY, &count);
    if (r != 0)
        return r;
    struct upcoming *list = arena_alloc(query->arena, (count + 1) * sizeof *list);
    for (uint32_t number = 1; r == 0 && number <= count; number++) {
        bool open;
        r = is_open(self, number, &list[n], &open);
        n += r == 0 && open;
    }
    if (r != 0)
        return r;
    qsort(list, n, sizeof *list, starts_first);
    section_column(section, "date", "日期", "date");
    section_column(section, "title", "活动", "text");
    section_column(section, "category", "类别", "text");
    section_column(section, "organiser", "组织者", "text");
    section_column(section, "place", "地点", "text");
    for (size_t i = 0; r == 0 && i < n && i < ACTIVITIES_LISTED; i++)
        r = put_activity(self, section, &list[i]);
    return r;
}

/* ---- bulletins ---- */

static int put_bulletin(struct media *self, json_t *section, uint32_t bulletin, bool *ret_goes_on) {
    struct query *query = self->report->query;
    struct thing thing;
    int r = query_found(thing_get(query->view, NOUN_BULLETIN, bulletin, query->arena, &thing));
    if (r != 0)
        return r;
    const struct bulletin_issued *issued = thing.attributes;
    *ret_goes_on = issued->as_of >= self->since;
    if (!*ret_goes_on)
        return 0;
    json_t *title = json_from_str(issued->title);
    feed_add(self, "bulletin", issued->bulletin, title,
             arena_printf(query->arena, "第 %lld 期，数据截至%.*s", (long long)issued->number,
                          STR_ARG(date_in_words(query->arena, issued->as_of))),
             issued->as_of);
    section_row(section,
                json_pack("[o, o, s, I]", json_from_date(issued->as_of, INT32_MIN), title,
                          BULLETIN_KIND_choices.labels[issued->kind], (json_int_t)issued->number));
    return 0;
}

static int put_bulletins(struct media *self) {
    struct view *view = self->report->query->view;
    json_t *section = document_section(self->document, "印发的通报");
    int r = 0;
    section_column(section, "as_of", "数据截至", "date");
    section_column(section, "title", "通报", "text");
    section_column(section, "kind", "种类", "text");
    section_column(section, "number", "期号", "number");
    for (int kind = 0; r >= 0 && kind < BULLETIN_KIND_COUNT; kind++) {
        uint32_t last, bulletin;
        bool goes_on = true;
        r = bulletin_last(view, (enum BULLETIN_KIND_choice)kind, self->report->region, &last);
        for (; r >= 0 && goes_on && last > 0; last--) {
            r = bulletin_find(view, (enum BULLETIN_KIND_choice)kind, self->report->region, last,
                              &bulletin);
            if (r == 0)
                r = put_bulletin(self, section, bulletin, &goes_on);
        }
    }
    return r < 0 ? r : 0;
}

/* ---- cases: what whom they are about agreed to have read, in the words that were published ----
 */

struct case_listing {
    struct media *media;
    json_t *section;
};

static int put_case(void *context, uint32_t number, const struct case_record *record) {
    struct case_listing *listing = context;
    struct media *self = listing->media;
    struct query *query = self->report->query;
    const struct case_row row = record->row;
    struct str text = arena_copy(query->arena, record->text);
    struct thing thing;
    if (row.published_on < self->since || !row.region ||
        !region_lies_in(query, row.region, self->report->region))
        return 0;
    int r = query_found(thing_get(query->view, NOUN_CASE, number, query->arena, &thing));
    if (r != 0)
        return r;
    const struct case_nominated *nominated = thing.attributes;
    json_t *title = json_from_str(nominated->title);
    feed_add(self, "case", nominated->case_, title, text, row.published_on);
    section_row(listing->section,
                json_pack("[o, o, o]", json_from_date(row.published_on, INT32_MIN), title,
                          json_from_str(text)));
    return 0;
}

static int put_cases(struct media *self) {
    struct case_listing listing = {self, document_section(self->document, "典型案例")};
    section_column(listing.section, "date", "发布日期", "date");
    section_column(listing.section, "title", "案例", "text");
    section_column(listing.section, "text", "正文", "text");
    return cases_each_public(self->report->query->view, self->report->day.as_of, put_case,
                             &listing);
}

/* ---- honours ---- */

/* Organisations and teams by name; a person without any, who agreed that it is told. */
static int honoured(struct media *self, const struct nomination_row *row, json_t **ret_name) {
    struct query *query = self->report->query;
    struct thing thing;
    bool agrees;
    *ret_name = NULL;
    if (row->noun != NOUN_VOLUNTEER) {
        int r = thing_get(query->view, (enum noun)row->noun, row->subject, query->arena, &thing);
        if (r == 0)
            *ret_name = json_from_str(thing_label((enum noun)row->noun, &thing));
        return query_found(r);
    }
    int r = consent_current(query->view, row->subject, PURPOSE, self->report->day.as_of, &agrees);
    if (r == 0 && agrees)
        *ret_name = json_string("志愿者（个人）");
    self->n_private += r == 0 && !agrees;
    return r;
}

static int put_honour(struct media *self, json_t *section, uint32_t number) {
    struct query *query = self->report->query;
    struct nomination_row row;
    struct honour_defined honour;
    json_t *name;
    int r = query_found(nomination_get(query->view, number, &row));
    if (r != 0 || row.state != NOMINATION_AWARDED || row.awarded_on < self->since || !row.region ||
        !region_lies_in(query, row.region, self->report->region))
        return r;
    r = honoured(self, &row, &name);
    if (r == 0 && name)
        r = query_found(honour_get(query->view, row.honour, query->arena, &honour));
    if (r != 0 || !name) {
        json_decref(name);
        return r;
    }
    json_t *title = json_from_str(honour.title);
    feed_add(self, "honour", arena_printf(query->arena, "%llu", (unsigned long long)row.settled),
             title, str_from(json_string_value(name)), row.awarded_on);
    section_row(section, json_pack("[o, o, s, o]", json_from_date(row.awarded_on, INT32_MIN), title,
                                   TITLE_LEVEL_choices.labels[honour.level], name));
    return 0;
}

static int put_honours(struct media *self) {
    struct query *query = self->report->query;
    json_t *section = document_section(self->document, "表彰");
    uint32_t count;
    int r = thing_count(query->view, NOUN_NOMINATION, &count);
    section_column(section, "date", "日期", "date");
    section_column(section, "title", "荣誉", "text");
    section_column(section, "level", "级别", "text");
    section_column(section, "subject", "对象", "text");
    for (uint32_t number = 1; r == 0 && number <= count; number++)
        r = put_honour(self, section, number);
    if (self->n_private > 0)
        json_object_set_new(section, "note",
                            json_string("个人没有同意宣传的不列出；个人一律不写姓名"));
    return r;
}

/* ---- the answer ---- */

static int read_since(struct media *self) {
    struct report *report = self->report;
    self->since = query_date(report->query, "since", report->day.as_of - SINCE_DAYS + 1);
    if (self->since <= report->day.as_of)
        return 0;
    return problem_set(report->query->problem, PROBLEM_IN_FUTURE, "since",
                       "that day lies ahead; leave since out for the last 30 days");
}

static int fill(struct media *self) {
    int r = put_figures(self);
    if (r == 0)
        r = put_activities(self);
    if (r == 0)
        r = put_bulletins(self);
    if (r == 0)
        r = put_cases(self);
    return r == 0 ? put_honours(self) : r;
}

int query_report_media(struct query *query, json_t **ret_result) {
    struct report report;
    struct media self = {.report = &report};
    int r = report_open_region(query, &report);
    if (r == 0)
        r = read_since(&self);
    if (r == 0) {
        self.document = document_new(&report, "志愿服务媒体信息");
        self.items = json_array();
        r = fill(&self);
    }
    if (r == 0)
        *ret_result = json_pack("{s:O, s:{s:s, s:O, s:s, s:O}}", "document", self.document, "feed",
                                "version", "https://jsonfeed.org/version/1.1", "title",
                                json_object_get(self.document, "title"), "language", "zh-CN",
                                "items", self.items);
    json_decref(self.document);
    json_decref(self.items);
    report_close(&report);
    return r;
}
