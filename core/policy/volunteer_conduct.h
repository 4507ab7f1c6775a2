/* What is known of a person besides service: absences, cancellations, complaints, training,
 * qualifications, skills. Threads: the host's owner. */
#pragma once

#include "policy/object.h"

/* absences{from, to, excused}: list of { on, activity, excused }, oldest first. */
int conduct_absences(struct reading *reading);
/* cancellations{from, to}: list of { on, activity, notice_minutes }, oldest first. */
int conduct_cancellations(struct reading *reading);
/* complaints{from, to, outcome}: list of { complaint, on, record, outcome }; without an outcome
 * those that are open or upheld. */
int conduct_complaints(struct reading *reading);
/* ratings{from, to}, rating_sum{from, to}: how many ratings by the served, and their sum, by day of
 * service. */
int conduct_ratings(struct reading *reading);
int conduct_rating_sum(struct reading *reading);
/* trainings{course, valid_on}: passed, newest first: list of { id, course, topic, minutes, on,
 * valid_until }. */
int conduct_trainings(struct reading *reading);
/* List of { qualification, number, valid_until }. */
int conduct_qualifications(struct reading *reading);
/* The last volunteer.restored, or nil. */
int conduct_restored_on(struct reading *reading);
