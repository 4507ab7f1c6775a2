/* Organisations: units, associations, branches, committees. Attributes as a thing; a hot row of
 * fixed size for what counting needs. Threads: the view's owner. */
#pragma once

#include "domain/things.h"

enum organisation_state { ORGANISATION_ACTIVE, ORGANISATION_DISSOLVED };

struct organisation_row {
    uint32_t region;
    uint32_t successor;   /* of a dissolved one; 0: none */
    int64_t staff;        /* as last reported; -1: no data */
    int32_t dissolved_on; /* date, 0: not */
    uint8_t state;        /* enum organisation_state */
    uint8_t unit_level;   /* of the title 文明单位 it holds: TITLE_LEVEL_choice + 1; 0: none */
    uint16_t told_late;   /* days after dissolved_on on which that was recorded */
};

int organisation_attributes(struct view *view, uint32_t organisation, struct arena *arena,
                            struct organisation_defined *ret_organisation);
int organisation_attributes_at(struct view *view, uint32_t organisation, int32_t at,
                               struct arena *arena, struct organisation_defined *ret_organisation);
/* The region it lay in at the end of that day. */
int organisation_region_at(struct view *view, uint32_t organisation,
                           const struct organisation_row *row, int32_t at, struct arena *arena,
                           uint32_t *ret_region);
int organisation_get(struct view *view, uint32_t organisation, struct organisation_row *ret_row);
/* Who stands for it today: itself while it is active, else the last of its successors, each of
 * which was active when it took over. *ret_successor is 0 where that one was dissolved without a
 * successor: what it was asked for is its superior's then. 0 or < 0. */
int organisation_successor(struct view *view, uint32_t organisation, uint32_t *ret_successor);
/* Whether it was there as known at the end of `at` (COUNTER_NOW: as things stand). */
bool organisation_stood(const struct organisation_row *row, int32_t at);

/* ---- for apply functions ---- */

/* Puts the row and moves the counters of titled units where region, title, staff or state differ.
 */
int organisation_replace(struct context *context, uint32_t organisation,
                         const struct organisation_row *before,
                         const struct organisation_row *after);
/* A volunteer joined (1) or left (-1) its staff: where it holds the title and its staff is known,
 * they count among the volunteers of titled units. */
int organisation_count_volunteer(struct context *context, uint32_t organisation, int32_t by);
/* The figure `staff` was reported: takes the newest one over into the row. */
int organisation_staff_reported(struct context *context, uint32_t organisation);
/* > 0 with wrong_state where the organisation is dissolved. */
int organisation_require_active(struct context *context, uint32_t organisation, struct str id,
                                const char *field);
/* The organisation that an event names, which must be active, and where it lies. > 0 with
 * unknown_organisation or wrong_state. */
int organisation_resolve_active(struct context *context, struct str id, const char *field,
                                uint32_t *ret_organisation, uint32_t *ret_region);
