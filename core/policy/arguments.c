#include "policy/arguments.h"

#include <stdio.h>

#include "domain/dictionaries.h"
#include "policy/call.h"
#include "policy/freeze.h"
#include "policy/given_lists.h"

/* An id, code or name, with its end. */
#define WORD_BYTES 64
#define WRITTEN_BYTES (WORD_BYTES + 1)

struct argument_row {
    enum argument bit;
    const char *name;
    void (*read)(lua_State *lua, struct arguments *arguments); /* of the value on the top */
    size_t (*write)(const struct arguments *arguments, char text[static WRITTEN_BYTES]);
};

static int32_t read_date(lua_State *lua, const char *name, struct str *ret_text) {
    struct policy_host *host = sandbox_of(lua)->owner;
    struct str text = STR_NONE;
    int32_t date = 0;
    if (lua_type(lua, -1) == LUA_TSTRING)
        text.data = lua_tolstring(lua, -1, &text.size);
    if (!text.data || dates_read(&host->dates, text, &date) != 0)
        luaL_error(lua, "'%s': a date such as \"2018-08-23\" is expected", name);
    *ret_text = text;
    return date;
}

static const char *read_word(lua_State *lua, const char *name) {
    if (lua_type(lua, -1) != LUA_TSTRING)
        luaL_error(lua, "'%s': a text is expected, not %s", name, luaL_typename(lua, -1));
    return lua_tostring(lua, -1);
}

static void read_from(lua_State *lua, struct arguments *arguments) {
    arguments->from = read_date(lua, "from", &arguments->from_text);
}

static void read_to(lua_State *lua, struct arguments *arguments) {
    arguments->to = read_date(lua, "to", &arguments->to_text);
}

static void read_on(lua_State *lua, struct arguments *arguments) {
    arguments->on = read_date(lua, "on", &arguments->on_text);
}

static void read_category(lua_State *lua, struct arguments *arguments) {
    arguments->category_text = str_from(read_word(lua, "category"));
}

static void read_method(lua_State *lua, struct arguments *arguments) {
    const char *word = read_word(lua, "method");
    for (size_t i = 0; i < METHOD_choices.n; i++)
        if (strcmp(word, METHOD_choices.words[i]) == 0)
            arguments->method = (int32_t)i + 1;
    if (!arguments->method)
        luaL_error(lua, "method '%s' is not known: automatic, code, manual or import", word);
}

static void read_down(lua_State *lua, struct arguments *arguments) {
    if (!lua_isboolean(lua, -1))
        luaL_error(lua, "'down': true or false is expected");
    arguments->down = lua_toboolean(lua, -1);
}

static void read_limit(lua_State *lua, struct arguments *arguments) {
    arguments->limit = lua_tointeger(lua, -1);
    if (!lua_isinteger(lua, -1) || arguments->limit < 1 || arguments->limit > 1000)
        luaL_error(lua, "'limit': a whole number from 1 to 1000 is expected");
}

static void read_name(lua_State *lua, struct arguments *arguments) {
    arguments->name = str_from(read_word(lua, "name"));
}

static void read_n(lua_State *lua, struct arguments *arguments) {
    arguments->n = lua_tointeger(lua, -1);
    if (!lua_isinteger(lua, -1) || arguments->n < 0 || arguments->n > 1000)
        luaL_error(lua, "'n': a whole number from 0 to 1000 is expected");
}

static void read_account(lua_State *lua, struct arguments *arguments) {
    arguments->account_text = str_from(read_word(lua, "account"));
}

static const char *const whats[] = {"balance", "earned", "spent"};

/* What is longer names nothing that there is. */
static size_t write_word(struct str word, char text[static WRITTEN_BYTES]) {
    size_t size = word.size < WORD_BYTES ? word.size : WORD_BYTES;
    memcpy(text, word.data, size);
    return size;
}

/* read_quantity, write_quantity, ...: of an argument that is a word. */
#define WORD(member, word)                                                                         \
    static void read_##member(lua_State *lua, struct arguments *arguments) {                       \
        arguments->member = str_from(read_word(lua, word));                                        \
        if (arguments->member.size == 0 || arguments->member.size > WORD_BYTES)                    \
            luaL_error(lua, "'%s': a text of 1 to %d bytes is expected", word, WORD_BYTES);        \
    }                                                                                              \
    static size_t write_##member(const struct arguments *arguments,                                \
                                 char text[static WRITTEN_BYTES]) {                                \
        return write_word(arguments->member, text);                                                \
    }
WORD(quantity, "name")
WORD(activity, "activity")
WORD(project, "project")
WORD(organisation, "organisation")
WORD(region, "region")
WORD(role, "role")
WORD(course, "course")
#undef WORD

static void read_what(lua_State *lua, struct arguments *arguments) {
    const char *word = read_word(lua, "what");
    int32_t what = 0;
    while (what <= POINTS_SPENT && strcmp(word, whats[what]) != 0)
        what++;
    if (what > POINTS_SPENT)
        luaL_error(lua, "what '%s' is not known: balance, earned or spent", word);
    arguments->what = what;
}

static void read_served_on(lua_State *lua, struct arguments *arguments) {
    arguments->served_on = read_date(lua, "served_on", &arguments->served_on_text);
}

static void read_expires_by(lua_State *lua, struct arguments *arguments) {
    arguments->expires_by = read_date(lua, "expires_by", &arguments->expires_by_text);
}

static void read_excused(lua_State *lua, struct arguments *arguments) {
    if (!lua_isboolean(lua, -1))
        luaL_error(lua, "'excused': true or false is expected");
    arguments->excused = lua_toboolean(lua, -1);
}

static void read_valid_on(lua_State *lua, struct arguments *arguments) {
    arguments->valid_on = read_date(lua, "valid_on", &arguments->valid_on_text);
}

static const char *const outcomes[] = {[COMPLAINT_OUTCOME_UPHELD] = "upheld",
                                       [COMPLAINT_OUTCOME_DISMISSED] = "dismissed",
                                       [COMPLAINT_OUTCOME_WITHDRAWN] = "withdrawn",
                                       [COMPLAINT_OUTCOME_COUNT] = "open"};

static void read_outcome(lua_State *lua, struct arguments *arguments) {
    const char *word = read_word(lua, "outcome");
    int32_t outcome = 0;
    while (outcome <= COMPLAINT_OUTCOME_COUNT && strcmp(word, outcomes[outcome]) != 0)
        outcome++;
    if (outcome > COMPLAINT_OUTCOME_COUNT)
        luaL_error(lua, "outcome '%s' is not known: open, upheld, dismissed or withdrawn", word);
    arguments->outcome = outcome;
}

static size_t write_text(char text[static WRITTEN_BYTES], const char *value) {
    return (size_t)snprintf(text, WRITTEN_BYTES, "%.60s", value);
}

static size_t write_date(struct str date, char text[static WRITTEN_BYTES]) {
    size_t size = date.size < 16 ? date.size : 16;
    memcpy(text, date.data, size);
    return size;
}

static size_t write_from(const struct arguments *arguments, char text[static WRITTEN_BYTES]) {
    return write_date(arguments->from_text, text);
}

static size_t write_to(const struct arguments *arguments, char text[static WRITTEN_BYTES]) {
    return write_date(arguments->to_text, text);
}

static size_t write_on(const struct arguments *arguments, char text[static WRITTEN_BYTES]) {
    return write_date(arguments->on_text, text);
}

static size_t write_category(const struct arguments *arguments, char text[static WRITTEN_BYTES]) {
    return write_word(arguments->category_text, text);
}

static size_t write_method(const struct arguments *arguments, char text[static WRITTEN_BYTES]) {
    return write_text(text, METHOD_choices.words[arguments->method - 1]);
}

static size_t write_down(const struct arguments *arguments, char text[static WRITTEN_BYTES]) {
    return write_text(text, arguments->down ? "true" : "false");
}

static size_t write_limit(const struct arguments *arguments, char text[static WRITTEN_BYTES]) {
    return (size_t)snprintf(text, WRITTEN_BYTES, "%lld", (long long)arguments->limit);
}

static size_t write_name(const struct arguments *arguments, char text[static WRITTEN_BYTES]) {
    return write_word(arguments->name, text);
}

static size_t write_n(const struct arguments *arguments, char text[static WRITTEN_BYTES]) {
    return (size_t)snprintf(text, WRITTEN_BYTES, "%lld", (long long)arguments->n);
}

static size_t write_account(const struct arguments *arguments, char text[static WRITTEN_BYTES]) {
    return write_word(arguments->account_text, text);
}

static size_t write_what(const struct arguments *arguments, char text[static WRITTEN_BYTES]) {
    return write_text(text, whats[arguments->what]);
}

static size_t write_served_on(const struct arguments *arguments, char text[static WRITTEN_BYTES]) {
    return write_date(arguments->served_on_text, text);
}

static size_t write_expires_by(const struct arguments *arguments, char text[static WRITTEN_BYTES]) {
    return write_date(arguments->expires_by_text, text);
}

static size_t write_excused(const struct arguments *arguments, char text[static WRITTEN_BYTES]) {
    return write_text(text, arguments->excused ? "true" : "false");
}

static size_t write_valid_on(const struct arguments *arguments, char text[static WRITTEN_BYTES]) {
    return write_date(arguments->valid_on_text, text);
}

static size_t write_outcome(const struct arguments *arguments, char text[static WRITTEN_BYTES]) {
    return write_text(text, outcomes[arguments->outcome]);
}

static const struct argument_row rows[] = {
    {ARGUMENT_FROM, "from", read_from, write_from},
    {ARGUMENT_TO, "to", read_to, write_to},
    {ARGUMENT_CATEGORY, "category", read_category, write_category},
    {ARGUMENT_METHOD, "method", read_method, write_method},
    {ARGUMENT_DOWN, "down", read_down, write_down},
    {ARGUMENT_LIMIT, "limit", read_limit, write_limit},
    {ARGUMENT_ON, "on", read_on, write_on},
    {ARGUMENT_NAME, "name", read_name, write_name},
    {ARGUMENT_N, "n", read_n, write_n},
    {ARGUMENT_ACCOUNT, "account", read_account, write_account},
    {ARGUMENT_WHAT, "what", read_what, write_what},
    {ARGUMENT_QUANTITY, "name", read_quantity, write_quantity},
    {ARGUMENT_ACTIVITY, "activity", read_activity, write_activity},
    {ARGUMENT_PROJECT, "project", read_project, write_project},
    {ARGUMENT_ORGANISATION, "organisation", read_organisation, write_organisation},
    {ARGUMENT_ROLE, "role", read_role, write_role},
    {ARGUMENT_REGION, "region", read_region, write_region},
    {ARGUMENT_SERVED_ON, "served_on", read_served_on, write_served_on},
    {ARGUMENT_EXCUSED, "excused", read_excused, write_excused},
    {ARGUMENT_COURSE, "course", read_course, write_course},
    {ARGUMENT_VALID_ON, "valid_on", read_valid_on, write_valid_on},
    {ARGUMENT_OUTCOME, "outcome", read_outcome, write_outcome},
    {ARGUMENT_EXPIRES_BY, "expires_by", read_expires_by, write_expires_by},
};
/* Steps of the budget for each entry of a table of arguments. */
#define ENTRY_STEPS 8
#define N_ROWS (sizeof rows / sizeof *rows)

/* Of those that the fact takes in its table. */
static const struct argument_row *row_find(const struct fact *fact, const char *name) {
    for (size_t i = 0; i < N_ROWS; i++)
        if ((fact->arguments & ~ARGUMENTS_IN_PLACE & rows[i].bit) &&
            strcmp(rows[i].name, name) == 0)
            return &rows[i];
    return NULL;
}

bool arguments_unknown(const struct fact *fact, struct str name, const char **ret_nearest) {
    const char *known[N_ROWS];
    size_t n = 0;
    for (size_t i = 0; i < N_ROWS; i++) {
        if (!(fact->arguments & ~ARGUMENTS_IN_PLACE & rows[i].bit))
            continue;
        known[n++] = rows[i].name;
        if (str_equal(str_from(rows[i].name), name))
            return false;
    }
    *ret_nearest = str_nearest(name, known, n);
    return true;
}

static void refuse(lua_State *lua, const struct fact *fact, const char *name) {
    const char *nearest = NULL;
    (void)arguments_unknown(fact, str_from(name), &nearest);
    luaL_error(lua, "%s has no argument '%s'%s%s%s", fact->name, name,
               nearest ? ": did you mean '" : "", nearest ? nearest : "", nearest ? "'?" : "");
}

/* Of the unknown names the first by the alphabet, because a table's own order differs from run to
 * run. */
static void read_table(lua_State *lua, const struct fact *fact, int table,
                       struct arguments *arguments) {
    const char *unknown = NULL;
    for (lua_pushnil(lua); lua_next(lua, table); lua_pop(lua, 1)) {
        sandbox_charge(lua, ENTRY_STEPS);
        const char *name = lua_type(lua, -2) == LUA_TSTRING ? lua_tostring(lua, -2) : "?";
        const struct argument_row *row = row_find(fact, name);
        if (!row) {
            unknown = !unknown || strcmp(name, unknown) < 0 ? name : unknown;
            continue;
        }
        row->read(lua, arguments);
        arguments->given |= row->bit;
    }
    if (unknown)
        refuse(lua, fact, unknown);
}

/* The codes that may be meant: the city's, or in a case, which has no city, those that are shipped.
 */
static size_t codes_of(struct reading *reading, enum DICTIONARY_choice dictionary,
                       const char **codes, size_t limit) {
    const struct dictionary_info *info = dictionary_info(dictionary);
    size_t n = 0;
    for (uint32_t i = 0; n < limit; i++) {
        struct dictionary_code entry;
        if (reading->object->given && i >= info->n)
            break;
        if (reading->object->given)
            codes[n++] = info->entries[i].code;
        else if (dictionary_at(reading->call->view, dictionary, i, &entry) == 0)
            codes[n++] = arena_string(reading->call->arena, entry.code);
        else
            break;
    }
    return n;
}

/* The entry's number + 1; 0 in a case. */
static int resolve(struct reading *reading, enum DICTIONARY_choice dictionary, struct str code,
                   int32_t *ret_number) {
    struct dictionary_code entry;
    const char *codes[DICTIONARY_ENTRIES_LIMIT];
    if (reading->call->stored)
        return 0; /* it was there then */
    int found = reading->object->given
                    ? dictionary_shipped(dictionary, code)
                    : dictionary_get(reading->call->view, dictionary, code, &entry);
    if (!reading->object->given && found <= 0) {
        *ret_number = found == 0 ? entry.number + 1 : 0;
        return found;
    }
    if (reading->object->given && found >= 0)
        return 0;
    size_t n = codes_of(reading, dictionary, codes, DICTIONARY_ENTRIES_LIMIT);
    const char *nearest = str_nearest(code, codes, n);
    if (reading->object->given && !nearest)
        return 0; /* the city's own, as far as anybody can tell here */
    return luaL_error(reading->lua, "%s '%s' is not in the dictionary%s%s%s",
                      DICTIONARY_choices.words[dictionary], code.data,
                      nearest ? ": did you mean '" : "", nearest ? nearest : "",
                      nearest ? "'?" : "");
}

static int resolve_account(struct reading *reading, const struct fact *fact) {
    struct arguments *arguments = &reading->arguments;
    if (!(arguments->given & ARGUMENT_ACCOUNT))
        luaL_error(reading->lua, "%s: which account? %s{account = \"points\"}", fact->name,
                   fact->name);
    if (arguments->what == POINTS_BALANCE && (arguments->given & (ARGUMENT_FROM | ARGUMENT_TO)))
        luaL_error(reading->lua,
                   "%s: a balance is that of the question's day; from and to go with what = "
                   "\"earned\" or \"spent\"",
                   fact->name);
    if (arguments->what != POINTS_EARNED &&
        (arguments->given & (ARGUMENT_SERVED_ON | ARGUMENT_ROLE)))
        luaL_error(reading->lua, "%s: served_on and role go with what = \"earned\"", fact->name);
    if (arguments->what != POINTS_BALANCE && (arguments->given & ARGUMENT_EXPIRES_BY))
        luaL_error(reading->lua, "%s: expires_by goes with what = \"balance\"", fact->name);
    return resolve(reading, DICTIONARY_ACCOUNT, arguments->account_text, &arguments->account);
}

int arguments_resolve(struct reading *reading, const struct fact *fact) {
    struct arguments *arguments = &reading->arguments;
    if (fact->arguments & ARGUMENT_ACCOUNT)
        return resolve_account(reading, fact);
    if ((fact->arguments & ARGUMENT_QUANTITY) && !(arguments->given & ARGUMENT_QUANTITY))
        luaL_error(reading->lua, "%s: of what? %s{name = \"trees\"}", fact->name, fact->name);
    if (!(arguments->given & ARGUMENT_CATEGORY))
        return 0;
    return resolve(reading, DICTIONARY_CATEGORY, arguments->category_text, &arguments->category);
}

/* Those before the table, in their order. Returns where the table stands. */
static int read_in_place(lua_State *lua, const struct fact *fact, struct arguments *ret_arguments) {
    static const enum argument order[] = {ARGUMENT_NAME, ARGUMENT_ON, ARGUMENT_N};
    int place = 2;
    for (size_t k = 0; k < sizeof order / sizeof *order; k++) {
        if (!(fact->arguments & order[k]))
            continue;
        bool optional = order[k] == ARGUMENT_ON && (fact->arguments & ARGUMENT_NAME);
        for (size_t i = 0; i < N_ROWS; i++) {
            if (rows[i].bit != order[k] || (optional && lua_isnoneornil(lua, place)))
                continue;
            lua_settop(lua, lua_gettop(lua) < place ? place : lua_gettop(lua));
            lua_pushvalue(lua, place);
            rows[i].read(lua, ret_arguments);
            lua_pop(lua, 1);
            ret_arguments->given |= order[k];
        }
        place++;
    }
    return place;
}

void arguments_read(lua_State *lua, const struct fact *fact, struct arguments *ret_arguments) {
    int place = fact->arguments & ARGUMENTS_IN_PLACE ? read_in_place(lua, fact, ret_arguments) : 2;
    if (!(fact->arguments & ~ARGUMENTS_IN_PLACE) || lua_isnoneornil(lua, place))
        return;
    if (!freeze_unwrap(lua, place))
        luaL_error(lua, "%s is asked with a table: %s{from = \"2018-01-01\"}", fact->name,
                   fact->name);
    read_table(lua, fact, lua_gettop(lua), ret_arguments);
    lua_settop(lua, place);
}

struct str arguments_text(const struct arguments *arguments,
                          char text[static ARGUMENTS_TEXT_BYTES]) {
    _Static_assert(N_ROWS * (WRITTEN_BYTES + 14) <= ARGUMENTS_TEXT_BYTES,
                   "every argument has its place");
    char *next = text;
    for (size_t i = 0; i < N_ROWS; i++) {
        if (!(arguments->given & rows[i].bit))
            continue;
        if (next != text)
            *next++ = ',';
        next = stpcpy(next, rows[i].name);
        *next++ = '=';
        next += rows[i].write(arguments, next);
    }
    return (struct str){text, (size_t)(next - text)};
}

/* Whether the entry on the top of the stack was given for these arguments. */
static bool entry_fits(struct reading *reading, const struct fact *fact) {
    lua_State *lua = reading->lua;
    struct arguments wanted = {0}, asked = reading->arguments;
    int entry = lua_gettop(lua);
    asked.given &= ~ARGUMENTS_IN_PLACE;
    for (size_t i = 0; i < N_ROWS; i++) {
        if (!(fact->arguments & ~ARGUMENTS_IN_PLACE & rows[i].bit) ||
            freeze_field(lua, entry, rows[i].name) == LUA_TNIL) {
            lua_settop(lua, entry);
            continue;
        }
        rows[i].read(lua, &wanted);
        wanted.given |= rows[i].bit;
        lua_settop(lua, entry);
    }
    char left[ARGUMENTS_TEXT_BYTES], right[ARGUMENTS_TEXT_BYTES];
    return str_equal(arguments_text(&wanted, left), arguments_text(&asked, right));
}

static void choose_entry(struct reading *reading, const struct fact *fact, int table) {
    lua_State *lua = reading->lua;
    lua_Integer n = (lua_Integer)lua_rawlen(lua, table);
    for (lua_Integer i = 1; i <= n; i++) {
        lua_rawgeti(lua, table, i);
        if (lua_istable(lua, -1) && entry_fits(reading, fact)) {
            freeze_field(lua, -1, "value");
            lua_remove(lua, -2);
            return;
        }
        lua_pop(lua, 1);
    }
    lua_pushnil(lua);
}

/* Of the table by date at the index what stands at the newest date that is not after the one asked
 * for, or after the question's. */
static void choose_date(struct reading *reading, int table) {
    lua_State *lua = reading->lua;
    struct str asked = reading->arguments.given & ARGUMENT_ON
                           ? reading->arguments.on_text
                           : dates_write(&reading->host->dates, reading->call->as_of);
    struct str best = STR_NONE;
    lua_pushnil(lua); /* the value so far */
    for (lua_pushnil(lua); lua_next(lua, table); lua_pop(lua, 1)) {
        struct str date = STR_NONE;
        sandbox_charge(lua, ENTRY_STEPS);
        if (lua_type(lua, -2) == LUA_TSTRING)
            date.data = lua_tolstring(lua, -2, &date.size);
        if (!date.data || str_compare(date, asked) > 0 || str_compare(date, best) < 0)
            continue;
        best = date;
        lua_pushvalue(lua, -1);
        lua_replace(lua, -4);
    }
}

/* What the case gives for the name or date that comes first. */
static void choose_in_place(struct reading *reading, const struct fact *fact, int table) {
    lua_State *lua = reading->lua;
    lua_pushvalue(lua, 2); /* as it was asked */
    lua_rawget(lua, table);
    bool deeper = (fact->arguments & ARGUMENT_NAME) && (fact->arguments & ~(unsigned)ARGUMENT_NAME);
    if (!deeper || !freeze_unwrap(lua, -1))
        return;
    if (fact->arguments & ARGUMENT_ON)
        choose_date(reading, lua_gettop(lua));
    else
        choose_entry(reading, fact, lua_gettop(lua));
}

/* given = { quantity = { trees = 12 } }: whatever the window. */
static void choose_named(struct reading *reading, int table) {
    struct str name = reading->arguments.quantity;
    lua_pushlstring(reading->lua, name.data, name.size);
    lua_rawget(reading->lua, table);
}

void arguments_choose(struct reading *reading, const struct fact *fact, int index) {
    lua_State *lua = reading->lua;
    int given = lua_absindex(lua, index);
    if (fact->missing == DEFAULT_LIST) {
        given_list_choose(reading, fact);
        return;
    }
    if (!freeze_unwrap(lua, given))
        return;
    if (fact->arguments & ARGUMENTS_IN_PLACE)
        choose_in_place(reading, fact, lua_gettop(lua));
    else if ((fact->arguments & ARGUMENT_QUANTITY) && lua_rawlen(lua, -1) == 0)
        choose_named(reading, lua_gettop(lua));
    else
        choose_entry(reading, fact, lua_gettop(lua));
    lua_replace(lua, given);
    lua_settop(lua, given);
}
