#include "domain/counters.h"

#include "util/error.h"

/* month u16, noun u8, number u32. */
static struct str counter_key(char key[static 7], int32_t month, enum noun noun, uint32_t number) {
    key[0] = (char)(uint8_t)(month >> 8);
    key[1] = (char)(uint8_t)month;
    key[2] = (char)noun;
    number_key(key + 3, number);
    return (struct str){key, 7};
}

int counter_get(struct view *view, int32_t month, enum noun noun, uint32_t number,
                struct counter_row *ret_row) {
    char key[7];
    struct str row;
    int r = view_get(view, TABLE_COUNTER, counter_key(key, month, noun, number), &row);
    if (r == 0 && row.size != sizeof *ret_row)
        return error_note(-EBADMSG, "a counter's row cannot be read");
    if (r == 0)
        memcpy(ret_row, row.data, sizeof *ret_row);
    else
        memset(ret_row, 0, sizeof *ret_row);
    return r < 0 ? r : 0;
}

/* The months that have any counter, so that a sum is a walk of known length. */
struct month_span {
    int32_t first;
    int32_t last;
};
#define MONTHS_KEY STR("months")

static struct month_span months_get(struct view *view) {
    struct month_span span = {0, 0};
    struct str row;
    if (view_get(view, TABLE_META, MONTHS_KEY, &row) == 0 && row.size == sizeof span)
        memcpy(&span, row.data, sizeof span);
    return span;
}

static void months_include(struct context *context, int32_t month) {
    struct month_span span = months_get(context->view);
    if (span.first && month >= span.first && month <= span.last)
        return;
    if (!span.first || month < span.first)
        span.first = month;
    if (month > span.last)
        span.last = month;
    store_put(context->store, TABLE_META, MONTHS_KEY,
              (struct str){(const char *)&span, sizeof span});
}

int counter_sum(struct view *view, enum noun noun, uint32_t number, struct counter_row *ret_row) {
    struct counter_row now;
    int r = counter_get(view, 0, noun, number, &now);
    struct month_span span = months_get(view);
    for (int32_t month = span.first; r == 0 && span.first && month <= span.last; month++) {
        struct counter_row row;
        r = counter_get(view, month, noun, number, &row);
        now.records += row.records;
        now.minutes += row.minutes;
        now.activities += row.activities;
    }
    if (r == 0)
        *ret_row = now;
    return r;
}

static uint32_t add(uint32_t to, int32_t change) {
    return (uint32_t)((int64_t)to + change);
}

static int add_to(struct context *context, int32_t month, enum noun noun, uint32_t number,
                  const struct counter_change *change) {
    struct counter_row row;
    char key[7];
    int r = counter_get(context->view, month, noun, number, &row);
    if (r != 0)
        return r;
    row.volunteers = add(row.volunteers, change->volunteers);
    row.in_service_party_members =
        add(row.in_service_party_members, change->in_service_party_members);
    for (size_t i = 0; i < sizeof row.stars / sizeof *row.stars; i++)
        row.stars[i] = add(row.stars[i], change->stars[i]);
    row.held = add(row.held, change->held);
    row.records = add(row.records, change->records);
    row.activities = add(row.activities, change->activities);
    row.minutes = (uint64_t)((int64_t)row.minutes + change->minutes);
    store_put(context->store, TABLE_COUNTER, counter_key(key, month, noun, number),
              (struct str){(const char *)&row, sizeof row});
    return 0;
}

int counter_add_region(struct context *context, int32_t month, uint32_t region,
                       const struct counter_change *change) {
    uint32_t path[REGION_DEPTH];
    size_t depth = region_path(context->view, region, path);
    if (month)
        months_include(context, month);
    for (size_t i = 0; i < depth; i++) {
        int r = add_to(context, month, NOUN_REGION, path[i], change);
        if (r != 0)
            return r;
    }
    return 0;
}

int counter_add_organisation(struct context *context, int32_t month, uint32_t organisation,
                             const struct counter_change *change) {
    if (month)
        months_include(context, month);
    return organisation ? add_to(context, month, NOUN_ORGANISATION, organisation, change) : 0;
}
