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
/* A dictionary's code; the nearest is named where there is none such, but an open one takes any. >
 * 0: out_of_range. */
int query_code(struct query *query, const char *parameter, enum DICTIONARY_choice dictionary,
               struct str *ret_code);
/* What `subject_kind` and `subject` name: without a kind, the first kind (of the bits by
 * SUBJECT_KIND_choice) that has such an id; number 0 where there is no `subject` and none is
 * required. > 0: missing_field, out_of_range, unknown_<noun>. */
int query_subject(struct query *query, unsigned kinds, bool required, enum noun *ret_noun,
                  uint32_t *ret_number);
/* `as_of`, else today; and what counters and figures are asked with: COUNTER_NOW for today. > 0:
 * in_future. */
struct query_day {
    int32_t as_of;
    int32_t at;
};
int query_as_of(struct query *query, struct query_day *ret_day);
/* An integer between least and most, or the fallback where it is absent. > 0: out_of_range. */
int query_range(struct query *query, const char *parameter, struct range range, int64_t fallback,
                int64_t *ret_value);

/* For a command whose parameters are fields of the event that it writes: data.number -> number. */
void problem_as_parameter(struct problem *problem);

/* ---- values ---- */

json_t *json_from_str(struct str text); /* null where it is STR_NONE */
json_t *json_from_date(int32_t date, int32_t none);
/* A member that is left out where the date is 0. */
void json_put_date(json_t *object, const char *name, int32_t date);
/* In the city's offset. */
json_t *json_from_time(const struct query *query, int64_t time_us);
json_t *json_from_counters(const struct counter_row *row);
json_t *json_from_struct(const struct fields *fields, const void *data);
/* The thing's attributes; the names of what is sealed stand in "sealed". */
json_t *json_from_thing(struct query *query, enum noun noun, struct thing *thing,
                        struct arena *arena);
/* Regions go by the code they have now, whatever it was when the data was written. */
void regions_renew(struct query *query, const struct fields *fields, void *data,
                   struct arena *arena);
/* The thing's id, null for number 0. */
json_t *json_from_number(struct query *query, enum noun noun, uint32_t number, struct arena *arena);

/* {kind, id, name} */
json_t *json_from_subject(struct query *query, enum noun noun, uint32_t number,
                          struct arena *arena);
/* The attribute `name` or `title`. */
struct str thing_label(enum noun noun, const struct thing *thing);

/* The city's date by the last recorded time. */
int32_t query_today(struct query *query);
bool region_lies_in(struct query *query, uint32_t region, uint32_t above);
bool text_contains(struct str text, struct str part);
/* Passes on what reading a thing gave that must be there: missing is damage, not an outcome. */
int query_found(int r);

/* ---- lists ---- */

#define PAGE_KEY_BYTES 96 /* of the longest key that is a cursor */

struct page {
    struct query *query;
    struct arena arena; /* of the row being looked at */
    json_t *items;
    void *context; /* the filter */
    /* Adds the thing to `items` where the filter takes it. 0, or < 0. */
    int (*each)(struct page *page, uint32_t number);
    /* The same for page_rows. */
    int (*each_row)(struct page *page, struct str key, struct str row);
    uint32_t last; /* looked at */
    char last_key[PAGE_KEY_BYTES];
    size_t last_key_size; /* > 0: the cursor is a key */
    size_t limit;
    size_t n_looked;
    bool more;
    char prefix[8];
    size_t prefix_size; /* of the keys */
};

/* Reads `limit`. 0, > 0 out_of_range. Close it in any case. Those below read `cursor`. */
int page_open(struct query *query, struct page *page);
/* Rows of a table whose keys are numbers, in their order. */
int page_table(struct page *page, enum table table);
/* Things of a noun. */
int page_things(struct page *page, enum noun noun);
/* Numbers, ascending. */
int page_numbers(struct page *page, const uint32_t *numbers, size_t n);
/* Rows of a table whose keys are of any form, in their order, beginning with a prefix. */
int page_rows(struct page *page, enum table table, struct str prefix);
/* The list's answer where r is 0; frees either way and returns r. */
int page_close(struct page *page, int r, json_t **ret_result);
