/* volunteer.find: who has this identity number, this telephone or this name. A number is looked up
 * by its keyed hash; telephones and names are sealed one by one, so they are opened and compared,
 * and forgotten. Who is found is told only after the reading was noted. */
#include "bus/identity.h"
#include "bus/methods.h"
#include "bus/methods_common.h"
#include "domain/volunteers.h"

#define FOUND_LIMIT 50        /* shown of one question */
#define COMPARED_LIMIT 200000 /* people whose names are opened for one question */

struct found {
    struct query *query;
    uint32_t numbers[FOUND_LIMIT];
    size_t n;
    size_t n_compared;
    bool more;
    bool too_many;
    uint32_t region; /* 0: anywhere */
    struct str wanted;
    bool by_phone;
    struct arena arena; /* of the one being looked at */
};

static bool same_digits(struct str phone, struct str wanted) {
    size_t i = 0, j = 0;
    while (i < phone.size || j < wanted.size) {
        if (i < phone.size && (phone.data[i] == ' ' || phone.data[i] == '-'))
            i++;
        else if (j < wanted.size && (wanted.data[j] == ' ' || wanted.data[j] == '-'))
            j++;
        else if (i == phone.size || j == wanted.size || phone.data[i++] != wanted.data[j++])
            return false;
    }
    return true;
}

static int compare_one(struct found *found, uint32_t number) {
    struct opened_identity opened;
    int r = identity_open(found->query, number, &found->arena, &opened);
    if (r != 0)
        return r < 0 ? r : 0;
    bool same = found->by_phone ? opened.identity.phone.size &&
                                      same_digits(opened.identity.phone, found->wanted)
                                : str_equal(opened.identity.name, found->wanted);
    identity_close(&opened);
    if (!same)
        return 0;
    found->more = found->n == FOUND_LIMIT;
    if (!found->more)
        found->numbers[found->n++] = number;
    return found->more;
}

static int compare_row(void *context, struct str key, struct str bytes) {
    struct found *found = context;
    struct cursor in = cursor_from(key);
    struct volunteer_row row;
    uint32_t number = cursor_u32_sorted(&in);
    if (in.failed || bytes.size != sizeof row)
        return 0;
    memcpy(&row, bytes.data, sizeof row);
    if (row.state == VOLUNTEER_MERGED ||
        (found->region && !region_lies_in(found->query, row.region, found->region)))
        return 0;
    if (++found->n_compared > COMPARED_LIMIT) {
        found->too_many = true;
        return 1;
    }
    arena_reset(&found->arena);
    return compare_one(found, number);
}

static int find_by_walk(struct found *found) {
    int r = view_scan(found->query->view, TABLE_VOLUNTEER, STR_NONE, compare_row, found);
    if (r >= 0 && found->too_many)
        return problem_set(found->query->problem, PROBLEM_TOO_LARGE, "region",
                           "there are more than %d people to compare with; name a smaller region",
                           COMPARED_LIMIT);
    return r < 0 ? r : 0;
}

/* The kind of document matters: without one, each is tried. */
static int find_by_number(struct found *found, struct str number) {
    struct query *query = found->query;
    int kind;
    int r = query_choice(query, "document_kind", &DOCUMENT_KIND_choices, &kind);
    for (int32_t i = 0; r == 0 && i < DOCUMENT_KIND_COUNT; i++) {
        const struct identity identity = {.document_kind = i, .number = number};
        uint8_t match[16];
        uint32_t volunteer;
        if (kind >= 0 && kind != i)
            continue;
        keyring_match(query->services->keyring, identity_canonical(&identity, query->arena), match);
        r = volunteer_by_identity(query->view, (struct str){(const char *)match, sizeof match},
                                  &volunteer);
        if (r == 0)
            found->numbers[found->n++] = volunteer;
        r = r > 0 ? 0 : r;
    }
    return r;
}

static int read_question(struct query *query, struct found *found) {
    static const char *const ways[] = {"number", "phone", "name"};
    struct str given[3];
    int n_given = 0;
    for (int i = 0; i < 3; i++) {
        given[i] = query_text(query, ways[i]);
        n_given += given[i].size > 0;
    }
    if (n_given != 1)
        return problem_set(query->problem, n_given ? PROBLEM_UNKNOWN_FIELD : PROBLEM_MISSING_FIELD,
                           "number", "say one of number, phone and name");
    int r = query_noun(query, NOUN_REGION, "region", &found->region);
    if (r != 0)
        return r;
    if (given[0].size)
        return find_by_number(found, given[0]);
    if (given[2].size && !found->region)
        return problem_set(query->problem, PROBLEM_MISSING_FIELD, "region",
                           "names repeat; say in which region to look");
    found->by_phone = given[1].size > 0;
    found->wanted = found->by_phone ? given[1] : given[2];
    return find_by_walk(found);
}

static int add_found(struct query *query, uint32_t number, json_t *items) {
    static const char *const states[] = {[VOLUNTEER_REGISTERED] = "registered",
                                         [VOLUNTEER_HELD] = "held",
                                         [VOLUNTEER_WITHDRAWN] = "withdrawn",
                                         [VOLUNTEER_DECEASED] = "deceased",
                                         [VOLUNTEER_MERGED] = "merged"};
    struct opened_identity opened = {0};
    struct volunteer_row row;
    int r = volunteer_get(query->view, number, &row);
    if (r == 0)
        r = identity_open(query, number, query->arena, &opened);
    if (r < 0)
        return r;
    json_array_append_new(
        items, json_pack("{s:o, s:o, s:o, s:s}", "volunteer",
                         json_from_number(query, NOUN_VOLUNTEER, number, query->arena), "name",
                         r == 0 ? json_from_str(opened.identity.name) : json_null(), "region",
                         json_from_number(query, NOUN_REGION, row.region, query->arena), "state",
                         states[row.state]));
    if (r == 0)
        identity_close(&opened);
    return 0;
}

int query_volunteer_find(struct query *query, json_t **ret_result) {
    struct found found = {.query = query};
    arena_init(&found.arena);
    int r = read_question(query, &found);
    arena_deinit(&found.arena);
    if (r == 0)
        r = identity_note_read(query, found.numbers, found.n, "volunteer.find");
    json_t *items = json_array();
    for (size_t i = 0; r == 0 && i < found.n; i++)
        r = add_found(query, found.numbers[i], items);
    if (r == 0)
        *ret_result = json_pack("{s:O, s:b}", "items", items, "more", found.more);
    json_decref(items);
    return r;
}
