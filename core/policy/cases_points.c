#include "policy/cases_points.h"

#include "policy/freeze.h"

static struct str field_text(lua_State *lua, int entry, const char *name) {
    struct str text = STR_NONE;
    if (freeze_field(lua, entry, name) == LUA_TSTRING)
        text.data = lua_tolstring(lua, -1, &text.size);
    lua_pop(lua, 1); /* the entry holds it */
    return text;
}

static bool amount_is(lua_State *lua, int entry, int64_t amount) {
    int whole = 0;
    freeze_field(lua, entry, "amount");
    bool is = lua_tointegerx(lua, -1, &whole) == amount && whole;
    lua_pop(lua, 1);
    return is;
}

static bool expires_is(lua_State *lua, int entry, const struct points_posted *posting) {
    int32_t date;
    struct str text = field_text(lua, entry, "expires");
    bool given = HAS(posting, points_posted, expires);
    if (!text.data)
        return !given;
    return given && date_parse(text, &date) == 0 && date == posting->expires;
}

static bool posting_is(lua_State *lua, int entry, const struct points_posted *posting) {
    struct str reason = field_text(lua, entry, "reason");
    struct str volunteer = field_text(lua, entry, "volunteer");
    return str_equal(field_text(lua, entry, "account"), posting->account) &&
           amount_is(lua, entry, posting->amount) && expires_is(lua, entry, posting) &&
           str_equal(volunteer, posting->volunteer) &&
           (!reason.data || str_equal(reason, posting->reason));
}

bool postings_are(lua_State *lua, const struct answer *answer) {
    const struct points_posted *postings = answer->postings.items;
    int top = lua_gettop(lua);
    if (!freeze_unwrap(lua, top))
        return false;
    bool same = lua_rawlen(lua, top + 1) == answer->postings.n;
    for (size_t i = 0; same && i < answer->postings.n; i++) {
        lua_rawgeti(lua, top + 1, (lua_Integer)i + 1);
        same = posting_is(lua, top + 2, &postings[i]);
        lua_settop(lua, top + 1);
    }
    lua_settop(lua, top);
    return same;
}

bool postings_same(const struct answer *a, const struct answer *b) {
    const struct points_posted *left = a->postings.items, *right = b->postings.items;
    bool same = a->postings.n == b->postings.n;
    for (size_t i = 0; same && i < a->postings.n; i++)
        same = left[i].amount == right[i].amount && left[i].expires == right[i].expires &&
               str_equal(left[i].account, right[i].account) &&
               str_equal(left[i].reason, right[i].reason) &&
               str_equal(left[i].volunteer, right[i].volunteer);
    return same;
}

void postings_put(const struct answer *answer, struct buf *out) {
    const struct points_posted *postings = answer->postings.items;
    buf_put_str(out, STR(" postings = {"));
    for (size_t i = 0; i < answer->postings.n; i++) {
        char date[16];
        buf_printf(out, "%s { account = \"%.*s\", amount = %lld", i ? "," : "",
                   STR_ARG(postings[i].account), (long long)postings[i].amount);
        if (HAS(&postings[i], points_posted, expires))
            buf_printf(out, ", expires = \"%.*s\"", (int)date_format(postings[i].expires, date),
                       date);
        if (postings[i].volunteer.size)
            buf_printf(out, ", volunteer = \"%.*s\"", STR_ARG(postings[i].volunteer));
        buf_put_str(out, STR(" }"));
    }
    buf_put_str(out, answer->postings.n ? STR(" }") : STR("}"));
}
