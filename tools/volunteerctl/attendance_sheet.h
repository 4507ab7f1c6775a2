/* A sign-in sheet (签到表) as a clerk has it: one line a person, found by the volunteer's number,
 * the document's number or the telephone; who came and left when. Digits may be full-width, dates
 * and times as people write them. Threads: one. Memory: the rows borrow the sheet's cells. */
#pragma once

#include "sheet.h"
#include "util/calendar.h"

struct attendee {
    const struct sheet_row *row;
    char *volunteer; /* id; NULL: is to be looked for, or registered */
    char *number;    /* of a resident's card, narrow and without blanks; "" none */
    char *phone;
    const char *name;
    const char *region; /* "" where the sheet says none */
    int64_t starts_us;
    int64_t ends_us;
    int64_t minutes; /* -1: the whole span */
    bool walk_in;    /* nobody is registered with this number: is registered with the sheet */
};

struct attendance_sheet {
    struct sheet sheet;
    size_t n;
    struct attendee *list;
};

/* What the lines do not say themselves. */
struct attendance_day {
    const struct zone *zone;
    const char *on; /* date; NULL: each line must say it */
};

/* Reads the file and every line of it; complaints are counted in the sheet. DONE or REFUSED. */
int attendance_sheet_read(struct attendance_sheet *attendance, const char *path, bool json,
                          const struct attendance_day *day);
void attendance_sheet_deinit(struct attendance_sheet *attendance);
/* A complaint about one of its lines. */
void attendee_complain(struct attendance_sheet *attendance, const struct attendee *attendee,
                       const char *format, ...) __attribute__((format(printf, 3, 4)));
/* RFC 3339 in the city's zone. */
void attendance_time(const struct zone *zone, int64_t time_us, char ret_text[static 40]);
