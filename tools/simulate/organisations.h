/* The organisations: a department per line of authority, governments and administrations down to
 * the township, residents' committees of urban communities, and simulated enterprises, schools,
 * institutions and groups. A parent always comes before its children. Names of units that do not
 * exist say so (模拟). */
#pragma once

#include "regions.h"

struct organisation {
    uint32_t region;
    uint32_t parent; /* index; the first one is its own */
    uint32_t number; /* among its sort */
    uint8_t sort;    /* row of the table in organisations.c */
};

struct organisations {
    struct organisation *items;
    uint32_t n;
    uint32_t *of_region; /* per region: index + 1 of the organisation that stands for it, or 0 */
    uint32_t *employers; /* indices of those that employ people */
    uint32_t n_employers;
};

void organisations_init(struct organisations *organisations, const struct plan *plan,
                        const struct regions *regions);
void organisations_deinit(struct organisations *organisations);

bool organisation_serves_window(const struct organisations *organisations, uint32_t organisation);
/* What people employed there are, or NULL where nobody is. */
const char *organisation_occupation(const struct organisations *organisations,
                                    uint32_t organisation);
/* The one that stands for the region or for the nearest region above that has one. */
uint32_t organisation_above(const struct organisations *organisations,
                            const struct regions *regions, uint32_t region);
void field_organisation(struct output *out, const char *name, uint32_t organisation);
/* organisation.defined for each, over the day of `moment`. */
void organisations_define(const struct organisations *organisations, const struct regions *regions,
                          struct output *out, uint32_t moment);
