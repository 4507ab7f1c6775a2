/* The mapping of fields: a Lua file that an administrator edits, in a cage of its own. Its
 * functions see what they are given and nothing else: no files, no clock, no other code; a call
 * ends after so many instructions and so much memory.
 *
 * The file returns a table of functions: volunteer, team, activity, enrolment, attendance (item,
 * before) return a list of statements {type, data, time}; push_enrolment_decision, push_hours,
 * push_stars, push_certificate (value) return what the platform is told. Beside Lua's own they have
 * need, may, code, ours, refuse (scripts/mappings/recruitment.lua says what each does).
 *
 * Threads: one. Memory: callers own what is given. Errors: a problem {code, field, message} of that
 * one call; the mapping goes on. */
#pragma once

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

struct mapping;

struct mapping_problem {
    char code[48];     /* missing_field, wrong_type, not_in_dictionary, mapping_error, or its own */
    char field[96];    /* of the item; may be "" */
    char message[400]; /* with file:line */
};

/* Our id of what has that id on the platform, copied into `ret_ours`. */
#define MAPPING_ID_BYTES 128
typedef void mapping_ours(void *context, const char *resource, const char *external,
                          char ret_ours[static MAPPING_ID_BYTES]);

/* Reads, runs and looks whether every function is there. False, with what is wrong in
 * `ret_message`, file:line first. */
bool mapping_open(const char *path, mapping_ours *ours, void *context, struct mapping **ret_mapping,
                  char *ret_message, size_t message_size);
void mapping_close(struct mapping *mapping);
/* The statements about an item: an array of {type, data, time?}. `before`: what was said so far, by
 * statement, or NULL. False with a problem. */
bool mapping_item(struct mapping *mapping, const char *function, const json_t *item,
                  const json_t *before, json_t **ret_statements, struct mapping_problem *problem);
/* What the platform is told of a value: an object. */
bool mapping_push(struct mapping *mapping, const char *function, const json_t *value,
                  json_t **ret_value, struct mapping_problem *problem);
