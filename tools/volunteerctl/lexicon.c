#include "lexicon.h"

#include <stdlib.h>
#include <string.h>

#include "value.h"

void lexicon_init(struct lexicon *lexicon, struct client *client) {
    *lexicon = (struct lexicon){.client = client};
}

void lexicon_deinit(struct lexicon *lexicon) {
    for (size_t i = 0; i < DICTIONARY_COUNT; i++) {
        free(lexicon->lists[i].words);
        json_decref(lexicon->lists[i].answer);
    }
}

static struct lexicon_word *words_new(size_t n) {
    struct lexicon_word *words = calloc(n ? n : 1, sizeof *words);
    if (!words)
        abort();
    return words;
}

static void list_ship(struct lexicon_list *list, enum DICTIONARY_choice dictionary) {
    const struct dictionary_info *info = dictionary_info(dictionary);
    list->words = words_new(info->n);
    for (size_t i = 0; i < info->n; i++)
        list->words[list->n++] = (struct lexicon_word){.word = info->entries[i].code,
                                                       .label = info->entries[i].title,
                                                       .decimals = info->entries[i].decimals};
}

static void list_take(struct lexicon_list *list, json_t *answer) {
    json_t *items = json_object_get(answer, "items");
    size_t index;
    json_t *item;
    list->answer = answer;
    list->words = words_new(json_array_size(items));
    json_array_foreach(items, index, item) {
        const char *code = text_at(item, "code"), *title = text_at(item, "title");
        if (*code)
            list->words[list->n++] =
                (struct lexicon_word){.word = code,
                                      .label = *title ? title : code,
                                      .decimals = (int)integer_at(item, "decimals"),
                                      .retired = has_at(item, "retired")};
    }
}

/* What the daemon says; false where none answers, or one that does not know the question. */
static bool list_ask(struct lexicon *lexicon, struct lexicon_list *list,
                     enum DICTIONARY_choice dictionary) {
    json_t *answer = NULL;
    json_auto_t *error = NULL;
    if (!lexicon->client || !client_listens(lexicon->client))
        return false;
    json_t *params =
        json_pack("{s:s, s:i}", "dictionary", dictionary_info(dictionary)->name, "limit", 1000);
    if (client_try(lexicon->client, "dictionary.list", params, &answer, &error) != DONE || !answer)
        return false;
    list_take(list, answer);
    return true;
}

const struct lexicon_list *lexicon_dictionary(struct lexicon *lexicon,
                                              enum DICTIONARY_choice dictionary) {
    struct lexicon_list *list = &lexicon->lists[dictionary];
    if (!list->known && !list_ask(lexicon, list, dictionary))
        list_ship(list, dictionary);
    list->known = true;
    return list;
}

const struct lexicon_word *lexicon_code(struct lexicon *lexicon, enum DICTIONARY_choice dictionary,
                                        const char *code) {
    const struct lexicon_list *list = lexicon_dictionary(lexicon, dictionary);
    for (size_t i = 0; i < list->n; i++)
        if (strcmp(list->words[i].word, code) == 0)
            return &list->words[i];
    return NULL;
}

enum DICTIONARY_choice lexicon_dictionary_of(const struct field *field) {
    static const struct {
        const char *list;
        enum DICTIONARY_choice dictionary;
    } lists[] = {{"domains", DICTIONARY_DOMAIN},
                 {"outcomes", DICTIONARY_OUTCOME},
                 {"served_groups", DICTIONARY_SERVED_GROUP},
                 {"skills", DICTIONARY_SKILL}};
    if (field->kind == FIELD_CODE)
        return (enum DICTIONARY_choice)field->dictionary;
    for (size_t i = 0; field->kind == FIELD_LIST && i < sizeof lists / sizeof *lists; i++)
        if (strcmp(lists[i].list, field->name) == 0)
            return lists[i].dictionary;
    return DICTIONARY_COUNT;
}

size_t lexicon_words(struct lexicon *lexicon, const struct field *field) {
    if (field->kind == FIELD_CHOICE)
        return field->choices->n;
    enum DICTIONARY_choice dictionary = lexicon_dictionary_of(field);
    return dictionary == DICTIONARY_COUNT ? 0 : lexicon_dictionary(lexicon, dictionary)->n;
}

struct lexicon_word lexicon_word(struct lexicon *lexicon, const struct field *field, size_t index) {
    if (field->kind == FIELD_CHOICE)
        return (struct lexicon_word){.word = field->choices->words[index],
                                     .label = field->choices->labels[index]};
    return lexicon_dictionary(lexicon, lexicon_dictionary_of(field))->words[index];
}
