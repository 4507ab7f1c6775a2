/* Building, naming and printing single events. Threads: one. */
#pragma once

#include "command.h"
#include "event/catalogue.h"
#include "table.h"
#include "util/calendar.h"

#define EVENT_NEW_ID_SIZE 40
/* An id that was never given before. */
void event_id_new(char ret_id[static EVENT_NEW_ID_SIZE]);
/* An event by this program: a new id and, where `source` is NULL, the source "volunteerctl". `data`
 * is taken. */
json_t *event_new(const char *type, const char *source, const char *id, const char *time,
                  json_t *data);
/* Publishes it, or tries it only, and prints what became of it with its decisions. */
int event_submit(struct call *call, json_t *event, bool dry_run);

/* Whether the catalogue has the type, or types that begin so ("service."); complains with the
 * nearest. */
int event_type_check(const char *typed);

/* Prints events a line each: recorded time in the city's zone, sequence, type, main fields; or the
 * JSON. */
struct event_printer {
    const struct call *call;
    bool zone_known;
    struct zone zone;
};
/* Asks the daemon for the city's zone: DONE, or an exit code. */
int event_printer_init(struct event_printer *printer, struct call *call);
void event_print(const struct event_printer *printer, const json_t *event);
