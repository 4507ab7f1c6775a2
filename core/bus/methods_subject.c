#include "bus/methods_subject.h"

#include <stdio.h>

#include "bus/thing_view.h"

static struct str take_part(struct str *text) {
    if (text->size == 0)
        return STR_NONE;
    const char *slash = memchr(text->data, '/', text->size);
    size_t size = slash ? (size_t)(slash - text->data) : text->size;
    struct str part = {text->data, size};
    size_t taken = slash ? size + 1 : size;
    *text = (struct str){text->data + taken, text->size - taken};
    return part;
}

static int find_word(const char *const *words, size_t n, struct str word) {
    for (size_t i = 0; i < n; i++)
        if (str_equal(word, str_from(words[i])))
            return (int)i;
    return -1;
}

/* 0, > 0 with the problem (`form` says how it goes), < 0. */
static int find_subject(struct query *query, const char *parameter, const char *form,
                        unsigned kinds, struct str id, enum noun *ret_noun, uint32_t *ret_number) {
    int kind = find_word(SUBJECT_KIND_choices.words, SUBJECT_KIND_COUNT, take_part(&id));
    if (kind < 0 || !(kinds & 1U << kind) || id.size == 0)
        return problem_set(query->problem, PROBLEM_OUT_OF_RANGE, parameter,
                           "it goes by %skind of subject and its id, as in %sregion/%s",
                           *form ? "its word, " : "", form, query->city.region);
    *ret_noun = subject_noun((enum SUBJECT_KIND_choice)kind);
    int r = thing_find(query->view, *ret_noun, id, ret_number);
    return r > 0 ? query_unknown(query, *ret_noun, parameter, id) : r;
}

int query_subject_id(struct query *query, const char *parameter, unsigned kinds,
                     enum noun *ret_noun, uint32_t *ret_number) {
    return find_subject(query, parameter, "", kinds, query_text(query, parameter), ret_noun,
                        ret_number);
}

int query_compound(struct query *query, const char *parameter, const struct choices *words,
                   unsigned kinds, struct compound_id *ret_id) {
    struct str rest = query_text(query, parameter);
    char form[64];
    snprintf(form, sizeof form, "%s/", words->words[0]);
    ret_id->word = find_word(words->words, words->n, take_part(&rest));
    if (ret_id->word < 0)
        rest = STR_NONE;
    return find_subject(query, parameter, form, kinds, rest, &ret_id->noun, &ret_id->number);
}

int subject_filter_read(struct query *query, unsigned kinds, struct subject_filter *ret_filter) {
    int r = query_subject(query, kinds, false, &ret_filter->noun, &ret_filter->number);
    return r == 0 ? query_noun(query, NOUN_REGION, "region", &ret_filter->region) : r;
}

int thing_region(struct query *query, enum noun noun, uint32_t number, struct arena *arena,
                 uint32_t *ret_region) {
    const struct fields *fields = thing_type(noun)->fields;
    const struct thing_view *view = thing_view(noun);
    struct thing thing;
    size_t i = fields_find(fields, STR("region"));
    *ret_region = noun == NOUN_REGION ? number : 0;
    if (*ret_region)
        return 0;
    int r = thing_get(query->view, noun, number, arena, &thing);
    if (r != 0)
        return r < 0 ? r : 0;
    if (i == NOT_FOUND_FIELD || view->region)
        return view->region ? view->region(query, number, &thing, ret_region) : 0;
    const struct str *id = (const void *)((const char *)thing.attributes + fields->list[i].offset);
    r = thing_find(query->view, NOUN_REGION, *id, ret_region);
    return r < 0 ? r : 0;
}

int subject_takes(struct query *query, const struct subject_filter *filter, enum noun noun,
                  uint32_t number, struct arena *arena, bool *ret_takes) {
    uint32_t region;
    *ret_takes = (filter->noun == NOUN_COUNT || filter->noun == noun) &&
                 (!filter->number || filter->number == number);
    if (!*ret_takes || !filter->region)
        return 0;
    int r = thing_region(query, noun, number, arena, &region);
    *ret_takes = r == 0 && region && region_lies_in(query, region, filter->region);
    return r;
}
