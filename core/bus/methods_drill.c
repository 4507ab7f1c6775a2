/* bulletin.drill: from a figure of a bulletin to what it is made of: the regions below, level by
 * level, and in the end the things themselves. */
#include "bus/bulletin.h"
#include "bus/compare.h"
#include "bus/drill.h"
#include "bus/methods.h"
#include "bus/report.h"
#include "domain/bulletins.h"
#include "domain/figures.h"
#include "domain/organisations.h"

#define LIST_LIMIT 200

struct figure_asked {
    struct query *query;
    json_t *document; /* owned */
    const json_t *section;
    const json_t *column;
    const json_t *cell; /* of the document */
    struct str label;   /* of the row */
    struct drill drill;
    uint32_t region; /* of the bulletin */
    bool is_total;
};

static const char *text_of(const json_t *object, const char *name) {
    const char *text = json_string_value(json_object_get(object, name));
    return text ? text : "";
}

/* ---- which bulletin ---- */

static int open_issued(struct figure_asked *self, uint32_t bulletin) {
    struct query *query = self->query;
    struct thing thing;
    int r = query_found(thing_get(query->view, NOUN_BULLETIN, bulletin, query->arena, &thing));
    if (r != 0)
        return r;
    const struct bulletin_issued *issued = thing.attributes;
    int32_t as_of = issued->as_of;
    self->drill.day = (struct query_day){as_of, as_of < query_today(query) ? as_of : COUNTER_NOW};
    r = query_found(thing_find(query->view, NOUN_REGION, issued->region, &self->region));
    return r == 0 ? bulletin_document(query, bulletin, COUNTER_NOW, &self->document) : r;
}

static int open_edition(struct figure_asked *self) {
    struct edition edition;
    int r = edition_open(self->query, &edition);
    if (r == 0) {
        self->document = json_incref(edition.document);
        self->region = edition.region;
        self->drill.day = edition.day;
    }
    edition_close(&edition);
    return r;
}

static int open_bulletin(struct figure_asked *self) {
    uint32_t bulletin;
    int r = query_noun(self->query, NOUN_BULLETIN, "bulletin", &bulletin);
    if (r == 0 && !bulletin && !query_text(self->query, "kind").data)
        return problem_set(self->query->problem, PROBLEM_MISSING_FIELD, "bulletin",
                           "name a bulletin, or the kind of one that was not issued yet");
    if (r != 0)
        return r;
    return bulletin ? open_issued(self, bulletin) : open_edition(self);
}

/* ---- which figure ---- */

static bool is_sourced(const json_t *column) {
    return json_object_get(column, "counts") || json_object_get(column, "figure");
}

static const json_t *column_named(const json_t *section, struct str name, size_t *ret_index) {
    const json_t *columns = json_object_get(section, "columns");
    for (size_t i = 0; i < json_array_size(columns); i++) {
        const json_t *column = json_array_get(columns, i);
        *ret_index = i;
        if (is_sourced(column) && (str_equal(str_from(text_of(column, "name")), name) ||
                                   str_equal(str_from(text_of(column, "title")), name)))
            return column;
    }
    return NULL;
}

/* "注册人数, 注册率": what can be asked for. */
static struct str columns_there(struct figure_asked *self, struct str section_asked) {
    struct arena *arena = self->query->arena;
    struct str all = STR("");
    size_t i, k;
    json_t *section, *column;
    json_array_foreach(json_object_get(self->document, "sections"), i, section) {
        if (section_asked.data && !str_equal(section_asked, str_from(text_of(section, "title"))))
            continue;
        json_array_foreach(json_object_get(section, "columns"), k, column) {
            if (is_sourced(column) && all.size < 1000)
                all = arena_printf(arena, "%.*s%s%s (%s)", STR_ARG(all), all.size ? ", " : "",
                                   text_of(column, "name"), text_of(section, "title"));
        }
    }
    return all;
}

static int choose_column(struct figure_asked *self, size_t *ret_index) {
    struct query *query = self->query;
    struct str title = query_text(query, "section"), name = query_text(query, "column");
    size_t i;
    json_t *section;
    json_array_foreach(json_object_get(self->document, "sections"), i, section) {
        if (title.data && !str_equal(title, str_from(text_of(section, "title"))))
            continue;
        self->section = section;
        self->column = column_named(section, name, ret_index);
        if (self->column)
            return 0;
    }
    return problem_set(query->problem, PROBLEM_OUT_OF_RANGE, self->section ? "column" : "section",
                       "there is no such figure that is counted; there are: %.*s",
                       STR_ARG(columns_there(self, self->section ? title : STR_NONE)));
}

static bool row_is(const json_t *section, size_t index, struct str wanted) {
    const json_t *row = json_array_get(json_object_get(section, "rows"), index), *cell;
    const char *subject =
        json_string_value(json_array_get(json_object_get(section, "subjects"), index));
    const char *slash = subject ? strchr(subject, '/') : NULL;
    if (slash && str_equal(str_from(slash + 1), wanted))
        return true;
    for (size_t i = 0; (cell = json_array_get(row, i)) != NULL; i++)
        if (json_is_string(cell) && str_equal(str_from(json_string_value(cell)), wanted))
            return true;
    return false;
}

static int no_row(struct figure_asked *self, const char *why) {
    struct str wanted = query_text(self->query, "row");
    return problem_set(self->query->problem, PROBLEM_OUT_OF_RANGE, "row", "the row '%.*s' %s",
                       STR_ARG(wanted), why);
}

/* None: the total, which is about the bulletin's region. */
static int choose_row(struct figure_asked *self, size_t column) {
    struct query *query = self->query;
    const json_t *rows = json_object_get(self->section, "rows"), *subject;
    struct str wanted = query_text(query, "row");
    size_t index = 0;
    if (!wanted.data) {
        self->is_total = true;
        self->drill.noun = NOUN_REGION;
        self->drill.number = self->region;
        self->cell = json_array_get(json_object_get(self->section, "total"), column);
        self->label = STR("合计");
        return 0;
    }
    while (index < json_array_size(rows) && !row_is(self->section, index, wanted))
        index++;
    if (index == json_array_size(rows))
        return no_row(self, "does not stand in the table");
    self->label = wanted;
    self->cell = json_array_get(json_array_get(rows, index), column);
    subject = json_array_get(json_object_get(self->section, "subjects"), index);
    int r = subject_read(query, subject, &self->drill.noun, &self->drill.number);
    if (r == 0 && !self->drill.number)
        return no_row(self, "is about no single region or organisation");
    return r;
}

static void read_source(struct figure_asked *self) {
    struct drill *drill = &self->drill;
    size_t i;
    json_t *name;
    json_array_foreach(json_object_get(self->column, "counts"), i, name) {
        enum counter counter = counter_find(str_from(json_string_value(name)));
        if (counter < COUNTER_COUNT && drill->n_counters < DRILL_COUNTERS)
            drill->counters[drill->n_counters++] = counter;
    }
    drill->in_months = date_parse(str_from(text_of(self->column, "from")), &drill->from) == 0 &&
                       date_parse(str_from(text_of(self->column, "to")), &drill->to) == 0;
}

/* Further down, to a region in the one that the row is about. */
static int go_into(struct figure_asked *self) {
    struct query *query = self->query;
    uint32_t into;
    int r = query_noun(query, NOUN_REGION, "into", &into);
    if (r != 0 || !into)
        return r;
    if (self->drill.noun != NOUN_REGION ||
        !region_lies_in_at(query->view, into, self->drill.number, self->drill.day.at, query->arena))
        return problem_set(query->problem, PROBLEM_OUT_OF_RANGE, "into",
                           "that region does not lie in the one that the row is about");
    self->cell = into == self->drill.number ? self->cell : NULL;
    self->drill.number = into;
    return 0;
}

/* ---- its parts ---- */

int drill_value(const struct drill *drill, enum noun noun, uint32_t number, int64_t *ret_value) {
    struct view *view = drill->query->view;
    int64_t sum = 0, value = 0;
    int r = 0;
    for (size_t i = 0; r == 0 && i < drill->n_counters; i++) {
        enum counter counter = drill->counters[i];
        r = drill->in_months
                ? counter_months(view, drill->day.at, noun, number, counter,
                                 date_month(drill->from), date_month(drill->to), &value)
                : counter_value(view, drill->day.at, noun, number, counter, &value);
        sum += value;
    }
    *ret_value = sum;
    return r;
}

struct parts {
    struct figure_asked *asked;
    json_t *section;
    int64_t sum;
    size_t n;
};

static int add_part(struct report *report, uint32_t region) {
    struct parts *parts = report->context;
    json_t *cells = report_region_cells(report, region);
    int64_t value;
    int r = cells ? drill_value(&parts->asked->drill, NOUN_REGION, region, &value)
                  : query_found(THING_NOT_FOUND);
    if (r != 0) {
        json_decref(cells);
        return r;
    }
    parts->sum += value;
    parts->n++;
    json_array_append_new(cells, json_integer(value));
    section_row(parts->section, cells);
    return 0;
}

/* What lies in the region itself and in none below. */
static int add_own(struct parts *parts, struct report *report, int64_t whole) {
    json_t *cells = report_region_cells(report, report->region);
    if (!cells || whole == parts->sum) {
        json_decref(cells);
        return cells ? 0 : query_found(THING_NOT_FOUND);
    }
    json_array_set_new(cells, 1, json_string("本级"));
    json_array_append_new(cells, json_integer(whole - parts->sum));
    section_row(parts->section, cells);
    return 0;
}

static const char *part_kind(const struct figure_asked *self) {
    const char *kind = text_of(self->column, "kind");
    return strcmp(kind, "percent") == 0 || strcmp(kind, "rank") == 0 ? "number" : kind;
}

static json_t *total_cells(size_t n_texts, const char *label, int64_t whole) {
    json_t *cells = json_array();
    for (size_t i = 0; i < n_texts; i++)
        json_array_append_new(cells, json_string(i == 0 ? label : ""));
    json_array_append_new(cells, json_integer(whole));
    return cells;
}

static int put_parts(struct figure_asked *self, struct report *report, json_t *section,
                     int64_t whole, size_t *ret_n) {
    struct parts parts = {.asked = self, .section = section};
    section_column(section, "region", "区划代码", "text");
    section_column(section, "name", REGION_LEVEL_choices.labels[report->level], "text");
    section_column(section, "value", text_of(self->column, "title"), part_kind(self));
    report->context = &parts;
    int r = report->level > report->own_level ? report_each(report, add_part) : 0;
    if (r == 0 && parts.n > 0)
        r = add_own(&parts, report, whole);
    *ret_n = parts.n;
    section_total(section, total_cells(2, "合计", whole));
    return r;
}

static int put_things(struct figure_asked *self, json_t *document, int64_t whole) {
    json_t *section = document_section(document, text_of(self->column, "title"));
    int64_t limit;
    bool more;
    section_column(section, "kind", "类别", "text");
    section_column(section, "id", "编号", "text");
    section_column(section, "name", "名称", "text");
    section_column(section, "date", "日期", "date");
    section_column(section, "value", text_of(self->column, "title"), part_kind(self));
    if (!drill_is_listed(&self->drill)) {
        json_object_set_new(section, "note", json_string("这个数不能逐条列出"));
        return 0;
    }
    int r = query_range(self->query, "limit", (struct range){1, PAGE_LIMIT}, LIST_LIMIT, &limit);
    if (r == 0)
        r = drill_list(&self->drill, section, (size_t)limit, &more);
    if (r != 0)
        return r;
    if (more)
        json_object_set_new(section, "note", json_string("只列出前面一部分,limit 可放宽"));
    else if (self->drill.day.at != COUNTER_NOW)
        json_object_set_new(section, "note",
                            json_string("逐条清单是现在登记的情况;合计是当日所知"));
    section_total(section, json_pack("[s, s, s, n, I]", "合计", "", "", (json_int_t)whole));
    return 0;
}

/* A figure that somebody reported: each report of it. */
static int put_reports(struct figure_asked *self, json_t *document) {
    struct query question = *self->query;
    struct arena *arena = self->query->arena;
    json_t *section = document_section(document, text_of(self->column, "title"));
    json_t *id = json_from_number(self->query, self->drill.noun, self->drill.number, arena);
    json_t *result = NULL, *report;
    size_t i;
    question.params = json_pack(
        "{s:o}", "figure",
        json_from_str(arena_printf(arena, "%s/%s/%s", text_of(self->column, "figure"),
                                   self->drill.noun == NOUN_REGION ? "region" : "organisation",
                                   json_string_value(id))));
    int r = query_figure_get(&question, &result);
    json_decref(id);
    json_decref(question.params);
    if (r > 0) { /* nobody reported it */
        *self->query->problem = (struct problem){.code = PROBLEM_NONE};
        r = 0;
    }
    section_column(section, "as_of", "数据日期", "date");
    section_column(section, "value", text_of(self->column, "title"), "number");
    section_column(section, "origin", "来源", "text");
    section_column(section, "recorded_on", "报送日期", "date");
    json_array_foreach(json_object_get(result, "reports"), i, report) {
        section_row(section,
                    json_pack("[O?, O?, O?, O?]", json_object_get(report, "as_of"),
                              json_object_get(report, "value"), json_object_get(report, "origin"),
                              json_object_get(report, "recorded_on")));
    }
    json_decref(result);
    return r;
}

/* ---- the answer ---- */

static json_t *blank(struct figure_asked *self) {
    return json_pack(
        "{s:o, s:O, s:o, s:O?, s:[]}", "title",
        json_from_str(arena_printf(self->query->arena, "%s：%s", text_of(self->section, "title"),
                                   text_of(self->column, "title"))),
        "region", json_object_get(self->document, "region"), "as_of",
        json_from_date(self->drill.day.as_of, INT32_MIN), "period",
        json_object_get(self->document, "period"), "sections");
}

static int answer_counts(struct figure_asked *self, json_t *document, int64_t *ret_whole) {
    struct query *query = self->query;
    struct drill *drill = &self->drill;
    uint32_t path[REGION_DEPTH];
    struct report report = {.query = query, .region = drill->number, .day = drill->day};
    size_t n = 0;
    int r = drill_value(drill, drill->noun, drill->number, ret_whole);
    if (r != 0)
        return r;
    if (drill->noun == NOUN_REGION && !drill->own) {
        report.own_level = (int32_t)region_path(query->view, drill->number, path) - 1;
        report.level =
            report.own_level < REGION_LEVEL_COMMUNITY ? report.own_level + 1 : report.own_level;
        arena_init(&report.arena);
        json_t *section = document_section(document, "分区划");
        r = put_parts(self, &report, section, *ret_whole, &n);
        arena_deinit(&report.arena);
    }
    if (r == 0 && n == 0) {
        json_array_clear(json_object_get(document, "sections"));
        r = put_things(self, document, *ret_whole);
    }
    return r;
}

static json_int_t said(const json_t *cell) {
    return json_integer_value(json_is_array(cell) ? json_array_get(cell, 0) : cell);
}

static int answer(struct figure_asked *self, json_t **ret_result) {
    struct query *query = self->query;
    json_t *document = blank(self);
    json_t *subject = json_from_subject(query, self->drill.noun, self->drill.number, query->arena);
    json_t *figure = json_pack("{s:s, s:o, s:s, s:O}", "section", text_of(self->section, "title"),
                               "row", json_from_str(self->label), "column",
                               text_of(self->column, "name"), "subject", subject);
    json_object_set(document, "subtitle", json_object_get(subject, "name"));
    json_decref(subject);
    int64_t whole = 0;
    int r;
    if (self->drill.n_counters == 0) {
        r = put_reports(self, document);
    } else {
        r = answer_counts(self, document, &whole);
        json_object_set_new(figure, "counted", json_integer(whole));
    }
    if (self->cell && !json_is_null(self->cell))
        json_object_set_new(figure, "said", json_integer(said(self->cell)));
    if (r == 0)
        *ret_result = json_pack("{s:O, s:O}", "figure", figure, "document", document);
    json_decref(figure);
    json_decref(document);
    return r;
}

int query_bulletin_drill(struct query *query, json_t **ret_result) {
    struct figure_asked asked = {.query = query, .drill = {.query = query}};
    size_t column = 0;
    asked.drill.own = query_boolean(query, "own", false);
    int r = open_bulletin(&asked);
    if (r == 0)
        r = choose_column(&asked, &column);
    if (r == 0)
        r = choose_row(&asked, column);
    if (r == 0) {
        read_source(&asked);
        r = go_into(&asked);
    }
    if (r == 0)
        r = answer(&asked, ret_result);
    json_decref(asked.document);
    return r;
}
