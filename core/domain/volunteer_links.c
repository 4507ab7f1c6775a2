#include "domain/volunteer_links.h"

#include "domain/volunteers.h"
#include "util/error.h"

#define LINKS_LIMIT 100 /* of one volunteer */
#define SYSTEM_LIMIT 64
#define EXTERNAL_LIMIT 128

/* system, 0, external: a system's name is not empty and holds no zero, so that it stands apart from
 * the other kind of key and ends where it ends. */
struct link_key {
    char bytes[SYSTEM_LIMIT + 1 + EXTERNAL_LIMIT];
};

static struct str link_key(struct link_key *key, struct str system, struct str external) {
    memcpy(key->bytes, system.data, system.size);
    key->bytes[system.size] = 0;
    memcpy(key->bytes + system.size + 1, external.data, external.size);
    return (struct str){key->bytes, system.size + 1 + external.size};
}

/* 0, volunteer u32, n u32; with n 0 how many there are. */
#define LIST_KEY_BYTES 9

static struct str list_key(char key[static LIST_KEY_BYTES], uint32_t volunteer, uint32_t n) {
    key[0] = 0;
    number_key(key + 1, volunteer);
    number_key(key + 5, n);
    return (struct str){key, LIST_KEY_BYTES};
}

int volunteer_by_link(struct view *view, struct str system, struct str external,
                      uint32_t *ret_volunteer) {
    struct link_key key;
    struct str row;
    if (system.size == 0 || system.size > SYSTEM_LIMIT || external.size == 0 ||
        external.size > EXTERNAL_LIMIT)
        return THING_NOT_FOUND;
    int r = view_get(view, TABLE_LINK, link_key(&key, system, external), &row);
    if (r != 0)
        return r < 0 ? r : THING_NOT_FOUND;
    if (row.size != sizeof *ret_volunteer)
        return error_note(-EBADMSG, "a link's row cannot be read");
    memcpy(ret_volunteer, row.data, sizeof *ret_volunteer);
    return 0;
}

static int list_count(struct view *view, uint32_t volunteer, uint32_t *ret_count) {
    char key[LIST_KEY_BYTES];
    struct str row;
    *ret_count = 0;
    int r = view_get(view, TABLE_LINK, list_key(key, volunteer, 0), &row);
    if (r != 0)
        return r < 0 ? r : 0;
    if (row.size != sizeof *ret_count)
        return error_note(-EBADMSG, "a link's row cannot be read");
    memcpy(ret_count, row.data, sizeof *ret_count);
    return 0;
}

int volunteer_link_decode(struct str row, struct volunteer_link *ret_link) {
    struct cursor in = cursor_from(row);
    ret_link->linked_on = (int32_t)cursor_signed(&in);
    ret_link->sequence = cursor_varint(&in);
    ret_link->system = cursor_counted(&in);
    ret_link->external = cursor_counted(&in);
    return in.failed;
}

int volunteer_links_each(struct view *view, uint32_t volunteer,
                         int (*each)(void *context, const struct volunteer_link *link),
                         void *context) {
    uint32_t count;
    int r = list_count(view, volunteer, &count);
    for (uint32_t n = 1; r == 0 && n <= count; n++) {
        char key[LIST_KEY_BYTES];
        struct str row;
        struct volunteer_link link;
        r = view_get(view, TABLE_LINK, list_key(key, volunteer, n), &row);
        if (r < 0)
            return r;
        if (r > 0 || volunteer_link_decode(row, &link) != 0)
            return error_note(-EBADMSG, "a volunteer's link cannot be read");
        r = each(context, &link);
    }
    return r;
}

/* ---- volunteer.linked ---- */

/* Free, or of somebody who has withdrawn: who registers again takes the id along. */
static int check_free(struct context *context, const struct volunteer_linked *data,
                      uint32_t volunteer) {
    uint32_t other;
    struct volunteer_row row;
    int r = volunteer_by_link(context->view, data->system, data->external, &other);
    if (r != 0)
        return r < 0 ? r : 0;
    if (other == volunteer)
        return problem_set(context->problem, PROBLEM_WRONG_STATE, "data.external",
                           "this id is linked to %.*s already", STR_ARG(data->volunteer));
    r = volunteer_get(context->view, other, &row);
    if (r != 0)
        return r < 0 ? r : error_note(-EBADMSG, "a link leads nowhere");
    if (row.state == VOLUNTEER_WITHDRAWN)
        return 0;
    return problem_set(context->problem, PROBLEM_ALREADY_EXISTS, "data.external",
                       "this id of %.*s leads to another volunteer; compare both persons",
                       STR_ARG(data->system));
}

static void put(struct context *context, const struct volunteer_linked *data, uint32_t volunteer,
                uint32_t n) {
    char key[LIST_KEY_BYTES];
    struct link_key by_id;
    struct buf *row = &context->scratch;
    buf_reset(row);
    buf_put_signed(row, context_date(context));
    buf_put_varint(row, context->sequence);
    buf_put_counted(row, data->system);
    buf_put_counted(row, data->external);
    store_put(context->store, TABLE_LINK, list_key(key, volunteer, n), buf_str(row));
    store_put(context->store, TABLE_LINK, list_key(key, volunteer, 0),
              (struct str){(const char *)&n, sizeof n});
    store_put(context->store, TABLE_LINK, link_key(&by_id, data->system, data->external),
              (struct str){(const char *)&volunteer, sizeof volunteer});
}

int apply_volunteer_linked(struct context *context, const struct event *event,
                           const struct volunteer_linked *data) {
    (void)event;
    uint32_t volunteer, count;
    struct volunteer_row row;
    int r = volunteer_open(context, data->volunteer, &volunteer, &row);
    if (r == 0)
        r = check_free(context, data, volunteer);
    if (r == 0)
        r = list_count(context->view, volunteer, &count);
    if (r == 0 && count >= LINKS_LIMIT)
        r = problem_set(context->problem, PROBLEM_OUT_OF_RANGE, "data.volunteer",
                        "one volunteer has at most %d ids of other systems", LINKS_LIMIT);
    if (r == 0)
        put(context, data, volunteer, count + 1);
    return r;
}

/* ---- a merge ---- */

static int move_link(struct context *context, uint32_t from, uint32_t into, uint32_t n,
                     uint32_t to_n) {
    char key[LIST_KEY_BYTES];
    struct link_key by_id;
    struct volunteer_link link;
    struct str row;
    uint32_t holder;
    int r = view_get(context->view, TABLE_LINK, list_key(key, from, n), &row);
    if (r != 0 || volunteer_link_decode(row, &link) != 0)
        return r < 0 ? r : error_note(-EBADMSG, "a volunteer's link cannot be read");
    row = arena_copy(context->arena, row);
    (void)volunteer_link_decode(row, &link);
    r = volunteer_by_link(context->view, link.system, link.external, &holder);
    if (r < 0)
        return r;
    if (r == 0 && holder == from)
        store_put(context->store, TABLE_LINK, link_key(&by_id, link.system, link.external),
                  (struct str){(const char *)&into, sizeof into});
    store_put(context->store, TABLE_LINK, list_key(key, into, to_n), row);
    store_put(context->store, TABLE_LINK, list_key(key, from, n), STR_NONE);
    return 0;
}

int volunteer_links_move(struct context *context, uint32_t from, uint32_t into) {
    char key[LIST_KEY_BYTES];
    uint32_t n_from, n_into;
    int r = list_count(context->view, from, &n_from);
    if (r == 0)
        r = list_count(context->view, into, &n_into);
    for (uint32_t n = 1; r == 0 && n <= n_from; n++)
        r = move_link(context, from, into, n, n_into + n);
    if (r != 0 || n_from == 0)
        return r;
    n_into += n_from;
    store_put(context->store, TABLE_LINK, list_key(key, into, 0),
              (struct str){(const char *)&n_into, sizeof n_into});
    store_put(context->store, TABLE_LINK, list_key(key, from, 0), STR_NONE);
    return 0;
}
