/* What a clerk's heading means: a field of the event's data, by the catalogue's names and labels or
 * by what clerks call things; a day, a document's number, or nothing. Threads: any. */
#pragma once

#include "compose.h"

#define IMPORT_DEPTH 4 /* of objects within objects */
#define IMPORT_LEAVES_LIMIT 256

enum column_role {
    COLUMN_IGNORED, /* and said so */
    COLUMN_FIELD,
    COLUMN_DAY,      /* on which the row's times without a date are */
    COLUMN_DOCUMENT, /* the number of a person's document: the volunteer is looked up by it */
    COLUMN_HAPPENED  /* the event's own time */
};

enum column_unit { UNIT_PLAIN, UNIT_HOURS, UNIT_YUAN };

/* ---- the fields of a type ---- */

/* The thing that an event of the type brings into being, by its first field: NULL where the type is
 * about a thing that must be there. */
const struct field *import_own_id(const struct event_type *type);
/* Headings of a file for that type: the leaves of its data, in order; returns false where `index`
 * is behind the last. */
struct import_leaf {
    const struct field *chain[IMPORT_DEPTH];
    size_t depth;
    char path[96];   /* "identity.number" */
    char label[192]; /* "身份信息证件号码" */
    bool required;   /* with all around it */
};
/* It is an object, whose parts are fields of their own. */
bool import_has_parts(const struct field *field);
bool import_leaf_at(const struct event_type *type, size_t index, struct import_leaf *ret_leaf);

struct import_leaves {
    size_t n;
    struct import_leaf list[IMPORT_LEAVES_LIMIT];
};

/* To be freed. */
struct import_leaves *import_leaves_new(const struct event_type *type);
const struct import_leaf *import_leaf_by_path(const struct import_leaves *leaves, const char *path);
/* The one leaf that is called so; NULL where several are, unless one of them stands on top. */
const struct import_leaf *import_leaf_by_name(const struct import_leaves *leaves, const char *name);

/* ---- headings ---- */

struct import_heading {
    char text[192]; /* narrow, small letters, without blanks, stars and what stands in brackets */
    enum column_unit unit;
};

struct import_heading import_heading(struct str written);
/* Whether it says a duration without a unit: 时长 may be hours or minutes. */
bool import_heading_is_duration(const struct import_heading *heading);

struct import_meaning {
    enum column_role role;
    const struct import_leaf *leaf;
    enum column_unit unit;
    bool known;
};

struct import_meaning import_meaning(const struct import_leaves *leaves,
                                     struct import_heading heading);
/* The unit that a column of this field has where its heading says `unit`. */
enum column_unit import_unit(const struct import_leaf *leaf, enum column_unit unit);
