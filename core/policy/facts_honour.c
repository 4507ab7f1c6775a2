/* The honour that candidates are asked about for. */
#include "domain/honours.h"
#include "policy/call.h"

static int load(struct reading *reading) {
    struct honour_defined *honour = arena_alloc(reading->call->arena, sizeof *honour);
    reading->object->attributes = honour;
    return honour_get(reading->call->view, reading->object->number, reading->call->arena, honour);
}

static const struct honour_defined *honour_of(const struct reading *reading) {
    return reading->object->attributes;
}

static int read_id(struct reading *reading) {
    return push_id(reading, NOUN_HONOUR, reading->object->number);
}

static int read_title(struct reading *reading) {
    return push_text(reading, honour_of(reading)->title);
}

static int read_level(struct reading *reading) {
    return push_choice(reading, &TITLE_LEVEL_choices, honour_of(reading)->level);
}

static int read_classes(struct reading *reading) {
    const struct list *classes = &honour_of(reading)->classes;
    const struct str *codes = classes->items;
    lua_createtable(reading->lua, (int)classes->n, 0);
    for (size_t i = 0; i < classes->n; i++) {
        push_text(reading, codes[i]);
        lua_rawseti(reading->lua, -2, (lua_Integer)i + 1);
    }
    return 0;
}

static int read_places(struct reading *reading) {
    return push_integer(reading, honour_places(honour_of(reading)));
}

static const struct fact facts[] = {
    FACT("id", read_id, DEFAULT_NONE),         FACT("title", read_title, DEFAULT_NONE),
    FACT("level", read_level, DEFAULT_NONE),   FACT("classes", read_classes, DEFAULT_LIST),
    FACT("places", read_places, DEFAULT_ZERO),
};

const struct object_type honour_object = {"honour", FACTS(facts), load};
