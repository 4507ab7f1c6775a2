/* The categories of service: codes of the catalogue's dictionary with what their activities say and
 * how often they are held, in March and in the rest of the year. Threads: constant data. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "output.h"

struct category {
    const char *code;
    const char *title;
    const char *content;
    const char *risk;
    const char *care;     /* 他人, 社会 or 自然 */
    const char *quantity; /* what is counted besides time, or NULL */
    const char *domain;   /* service domain, outcome, who is served: dictionaries' codes, or NULL */
    const char *outcome;
    const char *served_group;
    uint32_t share; /* per mille */
    uint32_t march_share;
};

const struct category *category_at(uint32_t index);
/* `window`: the organiser serves the public at windows. */
uint32_t category_draw(uint32_t draw, bool march, bool window);
/* What an activity of the category is for: care, domains, outcomes, served_groups. */
void category_fields(struct output *out, const struct category *category);
