/* What the methods of more than one noun share: parameters that name a thing or a word, dates and
 * times as text, attributes as JSON, lists that page.
 * Threads: that of the query. Memory: JSON is given to the caller. Errors: as method.h. */
#pragma once

#include "bus/method.h"
#include "domain/counters.h"
#include "domain/things.h"

#define PAGE_LIMIT 1000
#define PAGE_LOOKED_LIMIT                                                                          \
    50000 /* rows a call looks at; then it gives `next`, whatever it found                         \
           */

/* ---- parameters ---- */

/* The thing a parameter names; number 0 where the parameter is absent. > 0: unknown_<noun>. */
int query_noun(struct query *query, enum noun noun, const char *parameter, uint32_t *ret_number);
int query_unknown(struct query *query, enum noun noun, const char *parameter, struct str id);
/* The city's own region. > 0: unknown_region, while it has not been defined. */
int query_city_region(struct query *query, uint32_t *ret_number);
/* Index of a parameter's word, -1 where it is absent. > 0: out_of_range, naming the words. */
int query_word(struct query *query, const char *parameter, const char *const *words, size_t n,
               int *ret_index);
int query_choice(struct query *query, const char *parameter, const struct choices *choices,
                 int *ret_index);
/* An integer between least and most, or the fallback where it is absent. > 0: out_of_range. */
int query_range(struct query *query, const char *parameter, struct range range, int64_t fallback,
                int64_t *ret_value);

/* ---- values ---- */

json_t *json_from_str(struct str text); /* null where it is STR_NONE */
json_t *json_from_date(int32_t date, int32_t none);
/* In the city's offset. */
json_t *json_from_time(const struct query *query, int64_t time_us);
json_t *json_from_counters(const struct counter_row *row);
json_t *json_from_struct(const struct fields *fields, const void *data);
/* The thing's attributes; the names of what is sealed stand in "sealed". */
json_t *json_from_thing(enum noun noun, const struct thing *thing);
/* The thing's id, null for number 0. */
json_t *json_from_number(struct query *query, enum noun noun, uint32_t number, struct arena *arena);

/* The city's date by the last recorded time. */
int32_t query_today(struct query *query);
bool region_lies_in(struct query *query, uint32_t region, uint32_t above);
bool text_contains(struct str text, struct str part);
/* Passes on what reading a thing gave that must be there: missing is damage, not an outcome. */
int query_found(int r);
/* The function of one noun's `get`: finds what the parameter names and describes it. */
int query_get(struct query *query, enum noun noun,
              int (*describe)(struct query *query, uint32_t number, struct arena *arena,
                              json_t **ret_object),
              json_t **ret_result);

/* ---- lists ---- */

struct page {
    struct query *query;
    struct arena arena; /* of the row being looked at */
    json_t *items;
    void *context; /* the filter */
    /* Adds the thing to `items` where the filter takes it. 0, or < 0. */
    int (*each)(struct page *page, uint32_t number);
    uint32_t after; /* the cursor */
    uint32_t last;  /* looked at */
    size_t limit;
    size_t n_looked;
    bool more;
    char prefix[1];
    size_t prefix_size; /* of the keys */
};

/* Reads `cursor` and `limit`. 0, > 0 out_of_range. Close it in any case. */
int page_open(struct query *query, struct page *page);
/* Rows of a table whose keys are numbers, in their order. */
int page_table(struct page *page, enum table table);
/* Things of a noun. */
int page_things(struct page *page, enum noun noun);
/* Numbers, ascending. */
int page_numbers(struct page *page, const uint32_t *numbers, size_t n);
/* The list's answer where r is 0; frees either way and returns r. */
int page_close(struct page *page, int r, json_t **ret_result);
