/* Who waits for a place: a list for each shift that anybody ever waited for (an activity without
 * shifts has one), in the order in which they began to wait, which is that of the journal. When a
 * place comes free the first who may come is accepted: a policy of kind eligibility is asked about
 * each in turn, until the places are taken or nobody is left. A short list is walked with the event
 * that freed the place, a long one by a run (RUN_WAITING); while that is under way, whoever asks
 * for a place newly waits behind those who waited.
 *
 * A list is a number; its entries stand with the other lists of enrolments, under NOUN_SHIFT. An
 * entry holds as long as its enrolment says that it waits there. Threads: the view's owner. */
#pragma once

#include "domain/enrolments.h"

/* The n-th of the list: 0, or THING_NOT_FOUND where that one does not wait there any more. */
int waiting_nth(struct view *view, uint32_t list, uint32_t n, uint32_t *ret_enrolment,
                struct enrolment *ret_row);
/* How many wait before that one, and itself: from 1. Of one that does not wait, 0. */
int waiting_place(struct view *view, const struct enrolment *enrolment, uint32_t *ret_place);
/* The shift of whoever stands on the list. */
int waiting_shift(struct view *view, uint32_t list, struct shift_row *ret_shift);
/* Whether that one may be moved up at this time, as far as no policy says it: a person in good
 * standing. */
int waiting_may_move(struct view *view, const struct enrolment *enrolment, int32_t today,
                     bool *ret_may);

/* ---- for apply functions ---- */

/* It waits from now on; sets enrolment->row.waiting. */
int waiting_join(struct context *context, uint32_t number, struct enrolment *enrolment);
/* It does so no longer; its row is put before. */
int waiting_leave(struct context *context, const struct enrolment *enrolment);
/* A place may have come free, or what was wanting is there: whoever waits is asked about. */
int waiting_move_up(struct context *context, uint32_t activity, struct str shift);
/* The same of an activity as a whole and of every shift of it. */
int waiting_move_up_all(struct context *context, uint32_t activity,
                        const struct activity_published *data);
/* A run over the list is over, which walked up to `last`. */
int waiting_run_ended(struct context *context, uint32_t list, uint32_t last);
