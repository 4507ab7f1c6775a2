/* What a bulletin policy answers: a document of titled tables, series for charts and paragraphs.
 * Rows are tables by the names of their columns; here they become lists in the columns' order. */
#include "domain/counters.h"
#include "policy/freeze.h"
#include "policy/result.h"

#define SECTIONS_LIMIT 16
#define COLUMNS_LIMIT 24
#define ROWS_LIMIT 1000
#define SERIES_LIMIT 16
#define POINTS_LIMIT 400
#define PARAGRAPHS_LIMIT 40
#define TITLE_BYTES 256
#define PARAGRAPH_BYTES 4096
#define TOO_LARGE "the document is too large: its limit is twice that of findings and result"
#define CHOOSE_KIND "text, number, percent, hours, date, state, rank or hundredths"
#define SUMMANDS_LIMIT 16

enum column_kind {
    COLUMN_TEXT,
    COLUMN_NUMBER,
    COLUMN_PERCENT,
    COLUMN_HOURS,
    COLUMN_DATE,
    COLUMN_STATE,
    COLUMN_RANK,
    COLUMN_HUNDREDTHS,
    COLUMN_KINDS
};

static const char *const column_kinds[COLUMN_KINDS] = {
    [COLUMN_TEXT] = "text",       [COLUMN_NUMBER] = "number",
    [COLUMN_PERCENT] = "percent", [COLUMN_HOURS] = "hours",
    [COLUMN_DATE] = "date",       [COLUMN_STATE] = "state",
    [COLUMN_RANK] = "rank",       [COLUMN_HUNDREDTHS] = "hundredths"};

struct column {
    struct str name;
    enum column_kind kind;
};

struct sheet {
    lua_State *lua;
    struct arena *arena;
    struct buf *out;
    size_t limit;     /* of it, in bytes */
    size_t n_columns; /* of the section that is read */
    size_t n_sourced; /* of those: that say what they count */
    struct column columns[COLUMNS_LIMIT];
};

/* What is wrong, with the place where it is. */
static const char *at(struct sheet *self, size_t index, const char *wrong) {
    return arena_string(self->arena, arena_printf(self->arena, "[%zu]%s%s", index,
                                                  *wrong == '.' ? "" : ": ", wrong));
}

static struct str text_at(lua_State *lua, int index) {
    struct str text = STR_NONE;
    if (lua_type(lua, index) == LUA_TSTRING)
        text.data = lua_tolstring(lua, index, &text.size);
    return text;
}

/* The text on the top: not empty, not over the limit. */
static bool put_text(struct sheet *self, size_t limit) {
    struct str text = text_at(self->lua, -1);
    if (!text.size || text.size > limit || !call_is_text(text))
        return false;
    buf_json_string(self->out, text);
    return true;
}

static bool whole_at(lua_State *lua, int index, int64_t *ret_value) {
    int whole = 0;
    if (lua_type(lua, index) == LUA_TNUMBER)
        *ret_value = lua_tointegerx(lua, index, &whole);
    return whole;
}

/* Of the names in the table at the index that are not among the n allowed the first by the
 * alphabet, said; or NULL. */
static const char *find_unknown(struct sheet *self, int table, const char *const *names, size_t n) {
    lua_State *lua = self->lua;
    const char *unknown = NULL;
    for (lua_pushnil(lua); lua_next(lua, table); lua_pop(lua, 1)) {
        const char *name = lua_type(lua, -2) == LUA_TSTRING ? lua_tostring(lua, -2) : "[number]";
        bool known = false;
        for (size_t i = 0; i < n; i++)
            known |= strcmp(name, names[i]) == 0;
        if (!known && (!unknown || strcmp(name, unknown) < 0))
            unknown = name;
    }
    if (!unknown)
        return NULL;
    if (*unknown == '[')
        return "a table by names is expected here, not a list";
    const char *nearest = str_nearest(str_from(unknown), names, n);
    return arena_string(self->arena, arena_printf(self->arena, "there is no '%s' here%s%s%s",
                                                  unknown, nearest ? ": did you mean '" : "",
                                                  nearest ? nearest : "", nearest ? "'?" : ""));
}

/* Writes each element of the list that is on the top (popped). */
static const char *put_list(struct sheet *self, const char *name, size_t limit,
                            const char *(*put)(struct sheet *self)) {
    lua_State *lua = self->lua;
    int top = lua_gettop(lua);
    size_t n;
    if (!freeze_unwrap(lua, -1))
        return "a list is expected";
    if (!freeze_list(lua, top + 1, &n))
        return "a list is expected here, not a table by names";
    if (n > limit)
        return arena_string(self->arena,
                            arena_printf(self->arena, "more than %zu %s", limit, name));
    buf_put_byte(self->out, '[');
    for (size_t i = 0; i < n; i++) {
        buf_json_item(self->out);
        lua_rawgeti(lua, top + 1, (lua_Integer)i + 1);
        const char *wrong = put(self);
        lua_settop(lua, top + 1);
        if (wrong)
            return at(self, i + 1, wrong);
        /* One long row may stand in a list a thousand times: not all of them are written first. */
        if (self->out->size > self->limit)
            return TOO_LARGE;
    }
    buf_put_byte(self->out, ']');
    lua_settop(lua, top - 1);
    return NULL;
}

/* ---- cells ---- */

/* { 13001, 100000 }: what, of how many. */
static const char *put_percent(struct sheet *self) {
    lua_State *lua = self->lua;
    int64_t part = 0, whole = 0;
    int top = lua_gettop(lua);
    if (!freeze_unwrap(lua, -1))
        return "{ part, whole } is expected";
    lua_rawgeti(lua, top + 1, 1);
    lua_rawgeti(lua, top + 1, 2);
    bool has_whole = whole_at(lua, -1, &whole);
    if (!whole_at(lua, -2, &part) || !(has_whole || lua_isnil(lua, -1)) ||
        lua_rawlen(lua, top + 1) > 2)
        return "{ part, whole } of two whole numbers is expected";
    buf_put_byte(self->out, '[');
    buf_json_integer(self->out, part);
    buf_put_byte(self->out, ',');
    if (has_whole)
        buf_json_integer(self->out, whole);
    else
        buf_put_str(self->out, STR("null"));
    buf_put_byte(self->out, ']');
    lua_settop(lua, top);
    return NULL;
}

static const char *put_cell(struct sheet *self, enum column_kind kind) {
    int64_t number = 0;
    int32_t date;
    switch (kind) {
    case COLUMN_PERCENT:
        return put_percent(self);
    case COLUMN_NUMBER:
    case COLUMN_HOURS:
    case COLUMN_RANK:
    case COLUMN_HUNDREDTHS:
        if (!whole_at(self->lua, -1, &number))
            return "a whole number is expected";
        buf_json_integer(self->out, number);
        return NULL;
    case COLUMN_DATE:
        if (date_parse(text_at(self->lua, -1), &date) != 0)
            return "a date such as \"2018-12-31\" is expected";
        break;
    default:
        break;
    }
    return put_text(self, TITLE_BYTES) ? NULL : "a text of at most 256 bytes is expected";
}

static const char *column_wrong(struct sheet *self, const struct column *column,
                                const char *wrong) {
    return arena_string(self->arena,
                        arena_printf(self->arena, ".%.*s: %s", STR_ARG(column->name), wrong));
}

/* What a row is about stands beside its cells: whoever wants to know what a figure is made of asks
 * for what is counted for that. */
static const char *const subjects[] = {"region", "organisation"};
#define N_SUBJECTS (sizeof subjects / sizeof *subjects)

static bool is_column(const struct sheet *self, const char *name) {
    for (size_t i = 0; i < self->n_columns; i++)
        if (str_equal(self->columns[i].name, str_from(name)))
            return true;
    return false;
}

/* "region/620502000000" of the row at the index, or null. */
static const char *put_subject_of(struct sheet *self, int table) {
    for (size_t i = 0; i < N_SUBJECTS; i++) {
        bool is_said = !is_column(self, subjects[i]) &&
                       freeze_field(self->lua, table, subjects[i]) != LUA_TNIL;
        struct str id = is_said ? text_at(self->lua, -1) : STR_NONE;
        bool is_id = id.size && id.size <= EVENT_ID_LIMIT && call_is_text(id);
        if (is_id)
            buf_json_string(self->out,
                            arena_printf(self->arena, "%s/%.*s", subjects[i], STR_ARG(id)));
        lua_settop(self->lua, table);
        if (is_id)
            return NULL;
        if (is_said)
            return arena_string(
                self->arena,
                arena_printf(self->arena, ".%s: the id of one is expected", subjects[i]));
    }
    buf_put_str(self->out, STR("null"));
    return NULL;
}

static const char *put_subject(struct sheet *self) {
    int top = lua_gettop(self->lua);
    if (!freeze_unwrap(self->lua, -1))
        return "a table by the names of the columns is expected";
    const char *wrong = put_subject_of(self, top + 1);
    lua_settop(self->lua, top);
    return wrong;
}

/* The row on the top, its cells by the names of the columns. */
static const char *put_row(struct sheet *self) {
    lua_State *lua = self->lua;
    const char *names[COLUMNS_LIMIT + N_SUBJECTS];
    int top = lua_gettop(lua);
    if (!freeze_unwrap(lua, -1))
        return "a table by the names of the columns is expected";
    for (size_t i = 0; i < self->n_columns; i++)
        names[i] = self->columns[i].name.data;
    for (size_t i = 0; i < N_SUBJECTS; i++)
        names[self->n_columns + i] = subjects[i];
    const char *wrong = find_unknown(self, top + 1, names, self->n_columns + N_SUBJECTS);
    buf_put_byte(self->out, '[');
    for (size_t i = 0; !wrong && i < self->n_columns; i++) {
        const struct column *column = &self->columns[i];
        buf_json_item(self->out);
        if (freeze_field(lua, top + 1, column->name.data) == LUA_TNIL)
            buf_put_str(self->out, STR("null"));
        else if ((wrong = put_cell(self, column->kind)) != NULL)
            wrong = column_wrong(self, column, wrong);
        lua_settop(lua, top + 1);
    }
    buf_put_byte(self->out, ']');
    lua_settop(lua, top);
    return wrong;
}

/* ---- sections ---- */

static const char *take_name(struct sheet *self, struct column *column) {
    struct str name = text_at(self->lua, -1);
    if (!call_is_code(name))
        return ".name: a text of small letters, digits and _ is expected";
    for (size_t i = 0; i < self->n_columns; i++)
        if (str_equal(self->columns[i].name, name))
            return ".name: two columns have this name";
    column->name = str_from(arena_string(self->arena, name));
    return NULL;
}

static const char *take_kind(struct sheet *self, struct column *column) {
    struct str word = text_at(self->lua, -1);
    for (size_t i = 0; i < COLUMN_KINDS; i++) {
        if (!str_equal(word, str_from(column_kinds[i])))
            continue;
        column->kind = (enum column_kind)i;
        return NULL;
    }
    return ".kind: " CHOOSE_KIND " is expected";
}

/* ---- what a column counts ---- */

/* The counter's name on the top, as an item of a list. */
static const char *put_summand(struct sheet *self) {
    struct str name = text_at(self->lua, -1);
    if (counter_find(name) == COUNTER_COUNT)
        return "the name of something that count() knows is expected";
    buf_json_string(self->out, name);
    return NULL;
}

/* "minutes", or a list of names whose sum it is; always written as a list. */
static const char *put_counts(struct sheet *self, int table) {
    lua_State *lua = self->lua;
    const char *wrong;
    int type = freeze_field(lua, table, "counts");
    if (type == LUA_TNIL)
        return NULL;
    buf_json_key(self->out, "counts");
    if (type == LUA_TSTRING) {
        buf_put_byte(self->out, '[');
        wrong = put_summand(self);
        buf_put_byte(self->out, ']');
    } else {
        wrong = put_list(self, "counts", SUMMANDS_LIMIT, put_summand);
    }
    if (!wrong)
        return NULL;
    return arena_string(self->arena,
                        arena_printf(self->arena, ".counts%s%s", *wrong == '[' ? "" : ": ", wrong));
}

/* The whole months over which it is counted. */
static const char *put_day(struct sheet *self, int table, const char *name, bool first) {
    int32_t date;
    if (freeze_field(self->lua, table, name) == LUA_TNIL)
        return NULL;
    struct str text = text_at(self->lua, -1);
    if (date_parse(text, &date) != 0 ||
        (first ? date : date + 1) != month_first_date(date_month(first ? date : date + 1)))
        return first ? ".from: the first day of a month is expected"
                     : ".to: the last day of a month is expected";
    buf_json_key(self->out, name);
    buf_json_string(self->out, text);
    return NULL;
}

static const char *put_figure(struct sheet *self, int table) {
    bool known = false;
    if (freeze_field(self->lua, table, "figure") == LUA_TNIL)
        return NULL;
    struct str name = text_at(self->lua, -1);
    for (size_t i = 0; i < FIGURE_choices.n; i++)
        known |= str_equal(name, str_from(FIGURE_choices.words[i]));
    if (!known)
        return ".figure: the name of something that figure() knows is expected";
    buf_json_key(self->out, "figure");
    buf_json_string(self->out, name);
    return NULL;
}

static const char *put_source(struct sheet *self, int table) {
    bool has_source = freeze_field(self->lua, table, "counts") != LUA_TNIL ||
                      freeze_field(self->lua, table, "figure") != LUA_TNIL;
    self->n_sourced += has_source;
    const char *wrong = put_counts(self, table);
    if (!wrong)
        wrong = put_day(self, table, "from", true);
    if (!wrong)
        wrong = put_day(self, table, "to", false);
    return wrong ? wrong : put_figure(self, table);
}

static const char *put_column(struct sheet *self) {
    static const char *const names[] = {"name", "title", "kind", "counts", "from", "to", "figure"};
    lua_State *lua = self->lua;
    struct column *column = &self->columns[self->n_columns];
    if (!freeze_unwrap(lua, -1))
        return "{ name =, title =, kind = } is expected";
    int table = lua_gettop(lua);
    const char *wrong = find_unknown(self, table, names, sizeof names / sizeof *names);
    freeze_field(lua, table, "name");
    if (!wrong)
        wrong = take_name(self, column);
    freeze_field(lua, table, "kind");
    if (!wrong)
        wrong = take_kind(self, column);
    if (wrong)
        return wrong;
    buf_put_byte(self->out, '{');
    buf_json_key(self->out, "name");
    buf_json_string(self->out, column->name);
    buf_json_key(self->out, "title");
    freeze_field(lua, table, "title");
    if (!put_text(self, TITLE_BYTES))
        return ".title: a text of at most 256 bytes is expected";
    buf_json_key(self->out, "kind");
    buf_json_string(self->out, str_from(column_kinds[column->kind]));
    wrong = put_source(self, table);
    buf_put_byte(self->out, '}');
    lua_settop(lua, table);
    self->n_columns++;
    return wrong;
}

static const char *put_member_text(struct sheet *self, int table, const char *name, bool needed,
                                   size_t limit) {
    if (freeze_field(self->lua, table, name) == LUA_TNIL && !needed)
        return NULL;
    buf_json_key(self->out, name);
    if (put_text(self, limit))
        return NULL;
    return arena_string(
        self->arena,
        arena_printf(self->arena, ".%s: a text of at most %zu bytes is expected", name, limit));
}

static const char *put_member_list(struct sheet *self, int table, const char *name, size_t limit,
                                   const char *(*put)(struct sheet *self)) {
    freeze_field(self->lua, table, name);
    buf_json_key(self->out, name);
    const char *wrong = put_list(self, name, limit, put);
    lua_settop(self->lua, table);
    if (!wrong)
        return NULL;
    return arena_string(
        self->arena, arena_printf(self->arena, ".%s%s%s", name, *wrong == '[' ? "" : ": ", wrong));
}

/* What each row is about, in the order of the rows. */
static const char *put_subjects(struct sheet *self, int table) {
    freeze_field(self->lua, table, "rows");
    buf_json_key(self->out, "subjects");
    const char *wrong = put_list(self, "rows", ROWS_LIMIT, put_subject);
    lua_settop(self->lua, table);
    if (!wrong)
        return NULL;
    return arena_string(self->arena,
                        arena_printf(self->arena, ".rows%s%s", *wrong == '[' ? "" : ": ", wrong));
}

static const char *put_section(struct sheet *self) {
    static const char *const names[] = {"title", "note", "columns", "rows", "total"};
    lua_State *lua = self->lua;
    self->n_columns = self->n_sourced = 0;
    if (!freeze_unwrap(lua, -1))
        return "{ title =, columns = {}, rows = {} } is expected";
    int table = lua_gettop(lua);
    const char *wrong = find_unknown(self, table, names, sizeof names / sizeof *names);
    buf_put_byte(self->out, '{');
    if (!wrong)
        wrong = put_member_text(self, table, "title", true, TITLE_BYTES);
    if (!wrong)
        wrong = put_member_text(self, table, "note", false, PARAGRAPH_BYTES);
    if (!wrong)
        wrong = put_member_list(self, table, "columns", COLUMNS_LIMIT, put_column);
    if (!wrong && self->n_columns == 0)
        wrong = ".columns: at least one is needed";
    if (!wrong)
        wrong = put_member_list(self, table, "rows", ROWS_LIMIT, put_row);
    if (!wrong && self->n_sourced > 0)
        wrong = put_subjects(self, table);
    if (!wrong && freeze_field(lua, table, "total") != LUA_TNIL) {
        buf_json_key(self->out, "total");
        wrong = put_row(self);
        if (wrong)
            wrong = arena_string(self->arena, arena_printf(self->arena, ".total%s%s",
                                                           *wrong == '.' ? "" : ": ", wrong));
    }
    buf_put_byte(self->out, '}');
    return wrong;
}

/* ---- series ---- */

/* As the cells of a table: whoever draws it compares it with the target exactly. */
static void put_rate(struct buf *out, int64_t part, int64_t whole) {
    if (whole <= 0 || part < 0)
        buf_put_str(out, STR("null"));
    else
        buf_printf(out, "[%lld,%lld]", (long long)part, (long long)whole);
}

/* A whole number, or { part, whole } for a percentage. */
static const char *put_number(struct sheet *self) {
    lua_State *lua = self->lua;
    int64_t number = 0, whole = 0;
    int top = lua_gettop(lua);
    if (whole_at(lua, -1, &number)) {
        buf_json_integer(self->out, number);
        return NULL;
    }
    if (lua_isnil(lua, -1)) {
        buf_put_str(self->out, STR("null"));
        return NULL;
    }
    if (!freeze_unwrap(lua, -1))
        return ".value: a whole number or { part, whole } is expected";
    lua_rawgeti(lua, top + 1, 1);
    lua_rawgeti(lua, top + 1, 2);
    if (!whole_at(lua, -2, &number))
        return ".value: a whole number or { part, whole } is expected";
    put_rate(self->out, number, whole_at(lua, -1, &whole) ? whole : 0);
    return NULL;
}

static const char *put_point(struct sheet *self) {
    static const char *const names[] = {"label", "value"};
    lua_State *lua = self->lua;
    if (!freeze_unwrap(lua, -1))
        return "{ label =, value = } is expected";
    int table = lua_gettop(lua);
    const char *wrong = find_unknown(self, table, names, 2);
    buf_put_byte(self->out, '{');
    if (!wrong)
        wrong = put_member_text(self, table, "label", true, TITLE_BYTES);
    buf_json_key(self->out, "value");
    freeze_field(lua, table, "value");
    if (!wrong)
        wrong = put_number(self);
    buf_put_byte(self->out, '}');
    return wrong;
}

static const char *put_target(struct sheet *self, int table) {
    int64_t target = 0;
    if (freeze_field(self->lua, table, "target") == LUA_TNIL)
        return NULL;
    if (!whole_at(self->lua, -1, &target))
        return ".target: a whole number is expected";
    buf_json_key(self->out, "target");
    buf_json_integer(self->out, target);
    return NULL;
}

static const char *put_one_series(struct sheet *self) {
    static const char *const names[] = {"title", "name", "kind", "unit", "target", "points"};
    lua_State *lua = self->lua;
    if (!freeze_unwrap(lua, -1))
        return "{ title =, kind =, points = {} } is expected";
    int table = lua_gettop(lua);
    const char *wrong = find_unknown(self, table, names, sizeof names / sizeof *names);
    buf_put_byte(self->out, '{');
    if (!wrong)
        wrong = put_member_text(self, table, "title", true, TITLE_BYTES);
    if (!wrong)
        wrong = put_member_text(self, table, "name", false, TITLE_BYTES);
    freeze_field(lua, table, "kind");
    struct str kind = text_at(lua, -1);
    if (!wrong && !str_equal(kind, STR("bar")) && !str_equal(kind, STR("line")))
        wrong = ".kind: bar or line is expected";
    if (!wrong)
        wrong = put_member_text(self, table, "kind", true, TITLE_BYTES);
    if (!wrong)
        wrong = put_member_text(self, table, "unit", false, TITLE_BYTES);
    if (!wrong)
        wrong = put_target(self, table);
    if (!wrong)
        wrong = put_member_list(self, table, "points", POINTS_LIMIT, put_point);
    buf_put_byte(self->out, '}');
    return wrong;
}

static const char *put_paragraph(struct sheet *self) {
    return put_text(self, PARAGRAPH_BYTES) ? NULL : "a text of at most 4096 bytes is expected";
}

/* ---- members of the document ---- */

/* A page of tables is longer than any other answer: of a county, a row for each of 130 townships
 * six times over. */
static struct policy_limits page_limits(const struct result *result) {
    struct policy_limits limits = *result->limits;
    limits.result_bytes *= 2;
    return limits;
}

/* Adds what stands in the call's buffer as a member of the document so far. */
static const char *add_member(struct result *result, const char *name) {
    struct call *call = result->call;
    struct answer *answer = result->answer;
    const struct policy_limits limits = page_limits(result);
    if (!call_take_bytes(call, &limits, call->json.size))
        return TOO_LARGE;
    struct str before =
        answer->json.size ? (struct str){answer->json.data, answer->json.size - 1} : STR("{");
    answer->json = arena_printf(call->arena, "%.*s%s\"%s\":%.*s}", STR_ARG(before),
                                answer->json.size ? "," : "", name, STR_ARG(buf_str(&call->json)));
    return NULL;
}

static struct sheet sheet_of(struct result *result) {
    buf_reset(&result->call->json);
    return (struct sheet){.lua = result->lua,
                          .arena = result->call->arena,
                          .out = &result->call->json,
                          .limit = page_limits(result).result_bytes};
}

static const char *read_line(struct result *result, const char *name) {
    struct sheet sheet = sheet_of(result);
    return put_text(&sheet, TITLE_BYTES) ? add_member(result, name)
                                         : "a text of at most 256 bytes is expected";
}

static const char *read_list(struct result *result, const char *name, size_t limit,
                             const char *(*put)(struct sheet *self)) {
    struct sheet sheet = sheet_of(result);
    if (!lua_checkstack(result->lua, 40))
        return "it is nested too deeply";
    lua_pushvalue(result->lua, -1);
    const char *wrong = put_list(&sheet, name, limit, put);
    return wrong ? wrong : add_member(result, name);
}

const char *result_read_title(struct result *result) {
    return read_line(result, "title");
}

const char *result_read_subtitle(struct result *result) {
    return read_line(result, "subtitle");
}

const char *result_read_sections(struct result *result) {
    return read_list(result, "sections", SECTIONS_LIMIT, put_section);
}

const char *result_read_series(struct result *result) {
    return read_list(result, "series", SERIES_LIMIT, put_one_series);
}

const char *result_read_paragraphs(struct result *result) {
    return read_list(result, "text", PARAGRAPHS_LIMIT, put_paragraph);
}
