/* Puts an event's data together from FIELD=VALUE words and, with a person at the terminal, from
 * questions. Threads: one. */
#pragma once

#include "command.h"
#include "event/catalogue.h"
#include "util/calendar.h"

/* A type that a query method writes, after vetting it: what the method fills in by itself may be
 * left out, and what it alone knows may not be given. */
struct command_type {
    enum event_number number;
    const char *method;
    bool timed; /* takes the time at which it happened */
    const char *waived[8];
    const char *refused[8];
};
const struct command_type *command_type_find(const struct event_type *type); /* NULL: no command */

struct composer {
    struct call *call;
    const struct event_type *type;
    const struct command_type *command; /* NULL where the event goes through ingest */
    json_t *data;
    bool zone_asked; /* the daemon was asked for the city's time zone */
    bool zone_known;
    struct zone zone;
};

void composer_init(struct composer *composer, struct call *call, const struct event_type *type);
void composer_deinit(struct composer *composer);
/* Whether a field of the event's own, although required, may be left out, or may not be given. */
bool composer_waives(const struct composer *composer, const char *field);
bool composer_refuses(const struct composer *composer, const char *field);
/* "place.text=秦州区": DONE, or a complaint. */
int composer_take(struct composer *composer, const char *typed);
/* A typed value for a field, as JSON; > 0 with a message. < 0: the daemon cannot be asked
 * (complained). */
int composer_read(struct composer *composer, const struct field *field, const char *typed,
                  json_t **ret_value, char *ret_message);
/* DONE where nothing required is missing, else a complaint that lists it. */
int composer_check(const struct composer *composer);
