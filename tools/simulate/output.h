/* Writes events as JSON lines: CloudEvents 1.0 with the attributes in the catalogue's order. The
 * caller begins an event, adds the fields of `data` and ends it. Memory: one buffer, written out
 * whenever it has grown past 256 KiB, and the last lines where they are to be sent again. Errors:
 * the first failed write is kept, everything after it is dropped; output_close returns it. */
#pragma once

#include "plan.h"
#include "util/buf.h"

#define OUTPUT_KEPT_LINES 64u
#define SOURCE_PLATFORM "tszyz" /* the recruitment platform */
#define SOURCE_CIVIL_AFFAIRS                                                                       \
    "tianshui-civil-affairs" /* the authority: regions, organisations, reviews, stations */
#define SOURCE_CIVILISATION                                                                        \
    "tianshui-civilisation-office" /* who assesses: documents, plans, titles, figures */

struct output {
    int fd;
    int error;
    bool random_ids;
    bool keep_lines; /* for output_repeat */
    char id_prefix;  /* 'd' while the city is set up, 'e' in the stream: both count from one */
    uint64_t seed;
    uint64_t n_events;
    char (*dates)[12]; /* the text of each day */
    struct buf text;
    size_t line_start;
    struct buf lines[OUTPUT_KEPT_LINES];
    uint32_t n_lines;
};

void output_open(struct output *out, const struct plan *plan, int fd);
/* 0, or the first error of a write as a negative errno. Frees everything. */
int output_close(struct output *out);
/* Event numbers begin at one again, with this prefix; earlier lines are forgotten. */
void output_number_from_one(struct output *out, char prefix);

/* Returns the number behind the event's id. */
uint64_t event_begin(struct output *out, const char *source, const char *type, uint32_t moment);
/* The same with the number of an event already sent. */
void event_begin_again(struct output *out, uint64_t number, const char *source, const char *type,
                       uint32_t moment);
void event_end(struct output *out);
/* One of the last lines once more, byte by byte; false where there is none yet. */
bool output_repeat(struct output *out, uint32_t choice);

void field_text(struct output *out, const char *name, struct str value);
void field_integer(struct output *out, const char *name, int64_t value);
void field_true(struct output *out, const char *name);
void field_false(struct output *out, const char *name);
void field_null(struct output *out, const char *name);
void field_moment(struct output *out, const char *name, uint32_t moment);
void field_date(struct output *out, const char *name, int32_t date);
/* prefix and number, padded with zeros to at least `digits`. */
void field_id(struct output *out, const char *name, const char *prefix, uint32_t digits,
              uint64_t number);
void field_object(struct output *out, const char *name); /* until object_end */
void object_end(struct output *out);
void field_list(struct output *out, const char *name); /* until list_end */
void list_text(struct output *out, struct str value);
void list_object(struct output *out); /* until object_end */
void list_end(struct output *out);
/* Whom an event is about: `name` with kind and id; the caller adds the id and ends the object. */
void field_subject(struct output *out, const char *kind);
