#include "policy/check_sweep.h"

#include <stdlib.h>

#include "policy/complaints.h"
#include "policy/freeze.h"

#define NUMBERS_LIMIT 64
#define DEPTH_LIMIT 6
#define MINUTES_MOST 10000000
/* Steps of the budget for all of it: a policy that takes long has its cases to show for it. */
#define STEPS_LIMIT UINT64_C(20000000)

struct sweep {
    enum POLICY_KIND_choice kind;
    const char *facts[2];
    int64_t (*measure)(const struct answer *answer);
    const char *word;
    bool steps; /* whole levels of which none should be skipped */
};

static int64_t stars_of(const struct answer *answer) {
    return answer->stars;
}

static int64_t points_of(const struct answer *answer) {
    const struct points_posted *postings = answer->postings.items;
    int64_t sum = 0;
    for (size_t i = 0; i < answer->postings.n; i++)
        sum += postings[i].amount;
    return sum;
}

static const struct sweep sweeps[] = {
    {POLICY_KIND_STAR_RATING, {"minutes"}, stars_of, "stars", true},
    {POLICY_KIND_POINTS, {"minutes", "counted_minutes"}, points_of, "points", false},
};

struct sweeper {
    struct case_run *run;
    const struct sweep *sweep;
    int32_t as_of;
    uint64_t steps;
    bool over;     /* the policy failed, or all steps are used */
    uint64_t seen; /* levels, as bits */
    size_t n;
    int64_t minutes[6 * NUMBERS_LIMIT + 4];
};

/* ---- where it is asked ---- */

static void add_minutes(struct sweeper *sweeper, int64_t number) {
    for (int64_t at = number - 1; at <= number + 1; at++)
        if (at >= 0 && at <= MINUTES_MOST)
            sweeper->minutes[sweeper->n++] = at;
}

/* Numbers within the value on the top (popped): of minutes, and of hours. */
static void gather(struct sweeper *sweeper, int depth) {
    lua_State *lua = sweeper->run->host->sandbox.lua;
    int top = lua_gettop(lua);
    bool room = sweeper->n + 8 < 6 * NUMBERS_LIMIT;
    if (lua_isinteger(lua, top) && room && lua_tointeger(lua, top) > 0 &&
        lua_tointeger(lua, top) < MINUTES_MOST) {
        add_minutes(sweeper, lua_tointeger(lua, top));
        add_minutes(sweeper, 60 * lua_tointeger(lua, top));
    } else if (depth < DEPTH_LIMIT && lua_checkstack(lua, 8) && freeze_unwrap(lua, top)) {
        for (lua_pushnil(lua); lua_next(lua, top + 1);)
            gather(sweeper, depth + 1);
    }
    lua_settop(lua, top - 1);
}

static int by_size(const void *left, const void *right) {
    const int64_t *a = left, *b = right;
    return (*a > *b) - (*a < *b);
}

static void choose_minutes(struct sweeper *sweeper, int set) {
    size_t n = 0;
    sweeper->n = 0;
    lua_rawgeti(sweeper->run->host->sandbox.lua, LUA_REGISTRYINDEX, set);
    gather(sweeper, 0);
    sweeper->minutes[sweeper->n++] = 0;
    qsort(sweeper->minutes, sweeper->n, sizeof *sweeper->minutes, by_size);
    for (size_t i = 0; i < sweeper->n; i++)
        if (n == 0 || sweeper->minutes[n - 1] != sweeper->minutes[i])
            sweeper->minutes[n++] = sweeper->minutes[i];
    sweeper->n = n;
}

/* ---- asking ---- */

/* Pushes { given = { minutes = }, context = { as_of = } }. */
static void push_test(const struct sweeper *sweeper, int64_t minutes) {
    lua_State *lua = sweeper->run->host->sandbox.lua;
    char day[16];
    date_format(sweeper->as_of, day);
    lua_newtable(lua);
    lua_newtable(lua);
    for (size_t i = 0; i < 2 && sweeper->sweep->facts[i]; i++) {
        lua_pushinteger(lua, minutes);
        lua_setfield(lua, -2, sweeper->sweep->facts[i]);
    }
    lua_setfield(lua, -2, "given");
    lua_newtable(lua);
    lua_pushstring(lua, day);
    lua_setfield(lua, -2, "as_of");
    lua_setfield(lua, -2, "context");
}

static int64_t measure(struct sweeper *sweeper, int64_t minutes) {
    struct sandbox *sandbox = &sweeper->run->host->sandbox;
    struct answer answer;
    if (sweeper->over || sandbox->refused)
        return 0;
    int top = lua_gettop(sandbox->lua);
    push_test(sweeper, minutes);
    bool asked = case_ask(sweeper->run, top + 1, &answer);
    lua_settop(sandbox->lua, top);
    sweeper->steps += sandbox->limits.instructions - sandbox->steps_left;
    sweeper->over = !asked || answer.failed || sweeper->steps > STEPS_LIMIT;
    int64_t value = sweeper->over ? 0 : sweeper->sweep->measure(&answer);
    if (sweeper->sweep->steps && value >= 0 && value < 64)
        sweeper->seen |= UINT64_C(1) << value;
    return value;
}

struct step {
    int64_t minutes; /* before it */
    int64_t from;
    int64_t to; /* one minute later */
};

/* Where between two places the answer falls, or skips a level: down to two minutes in a row. */
static struct step narrow(struct sweeper *sweeper, int64_t low, int64_t from, int64_t high,
                          int64_t to) {
    while (high - low > 1 && !sweeper->over) {
        int64_t middle = low + (high - low) / 2, value = measure(sweeper, middle);
        bool left = to < from ? value < from : value > from;
        if (left) {
            high = middle;
            to = value;
        } else {
            low = middle;
            from = value;
        }
    }
    return (struct step){low, from, to};
}

static bool skips(const struct sweeper *sweeper, int64_t from, int64_t to) {
    return sweeper->sweep->steps && to > from + 1;
}

static bool is_skipped(const struct sweeper *sweeper, const struct step *step) {
    for (int64_t level = step->from + 1; level < step->to; level++)
        if (!(sweeper->seen >> level & 1))
            return true;
    return false;
}

static void report(const struct sweeper *sweeper, const struct step *step, struct str text,
                   json_t *complaints) {
    char day[16];
    uint32_t line;
    date_format(sweeper->as_of, day);
    line = complaint_line_of(text, day);
    if (step->to < step->from)
        complaint_add(complaints, SEVERITY_WARNING, line, "not_monotone",
                      "by the parameters of %s %lld minutes give %lld %s, one minute more only "
                      "%lld",
                      day, (long long)step->minutes, (long long)step->from, sweeper->sweep->word,
                      (long long)step->to);
    else if (skips(sweeper, step->from, step->to) && is_skipped(sweeper, step))
        complaint_add(complaints, SEVERITY_WARNING, line, "unreachable",
                      "by the parameters of %s %lld minutes give %lld %s and one minute more %lld: "
                      "no number of minutes gives what lies between",
                      day, (long long)step->minutes, (long long)step->from, sweeper->sweep->word,
                      (long long)step->to);
}

/* The first fall and the first skipped level of one set. */
static void sweep_set(struct sweeper *sweeper, struct str text, json_t *complaints) {
    struct step fall = {0}, skip = {0};
    int64_t before = measure(sweeper, sweeper->minutes[0]);
    for (size_t i = 1; i < sweeper->n && !sweeper->over; i++) {
        int64_t low = sweeper->minutes[i - 1], high = sweeper->minutes[i];
        int64_t value = measure(sweeper, high);
        if (value < before && fall.from == fall.to)
            fall = narrow(sweeper, low, before, high, value);
        else if (skips(sweeper, before, value) && skip.from == skip.to)
            skip = narrow(sweeper, low, before, high, value);
        before = value;
    }
    if (sweeper->over)
        return;
    report(sweeper, &fall, text, complaints);
    report(sweeper, &skip, text, complaints);
}

void check_sweep(struct case_run *run, struct str text, json_t *complaints) {
    const struct program *program = run->program;
    for (size_t k = 0; k < sizeof sweeps / sizeof *sweeps; k++) {
        struct sweeper sweeper = {.run = run, .sweep = &sweeps[k]};
        if (sweeps[k].kind != run->kind->kind)
            continue;
        for (size_t i = 0; i < program->n_sets && !sweeper.over; i++) {
            sweeper.as_of = program->sets[i].from;
            sweeper.seen = 0;
            choose_minutes(&sweeper, program->sets[i].table);
            sweep_set(&sweeper, text, complaints);
        }
    }
}
