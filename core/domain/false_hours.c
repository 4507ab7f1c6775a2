#include "domain/false_hours.h"

#include "domain/former_selves.h"
#include "util/error.h"

/* The newest that are kept of one person. */
#define ENTRIES_LIMIT 64

struct entry {
    uint32_t record;
    int32_t on;
};

/* noun u8 (VOLUNTEER or PERSON), number u32 or id */
#define KEY_BYTES (1 + EVENT_ID_LIMIT)

static struct str volunteer_key(char key[static KEY_BYTES], uint32_t volunteer) {
    key[0] = (char)NOUN_VOLUNTEER;
    number_key(key + 1, volunteer);
    return (struct str){key, 5};
}

static struct str person_key(char key[static KEY_BYTES], struct str person) {
    size_t size = person.size <= EVENT_ID_LIMIT ? person.size : EVENT_ID_LIMIT;
    key[0] = (char)NOUN_PERSON;
    if (size)
        memcpy(key + 1, person.data, size);
    return (struct str){key, 1 + size};
}

static int entries_get(struct view *view, struct str key, struct entry *entries, size_t *ret_n) {
    struct str row;
    *ret_n = 0;
    int r = view_get(view, TABLE_FALSE_HOURS, key, &row);
    if (r != 0)
        return r < 0 ? r : 0;
    if (row.size % sizeof *entries || row.size > ENTRIES_LIMIT * sizeof *entries)
        return error_note(-EBADMSG, "records found false cannot be read");
    memcpy(entries, row.data, row.size);
    *ret_n = row.size / sizeof *entries;
    return 0;
}

static int sum(struct view *view, struct str key, struct false_hours *hours) {
    struct entry entries[ENTRIES_LIMIT];
    size_t n;
    int r = entries_get(view, key, entries, &n);
    for (size_t i = 0; r == 0 && i < n; i++)
        hours->last_on = entries[i].on > hours->last_on ? entries[i].on : hours->last_on;
    hours->n += (uint32_t)n;
    return r;
}

int false_hours_of(struct view *view, uint32_t volunteer, struct false_hours *ret_hours) {
    char key[KEY_BYTES];
    *ret_hours = (struct false_hours){0};
    uint32_t self = volunteer;
    int r = sum(view, volunteer_key(key, self), ret_hours);
    for (unsigned i = 0; r == 0 && i < FORMER_SELVES_LIMIT; i++) {
        r = former_self(view, self, &self);
        if (r == 0)
            r = sum(view, volunteer_key(key, self), ret_hours);
    }
    return r < 0 ? r : 0;
}

int false_hours_entered_by(struct view *view, struct str person, struct false_hours *ret_hours) {
    char key[KEY_BYTES];
    *ret_hours = (struct false_hours){0};
    return sum(view, person_key(key, person), ret_hours);
}

/* ---- writing ---- */

static void entries_put(struct context *context, struct str key, const struct entry *entries,
                        size_t n) {
    store_put(context->store, TABLE_FALSE_HOURS, key,
              n ? (struct str){(const char *)entries, n * sizeof *entries} : STR_NONE);
}

static int add(struct context *context, struct str key, uint32_t record) {
    struct entry entries[ENTRIES_LIMIT + 1];
    size_t n;
    int r = entries_get(context->view, key, entries, &n);
    if (r != 0)
        return r;
    entries[n++] = (struct entry){record, context_date(context)};
    size_t over = n > ENTRIES_LIMIT;
    entries_put(context, key, entries + over, n - over);
    return 0;
}

static int drop(struct context *context, struct str key, uint32_t record) {
    struct entry entries[ENTRIES_LIMIT];
    size_t n, left = 0;
    int r = entries_get(context->view, key, entries, &n);
    for (size_t i = 0; r == 0 && i < n; i++)
        if (entries[i].record != record)
            entries[left++] = entries[i];
    if (r == 0)
        entries_put(context, key, entries, left);
    return r;
}

static int of_both(struct context *context, uint32_t number, const struct record *record,
                   int (*change)(struct context *context, struct str key, uint32_t record)) {
    char key[KEY_BYTES];
    int r = change(context, volunteer_key(key, record->row.volunteer), number);
    return r == 0 && record->recorder.size
               ? change(context, person_key(key, record->recorder), number)
               : r;
}

int false_hours_add(struct context *context, uint32_t number, const struct record *record) {
    return of_both(context, number, record, add);
}

int false_hours_drop(struct context *context, uint32_t number, const struct record *record) {
    return of_both(context, number, record, drop);
}

/* The newest of both, in the order of their days. */
static size_t join(const struct entry *a, size_t n_a, const struct entry *b, size_t n_b,
                   struct entry ret_entries[static 2 * ENTRIES_LIMIT]) {
    size_t i = 0, j = 0, n = 0;
    while (i < n_a || j < n_b)
        ret_entries[n++] = j == n_b || (i < n_a && a[i].on <= b[j].on) ? a[i++] : b[j++];
    return n;
}

int false_hours_take_over(struct context *context, uint32_t from, uint32_t into) {
    struct entry theirs[ENTRIES_LIMIT], own[ENTRIES_LIMIT], both[2 * ENTRIES_LIMIT];
    char from_key[KEY_BYTES], into_key[KEY_BYTES];
    uint32_t former;
    size_t n_theirs, n_own;
    int r = former_self(context->view, into, &former);
    if (r > 0) {
        r = former_self(context->view, from, &former);
        if (r == 0)
            former_self_put(context, into, former);
        r = r > 0 ? 0 : r;
    }
    if (r == 0)
        r = entries_get(context->view, volunteer_key(from_key, from), theirs, &n_theirs);
    if (r == 0)
        r = entries_get(context->view, volunteer_key(into_key, into), own, &n_own);
    if (r != 0 || n_theirs == 0)
        return r;
    size_t n = join(theirs, n_theirs, own, n_own, both);
    size_t over = n > ENTRIES_LIMIT ? n - ENTRIES_LIMIT : 0;
    entries_put(context, volunteer_key(into_key, into), both + over, n - over);
    entries_put(context, volunteer_key(from_key, from), NULL, 0);
    return 0;
}
