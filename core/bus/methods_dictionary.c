/* dictionary.* and calendar.*: the city's lists of codes and its days; both are set by commands. */
#include "bus/methods.h"
#include "bus/methods_common.h"
#include "domain/days.h"
#include "domain/dictionaries.h"

/* ---- dictionaries ---- */

static json_t *entry_json(enum DICTIONARY_choice dictionary, const struct dictionary_code *entry) {
    json_t *object =
        json_pack("{s:s, s:o, s:o, s:o}", "dictionary", DICTIONARY_choices.words[dictionary],
                  "code", json_from_str(entry->code), "title", json_from_str(entry->title),
                  "parent", entry->parent.size ? json_from_str(entry->parent) : json_null());
    if (dictionary == DICTIONARY_ACCOUNT) {
        json_object_set_new(object, "decimals", json_integer(entry->decimals));
        json_object_set_new(object, "may_expire", json_boolean(entry->may_expire));
    }
    json_object_set_new(object, "from", json_from_date(entry->from, INT32_MIN));
    json_object_set_new(object, "retired", json_from_date(entry->retired, INT32_MIN));
    json_object_set_new(object, "uses", json_integer(entry->uses));
    json_object_set_new(object, "set_sequence", json_integer((json_int_t)entry->sequence));
    return object;
}

static int whole_dictionary(struct query *query, enum DICTIONARY_choice dictionary,
                            json_t **ret_result) {
    json_t *entries = json_array();
    struct dictionary_code entry;
    uint32_t n = 0;
    int r;
    while ((r = dictionary_at(query->view, dictionary, n++, &entry)) == 0)
        json_array_append_new(entries, entry_json(dictionary, &entry));
    if (r < 0) {
        json_decref(entries);
        return r;
    }
    const struct dictionary_info *info = dictionary_info(dictionary);
    *ret_result = json_pack("{s:s, s:s, s:b, s:o}", "dictionary", info->name, "label", info->label,
                            "open", (int)info->open, "entries", entries);
    return 0;
}

/* "category", or one entry of it: "category/elderly". */
int query_dictionary_get(struct query *query, json_t **ret_result) {
    struct str id = query_text(query, "dictionary");
    const char *slash = id.size ? memchr(id.data, '/', id.size) : NULL;
    struct str name = {id.data, slash ? (size_t)(slash - id.data) : id.size};
    size_t dictionary = 0;
    while (dictionary < DICTIONARY_COUNT &&
           !str_equal(name, str_from(DICTIONARY_choices.words[dictionary])))
        dictionary++;
    if (dictionary == DICTIONARY_COUNT)
        return query_unknown(query, NOUN_DICTIONARY, "dictionary", id);
    if (!slash)
        return whole_dictionary(query, (enum DICTIONARY_choice)dictionary, ret_result);
    struct str code = {slash + 1, id.size - name.size - 1};
    struct dictionary_code entry;
    int r = dictionary_get(query->view, (enum DICTIONARY_choice)dictionary, code, &entry);
    if (r > 0)
        return query_unknown(query, NOUN_DICTIONARY, "dictionary", id);
    if (r == 0)
        *ret_result = entry_json((enum DICTIONARY_choice)dictionary, &entry);
    return r;
}

/* Numbers of a list over all dictionaries. */
#define PLACE(dictionary, number) (((uint32_t)(dictionary) << 16 | (uint32_t)(number)) + 1)

static int list_entry(struct page *page, uint32_t place) {
    enum DICTIONARY_choice dictionary = (enum DICTIONARY_choice)((place - 1) >> 16);
    struct dictionary_code entry;
    int r = dictionary_at(page->query->view, dictionary, (place - 1) & 0xffff, &entry);
    if (r == 0)
        json_array_append_new(page->items, entry_json(dictionary, &entry));
    return r;
}

int query_dictionary_list(struct query *query, json_t **ret_result) {
    uint32_t places[DICTIONARY_COUNT * DICTIONARY_ENTRIES_LIMIT];
    struct page page;
    size_t n = 0;
    int asked = -1;
    int r = page_open(query, &page);
    page.each = list_entry;
    if (r == 0)
        r = query_choice(query, "dictionary", &DICTIONARY_choices, &asked);
    for (int d = 0; r == 0 && d < DICTIONARY_COUNT; d++) {
        uint32_t count =
            asked < 0 || asked == d ? dictionary_count(query->view, (enum DICTIONARY_choice)d) : 0;
        for (uint32_t i = 0; i < count && i < DICTIONARY_ENTRIES_LIMIT; i++)
            places[n++] = PLACE(d, i);
    }
    if (r == 0)
        r = page_numbers(&page, places, n);
    return page_close(&page, r, ret_result);
}

/* ---- the calendar ---- */

static json_t *day_json(int32_t date, const struct day *day) {
    return json_pack("{s:o, s:s, s:o}", "date", json_from_date(date, INT32_MIN), "kind",
                     DAY_KIND_choices.words[day->kind], "name",
                     day->name.size ? json_from_str(day->name) : json_null());
}

/* Any day: what nobody set follows from the day of the week. */
int query_calendar_get(struct query *query, json_t **ret_result) {
    int32_t date;
    struct day day;
    if (date_parse(query_text(query, "calendar"), &date) != 0)
        return problem_set(query->problem, PROBLEM_BAD_TIME, "calendar",
                           "a day of the calendar is a date, YYYY-MM-DD");
    int r = day_get(query->view, date, &day);
    if (r != 0)
        return r;
    *ret_result = day_json(date, &day);
    json_object_set_new(*ret_result, "set", json_boolean(day.set));
    return 0;
}

struct days {
    int32_t from;
    int32_t to;
};

static int list_day(struct page *page, uint32_t number) {
    const struct days *days = page->context;
    struct day day;
    int32_t date = (int32_t)number;
    if (date < days->from || date > days->to)
        return 0;
    int r = day_get(page->query->view, date, &day);
    if (r == 0)
        json_array_append_new(page->items, day_json(date, &day));
    return r;
}

int query_calendar_list(struct query *query, json_t **ret_result) {
    struct days days = {query_date(query, "from", INT32_MIN), query_date(query, "to", INT32_MAX)};
    struct page page;
    int r = page_open(query, &page);
    page.each = list_day;
    page.context = &days;
    if (r == 0)
        r = page_table(&page, TABLE_CALENDAR);
    return page_close(&page, r, ret_result);
}
