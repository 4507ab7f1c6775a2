/* What the parts share: the time, the log, ids, gauges. */
#include <stdarg.h>
#include <stdio.h>
#include <time.h>

#include "recruitment.h"

#define CITY_OFFSET_S (8 * 3600) /* the platform's times are those of the city */

int64_t now_ms(void) {
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

void time_text(int64_t ms, char ret_text[static TIME_BYTES]) {
    time_t seconds = (time_t)(ms / 1000) + CITY_OFFSET_S;
    struct tm parts;
    gmtime_r(&seconds, &parts);
    strftime(ret_text, TIME_BYTES, "%Y-%m-%dT%H:%M:%S+08:00", &parts);
}

void log_line(struct recruitment *recruitment, enum vol_level level, const char *format, ...) {
    char line[512];
    va_list values;
    va_start(values, format);
    vsnprintf(line, sizeof line, format, values);
    va_end(values);
    vol_log(recruitment->core, level, line);
}

void ours_find(void *context, const char *resource, const char *external,
               char ret_ours[static MAPPING_ID_BYTES]) {
    struct recruitment *recruitment = context;
    struct sql_rows rows;
    sql_ask(&recruitment->sql, &rows, "SELECT ours FROM things WHERE resource = ? AND external = ?",
            "ss", resource, external);
    if (sql_next(&rows)) {
        snprintf(ret_ours, MAPPING_ID_BYTES, "%s", sql_text(&rows, 0));
        sql_end(&rows);
        return;
    }
    snprintf(ret_ours, MAPPING_ID_BYTES, "%s:%s", recruitment->prefix, external);
}

void count_now(struct recruitment *recruitment) {
    struct vol_core *core = recruitment->core;
    vol_count(core, COUNTER_CONFLICTS, problem_count(&recruitment->sql, "conflict"));
    vol_count(core, COUNTER_WAITING, problem_count(&recruitment->sql, "waiting"));
    vol_count(core, COUNTER_OUTBOX_WAITING,
              outbox_count(&recruitment->outbox, "waiting") +
                  outbox_count(&recruitment->outbox, "failed"));
    vol_count(core, COUNTER_LAST_CONTACT, recruitment->last_contact_s);
}
