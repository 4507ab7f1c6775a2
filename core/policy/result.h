/* The kinds of policies: what each is asked about and what it may answer. A further kind is one row
 * in result.c, its fields, and the file of its subject's facts. Threads: constant data;
 * result_read: the host's owner. */
#pragma once

#include "policy/call.h"

struct result {
    lua_State *lua;
    struct call *call;
    const struct policy_limits *limits;
    struct answer *answer;
};

struct result_field {
    const char *name;
    /* The value at the top of the stack into the answer; NULL, or what is wrong (static text). */
    const char *(*read)(struct result *result);
    bool required;
};

struct policy_kind {
    enum POLICY_KIND_choice kind;
    enum object_kind subject;
    enum object_kind other_subject;    /* OBJECT_NONE: it is always about the first */
    const struct result_field *fields; /* in the order of bare values: return "accepted", 120 */
    size_t n_fields;
    /* What must hold between fields: gives NULL, or what is wrong. May be NULL. */
    const char *(*finish)(struct answer *answer);
};

/* NULL: this version does not ask policies of that kind. */
const struct policy_kind *policy_kind(enum POLICY_KIND_choice kind);

/* Whether postings that were read from an answer would be so today: their accounts may be used,
 * those they name are there. */
bool result_postings_hold(struct call *call, const struct list *postings);

/* Readers of fields, in files of their own. */
const char *result_read_postings(struct result *result);
const char *result_read_alerts(struct result *result);
/* These add to answer->json. */
const char *result_read_indicators(struct result *result);
const char *result_read_title(struct result *result);
const char *result_read_subtitle(struct result *result);
const char *result_read_sections(struct result *result);
const char *result_read_series(struct result *result);
const char *result_read_paragraphs(struct result *result);

/* The kinds' words for a complaint: "registration, acceptance or star_rating". */
#define KINDS_TEXT_BYTES 256
const char *policy_kinds_text(char text[static KINDS_TEXT_BYTES]);
/* What decide returned: n values at the top of the stack. NULL, or what is wrong, in the call's
 * arena. Raises nothing. */
const char *result_read(struct result *result, const struct policy_kind *kind, int n);
