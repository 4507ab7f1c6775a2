#include "bus/record_stage.h"

#include "bus/methods_common.h"
#include "domain/public_notices.h"
#include "domain/record_notes.h"

const char *record_stage_text(enum record_stage stage) {
    static const char *const texts[RECORD_STAGES] = {"pending",  "confirmed", "noticed", "final",
                                                     "disputed", "refused",   "revoked"};
    return stage < RECORD_STAGES ? texts[stage] : "unknown";
}

/* Of what is accepted. */
static int stage_of_accepted(struct query *query, uint32_t number, const struct record_row *row,
                             enum record_stage *ret_stage) {
    struct public_notice_row notice = {.state = PUBLIC_NOTICE_PASSED};
    uint32_t last;
    if (row->flags & RECORD_FINAL) {
        *ret_stage = STAGE_FINAL;
        return 0;
    }
    int r = public_notice_of(query->view, number, row, false, &last);
    if (r == 0 && last)
        r = public_notice_get(query->view, last, &notice);
    *ret_stage =
        r == 0 && last && !public_notice_is_over(notice.state) ? STAGE_NOTICED : STAGE_CONFIRMED;
    return r;
}

int record_stage(struct query *query, uint32_t number, const struct record_row *row,
                 enum record_stage *ret_stage) {
    static const enum record_stage stages[] = {[RECORD_PENDING] = STAGE_PENDING,
                                               [RECORD_ACCEPTED] = STAGE_CONFIRMED,
                                               [RECORD_HELD] = STAGE_PENDING,
                                               [RECORD_REFUSED] = STAGE_REFUSED,
                                               [RECORD_REVOKED] = STAGE_REVOKED};
    *ret_stage = row->flags & RECORD_DISPUTED ? STAGE_DISPUTED : stages[row->state];
    return *ret_stage == STAGE_CONFIRMED ? stage_of_accepted(query, number, row, ret_stage) : 0;
}

static int put_notice(struct query *query, uint32_t number, const struct record_row *row,
                      struct arena *arena, json_t *object) {
    struct public_notice_row notice;
    uint32_t last;
    int r = public_notice_of(query->view, number, row, (row->flags & RECORD_FINAL) != 0, &last);
    if (r != 0 || !last)
        return r;
    r = public_notice_get(query->view, last, &notice);
    if (r != 0)
        return r;
    const char *state = public_notice_state_text((enum public_notice_state)notice.state);
    json_object_set_new(object, "public_notice",
                        json_pack("{s:o, s:s, s:o}", "notice",
                                  json_from_number(query, NOUN_PUBLIC_NOTICE, last, arena), "state",
                                  state, "until", json_from_date(notice.until, 0)));
    return 0;
}

static void put_transfer(struct query *query, const struct record_note *note, struct arena *arena,
                         json_t *object) {
    if (!note->holder)
        return;
    json_t *holder = json_from_number(query, NOUN_ORGANISATION, note->holder, arena);
    json_object_set_new(object, "transferred",
                        json_pack("{s:o, s:o, s:I}", "organisation", holder, "on",
                                  json_from_date(note->transferred_on, 0), "sequence",
                                  (json_int_t)note->transferred));
}

/* The last dispute, and to whom the record was transferred. */
static int put_noted(struct query *query, uint32_t number, struct arena *arena, json_t *object) {
    struct record_note note;
    int r = record_note_get(query->view, number, &note);
    if (r == 0)
        put_transfer(query, &note, arena, object);
    if (r != 0 || !note.disputed)
        return r;
    json_t *dispute = json_pack("{s:o, s:I}", "disputed_on", json_from_date(note.disputed_on, 0),
                                "sequence", (json_int_t)note.disputed);
    if (note.settled) {
        json_object_set_new(dispute, "settled_on", json_from_date(note.settled_on, 0));
        json_object_set_new(dispute, "outcome",
                            json_string(COMPLAINT_OUTCOME_choices.words[note.outcome - 1U]));
    }
    json_object_set_new(object, "dispute", dispute);
    return 0;
}

int record_put_stage(struct query *query, uint32_t number, const struct record_row *row,
                     struct arena *arena, json_t *object) {
    int r = put_notice(query, number, row, arena, object);
    return r == 0 ? put_noted(query, number, arena, object) : r;
}
