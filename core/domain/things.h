/* Things and their numbers. Every defined thing gets a number in journal order, per noun, from 1;
 * all other keys use numbers. A thing's attributes are kept as its catalogue struct. Threads: the
 * view's owner. Memory: decoded attributes in the arena given, borrowing from the row. */
#pragma once

#include "domain/past.h"

enum { THING_NOT_FOUND = 1, THING_DAMAGED = 2 };

/* The key of tables that are numbered: big-endian, so that keys sort as numbers do. */
static inline struct str number_key(char key[static 4], uint32_t number) {
    for (int i = 0; i < 4; i++)
        key[i] = (char)(uint8_t)(number >> (24 - 8 * i));
    return (struct str){key, 4};
}

/* noun u8, number u32: the key of a thing's row. */
#define THING_KEY_BYTES 5
struct str thing_key(char key[static THING_KEY_BYTES], enum noun noun, uint32_t number);
/* Where a noun's things stand. */
enum table thing_table(enum noun noun);

/* A row of fixed size, as it was put. THING_NOT_FOUND, or < 0 with `damaged` noted where it has
 * another size. */
int fixed_row_get(struct view *view, enum table table, struct str key, size_t size,
                  const char *damaged, void *ret_row);

/* See store/store.h: where the id will be looked for. */
view_hint thing_hint(struct view *view, enum noun noun, struct str id);
int thing_find(struct view *view, enum noun noun, struct str id, uint32_t *ret_number);
/* How many of a noun there are: the highest number. */
int thing_count(struct view *view, enum noun noun, uint32_t *ret_count);

/* The id under which it was defined, which the event may have named; else as thing_id. */
int thing_named(struct context *context, enum noun noun, uint32_t number, struct str *ret_id);
/* For apply functions: > 0 with unknown_<noun>. An absent optional id gives number 0. */
int thing_resolve(struct context *context, enum noun noun, struct str id, const char *field,
                  uint32_t *ret_number);
/* The next number, and the name row that leads to it. > 0 with already_exists. */
int thing_name(struct context *context, enum noun noun, struct str id, const char *field,
               uint32_t *ret_number);

/* Another id that leads to the same thing. The caller has made sure that it is free. */
void thing_alias(struct context *context, enum noun noun, struct str id, uint32_t number);
/* The thing that a `subject` names, which is of one of the kinds (bits by SUBJECT_KIND_choice). > 0
 * with out_of_range (another kind) or unknown_<noun>; `field` is the place of the subject
 * ("data.subject"). */
int subject_resolve(struct context *context, const struct subject *subject, unsigned kinds,
                    const char *field, enum noun *ret_noun, uint32_t *ret_number);
/* The kind's noun, and back (SUBJECT_KIND_COUNT where it is none). */
enum noun subject_noun(enum SUBJECT_KIND_choice kind);
enum SUBJECT_KIND_choice subject_kind(enum noun noun);

struct thing {
    struct row_days days;      /* of a noun with a past; thing_put sets them */
    uint64_t defined_sequence; /* of the event that defined it */
    uint64_t changed_sequence; /* of the last one that changed its attributes */
    uint32_t slot;             /* of its key, 0: none */
    uint8_t state;             /* by noun */
    size_t n_blobs;            /* sealed fields, as in struct event */
    struct blob *blobs;
    void *attributes; /* the struct of its defining type */
};

/* Of a type that may be sent again: the number of the thing, a new one where there is none.
 * *ret_thing is as it stood until now, without attributes where it is new: the caller sets those,
 * and puts it. */
int thing_define(struct context *context, enum noun noun, struct str id, const char *field,
                 uint32_t *ret_number, struct thing *ret_thing);

/* The type whose struct holds the attributes of a noun, or NULL where it has none. */
const struct event_type *thing_type(enum noun noun);
/* A row's bytes; borrows from them. 0, THING_NOT_FOUND (a noun without attributes), THING_DAMAGED.
 */
int thing_decode(enum noun noun, struct str row, struct arena *arena, struct thing *ret_thing);
int thing_get(struct view *view, enum noun noun, uint32_t number, struct arena *arena,
              struct thing *ret_thing);
void thing_put(struct context *context, enum noun noun, uint32_t number, const struct thing *thing);
/* Regions and organisations are shown as they were called and where they lay at the end of a past
 * day (domain/past.h). */
bool thing_has_past(enum noun noun);
/* As it stood at the end of that day (COUNTER_NOW, INT32_MAX: as it stands). THING_NOT_FOUND also
 * where it was defined later. */
int thing_get_at(struct view *view, enum noun noun, uint32_t number, int32_t at,
                 struct arena *arena, struct thing *ret_thing);
/* Whether what stands now stood at the end of that day already. */
bool thing_stood_at(struct view *view, enum noun noun, uint32_t number, int32_t at);
/* Takes the event's sealed fields over into the thing, in place of those that `given` (the event's
 * data or its CHANGES) sets anew or removes; notes the key slot. */
void thing_take_blobs(struct context *context, const struct fields *fields, struct thing *thing,
                      const struct data *given);
/* JSON object of the attributes (sealed ones left out), as the catalogue names them. */
void thing_to_json(enum noun noun, const struct thing *thing, struct buf *out);
/* The id under which a thing was defined. */
int thing_id(struct view *view, enum noun noun, uint32_t number, struct arena *arena,
             struct str *ret_id);

/* The next number of a named sequence kept in META ("slot", "policy_revision", ...). */
uint32_t number_next(struct context *context, const char *name);
uint32_t number_last(struct view *view, const char *name);
void number_set(struct context *context, const char *name, uint32_t number);
