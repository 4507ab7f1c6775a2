/* Teams and who is in them. Attributes as a thing; a hot row of fixed size; one row a member of a
 * team, and the numbered list of a volunteer's teams. Who left stays as history, and so do the
 * members of a dissolved team. Threads: the view's owner. */
#pragma once

#include "domain/things.h"

enum team_state { TEAM_ACTIVE, TEAM_DISSOLVED };

struct team_row {
    uint32_t region;       /* its own, else its organisation's when it was formed or last changed */
    uint32_t organisation; /* 0: none */
    uint32_t n_members;    /* who joined and did not leave; of a dissolved team: at its end */
    uint32_t successor;    /* of a dissolved one; 0: none */
    int32_t formed_on;
    int32_t dissolved_on; /* date, 0: not */
    uint8_t state;        /* enum team_state */
    uint8_t spare[3];
};

/* One volunteer in one team: the last time he or she joined. */
struct member_row {
    uint32_t n; /* which of the volunteer's memberships this is, from 1 */
    int32_t joined_on;
    int32_t left_on;   /* 0: is a member (or was, when the team was dissolved) */
    uint32_t n_times;  /* joined */
    uint64_t sequence; /* of the last team.joined or team.left */
};

int team_get(struct view *view, uint32_t team, struct team_row *ret_row);
int team_attributes(struct view *view, uint32_t team, struct arena *arena,
                    struct team_formed *ret_team);
/* As organisation_successor. */
int team_successor(struct view *view, uint32_t team, uint32_t *ret_successor);
const char *team_state_text(enum team_state state); /* "active", "dissolved" */
/* 0, THING_NOT_FOUND: never joined, < 0. */
int team_member_get(struct view *view, uint32_t team, uint32_t volunteer,
                    struct member_row *ret_row);
/* Everybody who ever joined, by volunteer's number: for readers alone (it scans). `each` returns 0
 * to go on; what ends the walk is returned. */
int team_members_each(struct view *view, uint32_t team,
                      int (*each)(void *context, uint32_t volunteer, const struct member_row *row),
                      void *context);
/* The teams a volunteer ever joined, in the order of first joining: for any view. */
int volunteer_teams_each(struct view *view, uint32_t volunteer,
                         int (*each)(void *context, uint32_t team, const struct member_row *row),
                         void *context);

/* ---- for apply functions ---- */

/* > 0 with wrong_state where the team is dissolved. */
int team_require_active(struct context *context, uint32_t team, struct str id, const char *field);
void team_put(struct context *context, uint32_t team, const struct team_row *row);
/* Its organisation was dissolved: the team is the successor's, where it is that one's (`from`). A
 * team without a region of its own is where its organisation is. */
int team_pass_on(struct context *context, uint32_t team, uint32_t from, uint32_t to);
/* The team was dissolved: who was in it is in its successor from that day on. Who has left the
 * city's volunteers meanwhile is not, nor who is in too many teams. */
int team_member_pass_on(struct context *context, uint32_t volunteer, uint32_t from, uint32_t to);
/* Who withdraws or dies is no member of any active team from that day on. */
int team_leave_all(struct context *context, uint32_t volunteer, int32_t on);
/* Who is a member as the one is one as the other from now on; what is over stays the one's. */
int team_move_member(struct context *context, uint32_t from, uint32_t into);
