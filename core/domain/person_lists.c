#include "domain/person_lists.h"

#include "util/error.h"

#define KEY_BYTES 5
#define ENTRY_BYTES sizeof(struct person_entry)

static struct str list_key(char key[static KEY_BYTES], uint32_t volunteer, enum person_list list) {
    number_key(key, volunteer);
    key[4] = (char)list;
    return (struct str){key, KEY_BYTES};
}

const char *person_list_text(enum person_list list) {
    static const char *const texts[PERSON_LISTS] = {[LIST_ABSENCES] = "absences",
                                                    [LIST_COMPLAINTS] = "complaints",
                                                    [LIST_TRAININGS] = "trainings",
                                                    [LIST_CANCELLATIONS] = "cancellations",
                                                    [LIST_RATINGS] = "ratings"};
    return list < PERSON_LISTS ? texts[list] : "unknown";
}

struct person_entry person_entry_at(const struct person_entries *entries, size_t i) {
    struct person_entry entry;
    memcpy(&entry, entries->items + i * ENTRY_BYTES, ENTRY_BYTES);
    return entry;
}

int person_list_get(struct view *view, uint32_t volunteer, enum person_list list,
                    struct person_entries *ret_entries) {
    char key[KEY_BYTES];
    struct str row;
    *ret_entries = (struct person_entries){0, NULL};
    int r = view_get(view, TABLE_PERSON_LIST, list_key(key, volunteer, list), &row);
    if (r != 0)
        return r < 0 ? r : 0;
    if (row.size % ENTRY_BYTES != 0)
        return error_note(-EBADMSG, "a person's list cannot be read");
    *ret_entries = (struct person_entries){row.size / ENTRY_BYTES, row.data};
    return 0;
}

/* The row again with `entry` in place of the one of its number, or at the end; without any of
 * `number` where there is no entry. */
static void put(struct context *context, uint32_t volunteer, enum person_list list,
                const struct person_entries *before, uint32_t number,
                const struct person_entry *entry) {
    char key[KEY_BYTES];
    struct buf *row = &context->scratch;
    bool placed = false;
    buf_reset(row);
    for (size_t i = 0; i < before->n; i++) {
        struct person_entry other = person_entry_at(before, i);
        if (other.number != number) {
            buf_put(row, &other, ENTRY_BYTES);
        } else if (entry) {
            buf_put(row, entry, ENTRY_BYTES);
            placed = true;
        }
    }
    if (entry && !placed)
        buf_put(row, entry, ENTRY_BYTES);
    store_put(context->store, TABLE_PERSON_LIST, list_key(key, volunteer, list),
              row->size ? buf_str(row) : STR_NONE);
}

static bool has(const struct person_entries *entries, uint32_t number) {
    for (size_t i = 0; i < entries->n; i++)
        if (person_entry_at(entries, i).number == number)
            return true;
    return false;
}

int person_list_put(struct context *context, uint32_t volunteer, enum person_list list,
                    const struct person_entry *entry, const char *field) {
    struct person_entries before;
    int r = person_list_get(context->view, volunteer, list, &before);
    if (r != 0)
        return r;
    if (before.n >= PERSON_LIST_LIMIT && !has(&before, entry->number))
        return problem_set(context->problem, PROBLEM_OUT_OF_RANGE, field,
                           "more than %d %s of one person are not kept", PERSON_LIST_LIMIT,
                           person_list_text(list));
    put(context, volunteer, list, &before, entry->number, entry);
    return 0;
}

int person_list_drop(struct context *context, uint32_t volunteer, enum person_list list,
                     uint32_t number) {
    struct person_entries before;
    int r = person_list_get(context->view, volunteer, list, &before);
    if (r == 0 && has(&before, number))
        put(context, volunteer, list, &before, number, NULL);
    return r;
}

int person_list_move(struct context *context, uint32_t from, uint32_t into, enum person_list list) {
    char key[KEY_BYTES];
    struct person_entries ours, theirs;
    struct buf *row = &context->scratch;
    int r = person_list_get(context->view, from, list, &theirs);
    if (r == 0)
        r = person_list_get(context->view, into, list, &ours);
    if (r != 0 || theirs.n == 0)
        return r;
    buf_reset(row);
    size_t i = 0, j = 0, all = ours.n + theirs.n;
    size_t dropped = all > PERSON_LIST_LIMIT ? all - PERSON_LIST_LIMIT : 0;
    while (i < ours.n || j < theirs.n) {
        struct person_entry a = {0}, b = {0};
        if (i < ours.n)
            a = person_entry_at(&ours, i);
        if (j < theirs.n)
            b = person_entry_at(&theirs, j);
        bool first = j == theirs.n || (i < ours.n && a.on <= b.on);
        if (i + j >= dropped)
            buf_put(row, first ? &a : &b, ENTRY_BYTES);
        i += first;
        j += !first;
    }
    store_put(context->store, TABLE_PERSON_LIST, list_key(key, into, list), buf_str(row));
    store_put(context->store, TABLE_PERSON_LIST, list_key(key, from, list), STR_NONE);
    return 0;
}
