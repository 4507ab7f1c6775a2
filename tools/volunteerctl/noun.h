/* What list and show know of each kind of thing: its columns, its filters, and which event of the
 * catalogue describes its attributes (for labels). Threads: constant data. */
#pragma once

#include "event/catalogue.h"
#include "lexicon.h"
#include "table.h"

enum value_kind {
    VALUE_TEXT,
    VALUE_NUMBER,
    VALUE_HOURS, /* from minutes */
    VALUE_STARS,
    VALUE_MOMENT,
    VALUE_WORD,     /* a choice of the catalogue, in the language of the reader */
    VALUE_FINDINGS, /* texts, joined */
    VALUE_SUBJECT,  /* {kind, id, name}: the name, and the id where there is none */
    VALUE_AMOUNT,   /* of the item's account, with its decimals */
    VALUE_MONEY     /* from fen: yuan with two decimals */
};

struct noun_column {
    const char *key; /* in the item; NULL ends the list */
    const char *heading;
    enum value_kind kind;
};

#define NOUN_COLUMNS 12
#define NOUN_FILTERS 24

struct noun_view {
    const char *noun;
    const char *type; /* the event whose fields are its attributes */
    struct noun_column columns[NOUN_COLUMNS];
    bool by_fields; /* filters are the fields of its type that name a thing, a word, a code, yes or
                       no, or its name; `filters` are the others */
    const char *filters[NOUN_FILTERS];
};

const struct noun_view *noun_view_find(const char *noun); /* NULL where there is none */
extern const size_t n_noun_views;
const struct noun_view *noun_view_at(size_t index);
extern const struct noun_column held_columns[], disputed_columns[];

void noun_columns_add(struct table *table, const struct noun_column *columns);
/* The same, the first of them a tree. */
void noun_columns_tree(struct table *table, const struct noun_column *columns);
/* A row of an item, by the columns. */
void noun_row_add(struct lexicon *lexicon, struct table *table, const struct noun_column *columns,
                  const struct fields *fields, const json_t *item);
/* The same below another row of the tree; NULL: below none. */
void noun_row_below(struct lexicon *lexicon, struct table *table, const struct noun_column *columns,
                    const struct fields *fields, const json_t *item, struct libscols_line *parent);
/* What a list may be filtered by: how many. */
size_t noun_filters(const struct noun_view *view, const char *ret_filters[static NOUN_FILTERS]);
/* The same as a row of a document: numbers and minutes as they are, anything else as it reads. */
json_t *noun_row_json(struct lexicon *lexicon, const struct noun_column *columns,
                      const struct fields *fields, const json_t *item);
const struct fields *noun_fields(const struct noun_view *view);
/* The kind of a document's column that holds it: "number", "hours", ..., "text". */
const char *noun_column_word(const struct noun_column *column);
/* What a kind of thing is called. */
const char *noun_title(const char *noun);

/* What a person reads for an attribute: where the language is Chinese the label, the catalogue's or
 * that of what the daemon adds; else the key. */
const char *noun_label(const struct fields *fields, const char *key);
/* The same for a choice's word or a dictionary's code. */
const char *noun_word(struct lexicon *lexicon, const struct fields *fields, const char *key,
                      const char *word);
/* The label of a state whatever the language; NULL where it is not known. */
const char *noun_state_label(const char *state);
/* The word for what somebody typed, who may have read labels; what is no label stays as it is. */
const char *noun_word_typed(struct lexicon *lexicon, const struct fields *fields, const char *key,
                            const char *typed);
/* An amount of the account's smallest unit as people write it: 250 is 2.50 where it has two
 * decimals. */
const char *amount_text(struct lexicon *lexicon, const char *account, int64_t amount, bool grouped,
                        char ret_text[static TEXT_SIZE]);
