/* What is known of a record besides itself: whether its volunteer was enrolled, when he or she was
 * there, complaints, ratings, the post. Threads: the host's owner. */
#pragma once

#include "policy/object.h"

/* Each is given the record's shift, or none. */
int record_enrolled(struct reading *reading, struct str shift);
/* List of { checked_in, checked_out, method, distance_m, device }; a time is nil where it is not
 * known. */
int record_attendance(struct reading *reading, struct str shift);
/* How often the volunteer checked in to the record's activity on its first day. */
int record_check_ins(struct reading *reading);
/* How many are open or upheld. */
int record_complaints(struct reading *reading);
/* 1 to 5 by whoever was served, else by the organiser; or nil. */
int record_rating(struct reading *reading);
