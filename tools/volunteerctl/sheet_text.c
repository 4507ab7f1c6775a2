#include "sheet_text.h"

#include <stdio.h>

#include "util/calendar.h"

/* U+FF01 to U+FF5E are ASCII in full width, U+3000 is a blank. */
void sheet_narrow(struct str text, bool keeps_blanks, struct buf *out) {
    for (size_t i = 0; i < text.size;) {
        const unsigned char *b = (const unsigned char *)text.data + i;
        bool three = text.size - i >= 3;
        unsigned wide = three && b[0] == 0xef && (b[1] & 0xfe) == 0xbc
                            ? (((unsigned)b[1] & 0x3f) << 6 | (b[2] & 0x3f)) - 0xf00
                            : 0;
        bool wide_blank = three && memcmp(b, "\xe3\x80\x80", 3) == 0;
        if (wide >= 1 && wide <= 0x5e) {
            buf_put_byte(out, (uint8_t)(wide + 0x20));
            i += 3;
        } else if (wide_blank || *b == ' ' || *b == '\t') {
            if (keeps_blanks)
                buf_put_byte(out, ' ');
            i += wide_blank ? 3 : 1;
        } else {
            buf_put_byte(out, *b);
            i++;
        }
    }
}

bool sheet_digits_take(const char **at, unsigned most, int64_t *ret_value) {
    unsigned n = 0;
    *ret_value = 0;
    for (; n < most && **at >= '0' && **at <= '9'; n++)
        *ret_value = *ret_value * 10 + *(*at)++ - '0';
    return n > 0;
}

static bool skip(const char **at, const char *const *words) {
    for (; *words; words++)
        if (strncmp(*at, *words, strlen(*words)) == 0) {
            *at += strlen(*words);
            return true;
        }
    return false;
}

static size_t digits_ahead(const char *at) {
    return strspn(at, "0123456789");
}

/* Without signs between them: 20180305, 201803. */
static bool compact_take(const char **at, bool with_day, int64_t parts[3]) {
    if (digits_ahead(*at) != (with_day ? 8 : 6))
        return false;
    return sheet_digits_take(at, 4, &parts[0]) && sheet_digits_take(at, 2, &parts[1]) &&
           (!with_day || sheet_digits_take(at, 2, &parts[2]));
}

bool sheet_day_take(const char **at, int32_t *ret_date) {
    static const char *const between[] = {"-", "/", ".", "年", "月", NULL};
    static const char *const end[] = {"日", "号", NULL};
    int64_t parts[3];
    if (!compact_take(at, true, parts)) {
        if (!sheet_digits_take(at, 4, &parts[0]) || !skip(at, between) ||
            !sheet_digits_take(at, 2, &parts[1]) || !skip(at, between) ||
            !sheet_digits_take(at, 2, &parts[2]))
            return false;
        (void)skip(at, end);
    }
    char written[16];
    snprintf(written, sizeof written, "%04d-%02d-%02d", (int)parts[0], (int)parts[1],
             (int)parts[2]);
    return date_parse(str_from(written), ret_date) == 0;
}

bool sheet_month_take(const char **at, int32_t *ret_month) {
    static const char *const between[] = {"-", "/", ".", "年", NULL};
    static const char *const end[] = {"月", NULL};
    int64_t parts[3];
    if (!compact_take(at, false, parts)) {
        if (!sheet_digits_take(at, 4, &parts[0]) || !skip(at, between) ||
            !sheet_digits_take(at, 2, &parts[1]))
            return false;
        (void)skip(at, end);
    }
    char written[16];
    snprintf(written, sizeof written, "%04d-%02d", (int)parts[0], (int)parts[1]);
    return month_parse(str_from(written), ret_month) == 0;
}

bool sheet_clock_take(const char **at, int64_t *ret_seconds) {
    static const char *const between[] = {":", "：", "点", "时", NULL};
    static const char *const end[] = {"分", NULL}, *const last[] = {"秒", NULL};
    static const char *const morning[] = {"上午", "早上", NULL};
    static const char *const afternoon[] = {"下午", "晚上", NULL};
    int64_t hours, minutes = 0, seconds = 0;
    (void)skip(at, morning);
    bool late = skip(at, afternoon);
    if (!sheet_digits_take(at, 2, &hours) || !skip(at, between))
        return false;
    if (digits_ahead(*at) && !sheet_digits_take(at, 2, &minutes))
        return false;
    bool minute_said = skip(at, end);
    if (**at == ':' || (minute_said && digits_ahead(*at))) {
        *at += **at == ':';
        if (!sheet_digits_take(at, 2, &seconds))
            return false;
        (void)skip(at, last);
    }
    hours += late && hours < 12 ? 12 : 0;
    *ret_seconds = hours * 3600 + minutes * 60 + seconds;
    return minutes < 60 && seconds < 60 && *ret_seconds <= DAY_SECONDS;
}
