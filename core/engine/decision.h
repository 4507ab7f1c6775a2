/* What the files decide*.c share: one question that was asked, and the decisions that are shaped
 * from its answer. Threads: the engine's. Memory: the context's arena. */
#pragma once

#include "domain/enrolments.h"
#include "engine/decide.h"

struct asked {
    struct decider *decider;
    const struct question *question;
    const struct asking *asking;
    struct answer answer;
    struct decisions *decisions;
};

static inline struct context *asked_context(const struct asked *asked) {
    return &asked->decider->stepper->context;
}

/* A decision of that type at the end of the list; its data are the caller's to fill, before it is
 * applied. Revision and facts are the answer's, where it was asked for. */
void *decision_shape(const struct asked *asked, enum event_number number);
/* The decision that was shaped last. */
int decision_apply(const struct asked *asked);
/* The findings of the answer or, where the policy failed or none is in force, one that says so. */
struct list decision_findings(const struct asked *asked);
/* About what a decision with this answer's findings and facts takes in the journal. */
size_t decision_bytes(const struct answer *answer);
/* An answer is there: counts the call, and says where it failed. */
void decision_note_answer(const struct asked *asked);

/* Asks the policy that asked->question is for; its answer is asked->answer. */
int decision_ask(struct asked *asked);

/* decide_stars.c: of a person, and of an application (asked->question is about it). */
int decide_stars(struct asked *asked);
int decide_application(struct asked *asked);
/* decide_redemption.c */
int decide_redemption(struct asked *asked);
/* decide_keep.c: the answer is fewer stars than are held (`row`). Those that an earlier revision
 * granted stay as long as it would still grant them: asked->answer.stars is raised to these, with a
 * finding; *ret_granted_by is that revision where it has the say. */
int decide_keep_stars(struct asked *asked, const struct volunteer_row *row,
                      struct str *ret_granted_by);
/* The findings with one more. */
struct list decision_add_finding(const struct asked *asked, struct list findings, struct str code,
                                 struct scalar value);

/* decide_records.c: what no rule is asked about. A stay gives records (asked->question is about the
 * attendance); a record becomes final; a public notice that nobody objected to is over. */
int decide_derived(struct asked *asked);
int decide_final(struct asked *asked);
int decide_notice_ended(struct asked *asked);

/* decide_cases.c: no rule is asked; what is published of the person without consent is retracted.
 */
int decide_retracted(struct asked *asked);

/* decide_points.c: what a record or person is to get or lose by the rules of kind points. */
int decide_points(struct asked *asked);

/* decide_people.c: whether somebody may come (eligibility), and what a person's standing is. */
int shape_eligibility(struct asked *asked);
/* The same of somebody who waited and is accepted, with a finding that says so. */
int shape_moved_up(struct asked *asked);
int shape_standing(struct asked *asked);
/* Whether the rule is to be asked of this person and for this reason at all: the question about
 * standing is raised by much, and where no rule was ever activated, or none that reads points when
 * these change, it costs nothing. 0, > 0 not, < 0. */
int standing_is_asked(const struct asked *asked);
/* decide_waiting.c: whoever is on that list, in turn, as long as there are places. */
int decide_waiting(struct asked *asked);
/* The n-th of a list of those who wait. *ret_full: no places are left. */
struct waiting_question {
    uint32_t list;
    uint32_t n;
    int32_t date;
};
int decide_move_up(struct decider *decider, const struct waiting_question *waiting,
                   const struct asking *asking, struct decisions *decisions, bool *ret_full);
/* An absence, as the daemon notes it itself. */
int shape_missed(struct asked *asked, const struct enrolment *enrolment);
/* Points of these people changed: their standing is asked. The list of decisions from `first` on
 * tells whose. */
int decide_standing_of_points(struct asked *asked, size_t first);
