/* The stations that station.progress tells of, and the communities that are to have one. */
#include "bus/station_sites.h"

#include "util/error.h"

bool site_lies_in(const struct site *site, uint32_t region) {
    for (size_t i = 0; i < site->depth; i++)
        if (site->path[i] == region)
            return true;
    return false;
}

bool region_wants_station(const struct region_defined *region) {
    return region->level == REGION_LEVEL_COMMUNITY &&
           (!HAS(region, region_defined, kind) || region->kind == REGION_KIND_RESIDENTS ||
            region->kind == REGION_KIND_RESIDENTS_LIKE);
}

static int take_site(struct report *report, struct progress *progress, uint32_t number) {
    struct view *view = report->query->view;
    struct site *site = &progress->sites[progress->n];
    int r = station_get(view, number, report->day.at, &site->station);
    if (r != 0)
        return r < 0 ? r : 0; /* planned later */
    site->number = number;
    site->depth =
        region_path_at(view, site->station.region, report->day.at, &report->arena, site->path);
    site->stands = site->station.state != STATION_CLOSED;
    site->overdue = station_is_overdue(&site->station, report->day.as_of);
    if (!site_lies_in(site, report->region))
        return 0;
    progress->n++;
    if (site->stands && site->station.region <= progress->n_regions)
        progress->served[site->station.region]++;
    return 0;
}

static int take_community(struct report *report, uint32_t region, const uint32_t *path,
                          size_t depth) {
    struct progress *progress = report->context;
    struct region_defined attributes;
    if (depth != REGION_LEVEL_COMMUNITY + 1 || region > progress->n_regions)
        return 0;
    int r = query_found(report_region_attributes(report, region, &report->arena, &attributes));
    if (r != 0 || !region_wants_station(&attributes))
        return r;
    for (size_t i = 0; i < depth; i++) {
        progress->wanted[path[i]]++;
        progress->without[path[i]] += !progress->served[region];
    }
    return 0;
}

static uint32_t *counts_new(struct arena *arena, uint32_t n) {
    uint32_t *counts = arena_alloc(arena, (n + 1) * sizeof *counts);
    memset(counts, 0, (n + 1) * sizeof *counts);
    return counts;
}

int sites_load(struct report *report, struct progress *ret_progress) {
    struct view *view = report->query->view;
    struct arena *arena = report->query->arena;
    uint32_t count;
    int r = thing_count(view, NOUN_STATION, &count);
    if (r == 0)
        r = thing_count(view, NOUN_REGION, &ret_progress->n_regions);
    if (r != 0)
        return r;
    ret_progress->sites = arena_alloc(arena, (count + 1) * sizeof(struct site));
    ret_progress->wanted = counts_new(arena, ret_progress->n_regions);
    ret_progress->without = counts_new(arena, ret_progress->n_regions);
    ret_progress->served = counts_new(arena, ret_progress->n_regions);
    report->context = ret_progress;
    for (uint32_t number = 1; r == 0 && number <= count; number++)
        r = take_site(report, ret_progress, number);
    return r == 0 ? report_each_region(report, take_community) : r;
}
