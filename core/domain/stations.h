/* Stations (志愿服务工作站): planned in a community, evidenced part by part (人员 经费 场地 队伍),
 * built (建成), opened (投入使用), closed. Name and due are a thing's attributes; a row keeps every
 * step with its evidence and the day it was recorded on, so that a station can be shown as it was
 * known at the end of any past day. Threads: the view's owner. */
#pragma once

#include "domain/things.h"

enum station_state { STATION_PLANNED, STATION_BUILT, STATION_OPENED, STATION_CLOSED };

/* Numbers stand in rows and are for ever. */
enum station_step_kind {
    STATION_STEP_PLANNED,
    STATION_STEP_PART, /* + STATION_PART_choice */
    STATION_STEP_BUILT = STATION_STEP_PART + STATION_PART_COUNT,
    STATION_STEP_OPENED,
    STATION_STEP_CLOSED,
    STATION_STEP_COUNT
};

struct station_step {
    enum station_step_kind kind;
    bool done;  /* of a part: evidenced, or taken back */
    int32_t on; /* the day it was so */
    int32_t recorded_on;
    uint64_t sequence;    /* of its event; 0: no such step */
    uint32_t region;      /* of PLANNED */
    int32_t due;          /* of PLANNED */
    uint32_t responsible; /* of PLANNED: an organisation; 0: none was named */
    uint32_t team;        /* of the part team: which one it is; 0: none was named */
    /* Of parts and BUILT; borrowed from the row. */
    struct str by;
    struct str digest;
    struct str uri;
    struct str note;
};

struct station {
    enum station_state state;
    uint32_t region;
    int32_t due;                 /* planned.due is what was promised first */
    unsigned n_dues;             /* how often another due was set since */
    uint32_t responsible;        /* an organisation; 0: none was named */
    unsigned parts;              /* that are evidenced: bits by STATION_PART_choice */
    struct station_step planned; /* the first time */
    struct station_step part[STATION_PART_COUNT]; /* the last word on each */
    struct station_step built, opened, closed;
};

/* As known at the end of `at` (COUNTER_NOW: as things stand). 0; THING_NOT_FOUND: there is none, or
 * it was not planned yet; < 0. The texts borrow from the row, as view_get says. */
int station_get(struct view *view, uint32_t station, int32_t at, struct station *ret_station);
/* Every step, oldest first. `each` returns 0 to go on; what ends the walk is returned. */
int station_each_step(struct view *view, uint32_t station,
                      int (*each)(void *context, const struct station_step *step), void *context);
/* Planned for a day before this one, and not built by its end. */
bool station_is_overdue(const struct station *station, int32_t today);
/* "planned", "built", "opened", "closed" */
const char *station_state_text(enum station_state state);
/* "planned", "staff", ..., "built", "opened", "closed" */
const char *station_step_text(enum station_step_kind kind);

/* ---- for those who scan: key number u32 ---- */

/* The next step of a row's bytes: 0, or > 0 at the end or where damaged. */
int station_step_next(struct cursor *in, struct station_step *ret_step);
/* A row's bytes taken together, as known at the end of `at`: as station_get. */
int station_decode(struct str row, int32_t at, struct station *ret_station);

/* ---- for apply functions ---- */

void station_step_put(struct buf *row, const struct station_step *step);
/* What a station is after one more step. */
void station_take_step(struct station *station, const struct station_step *step);
