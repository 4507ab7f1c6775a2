/* One evaluation: what the facts are read from, what the policy found. Lives in the host and is
 * begun anew for each call, so that nothing survives. Threads: the host's owner. */
#pragma once

#include "policy/dates.h"
#include "policy/evaluate.h"
#include "policy/freeze.h"
#include "policy/known.h"
#include "policy/meter.h"
#include "policy/object.h"
#include "policy/sandbox.h"

struct call {
    struct view *view;
    const struct city *city;
    struct arena *arena;
    uint32_t serial;
    enum object_kind subject; /* what the policy is asked about */
    int32_t as_of;
    int32_t at; /* facts are as known at the end of this day; COUNTER_NOW: as things stand */
    enum question_cause cause;
    struct str event_type;
    struct str period; /* of a bulletin; none: not said */
    uint32_t honour;   /* that candidates are asked about for; 0: none */
    uint32_t scope;    /* region of the policy's scope; 0: the city */
    uint32_t record;   /* the record that is asked about: left out of its volunteer's totals */
    uint32_t n_reads;  /* of facts */
    uint32_t n_steady; /* of those: see reading_is_steady */
    bool asking;       /* decide runs */
    int error;         /* the state could not be read */
    uint64_t bytes;    /* that the policy allocated */
    struct fact_log log;
    struct trace trace;
    bool unasked;    /* nobody asks what is read as a value: `json` may stay empty */
    struct buf json; /* of a list that is being read: a reader may write it along, else it is made
                        from the table */
    struct finding *findings; /* in the arena */
    size_t n_findings;
    size_t findings_capacity;
    size_t result_bytes;
    uint32_t n_objects;          /* of the pool, in use */
    struct stored_facts *stored; /* in place of the state (stored.h), or NULL */
};

struct parameter_set {
    int32_t from;
    int table; /* registry */
    struct known *known;
};

/* A policy that was loaded: values it consists of, kept in the registry. */
struct program {
    int policy; /* the table that the file returned */
    int decide;
    int locals; /* what decide could keep: see freeze.h */
    size_t n_kept;
    struct kept_local *kept; /* malloc'ed */
    size_t n_sets;
    struct parameter_set *sets; /* oldest first, malloc'ed */
    struct known *known;        /* where there are no sets */
    int32_t cases_on;           /* the day of cases that do not say theirs; INT32_MIN: none */
};

struct policy_kind;

struct policy_host {
    struct sandbox sandbox; /* first: its owner is this */
    struct policy_limits limits;
    struct arena arena; /* revisions and their texts, until the next sync */
    bool synced;
    uint32_t generation;
    struct revision *revisions; /* newest first */
    size_t n_revisions;
    uint32_t kinds;            /* bits: of which any was ever activated */
    uint32_t kinds_of_points;  /* bits: of which a text names points */
    uint32_t kinds_of_ratings; /* the same of ratings */
    bool scoped;               /* some revision belongs to a region of its own */
    bool forgets;              /* facts are not noted: see policy_host_forget_facts */
    void (*watch)(void *context, struct str revision);
    void *watch_context;
    struct meter *meter; /* may be NULL */
    struct call call;
    struct dates dates;
    int lookups[OBJECT_KINDS]; /* registry: the names of facts */
    struct name_slot names[OBJECT_KINDS][NAME_SLOTS];
    int object_metatable;
    int empty_list;
    int pool_refs[OBJECT_POOL];
    struct object *pool[OBJECT_POOL];
};

/* 0, or < 0. */
int host_open_state(struct policy_host *host);
void host_close_state(struct policy_host *host);

/* Everything of the last call is forgotten. */
void call_begin(struct policy_host *host, struct arena *arena);
/* As it stood when there were so many objects, nothing read yet. */
void call_again(struct policy_host *host, uint32_t n_objects);
/* The answer is there: takes the log over. */
void call_end(struct policy_host *host, struct answer *answer);
/* Stack: subject, parameters, context (popped). Runs decide and reads what it returned; a policy's
 * failure is an answer. */
void call_run(struct policy_host *host, const struct program *program,
              const struct policy_kind *kind, struct answer *ret_answer);
/* finding(code, value, needed): what policies call. */
int call_finding(lua_State *lua);
/* Adds a finding whose value and needed stand at these stack places; raises nothing: NULL, or what
 * is wrong (static text). */
const char *call_add_finding(struct call *call, const struct policy_limits *limits, lua_State *lua,
                             int code, int value, int needed);
/* An error of a policy as it may stand in logs and answers: UTF-8 without control characters, cut
 * where it is long. */
struct str call_failure_text(struct arena *arena, struct str text);
/* What may stand in a finding or a result: whole number, text of at most 256 bytes, boolean. */
bool call_read_scalar(struct call *call, lua_State *lua, int index, struct scalar *ret_scalar);
/* UTF-8 without U+0000, which readers of JSON refuse. */
bool call_is_text(struct str text);
/* Small letters, digits and _, 1 to 64. */
bool call_is_code(struct str code);
/* Text as it may stand in a result: counts against the result's size. False where that is spent. */
bool call_take_bytes(struct call *call, const struct policy_limits *limits, size_t bytes);
