/* What the files export*.c share: members of the JSON line that shows a row. Threads: pure. */
#pragma once

#include "domain/things.h"
#include "store/export.h"

/* export_network.c */
store_render render_civilised_title, render_plan, render_team, render_member, render_membership,
    render_link, render_station, render_document_end;

/* export_people.c */
store_render render_shift, render_enrolment, render_enrolment_list, render_attendance,
    render_person_list, render_qualification, render_complaint, render_record_note, render_standing,
    render_consent, render_validity, render_emergency, render_in_emergency, render_merged,
    render_leader;

/* export_batches.c */
store_render render_batch, render_batch_entry;

/* export_funds.c */
store_render render_fund, render_fund_entry, render_shop;
/* export_care.c */
store_render render_need, render_need_order, render_need_matched, render_beneficiary, render_visit,
    render_visit_due, render_activity_rating;

/* export_posts.c */
store_render render_post, render_duty, render_duty_day, render_duty_due, render_pairing,
    render_paired, render_report_in;

/* export_certificates.c */
store_render render_certificate, render_certified, render_certificate_number,
    render_certificate_open;
/* export_records.c; of a table of domain/day_lists.h: what its numbers are called */
store_render render_public_notice, render_noticed, render_notice_day;
void render_day_list(struct str key, struct str row, const char *number, struct buf *out);

/* export_integrity.c */
store_render render_verdict, render_appeal, render_appealed, render_check, render_false_hours,
    render_entries, render_pace, render_reviews, render_former_self;

/* export_campaigns.c */
store_render render_campaign, render_notice_receipts, render_task, render_task_step,
    render_task_due, render_commitment, render_commitment_due, render_campaign_activity;

/* export_alerts.c */
store_render render_alert, render_alert_open, render_evidence, render_proof, render_peer,
    render_veto;

static inline void put_integer(struct buf *out, const char *name, int64_t value) {
    buf_json_key(out, name);
    buf_json_integer(out, value);
}

static inline void put_text(struct buf *out, const char *name, struct str value) {
    buf_json_key(out, name);
    buf_json_string(out, value);
}

static inline void put_hex(struct buf *out, const char *name, struct str bytes) {
    buf_json_key(out, name);
    buf_put_byte(out, '"');
    for (size_t i = 0; i < bytes.size; i++)
        buf_printf(out, "%02x", (unsigned)(uint8_t)bytes.data[i]);
    buf_put_byte(out, '"');
}

static inline uint32_t key_number(struct str key, size_t at) {
    struct cursor in = {key.data + (at < key.size ? at : key.size), key.data + key.size, false};
    return cursor_u32_sorted(&in);
}

/* A byte of the key, or one that no word or noun has. */
static inline uint8_t key_byte(struct str key, size_t at) {
    return at < key.size ? (uint8_t)key.data[at] : UINT8_MAX;
}

static inline struct str key_rest(struct str key, size_t at) {
    at = at < key.size ? at : key.size;
    return (struct str){key.data + at, key.size - at};
}

static inline void put_word(struct buf *out, const char *name, const struct choices *choices,
                            size_t index) {
    put_text(out, name, str_from(index < choices->n ? choices->words[index] : "?"));
}

static inline void put_noun(struct buf *out, struct str key, size_t at) {
    uint8_t noun = key_byte(key, at);
    put_text(out, "noun", str_from(noun < NOUN_COUNT ? noun_info(noun)->name : "?"));
}

/* A row of fixed size, or its bytes where it is not: the export shows damage rather than hiding it.
 */
static inline bool row_is(struct buf *out, struct str row, void *ret_row, size_t size) {
    if (row.size >= size) {
        memcpy(ret_row, row.data, size);
        return true;
    }
    put_hex(out, "bytes", row);
    return false;
}
