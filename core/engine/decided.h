/* A past decision, and the question that it answered: read back from the journal, so that it can be
 * asked again, of the facts that were stored with it or of the state as it stood then.
 *
 * Threads: any; the journal and the view are the caller's. Memory: the arena given. Errors: < 0
 * where the journal or the state cannot be read. */
#pragma once

#include "domain/city.h"
#include "domain/runs.h"
#include "journal/journal.h"
#include "policy/again.h"

enum {
    DECIDED_UNKNOWN = 1,  /* there is no such sequence */
    DECIDED_ARCHIVED = 2, /* it, or what it followed from, is not in the journal any more */
    DECIDED_NOT = 3       /* that event is no decision */
};

struct decided {
    struct event asked; /* that which was asked for */
    struct event event; /* of its answer the first: findings and facts stand with it */
    struct event cause;
    size_t n; /* points: the entries of that answer, in their order, `event` being the first */
    struct event *entries;
    enum POLICY_KIND_choice kind;
    enum noun noun; /* whom the policy was asked about; its id: none where only the state knows */
    struct str id;
    bool unasked; /* no policy was: none was in force, or an entry was taken back */
    bool failed;  /* the policy failed then; of that no facts are stored */
    bool in_run;
    uint32_t run; /* its number, and its kind; RUN_KINDS: in none */
    enum run_kind run_kind;
    bool anew;         /* points of a record, asked about anew: only the difference was posted */
    bool was_withheld; /* points: asked for again after a failure */
    int32_t recorded_on;
    bool has_as_of;
    int32_t as_of;
    uint32_t raised_by; /* enum event_number; 0: the cause */
    int64_t applied;    /* stars that were applied for; 0: no application */
    bool applied_first; /* and it was asked for the first time */
    uint64_t state;     /* the sequence that the state stood at when the policy was asked */
};

/* `view`: a present one, for the city's zone and the days of records. */
int decided_read(struct journal *journal, struct view *view, uint64_t sequence, struct arena *arena,
                 struct decided *ret_decided);
/* Whether the stored facts are enough: else the state has to be rebuilt. */
bool decided_has_facts(const struct decided *decided);
/* Asks the stored text again, over the stored facts. > 0 as policy_ask_again. */
int decided_ask_facts(const struct decided *decided, struct view *view,
                      const struct policy_limits *limits, struct arena *arena,
                      struct answer *ret_answer, struct str *ret_missing);
/* Asks whatever policy was in force then; `view` stands at decided->state. > 0 where whom it was
 * about is not known there. */
int decided_ask_state(const struct decided *decided, struct view *view,
                      const struct policy_limits *limits, struct arena *arena,
                      struct answer *ret_answer);
