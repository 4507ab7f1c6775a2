/* case.candidates: whom or what a case might be about: those who were honoured in a year, and those
 * whom a run proposed for it, as long as no case about them is under way or published. */
#include "bus/methods.h"
#include "bus/methods_common.h"
#include "domain/cases.h"
#include "domain/consents.h"
#include "domain/honours.h"
#include "domain/merges.h"
#include "domain/subjects.h"

/* The newest nominations, whatever they are: a bounded look. */
#define LOOKED_LIMIT 5000

struct finding_cases {
    struct query *query;
    uint32_t region; /* 0: everywhere */
    int32_t year;
    size_t limit;
    json_t *items;
};

static bool is_full(const struct finding_cases *self) {
    return json_array_size(self->items) >= self->limit;
}

/* Whether a case of theirs is under way or published. */
static int has_case(struct view *view, enum noun noun, uint32_t subject, bool *ret_has) {
    struct case_record record;
    uint32_t number;
    *ret_has = false;
    int r = case_last(view, noun, subject, &number);
    for (; r == 0 && number && !*ret_has; number = record.row.previous) {
        r = case_get(view, number, &record);
        if (r == 0)
            *ret_has = record.row.state != CASE_REFUSED && record.row.state != CASE_WITHDRAWN;
    }
    return r;
}

static int lies_in(const struct finding_cases *self, enum noun noun, uint32_t subject,
                   bool *ret_lies) {
    uint32_t region;
    struct query *query = self->query;
    *ret_lies = !self->region;
    if (*ret_lies)
        return 0;
    int r = subject_region(query->view, noun, subject, query->arena, &region);
    *ret_lies = r == 0 && region && region_lies_in(query, region, self->region);
    return r;
}

static int is_wanted(const struct finding_cases *self, enum noun noun, uint32_t subject,
                     bool *ret_is) {
    bool has = false;
    int r = lies_in(self, noun, subject, ret_is);
    if (r == 0 && *ret_is)
        r = has_case(self->query->view, noun, subject, &has);
    *ret_is = *ret_is && !has;
    return r;
}

/* Whether the person agrees to publicity today; null of others, who are asked when it is written.
 */
static int consent_json(struct query *query, enum noun noun, uint32_t subject, json_t **ret_json) {
    bool agreed = false;
    int r = noun == NOUN_VOLUNTEER ? volunteer_survivor(query->view, &subject) : 0;
    if (r == 0 && noun == NOUN_VOLUNTEER)
        r = consent_current(query->view, subject, STR("publicity"), query_today(query), &agreed);
    *ret_json = noun == NOUN_VOLUNTEER ? json_boolean(agreed) : json_null();
    return r;
}

static int add(struct finding_cases *self, enum noun noun, uint32_t subject, uint32_t honour,
               const char *why, json_t *more) {
    struct query *query = self->query;
    json_t *consent;
    int r = consent_json(query, noun, subject, &consent);
    json_t *item =
        json_pack("{s:o, s:s, s:o, s:o}", "subject",
                  json_from_subject(query, noun, subject, query->arena), "why", why, "honour",
                  json_from_number(query, NOUN_HONOUR, honour, query->arena), "publicity", consent);
    json_object_update(item, more);
    json_decref(more);
    json_array_append_new(self->items, item);
    return r;
}

static int look_at_nomination(struct finding_cases *self, uint32_t number) {
    struct query *query = self->query;
    struct nomination_row row;
    bool wanted = false;
    int r = nomination_get(query->view, number, &row);
    if (r == 0 && row.state == NOMINATION_AWARDED && row.year == self->year)
        r = is_wanted(self, (enum noun)row.noun, row.subject, &wanted);
    return r == 0 && wanted
               ? add(self, (enum noun)row.noun, row.subject, row.honour, "awarded",
                     json_pack("{s:o, s:o}", "nomination",
                               json_from_number(query, NOUN_NOMINATION, number, query->arena), "on",
                               json_from_date(row.awarded_on, 0)))
               : r;
}

static int find_awarded(struct finding_cases *self) {
    uint32_t number, n = 0;
    int r = thing_count(self->query->view, NOUN_NOMINATION, &number);
    for (; r == 0 && number && n < LOOKED_LIMIT && !is_full(self); number--, n++)
        r = look_at_nomination(self, number);
    return r;
}

/* Whom the list has from an award or another honour already. */
static bool is_listed(const struct finding_cases *self, uint32_t volunteer) {
    struct str id;
    size_t i;
    json_t *item;
    if (thing_id(self->query->view, NOUN_VOLUNTEER, volunteer, self->query->arena, &id) != 0)
        return false;
    json_array_foreach(self->items, i, item) {
        const char *listed =
            json_string_value(json_object_get(json_object_get(item, "subject"), "id"));
        if (listed && str_equal(str_from(listed), id))
            return true;
    }
    return false;
}

static int look_at_proposal(struct finding_cases *self, uint32_t honour, uint32_t place,
                            const struct proposal *proposal) {
    bool wanted = false;
    int r = is_wanted(self, NOUN_VOLUNTEER, proposal->volunteer, &wanted);
    if (r != 0 || !wanted || is_listed(self, proposal->volunteer))
        return r;
    return add(
        self, NOUN_VOLUNTEER, proposal->volunteer, honour, "proposed",
        json_pack("{s:I, s:I}", "place", (json_int_t)place, "rank", (json_int_t)proposal->rank));
}

static int find_proposed(struct finding_cases *self) {
    struct view *view = self->query->view;
    uint32_t n_honours;
    int r = thing_count(view, NOUN_HONOUR, &n_honours);
    for (uint32_t honour = 1; r == 0 && honour <= n_honours; honour++) {
        struct proposal proposal;
        for (uint32_t place = 1; r == 0 && !is_full(self); place++) {
            r = proposal_get(view, honour, self->year, place, &proposal);
            if (r == 0)
                r = look_at_proposal(self, honour, place, &proposal);
        }
        r = r > 0 ? 0 : r;
    }
    return r;
}

int query_case_candidates(struct query *query, json_t **ret_result) {
    struct finding_cases self = {.query = query};
    int64_t year, limit;
    int32_t this_year, month, day;
    date_to_civil(query_today(query), &this_year, &month, &day);
    int r = query_noun(query, NOUN_REGION, "region", &self.region);
    if (r == 0)
        r = query_range(query, "year", (struct range)RANGE_YEAR, this_year, &year);
    if (r == 0)
        r = query_range(query, "limit", (struct range){1, 1000}, 20, &limit);
    if (r != 0)
        return r;
    self.year = (int32_t)year;
    self.limit = (size_t)limit;
    self.items = json_array();
    r = query_found(find_awarded(&self));
    if (r == 0)
        r = query_found(find_proposed(&self));
    if (r == 0)
        *ret_result = json_pack("{s:I, s:o}", "year", (json_int_t)year, "items", self.items);
    else
        json_decref(self.items);
    return r;
}
