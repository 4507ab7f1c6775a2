/* enrolment.get and .list, attendance.get and .list: who is to come where, and who came. An
 * enrolment's id is its number; a claim of a post is one, too. */
#include "bus/methods_enrolment.h"

#include <stdlib.h>

#include "bus/methods.h"
#include "bus/methods_common.h"
#include "bus/methods_decisions.h"
#include "domain/attendance.h"
#include "domain/waiting.h"

static json_t *number_json(uint32_t number) {
    char text[16];
    snprintf(text, sizeof text, "%u", number);
    return json_string(text);
}

static json_t *absence_json(uint8_t absence) {
    return absence == ABSENCE_NONE
               ? json_null()
               : json_string(absence == ABSENCE_EXCUSED ? "excused" : "unexcused");
}

static void put_times(struct query *query, const struct enrolment *enrolment, json_t *object) {
    struct shift_row shift;
    if (enrolment_shift(query->view, enrolment, &shift) != 0)
        return;
    json_object_set_new(object, "starts", json_from_time(query, shift.starts_s * MICROSECONDS));
    json_object_set_new(object, "ends", json_from_time(query, shift.ends_s * MICROSECONDS));
}

static json_t *describe(struct query *query, uint32_t number, const struct enrolment *enrolment,
                        struct arena *arena) {
    const struct enrolment_row *row = &enrolment->row;
    json_t *object = json_pack("{s:o, s:o}", "enrolment", number_json(number), "volunteer",
                               json_from_number(query, NOUN_VOLUNTEER, row->volunteer, arena));
    if (row->activity)
        json_object_set_new(object, "activity",
                            json_from_number(query, NOUN_ACTIVITY, row->activity, arena));
    else
        json_object_set_new(object, "post", json_from_number(query, NOUN_POST, row->post, arena));
    if (enrolment->shift.size)
        json_object_set_new(object, "shift", json_from_str(enrolment->shift));
    json_object_set_new(object, "state",
                        json_string(enrolment_state_text((enum enrolment_state)row->state)));
    if (row->requested_s)
        json_object_set_new(object, "by", json_string(ENROLLED_BY_choices.words[row->by]));
    if (enrolment->agreement.size)
        json_object_set_new(object, "agreement_version", json_from_str(enrolment->agreement));
    if (row->requested_s)
        json_object_set_new(object, "requested",
                            json_from_time(query, row->requested_s * MICROSECONDS));
    put_times(query, enrolment, object);
    json_object_set_new(object, "changes", json_integer(row->n_changes));
    if (row->activity) {
        json_object_set_new(object, "check_ins", json_integer(row->n_check_ins));
        json_object_set_new(object, "absence", absence_json(row->absence));
    }
    return object;
}

/* ---- each check-in and check-out ---- */

struct steps {
    struct query *query;
    json_t *items;
};

static int add_step(void *context, const struct attendance_step *step) {
    struct steps *steps = context;
    json_t *object = json_pack(
        "{s:s, s:o, s:s}", "step", step->out ? "checked_out" : "checked_in", "at",
        json_from_time(steps->query, step->at_s * MICROSECONDS), "method",
        step->method < ATTENDANCE_METHOD_COUNT ? ATTENDANCE_METHOD_choices.words[step->method]
                                               : "?");
    if (step->device.size)
        json_object_set_new(object, "device", json_from_str(step->device));
    if (step->distance_m >= 0)
        json_object_set_new(object, "distance_m", json_integer(step->distance_m));
    json_object_set_new(object, "sequence", json_integer((json_int_t)step->sequence));
    json_array_append_new(steps->items, object);
    return 0;
}

static int put_steps(struct query *query, uint32_t number, json_t *object) {
    struct steps steps = {query, json_array()};
    json_object_set_new(object, "steps", steps.items);
    return attendance_each(query->view, number, add_step, &steps);
}

struct open_stays {
    size_t n;
    bool is_here;
};

static int count_open(void *context, const struct attendance_step *step) {
    struct open_stays *stays = context;
    stays->n += stays->is_here && !step->out;
    stays->is_here = !step->out;
    return 0;
}

/* Check-ins that no check-out followed: on another day another check-in did, or it is over. */
static int missing_check_outs(struct query *query, uint32_t number,
                              const struct enrolment *enrolment, size_t *ret_n) {
    struct open_stays stays = {0, false};
    struct shift_row shift;
    *ret_n = 0;
    if (enrolment->row.n_check_ins == 0)
        return 0;
    int r = attendance_each(query->view, number, count_open, &stays);
    if (r == 0)
        r = query_found(enrolment_shift(query->view, enrolment, &shift));
    if (r == 0)
        *ret_n = stays.n + (stays.is_here && zone_midnight(&query->city.zone, query_today(query)) >=
                                                 shift.ends_s * MICROSECONDS);
    return r;
}

/* ---- get ---- */

static int find(struct query *query, const char *parameter, uint32_t *ret_number,
                struct enrolment *ret_enrolment) {
    struct str text = query_text(query, parameter);
    char *end = NULL;
    unsigned long number = text.data ? strtoul(arena_string(query->arena, text), &end, 10) : 0;
    bool valid = text.size && text.size < 11 && end && !*end && number <= UINT32_MAX;
    int r = valid ? enrolment_get(query->view, (uint32_t)number, ret_enrolment) : THING_NOT_FOUND;
    *ret_number = (uint32_t)number;
    return r > 0 ? query_unknown(query, query->method->noun, parameter, text) : r;
}

static int finish(struct wanted_list *wanted, struct query *query, int r, json_t *object,
                  json_t **ret_result) {
    if (r == 0)
        r = wanted_fill(query, wanted);
    if (r == 0)
        *ret_result = object;
    else
        json_decref(object);
    return r;
}

int query_enrolment_get(struct query *query, json_t **ret_result) {
    struct wanted_list wanted = {0};
    struct enrolment enrolment;
    uint32_t number, place;
    int r = find(query, "enrolment", &number, &enrolment);
    if (r == 0)
        r = query_found(waiting_place(query->view, &enrolment, &place));
    if (r != 0)
        return r;
    json_t *object = describe(query, number, &enrolment, query->arena);
    if (place)
        json_object_set_new(object, "waiting_place", json_integer(place));
    wanted_add(query, &wanted, enrolment.row.decision, object);
    return finish(&wanted, query, put_steps(query, number, object), object, ret_result);
}

int query_attendance_get(struct query *query, json_t **ret_result) {
    struct wanted_list wanted = {0};
    struct enrolment enrolment;
    uint32_t number;
    int r = find(query, "attendance", &number, &enrolment);
    if (r != 0)
        return r;
    json_t *object = describe(query, number, &enrolment, query->arena);
    size_t n_missing;
    json_object_set_new(object, "attendance", number_json(number));
    r = missing_check_outs(query, number, &enrolment, &n_missing);
    if (r == 0) {
        json_object_set_new(object, "missing_check_outs", json_integer((json_int_t)n_missing));
        r = put_steps(query, number, object);
    }
    return finish(&wanted, query, r, object, ret_result);
}

/* ---- list ---- */

struct enrolment_filter {
    uint32_t volunteer;
    uint32_t activity;
    uint32_t post;
    int state; /* -1: any */
    struct str shift;
    bool attended; /* those alone that came, or were missed */
    bool missing;  /* those alone who never checked out */
};

static bool takes(const struct enrolment_filter *filter, const struct enrolment *enrolment) {
    const struct enrolment_row *row = &enrolment->row;
    bool is_attendance = row->n_check_ins || row->absence;
    return (!filter->volunteer || row->volunteer == filter->volunteer) &&
           (!filter->activity || row->activity == filter->activity) &&
           (!filter->post || row->post == filter->post) &&
           (filter->state < 0 || row->state == filter->state) &&
           (!filter->shift.size || str_equal(enrolment->shift, filter->shift)) &&
           (filter->attended ? is_attendance : row->state != ENROLMENT_NONE);
}

static int list_enrolment(struct page *page, uint32_t number) {
    const struct enrolment_filter *filter = page->context;
    struct enrolment enrolment;
    int r = enrolment_get(page->query->view, number, &enrolment);
    if (r != 0 || !takes(filter, &enrolment))
        return r;
    size_t n_missing;
    r = missing_check_outs(page->query, number, &enrolment, &n_missing);
    if (r != 0 || (filter->missing && n_missing == 0))
        return r;
    json_t *item = describe(page->query, number, &enrolment, &page->arena);
    if (filter->attended) {
        json_object_set_new(item, "attendance", number_json(number));
        json_object_set_new(item, "missing_check_outs", json_integer((json_int_t)n_missing));
    }
    json_array_append_new(page->items, item);
    return filter->attended ? put_steps(page->query, number, item) : 0;
}

/* Of whatever has fewest. */
static int list_all(struct page *page, const struct enrolment_filter *filter) {
    struct view *view = page->query->view;
    enum noun noun = filter->volunteer  ? NOUN_VOLUNTEER
                     : filter->activity ? NOUN_ACTIVITY
                                        : NOUN_POST;
    uint32_t of = filter->volunteer  ? filter->volunteer
                  : filter->activity ? filter->activity
                                     : filter->post;
    uint32_t count;
    if (!of)
        return page_table(page, TABLE_ENROLMENT);
    int r = enrolment_count(view, noun, of, &count);
    if (r != 0)
        return r;
    uint32_t *numbers = arena_alloc(page->query->arena, (count + 1) * sizeof *numbers);
    for (uint32_t i = 0; r == 0 && i < count; i++)
        r = query_found(enrolment_nth(view, noun, of, i + 1, &numbers[i]));
    return r == 0 ? page_numbers(page, numbers, count) : r;
}

static int list(struct query *query, bool attended, json_t **ret_result) {
    struct enrolment_filter filter = {.state = -1,
                                      .attended = attended,
                                      .missing = attended &&
                                                 query_boolean(query, "missing_check_out", false),
                                      .shift = query_text(query, "shift")};
    const char *states[ENROLMENT_STATES];
    struct page page;
    for (unsigned i = 0; i < ENROLMENT_STATES; i++)
        states[i] = enrolment_state_text((enum enrolment_state)i);
    int r = page_open(query, &page);
    page.each = list_enrolment;
    page.context = &filter;
    if (r == 0)
        r = query_noun(query, NOUN_VOLUNTEER, "volunteer", &filter.volunteer);
    if (r == 0)
        r = query_noun(query, NOUN_ACTIVITY, "activity", &filter.activity);
    if (r == 0 && !attended)
        r = query_noun(query, NOUN_POST, "post", &filter.post);
    if (r == 0 && !attended)
        r = query_word(query, "state", states, ENROLMENT_STATES, &filter.state);
    if (r == 0)
        r = list_all(&page, &filter);
    return page_close(&page, r, ret_result);
}

int query_enrolment_list(struct query *query, json_t **ret_result) {
    return list(query, false, ret_result);
}

int query_attendance_list(struct query *query, json_t **ret_result) {
    return list(query, true, ret_result);
}

/* ---- for others ---- */

int json_from_enrolments(struct query *query, enum noun noun, uint32_t number, struct arena *arena,
                         json_t **ret_list) {
    json_t *items = json_array();
    uint32_t count;
    int r = enrolment_count(query->view, noun, number, &count);
    for (uint32_t n = count; r == 0 && n > 0 && json_array_size(items) < ENROLMENTS_SHOWN; n--) {
        struct enrolment enrolment;
        uint32_t at;
        r = query_found(enrolment_nth(query->view, noun, number, n, &at));
        if (r == 0)
            r = query_found(enrolment_get(query->view, at, &enrolment));
        if (r == 0 && enrolment.row.state != ENROLMENT_NONE)
            json_array_append_new(items, describe(query, at, &enrolment, arena));
    }
    if (r == 0)
        *ret_list = items;
    else
        json_decref(items);
    return r;
}
