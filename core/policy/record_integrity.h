/* Facts of a record, and of its activity, by which a rule asks for a second look. Readers: as
 * object.h says. */
#pragma once

#include "policy/object.h"

/* Whether the volunteer checked in at the record's activity, in whatever shift. */
int record_signed_in(struct reading *reading);
/* Records that its recorder entered by hand in that minute, on that day; 0: few. */
int record_entries_in_minute(struct reading *reading);
int record_entries_on_day(struct reading *reading);
/* When a record that the recorder entered was last found false, or nil. */
int record_recorder_false_on(struct reading *reading);
/* Seconds from the entry to the review; nil where nobody reviewed it. */
int record_review_seconds(struct reading *reading);
/* Reviews of the organisation's records: by all, and by who reviewed this one. */
int record_organisation_reviews(struct reading *reading);
int record_reviewer_reviews(struct reading *reading);
/* Whether it is among so many in a thousand, by its id. */
int record_drawn(struct reading *reading);
/* Of the volunteer: when a record was last found false, or nil; the standing under a former
 * registration, or nil. */
int volunteer_false_on(struct reading *reading);
int volunteer_former_standing(struct reading *reading);
