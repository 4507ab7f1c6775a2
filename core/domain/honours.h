/* Honours (道德模范, 天水好人, ...): what there is, who is nominated, reviewed, awarded; and whom
 * the rules of kind honour propose. A nomination is
 *
 *   nominated -> reviewed (stage by stage) -> noticed -> passed -> awarded -> withdrawn
 *       +------------+--------------------------+-> refused, or withdrawn before it was awarded
 *
 * Each stage is reviewed by somebody else, and by nobody who nominated. How many approvals and how
 * many working days of public notice it takes is the honour's to say: without a word two, and five.
 * What is noticed goes by the public notice about the nomination: refused with it, or passed.
 *
 * The candidates of a run are kept best first, no more of them than the honour has places, until
 * the run ends; then they are proposed in that order. A higher rank comes first; of equal ranks who
 * registered earlier.
 *
 * Threads: the view's owner. Memory: what is read borrows from the rows. Errors: as things.h. */
#pragma once

#include "domain/things.h"

/* Of an honour that does not say how many places it has. */
#define HONOUR_PLACES 100
/* Of one that does not say what an award takes. */
#define HONOUR_APPROVALS 2
#define HONOUR_NOTICE_DAYS 5
#define HONOUR_STAGES 9

int honour_get(struct view *view, uint32_t honour, struct arena *arena,
               struct honour_defined *ret_honour);
/* How many are proposed. */
uint32_t honour_places(const struct honour_defined *honour);
/* What an award takes. */
uint32_t honour_approvals(const struct honour_defined *honour);
uint32_t honour_notice_days(const struct honour_defined *honour);
/* Whether it is given to such things: to anything, where it does not say. */
bool honour_is_for(const struct honour_defined *honour, enum noun noun);

enum nomination_state {
    NOMINATION_NOMINATED,
    NOMINATION_REVIEWED,
    NOMINATION_REFUSED,
    NOMINATION_AWARDED,
    NOMINATION_WITHDRAWN,
    NOMINATION_NOTICED,
    NOMINATION_PASSED, /* its public notice */
    NOMINATION_STATES
};
const char *nomination_state_text(enum nomination_state state);

struct nomination_row {
    uint32_t honour;
    uint32_t noun; /* of the subject */
    uint32_t subject;
    uint32_t previous; /* nomination of the same subject; 0: none */
    uint32_t n_reviews;
    int32_t awarded_on; /* 0: not awarded; stays when it is withdrawn */
    uint32_t state;     /* enum nomination_state */
    uint32_t n_changed; /* times that hours of the person were taken back since */
    uint32_t n_approvals;
    uint32_t notice;      /* the newest public notice about it; 0: none */
    uint32_t region;      /* where it is counted; 0: nowhere */
    int32_t withdrawn_on; /* 0: not */
    int32_t year;
    uint32_t spare;
    uint64_t settled; /* sequence of its award, or of its withdrawal; 0: neither */
};
int nomination_get(struct view *view, uint32_t nomination, struct nomination_row *ret_row);
/* The n-th review, from 1, as long as n_reviews says. Texts borrow from the row. */
struct nomination_review {
    uint64_t sequence;
    int32_t on;
    bool approved;
    struct str stage;
    struct str by;
};
int nomination_review_get(struct view *view, uint32_t nomination, uint32_t n,
                          struct nomination_review *ret_review);
/* A row's bytes: 0, or > 0 where they are damaged. */
int nomination_review_decode(struct str row, struct nomination_review *ret_review);
/* The newest of a subject; 0: none. */
int nomination_last(struct view *view, enum noun noun, uint32_t subject, uint32_t *ret_nomination);

/* ---- candidates of a run ---- */

struct candidate {
    uint32_t volunteer;
    int64_t rank;
    uint64_t considered; /* sequence of honour.considered */
    struct str class;    /* none: not said */
};
/* Best first, in the arena; none where nobody was considered. */
int candidates_get(struct view *view, uint32_t run, uint32_t honour, struct arena *arena,
                   struct candidate **ret_list, size_t *ret_n);
/* 0, or > 0 where the row is damaged. */
int candidate_next(struct cursor *row, struct candidate *ret_candidate);
/* Where a candidate would stand among the n best, 0 the first. */
size_t candidate_place(const struct candidate *list, size_t n, uint32_t volunteer, int64_t rank);
/* The n-th of all that are to be proposed, honour by honour: which honour's, and its place, from 1.
 * THING_NOT_FOUND behind the last. */
int candidate_at(struct view *view, uint32_t run, uint32_t n, struct arena *arena,
                 uint32_t *ret_honour, uint32_t *ret_place, struct candidate *ret_candidate);

struct proposal {
    uint32_t volunteer;
    uint32_t class; /* number of its code + 1; 0: none */
    int64_t rank;
    uint64_t sequence;   /* of honour.proposed */
    uint64_t considered; /* of honour.considered, which has the reasons */
};
/* Who was proposed last for that year, by place from 1. */
int proposal_get(struct view *view, uint32_t honour, int32_t year, uint32_t place,
                 struct proposal *ret_proposal);

/* ---- for apply functions ---- */

void nomination_put(struct context *context, uint32_t number, const struct nomination_row *row);
/* `by` on what it is counted as in its state. */
int nomination_count(struct context *context, const struct nomination_row *row, int by);
/* A public notice about it is opened, for so many working days: > 0 with wrong_state where it is
 * not its turn, out_of_range where that is too short. */
int nomination_notice_check(struct context *context, uint32_t number, int64_t working_days);
int nomination_noticed(struct context *context, uint32_t number, uint32_t notice);
/* That notice is over. */
int nomination_notice_ended(struct context *context, uint32_t number, bool passed);
/* Hours of a person were taken back: every nomination that is open or awarded says so, for whoever
 * reviews it or may withdraw it. */
int honours_hours_changed(struct context *context, uint32_t volunteer);
/* A run of a rule of kind honour is complete: begins the one that proposes, if there is anybody. */
int honours_run_ended(struct context *context, uint32_t run, uint32_t revision, int32_t as_of);
/* That run is complete, too. */
int honours_proposed(struct context *context, uint32_t run);
