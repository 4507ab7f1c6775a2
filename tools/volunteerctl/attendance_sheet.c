#include "attendance_sheet.h"

#include <stdarg.h>
#include <stdlib.h>

#include "sheet_text.h"
#include "value.h"

enum column { VOLUNTEER, NAME, NUMBER, PHONE, REGION, DAY, STARTS, ENDS, MINUTES, COLUMN_COUNT };

static const struct sheet_column columns[] = {
    [VOLUNTEER] = {"volunteer", false, "志愿者编号|编号"},
    [NAME] = {"name", false, "姓名"},
    [NUMBER] = {"number", false, "身份证号|身份证号码|证件号码"},
    [PHONE] = {"phone", false, "电话|手机|联系电话|手机号"},
    [REGION] = {"region", false, "区划代码|社区代码"},
    [DAY] = {"date", false, "日期"},
    [STARTS] = {"starts", true, "签到|签到时间|开始时间|到达"},
    [ENDS] = {"ends", true, "签退|签退时间|结束时间|离开"},
    [MINUTES] = {"minutes", false, "分钟|服务分钟"},
    [COLUMN_COUNT] = {NULL, false, NULL},
};

#define DAY_MINUTES 1440
#define MINUTE_US INT64_C(60000000)

/* ---- cells ---- */

/* To be freed. */
static char *narrowed(const char *cell) {
    BUF_AUTO text = {0};
    sheet_narrow(str_from(cell), false, &text);
    char *copy = strdup(buf_text(&text));
    if (!copy)
        abort();
    return copy;
}

/* 9:05, 9:05:30, 9点05分, 9时: minutes since midnight. */
static bool read_clock(const char *text, int64_t *ret_minutes) {
    const char *at = text;
    int64_t seconds;
    if (!sheet_clock_take(&at, &seconds) || *at)
        return false;
    *ret_minutes = seconds / 60;
    return true;
}

static bool read_day(const char *text, int32_t *ret_date) {
    const char *at = text;
    return sheet_day_take(&at, ret_date) && *at == '\0';
}

/* ---- a line ---- */

static int64_t moment(const struct zone *zone, int32_t date, int64_t minutes) {
    int64_t local = ((int64_t)date * DAY_MINUTES + minutes) * MINUTE_US;
    int64_t utc = local - zone_offset_at(zone, local) * INT64_C(1000000);
    return local - zone_offset_at(zone, utc) * INT64_C(1000000);
}

void attendance_time(const struct zone *zone, int64_t time_us, char ret_text[static 40]) {
    time_format(time_us, (int16_t)(zone_offset_at(zone, time_us) / 60), ret_text);
}

static char *cell(const struct sheet_row *row, enum column column) {
    return narrowed(sheet_cell(row, column));
}

static bool take_day(struct sheet *sheet, const struct sheet_row *row,
                     const struct attendance_day *day, int32_t *ret_date) {
    char *written = cell(row, DAY);
    const char *text = *written ? written : day->on;
    bool good = text && read_day(text, ret_date);
    if (!text)
        sheet_complain(sheet, row, DAY, _("the line says no date; add one, or say --on DATE"));
    else if (!good)
        sheet_complain(sheet, row, DAY, _("“%.30s” is no date like 2018-03-05"), text);
    free(written);
    return good;
}

static bool take_clock(struct sheet *sheet, const struct sheet_row *row, enum column column,
                       int64_t *ret_minutes) {
    char *text = cell(row, column);
    bool good = read_clock(text, ret_minutes);
    if (!*text)
        sheet_complain(sheet, row, column,
                       _("it is empty; who did not sign out has no hours: enter when the person "
                         "left, or take the line out"));
    else if (!good)
        sheet_complain(sheet, row, column, _("“%.30s” is no time like 9:05"), text);
    free(text);
    return good;
}

static void take_minutes(struct sheet *sheet, struct attendee *attendee) {
    char *text = cell(attendee->row, MINUTES);
    const char *at = text;
    int64_t span = (attendee->ends_us - attendee->starts_us) / MINUTE_US;
    attendee->minutes = -1;
    if (*text &&
        (!sheet_digits_take(&at, 4, &attendee->minutes) || *at || attendee->minutes > span))
        sheet_complain(sheet, attendee->row, MINUTES,
                       _("“%.30s” is no whole number of minutes up to %lld, the time between"),
                       text, (long long)span);
    free(text);
}

/* Who signs out before having signed in left on the next day. */
static void take_times(struct sheet *sheet, struct attendee *attendee,
                       const struct attendance_day *day) {
    int32_t date;
    int64_t starts, ends;
    bool good = take_day(sheet, attendee->row, day, &date);
    good = take_clock(sheet, attendee->row, STARTS, &starts) && good;
    good = take_clock(sheet, attendee->row, ENDS, &ends) && good;
    if (!good)
        return;
    attendee->starts_us = moment(day->zone, date, starts);
    attendee->ends_us = moment(day->zone, ends <= starts ? date + 1 : date, ends);
    take_minutes(sheet, attendee);
}

static void take_line(struct sheet *sheet, const struct sheet_row *row,
                      const struct attendance_day *day, struct attendee *ret_attendee) {
    char *volunteer = cell(row, VOLUNTEER);
    *ret_attendee = (struct attendee){.row = row,
                                      .number = cell(row, NUMBER),
                                      .phone = cell(row, PHONE),
                                      .name = sheet_cell(row, NAME),
                                      .region = sheet_cell(row, REGION)};
    if (*volunteer)
        ret_attendee->volunteer = volunteer;
    else
        free(volunteer);
    if (!*ret_attendee->number && !*ret_attendee->phone && !ret_attendee->volunteer)
        sheet_complain(sheet, row, NUMBER,
                       _("the line says neither the volunteer's number nor that of the document or "
                         "the telephone"));
    take_times(sheet, ret_attendee, day);
}

void attendee_complain(struct attendance_sheet *attendance, const struct attendee *attendee,
                       const char *format, ...) {
    char *text = NULL;
    va_list arguments;
    va_start(arguments, format);
    if (vasprintf(&text, format, arguments) < 0)
        abort();
    va_end(arguments);
    sheet_complain_line(&attendance->sheet, attendee->row->number, text);
    free(text);
}

int attendance_sheet_read(struct attendance_sheet *attendance, const char *path, bool json,
                          const struct attendance_day *day) {
    struct sheet *sheet = &attendance->sheet;
    *attendance = (struct attendance_sheet){0};
    int code = sheet_read(sheet, columns, path, json);
    if (code != DONE)
        return code;
    attendance->list = calloc(sheet->n_rows + 1, sizeof *attendance->list);
    if (!attendance->list)
        abort();
    for (; attendance->n < sheet->n_rows; attendance->n++)
        take_line(sheet, &sheet->rows[attendance->n], day, &attendance->list[attendance->n]);
    sheet_check_once(sheet, VOLUNTEER);
    sheet_check_once(sheet, NUMBER);
    return DONE;
}

void attendance_sheet_deinit(struct attendance_sheet *attendance) {
    for (size_t i = 0; i < attendance->n; i++) {
        free(attendance->list[i].volunteer);
        free(attendance->list[i].number);
        free(attendance->list[i].phone);
    }
    free(attendance->list);
    sheet_deinit(&attendance->sheet);
}
