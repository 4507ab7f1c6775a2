/* How the catalogue describes data: a field has a kind, and from one list of fields come the C struct, the
 * validation, the binary form, the JSON form and the JSON Schema.
 *
 * A list is an X-macro, one line a field, F(T, name, KIND, argument, flags, label); T is the struct's name.
 * Order is for ever: a new field goes to the end, so that what was written before is read as it was.
 *
 * kind        C type                argument
 * ID          struct str            noun: identifier of that kind of thing
 * TEXT        struct str            longest size in bytes
 * CODE        struct str            dictionary (choice set DICTIONARY): the domain checks that it holds the code
 * INTEGER     int64_t               range (of RANGE_... in types.h)
 * BOOLEAN     bool                  -
 * SCALAR      struct scalar         - (integer, boolean or text of at most 256 bytes)
 * TIME        struct moment         -
 * DATE        int32_t               -
 * MONTH       int32_t               -
 * CHOICE      int32_t               set of choices (choices.h): index of the word
 * OBJECT      struct <argument>     struct with a list of its own
 * OBJECTS     struct list           the same, many (at most 10,000)
 * LIST        struct list           longest size of one text: items are struct str (at most 1,000)
 * QUANTITIES  struct list           -: items are struct quantity (at most 64)
 * CHANGES     struct <argument>     JSON Merge Patch over that struct: head.present what is set, head.removed nulls
 * JSON        struct str            largest size in bytes: any JSON object, kept as compact text
 */
#pragma once

#include "util/arena.h"
#include "util/buf.h"
#include "util/dom.h"
#include "event/problem.h"

/* Every data struct begins with this. Bit i is field i of its list. */
struct data {
    uint64_t present;
    uint64_t removed; /* only within CHANGES */
    uint64_t sealed;  /* present, but only as a sealed blob: the C member is zero */
};

struct moment {
    int64_t us;
    int16_t offset_minutes;
};

struct list {
    size_t n;
    void *items;
};

struct quantity {
    struct str name;
    int64_t amount;
};

enum scalar_kind { SCALAR_INTEGER, SCALAR_BOOLEAN, SCALAR_TEXT };
struct scalar {
    enum scalar_kind kind;
    int64_t integer;
    struct str text;
};

enum field_kind {
    FIELD_ID, FIELD_TEXT, FIELD_CODE, FIELD_INTEGER, FIELD_BOOLEAN, FIELD_SCALAR, FIELD_TIME, FIELD_DATE, FIELD_MONTH,
    FIELD_CHOICE, FIELD_OBJECT, FIELD_OBJECTS, FIELD_LIST, FIELD_QUANTITIES, FIELD_CHANGES, FIELD_JSON
};

enum field_flags {
    OPTIONAL = 0,
    REQUIRED = 1,
    SEALED = 2, /* encrypted per person; never in clear in journal, feed, logs or backups */
    FIXED = 4   /* may not stand in CHANGES: an identifier, or what another type changes */
};

struct choices {
    const char *name;
    size_t n;
    const char *const *words;  /* as they stand in JSON */
    const char *const *labels; /* as clerks read them */
};

struct range {
    int64_t least;
    int64_t most;
};

struct fields;

struct field {
    const char *name;
    const char *label;
    enum field_kind kind;
    unsigned flags;
    size_t offset; /* of the member in its struct */
    int noun;                      /* ID */
    int dictionary;                /* CODE */
    size_t size_limit;             /* TEXT, LIST, JSON */
    struct range range;            /* INTEGER */
    const struct choices *choices; /* CHOICE */
    const struct fields *fields;   /* OBJECT, OBJECTS, CHANGES */
};

struct fields {
    const char *name;
    size_t n;
    size_t struct_size;
    const struct field *list;
};

/* Whether a field was given: HAS(data, service_recorded, minutes). */
#define HAS(pointer, type, field) ((((pointer)->head.present) >> FIELD_INDEX(type, field)) & 1)
#define GIVE(pointer, type, field) ((pointer)->head.present |= UINT64_C(1) << FIELD_INDEX(type, field))
#define FIELD_INDEX(type, field) type##__##field
/* Absent where it was not given, whatever its C type: for members of kind TEXT, ID, CODE. */
#define NOT_FOUND_FIELD ((size_t)-1)

size_t fields_find(const struct fields *fields, struct str name);

/* JSON -> struct (arena memory; strings are copied, so the parser may be reused). `path` is the place of the value
 * in the event ("data"), for complaints. 0, or > 0 with *problem. */
int fields_from_json(const struct fields *fields, struct dom_value value, const char *path, struct arena *arena,
                     void *ret_data, struct problem *problem);
/* struct -> JSON object text. Sealed fields are left out. */
void fields_to_json(const struct fields *fields, const void *data, struct buf *out);

/* struct <-> bytes, in the list's order: what journal records and attribute rows hold. Sealed fields are written from
 * `blobs` (see event.h) by whoever knows them: here they are passed over. Reading borrows from the bytes.
 * decode: 0, or > 0 where the bytes are not of this form. */
void fields_encode(const struct fields *fields, const void *data, struct buf *out);
int fields_decode(const struct fields *fields, struct cursor *in, struct arena *arena, void *ret_data);
/* The first field alone, of kind ID: size 0 where it was not given. */
struct str fields_decode_id(struct cursor *in);
/* One field alone (what is sealed is the encoding of one field). */
void field_encode(const struct field *field, const void *data, struct buf *out);
int field_decode(const struct field *field, struct cursor *in, struct arena *arena, void *data);

/* Applies a CHANGES struct to a full one of the same list (shallow copy: memory stays where it is). */
void fields_patch(const struct fields *fields, void *data, const void *changes);
