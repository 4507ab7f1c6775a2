#include "bus/methods_subject.h"
#include "bus/thing_show.h"
#include "domain/organisations.h"

static int put_counters(struct query *query, enum noun noun, uint32_t number, json_t *object) {
    struct counter_row counters;
    int r = counter_get(query->view, COUNTER_NOW, noun, number, &counters);
    if (r == 0)
        json_object_set_new(object, "counters", json_from_counters(&counters));
    return r;
}

/* What others said of it: civilised titles, the newest of each figure, plans. */
static int put_reported(struct query *query, enum noun noun, uint32_t number, struct arena *arena,
                        json_t *object) {
    json_t *titles, *plans;
    json_object_set_new(object, "figures", json_from_figures(query, noun, number));
    int r = json_from_titles(query, noun, number, arena, &titles);
    if (r == 0) {
        json_object_set_new(object, "titles", titles);
        r = json_from_plans(query, noun, number, arena, &plans);
    }
    if (r == 0)
        json_object_set_new(object, "plans", plans);
    return r;
}

/* ---- regions ---- */

static json_t *path_names(struct query *query, uint32_t region, struct arena *arena) {
    uint32_t path[REGION_DEPTH];
    size_t n = region_path(query->view, region, path);
    json_t *names = json_array();
    for (size_t i = n; i > 0; i--) {
        struct region_defined above;
        if (region_attributes(query->view, path[i - 1], arena, &above) == 0)
            json_array_append_new(names, json_from_str(above.name));
    }
    return names;
}

int show_region(struct query *query, uint32_t number, const struct thing *thing,
                struct arena *arena, json_t *object) {
    (void)thing;
    json_object_set_new(object, "path", path_names(query, number, arena));
    return put_counters(query, NOUN_REGION, number, object);
}

int show_region_whole(struct query *query, uint32_t number, const struct thing *thing,
                      struct arena *arena, json_t *object) {
    (void)thing;
    json_t *codes = json_array();
    struct str code;
    int32_t until;
    int r = 0;
    for (uint32_t n = 1; r == 0; n++) {
        r = region_former_code(query->view, number, n, &code, &until);
        if (r == 0)
            json_array_append_new(codes, json_pack("{s:o, s:o}", "code", json_from_str(code),
                                                   "until", json_from_date(until, INT32_MIN)));
    }
    json_object_set_new(object, "former_codes", codes);
    return r < 0 ? r : put_reported(query, NOUN_REGION, number, arena, object);
}

/* ---- organisations ---- */

const char *const organisation_states[2] = {
    [ORGANISATION_ACTIVE] = "active",
    [ORGANISATION_DISSOLVED] = "dissolved",
};

int organisation_state(struct query *query, uint32_t number, const struct thing *thing,
                       unsigned *ret_state) {
    struct organisation_row row;
    (void)thing;
    int r = organisation_get(query->view, number, &row);
    *ret_state = r == 0 ? row.state : ORGANISATION_ACTIVE;
    return r < 0 ? r : 0;
}

int show_organisation(struct query *query, uint32_t number, const struct thing *thing,
                      struct arena *arena, json_t *object) {
    struct organisation_row row;
    (void)thing;
    int r = organisation_get(query->view, number, &row);
    if (r == 0 && row.state == ORGANISATION_DISSOLVED) {
        json_object_set_new(object, "dissolved_on", json_from_date(row.dissolved_on, 0));
        json_object_set_new(object, "successor",
                            json_from_number(query, NOUN_ORGANISATION, row.successor, arena));
    }
    return r < 0 ? r : put_counters(query, NOUN_ORGANISATION, number, object);
}

int show_organisation_whole(struct query *query, uint32_t number, const struct thing *thing,
                            struct arena *arena, json_t *object) {
    (void)thing;
    return put_reported(query, NOUN_ORGANISATION, number, arena, object);
}
