#include "policy/result.h"

#include <stdio.h>

#include "domain/dictionaries.h"
#include "policy/freeze.h"

#define TITLES_LIMIT 16
#define FIELDS_MOST 16 /* of a kind */
#define TITLE_BYTES 128
#define MINUTES_MOST (366 * 24 * 60)
#define RANK_MOST INT64_C(1000000000000) /* as honour.considered takes it */

static bool read_whole(lua_State *lua, int64_t least, int64_t most, int64_t *ret_value) {
    int whole = 0;
    lua_Integer value = lua_type(lua, -1) == LUA_TNUMBER ? lua_tointegerx(lua, -1, &whole) : 0;
    if (!whole || value < least || value > most)
        return false;
    *ret_value = value;
    return true;
}

static struct str text_at(lua_State *lua, int index) {
    struct str text = STR_NONE;
    if (lua_type(lua, index) == LUA_TSTRING)
        text.data = lua_tolstring(lua, index, &text.size);
    return text;
}

static bool read_word(struct result *result, const struct choices *choices) {
    struct str word = text_at(result->lua, -1);
    result->answer->outcomes = choices;
    for (size_t i = 0; word.data && i < choices->n; i++) {
        if (!str_equal(word, str_from(choices->words[i])))
            continue;
        result->answer->outcome = (int32_t)i;
        return true;
    }
    return false;
}

static const char *read_outcome(struct result *result) {
    return read_word(result, &OUTCOME_choices) ? NULL
                                               : "must be \"accepted\", \"held\" or \"refused\"";
}

static const char *read_enrolment_outcome(struct result *result) {
    return read_word(result, &ENROLMENT_OUTCOME_choices)
               ? NULL
               : "must be \"accepted\", \"waitlisted\" or \"refused\"";
}

static const char *read_standing(struct result *result) {
    return read_word(result, &STANDING_choices)
               ? NULL
               : "must be \"good\", \"suspended\" or \"deregistered\"";
}

static const char *read_minutes(struct result *result) {
    return read_whole(result->lua, 0, MINUTES_MOST, &result->answer->minutes)
               ? NULL
               : "must be a whole number of minutes, 0 or more";
}

static const char *read_stars(struct result *result) {
    return read_whole(result->lua, 0, 5, &result->answer->stars)
               ? NULL
               : "must be a whole number from 0 to 5";
}

static const char *read_titles(struct result *result) {
    static const char wrong[] = "must be a list of at most 16 texts of at most 128 bytes";
    lua_State *lua = result->lua;
    struct call *call = result->call;
    size_t n;
    if (!freeze_unwrap(lua, -1) || !freeze_list(lua, -1, &n) || n > TITLES_LIMIT)
        return wrong;
    struct str *titles = arena_alloc(call->arena, (n + 1) * sizeof *titles);
    for (size_t i = 0; i < n; i++) {
        lua_rawgeti(lua, -1, (lua_Integer)i + 1);
        struct str title = text_at(lua, -1);
        if (!title.size || title.size > TITLE_BYTES || !call_is_text(title) ||
            !call_take_bytes(call, result->limits, title.size))
            return wrong;
        titles[i] = arena_copy(call->arena, title);
        lua_pop(lua, 1);
    }
    lua_pop(lua, 1);
    result->answer->titles = (struct list){n, titles};
    return NULL;
}

static const char *read_valid_until(struct result *result) {
    struct str text = text_at(result->lua, -1);
    return text.data && date_parse(text, &result->answer->valid_until) == 0
               ? NULL
               : "must be a date such as \"2018-12-31\"";
}

static const char *read_boolean(struct result *result, bool *ret_value) {
    *ret_value = lua_toboolean(result->lua, -1);
    return lua_isboolean(result->lua, -1) ? NULL : "must be true or false";
}

static const char *read_on_application(struct result *result) {
    return read_boolean(result, &result->answer->on_application);
}

static const char *read_approved_by(struct result *result) {
    struct str word = text_at(result->lua, -1);
    for (size_t i = 0; word.data && i < APPROVAL_LEVEL_choices.n; i++) {
        if (!str_equal(word, str_from(APPROVAL_LEVEL_choices.words[i])))
            continue;
        result->answer->approved_by = (int32_t)i + 1;
        return NULL;
    }
    return "must be \"community\", \"township\", \"county\", \"city\", \"province\" or \"nation\"";
}

static const char *read_notice_days(struct result *result) {
    return read_whole(result->lua, 0, 365, &result->answer->notice_days)
               ? NULL
               : "must be a whole number of working days, at most 365";
}

static const char *read_appeal_days(struct result *result) {
    return read_whole(result->lua, 1, 3650, &result->answer->appeal_days)
               ? NULL
               : "must be a whole number of days, from 1 to 3650";
}

static const char *read_nominate(struct result *result) {
    return read_boolean(result, &result->answer->nominate);
}

static const char *read_rank(struct result *result) {
    return read_whole(result->lua, -RANK_MOST, RANK_MOST, &result->answer->rank)
               ? NULL
               : "must be a whole number; who has the highest comes first";
}

/* A case has no city: what is shipped stands for its dictionary, and others may be the city's own.
 */
static const char *read_class(struct result *result) {
    struct call *call = result->call;
    struct dictionary_code entry;
    struct str code = text_at(result->lua, -1);
    if (!code.size || code.size > 64 || !call_is_text(code))
        return "must be a code of the dictionary honour_class";
    int r = call->view ? dictionary_get(call->view, DICTIONARY_HONOUR_CLASS, code, &entry) : 0;
    if (r < 0)
        call->error = r;
    if (r != 0)
        return "is not in the dictionary honour_class";
    result->answer->class = arena_copy(call->arena, code);
    return NULL;
}

static const char *read_findings(struct result *result) {
    lua_State *lua = result->lua;
    size_t n;
    if (!freeze_unwrap(lua, -1) || !freeze_list(lua, -1, &n))
        return "must be a list of { code =, value =, needed = }";
    int list = lua_gettop(lua);
    for (size_t i = 0; i < n; i++) {
        lua_rawgeti(lua, list, (lua_Integer)i + 1);
        freeze_field(lua, list + 1, "code");
        freeze_field(lua, list + 1, "value");
        freeze_field(lua, list + 1, "needed");
        const char *wrong =
            call_add_finding(result->call, result->limits, lua, list + 2, list + 3, list + 4);
        if (wrong)
            return wrong;
        lua_settop(lua, list);
    }
    lua_settop(lua, list - 1);
    return NULL;
}

static const char *finish_acceptance(struct answer *answer) {
    if (answer->outcome == OUTCOME_REFUSED)
        answer->minutes = 0;
    else if (answer->minutes < 0)
        return "minutes are needed with \"accepted\" and \"held\" (what counts once it is "
               "accepted)";
    else if (answer->outcome == OUTCOME_ACCEPTED && answer->minutes == 0)
        return "no minutes are accepted: answer \"refused\"";
    return NULL;
}

static const char *finish_redemption(struct answer *answer) {
    return answer->outcome == OUTCOME_HELD ? "a redemption is \"accepted\" or \"refused\"" : NULL;
}

static const char *finish_star_rating(struct answer *answer) {
    return !answer->on_application && (answer->approved_by || answer->notice_days)
               ? "approved_by and notice_days go with on_application = true"
               : NULL;
}

static const char *finish_standing(struct answer *answer) {
    return answer->valid_until == INT32_MIN || answer->outcome == STANDING_SUSPENDED
               ? NULL
               : "until is the last day of a suspension: it goes with \"suspended\" alone";
}

static const struct result_field eligibility_fields[] = {
    {"outcome", read_enrolment_outcome, true},
    {"findings", read_findings, false},
};

static const struct result_field standing_fields[] = {
    {"standing", read_standing, true},
    {"until", read_valid_until, false},
    {"findings", read_findings, false},
    {"appeal_days", read_appeal_days, false},
};

static const struct result_field registration_fields[] = {
    {"outcome", read_outcome, true},
    {"findings", read_findings, false},
};

static const struct result_field acceptance_fields[] = {
    {"outcome", read_outcome, true},
    {"minutes", read_minutes, false},
    {"findings", read_findings, false},
};

static const struct result_field star_rating_fields[] = {
    {"stars", read_stars, true},
    {"titles", read_titles, false},
    {"valid_until", read_valid_until, false},
    {"findings", read_findings, false},
    {"on_application", read_on_application, false},
    {"approved_by", read_approved_by, false},
    {"notice_days", read_notice_days, false},
};

static const struct result_field redemption_fields[] = {
    {"outcome", read_outcome, true},
    {"findings", read_findings, false},
};

static const struct result_field honour_fields[] = {
    {"nominate", read_nominate, true},
    {"rank", read_rank, false},
    {"class", read_class, false},
    {"findings", read_findings, false},
};

static const struct result_field assessment_fields[] = {
    {"indicators", result_read_indicators, true},
    {"findings", read_findings, false},
    {"alerts", result_read_alerts, false},
};

static const struct result_field points_fields[] = {
    {"postings", result_read_postings, true},
    {"findings", read_findings, false},
};

/* The document's members, in the order in which they stand in its JSON. */
static const struct result_field bulletin_fields[] = {
    {"title", result_read_title, false},      {"subtitle", result_read_subtitle, false},
    {"sections", result_read_sections, true}, {"series", result_read_series, false},
    {"text", result_read_paragraphs, false},  {"findings", read_findings, false},
};

#define FIELDS(list) list, sizeof(list) / sizeof *(list)

static const struct policy_kind kinds[] = {
    {POLICY_KIND_REGISTRATION, OBJECT_VOLUNTEER, OBJECT_NONE, FIELDS(registration_fields), NULL},
    {POLICY_KIND_ACCEPTANCE, OBJECT_RECORD, OBJECT_NONE, FIELDS(acceptance_fields),
     finish_acceptance},
    {POLICY_KIND_ELIGIBILITY, OBJECT_REQUEST, OBJECT_NONE, FIELDS(eligibility_fields), NULL},
    {POLICY_KIND_STANDING, OBJECT_VOLUNTEER, OBJECT_NONE, FIELDS(standing_fields), finish_standing},
    {POLICY_KIND_STAR_RATING, OBJECT_VOLUNTEER, OBJECT_NONE, FIELDS(star_rating_fields),
     finish_star_rating},
    {POLICY_KIND_POINTS, OBJECT_RECORD, OBJECT_VOLUNTEER, FIELDS(points_fields), NULL},
    {POLICY_KIND_REDEMPTION, OBJECT_REDEMPTION_REQUEST, OBJECT_NONE, FIELDS(redemption_fields),
     finish_redemption},
    {POLICY_KIND_HONOUR, OBJECT_VOLUNTEER, OBJECT_NONE, FIELDS(honour_fields), NULL},
    {POLICY_KIND_ASSESSMENT, OBJECT_REGION, OBJECT_ORGANISATION, FIELDS(assessment_fields), NULL},
    {POLICY_KIND_BULLETIN, OBJECT_REGION, OBJECT_NONE, FIELDS(bulletin_fields), NULL},
};
#define N_KINDS (sizeof kinds / sizeof *kinds)

const struct policy_kind *policy_kind(enum POLICY_KIND_choice kind) {
    for (size_t i = 0; i < N_KINDS; i++)
        if (kinds[i].kind == kind)
            return &kinds[i];
    return NULL;
}

const char *policy_kinds_text(char text[static KINDS_TEXT_BYTES]) {
    size_t size = 0;
    text[0] = 0;
    for (size_t i = 0; i < N_KINDS && size < KINDS_TEXT_BYTES; i++) {
        const char *before = i == 0 ? "" : i == N_KINDS - 1 ? " or " : ", ";
        size += (size_t)snprintf(text + size, KINDS_TEXT_BYTES - size, "%s%s", before,
                                 POLICY_KIND_choices.words[kinds[i].kind]);
    }
    return text;
}

static const char *wrong_field(struct result *result, const struct policy_kind *kind,
                               const char *name, const char *wrong) {
    struct str text = arena_printf(result->call->arena, "%s returned a wrong %s: %s",
                                   POLICY_KIND_choices.words[kind->kind], name, wrong);
    return arena_string(result->call->arena, text);
}

static const char *unknown_field(struct result *result, const struct policy_kind *kind,
                                 const char *unknown) {
    const char *names[FIELDS_MOST];
    for (size_t i = 0; i < kind->n_fields; i++)
        names[i] = kind->fields[i].name;
    const char *nearest = str_nearest(str_from(unknown), names, kind->n_fields);
    struct str text =
        arena_printf(result->call->arena, "%s returned a field '%s' that it does not have%s%s",
                     POLICY_KIND_choices.words[kind->kind], unknown,
                     nearest ? ": did you mean " : "", nearest ? nearest : "");
    return arena_string(result->call->arena, text);
}

static size_t field_index(const struct policy_kind *kind, const char *name) {
    size_t i = 0;
    while (i < kind->n_fields && strcmp(kind->fields[i].name, name) != 0)
        i++;
    return i;
}

/* Which fields stand in the table, as bits; or complains of the first, by the alphabet, that the
 * kind does not have. */
static const char *find_fields(struct result *result, const struct policy_kind *kind, int table,
                               uint32_t *ret_present) {
    lua_State *lua = result->lua;
    const char *unknown = NULL;
    *ret_present = 0;
    for (lua_pushnil(lua); lua_next(lua, table); lua_pop(lua, 1)) {
        const char *name = lua_type(lua, -2) == LUA_TSTRING ? lua_tostring(lua, -2) : "[number]";
        size_t i = field_index(kind, name);
        if (i < kind->n_fields)
            *ret_present |= 1U << i;
        else if (!unknown || strcmp(name, unknown) < 0)
            unknown = name;
    }
    return unknown ? unknown_field(result, kind, unknown) : NULL;
}

static const char *read_field(struct result *result, const struct policy_kind *kind,
                              const struct result_field *field) {
    const char *wrong = NULL;
    if (!lua_isnil(result->lua, -1))
        wrong = field->read(result);
    else if (field->required)
        wrong = "it is missing";
    return wrong ? wrong_field(result, kind, field->name, wrong) : NULL;
}

static const char *read_table(struct result *result, const struct policy_kind *kind) {
    lua_State *lua = result->lua;
    int table = lua_gettop(lua);
    uint32_t present;
    const char *wrong = find_fields(result, kind, table, &present);
    for (size_t i = 0; !wrong && i < kind->n_fields; i++) {
        if (present >> i & 1) {
            lua_pushstring(lua, kind->fields[i].name);
            lua_rawget(lua, table);
        } else if (kind->fields[i].required) {
            lua_pushnil(lua);
        } else {
            continue;
        }
        wrong = read_field(result, kind, &kind->fields[i]);
        lua_settop(lua, table);
    }
    return wrong;
}

static const char *read_bare(struct result *result, const struct policy_kind *kind, int n) {
    lua_State *lua = result->lua;
    int first = lua_gettop(lua) - n + 1;
    const char *wrong = NULL;
    for (size_t i = 0; !wrong && i < kind->n_fields; i++) {
        if ((int)i >= n && !kind->fields[i].required)
            continue;
        if ((int)i < n)
            lua_pushvalue(lua, first + (int)i);
        else
            lua_pushnil(lua);
        wrong = read_field(result, kind, &kind->fields[i]);
        lua_settop(lua, first + n - 1);
    }
    return wrong;
}

const char *result_read(struct result *result, const struct policy_kind *kind, int n) {
    lua_State *lua = result->lua;
    const char *wrong;
    result->answer->minutes = -1;
    if (!lua_checkstack(lua, 16))
        return "the result is too deep";
    if (n == 1 && lua_istable(lua, -1) && !freeze_unwrap(lua, -1))
        return wrong_field(result, kind, "result", "it is not a plain table");
    if (n == 1 && lua_istable(lua, -1))
        wrong = read_table(result, kind);
    else
        wrong = read_bare(result, kind, n);
    const char *unfit = wrong || !kind->finish ? NULL : kind->finish(result->answer);
    if (unfit)
        wrong = wrong_field(result, kind, "result", unfit);
    if (result->answer->minutes < 0)
        result->answer->minutes = 0;
    return wrong;
}
