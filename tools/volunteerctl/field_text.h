/* What a person types for a field of the catalogue, as JSON: words or Chinese labels of choices,
 * dates, times with or without an offset, lists. Threads: one. */
#pragma once

#include <jansson.h>

#include "event/catalogue.h"
#include "lexicon.h"
#include "util/calendar.h"

#define FIELD_MESSAGE_SIZE 512

/* Words of dictionaries come from `lexicon`. `zone` is the city's for times without an offset; NULL
 * where it is not known. 0 with *ret_value, > 0 with a sentence that says what the field takes. */
int field_text_read(struct lexicon *lexicon, const struct field *field, const char *typed,
                    const struct zone *zone, json_t **ret_value,
                    char ret_message[static FIELD_MESSAGE_SIZE]);
/* Whether a time was typed that needs the city's zone. */
bool field_text_needs_zone(const struct field *field, const char *typed);
/* "date YYYY-MM-DD", "one of: ...", for help and questions. */
void field_text_form(struct lexicon *lexicon, const struct field *field, struct buf *out);
