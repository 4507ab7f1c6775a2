/* Documents that rules, titles and plans refer to, and the plans that the city sets itself in
 * August: stations built and opened by their deadlines, volunteers by county. */
#pragma once

#include "figures.h"
#include "stations.h"

struct documents {
    const struct plan *plan;
    const struct regions *regions;
    const struct stations *stations;
    const struct figures *figures;
};

/* What is registered before the first day, `gap` seconds apart; returns the moment after the last.
 */
uint32_t documents_register(const struct documents *documents, struct output *out, uint32_t moment,
                            uint32_t gap);
void directives_plan_day(const struct documents *documents, struct schedule *schedule,
                         uint32_t day);
void directive_write(const struct documents *documents, struct output *out,
                     const struct entry *entry);
