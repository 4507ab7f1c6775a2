/* qualification.get and .list, and what a volunteer's own page shows of conduct: absences,
 * complaints, training, qualifications. */
#include "bus/methods.h"
#include "bus/methods_common.h"
#include "bus/methods_enrolment.h"
#include "domain/attendance.h"
#include "domain/complaints.h"
#include "domain/records.h"
#include "domain/trainings.h"

static json_t *qualification_json(struct query *query, const struct qualification *held) {
    json_t *object =
        json_pack("{s:o, s:o, s:o, s:b}", "qualification", json_from_str(held->qualification),
                  "valid_until", json_from_date(held->valid_until, INT32_MIN), "recorded_on",
                  json_from_date(held->recorded_on, INT32_MIN), "valid",
                  qualification_holds(held, query_today(query)));
    if (held->number.size)
        json_object_set_new(object, "number", json_from_str(held->number));
    json_object_set_new(object, "sequence", json_integer((json_int_t)held->sequence));
    return object;
}

/* ---- get: qualification/volunteer ---- */

struct search {
    struct query *query;
    struct str name;
    json_t *found;
};

static int look(void *context, const struct qualification *held) {
    struct search *search = context;
    if (str_equal(held->qualification, search->name))
        search->found = qualification_json(search->query, held);
    return search->found != NULL;
}

int query_qualification_get(struct query *query, json_t **ret_result) {
    struct str id = query_text(query, "qualification");
    const char *slash = id.size ? memchr(id.data, '/', id.size) : NULL;
    struct search search = {.query = query, .name = id};
    uint32_t volunteer = 0;
    int r = THING_NOT_FOUND;
    if (slash) {
        search.name.size = (size_t)(slash - id.data);
        struct str person = {slash + 1, id.size - search.name.size - 1};
        r = thing_find(query->view, NOUN_VOLUNTEER, person, &volunteer);
    }
    if (r == 0)
        r = qualifications_each(query->view, volunteer, look, &search);
    if (r < 0)
        return r;
    if (!search.found)
        return query_unknown(query, NOUN_QUALIFICATION, "qualification", id);
    json_object_set_new(search.found, "volunteer",
                        json_from_number(query, NOUN_VOLUNTEER, volunteer, query->arena));
    *ret_result = search.found;
    return 0;
}

/* ---- list ---- */

struct qualification_filter {
    struct str name;
    int32_t valid_on; /* INT32_MIN: whether or not */
};

struct row_list {
    struct page *page;
    uint32_t volunteer;
};

static int list_one(void *context, const struct qualification *held) {
    struct row_list *list = context;
    struct query *query = list->page->query;
    const struct qualification_filter *filter = list->page->context;
    if ((filter->name.size && !str_equal(filter->name, held->qualification)) ||
        (filter->valid_on != INT32_MIN && !qualification_holds(held, filter->valid_on)))
        return 0;
    json_t *item = qualification_json(query, held);
    json_object_set_new(
        item, "volunteer",
        json_from_number(query, NOUN_VOLUNTEER, list->volunteer, &list->page->arena));
    json_array_append_new(list->page->items, item);
    return 0;
}

static int list_person(struct page *page, uint32_t volunteer) {
    struct row_list list = {page, volunteer};
    return qualifications_each(page->query->view, volunteer, list_one, &list);
}

int query_qualification_list(struct query *query, json_t **ret_result) {
    struct qualification_filter filter = {.name = query_text(query, "qualification"),
                                          .valid_on = query_date(query, "valid_on", INT32_MIN)};
    struct page page;
    uint32_t volunteer;
    int r = page_open(query, &page);
    page.each = list_person;
    page.context = &filter;
    if (r == 0)
        r = query_noun(query, NOUN_VOLUNTEER, "volunteer", &volunteer);
    if (r == 0)
        r = volunteer ? page_numbers(&page, &volunteer, 1) : page_table(&page, TABLE_QUALIFICATION);
    return page_close(&page, r, ret_result);
}

/* ---- on a volunteer's own page ---- */

static json_t *absence_json(struct query *query, const struct person_entry *entry,
                            struct arena *arena) {
    return json_pack("{s:o, s:o, s:b}", "on", json_from_date(entry->on, 0), "activity",
                     json_from_number(query, NOUN_ACTIVITY, entry->other, arena), "excused",
                     entry->state == ABSENCE_EXCUSED);
}

static json_t *cancellation_json(struct query *query, const struct person_entry *entry,
                                 struct arena *arena) {
    return json_pack("{s:o, s:o, s:I}", "on", json_from_date(entry->on, 0), "activity",
                     json_from_number(query, NOUN_ACTIVITY, entry->other, arena), "notice_minutes",
                     (json_int_t)entry->minutes);
}

static json_t *complaint_json(struct query *query, const struct person_entry *entry,
                              struct arena *arena) {
    bool open = complaint_is_open((enum complaint_state)entry->state);
    unsigned outcome = entry->state - (unsigned)COMPLAINT_RESOLVED;
    return json_pack("{s:o, s:o, s:s}", "complaint",
                     json_from_number(query, NOUN_COMPLAINT, entry->number, arena), "on",
                     json_from_date(entry->on, 0), "outcome",
                     open ? "open" : COMPLAINT_OUTCOME_choices.words[outcome]);
}

static json_t *training_json(struct query *query, const struct person_entry *entry,
                             struct arena *arena) {
    return json_pack("{s:o, s:o, s:o, s:i, s:b, s:o}", "training",
                     json_from_number(query, NOUN_TRAINING, entry->number, arena), "course",
                     json_from_number(query, NOUN_COURSE, entry->other, arena), "on",
                     json_from_date(entry->on, 0), "minutes", (int)entry->minutes, "passed",
                     entry->state != 0, "valid_until", json_from_date(entry->until, 0));
}

static json_t *rating_json(struct query *query, const struct person_entry *entry,
                           struct arena *arena) {
    struct record record;
    (void)arena;
    int r = record_get(query->view, entry->number, &record);
    return json_pack("{s:o, s:o, s:i}", "record", r == 0 ? json_from_str(record.id) : json_null(),
                     "on", json_from_date(entry->on, 0), "rating", (int)entry->state);
}

static int put_list(struct query *query, uint32_t volunteer, enum person_list list,
                    struct arena *arena, json_t *object) {
    static json_t *(*const show[PERSON_LISTS])(
        struct query * query, const struct person_entry *entry,
        struct arena *arena) = {[LIST_ABSENCES] = absence_json,
                                [LIST_COMPLAINTS] = complaint_json,
                                [LIST_TRAININGS] = training_json,
                                [LIST_CANCELLATIONS] = cancellation_json,
                                [LIST_RATINGS] = rating_json};
    struct person_entries entries;
    json_t *items = json_array();
    json_object_set_new(object, person_list_text(list), items);
    int r = person_list_get(query->view, volunteer, list, &entries);
    for (size_t i = 0; r == 0 && i < entries.n; i++) {
        struct person_entry entry = person_entry_at(&entries, i);
        json_array_append_new(items, show[list](query, &entry, arena));
    }
    return r;
}

struct held_list {
    struct query *query;
    json_t *items;
};

static int add_held(void *context, const struct qualification *held) {
    struct held_list *list = context;
    json_array_append_new(list->items, qualification_json(list->query, held));
    return 0;
}

int put_conduct(struct query *query, uint32_t volunteer, struct arena *arena, json_t *object) {
    struct held_list held = {query, json_array()};
    int r = 0;
    json_object_set_new(object, "qualifications", held.items);
    for (int list = 0; r == 0 && list < PERSON_LISTS; list++)
        r = put_list(query, volunteer, (enum person_list)list, arena, object);
    return r == 0 ? qualifications_each(query->view, volunteer, add_held, &held) : r;
}
