#include "domain/dictionaries.h"

#include <assert.h>
#include <stdio.h>

#include "util/error.h"

#define CODE_LIMIT 64
enum { BY_CODE, BY_NUMBER };

struct dictionary_key {
    char bytes[2 + CODE_LIMIT];
};

static struct str code_key(struct dictionary_key *key, enum DICTIONARY_choice dictionary,
                           struct str code) {
    size_t size = code.size <= CODE_LIMIT ? code.size : CODE_LIMIT;
    key->bytes[0] = (char)dictionary;
    key->bytes[1] = BY_CODE;
    memcpy(key->bytes + 2, code.data, size);
    return (struct str){key->bytes, 2 + size};
}

static struct str place_key(struct dictionary_key *key, enum DICTIONARY_choice dictionary,
                            uint32_t number) {
    key->bytes[0] = (char)dictionary;
    key->bytes[1] = BY_NUMBER;
    key->bytes[2] = (char)(uint8_t)(number >> 8);
    key->bytes[3] = (char)(uint8_t)number;
    return (struct str){key->bytes, 4};
}

/* varint number, decimals, flags, signed from, signed retired, varint uses, varint sequence,
 * counted title, parent */
int dictionary_decode(struct str row, struct dictionary_code *ret_code) {
    struct cursor in = cursor_from(row);
    memset(ret_code, 0, sizeof *ret_code);
    ret_code->number = (uint16_t)cursor_varint(&in);
    ret_code->decimals = cursor_byte(&in);
    ret_code->may_expire = cursor_byte(&in) & 1;
    ret_code->from = (int32_t)cursor_signed(&in);
    ret_code->retired = (int32_t)cursor_signed(&in);
    ret_code->uses = (uint32_t)cursor_varint(&in);
    ret_code->sequence = cursor_varint(&in);
    ret_code->title = cursor_counted(&in);
    ret_code->parent = cursor_counted(&in);
    return in.failed;
}

static void put(struct context *context, enum DICTIONARY_choice dictionary,
                const struct dictionary_code *entry) {
    struct dictionary_key key;
    char title[256], parent[CODE_LIMIT]; /* both may lie in the row that is being replaced */
    assert(entry->title.size <= sizeof title && entry->parent.size <= sizeof parent);
    memcpy(title, entry->title.data, entry->title.size);
    memcpy(parent, entry->parent.data ? entry->parent.data : "", entry->parent.size);
    struct buf *row = &context->scratch;
    buf_reset(row);
    buf_put_varint(row, entry->number);
    buf_put_byte(row, entry->decimals);
    buf_put_byte(row, entry->may_expire);
    buf_put_signed(row, entry->from);
    buf_put_signed(row, entry->retired);
    buf_put_varint(row, entry->uses);
    buf_put_varint(row, entry->sequence);
    buf_put_counted(row, (struct str){title, entry->title.size});
    buf_put_counted(row, (struct str){parent, entry->parent.size});
    store_put(context->store, TABLE_DICTIONARY, code_key(&key, dictionary, entry->code),
              buf_str(row));
}

int dictionary_get(struct view *view, enum DICTIONARY_choice dictionary, struct str code,
                   struct dictionary_code *ret_code) {
    struct dictionary_key key;
    struct str row;
    if (code.size == 0 || code.size > CODE_LIMIT)
        return THING_NOT_FOUND;
    int r = view_get(view, TABLE_DICTIONARY, code_key(&key, dictionary, code), &row);
    if (r != 0)
        return r < 0 ? r : THING_NOT_FOUND;
    if (dictionary_decode(row, ret_code) != 0)
        return error_note(-EBADMSG, "a dictionary's row cannot be read");
    ret_code->code = code;
    return 0;
}

int dictionary_at(struct view *view, enum DICTIONARY_choice dictionary, uint32_t number,
                  struct dictionary_code *ret_code) {
    struct dictionary_key key;
    struct str code;
    int r = view_get(view, TABLE_DICTIONARY, place_key(&key, dictionary, number), &code);
    if (r != 0)
        return r < 0 ? r : THING_NOT_FOUND;
    return dictionary_get(view, dictionary, code, ret_code);
}

static const char *count_name(enum DICTIONARY_choice dictionary, char ret_name[static 48]) {
    snprintf(ret_name, 48, "dictionary.%s", DICTIONARY_choices.words[dictionary]);
    return ret_name;
}

uint32_t dictionary_count(struct view *view, enum DICTIONARY_choice dictionary) {
    char name[48];
    return number_last(view, count_name(dictionary, name));
}

static bool usable(const struct dictionary_code *entry, int32_t date) {
    return (entry->from == INT32_MIN || date >= entry->from) &&
           (entry->retired == INT32_MIN || date < entry->retired);
}

/* Of the codes that may be used on that day the nearest to what was written, or NULL. */
static const char *nearest(struct context *context, enum DICTIONARY_choice dictionary,
                           struct str code, int32_t date) {
    const char *names[DICTIONARY_ENTRIES_LIMIT];
    size_t n = 0;
    uint32_t count = dictionary_count(context->view, dictionary);
    for (uint32_t i = 0; i < count && n < DICTIONARY_ENTRIES_LIMIT; i++) {
        struct dictionary_code entry;
        if (dictionary_at(context->view, dictionary, i, &entry) == 0 && usable(&entry, date))
            names[n++] = arena_string(context->arena, entry.code);
    }
    return str_nearest(code, names, n);
}

static int complain(struct context *context, enum DICTIONARY_choice dictionary, struct str code,
                    int32_t date, const char *field, const struct dictionary_code *found) {
    const char *name = DICTIONARY_choices.words[dictionary];
    if (found)
        return problem_set(context->problem, PROBLEM_NOT_IN_DICTIONARY, field,
                           "%.*s of the dictionary `%s` is not in use on this day: see "
                           "volunteerctl dictionary list %s",
                           STR_ARG(code), name, name);
    const char *other = nearest(context, dictionary, code, date);
    return problem_set(context->problem, PROBLEM_NOT_IN_DICTIONARY, field,
                       "%.*s is not in the dictionary `%s`%s%s; volunteerctl dictionary list %s "
                       "shows what is",
                       (int)(code.size < 64 ? code.size : 64), code.data, name,
                       other ? ": did you mean " : "", other ? other : "", name);
}

int dictionary_require(struct context *context, enum DICTIONARY_choice dictionary, struct str code,
                       int32_t date, const char *field, int32_t *ret_number) {
    struct dictionary_code entry;
    int r = dictionary_get(context->view, dictionary, code, &entry);
    if (r < 0)
        return r;
    bool fits = r == 0 && usable(&entry, date);
    if (!fits && !dictionary_info(dictionary)->open)
        return complain(context, dictionary, code, date, field, r == 0 ? &entry : NULL);
    *ret_number = r == 0 ? entry.number : -1;
    return 0;
}

int dictionary_use(struct context *context, enum DICTIONARY_choice dictionary, struct str code,
                   int32_t by) {
    struct dictionary_code entry;
    int r = dictionary_get(context->view, dictionary, code, &entry);
    if (r != 0)
        return r < 0 ? r : 0;
    entry.uses = (uint32_t)((int64_t)entry.uses + by);
    put(context, dictionary, &entry);
    return 0;
}

int dictionary_use_list(struct context *context, enum DICTIONARY_choice dictionary,
                        const struct list *codes, int32_t by) {
    const struct str *items = codes->items;
    int r = 0;
    for (size_t i = 0; r == 0 && i < codes->n; i++)
        r = dictionary_use(context, dictionary, items[i], by);
    return r;
}

/* ---- dictionary.entry_set ---- */

static int check_retired(struct context *context, const struct dictionary_entry_set *data,
                         const struct dictionary_code *before) {
    if (!HAS(data, dictionary_entry_set, retired) || !before || before->uses == 0 ||
        before->retired == data->retired)
        return 0;
    return problem_set(context->problem, PROBLEM_WRONG_STATE, "data.retired",
                       "%.*s is in use by %u open things; close or change them first, then retire "
                       "it",
                       STR_ARG(data->code), before->uses);
}

static int check_decimals(struct context *context, const struct dictionary_entry_set *data,
                          const struct dictionary_code *before) {
    bool account = data->dictionary == DICTIONARY_ACCOUNT;
    if (!account &&
        (HAS(data, dictionary_entry_set, decimals) || HAS(data, dictionary_entry_set, may_expire)))
        return problem_set(context->problem, PROBLEM_OUT_OF_RANGE,
                           HAS(data, dictionary_entry_set, decimals) ? "data.decimals"
                                                                     : "data.may_expire",
                           "only accounts have this; leave it out");
    if (account && before && HAS(data, dictionary_entry_set, decimals) &&
        before->decimals != data->decimals)
        return problem_set(context->problem, PROBLEM_WRONG_STATE, "data.decimals",
                           "amounts of this account are kept with %u decimals already; another "
                           "unit is another account",
                           before->decimals);
    return 0;
}

/* The parents above must not lead back here. */
static int check_parent(struct context *context, const struct dictionary_entry_set *data) {
    enum DICTIONARY_choice dictionary = (enum DICTIONARY_choice)data->dictionary;
    struct str above = data->parent;
    for (int depth = 0; depth < DICTIONARY_ENTRIES_LIMIT && above.size; depth++) {
        struct dictionary_code parent;
        if (str_equal(above, data->code))
            break;
        int r = dictionary_get(context->view, dictionary, above, &parent);
        if (r != 0)
            return r < 0 ? r
                         : problem_set(context->problem, PROBLEM_NOT_IN_DICTIONARY, "data.parent",
                                       "the parent must be another entry of the same dictionary; "
                                       "set that one first");
        above = parent.parent;
    }
    if (above.size == 0)
        return 0;
    return problem_set(context->problem, PROBLEM_NOT_IN_DICTIONARY, "data.parent",
                       "the parent must be another entry, and not one that lies below this one");
}

static int check_entry(struct context *context, const struct dictionary_entry_set *data,
                       const struct dictionary_code *before) {
    enum DICTIONARY_choice dictionary = (enum DICTIONARY_choice)data->dictionary;
    if (data->code.size == 0 || data->title.size == 0)
        return problem_set(context->problem, PROBLEM_OUT_OF_RANGE,
                           data->code.size ? "data.title" : "data.code",
                           "an entry has a code and a title");
    int r = HAS(data, dictionary_entry_set, parent) ? check_parent(context, data) : 0;
    if (r != 0)
        return r;
    if (!before && dictionary_count(context->view, dictionary) >= DICTIONARY_ENTRIES_LIMIT)
        return problem_set(context->problem, PROBLEM_OUT_OF_RANGE, "data.code",
                           "a dictionary has at most %d entries", DICTIONARY_ENTRIES_LIMIT);
    r = check_retired(context, data, before);
    return r ? r : check_decimals(context, data, before);
}

int apply_dictionary_entry_set(struct context *context, const struct event *event,
                               const struct dictionary_entry_set *data) {
    (void)event;
    enum DICTIONARY_choice dictionary = (enum DICTIONARY_choice)data->dictionary;
    struct dictionary_code before, entry = {.code = data->code, .title = data->title};
    struct dictionary_key key;
    char name[48];
    int found = dictionary_get(context->view, dictionary, data->code, &before);
    int r = found < 0 ? found : check_entry(context, data, found == 0 ? &before : NULL);
    if (r != 0)
        return r;
    entry.uses = found == 0 ? before.uses : 0;
    entry.parent = HAS(data, dictionary_entry_set, parent) ? data->parent : STR_NONE;
    entry.decimals = found == 0 ? before.decimals : (uint8_t)data->decimals;
    entry.may_expire = HAS(data, dictionary_entry_set, may_expire)
                           ? data->may_expire
                           : found == 0 && before.may_expire;
    entry.from = HAS(data, dictionary_entry_set, from) ? data->from : INT32_MIN;
    entry.retired = HAS(data, dictionary_entry_set, retired) ? data->retired : INT32_MIN;
    entry.sequence = context->sequence;
    entry.number = found == 0 ? before.number
                              : (uint16_t)(number_next(context, count_name(dictionary, name)) - 1);
    put(context, dictionary, &entry);
    if (found != 0)
        store_put(context->store, TABLE_DICTIONARY, place_key(&key, dictionary, entry.number),
                  data->code);
    return 0;
}
