/* A finding in the words of the text that found it. */
#include "policy/words.h"

#include "policy/evaluate.h"
#include "policy/host.h"

static void put_scalar(struct buf *out, bool given, const struct scalar *scalar) {
    if (!given)
        buf_put_str(out, STR("?"));
    else if (scalar->kind == SCALAR_INTEGER)
        buf_json_integer(out, scalar->integer);
    else if (scalar->kind == SCALAR_BOOLEAN)
        buf_put_str(out, scalar->integer ? STR("是") : STR("否"));
    else
        buf_put_str(out, scalar->text);
}

/* %d, %s, %1$d, %2$s, %%: what stands at the beginning of the text. */
struct word_place {
    size_t size; /* 0: none */
    char kind;   /* 'd', 's' or '%' */
    char which;  /* '1' the value, '2' what is needed; 0: the next one */
};

static struct word_place place_at(struct str text) {
    struct word_place place = {0};
    size_t at = 1;
    if (text.size > 3 && (text.data[1] == '1' || text.data[1] == '2') && text.data[2] == '$') {
        place.which = text.data[1];
        at = 3;
    }
    place.kind = text.size > at && text.data[0] == '%' ? text.data[at] : 0;
    if (place.kind == 'd' || place.kind == 's' || (place.kind == '%' && at == 1))
        place.size = at + 1;
    return place;
}

/* The first %d or %s is the value, the second what is needed; %1$d and %2$d in any order. */
static void put_words(struct buf *out, struct str words, const struct finding *finding) {
    unsigned n = 0;
    for (size_t i = 0; i < words.size; i++) {
        struct word_place place = place_at((struct str){words.data + i, words.size - i});
        if (place.size == 0 || place.kind == '%') {
            buf_put_byte(out, (uint8_t)words.data[i]);
            i += place.size ? 1 : 0;
            continue;
        }
        i += place.size - 1;
        bool is_value = place.which ? place.which == '1' : n++ == 0;
        if (is_value)
            put_scalar(out, HAS(finding, finding, value), &finding->value);
        else
            put_scalar(out, HAS(finding, finding, needed), &finding->needed);
    }
}

bool words_are_sound(struct str words) {
    unsigned n = 0;
    for (size_t i = 0; i < words.size; i++) {
        struct word_place place = place_at((struct str){words.data + i, words.size - i});
        if (words.data[i] != '%')
            continue;
        if (place.size == 0)
            return false;
        n += place.kind != '%' && !place.which;
        i += place.size - 1;
    }
    return n <= 2;
}

/* Where a finding has no words: its code, value and what is needed. */
static void put_bare(struct buf *out, const struct finding *finding) {
    buf_put_str(out, finding->code);
    if (HAS(finding, finding, value)) {
        buf_put_str(out, STR(": "));
        put_scalar(out, true, &finding->value);
    }
    if (HAS(finding, finding, needed)) {
        buf_put_str(out, STR(" / "));
        put_scalar(out, true, &finding->needed);
    }
}

struct str policy_finding_text(struct policy_host *host, struct str revision,
                               const struct finding *finding, struct arena *arena) {
    struct buf out __attribute__((cleanup(buf_deinit))) = {0};
    struct revision *found = host_find(host, revision);
    struct str words = STR_NONE;
    int base = -1;
    if (found && host_renew_state(host) == 0 && host_load(host, found)) {
        lua_State *lua = host->sandbox.lua;
        base = lua_gettop(lua);
        lua_rawgeti(lua, LUA_REGISTRYINDEX, found->program.policy);
        freeze_field(lua, -1, "texts");
        if (freeze_field(lua, -1, arena_string(arena, finding->code)) == LUA_TSTRING)
            words.data = lua_tolstring(lua, -1, &words.size);
    }
    if (words.data)
        put_words(&out, words, finding);
    else
        put_bare(&out, finding);
    if (base >= 0)
        lua_settop(host->sandbox.lua, base);
    return arena_copy(arena, buf_str(&out));
}
