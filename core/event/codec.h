/* What the files of this folder share and nobody else needs.
 * Threads: pure. Errors: as in event.h. */
#pragma once

#include "event/event.h"

#define EVENT_SOURCE_LIMIT 128 /* bytes */
#define SHORT_TEXT_LIMIT 256   /* bytes of a scalar's text and of an envelope attribute */
#define CODE_LIMIT 64          /* bytes of a dictionary's code and of a quantity's name */
#define OBJECTS_LIMIT 10000
#define LIST_LIMIT 1000
#define QUANTITIES_LIMIT 64
#define BLOB_LIMIT 64
#define DAY_MINUTES 1440

/* What reads our JSON in other languages, and in ours, often cannot hold it. */
#define WITHOUT_ZERO "write it without the character U+0000, which is no part of any text"

static inline uint64_t bit(size_t index) {
    return UINT64_C(1) << index;
}
/* Compares names that are short and mostly differ in their first letter: cheaper than strlen and
 * memcmp. */
static inline bool name_is(const char *name, struct str s) {
    for (size_t i = 0; i < s.size; i++)
        if (name[i] == '\0' || name[i] != s.data[i])
            return false;
    return name[s.size] == '\0';
}
static inline void *field_member(const struct field *field, void *data) {
    return (char *)data + field->offset;
}
static inline const void *field_member_const(const struct field *field, const void *data) {
    return (const char *)data + field->offset;
}
/* Bit i: field i is SEALED. */
uint64_t fields_sealed_mask(const struct fields *fields);
/* The type's CHANGES field, or NULL. */
const struct field *fields_changes(const struct fields *fields);

/* ---- merge patches ---- */

/* A struct within CHANGES may hold nulls; whether what is required must stand there depends on the
 * place. */
enum completeness { COMPLETE, PATCH_COMPLETE, PATCH_PARTIAL };
/* Of an object in a struct that is `around`. */
enum completeness completeness_within(const struct field *field, enum completeness around);

/* ---- bytes ---- */
/* Zigzag varint of seconds * 2, or of microseconds * 2 + 1: most times are whole seconds. us beyond
 * 2^62 do not occur. */
void microseconds_encode(int64_t us, struct buf *out);
int64_t microseconds_decode(struct cursor *in);
void moment_encode(struct moment moment, struct buf *out);
/* In years 0000 to 9999, in UTC and at its offset. */
bool moment_is_valid(int64_t us, int64_t offset_minutes);
/* fields_encode appends fewer bytes than this, so that a buffer of that capacity does not grow. */
size_t fields_encoded_limit(const struct fields *fields, const void *data);

/* ---- envelope ---- */

/* P(NAME, "attribute"): those with a place of their own in struct event or in the reader. */
#define ATTRIBUTES(A)                                                                              \
    A(SPECVERSION, "specversion")                                                                  \
    A(ID, "id")                                                                                    \
    A(SOURCE, "source")                                                                            \
    A(TYPE, "type")                                                                                \
    A(TIME, "time")                                                                                \
    A(SUBJECT, "subject")                                                                          \
    A(BATCH, "batch")                                                                              \
    A(TRACEPARENT, "traceparent")                                                                  \
    A(DATA, "data")                                                                                \
    A(DATA_BASE64, "data_base64")                                                                  \
    A(SEQUENCE, "sequence")                                                                        \
    A(RECORDEDTIME, "recordedtime")                                                                \
    A(CAUSATIONID, "causationid")                                                                  \
    A(POLICYREVISION, "policyrevision")                                                            \
    A(SEALED, "sealed")

enum attribute {
#define A(name, text) ATTRIBUTE_##name,
    ATTRIBUTES(A)
#undef A
        ATTRIBUTE_COUNT
};
#define ATTRIBUTE_FIRST_RESERVED ATTRIBUTE_SEQUENCE /* from here on only the daemon says them */

/* ---- schema ---- */

/* JSON written with ' for ", so that it stays readable in C. */
void schema_put(struct buf *out, const char *json);
/* The envelope and data of one type; `root`: a document of its own, which names its dialect. */
void schema_put_event(const struct event_type *type, bool root, struct buf *out);

/* ---- after the fields were read ---- */

/* What a type demands beyond its fields: order of times, numbers that check themselves. 0, or > 0.
 */
int event_check(const struct event *event, struct problem *problem);
/* Fills in what follows from what was said: born and sex from an identity number. */
void event_derive(struct event *event);
void event_digest(struct event *event, const struct digest_key *key, struct arena *arena);
