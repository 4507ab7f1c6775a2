/* The half of calendar.h that asks the machine: used once per city, never in a replay. */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "util/calendar.h"

#define ZONE_FOLDER "/usr/share/zoneinfo/"

static bool name_is_plain(const char *name) {
    static const char allowed[] =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+-_/";
    size_t size = strlen(name);
    return size > 0 && size <= 64 && strspn(name, allowed) == size && *name != '/';
}

/* Other things stand among the zone files: folders, lists of countries, the sources. */
static bool is_zone_file(const char *path) {
    char magic[4];
    FILE *file = fopen(path, "re");
    if (!file)
        return false;
    bool is_zone = fread(magic, 1, sizeof magic, file) == sizeof magic &&
                   memcmp(magic, "TZif", sizeof magic) == 0;
    fclose(file);
    return is_zone;
}

static int32_t machine_offset_at(int64_t time_s) {
    time_t time = time_s;
    struct tm local;
    return localtime_r(&time, &local) ? (int32_t)local.tm_gmtoff : 0;
}

/* The first second with the offset of `late_s`, where `early_s` has another and it changes once
 * between. */
static int64_t find_change(int64_t early_s, int64_t late_s) {
    int32_t late_offset = machine_offset_at(late_s);
    while (late_s - early_s > 1) {
        int64_t middle_s = early_s + (late_s - early_s) / 2;
        if (machine_offset_at(middle_s) == late_offset)
            late_s = middle_s;
        else
            early_s = middle_s;
    }
    return late_s;
}

static int collect_offsets(struct zone *zone) {
    static const size_t limit = sizeof zone->offsets / sizeof *zone->offsets;
    int64_t time_s = date_from_civil(1900, 1, 1) * DAY_SECONDS;
    int64_t end_s = date_from_civil(2100, 1, 1) * DAY_SECONDS;
    int32_t offset_s = machine_offset_at(time_s);
    zone->offsets[zone->n_offsets++] = (struct zone_offset){INT64_MIN, offset_s};
    for (; time_s < end_s; time_s += DAY_SECONDS) {
        int32_t next_offset_s = machine_offset_at(time_s + DAY_SECONDS);
        if (next_offset_s == offset_s)
            continue;
        if (zone->n_offsets == limit)
            return 1;
        int64_t change_s = find_change(time_s, time_s + DAY_SECONDS);
        zone->offsets[zone->n_offsets++] = (struct zone_offset){change_s, next_offset_s};
        offset_s = next_offset_s;
    }
    return 0;
}

static void set_machine_zone(const char *value) {
    if (value)
        setenv("TZ", value, 1);
    else
        unsetenv("TZ");
    tzset();
}

int zone_load(const char *name, struct zone *ret_zone) {
    char path[sizeof ZONE_FOLDER + 65];
    if (!name_is_plain(name))
        return 1;
    snprintf(path, sizeof path, "%s%s", ZONE_FOLDER, name);
    if (!is_zone_file(path))
        return 1;
    struct zone zone = {0};
    const char *machine_zone = getenv("TZ");
    char *before = machine_zone ? strdup(machine_zone) : NULL;
    set_machine_zone(path);
    int outcome = collect_offsets(&zone);
    set_machine_zone(before);
    free(before);
    if (outcome == 0)
        *ret_zone = zone;
    return outcome;
}
