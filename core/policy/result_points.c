/* What a points policy answers: { postings = { { volunteer =, account =, amount =, expires =,
 * reason = }, ... } }. */
#include "domain/dictionaries.h"
#include "policy/freeze.h"
#include "policy/result.h"

#define AMOUNT_MOST INT64_C(1000000000) /* as points.posted takes it */
#define REASON_BYTES 128

struct posting_reading {
    struct result *result;
    lua_State *lua;
    struct points_posted *posting;
    bool may_expire;
};

static struct str text_at(lua_State *lua, int index) {
    struct str text = STR_NONE;
    if (lua_type(lua, index) == LUA_TSTRING)
        text.data = lua_tolstring(lua, index, &text.size);
    return text;
}

/* What went wrong, in the call's arena. */
static const char *say(struct posting_reading *self, const char *what, struct str about,
                       const char *nearest) {
    struct arena *arena = self->result->call->arena;
    return arena_string(
        arena, arena_printf(arena, "%s '%.*s'%s%s", what, (int)(about.size < 64 ? about.size : 64),
                            about.data, nearest ? ": did you mean " : "", nearest ? nearest : ""));
}

/* Each reads the member that is on the top; NULL, or what is wrong. */

/* A case has no city: what is shipped stands for its dictionary, and a name near to none of those
 * may be the city's own. Whether an account may expire is the city's to set, too. */
static const char *read_given_account(struct posting_reading *self, struct str code) {
    const struct dictionary_info *info = dictionary_info(DICTIONARY_ACCOUNT);
    const char *codes[DICTIONARY_ENTRIES_LIMIT];
    int shipped = dictionary_shipped(DICTIONARY_ACCOUNT, code);
    self->may_expire = true;
    for (size_t i = 0; i < info->n; i++)
        codes[i] = info->entries[i].code;
    const char *nearest = shipped < 0 ? str_nearest(code, codes, info->n) : NULL;
    return nearest ? say(self, "there is no account", code, nearest) : NULL;
}

static bool is_usable(const struct dictionary_code *account, int32_t date) {
    return (account->from == INT32_MIN || date >= account->from) &&
           (account->retired == INT32_MIN || date < account->retired);
}

bool result_postings_hold(struct call *call, const struct list *postings) {
    const struct points_posted *list = postings->items;
    for (size_t i = 0; i < postings->n; i++) {
        struct dictionary_code account;
        uint32_t ignored;
        if (dictionary_get(call->view, DICTIONARY_ACCOUNT, list[i].account, &account) != 0 ||
            !is_usable(&account, call->as_of) ||
            (HAS(&list[i], points_posted, expires) && !account.may_expire) ||
            (HAS(&list[i], points_posted, volunteer) &&
             thing_find(call->view, NOUN_VOLUNTEER, list[i].volunteer, &ignored) != 0))
            return false;
    }
    return true;
}

static const char *read_account(struct posting_reading *self) {
    struct call *call = self->result->call;
    struct dictionary_code account;
    struct str code = text_at(self->lua, -1);
    if (!code.size || code.size > 64)
        return "account: a code of the dictionary `account` is expected";
    self->posting->account = arena_copy(call->arena, code);
    GIVE(self->posting, points_posted, account);
    if (call->stored) { /* then it could be used */
        self->may_expire = true;
        return NULL;
    }
    if (!call->view)
        return read_given_account(self, code);
    int r = dictionary_get(call->view, DICTIONARY_ACCOUNT, code, &account);
    if (r < 0) {
        call->error = r;
        return "the state cannot be read";
    }
    self->may_expire = r == 0 && account.may_expire;
    bool usable = r == 0 && is_usable(&account, call->as_of);
    return usable ? NULL : say(self, "on this day there is no account", code, NULL);
}

static const char *read_amount(struct posting_reading *self) {
    int whole = 0;
    int64_t amount =
        lua_type(self->lua, -1) == LUA_TNUMBER ? lua_tointegerx(self->lua, -1, &whole) : 0;
    if (!whole || amount == 0 || amount > AMOUNT_MOST || amount < -AMOUNT_MOST)
        return "amount: a whole number other than 0 is expected, in the account's smallest unit";
    self->posting->amount = amount;
    GIVE(self->posting, points_posted, amount);
    return NULL;
}

static const char *read_reason(struct posting_reading *self) {
    struct scalar reason;
    if (!call_read_scalar(self->result->call, self->lua, -1, &reason) ||
        reason.kind != SCALAR_TEXT || !reason.text.size || reason.text.size > REASON_BYTES)
        return "reason: a text of at most 128 bytes is expected";
    self->posting->reason = reason.text;
    GIVE(self->posting, points_posted, reason);
    return NULL;
}

static const char *read_expires(struct posting_reading *self) {
    struct str text = text_at(self->lua, -1);
    if (lua_isnil(self->lua, -1))
        return NULL;
    if (!text.data || date_parse(text, &self->posting->expires) != 0)
        return "expires: a date such as \"2019-12-31\" is expected";
    if (!self->may_expire)
        return say(self, "expires: nothing expires on account", self->posting->account, NULL);
    if (self->posting->amount < 0)
        return "expires: what is taken has no last day";
    GIVE(self->posting, points_posted, expires);
    return NULL;
}

static const char *read_volunteer(struct posting_reading *self) {
    struct call *call = self->result->call;
    struct str id = text_at(self->lua, -1);
    uint32_t number;
    if (lua_isnil(self->lua, -1))
        return NULL;
    if (!id.size || !identifier_is_valid(id))
        return "volunteer: the id of a volunteer is expected";
    int r = call->view ? thing_find(call->view, NOUN_VOLUNTEER, id, &number) : 0;
    if (r < 0)
        call->error = r;
    if (r != 0)
        return say(self, "there is no volunteer", id, NULL);
    self->posting->volunteer = arena_copy(call->arena, id);
    GIVE(self->posting, points_posted, volunteer);
    return NULL;
}

/* In the order in which they are read: the account says whether a date may stand. */
static const struct {
    const char *name;
    const char *(*read)(struct posting_reading *self);
} members[] = {
    {"account", read_account}, {"amount", read_amount},       {"reason", read_reason},
    {"expires", read_expires}, {"volunteer", read_volunteer},
};
#define N_MEMBERS (sizeof members / sizeof *members)

/* Of the names that no member has the first by the alphabet. */
static const char *find_unknown(struct posting_reading *self, int table) {
    lua_State *lua = self->lua;
    const char *names[N_MEMBERS], *unknown = NULL;
    for (size_t i = 0; i < N_MEMBERS; i++)
        names[i] = members[i].name;
    for (lua_pushnil(lua); lua_next(lua, table); lua_pop(lua, 1)) {
        const char *name = lua_type(lua, -2) == LUA_TSTRING ? lua_tostring(lua, -2) : "[number]";
        bool known = false;
        for (size_t i = 0; i < N_MEMBERS; i++)
            known |= strcmp(names[i], name) == 0;
        if (!known && (!unknown || strcmp(name, unknown) < 0))
            unknown = name;
    }
    if (!unknown)
        return NULL;
    return say(self, "a posting has no member", str_from(unknown),
               str_nearest(str_from(unknown), names, N_MEMBERS));
}

/* The entry of the list is on the top. */
static const char *read_posting(struct posting_reading *self) {
    lua_State *lua = self->lua;
    int entry = lua_gettop(lua);
    if (!freeze_unwrap(lua, entry))
        return "a list of { account =, amount =, reason = } is expected";
    const char *wrong = find_unknown(self, entry + 1);
    for (size_t i = 0; !wrong && i < N_MEMBERS; i++) {
        freeze_field(lua, entry, members[i].name);
        wrong = members[i].read(self);
        lua_settop(lua, entry + 1);
    }
    lua_settop(lua, entry);
    return wrong;
}

const char *result_read_postings(struct result *result) {
    lua_State *lua = result->lua;
    struct call *call = result->call;
    int top = lua_gettop(lua);
    const char *wrong = NULL;
    size_t n;
    if (!freeze_unwrap(lua, top) || !freeze_list(lua, top + 1, &n))
        return "must be a list of { account =, amount =, reason = }";
    if (n > POSTINGS_LIMIT)
        return "must be a list of at most 64 postings";
    struct points_posted *postings = arena_alloc(call->arena, (n + 1) * sizeof *postings);
    memset(postings, 0, (n + 1) * sizeof *postings);
    for (size_t i = 0; !wrong && i < n; i++) {
        struct posting_reading self = {.result = result, .lua = lua, .posting = &postings[i]};
        lua_rawgeti(lua, top + 1, (lua_Integer)i + 1);
        wrong = read_posting(&self);
        lua_settop(lua, top + 1); /* nothing of an entry stays: the stack is no longer than that */
        if (!wrong && !call_take_bytes(call, result->limits, postings[i].reason.size + 64))
            wrong = "the result is too large";
    }
    lua_settop(lua, top);
    result->answer->postings = (struct list){n, postings};
    return wrong;
}
