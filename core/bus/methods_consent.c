/* consent.get and .list, and what a volunteer's own page shows of consents. */
#include "bus/methods.h"
#include "bus/methods_common.h"
#include "bus/methods_enrolment.h"
#include "domain/consents.h"

static const char *const states[] = {"given", "withdrawn"};

static json_t *consent_json(const struct consent *consent) {
    bool stands = consent->withdrawn_on == INT32_MIN;
    json_t *object = json_pack(
        "{s:o, s:o, s:s, s:o, s:I}", "purpose", json_from_str(consent->purpose), "text_version",
        json_from_str(consent->text_version), "state", states[!stands], "given_on",
        json_from_date(consent->given_on, INT32_MIN), "sequence", (json_int_t)consent->given);
    if (!stands) {
        json_object_set_new(object, "withdrawn_on",
                            json_from_date(consent->withdrawn_on, INT32_MIN));
        json_object_set_new(object, "withdrawn_sequence",
                            json_integer((json_int_t)consent->withdrawn));
    }
    return object;
}

/* ---- get: purpose/volunteer, with its history ---- */

struct search {
    struct str purpose;
    json_t *history;
    bool stands;
};

static int add_to_history(void *context, const struct consent *consent) {
    struct search *search = context;
    if (!str_equal(consent->purpose, search->purpose))
        return 0;
    search->stands |= consent->withdrawn_on == INT32_MIN;
    json_array_append_new(search->history, consent_json(consent));
    return 0;
}

int query_consent_get(struct query *query, json_t **ret_result) {
    struct str id = query_text(query, "consent");
    const char *slash = id.size ? memchr(id.data, '/', id.size) : NULL;
    struct search search = {.purpose = id, .history = json_array()};
    uint32_t volunteer = 0;
    int r = THING_NOT_FOUND;
    if (slash) {
        search.purpose.size = (size_t)(slash - id.data);
        struct str person = {slash + 1, id.size - search.purpose.size - 1};
        r = thing_find(query->view, NOUN_VOLUNTEER, person, &volunteer);
    }
    if (r == 0)
        r = consents_each(query->view, volunteer, add_to_history, &search);
    if (r >= 0 && json_array_size(search.history) == 0)
        r = query_unknown(query, NOUN_CONSENT, "consent", id);
    if (r != 0) {
        json_decref(search.history);
        return r;
    }
    *ret_result = json_pack("{s:o, s:o, s:o, s:s, s:o}", "consent", json_from_str(id), "volunteer",
                            json_from_number(query, NOUN_VOLUNTEER, volunteer, query->arena),
                            "purpose", json_from_str(search.purpose), "state",
                            states[!search.stands], "history", search.history);
    return 0;
}

/* ---- list ---- */

struct consent_filter {
    struct str purpose;
    int state;    /* -1: any */
    int32_t held; /* the day on which it holds; INT32_MIN: whether or not */
};

struct row_list {
    struct page *page;
    uint32_t volunteer;
};

static int list_one(void *context, const struct consent *consent) {
    struct row_list *list = context;
    struct query *query = list->page->query;
    const struct consent_filter *filter = list->page->context;
    bool withdrawn = consent->withdrawn_on != INT32_MIN;
    if ((filter->purpose.size && !str_equal(filter->purpose, consent->purpose)) ||
        (filter->state >= 0 && filter->state != withdrawn) ||
        (filter->held != INT32_MIN && !consent_holds(consent, filter->held)))
        return 0;
    json_t *item = consent_json(consent);
    json_object_set_new(
        item, "volunteer",
        json_from_number(query, NOUN_VOLUNTEER, list->volunteer, &list->page->arena));
    json_array_append_new(list->page->items, item);
    return 0;
}

static int list_person(struct page *page, uint32_t volunteer) {
    struct row_list list = {page, volunteer};
    return consents_each(page->query->view, volunteer, list_one, &list);
}

int query_consent_list(struct query *query, json_t **ret_result) {
    struct consent_filter filter = {.held = query_date(query, "valid_on", INT32_MIN)};
    struct page page;
    uint32_t volunteer;
    int r = page_open(query, &page);
    page.each = list_person;
    page.context = &filter;
    if (r == 0)
        r = query_noun(query, NOUN_VOLUNTEER, "volunteer", &volunteer);
    if (r == 0)
        r = query_code(query, "purpose", DICTIONARY_PURPOSE, &filter.purpose);
    if (r == 0)
        r = query_word(query, "state", states, 2, &filter.state);
    if (r == 0)
        r = volunteer ? page_numbers(&page, &volunteer, 1) : page_table(&page, TABLE_CONSENT);
    return page_close(&page, r, ret_result);
}

/* ---- on a volunteer's own page ---- */

static int add_consent(void *context, const struct consent *consent) {
    json_array_append_new(context, consent_json(consent));
    return 0;
}

int put_consents(struct query *query, uint32_t volunteer, json_t *object) {
    json_t *items = json_array();
    json_object_set_new(object, "consents", items);
    return consents_each(query->view, volunteer, add_consent, items);
}
