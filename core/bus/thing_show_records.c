/* Public notices. */
#include "bus/methods_common.h"
#include "bus/thing_show.h"
#include "domain/public_notices.h"

const char *const public_notice_states[4] = {
    [PUBLIC_NOTICE_OPEN] = "open",
    [PUBLIC_NOTICE_OBJECTED] = "objected",
    [PUBLIC_NOTICE_PASSED] = "passed",
    [PUBLIC_NOTICE_REFUSED] = "refused",
};

int public_notice_state(struct query *query, uint32_t number, const struct thing *thing,
                        unsigned *ret_state) {
    struct public_notice_row row;
    (void)thing;
    int r = public_notice_get(query->view, number, &row);
    if (r == 0)
        *ret_state = row.state;
    return r;
}

int public_notice_region(struct query *query, uint32_t number, const struct thing *thing,
                         uint32_t *ret_region) {
    struct public_notice_row row;
    (void)thing;
    int r = public_notice_get(query->view, number, &row);
    if (r == 0)
        *ret_region = row.region;
    return r;
}

int show_public_notice(struct query *query, uint32_t number, const struct thing *thing,
                       struct arena *arena, json_t *object) {
    struct public_notice_row row;
    (void)thing;
    (void)arena;
    int r = public_notice_get(query->view, number, &row);
    if (r != 0)
        return r;
    json_object_set_new(object, "until", json_from_date(row.until, 0));
    json_object_set_new(object, "objections", json_integer(row.n_objections));
    if (row.ended_on)
        json_object_set_new(object, "ended_on", json_from_date(row.ended_on, 0));
    return 0;
}
