#include "bus/methods_common.h"

#include <stdio.h>

#include "domain/dictionaries.h"
#include "util/error.h"

/* ---- parameters ---- */

int query_unknown(struct query *query, enum noun noun, const char *parameter, struct str id) {
    const char *name = noun_info(noun)->name;
    int shown = (int)(id.size < EVENT_ID_LIMIT ? id.size : EVENT_ID_LIMIT);
    problem_set(query->problem, PROBLEM_UNKNOWN_NOUN, parameter,
                "no %s \"%.*s\" is known here; see `%s.list` for those that are", name, shown,
                id.data, name);
    query->problem->noun = name;
    return 1;
}

int query_noun(struct query *query, enum noun noun, const char *parameter, uint32_t *ret_number) {
    struct str id = query_text(query, parameter);
    *ret_number = 0;
    if (!id.data)
        return 0;
    int r = thing_find(query->view, noun, id, ret_number);
    return r > 0 ? query_unknown(query, noun, parameter, id) : r;
}

int query_city_region(struct query *query, uint32_t *ret_number) {
    struct str id = str_from(query->city.region);
    int r = thing_find(query->view, NOUN_REGION, id, ret_number);
    return r > 0 ? query_unknown(query, NOUN_REGION, "region", id) : r;
}

int query_word(struct query *query, const char *parameter, const char *const *words, size_t n,
               int *ret_index) {
    struct str word = query_text(query, parameter);
    char list[300];
    size_t size = 0;
    *ret_index = -1;
    if (!word.data)
        return 0;
    for (size_t i = 0; i < n; i++)
        if (str_equal(word, str_from(words[i]))) {
            *ret_index = (int)i;
            return 0;
        }
    for (size_t i = 0; i < n && size < sizeof list; i++)
        size += (size_t)snprintf(list + size, sizeof list - size, "%s%s", i ? ", " : "", words[i]);
    return problem_set(query->problem, PROBLEM_OUT_OF_RANGE, parameter, "%s is one of: %s",
                       parameter, list);
}

int query_choice(struct query *query, const char *parameter, const struct choices *choices,
                 int *ret_index) {
    return query_word(query, parameter, choices->words, choices->n, ret_index);
}

int query_code(struct query *query, const char *parameter, enum DICTIONARY_choice dictionary,
               struct str *ret_code) {
    const char *codes[DICTIONARY_ENTRIES_LIMIT];
    struct dictionary_code entry;
    size_t n = 0;
    int ignored;
    *ret_code = query_text(query, parameter);
    if (!ret_code->data || dictionary_info(dictionary)->open)
        return 0;
    while (n < DICTIONARY_ENTRIES_LIMIT &&
           dictionary_at(query->view, dictionary, (uint32_t)n, &entry) == 0)
        codes[n++] = arena_string(query->arena, entry.code);
    return query_word(query, parameter, codes, n, &ignored);
}

static int find_subject(struct query *query, unsigned kinds, struct str id, enum noun *ret_noun,
                        uint32_t *ret_number) {
    for (unsigned i = 0; i < SUBJECT_KIND_COUNT; i++) {
        *ret_noun = subject_noun((enum SUBJECT_KIND_choice)i);
        int r =
            kinds & 1U << i ? thing_find(query->view, *ret_noun, id, ret_number) : THING_NOT_FOUND;
        if (r <= 0)
            return r;
    }
    return query_unknown(query, NOUN_SUBJECT, "subject", id);
}

int query_subject(struct query *query, unsigned kinds, bool required, enum noun *ret_noun,
                  uint32_t *ret_number) {
    const char *words[SUBJECT_KIND_COUNT];
    unsigned places[SUBJECT_KIND_COUNT];
    size_t n = 0;
    int kind;
    struct str id = query_text(query, "subject");
    *ret_number = 0;
    for (unsigned i = 0; i < SUBJECT_KIND_COUNT; i++)
        if (kinds & 1U << i) {
            places[n] = i;
            words[n++] = SUBJECT_KIND_choices.words[i];
        }
    int r = query_word(query, "subject_kind", words, n, &kind);
    if (r != 0)
        return r;
    *ret_noun = kind < 0 ? NOUN_COUNT : subject_noun((enum SUBJECT_KIND_choice)places[kind]);
    if (!id.data && required)
        return problem_set(query->problem, PROBLEM_MISSING_FIELD, "subject",
                           "%s needs the parameter subject", query->method->name);
    if (!id.data)
        return 0;
    return kind < 0 ? find_subject(query, kinds, id, ret_noun, ret_number)
                    : query_noun(query, *ret_noun, "subject", ret_number);
}

int query_as_of(struct query *query, struct query_day *ret_day) {
    int32_t today = query_today(query);
    int32_t as_of = query_date(query, "as_of", today);
    if (as_of > today)
        return problem_set(query->problem, PROBLEM_IN_FUTURE, "as_of",
                           "nothing is known yet of that day; leave as_of out for today");
    *ret_day = (struct query_day){as_of, as_of == today ? COUNTER_NOW : as_of};
    return 0;
}

int query_range(struct query *query, const char *parameter, struct range range, int64_t fallback,
                int64_t *ret_value) {
    int64_t value = query_integer(query, parameter, fallback);
    bool given = json_object_get(query->params, parameter) != NULL;
    if (given && (value < range.least || value > range.most))
        return problem_set(query->problem, PROBLEM_OUT_OF_RANGE, parameter,
                           "%s lies between %lld and %lld", parameter, (long long)range.least,
                           (long long)range.most);
    *ret_value = value;
    return 0;
}

void problem_as_parameter(struct problem *problem) {
    static const char prefix[] = "data.";
    size_t n = sizeof prefix - 1;
    if (!strncmp(problem->field, prefix, n))
        memmove(problem->field, problem->field + n, strlen(problem->field + n) + 1);
}

/* ---- values ---- */

json_t *json_from_str(struct str text) {
    return text.data ? json_stringn(text.data, text.size) : json_null();
}

json_t *json_from_date(int32_t date, int32_t none) {
    char text[16];
    if (date == none)
        return json_null();
    size_t size = date_format(date, text);
    return json_stringn(text, size);
}

void json_put_date(json_t *object, const char *name, int32_t date) {
    if (date)
        json_object_set_new(object, name, json_from_date(date, 0));
}

json_t *json_from_time(const struct query *query, int64_t time_us) {
    char text[40];
    int32_t offset_s = zone_offset_at(&query->city.zone, time_us);
    size_t size = time_format(time_us, (int16_t)(offset_s / 60), text);
    return json_stringn(text, size);
}

json_t *json_from_counters(const struct counter_row *row) {
    json_t *stars = json_array();
    json_t *counters = json_object();
    for (unsigned i = 0; i < COUNTER_COUNT; i++) {
        bool star = i >= COUNTER_stars_0 && i <= COUNTER_stars_5;
        if (star)
            json_array_append_new(stars, json_integer(row->value[i]));
        else
            json_object_set_new(counters, counter_name((enum counter)i),
                                json_integer(row->value[i]));
        if (i == COUNTER_stars_5)
            json_object_set_new(counters, "stars", stars);
    }
    return counters;
}

json_t *json_from_struct(const struct fields *fields, const void *data) {
    struct buf text = {0};
    fields_to_json(fields, data, &text);
    json_t *object = query_json(&text);
    buf_deinit(&text);
    return object;
}

static void renew_id(struct query *query, struct str *id, struct arena *arena) {
    uint32_t number;
    struct str now;
    if (thing_find(query->view, NOUN_REGION, *id, &number) == 0 &&
        thing_id(query->view, NOUN_REGION, number, arena, &now) == 0)
        *id = now;
}

void regions_renew(struct query *query, const struct fields *fields, void *data,
                   struct arena *arena) {
    const struct data *head = data;
    for (size_t i = 0; i < fields->n; i++) {
        const struct field *field = &fields->list[i];
        void *member = (char *)data + field->offset;
        if (!(head->present & UINT64_C(1) << i))
            continue;
        if (field->kind == FIELD_ID && field->noun == NOUN_REGION)
            renew_id(query, member, arena);
        if (field->kind == FIELD_OBJECT && field->fields == &subject_fields) {
            struct subject *subject = member;
            if (subject->kind == SUBJECT_KIND_REGION)
                renew_id(query, &subject->id, arena);
        }
    }
}

json_t *json_from_thing(struct query *query, enum noun noun, struct thing *thing,
                        struct arena *arena) {
    const struct fields *fields = thing_type(noun)->fields;
    regions_renew(query, fields, thing->attributes, arena);
    json_t *object = json_from_struct(fields, thing->attributes);
    json_t *sealed = thing->n_blobs ? json_array() : NULL;
    for (size_t i = 0; i < thing->n_blobs; i++)
        if (thing->blobs[i].field < fields->n)
            json_array_append_new(sealed, json_string(fields->list[thing->blobs[i].field].name));
    if (sealed)
        json_object_set_new(object, "sealed", sealed);
    return object;
}

json_t *json_from_number(struct query *query, enum noun noun, uint32_t number,
                         struct arena *arena) {
    struct str id;
    if (number == 0 || thing_id(query->view, noun, number, arena, &id) != 0)
        return json_null();
    return json_from_str(id);
}

struct str thing_label(enum noun noun, const struct thing *thing) {
    const struct fields *fields = thing_type(noun)->fields;
    size_t i = fields_find(fields, STR("name"));
    if (i == NOT_FOUND_FIELD)
        i = fields_find(fields, STR("title"));
    if (i == NOT_FOUND_FIELD)
        return STR_NONE;
    return *(const struct str *)(const void *)((const char *)thing->attributes +
                                               fields->list[i].offset);
}

json_t *json_from_subject(struct query *query, enum noun noun, uint32_t number,
                          struct arena *arena) {
    struct thing thing;
    struct str id = STR_NONE, name = STR_NONE;
    if (thing_get(query->view, noun, number, arena, &thing) == 0) {
        id = *(const struct str *)(const void *)((const char *)thing.attributes +
                                                 thing_type(noun)->fields->list[0].offset);
        name = thing_label(noun, &thing);
    }
    return json_pack("{s:s, s:o, s:o}", "kind", noun_info(noun)->name, "id", json_from_str(id),
                     "name", json_from_str(name));
}

int32_t query_today(struct query *query) {
    struct clock_state clock;
    (void)clock_get(query->view, &clock);
    return zone_date(&query->city.zone, clock.recorded_us);
}

bool region_lies_in(struct query *query, uint32_t region, uint32_t above) {
    uint32_t path[REGION_DEPTH];
    size_t n = region_path(query->view, region, path);
    for (size_t i = 0; i < n; i++)
        if (path[i] == above)
            return true;
    return false;
}

bool text_contains(struct str text, struct str part) {
    return part.size == 0 || (text.size && memmem(text.data, text.size, part.data, part.size));
}

int query_found(int r) {
    return r > 0 ? error_note(-EBADMSG, "a thing that is named has no row") : r;
}
