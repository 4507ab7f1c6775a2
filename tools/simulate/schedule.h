/* What is to be written on which day: a ring of days, each sorted by second when its turn comes.
 * What was added first comes first within a second. Memory: entries of the days ahead, at most
 * SCHEDULE_DAYS. */
#pragma once

#include <stddef.h>

#include "plan.h"

#define SCHEDULE_DAYS 128u

enum entry_kind {
    ENTRY_PUBLISHED, /* subject: index among the activities of day `starts` */
    ENTRY_CHANGED,   /* the same */
    ENTRY_CANCELLED, /* the same */
    ENTRY_CLOSED,    /* the same */
    ENTRY_RECORDED,  /* subject: volunteer */
    ENTRY_REVIEWED,  /* subject: record, as in the next four */
    ENTRY_CORRECTED,
    ENTRY_REVOKED,
    ENTRY_DISPUTED,
    ENTRY_SETTLED,
    ENTRY_REGISTERED, /* subject: volunteer, as in the next four */
    ENTRY_UPDATED,
    ENTRY_WITHDRAWN,
    ENTRY_DIED,
    ENTRY_LIFE,      /* activity: what happens (lives.c) */
    ENTRY_FIGURE,    /* subject: item of figures.c; starts: the day it is of */
    ENTRY_TITLE,     /* subject: item of titles.c; activity: step */
    ENTRY_DIRECTIVE, /* subject: item of documents.c */
    ENTRY_TEAM,      /* subject: team; activity: step */
    ENTRY_PROJECT,   /* subject: project; activity: step */
    ENTRY_STATION,   /* subject: station; activity: step (stations.c) */
    ENTRY_CALL,      /* subject: index among the calls of day `starts`; activity: step */
    ENTRY_TRAINING,  /* subject: item; activity: step; the same in the next three */
    ENTRY_REWARD,
    ENTRY_HONOUR,
    ENTRY_CASE,
    ENTRY_CONDUCT,
    ENTRY_FUND,
    ENTRY_CONSENT,
    ENTRY_NEED, /* starts: the Saturday of its call */
    ENTRY_CARE,
    ENTRY_EMERGENCY, /* activity: step */
    ENTRY_ASKED,     /* subject: unit or county (asked.c); activity: step */
    ENTRY_POST,      /* activity: step (posts.c) */
};

struct entry {
    uint32_t moment;
    uint32_t subject;
    uint32_t activity; /* number */
    uint32_t starts;   /* moment; a day where the table above says so */
    uint16_t span_s;
    uint16_t minutes;
    uint16_t organisation;
    uint8_t kind;
    uint8_t method;
    uint8_t category;
    uint8_t fault; /* enum fault */
    bool late;
};

struct schedule_day {
    struct entry *entries;
    size_t n;
    size_t capacity;
};

struct schedule {
    struct schedule_day days[SCHEDULE_DAYS];
    struct schedule_day sorted;
    uint32_t *seconds;
};

void schedule_init(struct schedule *schedule);
void schedule_deinit(struct schedule *schedule);
/* The day must be neither over nor more than SCHEDULE_DAYS - 1 ahead. */
void schedule_add(struct schedule *schedule, const struct entry *entry);
/* Empties the day; the entries are valid until the next call. */
const struct entry *schedule_take(struct schedule *schedule, uint32_t day, size_t *ret_n);
