/* example: every new volunteer gets a number for a card of the city's buses. It is here to be
 * copied: take the folder, call it otherwise, and put your own service where the cards are. How
 * that goes, step by step: plugins/README.md. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <volunteerd/volunteer_plugin.h>

#define MOST 100 /* cards that are published at a time */

struct example { /* all that it knows; no globals */
    struct vol_core *core;
    uint64_t asked;  /* cards are published for events up to this one, */
    uint64_t stored; /* and are on disk for those up to this one */
};

/* ---- what it declares: read by --check, the manual, `plugin show` ---- */

static const struct vol_option options[] = {
    {.name = "system",
     .kind = VOL_OPTION_TEXT,
     .most = 64,
     .text = "bus_card",
     .help = "the name that the numbers are kept under"},
    {.name = "retry_s",
     .kind = VOL_OPTION_INTEGER,
     .least = 1,
     .most = 3600,
     .number = 5,
     .unit = "s",
     .help = "after how long what could not be stored is published again"},
    {.name = NULL},
};

enum { GIVEN, WAITING }; /* the places of the counters in their table */
static const struct vol_counter counters[] = {
    [GIVEN] = {.name = "given", .help = "cards given"},
    [WAITING] = {.name = "waiting", .help = "cards on their way to the journal", .gauge = 1},
    {.name = NULL},
};

static const char *const wants[] = {"volunteer.registered", "volunteer.withdrawn", NULL};
static const char *const publishes[] = {"volunteer.linked", NULL};

/* What the table of options cannot say. */
static void check(const struct vol_settings *settings, struct vol_complaint *complaint) {
    if (strchr(vol_option_text(settings, "system"), ' '))
        vol_complain(complaint, "system", "write a name without spaces, such as bus_card");
}

/* ---- events come at least once and in order; each is about one card at most ---- */

static void try_again(void *context) {
    vol_resume(((struct example *)context)->core);
}

/* What was published is on disk, or was refused. Only now its events are done with. */
static void published(void *context, const struct vol_result *results, size_t n_results) {
    struct example *self = context;
    int again = 0; /* the daemon is busy, or its disk full */
    for (size_t i = 0; i < n_results; i++) {
        if (results[i].status == VOL_STORED)
            vol_count(self->core, GIVEN, 1);
        if (results[i].status == VOL_REJECTED)
            vol_log(self->core, VOL_WARNING, results[i].message);
        again |= results[i].status == VOL_REJECTED && results[i].retryable;
    }
    vol_count(self->core, WAITING, 0);
    if (again) { /* all of them: what is stored by now is a duplicate, which changes nothing */
        self->asked = self->stored;
        vol_timer(self->core, 1000 * (uint32_t)vol_option_number(self->core->settings, "retry_s"),
                  0, try_again, self);
        return;
    }
    self->stored = self->asked;
    vol_resume(self->core);
}

/* Id and number follow from the event: published again after a kill, they are the same. */
static struct vol_publication card_for(struct vol_core *core, const struct vol_event *event,
                                       char id[32]) {
    const char *volunteer =
        vol_text(core, vol_member(core, vol_event_data(core, event), "volunteer"));
    snprintf(id, 32, "card-%010" PRIu64, event->sequence);
    const char *data =
        vol_json(core, "{s:s, s:s, s:s}", "volunteer", volunteer, "system",
                 vol_option_text(core->settings, "system"), "external", id + strlen("card-"));
    return (struct vol_publication){.type = "volunteer.linked", .id = id, .data = data};
}

static int64_t events(void *context, const struct vol_event *events, size_t n_events) {
    struct example *self = context;
    struct vol_publication cards[MOST];
    char ids[MOST][32];
    size_t n_done = 0, n_cards = 0;
    while (n_done < n_events && events[n_done].sequence <= self->stored)
        n_done++;
    if (self->asked > self->stored) /* some are on their way: the rest waits for `published` */
        return (int64_t)n_done;
    for (size_t i = n_done; i < n_events && n_cards < MOST; i++) {
        self->asked = events[i].sequence;
        if (strcmp(events[i].type, "volunteer.registered") == 0) {
            cards[n_cards] = card_for(self->core, &events[i], ids[n_cards]);
            n_cards++;
        } else {
            vol_log(self->core, VOL_NOTICE, "somebody has withdrawn and may give a card back");
        }
    }
    vol_count(self->core, WAITING, (int64_t)n_cards);
    if (n_cards > 0) {
        int r = vol_publish(self->core, cards, n_cards, published, self);
        return r < 0 ? r : (int64_t)n_done;
    }
    self->stored = self->asked;
    return (int64_t)n_events;
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
    return 0;
}

static void stop(void *context, int reason) {
    (void)reason;
    free(context);
}

/* `volunteerctl plugin dump example`: what somebody wants to know who looks for a fault. */
static void dump(void *context) {
    struct example *self = context;
    char line[96];
    snprintf(line, sizeof line, "cards: published up to event %" PRIu64 ", stored up to %" PRIu64,
             self->asked, self->stored);
    vol_log(self->core, VOL_NOTICE, line);
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
