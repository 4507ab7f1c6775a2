#include "domain/export.h"

#include "domain/activities.h"
#include "domain/city.h"
#include "domain/counters.h"
#include "domain/dictionaries.h"
#include "domain/export_assessments.h"
#include "domain/export_ledger.h"
#include "domain/export_rewards.h"
#include "domain/figures.h"
#include "domain/organisations.h"
#include "domain/policies.h"
#include "domain/records.h"
#include "domain/render.h"
#include "domain/runs.h"
#include "domain/stars.h"
#include "domain/volunteers.h"

static void render_meta(struct str key, struct str row, struct buf *out) {
    struct city city;
    struct clock_state clock;
    put_text(out, "name", key);
    if (str_equal(key, STR("city")) && city_decode(row, &city) == 0) {
        put_text(out, "region", str_from(city.region));
        put_text(out, "city", str_from(city.name));
        put_text(out, "time_zone", str_from(city.time_zone));
        put_integer(out, "offsets", (int64_t)city.zone.n_offsets);
    } else if (str_equal(key, STR("clock")) && row_is(out, row, &clock, sizeof clock)) {
        put_integer(out, "recorded_us", clock.recorded_us);
        put_integer(out, "ticked", clock.ticked);
    } else if (row.size == sizeof(uint32_t)) {
        uint32_t number;
        memcpy(&number, row.data, sizeof number);
        put_integer(out, "last", number);
    } else {
        put_hex(out, "bytes", row);
    }
}

static void render_source(struct str key, struct str row, struct buf *out) {
    uint32_t number;
    if (key.size && (uint8_t)key.data[0] == 0xff) {
        put_integer(out, "number", key_number(key, 1));
        put_text(out, "source", row);
    } else if (row_is(out, row, &number, sizeof number)) {
        put_text(out, "source", key);
        put_integer(out, "number", number);
    }
}

static void render_event_id(struct str key, struct str row, struct buf *out) {
    struct cursor in = cursor_from(row);
    put_integer(out, "source", key_number(key, 0));
    put_text(out, "id", key_rest(key, 4));
    put_integer(out, "sequence", (int64_t)cursor_varint(&in));
    put_hex(out, "digest", (struct str){in.next, cursor_left(&in)});
}

static void render_name(struct str key, struct str row, struct buf *out) {
    uint32_t number;
    put_noun(out, key, 0);
    put_text(out, "id", key_rest(key, 1));
    if (row_is(out, row, &number, sizeof number))
        put_integer(out, "number", number);
}

static void render_thing(struct str key, struct str row, struct buf *out) {
    struct arena arena;
    struct thing thing;
    enum noun noun = key_byte(key, 0);
    put_noun(out, key, 0);
    put_integer(out, "number", key_number(key, 1));
    arena_init(&arena);
    if (noun < NOUN_COUNT && thing_decode(noun, row, &arena, &thing) == 0) {
        if (thing_has_past(noun)) {
            put_integer(out, "changed_on", thing.days.changed_on);
            put_integer(out, "kept_on", thing.days.kept_on);
        }
        put_integer(out, "defined", (int64_t)thing.defined_sequence);
        put_integer(out, "changed", (int64_t)thing.changed_sequence);
        put_integer(out, "slot", thing.slot);
        put_integer(out, "state", thing.state);
        buf_json_key(out, "attributes");
        thing_to_json(noun, &thing, out);
        for (size_t i = 0; i < thing.n_blobs; i++)
            put_hex(out, thing_type(noun)->fields->list[thing.blobs[i].field].name,
                    thing.blobs[i].cipher);
    } else {
        put_hex(out, "bytes", row);
    }
    arena_deinit(&arena);
}

static void render_region(struct str key, struct str row, struct buf *out) {
    uint32_t parent;
    put_integer(out, "region", key_number(key, 0));
    if (row_is(out, row, &parent, sizeof parent))
        put_integer(out, "parent", parent);
}

static void render_activity(struct str key, struct str row, struct buf *out) {
    struct activity_summary activity;
    put_integer(out, "activity", key_number(key, 0));
    if (!row_is(out, row, &activity, sizeof activity))
        return;
    put_integer(out, "region", activity.region);
    put_integer(out, "organisation", activity.organisation);
    put_integer(out, "category", activity.category);
    put_integer(out, "state", activity.state);
    put_integer(out, "changes", activity.n_changes);
    put_integer(out, "project", activity.project);
    put_integer(out, "campaign", activity.campaign);
    put_integer(out, "domains", (int64_t)activity.domains);
    put_integer(out, "outcomes", activity.outcomes);
    put_integer(out, "served_groups", activity.served_groups);
    put_integer(out, "kind", activity.kind);
    put_integer(out, "care", activity.care);
    put_integer(out, "month", activity.month);
    put_integer(out, "emergency", activity.emergency);
    put_integer(out, "records", activity.n_records);
    put_integer(out, "minutes", (int64_t)activity.minutes);
    put_integer(out, "signs_in", activity.signs_in);
    put_integer(out, "at_once", activity.at_once);
}

static void render_volunteer(struct str key, struct str row, struct buf *out) {
    struct volunteer_row v;
    put_integer(out, "volunteer", key_number(key, 0));
    if (!row_is(out, row, &v, sizeof v))
        return;
    put_integer(out, "region", v.region);
    put_integer(out, "employer", v.employer);
    put_integer(out, "minutes", v.minutes);
    put_integer(out, "accepted", v.n_accepted);
    put_integer(out, "held", v.n_held);
    put_integer(out, "registered_on", v.registered_on);
    put_integer(out, "withdrawn_on", v.withdrawn_on);
    put_integer(out, "first_service_on", v.first_service_on);
    put_integer(out, "last_service_on", v.last_service_on);
    put_integer(out, "born", v.born);
    put_integer(out, "stars", v.stars);
    put_integer(out, "stars_since", v.stars_since);
    put_integer(out, "stars_kept", v.stars_kept);
    put_integer(out, "minutes_kept", v.minutes_kept);
    put_integer(out, "star_changes", v.n_star_changes);
    put_integer(out, "referred_by", v.referred_by);
    put_integer(out, "carried_minutes", v.carried_minutes);
    put_integer(out, "postings", v.n_postings);
    put_integer(out, "last_posting", v.last_posting);
    put_integer(out, "state", v.state);
    put_integer(out, "sex", v.sex);
    put_integer(out, "party_status", v.party_status);
    put_integer(out, "standing", v.standing);
    put_integer(out, "standing_since", v.standing_since);
    put_integer(out, "standing_until", v.standing_until);
    put_integer(out, "occupation", v.occupation);
    put_integer(out, "marks", v.marks);
}

static void render_record(struct str key, struct str row, struct buf *out) {
    struct record_row record;
    put_integer(out, "record", key_number(key, 0));
    if (!row_is(out, row, &record, sizeof record))
        return;
    struct cursor rest = {row.data + sizeof record, row.data + row.size, false};
    put_text(out, "id", cursor_counted(&rest));
    put_text(out, "recorder", cursor_counted(&rest));
    if (record.carried) {
        put_text(out, "system", cursor_counted(&rest));
        put_text(out, "evidence", cursor_counted(&rest));
    }
    if (record.batched)
        put_text(out, "batch", cursor_counted(&rest));
    put_integer(out, "volunteer", record.volunteer);
    put_integer(out, "activity", record.activity);
    put_integer(out, "organisation", record.organisation);
    put_integer(out, "region", record.region);
    put_integer(out, "starts", record.starts_s);
    put_integer(out, "span", record.span_s);
    put_integer(out, "minutes", record.minutes);
    put_integer(out, "counted_minutes", record.counted);
    put_integer(out, "source", record.source);
    put_integer(out, "entered", record.recorded_s);
    put_integer(out, "sequence", (int64_t)record.sequence);
    put_integer(out, "decision", (int64_t)record.decision);
    put_text(out, "state", str_from(record_state_text(record.state)));
    put_integer(out, "method", record.method);
    put_integer(out, "category", record.category);
    put_integer(out, "corrected", record.corrected);
    put_integer(out, "carried", record.carried);
    put_integer(out, "households", record.households);
    put_integer(out, "flags", record.flags);
}

static void render_person_month(struct str key, struct str row, struct buf *out) {
    struct cursor in = cursor_from(key);
    struct person_month month;
    put_integer(out, "month", cursor_u16_sorted(&in));
    put_integer(out, "volunteer", cursor_u32_sorted(&in));
    if (person_month_decode(row, &month) != 0) {
        put_hex(out, "bytes", row);
        return;
    }
    buf_json_key(out, "totals");
    buf_put_byte(out, '[');
    for (size_t i = 0; i < month.n_totals; i++) {
        struct month_total total = person_month_total(&month, i);
        buf_json_item(out);
        buf_printf(out, "[%u,%u,%u,%u]", total.category, total.method, total.n_records,
                   total.minutes);
    }
    buf_put_byte(out, ']');
    buf_json_key(out, "records");
    buf_put_byte(out, '[');
    for (size_t i = 0; i < month.n_entries; i++) {
        struct month_entry e = person_month_entry(&month, i);
        buf_json_item(out);
        buf_printf(out, "[%u,%u,%u,%u,%u,%u,%u]", e.record, e.starts_minute, e.span_minutes,
                   e.minutes, e.category, e.method, e.state);
    }
    buf_put_byte(out, ']');
}

/* key: group u8, noun u8, number u32, month u16; of the past also a day turned round. */
static void render_counter(struct str key, struct str row, struct buf *out) {
    struct cursor in = cursor_from(key);
    enum counter_group group = cursor_byte(&in);
    int64_t values[COUNTER_COUNT];
    int32_t changed_on;
    size_t n;
    put_noun(out, key, 1);
    put_integer(out, "number", key_number(key, 2));
    (void)cursor_take(&in, 5);
    uint16_t month = cursor_u16_sorted(&in);
    if (counter_part_is_code(month)) {
        put_word(out, "dictionary", &DICTIONARY_choices, (month >> 8) & 0x7f);
        put_integer(out, "code", month & 0xff);
    } else {
        put_integer(out, "month", month);
    }
    if (counter_row_decode(group, row, &changed_on, values, &n) != 0) {
        put_hex(out, "bytes", row);
        return;
    }
    put_integer(out, "changed_on", changed_on);
    enum counter first = 0;
    while (counter_group(first) != group)
        first++;
    for (size_t i = 0; i < n; i++)
        put_integer(out, counter_name((enum counter)(first + i)), values[i]);
}

static void render_former_code(struct str key, struct str row, struct buf *out) {
    struct cursor in = cursor_from(row);
    put_integer(out, "region", key_number(key, 0));
    put_integer(out, "n", key_number(key, 4));
    put_integer(out, "until", cursor_signed(&in));
    buf_json_key(out, "code");
    buf_json_string(out, cursor_counted(&in));
}

static void render_dictionary(struct str key, struct str row, struct buf *out) {
    struct dictionary_code entry;
    put_word(out, "dictionary", &DICTIONARY_choices, key_byte(key, 0));
    if (key_byte(key, 1)) {
        put_integer(out, "number", key_byte(key, 2) << 8 | key_byte(key, 3));
        put_text(out, "code", row);
        return;
    }
    put_text(out, "code", key_rest(key, 2));
    if (dictionary_decode(row, &entry) != 0) {
        put_hex(out, "bytes", row);
        return;
    }
    put_integer(out, "number", entry.number);
    buf_json_key(out, "title");
    buf_json_string(out, entry.title);
    buf_json_key(out, "parent");
    buf_json_string(out, entry.parent);
    put_integer(out, "decimals", entry.decimals);
    put_integer(out, "may_expire", entry.may_expire);
    put_integer(out, "from", entry.from);
    put_integer(out, "retired", entry.retired);
    put_integer(out, "uses", entry.uses);
    put_integer(out, "sequence", (int64_t)entry.sequence);
}

static void render_calendar(struct str key, struct str row, struct buf *out) {
    struct cursor in = cursor_from(row);
    put_integer(out, "date", key_number(key, 0));
    put_integer(out, "kind", cursor_byte(&in));
    buf_json_key(out, "name");
    buf_json_string(out, cursor_counted(&in));
}

static void render_figure(struct str key, struct str row, struct buf *out) {
    struct cursor in = cursor_from(row);
    struct figure figure;
    put_noun(out, key, 0);
    put_integer(out, "number", key_number(key, 1));
    put_word(out, "figure", &FIGURE_choices, key_byte(key, 5));
    buf_json_key(out, "reports");
    buf_put_byte(out, '[');
    while (figure_next(&in, &figure) == 0) {
        buf_json_item(out);
        buf_put_byte(out, '{');
        put_integer(out, "as_of", figure.as_of);
        put_integer(out, "recorded_on", figure.recorded_on);
        put_integer(out, "value", figure.value);
        put_integer(out, "sequence", (int64_t)figure.sequence);
        buf_json_key(out, "origin");
        buf_json_string(out, figure.origin);
        if (figure.by.size)
            put_text(out, "by", figure.by);
        buf_put_byte(out, '}');
    }
    buf_put_byte(out, ']');
}

static void render_organisation(struct str key, struct str row, struct buf *out) {
    struct organisation_row organisation;
    put_integer(out, "number", key_number(key, 0));
    if (!row_is(out, row, &organisation, sizeof organisation))
        return;
    put_integer(out, "region", organisation.region);
    put_integer(out, "successor", organisation.successor);
    put_integer(out, "staff", organisation.staff);
    put_integer(out, "dissolved_on", organisation.dissolved_on);
    put_integer(out, "told_late", organisation.told_late);
    put_integer(out, "state", organisation.state);
    put_integer(out, "unit_level", organisation.unit_level);
}

static void render_bulletin(struct str key, struct str row, struct buf *out) {
    uint32_t bulletin;
    put_word(out, "kind", &BULLETIN_KIND_choices, key_byte(key, 0));
    put_integer(out, "region", key_number(key, 1));
    put_integer(out, "number", key_number(key, 5));
    if (row_is(out, row, &bulletin, sizeof bulletin))
        put_integer(out, "bulletin", bulletin);
}

static void render_held(struct str key, struct str row, struct buf *out) {
    uint32_t volunteer;
    put_integer(out, "record", key_number(key, 0));
    if (row_is(out, row, &volunteer, sizeof volunteer))
        put_integer(out, "volunteer", volunteer);
}

static void render_match(struct str key, struct str row, const char *name, struct buf *out) {
    uint32_t number;
    put_hex(out, "match", key);
    if (row_is(out, row, &number, sizeof number))
        put_integer(out, name, number);
}

static void render_identity(struct str key, struct str row, struct buf *out) {
    render_match(key, row, "volunteer", out);
}

static void render_beneficiary_identity(struct str key, struct str row, struct buf *out) {
    render_match(key, row, "beneficiary", out);
}

static void render_star_change(struct str key, struct str row, struct buf *out) {
    struct star_change_row change;
    put_integer(out, "volunteer", key_number(key, 0));
    put_integer(out, "change", key_number(key, 4));
    if (!row_is(out, row, &change, sizeof change))
        return;
    put_integer(out, "from", change.from);
    put_integer(out, "to", change.to);
    put_integer(out, "on", change.on);
    put_integer(out, "sequence", (int64_t)change.sequence);
    put_integer(out, "revision", change.revision);
    put_integer(out, "certificate_year", change.certificate_year);
    put_integer(out, "certificate", change.certificate);
}

static void render_policy(struct str key, struct str row, struct buf *out) {
    struct arena arena;
    struct policy_revision revision;
    put_integer(out, "number", key_number(key, 0));
    arena_init(&arena);
    if (policy_revision_decode(row, &arena, &revision) == 0) {
        put_integer(out, "state", revision.state);
        put_integer(out, "scope", revision.scope);
        put_integer(out, "sequence", (int64_t)revision.sequence);
        put_integer(out, "set_aside", (int64_t)revision.set_aside);
        if (revision.retired_from != POLICY_NOT_RETIRED)
            put_integer(out, "retired_from", revision.retired_from);
        put_integer(out, "reaches_back", revision.reaches_back);
        put_integer(out, "activated_us", revision.activated_us);
        buf_json_key(out, "attributes");
        fields_to_json(&policy_activated_fields, &revision.data, out);
    } else {
        put_hex(out, "bytes", row);
    }
    arena_deinit(&arena);
}

static void render_run(struct str key, struct str row, struct buf *out) {
    struct run_row run;
    put_integer(out, "run", key_number(key, 0));
    if (!row_is(out, row, &run, sizeof run))
        return;
    put_integer(out, "cause", (int64_t)run.cause);
    put_integer(out, "revision", run.revision);
    put_integer(out, "as_of", run.as_of);
    put_integer(out, "since_us", run.since_us);
    put_integer(out, "progressed_us", run.progressed_us);
    put_integer(out, "first", run.first);
    put_integer(out, "cursor", run.cursor);
    put_integer(out, "last", run.last);
    put_integer(out, "done", run.done);
    put_integer(out, "scheduled", run.scheduled);
    put_integer(out, "keeps", run.keeps);
    put_integer(out, "served_since", run.served_since);
    put_integer(out, "subject", run.subject);
    put_integer(out, "event", run.event);
    put_text(out, "kind", str_from(run_kind_text((enum run_kind)run.kind)));
}

store_render *const domain_renders[TABLE_COUNT] = {
    [TABLE_META] = render_meta,
    [TABLE_SOURCE] = render_source,
    [TABLE_EVENT_ID] = render_event_id,
    [TABLE_NAME] = render_name,
    [TABLE_VOLUNTEER_NAME] = render_name,
    [TABLE_ACTIVITY_NAME] = render_name,
    [TABLE_RECORD_NAME] = render_name,
    [TABLE_THING] = render_thing,
    [TABLE_VOLUNTEER_THING] = render_thing,
    [TABLE_ACTIVITY_THING] = render_thing,
    [TABLE_RECORD_THING] = render_thing,
    [TABLE_THING_PAST] = render_thing,
    [TABLE_REGION] = render_region,
    [TABLE_ACTIVITY] = render_activity,
    [TABLE_VOLUNTEER] = render_volunteer,
    [TABLE_RECORD] = render_record,
    [TABLE_PERSON_MONTH] = render_person_month,
    [TABLE_COUNTER] = render_counter,
    [TABLE_HELD] = render_held,
    [TABLE_IDENTITY] = render_identity,
    [TABLE_STAR_CHANGE] = render_star_change,
    [TABLE_POLICY] = render_policy,
    [TABLE_RUN] = render_run,
    [TABLE_COUNTER_PAST] = render_counter,
    [TABLE_FORMER_CODE] = render_former_code,
    [TABLE_DICTIONARY] = render_dictionary,
    [TABLE_CALENDAR] = render_calendar,
    [TABLE_FIGURE] = render_figure,
    [TABLE_ORGANISATION] = render_organisation,
    [TABLE_BALANCE] = render_balance,
    [TABLE_POSTING] = render_posting,
    [TABLE_RECORD_POSTING] = render_record_posting,
    [TABLE_LEDGER] = render_ledger,
    [TABLE_CARRIED] = render_carried,
    [TABLE_WITHHELD] = render_withheld,
    [TABLE_EXPIRING] = render_expiring,
    [TABLE_REWARD] = render_reward,
    [TABLE_REDEMPTION] = render_redemption,
    [TABLE_REDEEMED] = render_redeemed,
    [TABLE_APPLICATION] = render_application,
    [TABLE_APPLYING] = render_applying,
    [TABLE_NOTICE] = render_notice,
    [TABLE_NOMINATION] = render_nomination,
    [TABLE_NOMINATED] = render_nominated,
    [TABLE_CANDIDATE] = render_candidate,
    [TABLE_PROPOSAL] = render_proposal,
    [TABLE_CIVILISED_TITLE] = render_civilised_title,
    [TABLE_PLAN] = render_plan,
    [TABLE_TEAM] = render_team,
    [TABLE_MEMBER] = render_member,
    [TABLE_MEMBERSHIP] = render_membership,
    [TABLE_LINK] = render_link,
    [TABLE_STATION] = render_station,
    [TABLE_BULLETIN] = render_bulletin,
    [TABLE_ASSESSED] = render_assessed,
    [TABLE_ASSESSMENT] = render_assessment,
    [TABLE_SHIFT] = render_shift,
    [TABLE_POST] = render_post,
    [TABLE_ENROLMENT] = render_enrolment,
    [TABLE_ENROLMENT_LIST] = render_enrolment_list,
    [TABLE_ATTENDANCE] = render_attendance,
    [TABLE_PERSON_LIST] = render_person_list,
    [TABLE_QUALIFICATION] = render_qualification,
    [TABLE_COMPLAINT] = render_complaint,
    [TABLE_RECORD_NOTE] = render_record_note,
    [TABLE_STANDING] = render_standing,
    [TABLE_CONSENT] = render_consent,
    [TABLE_FUND] = render_fund,
    [TABLE_FUND_PAST] = render_fund,
    [TABLE_FUND_ENTRY] = render_fund_entry,
    [TABLE_SHOP] = render_shop,
    [TABLE_LEDGER_MONTH] = render_ledger,
    [TABLE_CERTIFICATE] = render_certificate,
    [TABLE_CERTIFIED] = render_certified,
    [TABLE_CERTIFICATE_NUMBER] = render_certificate_number,
    [TABLE_CERTIFICATE_OPEN] = render_certificate_open,
    [TABLE_VALIDITY] = render_validity,
    [TABLE_EMERGENCY] = render_emergency,
    [TABLE_IN_EMERGENCY] = render_in_emergency,
    [TABLE_PUBLIC_NOTICE] = render_public_notice,
    [TABLE_NOTICED] = render_noticed,
    [TABLE_NOTICE_DAY] = render_notice_day,
    [TABLE_NEED] = render_need,
    [TABLE_NEED_ORDER] = render_need_order,
    [TABLE_NEED_MATCHED] = render_need_matched,
    [TABLE_BENEFICIARY] = render_beneficiary,
    [TABLE_BENEFICIARY_IDENTITY] = render_beneficiary_identity,
    [TABLE_VISIT] = render_visit,
    [TABLE_VISIT_DUE] = render_visit_due,
    [TABLE_ACTIVITY_RATING] = render_activity_rating,
    [TABLE_MERGED] = render_merged,
    [TABLE_LEADER] = render_leader,
    [TABLE_VERDICT] = render_verdict,
    [TABLE_APPEAL] = render_appeal,
    [TABLE_APPEALED] = render_appealed,
    [TABLE_CHECK] = render_check,
    [TABLE_FALSE_HOURS] = render_false_hours,
    [TABLE_ENTRIES] = render_entries,
    [TABLE_PACE] = render_pace,
    [TABLE_DOCUMENT_END] = render_document_end,
    [TABLE_REVIEWS] = render_reviews,
    [TABLE_FORMER_SELF] = render_former_self,
    [TABLE_BATCH] = render_batch,
    [TABLE_BATCH_ENTRY] = render_batch_entry,
    [TABLE_NOMINATION_REVIEW] = render_nomination_review,
    [TABLE_CAMPAIGN] = render_campaign,
    [TABLE_NOTICE_RECEIPTS] = render_notice_receipts,
    [TABLE_TASK] = render_task,
    [TABLE_TASK_STEP] = render_task_step,
    [TABLE_TASK_DUE] = render_task_due,
    [TABLE_COMMITMENT] = render_commitment,
    [TABLE_COMMITMENT_DUE] = render_commitment_due,
    [TABLE_DUTY] = render_duty,
    [TABLE_DUTY_DAY] = render_duty_day,
    [TABLE_DUTY_DUE] = render_duty_due,
    [TABLE_PAIRING] = render_pairing,
    [TABLE_PAIRED] = render_paired,
    [TABLE_REPORT_IN] = render_report_in,
    [TABLE_CAMPAIGN_ACTIVITY] = render_campaign_activity,
    [TABLE_CASE] = render_case,
    [TABLE_CASED] = render_cased,
    [TABLE_ALERT] = render_alert,
    [TABLE_ALERT_OPEN] = render_alert_open,
    [TABLE_EVIDENCE] = render_evidence,
    [TABLE_PROOF] = render_proof,
    [TABLE_PEER] = render_peer,
    [TABLE_VETO] = render_veto,
};
