#include "domain/counters.h"

#include <assert.h>

#include "domain/dictionaries.h"
#include "domain/hot.h"
#include "domain/past.h"
#include "util/error.h"

#define GROUP_LIMIT 38 /* counters of one group */

static const struct {
    const char *name;
    enum counter_group group;
} counters[COUNTER_COUNT] = {
#define C(group, name) [COUNTER_##name] = {#name, COUNTER_##group},
    COUNTERS(C)
#undef C
};

/* Where each group begins in the list: its counters follow one another. */
static const enum counter group_first[COUNTER_GROUPS + 1] = {
    COUNTER_volunteers,        COUNTER_minutes,       COUNTER_teams,
    COUNTER_certificates_open, COUNTER_needs_filed,   COUNTER_checks_open,
    COUNTER_nominations_open,  COUNTER_notices_to,    COUNTER_records_corrected,
    COUNTER_pairings,          COUNTER_alerts_raised, COUNTER_COUNT};

const char *counter_name(enum counter counter) {
    assert(counter < COUNTER_COUNT);
    return counters[counter].name;
}

enum counter_group counter_group(enum counter counter) {
    assert(counter < COUNTER_COUNT);
    return counters[counter].group;
}

enum counter counter_find(struct str name) {
    size_t i = 0;
    while (i < COUNTER_COUNT && !str_equal(str_from(counters[i].name), name))
        i++;
    return (enum counter)i;
}

bool counter_has_months(enum counter counter) {
    switch (counter) {
    case COUNTER_held: /* these stand as they are */
    case COUNTER_carried_minutes:
    case COUNTER_beneficiaries:
    case COUNTER_care_plans:
    case COUNTER_visits_overdue:
        return false;
    case COUNTER_duty_days:
    case COUNTER_duties_done:
    case COUNTER_duties_missed:
    case COUNTER_duty_findings:
        return true;
    default:
        break;
    }
    enum counter_group group = counter_group(counter);
    return group == COUNTER_SERVICE || group == COUNTER_CARE || group == COUNTER_CORRECTIONS;
}

static size_t group_size(enum counter_group group) {
    return (size_t)(group_first[group + 1] - group_first[group]);
}

/* A row of a group has as many values as the group: one that is read anew is 0 behind them. */
struct group_row {
    struct row_days days; /* changed on 0: there is no such row */
    int64_t value[GROUP_LIMIT];
};

/* As it is kept: the two days and the counters as zigzag varints, without the zeros at the end.
 * Most counters of most rows are small or zero, and every first change of a day keeps a row. */
#define ROW_BYTES_LIMIT ((2 + GROUP_LIMIT) * VARINT_BYTES)
_Static_assert(ROW_BYTES_LIMIT <= HOT_ROW_LIMIT, "a row of counters is a hot row");
_Static_assert(sizeof(struct group_row) <= HOT_VALUE_LIMIT, "a row of counters is a hot row");

static size_t put_signed(char *out, int64_t value) {
    uint64_t left = (uint64_t)value << 1 ^ (uint64_t)(value >> 63);
    size_t n = 0;
    for (; left >= 0x80; left >>= 7)
        out[n++] = (char)(uint8_t)(left | 0x80);
    out[n++] = (char)(uint8_t)left;
    return n;
}

static int decode_row(const struct hot_kind *kind, struct str bytes, void *ret_value);
static struct str encode_row(const struct hot_kind *kind, const void *value,
                             char bytes[static HOT_ROW_LIMIT]);

#define KIND(group, n)                                                                             \
    [group] = {TABLE_COUNTER, sizeof(struct row_days) + (n) * sizeof(int64_t), decode_row,         \
               encode_row}
static const struct hot_kind kinds[COUNTER_GROUPS] = {
    KIND(COUNTER_PEOPLE, COUNTER_minutes - COUNTER_volunteers),
    KIND(COUNTER_SERVICE, COUNTER_teams - COUNTER_minutes),
    KIND(COUNTER_NETWORK, COUNTER_certificates_open - COUNTER_teams),
    KIND(COUNTER_CASES, COUNTER_needs_filed - COUNTER_certificates_open),
    KIND(COUNTER_CARE, COUNTER_checks_open - COUNTER_needs_filed),
    KIND(COUNTER_INTEGRITY, COUNTER_nominations_open - COUNTER_checks_open),
    KIND(COUNTER_HONOURS, COUNTER_notices_to - COUNTER_nominations_open),
    KIND(COUNTER_CAMPAIGN, COUNTER_records_corrected - COUNTER_notices_to),
    KIND(COUNTER_CORRECTIONS, COUNTER_pairings - COUNTER_records_corrected),
    KIND(COUNTER_POSTS, COUNTER_alerts_raised - COUNTER_pairings),
    KIND(COUNTER_ALARMS, COUNTER_COUNT - COUNTER_alerts_raised),
};

static enum counter_group group_of(const struct hot_kind *kind) {
    return (enum counter_group)(kind - kinds);
}

static struct str encode_row(const struct hot_kind *kind, const void *value,
                             char bytes[static HOT_ROW_LIMIT]) {
    const struct group_row *row = value;
    size_t n = group_size(group_of(kind)), size = put_signed(bytes, row->days.changed_on);
    size += put_signed(bytes + size, row->days.kept_on);
    while (n > 0 && row->value[n - 1] == 0)
        n--;
    for (size_t i = 0; i < n; i++)
        size += put_signed(bytes + size, row->value[i]);
    return (struct str){bytes, size};
}

static int decode_row(const struct hot_kind *kind, struct str bytes, void *ret_value) {
    struct cursor in = cursor_from(bytes);
    struct group_row *row = ret_value;
    size_t n = 0;
    memset(row, 0, kind->size);
    row->days.changed_on = (int32_t)cursor_signed(&in);
    row->days.kept_on = (int32_t)cursor_signed(&in);
    while (!in.failed && cursor_left(&in) && n < group_size(group_of(kind)))
        row->value[n++] = cursor_signed(&in);
    return in.failed || cursor_left(&in);
}

/* group u8, noun u8, number u32, month u16; or, in place of the month, a code of a dictionary */
#define ROW_KEY_BYTES 8
#define CODES 0x8000 /* beyond all months: counter_part_is_code */

static int32_t code_part(enum DICTIONARY_choice dictionary, uint32_t code) {
    return CODES | (int32_t)dictionary << 8 | (int32_t)(code & 0xff);
}
_Static_assert(DICTIONARY_ENTRIES_LIMIT <= 256 && DICTIONARY_COUNT <= 128, "a code is a part");

static struct str row_key(char key[static ROW_KEY_BYTES], enum counter_group group, enum noun noun,
                          uint32_t number, int32_t month) {
    key[0] = (char)group;
    key[1] = (char)noun;
    number_key(key + 2, number);
    key[6] = (char)(uint8_t)(month >> 8);
    key[7] = (char)(uint8_t)month;
    return (struct str){key, ROW_KEY_BYTES};
}

int counter_row_decode(enum counter_group group, struct str row, int32_t *ret_changed_on,
                       int64_t *ret_values, size_t *ret_n) {
    struct group_row decoded;
    if (group >= COUNTER_GROUPS || decode_row(&kinds[group], row, &decoded) != 0)
        return THING_DAMAGED;
    *ret_changed_on = decoded.days.changed_on;
    *ret_n = group_size(group);
    memcpy(ret_values, decoded.value, *ret_n * sizeof *ret_values);
    return 0;
}

/* The row that was kept, in place of the one that stands. */
static int row_before(struct view *view, int32_t at, enum counter_group group, struct str key,
                      struct group_row *row) {
    char bytes[HOT_ROW_LIMIT];
    struct str found = encode_row(&kinds[group], row, bytes);
    int r = past_find(view, TABLE_COUNTER_PAST, key, at, &found);
    if (r != 0)
        memset(row, 0, kinds[group].size);
    else if (decode_row(&kinds[group], found, row) != 0)
        r = error_note(-EBADMSG, "a counter's row cannot be read");
    return r < 0 ? r : 0;
}

/* All zero where there is none. */
static int row_at(struct view *view, int32_t at, enum counter_group group, enum noun noun,
                  uint32_t number, int32_t month, struct group_row *ret_row) {
    char bytes[ROW_KEY_BYTES];
    struct str key = row_key(bytes, group, noun, number, month);
    int r = hot_read(view, &kinds[group], key, ret_row);
    if (r == 0 && ret_row->days.changed_on > at)
        return row_before(view, at, group, key, ret_row);
    return r < 0 ? r : 0;
}

int counter_get(struct view *view, int32_t at, enum noun noun, uint32_t number,
                struct counter_row *ret_row) {
    for (enum counter_group group = 0; group < COUNTER_GROUPS; group++) {
        struct group_row row;
        int r = row_at(view, at, group, noun, number, 0, &row);
        if (r != 0)
            return r;
        memcpy(&ret_row->value[group_first[group]], row.value, group_size(group) * sizeof(int64_t));
    }
    return 0;
}

int counter_get_code(struct view *view, int32_t at, uint32_t region,
                     enum DICTIONARY_choice dictionary, uint32_t code,
                     struct counter_row *ret_row) {
    struct group_row row;
    memset(ret_row, 0, sizeof *ret_row);
    int r = row_at(view, at, COUNTER_CARE, NOUN_REGION, region, code_part(dictionary, code), &row);
    if (r == 0)
        memcpy(&ret_row->value[group_first[COUNTER_CARE]], row.value,
               group_size(COUNTER_CARE) * sizeof(int64_t));
    return r;
}

int counter_value(struct view *view, int32_t at, enum noun noun, uint32_t number,
                  enum counter counter, int64_t *ret_value) {
    enum counter_group group = counter_group(counter);
    struct group_row row;
    int r = row_at(view, at, group, noun, number, 0, &row);
    if (r == 0)
        *ret_value = row.value[counter - group_first[group]];
    return r;
}

int counter_changed_on(struct view *view, enum noun noun, uint32_t number, int32_t *ret_date) {
    int32_t last = 0;
    for (enum counter_group group = 0; group < COUNTER_GROUPS; group++) {
        struct group_row row;
        if (group == COUNTER_ALARMS)
            continue;
        int r = row_at(view, COUNTER_NOW, group, noun, number, 0, &row);
        if (r != 0)
            return r;
        last = row.days.changed_on > last ? row.days.changed_on : last;
    }
    *ret_date = last;
    return 0;
}

/* The months that have any counter, so that a walk over them is of known length. */
struct month_span {
    int32_t first;
    int32_t last;
};
#define MONTHS_KEY STR("months")

static const struct hot_kind spans = HOT_PLAIN(TABLE_META, struct month_span);

static struct month_span months_get(struct view *view) {
    struct month_span span;
    return hot_read(view, &spans, MONTHS_KEY, &span) == 0 ? span : (struct month_span){0, 0};
}

int counter_months(struct view *view, int32_t at, enum noun noun, uint32_t number,
                   enum counter counter, int32_t first_month, int32_t last_month,
                   int64_t *ret_value) {
    struct month_span span = months_get(view);
    enum counter_group group = counter_group(counter);
    int64_t sum = 0;
    int32_t last = last_month < span.last ? last_month : span.last;
    for (int32_t month = first_month > span.first ? first_month : span.first;
         span.first && month <= last; month++) {
        struct group_row row;
        int r = row_at(view, at, group, noun, number, month, &row);
        if (r != 0)
            return r;
        sum += row.value[counter - group_first[group]];
    }
    *ret_value = sum;
    return 0;
}

/* ---- writing ---- */

static int months_include(struct context *context, int32_t month) {
    struct month_span span = months_get(context->view);
    void *value;
    if (span.first && month >= span.first && month <= span.last)
        return 0;
    if (!span.first || month < span.first)
        span.first = month;
    if (month > span.last)
        span.last = month;
    int r = hot_change(context, &spans, MONTHS_KEY, &value);
    if (r == 0)
        memcpy(value, &span, sizeof span);
    return r;
}

/* What it held is kept before its first change of the day. */
static void keep_past(struct context *context, enum counter_group group, struct str key,
                      struct group_row *row) {
    char bytes[HOT_ROW_LIMIT];
    struct str before = STR_NONE;
    if (row->days.changed_on == context_today(context))
        return;
    if (row->days.changed_on)
        before = encode_row(&kinds[group], row, bytes);
    row->days = past_keep(context, TABLE_COUNTER_PAST, key, before);
}

static int row_add(struct context *context, enum counter_group group, enum noun noun,
                   uint32_t number, int32_t month, const struct counter_change *changes, size_t n) {
    char bytes[ROW_KEY_BYTES];
    struct str key = row_key(bytes, group, noun, number, month);
    void *value;
    int r = hot_change(context, &kinds[group], key, &value);
    if (r != 0)
        return r;
    struct group_row *row = value;
    keep_past(context, group, key, row);
    for (size_t i = 0; i < n; i++)
        if (counters[changes[i].counter].group == group)
            row->value[changes[i].counter - group_first[group]] += changes[i].by;
    return 0;
}

/* The groups that the changes touch, each row once. */
static int add_to(struct context *context, enum noun noun, uint32_t number, int32_t month,
                  const struct counter_change *changes, size_t n) {
    unsigned touched = 0;
    for (size_t i = 0; i < n; i++)
        touched |= changes[i].by ? 1U << counters[changes[i].counter].group : 0;
    for (enum counter_group group = 0; group < COUNTER_GROUPS; group++) {
        if (!(touched & 1U << group))
            continue;
        int r = row_add(context, group, noun, number, 0, changes, n);
        if (r == 0 && month)
            r = row_add(context, group, noun, number, month, changes, n);
        if (r != 0)
            return r;
    }
    return 0;
}

int counter_add_region(struct context *context, int32_t month, uint32_t region,
                       const struct counter_change *changes, size_t n) {
    uint32_t path[REGION_DEPTH];
    size_t depth = region_path(context->view, region, path);
    int r = month ? months_include(context, month) : 0;
    for (size_t i = 0; r == 0 && i < depth; i++)
        r = add_to(context, NOUN_REGION, path[i], month, changes, n);
    return r;
}

int counter_add_region_code(struct context *context, uint32_t region,
                            enum DICTIONARY_choice dictionary, uint32_t code,
                            const struct counter_change *changes, size_t n) {
    uint32_t path[REGION_DEPTH];
    size_t depth = region_path(context->view, region, path);
    int r = 0;
    for (size_t i = 0; r == 0 && i < depth; i++)
        r = row_add(context, COUNTER_CARE, NOUN_REGION, path[i], code_part(dictionary, code),
                    changes, n);
    return r;
}

int counter_add_organisation(struct context *context, int32_t month, uint32_t organisation,
                             const struct counter_change *changes, size_t n) {
    if (!organisation)
        return 0;
    int r = month ? months_include(context, month) : 0;
    return r == 0 ? add_to(context, NOUN_ORGANISATION, organisation, month, changes, n) : r;
}

int counter_add_subject(struct context *context, enum noun noun, uint32_t number, uint32_t region,
                        const struct counter_change *changes, size_t n) {
    int r = counter_add_region(context, 0, region, changes, n);
    return r == 0 && noun == NOUN_ORGANISATION
               ? counter_add_organisation(context, 0, number, changes, n)
               : r;
}

/* ---- a region moves ---- */

static int row_move(struct context *context, enum counter_group group, uint32_t region,
                    int32_t month, uint32_t old_parent, uint32_t new_parent) {
    struct group_row row;
    struct counter_change changes[2][GROUP_LIMIT];
    int r = row_at(context->view, COUNTER_NOW, group, NOUN_REGION, region, month, &row);
    if (r != 0)
        return r;
    size_t n = group_size(group);
    bool any = false;
    for (size_t i = 0; i < n; i++) {
        enum counter counter = (enum counter)(group_first[group] + i);
        changes[0][i] = (struct counter_change){counter, -row.value[i]};
        changes[1][i] = (struct counter_change){counter, row.value[i]};
        any |= row.value[i] != 0;
    }
    for (size_t side = 0; any && side < 2; side++) {
        uint32_t path[REGION_DEPTH];
        size_t depth = region_path(context->view, side ? new_parent : old_parent, path);
        for (size_t i = 0; i < depth; i++) {
            r = row_add(context, group, NOUN_REGION, path[i], month, changes[side], n);
            if (r != 0)
                return r;
        }
    }
    return 0;
}

/* What is counted by code as well. */
static int codes_move(struct context *context, uint32_t region, uint32_t old_parent,
                      uint32_t new_parent) {
    static const enum DICTIONARY_choice by[] = {DICTIONARY_CATEGORY, DICTIONARY_SERVED_GROUP};
    int r = 0;
    for (size_t i = 0; i < sizeof by / sizeof *by; i++) {
        uint32_t count = dictionary_count(context->view, by[i]);
        for (uint32_t code = 0; r == 0 && code < count; code++)
            r = row_move(context, COUNTER_CARE, region, code_part(by[i], code), old_parent,
                         new_parent);
    }
    return r;
}

int counter_move_region(struct context *context, uint32_t region, uint32_t old_parent,
                        uint32_t new_parent) {
    struct month_span span = months_get(context->view);
    for (enum counter_group group = 0; group < COUNTER_GROUPS; group++) {
        int r = row_move(context, group, region, 0, old_parent, new_parent);
        if (r != 0)
            return r;
    }
    for (int32_t month = span.first; span.first && month <= span.last; month++) {
        int r = row_move(context, COUNTER_SERVICE, region, month, old_parent, new_parent);
        if (r == 0)
            r = row_move(context, COUNTER_CARE, region, month, old_parent, new_parent);
        if (r == 0)
            r = row_move(context, COUNTER_CORRECTIONS, region, month, old_parent, new_parent);
        if (r == 0)
            r = row_move(context, COUNTER_POSTS, region, month, old_parent, new_parent);
        if (r != 0)
            return r;
    }
    return codes_move(context, region, old_parent, new_parent);
}
