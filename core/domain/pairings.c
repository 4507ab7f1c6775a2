#include "domain/pairings.h"

#include "domain/campaigns.h"
#include "domain/counters.h"
#include "domain/organisations.h"
#include "domain/regions.h"
#include "util/error.h"

/* ---- reading ---- */

int pairing_get(struct view *view, uint32_t pairing, struct pairing_row *ret_row) {
    char key[4];
    return fixed_row_get(view, TABLE_PAIRING, number_key(key, pairing), sizeof *ret_row,
                         "a pairing's row cannot be read", ret_row);
}

static struct str list_key(char key[static 8], uint32_t organisation, uint32_t n) {
    number_key(key, organisation);
    number_key(key + 4, n);
    return (struct str){key, 8};
}

int pairing_of(struct view *view, uint32_t organisation, uint32_t n, uint32_t *ret_pairing) {
    char key[8];
    return fixed_row_get(view, TABLE_PAIRED, list_key(key, organisation, n), sizeof *ret_pairing,
                         "a list of pairings cannot be read", ret_pairing);
}

int pairings_of(struct view *view, uint32_t organisation, uint32_t *ret_n) {
    int r = pairing_of(view, organisation, 0, ret_n);
    if (r > 0)
        *ret_n = 0;
    return r < 0 ? r : 0;
}

int pairing_covers(struct view *view, uint32_t organisation, uint32_t region, bool *ret_covers) {
    uint32_t n_all, number, path[REGION_DEPTH];
    size_t depth = region_path(view, region, path);
    int r = pairings_of(view, organisation, &n_all);
    *ret_covers = false;
    for (uint32_t n = 1; r == 0 && n <= n_all && !*ret_covers; n++) {
        struct pairing_row row;
        r = pairing_of(view, organisation, n, &number);
        if (r == 0)
            r = pairing_get(view, number, &row);
        for (size_t i = 0; r == 0 && !row.ended_on && i < depth; i++)
            *ret_covers |= path[i] == row.region;
    }
    return r > 0 ? error_note(-EBADMSG, "a list names a pairing that is not there") : r;
}

/* ---- applying ---- */

static void put(struct context *context, uint32_t number, const struct pairing_row *row) {
    char key[4];
    store_put(context->store, TABLE_PAIRING, number_key(key, number),
              (struct str){(const char *)row, sizeof *row});
}

static int list_add(struct context *context, uint32_t organisation, uint32_t pairing) {
    char key[8];
    uint32_t n;
    int r = pairings_of(context->view, organisation, &n);
    if (r != 0)
        return r;
    n++;
    store_put(context->store, TABLE_PAIRED, list_key(key, organisation, 0),
              (struct str){(const char *)&n, sizeof n});
    store_put(context->store, TABLE_PAIRED, list_key(key, organisation, n),
              (struct str){(const char *)&pairing, sizeof pairing});
    return 0;
}

static int count(struct context *context, const struct pairing_row *row, int by) {
    const struct counter_change change = {COUNTER_pairings, by};
    int r = counter_add_region(context, 0, row->region, &change, 1);
    return r == 0 ? counter_add_organisation(context, 0, row->organisation, &change, 1) : r;
}

/* One of the unit's that stands, other than `except`, with the same region and estate; 0: none. */
static int find_same(struct context *context, const struct pairing_row *row, struct str estate,
                     uint32_t except, uint32_t *ret_same) {
    uint32_t n_all, number;
    int r = pairings_of(context->view, row->organisation, &n_all);
    *ret_same = 0;
    for (uint32_t n = 1; r == 0 && n <= n_all && !*ret_same; n++) {
        struct pairing_row other;
        struct thing thing;
        r = pairing_of(context->view, row->organisation, n, &number);
        if (r == 0)
            r = pairing_get(context->view, number, &other);
        if (r != 0 || number == except || other.ended_on || other.region != row->region ||
            other.organisation != row->organisation)
            continue;
        r = thing_get(context->view, NOUN_PAIRING, number, context->arena, &thing);
        const struct pairing_agreed *data = r == 0 ? thing.attributes : NULL;
        if (data && str_equal(data->estate, estate))
            *ret_same = number;
    }
    return r > 0 ? error_note(-EBADMSG, "a list names a pairing that is not there") : r;
}

static int refuse_same(struct context *context, const struct pairing_agreed *data, uint32_t same) {
    struct str name;
    int r = thing_id(context->view, NOUN_PAIRING, same, context->arena, &name);
    return r < 0 ? r
                 : problem_set(context->problem, PROBLEM_WRONG_STATE, "data.region",
                               "%.*s looks after this place already, by pairing %.*s; end that one "
                               "first (pairing.ended), or name another estate",
                               STR_ARG(data->organisation), STR_ARG(name));
}

int apply_pairing_agreed(struct context *context, const struct event *event,
                         const struct pairing_agreed *data) {
    uint32_t number, same;
    struct pairing_row row = {.agreed_on = context_date(context)};
    int r = thing_resolve(context, NOUN_ORGANISATION, data->organisation, "data.organisation",
                          &row.organisation);
    if (r == 0)
        r = organisation_require_active(context, row.organisation, data->organisation,
                                        "data.organisation");
    if (r == 0)
        r = thing_resolve(context, NOUN_REGION, data->region, "data.region", &row.region);
    if (r == 0)
        r = campaign_resolve(context, data->campaign, STR_NONE, "data.campaign", &row.campaign);
    if (r == 0)
        r = find_same(context, &row, data->estate, 0, &same);
    if (r == 0 && same)
        r = refuse_same(context, data, same);
    if (r == 0)
        r = thing_name(context, NOUN_PAIRING, data->pairing, "data.pairing", &number);
    if (r != 0)
        return r;
    thing_put(context, NOUN_PAIRING, number,
              &(struct thing){.defined_sequence = context->sequence,
                              .changed_sequence = context->sequence,
                              .state = PAIRING_AGREED,
                              .attributes = event->data});
    put(context, number, &row);
    r = list_add(context, row.organisation, number);
    return r == 0 ? count(context, &row, 1) : r;
}

static int end(struct context *context, uint32_t number, struct thing *thing,
               struct pairing_row *row) {
    int r = count(context, row, -1);
    row->ended_on = context_date(context);
    thing->state = PAIRING_ENDED;
    thing->changed_sequence = context->sequence;
    thing_put(context, NOUN_PAIRING, number, thing);
    put(context, number, row);
    return r;
}

int apply_pairing_ended(struct context *context, const struct event *event,
                        const struct pairing_ended *data) {
    (void)event;
    uint32_t number;
    struct pairing_row row;
    struct thing thing;
    int r = thing_resolve(context, NOUN_PAIRING, data->pairing, "data.pairing", &number);
    if (r == 0)
        r = pairing_get(context->view, number, &row);
    if (r == 0)
        r = thing_get(context->view, NOUN_PAIRING, number, context->arena, &thing);
    if (r != 0)
        return r;
    if (row.ended_on)
        return problem_set(context->problem, PROBLEM_WRONG_STATE, "data.pairing",
                           "pairing %.*s has ended already; agree on a new one (pairing.agreed)",
                           STR_ARG(data->pairing));
    return end(context, number, &thing, &row);
}

int pairing_pass_on(struct context *context, uint32_t pairing, uint32_t from, uint32_t to) {
    struct pairing_row row;
    struct thing thing;
    uint32_t same;
    int r = pairing_get(context->view, pairing, &row);
    if (r != 0 || row.ended_on || row.organisation != from)
        return r < 0 ? r : 0;
    r = thing_get(context->view, NOUN_PAIRING, pairing, context->arena, &thing);
    if (r != 0)
        return r < 0 ? r : 0;
    struct pairing_agreed *data = thing.attributes;
    struct pairing_row passed = row;
    passed.organisation = to;
    r = find_same(context, &passed, data->estate, pairing, &same);
    if (r == 0 && same)
        return end(context, pairing, &thing, &row);
    if (r == 0)
        r = thing_id(context->view, NOUN_ORGANISATION, to, context->arena, &data->organisation);
    if (r == 0)
        r = count(context, &row, -1);
    if (r != 0)
        return r;
    thing.changed_sequence = context->sequence;
    thing_put(context, NOUN_PAIRING, pairing, &thing);
    put(context, pairing, &passed);
    r = list_add(context, to, pairing);
    return r == 0 ? count(context, &passed, 1) : r;
}
