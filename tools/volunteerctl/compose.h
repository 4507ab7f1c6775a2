/* Puts an event's data together from FIELD=VALUE words and, with a person at the terminal, from
 * questions. Threads: one. */
#pragma once

#include "command.h"
#include "event/catalogue.h"
#include "util/calendar.h"

struct composer {
    struct call *call;
    const struct event_type *type;
    json_t *data;
    bool zone_asked; /* the daemon was asked for the city's time zone */
    bool zone_known;
    struct zone zone;
};

void composer_init(struct composer *composer, struct call *call, const struct event_type *type);
void composer_deinit(struct composer *composer);
/* "place.text=秦州区": DONE, or a complaint. */
int composer_take(struct composer *composer, const char *typed);
/* A typed value for a field, as JSON; > 0 with a message. < 0: the daemon cannot be asked
 * (complained). */
int composer_read(struct composer *composer, const struct field *field, const char *typed,
                  json_t **ret_value, char *ret_message);
/* DONE where nothing required is missing, else a complaint that lists it. */
int composer_check(const struct composer *composer);

/* form.c: asks for what is missing. REFUSED where the person gave up. */
int form_fill(struct composer *composer);
