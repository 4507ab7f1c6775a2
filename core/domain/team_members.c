/* Who is in a team: joined and left. */
#include "domain/person_months.h"
#include "domain/standing.h"
#include "domain/teams.h"
#include "util/error.h"

#define MEMBERSHIPS_LIMIT 1000 /* of one volunteer, those that ended counted too */

#define PAIR_KEY_BYTES 8

static struct str pair_key(char key[static PAIR_KEY_BYTES], uint32_t first, uint32_t second) {
    number_key(key, first);
    number_key(key + 4, second);
    return (struct str){key, PAIR_KEY_BYTES};
}

/* ---- reading ---- */

static int member_decode(struct str row, struct member_row *ret_row) {
    if (row.size != sizeof *ret_row)
        return error_note(-EBADMSG, "a member's row cannot be read");
    memcpy(ret_row, row.data, sizeof *ret_row);
    return 0;
}

int team_member_get(struct view *view, uint32_t team, uint32_t volunteer,
                    struct member_row *ret_row) {
    char key[PAIR_KEY_BYTES];
    struct str row;
    int r = view_get(view, TABLE_MEMBER, pair_key(key, team, volunteer), &row);
    return r == 0 ? member_decode(row, ret_row) : r < 0 ? r : THING_NOT_FOUND;
}

struct member_walk {
    uint32_t team;
    int (*each)(void *context, uint32_t volunteer, const struct member_row *row);
    void *context;
    int outcome;
};

static int take_member(void *context, struct str key, struct str row) {
    struct member_walk *walk = context;
    struct cursor in = cursor_from(key);
    struct member_row member;
    if (cursor_u32_sorted(&in) != walk->team)
        return 1;
    uint32_t volunteer = cursor_u32_sorted(&in);
    walk->outcome = member_decode(row, &member);
    if (walk->outcome == 0)
        walk->outcome = walk->each(walk->context, volunteer, &member);
    return walk->outcome != 0;
}

int team_members_each(struct view *view, uint32_t team,
                      int (*each)(void *context, uint32_t volunteer, const struct member_row *row),
                      void *context) {
    char key[PAIR_KEY_BYTES];
    struct member_walk walk = {team, each, context, 0};
    int r = view_scan(view, TABLE_MEMBER, pair_key(key, team, 0), take_member, &walk);
    return r < 0 ? r : walk.outcome;
}

/* A volunteer's n-th team; with n 0 how many there are (0 where there is no row). */
static int membership_get(struct view *view, uint32_t volunteer, uint32_t n, uint32_t *ret_value) {
    char key[PAIR_KEY_BYTES];
    struct str row;
    *ret_value = 0;
    int r = view_get(view, TABLE_MEMBERSHIP, pair_key(key, volunteer, n), &row);
    if (r != 0)
        return r < 0 ? r : 0;
    if (row.size != sizeof *ret_value)
        return error_note(-EBADMSG, "a membership's row cannot be read");
    memcpy(ret_value, row.data, sizeof *ret_value);
    return 0;
}

int volunteer_teams_each(struct view *view, uint32_t volunteer,
                         int (*each)(void *context, uint32_t team, const struct member_row *row),
                         void *context) {
    uint32_t count;
    int r = membership_get(view, volunteer, 0, &count);
    for (uint32_t n = 1; r == 0 && n <= count; n++) {
        uint32_t team;
        struct member_row row;
        r = membership_get(view, volunteer, n, &team);
        if (r == 0)
            r = team_member_get(view, team, volunteer, &row);
        if (r != 0)
            return r < 0 ? r : error_note(-EBADMSG, "a membership leads nowhere");
        r = each(context, team, &row);
    }
    return r;
}

/* ---- writing ---- */

static void put_member(struct context *context, uint32_t team, uint32_t volunteer,
                       struct member_row *row) {
    char key[PAIR_KEY_BYTES];
    row->sequence = context->sequence;
    store_put(context->store, TABLE_MEMBER, pair_key(key, team, volunteer),
              (struct str){(const char *)row, sizeof *row});
}

static void put_membership(struct context *context, uint32_t volunteer, uint32_t n,
                           uint32_t value) {
    char key[PAIR_KEY_BYTES];
    store_put(context->store, TABLE_MEMBERSHIP, pair_key(key, volunteer, n),
              (struct str){(const char *)&value, sizeof value});
}

static int count_member(struct context *context, uint32_t team, int32_t by) {
    struct team_row row;
    int r = team_get(context->view, team, &row);
    if (r != 0)
        return r < 0 ? r : error_note(-EBADMSG, "a team has no row");
    row.n_members = (uint32_t)((int64_t)row.n_members + by);
    team_put(context, team, &row);
    return 0;
}

/* The team named, active, on a day that a member's row can say. */
static int open_team(struct context *context, struct str id, uint32_t *ret_team) {
    if (!date_is_kept(context_date(context)))
        return problem_set(context->problem, PROBLEM_OUT_OF_RANGE, "time",
                           "members are kept from 1970-01-02 to 2199; mend the year");
    int r = thing_resolve(context, NOUN_TEAM, id, "data.team", ret_team);
    return r == 0 ? team_require_active(context, *ret_team, id, "data.team") : r;
}

/* A membership of his or her own where the volunteer was never in the team. */
static int add_membership(struct context *context, uint32_t team, uint32_t volunteer,
                          struct member_row *row) {
    uint32_t count;
    int r = membership_get(context->view, volunteer, 0, &count);
    if (r != 0)
        return r;
    if (count >= MEMBERSHIPS_LIMIT)
        return problem_set(context->problem, PROBLEM_OUT_OF_RANGE, "data.volunteer",
                           "one volunteer joins at most %d teams", MEMBERSHIPS_LIMIT);
    memset(row, 0, sizeof *row);
    row->n = count + 1;
    put_membership(context, volunteer, 0, row->n);
    put_membership(context, volunteer, row->n, team);
    return 0;
}

int apply_team_joined(struct context *context, const struct event *event,
                      const struct team_joined *data) {
    (void)event;
    uint32_t team, volunteer;
    struct volunteer_row person;
    struct member_row row;
    int32_t on = context_date(context);
    int r = open_team(context, data->team, &team);
    if (r == 0)
        r = volunteer_open(context, data->volunteer, &volunteer, &person);
    if (r == 0)
        r = standing_allows(context, &person, data->volunteer, "data.volunteer");
    if (r != 0)
        return r;
    r = team_member_get(context->view, team, volunteer, &row);
    if (r == 0 && !row.left_on)
        return problem_set(context->problem, PROBLEM_WRONG_STATE, "data.volunteer",
                           "%.*s is in this team already", STR_ARG(data->volunteer));
    if (r == 0 && on < row.left_on)
        return problem_set(context->problem, PROBLEM_OUT_OF_RANGE, "time",
                           "%.*s left this team on a later day; joining again lies after that",
                           STR_ARG(data->volunteer));
    if (r > 0)
        r = add_membership(context, team, volunteer, &row);
    if (r != 0)
        return r;
    row.joined_on = on;
    row.left_on = 0;
    row.n_times++;
    put_member(context, team, volunteer, &row);
    return count_member(context, team, 1);
}

int apply_team_left(struct context *context, const struct event *event,
                    const struct team_left *data) {
    (void)event;
    uint32_t team, volunteer;
    struct volunteer_row person;
    struct member_row row;
    int32_t on = context_date(context);
    int r = open_team(context, data->team, &team);
    if (r == 0)
        r = thing_resolve(context, NOUN_VOLUNTEER, data->volunteer, "data.volunteer", &volunteer);
    if (r == 0)
        r = volunteer_get(context->view, volunteer, &person);
    if (r == 0)
        r = volunteer_refuse_merged(context, volunteer, &person, data->volunteer, "data.volunteer");
    if (r == 0)
        r = team_member_get(context->view, team, volunteer, &row);
    else
        return r;
    if (r < 0)
        return r;
    if (r > 0 || row.left_on)
        return problem_set(context->problem, PROBLEM_WRONG_STATE, "data.volunteer",
                           "%.*s is not in this team", STR_ARG(data->volunteer));
    if (on < row.joined_on)
        return problem_set(context->problem, PROBLEM_OUT_OF_RANGE, "time",
                           "%.*s joined this team on a later day", STR_ARG(data->volunteer));
    row.left_on = on;
    put_member(context, team, volunteer, &row);
    return count_member(context, team, -1);
}

/* ---- a volunteer who goes ---- */

struct leaving {
    struct context *context;
    uint32_t volunteer;
    int32_t on;
};

static int leave_one(void *context, uint32_t team, const struct member_row *row) {
    const struct leaving *leaving = context;
    struct team_row of;
    int r = team_get(leaving->context->view, team, &of);
    if (r != 0 || of.state == TEAM_DISSOLVED || row->left_on)
        return r < 0 ? r : 0;
    struct member_row after = *row;
    after.left_on = leaving->on > row->joined_on ? leaving->on : row->joined_on;
    put_member(leaving->context, team, leaving->volunteer, &after);
    return count_member(leaving->context, team, -1);
}

int team_leave_all(struct context *context, uint32_t volunteer, int32_t on) {
    struct leaving leaving = {context, volunteer, on};
    return volunteer_teams_each(context->view, volunteer, leave_one, &leaving);
}

/* ---- a team that goes over into another ---- */

int team_member_pass_on(struct context *context, uint32_t volunteer, uint32_t from, uint32_t to) {
    struct volunteer_row person;
    struct member_row row;
    struct team_row team;
    uint32_t memberships;
    int r = team_member_get(context->view, from, volunteer, &row);
    if (r != 0 || row.left_on)
        return r < 0 ? r : 0;
    r = volunteer_get(context->view, volunteer, &person);
    if (r == 0)
        r = team_get(context->view, from, &team);
    if (r == 0)
        r = membership_get(context->view, volunteer, 0, &memberships);
    if (r != 0)
        return r < 0 ? r : error_note(-EBADMSG, "a membership leads nowhere");
    r = team_member_get(context->view, to, volunteer, &row);
    if (r < 0 || volunteer_has_left(&person) || (r == 0 && !row.left_on) ||
        (r > 0 && memberships >= MEMBERSHIPS_LIMIT))
        return r < 0 ? r : 0;
    if (r > 0)
        r = add_membership(context, to, volunteer, &row);
    if (r != 0)
        return r;
    row.joined_on = team.dissolved_on > row.left_on ? team.dissolved_on : row.left_on;
    row.left_on = 0;
    row.n_times++;
    put_member(context, to, volunteer, &row);
    return count_member(context, to, 1);
}

/* ---- a merge ---- */

struct moving {
    struct context *context;
    uint32_t from;
    uint32_t into;
};

/* Of the two the earlier day stands. */
static int join_as_other(const struct moving *moving, uint32_t team, int32_t joined_on) {
    struct context *context = moving->context;
    struct member_row row;
    int r = team_member_get(context->view, team, moving->into, &row);
    bool is_member = r == 0 && !row.left_on;
    if (r > 0)
        r = add_membership(context, team, moving->into, &row);
    if (r != 0)
        return r;
    if (!is_member || joined_on < row.joined_on)
        row.joined_on = joined_on;
    row.left_on = 0;
    row.n_times += !is_member;
    put_member(context, team, moving->into, &row);
    return is_member ? 0 : count_member(context, team, 1);
}

static int move_one(void *context, uint32_t team, const struct member_row *row) {
    const struct moving *moving = context;
    struct leaving leaving = {moving->context, moving->from, context_date(moving->context)};
    struct team_row of;
    int32_t joined_on = row->joined_on;
    int r = team_get(moving->context->view, team, &of);
    if (r != 0 || of.state == TEAM_DISSOLVED || row->left_on)
        return r < 0 ? r : 0;
    r = leave_one(&leaving, team, row);
    return r == 0 ? join_as_other(moving, team, joined_on) : r;
}

int team_move_member(struct context *context, uint32_t from, uint32_t into) {
    struct moving moving = {context, from, into};
    return volunteer_teams_each(context->view, from, move_one, &moving);
}
