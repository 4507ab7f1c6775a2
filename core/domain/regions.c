#include "domain/regions.h"

#include "domain/assessments.h"
#include "domain/counters.h"
#include "domain/hot.h"

#include "util/error.h"

#define REGION_CODE_DIGITS 12

/* The row of a region: its parent's number. */
static const struct hot_kind parents = HOT_PLAIN(TABLE_REGION, uint32_t);

static uint32_t region_parent(struct view *view, uint32_t region) {
    char key[4];
    uint32_t parent;
    return hot_read(view, &parents, number_key(key, region), &parent) == 0 ? parent : 0;
}

size_t region_path(struct view *view, uint32_t region, uint32_t ret_path[static REGION_DEPTH]) {
    size_t n = 0;
    for (; region != 0 && n < REGION_DEPTH; region = region_parent(view, region))
        ret_path[n++] = region;
    return n;
}

int region_attributes_at(struct view *view, uint32_t region, int32_t at, struct arena *arena,
                         struct region_defined *ret_region) {
    struct thing thing;
    int r = thing_get_at(view, NOUN_REGION, region, at, arena, &thing);
    if (r == 0)
        *ret_region = *(const struct region_defined *)thing.attributes;
    return r;
}

size_t region_path_at(struct view *view, uint32_t region, int32_t at, struct arena *arena,
                      uint32_t ret_path[static REGION_DEPTH]) {
    size_t n = 0;
    while (region != 0 && n < REGION_DEPTH) {
        struct region_defined attributes;
        uint32_t parent = 0;
        if (thing_stood_at(view, NOUN_REGION, region, at))
            parent = region_parent(view, region);
        else if (region_attributes_at(view, region, at, arena, &attributes) != 0)
            break;
        else if (HAS(&attributes, region_defined, parent))
            (void)thing_find(view, NOUN_REGION, attributes.parent, &parent);
        ret_path[n++] = region;
        region = parent;
    }
    return n;
}

bool region_lies_in_at(struct view *view, uint32_t region, uint32_t above, int32_t at,
                       struct arena *arena) {
    uint32_t path[REGION_DEPTH];
    size_t n = region_path_at(view, region, at, arena, path);
    for (size_t i = 0; i < n; i++)
        if (path[i] == above)
            return true;
    return false;
}

int region_attributes(struct view *view, uint32_t region, struct arena *arena,
                      struct region_defined *ret_region) {
    struct thing thing;
    int r = thing_get(view, NOUN_REGION, region, arena, &thing);
    if (r == 0)
        *ret_region = *(const struct region_defined *)thing.attributes;
    return r;
}

static int check_parent(struct context *context, const struct region_defined *data, uint32_t number,
                        uint32_t parent) {
    if (data->level == REGION_LEVEL_CITY) {
        if (parent)
            return problem_set(context->problem, PROBLEM_OUT_OF_RANGE, "data.parent",
                               "a city has no parent; leave it out");
        return 0;
    }
    if (!parent)
        return problem_set(context->problem, PROBLEM_MISSING_FIELD, "data.parent",
                           "a %s lies in a region one level up; name it",
                           REGION_LEVEL_choices.words[data->level]);
    struct region_defined above;
    int r = region_attributes(context->view, parent, context->arena, &above);
    if (r != 0)
        return r < 0 ? r : error_note(-EBADMSG, "a region has no attributes");
    if (parent == number || above.level != data->level - 1)
        return problem_set(context->problem, PROBLEM_OUT_OF_RANGE, "data.parent",
                           "the parent of a %s is a %s, but %.*s is a %s",
                           REGION_LEVEL_choices.words[data->level],
                           REGION_LEVEL_choices.words[data->level - 1], STR_ARG(data->parent),
                           REGION_LEVEL_choices.words[above.level]);
    return 0;
}

/* Sent again, it replaces the attributes; place in the tree and level are moved by region.recoded,
 * because counters hang on them. */
static int redefine(struct context *context, uint32_t number, uint32_t parent,
                    const struct region_defined *data, struct thing *thing) {
    int r = thing_get(context->view, NOUN_REGION, number, context->arena, thing);
    if (r != 0)
        return r < 0 ? r : error_note(-EBADMSG, "a region has no attributes");
    const struct region_defined *old = thing->attributes;
    if (old->level != data->level || region_parent(context->view, number) != parent)
        return problem_set(
            context->problem, PROBLEM_WRONG_STATE, "data.parent",
            "region %.*s is defined at another place of the tree; moving a region is a recode",
            STR_ARG(data->region));
    return 0;
}

static int put_parent(struct context *context, uint32_t region, uint32_t parent) {
    char key[4];
    void *value;
    int r = hot_change(context, &parents, number_key(key, region), &value);
    if (r == 0)
        memcpy(value, &parent, sizeof parent);
    return r;
}

int apply_region_defined(struct context *context, const struct event *event,
                         const struct region_defined *data) {
    (void)event;
    uint32_t number, parent;
    struct thing thing = {.defined_sequence = context->sequence};
    if (data->region.size != REGION_CODE_DIGITS)
        return problem_set(context->problem, PROBLEM_OUT_OF_RANGE, "data.region",
                           "a region's code has 12 digits");
    int r = thing_resolve(context, NOUN_REGION, data->parent, "data.parent", &parent);
    if (r != 0)
        return r;
    r = thing_find(context->view, NOUN_REGION, data->region, &number);
    if (r < 0)
        return r;
    int checked = check_parent(context, data, r == 0 ? number : 0, parent);
    if (checked != 0)
        return checked;
    if (r == 0) {
        r = redefine(context, number, parent, data, &thing);
    } else {
        r = thing_name(context, NOUN_REGION, data->region, "data.region", &number);
        if (r == 0)
            r = put_parent(context, number, parent);
    }
    if (r != 0)
        return r;
    /* Defined again under a code that it had before: it keeps the one it has. */
    const struct region_defined *before = thing.attributes;
    struct region_defined attributes = *data;
    if (before)
        attributes.region = before->region;
    thing.changed_sequence = context->sequence;
    thing.attributes = &attributes;
    thing_put(context, NOUN_REGION, number, &thing);
    return data->level <= REGION_LEVEL_COUNTY ? assessment_enrol(context, NOUN_REGION, number) : 0;
}

/* ---- region.recoded ---- */

static struct str former_key(char key[static 8], uint32_t region, uint32_t n) {
    number_key(key, region);
    number_key(key + 4, n);
    return (struct str){key, 8};
}

int region_former_code(struct view *view, uint32_t region, uint32_t n, struct str *ret_code,
                       int32_t *ret_until) {
    char key[8];
    struct str row;
    int r = view_get(view, TABLE_FORMER_CODE, former_key(key, region, n), &row);
    if (r != 0)
        return r < 0 ? r : THING_NOT_FOUND;
    struct cursor in = cursor_from(row);
    *ret_until = (int32_t)cursor_signed(&in);
    *ret_code = cursor_counted(&in);
    return in.failed ? error_note(-EBADMSG, "a former code cannot be read") : 0;
}

static int put_former(struct context *context, uint32_t region, struct str code) {
    char key[8];
    struct str other;
    int32_t until;
    uint32_t n = 0, step = 1;
    int r;
    /* Behind the last one, in steps that grow and then shrink: there may be many. */
    while ((r = region_former_code(context->view, region, n + step, &other, &until)) == 0)
        n += step, step *= 2;
    for (; r >= 0 && step > 1; step /= 2) {
        r = region_former_code(context->view, region, n + step / 2, &other, &until);
        n += r == 0 ? step / 2 : 0;
    }
    if (r < 0)
        return r;
    n++;
    struct buf *row = &context->scratch;
    buf_reset(row);
    buf_put_signed(row, context_date(context));
    buf_put_counted(row, code);
    store_put(context->store, TABLE_FORMER_CODE, former_key(key, region, n), buf_str(row));
    return 0;
}

/* How many digits of a code name the region above one of that level. */
static size_t parent_digits(int32_t level) {
    static const size_t digits[] = {0, 4, 6, 9};
    return digits[level];
}

/* A new code whose first digits are those of another region one level up moves the region there. */
static int find_new_parent(struct context *context, const struct region_defined *region,
                           struct str into, uint32_t old_parent, uint32_t *ret_parent) {
    char code[REGION_CODE_DIGITS + 1] = "000000000000";
    size_t digits = parent_digits(region->level);
    *ret_parent = old_parent;
    if (memcmp(region->region.data, into.data, digits) == 0)
        return 0;
    memcpy(code, into.data, digits);
    struct str id = {code, REGION_CODE_DIGITS};
    uint32_t parent;
    int r = thing_find(context->view, NOUN_REGION, id, &parent);
    if (r < 0)
        return r;
    if (r > 0)
        return problem_set_unknown(context->problem, noun_info(NOUN_REGION)->name, "data.into", id);
    struct region_defined above;
    r = region_attributes(context->view, parent, context->arena, &above);
    if (r != 0)
        return r < 0 ? r : error_note(-EBADMSG, "a region has no attributes");
    if (above.level != region->level - 1)
        return problem_set(context->problem, PROBLEM_OUT_OF_RANGE, "data.into",
                           "the new code lies below %s, which is a %s; a %s lies in a %s", code,
                           REGION_LEVEL_choices.words[above.level],
                           REGION_LEVEL_choices.words[region->level],
                           REGION_LEVEL_choices.words[region->level - 1]);
    *ret_parent = parent;
    return 0;
}

static int check_into(struct context *context, const struct region_recoded *data, uint32_t number,
                      const struct region_defined *region) {
    uint32_t other;
    if (!str_equal(data->region, region->region))
        return problem_set(context->problem, PROBLEM_WRONG_STATE, "data.region",
                           "%.*s is a former code; the region is %.*s now", STR_ARG(data->region),
                           STR_ARG(region->region));
    if (str_equal(data->region, data->into))
        return problem_set(context->problem, PROBLEM_OUT_OF_RANGE, "data.into",
                           "that is the code it has");
    int r = thing_find(context->view, NOUN_REGION, data->into, &other);
    if (r != 0)
        return r < 0 ? r : 0;
    if (other == number)
        return problem_set(context->problem, PROBLEM_ALREADY_EXISTS, "data.into",
                           "%.*s is a code this region had before; codes do not go in a circle",
                           STR_ARG(data->into));
    return problem_set(context->problem, PROBLEM_ALREADY_EXISTS, "data.into",
                       "%.*s is the code of another region, now or formerly; a recode gives a code "
                       "that nobody had",
                       STR_ARG(data->into));
}

/* Everything else knows the region by its number, so that one row changes; only under another
 * parent its counters move too. */
int apply_region_recoded(struct context *context, const struct event *event,
                         const struct region_recoded *data) {
    (void)event;
    uint32_t number, parent;
    struct thing thing;
    int r = thing_resolve(context, NOUN_REGION, data->region, "data.region", &number);
    if (r != 0)
        return r;
    r = thing_get(context->view, NOUN_REGION, number, context->arena, &thing);
    if (r != 0)
        return r < 0 ? r : error_note(-EBADMSG, "a region has no attributes");
    struct region_defined *region = thing.attributes;
    uint32_t old_parent = region_parent(context->view, number);
    r = check_into(context, data, number, region);
    if (r == 0)
        r = find_new_parent(context, region, data->into, old_parent, &parent);
    if (r == 0)
        r = put_former(context, number, region->region);
    if (r == 0)
        thing_alias(context, NOUN_REGION, data->into, number);
    if (r == 0 && parent != old_parent) {
        r = counter_move_region(context, number, old_parent, parent);
        if (r == 0)
            r = put_parent(context, number, parent);
        if (r == 0)
            r = thing_id(context->view, NOUN_REGION, parent, context->arena, &region->parent);
    }
    if (r != 0)
        return r;
    region->region = data->into;
    thing.changed_sequence = context->sequence;
    thing_put(context, NOUN_REGION, number, &thing);
    return 0;
}
