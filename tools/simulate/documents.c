#include "documents.h"

#include <stdio.h>

#include "campaign.h"

/* Written on the day after the meeting of 23 August; entries of the schedule are numbered so, then
 * come the counties, for each of which volunteers and stations are planned. */
enum directive { DIRECTIVE_NOTICE, DIRECTIVE_CITY, DIRECTIVE_COUNTIES };

static void register_document(struct output *out, const char *id, const char *title,
                              struct str number, const char *issued_by, int32_t on,
                              uint32_t moment) {
    event_begin(out, SOURCE_CIVILISATION, "document.registered", moment);
    field_text(out, "document", str_from(id));
    field_text(out, "title", str_from(title));
    field_text(out, "number", number);
    field_text(out, "issued_by", str_from(issued_by));
    field_date(out, "on", on);
    event_end(out);
}

uint32_t documents_register(const struct documents *documents, struct output *out, uint32_t moment,
                            uint32_t gap) {
    int32_t today = plan_date(documents->plan, moment / DAY_S);
    int32_t measures = date_from_civil(2012, 10, 23);
    if (measures <= today) {
        register_document(out, "doc-2012-340", "民政部关于印发《志愿服务记录办法》的通知",
                          STR("民函〔2012〕340号"), "民政部", measures, moment);
        moment += gap;
    }
    register_document(out, "doc-civilised-titles", "各级文明单位、文明社区、文明村镇名录(模拟)",
                      STR("模拟1号"), "市文明办(模拟)", plan_date(documents->plan, 0) - 30, moment);
    return moment + gap;
}

void directives_plan_day(const struct documents *documents, struct schedule *schedule,
                         uint32_t day) {
    const struct regions *regions = documents->regions;
    if (day != campaign_day(documents->plan, 8, 24))
        return;
    for (uint32_t i = 0; i < DIRECTIVE_COUNTIES + regions->n; i++) {
        if (i >= DIRECTIVE_COUNTIES && regions->items[i - DIRECTIVE_COUNTIES].level != 3)
            continue;
        schedule_add(schedule, &(struct entry){.moment = day * DAY_S + 9 * HOUR_S + i % HOUR_S,
                                               .kind = ENTRY_DIRECTIVE,
                                               .subject = i});
    }
}

static void write_notice(const struct documents *documents, struct output *out, uint32_t moment) {
    char number[64];
    int32_t year = campaign_year(documents->plan);
    int size = snprintf(number, sizeof number, "市文明办发〔%d〕37号", (int)year);
    register_document(
        out, "doc-campaign", "关于开展“创建全国文明城、在职党员先锋行”志愿服务活动的通知",
        (struct str){number, (size_t)size}, "市文明办", date_from_civil(year, 8, 23), moment);
}

/* One plan for a region; its id says what for. */
static void set_plan(const struct documents *documents, struct output *out, uint32_t region,
                     const char *measure, uint32_t target, int32_t due, uint32_t moment) {
    struct str code = documents->regions->items[region].code;
    struct buf id = {0};
    buf_printf(&id, "plan:%s:%.6s", measure, code.data);
    event_begin(out, SOURCE_CIVILISATION, "plan.set", moment);
    field_text(out, "plan", buf_str(&id));
    field_subject(out, "region");
    field_text(out, "id", code);
    object_end(out);
    field_text(out, "measure", str_from(measure));
    field_integer(out, "target", target);
    field_date(out, "due", due);
    event_end(out);
    buf_deinit(&id);
}

static uint32_t stations_in(const struct stations *stations, uint32_t county) {
    uint32_t n = 0;
    for (uint32_t i = 0; i < stations->n; i++)
        n += region_ancestor(stations->regions, stations->items[i].region, 3) == county;
    return n;
}

/* More than 13 of a hundred residents, as far as anybody has said how many there are. */
static void plan_volunteers(const struct documents *documents, struct output *out, uint32_t region,
                            uint32_t moment) {
    const struct figure_item *residents = figures_residents(documents->figures, region);
    if (residents)
        set_plan(documents, out, region, "volunteers",
                 (uint32_t)((uint64_t)residents->value * 13 / 100 + 1),
                 station_due(documents->plan, false), moment);
}

static void plan_county(const struct documents *documents, struct output *out, uint32_t county,
                        uint32_t moment) {
    plan_volunteers(documents, out, county, moment);
    uint32_t n = stations_in(documents->stations, county);
    bool in_district = region_is_district(&documents->regions->items[county]);
    if (n && in_district)
        set_plan(documents, out, county, "stations_opened", n, station_due(documents->plan, true),
                 moment);
    if (n)
        set_plan(documents, out, county, "stations_built", n,
                 station_due(documents->plan, in_district), moment);
}

void directive_write(const struct documents *documents, struct output *out,
                     const struct entry *entry) {
    if (entry->subject == DIRECTIVE_NOTICE) {
        write_notice(documents, out, entry->moment);
    } else if (entry->subject == DIRECTIVE_CITY) {
        plan_volunteers(documents, out, 0, entry->moment);
        if (documents->stations->n)
            set_plan(documents, out, 0, "stations_built", documents->stations->n,
                     station_due(documents->plan, false), entry->moment);
    } else {
        plan_county(documents, out, entry->subject - DIRECTIVE_COUNTIES, entry->moment);
    }
}
