/* The lists of types.h become tables of struct field: a row's third word chooses what its fourth
 * one means. */
#include "event/catalogue.h"
#include "event/codec.h"

#include <assert.h>

#define ARGUMENT_ID(argument) .noun = NOUN_##argument
#define ARGUMENT_TEXT(argument) .size_limit = (argument)
#define ARGUMENT_CODE(argument) .dictionary = DICTIONARY_##argument
#define ARGUMENT_INTEGER(argument) .range = RANGE_##argument
#define ARGUMENT_BOOLEAN(argument) .size_limit = (argument)
#define ARGUMENT_SCALAR(argument) .size_limit = (argument)
#define ARGUMENT_TIME(argument) .size_limit = (argument)
#define ARGUMENT_DATE(argument) .size_limit = (argument)
#define ARGUMENT_MONTH(argument) .size_limit = (argument)
#define ARGUMENT_CHOICE(argument) .choices = &argument##_choices
#define ARGUMENT_OBJECT(argument) .fields = &argument##_fields
#define ARGUMENT_OBJECTS(argument) .fields = &argument##_fields
#define ARGUMENT_LIST(argument) .size_limit = (argument)
#define ARGUMENT_QUANTITIES(argument) .size_limit = (argument)
#define ARGUMENT_CHANGES(argument) .fields = &argument##_fields
#define ARGUMENT_JSON(argument) .size_limit = (argument)

/* A field whose name is a word of C has a member with _ behind it: case_ is "case". A name that is
 * none leaves FIELD_WORD with its own text. */
#define KEYWORD_case_ ~, "case"
#define SECOND(first, second, ...) second
#define PICK_SECOND(...) SECOND(__VA_ARGS__)
#define FIELD_WORD(member, text) PICK_SECOND(KEYWORD_##member, text, ~)

#define FIELD(T, member, kind_word, argument, flag_words, label_text)                              \
    {.name = FIELD_WORD(member, #member),                                                          \
     .label = label_text,                                                                          \
     .kind = FIELD_##kind_word,                                                                    \
     .flags = flag_words,                                                                          \
     .offset = offsetof(struct T, member),                                                         \
     ARGUMENT_##kind_word(argument)},
#define S(T)                                                                                       \
    static const struct field T##_list[] = {FIELDS_##T(FIELD)};                                    \
    static_assert(sizeof T##_list / sizeof *T##_list <= 64, "bit i of head.present is field i");   \
    const struct fields T##_fields = {#T, T##__count, sizeof(struct T), T##_list};
EVENT_PARTS(S)
#define T(number, name, type, writer, version, noun, label) S(name)
EVENT_TYPES(T)
#undef T
#undef S

static const struct event_type types[] = {
#define T(number, name, type, writer, version, noun, label)                                        \
    {number, version, type, label, WRITER_##writer, NOUN_##noun, &name##_fields},
    EVENT_TYPES(T)
#undef T
};

static const char *const type_names[] = {
#define T(number, name, type, writer, version, noun, label) type,
    EVENT_TYPES(T)
#undef T
};

enum type_place {
#define T(number, name, type, writer, version, noun, label) PLACE_##name,
    EVENT_TYPES(T)
#undef T
};

#define TYPE_COUNT (sizeof types / sizeof *types)
static_assert(TYPE_COUNT < 255, "a place fits in a byte");

static const struct noun_info nouns[NOUN_COUNT] = {
#define N(name, word, label) [NOUN_##name] = {word, label},
    NOUNS(N)
#undef N
};

size_t catalogue_count(void) {
    return TYPE_COUNT;
}

const struct event_type *catalogue_at(size_t index) {
    assert(index < TYPE_COUNT);
    return &types[index];
}

const struct event_type *catalogue_find(struct str name) {
    for (size_t i = 0; i < TYPE_COUNT; i++)
        if (name_is(types[i].name, name))
            return &types[i];
    return NULL;
}

const struct event_type *catalogue_by_number(uint32_t number) {
    /* Place + 1 by number: every record read or written looks here. */
    static const uint8_t places[] = {
#define T(number, name, type, writer, version, noun, label) [number] = PLACE_##name + 1,
        EVENT_TYPES(T)
#undef T
    };
    uint8_t place = number < sizeof places ? places[number] : 0;
    return place ? &types[place - 1] : NULL;
}

const char *catalogue_nearest(struct str name) {
    return str_nearest(name, type_names, TYPE_COUNT);
}

const struct noun_info *noun_info(enum noun noun) {
    assert(noun < NOUN_COUNT);
    return &nouns[noun];
}

enum noun noun_find(struct str name) {
    size_t noun = 0;
    while (noun < NOUN_COUNT && !name_is(nouns[noun].name, name))
        noun++;
    return (enum noun)noun;
}
