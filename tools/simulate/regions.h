/* The administrative divisions: read from a csv file, walked as a tree, drawn from by weight.
 * The file is sorted by code, so that a region's descendants stand right behind it: [index, end).
 * Memory: names are borrowed from the file's text, which the struct owns. */
#pragma once

#include "output.h"

struct region {
    struct str code; /* 12 digits */
    struct str name;
    struct str kind; /* the file's word */
    uint32_t level;  /* 2 city, 3 county, 4 township, 5 community */
    uint32_t parent; /* index; the first region is its own */
    uint32_t end;
    uint32_t weight_before; /* of all communities before this one */
    char settlement;        /* '1' urban, '2' rural, 0 not known */
};

struct regions {
    char *text;
    struct region *items;
    uint32_t n;
    uint32_t total_weight;
};

/* 0 done; < 0 the file cannot be read; > 0 it is no such file. Says on stderr why. */
int regions_load(struct regions *regions, const char *path);
void regions_deinit(struct regions *regions);

/* The ancestor of that level, or the region itself. */
uint32_t region_ancestor(const struct regions *regions, uint32_t region, uint32_t level);
/* A community where people live, by weight: populous counties and urban communities are drawn more
 * often. */
uint32_t region_draw(const struct regions *regions, uint32_t draw);
/* Of a community: '0' or '4' in its code stands for residents, '2', '3' and '5' for villagers. */
bool region_is_residents_committee(const struct region *region);
bool region_has_people(const struct region *region);  /* a community that is not virtual */
bool region_is_district(const struct region *region); /* 市辖区 */
/* Without 居委会, 居民委员会 or 村民委员会 at the end: 岷山路社区. */
struct str region_short_name(const struct region *region);

/* region.defined for each, a second apart. */
void regions_define(const struct regions *regions, struct output *out, uint32_t moment);
