/* report.quality: what a drive to mend the registers works down: what is missing of how many people
 * (from the counters), which teams have been dead for months, and, of one region, who may be
 * registered twice. The people themselves: volunteer.list {region, missing}. */
#include <stdlib.h>

#include "bus/methods.h"
#include "bus/report.h"
#include "bus/suspects.h"
#include "domain/people_mix.h"
#include "domain/teams.h"

#define DEAD_MONTHS 6
#define TEAMS_LISTED 200
#define SUSPECTS_LISTED 100

struct quality_place {
    uint32_t region;
    int64_t teams;
    int64_t dead;
};

struct quality {
    struct report *report;
    struct quality_place *places; /* of the rows; the last is everything */
    size_t n;
    size_t capacity;
    json_t *missing; /* sections */
    json_t *dead;
    size_t n_listed;
    int32_t served_since; /* whoever served on this day or later is alive */
};

/* ---- what is missing ---- */

static int64_t rest_of(const struct counter_row *row, enum counter first, unsigned n) {
    int64_t rest = row->volunteers;
    for (unsigned i = 0; i < n; i++)
        rest -= row->value[first + i];
    return rest;
}

static int missing_cells(struct report *report, uint32_t number, json_t **ret_cells) {
    struct region_defined region;
    struct counter_row row;
    int r = query_found(report_region_attributes(report, number, &report->arena, &region));
    if (r == 0)
        r = counter_get(report->query->view, report->day.at, NOUN_REGION, number, &row);
    if (r == 0)
        *ret_cells = json_pack(
            "[o, o, I, I, I, I, I, I, I]", json_from_str(region.region), json_from_str(region.name),
            (json_int_t)row.volunteers, (json_int_t)row.without_identity,
            (json_int_t)rest_of(&row, COUNTER_COHORTS, N_COHORTS), (json_int_t)row.without_sex,
            (json_int_t)rest_of(&row, COUNTER_OCCUPATIONS, N_OCCUPATIONS),
            (json_int_t)row.without_education, (json_int_t)row.without_skills);
    return r;
}

static int add_place(struct report *report, uint32_t number) {
    struct quality *quality = report->context;
    json_t *cells;
    int r = missing_cells(report, number, &cells);
    if (r != 0)
        return r;
    section_row(quality->missing, cells);
    if (quality->n == quality->capacity) {
        quality->capacity = quality->capacity ? 2 * quality->capacity : 64;
        quality->places = realloc(quality->places, quality->capacity * sizeof *quality->places);
        if (!quality->places)
            abort();
    }
    quality->places[quality->n++] = (struct quality_place){.region = number};
    return 0;
}

static int put_missing(struct quality *quality, json_t *document) {
    struct report *report = quality->report;
    json_t *section = document_section(document, "信息缺项");
    json_t *total;
    quality->missing = section;
    section_column(section, "region", "区划代码", "text");
    section_column(section, "name", REGION_LEVEL_choices.labels[report->level], "text");
    section_column(section, "volunteers", "注册志愿者", "number");
    section_column(section, "identity", "缺身份信息", "number");
    section_column(section, "born", "缺出生年月", "number");
    section_column(section, "sex", "缺性别", "number");
    section_column(section, "occupation", "缺职业", "number");
    section_column(section, "education", "缺学历", "number");
    section_column(section, "skills", "缺服务技能", "number");
    report->context = quality;
    int r = report_each(report, add_place);
    if (r == 0)
        r = missing_cells(report, report->region, &total);
    if (r == 0)
        section_total(section, total);
    return r;
}

/* ---- dead teams ---- */

struct pulse {
    struct quality *quality;
    int32_t last; /* service of any member; 0: never */
};

/* One who served lately is enough. */
static int feel(void *context, uint32_t volunteer, const struct member_row *member) {
    struct pulse *pulse = context;
    struct volunteer_row row;
    if (member->left_on)
        return 0;
    int r = volunteer_get(pulse->quality->report->query->view, volunteer, &row);
    if (r != 0)
        return query_found(r);
    if (row.last_service_on > pulse->last)
        pulse->last = row.last_service_on;
    return pulse->last >= pulse->quality->served_since;
}

static void count_team(struct quality *quality, uint32_t region, bool dead) {
    uint32_t path[REGION_DEPTH];
    size_t depth = region_path(quality->report->query->view, region, path);
    for (size_t i = 0; i < quality->n; i++) {
        struct quality_place *place = &quality->places[i];
        for (size_t j = 0; j < depth; j++) {
            if (path[j] != place->region)
                continue;
            place->teams++;
            place->dead += dead;
            return;
        }
    }
}

static int list_dead(struct quality *quality, uint32_t number, const struct team_row *row,
                     int32_t last) {
    struct query *query = quality->report->query;
    struct arena *arena = &quality->report->arena;
    struct team_formed team;
    if (++quality->n_listed > TEAMS_LISTED)
        return 0;
    int r = query_found(team_attributes(query->view, number, arena, &team));
    if (r == 0)
        section_row(quality->dead,
                    json_pack("[o, o, o, I, o]", json_from_str(team.team), json_from_str(team.name),
                              json_from_number(query, NOUN_REGION, row->region, arena),
                              (json_int_t)row->n_members, json_from_date(last, 0)));
    return r;
}

static int team_row(void *context, struct str key, struct str bytes) {
    struct quality *quality = context;
    struct query *query = quality->report->query;
    struct cursor in = cursor_from(key);
    struct pulse pulse = {.quality = quality};
    struct team_row row;
    uint32_t number = cursor_u32_sorted(&in);
    (void)bytes;
    arena_reset(&quality->report->arena);
    int r = team_get(query->view, number, &row);
    if (r != 0 || row.state == TEAM_DISSOLVED || row.formed_on >= quality->served_since ||
        !region_lies_in(query, row.region, quality->report->region))
        return r < 0 ? r : 0;
    r = team_members_each(query->view, number, feel, &pulse);
    if (r < 0)
        return r;
    bool dead = pulse.last < quality->served_since;
    count_team(quality, row.region, dead);
    return dead ? list_dead(quality, number, &row, pulse.last) : 0;
}

static int put_teams(struct quality *quality, json_t *document, int64_t months) {
    struct report *report = quality->report;
    struct arena *arena = report->query->arena;
    json_t *section = document_section(document, "久未活动的队伍");
    struct quality_place sum = {0};
    section_column(section, "region", "区划代码", "text");
    section_column(section, "name", REGION_LEVEL_choices.labels[report->level], "text");
    section_column(section, "teams", "队伍", "number");
    section_column(section, "dead", "久未活动", "number");
    section_column(section, "share", "占比", "percent");
    quality->dead = document_section(document, "久未活动队伍名单");
    section_column(quality->dead, "team", "队伍编号", "text");
    section_column(quality->dead, "name", "队伍", "text");
    section_column(quality->dead, "region", "区划代码", "text");
    section_column(quality->dead, "members", "成员", "number");
    section_column(quality->dead, "last_service_on", "最近服务", "date");
    int r = view_scan(report->query->view, TABLE_TEAM, STR_NONE, team_row, quality);
    for (size_t i = 0; r == 0 && i < quality->n; i++) {
        const struct quality_place *place = &quality->places[i];
        struct region_defined region;
        sum.teams += place->teams;
        sum.dead += place->dead;
        r = query_found(report_region_attributes(report, place->region, arena, &region));
        if (r == 0)
            section_row(section, json_pack("[o, o, I, I, o]", json_from_str(region.region),
                                           json_from_str(region.name), (json_int_t)place->teams,
                                           (json_int_t)place->dead,
                                           cell_percent(place->dead, place->teams)));
    }
    if (r == 0)
        section_total(section, json_pack("[n, s, I, I, o]", "合计", (json_int_t)sum.teams,
                                         (json_int_t)sum.dead, cell_percent(sum.dead, sum.teams)));
    document_text(document, arena_printf(arena,
                                         "成立满%lld个月、%lld个月内没有成员参加过服务的队伍，"
                                         "视为久未活动；名单至多列%d支。",
                                         (long long)months, (long long)months, TEAMS_LISTED));
    return r;
}

/* ---- registered twice ---- */

static int put_suspects(struct quality *quality, json_t *document) {
    struct query *query = quality->report->query;
    json_t *items, *item, *person;
    size_t n, i, j;
    int r = suspects_find(query, quality->report->region, SUSPECTS_LISTED, &items, &n);
    if (r != 0)
        return r;
    json_t *section = document_section(document, "疑似重复注册");
    section_column(section, "same", "相同之处", "text");
    section_column(section, "volunteers", "志愿者编号", "text");
    json_array_foreach(items, i, item) {
        struct buf text = {0};
        const char *same = json_string_value(json_object_get(item, "same"));
        json_array_foreach(json_object_get(item, "volunteers"), j, person)
            buf_printf(&text, "%s%s", j ? " " : "", json_string_value(person));
        section_row(section,
                    json_pack("[s, o]", strcmp(same, "phone") == 0 ? "电话" : "姓名和出生年月",
                              json_from_str(buf_str(&text))));
        buf_deinit(&text);
    }
    json_decref(items);
    document_text(document,
                  arena_printf(query->arena, "疑似重复注册%zu组；核实为一人的，予以合并。", n));
    return 0;
}

/* The same day of an earlier month, or that month's last day. */
static int32_t months_before(int32_t date, int32_t months) {
    int32_t year, month, day;
    date_to_civil(date, &year, &month, &day);
    int32_t earlier = date_month(date) - months;
    int32_t last = month_first_date(earlier + 1) - 1, same = month_first_date(earlier) + day - 1;
    return same < last ? same : last;
}

int query_report_quality(struct query *query, json_t **ret_result) {
    struct report report;
    struct quality quality = {.report = &report};
    json_t *document = NULL;
    int64_t months = 0;
    int r = report_open(query, &report);
    if (r == 0)
        r = query_range(query, "months", (struct range){1, 120}, DEAD_MONTHS, &months);
    if (r == 0) {
        quality.served_since = months_before(report.day.as_of, (int32_t)months) + 1;
        document = document_new(&report, "注册信息与队伍核查");
        r = put_missing(&quality, document);
    }
    if (r == 0)
        r = put_teams(&quality, document, months);
    if (r == 0 && query_text(query, "region").size)
        r = put_suspects(&quality, document);
    if (r == 0)
        *ret_result = json_pack("{s:O}", "document", document);
    json_decref(document);
    free(quality.places);
    report_close(&report);
    return r;
}
