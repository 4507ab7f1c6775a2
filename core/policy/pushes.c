/* What readers of facts push: texts, numbers, dates, choices, ids. */
#include "policy/call.h"

int push_text(struct reading *reading, struct str text) {
    if (text.data)
        lua_pushlstring(reading->lua, text.data, text.size);
    else
        lua_pushnil(reading->lua);
    return 0;
}

int push_integer(struct reading *reading, int64_t value) {
    lua_pushinteger(reading->lua, value);
    return 0;
}

int push_boolean(struct reading *reading, bool value) {
    lua_pushboolean(reading->lua, value);
    return 0;
}

int push_date(struct reading *reading, int32_t date) {
    if (date == 0 || date == INT32_MIN)
        return push_text(reading, STR_NONE);
    return push_text(reading, dates_write(&reading->host->dates, date));
}

int push_choice(struct reading *reading, const struct choices *choices, int32_t choice) {
    if (choice < 0 || (size_t)choice >= choices->n)
        lua_pushnil(reading->lua);
    else
        lua_pushstring(reading->lua, choices->words[choice]);
    return 0;
}

int push_empty_list(struct reading *reading) {
    buf_put_str(&reading->call->json, STR("[]"));
    lua_createtable(reading->lua, 0, 0);
    return 0;
}

int push_texts(struct reading *reading, const struct list *texts) {
    const struct str *items = texts->items;
    if (texts->n == 0)
        return push_empty_list(reading);
    sandbox_charge(reading->lua, texts->n);
    lua_createtable(reading->lua, (int)texts->n, 0);
    for (size_t i = 0; i < texts->n; i++) {
        push_text(reading, items[i]);
        lua_rawseti(reading->lua, -2, (lua_Integer)i + 1);
    }
    return 0;
}

int push_id(struct reading *reading, enum noun noun, uint32_t number) {
    struct str id;
    int r = thing_id(reading->call->view, noun, number, reading->call->arena, &id);
    return r ? r : push_text(reading, id);
}

int find_number(struct reading *reading, enum noun noun, struct str id, uint32_t *ret_number) {
    *ret_number = 0;
    if (!id.size)
        return 0;
    int r = thing_find(reading->call->view, noun, id, ret_number);
    return r < 0 ? r : 0;
}
