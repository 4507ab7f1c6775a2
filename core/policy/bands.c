#include "policy/bands.h"

#include <math.h>
#include <stdio.h>

#include "policy/freeze.h"

struct band {
    double from, to;
    bool is_band;
};

/* An end that is not given has no limit. */
static double bound(lua_State *lua, const char *name, double missing, bool *ret_is_band) {
    int type = freeze_field(lua, -1, name);
    double value = type == LUA_TNUMBER ? lua_tonumber(lua, -1) : missing;
    *ret_is_band &= type == LUA_TNUMBER || type == LUA_TNIL;
    lua_pop(lua, 1);
    return value;
}

static struct band band_at(lua_State *lua, int index, size_t i) {
    struct band band = {.is_band = lua_rawgeti(lua, index, (lua_Integer)i) == LUA_TTABLE};
    if (band.is_band) {
        band.from = bound(lua, "from", -HUGE_VAL, &band.is_band);
        band.to = bound(lua, "to", HUGE_VAL, &band.is_band);
        band.is_band &= isfinite(band.from) || isfinite(band.to);
    }
    lua_pop(lua, 1);
    return band;
}

/* Where band i ends and the next one begins. `step`: 0 where `to` is not part of a band, 1 where it
 * is, -1 as long as that is not known. */
static const char *meet(const struct band *band, const struct band *next, size_t i, int *step,
                        char *ret_wrong, size_t size) {
    if (next->from < band->to || (*step == 1 && next->from == band->to)) {
        snprintf(ret_wrong, size,
                 "[%zu] ends with %.14g and [%zu] begins with %.14g: what lies in both has two "
                 "answers",
                 i, band->to, i + 1, next->from);
        return "overlap";
    }
    if (next->from > band->to + 1 || (*step == 0 && next->from > band->to) ||
        (next->from != band->to && next->from != band->to + 1)) {
        snprintf(ret_wrong, size,
                 "[%zu] ends with %.14g and [%zu] begins with %.14g: what lies between has no "
                 "answer",
                 i, band->to, i + 1, next->from);
        return "gap";
    }
    *step = next->from > band->to;
    return NULL;
}

const char *bands_judge(lua_State *lua, int index, size_t n, bool declared, char *ret_wrong,
                        size_t size) {
    int step = -1;
    for (size_t i = 1; i <= n; i++) {
        struct band band = band_at(lua, index, i);
        if (!band.is_band && !declared)
            return NULL;
        if (!band.is_band || band.from > band.to) {
            snprintf(ret_wrong, size,
                     "[%zu]: { from = NUMBER, to = NUMBER } is expected, the lower one first", i);
            return "band";
        }
    }
    for (size_t i = 1; i < n; i++) {
        struct band band = band_at(lua, index, i), next = band_at(lua, index, i + 1);
        const char *code = meet(&band, &next, i, &step, ret_wrong, size);
        if (code)
            return code;
    }
    return NULL;
}
