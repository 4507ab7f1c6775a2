/* What the methods share that are about subjects: regions and organisations that figures, titles,
 * plans and assessments belong to. Threads: that of the query. Errors: as method.h. */
#pragma once

#include "bus/methods_common.h"

/* An id of the form word/kind/id: "staff/organisation/org:1". */
struct compound_id {
    int word;
    enum noun noun;
    uint32_t number;
};
/* > 0: out_of_range where it is not of that form, unknown_<noun>. */
int query_compound(struct query *query, const char *parameter, const struct choices *words,
                   unsigned kinds, struct compound_id *ret_id);

/* An id of the form kind/id: "region/620502000000". The same errors. */
int query_subject_id(struct query *query, const char *parameter, unsigned kinds,
                     enum noun *ret_noun, uint32_t *ret_number);

/* `subject_kind`, `subject` and `region`: the subject lies in it. */
struct subject_filter {
    enum noun noun; /* NOUN_COUNT: any */
    uint32_t number;
    uint32_t region;
};
int subject_filter_read(struct query *query, unsigned kinds, struct subject_filter *ret_filter);
/* 0 or < 0. */
int subject_takes(struct query *query, const struct subject_filter *filter, enum noun noun,
                  uint32_t number, struct arena *arena, bool *ret_takes);
/* Where a thing lies: by its own attribute, or by what it belongs to. 0 with 0 where nowhere, < 0.
 */
int thing_region(struct query *query, enum noun noun, uint32_t number, struct arena *arena,
                 uint32_t *ret_region);

/* ---- of one subject: {figure: newest report}, [title], [plan] ---- */

json_t *json_from_figures(struct query *query, enum noun noun, uint32_t number);
/* 0 or < 0 */
int json_from_titles(struct query *query, enum noun noun, uint32_t number, struct arena *arena,
                     json_t **ret_list);
int json_from_plans(struct query *query, enum noun noun, uint32_t number, struct arena *arena,
                    json_t **ret_list);
