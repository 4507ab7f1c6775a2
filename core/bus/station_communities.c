/* station.communities: every community of a region, what it is, and the stations that stand or are
 * planned there: what a plan is held against. */
#include "bus/methods.h"
#include "bus/station_sites.h"

static json_t *stations_in(struct report *report, uint32_t region) {
    const struct progress *progress = report->context;
    json_t *list = json_array();
    for (size_t i = 0; progress->served[region] && i < progress->n; i++) {
        const struct site *site = &progress->sites[i];
        if (site->stands && site->station.region == region)
            json_array_append_new(
                list, json_from_number(report->query, NOUN_STATION, site->number, &report->arena));
    }
    return list;
}

static int add_community(struct report *report, uint32_t region, const uint32_t *path,
                         size_t depth) {
    const struct progress *progress = report->context;
    struct region_defined attributes;
    struct str place;
    if (depth != REGION_LEVEL_COMMUNITY + 1)
        return 0;
    int r = query_found(report_region_attributes(report, region, &report->arena, &attributes));
    if (r == 0)
        r = report_path_name(report, path, depth, &place);
    if (r != 0)
        return r;
    json_array_append_new(
        progress->rows,
        json_pack(
            "{s:o, s:o, s:o, s:s?, s:b, s:o}", "region", json_from_str(attributes.region), "name",
            json_from_str(attributes.name), "place", json_from_str(place), "kind",
            HAS(&attributes, region_defined, kind) ? REGION_KIND_choices.words[attributes.kind]
                                                   : NULL,
            "wanted", region_wants_station(&attributes), "stations", stations_in(report, region)));
    return 0;
}

int query_station_communities(struct query *query, json_t **ret_result) {
    struct progress progress = {.rows = NULL};
    struct report report;
    int r = report_open_region(query, &report);
    if (r == 0)
        r = sites_load(&report, &progress);
    if (r == 0) {
        progress.rows = json_array();
        r = report_each_region(&report, add_community);
        if (r == 0)
            *ret_result = json_pack("{s:O}", "items", progress.rows);
        json_decref(progress.rows);
    }
    report_close(&report);
    return r;
}
