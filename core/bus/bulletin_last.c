/* What an edition says of the issue before: each figure beside that one's, and what that one said
 * of its own day and is known otherwise by now. */
#include "bus/bulletin.h"
#include "bus/compare.h"
#include "bus/report.h"
#include "domain/bulletins.h"
#include "util/error.h"

/* ---- an issue ---- */

#define REGION_PREFIX STR("region/")
#define ORGANISATION_PREFIX STR("organisation/")

int subject_read(struct query *query, const json_t *subject, enum noun *ret_noun,
                 uint32_t *ret_number) {
    struct str text = str_from(json_string_value(subject));
    bool is_region = str_starts_with(text, REGION_PREFIX);
    *ret_noun = is_region ? NOUN_REGION : NOUN_ORGANISATION;
    *ret_number = 0;
    if (!is_region && !str_starts_with(text, ORGANISATION_PREFIX))
        return 0;
    size_t skip = is_region ? REGION_PREFIX.size : ORGANISATION_PREFIX.size;
    int r = thing_find(query->view, *ret_noun, (struct str){text.data + skip, text.size - skip},
                       ret_number);
    return r < 0 ? r : 0;
}

/* A region by the code that it had then. */
static int subject_renew(struct query *query, int32_t at, const json_t *subject,
                         json_t **ret_renewed) {
    struct region_defined region;
    enum noun noun;
    uint32_t number;
    *ret_renewed = json_incref((json_t *)(uintptr_t)subject);
    int r = subject_read(query, subject, &noun, &number);
    if (r != 0 || !number || noun != NOUN_REGION)
        return r;
    r = region_attributes_at(query->view, number, at, query->arena, &region);
    if (r != 0)
        return r < 0 ? r : 0; /* it was defined later */
    json_decref(*ret_renewed);
    *ret_renewed = json_from_str(arena_printf(query->arena, "region/%.*s", STR_ARG(region.region)));
    return 0;
}

static int subjects_renew(struct query *query, int32_t at, json_t *document) {
    size_t i;
    json_t *section;
    int r = 0;
    json_array_foreach(json_object_get(document, "sections"), i, section) {
        json_t *subjects = json_object_get(section, "subjects");
        for (size_t k = 0; r == 0 && k < json_array_size(subjects); k++) {
            json_t *renewed;
            r = subject_renew(query, at, json_array_get(subjects, k), &renewed);
            json_array_set_new(subjects, k, renewed);
        }
    }
    return r;
}

int bulletin_document(struct query *query, uint32_t bulletin, int32_t at, json_t **ret_document) {
    struct thing thing;
    int r = query_found(thing_get(query->view, NOUN_BULLETIN, bulletin, query->arena, &thing));
    if (r != 0)
        return r;
    const struct bulletin_issued *issued = thing.attributes;
    json_t *document = json_loadb(issued->content.data, issued->content.size, 0, NULL);
    if (!document)
        return error_note(-EBADMSG, "what a bulletin said is no JSON");
    json_object_set_new(document, "bulletin", json_from_str(issued->bulletin));
    r = subjects_renew(query, at, document);
    if (r == 0)
        *ret_document = document;
    else
        json_decref(document);
    return r;
}

static int as_of_that(struct query *query, uint32_t bulletin, int32_t *ret_as_of) {
    struct thing thing;
    int r = query_found(thing_get(query->view, NOUN_BULLETIN, bulletin, query->arena, &thing));
    if (r == 0)
        *ret_as_of = ((const struct bulletin_issued *)thing.attributes)->as_of;
    return r;
}

/* The newest one that says how things stood on the edition's day or before; 0: there is none. */
static int find_last(struct edition *edition, uint32_t number, uint32_t *ret_bulletin) {
    struct query *query = edition->query;
    uint32_t last;
    int r = bulletin_last(query->view, edition->kind, edition->region, &last);
    *ret_bulletin = 0;
    for (last = number && number <= last ? number - 1 : last; r >= 0 && last > 0; last--) {
        uint32_t bulletin;
        int32_t as_of;
        r = bulletin_find(query->view, edition->kind, edition->region, last, &bulletin);
        if (r != 0)
            continue; /* this number was left out */
        r = as_of_that(query, bulletin, &as_of);
        if (r == 0 && as_of <= edition->day.as_of) {
            *ret_bulletin = bulletin;
            return 0;
        }
    }
    return r < 0 ? r : 0;
}

/* 0: nothing is compared with. */
static int choose_compared(struct edition *edition, uint32_t number, uint32_t *ret_bulletin) {
    struct query *query = edition->query;
    struct str wanted = query_text(query, "compare");
    int64_t asked = 0;
    *ret_bulletin = 0;
    if (!wanted.data || str_equal(wanted, STR("last")))
        return find_last(edition, number, ret_bulletin);
    if (str_equal(wanted, STR("none")))
        return 0;
    for (size_t i = 0; i < wanted.size && asked >= 0; i++)
        asked = wanted.data[i] >= '0' && wanted.data[i] <= '9' && asked < 1000000
                    ? asked * 10 + (wanted.data[i] - '0')
                    : -1;
    if (asked <= 0)
        return problem_set(query->problem, PROBLEM_OUT_OF_RANGE, "compare",
                           "compare with last, none, or the number of an issue");
    int r =
        bulletin_find(query->view, edition->kind, edition->region, (uint32_t)asked, ret_bulletin);
    return r > 0 ? query_unknown(query, NOUN_BULLETIN, "compare", wanted) : r;
}

/* ---- what is known otherwise by now ---- */

struct corrections {
    struct edition *edition;
    const json_t *said;  /* the document */
    const json_t *known; /* what it would say now */
    int32_t as_of;       /* the day */
    json_t *sections[2]; /* of numbers, of hours; NULL while there is nothing */
    size_t n;
};

static const char *text_of(const json_t *object, const char *name) {
    const char *text = json_string_value(json_object_get(object, name));
    return text ? text : "";
}

static json_t *corrections_section(struct corrections *self, bool hours) {
    json_int_t number = json_integer_value(json_object_get(self->said, "number"));
    const char *kind = hours ? "hours" : "number";
    struct arena *arena = self->edition->query->arena;
    if (self->sections[hours])
        return self->sections[hours];
    const struct {
        const char *name, *title, *kind;
    } columns[] = {
        {"table", "表", "text"},
        {"name", "区划", "text"},
        {"figure", "指标", "text"},
        {"said", "当时", kind},
        {"known", "现在", kind},
        {"difference", "相差", kind},
        {"corrected", "更正记录", "number"},
        {"revoked", "撤销记录", "number"},
    };
    json_t *section = json_pack("{s:o, s:s, s:[], s:[]}", "title",
                                json_from_str(arena_printf(arena, "对第 %lld 期%s的更正",
                                                           (long long)number, hours ? "时长" : "")),
                                "note",
                                "当时：该期所载；现在：同一天、同一期间按本期所知；没有更正、撤销记"
                                "录的差额，为后来补录或补报",
                                "columns", "rows");
    for (size_t i = 0; i < sizeof columns / sizeof *columns; i++)
        json_array_append_new(json_object_get(section, "columns"),
                              json_pack("{s:s, s:s, s:s}", "name", columns[i].name, "title",
                                        columns[i].title, "kind", columns[i].kind));
    self->sections[hours] = section;
    return section;
}

/* A date of the column that its policy gave; false where there is none. */
static bool column_day(const json_t *column, const char *name, int32_t *ret_date) {
    return date_parse(str_from(text_of(column, name)), ret_date) == 0;
}

/* What a past page may say otherwise: months that were over on its day, and what was reported for
 * that day. How many people there were is known on the day itself. */
static bool is_corrected(const struct corrections *self, const json_t *column) {
    int32_t last;
    if (json_object_get(column, "counts"))
        return column_day(column, "to", &last) && last <= self->as_of;
    return json_object_get(column, "figure") && strcmp(text_of(column, "kind"), "number") == 0;
}

static int subject_number(struct corrections *self, const json_t *subject, enum noun *ret_noun,
                          uint32_t *ret_number) {
    *ret_noun = NOUN_REGION;
    *ret_number = self->edition->region;
    return json_is_string(subject)
               ? subject_read(self->edition->query, subject, ret_noun, ret_number)
               : 0;
}

static bool counts_service(const json_t *column) {
    size_t i;
    json_t *name;
    json_array_foreach(json_object_get(column, "counts"), i, name) {
        enum counter counter = counter_find(str_from(json_string_value(name)));
        if (counter == COUNTER_minutes || counter == COUNTER_records)
            return true;
    }
    return false;
}

/* Of the column's months, since the day; NULL where service is not what it counts. */
static int taken_back(struct corrections *self, const json_t *column, enum noun noun,
                      uint32_t number, enum counter counter, json_t **ret_cell) {
    struct view *view = self->edition->query->view;
    int32_t first, last;
    int64_t now, then;
    *ret_cell = NULL;
    if (!counts_service(column))
        return 0;
    if (!column_day(column, "from", &first) || !column_day(column, "to", &last))
        return 0;
    int r = counter_months(view, self->edition->day.at, noun, number, counter, date_month(first),
                           date_month(last), &now);
    if (r == 0)
        r = counter_months(view, self->as_of, noun, number, counter, date_month(first),
                           date_month(last), &then);
    if (r == 0)
        *ret_cell = json_integer(now - then);
    return r;
}

static int correction_add(struct corrections *self, const json_t *section, const json_t *column,
                          const json_t *subject, const char *label, json_int_t said,
                          json_int_t known) {
    bool hours = strcmp(text_of(column, "kind"), "hours") == 0;
    enum noun noun;
    uint32_t number;
    json_t *corrected = NULL, *revoked = NULL;
    int r = subject_number(self, subject, &noun, &number);
    if (r == 0)
        r = taken_back(self, column, noun, number, COUNTER_records_corrected, &corrected);
    if (r == 0)
        r = taken_back(self, column, noun, number, COUNTER_records_revoked, &revoked);
    json_t *cells =
        json_pack("[s, s, s, I, I, I, o?, o?]", text_of(section, "title"), label,
                  text_of(column, "title"), said, known, known - said, corrected, revoked);
    json_t *rows = json_object_get(corrections_section(self, hours), "rows");
    json_array_append_new(rows, cells);
    self->n++;
    return r;
}

static int compare_cells(struct corrections *self, const json_t *section, const json_t *before,
                         const json_t *subject, const json_t *known_row, const json_t *said_row,
                         const char *label) {
    const json_t *columns = json_object_get(section, "columns");
    int r = 0;
    for (size_t i = 0; r == 0 && i < json_array_size(columns); i++) {
        const json_t *column = json_array_get(columns, i);
        size_t at = is_corrected(self, column) ? column_find(column, before) : COMPARED_NOWHERE;
        const json_t *known = json_array_get(known_row, i);
        const json_t *said = at == COMPARED_NOWHERE ? NULL : json_array_get(said_row, at);
        if (json_is_integer(known) && json_is_integer(said) && !json_equal(known, said))
            r = correction_add(self, section, column, subject, label, json_integer_value(said),
                               json_integer_value(known));
    }
    return r;
}

static const char *row_label(const json_t *section, const json_t *row) {
    const json_t *columns = json_object_get(section, "columns");
    for (size_t i = 0; i < json_array_size(columns); i++)
        if (strcmp(text_of(json_array_get(columns, i), "kind"), "text") == 0)
            return json_string_value(json_array_get(row, i));
    return NULL;
}

static int compare_section(struct corrections *self, const json_t *section, const json_t *before) {
    const json_t *known = json_object_get(section, "rows"), *said = json_object_get(before, "rows");
    struct row_pairs pairs;
    int r = 0;
    row_pairs_init(&pairs, section, before);
    for (size_t i = 0; r == 0 && i < json_array_size(known); i++) {
        size_t at = row_pairs_find(&pairs, i);
        const json_t *row = json_array_get(known, i);
        const char *label = row_label(section, row);
        if (at != COMPARED_NOWHERE)
            r = compare_cells(self, section, before,
                              json_array_get(json_object_get(section, "subjects"), i), row,
                              json_array_get(said, at), label ? label : "");
    }
    row_pairs_deinit(&pairs);
    if (r == 0)
        r = compare_cells(self, section, before, NULL, json_object_get(section, "total"),
                          json_object_get(before, "total"), "合计");
    return r;
}

static void corrections_append(struct corrections *self) {
    json_t *document = self->edition->document, *text = json_object_get(document, "text");
    struct str words = arena_printf(
        self->edition->query->arena, "第 %lld 期（截至%.*s）所载有 %zu 处现已不同，见文末更正表。",
        (long long)json_integer_value(json_object_get(self->said, "number")),
        STR_ARG(date_in_words(self->edition->query->arena, self->as_of)), self->n);
    for (size_t i = 0; i < 2; i++)
        if (self->sections[i])
            json_array_append(json_object_get(document, "sections"), self->sections[i]);
    if (self->n == 0)
        return;
    if (!text)
        json_object_set_new(document, "text", text = json_array());
    json_array_append_new(text, json_from_str(words));
}

/* What the policy says of the day and period with what is known on the edition's day. */
static int known_now(struct edition *edition, const json_t *said, int32_t as_of,
                     json_t **ret_known) {
    struct query *query = edition->query;
    struct answer answer;
    *ret_known = NULL;
    int r = policy_bulletin(query->host, query->view, &query->city, edition->kind, edition->region,
                            as_of, edition->day.at, str_from(text_of(said, "period")), query->arena,
                            &answer);
    if (r != 0 || !answer.asked || answer.failed)
        return r; /* it was made by a rule that is not there any more */
    *ret_known = json_loadb(answer.json.data, answer.json.size, 0, NULL);
    return *ret_known ? 0 : error_note(-EPROTO, "a bulletin is no JSON");
}

static int edition_correct(struct edition *edition, const json_t *said, int32_t as_of) {
    struct corrections self = {.edition = edition, .said = said, .as_of = as_of};
    json_t *known;
    int r = known_now(edition, said, as_of, &known);
    self.known = known;
    const json_t *sections = json_object_get(known, "sections");
    for (size_t i = 0; r == 0 && i < json_array_size(sections); i++) {
        const json_t *section = json_array_get(sections, i);
        const json_t *before = section_find(said, text_of(section, "title"));
        if (before)
            r = compare_section(&self, section, before);
    }
    if (r == 0)
        corrections_append(&self);
    for (size_t i = 0; i < 2; i++)
        json_decref(self.sections[i]);
    json_decref(known);
    return r;
}

int edition_compare(struct edition *edition, uint32_t number) {
    struct query *query = edition->query;
    uint32_t bulletin;
    int32_t as_of;
    json_t *said;
    int r = choose_compared(edition, number, &bulletin);
    if (r != 0 || !bulletin)
        return r;
    r = as_of_that(query, bulletin, &as_of);
    if (r == 0)
        r = bulletin_document(query, bulletin, edition->day.at, &said);
    if (r != 0)
        return r;
    document_compare(edition->document, said);
    r = edition_correct(edition, said, as_of);
    json_decref(said);
    return r;
}
