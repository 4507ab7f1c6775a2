/* The words that a field may hold, with the labels that clerks read: choices are the catalogue's,
 * codes those of the city's dictionaries, asked of the daemon once a run. Where no daemon answers
 * they are the shipped ones. Threads: one. Memory: words live as long as the lexicon. */
#pragma once

#include "client.h"
#include "event/catalogue.h"

struct lexicon_word {
    const char *word;
    const char *label;
    int decimals; /* of an account */
    bool retired; /* may not be used any more */
};

struct lexicon_list {
    bool known;
    size_t n;
    struct lexicon_word *words;
    json_t *answer; /* what the words borrow from */
};

struct lexicon {
    struct client *client;
    struct lexicon_list lists[DICTIONARY_COUNT];
};

void lexicon_init(struct lexicon *lexicon, struct client *client);
void lexicon_deinit(struct lexicon *lexicon);
const struct lexicon_list *lexicon_dictionary(struct lexicon *lexicon,
                                              enum DICTIONARY_choice dictionary);
/* NULL where the city has no such code. */
const struct lexicon_word *lexicon_code(struct lexicon *lexicon, enum DICTIONARY_choice dictionary,
                                        const char *code);
/* The dictionary that a field's codes stand in (of a list of codes too), DICTIONARY_COUNT for none.
 */
enum DICTIONARY_choice lexicon_dictionary_of(const struct field *field);

/* The words of a choice or a code; 0 where anything may stand. */
size_t lexicon_words(struct lexicon *lexicon, const struct field *field);
struct lexicon_word lexicon_word(struct lexicon *lexicon, const struct field *field, size_t index);
