#include "regions.h"

#include <stdio.h>
#include <stdlib.h>

#include "util/io.h"

#define FILE_LIMIT_BYTES (16u * 1024 * 1024)
#define N_COLUMNS 6u
#define MAX_REGIONS 60000u /* people keep theirs in 16 bits */

/* Residents in ten thousands about 2018-2020: only the proportions matter. */
static const struct {
    const char *county;
    uint32_t weight;
} county_weights[] = {
    {"620502", 67}, {"620503", 59}, {"620521", 24}, {"620522", 41},
    {"620523", 47}, {"620524", 36}, {"620525", 24},
};

static uint32_t county_weight(struct str code) {
    for (size_t i = 0; i < sizeof(county_weights) / sizeof(*county_weights); i++)
        if (str_starts_with(code, str_from(county_weights[i].county)))
            return county_weights[i].weight;
    return 40;
}

static int complain(const char *path, uint32_t line, const char *what) {
    fprintf(stderr, "volunteer-simulate: %s:%u: %s\n", path, line, what);
    return 1;
}

static struct str take_until(struct str *rest, char delimiter) {
    const char *end = memchr(rest->data, delimiter, rest->size);
    struct str taken = {rest->data, end ? (size_t)(end - rest->data) : rest->size};
    size_t used = taken.size + (end ? 1 : 0);
    *rest = (struct str){rest->data + used, rest->size - used};
    return taken;
}

static bool is_code(struct str text) {
    if (text.size != 12)
        return false;
    for (size_t i = 0; i < text.size; i++)
        if (text.data[i] < '0' || text.data[i] > '9')
            return false;
    return true;
}

/* The nearest region before with that code: the file is sorted, so it is never far up the tree. */
static bool find_parent(const struct regions *regions, struct str code, uint32_t *ret_parent) {
    for (uint32_t i = regions->n; i > 0; i--)
        if (str_equal(regions->items[i - 1].code, code)) {
            *ret_parent = i - 1;
            return true;
        }
    return false;
}

static int read_row(struct regions *regions, struct str row, const char *path, uint32_t line) {
    struct str columns[N_COLUMNS];
    for (uint32_t i = 0; i < N_COLUMNS; i++)
        columns[i] = take_until(&row, ',');
    struct region *region = &regions->items[regions->n];
    *region = (struct region){.code = columns[0], .name = columns[1], .kind = columns[5]};
    if (!is_code(region->code) || !region->name.size)
        return complain(path, line, "expected a code of 12 digits and a name");
    if (columns[2].size != 1 || columns[2].data[0] < '2' || columns[2].data[0] > '5')
        return complain(path, line, "expected a level from 2 to 5 in the third column");
    region->level = (uint32_t)(columns[2].data[0] - '0');
    region->settlement = columns[4].size ? columns[4].data[0] : 0;
    if (regions->n && str_compare(regions->items[regions->n - 1].code, region->code) >= 0)
        return complain(path, line, "the rows are not sorted by code");
    if (regions->n && !find_parent(regions, columns[3], &region->parent))
        return complain(path, line, "no row before has the parent's code");
    if (region->level != (regions->n ? regions->items[region->parent].level + 1 : 2))
        return complain(path, line, "the level is not one below the parent's");
    regions->n++;
    return 0;
}

static int read_rows(struct regions *regions, struct str text, const char *path) {
    uint32_t line = 1;
    struct str header = take_until(&text, '\n');
    if (!str_starts_with(header, STR("code,name,level,parent,urban_rural,kind")))
        return complain(path, line, "expected the columns code,name,level,parent,urban_rural,kind");
    regions->items = calloc(MAX_REGIONS, sizeof(*regions->items));
    if (!regions->items)
        abort();
    while (text.size) {
        struct str row = take_until(&text, '\n');
        if (row.size && row.data[row.size - 1] == '\r')
            row.size--;
        if (regions->n == MAX_REGIONS)
            return complain(path, line, "too many rows");
        int r = row.size ? read_row(regions, row, path, ++line) : 0;
        if (r)
            return r;
    }
    return 0;
}

static void find_ends(struct regions *regions) {
    for (uint32_t i = regions->n; i > 0; i--) {
        struct region *region = &regions->items[i - 1];
        if (region->end < i)
            region->end = i;
        struct region *parent = &regions->items[region->parent];
        if (parent->end < region->end)
            parent->end = region->end;
    }
}

bool region_is_residents_committee(const struct region *region) {
    return region->level == 5 && region->code.data[9] == '0';
}

static bool is_virtual(const struct region *region) {
    return str_equal((struct str){region->code.data + 9, 3}, STR("498"));
}

bool region_has_people(const struct region *region) {
    return region->level == 5 && !is_virtual(region);
}

bool region_is_district(const struct region *region) {
    return str_equal(region->kind, STR("市辖区"));
}

struct str region_short_name(const struct region *region) {
    static const char *const endings[] = {"居民委员会", "居民委会员", "村民委员会", "居委会",
                                          "村委会"};
    struct str name = region->name;
    for (size_t i = 0; i < sizeof(endings) / sizeof(*endings); i++) {
        size_t size = strlen(endings[i]);
        if (name.size > size && !memcmp(name.data + name.size - size, endings[i], size))
            return (struct str){name.data, name.size - size};
    }
    return name;
}

/* An urban community has the people, and the volunteers, of many villages; a virtual one has none.
 */
static uint32_t community_share(const struct region *region) {
    if (!region_has_people(region))
        return 0;
    return region_is_residents_committee(region) ? 30 : 1;
}

static void weigh(struct regions *regions) {
    uint32_t before = 0, county = 0, shares = 1;
    for (uint32_t i = 0; i < regions->n; i++) {
        struct region *region = &regions->items[i];
        if (region->level == 3) {
            county = county_weight(region->code);
            shares = 0;
            for (uint32_t j = i; j < region->end; j++)
                shares += community_share(&regions->items[j]);
            shares = shares ? shares : 1;
        }
        region->weight_before = before;
        before += county * 100000u / shares * community_share(region);
    }
    regions->total_weight = before;
}

int regions_load(struct regions *regions, const char *path) {
    *regions = (struct regions){0};
    size_t size = 0;
    int r = io_read_file(io_system(), path, FILE_LIMIT_BYTES, &regions->text, &size);
    if (r < 0) {
        fprintf(stderr, "volunteer-simulate: %s: %s; name the file by --divisions\n", path,
                strerror(-r));
        return r;
    }
    r = read_rows(regions, (struct str){regions->text, size}, path);
    if (r)
        return r;
    find_ends(regions);
    weigh(regions);
    return regions->total_weight ? 0 : complain(path, 1, "the file has no communities");
}

void regions_deinit(struct regions *regions) {
    free(regions->text);
    free(regions->items);
    *regions = (struct regions){0};
}

uint32_t region_ancestor(const struct regions *regions, uint32_t region, uint32_t level) {
    while (regions->items[region].level > level)
        region = regions->items[region].parent;
    return region;
}

uint32_t region_draw(const struct regions *regions, uint32_t draw) {
    uint32_t target = (uint32_t)(((uint64_t)draw * regions->total_weight) >> 32);
    uint32_t low = 0,
             high = regions->n; /* the last one whose weight_before is at most the target */
    while (high - low > 1) {
        uint32_t middle = low + (high - low) / 2;
        if (regions->items[middle].weight_before <= target)
            low = middle;
        else
            high = middle;
    }
    return low;
}

/* What the file calls them above the communities, whose kind stands in their code. */
static const struct {
    const char *in_file;
    const char *word;
} kinds[] = {
    {"地级市", "prefecture_city"},
    {"市辖区", "district"},
    {"县", "county"},
    {"自治县", "autonomous_county"},
    {"街道", "subdistrict"},
    {"镇", "town"},
    {"乡", "township"},
    {"政企合一/园区", "park"},
};

static const char *region_kind(const struct region *region) {
    for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++)
        if (str_equal(region->kind, str_from(kinds[i].in_file)))
            return kinds[i].word;
    if (region->level != 5)
        return NULL;
    if (is_virtual(region))
        return "virtual";
    switch (region->code.data[9]) {
    case '2':
    case '3':
        return "villagers_committee";
    case '4':
        return "residents_like";
    case '5':
        return "villagers_like";
    default:
        return "residents_committee";
    }
}

void regions_define(const struct regions *regions, struct output *out, uint32_t moment) {
    static const char *const levels[] = {"city", "county", "township", "community"};
    for (uint32_t i = 0; i < regions->n; i++) {
        const struct region *region = &regions->items[i];
        event_begin(out, SOURCE_CIVIL_AFFAIRS, "region.defined", moment + i);
        field_text(out, "region", region->code);
        field_text(out, "name", region->name);
        field_text(out, "level", str_from(levels[region->level - 2]));
        if (i)
            field_text(out, "parent", regions->items[region->parent].code);
        if (region_kind(region))
            field_text(out, "kind", str_from(region_kind(region)));
        if (region->settlement == '1')
            field_true(out, "urban");
        event_end(out);
    }
}
