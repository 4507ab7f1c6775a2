/* An event: envelope, typed data, and what the daemon adds. Three forms: CloudEvents JSON (outside), this struct
 * (inside), a journal record (bytes). Threads: values. Memory: all pointers live in the arena it was made in, or borrow
 * from the bytes it was decoded from. */
#pragma once

#include "event/catalogue.h"

#define EVENT_ID_LIMIT 64
#define EVENT_EXTENSION_LIMIT 8
#define DIGEST_SIZE 16

struct extension {
    struct str name;
    struct str value; /* JSON text of a string, integer or boolean */
};

/* A sealed field: the encoding of that field, encrypted under the key slot of one person or thing. `field` is its index
 * in the type's struct or, where the type has a CHANGES field, in the struct within it (never both in one type). */
struct blob {
    uint32_t field;
    uint32_t slot;
    struct str match;  /* keyed hash of what must be unique (an identity number), 16 bytes, or none */
    struct str cipher;
};

struct event {
    const struct event_type *type;
    struct str id, source, subject, batch, traceparent;
    struct moment time; /* when it happened; recorded time where the publisher gave none */
    bool has_time;
    size_t n_extensions;
    struct extension *extensions;
    void *data; /* the type's struct */
    size_t n_blobs;
    struct blob *blobs;
    uint8_t digest[DIGEST_SIZE]; /* keyed, of everything the publisher said */

    /* What the daemon adds. */
    uint64_t sequence;
    int64_t recorded_us;
    uint32_t key_number; /* of the sender; 0 while there are no keys */
    /* Of decisions and consequences. */
    uint64_t cause;      /* sequence, 0: none */
    struct str revision; /* of the policy, none where no policy was asked */
    struct str facts;    /* what the policy read: see policy/facts.h; or a digest where it was more than 2 KiB */
};

struct digest_key {
    uint8_t bytes[16];
};

/* ---- JSON ---- */

/* One CloudEvent. Checks everything that needs no state: the envelope, field kinds, sizes, ranges, identifiers, the
 * GB 11643 check of identity numbers, GB 32100 of credit codes, whole-number time order (ends after starts, minutes
 * within the span) where the catalogue's types have them. `born` and `sex` of a registration are filled in from the identity number.
 * 0, or > 0 with *problem; ret_event->id and ->source are set wherever they could be read. */
int event_from_json(struct dom_value value, const struct digest_key *key, struct arena *arena, struct event *ret_event,
                    struct problem *problem);
/* CloudEvents JSON as on feed and journal.read: with sequence (20 digits), recordedtime, causationid, policyrevision and,
 * where something is sealed, "sealed": names of the fields left out, commas between them. `region` is the city's, for the source of what
 * the daemon wrote (/volunteerd/<region>). */
void event_to_json(const struct event *event, struct str region, struct buf *out);
/* Just the data object. */
void event_data_to_json(const struct event *event, struct buf *out);

/* ---- journal records ---- */

/* Everything but the sequence, which the frame gives. Sealed fields are written from event->blobs; a sealed field in clear
 * in event->data is a bug (assert). */
void event_encode(const struct event *event, struct buf *out);
/* 0, or > 0 where the bytes are not a record. Borrows from `record`. */
int event_decode(struct str record, struct arena *arena, struct event *ret_event);

/* ---- identifiers and numbers ---- */

/* 1-64 bytes of letters, digits, - _ . : / */
bool identifier_is_valid(struct str id);
/* Passes the GB 11643 check or looks like a mobile number (DESIGN, Identity). */
bool identifier_is_personal(struct str id);
/* The same of any digits within a text that everybody will read: whole or in groups, plain or of full width. */
bool text_has_personal_number(struct str text);
/* 18 characters, known weights, a real date; or the 15 digits of an old card. ret_born (month number) and ret_sex may be NULL. */
bool identity_number_is_valid(struct str number, int32_t *ret_born, int32_t *ret_sex);
bool credit_code_is_valid(struct str code); /* GB 32100 with the GB 11714 digit inside */
/* What makes two documents the same: kind and number, upper case, without spaces; an old card is the renewed one. */
struct str identity_canonical(const struct identity *identity, struct arena *arena);
