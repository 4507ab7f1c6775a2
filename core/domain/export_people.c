/* How the rows about people's coming and conduct read in the export: shifts, posts, enrolments,
 * attendance, lists, qualifications, complaints, standing. */
#include "domain/attendance.h"
#include "domain/complaints.h"
#include "domain/consents.h"
#include "domain/emergencies.h"
#include "domain/merges.h"
#include "domain/record_notes.h"
#include "domain/render.h"
#include "domain/standing.h"
#include "domain/trainings.h"

void render_shift(struct str key, struct str row, struct buf *out) {
    struct shift_row shift;
    put_integer(out, "activity", key_number(key, 0));
    put_text(out, "shift", key_rest(key, 4));
    if (!row_is(out, row, &shift, sizeof shift))
        return;
    put_integer(out, "starts", shift.starts_s);
    put_integer(out, "ends", shift.ends_s);
    put_integer(out, "sequence", (int64_t)shift.sequence);
    put_integer(out, "places", shift.places);
    put_integer(out, "accepted", shift.n_accepted);
    put_integer(out, "waitlisted", shift.n_waitlisted);
    put_integer(out, "attended", shift.n_attended);
    put_integer(out, "missed", shift.n_missed);
    put_integer(out, "ratings", shift.n_ratings);
    put_integer(out, "rating_sum", shift.rating_sum);
    put_integer(out, "waiting", shift.waiting);
    put_integer(out, "waiting_first", shift.waiting_first);
    put_integer(out, "moving", shift.moving);
    put_integer(out, "at_once", shift.n_at_once);
    put_integer(out, "most_at_once", shift.most_at_once);
    put_integer(out, "last_check_in", shift.last_check_in_s);
    put_integer(out, "gone", shift.gone);
}

void render_enrolment(struct str key, struct str row, struct buf *out) {
    struct enrolment_row enrolment;
    put_integer(out, "enrolment", key_number(key, 0));
    if (!row_is(out, row, &enrolment, sizeof enrolment))
        return;
    struct cursor rest = {row.data + sizeof enrolment, row.data + row.size, false};
    put_text(out, "shift", cursor_counted(&rest));
    put_text(out, "agreement", cursor_counted(&rest));
    put_integer(out, "volunteer", enrolment.volunteer);
    put_integer(out, "activity", enrolment.activity);
    put_integer(out, "post", enrolment.post);
    put_integer(out, "requests", enrolment.n_requests);
    put_integer(out, "requested", enrolment.requested_s);
    put_integer(out, "sequence", (int64_t)enrolment.sequence);
    put_integer(out, "decision", (int64_t)enrolment.decision);
    put_text(out, "state", str_from(enrolment_state_text((enum enrolment_state)enrolment.state)));
    put_word(out, "by", &ENROLLED_BY_choices, enrolment.by);
    put_integer(out, "is_here", enrolment.is_here);
    put_integer(out, "absence", enrolment.absence);
    put_integer(out, "check_ins", enrolment.n_check_ins);
    put_integer(out, "waiting", enrolment.waiting);
    put_integer(out, "changes", enrolment.n_changes);
}

/* Of a pair, numbers; of a person, an activity or a post one, or how many. */
void render_enrolment_list(struct str key, struct str row, struct buf *out) {
    bool of_pair = key_byte(key, 0) == 0;
    put_text(out, "list", of_pair ? STR("pair") : STR("of"));
    put_noun(out, key, 1);
    put_integer(out, "number", key_number(key, 2));
    put_integer(out, of_pair ? "volunteer" : "n", key_number(key, 6));
    buf_json_key(out, "enrolments");
    buf_put_byte(out, '[');
    for (size_t at = 0; at + sizeof(uint32_t) <= row.size; at += sizeof(uint32_t)) {
        uint32_t number;
        memcpy(&number, row.data + at, sizeof number);
        buf_json_item(out);
        buf_json_integer(out, number);
    }
    buf_put_byte(out, ']');
}

/* What follows the last entry that could be read: the export shows damage rather than hiding it. */
static void render_rest(int outcome, struct str row, struct buf *out) {
    buf_put_byte(out, ']');
    if (outcome == THING_DAMAGED)
        put_hex(out, "bytes", row);
}

void render_attendance(struct str key, struct str row, struct buf *out) {
    struct cursor in = cursor_from(row);
    struct attendance_step step;
    int r;
    put_integer(out, "enrolment", key_number(key, 0));
    buf_json_key(out, "steps");
    buf_put_byte(out, '[');
    while ((r = attendance_next(&in, &step)) == 0) {
        buf_json_item(out);
        buf_put_byte(out, '{');
        put_text(out, "step", step.out ? STR("checked_out") : STR("checked_in"));
        put_integer(out, "at", step.at_s);
        put_word(out, "method", &ATTENDANCE_METHOD_choices, step.method);
        put_integer(out, "distance_m", step.distance_m);
        put_text(out, "device", step.device);
        put_integer(out, "sequence", (int64_t)step.sequence);
        buf_put_byte(out, '}');
    }
    render_rest(r, row, out);
}

void render_person_list(struct str key, struct str row, struct buf *out) {
    struct person_entries entries = {row.size / sizeof(struct person_entry), row.data};
    put_integer(out, "volunteer", key_number(key, 0));
    put_text(out, "list", str_from(person_list_text((enum person_list)key_byte(key, 4))));
    buf_json_key(out, "entries");
    buf_put_byte(out, '[');
    for (size_t i = 0; i < entries.n; i++) {
        struct person_entry entry = person_entry_at(&entries, i);
        buf_json_item(out);
        buf_put_byte(out, '{');
        put_integer(out, "number", entry.number);
        put_integer(out, "on", entry.on);
        put_integer(out, "until", entry.until);
        put_integer(out, "other", entry.other);
        put_integer(out, "minutes", entry.minutes);
        put_integer(out, "state", entry.state);
        buf_put_byte(out, '}');
    }
    render_rest(row.size % sizeof(struct person_entry) ? THING_DAMAGED : 0, row, out);
}

void render_qualification(struct str key, struct str row, struct buf *out) {
    struct cursor in = cursor_from(row);
    struct qualification qualification;
    int r;
    put_integer(out, "volunteer", key_number(key, 0));
    buf_json_key(out, "qualifications");
    buf_put_byte(out, '[');
    while ((r = qualification_next(&in, &qualification)) == 0) {
        buf_json_item(out);
        buf_put_byte(out, '{');
        put_text(out, "qualification", qualification.qualification);
        put_text(out, "number", qualification.number);
        put_integer(out, "valid_until", qualification.valid_until);
        put_integer(out, "recorded_on", qualification.recorded_on);
        put_integer(out, "sequence", (int64_t)qualification.sequence);
        buf_put_byte(out, '}');
    }
    render_rest(r, row, out);
}

void render_merged(struct str key, struct str row, struct buf *out) {
    static const char *const lists[] = {
        [MERGED_INTO] = "into", [MERGED_FROM] = "from", [MERGED_OVERLAPS] = "overlaps"};
    struct merged_row merged;
    uint32_t number;
    uint8_t list = key_byte(key, 0);
    put_text(out, "list", str_from(list <= MERGED_OVERLAPS ? lists[list] : "?"));
    put_integer(out, "volunteer", key_number(key, 1));
    put_integer(out, "n", key_number(key, 5));
    if (list == MERGED_INTO && row_is(out, row, &merged, sizeof merged)) {
        put_integer(out, "into", merged.into);
        put_integer(out, "on", merged.on);
        put_integer(out, "sequence", (int64_t)merged.sequence);
        put_integer(out, "ordinal", merged.ordinal);
    } else if (list != MERGED_INTO && row_is(out, row, &number, sizeof number)) {
        put_integer(out, "value", number);
    }
}

void render_leader(struct str key, struct str row, struct buf *out) {
    put_integer(out, "volunteer", key_number(key, 0));
    put_integer(out, "body", key_byte(row, 0));
}

void render_consent(struct str key, struct str row, struct buf *out) {
    struct cursor in = cursor_from(row);
    struct consent consent;
    int r;
    put_integer(out, "volunteer", key_number(key, 0));
    buf_json_key(out, "consents");
    buf_put_byte(out, '[');
    while ((r = consent_next(&in, &consent)) == 0) {
        buf_json_item(out);
        buf_put_byte(out, '{');
        put_text(out, "purpose", consent.purpose);
        put_text(out, "text_version", consent.text_version);
        put_integer(out, "given_on", consent.given_on);
        put_integer(out, "withdrawn_on", consent.withdrawn_on);
        put_integer(out, "given", (int64_t)consent.given);
        put_integer(out, "withdrawn", (int64_t)consent.withdrawn);
        buf_put_byte(out, '}');
    }
    render_rest(r, row, out);
}

void render_validity(struct str key, struct str row, struct buf *out) {
    struct validity validity;
    if (validity_decode(key, &validity) != 0) {
        put_hex(out, "bytes", row);
        return;
    }
    put_integer(out, "until", validity.until);
    put_integer(out, "training", validity.training);
    put_integer(out, "volunteer", validity.volunteer);
}

void render_complaint(struct str key, struct str row, struct buf *out) {
    struct complaint_row complaint;
    put_integer(out, "complaint", key_number(key, 0));
    if (!row_is(out, row, &complaint, sizeof complaint))
        return;
    struct cursor rest = {row.data + sizeof complaint, row.data + row.size, false};
    put_text(out, "referred_to", cursor_counted(&rest));
    put_text(out, "resolved_by", cursor_counted(&rest));
    put_text(out, "noun",
             str_from(complaint.noun < NOUN_COUNT ? noun_info(complaint.noun)->name : "?"));
    put_integer(out, "subject", complaint.subject);
    put_integer(out, "volunteer", complaint.volunteer);
    put_integer(out, "filed_on", complaint.filed_on);
    put_integer(out, "referred_on", complaint.referred_on);
    put_integer(out, "resolved_on", complaint.resolved_on);
    put_integer(out, "state", complaint.state);
}

void render_record_note(struct str key, struct str row, struct buf *out) {
    struct record_note note;
    put_integer(out, "record", key_number(key, 0));
    if (!row_is(out, row, &note, sizeof note))
        return;
    put_integer(out, "complaints_open", note.n_open);
    put_integer(out, "complaints_upheld", note.n_upheld);
    put_integer(out, "rating_served", note.rating[RATED_BY_SERVED]);
    put_integer(out, "rating_organiser", note.rating[RATED_BY_ORGANISER]);
    put_integer(out, "disputes", note.n_disputes);
    put_integer(out, "disputed_on", note.disputed_on);
    put_integer(out, "disputed", (int64_t)note.disputed);
    put_integer(out, "settled_on", note.settled_on);
    put_integer(out, "settled", (int64_t)note.settled);
    put_integer(out, "holder", note.holder);
    put_integer(out, "transferred_on", note.transferred_on);
    put_integer(out, "transferred", (int64_t)note.transferred);
    if (note.outcome)
        put_word(out, "outcome", &COMPLAINT_OUTCOME_choices, note.outcome - 1U);
}

void render_standing(struct str key, struct str row, struct buf *out) {
    struct standing_row standing;
    put_integer(out, "volunteer", key_number(key, 0));
    if (!row_is(out, row, &standing, sizeof standing))
        return;
    struct cursor rest = {row.data + sizeof standing, row.data + row.size, false};
    put_word(out, "standing", &STANDING_choices, standing.standing);
    put_text(out, "reason", cursor_counted(&rest));
    put_text(out, "by", cursor_counted(&rest));
    put_integer(out, "since", standing.since);
    put_integer(out, "until", standing.until);
    put_integer(out, "restored_on", standing.restored_on);
    put_integer(out, "changes", standing.n_changes);
    put_integer(out, "sequence", (int64_t)standing.sequence);
    put_integer(out, "by_hand", standing.by_hand);
    put_integer(out, "appeal_until", standing.appeal_until);
    put_word(out, "before", &STANDING_choices, standing.before_standing);
    put_integer(out, "before_since", standing.before_since);
    put_integer(out, "before_until", standing.before_until);
    put_integer(out, "before_by_hand", standing.before_by_hand);
}

void render_emergency(struct str key, struct str row, struct buf *out) {
    struct cursor in = cursor_from(row);
    struct str fixed = cursor_take(&in, sizeof(struct emergency_row));
    struct str ended_by = cursor_counted(&in);
    struct emergency_row emergency;
    put_integer(out, "emergency", key_number(key, 0));
    if (in.failed) {
        put_hex(out, "bytes", row);
        return;
    }
    memcpy(&emergency, fixed.data, sizeof emergency);
    put_integer(out, "region", emergency.region);
    put_integer(out, "declared", emergency.declared_s);
    put_integer(out, "ended", emergency.ended_s);
    put_integer(out, "first_activity", emergency.first_activity);
    put_integer(out, "last_activity", emergency.last_activity);
    put_text(out, "ended_by", ended_by);
}

void render_in_emergency(struct str key, struct str row, struct buf *out) {
    uint32_t emergency;
    put_integer(out, "region", key_number(key, 0));
    if (row_is(out, row, &emergency, sizeof emergency))
        put_integer(out, "emergency", emergency);
}
