#include "field_text.h"

#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>

#include "value.h"

static int refuse(char *ret_message, const char *format, ...) __attribute__((format(printf, 2, 3)));
static int refuse(char *ret_message, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(ret_message, FIELD_MESSAGE_SIZE, format, arguments);
    va_end(arguments);
    return 1;
}

static void words_form(struct lexicon *lexicon, const struct field *field, struct buf *out) {
    size_t n = lexicon_words(lexicon, field), shown = 0;
    for (size_t i = 0; i < n; i++) {
        struct lexicon_word word = lexicon_word(lexicon, field, i);
        if (word.retired)
            continue;
        buf_printf(out, "%s%s", shown++ ? ", " : "", word.word);
        if (strcmp(word.word, word.label) != 0)
            buf_printf(out, " %s", word.label);
    }
    if (shown == 0)
        buf_put_str(out, str_from(_("text")));
}

void field_text_form(struct lexicon *lexicon, const struct field *field, struct buf *out) {
    static const char *const forms[] = {
        [FIELD_BOOLEAN] = N_("yes or no"),
        [FIELD_SCALAR] = N_("number, yes, no or text"),
        [FIELD_TIME] = N_("time, 2024-03-05 09:00 or 2024-03-05T09:00:00+08:00"),
        [FIELD_DATE] = N_("date, 2024-03-05"),
        [FIELD_MONTH] = N_("month, 2024-03"),
        [FIELD_OBJECT] = N_("its parts"),
        [FIELD_OBJECTS] = N_("list of JSON objects"),
        [FIELD_QUANTITIES] = N_("name and whole number"),
        [FIELD_CHANGES] = N_("what changes; empty removes"),
        [FIELD_JSON] = N_("JSON object"),
    };
    switch (field->kind) {
    case FIELD_ID:
        buf_printf(out, _("id of: %s"),
                   language_is_chinese() ? noun_info((enum noun)field->noun)->label
                                         : noun_info((enum noun)field->noun)->name);
        return;
    case FIELD_TEXT:
    case FIELD_LIST:
        buf_printf(out, _("text, at most %zu bytes"), field->size_limit);
        return;
    case FIELD_INTEGER:
        buf_printf(out, _("whole number, %lld to %lld"), (long long)field->range.least,
                   (long long)field->range.most);
        return;
    case FIELD_CHOICE:
    case FIELD_CODE:
        words_form(lexicon, field, out);
        return;
    default:
        buf_put_str(out, str_from(_(forms[field->kind])));
    }
}

/* Codes that the lexicon does not have pass: the daemon decides. */
static int word_read(struct lexicon *lexicon, const struct field *field, const char *typed,
                     json_t **ret_value, char *ret_message) {
    const char *words[256];
    size_t n = lexicon_words(lexicon, field);
    n = n < 256 ? n : 256;
    for (size_t i = 0; i < n; i++) {
        struct lexicon_word word = lexicon_word(lexicon, field, i);
        words[i] = word.word;
        if (strcmp(word.word, typed) == 0 || strcmp(word.label, typed) == 0) {
            *ret_value = json_string(word.word);
            return 0;
        }
    }
    if (field->kind != FIELD_CHOICE) {
        *ret_value = json_string(typed);
        return 0;
    }
    const char *near = str_nearest(str_from(typed), words, n);
    BUF_AUTO form = {0};
    field_text_form(lexicon, field, &form);
    if (near)
        return refuse(ret_message, _("it cannot be “%s”. Did you mean “%s”?"), typed, near);
    return refuse(ret_message, _("it cannot be “%.60s”; it is one of: %.300s"), typed,
                  buf_text(&form));
}

static int integer_read(const struct field *field, const char *typed, json_t **ret_value,
                        char *ret_message) {
    char *end;
    errno = 0;
    long long number = strtoll(typed, &end, 10);
    bool numeric = end != typed && *end == '\0' && errno == 0;
    if (!numeric || number < field->range.least || number > field->range.most)
        return refuse(ret_message, _("it is a whole number from %lld to %lld, not “%.60s”."),
                      (long long)field->range.least, (long long)field->range.most, typed);
    *ret_value = json_integer(number);
    return 0;
}

static int boolean_read(const char *typed, json_t **ret_value, char *ret_message) {
    static const char *const yes[] = {"true", "yes", "y", "1", "是"};
    static const char *const no[] = {"false", "no", "n", "0", "否"};
    for (size_t i = 0; i < sizeof yes / sizeof *yes; i++) {
        bool is_yes = strcmp(yes[i], typed) == 0;
        if (is_yes || strcmp(no[i], typed) == 0) {
            *ret_value = json_boolean(is_yes);
            return 0;
        }
    }
    return refuse(ret_message, _("it is yes or no, not “%.60s”."), typed);
}

static int scalar_read(const char *typed, json_t **ret_value) {
    char message[FIELD_MESSAGE_SIZE];
    char *end;
    errno = 0;
    long long number = strtoll(typed, &end, 10);
    if (end != typed && *end == '\0' && errno == 0)
        *ret_value = json_integer(number);
    else if (strcmp(typed, "1") == 0 || boolean_read(typed, ret_value, message) != 0)
        *ret_value = json_string(typed);
    return 0;
}

/* "2024-03-05 09:00", "2024-03-05T09:00:30": the parts of a time without an offset. */
static bool local_time_read(const char *typed, int32_t *ret_date, int *ret_second) {
    int hour, minute, second = 0, used = 0;
    if (strlen(typed) < 16 || (typed[10] != ' ' && typed[10] != 'T') ||
        date_parse((struct str){typed, 10}, ret_date) != 0)
        return false;
    const char *clock = typed + 11;
    if (sscanf(clock, "%2d:%2d%n", &hour, &minute, &used) < 2)
        return false;
    if (clock[used] == ':') {
        int more = 0;
        if (sscanf(clock + used, ":%2d%n", &second, &more) < 1)
            return false;
        used += more;
    }
    if (clock[used] || hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 ||
        second > 59)
        return false;
    *ret_second = hour * 3600 + minute * 60 + second;
    return true;
}

static int time_read(const char *typed, const struct zone *zone, json_t **ret_value,
                     char *ret_message) {
    int64_t time_us;
    int16_t offset_minutes;
    int32_t date;
    int second;
    char text[40];
    if (time_parse(str_from(typed), &time_us, &offset_minutes) == 0) {
        *ret_value = json_string(typed);
        return 0;
    }
    if (!local_time_read(typed, &date, &second))
        return refuse(ret_message,
                      _("it is a time like 2024-03-05 09:00 (the city's) or "
                        "2024-03-05T09:00:00+08:00, not “%.60s”."),
                      typed);
    if (!zone)
        return refuse(ret_message, _("the daemon has no city yet: write the offset too, as in "
                                     "2024-03-05T09:00:00+08:00."));
    time_us = zone_midnight(zone, date) + second * MICROSECONDS;
    time_format(time_us, (int16_t)(zone_offset_at(zone, time_us) / 60), text);
    *ret_value = json_string(text);
    return 0;
}

bool field_text_needs_zone(const struct field *field, const char *typed) {
    int64_t time_us;
    int16_t offset_minutes;
    return field->kind == FIELD_TIME && time_parse(str_from(typed), &time_us, &offset_minutes) != 0;
}

static int text_read(const struct field *field, const char *typed, json_t **ret_value,
                     char *ret_message) {
    if (strlen(typed) > field->size_limit)
        return refuse(ret_message,
                      _("it has %zu bytes; at most %zu are kept (a Chinese character "
                        "takes 3)."),
                      strlen(typed), field->size_limit);
    *ret_value = json_string(typed);
    return 0;
}

static int json_read(const struct field *field, const char *typed, json_t **ret_value,
                     char *ret_message) {
    json_error_t error;
    json_t *value = json_loads(typed, JSON_REJECT_DUPLICATES, &error);
    bool wants_list = field->kind == FIELD_OBJECTS;
    if (value && wants_list && json_is_object(value))
        value = json_pack("[o]", value);
    if (!(wants_list ? json_is_array(value) : json_is_object(value))) {
        json_decref(value);
        return refuse(ret_message, wants_list
                                       ? _("it is a list of JSON objects: [{\"…\": …}].")
                                       : _("it is a JSON object {\"…\": …}, or give its parts as "
                                           "NAME.PART=VALUE."));
    }
    *ret_value = value;
    return 0;
}

int field_text_read(struct lexicon *lexicon, const struct field *field, const char *typed,
                    const struct zone *zone, json_t **ret_value,
                    char ret_message[static FIELD_MESSAGE_SIZE]) {
    int32_t number;
    switch (field->kind) {
    case FIELD_ID:
        *ret_value = json_string(typed);
        return 0;
    case FIELD_LIST:
        if (lexicon_dictionary_of(field) != DICTIONARY_COUNT)
            return word_read(lexicon, field, typed, ret_value, ret_message);
        return text_read(field, typed, ret_value, ret_message);
    case FIELD_TEXT:
        return text_read(field, typed, ret_value, ret_message);
    case FIELD_CHOICE:
    case FIELD_CODE:
        return word_read(lexicon, field, typed, ret_value, ret_message);
    case FIELD_INTEGER:
        return integer_read(field, typed, ret_value, ret_message);
    case FIELD_BOOLEAN:
        return boolean_read(typed, ret_value, ret_message);
    case FIELD_SCALAR:
        return scalar_read(typed, ret_value);
    case FIELD_TIME:
        return time_read(typed, zone, ret_value, ret_message);
    case FIELD_DATE:
        if (date_parse(str_from(typed), &number) != 0)
            return refuse(ret_message, _("it is a date like 2024-03-05, not “%.60s”."), typed);
        *ret_value = json_string(typed);
        return 0;
    case FIELD_MONTH:
        if (month_parse(str_from(typed), &number) != 0)
            return refuse(ret_message, _("it is a month like 2024-03, not “%.60s”."), typed);
        *ret_value = json_string(typed);
        return 0;
    case FIELD_OBJECT:
    case FIELD_OBJECTS:
    case FIELD_QUANTITIES:
    case FIELD_CHANGES:
    case FIELD_JSON:
        return json_read(field, typed, ret_value, ret_message);
    }
    return refuse(ret_message, _("it cannot be typed."));
}
