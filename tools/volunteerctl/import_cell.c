#include "import_cell.h"

#include <math.h>
#include <stdarg.h>
#include <stdlib.h>

#include "field_text.h"
#include "import_names.h"
#include "sheet_text.h"
#include "value.h"

#define WHOLE_DIGITS 1e15 /* beyond it a spreadsheet has changed digits */
#define DAYS_BEFORE_1970 25569
#define DAYS_1904 1462
#define SERIAL_LEAST 61 /* 1 March 1900: before it spreadsheets count a day that never was */
#define SERIAL_MOST 2958465
#define SHOWN(text) (int)((text).size < 60 ? (text).size : 60), (text).data

int cell_fail(struct cell_problem *problem, const char *code, const char *format, ...) {
    va_list arguments;
    problem->code = code;
    va_start(arguments, format);
    vsnprintf(problem->message, sizeof problem->message, format, arguments);
    va_end(arguments);
    return 1;
}

void cell_reader_init(struct cell_reader *reader, struct call *call, const struct zone *zone,
                      bool from_1904) {
    *reader = (struct cell_reader){
        .call = call, .zone = zone, .from_1904 = from_1904, .by = call_text(call, "by")};
}

void cell_reader_deinit(struct cell_reader *reader) {
    for (size_t i = 0; i < NOUN_COUNT; i++)
        json_decref(reader->names[i]);
    json_decref(reader->regions);
    json_decref(reader->documents);
    buf_deinit(&reader->text);
    buf_deinit(&reader->more);
}

/* ---- what the cell says ---- */

static void number_put(double number, struct buf *out) {
    if (number == floor(number) && fabs(number) < WHOLE_DIGITS)
        buf_printf(out, "%.0f", number);
    else
        buf_printf(out, "%.12g", number);
}

static int32_t serial_date(double number, bool from_1904) {
    return (int32_t)floor(number) - DAYS_BEFORE_1970 + (from_1904 ? DAYS_1904 : 0);
}

/* Seconds of the part of a day, to the nearest. */
static int64_t serial_clock(double number) {
    return (int64_t)((number - floor(number)) * (double)DAY_SECONDS + 0.5);
}

static void serial_put(double number, bool from_1904, struct buf *out) {
    char date[16];
    int64_t clock = serial_clock(number);
    int32_t day = serial_date(number, from_1904) + (clock == DAY_SECONDS);
    clock %= DAY_SECONDS;
    date_format(day, date);
    if (number >= 1)
        buf_put_str(out, str_from(date));
    if (clock)
        buf_printf(out, "%s%02d:%02d:%02d", number >= 1 ? " " : "", (int)(clock / 3600),
                   (int)(clock / 60 % 60), (int)(clock % 60));
}

/* ="0123" is how a spreadsheet is told that digits are a text; an apostrophe is how we say that a
 * text is no formula. */
static struct str unwrapped(struct str text) {
    if (text.size >= 3 && text.data[0] == '=' && text.data[1] == '"' &&
        text.data[text.size - 1] == '"')
        return (struct str){text.data + 2, text.size - 3};
    if (text.size >= 2 && text.data[0] == '\'' && strchr("=+-@'", text.data[1]))
        return (struct str){text.data + 1, text.size - 1};
    return text;
}

void cell_text_put(const struct grid_cell *cell, bool from_1904, struct buf *out) {
    if (cell->kind == GRID_DATE)
        serial_put(cell->number, from_1904, out);
    else if (cell->kind == GRID_NUMBER && fabs(cell->number) < WHOLE_DIGITS)
        number_put(cell->number, out);
    else
        buf_put_str(out, unwrapped(cell->text));
}

/* 1.1E+17 */
static bool lost_digits(struct str text) {
    size_t i = 0;
    while (i < text.size && ((text.data[i] >= '0' && text.data[i] <= '9') || text.data[i] == '.'))
        i++;
    if (i == 0 || i + 2 >= text.size || (text.data[i] | 0x20) != 'e' || text.data[i + 1] != '+')
        return false;
    for (i += 2; i < text.size; i++)
        if (text.data[i] < '0' || text.data[i] > '9')
            return false;
    return true;
}

static int say_lost(struct cell_problem *problem, struct str text) {
    return cell_fail(problem, "wrong_type",
                     _("the spreadsheet has made the number %.*s of it, and its last digits are "
                       "lost: format the column as text and enter it again"),
                     SHOWN(text));
}

static bool is_ascii(struct str text) {
    for (size_t i = 0; i < text.size; i++)
        if ((unsigned char)text.data[i] >= 0x80)
            return false;
    return true;
}

/* As it is meant to be read: narrow where that leaves no Chinese, or always where `narrow`. */
static int text_read(struct cell_reader *reader, const struct grid_cell *cell, bool narrow,
                     struct str *ret_text, struct cell_problem *problem) {
    buf_reset(&reader->text);
    if (cell->kind == GRID_ERROR ||
        (cell->kind == GRID_TEXT && str_starts_with(cell->text, STR("#")) && cell->text.size < 10 &&
         memchr("!?A/", cell->text.data[cell->text.size - 1], 4)))
        return cell_fail(problem, "wrong_type",
                         _("the spreadsheet could not calculate it (%.*s): write the value"),
                         SHOWN(cell->text));
    if (cell->kind == GRID_FORMULA)
        return cell_fail(problem, "wrong_type",
                         _("it is a formula whose value is not in the file: open the workbook in a "
                           "spreadsheet and save it, or write the value"));
    if (cell->kind == GRID_NUMBER && fabs(cell->number) >= WHOLE_DIGITS)
        return say_lost(problem, cell->text);
    struct str text = unwrapped(cell->text);
    if (cell->kind == GRID_TEXT && text.data == cell->text.data && text.data[0] == '=')
        return cell_fail(problem, "wrong_type",
                         _("it is a formula (%.*s): write the value instead"), SHOWN(text));
    if (cell->kind == GRID_DATE || cell->kind == GRID_NUMBER) {
        cell_text_put(cell, reader->from_1904, &reader->text);
        *ret_text = buf_str(&reader->text);
        return 0;
    }
    if (!narrow && is_ascii(text)) {
        *ret_text = text;
        return 0;
    }
    sheet_narrow(text, true, &reader->text);
    *ret_text = narrow || is_ascii(buf_str(&reader->text)) ? buf_str(&reader->text) : text;
    return 0;
}

/* The same with a zero at its end, for what reads such texts. */
static int string_read(struct cell_reader *reader, const struct grid_cell *cell,
                       const char **ret_text, struct cell_problem *problem) {
    struct str text;
    int result = text_read(reader, cell, true, &text, problem);
    if (result != 0)
        return result;
    buf_reset(&reader->more);
    buf_put_str(&reader->more, text);
    *ret_text = buf_text(&reader->more);
    return 0;
}

/* ---- kinds ---- */

static int id_read(struct cell_reader *reader, const struct field *field,
                   const struct grid_cell *cell, struct buf *out, struct cell_problem *problem) {
    struct str text, id;
    int result = text_read(reader, cell, false, &text, problem);
    if (result == 0 && lost_digits(text))
        return say_lost(problem, text);
    if (result == 0)
        result = names_find(reader, (enum noun)field->noun, text, &id, problem);
    if (result == 0)
        buf_json_string(out, id);
    return result;
}

static int plain_read(struct cell_reader *reader, const struct field *field,
                      const struct grid_cell *cell, struct buf *out, struct cell_problem *problem) {
    struct str text;
    int result = text_read(reader, cell, false, &text, problem);
    if (result != 0)
        return result;
    if (lost_digits(text))
        return say_lost(problem, text);
    if (text.size > field->size_limit)
        return cell_fail(problem, "too_long",
                         _("it has %zu bytes; at most %zu are kept (a Chinese character takes 3)."),
                         text.size, field->size_limit);
    buf_json_string(out, text);
    return 0;
}

static int word_put(struct cell_reader *reader, const struct field *field, struct str text,
                    struct buf *out, struct cell_problem *problem) {
    struct lexicon *lexicon = &reader->call->lexicon;
    const char *words[512];
    size_t n = lexicon_words(lexicon, field), n_near = 0;
    for (size_t i = 0; i < n; i++) {
        struct lexicon_word word = lexicon_word(lexicon, field, i);
        if (str_equal(str_from(word.word), text) || str_equal(str_from(word.label), text)) {
            buf_json_string(out, str_from(word.word));
            return 0;
        }
        for (size_t k = 0; k < 2 && n_near < sizeof words / sizeof *words; k++)
            words[n_near++] = k ? word.label : word.word;
    }
    const char *near = str_nearest(text, words, n_near);
    if (near)
        return cell_fail(problem, "not_in_dictionary", _("it cannot be “%.*s”. Did you mean “%s”?"),
                         SHOWN(text), near);
    BUF_AUTO form = {0};
    field_text_form(lexicon, field, &form);
    return cell_fail(problem, "not_in_dictionary", _("it cannot be “%.*s”; it is one of: %.260s"),
                     SHOWN(text), buf_text(&form));
}

static int choice_read(struct cell_reader *reader, const struct field *field,
                       const struct grid_cell *cell, struct buf *out,
                       struct cell_problem *problem) {
    struct str text;
    int result = text_read(reader, cell, false, &text, problem);
    return result == 0 ? word_put(reader, field, text, out, problem) : result;
}

/* Items are parted by 、 ， ； , ; / and line breaks. */
static size_t item_size(struct str text, size_t *ret_sign) {
    static const char *const signs[] = {"、", "，", "；", ",", ";", "/", "\n"};
    for (size_t at = 0; at < text.size; at++)
        for (size_t i = 0; i < sizeof signs / sizeof *signs; i++) {
            *ret_sign = strlen(signs[i]);
            if (text.size - at >= *ret_sign && memcmp(text.data + at, signs[i], *ret_sign) == 0)
                return at;
        }
    *ret_sign = 0;
    return text.size;
}

static int list_read(struct cell_reader *reader, const struct field *field,
                     const struct grid_cell *cell, struct buf *out, struct cell_problem *problem) {
    bool coded = lexicon_dictionary_of(field) != DICTIONARY_COUNT;
    struct str text;
    int result = text_read(reader, cell, false, &text, problem);
    for (bool first = true; result == 0 && text.size;) {
        size_t sign, size = item_size(text, &sign);
        struct str item = {text.data, size};
        while (item.size && item.data[item.size - 1] == ' ')
            item.size--;
        while (item.size && *item.data == ' ')
            item = (struct str){item.data + 1, item.size - 1};
        text = (struct str){text.data + size + sign, text.size - size - sign};
        if (item.size == 0)
            continue;
        if (!first)
            buf_put_byte(out, ',');
        first = false;
        if (coded)
            result = word_put(reader, field, item, out, problem);
        else if (item.size > field->size_limit)
            result = cell_fail(problem, "too_long", _("an item of it has more than %zu bytes"),
                               field->size_limit);
        else
            buf_json_string(out, item);
    }
    return result;
}

/* "1,234" and "120 分钟": without signs between thousands, blanks and what is counted. */
static bool decimal_read(const char *text, int64_t *ret_millionths) {
    static const char *const counted[] = {"分钟", "分", "小时", "人", "次", "个", "户", "元", NULL};
    const char *at = text;
    bool minus = *at == '-';
    int64_t whole = 0, fraction = 0;
    size_t n = 0;
    for (at += minus; (*at >= '0' && *at <= '9') || (*at == ',' && n > 0) || *at == ' '; at++) {
        if (*at < '0' || *at > '9')
            continue;
        if (n++ >= 12)
            return false;
        whole = whole * 10 + *at - '0';
    }
    if (n > 0 && *at == '.') {
        int64_t place = 100000;
        for (at++; *at >= '0' && *at <= '9'; at++, place /= 10) {
            if (place == 0 && *at != '0')
                return false;
            fraction += place * (*at - '0');
        }
    }
    while (*at == ' ')
        at++;
    for (size_t i = 0; *at && counted[i]; i++)
        if (strcmp(at, counted[i]) == 0)
            at += strlen(at);
    *ret_millionths = (whole * 1000000 + fraction) * (minus ? -1 : 1);
    return n > 0 && *at == '\0';
}

static int integer_read(struct cell_reader *reader, const struct field *field,
                        enum column_unit unit, const struct grid_cell *cell, struct buf *out,
                        struct cell_problem *problem) {
    static const int64_t factors[] = {[UNIT_PLAIN] = 1, [UNIT_HOURS] = 60, [UNIT_YUAN] = 100};
    const char *text;
    int64_t number;
    if (cell->kind == GRID_DATE)
        return cell_fail(problem, "wrong_type",
                         _("the spreadsheet has made a date of it: format the column as a number "
                           "and enter it again"));
    if (string_read(reader, cell, &text, problem) != 0)
        return 1;
    if (!decimal_read(text, &number))
        return cell_fail(problem, "wrong_type", _("“%.60s” is no number"), text);
    number *= factors[unit];
    if (number % 1000000 != 0)
        return unit == UNIT_HOURS
                   ? cell_fail(problem, "wrong_type",
                               _("%.60s hours are no whole number of minutes"), text)
                   : cell_fail(problem, "wrong_type", _("“%.60s” is no whole number"), text);
    number /= 1000000;
    if (number < field->range.least || number > field->range.most)
        return cell_fail(problem, "out_of_range", _("it is %lld to %lld, not %lld"),
                         (long long)field->range.least, (long long)field->range.most,
                         (long long)number);
    buf_json_integer(out, number);
    return 0;
}

static int boolean_read(struct cell_reader *reader, const struct grid_cell *cell, struct buf *out,
                        struct cell_problem *problem) {
    static const char *const yes[] = {"是", "有", "√", "✓", "1", "true", "TRUE", "yes", "Y", "y"};
    static const char *const no[] = {"否", "无", "×", "✗", "0", "false", "FALSE", "no", "N", "n"};
    const char *text;
    if (string_read(reader, cell, &text, problem) != 0)
        return 1;
    for (size_t i = 0; i < sizeof yes / sizeof *yes; i++)
        if (strcmp(text, yes[i]) == 0 || strcmp(text, no[i]) == 0) {
            buf_put_str(out, strcmp(text, yes[i]) == 0 ? STR("true") : STR("false"));
            return 0;
        }
    return cell_fail(problem, "wrong_type", _("it is 是 or 否 (yes or no), not “%.60s”"), text);
}

/* ---- dates and times ---- */

/* A number of days: as the workbook says, or as a CSV has it that lost the format. */
static bool serial_of(const struct grid_cell *cell, const char *text, double *ret_number) {
    char *end;
    if (cell->kind == GRID_DATE) {
        *ret_number = cell->number;
        return cell->number >= SERIAL_LEAST && cell->number <= SERIAL_MOST;
    }
    size_t digits = strspn(text, "0123456789");
    *ret_number = strtod(text, &end);
    return digits == 5 && *end == '\0' && (text[5] == '\0' || text[5] == '.');
}

static int say_no_date(struct cell_problem *problem, const char *text) {
    return cell_fail(problem, "bad_time", _("“%.60s” is no date like 2018-03-05 that exists"),
                     text);
}

static int date_of(struct cell_reader *reader, const struct grid_cell *cell, int32_t *ret_date,
                   struct cell_problem *problem) {
    const char *text, *at;
    double serial;
    int64_t clock;
    if (string_read(reader, cell, &text, problem) != 0)
        return 1;
    if (serial_of(cell, text, &serial)) {
        *ret_date = serial_date(serial, reader->from_1904);
        return 0;
    }
    at = text;
    if (!sheet_day_take(&at, ret_date))
        return say_no_date(problem, text);
    at += *at == 'T';
    at += strspn(at, " ");
    if (*at && (!sheet_clock_take(&at, &clock) || (*at && *at != '+' && *at != 'Z')))
        return say_no_date(problem, text);
    return 0;
}

static int date_read(struct cell_reader *reader, const struct grid_cell *cell, struct buf *out,
                     struct cell_problem *problem) {
    char written[16];
    int32_t date;
    if (date_of(reader, cell, &date, problem) != 0)
        return 1;
    date_format(date, written);
    buf_json_string(out, str_from(written));
    return 0;
}

static int month_read(struct cell_reader *reader, const struct grid_cell *cell, struct buf *out,
                      struct cell_problem *problem) {
    const char *text, *at;
    char written[16];
    int32_t date, month;
    if (string_read(reader, cell, &text, problem) != 0)
        return 1;
    at = text;
    if (cell->kind != GRID_DATE && sheet_month_take(&at, &month) && *at == '\0') {
        month_format(month, written);
    } else if (date_of(reader, cell, &date, problem) == 0) {
        month_format(date_month(date), written);
    } else {
        return problem->code && strcmp(problem->code, "bad_time") != 0
                   ? 1
                   : cell_fail(problem, "bad_time",
                               _("“%.60s” is no month like 2018-03 that exists"), text);
    }
    buf_json_string(out, str_from(written));
    return 0;
}

static void moment_put(const struct cell_reader *reader, int32_t date, int64_t clock_s,
                       struct buf *out) {
    char written[40];
    int64_t time_us = zone_midnight(reader->zone, date) + clock_s * MICROSECONDS;
    time_format(time_us, (int16_t)(zone_offset_at(reader->zone, time_us) / 60), written);
    buf_json_string(out, str_from(written));
}

/* A clock alone is of the row's day; one that is not behind the one before, of the next. */
static int clock_put(struct cell_reader *reader, int64_t clock_s, struct buf *out,
                     struct cell_problem *problem) {
    if (!reader->has_day)
        return cell_fail(
            problem, "bad_time",
            _("it is a time without a date: add a column 日期, or write the date too"));
    bool next_day = reader->has_clock && clock_s <= reader->clock_s;
    moment_put(reader, reader->day + next_day, clock_s, out);
    reader->clock_s = clock_s;
    reader->has_clock = true;
    return 0;
}

static int time_text_read(struct cell_reader *reader, const char *text, struct buf *out,
                          struct cell_problem *problem) {
    int64_t time_us, clock = 0;
    int16_t offset;
    int32_t date;
    const char *at = text;
    if (time_parse(str_from(text), &time_us, &offset) == 0) {
        buf_json_string(out, str_from(text));
        return 0;
    }
    if (sheet_day_take(&at, &date)) {
        at += *at == 'T';
        at += strspn(at, " ");
        if (*at == '\0' || (sheet_clock_take(&at, &clock) && *at == '\0')) {
            moment_put(reader, date, clock, out);
            return 0;
        }
    }
    at = text;
    if (sheet_clock_take(&at, &clock) && *at == '\0')
        return clock_put(reader, clock, out, problem);
    return cell_fail(problem, "bad_time", _("“%.60s” is no time like 2018-03-05 09:00 that exists"),
                     text);
}

static int time_read(struct cell_reader *reader, const struct grid_cell *cell, struct buf *out,
                     struct cell_problem *problem) {
    const char *text;
    double serial;
    if (string_read(reader, cell, &text, problem) != 0)
        return 1;
    bool is_number = cell->kind == GRID_DATE || cell->kind == GRID_NUMBER;
    if (is_number && cell->number >= 0 && cell->number < 1)
        return clock_put(reader, serial_clock(cell->number), out, problem);
    if (!serial_of(cell, text, &serial))
        return time_text_read(reader, text, out, problem);
    moment_put(reader, serial_date(serial, reader->from_1904), serial_clock(serial), out);
    return 0;
}

/* ---- what is written as JSON ---- */

static int json_read(struct cell_reader *reader, const struct field *field,
                     const struct grid_cell *cell, struct buf *out, struct cell_problem *problem) {
    char message[FIELD_MESSAGE_SIZE];
    const char *text;
    json_t *value = NULL;
    if (string_read(reader, cell, &text, problem) != 0)
        return 1;
    if (field_text_read(&reader->call->lexicon, field, text, reader->zone, &value, message) != 0)
        return cell_fail(problem, "wrong_type", "%s", message);
    char *written = json_dumps(value, JSON_COMPACT | JSON_ENCODE_ANY);
    buf_put_str(out, str_from(written));
    free(written);
    json_decref(value);
    return 0;
}

int cell_read(struct cell_reader *reader, const struct field *field, enum column_unit unit,
              const struct grid_cell *cell, struct buf *out, struct cell_problem *problem) {
    switch (field->kind) {
    case FIELD_ID:
        return id_read(reader, field, cell, out, problem);
    case FIELD_TEXT:
        return plain_read(reader, field, cell, out, problem);
    case FIELD_LIST:
        return list_read(reader, field, cell, out, problem);
    case FIELD_CHOICE:
    case FIELD_CODE:
        return choice_read(reader, field, cell, out, problem);
    case FIELD_INTEGER:
        return integer_read(reader, field, unit, cell, out, problem);
    case FIELD_BOOLEAN:
        return boolean_read(reader, cell, out, problem);
    case FIELD_TIME:
        return time_read(reader, cell, out, problem);
    case FIELD_DATE:
        return date_read(reader, cell, out, problem);
    case FIELD_MONTH:
        return month_read(reader, cell, out, problem);
    case FIELD_SCALAR:
    case FIELD_OBJECT:
    case FIELD_OBJECTS:
    case FIELD_QUANTITIES:
    case FIELD_CHANGES:
    case FIELD_JSON:
        return json_read(reader, field, cell, out, problem);
    }
    return cell_fail(problem, "wrong_type", _("it cannot be typed."));
}

int cell_read_day(struct cell_reader *reader, const struct grid_cell *cell,
                  struct cell_problem *problem) {
    reader->has_day = reader->has_clock = false;
    if (cell->kind == GRID_EMPTY)
        return 0;
    if (date_of(reader, cell, &reader->day, problem) != 0)
        return 1;
    reader->has_day = true;
    return 0;
}

int cell_read_document(struct cell_reader *reader, const struct grid_cell *cell, struct buf *out,
                       struct cell_problem *problem) {
    struct str text, id;
    if (text_read(reader, cell, true, &text, problem) != 0)
        return 1;
    if (lost_digits(text))
        return say_lost(problem, text);
    if (document_find(reader, text, &id, problem) != 0)
        return 1;
    buf_json_string(out, id);
    return 0;
}
