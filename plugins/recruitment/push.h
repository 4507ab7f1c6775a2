/* What the platform is told: decisions about enrolments, credited hours, stars, certificates, of
 * whom and what it knows by an id of its own.
 *
 * The journal says that something happened; what is told is the state that the daemon has of it
 * then. It goes into the outbox in the transaction that moves the journal's cursor. Threads: one.
 * Errors: the outbox keeps them with the item. */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <volunteerd/volunteer_plugin.h>

struct recruitment;

#define LANE_RESULTS "results"
#define LANE_NOTICES "notices"

struct push {
    uint64_t safe; /* events up to there are looked at: what they are about is written down */
    bool all_safe; /* nothing of ours is on its way */
    struct push_lane {
        int n_flying;     /* requests */
        int64_t failures; /* of whole requests, in a row */
        int64_t held_ms;  /* until then nothing is sent: the last request failed */
    } results, notices;
    int64_t batch; /* items of a request; one at a time after a request was refused as a whole */
    int timer;
    bool catches_up; /* a slice is due */
};

/* Begins to follow the journal where the database says. */
void push_start(struct recruitment *recruitment);
void push_safe(struct recruitment *recruitment, uint64_t sequence);
void push_all_safe(struct recruitment *recruitment);
/* Something is being published: decisions about it wait until it is written down. */
void push_unsafe(struct recruitment *recruitment);
/* vol_plugin.events */
int64_t push_events(void *self, const struct vol_event *events, size_t n_events);
/* Sends what is due. */
void push_step(struct recruitment *recruitment);
/* All that there is to tell about a person, who became known to the platform just now. Within a
 * transaction. False: the daemon did not answer. */
bool push_person(struct recruitment *recruitment, const char *ours);
/* Tells it about people who were here before the platform's item of them was read, some at a time;
 * goes on by itself until there are no more. */
void push_catch_up(struct recruitment *recruitment);

/* ---- what is told (told.c): within a transaction ---- */
void tell_decision(struct recruitment *recruitment, const char *pair, const char *outcome,
                   uint64_t version);
void tell_stars(struct recruitment *recruitment, const char *volunteer, int64_t stars,
                const char *valid_until, const char *certificate_number, uint64_t version);
/* `record`: as record.get answers. */
void tell_hours(struct recruitment *recruitment, const struct vol_value *record, uint64_t version);
/* `certificate`: as certificate.get answers. */
void tell_certificate(struct recruitment *recruitment, const struct vol_value *certificate,
                      uint64_t version);
