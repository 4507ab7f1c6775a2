#include "bus/suspects.h"

#include <stdlib.h>

#include "bus/identity.h"
#include "bus/methods.h"
#include "bus/methods_common.h"
#include "domain/volunteers.h"

#define COMPARED_LIMIT 200000 /* names and telephones */

/* What two registrations of one person have in common; kept as hashes, so that no name stays. */
struct print {
    uint8_t hash[16];
    uint32_t volunteer;
    uint8_t by_phone;
};

struct prints {
    struct query *query;
    struct arena arena;
    uint32_t region;
    struct print *list;
    size_t n;
    size_t capacity;
    bool too_many;
};

static void note_print(struct prints *prints, struct str text, uint32_t volunteer, bool by_phone) {
    if (prints->n == prints->capacity) {
        prints->capacity = prints->capacity ? 2 * prints->capacity : 1024;
        prints->list = realloc(prints->list, prints->capacity * sizeof *prints->list);
        if (!prints->list)
            abort();
    }
    struct print *print = &prints->list[prints->n++];
    *print = (struct print){.volunteer = volunteer, .by_phone = by_phone};
    keyring_match(prints->query->services->keyring, text, print->hash);
}

/* The name and the month of birth; the telephone. */
static int take_prints(struct prints *prints, uint32_t number, const struct volunteer_row *row) {
    struct opened_identity opened;
    int r = identity_open(prints->query, number, &prints->arena, &opened);
    if (r != 0)
        return r < 0 ? r : 0;
    const struct identity *identity = &opened.identity;
    if (row->born != INT32_MIN)
        note_print(prints,
                   arena_printf(&prints->arena, "name:%.*s:%d", STR_ARG(identity->name), row->born),
                   number, false);
    if (identity->phone.size)
        note_print(prints, arena_printf(&prints->arena, "phone:%.*s", STR_ARG(identity->phone)),
                   number, true);
    identity_close(&opened);
    return 0;
}

static int print_row(void *context, struct str key, struct str bytes) {
    struct prints *prints = context;
    struct cursor in = cursor_from(key);
    struct volunteer_row row;
    uint32_t number = cursor_u32_sorted(&in);
    if (in.failed || bytes.size != sizeof row)
        return 0;
    memcpy(&row, bytes.data, sizeof row);
    if ((row.state != VOLUNTEER_REGISTERED && row.state != VOLUNTEER_HELD) ||
        !region_lies_in(prints->query, row.region, prints->region))
        return 0;
    prints->too_many = prints->n >= COMPARED_LIMIT;
    if (prints->too_many)
        return 1;
    arena_reset(&prints->arena);
    return take_prints(prints, number, &row);
}

static int print_compare(const void *a, const void *b) {
    const struct print *left = a, *right = b;
    int order = memcmp(left->hash, right->hash, sizeof left->hash);
    return order ? order
                 : (left->volunteer > right->volunteer) - (left->volunteer < right->volunteer);
}

static json_t *suspects_json(struct prints *prints, size_t limit, size_t *ret_n) {
    json_t *items = json_array();
    *ret_n = 0;
    if (prints->n)
        qsort(prints->list, prints->n, sizeof *prints->list, print_compare);
    for (size_t i = 0, end; i < prints->n; i = end) {
        const struct print *first = &prints->list[i];
        for (end = i + 1; end < prints->n; end++)
            if (memcmp(first->hash, prints->list[end].hash, sizeof first->hash) != 0)
                break;
        if (end == i + 1 || ++*ret_n > limit)
            continue;
        json_t *people = json_array();
        for (size_t j = i; j < end; j++)
            json_array_append_new(people, json_from_number(prints->query, NOUN_VOLUNTEER,
                                                           prints->list[j].volunteer,
                                                           prints->query->arena));
        json_array_append_new(items, json_pack("{s:s, s:o}", "same",
                                               first->by_phone ? "phone" : "name_and_birth",
                                               "volunteers", people));
    }
    return items;
}

int suspects_find(struct query *query, uint32_t region, size_t limit, json_t **ret_items,
                  size_t *ret_n) {
    struct prints prints = {.query = query, .region = region};
    arena_init(&prints.arena);
    int r = view_scan(query->view, TABLE_VOLUNTEER, STR_NONE, print_row, &prints);
    if (r >= 0 && prints.too_many)
        r = problem_set(query->problem, PROBLEM_TOO_LARGE, "region",
                        "there are too many people to compare; name a smaller region");
    if (r == 0)
        *ret_items = suspects_json(&prints, limit, ret_n);
    arena_deinit(&prints.arena);
    free(prints.list);
    return r;
}

int query_volunteer_suspects(struct query *query, json_t **ret_result) {
    int64_t limit = 0;
    uint32_t region;
    json_t *items;
    size_t n;
    int r = query_noun(query, NOUN_REGION, "region", &region);
    if (r == 0)
        r = query_range(query, "limit", (struct range){1, PAGE_LIMIT}, 100, &limit);
    if (r == 0)
        r = suspects_find(query, region, (size_t)limit, &items, &n);
    if (r == 0)
        *ret_result = json_pack("{s:o, s:I}", "items", items, "count", (json_int_t)n);
    return r;
}
