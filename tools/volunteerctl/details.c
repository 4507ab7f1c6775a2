#include "details.h"

#include "noun.h"
#include "table.h"
#include "util/calendar.h"
#include "value.h"

#define NESTING_LIMIT 3

bool is_details(const json_t *value) {
    return json_array_size(value) > 0 && json_is_object(json_array_get(value, 0));
}

/* ---- one value ---- */

static void minutes_put(int64_t minutes, bool grouped, struct buf *out) {
    char number[TEXT_SIZE], hours[TEXT_SIZE];
    number_text(minutes, grouped, number);
    buf_printf(out, _("%s min"), number);
    if (minutes >= 60)
        buf_printf(out, _(" (%s h)"), hours_text(minutes, grouped, hours));
}

/* RFC 3339 with an offset. */
static bool is_moment(const json_t *value) {
    int64_t time_us;
    int16_t offset_minutes;
    const char *text = json_string_value(value);
    return text && time_parse(str_from(text), &time_us, &offset_minutes) == 0;
}

static bool is_one_of(const char *key, const char *const *keys) {
    for (; *keys; keys++)
        if (strcmp(*keys, key) == 0)
            return true;
    return false;
}

static bool is_amount(const char *key, const json_t *item) {
    static const char *const keys[] = {"amount",   "balance", "balance_after", "owed", "earned",
                                       "adjusted", "spent",   "expired",       NULL};
    return has_at(item, "account") && is_one_of(key, keys);
}

/* 1.50 (2026-12-31): what an account holds, and until when. */
static void lots_put(struct call *call, const json_t *item, const json_t *lots, struct buf *out) {
    size_t index;
    json_t *lot;
    char amount[TEXT_SIZE];
    json_array_foreach(lots, index, lot) {
        amount_text(&call->lexicon, text_at(item, "account"), integer_at(lot, "amount"),
                    call->terminal.out, amount);
        buf_printf(out, "%s%s", index ? "; " : "", amount);
        if (has_at(lot, "expires"))
            buf_printf(out, _(" (until %s)"), text_at(lot, "expires"));
    }
}

static void words_put(struct call *call, const struct fields *fields, const char *key,
                      const json_t *list, struct buf *out) {
    for (size_t i = 0; i < json_array_size(list); i++)
        buf_printf(out, "%s%s", i ? ", " : "",
                   noun_word(&call->lexicon, fields, key, text_in(list, i)));
}

static void parts_put(const struct fields *fields, const json_t *object, struct buf *out) {
    json_t *members = json_incref((json_t *)(uintptr_t)object);
    const char *key;
    json_t *member;
    bool any = false, chinese = language_is_chinese();
    json_object_foreach(members, key, member) {
        if (json_is_null(member))
            continue;
        buf_printf(out, chinese ? "%s%s：" : "%s%s: ",
                   !any      ? ""
                   : chinese ? "；"
                             : ", ",
                   noun_label(fields, key));
        any = true;
        value_line(member, out);
    }
    json_decref(members);
}

/* As the event says it, and as people say it. */
static void money_put(int64_t fen, bool grouped, struct buf *out) {
    char text[TEXT_SIZE];
    buf_printf(out, language_is_chinese() ? "%lld 分（%s 元）" : "%lld fen (%s yuan)",
               (long long)fen, hundredths_text(fen, grouped, text));
}

static bool is_money(const char *key) {
    size_t size = strlen(key);
    return size > 4 && strcmp(key + size - 4, "_fen") == 0;
}

static bool special_put(struct call *call, const char *key, const json_t *item, const json_t *value,
                        struct buf *out) {
    static const char *const minutes[] = {"minutes", "counted_minutes", "carried_minutes", NULL};
    char text[TEXT_SIZE];
    if (strcmp(key, "findings") == 0)
        findings_text(value, out);
    else if (strcmp(key, "lots") == 0)
        lots_put(call, item, value, out);
    else if (strcmp(key, "stars") == 0 && json_is_integer(value))
        buf_put_str(out, str_from(stars_text(json_integer_value(value), text)));
    else if (is_one_of(key, minutes) && json_is_integer(value))
        minutes_put(json_integer_value(value), call->terminal.out, out);
    else if (is_money(key) && json_is_integer(value))
        money_put(json_integer_value(value), call->terminal.out, out);
    else if (is_amount(key, item) && json_is_integer(value))
        buf_put_str(out,
                    str_from(amount_text(&call->lexicon, text_at(item, "account"),
                                         json_integer_value(value), call->terminal.out, text)));
    else
        return false;
    return true;
}

void value_words(struct call *call, const struct fields *fields, const char *key,
                 const json_t *item, const json_t *value, bool both, struct buf *out) {
    char text[TEXT_SIZE];
    bool chinese = language_is_chinese();
    const char *typed = json_string_value(value);
    const char *word = typed ? noun_word(&call->lexicon, fields, key, typed) : NULL;
    if (word && strcmp(word, typed) != 0)
        buf_printf(out, both ? "%s (%s)" : "%s", word, typed);
    else if (is_moment(value))
        buf_put_str(out, str_from(moment_text(typed, text)));
    else if (json_is_boolean(value))
        buf_put_str(out, json_is_true(value) ? (chinese ? STR("是") : STR("yes"))
                                             : (chinese ? STR("否") : STR("no")));
    else if (strcmp(key, "path") == 0 && json_is_array(value))
        for (size_t i = 0; i < json_array_size(value); i++)
            buf_printf(out, "%s%s", i ? " › " : "", text_in(value, i));
    else if (json_is_object(value))
        parts_put(fields, value, out);
    else if (json_is_string(json_array_get(value, 0)))
        words_put(call, fields, key, value, out);
    else if (!special_put(call, key, item, value, out))
        value_line(value, out);
}

/* ---- a list ---- */

struct keys {
    size_t n;
    const char *names[TABLE_COLUMNS];
};

static void keys_add(struct keys *keys, const char *key) {
    for (size_t i = 0; i < keys->n; i++)
        if (strcmp(keys->names[i], key) == 0)
            return;
    if (keys->n < TABLE_COLUMNS)
        keys->names[keys->n++] = key;
}

/* Every key that some object has something at; evidence in its parts, so that they have columns. */
static void keys_find(struct keys *keys, const json_t *list) {
    size_t index;
    json_t *object, *value;
    const char *key;
    json_array_foreach(list, index, object) {
        json_object_foreach(object, key, value) {
            if (!json_is_null(value) && !(json_is_array(value) && json_array_size(value) == 0))
                keys_add(keys, key);
        }
    }
}

/* A list's inner lists of objects come as tables of their own. */
static bool is_inner(const json_t *list, const char *key) {
    for (size_t i = 0; i < json_array_size(list); i++)
        if (is_details(json_object_get(json_array_get(list, i), key)) && strcmp(key, "lots") != 0 &&
            strcmp(key, "findings") != 0)
            return true;
    return false;
}

static bool is_number(const json_t *list, const char *key) {
    for (size_t i = 0; i < json_array_size(list); i++) {
        const json_t *value = json_object_get(json_array_get(list, i), key);
        if (value && !json_is_null(value) && !json_is_integer(value))
            return false;
    }
    return true;
}

static void list_table(struct call *call, const struct fields *fields, const char *label,
                       const json_t *list) {
    struct keys keys = {0};
    size_t index;
    json_t *item;
    struct table *table = table_new(&call->terminal);
    keys_find(&keys, list);
    for (size_t i = 0; i < keys.n; i++) {
        if (is_inner(list, keys.names[i]))
            keys.names[i--] = keys.names[--keys.n];
        else
            table_column(table, noun_label(fields, keys.names[i]),
                         is_number(list, keys.names[i]) ? COLUMN_NUMBER : COLUMN_WRAP);
    }
    json_array_foreach(list, index, item) {
        table_row(table, NULL);
        for (size_t i = 0; i < keys.n; i++) {
            const json_t *value = json_object_get(item, keys.names[i]);
            BUF_AUTO text = {0};
            if (value && !json_is_null(value))
                value_words(call, fields, keys.names[i], item, value, false, &text);
            table_text(table, i, buf_text(&text));
        }
    }
    printf("\n%s", colour_code(&call->terminal, COLOUR_STRONG));
    print("%s", label);
    printf("%s\n", colour_code(&call->terminal, COLOUR_PLAIN));
    table_print(table);
}

/* A list of what is elsewhere counted. */
static const char *list_label(const struct fields *fields, const char *key) {
    return language_is_chinese() && strcmp(key, "teams") == 0 ? "所在队伍"
                                                              : noun_label(fields, key);
}

static void details_within(struct call *call, const struct fields *fields, const json_t *object,
                           unsigned depth) {
    json_t *members = json_incref((json_t *)(uintptr_t)object);
    const char *key;
    json_t *member, *item;
    size_t index;
    json_object_foreach(members, key, member) {
        if (depth > NESTING_LIMIT)
            break;
        if (json_is_object(member))
            details_within(call, fields, member, depth + 1);
        if (!is_details(member) || strcmp(key, "findings") == 0)
            continue;
        bool titles = strcmp(key, "titles") == 0;
        list_table(call, titles ? &civilised_title_awarded_fields : fields, list_label(fields, key),
                   member);
        json_array_foreach(member, index, item) {
            json_auto_t *inner = json_copy(item);
            json_object_del(inner, "lots");
            details_within(call, fields, inner, depth + 1);
        }
    }
    json_decref(members);
}

void details_print(struct call *call, const struct fields *fields, const json_t *object) {
    details_within(call, fields, object, 0);
}
