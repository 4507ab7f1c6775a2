/* Alerts (警报): what somebody must look at, raised and cleared by decisions. Of one subject one
 * alert of a code is open at a time: it is not raised again while it stands. Who looks at it
 * acknowledges it, which clears nothing: it is cleared when what it was about is over. A row for
 * each subject holds those that are open. Threads: the view's owner. */
#pragma once

#include "domain/things.h"

/* Numbers stand in rows and are for ever. */
enum alert_state { ALERT_RAISED, ALERT_ACKNOWLEDGED, ALERT_CLEARED, ALERT_STATES };

#define ALERT_SUBJECTS (1U << SUBJECT_KIND_REGION | 1U << SUBJECT_KIND_ORGANISATION)

struct alert_row {
    uint32_t subject;
    uint32_t region;   /* where it was counted when it was raised */
    uint64_t cleared;  /* sequence of alert.cleared; 0: it is open */
    int32_t raised_on; /* as_of of the decisions */
    int32_t cleared_on;
    int32_t acknowledged_on; /* 0: nobody did */
    uint8_t noun;            /* REGION or ORGANISATION */
    uint8_t state;           /* enum alert_state */
    uint8_t severity;        /* ALERT_SEVERITY_choice */
    uint8_t spare;
};

struct alert {
    struct alert_row row;
    struct str acknowledged_by; /* borrowed from the row */
};

const char *alert_state_text(enum alert_state state);
int alert_get(struct view *view, uint32_t number, struct alert *ret_alert);

/* Those of a subject that are open, oldest first. Borrowed from the row. */
struct alert_list {
    size_t n;
    const char *items; /* n u32: alert_list_at */
};
int alerts_open(struct view *view, enum noun noun, uint32_t number, struct alert_list *ret_list);
uint32_t alert_list_at(const struct alert_list *list, size_t i);
/* The open one of that code, or THING_NOT_FOUND. */
int alert_find_open(struct view *view, enum noun noun, uint32_t number, struct str code,
                    struct arena *arena, uint32_t *ret_alert);
/* The id that the next one will have: the daemon names them. */
struct str alert_next_id(struct view *view, struct arena *arena);

/* That the rule of registration failed, so that people were accepted unjudged: of the city. It is
 * over when a registration rule is put in force or taken out. */
#define ALERT_REGISTRATION_FAILED "registration_failed"
/* The city's own region; THING_NOT_FOUND before it is defined. */
int alert_city_region(struct view *view, uint32_t *ret_region);

/* ---- for apply functions ---- */

/* A rule of registration came into force or went: asks for the decision that the alert is over. */
int alert_registration_ruled(struct context *context);
