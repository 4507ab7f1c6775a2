/* example: every new volunteer gets a number for a card of the city's buses. It is here to be
 * copied: take the folder, call it otherwise, and put your own service where the cards are. How
 * that goes, step by step: plugins/README.md. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <volunteerd/volunteer_plugin.h>

struct example { /* all that it knows; no globals */
    struct vol_core *core;
    int64_t n_given; /* since the last report */
};

/* ---- what it declares: read by --check, the manual, `plugin show` ---- */

static const struct vol_option options[] = {
    {.name = "system",
     .kind = VOL_OPTION_TEXT,
     .most = 64,
     .text = "bus_card",
     .help = "the name that the numbers are kept under"},
    {.name = "report_s",
     .kind = VOL_OPTION_INTEGER,
     .least = 1,
     .most = 86400,
     .number = 3600,
     .unit = "s",
     .help = "how often the log says how many cards were given"},
    {.name = NULL},
};

enum { GIVEN, LAST_EVENT }; /* the places of the counters in their table */
static const struct vol_counter counters[] = {
    [GIVEN] = {.name = "given", .help = "cards given"},
    [LAST_EVENT] = {.name = "last_event", .help = "sequence of the newest event seen", .gauge = 1},
    {.name = NULL},
};

static const char *const wants[] = {"volunteer.registered", "volunteer.withdrawn", NULL};
static const char *const publishes[] = {"volunteer.linked", NULL};

/* What the table of options cannot say. */
static void check(const struct vol_settings *settings, struct vol_complaint *complaint) {
    if (strchr(vol_option_text(settings, "system"), ' '))
        vol_complain(complaint, "system", "write a name without spaces, such as bus_card");
}

/* ---- events come at least once and in order ---- */

/* Id and number follow from the event: published again after a kill, they are the same, and the
 * daemon answers that it has them. */
static int give_card(struct example *self, const struct vol_event *event) {
    struct vol_core *core = self->core;
    char id[32];
    const char *volunteer =
        vol_text(core, vol_member(core, vol_event_data(core, event), "volunteer"));
    snprintf(id, sizeof id, "card-%010" PRIu64, event->sequence);
    const char *data =
        vol_json(core, "{s:s, s:s, s:s}", "volunteer", volunteer, "system",
                 vol_option_text(core->settings, "system"), "external", id + strlen("card-"));
    const struct vol_publication card = {.type = "volunteer.linked", .id = id, .data = data};
    return vol_publish(core, &card, 1, NULL, NULL);
}

static void count_card(struct example *self) {
    self->n_given++;
    vol_count(self->core, GIVEN, 1);
}

/* Says how many it is done with. Those count as taken when what was published for them is on disk.
 */
static int64_t events(void *context, const struct vol_event *events, size_t n_events) {
    struct example *self = context;
    for (size_t i = 0; i < n_events; i++) {
        if (strcmp(events[i].type, "volunteer.withdrawn") == 0)
            vol_log(self->core, VOL_NOTICE, "somebody has withdrawn and may give a card back");
        else if (give_card(self, &events[i]) < 0)
            return (int64_t)i; /* no room: the rest is given again when there is */
        else
            count_card(self);
        vol_count(self->core, LAST_EVENT, (int64_t)events[i].sequence);
    }
    return (int64_t)n_events;
}

static void report(void *context) {
    struct example *self = context;
    char line[64];
    snprintf(line, sizeof line, "%" PRId64 " cards since the last report", self->n_given);
    vol_log(self->core, VOL_INFO, line);
    self->n_given = 0;
}

/* ---- a question: volunteerctl plugin call example card volunteer=ID ---- */

static void card(void *context, struct vol_call *call, const struct vol_value *parameters) {
    struct vol_core *core = ((struct example *)context)->core;
    const char *volunteer = vol_text(core, vol_member(core, parameters, "volunteer"));
    const char *system = vol_option_text(core->settings, "system");
    if (!volunteer) {
        vol_refuse(call, "missing_field", "volunteer", "say whose card: volunteer=ID.");
        return;
    }
    const struct vol_value *person =
        vol_ask(core, "volunteer.get", vol_json(core, "{s:s}", "volunteer", volunteer));
    const struct vol_value *links = vol_member(core, person, "links");
    for (size_t i = 0; i < vol_length(core, links); i++) {
        const struct vol_value *link = vol_item(core, links, i);
        if (strcmp(vol_text(core, vol_member(core, link, "system")), system) == 0) {
            const char *number = vol_text(core, vol_member(core, link, "external"));
            vol_answer(call, vol_json(core, "{s:s, s:s}", "volunteer", volunteer, "card", number));
            return;
        }
    }
    vol_refuse(call, "unknown_volunteer", "volunteer", "nobody of that name has a card.");
}

static const struct vol_method methods[] = {
    {.name = "card",
     .run = card,
     .parameters = "volunteer",
     .help = "the number of somebody's card"},
    {.name = NULL},
};

/* ---- the beginning and the end ---- */

static int start(struct vol_core *core, void **ret_self) {
    struct example *self = calloc(1, sizeof *self);
    if (!self)
        return -ENOMEM;
    self->core = core;
    *ret_self = self;
    uint32_t report_ms = 1000 * (uint32_t)vol_option_number(core->settings, "report_s");
    return vol_timer(core, report_ms, report_ms, report, self) < 0 ? -EMFILE : 0;
}

static void stop(void *context, int reason) {
    (void)reason;
    free(context);
}

/* `volunteerctl plugin dump example`: what somebody wants to know who looks for a fault. */
static void dump(void *context) {
    report(context);
}

VOL_EXPORT const struct vol_plugin vol_plugin = {
    VOL_ABI,
    .name = "example",
    .version = "1.0",
    .summary = "Gives every new volunteer the number of a bus card.",
    .options = options,
    .counters = counters,
    .methods = methods,
    .wants = wants,
    .publishes = publishes,
    .source = "/plugins/example",
    .check = check,
    .start = start,
    .stop = stop,
    .events = events,
    .dump = dump,
};
